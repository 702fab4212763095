"""Access: who may do what in a group; any change of it shown before it is made; why someone can see it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import GoogleError, Refused
from sharesync.model.access import Level, PrincipalName
from sharesync.model.permission import Right
from sharesync.model.searching import terms_of
from sharesync.services import directory, grants
from sharesync.services.grants import Effect
from sharesync.store.queries import audience, grant_pages, groups, lookup
from sharesync.store.queries.audience import Reached
from web.frame.live import the_world
from web.frame.needs import Pages, on_group, runs_group
from web.frame.person import acting, the_person, trying
from web.frame.responses import done, refused
from web.words.languages import _, alphabet
from web.words.refusals import told

pages = Pages("access", __name__, url_prefix="/groups/<group>/access")

SHOWN = 100
"""Of those whom a group or a change reaches, how many are named; the others are counted."""


@pages.get("/", needs=runs_group())
def index(group: str) -> str:
    """Who has which level, the way to change it, and everyone whom that reaches, with the reason."""
    sought, why = request.args.get("q", ""), request.args.get("why", "").strip()
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        reached = audience.reached(session, found.id, alphabet())
        asked = _asked_about(reached, why) if why else reached
        return render_template(
            "access/index.html",
            group=found,
            lines=grant_pages.lines(session, found.id),
            asked=asked[:SHOWN],
            more=len(asked[SHOWN:]),
            ways=grant_pages.ways(session, found.id, [one.user_id for one in asked[:SHOWN]]),
            people=len(reached),
            sought=sought,
            candidates=lookup.principals(session, sought, alphabet=alphabet()) if sought else [],
            why=why,
            strangers=[] if asked else lookup.users(session, why, limit=2, alphabet=alphabet()),
            runs=True,
        )


def _asked_about(reached: list[Reached], why: str) -> list[Reached]:
    """Somebody by the whole address, or else all who may be meant."""
    exactly = [one for one in reached if one.email == why.casefold()]
    return exactly or [one for one in reached if lookup.is_called(one.name, one.email, terms_of(why))]


@pages.get("/suggest", needs=runs_group())
def suggest(group: str) -> str:
    """Whom a few letters may mean, as one types."""
    sought = request.args.get("q", "")
    with the_world().database.reading() as session:
        candidates = lookup.principals(session, sought, alphabet=alphabet()) if sought.strip() else []
        found = groups.find(session, group)
        return render_template("access/_suggest.html", sought=sought, candidates=candidates, group=found)


@dataclass(frozen=True, slots=True)
class AccessPreview:
    """What a change of access would mean: who gains, changes, loses."""

    gains: list[Effect]
    changes: list[Effect]
    losses: list[Effect]
    overfull: list[Effect]
    """Those into whose mailbox more would belong than Google lets it hold."""

    @staticmethod
    def of(effects: list[Effect]) -> AccessPreview:
        """Sorted into the three."""
        return AccessPreview(
            [one for one in effects if one.before is None],
            [one for one in effects if one.before and one.after],
            [one for one in effects if one.after is None],
            [one for one in effects if one.overfull],
        )


@pages.post("/", needs=on_group(Right.MANAGE))
def change(group: str) -> ResponseReturnValue:
    """Give a principal a level, or none; at first only show what that would mean."""
    back = url_for("access.index", group=group)
    who, word = request.form.get("principal", ""), request.form.get("level", "")
    if not who:
        return refused(_("Choose first to whom it is given."), back)
    try:
        level = None if word == "none" else Level.parse(word)
        directory.learn(the_world(), the_person().by, who)
        with trying() as work:
            effects = grants.preview(work, group, who, level)
        if "seen" in request.form:
            return _save(group, who, level, back)
    except (Refused, GoogleError) as error:
        return refused(told(error), back)
    with the_world().database.reading() as session:
        found, meant = groups.find(session, group), lookup.named(session, group, PrincipalName.parse(who))
    return render_template(
        "access/preview.html", group=found, meant=meant, level=level, preview=AccessPreview.of(effects), shown=SHOWN
    )


def _save(group: str, who: str, level: Level | None, back: str) -> ResponseReturnValue:
    with acting() as work:
        if level is None:
            grants.revoke(work, group, who)
        else:
            grants.grant(work, group, who, level)
    return done(_("Access changed. Mailboxes follow within minutes."), back)
