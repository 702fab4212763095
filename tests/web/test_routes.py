"""Every route × everyone: who is let in, who is sent to the door, who is refused, and from whom it is hidden.

The table is held against the application's own map of addresses, so a new route without its row fails.
"""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import web
from sharesync.settings import Settings
from tests.web.conftest import Signed, signed_in
from tests.web.test_sign_in import door_of
from tests.web.waiting import begin_review, let_wait, the_one, write_entry
from tests.worlds import House, Snapshot
from web.frame import gate
from web.frame.needs import Pages
from web.frame.programs import ROOT

EVERYONE = ("a stranger", "fin", "cy", "bo", "dag", "eva", "anna")
"""Fin manages another group; Cy may view Customers, Bo edit, Dag manage it; Eva is auditor, Anna administrator."""

# What each of them meets, in this order: `in`, the `door` (the sign-in), `no` (403), or `hidden` (404).
EXPECTED = {
    "GET /": "door in in in in in in",
    "POST /undo/<deed>": "door in in in in in in",  # whoever did it, and administrators; others hear of no such act
    "GET /find/": "door in in in in in in",  # each finds what they may see
    "GET /mailboxes/": "door no no no no in in",
    "GET /mailboxes/<user>": "door hidden hidden in hidden in in",  # Bo's
    "POST /mailboxes/": "door no no no no no in",
    "POST /mailboxes/<user>": "door no no no no no in",
    "GET /trash/": "door in in in in in in",
    "POST /trash/": "door in in in in in in",  # each contact chosen is asked about by itself
    "GET /quality/": "door in in in in in in",
    "GET /reviews/": "door in in in in in in",
    "GET /reviews/new": "door in in in in in in",  # of the groups that one manages
    "POST /reviews/new": "door in in in in in in",
    "POST /reviews/": "door in in in in in in",  # which are asked for that right
    "GET /reviews/<review>": "door hidden in hidden in in in",  # Cy alone is asked
    "GET /reviews/<review>/look": "door hidden in hidden hidden hidden hidden",
    "POST /reviews/<review>/look/<contact>": "door hidden in hidden hidden hidden hidden",
    "POST /reviews/<review>/end": "door hidden no hidden in hidden in",
    "GET /duplicates/": "door in in in in in in",
    "POST /duplicates/": "door in in in in in in",  # each pair is asked about by itself
    "GET /duplicates/decided": "door in in in in in in",
    "GET /duplicates/<one>/<other>": "door hidden hidden hidden hidden in in",  # Ada and Zoë: nobody else sees both
    "POST /duplicates/<one>/<other>": "door hidden no hidden hidden no in",
    "POST /duplicates/undo": "door in in in in in in",  # what is taken back is asked about by itself
    "GET /groups/": "door in in in in in in",
    "GET /groups/<group>": "door hidden in in in in in",
    "GET /groups/new": "door no no no no no in",
    "POST /groups/new": "door no no no no no in",
    "GET /groups/smart": "door in in in in in in",  # of the groups that one manages
    "POST /groups/smart": "door in in in in in in",  # which are asked for that right
    "POST /groups/<group>/filter": "door hidden no no in no in",
    "GET /groups/<group>/choose": "door hidden no in in no in",
    "POST /groups/<group>/add": "door hidden no in in no in",
    "GET /groups/<group>/activity": "door hidden no no in in in",
    "GET /groups/<group>/settings": "door hidden no no in no in",
    "POST /groups/<group>/settings": "door hidden no no in no in",
    "POST /groups/<group>/passing": "door hidden no no in no in",
    "POST /groups/<group>/limits": "door hidden no no in no in",
    "POST /groups/<group>/limits/<service>": "door hidden no no hidden no hidden",  # no such service
    "POST /groups/<group>/delete": "door hidden no no in no in",
    "GET /groups/<group>/restore/": "door hidden no no in no in",
    "POST /groups/<group>/restore/": "door hidden no no in no in",
    "GET /groups/<group>/access/": "door hidden no no in in in",
    "GET /groups/<group>/access/suggest": "door hidden no no in in in",
    "POST /groups/<group>/access/": "door hidden no no in no in",
    "GET /contacts/": "door in in in in in in",
    "GET /contacts/suggest": "door in in in in in in",
    "POST /contacts/columns/": "door in in in in in in",  # of their own browser
    "GET /contacts/saved/new": "door in in in in in in",
    "POST /contacts/saved/": "door in in in in in in",  # of their own; shared with a group it asks for a right there
    "POST /contacts/saved/forget": "door in in in in in in",  # likewise
    "GET /contacts/<contact>": "door hidden in in in in in",
    "GET /contacts/<contact>/photo": "door hidden in in in in in",
    "GET /contacts/<contact>/entries": "door hidden in in in in in",
    "POST /contacts/<contact>/entries": "door hidden no in in no in",
    "GET /contacts/<contact>/entries/<entry>": "door hidden no in in no in",
    "POST /contacts/<contact>/entries/<entry>": "door hidden no in in no in",
    "POST /contacts/<contact>/entries/<entry>/done": "door hidden in in in in in",  # in itself for who is to do it
    "POST /contacts/<contact>/entries/<entry>/remove": "door hidden no in in no in",
    "GET /calendar/": "door in in in in in in",
    "POST /calendar/": "door in in in in in in",  # one's own
    "POST /calendar/close": "door in in in in in in",
    "GET /calendar/<secret>.ics": "hidden hidden hidden hidden hidden hidden hidden",  # no such address
    "GET /faces/": "door in in in in in in",  # what they may not see is empty in it
    "GET /mine/": "door in in in in in in",
    "GET /mine/share": "door no no no no no in",  # as the setting says; else everyone but auditors
    "POST /mine/share": "door no no no no no in",
    "POST /mine/<group>/decline": "door hidden in in in no no",  # of their own, and Eva and Anna have none of it
    "POST /mine/<group>/want": "door hidden in in in no no",
    "GET /contacts/new": "door in in in in in in",
    "POST /contacts/new": "door in in in in in in",  # the group it goes into is asked for its rights
    "GET /contacts/<contact>/edit": "door hidden in in in in in",
    "POST /contacts/<contact>/edit": "door hidden in in in in in",  # who may not edit proposes
    "POST /contacts/<contact>/restore-version": "door hidden no hidden hidden no hidden",  # no such version
    "GET /contacts/<contact>/erase": "door no no no no no in",
    "POST /contacts/<contact>/erase": "door no no no no no in",
    "POST /contacts/<contact>/legal-hold": "door no no no no no in",
    "POST /contacts/chosen/add": "door in in in in in in",  # rights are asked of each contact that was sent
    "POST /contacts/chosen/take": "door in in in in in in",
    "POST /contacts/chosen/delete": "door in in in in in in",
    "POST /contacts/chosen/change": "door in in in in in in",
    "POST /contacts/chosen/check": "door in in in in in in",
    "POST /contacts/copies/addresses": "door in in in in in in",
    "POST /contacts/copies/vcard": "door in in in in in in",
    "POST /contacts/copies/csv": "door in in in in in in",
    "POST /contacts/chosen/compare": "door in in in in in in",
    "GET /changes/": "door no no no no in in",
    "GET /holds/": "door in in in in in in",
    "GET /holds/<hold>": "door hidden no no in in in",
    "POST /holds/<hold>": "door hidden no no in no in",
    "GET /questions/": "door in in in in in in",
    "POST /questions/<question>": "door in in in in in in",  # another's is not there for them
    "GET /proposals/": "door in in in in in in",
    "GET /proposals/<proposal>": "door hidden no no in in in",
    "POST /proposals/": "door in in in in in in",  # each thing chosen is asked about by itself
    "POST /proposals/<proposal>": "door hidden no no in no in",
    "GET /conflicts/": "door in in in in in in",
    "GET /conflicts/<conflict>": "door hidden no no in in in",
    "POST /conflicts/": "door in in in in in in",
    "POST /conflicts/<conflict>": "door hidden no no in no in",
    "GET /moving/": "door in in in in in in",
    "POST /importing/": "door in in in in in in",  # without a file it says so; the group is asked about with one
    "POST /importing/columns": "door in in in in in in",
    "POST /importing/run": "door in in in in in in",
    "POST /importing/<word>/fields": "door no no no no no in",
    "GET /importing/<word>/preview": "door hidden hidden hidden hidden hidden hidden",
    "GET /importing/<word>/columns": "door hidden hidden hidden hidden hidden hidden",
    "GET /moving/imports/<event>": "door hidden hidden hidden hidden hidden hidden",  # nor brought in
    "GET /importing/<word>": "door hidden hidden hidden hidden hidden hidden",  # nothing was sent
    "POST /moving/undo": "door hidden hidden hidden hidden hidden hidden",  # there is no import to undo
    "POST /moving/export": "door in in in in in in",
    "GET /roles/": "door no no no no no in",
    "POST /roles/": "door no no no no no in",
    "GET /fields/": "door no no no no no in",
    "POST /fields/": "door no no no no no in",
    "POST /fields/<field>": "door no no no no no in",
    "POST /fields/<field>/delete": "door no no no no no in",
    "POST /fields/<field>/move": "door no no no no no in",
    "POST /fields/<field>/place": "door no no no no no in",
    "POST /fields/<field>/kind": "door no no no no no in",
    "POST /fields/<field>/name": "door no no no no no in",
    "GET /tokens/": "door in in in in in in",
    "POST /tokens/": "door in in in in in in",  # one's own
    "POST /tokens/revoke": "door hidden hidden hidden hidden hidden hidden",  # none was sent
    "POST /tokens/services": "door no no no no no in",
    "POST /tokens/services/remove": "door no no no no no in",
    "GET /endpoints/": "door no no no no no in",
    "POST /endpoints/": "door no no no no no in",
    "GET /endpoints/<listener>": "door no no no no no hidden",  # there is none
    "POST /endpoints/<listener>/test": "door no no no no no hidden",
    "POST /endpoints/<listener>/events": "door no no no no no in",
    "POST /endpoints/<listener>/secret": "door no no no no no in",
    "POST /endpoints/<listener>/replay": "door no no no no no in",
    "POST /endpoints/<listener>/on": "door no no no no no hidden",
    "POST /endpoints/<listener>/remove": "door no no no no no hidden",
    "GET /told/": "door in in in in in in",
    "POST /told/": "door in in in in in in",  # one's own
    "GET /told/no-more/<listener>/<int:mask>/<check>": "hidden hidden hidden hidden hidden hidden hidden",  # no mail
    "POST /told/no-more/<listener>/<int:mask>/<check>": "hidden hidden hidden hidden hidden hidden hidden",
    "GET /set-up/": "door no no no no no in",
    "POST /set-up/": "door no no no no no in",
    "GET /audit/": "door no no no no in in",
    "GET /audit/<int:seq>": "door no no no no in in",
    "GET /audit/suggest": "door no no no no in in",
    "POST /audit/export": "door no no no no in in",
    "GET /audit/verify": "door no no no no in in",
    "POST /audit/verify": "door no no no no in in",
    "GET /api/": "in in in in in in in",  # how programs come in; what is theirs is walked in tests/api
    "GET /sign-in/": "in in in in in in in",
    "GET /sign-in/start": "in in in in in in in",
    "GET /sign-in/back": "in in in in in in in",
    "POST /language/": "in in in in in in in",
    "POST /sign-in/out": "door door door door door door door",  # it leads there
    "GET /healthz": "in in in in in in in",
    "GET /readyz": "in in in in in in in",
    "GET /metrics": "in in in in in in in",  # from this machine
}


