"""Contacts: made, changed, deleted and imported by people; the sync's own changes go through the same doors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sharesync.errors import NotAllowed, NotFound, Sentence, StaleVersion, Suppressed
from sharesync.formats.entries import Bad, Entry, Parsed
from sharesync.formats.ledger import by_kind
from sharesync.formats.narrowing import narrow, narrows
from sharesync.model.audit import Event
from sharesync.model.card import EMPTY, Card
from sharesync.model.company_fields import HERE, NOTHING, entries
from sharesync.model.contact import Contact
from sharesync.model.permission import Right
from sharesync.services import groups as group_cases
from sharesync.services import photos as photo_cases
from sharesync.services import program_holds, smart_members
from sharesync.services.who_may.permission import groups_with, require_on_contact, require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims
from sharesync.store.records import company_fields, contacts, erasure, groups

_ERASED = Sentence("with an address or number of an erased contact")
"""What the log says of a card that carries such a thing because someone wanted it."""


_NO_FIELD = Sentence("there is no field “%(name)s” here; its value was left out")


def values(before: Card, after: Card) -> dict[str, tuple[object, object]]:
    """Before and after of each field that differs, as the change log keeps them."""
    if not before:
        return {name: (None, items) for name, items in sorted(after.as_json().items())}
    old, new = before.as_json(), after.as_json()
    return {name: (old.get(name), new.get(name)) for name in sorted(before.differs(after))}


def create(
    work: Work,
    group: str,
    card: Card,
    *,
    also: Collection[str] = (),
    mailbox: str | None = None,
    allow_erased: bool = False,
    here: Mapping[str, str] = NOTHING,
) -> str:
    """Make a contact in a group (by id), and in others `also`; returns its id. `here`: values of fields kept here.

    Raises Suppressed for a card with an address or number of an erased contact, unless that is asked for; NotAllowed.
    """
    for place in (group, *also):
        require_on_group(work, Right.EDIT, place)
    if not allow_erased and is_suppressed(work, card):
        raise Suppressed
    contact = work.new_id()
    reason = _known(work, card) if allow_erased else ""
    event = _told(work, contact, group, card, here, mailbox=mailbox, reason=reason)
    contacts.insert_contacts(work, [(contact, card, event)], {contact: here})
    for place in (group, *also):
        group_cases.add_contacts(work, place, [contact], mailbox=mailbox, cause=event)
    return contact


def is_suppressed(work: Work, card: Card) -> bool:
    """Whether the card carries an address or number of a contact that was erased."""
    return erasure.suppressed(work.session, [card])[0]


def _known(work: Work, card: Card) -> str:
    """What the log says of a card that carries what was erased elsewhere."""
    return _ERASED if is_suppressed(work, card) else ""


def values_here(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[object, object]]:
    """Values kept here before and after, where they differ, as the change log keeps them."""
    return {} if before == after else {HERE: (entries(before) or None, entries(after) or None)}


def _told(work: Work, contact: str, group: str, card: Card, here: Mapping[str, str] = NOTHING, **more: Any) -> str:
    """Record that it was made; `more` is what else the event says."""
    beside = values_here(NOTHING, here)
    said, fields = values(EMPTY, card) | beside, (*card.items, *beside)
    event = Event("contact.create", group=group, contact=contact, fields=fields, after_version=1, values=said, **more)
    return work.record(event)


def edit(
    work: Work,
    contact: str,
    card: Card,
    *,
    here: Mapping[str, str] | None = None,
    version: int | None = None,
    cause: str | None = None,
) -> Contact:
    """Replace a contact's card, and its values of fields kept here where they are given.

    Raises NotFound, NotAllowed, or StaleVersion where it is no longer at `version`.
    """
    require_on_contact(work, Right.EDIT, contact)
    old = contacts.get(work.session, contact)
    if version is not None and version != old.version:
        raise StaleVersion(contact, version, old.version)
    if card == old.card and here in (None, old.here):
        return old
    change(work, old.id, old.version, old.card, card, here=here, cause=cause)
    return contacts.get(work.session, contact)


def change(
    work: Work,
    contact: str,
    version: int,
    before: Card,
    after: Card,
    *,
    here: Mapping[str, str] | None = None,
    mailbox: str | None = None,
    cause: str | None = None,
) -> str:
    """Write a contact's next version and make every mailbox due that holds it; returns the event's id.

    `here`: values of fields kept here, where they are to be others; a mailbox knows none, so its passes give none.

    An address or number of an erased contact may be typed into another: that says something about this one (a line two
    people share), and refusing it would tell everyone whose it was. The log names it.
    """
    was = {} if here is None else contacts.here_of(work.session, [contact]).get(contact, {})
    beside = {} if here is None else values_here(was, here)
    event = work.record(
        Event(
            "contact.update",
            contact=contact,
            mailbox=mailbox,
            fields=(*sorted(before.differs(after)), *beside),
            before_version=version,
            after_version=version + 1,
            reason=_typed(work, before, after),
            cause=cause,
            values=values(before, after) | beside,
        )
    )
    contacts.change(work, contact, version, after, event, here)
    claims.touch_contacts(work, [contact], but=mailbox)
    smart_members.follow(work, {contact: event})
    return event


def _typed(work: Work, before: Card, after: Card) -> str:
    return reason if (reason := _known(work, after)) and not is_suppressed(work, before) else ""


def delete(work: Work, contact: str) -> Contact:
    """Take a contact out of all its groups where the actor may, as in a mailbox; returns what it was.

    In no group any more it lies in the trash. Raises NotFound or NotAllowed.
    """
    require_on_contact(work, Right.DELETE, contact)
    old = contacts.get(work.session, contact)
    held = [groups.find_id(work.session, name) for name in old.groups]
    group_cases.remove_contacts(work, [(group, contact) for group in groups_with(work, Right.DELETE, held)])
    return old


# --- Files -----------------------------------------------------------------------------------------------------------


Told = Callable[[int], None]
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
    told: Told = lambda number: None,
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
        card, here = fields.moved_here(entry.card, {})
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
            reason, beside[contact] = _ERASED if entry.line in self.asked_for else "", self.here[entry.line]
            event = _told(work, contact, self.group, entry.card, beside[contact], reason=reason, cause=self.cause)
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
