"""Names of groups and of their labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput
from sharesync.model.group import MAX_DESCRIPTION, MAX_NAME, group_description, group_name, is_label_name, label_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Customers", "Customers"),
        ("  two   words ", "two words"),
        ("line\r\nbreak\tand tab", "line break and tab"),
        ("A\u030arhus", "Århus"),
        ("bell\a", "bell"),
        ("x" * MAX_NAME, "x" * MAX_NAME),
    ],
)
def test_a_groups_name_is_one_line_of_clean_text(text: str, name: str) -> None:
    assert group_name(text) == name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"^A group needs a name\.$"),
        (" \n\0", r"^A group needs a name\.$"),
        ("x" * 257, r"^A group's name has at most 256 characters; this one has 257\.$"),
    ],
)
def test_a_name_that_is_empty_or_endless_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        group_name(text)


def test_what_a_group_is_for_is_clean_text_that_may_be_empty_and_not_endless() -> None:
    assert group_description("  those who\r\nbuy ") == "those who\nbuy"
    assert group_description("") == ""
    assert group_description("x" * MAX_DESCRIPTION) == "x" * MAX_DESCRIPTION
    with pytest.raises(InvalidInput, match=r"^A group's description has at most 1000 characters; this one has 1001\.$"):
        group_description("x" * (MAX_DESCRIPTION + 1))


def test_a_label_takes_the_next_name_where_the_user_has_one_of_that_name() -> None:
    assert [label_name("Customers", attempt) for attempt in range(4)] == [
        "Customers",
        "Customers (shared)",
        "Customers (shared 2)",
        "Customers (shared 3)",
    ]


NAMES = st.text(min_size=1, max_size=10)


@given(NAMES, st.integers(0, 1000))
def test_every_name_that_a_label_takes_is_known_again(name: str, attempt: int) -> None:
    assert is_label_name(label_name(name, attempt), name)


@given(NAMES, st.integers(0, 50), st.integers(0, 50))
def test_no_two_attempts_take_the_same_name(name: str, one: int, other: int) -> None:
    assert (label_name(name, one) == label_name(name, other)) == (one == other)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Customer",
        "customers",
        "Customers ",
        "Customers2",
        "Customers (shared 1)",
        "Customers (shared 0)",
        "Customers (shared 02)",
        "Customers (shared)x",
        "Customers(shared)",
        "Customers (shared) (shared)",
        "My Customers",
    ],
)
def test_another_name_is_not_the_labels(label: str) -> None:
    assert not is_label_name(label, "Customers")


def test_signs_that_mean_something_in_a_pattern_are_signs_in_a_name() -> None:
    assert is_label_name("A.B* (shared)", "A.B*")
    assert not is_label_name("AxB", "A.B")
