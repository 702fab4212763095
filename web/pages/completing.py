"""Completion of filters: what may follow where the cursor stands, of what the reader may see alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from sharesync.model.company_fields import TAGS, CompanyField
from sharesync.model.facets import FACETS, HAS, having
from sharesync.model.field_kinds import FieldKind
from sharesync.model.filter_completion import PartialTerm, being_typed
from sharesync.model.filter_names import (
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
)
from sharesync.model.filters import FOLLOW_UP, SPENT, Alternative, Clause, Filter, Said, Where, plain
from sharesync.model.permission import Right
from sharesync.model.searching import bounded, haystack_of, terms_of
from sharesync.model.searching import found as matches
from sharesync.model.spelling import bare
from sharesync.store.database.engine import Session
from sharesync.store.queries import contact_pages, groups
from sharesync.store.queries.contact_pages import ContactFilter
from web.frame.live import company_fields, the_world
from web.frame.person import may, visible
from web.pages.options import Suggestion
from web.words.filter_names import FILTER_NAMES
from web.words.languages import alphabet

OFFERED = 8
LOOKED = 200
"""Contacts that are looked at for the values they say; the most frequent of those are offered."""
VALUED = ("tag", "city", "country", "company", "domain", "region", "department", "title")
"""Names whose values repeat, so that offering them helps."""
WHEN = ("-7d", "-30d", "-90d", "-1y", "today")
AHEAD = ("today", "+7d", "+30d")
COMPARED = (*DAYS, SPENT, FOLLOW_UP)
"""Names that `<` and `>` may follow, too."""


def completions(text: str, at: int) -> list[Suggestion]:
    """What may stand where the cursor is."""
    fields = {name: one for name, one in company_fields().by_filter_name.items() if name not in RESERVED}
    part = being_typed(bounded(text), min(at, len(text)), fields)
    with the_world().database.reading() as session:
        if part.name:
            return list(islice(_values(session, part, fields), OFFERED))
        return list(islice(_beginnings(session, part, fields), OFFERED)) if part.value else []


def _beginnings(session: Session, part: PartialTerm, fields: dict[str, CompanyField]) -> Iterator[Suggestion]:
    """Terms that the letters begin, then fields, tags and groups that are called so."""
    typed = bare(part.value)
    for name in NAMES:
        said = FILTER_NAMES.get(name, name)
        if name.startswith(typed) or bare(said).startswith(typed):
            yield _suggestion(part, name, title=f"{name}:", hint=said, sign="" if name in COMPARED else ":")
    for name, field in fields.items():
        if name.startswith(typed) or bare(field.name).startswith(typed):
            yield _suggestion(part, name, title=f"{name}:", hint=field.name, sign="" if field.kind.is_amount else ":")
    if len(typed) > 1:
        for name, told in (("tag", _said_in(session, "tag", part.value)), ("group", _groups(session, part.value))):
            for value in told:
                yield _suggestion(part, name, value, hint=FILTER_NAMES[name])


def _values(session: Session, part: PartialTerm, fields: dict[str, CompanyField]) -> Iterator[Suggestion]:
    """Values of the term that was begun."""
    field = fields.get(part.name)
    if part.name in DAYS or (field and field.kind is FieldKind.DATE):
        told: Iterator[str] | tuple[str, ...] = (*WHEN, NEVER) if part.name in EVER and part.sign == ":" else WHEN
    elif part.name == FOLLOW_UP:
        told = (OPEN, DUE) if part.sign == ":" else AHEAD
    elif part.name in ("has", "missing", "invalid", "unfit", DUPLICATE):
        has = (*HAS, *HAS_BESIDES, *fields)
        others = {"invalid": INVALID, "unfit": tuple(fields), "missing": (*has, REQUIRED), DUPLICATE: (LIKELY,)}
        told = others.get(part.name, has)
    elif part.name == "group":
        told = _groups(session, part.value)
    elif field:
        told = ("yes", "no") if field.kind is FieldKind.YES_NO else field.choices
    elif part.name == "tag":
        choices = next((one.choices for one in company_fields() if one.id == TAGS), ())
        told = iter(dict.fromkeys((*choices, *_said_in(session, "tag", part.value))))
    else:
        told = _said_in(session, part.name, part.value)
    typed = bare(part.value)
    yield from (_suggestion(part, part.name, one, sign=part.sign) for one in told if bare(one).startswith(typed))


def _suggestion(
    part: PartialTerm, name: str, value: str = "", *, title: str = "", hint: str = "", sign: str = ":"
) -> Suggestion:
    text, at = part.become(name, sign, value)
    return Suggestion(
        text, title or value, hint, icon={"tag": "tag", "group": "users"}.get(name, ""), at=at, more=not value
    )


def _groups(session: Session, letters: str) -> Iterator[str]:
    terms = terms_of(letters)
    known = (one.name for one in groups.named(session, alphabet()) if may(Right.VIEW, one.id))
    return (name for name in known if matches(terms, haystack_of(name)))


def _said_in(session: Session, name: str, letters: str) -> Iterator[str]:
    """Values that contacts say there, beginning with the letters, the most frequent first."""
    if name not in VALUED:
        return iter(())
    has = Filter((Clause(f"has:{name}", (Alternative((Said(Where.FACETS, having(_has(name))),)),)),))
    wanted = ContactFilter(has & plain(letters), among=visible())
    shelf = contact_pages.shelf(session, wanted, alphabet=alphabet(), size=LOOKED)
    told = Counter(value for one in shelf.contacts for value in FACETS[name].values(one.card) if value)
    return (value for value, _ in told.most_common() if bare(value).startswith(bare(letters)))


def _has(name: str) -> str:
    """What a contact has that says a domain: an address."""
    return name if name in HAS else "email"
