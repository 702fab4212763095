"""The card's law: two cards are equal if and only if no person would call them different."""

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidCard
from sharesync.model.card import EMPTY, MAX_BYTES, MAX_ITEMS, MAX_TEXT, Card, Item, item_key
from sharesync.model.countries import contradicts
from sharesync.model.fields import FIELDS, Part
from sharesync.model.spelling import clean, dial
from tests.cards import FIELD_NAMES, Raw, Texts, cards, raw_cards


def written(raw: Raw, change: Any) -> Raw:
    """The JSON with every text of it rewritten by `change`."""

    def rewrite(value: Any) -> Any:
        return change(value) if isinstance(value, str) else value

    return {
        name: [{part: rewrite(value) for part, value in item.items()} for item in items] for name, items in raw.items()
    }


def email(value: str, **parts: str) -> Card:
    return Card.parse({"emailAddresses": [{"value": value, **parts}]})


# --- Equality --------------------------------------------------------------------------------------------------------


@given(raw_cards(), st.randoms(use_true_random=False))
def test_the_order_of_fields_items_and_parts_means_nothing(raw: Raw, random: Any) -> None:
    def mixed(pairs: Iterable[Any]) -> list[Any]:
        some = list(pairs)
        random.shuffle(some)
        return some

    other = {name: [dict(mixed(item.items())) for item in mixed(items)] for name, items in mixed(raw.items())}
    assert Card.parse(other) == Card.parse(raw)
    assert Card.parse(other).fingerprint == Card.parse(raw).fingerprint


@given(raw_cards())
def test_repeated_items_mean_nothing_and_are_kept_once(raw: Raw) -> None:
    twice = {name: [*items, *items] for name, items in raw.items()}
    assert Card.parse(twice) == Card.parse(raw)
    assert Card.parse(twice).as_json() == Card.parse(raw).as_json()


@given(raw_cards(), st.sampled_from([" ", "\t", "\n", "\r\n", "\u00a0", " \n "]))
def test_blanks_around_a_text_mean_nothing(raw: Raw, blank: str) -> None:
    assert Card.parse(written(raw, lambda text: f"{blank}{text}{blank}")) == Card.parse(raw)


@given(raw_cards(), st.sampled_from(["NFC", "NFD"]))
def test_unicode_composition_means_nothing(raw: Raw, form: Any) -> None:
    assert Card.parse(written(raw, lambda text: unicodedata.normalize(form, text))) == Card.parse(raw)


@given(st.lists(st.sampled_from(["line", "æ", ""]), min_size=2), st.sampled_from(["\r\n", "\r"]))
def test_the_kind_of_line_ending_means_nothing(lines: list[str], ending: str) -> None:
    def notes(text: str) -> Card:
        return Card.parse({"biographies": [{"value": text}]})

    assert notes(ending.join(lines)) == notes("\n".join(lines))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"emailAddresses": [{"value": "a@x.test"}]}, {"emailAddresses": [{"value": "b@x.test"}]}),
        ({"emailAddresses": [{"value": "a@x.test"}]}, {"emailAddresses": [{"value": "a@x.test", "type": "home"}]}),
        ({"emailAddresses": [{"value": "a@x.test"}]}, {"emailAddresses": [{"value": "A@x.test"}]}),
        ({"emailAddresses": [{"value": "a@x.test"}]}, {}),
        ({"nicknames": [{"value": "Bo"}]}, {"occupations": [{"value": "Bo"}]}),
        ({"biographies": [{"value": "one\ntwo"}]}, {"biographies": [{"value": "one two"}]}),
        ({"names": [{"givenName": "Bo"}]}, {"names": [{"familyName": "Bo"}]}),
        ({"birthdays": [{"date": {"month": 2, "day": 3}}]}, {"birthdays": [{"date": {"month": 3, "day": 2}}]}),
        ({"organizations": [{"name": "X"}]}, {"organizations": [{"name": "X", "current": True}]}),
        (
            {"phoneNumbers": [{"value": "1", "type": "home"}, {"value": "2", "type": "work"}]},
            {"phoneNumbers": [{"value": "2", "type": "home"}, {"value": "1", "type": "work"}]},
        ),
    ],
)
def test_what_a_person_would_call_different_is_different(one: Raw, other: Raw) -> None:
    assert Card.parse(one) != Card.parse(other)
    assert Card.parse(one).fingerprint != Card.parse(other).fingerprint


