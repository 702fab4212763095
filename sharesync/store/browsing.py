"""Browsing: contacts a page at a time, as someone leafs through them.

A page is known by the contact before it, by id: a name in an address would be personal data in somebody's log.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sharesync.model.contact import Contact
from sharesync.store import contacts


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of contacts by title."""

    contacts: tuple[Contact, ...]
    total: int
    """How many the search finds in all."""
    after: str | None
    """The contact before this page; None on the first."""
    following: str | None
    """The contact before the next page; None on the last."""


def shelf(
    session: Session,
    *,
    group: str | None = None,
    search: str = "",
    after: str | None = None,
    among: Collection[str] | None = None,
    size: int = 50,
) -> Shelf:
    """The page after the contact `after`; the first one where it is None or nobody.

    `among`: ids of the groups whose contacts count, and whose names are told; None is all.
    """
    known = contacts.cards(session, [after]) if after else {}
    cursor = (known[after][1].title.casefold(), after) if after in known and after else None
    found = contacts.page(session, group=group, search=search, after=cursor, among=among, limit=size + 1)
    return Shelf(
        contacts=tuple(found[:size]),
        total=contacts.count(session, group=group, search=search, among=among),
        after=after if cursor else None,
        following=found[size - 1].id if len(found) > size else None,
    )
