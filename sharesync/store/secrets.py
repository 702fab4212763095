"""Keys that live with the data they protect, so that a restored backup can still read its own marks."""

from __future__ import annotations

import secrets as chance

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from sharesync.errors import SettingsError
from sharesync.store.tables import SecretRow

NAMES = ("mark", "log", "suppression")
"""What signs marks and checkpoints, and what hides the addresses of the erased."""


_VALUE = select(SecretRow.value).where(SecretRow.name == bindparam("name"))


def ensure(session: Session) -> list[str]:
    """Make every key that is not there yet, 32 random bytes each; returns the names of those made."""
    missing = [name for name in NAMES if session.get(SecretRow, name) is None]
    for name in missing:
        session.execute(insert(SecretRow).values(name=name, value=chance.token_bytes(32)))
    return missing


def get(session: Session, name: str) -> bytes:
    """The key of this name. Raises SettingsError where the database was never set up."""
    value: bytes | None = session.connection().scalar(_VALUE, {"name": name})
    if value is None:
        raise SettingsError("SHARESYNC_DATABASE_URL", "The database is not set up; run `sharesync init` first.")
    return value
