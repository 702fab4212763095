"""Sieves: which contacts a list is asked for, read from its address and written into those of its next pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import request, url_for

from sharesync.errors import NotFound
from sharesync.model.permission import Right
from sharesync.store.browsing import Order, Sieve
from web.languages import N_, Spoken
from web.person import may, visible

ONLY: dict[str, tuple[str, str, str]] = Spoken(
    {
        "has-email": ("has", "emailAddresses", N_("With an e-mail address")),
        "no-email": ("lacks", "emailAddresses", N_("Without an e-mail address")),
        "has-phone": ("has", "phoneNumbers", N_("With a phone number")),
        "no-phone": ("lacks", "phoneNumbers", N_("Without a phone number")),
        "has-address": ("has", "addresses", N_("With a postal address")),
        "no-company": ("lacks", "organizations", N_("Without a company")),
        "has-birthday": ("has", "birthdays", N_("With a birthday")),
        "has-note": ("has", "biographies", N_("With notes")),
    }
)
"""What a list may be narrowed to: the word in an address, which side of the sieve, the field, and how it is said."""
ORDERS: dict[Order, str] = Spoken(
    {Order.NAME: N_("By name"), Order.CHANGED: N_("Changed last"), Order.ADDED: N_("Added last")}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list asks for."""

    sieve: Sieve
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


def asked(group: str | None = None, outside: str | None = None, among: Collection[str] | None = None) -> Asked:
    """What the request's address asks for; `among` narrows it to some of the groups that one may see."""
    only = request.args.get("only", "")
    sieve = _sieve(request.args, group or request.args.get("group"), outside, among)
    sort = request.args.get("sort")
    order = next((one for one in Order if one.value == sort), Order.NAME)
    return Asked(sieve, order, only if only in ONLY else "", request.args.get("after"))


def sent() -> Sieve:
    """The sieve of the list that a form was sent from."""
    return _sieve(request.form, request.form.get("page") or request.form.get("group"), None, None)


def _sieve(told: Mapping[str, str], group: str | None, outside: str | None, among: Collection[str] | None) -> Sieve:
    if group and not may(Right.VIEW, group):
        raise NotFound("group", group)  # which contacts are in a hidden group is hidden, too
    side, field, _ = ONLY.get(told.get("only", ""), ("", "", ""))
    return Sieve(
        search=told.get("q", ""),
        group=group or None,
        outside=outside,
        has=(field,) if side == "has" else (),
        lacks=(field,) if side == "lacks" else (),
        among=visible() if among is None else among,
    )
