"""Reviews for programs: who is asked about which contacts, and how far they are. People alone answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from sharesync.errors import NotFound
from sharesync.model.review import MAX_NAME, ItemState, ReviewDraft
from sharesync.model.token import Scope
from sharesync.services import reviews as cases
from sharesync.store.database.engine import Session
from sharesync.store.database.work import ReadOnly, Work
from sharesync.store.queries import people, reviews
from sharesync.store.queries.reviews import Progress, ReviewPlace
from web.api.answers import Answer
from web.api.registry import Api
from web.frame.live import reading, the_world, zone_name
from web.frame.needs import ENTER
from web.frame.person import asker

READ, WRITE = Scope.GROUPS_READ, Scope.GROUPS_WRITE

api = Api("api_reviews", __name__, url_prefix="/api/v1")


class ReviewerShape(Struct, frozen=True):
    """How far one person is, in numbers of contacts. `person`: their address; empty for what nobody can be asked."""

    person: str
    open: int
    right: int
    corrected: int
    gone: int


class ReviewShape(Struct, frozen=True, kw_only=True):
    """A review: what is looked through (a group by its id, a filter, or both), by when, and how far everybody is."""

    id: str
    name: str
    group: str | None
    filter: str
    due: date
    repeats: bool
    ended: bool
    people: list[ReviewerShape]


class ReviewList(Struct, frozen=True):
    """Every review that the token's owner runs, the newest first."""

    items: list[ReviewShape]


class NewReviewShape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who is asked to look through a group by a day, evenly or as a field's value names them."""

    name: Annotated[str, Meta(max_length=MAX_NAME)]
    group: Annotated[str, Meta(max_length=256, description="Its id or name; the token's owner manages it.")]
    due: date
    filter: Annotated[str, Meta(max_length=500, description="Which of its contacts; nothing: all.")] = ""
    people: Annotated[list[Annotated[str, Meta(max_length=320)]], Meta(max_length=200)] = []
    split_by: Annotated[str, Meta(max_length=60, description="Name of a field; nothing: evenly.")] = ""


@api.get("/reviews", needs=ENTER, scope=READ, gives=ReviewList)
def list_reviews() -> Answer:
    """Every review that the token's owner runs, ended ones too."""
    with reading() as session:
        return Answer(ReviewList(_run(session, reviews.places(session))))


@api.post("/reviews", needs=ENTER, scope=WRITE, takes=NewReviewShape, gives=ReviewShape, status=201)
def start_review(work: Work, body: NewReviewShape) -> Answer:
    """Ask people to look through the contacts of a group by a day."""
    named = tuple(people.user_id(work.session, address) for address in body.people)
    draft = ReviewDraft(
        body.name,
        body.due,
        group=body.group,
        filter=body.filter,
        reviewers=named,
        field=body.split_by,
        zone=zone_name(),
    )
    made = cases.begin(work, draft)
    places = reviews.places(work.session, [made])
    return Answer(_shapes(work.session, places)[0], 201, {"Location": f"/api/v1/reviews/{made}"})


@api.get("/reviews/<id:review>", needs=ENTER, scope=READ, gives=ReviewShape)
def show_review(review: str) -> Answer:
    """One review, with how far everybody is."""
    with reading() as session:
        found = _run(session, reviews.places(session, [review]))
    if not found:
        raise NotFound("review", review)
    return Answer(found[0])


@api.post("/reviews/<id:review>/end", needs=ENTER, scope=WRITE, gives=ReviewShape)
def end_review(work: Work, review: str) -> Answer:
    """Ask nobody any more."""
    cases.end(work, review)
    return Answer(_shapes(work.session, reviews.places(work.session, [review]))[0])


def _run(session: Session, places: Sequence[ReviewPlace]) -> list[ReviewShape]:
    """Those that the token's owner runs."""
    run = cases.run_by(ReadOnly(session, the_world().now(), asker().by), [one.review for one in places])
    ids = {one.id for one in run}
    return _shapes(session, [one for one in places if one.review.id in ids])


def _shapes(session: Session, places: Sequence[ReviewPlace]) -> list[ReviewShape]:
    counts = reviews.counts(session, [one.review.id for one in places])
    return [_shape(one, counts.get(one.review.id, [])) for one in places]


def _shape(place: ReviewPlace, everybody: Sequence[Progress]) -> ReviewShape:
    review = place.review
    return ReviewShape(
        id=review.id,
        name=review.draft.name,
        group=review.draft.group,
        filter=review.draft.filter,
        due=review.draft.due,
        repeats=review.draft.repeats,
        ended=review.ended,
        people=[
            ReviewerShape(
                one.email,
                *(one.states.get(state, 0) for state in (ItemState.OPEN, ItemState.RIGHT)),
                *(one.states.get(state, 0) for state in (ItemState.CORRECTED, ItemState.GONE)),
            )
            for one in everybody
        ],
    )
