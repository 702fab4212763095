"""Groups for programs: listed, made, changed, deleted; contacts put into them and taken out."""

from __future__ import annotations

from msgspec import UNSET

from sharesync.errors import InvalidInput
from sharesync.model.access import Level
from sharesync.model.group import Group
from sharesync.model.permission import Right, Role
from sharesync.model.token import Scope
from sharesync.model.waiting import WantedFilter
from sharesync.services import bulk, program_holds, smart_groups
from sharesync.services import groups as cases
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation, Work
from sharesync.store.queries import contacts, groups
from sharesync.store.queries.smart_groups import choice
from web.api.answers import Answer
from web.api.group_shapes import (
    FilterEffect,
    FilterTrial,
    GroupList,
    GroupPatch,
    GroupShape,
    NewGroupShape,
    group_shape,
)
from web.api.registry import Api
from web.api.shapes import HeldShape
from web.frame.live import reading, the_world, zone_name
from web.frame.needs import ENTER, on_group
from web.frame.person import asker, demand, visible

api = Api("api_groups", __name__, url_prefix="/api/v1")

READ, WRITE, CONTACTS = Scope.GROUPS_READ, Scope.GROUPS_WRITE, Scope.CONTACTS_WRITE


@api.get("/groups", needs=ENTER, scope=READ, gives=GroupList)
def list_groups() -> Answer:
    """Every group that the token may see, by name."""
    with reading() as session:
        found = groups.listed(session, among=visible())
    return Answer(GroupList([shown_group(group) for group in found]))


@api.post("/groups", needs=ENTER, scope=WRITE, takes=NewGroupShape, gives=GroupShape, status=201)
def create_group(work: Work, body: NewGroupShape) -> Answer:
    """Make a group (an administrator's token), or a smart one over groups that the token's owner manages."""
    if body.filter is UNSET or body.sources is UNSET:
        if body.filter is not body.sources or body.share:
            raise InvalidInput("A smart group has a filter and sources; another group has neither, and shares nothing.")
        made = cases.create(work, body.name, body.description).id
    else:
        made = smart_groups.begin(
            *(work, body.name, body.filter, body.sources),
            description=body.description,
            zone=zone_name(),
            share=body.share,
        ).group
    return Answer(_found(work.session, made, Level.MANAGE), 201, {"Location": f"/api/v1/groups/{made}"})


@api.post("/smart-groups/preview", needs=ENTER, scope=WRITE, takes=FilterTrial, gives=FilterEffect, pieces=True)
def preview_filter(operation: Operation, body: FilterTrial) -> Answer:
    """Tell who would join and leave by a filter, for a new smart group or in place of another's. Changes nothing."""
    with operation.look() as look:
        if body.group is not None:
            wanted = _wanted(look.session, body)
            would = smart_groups.change_effect(look, body.group, wanted.filter, wanted.sources)
        elif body.filter is UNSET or body.sources is UNSET:
            raise InvalidInput("A new smart group has a filter and sources.")
        else:
            would = smart_groups.effect(look, body.filter, body.sources, zone=zone_name())
    leaving, held = len(would.leaving), bool(would.leaving) and would.leaves_much
    return Answer(FilterEffect(would.before, len(would.joining), leaving, would.after, held))


@api.get("/groups/<group>", needs=on_group(Right.VIEW), scope=READ, gives=GroupShape)
def show_group(group: str) -> Answer:
    """One group, by its id or name."""
    with reading() as session:
        return Answer(_found(session, group))


@api.patch("/groups/<group>", needs=on_group(Right.MANAGE), scope=WRITE, takes=GroupPatch, gives=GroupShape, holds=True)
def patch_group(work: Work, group: str, body: GroupPatch) -> Answer:
    """Give a group another name or description; a smart one another filter, which waits where many would leave."""
    found = groups.find_id(work.session, group)
    if body.filter is not UNSET or body.sources is not UNSET:
        wanted = _wanted(work.session, body)
        if held := program_holds.new_filter(work, found, wanted):
            return Answer(HeldShape(held), 202)
        smart_groups.begin_change(work, found, wanted.filter, wanted.sources)
    if body.name is not UNSET:
        cases.rename(work, found, body.name)
    if body.description is not UNSET:
        cases.describe(work, found, body.description)
    return Answer(_found(work.session, found))


@api.delete(
    "/groups/<group>",
    needs=on_group(Right.MANAGE), scope=WRITE, gives=None, status=204, pieces=True, holds=True,
)  # fmt: skip
def delete_group(operation: Operation, group: str) -> Answer:
    """Delete a group: its label is withdrawn everywhere, contacts in no other group go to the trash."""
    with operation.piece() as work:
        held = program_holds.whole_group(work, groups.find_id(work.session, group))
    if held:
        return Answer(HeldShape(held), 202)
    cases.delete(operation, group)
    return Answer(status=204)


@api.put(
    "/groups/<group>/contacts/<id:contact>",
    needs=on_group(Right.EDIT), scope=CONTACTS, gives=None, status=204, pieces=True,
)  # fmt: skip
def add_contact(operation: Operation, group: str, contact: str) -> Answer:
    """Put a contact into a group."""
    bulk.add(operation, group, [contact])
    return Answer(status=204)


@api.delete(
    "/groups/<group>/contacts/<id:contact>",
    needs=on_group(Right.DELETE), scope=CONTACTS, gives=None, status=204, pieces=True, holds=True,
)  # fmt: skip
def take_contact(operation: Operation, group: str, contact: str) -> Answer:
    """Take a contact out of a group; in no group any more it lies in the trash."""
    with operation.piece() as work:
        within = groups.find_id(work.session, group)
        inside = contacts.in_group(work.session, within, [contact])
        held = program_holds.removals(work, [(within, one) for one in inside], the_world().hold_limits)
    if held:
        return Answer(HeldShape(held), 202)
    bulk.take(operation, group, [contact])
    return Answer(status=204)


def _wanted(session: Session, body: GroupPatch | FilterTrial) -> WantedFilter:
    """The filter and sources of a body, these by id: a name may be another's when somebody decides. Raises NotFound."""
    sources = None
    if body.sources is not UNSET:
        sources = tuple(groups.find_id(session, name) for name in body.sources)
        for name, source in zip(body.sources, sources, strict=True):
            demand(Right.VIEW, source, name=name)
    return WantedFilter(None if body.filter is UNSET else body.filter, sources)


def shown_group(group: Group) -> GroupShape:
    """A group as one of many."""
    return group_shape(group, _level(group.id).word)


def _found(session: Session, group: str, level: Level | None = None) -> GroupShape:
    """A group alone: who manages a smart one is told what chooses. `level`: of who made it just now."""
    found, now = groups.find(session, group), the_world().now()
    level = level or _level(found.id)
    chosen = choice(session, found.id, now) if found.is_smart and level is Level.MANAGE else None
    return group_shape(found, level.word, chosen, visible())


def _level(group: str) -> Level:
    party = asker().party
    everywhere = {Role.ADMINISTRATOR: Level.MANAGE, Role.AUDITOR: Level.VIEW}
    return everywhere[party.role] if party.role else party.levels.get(group, Level.VIEW)
