"""Reviews: started, answered contact by contact, kept true by the clock, ended, repeated each quarter.

Who manages what is looked through starts a review, and so do administrators. Whoever is asked says of a contact that it
is right, though they may only view it: somebody who manages it asked for that. To correct it takes the right to edit,
or is a proposal; to say that it is gone takes it out of the groups where they may delete, and elsewhere waits for who
runs the review.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sharesync.errors import Contacts, InvalidFilter, InvalidInput, NotAllowed, NotFound, Refused
from sharesync.model.access import PrincipalKind
from sharesync.model.audit import ActorKind, Event
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.model.review import DECISIONS, ItemState, Review, ReviewDraft
from sharesync.model.smart_group import zone_of
from sharesync.services import checks, review_asking
from sharesync.services import groups as group_cases
from sharesync.services.bulk_plans import sifted
from sharesync.services.review_asking import AnyTransaction, Sight
from sharesync.services.who_may.permission import groups_with, party, require, require_on_group
from sharesync.store.database.work import Operation, Work, pieces
from sharesync.store.records import company_fields, contacts, groups, reviews, tokens
from sharesync.store.records.reviews import ReviewItem


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """A review that may begin, and whom it asks about each contact."""

    draft: ReviewDraft
    starter: str | None
    whom: Mapping[str, str | None]
    ticked: bool


def start(operation: Operation, draft: ReviewDraft, chosen: Collection[str] | None = None) -> str:
    """The same as `begin`, where nobody else who writes waits while it is found out who is asked about what."""
    with operation.look() as look:
        plan = _planned(look, draft, chosen)
    with operation.piece() as work:
        return _begun(work, plan)


def begin(work: Work, draft: ReviewDraft, chosen: Collection[str] | None = None) -> str:
    """Ask people about the contacts of a group or filter, or about those that were chosen; returns the review's id.

    Raises InvalidInput, InvalidFilter, SearchTooLong, NotFound, NotAllowed; Refused where there is nothing to ask.
    """
    return _begun(work, _planned(work, draft, chosen))


def _planned(asked: AnyTransaction, draft: ReviewDraft, chosen: Collection[str] | None) -> ReviewPlan:
    draft, starter = _checked(asked, draft, ticked=chosen is not None), _starter(asked)
    if chosen is None:
        found = review_asking.scope(asked, draft, starter)
    else:
        found = set(sifted(asked, Right.MANAGE, chosen).goes) - contacts.lying(asked.session, chosen)
    whom = review_asking.asked_of(asked.session, draft, starter, sorted(found))
    if not whom:
        raise Refused("No contact is found that could be looked through.")
    if unseen := sum(who is None for who in whom.values()):
        raise Refused("Nobody who is named sees %(contacts)s; name somebody who does.", contacts=Contacts(unseen))
    return ReviewPlan(draft, starter, whom, ticked=chosen is not None)


def _begun(work: Work, plan: ReviewPlan) -> str:
    """Begin it, where the actor may still; whoever has lost a contact from sight meanwhile is not shown it."""
    draft = _checked(work, plan.draft, ticked=plan.ticked)
    today = _today(work.now, draft.zone)
    review = Review(work.new_id(), draft, plan.starter, today, ticked=plan.ticked, ended=False)
    reviews.add(work, review, plan.whom)
    _tell_start(work, review)
    return review.id


def decide(work: Work, review: str, contact: str, said: ItemState) -> None:
    """Say of a contact that it is right, was corrected, or is gone; another answer takes the place of the first.

    It is for whoever is asked; of one that is said to be gone, also for who runs the review. Raises NotFound, Refused.
    """
    if said not in DECISIONS:
        raise InvalidInput("Say that it is right, corrected or gone.")
    before = _asked(work, review, contact)
    event = _tell(work, review, contact, before.state, said)
    held = contacts.held_by(work.session, [contact]).get(contact, [])
    if said is ItemState.GONE:
        may = groups_with(work, Right.DELETE, held)
        group_cases.remove_contacts(work, [(group, contact) for group in may], cause=event)
    elif said is ItemState.RIGHT or groups_with(work, Right.EDIT, held):
        checks.check_asked(work, contact, cause=event)
    reviews.decide(work, review, contact, said)


def take_back(work: Work, review: str, contact: str, then: ItemState, now: ItemState, *, cause: str) -> bool:
    """Let a contact stand as before an answer, where that answer still stands; returns whether it did.

    What the answer did to the contact has events of its own, which are taken back by themselves.
    """
    item = reviews.item(work.session, review, contact)
    if item.state is not now or not item.is_decided:
        return False
    found = reviews.get(work.session, review)
    if work.by.id != item.reviewer and not runs(work, found):
        raise NotFound("review", review)
    _tell(work, review, contact, now, then, cause)
    reviews.decide(work, review, contact, then if then in DECISIONS else ItemState.OPEN)
    return True


def end(work: Work, review: str, *, cause: str | None = None) -> bool:
    """Ask nobody any more, now or next quarter; returns whether it went on. Raises NotFound, NotAllowed."""
    return _set_ended(work, review, ended=True, cause=cause)


def resume(work: Work, review: str, *, cause: str | None = None) -> bool:
    """Take back that it ended. Raises NotFound, NotAllowed; Refused where the next one has begun."""
    return _set_ended(work, review, ended=False, cause=cause)


def runs(asked: AnyTransaction, review: Review) -> bool:
    """Whether the actor runs a review: who started it, who manages its group, and administrators."""
    return bool(run_by(asked, [review]))


def run_by(asked: AnyTransaction, candidates: Iterable[Review]) -> list[Review]:
    """Those of the reviews that the actor runs."""
    who = replace(party(asked.session, asked.by), scopes=None)  # what a token opens is checked where it acts
    everything = isinstance(authorize(who, Right.ADMINISTER), Allowed)
    starter = asked.by.id if asked.by.kind is ActorKind.USER else None

    def theirs(review: Review) -> bool:
        group = review.draft.group
        manages = group is not None and isinstance(authorize(who, Right.MANAGE, [group]), Allowed)
        return everything or manages or (starter is not None and review.starter == starter)

    return [one for one in candidates if theirs(one)]


def tend(operation: Operation) -> int:
    """What the clock does: keep true who is asked about what, and begin what is repeated; returns how much changed."""
    with operation.look() as look:
        running = reviews.running(look.session)
    changed = 0
    for review in running:
        with operation.look() as look:
            moved = review_asking.moves(look, review)
            next_is_due = review.draft.repeats and review.next_on <= _today(look.now, review.draft.zone)
        for some in pieces(moved) if moved else ():
            with operation.piece() as work:
                changed += _move(work, review, some)
        if next_is_due:
            with operation.piece() as work:
                changed += _repeat(work, review.id)
    return changed


def _checked(work: AnyTransaction, draft: ReviewDraft, *, ticked: bool) -> ReviewDraft:
    """The draft with the ids of group and field, where the actor may start it."""
    require(work, Right.ENTER)
    if work.by.kind is ActorKind.TOKEN and (not draft.group or draft.repeats):
        raise InvalidInput("A program names the group of a review, and lets none repeat.")
    if draft.group:
        draft = replace(draft, group=groups.find_id(work.session, draft.group))
        require_on_group(work, Right.MANAGE, draft.group or "")
    elif not ticked and not draft.filter.strip():
        raise InvalidInput("Choose a group, or type a filter that says which contacts.")
    if draft.due < _today(work.now, draft.zone):
        raise InvalidInput("The day by which it is to be done has passed.")
    if draft.field:
        draft = replace(draft, field=company_fields.find(work.session, draft.field).id)
    if not draft.reviewers and not draft.field:
        raise InvalidInput("Name at least one person who is asked.")
    sight = Sight(work.session)
    if any(sight.party(one) is None for one in draft.reviewers):
        raise InvalidInput("Somebody who is named cannot be asked: they are away, or an auditor.")
    return replace(draft, filter=draft.filter.strip(), reviewers=tuple(dict.fromkeys(draft.reviewers)))


def _starter(work: AnyTransaction) -> str | None:
    """Whose a review is that the actor starts: a program's is its owner's, a service's the administrators'."""
    if work.by.kind is ActorKind.TOKEN:
        owner = tokens.get(work.session, work.by.id).owner
        return owner.subject if owner.kind is PrincipalKind.USER else None
    return work.by.id if work.by.kind is ActorKind.USER else None


def _asked(work: Work, review: str, contact: str) -> ReviewItem:
    """The contact as it stands in the review, where the actor is to say something of it."""
    found, item = reviews.get(work.session, review), reviews.item(work.session, review, contact)
    waits = item.state is ItemState.GONE and item.is_decided and runs(work, found)
    mine = work.by.kind is ActorKind.USER and work.by.id == item.reviewer
    places = contacts.holders(work.session, contact)
    if not (mine or waits) or not Sight(work.session).sees(work.by.id, places):
        raise NotFound("review", review)
    if found.ended:
        raise Refused("This review has ended.")
    if contacts.get(work.session, contact).deleted_at is not None:
        raise Refused("This contact is in the trash; restore it first.")
    return item


def _move(work: Work, review: Review, moved: Collection[ReviewItem]) -> int:
    """Carry out what was looked up before, where nobody has said anything meanwhile."""
    there = {one.contact: one for one in reviews.items(work.session, review.id, [one.contact for one in moved])}
    new = [one for one in moved if (now := there.get(one.contact)) is None or not (now.is_decided or now == one)]
    for one in new:
        values: dict[str, tuple[object, object]] = {"asked": (_stands(there.get(one.contact)), _stands(one))}
        work.record(Event("review.move", contact=one.contact, reason=review.id, values=values))
    reviews.move(work, review.id, new)
    return len(new)


def _stands(item: ReviewItem | None) -> list[str]:
    """How a contact stands, and who is asked about it; nothing while it is none of the review's."""
    return [] if item is None else [item.state.value, *([item.reviewer] if item.reviewer else [])]


