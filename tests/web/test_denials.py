"""Comings, goings and denials in the change log."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sharesync.model.audit import Outcome
from sharesync.store.database.tables import EventRow
from tests.web.conftest import Signed, signed_in
from tests.web.test_sign_in import Door, door_of, lies
from tests.worlds import DOMAIN, House
from web.frame.denials import MOST

__all__ = ["lies"]


@pytest.fixture
def door(shared: House, tmp_path: Path) -> Door:
    return door_of(shared, tmp_path)


def told(house: House, action: str) -> list[tuple[str, str]]:
    """Actor and reason of each event."""
    with house.database.reading() as session:
        rows = session.scalars(select(EventRow).where(EventRow.action == action).order_by(EventRow.seq)).all()
        assert all(row.outcome is (Outcome.DENIED if action == "access.deny" else Outcome.OK) for row in rows)
        return [(row.actor, row.reason) for row in rows]


def test_what_someone_was_denied_is_in_the_log_with_what_they_asked_for(app: Flask, shared: House) -> None:
    dag, id_ = signed_in(app, shared, "dag"), shared.users["dag"].id
    dag.get("/changes/")
    dag.get(f"/contacts/{shared.contact_id('Ada')}")
    assert told(shared, "access.deny") == [
        (id_, "GET changes.index, oversee"),
        (id_, "GET contacts.show, hidden"),
    ]
    with shared.database.reading() as session:
        last = session.scalars(select(EventRow).where(EventRow.action == "access.deny").order_by(EventRow.seq)).all()[
            -1
        ]
        assert (last.contact_id, last.group_id) == (shared.contact_id("Ada"), shared.group_id("Customers"))


def test_what_is_allowed_or_not_there_is_no_denial(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    for page in ("/", "/contacts/", "/contacts/nothing", "/nothing"):
        bo.get(page)
    app.test_client().get("/changes/")
    assert told(shared, "access.deny") == []


def test_who_asks_again_and_again_does_not_fill_the_log(app: Flask, shared: House) -> None:
    dag = signed_in(app, shared, "dag")
    for _ in range(MOST + 5):
        assert dag.get("/changes/").status_code == 403
    assert len(told(shared, "access.deny")) == MOST
    shared.wait(minutes=1)
    app.test_client().get("/healthz")
    app.test_client().get("/healthz")
    id_ = shared.users["dag"].id
    assert told(shared, "access.deny")[MOST:] == [(id_, "and 5 more")]


# What dag may not do to Customers, whose contact Ada is; the word for it in the log. Groups and contacts that one may
# not see are hidden, whichever way one asks.
HIDDEN: dict[str, Callable[[Signed, House], object]] = {
    "export": lambda dag, house: dag.submit(
        "/moving/export", {"format": "jsonl", "group": house.group_id("Customers")}
    ),
    "filter": lambda dag, house: dag.get(f"/contacts/?group={house.group_id('Customers')}"),
    "add to a group": lambda dag, house: dag.submit(
        "/contacts/chosen/add", {"to": house.group_id("Customers"), "contact": house.contact_id("Zoë")}
    ),
    "add a hidden contact": lambda dag, house: dag.submit(
        "/contacts/chosen/add", {"to": house.group_id("Press"), "contact": house.contact_id("Ada")}
    ),
    "take": lambda dag, house: dag.submit(
        "/contacts/chosen/take", {"from": house.group_id("Customers"), "contact": house.contact_id("Ada")}
    ),
    "take many": lambda dag, house: dag.submit(
        "/contacts/chosen/take", {"from": house.group_id("Customers"), "contact": [str(n) for n in range(9)]}
    ),
    "delete": lambda dag, house: dag.submit(
        "/contacts/chosen/delete", {"contact": house.contact_id("Ada"), "confirm-count": "1"}
    ),
    "import": lambda dag, house: dag.submit(
        "/importing/", {"group": house.group_id("Customers"), "file": (io.BytesIO(b"Name\nAda\n"), "a.csv")}
    ),
    "compare": lambda dag, house: dag.get(f"/duplicates/{house.contact_id('Ada')}/{house.contact_id('Zoë')}"),
    "rename to its name": lambda dag, house: dag.submit(
        f"/groups/{house.group_id('Press')}/settings", {"name": "customers"}
    ),
}


@pytest.mark.parametrize("way", HIDDEN)
def test_whichever_way_one_asks_for_what_is_hidden_it_is_in_the_log_and_stays_hidden(
    app: Flask, shared: House, way: str
) -> None:
    dag = signed_in(app, shared, "dag")
    answer: Any = HIDDEN[way](dag, shared)
    assert [(actor, reason.rpartition(", ")[2]) for actor, reason in told(shared, "access.deny")] == [
        (shared.users["dag"].id, "hidden")
    ]
    assert "Customers" not in answer.text
    assert shared.contacts("Customers") == ["Ada", "Grace"]


def test_signing_in_and_out_is_in_the_log(door: Door, app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    bo.submit("/sign-in/out")
    id_ = shared.users["bo"].id
    assert told(shared, "session.open") == [(id_, "")]
    assert told(shared, "session.close") == [(id_, "signed out")]


def test_a_refused_sign_in_is_in_the_log_without_a_stranger_s_identity(
    door: Door, lies: Callable[..., None], shared: House
) -> None:
    shared.workspace.directory.change_user(shared.address("bo"), suspended=True)
    shared.sync_directory()
    shared.workspace.directory.change_user(shared.address("bo"), suspended=False)
    door.enter("bo")
    lies(hd="evil.example", sub="999888777")
    door.enter("anna")
    assert told(shared, "access.deny") == [
        (shared.users["bo"].id, "sign-in: unknown or suspended"),
        ("sign-in", "sign-in: not of this Workspace"),
    ]


def test_the_newest_changes_do_not_tell_who_came_and_went(app: Flask, shared: House) -> None:
    dag, anna = signed_in(app, shared, "dag"), signed_in(app, shared, "anna")
    dag.get("/changes/")
    assert "signed in" not in anna.get("/changes/").text
    everything: Any = anna.get("/changes/?all=").text
    assert "signed in" in everything
    assert "was denied access" in everything
    assert DOMAIN in everything
