"""Holds: what someone decides about removals and edits that came too many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sharesync.errors import Contacts, InvalidInput, NotAllowed, NotFound, People, Sentence
from sharesync.model.access import Level, service_name
from sharesync.model.audit import ActorKind, Event, Outcome
from sharesync.model.card import Card
from sharesync.model.company_fields import merged_here
from sharesync.model.contact import VersionKind
from sharesync.model.link import LinkState, Origin, Snapshot
from sharesync.model.permission import Right
from sharesync.model.waiting import HoldKind, OpenHold, Resolution
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services import smart_groups as smart_cases
from sharesync.services.who_may.permission import require, require_on_group
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation, Work, pieces
from sharesync.store.mailboxes import claims, keeping, links
from sharesync.store.records import access_paths, company_fields, contacts, held_fields, holds, services
from sharesync.sync.decisions import Decision
from sharesync.sync.holds import LATELY, Limits, Sifted, leaving, sift
from sharesync.sync.merge import merge

UNASKED = 5
"""So many removals need no word typed to be confirmed: the number up to which they would not even have been held."""
Waiting = Mapping[str, tuple[frozenset[str], int, Card | None]]


def hold_back(
    session: Session,
    now: datetime,
    mailbox: str,
    known: Snapshot,
    decisions: Sequence[Decision],
    labels_gone: frozenset[str],
    usual: Limits,
    *,
    all_gone: bool,
) -> Sifted:
    """Take out of the decisions what must be held, by each group's limits and what left it lately."""
    special: Mapping[str, Limits] = {}
    lately: Counter[str] = Counter()
    if leaving(decisions):
        special = {
            group: Limits(usual.count if count is None else count, usual.share if share is None else share)
            for group, (count, share) in holds.special_limits(session).items()
        }
        lately = holds.removed_since(session, mailbox, now - LATELY)
    return sift(known, decisions, labels_gone, lambda group: special.get(group, usual), lately, all_gone=all_gone)


def apply(operation: Operation, hold: str, only: Collection[str] = ()) -> OpenHold:
    """Let a hold, or some contacts of it, become what was done in the mailbox.

    Raises NotFound, InvalidInput or NotAllowed.

    Contacts leave the groups they were removed from, edits become versions. Where several groups were emptied, only
    the wishes of someone who may delete count; the others are made again. Where Directory is the cause, these people
    lose the group.

    Many contacts are decided about a piece at a time. A decision that breaks off leaves a smaller hold, and is finished
    by another.
    """
    return _decide(operation, hold, only, _APPLY)


def restore(operation: Operation, hold: str, only: Collection[str] = ()) -> OpenHold:
    """Undo a hold, or some contacts of it, in the mailbox: the next pass makes it whole. Raises as `apply`.

    Where Directory is the cause, these people keep the group, with all that is new in it, until Directory names them
    again or the grant is taken away; that it goes on saying the same asks nobody again.
    """
    return _decide(operation, hold, only, _RESTORE)


def close_moot(work: Work, mailbox: str, known: Snapshot) -> bool:
    """Close what need not be decided any more; returns whether there was any."""
    found = moot(work.session, mailbox, known)
    for hold, contact_ids in found:
        close(work, hold, contact_ids)
    return bool(found)


def moot(session: Session, mailbox: str, known: Snapshot) -> list[tuple[OpenHold, list[str]]]:
    """What need not be decided any more: its user put it back, or the contact has left the group otherwise."""
    open_holds = holds.listed(session, mailbox=mailbox) if known.held else ()
    found = {hold.id: holds.waits_in(session, hold.id).items() for hold in open_holds}
    over = [(hold, [one for one, groups in found[hold.id] if _is_moot(known, one, groups)]) for hold in open_holds]
    return [(hold, contact_ids) for hold, contact_ids in over if contact_ids]


def _is_moot(known: Snapshot, contact: str, groups: frozenset[str] | None) -> bool:
    wanted, link = known.wanted.get(contact), known.links.get(contact)
    if wanted is None:
        return True
    if groups is None:  # an edit
        return link is None or link.at_rest
    return not (groups & wanted.groups) - (link.labels if link else frozenset())


