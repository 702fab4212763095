"""Words for mail and chat: sentences in a person's language where no request says which."""

from __future__ import annotations

from functools import cache

import flask_babel
from flask import Flask
from flask_babel import Babel

from sharesync.errors import Sentence
from web.words.languages import FOLDER, LANGUAGES
from web.words.refusals import said


def say(language: str | None, sentence: Sentence) -> str:
    """A sentence in the language of this code; in English where nobody chose one."""
    if language not in LANGUAGES or language == "en":
        return str(sentence)
    with _app().app_context(), flask_babel.force_locale(language):
        return said(sentence)


@cache
def _app() -> Flask:
    app = Flask(__name__)
    Babel(app, default_locale="en", default_translation_directories=str(FOLDER))
    return app
