"""`reviews`: what people are asked to look through, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, json_option, show, tell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sharesync.store.database.engine import Session
    from sharesync.store.queries.reviews import Progress, ReviewPlace

_COLUMNS: tuple[OutputColumn, ...] = (
    ("name", lambda line: line["name"]),
    ("group", lambda line: line["group"] or ""),
    ("filter", lambda line: line["filter"]),
    ("due", lambda line: line["due"]),
    ("left", lambda line: "ended" if line["ended"] else f"{line['open']} of {line['contacts']}"),
    ("id", lambda line: line["id"]),
)
_PEOPLE: tuple[OutputColumn, ...] = (
    ("person", lambda line: line["person"]),
    ("open", lambda line: line["open"]),
    ("right", lambda line: line["right"]),
    ("corrected", lambda line: line["corrected"]),
    ("gone", lambda line: line["gone"]),
)


def _line(place: ReviewPlace, everybody: Sequence[Progress]) -> dict[str, Any]:
    draft = place.review.draft
    return {
        "id": place.review.id,
        "name": draft.name,
        "group": place.group,
        "filter": draft.filter,
        "due": draft.due.isoformat(),
        "repeats": draft.repeats,
        "ended": place.review.ended,
        "contacts": sum(one.all for one in everybody),
        "open": sum(one.left for one in everybody),
    }


def _lines(session: Session, only: Sequence[str] | None = None) -> list[dict[str, Any]]:
    from sharesync.store.queries import reviews as stored

    places = stored.places(session, only)
    counts = stored.counts(session, [one.review.id for one in places])
    return [_line(one, counts.get(one.review.id, [])) for one in places]


@click.group()
def reviews() -> None:
    """What people are asked to look through by a day: right, corrected, or gone. REVIEW is an id."""


@reviews.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show every review, the newest first."""
    with opening.store() as database, database.reading() as session:
        lines = _lines(session)
    show(lines, _COLUMNS, "There is no review; `sharesync reviews create NAME` starts one.", as_json=as_json)


@reviews.command()
@click.argument("name")
@click.option("--group", help="Ask about the contacts of this group.")
@click.option("--filter", "filter_", metavar="FILTER", default="", help="Those of which FILTER holds.")
@click.option(
    "--by", "due", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day by which it is to be done."
)
@click.option("--person", "addresses", multiple=True, help="Who is asked, by address; may be given again.")
@click.option("--split-by", help="A field whose value names who is asked, by address or name; else evenly.")
@click.option("--quarterly", is_flag=True, help="Start another one each quarter.")
@json_option
def create(
    *, name: str, group: str | None, filter_: str, due: datetime, as_json: bool, quarterly: bool, **who: Any
) -> None:
    """Ask people to look through contacts. Each contact is asked of one person who sees it."""
    from sharesync.model.review import ReviewDraft
    from sharesync.services import reviews as cases
    from sharesync.store.mailboxes.directory import user_id

    zone = opening.settings().time_zone
    with opening.store() as database:
        with database.reading() as session:
            people = tuple(user_id(session, one) for one in who["addresses"])
        draft = ReviewDraft(
            name,
            due.date(),
            group=group,
            filter=filter_,
            reviewers=people,
            field=who["split_by"] or "",
            repeats=quarterly,
            zone=zone.key if zone else "",
        )
        review = cases.start(opening.operation_in(database), draft)
        with database.reading() as session:
            (line,) = _lines(session, [review])
    tell(line, f"Started {line['name']} ({review}): {line['contacts']} contacts are asked about.", as_json=as_json)


@reviews.command("show")
@click.argument("review")
@json_option
def show_(*, review: str, as_json: bool) -> None:
    """Show how far everybody is."""
    from sharesync.model.review import ItemState
    from sharesync.store.queries import reviews as stored

    with opening.store() as database, database.reading() as session:
        stored.get(session, review)
        everybody = stored.counts(session, [review]).get(review, [])
    states = (ItemState.OPEN, ItemState.RIGHT, ItemState.CORRECTED, ItemState.GONE)
    lines = [{"person": one.email} | {state.value: one.states.get(state, 0) for state in states} for one in everybody]
    show(lines, _PEOPLE, "Nobody is asked.", as_json=as_json)


@reviews.command()
@click.argument("review")
@json_option
def end(*, review: str, as_json: bool) -> None:
    """Ask nobody any more, now or next quarter."""
    from sharesync.services import reviews as cases

    with opening.changing() as work:
        cases.end(work, review)
        (line,) = _lines(work.session, [review])
    tell(line, f"{line['name']} has ended.", as_json=as_json)
