"""In which order names stand, by the reader's language."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.alphabet import LONGEST, Alphabet


@pytest.mark.parametrize(
    ("language", "ordered"),
    [
        ("en", "Aase Åse Eva Éva Muller Müller Ole Östen Østen Zoe"),
        ("da", "Abel Eva Muller Müller Myrdal Ole Zoe Ægir Ästa Ødis Østen Östers Åse"),
        ("nb", "Abel Zoe Ægir Østen Aabel Åse"),
        ("sv", "Aase Abel Muller Müller Myrdal Zoe Åse Ägir Ærlig Östen Øyvind"),
    ],
)
def test_names_stand_as_the_alphabet_of_the_language_has_them(language: str, ordered: str) -> None:
    names = ordered.split()
    alphabet = Alphabet.of(language)
    keys = [alphabet.key(name) for name in names]
    assert [name for _, name in sorted(zip(keys, names, strict=True))] == names
    assert len(set(keys)) == len(names)


def test_two_spellings_of_one_name_stand_together_in_danish() -> None:
    assert Alphabet.DANISH.key("Aase") == Alphabet.DANISH.key("Åse") != Alphabet.ENGLISH.key("Aase")


def test_a_language_without_an_alphabet_here_sorts_by_the_english_one() -> None:
    assert Alphabet.of("fi") is Alphabet.ENGLISH


@pytest.mark.parametrize("alphabet", Alphabet)
def test_digits_come_before_letters_and_what_has_no_name_first(alphabet: Alphabet) -> None:
    ordered = ["", "1 Holm", "Anna Holm", "Annabel", "Anne-Marie", "Annemette", "{Zoe", "Øverst", "Ω", "山田"]
    assert min(sorted(names, key=alphabet.key) for names in permutations(ordered[:4])) == ordered[:4]
    found = sorted(ordered, key=alphabet.key)
    assert [one for one in found if one != "Øverst"] == [one for one in ordered if one != "Øverst"]


@given(st.text(max_size=2_000), st.sampled_from(Alphabet))
def test_a_key_has_a_bounded_length_and_case_counts_for_nothing(name: str, alphabet: Alphabet) -> None:
    assert len(alphabet.key(name)) <= 2 * LONGEST + 1
    assert alphabet.key(name.casefold()) == alphabet.key(name)
