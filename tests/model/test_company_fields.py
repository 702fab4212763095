"""Fields of a company's own: one way to write each kind, and values that do not fit are kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput, UnfitValue
from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyField, CompanyFields, field_name, merged_here
from sharesync.model.custom_entries import renamed_entries, text_of, with_entry
from sharesync.model.field_kinds import FieldKind, field_choices

CHOICES = ("North", "South", "Øst")
ONE = {kind: CompanyField("f", "F", kind, CHOICES if kind.has_choices else ()) for kind in FieldKind}


@pytest.mark.parametrize(
    ("kind", "typed", "canonical"),
    [
        ("text", " a\n b ", "a b"),
        ("long-text", "a\r\nb", "a\nb"),
        *(("number", typed, "1200.5") for typed in ("1200.5", "1200,5", "1 200,50", "1.200,5", "1,200.5", "+01200.50")),
        *(("number", typed, None) for typed in ("1,200", "twelve", "1.2.3", "1e5", "--1", "")[:5]),
        ("number", "−3", "-3"),
        ("number", "-0.0", "0"),
        *(
            ("date", typed, "2026-03-05")
            for typed in ("2026-03-05", "2026/3/5", "5.3.2026", "05-03-2026", "5. 3. 2026")
        ),
        ("date", "24/12/2026", "2026-12-24"),
        ("date", "12/24/2026", "2026-12-24"),
        *(("date", typed, None) for typed in ("5/3/2026", "2026-02-30", "soon", "2026", "5.3.26")),
        *(("yes-no", typed, "yes") for typed in ("yes", "JA", "true", "x", "1")),
        *(("yes-no", typed, "no") for typed in ("No", "nej", "nein", "0")),
        ("yes-no", "perhaps", None),
        ("one-of", "øst", "Øst"),
        ("one-of", "West", None),
        ("several-of", "south,  North,south,", "South, North"),
        ("several-of", "south, west", None),
        ("link", "north.test/a", "https://north.test/a"),
        ("link", "http://north.test", "http://north.test"),
        *(("link", typed, None) for typed in ("javascript:alert(1)", "not a link", "mailto:a@b.test", "localhost")),
    ],
)
def test_each_kind_is_written_in_one_way(kind: str, typed: str, canonical: str | None) -> None:
    assert ONE[FieldKind(kind)].canonical(typed) == canonical


@given(st.sampled_from(FieldKind), st.text(st.sampled_from("0123456789.,-/ +aAnorthSuøyesN:\n'"), max_size=12))
def test_what_is_written_is_read_as_itself(kind: FieldKind, typed: str) -> None:
    canonical = ONE[kind].canonical(typed)
    if canonical:
        assert ONE[kind].canonical(canonical) == canonical


FIELDS = CompanyFields(
    (
        CompanyField("t", "Tags", FieldKind.SEVERAL_OF),
        CompanyField("r", "Renewal", FieldKind.DATE),
        CompanyField("b", "Budget", FieldKind.NUMBER, shown=False),
        CompanyField("s", "Sold", FieldKind.SEVERAL_OF, shown=False),
    )
)


def card(**entries: str) -> Card:
    names: list[dict[str, Any]] = [{"givenName": "Ida"}]
    return Card.parse({"names": names, "userDefined": [{"key": k, "value": v} for k, v in entries.items()]})


def test_values_are_written_where_their_field_is_and_nowhere_else() -> None:
    wanted = {"Tags": "a,b", "renewal": "5.3.2026", "Budget": "7,5"}
    new, here = FIELDS.written(card(Other="x"), {"gone": "kept"}, wanted)
    assert new == card(Other="x", Tags="a, b", Renewal="2026-03-05")
    assert here == {"gone": "kept", "b": "7.5"}
    assert FIELDS.told(new, here) == {"Tags": "a, b", "Renewal": "2026-03-05", "Budget": "7.5"}
    assert FIELDS.written(new, here, dict.fromkeys(wanted)) == (card(Other="x"), {"gone": "kept"})


def test_what_does_not_fit_is_refused_unless_it_stands_there_already() -> None:
    there = card(RENEWAL="next spring", tags="a,b")
    assert FIELDS.written(there, {}, {"Renewal": "next spring", "Tags": "a, b"}) == (there, {})
    assert FIELDS.written(card(), {}, {"Budget": "much"}, as_typed=True) == (card(), {"b": "much"})
    for wrong in ({"Renewal": "soon"}, {"Shoes": "1"}):
        with pytest.raises(UnfitValue):
            FIELDS.written(there, {}, wrong)


def test_no_entry_of_a_name_is_hidden_by_another() -> None:
    two = Card.parse({"userDefined": [{"key": "Tags", "value": "a"}, {"key": "tags", "value": "b"}]})
    assert text_of(two, "TAGS") == "a, b"
    assert with_entry(two, "Tags", "c") == Card.parse({"userDefined": [{"key": "Tags", "value": "c"}]})
    assert text_of(renamed_entries(two, "tags", "Marks"), "marks") == "a, b"


def test_values_kept_here_are_merged_field_by_field() -> None:
    base, store, other = {"b": "1", "s": "a, b"}, {"b": "2", "s": "a, b, c"}, {"b": "3", "s": "b, d"}
    assert merged_here(FIELDS, base, store, other) == {"b": "2", "s": "b, c, d"}
    assert merged_here(FIELDS, base, base, {}) == {}


def test_names_and_choices_are_checked() -> None:
    assert field_name("  Account \n manager ") == "Account manager"
    assert CompanyField("x", "Åbnet – år", FieldKind.TEXT).filter_name == "abnet-ar"
    for wrong in ("", "2nd", "!", "x" * 61):
        with pytest.raises(InvalidInput):
            field_name(wrong)
    assert field_choices(FieldKind.ONE_OF, ["a", " A ", "", "b, c"]) == ("a", "b, c")
    for kind, wrong_choices in ((FieldKind.TEXT, ["a"]), (FieldKind.SEVERAL_OF, ["a,b"])):
        with pytest.raises(InvalidInput):
            field_choices(kind, wrong_choices)
