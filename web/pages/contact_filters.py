"""Sieves: which contacts a list is asked for, read from its address and written into those of its next pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import request, url_for

from sharesync.model.permission import Right
from sharesync.store.queries.contact_pages import ContactFilter, Order
from web.frame.person import demand, visible
from web.words.languages import N_, Spoken


@dataclass(frozen=True, slots=True)
class Only:
    """What a list may be narrowed to: one side of the sieve with a field, and how that is said."""

    word: str
    has: str = ""
    lacks: str = ""


ONLY: dict[str, Only] = Spoken(
    {
        "has-email": Only(N_("With an e-mail address"), has="emailAddresses"),
        "no-email": Only(N_("Without an e-mail address"), lacks="emailAddresses"),
        "has-phone": Only(N_("With a phone number"), has="phoneNumbers"),
        "no-phone": Only(N_("Without a phone number"), lacks="phoneNumbers"),
        "has-address": Only(N_("With a postal address"), has="addresses"),
        "no-company": Only(N_("Without a company"), lacks="organizations"),
        "has-birthday": Only(N_("With a birthday"), has="birthdays"),
        "has-note": Only(N_("With notes"), has="biographies"),
    }
)
"""By the word in a page's address."""
ORDERS: dict[Order, str] = Spoken(
    {Order.NAME: N_("By name"), Order.CHANGED: N_("Changed last"), Order.ADDED: N_("Added last")}
)


@dataclass(frozen=True, slots=True)
class AskedList:
    """What the address of a list asks for."""

    sieve: ContactFilter
    order: Order
    only: str
    after: str | None

    @property
    def narrowed(self) -> bool:
        """Something was asked for, so that an empty list means that nothing was found."""
        return bool(self.sieve.search or self.only)

    def address(self, after: str | None = None) -> str:
        """Of the same list, from the contact `after` on."""
        told = dict(request.view_args or {})
        told |= {"q": self.sieve.search or None, "only": self.only or None, "after": after}
        if self.order is not Order.NAME:
            told["sort"] = self.order.value
        if "group" not in told:
            told["group"] = self.sieve.group
        return url_for(str(request.endpoint), **told)


def asked(group: str | None = None, outside: str | None = None, among: Collection[str] | None = None) -> AskedList:
    """What the request's address asks for; `among` narrows it to some of the groups that one may see."""
    only = request.args.get("only", "")
    sieve = _sieve(request.args, group or request.args.get("group"), outside, among)
    sort = request.args.get("sort")
    order = next((one for one in Order if one.value == sort), Order.NAME)
    return AskedList(sieve, order, only if only in ONLY else "", request.args.get("after"))


def sent() -> ContactFilter:
    """The sieve of the list that a form was sent from."""
    return _sieve(request.form, request.form.get("page") or request.form.get("group"), None, None)


def _sieve(
    told: Mapping[str, str], group: str | None, outside: str | None, among: Collection[str] | None
) -> ContactFilter:
    if group:
        demand(Right.VIEW, group, name=group)  # which contacts are in a hidden group is hidden, too
    only = ONLY.get(told.get("only", ""), Only(""))
    return ContactFilter(
        search=told.get("q", ""),
        group=group or None,
        outside=outside,
        has=(only.has,) if only.has else (),
        lacks=(only.lacks,) if only.lacks else (),
        among=visible() if among is None else among,
    )
