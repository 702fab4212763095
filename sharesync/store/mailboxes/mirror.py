"""The directory's mirror written anew, and what is kept beside it.

The mirror is what Directory said last. What counts is the mirror and the paths kept beside it, so that a hold is a
difference that waits: every question about access is asked of `records/access_paths.py`, which knows both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, case, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.directory import ROOT, DirectoryUser, GoogleGroup, OrgUnit
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import (
    AliasRow,
    GoogleGroupRow,
    GrantRow,
    GroupMemberRow,
    ReadingRow,
    UnitAboveRow,
    UnitRow,
    UserRow,
)
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import event_causes, keeping
from sharesync.store.mailboxes.following import followed
from sharesync.store.mailboxes.keeping import Ended
from sharesync.store.records import access_paths
from sharesync.sync.holds import USUAL, Limits
from sharesync.sync.losing import Path, waiting

READINGS = 100
"""So many readings are remembered: more than can be under way at once."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a reading of the directory changed."""

    changed: int
    """Mailboxes whose access changed, or waits from now on: they are due now."""
    held: Mapping[str, tuple[str, int]]
    """By hold: the group, and how many people were added to those who wait in it."""
    ended: Sequence[Ended]
    """Holds that ended by this reading."""


# --- The order of readings -------------------------------------------------------------------------------------------


def begin(work: Work) -> int:
    """The number of a reading that begins now."""
    number = work.session.execute(
        insert(ReadingRow).values(begun_at=work.now).returning(ReadingRow.number)
    ).scalar_one()
    work.session.execute(delete(ReadingRow).where(ReadingRow.number < number - READINGS))
    return number


def is_outdated(session: Session, number: int) -> bool:
    """Whether a reading that began later is saved already."""
    later = exists().where(ReadingRow.number > number, ReadingRow.saved_at.is_not(None))
    return bool(session.scalar(select(later)))


def end(work: Work, number: int) -> None:
    """This reading is saved."""
    work.session.execute(update(ReadingRow).where(ReadingRow.number == number).values(saved_at=work.now))


# --- A reading -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DirectoryReading:
    """All that Directory says."""

    users: Sequence[DirectoryUser]
    """A user who is not among them stays as they were."""
    groups: Sequence[GoogleGroup]
    members: Mapping[str, frozenset[str]]
    """User ids by Google group id, flattened, of the groups that were asked about: of a granted group that was not, as
    it was granted meanwhile, what is known stays."""
    units: Sequence[OrgUnit]
    gone: Collection[str] = ()
    """Ids of users of whom Directory knows nothing, so they are deleted."""


def save(work: Work, said: DirectoryReading, limits: Limits = USUAL) -> Saved:
    """Make the mirror equal to what Directory says, and keep beside it what waits for a decision."""
    _give_ids(work, said.units)
    before, people = _paths(work.session, access_paths.SAID_PATHS), _people(work.session)
    with followed(work) as concerned:
        _save_users(work, said.users, {unit.path: unit.id for unit in said.units}, said.gone)
        _save_groups(work, said.groups, said.members)
        _save_units(work, said.units)
        _save_aliases(work, said.users, said.groups)
        asked = {who: users for who, users in people.items() if _is_asked(who, said.members)}
        held, ended = _keep(work, before, asked, limits)
    return Saved(len(concerned), held, ended)


def learn(work: Work, members: Mapping[str, frozenset[str]]) -> None:
    """Write down the members of Google groups about which nobody had asked; what is known already stays.

    A grant may name such a group already: one that was given while Google could not be asked.
    """
    unread = set(work.session.scalars(select(GoogleGroupRow.id).where(GoogleGroupRow.known.is_(False))))
    with followed(work):
        _write_members(work, {group: people for group, people in members.items() if group in unread})


def _keep(
    work: Work, before: frozenset[Path], people: Mapping[Principal, frozenset[str]], limits: Limits
) -> tuple[dict[str, tuple[str, int]], list[Ended]]:
    said = _paths(work.session, access_paths.SAID_PATHS)
    kept = keeping.kept(work.session)
    keeping.forget(work, [path for path in kept if path in said or not kept[path].granted])
    over = keeping.overdue(work)
    keeping.forget(work, over)
    still = {path for path, how in kept.items() if path not in said and how.granted} - set(over)
    already = {path for path in still if kept[path].waits}
    now = _people(work.session)
    waited: dict[Principal, set[str]] = {}
    for path in already:
        waited.setdefault(path.who, set()).add(path.user)
    emptied = {
        who: people.get(who, frozenset()) | waited.get(who, set())
        for who in people.keys() | waited.keys()
        if who not in now
    }
    new = waiting(before | still, said | still, already, emptied, limits)
    return keeping.hold(work, new), keeping.close(work, over)


