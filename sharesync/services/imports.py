"""Imports: tried without a trace, made as one act, and undone as one act.

Undoing takes back what the import did and nothing that came after: a contact it made goes to the trash, from which it
can be restored; a card it replaced gets its old values back where nobody has changed them since, and a contact that
was there loses the photo it brought unless it has another by now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from sharesync.errors import Contacts, InvalidInput, Sentence
from sharesync.formats.entries import Entry, Parsed
from sharesync.formats.file_reading import FileReading
from sharesync.model.audit import Event, Outcome
from sharesync.model.likeness import Likeness
from sharesync.model.permission import Right
from sharesync.services import contacts as contact_cases
from sharesync.services import duplicates
from sharesync.services import groups as group_cases
from sharesync.services import photos as photo_cases
from sharesync.services.import_entries import Imported, Tick, import_entries, known_by_content
from sharesync.services.who_may.permission import editable, require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import PIECE, Operation, Work
from sharesync.store.queries import imports
from sharesync.store.records import groups


@dataclass(frozen=True, slots=True)
class Likely:
    """An entry that is probably about a contact of the group, and not equal to it."""

    line: int
    title: str
    contact: str
    known_as: str
    why: Likeness


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did, in contacts: taken out of the group, given their old values back."""

    taken: int
    changed: int


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group that an import makes, for what it brings in."""

    name: str


class _RehearsalOver(Exception):
    """Ends the transaction of a rehearsal, so that nothing of it stays."""


class LikelyTwins(Enum):
    """What becomes of entries that are probably in the group already."""

    NEW = "new"
    """They come in beside it."""
    SKIP = "skip"
    """They are left out."""


def rehearse(
    operation: Operation,
    group: str | NewGroup,
    entries: Sequence[Entry],
    *,
    allow_erased: bool = False,
    told: Tick = lambda number: None,
) -> Imported:
    """What an import would do; nothing of it stays. `told` hears how many entries are done. Raises as `run` does.

    It is tried a piece at a time, so that nobody who writes waits for a whole file. No piece knows what another would
    have done; what is about one contact is tried in the same.
    """
    report, done = Imported(), 0
    for some in _pieces(entries):
        with suppress(_RehearsalOver), operation.piece() as work:
            tried = import_entries(work, _within(work, group), some, allow_erased=allow_erased)
            raise _RehearsalOver
        report.add(tried)
        done += len(some)
        told(done)
    return report


def _pieces(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries in pieces, those of one id or one content together as far as a piece can hold them; one at least."""
    alike: dict[object, list[Entry]] = {}
    for entry in entries:
        about = (entry.id or entry.card.fingerprint) if isinstance(entry, Parsed) else entry.line
        alike.setdefault(about, []).append(entry)
    piece: list[Entry] = []
    for some in alike.values():
        if piece and len(piece) + len(some) > PIECE:
            yield piece
            piece = []
        piece += some
        while len(piece) > PIECE:
            yield piece[:PIECE]
            piece = piece[PIECE:]
    if piece or not entries:
        yield piece


def run(
    operation: Operation,
    group: str | NewGroup,
    reading: FileReading,
    *,
    alike: LikelyTwins = LikelyTwins.NEW,
    allow_erased: bool = False,
    told: Tick = lambda number: None,
) -> tuple[str, Imported]:
    """Import a file as one act, a piece at a time; returns the id of its event.

    Raises NotFound, NotAllowed; of a group to be made, InvalidInput and NameTaken as well.

    `allow_erased`: also those that carry an address or number of an erased contact. `told` hears how many entries are
    done. An import that breaks off is undone as one like any other, or finished by the same file: what is there
    already is skipped.
    """
    with operation.piece() as work:
        within = _within(work, group)
        readable = Contacts(sum(isinstance(one, Parsed) for one in reading.entries))
        what = Sentence("From %(format)s: %(contacts)s", format=reading.format.value, contacts=readable)
        event = work.record(Event("import.run", group=within, reason=what))
    report = Imported()
    entries: Sequence[Entry] = reading.entries
    if alike is LikelyTwins.SKIP:
        with duplicates.compared(operation.database) as session:
            entries, report.skipped = without(session, within, entries)
    for start in range(0, len(entries), PIECE):
        with operation.piece() as work:
            some = entries[start : start + PIECE]
            done = import_entries(work, within, some, allow_erased=allow_erased, cause=event)
        report.add(done)
        told(start + len(some) + report.skipped)
    return event, report


