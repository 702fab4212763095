"""A person's name: the parts Google computes (display forms), and the free form it takes apart.

Formats observed: "Dr. John Jay Doe III" and, last name first, "Doe, Dr. John Jay, III"; a single name stays itself.
"""

from __future__ import annotations

from sharesync.sandbox.wire import Json

_PARTS = ("honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix")
_PREFIXES = frozenset({"dr", "dr.", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "prof", "prof."})
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d."})


def complete_name(item: Json) -> Json:
    """`item` with its display forms. Structured parts win over `unstructuredName`, which alone is taken apart."""
    name = dict(item)
    if not any(name.get(part) for part in _PARTS) and name.get("unstructuredName"):
        name.update(take_apart(name["unstructuredName"]))
    whole = " ".join(name[part] for part in _PARTS if name.get(part))
    if not whole:
        return name  # phonetic parts only
    name["displayName"] = name["unstructuredName"] = whole
    family = name.get("familyName")
    front = " ".join(name[part] for part in _PARTS[:3] if name.get(part))
    last_first = ", ".join(part for part in (family, front, name.get("honorificSuffix")) if part)
    name["displayNameLastFirst"] = last_first
    return name


def take_apart(text: str) -> Json:
    """A free-form name by its blanks: prefix, given, middle, family, suffix."""
    words = text.split()
    parts: Json = {}
    if len(words) > 1 and words[0].lower() in _PREFIXES:
        parts["honorificPrefix"] = words.pop(0)
    if len(words) > 1 and words[-1].lower() in _SUFFIXES:
        parts["honorificSuffix"] = words.pop()
    if words:
        parts["givenName"] = words[0]
    if len(words) > 1:
        parts["familyName"] = words[-1]
    if len(words) > 2:
        parts["middleName"] = " ".join(words[1:-1])
    return parts
