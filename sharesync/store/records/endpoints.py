"""Endpoints: who is told of what, and who sends to them just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.endpoint import USUAL, EndpointKind, EndpointState, actions_of
from sharesync.store.database import event_log
from sharesync.store.database.tables import AttemptRow, EndpointRow, EventRow, MessageRow
from sharesync.store.database.work import Work
from sharesync.store.records.owners import with_owners


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Somebody who is told."""

    id: str
    kind: EndpointKind
    target: str
    owner: Principal
    owner_title: str
    owner_name: str
    """What a command takes: an address, or `service:NAME`."""
    owner_there: bool
    """False where the owner is suspended, archived, deleted or removed: nothing is told."""
    events: tuple[str, ...] | None
    groups: tuple[str, ...] | None
    language: str | None
    state: EndpointState
    trouble: str
    seq: int
    created_at: datetime
    sent_at: datetime | None
    rest_until: datetime | None
    failures: int
    digest_on: str | None
    secret: str | None
    former_secret: str | None
    former_until: datetime | None

    @property
    def names(self) -> tuple[str, ...]:
        """What it is told of."""
        return USUAL[self.kind] if self.events is None else self.events

    @property
    def address(self) -> str:
        """Where it is told: mail without an address of its own goes to its owner, wherever that one is reached now."""
        return self.target or self.owner_name

    def secrets(self, now: datetime) -> list[str]:
        """What signs its messages, the newest first."""
        former = self.former_secret if self.former_until is not None and now < self.former_until else None
        return [one for one in (self.secret, former) if one is not None]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far an endpoint is behind."""

    waiting: int
    """Events that it is told of and that no message was made for yet, and messages that are tried again."""
    dead: int
    """Messages that are never tried again by themselves."""


_ENDPOINTS = with_owners(EndpointRow).where(EndpointRow.removed_at.is_(None))


def _endpoint(row: Any) -> Endpoint:
    return Endpoint(
        row.id,
        row.kind,
        row.target,
        Principal(row.owner_kind, row.owner),
        row.title,
        row.called,
        bool(row.there),
        None if row.events is None else tuple(row.events),
        None if row.groups is None else tuple(row.groups),
        row.language,
        row.state,
        row.trouble,
        row.seq,
        row.created_at,
        row.sent_at,
        row.rest_until,
        row.failures,
        row.digest_on,
        row.secret,
        row.former_secret,
        row.former_until,
    )


def listed(session: Session, owner: Principal | None = None) -> list[Endpoint]:
    """All, or those of one owner, the oldest first."""
    its: tuple[ColumnElement[bool], ...] = ()
    if owner is not None:
        its = (EndpointRow.owner_kind == owner.kind, EndpointRow.owner == owner.subject)
    return [_endpoint(found) for found in session.execute(_ENDPOINTS.where(*its).order_by(EndpointRow.id))]


def get(session: Session, endpoint: str) -> Endpoint:
    """The one of this id. Raises NotFound."""
    found = session.execute(_ENDPOINTS.where(EndpointRow.id == endpoint)).one_or_none()
    if found is None:
        raise NotFound("endpoint", endpoint, "`sharesync endpoints list` shows them all.")
    return _endpoint(found)


def mail_of(session: Session, user: str) -> Endpoint | None:
    """The one by which a user is told by mail, at their own address."""
    mine = listed(session, Principal(PrincipalKind.USER, user))
    return next((one for one in mine if one.kind is EndpointKind.MAIL and not one.target), None)


def add(work: Work, kind: EndpointKind, target: str, owner: Principal, **values: Any) -> str:
    """Keep a new one, which is told of what happens from now on; returns its id."""
    endpoint = work.new_id()
    rest = {"state": EndpointState.ON, "trouble": "", "seq": event_log.size(work.session), "failures": 0}
    row = {"id": endpoint, "kind": kind, "target": target, "owner_kind": owner.kind, "owner": owner.subject}
    work.session.execute(insert(EndpointRow).values(**row, created_at=work.now, **rest, **values))
    return endpoint


def change(work: Work, endpoint: str, **values: Any) -> None:
    """Write these columns."""
    work.session.execute(update(EndpointRow).where(EndpointRow.id == endpoint).values(**values))


def remove(work: Work, endpoint: str) -> None:
    """End one, and forget where it was."""
    for rows in (MessageRow, AttemptRow):
        work.session.execute(delete(rows).where(rows.endpoint_id == endpoint))
    change(work, endpoint, removed_at=work.now, target="", secret=None, former_secret=None, trouble="")


# --- The claim -------------------------------------------------------------------------------------------------------


def claim(work: Work, endpoint: str, by: str, until: datetime) -> bool:
    """Let one sender alone send to it; False where another does, or it is gone or switched off."""
    free = or_(EndpointRow.claimed_until.is_(None), EndpointRow.claimed_until < work.now, EndpointRow.claim == by)
    there = (EndpointRow.id == endpoint, EndpointRow.removed_at.is_(None), EndpointRow.state == EndpointState.ON)
    taken = work.session.execute(
        update(EndpointRow).where(*there, free).values(claim=by, claimed_until=until).returning(EndpointRow.id)
    )
    return taken.first() is not None


def give_back(work: Work, endpoint: str, by: str) -> None:
    """Let another send to it."""
    its = (EndpointRow.id == endpoint, EndpointRow.claim == by)
    work.session.execute(update(EndpointRow).where(*its).values(claim=None, claimed_until=None))


def claimed(session: Session, now: datetime) -> set[str]:
    """Ids of those to which somebody sends just now."""
    return set(session.scalars(select(EndpointRow.id).where(EndpointRow.claimed_until >= now)))


# --- What is told ----------------------------------------------------------------------------------------------------


def news(session: Session, endpoint: Endpoint, limit: int) -> Sequence[EventRow]:
    """The next events of the kinds that it is told of, whoever may see them."""
    return _between(session, endpoint, limit, EventRow.seq >= endpoint.seq)


def events(session: Session, endpoint: Endpoint, first: int, last: int) -> Sequence[EventRow]:
    """The same, between two numbers, both included."""
    return _between(session, endpoint, last - first + 1, EventRow.seq >= first, EventRow.seq <= last)


def _between(session: Session, endpoint: Endpoint, limit: int, *where: ColumnElement[bool]) -> Sequence[EventRow]:
    told = EventRow.action.in_(actions_of(endpoint.names))
    return session.scalars(select(EventRow).where(told, *where).order_by(EventRow.seq).limit(limit)).all()


def groups_once(session: Session, contact: str) -> list[str]:
    """Ids of the groups that a contact was ever in, by the log: of one that is gone nothing else tells."""
    its = (EventRow.contact_id == contact, EventRow.group_id.is_not(None))
    return [group for group in session.scalars(select(EventRow.group_id).where(*its).distinct()) if group]


def backlogs(session: Session, endpoints: Sequence[Endpoint]) -> dict[str, Backlog]:
    """How far each is behind."""
    counted = select(MessageRow.endpoint_id, func.count(MessageRow.due_at), func.count()).group_by(
        MessageRow.endpoint_id
    )
    kept = {endpoint: (due, every - due) for endpoint, due, every in session.execute(counted)}
    fresh: dict[str, int] = {}
    for names in {one.names for one in endpoints}:  # a few, however many endpoints there are
        alike = EndpointRow.id.in_([one.id for one in endpoints if one.names == names])
        later = (EventRow.seq >= EndpointRow.seq, EventRow.action.in_(actions_of(names)))
        query = select(EndpointRow.id, func.count()).join(EventRow, and_(*later)).where(alike)
        fresh |= {row[0]: row[1] for row in session.execute(query.group_by(EndpointRow.id))}
    found: dict[str, Backlog] = {}
    for one in endpoints:
        due, dead = kept.get(one.id, (0, 0))
        found[one.id] = Backlog(fresh.get(one.id, 0) + due, dead)
    return found


def owners(session: Session, kind: EndpointKind) -> set[str]:
    """Ids of the users who have, or once had, an endpoint of this kind."""
    its = (EndpointRow.kind == kind, EndpointRow.owner_kind == PrincipalKind.USER)
    return set(session.scalars(select(EndpointRow.owner).where(*its)))
