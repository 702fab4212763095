"""Contacts for programs: listed, looked up, read, made, changed, deleted, brought back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from sharesync.model.card import Card
from sharesync.model.contact import Contact
from sharesync.model.fields import FIELDS
from sharesync.model.filter_lines import parse
from sharesync.model.filters import EVERYONE, Alternative, Clause, During, Filter, plain
from sharesync.model.permission import Right
from sharesync.model.searching import MOST_LETTERS, is_same_number
from sharesync.model.token import Scope
from sharesync.model.traits import mail_sign, number, number_sign, rings
from sharesync.services import checks, program_holds, pushing, trash
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.queries import contact_pages, contacts, groups
from sharesync.store.queries.company_fields import defined as fields_of
from sharesync.store.queries.contact_pages import ContactFilter
from web.api import edits
from web.api.answers import Answer, after, asked_version, cursor_of, etag, next_link
from web.api.company_fields import shown_fields
from web.api.groups import shown_group
from web.api.registry import Api
from web.api.shapes import (
    ContactList,
    ContactPatch,
    ContactShape,
    HeldShape,
    NewCard,
    NewContact,
    PushedShape,
    VersionList,
    VersionShape,
    contact_shape,
)
from web.frame.live import company_fields, reading, settings, the_world
from web.frame.needs import ENTER, on_contact
from web.frame.person import demand, visible
from web.frame.problems import BadValue, Problem

READ, WRITE = Scope.CONTACTS_READ, Scope.CONTACTS_WRITE

api = Api("api_contacts", __name__, url_prefix="/api/v1")

FieldNames = Annotated[str, Meta(description="Fields of the card, comma-separated; else all.")]
Expansions = Annotated[
    str, Meta(description="What `expanded` tells more of, comma-separated: `groups`, `fields` (the company's).")
]


class ContactQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which contacts, and what of them."""

    q: Annotated[str, Meta(max_length=MOST_LETTERS, description="Words, all of which a contact holds.")] = ""
    filter: Annotated[str, Meta(max_length=MOST_LETTERS, description="A filter, as in the page's search box.")] = ""
    group: Annotated[str, Meta(max_length=256, description="A group's id or name.")] | None = None
    email: Annotated[str, Meta(min_length=1, max_length=320, description="One of its addresses is this.")] | None = None
    phone: Annotated[str, Meta(min_length=4, max_length=64, description="One of its numbers is this.")] | None = None
    updated_since: Annotated[datetime, Meta(tz=True, description="Its card was changed or made since.")] | None = None
    deleted: Annotated[bool, Meta(description="Those in the trash that can be restored, and no others.")] = False
    fields: FieldNames = ""
    expand: Expansions = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=300, description="As an answer's `next_cursor` says.")] | None = None


class FieldQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What of a contact."""

    fields: FieldNames = ""
    expand: Expansions = ""


@api.get("/contacts", needs=ENTER, scope=READ, query=ContactQuery, gives=ContactList)
def list_contacts(query: ContactQuery) -> Answer:
    """Contacts that the token may see, in the order of their ids."""
    told = _Told.of(query)
    last = after(query.cursor) if query.cursor else None
    with reading() as session:
        group = None
        if query.group is not None:
            group = groups.find_id(session, query.group)
            demand(Right.VIEW, group, name=query.group)
        wanted = ContactFilter(
            *(_asked(query), group),
            among=visible(),
            in_trash=query.deleted,
            signs=_signs(query),
        )
        found = contact_pages.by_id(session, wanted, after=last, size=query.limit + 1)
        shown = found[: query.limit]
        items = told.shapes(session, [one for one in shown if _is_of(one.card, query)])
    cursor = cursor_of(shown[-1].id) if len(found) > query.limit else None
    return Answer(ContactList(items, cursor), headers=next_link(cursor))


@api.post("/contacts", needs=ENTER, scope=WRITE, takes=NewContact, gives=ContactShape, status=201)
def create_contact(work: Work, body: NewContact) -> Answer:
    """Make a contact in one group or several."""
    contact = edits.make(work, body)
    where = {"Location": f"/api/v1/contacts/{contact}"}
    return Answer(_shape(work.session, contact), 201, {**etag(1), **where})


@api.get("/contacts/<id:contact>", needs=on_contact(Right.VIEW), scope=READ, query=FieldQuery, gives=ContactShape)
def show_contact(contact: str, query: FieldQuery) -> Answer:
    """One contact, also while it lies in the trash."""
    told = _Told.of(query)
    with reading() as session:
        (found,) = told.shapes(session, [_seen(session, contact)])
    return Answer(found, version=found.version)


@api.put(
    "/contacts/<id:contact>",
    needs=on_contact(Right.EDIT), scope=WRITE, takes=NewCard, gives=ContactShape, conditional=True, holds=True,
)  # fmt: skip
def replace_contact(work: Work, contact: str, body: NewCard) -> Answer:
    """Replace a contact's card."""
    return _edited(work, edits.replacing(work, contact, asked_version(), body))


@api.patch(
    "/contacts/<id:contact>",
    needs=on_contact(Right.EDIT), scope=WRITE, takes=ContactPatch, gives=ContactShape, conditional=True, holds=True,
)  # fmt: skip
def patch_contact(work: Work, contact: str, body: ContactPatch) -> Answer:
    """Replace some fields of a contact's card."""
    return _edited(work, edits.patching(work, contact, asked_version(), body))


@api.delete(
    "/contacts/<id:contact>",
    needs=on_contact(Right.DELETE), scope=WRITE, gives=None, status=204, conditional=True, holds=True,
)  # fmt: skip
def delete_contact(work: Work, contact: str) -> Answer:
    """Take a contact out of every group where the token may delete; in no group any more it lies in the trash."""
    asked = edits.deleting(work, contact, asked_version())
    if held := program_holds.removals(work, asked.pairs, the_world().hold_limits):
        return Answer(HeldShape(held), 202)
    asked.carry_out(work)
    return Answer(status=204)


