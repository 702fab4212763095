"""Who is in smart groups: brought up to date in the transaction of whatever changes it.

The doors through which contacts, ordinary memberships, filters, sources and rights change call `follow`, `refresh` or
`judge`; time alone is the clock's (`smart_groups.tend`). Each asks the filter anew of what it is about, so that to be
called once too often does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sharesync.errors import InvalidFilter, Refused, Sentence
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.audit import CLOCK, Event
from sharesync.model.permission import EVERYTHING, Allowed, Party, Right, authorize
from sharesync.model.smart_group import SmartGroup
from sharesync.services.who_may.permission import service_party, user_party
from sharesync.store.database.engine import Session
from sharesync.store.database.work import PIECE, Work
from sharesync.store.mailboxes import claims, directory
from sharesync.store.records import roles, smart_groups

_CHOSEN = Sentence("its filter holds")
_PASSED_OVER = Sentence("its filter does not hold any more")


def require_ordinary(session: Session, group: str) -> None:
    """Go on only where people put contacts into this group and take them out. Raises Refused."""
    if smart_groups.among(session, [group]):
        raise Refused("A filter chooses who is in this group; change the contact or the filter instead.")


def follow(work: Work, causes: Mapping[str, str | None], *, only: SmartGroup | None = None) -> None:
    """Bring the memberships of these contacts up to date, in all smart groups or in one.

    `causes` names the event by which each contact, or where it is, changed.
    """
    smart = [only] if only else smart_groups.followed(work)
    if not smart or not causes:
        return
    candidates = smart_groups.candidates(work.session, causes, lock=only is None)
    joins: list[tuple[str, str]] = []
    leaves: dict[str, list[str]] = {}
    for one in smart:
        try:
            belong = {contact: one.holds(candidate, work.now) for contact, candidate in candidates.items()}
        except InvalidFilter:  # its members stay; the page says that the filter must be corrected
            continue
        for contact, belongs in belong.items():
            if belongs and one.id not in candidates[contact].groups:
                joins.append((one.id, contact))
            elif not belongs and one.id in candidates[contact].groups:
                leaves.setdefault(one.id, []).append(contact)
    claims.touch_contacts(work, sorted({contact for some in leaves.values() for contact in some}))
    smart_groups.take_out(work, leaves)
    left = [(group, contact) for group, some in leaves.items() for contact in some]
    smart_groups.put_in(work, joins)
    ours = replace(CLOCK, source=work.by.source)  # the editor of a contact takes nobody out of a group
    for pairs, action, reason in ((left, "group.take", _PASSED_OVER), (joins, "group.add", _CHOSEN)):
        for group, contact in pairs:
            event = Event(action, group=group, contact=contact, reason=reason, cause=causes.get(contact))
            work.record(event, by=ours)
    for group in dict.fromkeys(group for group, _ in joins):
        claims.touch_members(work, group, [contact for place, contact in joins if place == group])


def refresh(work: Work, group: str, cause: str | None = None) -> bool:
    """Bring a whole smart group up to date, or the first `PIECE` contacts of what is to change; whether that was all.

    What is left is due: the caller goes on in another transaction, or the clock does.
    """
    smart = smart_groups.held(work, group)
    if smart is None:
        return True
    try:
        wanted = smart_groups.chosen(work.session, smart.sources, smart.asks(work.now))
    except InvalidFilter:
        smart_groups.set_due(work, group, None)
        return True
    differing = sorted(wanted ^ smart_groups.members(work.session, group))
    follow(work, dict.fromkeys(differing[:PIECE], cause), only=smart)
    whole = len(differing) <= PIECE
    smart_groups.set_due(work, group, smart.changes_at(work.now) if whole else work.now)
    return whole


def judge(work: Work) -> None:
    """Let a source count where the smart group's owner manages it now, and only there."""
    for group, stops, goes_on in misjudged(work.session):
        for sources, counts, action in ((stops, False, "group.stop"), (goes_on, True, "group.resume")):
            smart_groups.set_counting(work, group, sources, counts=counts)
            for source in sources:
                work.record(Event(action, group=group, reason=source))
        refresh(work, group)


def misjudged(session: Session) -> list[tuple[str, list[str], list[str]]]:
    """Each smart group with the sources that are to count no longer, and those that are to count again."""
    parties: dict[Principal | None, Party] = {}
    found = []
    for one in smart_groups.listed(session):
        if one.owner not in parties:
            parties[one.owner] = owner_party(session, one.owner)
        managed = {source for source in {*one.sources, *one.lost} if manages(parties[one.owner], source)}
        stops, goes_on = sorted(one.sources.keys() - managed), sorted(one.lost & managed)
        if stops or goes_on:
            found.append((one.id, stops, goes_on))
    return found


def owner_party(session: Session, owner: Principal | None) -> Party:
    """What the owner of a smart group may, as a party; without one it is the administrators' own."""
    if owner is None:
        return EVERYTHING
    if owner.kind is PrincipalKind.SERVICE:
        return service_party(session, owner.subject)
    role = None if directory.paused(session, owner.subject) else roles.of(session, owner.subject)
    return user_party(session, owner.subject, role)


def manages(party: Party, group: str) -> bool:
    """Whether this party manages the group."""
    return isinstance(authorize(party, Right.MANAGE, [group]), Allowed)


def renamed(work: Work, group: str, cause: str) -> None:
    """A group has another name: filters of smart groups that take from it may ask for it."""
    for one in smart_groups.listed(work.session):
        if group in one.sources:
            refresh(work, one.id, cause)


def forget(work: Work, group: str, cause: str) -> None:
    """A group that was deleted, and is empty, is no smart one and no source any more."""
    for smart in smart_groups.forget(work, group):
        if smart != group:
            work.record(Event("group.stop", group=smart, reason=group, cause=cause))


def empty(work: Work, group: str, cause: str | None) -> bool:
    """Let a smart group take from nowhere, and take contacts out of it; whether it is empty."""
    smart_groups.set_sources(work, group, ())
    return refresh(work, group, cause)
