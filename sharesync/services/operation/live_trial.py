"""The live trial: how Google really behaves where no document says, tried in one mailbox with a contact of our own.

One person and one label are made there, looked at, changed, and removed again: also where something fails half-way, and
what an earlier trial that was cut off has left. They carry a mark that is no contact's, so no pass takes them for ours.
Nothing else in the mailbox is written. An answer decides nothing by itself: it tells which of several ways this
Workspace goes, and passes can deal with each.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field

from sharesync.errors import GoogleError, LabelMissing, LabelNameTaken, SyncTokenExpired
from sharesync.google.people import PeopleApi
from sharesync.model.card import Card
from sharesync.model.mailbox import Create, Deleted, Listing, Missing, Seen, SeenLabel, Stale, Update, Written

NAME = "sharesync trial, removed again at once"
MARK = "trial"
LABEL = "Sharesync trial"
_CARD = Card.parse(
    {
        "names": [{"givenName": NAME, "familyName": "Ågård"}],
        "emailAddresses": [{"value": "Trial.Person@Example.com", "type": "work"}],
        "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "work"}, {"value": "ask at the desk", "type": "home"}],
        "addresses": [{"streetAddress": "Torvet 1", "city": "Aarhus", "country": "Denmark", "type": "work"}],
        "biographies": [{"value": "line one\nline two"}],
    }
)
_PHOTO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mOQKn6BFTEMLQkAPGRdQQpaXewAAAAASUVORK5CYII="
)
PAUSES = (0.0, 2.0, 5.0, 15.0, 40.0)
"""Seconds between two looks at what a listing does not show yet: a minute in all."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One thing that was tried, and what came of it; `is_trouble` where it could not be tried, or not be undone."""

    what: str
    found: str
    is_trouble: bool = False


class _CutOff(Exception):
    """The trial cannot go on; its sentence says why."""


def try_out(people: PeopleApi, pause: Callable[[float], object], tell: Callable[[Observed], object]) -> None:
    """Try everything, telling of each thing as soon as it is known, and remove what was made.

    `pause` waits so many seconds.
    """
    trial = _Trial(people, pause, tell)
    try:
        trial.go()
    except (GoogleError, _CutOff) as error:
        tell(Observed("the trial", f"ended before all was tried: {error}", is_trouble=True))
    finally:
        trial.clean_up()


