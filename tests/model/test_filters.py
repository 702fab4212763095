"""What a filter asks for, in memory: the definition that both databases answer by (tests/store/test_filtering.py)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sharesync.errors import InvalidFilter, SearchTooLong
from sharesync.model.card import Card, Item
from sharesync.model.company_fields import NO_FIELDS, TAGS, CompanyField, CompanyFields
from sharesync.model.facets import FACETS, HAS, facets
from sharesync.model.field_kinds import FieldKind
from sharesync.model.filter_lines import parse
from sharesync.model.filter_names import NAMES
from sharesync.model.filters import Filter, Searched, plain
from sharesync.model.searching import haystack

NOW = datetime(2026, 11, 29, 23, tzinfo=UTC)
AHEAD = timezone(timedelta(hours=2))
"""There it is the 30th already."""
ANNA = Card.parse(
    {
        "names": [{"givenName": "Åse-Marie", "familyName": "Østergård O’Brien"}],
        "emailAddresses": [{"value": "ase@mail.holm.test"}, {"value": "nowhere"}],
        "phoneNumbers": [{"value": "+45 33 12 34 56"}, {"value": "70 20 30 40"}],
        "organizations": [{"name": "Jürgen Müller & Sønner A/S", "title": "Director of Sales"}],
        "addresses": [
            {"streetAddress": "Vestergade 12", "postalCode": "8000", "city": "New York", "country": "Danmark"}
        ],
        "birthdays": [{"date": {"year": 1980, "month": 5, "day": 17}}],
        "biographies": [{"value": "Met in Oslo.\nLikes tea"}],
        "userDefined": [{"key": "Tags", "value": "VIP, early bird"}, {"key": "Number", "value": "tea"}],
    }
)


def read(line: str) -> Filter:
    return parse(line, NOW, AHEAD, NO_FIELDS)


def told(
    card: Card = ANNA,
    *groups: str,
    changed: str = "2026-11-29T12:00",
    created: str = "2020-02-29T00:00",
    amounts: Mapping[str, Collection[float]] | None = None,
    **at: str,
) -> Searched:
    words = haystack([card.title, *(part for items in card.items.values() for item in items for part in texts(item))])
    named = {name: haystack([name]) for name in groups}
    return Searched(words, facets(card, ()), named, moments(changed=changed, created=created, **at), amounts or {})


def moments(**at: str) -> dict[str, datetime]:
    return {name.replace("_", "."): datetime.fromisoformat(one).replace(tzinfo=UTC) for name, one in at.items()}


def texts(item: Item) -> list[str]:
    return [value for _, value in item.parts if isinstance(value, str)]


HOLDS = """
    name:åse | name:ase | name:marie | name:oestergaard | name:ostergard | name:OBRIEN | name:"østergård o'brien"
    email:ase | email:ase@mail | email:holm | domain:holm.test | domain:@mail.holm.test | mail:nowhere
    phone:33123456 | phone:+4533123456 | phone:004533 | phone:3456 | phone:"33 12 34 56" | phone:+4570203040
    company:muller | company:mueller | company:"müller & sønner" | title:director | job:sales | org:sonner
    street:vestergade | city:york | city:"new y" | postcode:80 | zip:8000 | country:dk | country:DK | country:denmark
    country:danm | birthday:1980 | birthday:05-17 | birthday:1980-05-17 | note:tea | note:"met in oslo" | notes:likes
    tag:vip | tag:"early bird" | tags:VIP | has:phone | has:tag | has:address | -has:website | missing:website
    missing:nickname | -missing:email | invalid:email | -invalid:phone | changed>-2d | changed:yesterday | changed<today
    changed:2026-11-29 | changed:2026 | changed:2026-11 | changed>2026-10 | changed<2027 | created<-5y | created:2020-02
    created:2020-02-29 | -created>2020 | tea | "new york" | ase york | -copenhagen | ase OR bo | bo OR city:york
    tag:x OR tag:vip OR bo | -tag:x OR bo | bo OR -tag:x name:ase | group:customers | group:"key custom" | customers
    10:30 OR tea | -http://holm.test | -orx | “new york” | 33 12 34 56 | "åse-marie østergård"
