"""A review is split as evenly as it can be among those who may be asked; its quarters follow the calendar."""

from collections import Counter
from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.review import Review, ReviewDraft, months_later, split

PEOPLE = "abc"
CANDIDATES = st.lists(st.sets(st.sampled_from(PEOPLE)), max_size=6)


@given(CANDIDATES, st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 3)))
def test_each_contact_is_asked_once_of_one_who_may_be_and_no_other_way_is_more_even(
    candidates: list[set[str]], load: dict[str, int]
) -> None:
    contacts = {f"c{number}": some for number, some in enumerate(candidates)}
    able = [name for name, some in contacts.items() if some]
    asked = split(contacts, load)
    assert sorted(asked) == sorted(able)
    assert all(who in contacts[contact] for contact, who in asked.items())

    def unevenness(whom: Counter[str]) -> int:
        return sum((whom[one] + load.get(one, 0)) ** 2 for one in PEOPLE)

    ways = product(*(sorted(contacts[name]) for name in able))
    assert unevenness(Counter(asked.values())) == min(unevenness(Counter(way)) for way in ways)


@given(st.integers(0, 500), st.integers(1, 9))
def test_where_everybody_sees_everything_nobody_has_two_more_than_another(contacts: int, people: int) -> None:
    everybody = {f"p{number}" for number in range(people)}
    asked = Counter(split({f"c{number}": everybody for number in range(contacts)}).values())
    assert max(asked[one] for one in everybody) - min(asked[one] for one in everybody) <= 1
    assert sum(asked.values()) == contacts


def test_a_quarter_later_is_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_later(date(2026, 1, 15), 3) == date(2026, 4, 15)


def test_the_next_one_is_due_quarters_later_and_never_in_the_past() -> None:
    review = Review("r", ReviewDraft("Q", date(2026, 3, 31)), None, date(2026, 3, 1), ticked=False, ended=False)
    assert review.next_on == date(2026, 6, 1)
    assert review.next_draft(date(2026, 6, 1)).due == date(2026, 6, 30)
    assert review.next_draft(date(2027, 1, 10)).due == date(2027, 3, 31)