@pytest.mark.parametrize(
    ("field", "item", "same"),
    [
        ("nicknames", {"value": "Bo", "type": "DEFAULT"}, {"value": "Bo"}),
        ("biographies", {"value": "x", "contentType": "TEXT_PLAIN"}, {"value": "x"}),
        ("names", {"givenName": "Bo", "displayName": "Bo", "displayNameLastFirst": "Bo"}, {"givenName": "Bo"}),
        ("names", {"unstructuredName": "Bo Bøgh"}, {"givenName": "Bo Bøgh"}),
        ("names", {"displayName": "Bo Bøgh"}, {"givenName": "Bo Bøgh"}),
        ("names", {"unstructuredName": "Bo Bøgh", "familyName": "Bøgh"}, {"familyName": "Bøgh"}),
        ("phoneNumbers", {"value": "1", "canonicalForm": "+451", "formattedType": "Home"}, {"value": "1"}),
        ("phoneNumbers", {"value": "1", "metadata": {"primary": True}}, {"value": "1"}),
        ("imClients", {"username": "bo", "formattedProtocol": "Jabber"}, {"username": "bo"}),
        ("addresses", {"city": "Aarhus", "formattedValue": "Aarhus\nDK"}, {"city": "Aarhus"}),
        ("birthdays", {"date": {"year": 1970}, "text": "1970"}, {"date": {"year": 1970}}),
        ("birthdays", {"date": {"year": 0, "month": 2, "day": 3}}, {"date": {"month": 2, "day": 3}}),
        ("organizations", {"name": "X", "current": False}, {"name": "X"}),
        ("organizations", {"name": "X", "fullTimeEquivalentMillipercent": 0}, {"name": "X"}),
    ],
)
def test_what_google_computes_or_adds_at_will_means_nothing(field: str, item: Raw, same: Raw) -> None:
    assert Card.parse({field: [item]}) == Card.parse({field: [same]})
    assert Card.read({field: [item]}) == Card.parse({field: [same]})


def test_an_address_of_one_piece_keeps_it() -> None:
    card = Card.parse({"addresses": [{"formattedValue": "Nygade 1\n8000 Aarhus", "type": "home"}]})
    assert card.as_json() == {"addresses": [{"formattedValue": "Nygade 1\n8000 Aarhus", "type": "home"}]}


@given(FIELD_NAMES)
def test_an_item_that_says_nothing_does_not_exist(name: str) -> None:
    rule = FIELDS[name]
    blank = {
        part: {} if kind is Part.DATE else " " for part, kind in rule.parts.items() if kind in (Part.TEXT, Part.DATE)
    }
    assert Card.parse({name: [blank, {}]}) == EMPTY
    for part in rule.parts.keys() - set(rule.needs) & {"type", "contentType", "countryCode"}:
        assert Card.read({name: [{part: "home"}]}) == EMPTY


def test_an_item_with_no_more_than_a_type_does_not_exist() -> None:
    assert not Card.parse({"phoneNumbers": [{"type": "home"}], "addresses": [{"type": "work", "countryCode": "DK"}]})


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_fingerprints_and_hashes_are_equal_exactly_where_cards_are(one: Card, other: Card) -> None:
    assert (one.fingerprint == other.fingerprint) == (one == other)
    assert one != other or hash(one) == hash(other)


def test_cards_that_differ_have_hashes_that_differ() -> None:
    assert len({hash(email(f"{number}@x.test")) for number in range(50)}) == 50


