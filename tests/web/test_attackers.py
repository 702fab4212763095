"""Whatever address is asked and whatever form is sent, nothing of a group that one may not see comes back.

Every route is asked with ids of what is hidden, in its address, its question and its form; and with what one may see in
its address and what is hidden in the rest. The ids are known to the attacker; what they stand for is not.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from sharesync.formats.faces import strip
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.model.waiting import HoldKind
from sharesync.store.records import conflicts, holds, proposals
from sharesync.sync.merge import Conflict
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.web.test_routes import address, met, routes, samples
from tests.web.test_sign_in import door_of
from tests.web.waiting import begin_review, the_one, write_entry
from tests.worlds import House, Snapshot

ATTACKERS = ("cy", "bo", "dag")
"""Cy may view Customers, Bo edit, Dag manage it."""
PHOTO = "Content-Type: image/jpeg"
SECRETS = ("Tailkern", "tail.example", "Tailgroup", "tail note", "Tailfirm", PHOTO)
"""Values of the hidden contact, its group's name, and its photo: no other contact has one."""
FIELDS = (
    "contact",
    "group",
    "after",
    "to",
    "from",
    "hold",
    "proposal",
    "conflict",
    "import",
    "only",
    "home",
    "page",
    "name",
)


@pytest.fixture(scope="session")
def hiding(one_house: House) -> Snapshot:
    """Customers, and a group beside it with a contact, a past, and something of each kind that waits."""
    one_house.rewind(one_house.empty)
    one_house.share("Customers", "Ada", bo="edit", cy="view", dag="manage")
    hidden = customer("Zoë", family="Tailkern", emails=["needle@tail.example"], job=("Tailfirm", "Needle"))
    one_house.share("Tailgroup needle", hidden, fin="manage")
    one_house.add("Tailgroup needle", "Ada")
    one_house.edit("Zoë", note="tail note")
    one_house.photograph("Zoë", "red")
    one_house.sync_until_quiet()
    user, group, contact = (
        one_house.users["fin"].id,
        one_house.group_id("Tailgroup needle"),
        one_house.contact_id("Zoë"),
    )
    with one_house.world.work(By(ActorKind.MAILBOX, user, Source.GOOGLE)) as work:
        holds.keep(work, user, group, HoldKind.REMOVAL, {contact: (frozenset({group}), 1, None)})
        typed = Card.parse(customer("Zoë", note="tail note typed"))
        proposals.keep(work, contact, user, 1, typed)
        conflicts.keep(work, contact, user, [Conflict("biographies", (), typed["biographies"])])
    write_entry(one_house, "Zoë", "tail note needle", doer="fin")
    begin_review(one_house, "fin", group="Tailgroup needle")
    return one_house.snapshot()


@pytest.fixture
def house(one_house: House, hiding: Snapshot) -> House:
    one_house.rewind(hiding)
    return one_house


@pytest.fixture
def app(house: House, tmp_path: Path) -> Flask:
    return door_of(house, tmp_path).app


def hidden(house: House) -> dict[str, str]:
    """What stands for each argument of an address, of what is hidden."""
    contact = house.contact_id("Zoë")
    [(event,)] = house.query("SELECT id FROM events WHERE group_id = ? LIMIT 1", house.group_id("Tailgroup needle"))
    return {
        **samples(house),
        "group": house.group_id("Tailgroup needle"),
        "contact": contact,
        "one": contact,
        "other": house.contact_id("Ada"),
        "user": house.users["fin"].id,
        "event": event,
        **{name: the_one(house, f"{name}s") for name in ("hold", "proposal", "conflict")},
    }


def asked(ids: Mapping[str, str]) -> dict[str, str]:
    """A question or a form that names what is hidden wherever it can be named, and searches for it."""
    known = {name: ids.get(name, ids["contact"]) for name in FIELDS}
    return known | {
        "q": "needle",
        "text": "needle",
        "version": "1",
        "sort": "name",
        "format": "jsonl",
        "decision": "apply",
    }


def text_of(answer: Any) -> str:
    """Head and body of an answer."""
    return f"{answer.headers}\n{answer.data.decode(errors='replace')}"


def is_empty(answer: Any) -> bool:
    """Whether it is a strip of faces without any."""
    return bool(answer.data == strip({}) or not answer.data)


def answers(who: Signed, app: Flask, house: House, ids: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    seen = samples(house) | {"event": ids["event"], "other": house.contact_id("Ada")}
    for method, rule in routes(app):
        if rule.startswith(("/sign-in", "/language")):  # they end or change the attacker's own session
            continue
        for places in (ids, seen) if method == "GET" or "<" not in rule else (ids,):
            where = address(rule, dict(places))
            if method == "GET":
                yield f"GET {rule}", who.get(where)
                yield f"GET {rule}?", who.get(where, query_string=asked(ids), follow_redirects=True)
            else:
                yield f"POST {rule}", who.submit(where, asked(ids), follow_redirects=True)


@pytest.mark.parametrize("name", ATTACKERS)
def test_nothing_of_a_hidden_group_comes_back(app: Flask, house: House, name: str) -> None:
    ids = hidden(house)
    before = house.query("SELECT version, card FROM contacts WHERE id = ?", ids["contact"])
    told = {
        f"{where}: {secret}"
        for where, answer in answers(signed_in(app, house, name), app, house, ids)
        for secret in SECRETS
        if secret.casefold() in text_of(answer).casefold() and not (secret == PHOTO and is_empty(answer))
    }
    assert told == set()
    assert house.query("SELECT version, card FROM contacts WHERE id = ?", ids["contact"]) == before
    assert house.query("SELECT group_id FROM memberships WHERE contact_id = ?", ids["contact"]) == [(ids["group"],)]
    assert [the_one(house, f"{one}s") for one in ("hold", "proposal", "conflict")] == [
        ids[one] for one in ("hold", "proposal", "conflict")
    ]


def test_who_may_see_it_is_told_all_of_it(app: Flask, house: House) -> None:
    ids = hidden(house)
    text = "".join(text_of(answer) for _, answer in answers(signed_in(app, house, "fin"), app, house, ids))
    assert [secret for secret in SECRETS if secret not in text] == []


def test_a_suspended_user_meets_what_a_stranger_meets(app: Flask, house: House) -> None:
    dag, there = signed_in(app, house, "dag"), samples(house)
    assert dag.get("/").status_code == 200
    house.workspace.directory.change_user(house.users["dag"].id, suspended=True)
    house.sync_directory()
    for method, rule in routes(app):
        where = address(rule, there)
        suspended, stranger = dag.open(where, method=method), app.test_client().open(where, method=method)
        assert (met(suspended), suspended.status_code) == (met(stranger), stranger.status_code), rule
