"""Smart groups: what a hundred of them add to an edit in a large address book, and what a new filter takes."""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from sharesync.bootstrap import new_id
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services import smart_groups
from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.database.tables import ContactRow, MembershipRow, VersionRow
from sharesync.store.database.work import Operation
from sharesync.store.records import contacts
from sharesync.store.records.derived_columns import derived
from sharesync.store.upgrading import upgrade
from tests.bench.crowd import crowd

EDITS = 60
SMART = 100


def among(folder: Path, size: int) -> dict[str, float]:
    """Milliseconds of CPU of an edit without and with smart groups; seconds of CPU of a new filter for 1 in 25."""
    database = Database(f"sqlite:///{folder / 'chosen.db'}")
    try:
        upgrade(database)
        with database.writing() as session:
            ensure(session)
        operation = Operation(database, lambda: datetime.now(UTC), OPERATOR, new_id)
        with operation.piece() as work:
            group = group_cases.create(work, "Customers").id
        _fill(database, group, [_tagged(card, at) for at, card in enumerate(crowd(size))])
        without = _edit(operation, size, 1)
        started = time.process_time()
        first = smart_groups.create(operation, "First", "tag:t1 -missing:name changed>-90d", ["Customers"])
        new = time.process_time() - started
        for number in range(2, SMART + 1):
            line = f"tag:t{number % 25} city:x{number} changed>-{number}d OR name:q{number}"
            smart_groups.create(operation, f"Smart {number}", line, ["Customers"])
        together = _edit(operation, size, 2)
    finally:
        database.close()
    return {
        "edit, ms": round(without, 1),
        "edit with 100 smart groups, ms": round(together, 1),
        "more, ms": round(together - without, 1),
        "chosen by a new filter": first.contacts,
        "a new filter, s": round(new, 2),
    }


def _tagged(card: Card, at: int) -> Card:
    told: dict[str, Any] = card.as_json() | {"userDefined": [{"key": "Tags", "value": f"t{at % 25}"}]}
    return Card.parse(told)


def _fill(database: Database, group: str, cards: list[Card]) -> None:
    now = datetime.now(UTC)
    with database.writing() as session:
        row = {"version": 1, "created_at": now, "changed_at": now}
        told = [row | {"id": _id(at), "card": card} | derived(card, ()) for at, card in enumerate(cards)]
        session.execute(insert(ContactRow), told)
        kept = {"version": 1, "kind": "accepted", "event_id": "event", "at": now}
        session.execute(insert(VersionRow), [kept | {"contact_id": _id(at), "card": c} for at, c in enumerate(cards)])
        session.execute(
            insert(MembershipRow),
            [{"group_id": group, "contact_id": _id(at), "added_at": now} for at in range(len(cards))],
        )


def _id(number: int) -> str:
    return f"c{number:07}"


def _edit(operation: Operation, size: int, last: int) -> float:
    """Another number: the median of edits of contacts drawn by lot."""
    chance, took = random.Random(3), []
    for number in range(EDITS):
        contact = _id(chance.randrange(size))
        with operation.piece() as work:
            card = contacts.get(work.session, contact).card.as_json()
            after = Card.parse({**card, "phoneNumbers": [{"value": f"+45 33 00 {number:02} 0{last}"}]})
            started = time.process_time()
            contact_cases.edit(work, contact, after)
            took.append((time.process_time() - started) * 1000)
    return statistics.median(took)
