"""Names that a filter knows before its colon, and the words that some of them are followed by."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from sharesync.model.entry import EntryKind
from sharesync.model.facets import FACETS, HAS
from sharesync.model.filters import CHANGED, CHECKED, CREATED, ENTRY, FOLLOW_UP, PHOTO, SPENT

ALIASES = {
    "mail": "email",
    "e-mail": "email",
    "tel": "phone",
    "number": "phone",
    "org": "company",
    "organisation": "company",
    "organization": "company",
    "job": "title",
    "zip": "postcode",
    "url": "website",
    "notes": "note",
    "tags": "tag",
    "address": "street",
}
"""What people type for a name."""
INVALID = ("email", "phone")
DUPLICATE, LIKELY = "duplicate", "likely"
"""`duplicate:likely`: one of two contacts that are probably the same."""
ENTRIES = tuple(f"{ENTRY}.{kind.value}" for kind in EntryKind if kind is not EntryKind.FOLLOW_UP)
"""When something of one kind happened last."""
DAYS = (CHANGED, CREATED, CHECKED, ENTRY, *ENTRIES)
EVER = (CHECKED, ENTRY, *ENTRIES)
"""What may never have been."""
NAMES = (*FACETS, "group", "has", "missing", "invalid", "unfit", DUPLICATE, *DAYS, SPENT, FOLLOW_UP)
"""Every name that stands before a colon, or before < and >; fields of the company's own have theirs besides."""

HAS_BESIDES = (PHOTO,)
"""What a contact can be asked to have beside what its card says."""
NEVER, OPEN, DUE = "never", "open", "due"
REQUIRED = "required"
"""`missing:required`: whatever one of its groups requires."""
RESERVED = frozenset((*NAMES, *ALIASES, *HAS, *HAS_BESIDES, REQUIRED))
"""What no field may be called in a filter; Tags is `tag` already."""
_ALIKE = 0.8


def meant_by(name: str, fields: Collection[str]) -> str | None:
    """The name, or that of one of these fields, for which another was typed by mistake; None where it resembles none.

    Letters that changed places are told apart from likeness: `nmae` is too short to be close to `name` by that.
    """
    known = (*NAMES, *ALIASES, *fields)
    turned = (one for one in known if sorted(one) == sorted(name))
    return next(turned, None) or next(iter(get_close_matches(name, known, 1, _ALIKE)), None)