def _repeat(work: Work, review: str) -> int:
    """Begin the next one, and end this; where nobody may start it any more, end it only."""
    old = reviews.get(work.session, review)
    if old.ended or reviews.is_repeated(work.session, review):
        return 0
    today, draft = _today(work.now, old.draft.zone), old.draft
    draft = old.next_draft(today)
    starter = review_asking.manager(work.session, old.starter)
    may = starter is not None and (
        draft.group is None or isinstance(authorize(starter, Right.MANAGE, [draft.group]), Allowed)
    )
    if may and review_asking.group_there(work.session, draft.group):
        try:
            asked = review_asking.scope(work, draft, old.starter)
        except InvalidFilter:  # a field that it asks for was deleted
            asked = set()
        if old.ticked:
            asked &= {one.contact for one in reviews.items(work.session, review)}
        whom = review_asking.asked_of(work.session, draft, old.starter, sorted(asked))
        new = replace(old, id=work.new_id(), draft=draft, started_on=today, previous=review)
        reviews.add(work, new, whom)
        _tell_start(work, new)
    reviews.set_ended(work, review, ended=True)
    work.record(Event("review.end", group=draft.group, reason=review))
    return 1


def _set_ended(work: Work, review: str, *, ended: bool, cause: str | None) -> bool:
    found = reviews.get(work.session, review)
    if not runs(work, found):
        who = Sight(work.session).party(work.by.id) if work.by.kind is ActorKind.USER else None
        asked = who is not None and any(one.reviewer == work.by.id for one in reviews.items(work.session, review))
        raise NotAllowed("Whoever runs a review ends it.") if asked else NotFound("review", review)
    if work.by.kind is ActorKind.TOKEN:
        require_on_group(work, Right.MANAGE, found.draft.group or "")
    if found.ended == ended:
        return False
    if not ended and reviews.is_repeated(work.session, review):
        raise Refused("The next one has begun.")
    reviews.set_ended(work, review, ended=ended)
    work.record(Event("review.end" if ended else "review.resume", group=found.draft.group, reason=review, cause=cause))
    return True


def _tell_start(work: Work, review: Review) -> None:
    draft = review.draft
    said = {
        "name": [draft.name],
        "filter": [draft.filter],
        "due": [draft.due.isoformat()],
        "people": list(draft.reviewers),
        "field": [draft.field],
    }
    values: dict[str, tuple[object, object]] = {name: (None, value) for name, value in said.items() if any(value)}
    work.record(Event("review.start", group=draft.group, fields=tuple(sorted(values)), reason=review.id, values=values))


def _tell(work: Work, review: str, contact: str, before: ItemState, after: ItemState, cause: str | None = None) -> str:
    values: dict[str, tuple[object, object]] = {"answer": ([before.value], [after.value])}
    return work.record(Event("review.decide", contact=contact, reason=review, cause=cause, values=values))


def _today(now: datetime, zone: str) -> date:
    return now.astimezone(zone_of(zone)).date()
