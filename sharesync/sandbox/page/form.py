"""The edit form: a contact's fields as inputs, and inputs as the fields that changed.

The form carries what it was filled with (`base`), so that a change made elsewhere meanwhile is not written over, and
parts it has no input for (a phonetic name, a second company) stay as they are.
"""

from __future__ import annotations

import json

from werkzeug.datastructures import MultiDict

from sharesync.sandbox.fields import writable_keys
from sharesync.sandbox.wire import Json, dumps

ONE: dict[str, tuple[str, ...]] = {
    "names": ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix"),
    "nicknames": ("value",),
    "organizations": ("name", "title", "department"),
    "biographies": ("value",),
}
"""Fields of which the form shows the first item, with these parts."""
MANY: dict[str, tuple[str, ...]] = {
    "emailAddresses": ("value", "type"),
    "phoneNumbers": ("value", "type"),
    "addresses": ("streetAddress", "extendedAddress", "postalCode", "city", "region", "country", "type"),
    "urls": ("value", "type"),
    "relations": ("person", "type"),
    "userDefined": ("key", "value"),
}
"""Fields of which the form shows every item."""
SHOWN = (*ONE, *MANY, "birthdays")

# What Google works out of other parts; sent back beside changed ones it would win over them.
_WORKED_OUT = {
    "names": ("displayName", "displayNameLastFirst", "unstructuredName"),
    "addresses": ("formattedValue", "countryCode"),
}


def base(fields: Json) -> str:
    """What the form is filled with, for its hidden input."""
    return dumps({field: fields[field] for field in SHOWN if fields.get(field)})


def read(form: MultiDict[str, str]) -> Json:
    """The fields that the form changes, as a Person. Raises ValueError in one sentence."""
    filled = _filled(form.get("base", ""))
    person: Json = {}
    for field, parts in ONE.items():
        held = filled.get(field, [])
        values = [form.get(f"{field}.{part}", "") for part in parts]
        person[field] = [*_item(field, parts, values, held[0] if held else {}), *held[1:]]
    for field, parts in MANY.items():
        columns = [form.getlist(f"{field}.{name}") for name in (*parts, "was")]
        person[field] = [
            item
            for *values, was in zip(*columns, strict=True)
            for item in _item(field, parts, values, _was(filled.get(field, []), was))
        ]
    person["birthdays"] = _birthday(form, filled.get("birthdays", []))
    return {field: items for field, items in person.items() if items != filled.get(field, [])}


def typed(form: MultiDict[str, str]) -> Json:
    """The fields as they stand in the inputs, for showing a form again that could not be saved."""
    fields: Json = {}
    for field, parts in (ONE | MANY).items():
        names = (*parts, "was") if field in MANY else parts
        columns = [form.getlist(f"{field}.{name}") for name in names]
        fields[field] = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=False)]
    fields["birthdays"] = [{"date": {part: form.get(f"birthdays.{part}", "") for part in ("year", "month", "day")}}]
    return fields


def _filled(text: str) -> Json:
    try:
        filled = json.loads(text or "{}")
    except ValueError:
        filled = None
    if not isinstance(filled, dict):
        raise ValueError("The form came back incomplete; open it again.")
    return filled


def _was(held: list[Json], was: str) -> Json:
    return held[int(was)] if was.isdecimal() and int(was) < len(held) else {}


def _item(field: str, parts: tuple[str, ...], values: list[str], old: Json) -> list[Json]:
    """The item these inputs make of the old one: itself where nothing changed, none where all was cleared."""
    typed = {part: value.replace("\r\n", "\n").strip() for part, value in zip(parts, values, strict=True)}
    if typed == {part: old.get(part, "") for part in parts}:
        return [old] if old else []
    if not any(value for part, value in typed.items() if part != "type"):
        return []
    kept = {key: value for key, value in old.items() if key in writable_keys(field) and key not in parts}
    kept = {key: value for key, value in kept.items() if key not in _WORKED_OUT.get(field, ())}
    return [{**kept, **{part: value for part, value in typed.items() if value}}]


def _birthday(form: MultiDict[str, str], held: list[Json]) -> list[Json]:
    typed = {part: form.get(f"birthdays.{part}", "").strip() for part in ("year", "month", "day")}
    if any(value and not value.isdecimal() for value in typed.values()):
        raise ValueError("A birthday is a day, a month and a year in numbers; the year may be left out.")
    date = {part: int(value) for part, value in typed.items() if value and int(value)}
    if held and date == {part: number for part, number in held[0].get("date", {}).items() if number}:
        return held
    return [{"date": date}] if date else []
