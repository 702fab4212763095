"""What a history remembers of itself: who typed, removed and moved what, by the journal of the sandbox's mailboxes.

It knows nothing of links, plans or passes. A value is looked at as atoms, (field, part, text), the smallest things that
a person types; whatever the service adds to the store must be made of atoms that somebody typed where they may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sharesync.model.mailbox import MARK_KEY
from sharesync.sandbox.contact import State, Version

Json = dict[str, Any]
Atom = tuple[str, str, str]
Person = tuple[str, str]
"""User id and source id."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "names": ("givenName", "familyName"),
    "emailAddresses": ("value",),
    "phoneNumbers": ("value",),
    "biographies": ("value",),
    "organizations": ("name", "title"),
    "birthdays": ("date",),
}
UNMANAGED = ("interests", "locales", "externalIds", "genders", "miscKeywords", "locations")


def atoms(fields: Mapping[str, Iterable[Mapping[str, Any]]]) -> frozenset[Atom]:
    """The atoms of a card or a person. Of tags each word is one: nobody sees their order, or how often one stands."""
    return frozenset(("userDefined", "tag", word) for word in tags(fields)) | frozenset(
        (name, part, value if isinstance(value, str) else "-".join(str(number) for _, number in sorted(value.items())))
        for name, parts in PARTS.items()
        for item in fields.get(name, ())
        for part in parts
        if (value := item.get(part))
    )


def tags(fields: Mapping[str, Iterable[Mapping[str, Any]]]) -> frozenset[str]:
    """The tags of a card or a person, which are a custom entry of that name."""
    told = (one["value"] for one in fields.get("userDefined", ()) if one["key"].casefold() == "tags")
    return frozenset(word for value in told for part in value.split(",") if (word := part.strip()))


def marks(version: Version) -> tuple[str, ...]:
    """Ids of contacts in the marks that a person carries."""
    values = (one["value"] for one in version.fields.get("clientData", ()) if one["key"] == MARK_KEY)
    return tuple(value.partition(".")[0].partition("~")[0].partition("+")[0] for value in values)


def foreign(version: Version) -> list[tuple[str, str]]:
    """What other programs keep with a person."""
    pairs = ((one["key"], one["value"]) for one in version.fields.get("clientData", ()))
    return sorted(pair for pair in pairs if pair[0] != MARK_KEY)


@dataclass
class Memory:
    """Everything that hands did, and which persons the service made."""

    made_by_us: set[Person] = field(default_factory=set)
    born_as: dict[Person, str] = field(default_factory=dict)
    """The contact whose mark a person of our making was born with."""
    touched: set[Person] = field(default_factory=set)
    """Persons on which a hand lay, in whatever way that is not undone by itself."""
    typed: dict[Person, set[Atom]] = field(default_factory=lambda: defaultdict(set))
    merged: dict[Person, set[Atom]] = field(default_factory=lambda: defaultdict(set))
    """Atoms that a merge brought to a person: its user's own."""
    erased: dict[Person, set[Atom]] = field(default_factory=lambda: defaultdict(set))
    removed: set[Person] = field(default_factory=set)
    """Persons that a hand deleted, merged away, or took a label from."""
    labelled: set[Person] = field(default_factory=set)
    """Persons that a hand put a label on, or brought back with one."""
    revived: set[Person] = field(default_factory=set)
    faces: dict[Person, str | None] = field(default_factory=dict)
    """The photo that a hand last gave a person in whatever way, or None where it took one off."""
    unsure: set[Person] = field(default_factory=set)
    """Persons whose photo a hand changed while nobody knew what had become of ours."""
    marked: dict[Person, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Contacts whose mark a person ever carried."""

    def hand(self, user: str, source_id: str, before: Version | None, now: Version, *, merging: bool) -> None:
        """A hand changed a person."""
        person = (user, source_id)
        was = before if before and before.state is State.LIVE else None
        live = now.state is State.LIVE
        self.marked[person].update(marks(now))
        old, new = atoms(was.fields) if was else frozenset(), atoms(now.fields) if live else frozenset()
        (self.merged if merging else self.typed)[person].update(new - old)
        if live and before:  # out of the trash, too, "Undo changes" may bring an older state
            self.erased[person].update(atoms(before.fields) - new)
        if (was and not live) or (was and set(was.labels) - set(now.labels)):
            self.removed.add(person)
        if live and set(now.labels) - set(was.labels if was else ()) - {"starred", "myContacts"}:
            self.labelled.add(person)
        if live and before and not was:
            self.revived.add(person)
        if before and now.photo != before.photo:
            self.faces[person] = now.photo
        phantom = was and live and (was.fields, was.labels, was.photo) == (now.fields, now.labels, now.photo)
        if not phantom:
            self.touched.add(person)