"""
FAILS = """
    name:rie | name:copenhagen | name:"ase ostergard" | email:se@mail | domain:olm.test | domain:test.example
    phone:33123457 | phone:+4633123456 | company:uller | city:ork | city:"york new"
    country:se | country:de | country:sw | tag:vi
    tag:"vip early" | note:ea | has:website | -has:phone | missing:email | invalid:phone
    changed>today | changed:2025 | changed<2026-11-29 | created>2020-02-29
    -tea | bo OR cy | -ase OR -york | group:friends
    tag:x OR ase bo | "york new" | “” x | number:33123457 | -group:customers | tag:! | -"new york" | 10:30
"""


def lines(table: str) -> list[str]:
    return [one.strip() for row in table.strip().splitlines() for one in row.split(" | ")]


@pytest.mark.parametrize("line", lines(HOLDS))
def test_what_a_filter_finds(line: str) -> None:
    assert read(line).holds(told(ANNA, "Key Customers"))


@pytest.mark.parametrize("line", lines(FAILS))
def test_what_a_filter_does_not_find(line: str) -> None:
    assert not read(line).holds(told(ANNA, "Key Customers"))


MEASURED_HOLDS = """
    has:photo | -missing:photo | checked>-1y | checked:2026-08 | -checked:never | entry>-30d | entry.purchase>-90d
    entry.call<-1y | -entry.call:never | entry.note:never | spent>1000 | spent>1000EUR | spent:1200.50eur | spent:90
    spent<100 | spent<100dkk | followup:open | followup<2026-12-03 | followup>today | -followup:due | followup:+2d
"""
MEASURED_FAILS = """
    missing:photo | checked:never | -checked>-1y | entry.purchase:never | entry:never | entry.call>-1y | entry.note>-90d
    -entry.note:never | spent>1200.50 | spent>100DKK | spent>1SEK | followup:due | followup<today
