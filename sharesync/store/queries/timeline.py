"""The timeline: the change log as people read it, newest first, an act a paragraph.

What one actor did in one transaction is an act, however many contacts it touched: an import of 300 is one line, not
600. Contacts and groups are called what they were called then, people what they are called today; the log itself holds
no personal data. Nothing here asks for more the more rows there are: every function is a fixed number of statements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sharesync.model.audit import ActorKind, Outcome, Source
from sharesync.model.waiting import Resolution
from sharesync.store.database.tables import EventRow
from sharesync.store.queries import fates
from sharesync.store.queries.contact_names import Named, titles_then
from sharesync.store.queries.events import newest_from
from sharesync.store.queries.fates import ProposalFate
from sharesync.store.queries.grant_words import GRANTS, Given, given
from sharesync.store.queries.group_names import SequencePoint, names_then
from sharesync.store.records.actors import Who, actors, who

WINDOW = 1000
"""Events looked at for one page; a larger act goes on on the next page."""
COMINGS = ("session.open", "session.close", "access.deny")
"""What changes nothing of what is shared."""
NAMED = 3
"""Contacts that a line names; the others it counts."""


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of change within an act, with everything it touched."""

    id: str
    """Of the newest event in it."""
    at: datetime
    action: str
    outcome: Outcome
    source: Source
    actor: Who
    group: Named | None
    mailbox: Who | None
    contacts: tuple[Named, ...]
    """The first few."""
    count: int
    """How many contacts in all."""
    fields: tuple[str, ...]
    reason: str
    version: int | None
    """The version it made of its only contact."""
    given: Given | None = None
    fate: Resolution | None = None
    """What became of the proposals that these edits were kept as."""


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some lines, and the cursor for those before them; None where the log begins."""

    lines: tuple[Line, ...]
    older: int | None


def page(
    session: Session,
    *,
    before: int | None = None,
    group: str | None = None,
    contact: str | None = None,
    mailbox: str | None = None,
    deliveries: bool = True,
    lines: int = 50,
    among: Collection[str] | None = None,
    reader: str | None = None,
) -> TimelinePage:
    """The newest lines before the cursor, about `lines` of them: an act is not split.

    `among` are ids of the groups that the reader may see; None is all. Other contacts are not named.

    `deliveries`: also what sharesync itself sent to mailboxes, which follows from the changes and outnumbers them, and
    who came and went in the web page. That the user `reader` read the log is not told.
    """
    told = _conditions(before, group, contact, mailbox, reader, deliveries=deliveries)
    others = [source for source in Source if source is not Source.SYNC]

    def newest(most: int) -> Sequence[_Event]:
        query = select(*_COLUMNS).where(*told).order_by(EventRow.seq.desc()).limit(most)
        if not deliveries:
            query = query.where(EventRow.source != Source.SYNC)
            if group is contact is mailbox is None:
                # Deliveries are most of the log: passing over them one by one would take longer the more there are.
                query = query.where(EventRow.seq.in_(newest_from(others, told, most)))
        return session.connection().execute(query).all()

    window = WINDOW // 4  # mostly a quarter is enough
    events = newest(window)
    bundles, last = _cut(events, lines, window)
    if len(bundles) < lines and len(events) == window:
        window = WINDOW
        events = newest(window)
        bundles, last = _cut(events, lines, window)
    older = last if last is not None and (len(events) == window or last != events[-1].seq) else None
    return TimelinePage(_named(session, bundles, among), older)


def _conditions(
    before: int | None,
    group: str | None,
    contact: str | None,
    mailbox: str | None,
    reader: str | None,
    *,
    deliveries: bool,
) -> list[ColumnElement[bool]]:
    told = [EventRow.outcome != Outcome.INTENDED]  # what came of it is told
    if not deliveries:
        told.append(EventRow.action.not_in(COMINGS))
    if reader is not None:
        told.append(or_(EventRow.action != "log.read", EventRow.actor != reader))
    if before is not None:
        told.append(EventRow.seq < before)
    for column, value in ((EventRow.group_id, group), (EventRow.contact_id, contact), (EventRow.mailbox_id, mailbox)):
        if value is not None:
            told.append(column == value)
    return told


def latest(session: Session, lines: int, reader: str) -> tuple[Line, ...]:
    """The newest lines, without deliveries and the reader's own looks at the log: what their first page shows."""
    return page(session, deliveries=False, lines=lines, reader=reader).lines[:lines]


# --- Acts ------------------------------------------------------------------------------------------------------------

_Event = Any
"""A row of what a line tells, by the names of its columns."""
_Bundle = list[_Event]
_COLUMNS = (
    EventRow.seq, EventRow.id, EventRow.at, EventRow.action, EventRow.actor_kind, EventRow.actor, EventRow.source,
    EventRow.outcome, EventRow.group_id, EventRow.contact_id, EventRow.mailbox_id, EventRow.fields,
    EventRow.after_version, EventRow.reason, EventRow.pass_id,
)  # fmt: skip