def test_a_fingerprint_is_made_as_it_always_was_because_links_keep_it() -> None:
    """Another form of it, and every person of every mailbox would look edited."""
    card = Card.parse(
        {
            "names": [{"givenName": "Åse"}],
            "emailAddresses": [{"value": "b@x.test", "type": "home"}, {"value": "a@x.test"}],
            "birthdays": [{"date": {"year": 1815, "month": 12, "day": 10}}],
        }
    )
    text = (
        r'[["birthdays", ["{\"date\": {\"day\": 10, \"month\": 12, \"year\": 1815}}"]],'
        r' ["emailAddresses", ["{\"type\": \"home\", \"value\": \"b@x.test\"}", "{\"value\": \"a@x.test\"}"]],'
        r' ["names", ["{\"givenName\": \"Åse\"}"]]]'
    )
    assert card.fingerprint == hashlib.blake2b(text.encode(), digest_size=16).digest()


def test_a_card_equals_nothing_that_is_no_card() -> None:
    assert EMPTY != {}
    assert EMPTY != None  # noqa: E711 - the comparison itself is asked about


# --- Reading and writing ---------------------------------------------------------------------------------------------


@given(cards())
def test_what_a_card_writes_reads_as_the_same_card(card: Card) -> None:
    assert Card.read(card.as_json()) == card
    assert Card.parse(card.as_json()) == card
    assert Card.read(card.as_json()).as_json() == card.as_json()


@given(raw_cards())
def test_the_order_in_which_items_were_typed_is_kept(raw: Raw) -> None:
    for name, items in Card.parse(raw).as_json().items():
        typed = [Card.parse({name: [item]}).as_json().get(name) for item in raw[name]]
        assert items == [
            one for number, some in enumerate(typed) if some and typed.index(some) == number for one in some
        ]


def test_fields_are_written_in_reading_order() -> None:
    raw = {name: [{FIELDS[name].needs[0]: "x", "key": "k"}] for name in reversed(list(FIELDS)) if name != "events"}
    assert list(Card.read(raw).as_json()) == [name for name in FIELDS if name != "events"]


@given(cards())
def test_reading_googles_person_passes_over_what_is_not_managed(card: Card) -> None:
    person = {
        "resourceName": "people/c1",
        "etag": "%E",
        "metadata": {"sources": []},
        "photos": [{"url": "https://p.test"}],
        "memberships": [{"contactGroupMembership": {"contactGroupResourceName": "contactGroups/x"}}],
        "clientData": [{"key": "k", "value": "v"}],
        "interests": [{"value": "chess"}],
    }
    items = {name: [{**item, "metadata": {"primary": True}} for item in some] for name, some in card.as_json().items()}
    assert Card.read(person | items) == card


def test_what_is_passed_over_may_stand_first() -> None:
    raw = {"names": "Bo", "emailAddresses": [{"metadata": {"primary": True}, "value": "a@x.test"}]}
    assert Card.read(raw) == email("a@x.test")


@pytest.mark.parametrize("odd", [None, "x", 7, {"value": "x"}, [None], ["x"], [{"value": 7}], [{"value": None}]])
def test_reading_never_fails_for_a_form_that_google_does_not_write(odd: object) -> None:
    assert Card.read({"emailAddresses": odd}) == EMPTY


def test_of_several_names_that_google_should_not_give_the_first_is_read() -> None:
    assert Card.read({"names": [{"givenName": "A"}, {"givenName": "B"}]}) == Card.parse({"names": [{"givenName": "A"}]})


# --- Refusing --------------------------------------------------------------------------------------------------------


KNOWN = ", ".join(FIELDS)


