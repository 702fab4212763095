"""Smart groups: made, changed, looked at before either; and what time alone changes in them.

A smart group belongs to whoever made it, a user or a service, and takes contacts only from groups that this owner
manages; of its own it gives nobody more than to view or edit. What an operator makes belongs to the administrators.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sharesync.errors import Contacts, InvalidInput, NotAllowed, NotFound, Refused
from sharesync.model.access import Level, Principal, PrincipalKind, PrincipalName
from sharesync.model.audit import ActorKind, Event
from sharesync.model.group import Group, group_description, group_name
from sharesync.model.permission import Denied, Right, authorize
from sharesync.model.searching import haystack_of
from sharesync.model.smart_group import SmartGroup, checked_filter
from sharesync.services import grants, smart_members
from sharesync.services import groups as group_cases
from sharesync.services.who_may.permission import party, refusal, require, require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation, ReadOnly, Work, pieces
from sharesync.store.mailboxes import directory
from sharesync.store.records import access_paths, company_fields, groups, smart_groups, tokens
from sharesync.sync.holds import USUAL


@dataclass(frozen=True, slots=True)
class MembersEffect:
    """What a filter over sources would change in a smart group."""

    joining: frozenset[str]
    leaving: frozenset[str]
    before: int
    """How many are in it now."""

    @property
    def after(self) -> int:
        """How many would be in it then."""
        return self.before + len(self.joining) - len(self.leaving)

    @property
    def leaves_much(self) -> bool:
        """Whether so many would leave that someone is asked first: as many as would be held, were they taken out."""
        return not USUAL.allows(len(self.leaving), self.before)


@dataclass(frozen=True, slots=True)
class Begun:
    """A smart group that one transaction brought up to date, or began to: what is left is another's, or the clock's."""

    group: str
    event: str | None
    whole: bool


def create(operation: Operation, name: str, text: str, sources: Sequence[str], **more: Any) -> Group:
    """The same as `begin`, carried out whole."""
    with operation.piece() as work:
        made = begin(work, name, text, sources, **more)
    return _finished(operation, made)


def begin(
    work: Work,
    name: str,
    text: str,
    sources: Sequence[str],
    *,
    description: str = "",
    zone: str = "",
    owner: Principal | None = None,
    share: bool = False,
) -> Begun:
    """Make a smart group over groups that its maker manages; nobody sees its label yet.

    `share`: those see it who were granted all of its sources, and so see its contacts already. `owner`: an operator
    makes it another's. Raises InvalidInput, InvalidFilter, SearchTooLong, NameTaken, NotFound, NotAllowed.
    """
    if owner is not None and work.by.kind is not ActorKind.SYSTEM:
        raise NotAllowed("What you make is yours; give it to somebody else afterwards.")
    owner = owner or _maker(work)
    chosen = _managed(work, owner, sources)
    group = Group(work.new_id(), group_name(name), group_description(description))
    fields = company_fields.defined(work.session)
    smart = SmartGroup(group.id, checked_filter(text, work.now, zone, fields), zone, owner, chosen, fields=fields)
    with group_cases.hiding_names(work):
        groups.insert_group(work, group)
    groups.pass_on(work, group.id, allowed=False)
    smart_groups.insert_smart(work, smart)
    event = work.record(Event("group.create", group=group.id, values={"name": (None, [group.name])}))
    _tell(work, group.id, None, smart, event)
    whole = smart_members.refresh(work, group.id, event)
    for who in granted_all(work.session, chosen) if share else ():
        groups.set_grant(work, group.id, who, Level.VIEW)
        grants.tell(work, group.id, who, None, Level.VIEW)
    return Begun(group.id, event, whole)


def _finished(operation: Operation, begun: Begun) -> Group:
    if not begun.whole:
        finish(operation, begun.group, begun.event)
    with operation.look() as look:
        return groups.find(look.session, begun.group)


def granted_all(session: Session, sources: Collection[str]) -> list[Principal]:
    """Those whom somebody let see each of these groups: they see what a filter would choose from them already."""
    each: dict[str, set[Principal]] = {source: set() for source in sources}
    for group, who, _ in groups.grants(session):
        if group.id in each:
            each[group.id].add(who)
    return sorted(set.intersection(*each.values()), key=lambda who: (who.kind.value, who.subject)) if each else []


def would_see(session: Session, sources: Collection[str]) -> int:
    """How many people those are."""
    some = granted_all(session, sources)
    return len(access_paths.reached(session, min(sources), some)) if some else 0


def effect(asked: ReadOnly | Work, text: str, sources: Sequence[str], *, zone: str = "") -> MembersEffect:
    """What a new smart group would hold. Raises as `begin`."""
    chosen = _managed(asked, _maker(asked), sources)
    fields = company_fields.defined(asked.session)
    text = checked_filter(text, asked.now, zone, fields)
    return _effect(asked, SmartGroup("", text, zone, None, chosen, fields=fields))


def change_effect(
    asked: ReadOnly | Work, group: str, text: str | None = None, sources: Sequence[str] | None = None
) -> MembersEffect:
    """What would change in a smart group; what is left out stays as it is. Raises as `begin`."""
    return _effect(asked, _changed(asked, _owned(asked, groups.find_id(asked.session, group)), text, sources))


def change(
    operation: Operation, group: str, text: str | None = None, sources: Sequence[str] | None = None, *, sure: bool
) -> Group:
    """The same as `begin_change`, carried out whole.

    `sure`: the asker knows how many leave. Raises Refused, too, where many would and they are not sure.
    """
    with operation.piece() as work:
        if not sure and (would := change_effect(work, group, text, sources)).leaves_much:
            raise Refused(
                "%(contacts)s of %(before)s would leave the group; say that you are sure.",
                contacts=Contacts(len(would.leaving)),
                before=would.before,
            )
        begun = begin_change(work, group, text, sources)
    return _finished(operation, begun)


def begin_change(
    work: Work, group: str, text: str | None = None, sources: Sequence[str] | None = None, cause: str | None = None
) -> Begun:
    """Let another filter choose, or from other groups; what is left out stays as it is. Raises as `begin`."""
    found = groups.find_id(work.session, group)
    old = _owned(work, found)
    new = _changed(work, old, text, sources)
    smart_groups.set_filter(work, found, new.filter)
    if sources is not None:
        smart_groups.set_sources(work, found, new.sources)
    event = _tell(work, found, old, new, cause) if _said(old) != _said(new) else None
    return Begun(found, event, smart_members.refresh(work, found, event))


def _changed(asked: ReadOnly | Work, old: SmartGroup, text: str | None, sources: Sequence[str] | None) -> SmartGroup:
    if text is not None:
        old = replace(old, filter=checked_filter(text, asked.now, old.zone, old.fields))
    if sources is not None:
        old = replace(old, sources=_managed(asked, old.owner, sources), lost=frozenset())
    return old


def _effect(asked: ReadOnly | Work, smart: SmartGroup) -> MembersEffect:
    then = smart_groups.chosen(asked.session, smart.sources, smart.asks(asked.now))
    now = smart_groups.members(asked.session, smart.id)
    return MembersEffect(frozenset(then - now), frozenset(now - then), len(now))


def give(work: Work, group: str, owner: Principal | None) -> None:
    """Make a smart group somebody else's: from then on the groups count that they manage. Administrators do.

    Raises NotFound, NotAllowed, Refused for an ordinary group.
    """
    require(work, Right.ADMINISTER)
    found = groups.find_id(work.session, group)
    old = _owned(work, found)
    if owner != old.owner:
        smart_groups.set_owner(work, found, owner)
        _tell(work, found, old, replace(old, owner=owner), None)
        smart_members.judge(work)


def owner(session: Session, text: str) -> Principal:
    """The user or service that is written so. Raises InvalidInput, NotFound."""
    name = PrincipalName.parse(text)
    if name.kind not in (PrincipalKind.USER, PrincipalKind.SERVICE):
        raise InvalidInput("A smart group belongs to one user, or to a service: someone@x.test or service:NAME.")
    return directory.principal(session, name)


def finish(operation: Operation, group: str, cause: str | None) -> None:
    """Bring a smart group up to date in as many transactions as it takes. One that breaks off is the clock's."""
    with operation.look() as look:
        smart = smart_groups.get(look.session, group)
        if smart is None:
            return
        wanted = smart_groups.chosen(look.session, smart.sources, smart.asks(look.now))
        differing = sorted(wanted ^ smart_groups.members(look.session, group))
    for some in pieces(differing):
        with operation.piece() as work:
            if (smart := smart_groups.held(work, group)) is None:
                return
            smart_members.follow(work, dict.fromkeys(some, cause), only=smart)
    whole = False
    while not whole:
        with operation.piece() as work:
            whole = smart_members.refresh(work, group, cause)


