"""The change log for auditors: every event, filtered; one of them with its values; a copy; the check that it is whole.

Whoever reads it is written down in it, so these pages never refresh by themselves.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput
from sharesync.formats.events import LogFormat, write
from sharesync.model.actions import ACTIONS
from sharesync.model.audit import ActorKind, Outcome, Source
from sharesync.model.filters import plain
from sharesync.model.permission import Right
from sharesync.model.searching import found as matches
from sharesync.model.searching import haystack_of, terms_of
from sharesync.services import undoing
from sharesync.services.log import checkpoints_away, inspection, log_reading
from sharesync.services.log.verification import LogVerdict
from sharesync.store.queries import contact_pages, events, groups, log_names, lookup, related_events
from sharesync.store.queries.contact_names import Named
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.queries.grant_words import GRANTS
from sharesync.store.queries.log_names import Names
from sharesync.store.queries.people import actors, who
from sharesync.store.queries.timeline import Line
from web.frame.limits import EXPORT
from web.frame.live import the_world
from web.frame.needs import OVERSEE, Pages
from web.frame.numbers import whole
from web.frame.person import acting, may, visible
from web.frame.responses import refused
from web.pages import log_filters
from web.pages.downloads import download
from web.pages.options import Suggestion, drawn
from web.words import entries, moments
from web.words.languages import _, alphabet
from web.words.refusals import told

pages = Pages("audit", __name__, url_prefix="/audit")

LINES = 50
OFFERED = 8
"""Of those whom a few letters may mean."""
TYPES = {LogFormat.JSONL: "application/jsonl", LogFormat.CSV: "text/csv", LogFormat.OCSF: "application/jsonl"}
ENDINGS = {LogFormat.JSONL: "jsonl", LogFormat.CSV: "csv", LogFormat.OCSF: "ocsf.jsonl"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer."""

    actions: Collection[str] = tuple(sorted(ACTIONS))
    nouns: Collection[str] = tuple(log_filters.NOUNS)
    outcomes: Collection[Outcome] = tuple(Outcome)
    sources: Collection[Source] = tuple(Source)


@pages.get("/", needs=OVERSEE)
def index() -> str:
    """The newest events that match, or those before the cursor."""
    before = request.args.get("before", type=whole)
    with the_world().database.reading_log() as session:
        asked = log_filters.read(session, request.args)
        nothing = events.EventPage([], None)
        found = nothing if asked.problem else events.page(session, asked.wanted, before=before, limit=LINES)
        names = log_names.names(session, found.events)
    if not asked.problem:
        with acting() as work:
            log_reading.note_read(work, asked.wanted, len(found.events))
    now = the_world().now()
    days = groupby(found.events, lambda one: moments.day_of(one["at"], now))
    return render_template(
        "audit/index.html",
        asked=asked,
        choices=Choices(),
        days=[(day, [(one, _as_line(one, names)) for one in some]) for day, some in days],
        before=before,
        older=found.older,
        forms_of_export=[one.value for one in LogFormat],
    )


@pages.get("/suggest", needs=OVERSEE)
def suggest() -> str:
    """Which people, contacts or groups a few letters may mean, as one types."""
    letters, of = request.args.get("q", ""), request.args.get("of")
    terms = terms_of(letters)
    with the_world().database.reading() as session:
        if of == "contacts":
            which = ContactFilter(plain(letters), among=visible())
            shelf = contact_pages.shelf(session, which, alphabet=alphabet(), size=LINES).contacts
            # Those who are called so come before those who say so somewhere.
            found = sorted(shelf, key=lambda one: not matches(terms, haystack_of(one.card.title)))[:OFFERED]
            return drawn(Suggestion(one.card.title, one.card.title, ", ".join(one.groups), id=one.id) for one in found)
        if of == "groups":
            known = [one for one in groups.named(session, alphabet()) if may(Right.VIEW, one.id)]
            return drawn(Suggestion(one.name, one.name) for one in known if matches(terms, haystack_of(one.name)))
        users = lookup.users(session, letters, OFFERED, alphabet())
        return drawn(Suggestion(one.name.name, one.title, one.name.name) for one in users)


def _users(values: Iterable[inspection.EventValue]) -> set[str]:
    """Ids of the users of whom values of an event tell, beside words."""
    told = [one for one in values if one.field in entries.PEOPLE]
    return {text for one in told for side in (one.before, one.after) for text in side or () if isinstance(text, str)}


