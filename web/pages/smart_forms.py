"""The form of a smart group: its filter, the groups that its contacts come from, and whom that means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import request

from sharesync.errors import Refused, Sentence
from sharesync.model.contact import Contact
from sharesync.model.filter_lines import parse
from sharesync.model.group import GroupName
from sharesync.model.permission import Right
from sharesync.model.smart_group import zone_of
from sharesync.services import smart_groups as cases
from sharesync.store.database.engine import Session
from sharesync.store.database.work import ReadOnly
from sharesync.store.queries import contact_pages, groups, smart_groups
from sharesync.store.queries.contact_pages import ContactFilter
from web.frame.live import company_fields, the_world, zone_name
from web.frame.person import asker, may
from web.words.languages import alphabet

FIRST = 5
"""Of those whom a filter would choose, how many are named."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a filter would choose, and who would see them; or why it cannot be."""

    contacts: Sequence[Contact] = ()
    number: int = 0
    people: int = 0
    wrong: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Choosing:
    """What the form shows."""

    filter: str
    places: Sequence[GroupName]
    """Groups from which the contacts may come."""
    chosen: frozenset[str]
    choice: smart_groups.WhoIsIn | None = None
    """Of a smart group that there is."""


def places(session: Session) -> list[GroupName]:
    """The groups that who asks manages, and may take contacts from."""
    return [group for group in groups.ordinary(session, alphabet()) if may(Right.MANAGE, group.id)]


def new(session: Session) -> Choosing:
    """The form of another one: from the list whose filter it is made of, or as it was sent."""
    there = places(session)
    sent = request.values.getlist("from") or [one for one in [request.values.get("group", "")] if one]
    chosen = frozenset(sent) & {one.id for one in there} or frozenset(one.id for one in there)
    return Choosing(request.values.get("q", "").strip(), there, chosen)


def of(session: Session, group: str) -> Choosing | None:
    """The form of one that there is."""
    choice = smart_groups.choice(session, group, the_world().now())
    if choice is None:
        return None
    there = {one.id: one for one in (*places(session), *choice.sources, *choice.lost)}
    chosen = frozenset(one.id for one in (*choice.sources, *choice.lost))
    return Choosing(choice.filter, list(there.values()), chosen, choice)


def preview(session: Session, line: str, sources: Collection[str]) -> Preview:
    """Whom a new smart group would hold."""
    look = ReadOnly(session, the_world().now(), asker().by)
    try:
        effect = cases.effect(look, line, sorted(sources), zone=zone_name())
    except Refused as error:
        return Preview(wrong=error.sentence)
    wanted = ContactFilter(parse(line, look.now, zone_of(zone_name()), company_fields()), among=sources)
    shelf = contact_pages.shelf(session, wanted, alphabet=alphabet(), size=FIRST)
    return Preview(shelf.contacts, effect.after, cases.would_see(session, sources))
