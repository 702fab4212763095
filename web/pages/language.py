"""The language of the page, chosen in its menu and kept in this browser."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from web.frame.addresses import inside
from web.frame.gate import cookies
from web.frame.needs import OPEN, Pages
from web.words.languages import LANGUAGES

pages = Pages("language", __name__, url_prefix="/language")

YEAR = 365 * 24 * 3600


@pages.post("/", needs=OPEN)
def choose() -> ResponseReturnValue:
    """Another language from now on, in this browser."""
    wanted = request.form.get("language", "")
    answer = redirect(inside(request.form.get("back")), 303)
    if wanted in LANGUAGES:
        cookies().keep(answer, "language", wanted, seconds=YEAR)
    return answer
