"""The entries of a file, brought into a group: the part of an import that one transaction holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from sharesync.errors import NotAllowed, NotFound, Sentence, StaleVersion, Suppressed
from sharesync.formats.entries import Bad, Entry, Parsed
from sharesync.formats.ledger import by_kind
from sharesync.formats.narrowing import narrow, narrows
from sharesync.model.card import Card
from sharesync.model.permission import Right
from sharesync.services import groups as group_cases
from sharesync.services import photos as photo_cases
from sharesync.services import program_holds
from sharesync.services.contacts import CARRIES_ERASED, edit, tell_created
from sharesync.services.who_may.permission import require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, contacts, erasure, groups

_NO_FIELD = Sentence("there is no field “%(name)s” here; its value was left out")

Tick = Callable[[int], None]
STEP = 250
"""Entries after which it is told how far an import is."""


@dataclass(slots=True)
class Imported:
    """What an import did: numbers of contacts, and every line that did not go in, with its reason."""

    created: int = 0
    changed: int = 0
    added: int = 0
    """Contacts known by id that were put into the group."""
    unchanged: int = 0
    skipped: int = 0
    """Left out because they were probably in the group already."""
    held: int = 0
    """Contacts whose cards a program would change, so many at once that a person decides first."""
    photos: int = 0
    """Contacts that got a photo: new ones, and known ones that had none."""
    bad: list[Bad] = field(default_factory=list)
    notes: list[tuple[int, Sentence]] = field(default_factory=list)
    """What could not be kept of a line that went in: (line, sentence)."""

    def add(self, more: Imported) -> None:
        """What another piece of the file did."""
        for one in fields(Imported):
            setattr(self, one.name, getattr(self, one.name) + getattr(more, one.name))

    def notes_by_kind(self) -> dict[Sentence, list[tuple[int, Sentence]]]:
        """The notes, as `notes` has them, under what they have in common."""
        return by_kind(self.notes)


def import_entries(
    work: Work,
    group: str,
    entries: Iterable[Entry],
    *,
    allow_erased: bool = False,
    cause: str | None = None,
    told: Tick = lambda number: None,
) -> Imported:
    """Bring the entries of a file into a group; the same file a second time changes nothing.

    `cause` is the event that tells of the import as a whole; `told` hears now and then how many entries are done.

    A contact equal to one already in the group is skipped. An entry with a known id replaces that contact's card
    (with a version: only if it is still that). A photo goes to whoever has none (`photos.bring`). A line that cannot go
    in is reported; the others go in, and so does a line with an address or number of an erased contact only if
    `allow_erased`. Raises NotFound for the group, NotAllowed.
    """
    within = groups.find_id(work.session, group)
    require_on_group(work, Right.EDIT, within)
    this = _Import(work, within, cause)
    parsed = this.sound(entries, allow_erased=allow_erased)
    known = contacts.cards(work.session, (entry.id for entry in parsed if entry.id))
    new = [entry for entry in parsed if entry.id not in known]
    there = known_by_content(work.session, within, new)
    for start in range(0, len(new), STEP):
        this.make(new[start : start + STEP], there)
        told(start + STEP)
    replaced = [(entry.id, entry) for entry in parsed if entry.id and entry.id in known]
    wanted = {contact: (entry.version, entry.card) for contact, entry in replaced}
    held = program_holds.replacements(work, wanted, {one: this.here.get(entry.line, {}) for one, entry in replaced})
    this.report.held = len(held)
    replaced = [one for one in replaced if one[0] not in held]
    for start in range(0, len(replaced), STEP):
        this.replace(replaced[start : start + STEP])
        told(len(new) + start + STEP)
    return this.report


def known_by_content(session: Session, group: str, entries: Iterable[Parsed]) -> dict[bytes, str]:
    """The group's contacts by their content, and by what the formats of these entries can tell of it."""
    entries = list(entries)
    there = dict(contacts.in_group_by_content(session, group, _titles(entries)))
    new = [entry for entry in entries if entry.card.fingerprint not in there]
    for format_ in dict.fromkeys(entry.format for entry in new if narrows(entry.format)):
        titles = _titles(entry for entry in new if entry.format is format_)
        for contact, card in contacts.in_group_by_title(session, group, titles).items():
            there.setdefault(narrow(format_, card).fingerprint, contact)
    return there


def _titles(entries: Iterable[Parsed]) -> frozenset[str]:
    """What equal contacts may be called in the store: a card is equal in whatever order its values stand."""
    return frozenset(title.casefold() for entry in entries for title in entry.card.titles)