def samples(house: House) -> dict[str, str]:
    """What stands for each argument of an address."""
    return {
        "group": house.group_id("Customers"),
        "contact": house.contact_id("Ada"),
        "one": house.contact_id("Ada"),
        "other": house.contact_id("Zoë"),
        "user": house.users["bo"].id,
        "word": "never-sent",
        "event": "none",
        "deed": "none",
        "int:seq": "1",
        **{name: the_one(house, f"{name}s") for name in ("hold", "proposal", "conflict")},
        "question": "none",
        "review": str(house.query("SELECT id FROM reviews")[0][0]),
        "listener": "none",
        "service": "none",
        "int:mask": "1",
        "check": "none",
        "secret": "none",
        "field": "tags",
        "entry": str(house.query("SELECT id FROM entries")[0][0]),
    }


@pytest.fixture(scope="session")
def company(one_house: House) -> Snapshot:
    """Two groups, each with somebody who manages it."""
    one_house.rewind(one_house.empty)
    one_house.share("Customers", "Ada", bo="edit", cy="view", dag="manage")
    one_house.share("Press", "Zoë", fin="manage")
    one_house.photograph("Ada", "red")
    one_house.sync_until_quiet()
    let_wait(one_house, "Ada")
    write_entry(one_house, "Ada")
    begin_review(one_house, "cy")
    return one_house.snapshot()


