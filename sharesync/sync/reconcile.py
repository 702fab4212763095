"""Reconciling: what was read from a mailbox, held against what is known of it, becomes decisions.

Every link and every person read is answered once, in one of the ways of `Decision` or by silence, where nothing is
new; the order of pages, persons and links means nothing. What may be read at all stands in `reading.py`, what a hand
may do in `rights.py`. A contact that is answered twice or not at all, by a fault of ours, is set aside alone: what is
half right about one contact must not be applied, and must not keep the others waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sharesync.model.link import Snapshot
from sharesync.model.mark import Marks
from sharesync.sync import linked, strangers
from sharesync.sync.decisions import Decision, Gone, Kept, Recheck, SecondCopy, Shared, Unclear, Unshared
from sharesync.sync.evidence import Evidence
from sharesync.sync.reading import Reading, Sides


def decide(
    known: Snapshot,
    reading: Reading,
    sides: Mapping[str, Sides],
    marks: Marks,
    now: datetime,
    settle: timedelta,
) -> tuple[Decision, ...]:
    """Answer every link and every person read. `sides` holds the cards of all contacts that `edited` named."""
    evidence = Evidence(known, reading, sides, marks, now, settle)
    return once_each(tuple(_decisions(evidence)), frozenset(evidence.survivors.values()))


def leaves_undecided(known: Snapshot, decisions: Sequence[Decision]) -> bool:
    """Whether a person is still to be looked at once these are applied: it may be merged with somebody now gone."""
    looked_for = {contact for contact, link in known.links.items() if link.look_at}
    decided = {one.contact for one in decisions if isinstance(one, Kept | Gone)}
    return any(isinstance(one, Recheck) for one in decisions) or not looked_for <= decided


def once_each(decisions: tuple[Decision, ...], awaited: frozenset[str]) -> tuple[Decision, ...]:
    """The decisions, with `Unclear` in place of all about a contact that has two, or is awaited and has none."""
    said = Counter(
        one.contact for one in decisions if not isinstance(one, Shared | Unshared | SecondCopy)
    )  # of persons
    unclear = {contact for contact, times in said.items() if times > 1} | (awaited - said.keys())
    if not unclear:
        return decisions
    sound = (one for one in decisions if getattr(one, "contact", None) not in unclear)
    return (*sound, *map(Unclear, sorted(unclear)))


def _decisions(evidence: Evidence) -> Iterator[Decision]:
    links = {link.source_id: link for link in evidence.known.links.values() if link.source_id}
    merged_away = frozenset(evidence.survivors.values())  # answered with the person that survives
    for _, link in sorted(links.items()):
        if link.contact not in merged_away and (decision := linked.answer(evidence, link)):
            yield decision
    alive = (seen for source_id, seen in evidence.persons.items() if source_id not in links and not seen.deleted)
    yield from strangers.answers(evidence, alive)
