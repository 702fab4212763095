"""Duplicates: contacts that are probably one, side by side: merged value by value, or said to be two."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, NotFound, Refused, StaleVersion
from sharesync.model.contact import Contact
from sharesync.model.joining import choices
from sharesync.model.likeness_odds import Reason
from sharesync.model.permission import Right
from sharesync.services import merging
from sharesync.services.duplicates import MANY, compared_by_now
from sharesync.services.who_may.permission import groups_of_contact
from sharesync.store.database.engine import Session
from sharesync.store.queries import contacts, decisions, duplicates
from sharesync.store.queries.duplicates import Pair
from sharesync.store.queries.unlisted_pairs import unlisted
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages, on_contact
from web.frame.numbers import whole
from web.frame.person import acting, demand, may, the_person, visible
from web.frame.responses import done, refused
from web.pages.cards import fact
from web.pages.contact_filters import asked_of_pairs
from web.pages.faces import faces_of
from web.pages.grid import grid
from web.words.languages import N_, Spoken, _, alphabet
from web.words.refusals import told
from web.words.terms import Sign, Tone, count

pages = Pages("duplicates", __name__, url_prefix="/duplicates")

REASONS: dict[Reason, Sign] = Spoken(
    {
        Reason.EMAIL: Sign(Tone.GOOD, "mail", N_("same e-mail")),
        Reason.NUMBER: Sign(Tone.GOOD, "phone", N_("same number")),
        Reason.NAME: Sign(Tone.GOOD, "user-round", N_("same name")),
        Reason.BIRTHDAY: Sign(Tone.GOOD, "cake", N_("same birthday")),
        Reason.FORM: Sign(Tone.QUIET, "user-round", N_("one name is short for the other")),
        Reason.LETTER: Sign(Tone.QUIET, "user-round", N_("name differs in one letter")),
        Reason.PARTLY: Sign(Tone.QUIET, "user-round", N_("one has only a part of the name")),
        Reason.NEARLY: Sign(Tone.QUIET, "user-round", N_("nearly the same name")),
        Reason.MAILBOX: Sign(Tone.QUIET, "mail", N_("nearly the same e-mail")),
        Reason.ADDRESS: Sign(Tone.GOOD, "map-pin", N_("same address")),
        Reason.GIVEN: Sign(Tone.QUIET, "user-round", N_("same given name, other family name")),
        Reason.FAMILY: Sign(Tone.QUIET, "user-round", N_("same family name, other given name")),
        Reason.BORN_NEARLY: Sign(Tone.QUIET, "cake", N_("nearly the same birthday")),
        Reason.NEAR_ADDRESS: Sign(Tone.QUIET, "map-pin", N_("nearly the same address")),
        Reason.COMPANY: Sign(Tone.QUIET, "building-2", N_("same company")),
        Reason.BORN_APART: Sign(Tone.WAIT, "cake", N_("but the birthdays differ")),
    }
)


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A pair, in the order in which the reader may merge it; `merges`, `parts`: what they may decide."""

    pair: Pair
    stays: Contact
    goes: Contact
    merges: bool
    swaps: bool
    """They may as well let the other one stay."""
    parts: bool


@pages.get("/", needs=ENTER)
def index() -> str:
    """The pairs of which they may see both, the surest first unless another order is asked for."""
    what = asked_of_pairs(duplicates.SUREST)
    with compared_by_now(the_world().database) as (session, comparing):
        pile = duplicates.pile(session, visible(), what.after, order=what.order, alphabet=alphabet())
        rows = _rows(session, pile.pairs)
        beyond = unlisted(session, visible())
        faces = faces_of(session, list(dict.fromkeys(one.id for one in pile.contacts)))
    shown = grid(pile, what)
    return render_template(
        "duplicates/index.html",
        pile=pile,
        rows=rows,
        grid=shown,
        told={row.contact.id: row for row in shown.rows},
        faces=faces,
        asked=what,
        comparing=comparing,
        beyond=beyond,
        most=duplicates.MOST,
        many=MANY,
        reasons=REASONS,
    )


@pages.get("/decided", needs=ENTER)
def decided() -> str:
    """What was decided about contacts that they may see, the latest first."""
    after = request.args.get("after")
    with the_world().database.reading() as session:
        found, following = decisions.duplicates(session, visible(), after)
    return render_template("duplicates/decided.html", found=found, after=after, following=following)


