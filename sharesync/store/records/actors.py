"""Who acted, and whose mailbox it was, by the names people know today; the log itself holds ids only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sharesync.model.audit import ActorKind
from sharesync.store.database.tables import UserRow
from sharesync.store.records import tokens


@dataclass(frozen=True, slots=True)
class Who:
    """Someone who acted, or whose mailbox it was, as known today."""

    kind: ActorKind
    id: str
    name: str = ""
    email: str = ""


def people(session: Session, users: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and address of each user, by id."""
    rows = session.execute(select(UserRow.id, UserRow.name, UserRow.email).where(UserRow.id.in_(list(users))))
    return {user: (name, email) for user, name, email in rows}


def actors(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The same for every kind of actor: for a token its name, and its owner."""
    wanted = list(ids)
    found = people(session, wanted)
    rest = [one for one in wanted if one not in found]
    return found | tokens.names(session, rest) if rest else found


def who(kind: ActorKind, actor: str, known: Mapping[str, tuple[str, str]]) -> Who:
    """The actor of this kind and id, with what is known of them."""
    return Who(kind, actor, *known.get(actor, ("", "")))
