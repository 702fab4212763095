"""Grants: who may do what on a group, and why someone can."""

from __future__ import annotations

from dataclasses import dataclass

from sharesync.errors import Refused
from sharesync.google.budget import CONTACTS_LIMIT
from sharesync.model.access import Level, Principal, PrincipalKind, PrincipalName
from sharesync.model.audit import Event
from sharesync.model.group import Group
from sharesync.model.permission import Right
from sharesync.model.smart_group import HIGHEST
from sharesync.services import smart_members
from sharesync.services.directory_events import tell_ended
from sharesync.services.who_may.permission import require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, directory, keeping
from sharesync.store.queries import audience
from sharesync.store.records import access_paths, groups
from sharesync.store.records.actors import people


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant as people read it."""

    group: Group
    principal: PrincipalName
    level: Level


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why someone may do what they may on a group: every path, the winning one first; none, no access."""

    group: Group
    email: str
    paths: tuple[tuple[Level, PrincipalName, str], ...]
    """Level, principal, and the path in words."""

    @property
    def level(self) -> Level | None:
        """The level that counts."""
        return self.paths[0][0] if self.paths else None


def grant(work: Work, group: str, principal: str, level: Level) -> Grant:
    """Grant a level to a principal, in place of the one it had. Raises InvalidInput, NotFound or NotAllowed."""
    found, name = groups.find(work.session, group), PrincipalName.parse(principal)
    require_on_group(work, Right.MANAGE, found.id)
    if found.is_smart and level > HIGHEST:
        raise Refused("A filter chooses who is in this group; grant view or edit here, and more in its source groups.")
    who = directory.principal(work.session, name)
    before = groups.granted(work.session, found.id, who)
    if before is not level:
        groups.set_grant(work, found.id, who, level)
        tell(work, found.id, who, before, level)
    return Grant(found, name, level)


def grant_maker(work: Work, group: Group) -> None:
    """Whoever has just made a group manages it."""
    who = Principal(PrincipalKind.USER, work.by.id)
    groups.set_grant(work, group.id, who, Level.MANAGE)
    tell(work, group.id, who, None, Level.MANAGE)


def revoke(work: Work, group: str, principal: str) -> bool:
    """Take a principal's grant away; False where there was none. Raises InvalidInput, NotFound or NotAllowed."""
    found = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, found.id)
    who = directory.granted_as(work.session, found.id, PrincipalName.parse(principal))
    before = groups.granted(work.session, found.id, who)
    if before is None:
        return False
    _end(work, found.id, who, before)
    return True


def put_back(work: Work, group: str, who: Principal, now: Level | None, before: Level | None, *, cause: str) -> bool:
    """Give a principal the level it had before, if it still has the one that it got then.

    Raises NotFound or NotAllowed.
    """
    found = groups.find(work.session, group)
    require_on_group(work, Right.MANAGE, found.id)
    if groups.granted(work.session, found.id, who) is not now:
        return False
    if before is None:
        _end(work, found.id, who, now, cause=cause)
    else:
        groups.set_grant(work, found.id, who, before)
        tell(work, found.id, who, now, before, cause=cause)
    return True


def _end(work: Work, group: str, who: Principal, before: Level | None, *, cause: str | None = None) -> None:
    claims.touch_groups(work, [group])
    groups.remove_grant(work, group, who)
    tell_ended(work, keeping.forget_grant(work, group, who))
    tell(work, group, who, before, None, cause=cause)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of access means for one user; None is no access."""

    email: str
    before: Level | None
    after: Level | None
    name: str
    overfull: int = 0
    """How many shared contacts would stand in their mailbox, where that is more than Google lets it hold; else 0."""


def preview(work: Work, group: str, principal: str, level: Level | None) -> list[Effect]:
    """Who would gain, lose or change what by this grant (None: by revoking it). The caller ends the work undone.

    Raises InvalidInput, NotFound or NotAllowed.
    """
    found = groups.find(work.session, group)
    before = access_paths.audience(work.session, found.id)
    if level is None:
        revoke(work, group, principal)
    else:
        grant(work, group, principal, level)
    after = access_paths.audience(work.session, found.id)
    changed = [user for user in before.keys() | after.keys() if before.get(user) != after.get(user)]
    known = people(work.session, changed)
    full = audience.overfull(work.session, [user for user in changed if user not in before], CONTACTS_LIMIT)
    effects = [
        Effect(known[user][1], before.get(user), after.get(user), known[user][0], full.get(user, 0)) for user in changed
    ]
    return sorted(effects, key=lambda effect: effect.email)


def tell(
    work: Work, group: str, who: Principal, before: Level | None, after: Level | None, *, cause: str | None = None
) -> None:
    """Record that a grant changed, and make every mailbox due that the group reaches."""
    subject = f"{who.kind.value}:{who.subject}"
    words = [level.word if level else None for level in (before, after)]
    work.record(
        Event(
            "grant.set" if after else "grant.remove",
            group=group,
            fields=("level",),
            reason=f"{subject} {words[0] or 'nothing'} -> {words[1] or 'nothing'}",
            cause=cause,
        )
    )
    claims.ensure(work)
    claims.touch_groups(work, [group])
    smart_members.judge(work)


def listed(session: Session, group: str | None = None) -> list[Grant]:
    """All grants, or those on one group. Raises NotFound."""
    rows = groups.grants(session, groups.find_id(session, group) if group is not None else None)
    names = directory.principal_names(session, [who for _, who, _ in rows])
    return [Grant(found, names[who], level) for found, who, level in rows]


def explain(session: Session, group: str, email: str) -> Explanation:
    """Every path by which a user, or `service:NAME`, gets a level on a group. Raises InvalidInput, NotFound."""
    found = groups.find(session, group)
    if email.startswith(f"{PrincipalKind.SERVICE.value}:"):
        name = PrincipalName.parse(email)
        its = directory.principal(session, name)
        level = groups.granted(session, found.id, its)
        return Explanation(found, email, ((level, name, _in_words(name)),) if level else ())
    user = directory.user_id(session, email)
    ways = access_paths.paths(session, found.id, user)
    names = directory.principal_names(session, [who for _, who in ways])
    return Explanation(found, email, tuple((level, names[who], _in_words(names[who])) for level, who in ways))


def _in_words(name: PrincipalName) -> str:
    match name.kind:
        case PrincipalKind.USER:
            return "granted to the user"
        case PrincipalKind.GROUP:
            return f"member of {name.name}"
        case PrincipalKind.UNIT:
            return f"in or below {name.name}"
        case PrincipalKind.DOMAIN:
            return "everyone in the domain"
        case PrincipalKind.SERVICE:
            return "granted to the service"
