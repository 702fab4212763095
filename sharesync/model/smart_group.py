"""A smart group: a group whose contacts a filter chooses, out of the groups that its owner manages.

A contact is in it while it is in one of the source groups that count and the filter holds of it; nothing else puts it
in or takes it out. A source counts while the owner manages it. The filter is kept as it was typed and asked anew each
day, since `changed>-90d` means another day each day; its days begin in the zone in which the group was made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from sharesync.errors import InvalidFilter, InvalidInput
from sharesync.model.access import Level, Principal
from sharesync.model.company_fields import NO_FIELDS, CompanyFields
from sharesync.model.filter_lines import parse
from sharesync.model.filters import Filter, Searched

HIGHEST = Level.EDIT
"""Of the levels on a smart group: what is more is about who is in it, and that the filter says."""
_FAR = timedelta(days=40)
"""Two days so far apart differ in every unit that a filter may count in."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A contact as a filter looks at it, with the groups that hold it."""

    words: str
    facets: str
    groups: frozenset[str]
    """By id."""
    moments: Mapping[str, datetime]
    amounts: Mapping[str, Collection[float]]


@dataclass(frozen=True, slots=True)
class SmartGroup:
    """What says who is in a smart group."""

    id: str
    filter: str
    zone: str
    """The IANA name of the zone whose days count; empty is this machine's."""
    owner: Principal | None
    """A user or a service; None: administrators alone manage it."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The haystack of the name of each source that counts, by the source's id."""
    lost: frozenset[str] = frozenset()
    """Ids of the sources that its owner does not manage."""
    fields: CompanyFields = NO_FIELDS
    """What its filter may ask for besides."""

    def asks(self, now: datetime) -> Filter:
        """What it asks for today. Raises InvalidFilter where a release does not know a name any more."""
        return _asked(self.filter, self._today(now), self.zone, self.fields)

    def holds(self, one: Considered, now: datetime) -> bool:
        """Whether a contact belongs into it. Raises InvalidFilter."""
        held = one.groups & self.sources.keys()
        if not held:
            return False
        names = {group: self.sources[group] for group in held}
        return self.asks(now).holds(Searched(one.words, one.facets, names, one.moments, one.amounts))

    def changes_at(self, now: datetime) -> datetime | None:
        """When time alone may next change who is in it: at the next midnight where a day is relative, else never."""
        today = self._today(now)
        try:
            far = _asked(self.filter, today + _FAR, self.zone, self.fields)
            if _asked(self.filter, today, self.zone, self.fields) == far:
                return None
        except InvalidFilter:
            pass
        return datetime.combine(today + timedelta(days=1), time(), zone_of(self.zone)).astimezone(UTC)

    def _today(self, now: datetime) -> date:
        return now.astimezone(zone_of(self.zone)).date()


def checked_filter(text: str, now: datetime, zone: str, fields: CompanyFields) -> str:
    """A filter that may be kept, cleaned of spaces around it. Raises InvalidInput, InvalidFilter, SearchTooLong.

    It is asked of the contacts that change, so it asks nothing that depends on what other contacts are.
    """
    text = " ".join(text.split()) if '"' not in text else text.strip()
    asked = parse(text, now, zone_of(zone), fields)
    if not asked:
        raise InvalidInput("A smart group needs a filter that asks for something.")
    if asked.looks_at_others:
        raise InvalidInput("A smart group cannot ask for duplicates; save the filter instead.")
    return text


def zone_of(name: str) -> tzinfo | None:
    """The zone of an IANA name; None, this machine's, where it is empty."""
    return ZoneInfo(name) if name else None


@lru_cache(maxsize=4096)
def _asked(text: str, day: date, zone: str, fields: CompanyFields) -> Filter:
    """Parsed once a day: to read a hundred filters takes longer than an edit."""
    return parse(text, datetime.combine(day, time(12), zone_of(zone)).astimezone(UTC), zone_of(zone), fields)
