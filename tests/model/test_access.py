"""Levels and principals, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput
from sharesync.model.access import Level, PrincipalKind, PrincipalName


def test_levels_stand_in_their_order() -> None:
    assert Level.VIEW < Level.EDIT < Level.DELETE < Level.MANAGE
    assert len(Level) == 4


@pytest.mark.parametrize("level", Level)
def test_a_level_is_read_from_its_word_in_any_case(level: Level) -> None:
    assert Level.parse(level.word) is Level.parse(f" {level.word.title()} ") is level


@pytest.mark.parametrize("word", ["", "owner", "1", "view edit"])
def test_another_word_is_refused_with_the_four_that_there_are(word: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Level.parse(word)
    assert str(refused.value) == f"“{word}” is no level; use view, edit, delete or manage."


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("someone@x.test", PrincipalKind.USER, "someone@x.test"),
        (" Someone@X.Test ", PrincipalKind.USER, "someone@x.test"),
        ("user:someone@x.test", PrincipalKind.USER, "someone@x.test"),
        ("group:Sales@x.test", PrincipalKind.GROUP, "sales@x.test"),
        ("group: sales@x.test", PrincipalKind.GROUP, "sales@x.test"),
        ("ou:/Sales", PrincipalKind.UNIT, "/Sales"),
        ("ou:/Sales/North/", PrincipalKind.UNIT, "/Sales/North"),
        ("ou:/R&D: labs", PrincipalKind.UNIT, "/R&D: labs"),
        ("ou:/", PrincipalKind.UNIT, "/"),
        ("service:CRM-nightly", PrincipalKind.SERVICE, "crm-nightly"),
        ("domain", PrincipalKind.DOMAIN, ""),
        ("DOMAIN", PrincipalKind.DOMAIN, ""),
    ],
)
def test_a_principal_is_read_as_people_write_it(text: str, kind: PrincipalKind, name: str) -> None:
    assert PrincipalName.parse(text) == PrincipalName(kind, name)


@pytest.mark.parametrize(
    "text", ["", "someone", "group:sales", "ou:Sales", "ou:", "team:a@x.test", "group:", "user:bo"]
)
def test_what_is_nobody_is_refused_with_the_five_forms(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        PrincipalName.parse(text)
    shown = text.removeprefix("user:")
    assert str(refused.value) == (
        f"“{shown}” is nobody; write someone@x.test, group:sales@x.test, ou:/Sales, domain or service:NAME."
    )


@pytest.mark.parametrize("text", ["someone@x.test", "group:sales@x.test", "ou:/", "ou:/Xanten/XX", "domain"])
def test_a_principal_is_written_as_it_is_read(text: str) -> None:
    assert str(PrincipalName.parse(text)) == text


_EMAILS = st.from_regex(r"[a-z0-9.]{1,8}@[a-z]{1,8}\.test", fullmatch=True)
_PATHS = st.lists(st.text("Aaæ &:-", min_size=1, max_size=5).map(str.strip).filter(bool), max_size=3).map("/".join)


@given(
    st.one_of(
        st.builds(PrincipalName, st.sampled_from([PrincipalKind.USER, PrincipalKind.GROUP]), _EMAILS),
        st.builds(PrincipalName, st.just(PrincipalKind.UNIT), _PATHS.map(lambda path: f"/{path}")),
        st.just(PrincipalName(PrincipalKind.DOMAIN, "")),
    )
)
def test_what_a_principal_is_called_reads_as_the_same_principal(name: PrincipalName) -> None:
    assert PrincipalName.parse(str(name)) == name