def close(work: Work, hold: OpenHold, some: Collection[str]) -> None:
    """Close these contacts of a hold, undecided. An edit that nobody decided about is kept among the versions."""
    waiting = holds.waiting(work.session, hold.id, some).items()
    edits = [(one, version, card) for one, (_, version, card) in waiting if card is not None]
    holds.resolve(work, hold.id, some, Resolution.RESTORED)
    reason = Sentence("no decision needed any more: %(contacts)s (%(id)s)", contacts=Contacts(len(some)), id=hold.id)
    event = work.record(Event("hold.close", group=hold.group_id, mailbox=hold.user_id, reason=reason))
    contacts.keep(work, [(c, version, VersionKind.REJECTED, card, event) for c, version, card in edits])


def set_limits(work: Work, group: str, count: int | None, share: float | None) -> None:
    """Give a group limits of its own; None where the usual one serves. Raises NotFound, InvalidInput or NotAllowed."""
    require_on_group(work, Right.MANAGE, group)
    if (count is not None and count < 0) or (share is not None and not 0 <= share <= 1):
        raise InvalidInput("A hold's count is 0 or more, its share between 0 and 1.")
    holds.set_limits(work, group, count, share)
    work.record(Event("group.limit", group=group, reason=_limits(count, share)))


def set_service_limit(work: Work, group: str, service: str, at_once: int | None) -> None:
    """Let a service change, or take out, so many contacts of a group at once; None: as many as usual.

    It ends with the service's grant. Raises NotFound, InvalidInput or NotAllowed.
    """
    require_on_group(work, Right.MANAGE, group)
    if work.by.kind is ActorKind.TOKEN:
        raise NotAllowed("A person decides how much programs may change at once, and no program.")
    if at_once is not None and at_once < 0:
        raise InvalidInput("A hold's count is 0 or more, its share between 0 and 1.")
    called = service_name(service)
    if not services.set_limit(work, group, services.find_id(work.session, called), at_once):
        raise NotFound("service", called, "Grant it the group first.")
    reason = (
        Sentence("the usual limits for service:%(service)s", service=called)
        if at_once is None
        else Sentence("more than %(contacts)s by service:%(service)s", contacts=Contacts(at_once), service=called)
    )
    work.record(Event("group.limit", group=group, reason=reason))


def _limits(count: int | None, share: float | None) -> Sentence:
    above, part = Contacts(count or 0), f"{share or 0:.0%}"
    match count, share:
        case None, None:
            return Sentence("the usual limits")
        case _, None:
            return Sentence("more than %(contacts)s", contacts=above)
        case None, _:
            return Sentence("more than %(share)s of the group", share=part)
        case _:
            return Sentence("more than %(contacts)s and %(share)s of the group", contacts=above, share=part)


def _decide(operation: Operation, hold: str, only: Collection[str], decision: _Decision) -> OpenHold:
    with operation.piece() as work:
        found = _open(work, hold, only)
        if found.kind is HoldKind.DIRECTORY:
            keeping.decide(work, found.id, apply=decision.resolution is Resolution.APPLIED)
            _tell(work, found, decision, decision.outcome)
            return found
        if found.kind is HoldKind.FILTER:
            _decide_filter(work, found, decision)
            return found
        chosen = [one for one in found.contacts if not only or one in only]
        asked = replace(found, contacts=tuple(chosen))
        first, *rest = pieces(chosen)
        event = _tell(work, asked, decision, Outcome.INTENDED if rest else decision.outcome)
        _carry_out(work, found, first, decision, event)
    for some in rest:
        with operation.piece() as work:
            _require_decider(work, found)
            _carry_out(work, found, some, decision, event)
            if some is rest[-1]:
                _tell(work, asked, decision, decision.outcome, event)
    return found


def _decide_filter(work: Work, hold: OpenHold, decision: _Decision) -> None:
    """Let the filter choose, or drop it; what does not fit into this transaction is the clock's."""
    event = _tell(work, hold, decision, decision.outcome)
    holds.resolve(work, hold.id, hold.contacts, decision.resolution)
    if decision.resolution is Resolution.APPLIED and hold.wanted and hold.group_id:
        smart_cases.begin_change(work, hold.group_id, hold.wanted.filter, hold.wanted.sources, event)


def _open(work: Work, hold: str, only: Collection[str]) -> OpenHold:
    """The hold, of which its decider asks about these contacts."""
    found = holds.find(work.session, hold)
    _require_decider(work, found)
    if only and found.kind is HoldKind.DIRECTORY:
        raise InvalidInput("This hold is about people; it is decided for all of them at once.")
    if only and found.kind is HoldKind.FILTER and set(only) != set(found.contacts):
        raise InvalidInput("This hold is about a filter; it is decided for all contacts at once.")
    if unknown := set(only) - set(found.contacts):
        raise InvalidInput("Contact %(contact)s does not wait in this hold.", contact=min(unknown))
    return found


