"""Holds: what someone decides about removals and edits that came too many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sharesync.errors import Contacts, InvalidInput, NotAllowed, People, Sentence
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, Event, Outcome
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.model.link import LinkState, Origin, Snapshot
from sharesync.model.permission import Right
from sharesync.model.waiting import HoldKind, OpenHold, Resolution
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services.who_may.permission import require, require_on_group
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, keeping, links
from sharesync.store.records import access_paths, contacts, holds
from sharesync.sync.decisions import Decision
from sharesync.sync.holds import LATELY, Limits, Sifted, leaving, sift
from sharesync.sync.merge import merge

UNASKED = 5
"""So many removals need no word typed to be confirmed: the number up to which they would not even have been held."""
Waiting = Mapping[str, tuple[frozenset[str], int, Card | None]]


def hold_back(
    work: Work,
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
            for group, (count, share) in holds.special_limits(work.session).items()
        }
        lately = holds.removed_since(work.session, mailbox, work.now - LATELY)
    return sift(known, decisions, labels_gone, lambda group: special.get(group, usual), lately, all_gone=all_gone)


def apply(work: Work, hold: str, only: Collection[str] = ()) -> OpenHold:
    """Let a hold, or some contacts of it, become what was done in the mailbox.

    Raises NotFound, InvalidInput or NotAllowed.

    Contacts leave the groups they were removed from, edits become versions. Where several groups were emptied, only
    the wishes of someone who may delete count; the others are made again. Where Directory is the cause, these people
    lose the group.
    """
    if (losing := _of_directory(work, hold, only)) is not None:
        return _decide_losing(work, losing, "hold.apply", Outcome.OK)
    found, waiting = _open(work, hold, only)
    event = _tell(work, found, waiting, "hold.apply", Outcome.OK)
    levels = access_paths.levels(work.session, found.user_id)
    pairs = []
    for contact, (groups, version, card) in waiting.items():
        if card is not None:
            _apply_edit(work, contact, version, card)
        pairs += [
            (group, contact)
            for group in sorted(groups)
            if found.program or levels.get(group, Level.VIEW) >= Level.DELETE
        ]
    group_cases.remove_contacts(work, pairs, cause=event)
    holds.resolve(work, found.id, waiting, Resolution.APPLIED)
    if not found.program:  # what a program may was asked before it was held, and it has no mailbox
        _give(work, found.user_id, waiting)
        claims.touch_users(work, [found.user_id])
    return found


def restore(work: Work, hold: str, only: Collection[str] = ()) -> OpenHold:
    """Undo a hold, or some contacts of it, in the mailbox: the next pass makes it whole. Raises as `apply`.

    Where Directory is the cause, these people keep the group, with all that is new in it, until Directory names them
    again or the grant is taken away; that it goes on saying the same asks nobody again.
    """
    if (losing := _of_directory(work, hold, only)) is not None:
        return _decide_losing(work, losing, "hold.restore", Outcome.RESTORED)
    found, waiting = _open(work, hold, only)
    event = _tell(work, found, waiting, "hold.restore", Outcome.RESTORED)
    edits = ((contact, version, card) for contact, (_, version, card) in waiting.items() if card is not None)
    contacts.keep(work, [(contact, version, VersionKind.REJECTED, card, event) for contact, version, card in edits])
    holds.resolve(work, found.id, waiting, Resolution.RESTORED)
    if not found.program:
        claims.touch_users(work, [found.user_id])
    return found


def close_moot(work: Work, mailbox: str, known: Snapshot) -> bool:
    """Close what need not be decided any more: its user put it back, or the contact has left the group otherwise."""
    closed = False
    for hold in holds.listed(work.session, mailbox=mailbox) if known.held else ():
        moot, unkept = [], []
        for contact, (groups, version, card) in holds.waiting(work.session, hold.id).items():
            wanted, link = known.wanted.get(contact), known.links.get(contact)
            still = (groups & wanted.groups) - (link.labels if link else frozenset()) if wanted else frozenset()
            if not still if card is None else (not wanted or not link or link.at_rest):
                moot.append(contact)
                if card is not None:
                    unkept.append((contact, version, card))
        if moot:
            closed = True
            holds.resolve(work, hold.id, moot, Resolution.RESTORED)
            reason = Sentence(
                "no decision needed any more: %(contacts)s (%(id)s)", contacts=Contacts(len(moot)), id=hold.id
            )
            event = work.record(Event("hold.close", group=hold.group_id, mailbox=mailbox, reason=reason))
            contacts.keep(work, [(c, version, VersionKind.REJECTED, card, event) for c, version, card in unkept])
    return closed


def set_limits(work: Work, group: str, count: int | None, share: float | None) -> None:
    """Give a group limits of its own; None where the usual one serves. Raises NotFound, InvalidInput or NotAllowed."""
    require_on_group(work, Right.MANAGE, group)
    if (count is not None and count < 0) or (share is not None and not 0 <= share <= 1):
        raise InvalidInput("A hold's count is 0 or more, its share between 0 and 1.")
    holds.set_limits(work, group, count, share)
    work.record(Event("group.limit", group=group, reason=_limits(count, share)))


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


def _of_directory(work: Work, hold: str, only: Collection[str]) -> OpenHold | None:
    """The hold, where Directory is its cause: administrators decide, about all people at once."""
    found = holds.find(work.session, hold)
    if found.kind is not HoldKind.DIRECTORY:
        return None
    require(work, Right.ADMINISTER)
    if only:
        raise InvalidInput("This hold is about people; it is decided for all of them at once.")
    return found


def _decide_losing(work: Work, hold: OpenHold, action: str, outcome: Outcome) -> OpenHold:
    keeping.decide(work, hold.id, apply=action == "hold.apply")
    reason = Sentence("%(people)s (%(id)s)", people=People(len(hold.people)), id=hold.id)
    work.record(Event(action, outcome, group=hold.group_id, reason=reason))
    return hold


def _open(work: Work, hold: str, only: Collection[str]) -> tuple[OpenHold, Waiting]:
    if work.by.kind is ActorKind.TOKEN:
        raise NotAllowed("A person decides about what is held, and no program.")
    found = holds.find(work.session, hold)
    if found.group_id is None:  # several groups at once
        require(work, Right.ADMINISTER)
    else:
        require_on_group(work, Right.MANAGE, found.group_id)
    waiting = holds.waiting(work.session, found.id)
    if unknown := set(only) - waiting.keys():
        raise InvalidInput("Contact %(contact)s does not wait in this hold.", contact=min(unknown))
    return found, {contact: row for contact, row in waiting.items() if not only or contact in only}


def _tell(work: Work, hold: OpenHold, waiting: Waiting, action: str, outcome: Outcome) -> str:
    reason = Sentence("%(contacts)s (%(id)s)", contacts=Contacts(len(waiting)), id=hold.id)
    return work.record(Event(action, outcome, group=hold.group_id, mailbox=hold.user_id or None, reason=reason))


def _apply_edit(work: Work, contact: str, version: int, card: Card) -> None:
    now = contacts.get(work.session, contact)
    base = contacts.cards_at(work.session, [(contact, version)])[contact]
    merged = merge(base, card, now.card).card  # who decided saw the edit: where both changed, it wins
    if merged != now.card:
        contact_cases.change(work, contact, now.version, now.card, merged)


def _give(work: Work, mailbox: str, waiting: Waiting) -> None:
    """A person that its user took out of its last group here, and kept, is theirs now."""
    known = links.known(work.session, mailbox)
    given = [
        replace(link, origin=Origin.GIVEN)
        for contact in waiting
        if (link := known.links.get(contact)) and contact not in known.wanted and link.state is LinkState.LIVE
    ]
    links.update_links(work, mailbox, given)
