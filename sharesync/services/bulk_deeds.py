"""Deeds on many contacts, as programs and commands name them: looked at first, held if much, done as one act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import assert_never

from sharesync.model.permission import Right
from sharesync.services import bulk, bulk_fields, program_holds, smart_members
from sharesync.services.bulk_fields import FieldDeed
from sharesync.services.bulk_plans import BulkPlan, sifted
from sharesync.services.who_may import permission
from sharesync.store.database.work import Operation, ReadOnly, Work
from sharesync.store.records import contacts
from sharesync.sync.holds import Limits

PREVIEWED = 20
"""What is done to more contacts than these is looked at first."""


@dataclass(frozen=True, slots=True)
class PutInto:
    """They come into a group, by id, too."""

    group: str


@dataclass(frozen=True, slots=True)
class TakeFrom:
    """They leave a group, by id."""

    group: str


@dataclass(frozen=True, slots=True)
class DeleteThem:
    """They leave every group where that is allowed."""


BulkDeed = FieldDeed | PutInto | TakeFrom | DeleteThem


def plan(operation: Operation, deed: BulkDeed, chosen: Collection[str]) -> BulkPlan:
    """What it will do. Raises InvalidInput, UnfitValue; NotFound or NotAllowed where a group is closed to the actor."""
    if isinstance(deed, FieldDeed):
        return bulk_fields.plan(operation, deed, chosen)
    with operation.look() as look:
        match deed:
            case PutInto(group):
                permission.require_on_group(look, Right.EDIT, group)
                return _apart(look, Right.PASS_ON, chosen, group, inside=False)
            case TakeFrom(group):
                permission.require_on_group(look, Right.DELETE, group)
                return _apart(look, Right.VIEW, chosen, group, inside=True)
            case DeleteThem():
                found = sifted(look, Right.DELETE, chosen)
                held = contacts.held_by(look.session, found.goes)
                goes, lying = (tuple(one for one in found.goes if (one in held) is there) for there in (True, False))
                return BulkPlan(goes, lying, found.refused)
            case _:
                assert_never(deed)


def _apart(look: ReadOnly, right: Right, chosen: Collection[str], group: str, *, inside: bool) -> BulkPlan:
    """Those that are in the group, or are not, from those that are so already."""
    smart_members.require_ordinary(look.session, group)
    found = sifted(look, right, chosen)
    there = set(contacts.in_group(look.session, group, found.goes))
    goes, same = (tuple(one for one in found.goes if (one in there) is wanted) for wanted in (inside, not inside))
    return BulkPlan(goes, same, found.refused)


def waits(work: Work, deed: BulkDeed, chosen: Collection[str], usual: Limits) -> list[str]:
    """Hold back what a program asks for, if it is too much at once; ids of the holds. All of it waits, or nothing."""
    match deed:
        case FieldDeed():
            cards = bulk_fields.outcome(work, deed, chosen)
            return program_holds.edits(
                work,
                {contact: card for contact, (card, _) in cards.items()},
                {contact: here for contact, (_, here) in cards.items()},
            )
        case PutInto():
            return []
        case TakeFrom(group):
            return program_holds.removals(work, [(group, one) for one in chosen], usual)
        case DeleteThem():
            held = contacts.held_by(work.session, chosen)
            may = set(permission.groups_with(work, Right.DELETE, {one for places in held.values() for one in places}))
            pairs = [(group, one) for one, places in held.items() for group in places if group in may]
            return program_holds.removals(work, pairs, usual)
        case _:
            assert_never(deed)


def carry_out(operation: Operation, deed: BulkDeed, chosen: Collection[str]) -> list[str]:
    """Do it to those that a plan said it goes with; returns them. Raises as `plan`."""
    match deed:
        case FieldDeed():
            return bulk_fields.carry_out(operation, deed, chosen)
        case PutInto(group):
            return bulk.add(operation, group, chosen)
        case TakeFrom(group):
            return bulk.take(operation, group, chosen)
        case DeleteThem():
            return bulk.delete(operation, chosen)
        case _:
            assert_never(deed)