@pytest.mark.parametrize(
    ("value", "field", "sentence"),
    [
        ([], "", "A card is one JSON object with fields such as names, emailAddresses, phoneNumbers."),
        ("text", "", "A card is one JSON object with fields such as names, emailAddresses, phoneNumbers."),
        (None, "", "A card is one JSON object with fields such as names, emailAddresses, phoneNumbers."),
        ({"emails": []}, "emails", f"A card has no field “emails”; it may have {KNOWN}."),
        ({"photos": [{"url": "x"}]}, "photos", f"A card has no field “photos”; it may have {KNOWN}."),
        ({"metadata": {}}, "metadata", f"A card has no field “metadata”; it may have {KNOWN}."),
        ({"names": {"givenName": "Bo"}}, "names", "“names” is a list of objects."),
        ({"names": "Bo"}, "names", "“names” is a list of objects."),
        ({"emailAddresses": ["a@x.test"]}, "emailAddresses", "“emailAddresses” is a list of objects."),
        (
            {"emailAddresses": [{"address": "a@x.test"}]},
            "emailAddresses",
            "An entry in “emailAddresses” has no part “address”.",
        ),
        ({"emailAddresses": [{"value": 7}]}, "emailAddresses", "“value” in “emailAddresses” is not a text."),
        ({"emailAddresses": [{"value": ["a"]}]}, "emailAddresses", "“value” in “emailAddresses” is not a text."),
        ({"birthdays": [{"date": "1970-01-01"}]}, "birthdays", "“date” in “birthdays” is not a date."),
        ({"birthdays": [{"date": {"month": 13}}]}, "birthdays", "“date” in “birthdays” is not a date."),
        ({"birthdays": [{"date": {"year": 1970, "day": 3}}]}, "birthdays", "“date” in “birthdays” is not a date."),
        (
            {"organizations": [{"name": "X", "current": "yes"}]},
            "organizations",
            "“current” in “organizations” is not a flag.",
        ),
        (
            {"organizations": [{"name": "X", "fullTimeEquivalentMillipercent": "50"}]},
            "organizations",
            "“fullTimeEquivalentMillipercent” in “organizations” is not a number.",
        ),
        (
            {"organizations": [{"name": "X", "fullTimeEquivalentMillipercent": True}]},
            "organizations",
            "“fullTimeEquivalentMillipercent” in “organizations” is not a number.",
        ),
        ({"names": [{"givenName": "A"}, {"givenName": "B"}]}, "names", "A contact has at most one entry in “names”."),
        (
            {"biographies": [{"value": "A"}, {"value": "B"}]},
            "biographies",
            "A contact has at most one entry in “biographies”.",
        ),
        ({"userDefined": [{"value": "x"}]}, "userDefined", "A custom field needs a name (“key”) beside its value."),
        (
            {"nicknames": [{"value": "x" * (MAX_TEXT + 1)}]},
            "nicknames",
            "A value in nicknames is 1025 characters long; Google allows 1024.",
        ),
    ],
)
def test_what_no_contact_can_be_is_refused_in_one_sentence(value: object, field: str, sentence: str) -> None:
    with pytest.raises(InvalidCard) as refused:
        Card.parse(value)
    assert str(refused.value) == sentence
    assert refused.value.field == field


def test_a_custom_field_without_value_and_name_is_blank_rather_than_wrong() -> None:
    assert not Card.parse({"userDefined": [{}, {"key": "shoe size"}]})


# --- Limits ----------------------------------------------------------------------------------------------------------


def test_a_text_may_be_as_long_as_google_allows_and_no_longer() -> None:
    assert email("x" * MAX_TEXT)
    sentence = r"^A value in emailAddresses is 1026 characters long; Google allows 1024\.$"
    with pytest.raises(InvalidCard, match=sentence):
        Card.parse({"emailAddresses": [{"value": "x" * (MAX_TEXT + more)} for more in (0, 2, 1)]})


def test_characters_are_counted_not_bytes() -> None:
    assert email("ø" * MAX_TEXT)


def test_notes_may_be_longer_than_other_texts() -> None:
    assert Card.parse({"biographies": [{"value": "x" * 100_000}]})


