"""Tokens, each known by the hash of its text, so that the database opens nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.token import Scope, in_order
from sharesync.store.database.tables import TokenRow
from sharesync.store.database.work import Work
from sharesync.store.records.owners import with_owners


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """One token, without its text, which nobody has but its holder."""

    id: str
    hint: str
    """How the text begins."""
    name: str
    owner: Principal
    """A user or a service."""
    owner_title: str
    """How people call the owner: a name, or `service:NAME`."""
    owner_name: str
    """What a command takes: an address, or `service:NAME`."""
    owner_there: bool
    """False where the owner is suspended, archived, deleted or removed: the token opens nothing."""
    scopes: frozenset[Scope]
    groups: tuple[str, ...] | None
    """Ids of the only groups it is for; None where it is for all that its owner sees."""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def lives(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.owner_there and self.revoked_at is None and now < self.expires_at


_TOKENS = with_owners(TokenRow)
_BY_DIGEST = _TOKENS.where(TokenRow.digest == bindparam("digest"))
"""Every request of a program asks it."""


def _token(row: Any) -> ProgramToken:
    return ProgramToken(
        row.id,
        row.hint,
        row.name,
        Principal(row.owner_kind, row.owner),
        row.title,
        row.called,
        bool(row.there),
        frozenset(scope for scope in Scope if scope.value in row.scopes),
        None if row.groups is None else tuple(row.groups),
        row.created_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )


def find(session: Session, digest: bytes) -> ProgramToken | None:
    """The token of this hash, alive or not."""
    found = session.connection().execute(_BY_DIGEST, {"digest": digest}).one_or_none()
    return _token(found) if found else None


def get(session: Session, token: str) -> ProgramToken:
    """The token of this id. Raises NotFound."""
    found = session.execute(_TOKENS.where(TokenRow.id == token)).one_or_none()
    if found is None:
        raise NotFound("token", token, "`sharesync tokens list` shows them all.")
    return _token(found)


def listed(session: Session, owner: Principal | None = None) -> list[ProgramToken]:
    """All that were not revoked, or those of one owner, the newest first."""
    its: tuple[ColumnElement[bool], ...] = ()
    if owner is not None:
        its = (TokenRow.owner_kind == owner.kind, TokenRow.owner == owner.subject)
    query = _TOKENS.where(TokenRow.revoked_at.is_(None), *its).order_by(TokenRow.created_at.desc(), TokenRow.id.desc())
    return [_token(found) for found in session.execute(query)]


def names(session: Session, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """By id: what a token is called, and its owner."""
    found = session.execute(_TOKENS.where(TokenRow.id.in_(list(ids))))
    return {token.id: (token.name, token.owner_title) for token in map(_token, found)}


def add(work: Work, token: ProgramToken, digest: bytes) -> None:
    """Keep a new one."""
    work.session.execute(
        insert(TokenRow).values(
            id=token.id,
            digest=digest,
            hint=token.hint,
            name=token.name,
            owner_kind=token.owner.kind,
            owner=token.owner.subject,
            scopes=in_order(token.scopes),
            groups=None if token.groups is None else list(token.groups),
            created_at=work.now,
            expires_at=token.expires_at,
        )
    )


def over(session: Session, now: datetime) -> list[ProgramToken]:
    """The tokens that have expired and of which nobody was told."""
    its = TokenRow.expires_at <= now, TokenRow.over_at.is_(None), TokenRow.revoked_at.is_(None)
    return [_token(found) for found in session.execute(_TOKENS.where(*its).order_by(TokenRow.id))]


def set_over(work: Work, token: str) -> None:
    """Remember that its expiry was told."""
    work.session.execute(update(TokenRow).where(TokenRow.id == token).values(over_at=work.now))


def owners(session: Session) -> set[str]:
    """Ids of the users who have a token that nobody revoked."""
    its = TokenRow.owner_kind == PrincipalKind.USER, TokenRow.revoked_at.is_(None)
    return set(session.scalars(select(TokenRow.owner).where(*its)))


def use(work: Work, token: str) -> None:
    """It was used just now."""
    work.session.execute(update(TokenRow).where(TokenRow.id == token).values(used_at=work.now))


def revoke(work: Work, token: str) -> None:
    """End it."""
    work.session.execute(update(TokenRow).where(TokenRow.id == token).values(revoked_at=work.now))
