"""Cards to try the formats on: every field and part, with text of all scripts and signs.

Left out is what no format can tell apart, and what Google would not let stand: a custom type that is one of Google's
words in other letters, a nickname's type beyond the API's enum, the year 1604 (Apple's "no year"), a birthday's text
that is a date.
"""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from sharesync.formats.dates import is_no_date, iso_date, without_time
from sharesync.formats.vocabulary import known_type
from sharesync.model.card import Card
from sharesync.model.fields import FIELDS, TYPES, Shape
from sharesync.model.spelling import clean

_NASTY = st.sampled_from(
    [
        "\n",
        "\\",
        "\\n",
        ";",
        ",",
        ":",
        '"',
        "'",
        "=",
        "+",
        "-",
        "@",
        "\t",
        " ",
        "::",
        "* ",
        "%",
        "^n",
        "=3D",
        "æ",
        "ß",
        "🙂",
    ]
)
_TEXT = st.lists(st.one_of(_NASTY, st.text(max_size=8)), min_size=1, max_size=5).map("".join).map(clean).filter(bool)
_HOSTILE = st.sampled_from(
    [
        "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "'=1", "''=1", "'", "+45 33 12 34 56",
        "+1 555 0100 x12", "--12-01", "BEGIN:VCARD", "END:VCARD", "a\u2028b", "http://a.example/?a=1,2;b=\\3",
        "line one\nEND:VCARD\nline three", "＝1", "x" * 200, "ø" * 200, "＋81 3",
    ]
)  # fmt: skip


TEXTS = st.one_of(_TEXT, _HOSTILE)
"""Text that a card may hold."""


def _types(field: str) -> st.SearchStrategy[str]:
    if field not in TYPES:
        return st.nothing()
    custom = TEXTS.filter(lambda text: not known_type(field, text) and not text.startswith("_$!<"))
    return st.one_of(st.sampled_from(TYPES[field]), custom) if field != "nicknames" else st.sampled_from(TYPES[field])


def dates(*, partial: bool = True) -> st.SearchStrategy[dict[str, int]]:
    """Dates, whole or without year, month or day."""
    whole = st.dates().filter(lambda day: day.year != 1604)
    forms = [
        whole.map(lambda day: {"year": day.year, "month": day.month, "day": day.day}),
        whole.map(lambda day: {"month": day.month, "day": day.day}),
    ]
    if partial:
        forms += [
            whole.map(lambda day: {"year": day.year}),
            whole.map(lambda day: {"year": day.year, "month": day.month}),
            whole.map(lambda day: {"month": day.month}),
        ]
    return st.one_of(forms)


def _parts(field: str, values: st.SearchStrategy[str]) -> dict[str, st.SearchStrategy[Any]]:
    known: dict[str, st.SearchStrategy[Any]] = {
        "type": _types(field),
        "protocol": st.one_of(
            st.sampled_from(TYPES["protocols"]), values.filter(lambda text: not known_type("protocols", text))
        ),
        **dict.fromkeys(("date", "startDate", "endDate"), dates()),
        "contentType": st.just("TEXT_HTML"),
        "current": st.just(True),
        "fullTimeEquivalentMillipercent": st.integers(1, 100_000),
        "countryCode": st.from_regex(r"[A-Z]{2}", fullmatch=True),
    }
    return {part: known.get(part, values) for part in FIELDS[field].parts}


_NOT_IN_CSV = {
    "names": {"phoneticFullName", "phoneticHonorificPrefix", "phoneticHonorificSuffix"},
    "nicknames": {"type"},
    "emailAddresses": {"displayName"},
    "addresses": {"countryCode"},
    "organizations": {"domain", "costCenter", "current", "fullTimeEquivalentMillipercent", "startDate", "endDate"},
    "biographies": {"contentType"},
    "birthdays": {"text"},
}
"""What Google CSV has no column for, and what its columns may not tell from something else."""


@st.composite
def cards(draw: st.DrawFn, values: st.SearchStrategy[str], *, rich: bool = True) -> Card:
    """Cards whose text is drawn from `values`; not `rich`: only what Google CSV, as we write it, can hold."""
    fields: dict[str, list[dict[str, Any]]] = {}
    for field in draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=4, unique=True)):
        rule = FIELDS[field]
        strategies = _PARTS[values, field]
        usable = [part for part in rule.parts if rich or part not in _NOT_IN_CSV.get(field, ())]
        for _ in range(draw(st.integers(1, 1 if rule.shape is Shape.SINGLE else 3))):
            chosen = set(draw(st.lists(st.sampled_from(usable), max_size=4))) | {
                draw(st.sampled_from([part for part in rule.needs if part in usable]))
            }
            if field == "userDefined":
                chosen = {"key", "value"}
            item = {part: draw(strategies[part]) for part in sorted(chosen)}
            fields.setdefault(field, []).append(item)
    card = Card.parse(fields)
    assume(card and not _is_ambiguous(card))
    return card


def _is_ambiguous(card: Card) -> bool:
    return any(
        iso_date(without_time(item.text("text"))[0]) or is_no_date(item.text("text"))
        for item in card["birthdays"]
        if item.text("text")
    )


class _PartsOf(dict[tuple[st.SearchStrategy[str], str], dict[str, st.SearchStrategy[Any]]]):
    """Built once each: a strategy is costly to make."""

    def __missing__(self, key: tuple[st.SearchStrategy[str], str]) -> dict[str, st.SearchStrategy[Any]]:
        values, field = key
        self[key] = _parts(field, values)
        return self[key]


_PARTS = _PartsOf()
