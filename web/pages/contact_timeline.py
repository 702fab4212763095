"""A contact's timeline: what people wrote about it, what changed of it, what mailboxes were sent, newest first.

What is read reaches back differently far: where one kind was cut off, nothing older of the others is shown either, so
that what stands there is all that happened since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flask import request, url_for

from sharesync.model.audit import Source
from sharesync.model.company_fields import CompanyFields
from sharesync.store.database.engine import Session
from sharesync.store.queries import entries, timeline
from sharesync.store.queries.entries import ShownEntry
from sharesync.store.queries.fates import ProposalFate
from sharesync.store.queries.history import history
from sharesync.store.queries.timeline import Line
from web.frame.numbers import whole
from web.frame.person import visible
from web.pages.cards import Step, steps
from web.words.languages import N_, Spoken

SIZE = 20
"""So many of each kind are read at first; each "Older" reads as many more."""
LONGEST = 10
"""Times that."""


class TimelineKind(StrEnum):
    """What a timeline may show or hide."""

    ENTRIES = "entries"
    CHANGES = "changes"
    DELIVERIES = "deliveries"


KINDS: dict[TimelineKind, str] = Spoken(
    {
        TimelineKind.ENTRIES: N_("Entries"),
        TimelineKind.CHANGES: N_("Changes"),
        TimelineKind.DELIVERIES: N_("Deliveries"),
    }
)
UNASKED = frozenset({TimelineKind.ENTRIES, TimelineKind.CHANGES})
"""What is shown to who asked for nothing: deliveries follow from changes, and outnumber them."""


@dataclass(frozen=True, slots=True)
class EntryMoment:
    """Something that was written about the contact."""

    kind: ClassVar[str] = "entry"
    at: datetime
    shown: ShownEntry


@dataclass(frozen=True, slots=True)
class EventMoment:
    """Something that happened to it, in the words of the log; `step` is the version that came of it."""

    kind: ClassVar[str] = "event"
    at: datetime
    line: Line
    step: Step | None


@dataclass(frozen=True, slots=True)
class VersionMoment:
    """A version alone: the log is not for this reader, or was retired."""

    kind: ClassVar[str] = "version"
    at: datetime
    step: Step


TimelineMoment = EntryMoment | EventMoment | VersionMoment


@dataclass(frozen=True, slots=True)
class KindChip:
    """A kind that may be shown or hidden, and the address of the page where it is the other way round."""

    kind: TimelineKind
    shown: bool
    address: str


@dataclass(frozen=True, slots=True)
class ContactTimeline:
    """What stands beside a contact's details."""

    to_do: tuple[ShownEntry, ...]
    """Follow-ups that are not done, whatever else is hidden."""
    moments: tuple[TimelineMoment, ...]
    chips: tuple[KindChip, ...]
    older: str | None
    """Address of the page that reaches back further."""
    more_entries: bool
    """Some entries are not here, but on a page of their own."""


@dataclass(frozen=True, slots=True)
class TimelineReader:
    """What the reader may see of a contact's past: everybody its entries, some its versions, some the log."""

    versions: bool
    log: bool

    @property
    def kinds(self) -> tuple[TimelineKind, ...]:
        """What there is to choose from."""
        offered = {TimelineKind.CHANGES: self.versions, TimelineKind.DELIVERIES: self.log}
        return tuple(kind for kind in TimelineKind if offered.get(kind, True))


def of_contact(
    session: Session, contact: str, reader: TimelineReader, about: Sequence[ProposalFate], fields: CompanyFields
) -> ContactTimeline:
    """The timeline as the request's address asks for it; `about` are the proposals about the contact."""
    kinds = _asked() & set(reader.kinds)
    times = min(max(request.args.get("more", 1, type=whole), 1), LONGEST)
    size = SIZE * times

    to_do = entries.to_do(session, contact)
    written = entries.page(session, contact, size=size)
    told = _lines(session, contact, kinds, size) if reader.log else timeline.TimelinePage((), None)
    # One more than is shown: what a version changed is seen from the one before it.
    made = steps(history(session, contact, about, size + 1), fields) if TimelineKind.CHANGES in kinds else []

    open_ones = {one.entry.id for one in to_do}
    found: list[TimelineMoment] = []
    if TimelineKind.ENTRIES in kinds:
        found += [EntryMoment(one.entry.says.at, one) for one in written.entries if one.entry.id not in open_ones]
    found += _events(told.lines, made[:size])
    ends = [
        *([written.entries[-1].entry.says.at] if written.older and TimelineKind.ENTRIES in kinds else []),
        *([told.lines[-1].at] if told.older and told.lines else []),
        *([made[size - 1].kept.at] if len(made) > size else []),
    ]
    since = max(ends, default=None)
    return ContactTimeline(
        to_do=to_do,
        moments=tuple(sorted((one for one in found if not since or one.at >= since), key=_at, reverse=True)),
        chips=tuple(KindChip(kind, kind in kinds, _address(kinds ^ {kind}, times)) for kind in reader.kinds),
        older=_address(kinds, times + 1) if since and times < LONGEST else None,
        more_entries=written.older is not None,
    )


def _at(moment: TimelineMoment) -> datetime:
    return moment.at


def _lines(session: Session, contact: str, kinds: set[TimelineKind], size: int) -> timeline.TimelinePage:
    """What the log says, but that something was written, which stands there itself."""
    delivered = TimelineKind.DELIVERIES in kinds
    if not delivered and TimelineKind.CHANGES not in kinds:
        return timeline.TimelinePage((), None)
    found = timeline.page(session, contact=contact, deliveries=delivered, lines=size, among=visible())
    wanted = tuple(
        line
        for line in found.lines
        if line.action != "entry.write" and (line.source is Source.SYNC or TimelineKind.CHANGES in kinds)
    )
    return timeline.TimelinePage(wanted, found.older)


def _events(lines: Sequence[Line], made: Sequence[Step]) -> list[TimelineMoment]:
    """Each line with the version that it tells of; and the versions that no line tells of."""
    by_event = {step.kept.event: step for step in made}
    found: list[TimelineMoment] = [EventMoment(line.at, line, by_event.pop(line.id, None)) for line in lines]
    return [*found, *(VersionMoment(step.kept.at, step) for step in by_event.values())]


def _asked() -> set[TimelineKind]:
    if "show" not in request.args:
        return set(UNASKED)
    return {kind for kind in TimelineKind if kind.value in request.args.getlist("show")}


def _address(kinds: set[TimelineKind], times: int) -> str:
    """Of the same page with these kinds: what nobody need say is not said."""
    shown = None if kinds == UNASKED else [kind.value for kind in TimelineKind if kind in kinds] or [""]
    return url_for(str(request.endpoint), **(request.view_args or {}), show=shown, more=times if times > 1 else None)
