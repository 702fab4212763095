"""A name of which a file gives only the whole: FN of a vCard, the column Name of a CSV file.

It is kept whole, as the given name: nobody can say which part of `Nguyễn Thị Minh Khai` or `Ørsted Consult` is the
family's, and unsplit it reads as it was written. Programs fill it for contacts without a name, too, with the company,
the e-mail or the number; then it is no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sharesync.model.spelling import clean

STRUCTURED = ("familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
"""The parts that make a name; in the order of a vCard's N (RFC 6350, 6.2.2)."""

_OTHERWISE_CALLED = (
    ("organizations", "name"),
    ("nicknames", "value"),
    ("emailAddresses", "value"),
    ("phoneNumbers", "value"),
)


def given_name(full: str, name: Mapping[str, Any], fields: Mapping[str, list[dict[str, Any]]]) -> str:
    """What the given name is to be, beside the name's parts and the other fields; empty where there is none."""
    full = clean(full)
    if not full or any(map(name.get, STRUCTURED)):
        return ""
    called = (clean(item.get(part, "")) for field, part in _OTHERWISE_CALLED for item in fields.get(field, ()))
    return "" if full in called else full
