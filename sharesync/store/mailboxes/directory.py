"""Who is who in the directory's mirror: which principal a name means, and how a principal is called today."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.access import Principal, PrincipalKind, PrincipalName
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import AliasRow, GoogleGroupRow, GrantRow, GroupRow, UnitRow, UserRow
from sharesync.store.records import services

_ASK_GOOGLE = "If it is new in the Workspace, run `sharesync directory sync` first."


def principal(session: Session, name: PrincipalName) -> Principal:
    """Whom a name means, by Google's immutable id. Raises NotFound for a name that the mirror does not hold."""
    match name.kind:
        case PrincipalKind.DOMAIN:
            return Principal(PrincipalKind.DOMAIN, "")
        case PrincipalKind.UNIT:
            its = UnitRow.path == name.name if name.name.startswith("/") else UnitRow.id == name.name
            unit = session.scalar(select(UnitRow.id).where(its, UnitRow.gone.is_(False)))
            if unit is None:
                raise NotFound("organisational unit", name.name, _ASK_GOOGLE)
            return Principal(PrincipalKind.UNIT, unit)
        case PrincipalKind.SERVICE:
            return Principal(PrincipalKind.SERVICE, services.find_id(session, name.name))
        case kind:
            alias = session.get(AliasRow, name.name)
            if alias is None or alias.kind is not kind:
                what = "user" if kind is PrincipalKind.USER else "Google group"
                raise NotFound(what, name.name, _ASK_GOOGLE)
            return Principal(kind, alias.subject)


def granted_as(session: Session, group: str, name: PrincipalName) -> Principal:
    """Whom a name means among those who have a grant on a group: also a unit or Google group that has vanished.

    Raises NotFound for a name that neither the mirror nor a grant knows.
    """
    rows = session.execute(select(GrantRow.kind, GrantRow.subject).where(GrantRow.group_id == group))
    granted = [Principal(*row) for row in rows]
    gone = set(session.scalars(select(GoogleGroupRow.id).where(GoogleGroupRow.gone)))
    gone |= set(session.scalars(select(UserRow.id).where(UserRow.ended_at.is_not(None))))
    granted.sort(key=lambda one: one.subject not in gone)  # an address may be another group's by now: it is meant
    named = {called: who for who, called in principal_names(session, granted).items()}
    return named[name] if name in named else principal(session, name)


def vanished(session: Session) -> list[tuple[str, Principal, str]]:
    """Grants whose user, Google group or unit Directory does not know any more.

    Of each the name of the group that it is on, the principal, and the last known path or address (or its id). A user
    counts once their mailbox has ended.
    """
    places: tuple[tuple[PrincipalKind, Any, Any, Any], ...] = (
        (PrincipalKind.UNIT, UnitRow, UnitRow.path, UnitRow.gone),
        (PrincipalKind.GROUP, GoogleGroupRow, GoogleGroupRow.email, GoogleGroupRow.gone),
        (PrincipalKind.USER, UserRow, UserRow.email, UserRow.ended_at.is_not(None)),
    )
    found: list[tuple[str, Principal, str]] = []
    for kind, table, name, gone in places:
        rows = session.execute(
            select(GroupRow.name, GrantRow.subject, name)
            .join(GroupRow, GroupRow.id == GrantRow.group_id)
            .outerjoin(table, table.id == GrantRow.subject)
            .where(GrantRow.kind == kind, GroupRow.deleted_at.is_(None), or_(table.id.is_(None), gone))
            .order_by(GroupRow.folded, GrantRow.subject)
        )
        found += [(group, Principal(kind, subject), last or subject) for group, subject, last in rows]
    return found