"""


def measured() -> Searched:
    """Of Anna: checked in August; called long ago, two purchases; a follow-up the day after tomorrow."""
    return told(
        amounts={
            "photo": [1],
            "spent": [12_005_000, 900_000],
            "spent.EUR": [12_005_000],
            "spent.DKK": [900_000],
            "followup": [float(date(2026, 12, 2).toordinal())],
        },
        checked="2026-08-01T12:00",
        entry="2026-11-20T12:00",
        entry_purchase="2026-11-20T12:00",
        entry_call="2025-01-03T12:00",
    )


@pytest.mark.parametrize("line", lines(MEASURED_HOLDS))
def test_what_a_filter_finds_by_moments_and_amounts(line: str) -> None:
    assert read(line).holds(measured())


@pytest.mark.parametrize("line", lines(MEASURED_FAILS))
def test_what_a_filter_does_not_find_by_them(line: str) -> None:
    assert not read(line).holds(measured())


@pytest.mark.parametrize(
    "line", ["checked>-1y", "entry<today", "entry.call:never", "spent<1", "followup:open", "has:photo"]
)
def test_what_a_contact_never_had_lies_nowhere(line: str) -> None:
    assert read(line).holds(told()) == line.endswith(":never")


@pytest.mark.parametrize(("line", "holds"), [("duplicate:likely", True), ("-duplicate:likely", False)])
def test_one_of_two_that_are_probably_the_same_is_found(line: str, holds: bool) -> None:
    assert read(line).holds(replace(told(), alike=True)) == holds
    assert read(line).holds(told()) == (not holds)


REGION = CompanyField("region-id", "Area", FieldKind.TEXT, required=frozenset({"Key Customers"}))
TAGGED = CompanyField(TAGS, "Tags", FieldKind.SEVERAL_OF, required=frozenset({"Press"}))


@pytest.mark.parametrize(
    ("says", "groups", "lacks"),
    [
        ({}, ["Key Customers"], True),
        ({}, ["Friends"], False),
        ({"region-id": "North"}, ["Key Customers"], False),
        ({}, ["Press"], False),  # Anna has tags
        ({}, [], False),
    ],
)
def test_what_a_group_requires_is_missing(says: dict[str, str], groups: list[str], lacks: bool) -> None:
    fields = CompanyFields((replace(REGION, shown=False), TAGGED))
    one = replace(told(ANNA, *groups), facets=facets(ANNA, fields.values(ANNA, says)))
    for line, holds in (("missing:required", lacks), ("-missing:required", not lacks)):
        assert parse(line, NOW, AHEAD, fields).holds(one) == holds


@pytest.mark.parametrize(
    ("line", "at", "sentence"),
    [
        ("nmae:ada", 0, "A filter knows no “nmae:”; did you mean “name:”?"),
        ("citty:aarhus", 0, "A filter knows no “citty:”; did you mean “city:”?"),
        ("ada  -counttry:dk", 5, "A filter knows no “counttry:”; did you mean “country:”?"),
        ("tag:", 0, "Something must follow “tag:”; leave out the space, or put it in quotes."),
        ("ada has: phone", 4, "Something must follow “has:”; leave out the space, or put it in quotes."),
        ("invalid:name", 0, "“invalid:” is followed by one of these: email, phone."),
        ("duplicate:yes", 0, "“duplicate:” is followed by one of these: likely."),
        ('ada name:"ida holm', 9, "The quote at letter 10 has no end; write another one, or none."),
        ('ada "', 4, "The quote at letter 5 has no end; write another one, or none."),
        ("OR ada", 0, "“OR” stands between two parts; write it in small letters where it is a word."),
        ("ada OR", 4, "“OR” stands between two parts; write it in small letters where it is a word."),
        ("ada OR OR ida", 7, "“OR” stands between two parts; write it in small letters where it is a word."),
        ("spent>much", 0, "“much” is no amount; write one as 1200 or 1200EUR."),
        ("entry.cal>-1d", 0, "A filter knows no “entry.cal>”; did you mean “entry.call>”?"),
        ("name<b", 0, "“name<” compares nothing; write a colon. Only days and numbers have < and >."),
        *(
            (
                f"changed>{day}",
                0,
                f"“{day}” is no day; write one as 2026-11-30, 2026-11, 2026, today, or -90d (also w, m, y).",
            )
            for day in ("soon", "2026-02-30", "2026-13", "1500", "9999", "-9999y", "9999w", "2199", "0")
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(line: str, at: int, sentence: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        read(line)
    assert (str(refused.value), refused.value.at) == (sentence, at)


def test_a_filter_is_as_long_as_a_search_may_be() -> None:
    for line in ("x" * 501, " ".join(f"city:w{number}" for number in range(31)), "a b " * 16):
        with pytest.raises(SearchTooLong):
            read(line)


def test_each_part_can_be_taken_away() -> None:
    line = read("ada holm city:york -tag:vip OR bo 33 12")
    assert [clause.text for clause in line.clauses] == ["ada holm", "city:york", "-tag:vip OR bo", "33 12"]
    assert line.without(1) == "ada holm -tag:vip OR bo 33 12"
    assert read(line.without(9)) == line


@pytest.mark.parametrize("name", FACETS)
def test_every_name_finds_a_contact_that_has_something_there_and_no_other(name: str) -> None:
    empty = told(Card.parse({"sipAddresses": [{"value": "x"}]}))
    if name in HAS and name not in ("website", "department", "region", "relation"):
        assert read(f"has:{name}").holds(told())
    assert not read(f"{name}:x").holds(empty)


LETTERS = st.text(st.sampled_from('aø1+-"“: .@<>OR\u200b\n\u0001é'), max_size=12)


@given(st.lists(st.one_of(LETTERS, st.sampled_from([*(f"{name}:" for name in NAMES), " OR ", " "])), max_size=8))
@example(["-"])
def test_any_line_is_read_or_refused(parts: list[str]) -> None:
    line = "".join(parts)
    try:
        asked = read(line)
    except (InvalidFilter, SearchTooLong):
        return
    assert asked.holds(told()) in (True, False)
    assert read(asked.without(99)).clauses == asked.clauses


@given(st.text(st.sampled_from("aåø1 -'.,+"), max_size=20).filter(lambda text: " -" not in f" {text}"))
def test_words_alone_are_the_search_that_they_were(text: str) -> None:
    for one in (told(), told(Card.parse({"names": [{"givenName": text or "x"}]}))):
        assert read(text).holds(one) == plain(text).holds(one)


@given(st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=12))
def test_whatever_stands_in_a_field_is_found_there_by_itself(text: str) -> None:
    quoted = '"' + "".join(sign for sign in text if sign not in '"“”„') + '"'
    if not any(sign.isalnum() for sign in quoted):
        return
    card = Card.parse({"addresses": [{"city": text}], "organizations": [{"name": text}]})
    for name in ("city", "company"):
        assert read(f"{name}:{quoted}").holds(told(card))
