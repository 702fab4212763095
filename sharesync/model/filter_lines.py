"""Lines: how a filter is typed, in the search box, on the command line and in an export.

    ada "new york" country:dk -domain:holm.test missing:phone changed>-90d tag:vip OR tag:press group:Customers

Parts that stand beside each other must all hold; `OR` joins the two it stands between, before that. A colon makes a
term of a name that is known; one that resembles a name is refused with the right one; any other colon is text, so
that an address or a time may be typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import groupby
from math import inf, nextafter
from typing import TypeVar

from sharesync.errors import InvalidFilter, SearchTooLong
from sharesync.model.company_fields import TAGS, CompanyField, CompanyFields
from sharesync.model.entry import Money
from sharesync.model.facets import HAS, asking, asking_field, having, invalid, unfit
from sharesync.model.field_kinds import FieldKind
from sharesync.model.filter_days import span
from sharesync.model.filter_names import (
    ALIASES,
    DAYS,
    DUE,
    DUPLICATE,
    EVER,
    HAS_BESIDES,
    INVALID,
    LIKELY,
    NAMES,
    NEVER,
    OPEN,
    REQUIRED,
    RESERVED,
    meant_by,
)
from sharesync.model.filters import (
    FOLLOW_UP,
    SPENT,
    Alike,
    Alternative,
    Clause,
    Condition,
    During,
    Filter,
    Lacking,
    Measured,
    Said,
    Where,
    words,
)
from sharesync.model.searching import MOST_LETTERS, MOST_WORDS, bounded, phrase_of, terms_of
from sharesync.model.spelling import bare

_TOKEN = re.compile(r'(?=\S)(?P<no>-)?(?:(?P<name>[^\W\d_][\w.-]*)(?P<sign>[:<>]))?(?P<value>"[^"]*"(?=\s|$)|\S*)')
_CURLY = str.maketrans("“”„", '"""')
_PRICE = re.compile(r"^(.*?)\s*([A-Za-z]{3})?$", re.DOTALL)
Bound = TypeVar("Bound")


def parse(text: str, now: datetime, zone: tzinfo | None, fields: CompanyFields) -> Filter:
    """The filter that a line asks for now; its days are those of a zone, None is this machine's.

    `fields` may be asked for by name, too.

    Raises InvalidFilter, SearchTooLong.
    """
    known = {name: field for name, field in fields.by_filter_name.items() if name not in RESERVED}
    tokens = list(_tokens(bounded(text).translate(_CURLY), known))
    if len(tokens) > MOST_WORDS:
        raise SearchTooLong(MOST_LETTERS, MOST_WORDS)
    return Filter(tuple(_clauses(tokens, _Reader(now.astimezone(zone).date(), zone, known, fields))))


@dataclass(frozen=True, slots=True)
class _Token:
    at: int
    text: str
    negated: bool
    name: str
    """None of ours where it is a word."""
    sign: str
    value: str
    quoted: bool

    @property
    def is_or(self) -> bool:
        return self.text == "OR"

    @property
    def is_word(self) -> bool:
        return not (self.name or self.negated or self.quoted or self.is_or)


def _tokens(text: str, fields: Collection[str]) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        negation, rest = found["no"] or "", found.group()[len(found["no"] or "") :]
        name = _name(found["name"] or "", found["sign"] or "", found.start(), fields)
        value = found["value"] if name else rest
        quoted = len(value) > 1 and value[0] == value[-1] == '"'
        if value.startswith('"') and not quoted:
            at = found.start("value")
            raise InvalidFilter(
                "The quote at letter %(place)s has no end; write another one, or none.", at, place=at + 1
            )
        if not rest:  # a hyphen alone
            negation, value = "", found.group()
        sign = found["sign"] if name else ""
        yield _Token(
            found.start(), found.group(), bool(negation), name, sign, value.strip('"') if quoted else value, quoted
        )


