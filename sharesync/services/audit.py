"""The change log in use: checkpoints that bind it, proofs from it, and the check that it is whole.

What can be found, and against what: an event or value that was changed, removed, inserted or moved, by its hash; the
tail cut off, or the whole log written anew, by any checkpoint kept outside the database. Values that were erased on
request are named as erased, and the log still verifies.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sharesync.errors import InvalidInput, NotFound
from sharesync.formats import signed_note
from sharesync.formats.signed_note import Checkpoint, Signer
from sharesync.model import merkle
from sharesync.model.audit import Event, commitment, envelope
from sharesync.store import events, log, secrets
from sharesync.store.database import Session
from sharesync.store.events import Filter
from sharesync.store.work import Work


def signer(session: Session, origin: str) -> Signer:
    """The log's key, under the name by which auditors know it (`example.com/sharesync`)."""
    return Signer(origin, secrets.get(session, "log"))


def checkpoint(session: Session, key: Signer, size: int | None = None) -> str:
    """The log as it stands (or its first `size` events), signed: to keep where the database's owner cannot reach."""
    size = log.size(session) if size is None else size
    return key.sign(Checkpoint(key.name, size, merkle.root(size, log.nodes(session))))


# --- Reading ---------------------------------------------------------------------------------------------------------


def read(work: Work, wanted: Filter, *, before: int | None = None, limit: int = 100) -> list[dict[str, Any]]:
    """A page of events, the newest first; that someone looked is an event itself."""
    found = events.page(work.session, wanted, before=before, limit=limit)
    work.record(Event("log.read", reason=f"{_asked(wanted)}: {len(found)} events"))
    return found


def note_export(work: Work, wanted: Filter, form: str) -> int:
    """Log that someone takes a copy of the events that match; returns how many events the log held before that."""
    work.record(Event("log.export", reason=f"{_asked(wanted)} as {form}"))
    return log.size(work.session)


def _asked(wanted: Filter) -> str:
    """Which filters were set. What someone searched for may be a name, and names do not go into the log."""
    names = [name for name in Filter.__slots__ if getattr(wanted, name)]
    return "by " + ", ".join(names) if names else "all"


# --- Verifying -------------------------------------------------------------------------------------------------------


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

    @property
    def whole(self) -> bool:
        """Whether nothing was altered."""
        return not self.findings


MOST = 100
"""Findings that are told one by one."""


def verify(session: Session, checkpoints: Sequence[Checkpoint] = ()) -> Verdict:
    """Read the whole log, recompute every hash and hold it against the checkpoints."""
    return _Reader(session, {point.size: point for point in checkpoints}).read()


@dataclass
class _Reader:
    """Reads the log once, from the first event to the last."""

    session: Session
    due: dict[int, Checkpoint]
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
        if point := self.due.pop(verdict.size, None):
            _hold_against(verdict, point, self._root())

    def _end(self) -> None:
        verdict = self.verdict
        verdict.root = self._root()
        if verdict.root != _stored_root(self.session, verdict.size):
            verdict.findings.append("The log's tree does not belong to its events.")
        for size, point in sorted(self.due.items()):
            if size == 0:
                _hold_against(verdict, point, merkle.EMPTY_ROOT)
            else:
                verdict.findings.append(f"The log has {verdict.size} events, the checkpoint {size}: the end is gone.")
        verdict.erased = sorted(self.erased & self.excused)
        unexplained = sorted(self.erased - self.excused)
        verdict.findings += [f"Values of {what} are gone, and no erasure says why." for what in unexplained]

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


def _hold_against(verdict: Verdict, point: Checkpoint, root: bytes) -> None:
    verdict.checked.append(point.size)
    if root != point.root:
        verdict.findings.append(f"The first {point.size} events are not those of the checkpoint.")


# --- Proving ---------------------------------------------------------------------------------------------------------


def prove(session: Session, seq: int, key: Signer) -> dict[str, Any]:
    """Proof that an event is in the log: its envelope, the path to the root, the signed checkpoint. Raises NotFound."""
    size = log.size(session)
    found = next(iter(log.everything(session, start=seq, batch=1)), None) if 0 <= seq < size else None
    if found is None:
        raise NotFound("event", str(seq), "`sharesync audit list` shows the latest.")
    event, _ = found
    path = merkle.inclusion(seq, size, log.nodes(session))
    return {
        "seq": seq,
        "envelope": envelope(event).decode(),
        "leaf": base64.b64encode(event["leaf"]).decode(),
        "proof": [base64.b64encode(step).decode() for step in path],
        "checkpoint": checkpoint(session, key),
        "verifier": key.verifier(),
    }


def prover(session: Session, size: int) -> Callable[[int], list[str]]:
    """Gives inclusion proofs of many events in the tree of that size; hashes once read are kept."""
    stored = cache(log.nodes(session))

    def prove_one(seq: int) -> list[str]:
        return [base64.b64encode(step).decode() for step in merkle.inclusion(seq, size, stored)]

    return prove_one


def prove_consistency(session: Session, old: Checkpoint, key: Signer) -> dict[str, Any]:
    """Proof that the log only grew since a checkpoint. Raises InvalidInput where it is not one of this log."""
    size = log.size(session)
    if not 0 < old.size <= size:
        raise InvalidInput(f"The checkpoint is of {old.size} events; the log has {size}.")
    proof = merkle.consistency(old.size, size, log.nodes(session))
    return {
        "from": old.size,
        "to": size,
        "proof": [base64.b64encode(step).decode() for step in proof],
        "checkpoint": checkpoint(session, key),
        "verifier": key.verifier(),
    }


def check_proof(proof: dict[str, Any], verifier: str) -> bool:
    """Whether a proof of `prove` holds, from itself and the public key alone: what a third party runs."""
    point = signed_note.read(proof["checkpoint"], verifier)
    leaf = merkle.leaf_hash(proof["envelope"].encode())
    path = [base64.b64decode(step) for step in proof["proof"]]
    return merkle.check_inclusion(leaf, proof["seq"], point.size, path, point.root)