@pages.get("/<int:seq>", needs=OVERSEE)
def show(seq: int) -> str:
    """One event: its values before and after, what led to it, and what followed."""
    with acting() as work:
        seen = inspection.look_at(work, seq)
        around = related_events.related(work.session, seen.event)
        names = log_names.names(work.session, [seen.event, *around.all])
        people = actors(work.session, _users(seen.values))
        undoable = may(Right.ADMINISTER) and undoing.has_opposites(work.session, seen.event["pass_id"])

    def lines(some: list[dict[str, Any]]) -> list[tuple[dict[str, Any], Line]]:
        return [(one, _as_line(one, names)) for one in some[: related_events.MOST]]

    return render_template(
        "audit/show.html",
        seen=seen,
        names=names,
        people=people,
        line=_as_line(seen.event, names),
        parts=[
            (_("What led to it"), lines(around.led), 0),
            (_("Done together with it"), lines(around.beside), len(around.beside) > related_events.MOST),
            (_("What followed"), lines(around.followed), len(around.followed) > related_events.MOST),
        ],
        undoable=undoable,
    )


@pages.post("/export", needs=OVERSEE, limit=EXPORT)
def export() -> ResponseReturnValue:
    """A copy of the events that match, the oldest first, without the values: they must stay erasable."""
    try:
        form = LogFormat(request.form.get("format", ""))
    except ValueError:
        return refused(_("Choose a format."), url_for("audit.index"))
    with acting() as work:
        asked = log_filters.read(work.session, request.form)
        if asked.problem:
            return refused(asked.problem, url_for("audit.index"))
        size = log_reading.note_export(work, asked.wanted, form.value)
    world = the_world()

    def lines() -> Iterator[str]:
        with world.database.reading() as session:
            for number, event in enumerate(events.oldest_first(session, asked.wanted, below=size)):
                yield _line(form, event, first=number == 0)

    return download(lines(), TYPES[form], _("Change log"), ENDINGS[form])


@pages.get("/verify", needs=OVERSEE)
def verify() -> str:
    """What the check does, and the button that starts it."""
    return _verify(None)


@pages.post("/verify", needs=OVERSEE, limit=EXPORT)
def check() -> ResponseReturnValue:
    """Recompute the whole log and hold it against the checkpoints at hand: what `audit verify` says.

    At hand are those beside the data, and what was kept elsewhere and is pasted or sent.
    """
    world = the_world()
    try:
        with world.database.reading_log() as session:
            verdict, outside = inspection.check(session, world.checkpoints, _kept_elsewhere())
    except InvalidInput as error:
        return refused(told(error), url_for("audit.verify"))
    with acting() as work:
        inspection.note_check(work, verdict)
    return _verify(verdict, verdict.proven(outside))


def _verify(verdict: LogVerdict | None, proven: int = 0) -> str:
    world = the_world()
    place, every = world.checkpoints_to, world.checkpoint_interval
    away = checkpoints_away.standing(world.database, place, every, world.now()) if place else None
    return render_template("audit/verify.html", verdict=verdict, proven=proven, away=away)


def _kept_elsewhere() -> list[str]:
    """The notes that were pasted or sent. Raises InvalidInput."""
    # A text area ends its lines as the web does, and a note is signed to its last sign.
    pasted = request.form.get("note", "").replace("\r\n", "\n").strip()
    notes = [f"{pasted}\n"] if pasted else []
    try:
        return notes + [sent.read().decode() for sent in request.files.getlist("notes") if sent.filename]
    except UnicodeDecodeError:
        raise InvalidInput("This cannot be read as a checkpoint.") from None


def _as_line(event: Mapping[str, Any], names: Names) -> Line:
    """The event as the page of changes would say it, were it alone in its act."""
    contact = names.contacts[event["seq"]]
    return Line(
        id=event["id"],
        at=event["at"],
        action=event["action"],
        outcome=event["outcome"],
        source=event["source"],
        actor=who(event["actor_kind"], event["actor"], names.users),
        group=names.groups[event["seq"]],
        mailbox=who(ActorKind.USER, event["mailbox_id"], names.users) if event["mailbox_id"] else None,
        contacts=(contact or Named(event["contact_id"], "", gone=True),) if event["contact_id"] else (),
        count=1 if event["contact_id"] else 0,
        fields=tuple(event["fields"]),
        reason=event["reason"],
        version=event["after_version"],
        given=names.given.get(event["reason"]) if event["action"] in GRANTS else None,
    )


def _line(form: LogFormat, event: dict[str, Any], *, first: bool) -> str:
    out = io.StringIO(newline="")
    write(form, [event], out)
    text = out.getvalue()
    return text if first or form is not LogFormat.CSV else text.partition("\n")[2]
