"""Keys that live with the data they protect, so that a restored backup can still read its own marks."""

from __future__ import annotations

import secrets as chance

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from sharesync.errors import SettingsError
from sharesync.store.database.tables import LogKeyRow, SecretRow

NAMES = ("mark", "log", "suppression")
"""What signs marks and checkpoints, and what hides the addresses of the erased."""


_VALUE = select(SecretRow.value).where(SecretRow.name == bindparam("name"))


def ensure(session: Session) -> list[str]:
    """Make every key that is not there yet, 32 random bytes each; returns the names of those made."""
    missing = [name for name in NAMES if session.get(SecretRow, name) is None]
    if "log" in missing and public_halves(session):  # it lies outside, on purpose
        missing.remove("log")
    for name in missing:
        session.execute(insert(SecretRow).values(name=name, value=chance.token_bytes(32)))
    return missing


def find(session: Session, name: str) -> bytes | None:
    """The key of this name, if it is here."""
    value: bytes | None = session.connection().scalar(_VALUE, {"name": name})
    return value


def get(session: Session, name: str) -> bytes:
    """The key of this name. Raises SettingsError where the database was never set up."""
    value = find(session, name)
    if value is None:
        raise SettingsError("SHARESYNC_DATABASE_URL", "The database is not set up; run `sharesync init` first.")
    return value


def public_halves(session: Session) -> tuple[bytes, ...]:
    """Of the keys that signed the log and are not here, the oldest first."""
    return tuple(session.scalars(select(LogKeyRow.public).order_by(LogKeyRow.number)))


def let_go(session: Session, *publics: bytes) -> None:
    """From here on the log's key is kept outside: remember these public halves after the others, forget the key."""
    number = session.scalar(select(func.coalesce(func.max(LogKeyRow.number), 0))) or 0
    for one, public in enumerate(publics, number + 1):
        session.execute(insert(LogKeyRow).values(number=one, public=public))
    session.execute(delete(SecretRow).where(SecretRow.name == "log"))
