"""What becomes of a person whose contact is not shared there any more: it goes, or what is the user's stays.

| the person | becomes |
| --- | --- |
| was erased, and is not one that the user had before (`adopted`) | deleted |
| of our making (`created`), as we left it, with nothing of its user's on it | deleted |
| of our making, with something of its user's | left to its user, with their values and the name |
| the user's (`adopted`, `given`) | left to its user: only our photo, mark and labels go |
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Link, Origin
from sharesync.model.mailbox import Seen
from sharesync.model.mark import Marks
from sharesync.model.photo import is_ours


@dataclass(frozen=True, slots=True)
class Leaver:
    """A person as it stands there, whose link ends."""

    link: Link
    seen: Seen
    marks: Marks
    our_labels: Collection[str]
    """Resource names of the labels that are ours."""

    @property
    def shows_our_photo(self) -> bool:
        """Whether the photo on it is ours."""
        sign = self.marks.vouched(self.seen.marks, self.seen.photo) or self.link.photo_sign
        return is_ours(sign, self.link.photo_sent, self.seen.photo)

    @property
    def is_as_agreed(self) -> bool:
        """Whether its content is what both sides last agreed on."""
        return self.seen.card.fingerprint == self.link.agreed

    @property
    def is_bare(self) -> bool:
        """Made by us, and nothing of the user's beside values: no own value, photo, label, star, unmanaged field."""
        own_photo = self.seen.photo is not None and not self.shows_our_photo
        made_by_us = self.link.origin is Origin.CREATED and not self.link.own
        return made_by_us and self.seen.is_bare(self.our_labels) and not own_photo

    @property
    def needs_versions(self) -> bool:
        """Whether what we may have written there must be known, to tell it from what is its user's."""
        return self.link.origin is Origin.CREATED and not (self.is_as_agreed and self.is_bare)

    def goes(self, written: Sequence[Card], *, erased: bool) -> bool:
        """Whether the person is deleted. `written` are the cards that we may have written there since.

        Of an erased contact all goes that was shared, even if its user touched it or brought it in; not what they
        had before.
        """
        if erased and self.link.origin is not Origin.ADOPTED:
            return True
        return (self.is_as_agreed or self.seen.card in written) and self.is_bare

    def remainder(self, written: Sequence[Card]) -> Card:
        """What stays: of our making own values, values changed since, and the name, to stay usable; else all."""
        if self.link.origin is not Origin.CREATED:
            return self.seen.card
        return EMPTY.replacing(
            {
                name: [
                    item
                    for item in items
                    if name == "names" or item in self.link.own[name] or not any(item in card[name] for card in written)
                ]
                for name, items in self.seen.card.items.items()
            }
        )
