"""What people should know of a file before it is imported: contacts without a name, and the same person twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharesync.formats.entries import Entry, Parsed
from sharesync.model.card import Card
from sharesync.model.spelling import dial


@dataclass(frozen=True, slots=True)
class Twins:
    """Entries of one file that are about one person: the same name, and an address or number that both have."""

    title: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What was found; none of it prevents the import."""

    nameless: tuple[int, ...]
    """The lines of contacts that lists would show without a name."""
    twins: tuple[Twins, ...]


def findings(entries: Sequence[Entry]) -> FileFindings:
    """Look at all entries of a file, in time that grows no faster than the file."""
    parsed = [one for one in entries if isinstance(one, Parsed)]
    nameless = tuple(one.line for one in parsed if not one.card.title)
    return FileFindings(nameless, tuple(_twins(parsed)))


def _twins(parsed: Iterable[Parsed]) -> Iterable[Twins]:
    seen: dict[object, int] = {}
    together: dict[int, list[Parsed]] = {}
    for one in parsed:
        keys = list(_keys(one.card))
        first = next((seen[key] for key in keys if key in seen), one.line)
        together.setdefault(first, []).append(one)
        for key in keys:
            seen.setdefault(key, first)
    for ones in together.values():
        if len(ones) > 1:
            yield Twins(ones[0].card.title, tuple(one.line for one in ones))


def _keys(card: Card) -> Iterable[object]:
    yield card.fingerprint
    name = card.title.casefold()
    for item in card["emailAddresses"]:
        yield name, item.text("value").casefold()
    for item in card["phoneNumbers"]:
        yield name, dial(item.text("value"))