@dataclass
class _Trial:
    people: PeopleApi
    pause: Callable[[float], object]
    tell: Callable[[Observed], object]
    made: set[str] = field(default_factory=set)
    """Resource names of what was made, as far as Google has answered."""

    def go(self) -> None:
        """Everything, each thing with what the one before left."""
        left = self._remove(self._all())
        if left:
            self._say("an earlier trial", f"had left {left} contacts or labels behind; they are removed")
        token = self._all().next_sync_token
        seen = self._make()
        self._listed(seen, token)
        seen = self._edited(seen)
        self._photographed(seen)
        self._labelled(seen)
        self._made_up_token()
        self._deleted_twice(seen)

    # -- what is tried --

    def _make(self) -> Seen:
        outcome = self.people.create([Create(_CARD, frozenset(), MARK)])[0]
        if not isinstance(outcome, Written):
            raise _CutOff(f"the contact could not be made ({_in_words(outcome)}).")
        self.made.add(outcome.seen.resource_name)
        other = sorted(outcome.seen.card.differs(_CARD))
        self._say("values", f"come back otherwise in {', '.join(other)}" if other else "come back as they were sent")
        return outcome.seen

    def _listed(self, made: Seen, token: str | None) -> None:
        waited, listed = self._until(lambda: self._all().persons.get(made.source_id))
        self._say("a new contact in a full listing", _when(waited))
        if listed is not None:
            same = "is" if listed.etag == made.etag else "is not"
            self._say("the etag of a listing", f"{same} that of the answer to the write")
        waited, changed = self._until(lambda: self.people.listing(token).persons.get(made.source_id))
        self._say("a new contact among the changes", _when(waited))
        if changed is not None:
            self._say("our mark among the changes", "is there" if MARK in changed.marks else "is missing")

    def _edited(self, seen: Seen) -> Seen:
        card = _CARD.replacing({"biographies": Card.parse({"biographies": [{"value": "changed"}]})["biographies"]})
        wish = Update(seen.source_id, seen.resource_name, seen.etag, card, frozenset({"biographies"}))
        outcome = self.people.update([wish])[0]
        if not isinstance(outcome, Written):
            raise _CutOff(f"the contact could not be changed ({_in_words(outcome)}).")
        kept = "keeps" if MARK in outcome.seen.marks else "loses"
        self._say("an update of another field", f"{kept} our mark")
        again = self.people.update([wish])[0]
        refused = "is refused, as it should be" if isinstance(again, Stale) else f"is not refused: {_in_words(again)}"
        self._say("an update with an old etag", refused)
        return again.seen if isinstance(again, Written) else outcome.seen

    def _photographed(self, seen: Seen) -> None:
        token = self._all().next_sync_token
        outcome = self.people.put_photo(seen.resource_name, _PHOTO)
        if not isinstance(outcome, Written):
            self._say("a photo", f"was not taken: {_in_words(outcome)}")
            return
        waited, _ = self._until(lambda: self.people.listing(token).persons.get(seen.source_id))
        self._say("a new photo among the changes", _when(waited))

    def _labelled(self, seen: Seen) -> None:
        label = self.people.create_label(LABEL, MARK)
        self.made.add(label.resource_name)
        waited, _ = self._until(lambda: self._put_on(label, seen))
        self._say("a label just made", "cannot be put on" if waited is None else f"can be put on {_after(waited)}")
        try:
            other = self.people.create_label(LABEL.upper(), MARK)
        except LabelNameTaken:
            self._say("two labels that differ in capitals alone", "cannot be")
        else:
            self.made.add(other.resource_name)
            self._say("two labels that differ in capitals alone", "can be")
        token = self._all().next_sync_token
        self.people.rename_label(self._fresh(label), f"{LABEL} (renamed)", MARK)
        waited, _ = self._until(lambda: self.people.listing(token).persons.get(seen.source_id))
        self._say("contacts under a renamed label among the changes", _when(waited))

    def _put_on(self, label: SeenLabel, seen: Seen) -> bool | None:
        try:
            return not self.people.modify(label.resource_name, add=[seen.resource_name]) or None
        except LabelMissing:
            return None

    def _fresh(self, label: SeenLabel) -> SeenLabel:
        return self.people.label(label.resource_name) or label

    def _made_up_token(self) -> None:
        try:
            self.people.listing("trial")
        except SyncTokenExpired:
            self._say("a sync token that Google does not know", "counts as one that has ended")
        except GoogleError as error:
            self._say("a sync token that Google does not know", f"is answered so: {error}")
        else:
            self._say("a sync token that Google does not know", "is taken")

    def _deleted_twice(self, seen: Seen) -> None:
        outcome = self.people.delete([seen.resource_name])[0]
        if not isinstance(outcome, Deleted | Missing):
            raise _CutOff(f"the contact could not be deleted ({_in_words(outcome)}).")
        again = self.people.delete([seen.resource_name])[0]
        self._say("to delete what is deleted", _in_words(again))
        waited, _ = self._until(lambda: seen.source_id not in self._all().persons or None)
        self._say("a deleted contact in a full listing", _when(waited, is_gone=True))

    # -- removing --

    def clean_up(self) -> None:
        """Remove what was made, and what was made although its answer was lost."""
        try:
            self._remove(self._all())
            self.people.delete(self.made_people)
            for name in sorted(self.made):
                if name.startswith("contactGroups/"):
                    self.people.delete_label(name)
            left = [name for name, one in self.people.get(self.made_people).items() if one is not None]
        except GoogleError as error:
            self._trouble(f"“{NAME}” and the label “{LABEL}” may still be there; delete them by hand. {error}")
        else:
            if left:
                self._trouble(f"“{NAME}” is still there; delete it by hand.")
            else:
                self._say("what the trial made", "is removed again; the contact lies in Google's trash for 30 days")

    @property
    def made_people(self) -> list[str]:
        """Resource names of the persons that were made."""
        return sorted(name for name in self.made if name.startswith("people/"))

    def _remove(self, listing: Listing) -> int:
        """Delete every person and label that carries the trial's mark; how many there were."""
        persons = [one.resource_name for one in listing.persons.values() if MARK in one.marks and not one.deleted]
        labels = [one for one in self.people.labels() if one.mark == MARK and not one.deleted]
        if persons:
            self.people.delete(persons)
        for label in labels:
            self.people.delete_label(label.resource_name)
        return len(persons) + len(labels)

    # -- words --

    def _all(self) -> Listing:
        return self.people.listing(None)

    def _until(self, look: Callable[[], object]) -> tuple[float | None, Seen | None]:
        """How long it took until something was seen, None where it never was; and what, where that is a person."""
        waited = 0.0
        for pause in PAUSES:
            if pause:
                self.pause(pause)
            waited += pause
            found = look()
            if found is not None:
                return waited, found if isinstance(found, Seen) else None
        return None, None

    def _say(self, what: str, found: str) -> None:
        self.tell(Observed(what, found))

    def _trouble(self, found: str) -> None:
        self.tell(Observed("what the trial made", found, is_trouble=True))


def _when(waited: float | None, *, is_gone: bool = False) -> str:
    if waited is None:
        return f"{'is still there' if is_gone else 'is not shown'} after {sum(PAUSES):.0f} seconds"
    return f"{'is gone' if is_gone else 'is shown'} {_after(waited)}"


def _after(waited: float) -> str:
    return f"within {waited:.0f} seconds" if waited else "at once"


_WORDS = {
    "Written": "done",
    "Deleted": "done",
    "Stale": "refused for its etag",
    "Missing": "answered as not there",
    "Poisoned": "refused",
    "Unknown": "the answer was lost",
    "NotDone": "not done",
}


def _in_words(outcome: object) -> str:
    return _WORDS[type(outcome).__name__]
