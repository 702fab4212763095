"""Shapes of groups, and of the company's fields: what a contact is in, and what it says beyond Google's form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.model.group import MAX_DESCRIPTION, MAX_NAME, Group
from sharesync.model.searching import MOST_LETTERS
from sharesync.store.queries.smart_groups import WhoIsIn

GroupRef = Annotated[str, Meta(min_length=1, max_length=MAX_NAME, description="A group's id or name.")]
Groups = Annotated[list[GroupRef], Meta(min_length=1, max_length=50)]
FilterText = Annotated[str, Meta(min_length=1, max_length=MOST_LETTERS, description="As in the page's search box.")]


class GroupShape(Struct, frozen=True, kw_only=True):
    """A group, how many contacts it holds, and what the token's owner may do there."""

    id: str
    name: str
    description: str
    contacts: int
    level: Literal["view", "edit", "delete", "manage"]
    smart: bool
    """A filter chooses its contacts: none is put in or taken out."""
    filter: str | None = None
    """Of a smart group, where it is shown alone to who manages it: what chooses, `sources` the groups it takes from."""
    sources: list[str] | None = None


class GroupList(Struct, frozen=True):
    """Every group that the token may see, by name."""

    items: list[GroupShape]
    next_cursor: None = None


class NewGroupShape(Struct, frozen=True, forbid_unknown_fields=True):
    """A group to be made, which nobody sees until somebody is granted a level on it.

    With a `filter` it is a smart group over `sources`, groups that the token's owner manages; with `share`, those see
    it who were granted all of these.
    """

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    description: Annotated[str, Meta(max_length=MAX_DESCRIPTION)] = ""
    filter: FilterText | UnsetType = UNSET
    sources: Groups | UnsetType = UNSET
    share: bool = False


class GroupPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """Another name or description of a group; another filter, or other sources, of a smart one."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)] | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=MAX_DESCRIPTION)] | UnsetType = UNSET
    filter: FilterText | UnsetType = UNSET
    sources: Groups | UnsetType = UNSET


class FilterTrial(Struct, frozen=True, forbid_unknown_fields=True):
    """A filter over groups that the token's owner manages, for a new smart group; or for this one, in place of its."""

    filter: FilterText | UnsetType = UNSET
    sources: Groups | UnsetType = UNSET
    group: GroupRef | None = None


class FilterEffect(Struct, frozen=True):
    """How many contacts would join a smart group and leave it."""

    before: int
    joining: int
    leaving: int
    after: int
    held: bool
    """So many would leave at once that it would wait for somebody's decision."""


class FieldShape(Struct, frozen=True):
    """A field of the company's own."""

    name: str
    kind: FieldKind
    choices: list[str]
    where: Literal["google", "here"]
    required: list[str]
    """Names of the groups that ask for it and that the token may see."""
    help: str


class FieldList(Struct, frozen=True):
    """Every field, in order."""

    items: list[FieldShape]
    next_cursor: None = None


def field_shape(field: CompanyField, groups: Mapping[str, str]) -> FieldShape:
    """A field as programs get it; `groups`: names of those that the token may see, by id."""
    required = sorted(groups[one] for one in field.required if one in groups)
    where: Literal["google", "here"] = "google" if field.shown else "here"
    return FieldShape(field.name, field.kind, list(field.choices), where, required, field.help)


def group_shape(
    group: Group, level: str, chosen: WhoIsIn | None = None, seen: Collection[str] | None = None
) -> GroupShape:
    """A group as programs get it; `chosen`: what chooses who is in it, where that is told; `seen`: groups they see."""
    named = (*chosen.sources, *chosen.lost) if chosen else ()
    return GroupShape(
        id=group.id,
        name=group.name,
        description=group.description,
        contacts=group.contacts,
        level=level,  # type: ignore[arg-type]  # the word of a Level
        smart=group.is_smart,
        filter=chosen.filter if chosen else None,
        sources=[one.name for one in named if seen is None or one.id in seen] if chosen else None,
    )
