"""Groups and the grants on them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NameTaken, NotFound
from sharesync.model.access import Level, Principal
from sharesync.model.alphabet import Alphabet
from sharesync.model.group import Group, GroupName
from sharesync.store.database.tables import GrantRow, GroupRow, MembershipRow, SmartGroupRow
from sharesync.store.database.work import Work
from sharesync.store.records.membership_filters import SIZE

_COUNTED = select(GroupRow.id, GroupRow.name, GroupRow.description, SIZE, SmartGroupRow.filter).outerjoin(
    SmartGroupRow, SmartGroupRow.group_id == GroupRow.id
)
_CALLED = (
    select(GroupRow.id)
    .where(
        GroupRow.deleted_at.is_(None),
        or_(GroupRow.id == bindparam("called"), GroupRow.folded == bindparam("folded")),
    )
    .order_by((GroupRow.id == bindparam("called")).desc())
    .limit(1)
)


def listed(
    session: Session, alphabet: Alphabet = Alphabet.ENGLISH, *, among: Collection[str] | None = None
) -> list[Group]:
    """All groups by name, or those of these ids, with how many contacts each holds."""
    ours = () if among is None else (GroupRow.id.in_(list(among)),)
    rows = session.execute(_COUNTED.where(GroupRow.deleted_at.is_(None), *ours))
    return alphabet.in_order((Group(*row) for row in rows), lambda group: group.name)


def named(session: Session, alphabet: Alphabet = Alphabet.ENGLISH) -> list[GroupName]:
    """All groups by name; to count what each holds as well takes longer than the rest of a page."""
    rows = session.execute(
        select(GroupRow.id, GroupRow.name, SmartGroupRow.group_id.is_not(None))
        .outerjoin(SmartGroupRow, SmartGroupRow.group_id == GroupRow.id)
        .where(GroupRow.deleted_at.is_(None))
    )
    return alphabet.in_order((GroupName(*row) for row in rows), lambda group: group.name)


def ordinary(session: Session, alphabet: Alphabet = Alphabet.ENGLISH) -> list[GroupName]:
    """The groups that people put contacts into, by name: no smart ones."""
    return [one for one in named(session, alphabet) if not one.is_smart]


def sizes(session: Session, groups: Collection[str]) -> dict[str, int]:
    """How many contacts each of these holds, by its id."""
    return dict(session.execute(select(GroupRow.id, SIZE).where(GroupRow.id.in_(list(groups)))).all())


def find(session: Session, name_or_id: str) -> Group:
    """The live group of this id or name (case means nothing). Raises NotFound."""
    row = session.execute(_COUNTED.where(GroupRow.id == find_id(session, name_or_id))).one()
    return Group(*row)


def find_id(session: Session, name_or_id: str) -> str:
    """The id of the live group of this id or name: what it holds is not counted. Raises NotFound."""
    called = {"called": name_or_id, "folded": name_or_id.strip().casefold()}
    found = session.connection().scalar(_CALLED, called)
    if found is None:
        raise NotFound("group", name_or_id, "`sharesync groups list` shows them all.")
    return found


def find_any(session: Session, name_or_id: str) -> str:
    """The id of a group, also of a deleted one by its id. Raises NotFound."""
    deleted = select(GroupRow.id).where(GroupRow.id == name_or_id, GroupRow.deleted_at.is_not(None))
    return session.scalar(deleted) or find_id(session, name_or_id)


_KEEPING = select(GroupRow.id).where(GroupRow.passes_on.is_(False), GroupRow.deleted_at.is_(None))


def keeping(session: Session) -> frozenset[str]:
    """Ids of the groups that do not let editors put their contacts into other groups."""
    return frozenset(session.connection().scalars(_KEEPING))


def pass_on(work: Work, group: str, *, allowed: bool) -> None:
    """Say whether editors may put the group's contacts into other groups."""
    work.session.execute(update(GroupRow).where(GroupRow.id == group).values(passes_on=allowed))


def insert_group(work: Work, group: Group) -> None:
    """Put a new group in the store. Raises NameTaken."""
    _require_free(work, group.name, group.id)
    work.session.execute(
        insert(GroupRow).values(
            id=group.id,
            name=group.name,
            folded=group.name.casefold(),
            description=group.description,
            created_at=work.now,
        )
    )


