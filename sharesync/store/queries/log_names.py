"""Names: how people call what the change log knows by id alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from sharesync.store.queries.contact_names import Named, titles_then
from sharesync.store.queries.grant_words import GRANTS, Given, given
from sharesync.store.queries.group_names import names_then
from sharesync.store.queries.timeline import group_then
from sharesync.store.records.actors import actors


@dataclass(frozen=True, slots=True)
class Names:
    """What is unknown has no name any more."""

    users: Mapping[str, tuple[str, str]]
    """Name and address of each user by id, as of today."""
    groups: Mapping[int, Named | None]
    """The group of each event, by the event's number, as it was called then."""
    contacts: Mapping[int, Named | None]
    """The contact of each event, in the same way."""
    given: Mapping[str, Given]
    """By the reason of the event: to whom a grant was given, or from whom it was taken."""


def names(session: Session, found: Collection[Mapping[str, Any]]) -> Names:
    """The names of all that these events speak of."""
    users = {one[name] for one in found for name in ("actor", "mailbox_id") if one[name]}
    then = names_then(session, [(one["group_id"], one["seq"]) for one in found if one["group_id"]])
    contacts = titles_then(session, {(one["contact_id"], one["at"]) for one in found if one["contact_id"]})
    return Names(
        actors(session, users),
        {one["seq"]: group_then(then, one["group_id"], one["seq"]) for one in found},
        {one["seq"]: contacts.get((one["contact_id"], one["at"])) for one in found},
        given(session, {one["reason"] for one in found if one["action"] in GRANTS}),
    )
