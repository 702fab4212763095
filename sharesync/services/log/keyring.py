"""The log's key, with which checkpoints are signed: in the database at first, then in a file if the operator wants.

Whoever reads the database can sign as a log whose key lies there. A key that is moved is a new one: of the old one
there are copies in every backup. What the old one signed holds as before, because its public half stays known.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sharesync.errors import InvalidInput, Sentence, SettingsError
from sharesync.formats import signed_note
from sharesync.formats.signed_note import Checkpoint, Signer, fingerprint, public_half
from sharesync.model import merkle
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services.who_may.permission import require
from sharesync.store.database import event_log, keys
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work

SETTING = "SHARESYNC_LOG_KEY_FILE"


@dataclass(frozen=True, slots=True)
class LogKey:
    """The name under which auditors know the log (empty: after its first key), and the file with its key, if named."""

    origin: str = ""
    file: Path | None = None


AS_KEPT = LogKey()
"""Under the log's own name, with the key in the database."""


def signer(session: Session, log_key: LogKey) -> Signer:
    """What signs the log. Raises SettingsError where its key is not at hand, or the file holds another one."""
    publics = known(session)
    seed = keys.find(session, "log") if log_key.file is None else _seed(log_key.file)
    if seed is None:
        told = f"The log's key {fingerprint(publics[-1])} lies in a file outside the database; name it in {SETTING}."
        raise SettingsError(SETTING, told)
    if public_half(seed) != publics[-1]:
        told = (
            f"{SETTING} names {log_key.file}, whose key {fingerprint(public_half(seed))} is not the log's"
            f" ({fingerprint(publics[-1])}); name the right file, or run `sharesync audit key move {log_key.file}`."
        )
        raise SettingsError(SETTING, told)
    return Signer(name(session, log_key), seed)


def name(session: Session, log_key: LogKey) -> str:
    """The log's name. Raises SettingsError where the database was never set up.

    A log that belongs to no domain yet is named after its first key, which stays; the machine's name changes with each
    container.
    """
    return log_key.origin or f"sharesync/{fingerprint(known(session)[0])}"


def verifiers(session: Session, name: str) -> tuple[str, ...]:
    """What others check with, by key, the oldest first, the present one last."""
    return tuple(signed_note.verifier(name, public) for public in known(session))


def known(session: Session) -> tuple[bytes, ...]:
    """The public halves of every key that the log was ever signed with, the oldest first, the present one last.

    Raises SettingsError where the database was never set up.
    """
    outside = keys.public_halves(session)
    return outside or (public_half(keys.get(session, "log")),)


def read(session: Session, note: str) -> Checkpoint:
    """The checkpoint of a note that a key of this log signed. Raises InvalidInput for anything else."""
    # Under its own name: a log that was told its domain later is still this log, by its key.
    return signed_note.read(note, *verifiers(session, note.partition("\n")[0]))


def verifier_of(session: Session, note: str) -> str:
    """What others check this note with. Raises InvalidInput where no key of this log signed it."""
    for one in reversed(verifiers(session, note.partition("\n")[0])):
        with suppress(InvalidInput):
            signed_note.read(note, one)
            return one
    raise InvalidInput("The checkpoint does not carry a valid signature of this log.")


def make(file: Path) -> str:
    """Make a key in a new file, for its owner alone; returns its fingerprint. Raises InvalidInput."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise InvalidInput("%(file)s cannot be made (%(why)s).", file=file, why=error.strerror) from None
    return fingerprint(public_half(key.private_bytes_raw()))


def move(work: Work, log_key: LogKey, file: Path) -> tuple[Checkpoint, str]:
    """Sign with the key in the file from now on; the one in the database is gone after that.

    Returns the log as it stands, signed with both: who trusts the old key learns the new one from it. Raises
    NotAllowed, InvalidInput where the log was signed with that key before, SettingsError where either key is not at
    hand.
    """
    require(work, Right.ADMINISTER)
    session, old = work.session, signer(work.session, log_key)
    new = Signer(old.name, _seed(file))
    if new.public in known(session):
        raise InvalidInput("This log is or was signed with the key in %(file)s; make a new one.", file=file)
    keys.let_go(session, *(() if keys.public_halves(session) else (old.public,)), new.public)
    work.record(
        Event(
            "key.move",
            reason=Sentence(
                "the key is %(new)s now; it was %(old)s", old=fingerprint(old.public), new=fingerprint(new.public)
            ),
        )
    )
    work.flush()
    work.number_events()
    size = event_log.size(session)
    point = Checkpoint(old.name, size, merkle.root(size, event_log.nodes(session)))
    return point, old.sign(point) + new.line(point)


def _seed(file: Path) -> bytes:
    """The private half in a file, 32 bytes. Raises SettingsError."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        told = f"{SETTING} names {file}, which cannot be read ({error.strerror}); correct the path, or bring it back."
        raise SettingsError(SETTING, told) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        told = f"{SETTING} names {file}, which is no Ed25519 key in PEM; `sharesync audit key make FILE` makes one."
        raise SettingsError(SETTING, told)
    return key.private_bytes_raw()
