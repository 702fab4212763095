"""Saved filters: what somebody asks for again and again, kept under a name for them, or for who sees a group."""

from __future__ import annotations

from datetime import tzinfo

from sharesync.errors import InvalidInput, NotFound
from sharesync.model.audit import Event
from sharesync.model.filter_lines import parse
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.model.saved_filter import FilterDraft, SavedFilter, filter_name
from sharesync.services.who_may.permission import party, require, require_on_group
from sharesync.store.database.work import Work
from sharesync.store.records import company_fields, groups, saved_filters


def save(work: Work, draft: FilterDraft, group: str | None, zone: tzinfo | None) -> SavedFilter:
    """Keep a filter for the actor; with a group also for who sees it, which takes the right to edit there.

    Raises InvalidInput, InvalidFilter, SearchTooLong, NotFound, NotAllowed.
    """
    require(work, Right.ENTER)
    if not parse(draft.filter, work.now, zone, company_fields.defined(work.session)):
        raise InvalidInput("Type first what is to be asked for.")
    within = groups.find_id(work.session, group) if group else None
    if within:
        require_on_group(work, Right.EDIT, within)
    saved = SavedFilter(
        filter_name(draft.name),
        draft.filter.strip(),
        draft.order,
        draft.columns,
        id=work.new_id(),
        owner=work.by.id,
        group=within,
    )
    saved_filters.add(work, saved)
    told: dict[str, tuple[object, object]] = {"name": (None, [saved.name]), "filter": (None, [saved.filter])}
    work.record(Event("filter.save", group=within, fields=("filter", "name"), values=told))
    return saved


def forget(work: Work, saved: str) -> SavedFilter:
    """Forget one: one's own; a shared one also who manages its group. Raises NotFound."""
    found = saved_filters.get(work.session, saved)
    managed = found.group and isinstance(authorize(party(work.session, work.by), Right.MANAGE, [found.group]), Allowed)
    if found.owner != work.by.id and not managed:
        raise NotFound("filter", saved)
    saved_filters.remove(work, found.id)
    told: dict[str, tuple[object, object]] = {"name": ([found.name], None), "filter": ([found.filter], None)}
    work.record(Event("filter.forget", group=found.group, fields=("filter", "name"), values=told))
    return found
