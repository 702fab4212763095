"""One mailbox during one pass, through the People API.

Reads are complete or an error; writes are answered wish by wish. Memberships are written by `modify` only, because a
membership mask on a person would replace the user's own labels too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Self

from sharesync.errors import Attention, GoogleError
from sharesync.google import person_reading, photos
from sharesync.google.batches import STUMBLES, Sent, open_question, send
from sharesync.google.budget import PHOTO_WRITE
from sharesync.google.calls import CallLine
from sharesync.google.failures import Broken, MailboxFull
from sharesync.google.labels import Labels
from sharesync.google.person import mask
from sharesync.google.person_writing import Creates, Deletes, Updates
from sharesync.model.mailbox import (
    MY_CONTACTS,
    Create,
    Listing,
    Meter,
    Missing,
    NotDone,
    Poisoned,
    Seen,
    SeenLabel,
    Unread,
    Update,
    WishOutcome,
)


class PeopleApi:
    """A mailbox, for use in a `with` statement. Not safe to share between threads; the service behind it is.

    Every method may raise RetryLater (and its kinds OutcomeUnknown and MalformedReply), Attention and MailboxPaused.
    """

    def __init__(self, line: CallLine, people: Any, contact_groups: Any) -> None:
        """`people` and `contact_groups` are the service's resources: slow to build, without state, shared."""
        self._line = line
        self._people = people
        self._labels = Labels(line, contact_groups)
        self.trouble: GoogleError | None = None
        """Why wishes were left Unknown or NotDone: the last reason, or the first that needs a person. The pass ends
        with it."""

    @property
    def meter(self) -> Meter:
        """What this pass has cost so far."""
        return self._line.meter

    def close(self) -> None:
        """Close the connection."""
        self._line.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- Reading. -----------------------------------------------------------------------------------------------------

    def listing(self, sync_token: str | None, believed: str = "") -> Listing:
        """Every person, or with a sync token what changed since (people.connections.list).

        Raises SyncTokenExpired, PageTokenExpired where that happened twice, and StrangeListing where fewer are listed
        than Google counts. `believed`: the sentence of such a one that has been so for long enough. Whether the count
        or the listing is wrong then, nobody says: whoever else is among "My Contacts" is read by name.
        """
        found = person_reading.listing(self._line, self._people, sync_token, believed)
        if not found.short:
            return found
        listed = {seen.resource_name for seen in found.persons.values()}
        left_out = self.get(sorted(self._labels.members(MY_CONTACTS) - listed)).values()
        more = {seen.source_id: seen for seen in left_out if isinstance(seen, Seen)}
        return replace(found, persons={**more, **found.persons})

    def get(self, resource_names: Iterable[str]) -> dict[str, Seen | Unread | None]:
        """The persons by the names asked for; None where there is none (any more) (people.getBatchGet).

        Unread where Google stumbles over that one each time, while it answers for others.
        A person whose resource name has changed stands under the old one (`PersonResponse.requestedResourceName`).
        """
        return person_reading.get(self._line, self._people, resource_names)

    def labels(self) -> tuple[SeenLabel, ...]:
        """Every label of the mailbox but Google's own groups (contactGroups.list)."""
        return self._labels.read()

    # --- Writing persons: one outcome for each wish, in order; an error is raised only if nothing was executed. -------

    def create(self, creates: Sequence[Create]) -> list[WishOutcome]:
        """Make persons, each with its labels and its mark. Never sent again where it may have been executed.

        Where no more fit, they are NotDone and `trouble` says so, as changing and deleting still work. Raises
        LabelMissing where Google does not know one of the labels.
        """
        sent = send(Creates(self._line, self._people), creates, [range(len(creates))])
        # What is missing for a person to be made is its label: the next pass sees that when it reads the labels.
        outcomes: list[WishOutcome] = [
            NotDone() if isinstance(outcome, Missing) else outcome for outcome in sent.outcomes
        ]
        return self._told(replace(sent, outcomes=outcomes))

    def update(self, updates: Sequence[Update]) -> list[WishOutcome]:
        """Replace fields of persons. Those with the same fields go together, since a batch has one mask for all.

        A second update of the same person is NotDone: its etag ends with the first.
        """
        groups: dict[str, list[int]] = {}
        first = {update.resource_name: place for place, update in reversed(list(enumerate(updates)))}
        for place in sorted(first.values()):
            groups.setdefault(mask(updates[place]), []).append(place)
        return self._told(send(Updates(self._line, self._people), updates, groups.values(), failing=self._line.failing))

    def delete(self, resource_names: Sequence[str]) -> list[WishOutcome]:
        """Delete persons. Deleted and Missing both mean that there is none now."""
        names = list(dict.fromkeys(resource_names))
        kind = Deletes(self._line, self._people)
        outcomes = self._told(send(kind, names, [range(len(names))], failing=self._line.failing))
        by_name = dict(zip(names, outcomes, strict=True))
        return [by_name[name] for name in resource_names]

    def affords_photo(self) -> bool:
        """Whether a photo can be written now: Google takes few a minute, and a pass does not wait for the next."""
        return self._line.budget is None or self._line.budget.affords(self._line.account, PHOTO_WRITE)

    def put_photo(self, resource_name: str, content: bytes) -> WishOutcome:
        """Give a person this photo (JPEG or PNG), whatever stood there: Google takes no etag. Repeating does no harm.

        Written, Missing or Poisoned. Raises OutcomeUnknown where it may have been executed.
        """
        return self._photo(resource_name, lambda: photos.put(self._line, self._people, resource_name, content))

    def take_photo(self, resource_name: str) -> WishOutcome:
        """Take a person's photo away, whichever it is; otherwise as `put_photo`."""
        return self._photo(resource_name, lambda: photos.take(self._line, self._people, resource_name))

    def _photo(self, resource_name: str, send_it: Callable[[], WishOutcome]) -> WishOutcome:
        """Where nothing else has got through for some passes, the contact is to blame that Google stumbles over."""
        try:
            return send_it()
        except Broken:
            if not self._line.failing:
                raise
            there = self.get([resource_name])[resource_name]
            return Missing() if there is None else Poisoned(STUMBLES, perhaps_done=True)

    def _told(self, sent: Sent) -> list[WishOutcome]:
        if sent.trouble is not None and not sent.answered and not isinstance(sent.trouble, MailboxFull):
            raise sent.trouble
        trouble = sent.trouble or open_question(sent.outcomes)
        if trouble is not None and not isinstance(self.trouble, Attention):
            self.trouble = trouble
        return sent.outcomes

    # --- Writing labels. ----------------------------------------------------------------------------------------------

    def label(self, resource_name: str) -> SeenLabel | None:
        """One label, read directly: a listing may lag. None where it is gone."""
        return self._labels.one(resource_name)

    def holds_others(self, resource_name: str, persons: Collection[str] = ()) -> bool:
        """Whether anybody but these persons is under a label, read directly; nobody is where it is gone.

        Where Google shows fewer than it counts, somebody may be.
        """
        return self._labels.holds_others(resource_name, persons)

    def create_label(self, name: str, mark: str) -> SeenLabel:
        """Make a label with our mark. Never sent again where it may have been executed.

        Raises LabelNameTaken, OutcomeUnknown.
        """
        return self._labels.create(name, mark)

    def rename_label(self, seen: SeenLabel, name: str, mark: str) -> SeenLabel:
        """Give a label this name and mark; other programs' data on it stays.

        Raises LabelStale (Google has two shapes for it), LabelNameTaken, LabelMissing.
        """
        return self._labels.rename(seen, name, mark)

    def leave_label(self, seen: SeenLabel) -> SeenLabel:
        """Take our mark off a label that its user keeps; its name and other programs' data stay as they are.

        Raises LabelStale, LabelMissing.
        """
        return self._labels.leave(seen)

    def delete_label(self, resource_name: str) -> None:
        """Delete a label and leave its persons alone. A label that is gone already is done."""
        self._labels.delete(resource_name)

    def modify(self, label: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> frozenset[str]:
        """Put a label on persons and take it off others (contactGroups.members.modify); repeating does no harm.

        Returns the names that Google does not know. Raises LabelMissing.
        """
        return self._labels.modify(label, add, remove)
