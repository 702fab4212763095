"""`sharesync grants`: set, taken away, listed and explained."""

import pytest

from tests.terminal import Sharesync

BO = "bo@north.test"


@pytest.fixture(autouse=True)
def _customers(sharesync: Sharesync, ada: str) -> None:
    """There is a group."""


@pytest.mark.parametrize("principal", [BO, "group:team@north.test", "ou:/Sales", "domain"])
def test_a_grant_is_given_to_any_principal_listed_changed_and_taken_away(sharesync: Sharesync, principal: str) -> None:
    assert sharesync("grants", "set", "Customers", principal, "view").status == 0
    assert sharesync("grants", "set", "Customers", principal, "DELETE").status == 0
    wanted = {"group": "Customers", "principal": principal, "level": "delete"}
    assert sharesync("grants", "list", "--json").lines == [wanted]
    assert sharesync("grants", "list", "customers", "--json").lines == [wanted]
    assert sharesync("grants", "remove", "Customers", principal).status == 0
    assert sharesync("grants", "list", "--json").lines == []


def test_taking_away_what_was_never_given_changes_nothing_and_says_so(sharesync: Sharesync) -> None:
    told = sharesync("grants", "remove", "Customers", BO)
    assert told.status == 0
    assert "nothing changed" in told.out


def test_an_alias_means_the_user(sharesync: Sharesync) -> None:
    sharesync("grants", "set", "Customers", "bob@north.test", "edit")
    assert [line["principal"] for line in sharesync("grants", "list", "--json").lines] == [BO]


def test_explain_names_every_path_the_winning_one_first(sharesync: Sharesync) -> None:
    sharesync("grants", "set", "Customers", "group:team@north.test", "edit")
    sharesync("grants", "set", "Customers", "ou:/Sales", "view")
    line = sharesync("grants", "explain", "Customers", "dag@north.test", "--json").line
    assert (line["group"], line["email"], line["level"]) == ("Customers", "dag@north.test", "edit")
    assert [(path["principal"], path["level"]) for path in line["paths"]] == [
        ("group:team@north.test", "edit"),
        ("ou:/Sales", "view"),
    ]
    assert all(path["via"] for path in line["paths"])


def test_explain_of_somebody_without_access_has_no_level_and_no_path(sharesync: Sharesync) -> None:
    line = sharesync("grants", "explain", "Customers", BO, "--json").line
    assert line == {"group": "Customers", "email": BO, "level": None, "paths": []}
    assert "no grant reaches them" in sharesync("grants", "explain", "Customers", BO).out


@pytest.mark.parametrize(
    "words",
    [
        ("set", "Customers", "bo", "view"),
        ("set", "Customers", BO, "own"),
        ("set", "Customers", BO),
        ("remove", "Customers"),
    ],
)
def test_what_is_no_principal_or_no_level_is_wrong_usage(sharesync: Sharesync, words: tuple[str, ...]) -> None:
    assert sharesync("grants", *words).status == 2
    assert sharesync("grants", "list", "--json").lines == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("set", "Nobody's", BO, "view"), "Nobody's"),
        (("set", "Customers", "who@north.test", "view"), "who@north.test"),
        (("set", "Customers", "group:who@north.test", "view"), "who@north.test"),
        (("set", "Customers", "ou:/Nowhere", "view"), "/Nowhere"),
        (("explain", "Customers", "who@north.test"), "who@north.test"),
        (("list", "Nobody's"), "Nobody's"),
    ],
)
def test_who_or_what_is_unknown_is_refused_by_name(sharesync: Sharesync, words: tuple[str, ...], named: str) -> None:
    told = sharesync("grants", *words)
    assert told.status == 1
    assert named in told.err
