"""Private cards: what a person showed that its user alone may see, each version of it; some are questions to that user.

What may have come with a merge from a contact of the user's own is kept here and nowhere else: no list, count, log or
hold of anybody reads this table. Where it may have been an edit as well, its user is asked whether it was meant for
all: that row's resolution is open, and there is one such row a person and contact at most.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.model.waiting import Question, Resolution
from sharesync.store.database.tables import PrivateRow, VersionRow
from sharesync.store.database.work import Work
from sharesync.store.records.membership_filters import inside


def keep(work: Work, contact: str, mailbox: str, version: int, card: Card, *, asked: bool = False) -> str:
    """Keep what a person showed, typed over this version of the contact; `asked` makes it a question. Returns its id.

    An open question about the same contact is asked no more: this one stands in its place.
    """
    private = work.new_id()
    if asked:
        its = (PrivateRow.contact_id == contact, PrivateRow.mailbox_id == mailbox)
        work.session.execute(update(PrivateRow).where(*its, *_OPEN).values(resolution=None))
    work.session.execute(
        insert(PrivateRow).values(
            id=private,
            contact_id=contact,
            mailbox_id=mailbox,
            version=version,
            card=card,
            since=work.now,
            resolution=Resolution.OPEN if asked else None,
        )
    )
    return private


def open_one(session: Session, contact: str, mailbox: str) -> tuple[int, Card] | None:
    """The open question to this user about this contact: the version it was typed over, and the card."""
    its = (PrivateRow.contact_id == contact, PrivateRow.mailbox_id == mailbox)
    row = session.scalar(select(PrivateRow).where(*its, *_OPEN))
    return (row.version, row.card) if row else None


def number(session: Session, user: str, groups: Collection[str]) -> int:
    """How many questions are asked of a user about contacts of these groups."""
    return session.scalar(select(func.count()).select_from(PrivateRow).where(*_asked(user, groups))) or 0


def asked(session: Session, user: str, groups: Collection[str], *only: ColumnElement[bool]) -> list[Question]:
    """The questions to a user about contacts of these groups, the oldest first."""
    query = (
        select(PrivateRow, VersionRow.card)
        .join(
            VersionRow,
            (VersionRow.contact_id == PrivateRow.contact_id)
            & (VersionRow.version == PrivateRow.version)
            & (VersionRow.kind == VersionKind.ACCEPTED),
        )
        .where(*_asked(user, groups), *only)
        .order_by(PrivateRow.since, PrivateRow.id)
    )
    return [
        Question(row.id, row.contact_id, row.version, before, row.card, row.since)
        for row, before in session.execute(query)
    ]


def about(session: Session, user: str, groups: Collection[str], contact: str) -> Question | None:
    """The question to a user about this contact, if there is one."""
    return next(iter(asked(session, user, groups, PrivateRow.contact_id == contact)), None)


def find(session: Session, user: str, groups: Collection[str], question: str) -> Question:
    """One of them by id. Raises NotFound, whoever else's it may be."""
    found = asked(session, user, groups, PrivateRow.id == question)
    if not found:
        raise NotFound("open question", question)
    return found[0]


def resolve(work: Work, question: str, resolution: Resolution) -> None:
    """Write down what its user said."""
    values = {"resolution": resolution, "resolved_at": work.now}
    work.session.execute(update(PrivateRow).where(PrivateRow.id == question).values(**values))


_OPEN = (PrivateRow.resolution == Resolution.OPEN,)


def _asked(user: str, groups: Collection[str]) -> list[ColumnElement[bool]]:
    return [PrivateRow.mailbox_id == user, *_OPEN, inside(PrivateRow.contact_id, groups)]