@pytest.fixture
def full(one_house: House, company: Snapshot) -> House:
    one_house.rewind(company)
    return one_house


@pytest.fixture
def app(full: House, tmp_path: Path) -> Flask:
    return door_of(full, tmp_path).app


def routes(app: Flask) -> list[tuple[str, str]]:
    """Method and rule of every page's view."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    rules = [rule for rule in rules if not rule.rule.startswith(ROOT)]
    methods = [(method, rule.rule) for rule in rules for method in rule.methods or ()]
    return sorted((method, rule) for method, rule in methods if method not in ("HEAD", "OPTIONS"))


def address(rule: str, arguments: dict[str, str]) -> str:
    for name, value in arguments.items():
        rule = rule.replace(f"<{name}>", value)
    assert "<" not in rule, f"{rule}: what stands for its argument is to be said in `samples`"
    return rule


def met(answer: TestResponse) -> str:
    if answer.status_code == 303 and answer.location.startswith("/sign-in/"):
        return "door"
    return {403: "no", 404: "hidden"}.get(answer.status_code, "in")


def test_every_route_has_its_row_and_every_row_its_route(app: Flask) -> None:
    assert {f"{method} {rule}" for method, rule in routes(app)} == EXPECTED.keys()


def test_everyone_meets_what_the_table_says(app: Flask, one_house: House, company: Snapshot) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # whether a form is ours is asked after who may send it (`test_guard.py`)

    def browsers() -> dict[str, FlaskClient]:
        """Everyone's, with everything as it stood before anybody asked."""
        one_house.rewind(company)
        return {who: app.test_client() if who == "a stranger" else signed_in(app, one_house, who) for who in EVERYONE}

    found = {}
    asking = browsers()
    there = samples(one_house)
    for method, rule in sorted(routes(app), key=lambda route: route[0] not in gate.SAFE):
        told = []
        for who in EVERYONE:
            told.append(met(asking[who].open(address(rule, there), method=method)))
            if method not in gate.SAFE and told[-1] == "in":  # it may have changed something for whoever comes next
                asking = browsers()
        found[f"{method} {rule}"] = " ".join(told)
    assert found == EXPECTED


