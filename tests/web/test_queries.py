"""No page asks the database for more when there is more to show."""

from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.services import merging
from sharesync.services.duplicates import catch_up
from sharesync.store.queries import duplicates
from tests.users import customer
from tests.web.conftest import Signed, Statements
from tests.web.waiting import begin_review, let_wait, write_entry
from tests.worlds import House
from web.frame.programs import ROOT

MOST = 36
"""Statements a page may take; the number below which nobody has to think about it."""


def first(house: House, table: str) -> str:
    """Id of the first thing of a table that waits."""
    return str(house.query(f"SELECT min(id) FROM {table} WHERE resolved_at IS NULL")[0][0])


def first_entry(house: House) -> str:
    """Id of the first entry of all, or what is none."""
    return str(house.query("SELECT min(id) FROM entries")[0][0])


def first_review(house: House) -> str:
    """Id of the first review of all."""
    return str(house.query("SELECT min(id) FROM reviews")[0][0])


def addresses(house: House) -> dict[str, str]:
    """One address of every page, named by its rule."""
    return {
        "/": "/",
        "/find/": "/find/?q=a",
        "/mailboxes/": "/mailboxes/",
        "/mailboxes/<user>": f"/mailboxes/{house.users['bo'].id}",
        "/trash/": "/trash/",
        "/duplicates/": "/duplicates/",
        "/quality/": "/quality/",
        "/reviews/": "/reviews/",
        "/reviews/new": "/reviews/new",
        "/reviews/<review>": f"/reviews/{first_review(house)}",
        "/reviews/<review>/look": f"/reviews/{first_review(house)}/look",
        "/duplicates/decided": "/duplicates/decided",
        "/duplicates/<one>/<other>": f"/duplicates/{house.contact_id('Ada')}/{house.contact_id(house.contacts()[-1])}",
        "/groups/": "/groups/",
        "/groups/<group>": f"/groups/{house.group_id('Customers')}",
        "/groups/new": "/groups/new",
        "/contacts/saved/new": "/contacts/saved/new?q=name:ada",
        "/groups/smart": "/groups/smart?q=name:ada",
        "/groups/<group>/choose": f"/groups/{house.group_id('Customers')}/choose",
        "/groups/<group>/activity": f"/groups/{house.group_id('Customers')}/activity",
        "/groups/<group>/settings": f"/groups/{house.group_id('Customers')}/settings",
        "/groups/<group>/restore/": f"/groups/{house.group_id('Customers')}/restore/?at=2026-01-01T00:00",
        "/roles/": "/roles/?q=n",
        "/tokens/": "/tokens/",
        "/fields/": "/fields/",
        "/endpoints/": "/endpoints/",
        "/told/": "/told/",
        "/api/": "/api/",
        "/groups/<group>/access/": f"/groups/{house.group_id('Customers')}/access/?q=n&why=bo",
        "/groups/<group>/access/suggest": f"/groups/{house.group_id('Customers')}/access/suggest?q=n",
        "/contacts/": "/contacts/?q=has:email&sort=changed",
        "/contacts/suggest": "/contacts/suggest?q=tag:v",
        "/faces/": f"/faces/?of={house.contact_id('Ada')}",
        "/mine/": "/mine/",
        "/mine/share": "/mine/share",
        "/contacts/new": "/contacts/new",
        "/contacts/<contact>/edit": f"/contacts/{house.contact_id('Ada')}/edit",
        "/contacts/<contact>/erase": f"/contacts/{house.contact_id('Ada')}/erase",
        "/contacts/<contact>": f"/contacts/{house.contact_id('Ada')}",
        "/contacts/<contact>/entries": f"/contacts/{house.contact_id('Ada')}/entries",
        "/contacts/<contact>/entries/<entry>": f"/contacts/{house.contact_id('Ada')}/entries/{first_entry(house)}",
        "/calendar/": "/calendar/",
        "/contacts/<contact>/photo": f"/contacts/{house.contact_id('Ada')}/photo",
        "/changes/": "/changes/?all=",
        "/moving/": "/moving/",
        "/set-up/": "/set-up/",
        "/audit/": "/audit/",
        "/audit/<int:seq>": "/audit/1",
        "/audit/suggest": "/audit/suggest?of=contacts&q=a",
        "/audit/verify": "/audit/verify",
        "/holds/": "/holds/",
        "/holds/<hold>": f"/holds/{first(house, 'holds')}",
        "/questions/": "/questions/",
        "/proposals/": "/proposals/",
        "/proposals/<proposal>": f"/proposals/{first(house, 'proposals')}",
        "/conflicts/": "/conflicts/",
        "/conflicts/<conflict>": f"/conflicts/{first(house, 'conflicts')}",
        "/sign-in/": "/sign-in/",
    }


