"""Filters of lists: which contacts a list is asked for, read from its address and written into its next pages'."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from flask import Response, abort, request, url_for

from sharesync.errors import InvalidFilter, Sentence
from sharesync.model.filter_lines import parse
from sharesync.model.filters import EVERYONE
from sharesync.model.list_look import COLUMNS, IN_GROUP, USUAL, ListLook
from sharesync.model.list_order import ADDED, CHANGED, DELETED, KEYED, NAME, ListOrder
from sharesync.model.permission import Right
from sharesync.store.queries.contact_pages import BY_NAME, ContactFilter
from web.frame.gate import cookies
from web.frame.live import company_fields, is_part, the_world
from web.frame.person import demand, visible
from web.frame.zones import zone
from web.words.languages import N_, Spoken

SUGGESTIONS: dict[str, str] = Spoken(
    {
        "has:email": N_("With an e-mail address"),
        "missing:email": N_("Without an e-mail address"),
        "has:phone": N_("With a phone number"),
        "missing:phone": N_("Without a phone number"),
        "has:address": N_("With a postal address"),
        "missing:company": N_("Without a company"),
        "has:birthday": N_("With a birthday"),
        "has:note": N_("With notes"),
        "invalid:email": N_("With an e-mail address that looks wrong"),
        "invalid:phone": N_("With a phone number that looks wrong"),
        "duplicate:likely": N_("Probably the same as another contact"),
        "has:photo": N_("With a photo"),
        "missing:required": N_("Without a field that a group requires"),
        "changed>-30d": N_("Changed in the last 30 days"),
        "-checked>-1y": N_("Not checked for a year"),
        "entry>-30d": N_("With an entry in the last 30 days"),
        "entry.purchase>-90d": N_("Bought something in the last 90 days"),
        "followup:due": N_("With a follow-up that is due"),
    }
)
"""What people may add to the search without knowing how it is written."""

ORDERS = (NAME, CHANGED, ADDED, *KEYED)
"""By what every list can be sorted."""
ERASED = "erased"
"""The column of the trash that says when a contact is erased for good."""

COLUMNS_COOKIE = "columns"
"""In which a browser remembers the columns that its reader chose last."""


@dataclass(frozen=True, slots=True)
class AskedList:
    """What the address of a list asks for."""

    wanted: ContactFilter
    order: ListOrder
    look: ListLook
    typed: str
    """As it stands in the search box."""
    after: str | None
    wrong: Sentence | None = None
    """Why what was typed cannot be read; nothing is found then."""
    wrong_at: int = 0
    """So many letters stand before what cannot be read."""
    usual: ListOrder = BY_NAME
    """The order when none is asked for."""
    orders: frozenset[str] = frozenset()
    """Columns by which it can be sorted."""
    first: tuple[str, ...] = ()
    """Columns that stand before those of the look, whatever the reader chose."""

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, beside the name."""
        return (*self.first, *self.look.columns)

    @property
    def pointed(self) -> tuple[str, str, str]:
        """What was typed: before what cannot be read, that, and after it."""
        part = re.match(r'[^\s"]*(?:"[^"]*"?)?\S*', self.typed[self.wrong_at :])
        end = self.wrong_at + (part.end() if part else 0)
        return self.typed[: self.wrong_at], self.typed[self.wrong_at : end], self.typed[end:]

    @property
    def narrowed(self) -> bool:
        """Something was asked for, so that an empty list means that nothing was found."""
        return bool(self.typed)

    def address(self, after: str | None = None, *, typed: str | None = None, order: ListOrder | None = None) -> str:
        """Of the same list, from the contact `after` on; or of one that something else is asked for."""
        told = dict(request.view_args or {})
        told |= {"q": (self.typed if typed is None else typed) or None, "after": after}
        order = order or self.order
        if order != self.usual:
            told["sort"] = str(order)
        told["columns"] = request.args.get("columns") or None
        if "group" not in told:
            told["group"] = self.wanted.group
        return url_for(str(request.endpoint), **told)

    @property
    def terms(self) -> list[tuple[str, str]]:
        """What is asked for by name, each with the address of the list without it."""
        asked = self.wanted.asked
        return [
            (clause.text, self.address(typed=asked.without(number)))
            for number, clause in enumerate(asked.clauses)
            if not clause.is_plain
        ]

    def suggestions(self) -> list[tuple[str, str]]:
        """What may be asked for besides, each with the address of that list."""
        return [
            (word, self.address(typed=f"{self.typed} {part}".strip()))
            for part, word in SUGGESTIONS.items()
            if part not in self.typed.split()
        ]


def asked(group: str | None = None, outside: str | None = None, among: Collection[str] | None = None) -> AskedList:
    """What the request's address asks for; `among` narrows it to some of the groups that one may see."""
    typed, group = request.args.get("q", "").strip(), group or request.args.get("group")
    amounts = (one.id for one in company_fields() if one.kind.is_amount)
    bare = _bare(BY_NAME, (*ORDERS, *amounts), IN_GROUP if group else USUAL)
    try:
        wanted = _filter_of(typed, group, outside, among)
    except InvalidFilter as error:
        found = replace(bare, wanted=_filter_of("", group, outside, ()), typed=typed, after=None)
        wrong = replace(found, wrong=error.sentence, wrong_at=error.at)
        if is_part() and _is_unfinished(wrong):
            abort(Response(status=204))  # htmx leaves what stands there
        return wrong
    return replace(bare, wanted=wanted, typed=typed)


def asked_of_trash(among: Collection[str] | None) -> AskedList:
    """What the address of the trash asks for, of the contacts that can be restored to one of these groups."""
    bare = _bare(ListOrder(DELETED), (DELETED, *ORDERS), USUAL)
    return replace(bare, wanted=ContactFilter(among=among, in_trash=True), first=(DELETED, ERASED))


def asked_of_pairs(surest: ListOrder) -> AskedList:
    """What the address of a list of pairs asks for, whose usual order is `surest`."""
    return _bare(surest, (surest.by, *ORDERS), USUAL)


def _bare(usual: ListOrder, orders: Collection[str], columns: tuple[str, ...]) -> AskedList:
    """Order, columns and place, as the address says them."""
    order = ListOrder.read(request.args.get("sort") or str(usual))
    said = request.args.get("columns") or request.cookies.get(cookies().named(COLUMNS_COOKIE), "")
    look = ListLook.read(said, (*COLUMNS, *(one.id for one in company_fields())), columns)
    return AskedList(
        ContactFilter(),
        order if order.by in orders else usual,
        look,
        "",
        request.args.get("after"),
        usual=usual,
        orders=frozenset(orders),
    )


def _is_unfinished(wrong: AskedList) -> bool:
    """Whether what cannot be read is what is being typed: the last thing, with no space after it."""
    _before, part, after = wrong.pointed
    stands_open = part.count('"') % 2 == 1 or part == "OR"
    return not after.strip() and (stands_open or not request.args["q"].endswith(" "))


def sent() -> ContactFilter:
    """The filter of the list that a form was sent from. Raises InvalidFilter."""
    return _filter_of(request.form.get("q", ""), request.form.get("page") or request.form.get("group"), None, None)


def _filter_of(typed: str, group: str | None, outside: str | None, among: Collection[str] | None) -> ContactFilter:
    if group:
        demand(Right.VIEW, group, name=group)  # which contacts are in a hidden group is hidden, too
    return ContactFilter(
        asked=parse(typed, the_world().now(), zone(), company_fields()) if typed else EVERYONE,
        group=group or None,
        outside=outside,
        among=visible() if among is None else among,
    )
