"""Signed notes and checkpoints, as C2SP publishes them (signed-note, tlog-checkpoint), so that others' tools read ours.

A checkpoint says: this log had so many events, and this root. Signed with Ed25519, it can be kept by an auditor
outside the database, and from then on nothing before it can be changed unnoticed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sharesync.errors import InvalidInput

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
"""The signature type that c2sp.org/signed-note assigns to Ed25519."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log `origin` had `size` events, and this root hash."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The body that is signed (c2sp.org/tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signer:
    """The log's key: 32 secret bytes, known to others by its name and public key."""

    name: str
    seed: bytes

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint with our signature line."""
        return f"{checkpoint.text()}\n{self.line(checkpoint)}"

    def line(self, checkpoint: Checkpoint) -> str:
        """Our signature line alone: a note may carry several, one below the other."""
        signature = _private(self.seed).sign(checkpoint.text().encode())
        line = base64.b64encode(_key_id(self.name, self.public) + signature).decode()
        return f"\u2014 {self.name} {line}\n"

    def verifier(self) -> str:
        """The public half, as one line for whoever checks: name, key id, key (c2sp.org/signed-note, verifier keys)."""
        return verifier(self.name, self.public)

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public half."""
        return public_half(self.seed)


def public_half(seed: bytes) -> bytes:
    """The 32 bytes by which others check what this key signs."""
    return _private(seed).public_key().public_bytes_raw()


def _private(seed: bytes) -> Ed25519PrivateKey:
    # Imported where something is signed: to list the log needs none of it.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed)


def fingerprint(public: bytes) -> str:
    """16 hex digits that stand for a key wherever it is kept."""
    return hashlib.sha256(public).hexdigest()[:16]


def verifier(name: str, public: bytes) -> str:
    """A public half as one line under the name of its log (c2sp.org/signed-note, verifier keys)."""
    return f"{name}+{_key_id(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def read(note: str, *verifiers: str) -> Checkpoint:
    """The checkpoint of a note that one of these keys signed; InvalidInput in one sentence for anything else."""
    known = [_known_key(one) for one in verifiers]
    body, separator, signatures = note.partition("\n\n")
    try:
        checkpoint = _checkpoint(body + "\n")
    except (binascii.Error, ValueError):
        raise InvalidInput("This is no checkpoint of a log.") from None
    for line in signatures.split("\n") if separator and note.endswith("\n") else ():
        if any(_signed(line, name, public, checkpoint) for name, public in known):
            return checkpoint
    raise InvalidInput("The checkpoint does not carry a valid signature of this log.")


def renamed(known: str, name: str) -> str:
    """The same key under another name: a log that was told its domain later signs on with its key, under that name.

    Raises InvalidInput for what is no key.
    """
    _, public = _known_key(known)
    return verifier(name, public)


def _known_key(told: str) -> tuple[str, bytes]:
    name, _, rest = told.strip().partition("+")
    hexed, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    public = key[1:]
    if key[:1] != ED25519 or len(public) != 32 or hexed != _key_id(name, public).hex():
        raise InvalidInput("This is no Ed25519 verifier key, as `sharesync audit key` prints it.")
    return name, public


def _checkpoint(body: str) -> Checkpoint:
    origin, size, root = body.split("\n")[:3]
    checkpoint = Checkpoint(origin, int(size), base64.b64decode(root, validate=True))
    if checkpoint.text() != body or checkpoint.size < 0:
        raise ValueError("not the one way to write it")
    return checkpoint


def _signed(line: str, name: str, public: bytes, checkpoint: Checkpoint) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    dash, _, rest = line.partition(" ")
    signer, _, encoded = rest.partition(" ")
    if dash != "\u2014" or signer != name:
        return False
    try:
        raw = base64.b64decode(encoded, validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], checkpoint.text().encode())
    except (binascii.Error, InvalidSignature, ValueError):
        return False
    # Base64 has spare bits at its end; a signature that was touched at all is not the one that was made.
    return raw[:4] == _key_id(name, public) and base64.b64encode(raw).decode() == encoded


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]
