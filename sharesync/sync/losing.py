"""Which losses of access wait for a person, because so many people lose a group at once by what Directory says.

A listing of Directory may be short, empty or "not found" for an hour and right again after it; what is withdrawn from
hundreds of mailboxes meanwhile is written to hundreds of mailboxes twice. So access that ends by no hand in sharesync,
for strictly more than `max(count, share)` of the people who see a group, or for all of a Google group or unit of two
or more at once, waits. One person's loss is carried out at once: somebody who leaves must not keep what they had.

People who wait already count with those who lose the same group by the same principal, as one act in pieces.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import NamedTuple

from sharesync.model.access import Principal
from sharesync.sync.holds import Limits

PATIENCE = timedelta(hours=24)
"""For so long it waits, where every reading since says the same; then it is carried out."""
SEVERAL = 2
"""So few people and more are asked about, whatever the limits are; one person's loss never is."""


class Path(NamedTuple):
    """One way by which somebody sees a group."""

    user: str
    group: str
    who: Principal


def waiting(
    before: Collection[Path],
    after: Collection[Path],
    already: Collection[Path],
    emptied: Mapping[Principal, frozenset[str]],
    limits: Limits,
) -> frozenset[Path]:
    """The paths that are kept until somebody decides about them: all ways by which these people saw these groups.

    `before` and `after` are all paths that count without this decision; those `already` waiting are among both.
    `emptied` are Google groups and units in which nobody is any more, with the people who were in them.
    """
    seen, still = _people(before), _people(after)
    kept: set[Path] = set()
    for group, people in seen.items():
        losers = people - still.get(group, set())
        if not losers:
            continue
        lost = {path for path in before if path.group == group and path.user in losers}
        ways = {path.who for path in lost}
        together = losers | {path.user for path in already if path.group == group and path.who in ways}
        if len(together) < SEVERAL:
            continue
        if len(together) > max(limits.count, limits.share * len(people)):
            wait = losers
        else:
            whole = [members for who, members in emptied.items() if len(members & together) >= SEVERAL]
            wait = losers & frozenset().union(*whole)
        kept |= {path for path in lost if path.user in wait}
    return frozenset(kept)


def _people(paths: Collection[Path]) -> dict[str, set[str]]:
    people: dict[str, set[str]] = {}
    for path in paths:
        people.setdefault(path.group, set()).add(path.user)
    return people