def test_what_is_hidden_looks_like_what_is_not_there(app: Flask, full: House) -> None:
    fin = signed_in(app, full, "fin")
    hidden = fin.get(f"/contacts/{full.contact_id('Ada')}")
    nothing = fin.get("/contacts/0123456789abcdef")
    assert hidden.status_code == nothing.status_code == 404

    def told(answer: TestResponse) -> str:
        page = re.sub(r'name="csrf-token" content="[^"]+"', "", answer.text)  # signed by the second
        return page.replace(answer.headers["X-Request-Id"], "")

    assert told(hidden) == told(nothing)


def test_lists_hold_only_what_one_may_see(app: Flask, full: House) -> None:
    full.add("Press", "Ada")
    cy, fin, anna = (signed_in(app, full, who) for who in ("cy", "fin", "anna"))
    for page in ("/", "/groups/", "/contacts/", "/contacts/?q=a", f"/contacts/{full.contact_id('Ada')}"):
        assert "Press" not in cy.get(page).text, page
        assert "Zoë" not in cy.get(page).text, page
        assert "Customers" not in fin.get(page).text, page
    assert "2 contacts" in anna.get("/contacts/").text
    assert "1 contact<" in cy.get("/contacts/").text
    assert "Ada" in fin.get("/contacts/").text


def test_who_may_only_view_does_not_see_who_else_has_it_or_what_they_did(app: Flask, full: House) -> None:
    group, contact = f"/groups/{full.group_id('Customers')}", f"/contacts/{full.contact_id('Ada')}"
    cy, dag = signed_in(app, full, "cy"), signed_in(app, full, "dag")
    assert "Bo Bøgh" not in cy.get(group).text + cy.get(contact).text
    assert "Bo Bøgh" in dag.get(group).text
    assert "Bo Bøgh" in dag.get(contact).text


def test_a_view_that_does_not_say_what_it_needs_is_no_view() -> None:
    pages = Pages("more", __name__)

    def more() -> str:
        return ""

    with pytest.raises(TypeError, match="more of more does not say what it needs"):
        pages.post("/more")(more)
    with pytest.raises(TypeError, match="more of more does not say what it needs"):
        pages.get("/more")(more)


def test_an_application_with_a_silent_view_does_not_start(
    full: House, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Pages("silent", __name__)
    silent.add_url_rule("/silent", view_func=lambda: "", endpoint="index")
    monkeypatch.setattr("web.pages.health.pages", silent)
    with pytest.raises(TypeError, match=r"silent\.index"):
        web.create_app(full.world, settings)


def test_a_view_that_was_slipped_in_later_is_refused_to_all(app: Flask, full: House) -> None:
    app._got_first_request = False
    app.add_url_rule("/late", "late", lambda: "secret")
    for who in ("bo", "anna"):
        assert signed_in(app, full, who).get("/late").status_code == 404
    assert met(app.test_client().get("/late")) == "door"


@pytest.mark.parametrize(
    ("address", "under"),
    [
        ("/groups/{group}/access/", "/groups/"),
        ("/groups/{group}/choose", "/groups/"),
        ("/contacts/{contact}/edit", "/contacts/"),
        ("/contacts/{contact}/erase", "/contacts/"),
        ("/duplicates/", "/contacts/"),
        ("/quality/", "/contacts/"),
        ("/proposals/", "/holds/"),
        ("/audit/", "/changes/"),
    ],
)
def test_a_page_stands_under_one_of_the_main_ones(shared: House, browser: Signed, address: str, under: str) -> None:
    text = browser.get(address.format(group=shared.group_id("Customers"), contact=shared.contact_id("Ada"))).text
    assert re.findall(r'<a href="([^"]+)"\s+aria-current="true"', text) == [under]
