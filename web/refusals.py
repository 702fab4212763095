"""Refusals: the sentences in which services say no, in the language of the request."""

from __future__ import annotations

from sharesync.errors import Grouped, Sentence, SharesyncError
from sharesync.model.access import Level
from web.field_words import HEADINGS
from web.languages import _
from web.words import LEVELS, in_digits


def told(refusal: SharesyncError) -> str:
    """What an error says, without what is for the command line alone."""
    return said(refusal.sentence)


def said(sentence: str) -> str:
    """A sentence of a service's; one that was kept as plain text only where it has no values."""
    if not isinstance(sentence, Sentence):
        return _(sentence) if sentence else ""
    return _(sentence.template, **{name: _value(name, value) for name, value in sentence.values.items()})


def _value(name: str, value: object) -> object:
    if isinstance(value, Sentence):
        return said(value)
    if name == "level":
        return LEVELS[Level.parse(str(value))][0]
    if name == "where":
        return HEADINGS.get(str(value), value)
    return in_digits(int(value)) if isinstance(value, Grouped) else value
