"""Groups for programs: listed, made, changed, deleted; contacts put into them and taken out."""

from __future__ import annotations

from msgspec import UNSET

from sharesync.model.access import Level
from sharesync.model.group import Group
from sharesync.model.permission import Right, Role
from sharesync.model.token import Scope
from sharesync.services import bulk, program_holds
from sharesync.services import groups as cases
from sharesync.store.database.work import Operation, Work
from sharesync.store.queries import contacts, groups
from web.api.answers import Answer
from web.api.registry import Api
from web.api.shapes import GroupList, GroupPatch, GroupShape, HeldShape, NewGroupShape, group_shape
from web.frame.live import the_world
from web.frame.needs import ADMINISTER, ENTER, on_group
from web.frame.person import asker, visible

api = Api("api_groups", __name__, url_prefix="/api/v1")

READ, WRITE, CONTACTS = Scope.GROUPS_READ, Scope.GROUPS_WRITE, Scope.CONTACTS_WRITE


@api.get("/groups", needs=ENTER, scope=READ, gives=GroupList)
def list_groups() -> Answer:
    """Every group that the token may see, by name."""
    with the_world().database.reading() as session:
        found = groups.listed(session, among=visible())
    return Answer(GroupList([_shape(group) for group in found]))


@api.post("/groups", needs=ADMINISTER, scope=WRITE, takes=NewGroupShape, gives=GroupShape, status=201)
def create_group(work: Work, body: NewGroupShape) -> Answer:
    """Make a group, which nobody sees until somebody is granted a level on it."""
    made = cases.create(work, body.name, body.description)
    return Answer(_shape(made), 201, {"Location": f"/api/v1/groups/{made.id}"})


@api.get("/groups/<group>", needs=on_group(Right.VIEW), scope=READ, gives=GroupShape)
def show_group(group: str) -> Answer:
    """One group, by its id or name."""
    with the_world().database.reading() as session:
        return Answer(_shape(groups.find(session, group)))


@api.patch("/groups/<group>", needs=on_group(Right.MANAGE), scope=WRITE, takes=GroupPatch, gives=GroupShape)
def patch_group(work: Work, group: str, body: GroupPatch) -> Answer:
    """Give a group another name or description."""
    found = groups.find_id(work.session, group)
    if body.name is not UNSET:
        cases.rename(work, found, body.name)
    if body.description is not UNSET:
        cases.describe(work, found, body.description)
    return Answer(_shape(groups.find(work.session, found)))


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


def _shape(group: Group) -> GroupShape:
    party = asker().party
    everywhere = {Role.ADMINISTRATOR: Level.MANAGE, Role.AUDITOR: Level.VIEW}
    level = everywhere[party.role] if party.role else party.levels.get(group.id, Level.VIEW)
    return group_shape(group, level.word)
