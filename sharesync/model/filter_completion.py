"""Completion: which part of a filter is being typed, and what the line becomes when something is chosen for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sharesync.model.company_fields import CompanyField
from sharesync.model.filter_names import ALIASES, NAMES, RESERVED
from sharesync.model.spelling import bare

# A quote that has no end yet reaches to the end of the line: it is being typed.
_PART = re.compile(r'(?=\S)(?P<no>-)?(?:(?P<name>[^\W\d_][\w.-]*)(?P<sign>[:<>]))?(?P<value>"[^"]*"?|\S*)')


@dataclass(frozen=True, slots=True)
class PartialTerm:
    """The part of a line in which the cursor stands."""

    before: str
    after: str
    """The line on both sides of it."""
    negation: str
    name: str
    """Of a term; empty while it may still become one, and where it is text."""
    sign: str
    value: str
    """What is typed of the value, or of the word, without quotes."""

    def become(self, name: str, sign: str = ":", value: str = "") -> tuple[str, int]:
        """The line with this term there, and where the cursor stands then: behind it."""
        written = f'"{value}"' if re.search(r"\s", value) else value
        begun = f"{self.before}{self.negation}{name}{sign}{written}"
        return begun + self.after, len(begun)


def being_typed(text: str, at: int, fields: Mapping[str, CompanyField]) -> PartialTerm:
    """The part of a line at a place; `fields` by what stands for them in a filter."""
    for found in _PART.finditer(text):
        if found.start() <= at <= found.end():
            before, after = text[: found.start()], text[found.end() :]
            negation, sign = found["no"] or "", found["sign"] or ""
            name = known_name(found["name"], fields) if sign else ""
            value = found["value"] if name else found.group()[len(negation) :]
            return PartialTerm(before, after, negation, name, sign if name else "", value.replace('"', ""))
    return PartialTerm(text[:at], text[at:], "", "", "", "")


def known_name(typed: str, fields: Mapping[str, CompanyField]) -> str:
    """The name that a filter knows by what was typed; empty where it knows none."""
    name = ALIASES.get(typed.casefold(), typed.casefold())
    if name in NAMES:
        return name
    return bare(name) if bare(name) in fields and bare(name) not in RESERVED else ""
