"""How long one transaction holds the writer's place, while nobody else can write: by act, the longest of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from sqlalchemy.orm import Session

from sharesync.formats.entries import Parsed
from sharesync.formats.file_reading import FileReading, Format
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.services import bulk, groups, holds, imports, restore_group, sharing, trash
from sharesync.store.database.beside import Beside
from sharesync.store.database.engine import Database
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import holds as stored_holds
from tests.users import Json
from tests.worlds import House


@contextmanager
def held() -> Iterator[list[float]]:
    """Seconds from taking the writer's place to giving it back, of each transaction that writes meanwhile.

    Of the processor: in between nobody is waited for, and a busy machine says the same.
    """
    spans: list[float] = []
    writing = Database.writing

    @contextmanager
    def timed(database: Database, beside: Beside | None = None) -> Iterator[Session]:
        with writing(database, beside) as session:
            started = time.thread_time()
            yield session
        spans.append(time.thread_time() - started)

    with patch.object(Database, "writing", timed):
        yield spans


def longest(act: Callable[[], object]) -> dict[str, float]:
    """The longest transaction of an act, and the whole of it, in seconds."""
    started = time.perf_counter()
    with held() as spans:
        act()
    seconds = time.perf_counter() - started
    return {"longest": round(max(spans), 2), "transactions": len(spans), "seconds": round(seconds, 1)}


def imported(house: House, cards: list[Json]) -> None:
    """A file with so many new contacts."""
    entries = tuple(Parsed(line, Card.parse(card)) for line, card in enumerate(cards, 1))
    imports.run(house.world.operation(OPERATOR), "Customers", FileReading(Format.JSONL, entries))


def chosen(house: House) -> dict[str, dict[str, float]]:
    """What is done to all contacts of Customers, chosen as one does in a list; in the end they are there again."""
    operation = house.world.operation(OPERATOR)
    with house.world.work(OPERATOR) as work:
        groups.create(work, "Partners")
    with operation.look() as look:
        ids = contact_pages.ids(look.session, ContactFilter())
    told = {
        "chosen are added": longest(lambda: bulk.add(operation, "Partners", ids)),
        "chosen are taken": longest(lambda: bulk.take(operation, "Partners", ids)),
    }
    moment = house.now()
    house.wait(seconds=1)
    told["chosen are deleted"] = longest(lambda: bulk.delete(operation, ids))
    house.wait(days=31)
    told["the trash ends"] = longest(lambda: trash.purge(operation, timedelta(days=30)))
    told["the group is restored"] = longest(lambda: restore_group.restore_group(operation, "Customers", moment))
    return told


def held_edits(house: House, name: str) -> dict[str, dict[str, float]]:
    """A program rewrites every contact in a mailbox: the pass that holds the edits, and the decision to take them."""
    user = house.users[name]
    for person in user.hands.contacts():
        user.hands.edit(person["resourceName"], {"biographies": [{"value": "called"}]})
    told = {"edits are held": longest(lambda: house.pass_over(name, patience=100_000))}
    with house.database.reading() as session:
        (hold,) = stored_holds.listed(session)
    told["held edits are taken"] = longest(lambda: holds.apply(house.world.operation(OPERATOR), hold.id))
    return told


def given(house: House, name: str, cards: list[Json]) -> None:
    """A label of a user's own with so many persons under it becomes a group: the pass that takes them in."""
    user = house.users[name]
    user.makes_label("Club")
    ident = next(one["id"] for one in user.hands.labels() if one["name"] == "Club")
    for card in cards:
        user.hands.create(card, [ident])
    own = sharing.own_labels(house.world, user.id)
    with house.world.work(By(ActorKind.USER, user.id, Source.WEB)) as work:
        sharing.share(work, own[0], "Club", everyone=True)
