"""Languages: English, Danish, Norwegian, Swedish; by the user's choice, else by what their browser asks for.

Text is marked where it stands: `_("…")` says it, `N_("…")` in a table is said later, `Spoken` is a table that says what
is taken out of it. The catalogues lie in `translations/`; `make words` brings them up to date with what is marked.
"""

from __future__ import annotations

from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path
from typing import Any, TypeVar

import flask_babel
from flask import Flask, g, has_app_context, request
from flask_babel import Babel

from sharesync.model.alphabet import Alphabet

LANGUAGES = {"en": "English", "da": "Dansk", "nb": "Norsk", "sv": "Svenska"}
"""By code, each as its speakers call it."""
ASKED_FOR = {"en": "en", "da": "da", "nb": "nb", "no": "nb", "nn": "nb", "sv": "sv"}
FOLDER = Path(__file__).parents[1] / "translations"

Key = TypeVar("Key")
Value = TypeVar("Value")


def install(app: Flask, cookie: str) -> None:
    """Choose a language for every request, by the cookie of this name first; give templates their words in it."""

    def choose() -> str:
        chosen = request.cookies.get(cookie, "")
        if chosen in LANGUAGES:
            return chosen
        return ASKED_FOR.get(request.accept_languages.best_match(ASKED_FOR) or "en", "en")

    Babel(
        app,
        default_locale="en",
        locale_selector=choose,
        default_translation_directories=str(FOLDER),
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's extension
        lambda message: _catalogue().gettext(message),
        lambda one, many, number: _catalogue().ngettext(one, many, number),
        newstyle=True,
    )
    app.context_processor(lambda: {"language": language(), "languages": LANGUAGES})


def language() -> str:
    """The code of the language of this request."""
    locale = flask_babel.get_locale() if has_app_context() else None
    return locale.language if locale else "en"


def alphabet() -> Alphabet:
    """In which names are sorted for the asker."""
    return Alphabet.of(language())


# --- Saying things ---------------------------------------------------------------------------------------------------


def _catalogue() -> NullTranslations:
    """Looked for once a request: a page of many rows says a thousand things."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_translations()
    return found


def _(message: str, **values: object) -> str:
    """The message in the language of this request, with its values in place."""
    said = _catalogue().gettext(message) if has_app_context() else message
    return said % values if values else said


def N_(message: str) -> str:  # noqa: N802  # the name that gettext's tools look for
    """Mark a message in a table, to be said later."""
    return message


def lazy(message: str) -> Any:
    """A message of a form, which is made before anyone asks for it."""
    return flask_babel.lazy_gettext(message)


def plural(one: str, many: str, number: int) -> str:
    """The form for this number."""
    if has_app_context():
        return str(_catalogue().ngettext(one, many, number)) % {"num": number}
    return (one if number == 1 else many) % {"num": number}


def nouns(one: str, many: str) -> tuple[str, str]:
    """Mark the two forms of a noun, which `count` says later."""
    return one, many


def spoken(value: Any) -> Any:
    """A word, or the word of a sign, in the language of this request."""
    return _(value) if isinstance(value, str) else replace(value, word=_(value.word))


class Spoken(dict[Key, Value]):
    """A table of words that says what is taken out of it in the language of the request."""

    def __getitem__(self, key: Key) -> Value:
        value: Value = spoken(super().__getitem__(key))
        return value

    def items(self) -> Any:
        """As a dictionary does."""
        return [(key, self[key]) for key in self]

    def get(self, key: Key, default: Any = None) -> Any:
        """As a dictionary does."""
        return self[key] if key in self else default  # noqa: SIM401 - this is what it would call
