"""Creates, updates and deletes of persons as requests: which method, which body, and what the answer says of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sharesync.errors import MalformedReply
from sharesync.google.batches import refused_alone
from sharesync.google.budget import BATCH, DELETE_BATCH, DELETE_ONE, SINGLE_DELETES, SINGLES, WRITE_BATCH, WRITE_ONE
from sharesync.google.calls import CallLine
from sharesync.google.error_bodies import CallKind
from sharesync.google.failures import Judged, PersonMissing, PersonStale
from sharesync.google.person import PERSON_FIELDS, SOURCES, changed_person, mask, new_person, read_person
from sharesync.google.person_reading import get, objects
from sharesync.model.mailbox import Create, Deleted, Missing, Seen, Stale, Unknown, Update, WishOutcome, Written

SHOW = {"readMask": PERSON_FIELDS, "sources": SOURCES}
"""What a batch is to return of each person: the same as every read, so that the answer can be the agreed state."""


@dataclass(frozen=True, slots=True)
class Creates:
    """Persons to be made. Neither method may be repeated: Google has no key that would tell a repetition."""

    line: CallLine
    people: Any
    singles: int = SINGLES
    batch: int = BATCH
    repeatable: bool = False

    def key(self, place: int, wish: Create) -> str:
        return str(place)

    def one(self, wish: Create) -> WishOutcome:
        request = self.people.createContact(body=new_person(wish), personFields=PERSON_FIELDS, sources=SOURCES)
        return _written(self.line.call(request, WRITE_ONE, CallKind.NEW_PERSONS, repeatable=False))

    def many(self, wishes: Sequence[Create]) -> list[WishOutcome]:
        body = {"contacts": [{"contactPerson": new_person(wish)} for wish in wishes], **SHOW}
        request = self.people.batchCreateContacts(body=body)
        answer = self.line.call(request, WRITE_BATCH, CallKind.NEW_PERSONS, repeatable=False)
        made = [_outcome(response) for response in objects(answer.get("createdPeople"))]
        by_mark = {mark: one for one in made if isinstance(one, Written) for mark in one.seen.marks}
        # The order of the request is observed, not promised: trusted only where no mark says otherwise.
        if len(made) == len(wishes) and all(map(_may_be, wishes, made)):
            return made
        return [by_mark.get(wish.mark, Unknown()) for wish in wishes]

    def look(self, wishes: Sequence[Create], refusal: Judged) -> Mapping[int, WishOutcome]:
        """There is nothing to read about persons that were not made."""
        return {}

    def gone(self, wishes: Sequence[Create]) -> Sequence[bool]:
        """The same."""
        return [False for _ in wishes]


@dataclass(frozen=True, slots=True)
class Updates:
    """Persons to be changed, all of one mask. A repetition is harmless: the first execution made the etag stale."""

    line: CallLine
    people: Any
    singles: int = SINGLES
    batch: int = BATCH
    repeatable: bool = True

    def key(self, place: int, wish: Update) -> str:
        return wish.resource_name

    def one(self, wish: Update) -> WishOutcome:
        request = self.people.updateContact(
            resourceName=wish.resource_name,
            body=changed_person(wish),
            updatePersonFields=mask(wish),
            personFields=PERSON_FIELDS,
            sources=SOURCES,
        )
        return _written(self.line.call(request, WRITE_ONE, CallKind.PERSONS))

    def many(self, wishes: Sequence[Update]) -> list[WishOutcome]:
        contacts = {wish.resource_name: changed_person(wish) for wish in wishes}
        request = self.people.batchUpdateContacts(body={"contacts": contacts, "updateMask": mask(wishes[0]), **SHOW})
        results = self.line.call(request, WRITE_BATCH, CallKind.PERSONS).get("updateResult")
        results = results if isinstance(results, dict) else {}
        return [_outcome(results.get(wish.resource_name)) for wish in wishes]

    def look(self, wishes: Sequence[Update], refusal: Judged) -> Mapping[int, WishOutcome]:
        """Where someone is stale or missing and Google does not say who: one read instead of many halves.

        An etag read in a list is written differently from the same one read directly (observed), so a few may be
        called stale that are not; they are read again like the others.
        """
        found: dict[int, WishOutcome] = {}
        if isinstance(refusal, PersonStale | PersonMissing):
            now = get(self.line, self.people, [wish.resource_name for wish in wishes])
            for place, wish in enumerate(wishes):
                seen = now[wish.resource_name]
                if seen is None:
                    found[place] = Missing()
                elif isinstance(seen, Seen) and seen.etag != wish.etag:
                    found[place] = Stale()
        return found

    def gone(self, wishes: Sequence[Update]) -> Sequence[bool]:
        """Google may answer 500 where it means 404 (observed); a reading of many says who is there."""
        now = get(self.line, self.people, [wish.resource_name for wish in wishes], answering=True)
        return [now[wish.resource_name] is None for wish in wishes]


@dataclass(frozen=True, slots=True)
class Deletes:
    """Persons to be deleted, by resource name. A repetition is harmless: who is gone is Missing."""

    line: CallLine
    people: Any
    singles: int = SINGLE_DELETES
    batch: int = 500
    repeatable: bool = True

    def key(self, place: int, wish: str) -> str:
        return wish

    def one(self, wish: str) -> WishOutcome:
        self.line.call(self.people.deleteContact(resourceName=wish), DELETE_ONE, CallKind.PERSONS)
        return Deleted()

    def many(self, wishes: Sequence[str]) -> list[WishOutcome]:
        request = self.people.batchDeleteContacts(body={"resourceNames": list(wishes)})
        self.line.call(request, DELETE_BATCH, CallKind.PERSONS)
        return [Deleted() for _ in wishes]

    def look(self, wishes: Sequence[str], refusal: Judged) -> Mapping[int, WishOutcome]:
        """Whether Google refuses a batch for one that is gone already is not documented; if so, find out who is."""
        if not isinstance(refusal, PersonMissing):
            return {}
        now = get(self.line, self.people, wishes)
        return {place: Missing() for place, name in enumerate(wishes) if now[name] is None}

    def gone(self, wishes: Sequence[str]) -> Sequence[bool]:
        """As for updates."""
        now = get(self.line, self.people, wishes, answering=True)
        return [now[name] is None for name in wishes]


def _outcome(response: object) -> WishOutcome:
    """One `PersonResponse`: Google's batches are all or nothing, but each may carry a status of its own (reference)."""
    if not isinstance(response, dict):
        return Unknown()
    return refused_alone(response.get("status")) or _written(response.get("person"))


def _may_be(wish: Create, made: WishOutcome) -> bool:
    return not isinstance(made, Written) or not made.seen.marks or wish.mark in made.seen.marks


def _written(person: object) -> WishOutcome:
    """What was done; Unknown where Google says that it was, but does not show it whole."""
    try:
        seen = read_person(person)
    except MalformedReply:
        return Unknown()
    return Unknown() if seen is None or seen.deleted else Written(seen)