ELSEWHERE = {
    "/sign-in/start",
    "/sign-in/back",
    "/healthz",
    "/readyz",
    "/metrics",
    "/endpoints/<listener>",
    "/told/no-more/<listener>/<int:mask>/<check>",
    "/importing/<word>",
    "/importing/<word>/preview",
    "/importing/<word>/columns",
    "/moving/imports/<event>",
    "/calendar/<secret>.ics",
}
"""What shows no page, or nothing of the database: nothing in it can grow."""

COUNTS = {"/groups/<group>": 1, "/groups/<group>/choose": 2}
"""What a list that is longer than its page asks besides: how long it is."""


def count(house: House, browser: Signed, statements: Statements) -> dict[str, int]:
    browser.get("/")  # signs in
    counted = {}
    for rule, address in addresses(house).items():
        with statements(house) as told:
            assert browser.get(address).status_code in (200, 302), address
        # What looks at the log writes to it, and a longer log is a taller tree.
        counted[rule] = len([one for one in told if "log_nodes" not in one])
    return counted


def decide_about_twins(house: House, number: int) -> None:
    """So many pairs more of which nothing is decided, and so many that were said to be two."""
    names = [f"Twin {number} {one} {side}" for one in range(2 * number) for side in "ab"]
    house.share("Twins", *(customer(name, emails=[f"{name[:-2]}@x.example"]) for name in names))
    catch_up(house.database)
    with house.world.work(OPERATOR) as work:
        twins = [pair for pair in duplicates.everything(work.session) if pair.one.card.title.startswith("Twin")]
        for pair in twins[:number]:
            merging.dismiss(work, pair.one.id, pair.other.id)


def test_every_page_is_counted(house: House, app: Flask) -> None:
    house.share("Customers", "Ada", bo="edit")
    pages = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static" and not rule.rule.startswith(ROOT)]
    rules = {rule.rule for rule in pages if "GET" in (rule.methods or ())}
    assert addresses(house).keys() | ELSEWHERE == rules


def test_the_number_of_statements_does_not_grow_with_contacts_groups_mailboxes_and_events(
    house: House, browser: Signed, statements: Statements
) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.share("Press", "Zoë", cy="view")
    house.photograph("Ada", "red")
    copies = (customer("Copy", emails=["copy@x.example"], note=str(number)) for number in range(8))
    house.share("Copies", *copies)  # more than are listed with each other
    decide_about_twins(house, 1)
    house.grant("Press", "group:team@north.test", "view")
    house.grant("Press", "ou:/Sales", "view")
    house.sync_until_quiet()
    let_wait(house, "Ada")
    browser.get("/")  # Anna is administrator from here on
    write_entry(house, "Ada", doer="anna")
    begin_review(house, "anna")
    few = count(house, browser, statements)
    house.put("Customers", *(customer(f"N{number:03}") for number in range(60)))
    decide_about_twins(house, 30)
    for number in range(12):
        house.wait(seconds=1)
        house.share(f"Group {number}", f"Own {number}", bo="edit", cy="view", dag="manage", eva="delete", fin="view")
        house.edit("Ada", note=f"note {number}")
    house.sync_until_quiet()
    let_wait(house, *(f"N{number:03}" for number in range(60)))
    for number in range(30):
        write_entry(house, "Ada", doer=("anna", "bo")[number % 2])
    for number in range(8):
        begin_review(house, "anna", "bo", who=("anna", "")[number % 2])
    many = count(house, browser, statements)
    assert many == {rule: number + COUNTS.get(rule, 0) for rule, number in few.items()}
    assert max(many.values()) <= MOST, many