def _act(event: _Event) -> tuple[Any, ...]:
    return event.at, event.actor_kind, event.actor, event.source, event.pass_id


def _kind(event: _Event) -> tuple[Any, ...]:
    # Grants, for one, differ in what the reason says; each is a line of its own.
    return event.action, event.outcome, event.group_id, event.mailbox_id, event.reason


def _cut(events: Sequence[_Event], lines: int, window: int) -> tuple[list[_Bundle], int | None]:
    """The events as bundles, one a line, until there are enough; and the number of the last event among them."""
    bundles: list[_Bundle] = []
    last: int | None = None
    for _, group in groupby(events, key=_act):
        act = list(group)
        torn = act[-1] is events[-1] and len(events) == window
        if bundles and (torn or len(bundles) >= lines):
            break
        bundles += _bundles(act)
        last = act[-1].seq
    return bundles, last


def _bundles(act: Sequence[_Event]) -> Iterator[_Bundle]:
    """What follows from another event of the act is not told a second time."""
    # A contact is made in a group, and an edit by someone who may only view becomes a proposal when it is undone.
    told = {("group.add", one.contact_id, one.group_id) for one in act if one.action == "contact.create"}
    told |= {("proposal.keep", one.contact_id, None) for one in act if _is_undone(one)}
    kinds: dict[tuple[Any, ...], _Bundle] = {}
    for event in act:
        if (event.action, event.contact_id, event.group_id) not in told:
            kinds.setdefault(_kind(event), []).append(event)
    yield from kinds.values()


def _is_undone(event: _Event) -> bool:
    return event.action == "contact.update" and event.outcome is Outcome.REVERTED


def _is_proposed(event: _Event) -> bool:
    return event.action == "proposal.keep" or _is_undone(event)


def _by_fate(bundles: Sequence[_Bundle], known: Sequence[ProposalFate]) -> list[tuple[_Bundle, Resolution | None]]:
    """Each bundle with what became of its edits; those with different fates apart."""
    found: list[tuple[_Bundle, Resolution | None]] = []
    for bundle in bundles:
        apart: dict[Resolution | None, _Bundle] = {}
        for event in bundle:
            fate = _fate(event, known) if _is_proposed(event) else None
            apart.setdefault(fate.resolution if fate else None, []).append(event)
        found += [(events, fate) for fate, events in apart.items()]
    return found


def _fate(event: _Event, known: Sequence[ProposalFate]) -> ProposalFate | None:
    return fates.of_edit(known, event.contact_id or "", event.mailbox_id or "", event.at)


# --- Names -----------------------------------------------------------------------------------------------------------


def _named(session: Session, found: Sequence[_Bundle], among: Collection[str] | None) -> tuple[Line, ...]:
    proposed = {event.contact_id for bundle in found for event in bundle if event.contact_id and _is_proposed(event)}
    with_fates = _by_fate(found, fates.what_became(session, proposed))
    bundles = [bundle for bundle, _ in with_fates]
    first = [bundle[0] for bundle in bundles]
    # Newest first is how the log is read; the contacts of one act are named in the order they came.
    shown = {id(bundle): [event.contact_id for event in reversed(bundle) if event.contact_id] for bundle in bundles}
    moments = {(one, bundle[0].at) for bundle in bundles for one in shown[id(bundle)][:NAMED]}
    contacts = titles_then(session, moments, among)
    groups = names_then(session, [(event.group_id, event.seq) for event in first if event.group_id])
    grants = given(session, [event.reason for event in first if event.action in GRANTS])
    known = actors(
        session,
        {event.actor for event in first} | {event.mailbox_id for event in first if event.mailbox_id},
    )

    return tuple(
        Line(
            id=event.id,
            at=event.at,
            action=event.action,
            outcome=event.outcome,
            source=event.source,
            actor=who(event.actor_kind, event.actor, known),
            group=group_then(groups, event.group_id, event.seq),
            mailbox=who(ActorKind.MAILBOX, event.mailbox_id, known) if event.mailbox_id else None,
            contacts=tuple(
                contacts.get((one, event.at), Named(one, "", gone=True)) for one in shown[id(bundle)][:NAMED]
            ),
            count=len(shown[id(bundle)]),
            fields=tuple(dict.fromkeys(name for one in bundle for name in one.fields)),
            reason="" if event.action in GRANTS else event.reason,
            version=event.after_version if len(bundle) == 1 else None,
            given=grants.get(event.reason) if event.action in GRANTS else None,
            fate=fate,
        )
        for bundle, fate in with_fates
        for event in bundle[:1]
    )


def group_then(names: Mapping[SequencePoint, tuple[str, bool]], group: str | None, seq: int) -> Named | None:
    """The group of an event by its name of then (`names_then`); None where the event speaks of none."""
    if group is None or (group, seq) not in names:
        return None
    name, gone = names[group, seq]
    return Named(group, name, gone=gone)
