"""Entries for programs: what happened with a contact, listed, written, brought again and again, and removed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sharesync.errors import InvalidInput
from sharesync.model.entry import MAX_TEXT, ContactEntry, EntryKind, FollowUp, Money
from sharesync.model.permission import Right
from sharesync.model.token import Scope
from sharesync.services import entries as cases
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.queries import entries, people
from sharesync.store.queries.entries import ShownEntry
from web.api.answers import Answer, after, cursor_of, next_link
from web.api.registry import Api
from web.frame.live import reading
from web.frame.needs import on_contact
from web.words.phrases import actor

READ, WRITE = Scope.CONTACTS_READ, Scope.CONTACTS_WRITE

api = Api("api_entries", __name__, url_prefix="/api/v1")

KindWord = Literal["note", "call", "meeting", "email", "purchase", "form", "follow-up"]


class MoneyShape(Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of money, exactly: a number as text, `1200.50`, and a currency of ISO 4217."""

    value: Annotated[str, Meta(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,4})?$")]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class NewEntryShape(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happened: when, if not now, and for what amount. Of a follow-up: by which day, and who is to do it."""

    kind: KindWord
    text: Annotated[str, Meta(max_length=MAX_TEXT)] = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None
    amount: MoneyShape | None = None
    day: date | None = None
    person: Annotated[str, Meta(max_length=320, description="A user's address.")] | None = None


class EntryShape(Struct, frozen=True, kw_only=True):
    """An entry of a contact. `author`: who wrote it; `source`: from which program it is."""

    id: str
    kind: KindWord
    at: datetime
    text: str
    amount: MoneyShape | None
    day: date | None
    person: str | None
    done: datetime | None
    """Since when a follow-up is done."""
    author: str
    source: str


class BroughtEntryShape(Struct, frozen=True):
    """An entry that a program brought, and whether it is new."""

    entry: EntryShape
    created: bool


class EntryList(Struct, frozen=True):
    """A page of entries, the newest first."""

    items: list[EntryShape]
    next_cursor: str | None


class EntryQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries."""

    kind: KindWord | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: Annotated[str, Meta(max_length=300, description="As an answer's `next_cursor` says.")] | None = None


@api.get("/contacts/<id:contact>/entries", needs=on_contact(Right.VIEW), scope=READ, query=EntryQuery, gives=EntryList)
def list_entries(contact: str, query: EntryQuery) -> Answer:
    """What happened with a contact, and what is to be done."""
    before, kind = after(query.cursor) if query.cursor else None, EntryKind(query.kind) if query.kind else None
    with reading() as session:
        found = entries.page(session, contact, kind=kind, before=before, size=query.limit)
    cursor = cursor_of(found.older) if found.older else None
    return Answer(EntryList([_shape(one) for one in found.entries], cursor), headers=next_link(cursor))


@api.post(
    "/contacts/<id:contact>/entries",
    needs=on_contact(Right.EDIT), scope=WRITE, takes=NewEntryShape, gives=EntryShape, status=201,
)  # fmt: skip
def write_entry(work: Work, contact: str, body: NewEntryShape) -> Answer:
    """Write down what happened with a contact, or what is to be done."""
    entry = cases.write(work, contact, _says(work, body))
    return Answer(_found(work.session, contact, entry), 201)


@api.put(
    "/contacts/<id:contact>/entries/by/<source>/<path:external_id>",
    needs=on_contact(Right.EDIT), scope=WRITE, takes=NewEntryShape, gives=BroughtEntryShape,
)  # fmt: skip
def push_entry(work: Work, contact: str, source: str, external_id: str, body: NewEntryShape) -> Answer:
    """Bring in what happened under an id of the program's own: as often as it likes, it is one entry."""
    entry, created = cases.push(work, contact, source, external_id, _says(work, body))
    return Answer(BroughtEntryShape(_found(work.session, contact, entry), created))


@api.delete(
    "/contacts/<id:contact>/entries/<id:entry>", needs=on_contact(Right.EDIT), scope=WRITE, gives=None, status=204
)
def remove_entry(work: Work, contact: str, entry: str) -> Answer:
    """Remove an entry."""
    cases.remove(work, contact, entry)
    return Answer(status=204)


def _says(work: Work, body: NewEntryShape) -> ContactEntry:
    """What was sent as a value. Raises InvalidInput, NotFound."""
    task = None
    if body.day is not None or body.person is not None:
        if body.day is None or body.person is None:
            raise InvalidInput("A follow-up has a day and a person to do it, and nothing else has.")
        task = FollowUp(body.day, people.user_id(work.session, body.person))
    amount = Money.parse(body.amount.value, body.amount.currency) if body.amount else None
    return ContactEntry(EntryKind(body.kind), body.at or work.now, body.text, amount, task)


def _found(session: Session, contact: str, entry: str) -> EntryShape:
    return _shape(entries.shown(session, contact, entry))


def _shape(one: ShownEntry) -> EntryShape:
    entry, says = one.entry, one.entry.says
    task, amount = says.follow_up, says.amount
    return EntryShape(
        id=entry.id,
        kind=says.kind.value,
        at=says.at,
        text=says.text,
        amount=MoneyShape(amount.amount, amount.currency) if amount else None,
        day=task.day if task else None,
        person=one.doer.email if one.doer else None,
        done=task.done_at if task else None,
        author=actor(one.author),
        source=entry.source,
    )
