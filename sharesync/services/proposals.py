"""Proposals and conflicts: what someone decides about values that did not become the contact's."""

from __future__ import annotations

from sharesync.errors import InvalidInput, NotAllowed, Sentence, StaleVersion
from sharesync.model.audit import ActorKind, Event, Outcome
from sharesync.model.card import EMPTY, Card
from sharesync.model.contact import Contact, VersionKind
from sharesync.model.permission import Right
from sharesync.model.waiting import OpenConflict, OpenProposal, Resolution
from sharesync.services import contacts as contact_cases
from sharesync.services.who_may.permission import (
    groups_of_conflict,
    groups_of_proposal,
    party,
    require,
    require_on_contact,
)
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, conflicts, contacts, proposals
from sharesync.sync.merge import merge


def propose(work: Work, contact: str, card: Card, version: int) -> str:
    """Keep an edit of someone who may only view, typed over this version; returns the proposal's id.

    An earlier open one of the same person takes it in, the newer values winning, as with edits in their mailbox. Raises
    NotFound, NotAllowed, StaleVersion for a version that never was, InvalidInput where nothing was changed.
    """
    require_on_contact(work, Right.VIEW, contact)
    if work.by.kind is ActorKind.TOKEN:
        raise NotAllowed("A program changes what it may edit, and proposes nothing.")
    asker = party(work.session, work.by)
    if asker.level(contacts.holders(work.session, contact)) is None:
        raise NotAllowed("Only somebody with whom the contact is shared proposes a change of it.")
    now = contacts.get(work.session, contact)
    base = contacts.cards_at(work.session, [(contact, version)]).get(contact)
    if base is None:
        raise StaleVersion(contact, version, now.version)
    sets = company_fields.defined(work.session).sets
    wanted = merge(base, card, now.card, sets).card
    if card == base or wanted == now.card:
        raise InvalidInput("Nothing was changed.")
    event = work.record(
        Event(
            "proposal.keep",
            contact=contact,
            mailbox=work.by.id,
            fields=tuple(sorted(now.card.differs(wanted))),
            before_version=now.version,
            values=contact_cases.values(now.card, wanted),
        )
    )
    contacts.keep(work, [(contact, now.version, VersionKind.REJECTED, wanted, event)])
    earlier = proposals.open_one(work.session, contact, work.by.id)
    if earlier is None:
        return proposals.keep(work, contact, work.by.id, now.version, wanted)
    proposal, typed_over, before = earlier
    then = contacts.cards_at(work.session, [(contact, typed_over)])[contact]
    both = merge(now.card, wanted, merge(then, before, now.card, sets).card, sets).card
    proposals.change(work, proposal, now.version, both)
    return proposal


def accept(work: Work, proposal: str) -> Contact:
    """Make a proposal the contact's next version; newer changes of other values stay. Raises NotFound, NotAllowed."""
    found, version = proposals.find(work.session, proposal)
    require(work, Right.MANAGE, groups_of_proposal(work.session, proposal), what="open proposal", name=proposal)
    now = contacts.get(work.session, found.contact)
    base = contacts.cards_at(work.session, [(found.contact, version)])[found.contact]
    _tell(work, found, "proposal.accept", Outcome.OK)
    merged = merge(base, found.after, now.card, company_fields.defined(work.session).sets).card
    if merged != now.card:
        contact_cases.change(work, now.id, now.version, now.card, merged)
    proposals.resolve(work, found.id, Resolution.APPLIED)
    return contacts.get(work.session, found.contact)


def dismiss(work: Work, proposal: str) -> OpenProposal:
    """Dismiss a proposal; what was typed stays in the contact's history. Raises NotFound, NotAllowed."""
    found, _ = proposals.find(work.session, proposal)
    require(work, Right.MANAGE, groups_of_proposal(work.session, proposal), what="open proposal", name=proposal)
    _tell(work, found, "proposal.dismiss", Outcome.DENIED)
    proposals.resolve(work, found.id, Resolution.RESTORED)
    return found


def reopen(work: Work, proposal: str, *, cause: str) -> bool:
    """Let a decided proposal wait again, unless the same person has proposed anew. Raises NotFound, NotAllowed."""
    found = proposals.reopen(work, proposal)
    if found is None:
        return False
    # Checked once it is open again: only what waits says in which groups it arose. A refusal rolls it back.
    require(work, Right.MANAGE, groups_of_proposal(work.session, proposal), what="open proposal", name=proposal)
    contact, user = found
    work.record(Event("proposal.reopen", contact=contact, mailbox=user, reason=proposal, cause=cause))
    return True


def close_of_departed(work: Work, user: str) -> None:
    """Dismiss what a user proposed who was deleted for good: nobody could ask them; the contacts' histories keep it."""
    for found in proposals.listed(work.session, user=user):
        reason = Sentence("its user was deleted and cannot be brought back (%(id)s)", id=found.id)
        told = Event("proposal.dismiss", Outcome.DENIED, contact=found.contact, mailbox=user, reason=reason)
        work.record(told)
        proposals.resolve(work, found.id, Resolution.RESTORED)


def _tell(work: Work, proposal: OpenProposal, action: str, outcome: Outcome) -> None:
    work.record(Event(action, outcome, contact=proposal.contact, mailbox=proposal.user_id, reason=proposal.id))


def decide_conflict(work: Work, conflict: str, side: str) -> OpenConflict:
    """Decide a conflict: `store` leaves the contact as it is, `mailbox` puts the other value in its place.

    It shows who typed what, so it is for who manages a group in which it arose, as holds and proposals are. A third
    value is an ordinary edit, after which the conflict is settled for the store.

    Raises NotFound, InvalidInput, NotAllowed.
    """
    found = conflicts.find(work.session, conflict)
    require(work, Right.MANAGE, groups_of_conflict(work.session, conflict), what="open conflict", name=conflict)
    if side not in _FOR:
        raise InvalidInput("“%(side)s” is no side; say store or mailbox.", side=side)
    reason = Sentence(_FOR[side].template, id=found.id)
    work.record(Event("conflict.resolve", contact=found.contact, fields=(found.field,), reason=reason))
    if side == "mailbox":
        now = contacts.get(work.session, found.contact)
        lost, won = (Card.read({found.field: items}) for items in (found.store, found.other))
        field = EMPTY.replacing({found.field: now.card[found.field]})
        sets = company_fields.defined(work.session).sets
        card = now.card.replacing({found.field: merge(lost, won, field, sets).card[found.field]})
        if card != now.card:
            contact_cases.change(work, now.id, now.version, now.card, card)
    conflicts.resolve(work, found.id)
    return found


def reopen_conflict(work: Work, conflict: str, *, cause: str) -> bool:
    """Let a decided conflict wait again. Raises NotFound, NotAllowed."""
    found = conflicts.reopen(work, conflict)
    if found is None:
        return False
    # Checked once it is open again: only what waits says in which groups it arose. A refusal rolls it back.
    require(work, Right.MANAGE, groups_of_conflict(work.session, conflict), what="open conflict", name=conflict)
    contact, field = found
    work.record(Event("conflict.reopen", contact=contact, fields=(field,), reason=conflict, cause=cause))
    return True


_FOR = {"store": Sentence("store (%(id)s)"), "mailbox": Sentence("mailbox (%(id)s)")}