def _name(typed: str, sign: str, at: int, fields: Collection[str]) -> str:
    """The name that was typed, or none where it is text. Raises InvalidFilter where it resembles one."""
    if not sign:
        return ""
    name = ALIASES.get(typed.casefold(), typed.casefold())
    if name in NAMES:
        return name
    if (field := bare(name)) in fields:
        return field
    if meant := meant_by(name, fields):
        raise InvalidFilter(
            "A filter knows no “%(name)s”; did you mean “%(meant)s”?", at, name=typed + sign, meant=meant + sign
        )
    return ""


def _clauses(tokens: Sequence[_Token], reader: _Reader) -> Iterator[Clause]:
    """Words beside each other stay together, since several of them may be one number."""
    for is_plain, some in groupby(_alternatives(tokens), key=lambda one: len(one) == 1 and one[0].is_word):
        if is_plain:
            typed = " ".join(token.text for (token,) in some)
            yield words(typed, terms_of(typed))
            continue
        for alternatives in some:
            parts_ = tuple(_part(token, reader) for token in alternatives)
            yield Clause(" OR ".join(token.text for token in alternatives), parts_)


def _alternatives(tokens: Sequence[_Token]) -> Iterator[tuple[_Token, ...]]:
    """Tokens with those that an OR joins them to. Raises InvalidFilter for an OR that joins nothing."""
    joined: list[_Token] = []
    open_ = False
    for token in tokens:
        if token.is_or:
            if open_ or not joined:
                raise _dangling(token)
            open_ = True
            continue
        if joined and not open_:
            yield tuple(joined)
            joined = []
        joined.append(token)
        open_ = False
    if open_:
        raise _dangling(tokens[-1])
    if joined:
        yield tuple(joined)


def _dangling(token: _Token) -> InvalidFilter:
    return InvalidFilter("“OR” stands between two parts; write it in small letters where it is a word.", token.at)


def _part(token: _Token, reader: _Reader) -> Alternative:
    if not token.name:
        terms = (phrase_of(token.value),) if token.quoted else terms_of(token.value)
        return Alternative(tuple(Said(Where.WORDS, term) for term in terms), token.negated)
    if not token.value.strip():
        raise _wrong(token, "Something must follow “%(name)s”; leave out the space, or put it in quotes.")
    if token.name in EVER and token.sign == ":" and bare(token.value) == NEVER:
        return Alternative((During(token.name),), not token.negated)
    if (compared := reader.compared(token)) is not None:
        return Alternative((compared,), token.negated)
    if token.sign != ":":
        raise _unequal(token)
    if token.name == "group":
        return Alternative(tuple(Said(Where.GROUP, term) for term in terms_of(token.value)), token.negated)
    if token.name in ("has", "missing"):
        if token.name == "missing" and bare(token.value) == REQUIRED:
            return Alternative((reader.lacking(),), token.negated)
        name = _one_of(token, (*HAS, *HAS_BESIDES, *reader.fields))
        has = Measured(name) if name in HAS_BESIDES else Said(Where.FACETS, having(reader.fields.get(name, name)))
        return Alternative((has,), token.negated != (token.name == "missing"))
    if token.name == "invalid":
        return Alternative((Said(Where.FACETS, invalid(_one_of(token, INVALID))),), token.negated)
    if token.name == DUPLICATE and _one_of(token, (LIKELY,)):
        return Alternative((Alike(),), token.negated)
    if token.name == "unfit":
        return Alternative(
            (Said(Where.FACETS, unfit(reader.fields[_one_of(token, tuple(reader.fields))])),), token.negated
        )
    return Alternative((Said(Where.FACETS, asking(token.name, token.value)),), token.negated)


def _one_of(token: _Token, known: Sequence[str]) -> str:
    name = typed if (typed := bare(token.value)) in known else ALIASES.get(typed, typed)
    if name not in known:
        raise _wrong(token, "“%(name)s” is followed by one of these: %(known)s.", known=", ".join(known))
    return name


