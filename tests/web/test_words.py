"""Moments, numbers, monograms and cards in words."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from sharesync.model.card import Card
from web.pages.cards import date, facts
from web.render import hue, initials
from web.words.moments import ago, at_time, soon
from web.words.terms import count

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (1, "just now"),
        (2, "2 seconds ago"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (119, "1 minute ago"),
        (3_599, "59 minutes ago"),
        (3_600, "1 hour ago"),
        (86_400, "1 day ago"),
        (29 * 86_400, "29 days ago"),
        (-1, "now"),
        (-5, "in 5 seconds"),
        (-180, "in 3 minutes"),
        (-179, "in 3 minutes"),
        (-29.6 * 86_400, "3 December 2026"),
        (-28.6 * 86_400, "in 29 days"),
    ],
)
def test_a_moment_is_as_far_away_as_people_say(seconds: float, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_what_is_longer_ago_than_a_month_is_a_date() -> None:
    assert ago(NOW - timedelta(days=60), NOW) == "4 September 2026"


def test_what_is_due_comes_any_moment() -> None:
    assert soon(NOW - timedelta(hours=1), NOW) == "any moment"
    assert soon(NOW + timedelta(minutes=5), NOW) == "in 5 minutes"


def test_another_day_is_named_beside_the_time() -> None:
    noon = NOW.astimezone().replace(hour=12)
    assert at_time(noon, noon) == "12:00:00"
    assert at_time(noon - timedelta(days=1), noon) == "yesterday 12:00:00"
    assert at_time(noon - timedelta(days=5), noon) == "29 October 2026 12:00:00"


def test_one_is_singular_and_thousands_are_grouped() -> None:
    assert [count(number, "contact") for number in (0, 1, 2, 25_000)] == [
        "0 contacts",
        "1 contact",
        "2 contacts",
        "25,000 contacts",
    ]
    assert count(2, "person", "people") == "2 people"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Åse Marie Ødegård", "ÅØ"), ("Ada", "A"), ("", ""), ("+45 33", ""), ("(dr) Bo", "B"), ("李 小龍", "李小")],
)
def test_a_monogram_is_the_first_letters_of_first_and_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_colour_is_the_same_for_the_same_person() -> None:
    assert hue("abc") == hue("abc")
    assert {hue(str(number)) for number in range(100)} == set(range(8))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"year": 1970, "month": 5, "day": 3}, "3 May 1970"),
        ({"month": 5, "day": 3}, "3 May"),
        ({"year": 1970, "month": 5}, "May 1970"),
        ({"year": 1970}, "1970"),
    ],
)
def test_a_date_says_what_is_known_of_it(parts: dict[str, int], words: str) -> None:
    card = Card.parse({"birthdays": [{"date": parts}]})
    assert date(card["birthdays"][0]) == words


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("a.example", "https://a.example"),
        ("javascript:alert(1)", ""),
        (" JaVaScRiPt:alert(1)", ""),
        ("java\tscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("file:///etc/passwd", ""),
        ("//a.example", ""),
        ("http://[", ""),
        ("not an address", ""),
    ],
)
def test_a_website_leads_only_where_nothing_runs(address: str, leads_to: str) -> None:
    card = Card.parse({"urls": [{"value": address}]})
    assert [fact.href for one in facts(card) for fact in one.facts] == [leads_to]


def test_an_address_to_write_to_carries_nothing_but_the_address() -> None:
    card = Card.parse({"emailAddresses": [{"value": "a@b.example?bcc=c@d.example&body=x"}]})
    assert facts(card)[0].facts[0].href == "mailto:a@b.example%3Fbcc%3Dc@d.example%26body%3Dx"


def test_a_page_sorts_names_in_one_place_as_its_reader_does(app: Flask) -> None:
    template = app.jinja_env.from_string(
        "{{ names | in_order('title', 'level') | map(attribute='title') | join(' ') }}"
    )
    names = [
        SimpleNamespace(title=title, level=level) for title, level in (("Åse", 1), ("Ida", 1), ("Øst", 1), ("Una", 4))
    ]
    for code, ordered in (("da", "Una Ida Øst Åse"), ("sv", "Una Ida Åse Øst"), ("en", "Una Åse Ida Øst")):
        with app.test_request_context(headers={"Accept-Language": code}):
            assert template.render(names=names) == ordered