@api.put(
    "/contacts/by/<source>/<path:external_id>",
    needs=ENTER, scope=WRITE, takes=NewContact, gives=PushedShape, holds=True,
)  # fmt: skip
def push_contact(work: Work, source: str, external_id: str, body: NewContact) -> Answer:
    """Bring in what a program says of a contact that it knows by an id of its own; as often as it likes."""
    pushed = pushing.push(
        work, source, external_id, edits.places(work, body.groups), edits.card_of_body(body.card), body.fields
    )
    if pushed.holds:
        return Answer(HeldShape(list(pushed.holds)), 202)
    found = _shape(work.session, pushed.contact)
    return Answer(PushedShape(found, pushed.created, list(pushed.stood)), headers=etag(found.version))


@api.post("/contacts/<id:contact>/restore", needs=on_contact(Right.EDIT), scope=WRITE, gives=ContactShape)
def restore_contact(work: Work, contact: str) -> Answer:
    """Bring a contact back from the trash into the groups that it left last."""
    found = trash.restore(work, contact)
    return _changed(work, contact, found)


@api.post("/contacts/<id:contact>/check", needs=on_contact(Right.EDIT), scope=WRITE, gives=None, status=204)
def check_contact(work: Work, contact: str) -> Answer:
    """Say that a contact is right, now: filters ask for it with `checked`."""
    checks.check(work, contact)
    return Answer(status=204)


@api.get("/contacts/<id:contact>/versions", needs=on_contact(Right.VIEW), scope=READ, gives=VersionList)
def list_versions(contact: str) -> Answer:
    """Every card that a contact had."""
    with reading() as session:
        found, here = contacts.history(session, contact), contacts.here_by_version(session, contact)
    told = company_fields().told
    items = [VersionShape(version, card.as_json(), told(card, here[version])) for version, card in found]
    return Answer(VersionList(items))


@api.post(
    "/contacts/<id:contact>/versions/<int:version>/restore",
    needs=on_contact(Right.EDIT), scope=WRITE, gives=ContactShape,
)  # fmt: skip
def restore_version(work: Work, contact: str, version: int) -> Answer:
    """Make an earlier card of a contact its next version."""
    return _changed(work, contact, trash.restore_version(work, contact, version))


def _edited(work: Work, asked: edits.Edit) -> Answer:
    if held := program_holds.edits(work, {asked.contact: asked.card}, {asked.contact: asked.here}):
        return Answer(HeldShape(held), 202)
    return _changed(work, asked.contact, asked.carry_out(work))


def _changed(work: Work, contact: str, found: Contact) -> Answer:
    return Answer(_shape(work.session, contact), headers=etag(found.version))


def _shape(session: Session, contact: str) -> ContactShape:
    return contact_shape(_seen(session, contact), fields_of(session))


def _seen(session: Session, contact: str) -> Contact:
    """A contact with the names of those of its groups that they may see."""
    return contacts.get(session, contact, visible())


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of contacts: some fields of their cards, and what is expanded."""

    fields: frozenset[str]
    expand: frozenset[str]

    @staticmethod
    def of(query: ContactQuery | FieldQuery) -> _Told:
        """What a query asks for. Raises Problem for a name that nobody knows."""
        return _Told(
            _names(query.fields, FIELDS, "fields", "There is no field {}; a card has {}."),
            _names(query.expand, ("groups", "fields"), "expand", "{} cannot be expanded; there are {}."),
        )

    def shapes(self, session: Session, some: Iterable[Contact]) -> list[ContactShape]:
        """The contacts."""
        known = defined = None
        if "groups" in self.expand:
            some = list(some)
            told = {
                name for one in some for name in one.groups
            }  # only of these: counting the contacts of a group is costly
            held = [group.id for group in groups.named(session) if group.name in told]
            known = {group.name: shown_group(group) for group in groups.listed(session, among=held)}
        if "fields" in self.expand:
            defined = {field.name: field for field in shown_fields(session)}
        ours = fields_of(session)
        return [contact_shape(one, ours, self.fields, known, defined) for one in some]


def _names(told: str, known: Collection[str], parameter: str, refusal: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in told.split(",") if name.strip())
    if unknown := names - set(known):
        said = refusal.format(min(unknown), ", ".join(known))
        raise Problem(422, "invalid", errors=[BadValue(parameter, said)])
    return names


def _asked(query: ContactQuery) -> Filter:
    asked = EVERYONE
    for text in (query.q, query.email, query.phone):
        asked &= plain(text or "")
    if query.updated_since is not None:
        since = Alternative((During("changed", query.updated_since, None),))
        asked &= Filter((Clause("", (since,)),))
    if not query.filter:
        return asked
    return asked & parse(query.filter, the_world().now(), settings().time_zone, company_fields())


def _signs(query: ContactQuery) -> list[str]:
    """The signs of what is looked up, of contacts outside the trash; an extension, or what nobody has, has none."""
    signs = []
    if query.email is not None:
        signs.append(mail_sign(query.email.strip().casefold()))
    if query.phone is not None and rings(digits := number(query.phone)):
        signs.append(number_sign(digits))
    return signs


def _is_of(card: Card, query: ContactQuery) -> bool:
    """Whether one of its addresses, or numbers, is what was asked for: the search before also finds parts of it."""
    emails = {item.text("value").casefold() for item in card["emailAddresses"]}
    phones = [item.text("value") for item in card["phoneNumbers"]]
    return (query.email is None or query.email.strip().casefold() in emails) and (
        query.phone is None or any(is_same_number(query.phone, one) for one in phones)
    )
