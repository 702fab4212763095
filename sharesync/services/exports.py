"""Exports: a copy of a group's contacts, or of all, told in the change log and read piece by piece."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from sharesync.errors import Sentence
from sharesync.formats.file_writing import Exported, ExportFormat
from sharesync.model.audit import Event
from sharesync.model.filters import EVERYONE, Filter
from sharesync.model.permission import Right
from sharesync.services.who_may.permission import party, require
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import company_fields, groups, photos


def note(work: Work, group: str | None, form: ExportFormat, wanted: Filter = EVERYONE) -> ContactFilter:
    """Log that someone takes a copy of a group's contacts, or of all, as far as they are wanted; returns which.

    What a filter asks for is not told: it may name a person. Raises NotFound, NotAllowed.
    """
    within = groups.find_id(work.session, group) if group is not None else None
    if within is None:
        require(work, Right.OVERSEE)
    else:
        require(work, Right.VIEW, [within], name=group or "")
    which = ContactFilter(wanted, within)
    if wanted:
        number = len(contact_pages.ids(work.session, which))
        told = Sentence("%(number)s that a filter found, as %(form)s", number=number, form=form.value)
    else:
        number = contact_pages.number(work.session, None if within is None else [within])
        told = Sentence("%(number)s as %(form)s", number=number, form=form.value)
    work.record(Event("contact.export", group=within, reason=told))
    return which


def note_found(work: Work, found: ContactFilter, form: ExportFormat) -> ContactFilter:
    """The same for contacts that somebody ticked, or all that a list found; of those alone that they may see."""
    require(work, Right.ENTER)
    seen = replace(found, among=party(work.session, work.by).visible)
    told = Sentence(
        "%(number)s from a list, as %(form)s", number=len(contact_pages.ids(work.session, seen)), form=form.value
    )
    work.record(Event("contact.export", group=seen.group, reason=told))
    return seen


def rows(
    session: Session, which: ContactFilter, form: ExportFormat, among: Collection[str] | None = None
) -> Iterator[Exported]:
    """The contacts that `note` said, with their photos where the format has a place for them.

    Names are told of the groups `among` which the asker may see (None: all). One photo is held at a time.
    """
    fields = company_fields.defined(session)
    for one in contact_pages.everyone(session, replace(which, among=among)):
        photo = photos.content(session, one.id, one.photo) if form is ExportFormat.VCF and one.photo else None
        yield Exported(one.id, one.version, one.groups, one.card, photo or b"", fields.told(one.card, one.here))
