"""Verifying: the check that the log is whole.

What can be found, and against what: an event or value that was changed, removed, inserted or moved, by its hash; the
tail cut off, or the whole log written anew, by any checkpoint kept outside the database. Values that were erased on
request are named as erased, events that were retired as retired, and the log still verifies: of a retired event the
hash stays, so that the tree is computed from its first leaf on all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sharesync.formats.signed_note import Checkpoint
from sharesync.model import merkle
from sharesync.model.audit import commitment, envelope
from sharesync.store import log
from sharesync.store.database import Session


@dataclass(slots=True)
class Verdict:
    """What a check of the whole log found. Whole is: no finding. Erased values are no finding."""

    size: int = 0
    root: bytes = b""
    findings: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    """Ids of the contacts whose values were erased on request."""
    checked: list[int] = field(default_factory=list)
    """Sizes of the checkpoints that the log was held against."""
    differing: list[Checkpoint] = field(default_factory=list)
    """Of the checkpoints those that are not of this log, or of more than there is of it."""

    @property
    def whole(self) -> bool:
        """Whether nothing was altered."""
        return not self.findings


MOST = 100
"""Findings that are told one by one."""


def verify(session: Session, checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
    """Read the whole log, recompute every hash and hold it against the checkpoints."""
    due: dict[int, list[Checkpoint]] = {}
    for point in dict.fromkeys(checkpoints):
        due.setdefault(point.size, []).append(point)
    return _Reader(session, due).read()


@dataclass
class _Reader:
    """Reads the log once, from the first event to the last."""

    session: Session
    due: dict[int, list[Checkpoint]]
    verdict: Verdict = field(default_factory=Verdict)
    tree: dict[tuple[int, int], bytes] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    excused: set[str] = field(default_factory=set)

    def read(self) -> Verdict:
        verdict = self.verdict
        for expected, (event, values) in enumerate(log.everything(self.session)):
            if event["seq"] != expected:
                verdict.findings.append(f"Event {expected} is missing.")
                return verdict
            self._event(event, values)
            if len(verdict.findings) > MOST:
                verdict.findings.append("There are more; the first hundred are told.")
                return verdict
        self._end()
        return verdict

    def _event(self, event: dict[str, Any], values: list[dict[str, Any]]) -> None:
        seq, verdict = event["seq"], self.verdict
        leaf = merkle.leaf_hash(envelope(event))
        if leaf != event["leaf"]:
            verdict.findings.append(f"Event {seq} was changed.")
        verdict.findings += _wrong_values(event, values)
        if event["action"] == "contact.erase":
            self.excused.add(event["contact_id"])
        if event["commitments"].keys() - {row["field"] for row in values}:
            self.erased.add(event["contact_id"] or f"event {seq}")
        for level, place, hashed in merkle.completed(seq, leaf, self._node):
            self.tree[level, place] = hashed
            if level:  # only the roots of the largest subtrees are needed again
                del self.tree[level - 1, place * 2], self.tree[level - 1, place * 2 + 1]
        verdict.size = seq + 1
        self._hold_against(verdict.size)

    def _end(self) -> None:
        verdict = self.verdict
        verdict.root = self._root()
        if verdict.root != _stored_root(self.session, verdict.size):
            verdict.findings.append("The log's tree does not belong to its events.")
        self._hold_against(0)
        for size, points in sorted(self.due.items()):
            verdict.differing += points
            verdict.findings.append(f"The log has {verdict.size} events, the checkpoint {size}: the end is gone.")
        verdict.erased = sorted(self.erased & self.excused)
        unexplained = sorted(self.erased - self.excused)
        verdict.findings += [f"Values of {what} are gone, and no erasure says why." for what in unexplained]

    def _hold_against(self, size: int) -> None:
        for point in self.due.pop(size, ()):
            self.verdict.checked.append(size)
            if point.root != merkle.root(size, self._node):
                self.verdict.differing.append(point)
                self.verdict.findings.append(f"The first {size} events are not those of the checkpoint.")

    def _node(self, level: int, place: int) -> bytes:
        return self.tree[level, place]

    def _root(self) -> bytes:
        return merkle.root(self.verdict.size, self._node)


def _stored_root(session: Session, size: int) -> bytes | None:
    try:
        return merkle.root(size, log.nodes(session))
    except KeyError:
        return None


def _wrong_values(event: dict[str, Any], values: list[dict[str, Any]]) -> Iterator[str]:
    for row in values:
        promised = event["commitments"].get(row["field"])
        if promised is None:
            yield f"Event {event['seq']} has values that it does not vouch for ({row['field']})."
        elif promised != commitment(row["salt"], event["id"], row["field"], row["before"], row["after"]):
            yield f"Values of event {event['seq']} were changed ({row['field']})."