def rename(work: Work, group: str, name: str) -> None:
    """Give a group another name. Raises NameTaken."""
    _require_free(work, name, group)
    work.session.execute(update(GroupRow).where(GroupRow.id == group).values(name=name, folded=name.casefold()))


def describe(work: Work, group: str, description: str) -> None:
    """Say something else of a group."""
    work.session.execute(update(GroupRow).where(GroupRow.id == group).values(description=description))


def mark_deleted(work: Work, group: str) -> None:
    """Delete a group: its grants go at once, its row stays for the mailboxes that still have to let it go.

    The row says who had a grant, or chose its contacts: they are told what became of it.
    """
    told = GrantRow.kind, GrantRow.subject, GrantRow.level
    ended: list[Any] = [*work.session.execute(delete(GrantRow).where(GrantRow.group_id == group).returning(*told))]
    its = SmartGroupRow.group_id == group, SmartGroupRow.owner_kind.is_not(None)
    chose = work.session.execute(select(SmartGroupRow.owner_kind, SmartGroupRow.owner).where(*its))
    ended += [(kind, owner, Level.MANAGE) for kind, owner in chose]
    last = [{"kind": kind.value, "subject": subject, "level": level.word} for kind, subject, level in ended]
    work.session.execute(update(GroupRow).where(GroupRow.id == group).values(deleted_at=work.now, last_grants=last))


def members(session: Session, group: str, limit: int | None = None) -> list[str]:
    """Ids of the contacts in the group; of so many, where `limit` says it."""
    return list(session.scalars(select(MembershipRow.contact_id).where(MembershipRow.group_id == group).limit(limit)))


def _require_free(work: Work, name: str, group: str) -> None:
    taken = select(GroupRow.id).where(
        GroupRow.folded == name.casefold(), GroupRow.deleted_at.is_(None), GroupRow.id != group
    )
    if work.session.scalar(taken):
        raise NameTaken(name)


# --- Grants ----------------------------------------------------------------------------------------------------------


def grants(session: Session, group: str | None = None, most: int | None = None) -> list[tuple[Group, Principal, Level]]:
    """All grants, or those on one group, by group name; of each group the highest, where `most` says how many."""
    place = func.row_number().over(
        partition_by=GrantRow.group_id, order_by=(GrantRow.level.desc(), GrantRow.kind, GrantRow.subject)
    )
    ranked = select(GrantRow, place.label("place"))
    if group is not None:
        ranked = ranked.where(GrantRow.group_id == group)
    grant = ranked.subquery("ranked").c
    query = (
        select(GroupRow.id, GroupRow.name, grant.kind, grant.subject, grant.level)
        .join(GroupRow, GroupRow.id == grant.group_id)
        .where(GroupRow.deleted_at.is_(None))
        .order_by(GroupRow.folded, grant.kind, grant.subject)
    )
    if most is not None:
        query = query.where(grant.place <= most)
    rows = session.connection().execute(query)
    return [(Group(ident, name), Principal(kind, subject), level) for ident, name, kind, subject, level in rows]


def numbers(session: Session) -> dict[str, int]:
    """How many grants there are on each group that has any, by its id."""
    return dict(session.execute(select(GrantRow.group_id, func.count()).group_by(GrantRow.group_id)).all())


def granted(session: Session, group: str, principal: Principal) -> Level | None:
    """The level this very principal has been granted on the group, if any."""
    return session.scalar(select(GrantRow.level).where(*_is(group, principal)))


def set_grant(work: Work, group: str, principal: Principal, level: Level) -> None:
    """Grant, or change the level of a grant."""
    changed = work.session.execute(
        update(GrantRow).where(*_is(group, principal)).values(level=level).returning(GrantRow.level)
    ).all()
    if not changed:
        work.session.execute(
            insert(GrantRow).values(
                group_id=group, kind=principal.kind, subject=principal.subject, level=level, granted_at=work.now
            )
        )


def remove_grant(work: Work, group: str, principal: Principal) -> None:
    """Take a grant away."""
    work.session.execute(delete(GrantRow).where(*_is(group, principal)))


def _is(group: str, principal: Principal) -> tuple[ColumnElement[bool], ...]:
    return GrantRow.group_id == group, GrantRow.kind == principal.kind, GrantRow.subject == principal.subject