def _is_asked(who: Principal, members: Mapping[str, frozenset[str]]) -> bool:
    """Whether this reading tells who is in a Google group: a group that nobody asked about is not an empty one."""
    return who.kind is not PrincipalKind.GROUP or who.subject in members


def _paths(session: Session, paths: Subquery) -> frozenset[Path]:
    columns = paths.c
    rows = session.execute(select(columns.user_id, columns.group_id, columns.kind, columns.subject))
    return frozenset(Path(user, group, Principal(PrincipalKind(kind), who)) for user, group, kind, who in rows)


def _people(session: Session) -> dict[Principal, frozenset[str]]:
    """Who is in each Google group and unit."""
    found: dict[Principal, set[str]] = {}
    for group, user in session.execute(select(GroupMemberRow.group_id, GroupMemberRow.user_id)):
        found.setdefault(Principal(PrincipalKind.GROUP, group), set()).add(user)
    in_units = select(UnitAboveRow.above_id, UserRow.id).join(UserRow, UserRow.unit == UnitAboveRow.unit_id)
    there = UnitAboveRow.above_id != ROOT, UserRow.ended_at.is_(None)
    for unit, user in session.execute(in_units.where(*there)):
        found.setdefault(Principal(PrincipalKind.UNIT, unit), set()).add(user)
    return {who: frozenset(users) for who, users in found.items()}


def _give_ids(work: Work, units: Sequence[OrgUnit]) -> None:
    """Put ids in place of paths, which stood for units before their ids were kept.

    Only of a unit that the mirror knew: whom a path meant that Directory had not known is nobody's to guess.
    """
    stand_ins = set(work.session.scalars(select(UnitRow.id).where(UnitRow.id.startswith("/"), UnitRow.id != ROOT)))
    ids = {unit.path: unit.id for unit in units if unit.path in stand_ins and unit.id != unit.path}
    if not ids:
        return
    for column in (UnitRow.id, UnitAboveRow.unit_id, UnitAboveRow.above_id, UserRow.unit, GrantRow.subject):
        new = case(ids, value=column)
        which = update(column.class_).where(column.in_(list(ids)))
        if column.class_ is GrantRow:
            which = which.where(GrantRow.kind == PrincipalKind.UNIT)
        work.session.execute(which.values({column: new}).execution_options(synchronize_session=False))


def _save_users(work: Work, users: Sequence[DirectoryUser], units: Mapping[str, str], gone: Collection[str]) -> None:
    known = {row.id: row.deleted_at for row in work.session.execute(select(UserRow.id, UserRow.deleted_at))}
    rows = [
        {
            "id": user.id,
            "email": user.email.casefold(),
            "name": f"{user.given_name} {user.family_name}".strip(),
            "unit": units.get(user.unit, ROOT),
            "admin": user.admin,
            "suspended": user.suspended,
            "archived": user.archived,
            "deleted": user.deleted,
            "deleted_at": (user.deleted_at or known.get(user.id) or work.now) if user.deleted else None,
            "ended_at": None,
        }
        for user in users
    ]
    _insert(work, UserRow, [row for row in rows if row["id"] not in known])
    if old := [row for row in rows if row["id"] in known]:
        work.session.execute(update(UserRow), old)
    since = func.coalesce(UserRow.deleted_at, literal(work.now, UserRow.deleted_at.type))
    for some in chunks(gone):
        work.session.execute(update(UserRow).where(UserRow.id.in_(some)).values(deleted=True, deleted_at=since))