def test_a_contact_has_at_most_so_many_values_in_all_fields_together() -> None:
    def full(mails: int) -> Raw:
        return {
            "emailAddresses": [{"value": f"{n}@x.test"} for n in range(mails)],
            "urls": [{"value": f"http://x.test/{n}"} for n in range(MAX_ITEMS // 2)],
        }

    assert Card.parse(full(MAX_ITEMS // 2))
    with pytest.raises(InvalidCard, match=r"^A contact may have at most 500 values; this one has 501\.$"):
        Card.parse(full(MAX_ITEMS // 2 + 1))


def test_a_contact_is_measured_in_bytes_of_utf_8() -> None:
    most = "ø" + "x" * (MAX_BYTES - len('{"biographies": [{"value": ""}]}') - len("ø".encode()))
    assert Card.parse({"biographies": [{"value": most}]})
    with pytest.raises(InvalidCard, match=r"^A contact may take 128 KB; this one takes 129\.$"):
        Card.parse({"biographies": [{"value": most + "x"}]})


def test_reading_what_stands_in_a_mailbox_knows_no_limits() -> None:
    raw = {"nicknames": [{"value": "x" * (MAX_TEXT + 1)}], "biographies": [{"value": "x" * (2 * MAX_BYTES)}]}
    assert Card.read(raw).differs(EMPTY) == {"nicknames", "biographies"}


# --- Parts of a card -------------------------------------------------------------------------------------------------


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_cards_differ_in_the_fields_that_are_not_equal(one: Card, other: Card) -> None:
    differs = one.differs(other)
    assert differs == other.differs(one)
    assert differs == {name for name in FIELDS if set(one[name]) != set(other[name])}
    assert bool(differs) == (one != other)


@given(cards(Texts.NARROW), cards(Texts.NARROW))
def test_replacing_the_fields_that_differ_makes_the_other_card(one: Card, other: Card) -> None:
    changed = one.replacing({name: other[name] for name in one.differs(other)})
    assert changed == other
    assert changed.items.keys() == other.items.keys()


@given(cards(Texts.NARROW))
def test_replacing_leaves_the_card_itself_and_its_other_fields_alone(card: Card) -> None:
    before = card.as_json()
    name = next(iter(card.items), "names")
    assert card.replacing({name: ()}).differs(card) == card.differs(card.replacing({name: ()})) <= {name}
    assert card.as_json() == before


def test_replacing_keeps_an_item_once_and_a_field_without_items_goes() -> None:
    item = email("a@x.test")["emailAddresses"][0]
    assert email("b@x.test").replacing({"emailAddresses": [item, item]})["emailAddresses"] == (item,)
    assert not email("b@x.test").replacing({"emailAddresses": []})
    assert email("b@x.test").replacing({"emailAddresses": []}) == EMPTY


def test_an_item_tells_its_parts() -> None:
    item = Card.parse({"events": [{"date": {"year": 2000, "month": 5}, "type": "anniversary"}]})["events"][0]
    assert item == Item((("date", (("year", 2000), ("month", 5))), ("type", "anniversary")))
    assert (item.text("type"), item.text("date"), item.text("nothing"), item.get("nothing")) == (
        "anniversary",
        "",
        "",
        None,
    )
    assert item.as_json() == {"date": {"year": 2000, "month": 5}, "type": "anniversary"}


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ({}, ""),
        (
            {"names": [{"honorificPrefix": "Dr.", "givenName": "Åse", "middleName": "M", "familyName": "Ø"}]},
            "Dr. Åse M Ø",
        ),
        ({"names": [{"givenName": "Bo", "honorificSuffix": "Jr."}], "organizations": [{"name": "X"}]}, "Bo Jr."),
        ({"names": [{"phoneticGivenName": "Boo"}], "organizations": [{"name": "X"}]}, "X"),
        ({"organizations": [{"title": "Chief"}, {"name": "X"}], "nicknames": [{"value": "N"}]}, "X"),
        ({"nicknames": [{"value": "N"}], "emailAddresses": [{"value": "a@x.test"}]}, "N"),
        ({"emailAddresses": [{"value": "a@x.test"}], "phoneNumbers": [{"value": "1"}]}, "a@x.test"),
        ({"phoneNumbers": [{"value": "+45 1"}], "urls": [{"value": "http://x.test"}]}, "+45 1"),
        ({"urls": [{"value": "http://x.test"}]}, ""),
    ],
)
def test_a_contact_is_listed_by_the_first_thing_that_names_it(raw: Raw, title: str) -> None:
    assert Card.parse(raw).title == title


# --- Texts, numbers, dates -------------------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(), max_size=20))
def test_a_cleaned_text_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert [sign for sign in cleaned if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t"] == []
    cleaned.encode()


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800"])
def test_a_sign_that_goes_leaves_composed_text_behind(sign: str) -> None:
    """Else the card that is stored is another than the one that is read back."""
    assert clean(f"e{sign}\u0301") == "é"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  plain ", "plain"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("a\0b\x1b[1m", "ab[1m"),
        ("tab\there", "tab\there"),
        ("half \ud83d pair", "half  pair"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_a_text_is_kept_as_people_see_it(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+45 33 12 34 56", "+4533123456"),
        ("0045 33 12 34 56", "+4533123456"),
        ("(0)33-12.34/56", "033123456"),
        ("+1 (555) 010-0199", "+15550100199"),
        ("1-800-FLOWERS", "1800flowers"),
        ("*21*5#", "*21*5#"),
        ("112,,3;4", "112,,3;4"),
        ("00 45", "+45"),
        ("0 045", "+45"),
        ("", ""),
        ("–", ""),
    ],
)
def test_a_number_is_known_by_what_one_dials(number: str, dialled: str) -> None:
    assert dial(number) == dialled


@given(st.text(alphabet="0123456789+-() ./x*#", max_size=15))
def test_dialling_what_one_dials_is_the_same(number: str) -> None:
    assert dial(dial(number)) == dial(number)
    assert set(dial(number)) <= set("0123456789+x*#")


@pytest.mark.parametrize(
    ("field", "one", "other", "same"),
    [
        ("phoneNumbers", {"value": "+45 1"}, {"value": "0045-1", "type": "home"}, True),
        ("phoneNumbers", {"value": "+45 1"}, {"value": "45 1"}, False),
        ("emailAddresses", {"value": "A@x.test"}, {"value": "a@X.test", "displayName": "A"}, True),
        ("emailAddresses", {"value": "a@x.test"}, {"value": "b@x.test"}, False),
        (
            "events",
            {"type": "anniversary", "date": {"year": 2000}},
            {"type": "Anniversary", "date": {"year": 2000}},
            True,
        ),
        (
            "events",
            {"type": "anniversary", "date": {"year": 2000}},
            {"type": "anniversary", "date": {"year": 2001}},
            False,
        ),
        ("imClients", {"username": "bo", "protocol": "jabber"}, {"username": "Bo", "protocol": "jabber"}, True),
        ("imClients", {"username": "bo", "protocol": "jabber"}, {"username": "bo", "protocol": "skype"}, False),
        ("userDefined", {"key": "Shoe", "value": "42"}, {"key": "shoe", "value": "43"}, True),
        ("relations", {"person": "Eva", "type": "child"}, {"person": "eva", "type": "spouse"}, True),
    ],
)
def test_items_are_known_by_their_key(field: str, one: Raw, other: Raw, same: bool) -> None:
    rule = FIELDS[field]
    keys = [item_key(rule, Card.parse({field: [item]})[field][0]) for item in (one, other)]
    assert (keys[0] == keys[1]) is same


def birthday(**date: Any) -> Raw:
    return {"birthdays": [{"date": date}]}


@pytest.mark.parametrize(
    "date",
    [
        {"year": 1970, "month": 12, "day": 31},
        {"month": 2, "day": 29},
        {"year": 1970},
        {"year": 1970, "month": 4},
        {"month": 4},
        {"year": 9999, "month": 1, "day": 1},
    ],
)
def test_a_date_may_lack_year_month_or_day(date: dict[str, int]) -> None:
    assert Card.parse(birthday(**date)).as_json() == birthday(**date)


@pytest.mark.parametrize(
    "date",
    [
        {"month": 4, "day": 31},
        {"month": 2, "day": 30},
        {"year": 1970, "month": 0, "day": 1},
        {"year": -1, "month": 1, "day": 1},
        {"year": 10_000},
        {"month": -1},
        {"month": 1, "day": -1},
        {"year": "1970"},
        {"year": 1970.5},
        {"month": True, "day": 1},
    ],
)
def test_a_date_that_no_calendar_has_is_refused_and_passed_over_when_read(date: Raw) -> None:
    with pytest.raises(InvalidCard, match="“date” in “birthdays” is not a date"):
        Card.parse(birthday(**date))
    assert Card.read(birthday(**date)) == EMPTY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"addresses": [{"country": "Denmark", "countryCode": "DK"}]}, {"addresses": [{"country": "Denmark"}]}),
        ({"urls": [{"value": "x.test", "type": "Work"}]}, {"urls": [{"value": "x.test", "type": "work"}]}),
        ({"imClients": [{"username": "a", "protocol": "AIM"}]}, {"imClients": [{"username": "a", "protocol": "aim"}]}),
        ({"nicknames": [{"value": "a", "type": "default"}]}, {"nicknames": [{"value": "a"}]}),
        ({"phoneNumbers": [{"value": "\u202a+45 1\u202c"}]}, {"phoneNumbers": [{"value": "+45 1"}]}),
        ({"emailAddresses": [{"value": "a\u200b@x.test"}]}, {"emailAddresses": [{"value": "a@x.test"}]}),
        ({"urls": [{"value": "https://x\u2060.test"}]}, {"urls": [{"value": "https://x.test"}]}),
        ({"names": [{"givenName": "\u200b Ida \u200f"}]}, {"names": [{"givenName": "Ida"}]}),
    ],
)  # fmt: skip
def test_what_no_person_would_call_different_is_equal(one: Raw, other: Raw) -> None:
    assert Card.parse(one) == Card.parse(other)
    assert Card.parse(one).fingerprint == Card.parse(other).fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"addresses": [{"city": "By", "countryCode": "DK"}]}, {"addresses": [{"city": "By"}]}),
        (
            {"addresses": [{"country": "Denmark", "countryCode": "SE"}]},
            {"addresses": [{"country": "Denmark", "countryCode": "DK"}]},
        ),
        ({"addresses": [{"city": "By", "type": "Chalet"}]}, {"addresses": [{"city": "By", "type": "chalet"}]}),
        ({"names": [{"givenName": "می\u200cخواهم"}]}, {"names": [{"givenName": "میخواهم"}]}),
        ({"names": [{"givenName": "\U0001f469\u200d\U0001f680"}]}, {"names": [{"givenName": "\U0001f469\U0001f680"}]}),
    ],
)
def test_what_people_see_or_google_cannot_derive_counts(one: Raw, other: Raw) -> None:
    assert Card.parse(one) != Card.parse(other)


