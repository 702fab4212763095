"""Verifying: the check that the log is whole.

What can be found, and against what: an event or value that was changed, removed, inserted or moved, by its hash; a
contact that is not as the log says (`contacts_check.py`); the tail cut off, or the whole log written anew, by a
checkpoint kept outside the database, and by nothing else: who owns the database can write a log that is whole. Values
that were erased on request are named as erased, events that were retired as retired, and the log still verifies: of a
retired event the hash stays, so that the tree is computed from its first leaf on all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sharesync.errors import Events, InvalidInput, Sentence
from sharesync.formats.signed_note import Checkpoint
from sharesync.model import merkle
from sharesync.model.audit import commitment, envelope
from sharesync.services.log import contacts_check, keyring
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session
from sharesync.store.database.tables import EventRow, NodeRow, PayloadRow
from sharesync.store.log import raw_log, vouched
from sharesync.store.log.raw_log import Found
from sharesync.store.records import contacts


@dataclass(slots=True)
class LogVerdict:
    """What a check of the whole log found. Whole is: no finding. What was erased or retired lawfully is no finding."""

    size: int = 0
    root: bytes = b""
    findings: list[str] = field(default_factory=list)
    unguarded: list[str] = field(default_factory=list)
    """Triggers that keep the log append-only, and are not there: whoever took them away can have altered it since."""
    erased: list[str] = field(default_factory=list)
    """Ids of the contacts whose values were erased on request."""
    retired: int = 0
    """Events below this number were archived and taken away; their hashes are here."""
    checked: list[int] = field(default_factory=list)
    """Sizes of the checkpoints that the log was held against."""
    differing: list[Checkpoint] = field(default_factory=list)
    """Of the checkpoints those that are not of this log, or of more than there is of it."""

    @property
    def whole(self) -> bool:
        """Whether nothing was altered, as far as the database itself can tell, and nothing invites to."""
        return not self.told

    @property
    def told(self) -> list[str]:
        """Everything that is wrong."""
        gone = (
            Sentence("The trigger %(name)s, which keeps the log as it is, is gone.", name=one) for one in self.unguarded
        )
        return [*self.findings, *gone]

    def proven(self, outside: Collection[Checkpoint]) -> int:
        """How many events, from the first on, are those of a checkpoint that was kept outside; 0: nothing is proven.

        Not against whoever owns the database, that is: a log, its tree and a checkpoint in the data dir are theirs to
        write.
        """
        held = (point.size for point in outside if point.size in self.checked and point not in self.differing)
        return max(held, default=0)


MOST = 100
"""Findings that are told one by one."""


def verify(session: Session, checkpoints: Sequence[Checkpoint] = ()) -> LogVerdict:
    """Read the whole log, recompute every hash and hold it against the checkpoints."""
    due: dict[int, list[Checkpoint]] = {}
    for point in dict.fromkeys(checkpoints):
        due.setdefault(point.size, []).append(point)
    return _Check(session, due).run()


class _TooMany(Exception):
    """Enough was found."""


@dataclass
class _Check:
    """Reads the log once, from the first leaf to the last."""

    session: Session
    due: dict[int, list[Checkpoint]]
    verdict: LogVerdict = field(default_factory=LogVerdict)
    tree: dict[tuple[int, int], bytes] = field(default_factory=dict)
    """The roots of the largest complete subtrees so far."""
    kept: dict[int, Iterator[tuple[int, bytes]]] = field(default_factory=dict)
    """By level: the tree as the database has it."""
    retirements: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    right: bool = True
    """Whether that is the tree of the events."""
    readable: bool = True
    values: int = 0
    spans: dict[int, tuple[Any, Any]] | None = None
    erased: set[str] = field(default_factory=set)
    excused: set[str] = field(default_factory=set)
    said: dict[int, tuple[str, Any]] = field(default_factory=dict)
    """Below which numbers events were retired, as the log itself says: the archive's hash, and when."""

    def run(self) -> LogVerdict:
        verdict = self.verdict
        verdict.retired = event_log.start(self.session)
        verdict.unguarded = vouched.triggers_gone(self.session)
        self.spans = raw_log.spans(self.session)
        self._hold_against(0)
        self.retirements = raw_log.retirements(self.session)
        try:
            self._covered()
            self._retired()
            for expected, found in enumerate(raw_log.everything(self.session, verdict.retired), verdict.retired):
                if found.seq != expected:
                    self._find(Sentence("Event %(event)s is missing.", event=expected))
                    return verdict
                self._event(found)
            self._end()
            if not verdict.findings:  # a log that is not whole vouches for nothing
                for finding in contacts_check.altered(self.session):
                    self._find(finding)
        except _TooMany:
            verdict.findings.append(Sentence("There are more; the first hundred are told."))
        return verdict

    def _find(self, finding: str) -> None:
        if len(self.verdict.findings) >= MOST:
            raise _TooMany
        self.verdict.findings.append(finding)

    def _covered(self) -> None:
        """Hold the log against the checkpoints that cover what was retired, too."""
        for below, row in self.retirements.items():
            try:
                point = keyring.read(self.session, row["checkpoint"] if row else "")
            except InvalidInput:
                point = None
            if point is None or point.size != below:
                self._find(Sentence("What is kept of the retirement below %(event)s was changed.", event=below))
            else:
                self.due.setdefault(below, []).append(point)

    # -- event by event --

    def _retired(self) -> None:
        leaves = raw_log.nodes(self.session, 0)
        for seq in range(self.verdict.retired):
            place, leaf = next(leaves, (-1, b""))
            if place != seq:
                self._find(Sentence("The hash of event %(event)s, which was retired, is gone.", event=seq))
                self.right = False
            self._grow(seq, leaf)

    def _event(self, found: Found) -> None:
        seq, event = found.seq, found.event
        self.readable &= found.event is not None and found.values is not None
        if event is None:
            self._find(Sentence("Event %(event)s was changed.", event=seq))
            self._grow(seq, b"")
            return
        leaf = merkle.leaf_hash(envelope(event))
        if leaf != event["leaf"]:
            self._find(Sentence("Event %(event)s was changed.", event=seq))
        if not self._is_spanned(seq, event["at"]):
            self._find(Sentence("The log's list of times leaves event %(event)s out.", event=seq))
        self._values(event, found.values)
        if event["action"] == "contact.erase":
            self.excused.add(event["contact_id"])
        if event["action"] == "log.retire":
            below, archive = retired_below(event["reason"])
            self.said[below] = archive, event["at"]
        self._grow(seq, leaf)

    def _is_spanned(self, seq: int, at: Any) -> bool:
        first, last = (self.spans or {}).get(seq // event_log.STRETCH, (None, None))
        return first is not None and first <= at <= last

    def _values(self, event: dict[str, Any], values: list[dict[str, Any]] | None) -> None:
        if values is None:
            self._find(Sentence("Values of event %(event)s were changed.", event=event["seq"]))
            return
        self.values += len(values)
        for finding in _wrong_values(event, values):
            self._find(finding)
        if event["commitments"].keys() - {row["field"] for row in values}:
            self.erased.add(event["contact_id"] or f"event {event['seq']}")

    def _grow(self, seq: int, leaf: bytes) -> None:
        for level, place, hashed in merkle.completed(seq, leaf, self._node):
            self.tree[level, place] = hashed
            if level:  # only the roots of the largest subtrees are needed again
                del self.tree[level - 1, place * 2], self.tree[level - 1, place * 2 + 1]
                if level not in self.kept:
                    self.kept[level] = raw_log.nodes(self.session, level)
                self.right &= next(self.kept[level], None) == (place, hashed)
        self.verdict.size = seq + 1
        self._hold_against(seq + 1)

    # -- the whole --

    def _end(self) -> None:
        self._count()
        self._read_retirements()
        for more, points in sorted(self.due.items()):
            self.verdict.differing += points
            self._find(
                Sentence(
                    "The log has %(events)s, the checkpoint %(other)s: the end is gone.",
                    events=Events(self.verdict.size),
                    other=more,
                )
            )
        if raw_log.leads_astray(self.session):
            self._find(
                Sentence("An index leads past events or values that are there; lists and searches leave them out.")
            )
        self._read_erasures()

    def _count(self) -> None:
        """Find what is beside the tree: too many nodes, events or values, or too few."""
        verdict, size = self.verdict, self.verdict.size
        verdict.root = merkle.root(size, self._node)
        inner = sum(size >> level for level in range(1, size.bit_length()))
        if not self.right or raw_log.count(self.session, NodeRow) != inner + verdict.retired:
            self._find(Sentence("The log's tree does not belong to its events."))
        if raw_log.count(self.session, EventRow) != size - verdict.retired:
            self._find(Sentence("There are events outside the log's numbering."))
        if self.readable and raw_log.count(self.session, PayloadRow) != self.values:
            self._find(Sentence("There are values that belong to no event."))

    def _read_retirements(self) -> None:
        """Find what was retired and is not said to be, and what is kept of it otherwise than it was said."""
        verdict = self.verdict
        if verdict.retired and verdict.retired not in self.said:
            self._find(
                Sentence(
                    "Events below %(event)s are gone, and no retirement in the log says so.", event=verdict.retired
                )
            )
        for below, (archive, at) in self.said.items():
            row = self.retirements.get(below)
            if row is None or (row["archive"], row["at"]) != (archive, at):
                self._find(Sentence("What is kept of the retirement below %(event)s was changed.", event=below))

    def _read_erasures(self) -> None:
        """Find values that are gone although nothing was erased."""
        gone = contacts.erased(self.session, self.excused)
        self.verdict.erased = sorted(self.erased & gone)
        for what in sorted(self.erased & self.excused - gone):
            self._find(
                Sentence("Values of %(what)s are gone; the log says that it was erased, and it was not.", what=what)
            )
        for what in sorted(self.erased - self.excused):
            self._find(Sentence("Values of %(what)s are gone, and no erasure says why.", what=what))

    def _hold_against(self, size: int) -> None:
        for point in self.due.pop(size, ()):
            self.verdict.checked.append(size)
            if point.root != merkle.root(size, self._node):
                self.verdict.differing.append(point)
                self._find(
                    Sentence("The checkpoint does not belong to the log's first %(events)s.", events=Events(size))
                )

    def _node(self, level: int, place: int) -> bytes:
        return self.tree[level, place]


def _wrong_values(event: dict[str, Any], values: list[dict[str, Any]]) -> Iterator[str]:
    for row in values:
        promised = event["commitments"].get(row["field"])
        if promised is None:
            yield Sentence(
                "Event %(event)s has values that it does not vouch for (%(where)s).",
                event=event["seq"],
                where=row["field"],
            )
        elif promised != commitment(row["salt"], event["id"], row["field"], row["before"], row["after"]):
            yield Sentence(
                "Values of event %(event)s were changed (%(where)s).", event=event["seq"], where=row["field"]
            )


_RETIRED = re.compile(r"events below (\d+), archive sha256:([0-9a-f]{64})")


def retired_below(reason: str) -> tuple[int, str]:
    """Below which number a `log.retire` event says that events went, and the archive's hash; else 0 and nothing."""
    found = _RETIRED.fullmatch(reason)
    return (int(found[1]), found[2]) if found else (0, "")
