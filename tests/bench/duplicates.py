"""Duplicates: how truly they are found where they are known, and what finding them takes in a large address book."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from sharesync.model.card import Card
from sharesync.store.database.engine import Database
from sharesync.store.database.tables import ContactRow, PairRow
from sharesync.store.records import likeness_index
from sharesync.store.records.derived_columns import derived
from sharesync.store.upgrading import upgrade
from tests.bench.crowd import crowd
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
        started = time.process_time()
        with database.writing() as session:
            likeness_index.ensure(session)
        seconds = time.process_time() - started
        edits = sorted(_edits(database, cards))
        with database.reading() as session:
            pairs = session.scalar(select(func.count()).select_from(PairRow)) or 0
    finally:
        database.close()
    return {
        "pairs": pairs,
        "seconds": round(seconds, 1),
        "edit, ms": round(statistics.median(edits), 1),
        "edit, ms, the slowest but five of a hundred": round(edits[len(edits) * 95 // 100], 1),
    }


def _id(number: int) -> str:
    return f"c{number:07}"


def _edits(database: Database, cards: list[Card]) -> list[float]:
    """Milliseconds of edits of contacts drawn by lot: another given name and number, as somebody new in an office."""
    chance = random.Random(2)
    took = []
    for _ in range(EDITS):
        at = chance.randrange(len(cards))
        before, other = cards[at], chance.choice(cards)
        more: Any = {field: other.as_json()[field] for field in ("names", "phoneNumbers") if field in other.as_json()}
        whole: dict[str, Any] = {**before.as_json(), **more}
        after = Card.parse(whole)
        with database.writing() as session:
            started = time.process_time()
            likeness_index.relearn(session, _id(at), before, after)
            took.append((time.process_time() - started) * 1000)
            cards[at] = after
    return took
