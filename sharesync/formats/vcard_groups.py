"""Group cards of a vCard file (`KIND:group`, and Apple's before there was one): notes that name them and their members.

A file comes into one group, as one act that is undone as one, by somebody who may edit that group. So an import makes
no groups of its own: which of a file's groups are to be shared, and with whom, is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharesync.errors import Sentence
from sharesync.formats.ledger import LONGEST, Ledger, Note
from sharesync.formats.vcard_values import Told
from sharesync.model.card import EMPTY

GROUP = Sentence("a group of the file, which an import does not make; make it here, and put its members into it")
MEMBERS = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")


class GroupCards:
    """The group cards of one file, and what its contacts are called."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._groups: list[tuple[int, str, list[str]]] = []
        self._notes: list[Note] = []

    def contact(self, told: Sequence[Told], title: str) -> None:
        """Hear of a contact, of whom a group card knows the UID only."""
        for one in told:
            if one.name == "UID" and title:
                self._names.setdefault(_bare(one.text), title)

    def group(self, line: int, told: Sequence[Told], notes: Sequence[Sentence], ledger: Ledger) -> None:
        """Take a group card; what it says beside its name and its members is noted value by value."""
        name = next((one.text for one in told if one.name in ("FN", "N") and one.text.strip("; ")), "")
        for one in told:
            if one.name in MEMBERS or (one.name in ("FN", "N") and one.text.strip("; ") in ("", name.strip("; "))):
                one.whole.taken_apart(())  # as the parts of a name that no card has
                one.whole.passes()
        self._groups.append((line, name.strip("; "), [one.text for one in told if one.name in MEMBERS and one.text]))
        self._notes += [Note(note, line, "", name) for note in notes]
        self._notes += ledger.notes_on(EMPTY)

    def notes(self) -> tuple[Note, ...]:
        """The notes on all of them, once the whole file is read: members by name where the file has their cards."""
        found = [note for group in self._groups for note in self._of(*group)]
        return tuple(sorted((*found, *self._notes), key=lambda note: note.line))

    def _of(self, line: int, name: str, members: Sequence[str]) -> Iterator[Note]:
        """A group with its members, in as many notes as it takes to name them all."""
        told = f"{name}: "
        for at, member in enumerate(self._names.get(_bare(member), member) for member in members):
            if at and len(told) + len(member) > LONGEST - 2:
                yield Note(GROUP, line, "", told.removesuffix(", ") + " …")
                told = f"{name}: "
            told += member + ", "
        yield Note(GROUP, line, "", told.removesuffix(", ").removesuffix(": "))


def _bare(uid: str) -> str:
    return uid.strip().casefold().removeprefix("urn:uuid:")
