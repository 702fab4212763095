"""Changes, as a feed: which contacts changed after a position, came into sight or left it, and how each stands now.

Only numbered events count (`store/database/event_log.py`): numbers have no gap and no later event gets an earlier one,
so a position that rises with them passes nothing over. How a contact stands is read in the same snapshot. On PostgreSQL
it may show a change whose event waits for its number; its line then comes once more when the event has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharesync.model.actions import CHANGE_CONTACTS, SENT, SHOW_CONTACTS
from sharesync.model.feed import ALL, Position, mark, sight
from sharesync.store.database import event_log
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import LISTED, ContactRow, EventRow, GroupRow, MembershipRow
from sharesync.store.records.membership_filters import holding, inside, is_wide

SPAN = 20_000
"""Events that are looked through for one page: most of a busy log tell of mailboxes, and change no contact."""


class OtherHistory(Exception):
    """The log is not the one of the position, or does not reach back to it: its program begins anew."""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One contact, as it stands now for who asks."""

    contact: str
    seq: int | None
    """Of the last event of this page that changed it; None where a right was gained or lost."""
    at: datetime | None
    version: int | None
    """None where it is gone."""
    groups: tuple[str, ...] = ()
    """Ids of the groups that hold it and that who asks may see."""
    erased: bool = False
    entries: bool = False
    """Whether entries about it were written, changed or removed."""

    @property
    def gone(self) -> bool:
        """Whether it is deleted, erased, or not to be seen any more."""
        return self.version is None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of the feed: one line for each contact."""

    lines: tuple[FeedLine, ...]
    following: Position
    more: bool
    """There is more now, or may be."""


def news(session: Session, since: int) -> tuple[int, bool]:
    """How many events are numbered, and whether one after so many may say anything to a program that follows the feed.

    Most of a busy log tell of what is sent to mailboxes, which is no news to anybody here.
    """
    size = event_log.size(session)
    if size < since:
        return size, True
    some = select(EventRow.seq).where(EventRow.seq >= since, EventRow.seq < size, EventRow.action.not_in(_SENT))
    return size, size > since and session.connection().scalar(some.limit(1)) is not None


_SENT = sorted(SENT)


def page(session: Session, position: Position | None, visible: Collection[str] | None, limit: int) -> FeedPage:
    """What comes after a position; from None on, all that who asks may see. Raises OtherHistory.

    `visible`: ids of the groups that they may see; None is all. `limit`: contacts on the page.
    """
    whole = event_log.size(session)
    if position is None:
        here = Position(whole, whole, "")
    else:
        _require_same_history(session, position, whole)
        here = position
    here = replace(here.under(sight(visible)), size=whole, witness=_witness(session, whole))
    told, seen = _told(session, here.seen, limit)
    lines = _lines(session, here, told, visible)
    here = replace(here, seen=seen)
    room = limit - len(told)
    if here.seen == whole and here.anew and room:
        listed = _of_anew(session, here, room + 1)
        fresh = {one: _Spoken() for one in listed[:room] if one not in told}
        lines += _lines(session, here, fresh, visible)
        if len(listed) > room:
            here = replace(here, after=listed[room - 1])
        elif event_log.waiting_since(session) is None:
            here = replace(here, anew=frozenset(), after="")
        # else a contact may have left such a group by an event that has no number yet, which must find it known.
    return FeedPage(tuple(lines), here, here.seen < whole or bool(here.anew))


def _require_same_history(session: Session, position: Position, whole: int) -> None:
    if position.size > whole or position.seen < event_log.start(session):
        raise OtherHistory
    if position.witness != _witness(session, position.size):
        raise OtherHistory


def _witness(session: Session, number: int) -> str:
    """What identifies the log that held so many events: the leaf of the last one."""
    try:
        return event_log.nodes(session)(0, number - 1).hex()[:16] if number else ""
    except KeyError:
        return "?"


@dataclass(slots=True)
class _Spoken:
    """What events say of one contact."""

    seq: int | None = None
    at: datetime | None = None
    groups: set[str] = field(default_factory=set)
    """That they speak of: it may have left them."""
    entries: bool = False
    """Whether they speak of entries about it."""


_TOLD = CHANGE_CONTACTS | SHOW_CONTACTS
_SAID = (EventRow.seq, EventRow.at, EventRow.action, EventRow.contact_id, EventRow.group_id)


def _told(session: Session, seen: int, limit: int) -> tuple[dict[str, _Spoken], int]:
    """What the next events say, by contact, for so many contacts; and up to which event that goes."""
    end = min(seen + SPAN, event_log.size(session))
    span = select(*_SAID).where(EventRow.seq >= seen, EventRow.seq < end, EventRow.contact_id.is_not(None))
    found: dict[str, _Spoken] = {}
    for seq, at, action, contact, group in session.connection().execute(span.order_by(EventRow.seq)):
        if contact is None or action not in _TOLD:
            continue
        if contact not in found and len(found) == limit:
            return found, seq
        one = found.setdefault(contact, _Spoken())
        one.seq, one.at, one.entries = seq, at, one.entries or action in SHOW_CONTACTS
        if group is not None:
            one.groups.add(group)
    return found, end


def _lines(
    session: Session, here: Position, told: Mapping[str, _Spoken], visible: Collection[str] | None
) -> list[FeedLine]:
    """How these contacts stand, without those of which the program never knew."""
    held = _groups_of(session, told)
    lines: list[FeedLine] = []
    for row in _rows(session, told):
        one, groups = told[row.id], held.get(row.id, ())
        there = row.deleted_at is None and row.erased_at is None
        if there and here.shows(groups):
            seen = tuple(group for group in groups if visible is None or group in visible)
            lines.append(FeedLine(row.id, one.seq, one.at, row.version, seen, entries=one.entries))
            continue
        erased = row.erased_at is not None
        places = one.groups.union(groups, _ever_in(session, row.id) if erased else ())
        if here.may_know(places):
            lines.append(FeedLine(row.id, one.seq, one.at, None, erased=erased))
    return sorted(lines, key=lambda line: (line.seq or 0, line.contact))


def _rows(session: Session, contacts: Iterable[str]) -> Iterable[ContactStanding]:
    for some in chunks(contacts):
        wanted = select(ContactRow.id, ContactRow.version, ContactRow.deleted_at, ContactRow.erased_at)
        for row in session.connection().execute(wanted.where(ContactRow.id.in_(some))):
            yield ContactStanding(*row)


@dataclass(frozen=True, slots=True)
class ContactStanding:
    """A contact without its card."""

    id: str
    version: int
    deleted_at: datetime | None
    erased_at: datetime | None


def _groups_of(session: Session, contacts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for some in chunks(contacts):
        live = GroupRow.deleted_at.is_(None)
        rows = (
            select(MembershipRow.contact_id, MembershipRow.group_id)
            .join(GroupRow, GroupRow.id == MembershipRow.group_id)
            .where(MembershipRow.contact_id.in_(some), live)
            .order_by(MembershipRow.group_id)
        )
        for contact, group in session.connection().execute(rows):
            found.setdefault(contact, []).append(group)
    return found


def _ever_in(session: Session, contact: str) -> set[str]:
    """Groups that the log knows a contact in: who saw it there may have kept a copy, and learns that it was erased."""
    said = EventRow.contact_id == contact, EventRow.group_id.is_not(None)
    return set(session.connection().scalars(select(EventRow.group_id).where(*said).distinct()))


def _of_anew(session: Session, here: Position, most: int) -> list[str]:
    """So many contacts of the groups that came into sight or left it, in the order of ids."""
    if ALL in here.anew:
        query = select(ContactRow.id).where(LISTED)
    else:
        groups = [one for one in session.connection().scalars(select(GroupRow.id)) if mark(one) in here.anew]
        if not groups:
            return []
        if is_wide(session, groups):
            query = select(ContactRow.id).where(LISTED, inside(ContactRow.id, groups))
        else:  # no index is to lead from all contacts to these
            query = select(ContactRow.id).where(func.coalesce(ContactRow.id, ContactRow.id).in_(holding(groups)))
    query = query.where(ContactRow.id > here.after).order_by(ContactRow.id).limit(most)
    return list(session.connection().scalars(query))
