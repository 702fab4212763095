"""Words for entries: what happened with a contact, and for what amount."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_currency

from sharesync.errors import InvalidInput
from sharesync.model.entry import EntryKind, Money
from web.words.languages import N_, Spoken, language
from web.words.moments import in_full, whole_day
from web.words.terms import Sign, Tone

KINDS: dict[EntryKind, Sign] = Spoken(
    {
        EntryKind.NOTE: Sign(Tone.QUIET, "notebook-pen", N_("Note")),
        EntryKind.CALL: Sign(Tone.QUIET, "phone", N_("Call")),
        EntryKind.MEETING: Sign(Tone.QUIET, "users", N_("Meeting")),
        EntryKind.EMAIL: Sign(Tone.QUIET, "mail", N_("E-mail")),
        EntryKind.PURCHASE: Sign(Tone.QUIET, "briefcase", N_("Purchase")),
        EntryKind.FORM: Sign(Tone.QUIET, "file-text", N_("Form")),
        EntryKind.FOLLOW_UP: Sign(Tone.WAIT, "square-check", N_("Follow-up")),
    }
)


MOMENTS, DAYS = frozenset({"at", "done", "checked"}), frozenset({"day", "due"})
"""Values of the log that are moments and days, by the name under which it keeps them; …"""
PEOPLE = frozenset({"person", "people", "asked"})
"""… and those that are users, by id."""


def logged(field: str, text: str, people: Mapping[str, tuple[str, str]]) -> str:
    """A value that the log keeps of something beside a card, as people read it; `people`: name and address by id."""
    try:
        if field in MOMENTS:
            return in_full(datetime.fromisoformat(text))
        if field in DAYS:
            return whole_day(date.fromisoformat(text))
        if field == "amount":
            return money(Money.parse(*text.split(" ", 1)))
        if field in PEOPLE:
            return next(filter(None, people.get(text, ())), text)
        return KINDS[EntryKind(text)].word if field == "kind" else text
    except (ValueError, TypeError, InvalidInput):
        return text


def money(amount: Money) -> str:
    """An amount as people write it there: €1,200.50, or 1.200,50 €."""
    return str(format_currency(Decimal(amount.amount), amount.currency, locale=language()))
