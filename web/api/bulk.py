"""Bulk: one deed on many contacts, named by their ids or by a filter, as one act that is undone as one.

It is looked at first: with `dry_run` nothing is done and the answer says what would be. What goes with more than
twenty contacts says in `expected` how many it saw there; where they are others by now, nothing is done.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sharesync.model.company_fields import TAGS
from sharesync.model.field_kinds import SET
from sharesync.model.filter_lines import parse
from sharesync.model.filters import EVERYONE
from sharesync.model.permission import Right
from sharesync.model.searching import MOST_LETTERS
from sharesync.services import bulk_deeds, undoing
from sharesync.services.bulk_deeds import PREVIEWED, BulkDeed, DeleteThem, PutInto, TakeFrom
from sharesync.services.bulk_fields import FieldDeed, FieldVerb
from sharesync.services.bulk_plans import BulkPlan
from sharesync.store.database.work import Operation
from sharesync.store.queries import contact_pages, groups
from sharesync.store.queries.contact_pages import ContactFilter
from web.api.answers import Answer
from web.api.contacts import WRITE
from web.api.group_shapes import GroupRef
from web.api.registry import Api
from web.api.shapes import HeldShape
from web.frame.live import company_fields, reading, settings, the_world
from web.frame.needs import ENTER
from web.frame.person import demand, visible
from web.frame.problems import BadValue, Problem

api = Api("api_bulk", __name__, url_prefix="/api/v1")

FieldName = Annotated[str, Meta(min_length=1, max_length=60, description="The name of a field of the company's.")]
WordList = Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(min_length=1, max_length=50)]
MOST_IDS = 1_000
NAMED = 200
"""Contacts that are refused for one reason and named one by one."""


class FieldSetting(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="set"):
    """To give a field this value."""

    field: FieldName
    value: Annotated[str, Meta(min_length=1, max_length=10_000)]


class FieldClearing(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="clear"):
    """To empty a field."""

    field: FieldName


class Tagging(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="tag"):
    """To add words to a field of several, to the tags where none is named."""

    words: WordList
    field: FieldName | None = None


class Untagging(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="untag"):
    """To take words from a field of several, from the tags where none is named."""

    words: WordList
    field: FieldName | None = None


class PuttingInto(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="add"):
    """To put them into a group, too."""

    group: GroupRef


class TakingFrom(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="take"):
    """To take them out of a group; in no group any more they lie in the trash."""

    group: GroupRef


class DeletingThem(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="delete"):
    """To take them out of every group where the token may delete."""


class BulkAct(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A deed, and the contacts that it is for: by id, or those of a filter, of a group or of both."""

    deed: FieldSetting | FieldClearing | Tagging | Untagging | PuttingInto | TakingFrom | DeletingThem
    contacts: Annotated[list[str], Meta(max_length=MOST_IDS, description="Ids.")] = []
    filter: Annotated[str, Meta(max_length=MOST_LETTERS, description="A filter, as in the page's search box.")] = ""
    group: GroupRef | None = None
    dry_run: Annotated[bool, Meta(description="Tell what it would do, and do nothing.")] = False
    expected: Annotated[int, Meta(ge=0, description="The `number` of a dry run; needed from 21 on.")] | None = None


class DeedUndoneShape(Struct, frozen=True):
    """How many changes of a deed were taken back; what others changed since stays."""

    number: int


class BulkRefusal(Struct, frozen=True):
    """With these it is not done, and why; of many the first two hundred."""

    detail: str
    number: int
    contacts: list[str]


class BulkResult(Struct, frozen=True, kw_only=True):
    """What was done, or would be. `deed` names the act in the change log; it is undone as one."""

    state: Literal["done", "tried"]
    number: int
    same: int
    """So many were so already."""
    refused: list[BulkRefusal]
    deed: str | None


@api.post("/contacts/bulk", needs=ENTER, scope=WRITE, takes=BulkAct, gives=BulkResult, pieces=True, holds=True)
def act_on_many(operation: Operation, body: BulkAct) -> Answer:
    """Change a field or tags of many contacts, put them into a group or take them out, or delete them."""
    deed, chosen = _deed(body), _chosen(body)
    found = bulk_deeds.plan(operation, deed, chosen)
    if body.dry_run:
        return Answer(_result(found, len(found.goes), None))
    number = len(found.goes)
    if body.expected is None and number > PREVIEWED:
        said = f"It would be done to {number} contacts. Say so in `expected`, after a look with `dry_run`."
        raise Problem(422, "invalid", said, [BadValue("#/expected", said)])
    if body.expected not in (None, number):
        raise Problem(409, "conflict", f"It would be done to {number} contacts by now, and not to {body.expected}.")
    if not number:
        return Answer(_result(found, 0, operation.deed))
    with operation.piece() as work:
        held = bulk_deeds.waits(work, deed, found.goes, the_world().hold_limits)
    if held:
        return Answer(HeldShape(held), 202)
    return Answer(_result(found, len(bulk_deeds.carry_out(operation, deed, found.goes)), operation.deed))


@api.post("/contacts/bulk/<id:deed>/undo", needs=ENTER, scope=WRITE, gives=DeedUndoneShape, pieces=True)
def undo_deed(operation: Operation, deed: str) -> Answer:
    """Take back what this token did in one deed, as one act."""
    return Answer(DeedUndoneShape(undoing.undo(operation, deed)))


def _deed(body: BulkAct) -> BulkDeed:
    match body.deed:
        case FieldSetting(field, value):
            return FieldDeed(_field(field), FieldVerb.SET, value)
        case FieldClearing(field):
            return FieldDeed(_field(field), FieldVerb.CLEAR)
        case Tagging(words, field):
            return FieldDeed(_field(field), FieldVerb.ADD, SET.join(words))
        case Untagging(words, field):
            return FieldDeed(_field(field), FieldVerb.REMOVE, SET.join(words))
        case PuttingInto(group):
            return PutInto(_group(group))
        case TakingFrom(group):
            return TakeFrom(_group(group))
        case DeletingThem():
            return DeleteThem()


def _chosen(body: BulkAct) -> list[str]:
    by_filter = bool(body.filter) or body.group is not None
    if by_filter == bool(body.contacts):
        said = "Name contacts by `contacts`, or by `filter` and `group`."
        raise Problem(422, "invalid", said, [BadValue("#/contacts", said)])
    if not by_filter:
        return list(dict.fromkeys(body.contacts))
    fields, zone = company_fields(), settings().time_zone
    asked = parse(body.filter, the_world().now(), zone, fields) if body.filter else EVERYONE
    within = None if body.group is None else _group(body.group)
    with reading() as session:
        return contact_pages.ids(session, ContactFilter(asked, within, among=visible()))


def _field(name: str | None) -> str:
    found = [one.id for one in company_fields() if one.id == TAGS] if name is None else []
    if name is not None and (known := company_fields().named(name)) is not None:
        found = [known.id]
    if not found:
        said = "There is no such field."
        raise Problem(422, "invalid", said, [BadValue("#/deed/field", said)])
    return found[0]


def _group(name: str) -> str:
    with reading() as session:
        group = groups.find_id(session, name)
    demand(Right.VIEW, group, name=name)
    return group


def _result(found: BulkPlan, number: int, deed: str | None) -> BulkResult:
    return BulkResult(
        state="tried" if deed is None else "done",
        number=number,
        same=len(found.same),
        refused=[BulkRefusal(str(why), len(some), list(some[:NAMED])) for why, some in found.refused.items()],
        deed=deed,
    )