def _save_groups(work: Work, groups: Sequence[GoogleGroup], members: Mapping[str, frozenset[str]]) -> None:
    """Save Google groups. One that is or was granted stays, even if it vanished: its grants must have a name."""
    granted = _granted(work.session, PrincipalKind.GROUP)
    unasked = granted - members.keys()
    work.session.execute(delete(GroupMemberRow).where(GroupMemberRow.group_id.not_in(unasked)))
    listed = {group.id: group for group in groups}
    before = {row.id: row.known for row in work.session.execute(select(GoogleGroupRow.id, GoogleGroupRow.known))}
    told = event_causes.granted_once(work.session, PrincipalKind.GROUP, before.keys() - listed.keys())
    staying = (granted | members.keys() | told) - listed.keys()
    work.session.execute(update(GoogleGroupRow).where(GoogleGroupRow.id.in_(staying)).values(gone=True))
    work.session.execute(
        delete(GoogleGroupRow).where(GoogleGroupRow.id.not_in(listed.keys() | staying)),
        execution_options={"synchronize_session": False},
    )
    rows = [
        {
            "id": group.id,
            "email": group.email,
            "name": group.name,
            "known": group.id in members or (group.id in unasked and before.get(group.id, False)),
            "gone": False,
        }
        for group in groups
    ]
    _insert(work, GoogleGroupRow, [row for row in rows if row["id"] not in before])
    if old := [row for row in rows if row["id"] in before]:
        work.session.execute(update(GoogleGroupRow), old)
    there = set(work.session.scalars(select(GoogleGroupRow.id)))
    _write_members(work, {group: people for group, people in members.items() if group in there})


def _write_members(work: Work, members: Mapping[str, frozenset[str]]) -> None:
    work.session.execute(update(GoogleGroupRow).where(GoogleGroupRow.id.in_(members.keys())).values(known=True))
    _insert(work, GroupMemberRow, [{"group_id": g, "user_id": u} for g, ids in members.items() for u in sorted(ids)])


def _save_units(work: Work, units: Sequence[OrgUnit]) -> None:
    granted = _granted(work.session, PrincipalKind.UNIT)
    listed = {ROOT, *(unit.id for unit in units)}
    work.session.execute(delete(UnitAboveRow))
    told = event_causes.granted_once(
        work.session, PrincipalKind.UNIT, set(work.session.scalars(select(UnitRow.id))) - listed
    )
    staying = granted | told
    work.session.execute(delete(UnitRow).where(or_(UnitRow.id.in_(listed), UnitRow.id.not_in(staying))))
    work.session.execute(update(UnitRow).values(gone=True))
    rows = [{"id": ROOT, "path": ROOT, "name": ROOT, "gone": False}]
    rows += [{"id": unit.id, "path": unit.path, "name": unit.name, "gone": False} for unit in units]
    _insert(work, UnitRow, rows)
    parents = {unit.id: unit.parent for unit in units}
    pairs = {(unit, above) for unit in listed for above in _above(unit, parents)}
    _insert(work, UnitAboveRow, [{"unit_id": unit, "above_id": above} for unit, above in sorted(pairs)])


def _above(unit: str, parents: Mapping[str, str]) -> Iterable[str]:
    seen = {ROOT}
    while unit not in seen:
        seen.add(unit)
        unit = parents.get(unit, ROOT)
    return seen


def _granted(session: Session, kind: PrincipalKind) -> set[str]:
    return set(session.scalars(select(GrantRow.subject).where(GrantRow.kind == kind)))


def _save_aliases(work: Work, users: Sequence[DirectoryUser], groups: Sequence[GoogleGroup]) -> None:
    """Save every address once: of users who are listed, else of users who stay as they were, else of the deleted.

    A deleted user's address may be somebody else's by now.
    """
    listed, of_users = {user.id for user in users}, AliasRow.kind == PrincipalKind.USER
    alive = select(AliasRow.email, AliasRow.subject).join(UserRow, UserRow.id == AliasRow.subject)
    known = work.session.execute(alive.where(of_users, UserRow.deleted.is_(False))).all()
    work.session.execute(delete(AliasRow))
    owners = [
        *((email, PrincipalKind.USER, user.id) for user in users if not user.deleted for email in _addresses(user)),
        *((email, PrincipalKind.GROUP, group.id) for group in groups for email in _addresses(group)),
        *((row.email, PrincipalKind.USER, row.subject) for row in known if row.subject not in listed),
        *((email, PrincipalKind.USER, user.id) for user in users if user.deleted for email in _addresses(user)),
    ]
    rows: dict[str, dict[str, Any]] = {}
    for email, kind, subject in owners:
        rows.setdefault(email, {"email": email, "kind": kind, "subject": subject})
    _insert(work, AliasRow, list(rows.values()))


def _addresses(one: DirectoryUser | GoogleGroup) -> list[str]:
    return [email.casefold() for email in (one.email, *one.aliases)]


def _insert(work: Work, table: type[Any], rows: Collection[dict[str, Any]]) -> None:
    if rows:
        work.session.execute(insert(table), list(rows))