def _within(work: Work, group: str | NewGroup) -> str:
    """The group's id, of one that they may edit."""
    if isinstance(group, NewGroup):
        return group_cases.create(work, group.name).id
    within = groups.find_id(work.session, group)
    require_on_group(work, Right.EDIT, within)
    return within


def without(session: Session, group: str, entries: Sequence[Entry]) -> tuple[Sequence[Entry], int]:
    """The entries but those that are probably in the group already, and how many those are."""
    alike = {one.line for one in likely(session, group, entries)}
    kept = [entry for entry in entries if entry.line not in alike]
    return kept, len(entries) - len(kept)


def undo(operation: Operation, event: str) -> Undone:
    """Take back what an import did. Who made it may; of others, who may delete in its group.

    A card or photo goes back only where they may edit the contact now: it may have left their groups since.
    One that breaks off is taken up where it ended. Raises NotFound, NotAllowed, and InvalidInput where it was undone
    before.
    """
    with operation.piece() as work:
        work.number_events()
        found = imports.find(work.session, event)
        require_on_group(work, Right.EDIT if found.actor == work.by.id else Right.DELETE, found.group)
        if found.undone:
            raise InvalidInput("This import has been undone already.")
        done = imports.made(work.session, event)
        whole = len(done) <= PIECE
        outcome = Outcome.OK if whole else Outcome.INTENDED
        cause = work.record(Event("import.undo", outcome, group=found.group, cause=event))
        if whole:
            return _take_back(work, found.group, done, event, cause)
    undone = Undone(0, 0)
    for start in range(0, len(done), PIECE):
        with operation.piece() as work:
            require_on_group(work, Right.EDIT if found.actor == work.by.id else Right.DELETE, found.group)
            some = _take_back(work, found.group, done[start : start + PIECE], event, cause)
        undone = Undone(undone.taken + some.taken, undone.changed + some.changed)
    with operation.piece() as work:
        work.record(Event("import.undo", group=found.group, cause=event))
    return undone


def _take_back(work: Work, group: str, done: Sequence[imports.Made], event: str, cause: str) -> Undone:
    joined = [(group, one.contact) for one in done if one.joined]
    # Asked before anything leaves the group: a contact moved to where its importer may not edit stays as it is.
    theirs = editable(work, [one.contact for one in done])
    taken = group_cases.remove_contacts(work, joined, cause=cause)
    return Undone(len(taken), sum(_give_back(work, one, event, cause) for one in done if one.contact in theirs))


def _give_back(work: Work, one: imports.Made, event: str, cause: str) -> bool:
    # A contact that the import made goes to the trash with its photo, and can be restored with it.
    photo = not one.created and photo_cases.give_back(work, one.contact, event, cause=cause)
    card = one.versions is not None and contact_cases.take_back(work, one.contact, *one.versions, cause=cause)
    return card or photo


def likely(session: Session, group: str, entries: Sequence[Entry]) -> list[Likely]:
    """Entries that are surely enough somebody whom the group has already; no equal ones."""
    within = groups.find_id(session, group)
    parsed = [one for one in entries if isinstance(one, Parsed)]
    pieces = (parsed[start : start + PIECE] for start in range(0, len(parsed), PIECE))
    return [one for piece in pieces for one in _likely(session, within, piece)]


def _likely(session: Session, group: str, entries: Sequence[Parsed]) -> list[Likely]:
    """The same for a piece: whoever is like one of a whole file, with their cards, would fill the memory."""
    there = known_by_content(session, group, entries)
    new = [one for one in entries if one.card.fingerprint not in there]
    matches = duplicates.likely_each(session, [one.card for one in new], [group])
    return [
        Likely(entry.line, entry.card.title, found[0].contact, found[0].card.title, found[0].likeness)
        for entry, found in zip(new, matches, strict=True)
        if found and found[0].likeness.sure and entry.id not in {match.contact for match in found}
    ]