def unread(session: Session) -> bool:
    """Whether a grant names a Google group whose members nobody has asked about yet."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    GrantRow.kind == PrincipalKind.GROUP,
                    GrantRow.subject == GoogleGroupRow.id,
                    GoogleGroupRow.known.is_(False),
                    GoogleGroupRow.gone.is_(False),
                )
            )
        )
    )


def is_read(session: Session, group: str) -> bool:
    """Whether the members of a Google group, by its id, are known."""
    row = session.get(GoogleGroupRow, group)
    return row is not None and row.known


def granted_groups(session: Session) -> frozenset[str]:
    """Ids of the Google groups that a grant names."""
    return frozenset(session.scalars(select(GrantRow.subject).where(GrantRow.kind == PrincipalKind.GROUP)))


def group_ids(session: Session) -> frozenset[str]:
    """Ids of all Google groups that the mirror knows."""
    return frozenset(session.scalars(select(GoogleGroupRow.id)))


def user_id(session: Session, email: str) -> str:
    """The id of the user with this address or alias. Raises NotFound."""
    return principal(session, PrincipalName(PrincipalKind.USER, email.strip().casefold())).subject


def addresses(session: Session, user: str) -> set[str]:
    """Every address of a user, the primary one among them, in lower case."""
    mine = (AliasRow.kind == PrincipalKind.USER, AliasRow.subject == user)
    return set(session.scalars(select(AliasRow.email).where(*mine)))


def known_as(session: Session, words: Collection[str]) -> dict[str, str]:
    """The users whose address, alias or name is one of these words, case-folded; a name of two users is nobody's."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    there = UserRow.deleted.is_(False)
    for ident, name in session.execute(select(UserRow.id, UserRow.name).where(there)) if words else ():
        if (word := name.casefold()) in words:
            shared |= {word} & found.keys()
            found[word] = ident
    found = {word: ident for word, ident in found.items() if word not in shared}
    for some in chunks(sorted(words)):
        mine = AliasRow.kind == PrincipalKind.USER, AliasRow.email.in_(some), AliasRow.subject == UserRow.id, there
        found |= dict(session.execute(select(AliasRow.email, UserRow.id).where(*mine)).all())
    return found


@dataclass(frozen=True, slots=True)
class Called:
    """How a principal is called today."""

    name: str
    """The name that people know; empty where the address is all."""
    address: str
    """What a command takes: an address or path, or an id where there is none any more."""
    gone: bool = False
    """Whether it is a user, Google group or unit that Directory does not know any more."""

    @property
    def title(self) -> str:
        """What people read."""
        return self.name or self.address


def called(session: Session, principals: Sequence[Principal]) -> dict[Principal, Called]:
    """How each of these is called today."""
    ids = {kind: [one.subject for one in principals if one.kind is kind] for kind in PrincipalKind}
    users, groups, units = ids[PrincipalKind.USER], ids[PrincipalKind.GROUP], ids[PrincipalKind.UNIT]
    rows = session.execute(
        union_all(  # one question, whoever is asked about
            select(literal("user"), UserRow.id, UserRow.name, UserRow.email, UserRow.ended_at.is_not(None))
            .where(UserRow.id.in_(users)),
            select(literal("group"), GoogleGroupRow.id, GoogleGroupRow.name, GoogleGroupRow.email, GoogleGroupRow.gone)
            .where(GoogleGroupRow.id.in_(groups)),
            select(literal("ou"), UnitRow.id, literal(""), UnitRow.path, UnitRow.gone).where(UnitRow.id.in_(units)),
        )
    )  # fmt: skip
    found: dict[Principal, Called] = {}
    for word, ident, name, address, gone in rows:
        who = Principal(PrincipalKind(word), ident)
        # The path of a unit that vanished may be another's by now.
        lost = gone and who.kind is PrincipalKind.UNIT
        found[who] = Called(address, ident, gone=True) if lost else Called(name, address, bool(gone))
    its = ids[PrincipalKind.SERVICE]
    for ident, (name, removed) in (services.names(session, its) if its else {}).items():
        found[Principal(PrincipalKind.SERVICE, ident)] = Called(name, name, removed)
    may_vanish = (PrincipalKind.GROUP, PrincipalKind.UNIT)
    return {one: found.get(one, Called("", one.subject, one.kind in may_vanish)) for one in principals}


def principal_names(session: Session, principals: Sequence[Principal]) -> dict[Principal, PrincipalName]:
    """How people write these principals today."""
    return {one: PrincipalName(one.kind, how.address) for one, how in called(session, principals).items()}


def paused(session: Session, user: str) -> bool:
    """Whether Directory says that the user is suspended, archived or deleted."""
    row = session.get(UserRow, user)
    return row is None or row.suspended or row.archived or row.deleted


def everyone(session: Session) -> frozenset[str]:
    """Ids of all users who are not deleted."""
    return frozenset(session.scalars(select(UserRow.id).where(UserRow.deleted.is_(False))))


def is_user(session: Session, user: str) -> bool:
    """Whether the mirror holds a user of this id, living or not."""
    return session.get(UserRow, user) is not None
