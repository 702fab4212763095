"""A contact: one person or organisation in the store, its versions, and what may become of a value someone typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from sharesync.model.card import Card


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as the store holds it now. `deleted_at` is set while it lies in the trash, in no group."""

    id: str
    version: int
    card: Card
    groups: tuple[str, ...] = ()
    """Names of the groups that hold it, where the reader asked for them."""
    deleted_at: datetime | None = None
    photo: bytes | None = None
    """Digest of its photo (`photo.py`); None where it has none."""
    here: Mapping[str, str] = field(default_factory=dict)
    """Values of fields that are kept here, by the field's id (`company_fields.py`)."""
    checked_at: datetime | None = None
    """When somebody last said that it is right; None where nobody did, or the reader did not ask for it."""


class VersionKind(Enum):
    """Why a card stands in a contact's history."""

    ACCEPTED = "accepted"
    """It became the contact's card under `version`."""
    REJECTED = "rejected"
    """Someone typed it and had no right to; `version` is the one it was typed over."""
    DELETED = "deleted"
    """What the contact was when it left its last group."""
