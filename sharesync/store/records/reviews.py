"""Reviews, and what is asked in them of whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.review import ItemState, Review, ReviewDraft
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import ReviewerRow, ReviewItemRow, ReviewRow
from sharesync.store.database.work import Work


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A contact of a review."""

    contact: str
    reviewer: str | None
    state: ItemState
    is_decided: bool
    """Whether somebody said so."""


def add(work: Work, review: Review, asked: Mapping[str, str | None]) -> None:
    """Keep one, with who is asked about which contact."""
    draft = review.draft
    work.session.execute(
        insert(ReviewRow).values(
            id=review.id,
            name=draft.name,
            group_id=draft.group,
            filter=draft.filter,
            zone=draft.zone,
            ticked=review.ticked,
            field=draft.field,
            due=draft.due,
            repeats=draft.repeats,
            starter=review.starter,
            started_on=review.started_on,
            previous=review.previous,
        )
    )
    reviewers = [{"review_id": review.id, "user_id": user} for user in draft.reviewers]
    if reviewers:
        work.session.execute(insert(ReviewerRow), reviewers)
    items: list[dict[str, Any]] = [
        {"review_id": review.id, "contact_id": contact, "reviewer": who, "state": ItemState.OPEN}
        for contact, who in asked.items()
    ]
    if items:
        work.session.execute(insert(ReviewItemRow), items)


def get(session: Session, review: str) -> Review:
    """One by its id. Raises NotFound."""
    for one in listed(session, [review]):
        return one
    raise NotFound("review", review)


def listed(session: Session, only: Collection[str] | None = None) -> list[Review]:
    """These, or all, ended ones too, the newest first."""
    query = select(ReviewRow).order_by(ReviewRow.id.desc())
    if only is not None:
        query = query.where(ReviewRow.id.in_(list(only)))
    rows = list(session.scalars(query))
    people: dict[str, list[str]] = {}
    for some in chunks([row.id for row in rows]):
        named = select(ReviewerRow.review_id, ReviewerRow.user_id).where(ReviewerRow.review_id.in_(some))
        for review, user in session.execute(named.order_by(ReviewerRow.user_id)):
            people.setdefault(review, []).append(user)
    return [_review(row, tuple(people.get(row.id, ()))) for row in rows]


def known(session: Session) -> bool:
    """Whether there is, or was, any review."""
    return session.scalar(select(ReviewRow.id).limit(1)) is not None


def running(session: Session) -> list[Review]:
    """Those that have not ended."""
    return listed(session, list(session.scalars(select(ReviewRow.id).where(ReviewRow.ended_at.is_(None)))))


def _review(row: ReviewRow, people: tuple[str, ...]) -> Review:
    draft = ReviewDraft(row.name, row.due, row.group_id, row.filter, people, row.field, row.repeats, row.zone)
    return Review(row.id, draft, row.starter, row.started_on, row.ticked, row.ended_at is not None, row.previous)


def is_repeated(session: Session, review: str) -> bool:
    """Whether the next one has begun."""
    return session.scalar(select(ReviewRow.id).where(ReviewRow.previous == review)) is not None


def set_ended(work: Work, review: str, *, ended: bool) -> None:
    """Let it be over, or go on."""
    moment = work.now if ended else None
    work.session.execute(update(ReviewRow).where(ReviewRow.id == review).values(ended_at=moment))


def asked(session: Session) -> set[str]:
    """Whoever has still to look at a contact in a review that goes on."""
    left = ReviewItemRow.state == ItemState.OPEN, ReviewItemRow.reviewer.is_not(None), ReviewRow.ended_at.is_(None)
    rows = session.scalars(select(ReviewItemRow.reviewer).join(ReviewRow).where(*left).distinct())
    return {user for user in rows if user}


# --- Contacts --------------------------------------------------------------------------------------------------------


def item(session: Session, review: str, contact: str) -> ReviewItem:
    """A contact of a review. Raises NotFound."""
    row = session.get(ReviewItemRow, (review, contact), populate_existing=True)
    if row is None:
        raise NotFound("review", review)
    return _item(row)


def items(session: Session, review: str, only: Collection[str] | None = None) -> list[ReviewItem]:
    """The contacts of a review: all, or those of these that it has."""
    query = select(ReviewItemRow).where(ReviewItemRow.review_id == review).order_by(ReviewItemRow.contact_id)
    if only is None:
        return [_item(row) for row in session.scalars(query)]
    return [
        _item(row)
        for some in chunks(sorted(only))
        for row in session.scalars(query.where(ReviewItemRow.contact_id.in_(some)))
    ]


def _item(row: ReviewItemRow) -> ReviewItem:
    return ReviewItem(row.contact_id, row.reviewer, row.state, row.decided_at is not None)


def decide(work: Work, review: str, contact: str, state: ItemState) -> None:
    """Keep what somebody said of a contact; that it is open: nobody has said anything."""
    moment = None if state is ItemState.OPEN else work.now
    work.session.execute(
        update(ReviewItemRow)
        .where(ReviewItemRow.review_id == review, ReviewItemRow.contact_id == contact)
        .values(state=state, decided_at=moment)
    )


def move(work: Work, review: str, moved: Collection[ReviewItem]) -> None:
    """Let contacts of which nobody has said anything be asked of others, of nobody, again, or for the first time."""
    there = {one.contact for one in items(work.session, review, [one.contact for one in moved])}
    for one in moved:
        which = ReviewItemRow.review_id == review, ReviewItemRow.contact_id == one.contact
        change = update(ReviewItemRow).where(*which, ReviewItemRow.decided_at.is_(None))
        work.session.execute(
            (change if one.contact in there else insert(ReviewItemRow)).values(
                review_id=review, contact_id=one.contact, state=one.state, reviewer=one.reviewer
            )
        )
