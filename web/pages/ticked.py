"""What was ticked in a list, or all that it found: as ids, as a filter, in words; and what else can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from babel.lists import format_list
from flask import request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import NotAllowed, NotFound, Refused, SearchTooLong
from sharesync.services.bulk_plans import HIDDEN, BulkPlan
from sharesync.store.queries import contact_names, contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from web.frame.live import the_world
from web.frame.person import visible
from web.frame.responses import refused
from web.pages.contact_filters import sent
from web.words.languages import N_, _, language
from web.words.refusals import said, told
from web.words.terms import count

FEW = 5
"""Up to so many contacts are named, and deleted without typing a word; taken out of a group without a question."""


@dataclass(frozen=True, slots=True)
class MoreDeed:
    """What else can be done with what is ticked, as a button in the list's bar."""

    endpoint: str
    word: str
    icon: str


MORE: tuple[MoreDeed, ...] = (
    MoreDeed("bulk.change", N_("Change a field or tags"), "list-plus"),
    MoreDeed("bulk.check", N_("Mark as right"), "circle-check"),
    MoreDeed("reviews.prepare", N_("Start a review"), "list-checks"),
    MoreDeed("copies.addresses", N_("Copy addresses"), "mail"),
    MoreDeed("copies.vcard", N_("Export as vCard"), "download"),
    MoreDeed("copies.csv", N_("Export as CSV"), "download"),
)
"""In the order of the menu. Each gets what was ticked by POST: `contact`, or `all` with what the list asked for."""


def to_the_list(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """What is refused is said on the list it was asked from; what is hidden or not allowed has a page of its own."""

    @wraps(view)
    def answered() -> ResponseReturnValue:
        try:
            return view()
        except (NotFound, NotAllowed, SearchTooLong):  # the list would refuse so long a search, too
            raise
        except Refused as error:
            return refused(told(error), the_list())

    return answered


def with_refusals(sentence: str, plan: BulkPlan) -> str:
    """The sentence, and a line for each reason why it is not done with some."""
    lines = [sentence]
    if plan.same:
        lines.append(_("%(contacts)s: so already.", contacts=count(len(plan.same), "contact")))
    for reason, some in plan.refused.items():
        who = count(len(some), "contact") if reason == HIDDEN else named(list(some))
        lines.append(_("Not with %(contacts)s: %(reason)s", contacts=who, reason=said(reason)))
    return "\n".join(lines)


def chosen() -> list[str]:
    """Their ids."""
    if "all" not in request.form:
        return list(dict.fromkeys(request.form.getlist("contact")))
    with the_world().database.reading() as session:
        return contact_pages.ids(session, sent())


def chosen_filter() -> ContactFilter:
    """The same as a filter: those of them that the asker may see."""
    return sent() if "all" in request.form else ContactFilter(only=chosen(), among=visible())


def named(ids: Sequence[str]) -> str:
    """A few by name, `Ada and Grace`; many by their number."""
    if len(ids) > FEW:
        return count(len(ids), "contact")
    with the_world().database.reading() as session:
        known = contact_names.titles(session, ids, visible())
    shown = [known[one].title or _("a contact without a name") for one in ids if one in known]
    return format_list(shown, locale=language()) or count(len(ids), "contact")


def the_list() -> str:
    """The list where they were ticked, or the page of the one contact."""
    if home := request.form.get("home"):
        return url_for("contacts.show", contact=home)
    told: dict[str, Any] = {name: request.form.get(name) or None for name in ("q", "sort", "columns")}
    if group := request.form.get("page"):
        return url_for("groups.show", group=group, **told)
    return url_for("contacts.index", **told, group=request.form.get("group") or None)
