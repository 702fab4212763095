"""Acts on many contacts: a piece after the other, each whole; one that breaks off is finished by doing it again."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from sharesync.model.access import Level
from sharesync.model.audit import Outcome
from sharesync.model.contact import VersionKind
from sharesync.model.waiting import HoldKind
from sharesync.services import bulk, groups, restore_group, trash
from sharesync.services import holds as hold_cases
from sharesync.store.database import work as works
from sharesync.store.database.tables import EventRow, VersionRow
from sharesync.store.database.work import Operation
from sharesync.store.records import contacts, holds
from sharesync.store.records import groups as kept
from tests.store.stores import BO, NOW, Store, card, trashed, user

MANY = tuple(f"c{number}" for number in range(1, 9))
HELD: dict[str, Callable[[Operation], object]] = {
    "delete the group": lambda operation: groups.delete(operation, "g"),
    "take": lambda operation: bulk.take(operation, "g", MANY),
    "delete": lambda operation: bulk.delete(operation, [one for one in MANY if is_held(operation, one)]),
}


class Died(Exception):
    """The process is no more."""


def is_held(operation: Operation, contact: str) -> bool:
    with operation.look() as look:
        return contact in contacts.held_by(look.session, [contact])


def dying(operation: Operation, turn: int) -> Operation:
    """The same in a process that dies as it begins its so-manieth transaction."""
    turns = count(1)

    def clock() -> datetime:
        if next(turns) == turn:
            raise Died
        return operation.clock()

    return replace(operation, clock=clock)


@pytest.fixture
def many(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for module in (works, groups, restore_group):
        monkeypatch.setattr(module, "PIECE", 3)
    store.group("g")
    for contact in MANY:
        store.contact(contact, None, "g")
    return store


def members(store: Store, group: str = "g") -> set[str]:
    with store.reading() as session:
        return set(kept.members(session, group))


@pytest.mark.parametrize("act", HELD)
def test_what_leaves_a_group_leaves_it_in_pieces_each_of_them_whole(many: Store, act: str) -> None:
    turn, left = 0, set[str]()
    while left != set(MANY):
        turn += 1
        with suppress(Died):
            HELD[act](dying(many.operation(), turn))
        left = set(MANY) - members(many)
        assert trashed(many) == left
        assert [many.actions().count(action) for action in ("group.take", "contact.trash")] == [len(left)] * 2
    assert turn > len(MANY) // 3


def test_a_large_group_ends_with_the_last_of_its_contacts_and_the_log_tells_both_ends(many: Store) -> None:
    with pytest.raises(Died):
        groups.delete(dying(many.operation(), 3), "g")
    with many.reading() as session:
        assert kept.find(session, "g").contacts == len(MANY) - 3
    groups.delete(many.operation(), "g")
    with many.reading() as session:
        assert kept.listed(session) == []
        told = session.query(EventRow).where(EventRow.action == "group.delete").order_by(EventRow.seq).all()
        assert [one.outcome for one in told] == [Outcome.INTENDED, Outcome.INTENDED, Outcome.OK]
        assert told[2].cause == told[1].id
        takes = session.query(EventRow.cause).where(EventRow.action == "group.take").order_by(EventRow.seq).all()
        assert [cause for (cause,) in takes] == [told[0].id] * 3 + [told[1].id] * 5


def test_many_are_put_into_a_group_in_pieces(many: Store) -> None:
    many.group("h")
    with pytest.raises(Died):
        bulk.add(dying(many.operation(), 4), "h", MANY)  # a look, and two pieces
    assert members(many, "h") == set(MANY[:6])
    assert bulk.add(many.operation(), "h", MANY) == list(MANY[6:])
    assert many.actions().count("group.add") == len(MANY)


def test_the_trash_ends_in_pieces(many: Store) -> None:
    bulk.delete(many.operation(), MANY)
    many.now = NOW + timedelta(days=31)
    with pytest.raises(Died):
        trash.purge(dying(many.operation(), 3), timedelta(days=30))
    assert trashed(many) == set(MANY[3:])
    assert trash.purge(many.operation(), timedelta(days=30)) == 5
    assert many.actions().count("contact.purge") == len(MANY)


def test_a_group_is_restored_in_pieces(many: Store) -> None:
    many.group("h")
    bulk.add(many.operation(), "h", MANY)
    moment = many.now
    many.now += timedelta(hours=1)
    bulk.delete(many.operation(), MANY)
    with pytest.raises(Died):
        restore_group.restore_group(dying(many.operation(), 3), "h", moment)  # a look, and a piece
    assert members(many, "h") == set(MANY[:3])
    assert restore_group.restore_group(many.operation(), "h", moment).returned == 5
    assert members(many, "h") == set(MANY)
    assert [many.actions().count(action) for action in ("group.restore", "group.add")] == [3, 2 * len(MANY)]


@pytest.mark.parametrize(
    ("word", "kind"), [("apply", HoldKind.REMOVAL), ("apply", HoldKind.EDIT), ("restore", HoldKind.EDIT)]
)
def test_a_hold_is_decided_in_pieces_and_what_broke_off_goes_on_with_the_rest(
    many: Store, word: str, kind: HoldKind
) -> None:
    decide, eva = getattr(hold_cases, word), card("Eva")
    many.save_directory()
    many.grant("g", user(BO), Level.DELETE)
    is_edit = kind is HoldKind.EDIT
    wish = (frozenset(() if is_edit else {"g"}), 1, eva if is_edit else None)
    with many.work() as work:
        hold = holds.keep(work, BO, "g", kind, dict.fromkeys(MANY, wish))

    def seen() -> tuple[set[str], set[str]]:
        """The contacts that still wait, and those to which nothing has been done."""
        with many.reading() as session:
            waiting = {one for found in holds.listed(session) for one in found.contacts}
            return waiting, {one for one, (_, now) in contacts.cards(session, members(many)).items() if now != eva}

    with pytest.raises(Died):
        decide(dying(many.operation(), 3), hold)  # as the third of three pieces begins
    assert seen() == (set(MANY[6:]), set(MANY if word == "restore" else MANY[6:]))
    decide(many.operation(), hold)
    assert seen() == (set(), set(MANY if word == "restore" else ()))
    with many.reading() as session:
        events = [
            (one.action, one.outcome, one.id, one.cause) for one in session.query(EventRow).order_by(EventRow.seq)
        ]
        versions = [row.event_id for row in session.query(VersionRow).where(VersionRow.kind == VersionKind.REJECTED)]
    (_, first, begun, _), (_, second, ended, _) = [one for one in events if one[0] == f"hold.{word}"]
    assert (first, second) == (Outcome.INTENDED, Outcome.RESTORED if word == "restore" else Outcome.OK)
    follows = [cause for action, _, _, cause in events if action in ("group.take", "contact.update")]
    assert Counter(versions if word == "restore" else follows) == {begun: 6, ended: 2}


def test_the_log_tells_both_ends_of_a_decision_in_pieces(many: Store) -> None:
    many.save_directory()
    many.grant("g", user(BO), Level.DELETE)
    with many.work() as work:
        hold = holds.keep(work, BO, "g", HoldKind.REMOVAL, dict.fromkeys(MANY, (frozenset({"g"}), 1, None)))
    hold_cases.apply(many.operation(), hold, MANY[:4])
    hold_cases.apply(many.operation(), hold)
    with many.reading() as session:
        found = session.query(EventRow).where(EventRow.action == "hold.apply").order_by(EventRow.seq)
        told = [(one.id, one.outcome, one.cause) for one in found]
    assert [(outcome, cause) for _, outcome, cause in told] == [
        (Outcome.INTENDED, None), (Outcome.OK, told[0][0]), (Outcome.INTENDED, None), (Outcome.OK, told[2][0]),
    ]  # fmt: skip
    assert trashed(many) == set(MANY)
