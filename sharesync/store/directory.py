"""The directory's mirror: users, Google groups flattened, organisational units; and who a principal is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.access import Principal, PrincipalKind, PrincipalName
from sharesync.model.directory import DirectoryUser, GoogleGroup, OrgUnit
from sharesync.store import mailboxes, reach
from sharesync.store.tables import AliasRow, GoogleGroupRow, GroupMemberRow, MailboxRow, UnitRow, UserRow
from sharesync.store.work import Work

_ASK_GOOGLE = "If it is new in the Workspace, run `sharesync directory sync` first."


def save(
    work: Work,
    users: Sequence[DirectoryUser],
    groups: Sequence[GoogleGroup],
    members: Mapping[str, frozenset[str]],
    units: Sequence[OrgUnit],
) -> int:
    """Make the mirror equal to what Directory says; returns how many mailboxes it concerned: they are due now.

    `members` holds user ids by Google group id, flattened. A user who is not listed any more stays, marked deleted.
    """
    before = _access(work.session)
    _save_users(work, users)
    for table in (GroupMemberRow, GoogleGroupRow, AliasRow, UnitRow):
        work.session.execute(delete(table))
    _insert(work, GoogleGroupRow, [{"id": group.id, "email": group.email, "name": group.name} for group in groups])
    _insert(work, GroupMemberRow, [{"group_id": g, "user_id": u} for g, ids in members.items() for u in sorted(ids)])
    _insert(work, AliasRow, _aliases(users, groups))
    paths = {"/": "/"} | {unit.path: unit.name for unit in units}
    _insert(work, UnitRow, [{"path": path, "name": name} for path, name in paths.items()])
    mailboxes.ensure(work)
    after = _access(work.session)
    concerned = sorted({user for user, _, _ in before ^ after})
    mailboxes.touch_users(work, concerned)
    return len(concerned)


def _access(session: Session) -> set[tuple[str, str, int]]:
    columns = reach.PATHS.c
    rows = session.execute(
        select(columns.user_id, columns.group_id, func.max(columns.level)).group_by(columns.user_id, columns.group_id)
    )
    return {(user, group, int(level)) for user, group, level in rows}


def _save_users(work: Work, users: Sequence[DirectoryUser]) -> None:
    known = set(work.session.scalars(select(UserRow.id)))
    rows = [
        {
            "id": user.id,
            "email": user.email.casefold(),
            "name": f"{user.given_name} {user.family_name}".strip(),
            "unit": user.unit,
            "admin": user.admin,
            "suspended": user.suspended,
            "archived": user.archived,
            "deleted": user.deleted,
        }
        for user in users
    ]
    _insert(work, UserRow, [row for row in rows if row["id"] not in known])
    if old := [row for row in rows if row["id"] in known]:
        work.session.execute(update(UserRow), old)
    gone = known - {user.id for user in users}
    work.session.execute(update(UserRow).where(UserRow.id.in_(gone)).values(deleted=True))


def _aliases(users: Sequence[DirectoryUser], groups: Sequence[GoogleGroup]) -> list[dict[str, Any]]:
    """Every address once. A deleted user's address may be somebody else's by now: the living come first."""
    rows: dict[str, dict[str, Any]] = {}
    owners: list[tuple[PrincipalKind, DirectoryUser | GoogleGroup]] = [
        *((PrincipalKind.USER, user) for user in sorted(users, key=lambda user: user.deleted)),
        *((PrincipalKind.GROUP, group) for group in groups),
    ]
    for kind, owner in owners:
        for email in (owner.email, *owner.aliases):
            rows.setdefault(email.casefold(), {"email": email.casefold(), "kind": kind, "subject": owner.id})
    return list(rows.values())


def _insert(work: Work, table: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        work.session.execute(insert(table), rows)


# --- Who is who ------------------------------------------------------------------------------------------------------


def principal(session: Session, name: PrincipalName) -> Principal:
    """Whom a name means, by Google's immutable id. Raises NotFound for a name that the mirror does not hold."""
    match name.kind:
        case PrincipalKind.DOMAIN:
            return Principal(PrincipalKind.DOMAIN, "")
        case PrincipalKind.UNIT:
            if session.get(UnitRow, name.name) is None:
                raise NotFound("organisational unit", name.name, _ASK_GOOGLE)
            return Principal(PrincipalKind.UNIT, name.name)
        case kind:
            alias = session.get(AliasRow, name.name)
            if alias is None or alias.kind is not kind:
                what = "user" if kind is PrincipalKind.USER else "Google group"
                raise NotFound(what, name.name, _ASK_GOOGLE)
            return Principal(kind, alias.subject)


def user_id(session: Session, email: str) -> str:
    """The id of the user with this address or alias. Raises NotFound."""
    return principal(session, PrincipalName(PrincipalKind.USER, email.strip().casefold())).subject


def addresses(session: Session, user: str) -> set[str]:
    """Every address of a user, the primary one among them, in lower case."""
    mine = (AliasRow.kind == PrincipalKind.USER, AliasRow.subject == user)
    return set(session.scalars(select(AliasRow.email).where(*mine)))


def called(session: Session, principals: Sequence[Principal]) -> dict[Principal, tuple[str, str]]:
    """The name and the address of each of these today; who has vanished from Directory has an id for an address."""
    found: dict[Principal, tuple[str, str]] = {}
    for kind, table in ((PrincipalKind.USER, UserRow), (PrincipalKind.GROUP, GoogleGroupRow)):
        ids = [one.subject for one in principals if one.kind is kind]
        rows = session.execute(select(table.id, table.name, table.email).where(table.id.in_(ids)))
        found |= {Principal(kind, row_id): (name, email) for row_id, name, email in rows}
    return {one: found.get(one, ("", one.subject)) for one in principals}


def principal_names(session: Session, principals: Sequence[Principal]) -> dict[Principal, PrincipalName]:
    """How people write these principals today."""
    return {one: PrincipalName(one.kind, address) for one, (_, address) in called(session, principals).items()}


def paused(session: Session, user: str) -> bool:
    """Whether Directory says that the user is suspended, archived or deleted."""
    row = session.get(UserRow, user)
    return row is None or row.suspended or row.archived or row.deleted


def is_user(session: Session, user: str) -> bool:
    """Whether the mirror holds a user of this id, living or not."""
    return session.get(UserRow, user) is not None


def has_mailbox(session: Session, user: str) -> bool:
    """Whether a mailbox row exists for this user."""
    return session.get(MailboxRow, user) is not None
