"""Duplicates: how truly they are found where they are known, and what finding them takes in a large address book."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from sharesync.bootstrap import new_id
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.services import duplicates
from sharesync.store.database.engine import Database
from sharesync.store.database.tables import ContactRow, PairRow, VersionRow
from sharesync.store.database.work import working
from sharesync.store.records import contacts
from sharesync.store.records.derived_columns import derived
from sharesync.store.upgrading import upgrade
from tests.bench.crowd import crowd
from tests.bench.holding import held
from tests.febrl import figures, found, persons

EDITS = 100


def in_febrl() -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 in each of the three sets, and precision where they are sure."""
    told = {}
    for number in (1, 2, 3):
        of = persons(number)
        told[f"FEBRL {number}"] = asdict(figures(of, found(of)))
    return told


def in_a_crowd(folder: Path, size: int) -> dict[str, float]:
    """Seconds of CPU to compare so many contacts, and milliseconds of CPU that an edit among them takes."""
    cards = list(crowd(size))
    database = Database(f"sqlite:///{folder / 'crowd.db'}")
    try:
        upgrade(database)
        now = datetime.now(UTC)
        with database.writing() as session:
            row = {"version": 1, "created_at": now, "changed_at": now}
            rows = [row | {"id": _id(at), "card": card} | derived(card, ()) for at, card in enumerate(cards)]
            session.execute(insert(ContactRow), rows)
            first = {"version": 1, "kind": VersionKind.ACCEPTED, "at": now, "event_id": "event"}
            session.execute(
                insert(VersionRow), [first | {"contact_id": row["id"], "card": row["card"]} for row in rows]
            )
        started = time.process_time()
        with held() as spans:
            duplicates.catch_up(database)
        seconds = time.process_time() - started
        edits = sorted(_edits(database, cards))
        with database.reading() as session:
            pairs = session.scalar(select(func.count()).select_from(PairRow)) or 0
    finally:
        database.close()
    return {
        "pairs": pairs,
        "seconds": round(seconds, 1),
        "longest transaction": round(max(spans), 2),
        "edit, ms": round(statistics.median(edits), 1),
        "edit, ms, the slowest but five of a hundred": round(edits[len(edits) * 95 // 100], 1),
    }


def _id(number: int) -> str:
    return f"c{number:07}"


def _edits(database: Database, cards: list[Card]) -> list[float]:
    """Milliseconds of edits of contacts drawn by lot: another given name and number, as somebody new in an office."""
    chance = random.Random(2)
    took, versions = [], Counter[int]()
    for _ in range(EDITS):
        at = chance.randrange(len(cards))
        before, other = cards[at], chance.choice(cards)
        more: Any = {field: other.as_json()[field] for field in ("names", "phoneNumbers") if field in other.as_json()}
        whole: dict[str, Any] = {**before.as_json(), **more}
        cards[at] = Card.parse(whole)
        versions[at] += 1
        with working(database, _now, OPERATOR, new_id) as work:
            contacts.change(work, _id(at), versions[at], cards[at], "event")
        started = time.process_time()
        duplicates.catch_up(database)
        took.append((time.process_time() - started) * 1000)
    return took


def _now() -> datetime:
    return datetime.now(UTC)