@dataclass(slots=True)
class _Import:
    """One import into one group, and what became of its entries so far."""

    work: Work
    group: str
    cause: str | None
    report: Imported = field(default_factory=Imported)
    asked_for: frozenset[int] = frozenset()
    """The lines that carry what was erased, and come all the same."""
    here: dict[int, dict[str, str]] = field(default_factory=dict)
    """By line: values of fields kept here."""

    def sound(self, entries: Iterable[Entry], *, allow_erased: bool) -> list[Parsed]:
        """The entries that may go in; the others are reported."""
        parsed = []
        for entry in entries:
            if isinstance(entry, Bad):
                self.report.bad.append(entry)
            else:
                parsed.append(self._with_fields(entry))
                self.report.notes += [(entry.line, note) for note in entry.notes]
        marked = erasure.suppressed(self.work.session, [entry.card for entry in parsed])
        erased = [entry for entry, bad in zip(parsed, marked, strict=True) if bad]
        if allow_erased:
            self.asked_for = frozenset(entry.line for entry in erased)
            return parsed
        self.report.bad += [Bad(entry.line, Suppressed().sentence) for entry in erased]
        return [entry for entry, bad in zip(parsed, marked, strict=True) if not bad]

    def _with_fields(self, entry: Parsed) -> Parsed:
        """With what the file says in the company's fields, as it says it; a field that is not there is noted."""
        fields = company_fields.defined(self.work.session)
        known = {name: text for name, text in entry.fields.items() if fields.named(name)}
        for name in entry.fields.keys() - known.keys():
            self.report.notes.append((entry.line, Sentence(_NO_FIELD.template, name=name)))
        card, here = fields.placed(entry.card, {})
        card, self.here[entry.line] = fields.written(card, here, known, as_typed=True)
        return entry if card == entry.card else replace(entry, card=card or entry.card)

    def make(self, entries: Sequence[Parsed], there: dict[bytes, str]) -> None:
        """Make contacts of them, but of who is `there` by content."""
        work, new, beside = self.work, list[tuple[str, Card, str]](), dict[str, dict[str, str]]()
        for entry in entries:
            if entry.card.fingerprint in there:
                self._say_more(there[entry.card.fingerprint], entry, beside)
                continue
            contact = there[entry.card.fingerprint] = work.new_id()
            reason, beside[contact] = (
                CARRIES_ERASED if entry.line in self.asked_for else "",
                self.here[entry.line],
            )
            event = tell_created(
                work, contact, self.group, entry.card, beside[contact], reason=reason, cause=self.cause
            )
            new.append((contact, entry.card, event))
        contacts.insert_contacts(work, new, beside)
        if new:
            group_cases.add_contacts(work, self.group, [contact for contact, _, _ in new], cause=self.cause)
        self.report.created += len(new)
        self._bring_photos((there[entry.card.fingerprint], entry) for entry in entries)

    def _say_more(self, contact: str, entry: Parsed, new: Mapping[str, object]) -> None:
        """Who is there already, and of whom the file says something more in fields kept here."""
        more = self.here[entry.line]
        now = contacts.get(self.work.session, contact) if more and contact not in new else None
        if now is None or now.here == {**now.here, **more}:
            self.report.unchanged += 1
            return
        edit(self.work, contact, now.card, here={**now.here, **more}, cause=self.cause)
        self.report.changed += 1

    def replace(self, entries: Sequence[tuple[str, Parsed]]) -> None:
        """Replace the cards of contacts whose ids they carry."""
        done = []
        for contact, entry in entries:
            try:
                old = contacts.get(self.work.session, contact)
                here = {**old.here, **self.here[entry.line]}
                new = edit(self.work, contact, entry.card, here=here, version=entry.version, cause=self.cause)
            except (StaleVersion, NotFound, NotAllowed) as refused:
                self.report.bad.append(Bad(entry.line, refused.sentence))
                continue
            joined = group_cases.add_or_restore(self.work, self.group, [contact], cause=self.cause)
            self.report.changed += new.version != old.version
            self.report.added += new.version == old.version and bool(joined)
            self.report.unchanged += new.version == old.version and not joined
            done.append((contact, entry))
        self._bring_photos(done)

    def _bring_photos(self, entries: Iterable[tuple[str, Parsed]]) -> None:
        brought = ((contact, entry.photo.content()) for contact, entry in entries if entry.photo is not None)
        self.report.photos += photo_cases.bring(self.work, brought, cause=self.cause)