def _require_decider(work: Work, hold: OpenHold) -> None:
    if work.by.kind is ActorKind.TOKEN:
        raise NotAllowed("A person decides about what is held, and no program.")
    if hold.group_id is None or hold.kind is HoldKind.DIRECTORY:  # several groups, or many people, at once
        require(work, Right.ADMINISTER)
    else:
        require_on_group(work, Right.MANAGE, hold.group_id)


def _tell(work: Work, hold: OpenHold, decision: _Decision, outcome: Outcome, cause: str | None = None) -> str:
    reason = (
        Sentence("%(people)s (%(id)s)", people=People(len(hold.people)), id=hold.id)
        if hold.kind is HoldKind.DIRECTORY
        else Sentence("%(contacts)s (%(id)s)", contacts=Contacts(len(hold.contacts)), id=hold.id)
    )
    whose = hold.user_id or None
    return work.record(Event(decision.action, outcome, group=hold.group_id, mailbox=whose, reason=reason, cause=cause))


def _carry_out(work: Work, hold: OpenHold, some: Collection[str], decision: _Decision, event: str) -> None:
    """Decide about these contacts, those of them that still wait."""
    waiting = holds.waiting(work.session, hold.id, some)
    decision.follow(work, hold, waiting, event)
    holds.resolve(work, hold.id, waiting, decision.resolution)
    if not hold.program:  # which has no mailbox
        claims.touch_users(work, [hold.user_id])


def _apply(work: Work, hold: OpenHold, waiting: Waiting, event: str) -> None:
    levels = access_paths.levels(work.session, hold.user_id)
    _apply_edits(work, hold.id, waiting, event)
    pairs = []
    for contact, (groups, _, _) in waiting.items():
        # What a program may do was checked before it was held.
        may = (group for group in sorted(groups) if hold.program or levels.get(group, Level.VIEW) >= Level.DELETE)
        pairs += [(group, contact) for group in may]
    group_cases.remove_contacts(work, pairs, cause=event)
    if not hold.program:
        _give(work, hold, waiting)


def _restore(work: Work, hold: OpenHold, waiting: Waiting, event: str) -> None:
    edits = ((contact, version, card) for contact, (_, version, card) in waiting.items() if card is not None)
    contacts.keep(work, [(contact, version, VersionKind.REJECTED, card, event) for contact, version, card in edits])


def _apply_edits(work: Work, hold: str, waiting: Waiting, cause: str) -> None:
    edits = {contact: (version, card) for contact, (_, version, card) in waiting.items() if card is not None}
    fields, here = company_fields.defined(work.session), held_fields.waiting(work.session, hold)
    bases = contacts.cards_at(work.session, ((contact, version) for contact, (version, _) in edits.items()))
    for contact, (version, now) in contacts.cards(work.session, bases).items():
        merged = merge(bases[contact], edits[contact][1], now, fields.sets).card  # a person chose the edit: it wins
        beside = contacts.here_of(work.session, [contact]).get(contact, {})
        wanted = beside
        if contact in here:
            then = contacts.here_at(work.session, contact, edits[contact][0])
            wanted = merged_here(fields, then, here[contact], beside)
        if merged != now or wanted != beside:
            contact_cases.change(work, contact, version, now, merged, here=wanted, cause=cause)


def _give(work: Work, hold: OpenHold, some: Collection[str]) -> None:
    """A person that its user took out of its last group here, and kept, is theirs now."""
    held, stayed = contacts.held_by(work.session, some), holds.stayed(work.session, hold.id, some)
    granted = access_paths.in_mailbox(work.session, hold.user_id).levels.keys()
    given = [
        replace(link, origin=Origin.GIVEN)
        for contact, link in links.of(work.session, hold.user_id, some).items()
        if link.state is LinkState.LIVE
        and link.source_id == stayed.get(contact)
        and granted.isdisjoint(held.get(contact, ()))
    ]
    links.update_links(work, hold.user_id, given)


@dataclass(frozen=True, slots=True)
class _Decision:
    """What somebody decides about a hold."""

    action: str
    outcome: Outcome
    resolution: Resolution
    follow: Callable[[Work, OpenHold, Waiting, str], None]
    """Does in the store what follows for some contacts of a hold, with the event that caused it."""


_APPLY = _Decision("hold.apply", Outcome.OK, Resolution.APPLIED, _apply)
_RESTORE = _Decision("hold.restore", Outcome.RESTORED, Resolution.RESTORED, _restore)
