"""Proposals: edits by people who may only view, kept for those who may decide."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from sharesync.errors import NotFound
from sharesync.model.card import Card
from sharesync.model.contact import VersionKind
from sharesync.model.waiting import OpenProposal, Resolution
from sharesync.store.database.tables import ContactRow, ProposalRow, UserRow, VersionRow
from sharesync.store.database.work import Work
from sharesync.store.records import arisen


def open_one(session: Session, contact: str, mailbox: str) -> tuple[str, int, Card] | None:
    """The open proposal of this person about this contact: id, version it was typed over, card."""
    row = session.scalar(
        select(ProposalRow).where(
            ProposalRow.contact_id == contact,
            ProposalRow.mailbox_id == mailbox,
            ProposalRow.resolution == Resolution.OPEN,
        )
    )
    return (row.id, row.version, row.card) if row else None


def keep(work: Work, contact: str, mailbox: str, version: int, card: Card) -> str:
    """Keep a new proposal; returns its id."""
    proposal = work.new_id()
    work.session.execute(
        insert(ProposalRow).values(
            id=proposal,
            contact_id=contact,
            mailbox_id=mailbox,
            version=version,
            card=card,
            since=work.now,
            resolution=Resolution.OPEN,
        )
    )
    arisen.note(work, proposal, contact, mailbox)
    return proposal


def change(work: Work, proposal: str, version: int, card: Card) -> None:
    """Let a later edit of the same person join an open proposal."""
    changed = update(ProposalRow).where(ProposalRow.id == proposal).values(version=version, card=card)
    contact, user = work.session.execute(changed.returning(ProposalRow.contact_id, ProposalRow.mailbox_id)).one()
    arisen.note(work, proposal, contact, user)


def listed(session: Session, ids: Collection[str] | None = None, *, user: str | None = None) -> list[OpenProposal]:
    """All open proposals, the oldest first; or those of these ids, or of this user."""
    query = (
        select(ProposalRow, UserRow.email, VersionRow.card)
        .join(UserRow, UserRow.id == ProposalRow.mailbox_id)
        .join(
            VersionRow,
            (VersionRow.contact_id == ProposalRow.contact_id)
            & (VersionRow.version == ProposalRow.version)
            & (VersionRow.kind == VersionKind.ACCEPTED),
        )
        .where(ProposalRow.resolution == Resolution.OPEN)
        .order_by(ProposalRow.since, ProposalRow.id)
    )
    if ids is not None:
        query = query.where(ProposalRow.id.in_(ids))
    if user is not None:
        query = query.where(ProposalRow.mailbox_id == user)
    return [
        OpenProposal(row.id, email, row.mailbox_id, row.contact_id, before, row.card, row.since)
        for row, email, before in session.execute(query)
    ]


def find(session: Session, proposal: str) -> tuple[OpenProposal, int]:
    """One open proposal and the version it was typed over. Raises NotFound."""
    found = listed(session, [proposal])
    if not found:
        raise NotFound("open proposal", proposal, "`sharesync proposals list` shows them all.")
    version = session.scalar(select(ProposalRow.version).where(ProposalRow.id == proposal))
    return found[0], version or 0


def resolve(work: Work, proposal: str, resolution: Resolution) -> None:
    """Close a proposal."""
    work.session.execute(
        update(ProposalRow).where(ProposalRow.id == proposal).values(resolution=resolution, resolved_at=work.now)
    )


def reopen(work: Work, proposal: str) -> tuple[str, str] | None:
    """Let a closed proposal wait again; returns its contact and whose it is.

    None where it waits already, where the same person has proposed anew, or where the contact is gone.
    """
    there = select(ContactRow.id).where(ContactRow.deleted_at.is_(None), ContactRow.erased_at.is_(None))
    closed = (
        select(ProposalRow.contact_id, ProposalRow.mailbox_id)
        .where(ProposalRow.id == proposal, ProposalRow.resolution != Resolution.OPEN)
        .where(ProposalRow.contact_id.in_(there))
    )
    row = work.session.execute(closed).one_or_none()
    if row is None or open_one(work.session, *row) is not None:
        return None
    changed = update(ProposalRow).where(ProposalRow.id == proposal)
    work.session.execute(changed.values(resolution=Resolution.OPEN, resolved_at=None))
    return row.contact_id, row.mailbox_id