@pytest.mark.parametrize("text", ["\u0600\u06f1", "\U0001f3f4\U000e0067\U000e0062\U000e007f"])
def test_format_characters_that_are_seen_stay_at_the_edges(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("year", [1900, 2023])
def test_a_day_that_its_year_has_not_comes_in_nowhere_and_is_read_where_it_is(year: int) -> None:
    raw = {"birthdays": [{"date": {"year": year, "month": 2, "day": 29}}]}
    with pytest.raises(InvalidCard):
        Card.parse(raw)
    assert Card.read(raw).as_json() == raw
    assert Card.parse({"birthdays": [{"date": {"year": 2024, "month": 2, "day": 29}}]})
    assert Card.parse({"birthdays": [{"date": {"month": 2, "day": 29}}]})


@pytest.mark.parametrize(
    ("code", "country", "expected"),
    [
        ("DK", "Denmark", False),
        ("dk", " DANMARK ", False),
        ("DK", "Dänemark", False),
        ("SE", "Danmark", True),
        ("GB", "England", False),
        ("FO", "Denmark", True),
        ("XX", "The land of Oz", False),
    ],
)
def test_a_code_contradicts_a_country_that_is_known_for_another(code: str, country: str, expected: bool) -> None:
    assert contradicts(code, country) is expected


@pytest.mark.parametrize("parts", [{"country": "Denmark", "countryCode": "SE"}, {"city": "By", "countryCode": "DK"}])
def test_a_code_that_somebody_meant_is_kept(parts: dict[str, str]) -> None:
    assert Card.parse({"addresses": [parts]}).as_json() == Card.read({"addresses": [parts]}).as_json()
    assert Card.parse({"addresses": [parts]}).as_json() == {"addresses": [parts]}