def tend(operation: Operation) -> int:
    """What the clock does: look through the smart groups for which it is time; returns how many those were.

    Whether owners still manage their sources is asked, too: no door is known that leaves it out, and one may come.
    """
    with operation.look() as look:
        due = smart_groups.due(look.session, look.now)
        misjudged = smart_members.misjudged(look.session)
    if misjudged:
        with operation.piece() as work:
            smart_members.judge(work)
    for group in due:
        with operation.piece() as work:
            whole = smart_members.refresh(work, group)
        if not whole:
            finish(operation, group, None)
    return len(due)


def _maker(asked: ReadOnly | Work) -> Principal | None:
    """Whose a smart group is that the actor makes: a program's is its owner's."""
    match asked.by.kind:
        case ActorKind.SYSTEM:
            return None
        case ActorKind.TOKEN:
            if (token := tokens.get(asked.session, asked.by.id)).groups is not None:
                raise NotAllowed("A token for certain groups makes no other one.")
            return token.owner
        case _:
            return Principal(PrincipalKind.USER, asked.by.id)


def _managed(asked: ReadOnly | Work, owner: Principal | None, sources: Collection[str]) -> dict[str, str]:
    """The sources, of each the haystack of its name. The asker manages all of them, and so does the owner."""
    if not sources:
        raise InvalidInput("Name at least one group from which its contacts come.")
    called = {key: group for group in groups.named(asked.session) for key in (group.name.casefold(), group.id)}
    mine, whose = party(asked.session, asked.by), smart_members.owner_party(asked.session, owner)
    smart = smart_groups.among(asked.session, [group.id for group in called.values()])
    found: dict[str, str] = {}
    for name in sources:
        group = called.get(name) or called.get(name.strip().casefold())
        if group is None:
            raise NotFound("group", name, "`sharesync groups list` shows them all.")
        verdict = authorize(mine, Right.MANAGE, [group.id])
        if isinstance(verdict, Denied):
            raise refusal(verdict, Right.MANAGE, "group", name)
        if group.id in smart:
            raise Refused("“%(name)s” is a smart group; name the groups that its contacts come from.", name=group.name)
        if not smart_members.manages(whose, group.id):
            raise Refused("Its owner does not manage “%(name)s”; grant them “manage” there first.", name=group.name)
        found[group.id] = haystack_of(group.name)
    return found


def _owned(asked: ReadOnly | Work, group: str) -> SmartGroup:
    """The smart group, of which the actor decides. Raises NotFound, NotAllowed, Refused for an ordinary one."""
    require_on_group(asked, Right.MANAGE, group)
    smart = smart_groups.get(asked.session, group)
    if smart is None:
        raise Refused("No filter chooses who is in this group; contacts are put into it by hand.")
    return smart


def _said(smart: SmartGroup | None) -> dict[str, object]:
    if smart is None:
        return {"filter": None, "sources": None, "owner": None}
    owner = [f"{smart.owner.kind.value}:{smart.owner.subject}"] if smart.owner else None
    return {"filter": [smart.filter], "sources": sorted({*smart.sources, *smart.lost}), "owner": owner}


def _tell(work: Work, group: str, old: SmartGroup | None, new: SmartGroup, cause: str | None) -> str:
    before, after = _said(old), _said(new)
    values = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    return work.record(Event("group.filter", group=group, fields=tuple(sorted(values)), values=values, cause=cause))
