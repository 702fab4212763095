"""Proving: that an event is in the log, and that the log only grew; and how a third party checks it.

Whoever checks needs the proof and the public key, nothing else: no database, and no trust in who runs it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sharesync.errors import Events, InvalidInput, NotFound, Refused
from sharesync.formats import signed_note
from sharesync.formats.signed_note import Checkpoint, Signer
from sharesync.model import merkle
from sharesync.model.audit import envelope
from sharesync.services.log import keyring
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session


def checkpoint(session: Session, key: Signer, size: int | None = None) -> str:
    """The log as it stands (or its first `size` events), signed: to keep where the database's owner cannot reach."""
    size = event_log.size(session) if size is None else size
    return key.sign(Checkpoint(key.name, size, merkle.root(size, event_log.nodes(session))))


def prove(session: Session, seq: int, key: Signer) -> dict[str, Any]:
    """Proof that an event is in the log: its envelope, the path to the root, the signed checkpoint. Raises NotFound."""
    size = event_log.size(session)
    found = next(iter(event_log.everything(session, start=seq, batch=1)), None) if 0 <= seq < size else None
    if found is None:
        raise NotFound("event", str(seq), "`sharesync audit list` shows the latest.")
    event, _ = found
    return {
        "seq": seq,
        "envelope": envelope(event).decode(),
        "leaf": _text(event["leaf"]),
        "proof": [_text(step) for step in merkle.inclusion(seq, size, event_log.nodes(session))],
        "checkpoint": checkpoint(session, key),
        "verifier": key.verifier(),
    }


def prover(session: Session, size: int) -> Callable[[int], list[str]]:
    """Gives inclusion proofs of many events in the tree of that size; hashes once read are kept."""
    stored = cache(event_log.nodes(session))

    def prove_one(seq: int) -> list[str]:
        return [_text(step) for step in merkle.inclusion(seq, size, stored)]

    return prove_one


def prove_growth(session: Session, old: str, new: str | None, key: Signer) -> dict[str, Any]:
    """Proof that the log of one checkpoint is the beginning of that of another, or of the log as it stands.

    `old` and `new` are signed notes. Raises InvalidInput where one is no checkpoint of ours, Refused where the log is
    not the one that was signed: then there is no such proof.
    """
    new = checkpoint(session, key) if new is None else new
    first, last = (_of_this_log(session, note) for note in (old, new))
    if not 0 < first.size <= last.size:
        raise InvalidInput(
            "A log of %(events)s does not grow into one of %(other)s.", events=Events(first.size), other=last.size
        )
    return {
        "from": first.size,
        "to": last.size,
        "proof": [_text(step) for step in merkle.consistency(first.size, last.size, event_log.nodes(session))],
        "old": old,
        "checkpoint": new,
        "verifier": key.verifier(),
    }


def _of_this_log(session: Session, note: str) -> Checkpoint:
    point = keyring.read(session, note)
    size = event_log.size(session)
    if point.size > size:
        raise Refused(
            "The log has %(events)s, the checkpoint %(other)s: the end is gone.", events=Events(size), other=point.size
        )
    if merkle.root(point.size, event_log.nodes(session)) != point.root:
        raise Refused("The checkpoint does not belong to the log's first %(events)s.", events=Events(point.size))
    return point


def _text(step: bytes) -> str:
    return base64.b64encode(step).decode()


# --- What a third party runs -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What proofs in a file showed: events that are in the log, growths, and the lines that prove nothing."""

    events: int
    growths: int
    wrong: list[int]
    """Numbers of lines, from 1 on."""
    points: list[Checkpoint]
    """The signed states of the log that the proofs lead to."""


def check(lines: Iterable[str], *verifiers: str) -> Checked:
    """Check what `audit prove` or `audit export --proofs` wrote, or an archive, by public keys alone.

    Raises InvalidInput for what is no such file, or a checkpoint that none of these keys signed.
    """
    told = list(_objects(lines))
    shared = next((line["checkpoint"] for _, line in reversed(told) if "checkpoint" in line), None)
    if shared is None:
        raise InvalidInput("There is no checkpoint in this file, so nothing in it is proved.")
    read = cache(lambda note: signed_note.read(note, *_named(verifiers, note)))
    events = growths = 0
    wrong = []
    for number, line in told:
        point = read(line.get("checkpoint", shared))
        try:
            if "envelope" in line:
                right, events = _is_included(line, point), events + 1
            elif "old" in line:
                right, growths = _has_grown(line, read(line["old"]), point), growths + 1
            else:
                continue  # the last line of an export: the checkpoint alone
        except (KeyError, TypeError, AttributeError, ValueError):
            right = False
        if not right:
            wrong.append(number)
    points = {read(line["checkpoint"]) for _, line in told if "checkpoint" in line}
    return Checked(events, growths, wrong, sorted(points, key=lambda point: point.size))


def _objects(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise InvalidInput("Line %(number)s is not a JSON object, as proofs are.", number=number)
        yield number, value


def _named(verifiers: Iterable[str], note: object) -> list[str]:
    """The keys under the name that the note gives its log: it is the key that counts, a log may be renamed."""
    if not isinstance(note, str):
        raise InvalidInput("This is no checkpoint of a log, or no key to check it with.")
    return [signed_note.renamed(one, note.partition("\n")[0]) for one in verifiers]


def _is_included(line: dict[str, Any], point: Checkpoint) -> bool:
    leaf = merkle.leaf_hash(line["envelope"].encode())
    return _tells_its_envelope(line) and merkle.check_inclusion(leaf, line["seq"], point.size, _path(line), point.root)


def _tells_its_envelope(line: dict[str, Any]) -> bool:
    """Whether what the line tells beside its envelope is what the envelope says: people read the line."""
    held = json.loads(line["envelope"])
    told = held | {"group": held["group_id"], "contact": held["contact_id"], "mailbox": held["mailbox_id"]}
    told |= {"actor": f"{held['actor_kind']}:{held['actor']}", "pass": held["pass_id"]}
    told |= {"at": datetime.fromisoformat(held["at"]).isoformat()}
    return all(line[name] == told[name] for name in line.keys() & told.keys())


def _has_grown(line: dict[str, Any], old: Checkpoint, new: Checkpoint) -> bool:
    return merkle.check_consistency(old.size, new.size, old.root, new.root, _path(line))


def _path(line: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(step, validate=True) for step in line["proof"]]
