"""What a text finds, in memory: the definition that both databases answer by (tests/store/test_finding.py)."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import SearchTooLong
from sharesync.model.searching import MOST_LETTERS, MOST_WORDS, bounded, found, haystack, terms_of

DIALLED = ["33123456", "4533123456", "+45 33 12 34 56", "0045 33123456", "+45-33-12-34-56", "(+45) 3312 3456"]
DIALLED += ["33 12 34 56", "33.12.34.56", "+4533123456", "0045.33.12.34.56", "+45 (0) 33 12 34 56"]


def finds(search: str, *values: str) -> bool:
    return found(terms_of(search), haystack(values))


@pytest.mark.parametrize("stored", DIALLED)
@pytest.mark.parametrize("typed", DIALLED)
def test_a_number_is_found_however_it_is_written(stored: str, typed: str) -> None:
    assert finds(typed, "Ida", stored)
    assert finds(f"ida {typed}", "Ida", f"Call {stored} before noon")


@pytest.mark.parametrize("stored", ["33 12 34 56", "+45 33123456"])
def test_from_the_fourth_digit_on_any_part_of_a_number_finds_it(stored: str) -> None:
    digits = "33123456"
    parts = {digits[begin:end] for begin in range(9) for end in range(begin + 4, 9)}
    assert len(parts) == 15
    assert [part for part in parts if not finds(part, stored)] == []
    assert all(finds(f"+45 {digits[:end]}", stored) for end in range(4, 9))
    assert not finds("331234567", stored)
    assert not finds("123 45 6789", stored)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("020 7946 0958", "+44 20 7946 0958"),
        ("+44 20 7946 0958", "020 7946 0958"),
        ("+44 (0)20 7946 0958", "020 7946 0958"),
        ("0207", "+44 (0)20 7946 0958"),
        ("0046 70 123 45 67", "070-123 45 67"),
        ("201-555-0123", "+1 (201) 555-0123"),
        ("+1 201 555 0123", "(201) 555-0123"),
        ("vestergade 12 8000", "Vestergade 12, 8000 Aarhus"),
        ("12 8000", "Vestergade 12, 8000 Aarhus"),
        ("2024-01-05", "2024-01-05"),
    ],
)
def test_zeros_dialled_at_home_and_numbers_that_are_none(typed: str, stored: str) -> None:
    assert finds(typed, stored)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("+45 33123456", "+46 33123456"), ("+45 33123456", "+33 12 34 56 78 9"), ("33 12 34 57", "33 12 34 56")],
)
def test_the_number_of_another_country_is_another(typed: str, stored: str) -> None:
    assert not finds(typed, stored)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Østergård", "østergård ostergard oestergaard Ostergaard østergaard OESTERGARD stergå gaard"),
        ("Østergaard", "østergård ostergard oestergaard ostergaard"),
        ("Oestergaard", "østergård ostergard"),
        ("Ostergard", "østergård oestergaard"),
        ("Sørensen", "sorensen soerensen Sörensen"),
        ("Jürgen Müller", "jurgen juergen muller mueller müller"),
        ("Juergen Mueller", "jürgen jurgen müller muller"),
        ("Ågård", "aagaard agard aagard agaard ågård"),
        ("Kjær", "kjaer kjær"),
        ("Strauß", "strauss STRAUSS strauß"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Þórsson", "thorsson"),
        ("Nguyễn", "nguyen"),
        ("Björk", "bjork bjoerk bjørk"),
        ("O'Brien", "o’brien obrien O'Brien o`brien"),
        ("O’Brien", "o'brien obrien"),
        ("Anne-Marie", "anne-marie anne‑marie anne–marie annemarie anne marie"),  # so people type
        ("Anne Marie", "anne-marie anne-m"),
        ("“Bob” Holm", '"bob" holm bob'),
        ("anna-b@x-y.test", "anna-b@x-y.test x-y.test <anna-b@x-y.test>,"),
        ("Holm, Anna (North)", "anna, holm; north."),
        ("Joe", "joe"),
        ("Michaelsen", "elsen michael"),
        ("Χρήστος", "χρηστος"),
        ("Алёна", "алена"),
    ],
)
def test_a_name_is_found_as_people_write_it(stored: str, typed: str) -> None:
    assert [word for word in typed.split() if not finds(word, stored)] == []
    assert finds(typed, stored)


@pytest.mark.parametrize(("typed", "stored"), [("joe", "John"), ("ida bo", "Ida"), ("sue", "Consult"), ("!", "Ida")])
def test_what_only_looks_alike_is_not_found(typed: str, stored: str) -> None:
    assert not finds(typed, stored)


TEXTS = st.text(st.sampled_from("aeouåäöøüæAÅØß'’-– .,+0123456789()xé\u0301\n"), max_size=24)


@given(TEXTS, st.data())
def test_every_word_of_a_value_finds_it_and_so_does_each_part_of_one(value: str, data: st.DataObject) -> None:
    words = [word for word in unicodedata.normalize("NFC", value).split() if any(map(str.isalnum, word))]
    typed = data.draw(st.permutations(words))
    part = [word[data.draw(st.integers(0, len(word) - 1)) :] for word in typed]
    if len(re.findall(r"\d", value)) < 4:  # four digits are a number, which in another order is another
        assert finds(" ".join(typed), value)
    assert finds(" ".join(words), value)
    for word in (one for one in part if any(map(str.isalnum, one))):
        assert finds(unicodedata.normalize("NFC", word.strip("\u0301")), value)


@given(st.lists(st.sampled_from("aeouåäöøüæxm"), min_size=5, max_size=12).map("".join))
def test_each_way_to_write_a_word_finds_each_other(word: str) -> None:
    ways = [word, *("".join(to.get(one, one) for one in word) for to in (SHORT, LONG))]
    kept = [way for way in ways if len(re.sub("a[ae]+|oe+|ue+", "a", way)) >= 5]
    assert all(finds(one, other) for one in kept for other in kept)


SHORT = {"å": "a", "ä": "a", "ö": "o", "ø": "o", "ü": "u", "æ": "ae"}
LONG = {"å": "aa", "ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "æ": "ae"}


@given(st.from_regex("[2-9][0-9]{7}", fullmatch=True), st.data())
def test_any_spacing_of_a_number_finds_any_other(digits: str, data: st.DataObject) -> None:
    def written() -> str:
        between = st.sampled_from(["", "", "", " ", "-", ".", " - "])
        spaced = "".join(digit + data.draw(between) for digit in digits[:-1]) + digits[-1]
        return data.draw(st.sampled_from(["", "+45", "+45 ", "0045 ", "(+45) "])) + spaced

    assert finds(written(), "Ida", written())


def test_a_search_as_long_as_may_be_is_asked() -> None:
    assert len(terms_of(" ".join(f"w{number}" for number in range(MOST_WORDS)))) == MOST_WORDS
    assert len(terms_of("  Ada ADA  Zoë ")) == 2
    assert bounded("a" * MOST_LETTERS) == "a" * MOST_LETTERS
    assert terms_of(" \n") == ()


@pytest.mark.parametrize(
    "text", ["a" * 501, " ".join(map(str, range(31))), "-".join(f"w{number}" for number in range(31)), "a b " * 100_000]
)
def test_a_longer_one_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(SearchTooLong, match=r"^A search has at most 500 letters and 30 words; search for less\.$"):
        terms_of(text)