@pages.get("/<one>/<other>", needs=on_contact(Right.VIEW, "one"))
def show(one: str, other: str) -> str:
    """Two contacts side by side, and which values to keep; the first is the one that stays."""
    with compared_by_now(the_world().database) as (session, _comparing):
        _see(session, other)
        pair = duplicates.pair(session, one, other, visible())
        (row,) = _rows(session, [pair], turning=False)
        apart = decisions.are_apart(session, one, other)
    options = choices(pair.one.card, pair.other.card)
    return render_template("duplicates/show.html", row=row, apart=apart, choices=options, fact=fact, reasons=REASONS)


@pages.post("/<one>/<other>", needs=on_contact(Right.EDIT, "one"))
def decide(one: str, other: str) -> ResponseReturnValue:
    """Merge the two, or note that they are not the same."""
    back, here = url_for("duplicates.index"), url_for("duplicates.show", one=one, other=other)
    with the_world().database.reading() as session:
        _see(session, other)
    try:
        with acting() as work:
            if request.form.get("do") == "merge":
                merging.merge(work, one, other, (_version("one"), _version("other")), _picked())
                words = _("Merged: one contact is left, on its way to every mailbox. Under “Decided” it can be undone.")
            elif request.form.get("do") == "apart":
                merging.dismiss(work, one, other)
                words = _("They are not the same; nobody is asked about them again.")
            else:
                raise InvalidInput("Say whether they are the same.")
    except StaleVersion:
        return refused(_("Somebody has changed one of them meanwhile; look at both again."), here)
    except NotFound:
        raise
    except Refused as refusal:
        return refused(told(refusal), here)
    return done(words, back)


@pages.post("/", needs=ENTER)
def apart() -> ResponseReturnValue:
    """Note that none of the ticked pairs are the same; what may not be said is passed over and counted."""
    here, ticked = url_for("duplicates.index"), list(dict.fromkeys(request.form.getlist("pair")))
    if not ticked:
        return refused(_("Tick pairs first."), here)
    number, reasons = 0, []
    with acting() as work:
        for one, _sign, other in (pair.partition("-") for pair in ticked):
            try:
                merging.dismiss(work, one, other)
                number += 1
            except Refused as refusal:
                reasons.append(told(refusal))
    if not number:
        return refused(reasons[0], here)
    words = _("%(pairs)s are not the same; nobody is asked about them again.", pairs=count(number, "pair"))
    if reasons:
        left = count(len(reasons), "pair")
        words += " " + _("%(pairs)s not decided: %(reason)s", pairs=left, reason=reasons[0])
    return done(words, here)


@pages.post("/undo", needs=ENTER)
def undo() -> ResponseReturnValue:
    """Take back what was decided."""
    here = url_for("duplicates.decided")
    try:
        with acting() as work:
            merging.undo(work, request.form.get("ruling", ""))
    except NotFound:
        return refused(_("There is nothing to undo any more."), here)
    except Refused as refusal:
        return refused(told(refusal), here)
    return done(_("Undone. What others changed since stays."), here)


def _version(which: str) -> int:
    """The version that was shown."""
    return request.form.get(f"version-{which}", 0, type=whole)


def _picked() -> merging.Picked | None:
    """The values that were ticked; None where the form had none to tick."""
    if "picked" not in request.form:
        return None
    told = request.form.to_dict(flat=False)
    return {name.removeprefix("keep-"): words for name, words in told.items() if name.startswith("keep-")}


def _see(session: Session, contact: str) -> None:
    """Go on only if they may see this contact, too."""
    demand(Right.VIEW, *groups_of_contact(session, contact), what="contact", name=contact)


def _rows(session: Session, pairs: tuple[Pair, ...] | list[Pair], *, turning: bool = True) -> list[ShownPair]:
    held = contacts.held_by(session, {side.id for pair in pairs for side in (pair.one, pair.other)})
    who = the_person().party
    rows = []
    for pair in pairs:
        here, there = (held.get(side.id, []) for side in (pair.one, pair.other))
        usual = bool(here and there) and merging.may_merge(who, here, there)
        turned = bool(here and there) and merging.may_merge(who, there, here)
        parts = may(Right.EDIT, *here) and may(Right.EDIT, *there)
        if turning and turned and not usual:
            rows.append(ShownPair(pair, pair.other, pair.one, merges=True, swaps=False, parts=parts))
        else:
            rows.append(ShownPair(pair, pair.one, pair.other, merges=usual, swaps=turned, parts=parts))
    return rows