def _unequal(token: _Token) -> InvalidFilter:
    return _wrong(token, "“%(name)s” compares nothing; write a colon. Only days and numbers have < and >.")


def _wrong(token: _Token, template: str, **values: object) -> InvalidFilter:
    return InvalidFilter(template, token.at, name=token.name + token.sign, **values)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What days mean to the asker, and which fields there are."""

    today: date
    zone: tzinfo | None
    fields: Mapping[str, CompanyField]
    """Those that can be asked for, by name."""
    all: CompanyFields

    def compared(self, token: _Token) -> Condition | None:
        """What is asked of a name that `<` and `>` may follow, or of a field; None of others. Raises InvalidFilter."""
        if token.name in DAYS:
            return self.during(token)
        if token.name == SPENT:
            return self.spent(token)
        if token.name == FOLLOW_UP:
            return self.to_do(token)
        return self.said(token, self.fields[token.name]) if token.name in self.fields else None

    def said(self, token: _Token, field: CompanyField) -> Condition:
        """What is asked of a field. Raises InvalidFilter."""
        match field.kind:
            case FieldKind.DATE:
                begin, end = (float(day.toordinal()) for day in self._days(token))
            case FieldKind.NUMBER:
                amount = field.amount(token.value)
                if amount is None:
                    raise _wrong(token, "“%(value)s” is no number; write one as 1200 or 0.5.", value=token.value)
                begin, end = amount, nextafter(amount, inf)
            case _ if token.sign != ":":
                raise _unequal(token)
            case _:
                return Said(Where.FACETS, asking_field(field, token.value))
        return Measured(field.id, *_bounds(token, begin, end))

    def spent(self, token: _Token) -> Measured:
        """What purchases come to, in any one currency or in the one that is named. Raises InvalidFilter."""
        number, currency = _PRICE.findall(token.value)[0]
        written = FieldKind.NUMBER.canonical((), number)
        amount = FieldKind.NUMBER.amount(written) if written else None
        if amount is None:
            raise _wrong(token, "“%(value)s” is no amount; write one as 1200 or 1200EUR.", value=token.value)
        parts = round(amount * Money.PARTS)
        name = f"{SPENT}.{currency.upper()}" if currency else SPENT
        return Measured(name, *_bounds(token, float(parts), float(parts + 1)))

    def to_do(self, token: _Token) -> Measured:
        """Which follow-up is open: any, one that is due, or one by a day. Raises InvalidFilter."""
        typed = bare(token.value) if token.sign == ":" else ""
        if typed in (OPEN, DUE):
            return Measured(FOLLOW_UP, None, float(self.today.toordinal() + 1) if typed == DUE else None)
        begin, end = (float(day.toordinal()) for day in self._days(token))
        return Measured(FOLLOW_UP, *_bounds(token, begin, end))

    def lacking(self) -> Lacking:
        """Whatever a group requires."""
        return Lacking(
            tuple((having("tag" if one.id == TAGS else one), one.required) for one in self.all if one.required)
        )

    def during(self, token: _Token) -> During:
        """The span that is asked for. Raises InvalidFilter for what is no day."""
        begin, end = (datetime.combine(day, time(), self.zone).astimezone(UTC) for day in self._days(token))
        return During(token.name, *_bounds(token, begin, end))

    def _days(self, token: _Token) -> tuple[date, date]:
        found = span(bare(token.value), self.today)
        if found is None:
            raise _wrong(
                token,
                "“%(value)s” is no day; write one as 2026-11-30, 2026-11, 2026, today, or -90d (also w, m, y).",
                value=token.value,
            )
        return found


def _bounds(token: _Token, begin: Bound, end: Bound) -> tuple[Bound | None, Bound | None]:
    """What `<`, `:` or `>` asks for of a value that lies from `begin` on until before `end`."""
    if token.sign == "<":
        return None, begin
    return (end, None) if token.sign == ">" else (begin, end)
