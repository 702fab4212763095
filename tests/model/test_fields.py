"""The table of managed fields, made anew: what an import once made proves nothing about how it is made."""

import runpy
from typing import Any

import pytest

from sharesync.model import fields
from sharesync.model.fields import FIELDS, FieldRule

ROWS = {
    #                 shape     texts                        key                  needs
    "nicknames":      ("keyed",  "value type",               "value",             "value"),
    "emailAddresses": ("keyed",  "value type displayName",   "value",             "value"),
    "events":         ("keyed",  "type",                     "type date",         "date"),
    "imClients":      ("keyed",  "username protocol type",   "username protocol", "username"),
    "userDefined":    ("keyed",  "key value",                "key",               "value"),
    "biographies":    ("single", "value contentType",        "",                  "value"),
    "birthdays":      ("single", "text",                     "",                  "text date"),
    "addresses":      (
        "record",
        "type poBox streetAddress extendedAddress city region postalCode country countryCode formattedValue",
        "",
        "poBox streetAddress extendedAddress city region postalCode country formattedValue",
    ),
}  # fmt: skip
OTHERS = {"events": {"date": "date"}, "birthdays": {"date": "date"}}


@pytest.fixture
def made() -> Any:
    """The table, made by this test."""
    return runpy.run_path(fields.__file__, run_name=fields.__name__)["FIELDS"]


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_how_items_are_told_apart_and_what_an_item_needs(name: str, made: dict[str, FieldRule]) -> None:
    shape, texts, key, needs = ROWS[name]
    rule = made[name]
    assert (rule.name, rule.shape.value, rule.key, rule.needs) == (
        name,
        shape,
        tuple(key.split()),
        tuple(needs.split()),
    )
    kinds = {part: kind.value for part, kind in rule.parts.items()}
    assert kinds == dict.fromkeys(texts.split(), "text") | OTHERS.get(name, {})


def test_the_table_is_the_same_each_time(made: dict[str, FieldRule]) -> None:
    def told(rules: Any) -> list[Any]:
        return [(r.name, r.shape.value, [(p, k.value) for p, k in r.parts.items()], r.key, r.needs) for r in rules]

    assert list(made) == list(FIELDS)
    assert told(made.values()) == told(FIELDS.values())


def test_an_organisation_that_has_no_more_than_dates_says_nothing(made: dict[str, FieldRule]) -> None:
    rule = made["organizations"]
    assert set(rule.parts) - set(rule.needs) == {
        "type",
        "current",
        "fullTimeEquivalentMillipercent",
        "startDate",
        "endDate",
    }
    assert {part: kind.value for part, kind in rule.parts.items() if kind.value != "text"} == {
        "current": "flag",
        "fullTimeEquivalentMillipercent": "number",
        "startDate": "date",
        "endDate": "date",
    }
