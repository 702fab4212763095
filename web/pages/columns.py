"""The columns of a list of contacts: chosen in its menu, kept in its address and remembered in this browser."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import redirect, request
from flask.typing import ResponseReturnValue

from sharesync.model.list_look import COLUMNS, ListLook
from web.frame.addresses import inside
from web.frame.gate import cookies
from web.frame.live import company_fields
from web.frame.needs import ENTER, Pages
from web.pages.contact_filters import COLUMNS_COOKIE
from web.pages.language import YEAR

pages = Pages("columns", __name__, url_prefix="/contacts/columns")

STEPS = {"forward": -1, "backward": 1}


@pages.post("/", needs=ENTER)
def choose() -> ResponseReturnValue:
    """The columns that were ticked, in their order, one of them moved by a place where its button was pressed."""
    sent = request.form
    high = ("high",) if "high" in sent else ()
    known = (*COLUMNS, *(one.id for one in company_fields()))
    look = ListLook.read(",".join((*high, *sent.getlist("column"))), known)
    moved = next(((sent[name], steps) for name, steps in STEPS.items() if sent.get(name) in look.columns), None)
    if moved:
        look = look.moved(*moved)
    answer = redirect(_with(inside(sent.get("back")), str(look), menu=moved is not None), 303)
    cookies().keep(answer, COLUMNS_COOKIE, str(look), seconds=YEAR)
    return answer


def _with(address: str, look: str, *, menu: bool) -> str:
    """A list's address that says how it looks; a browser opens the menu that the fragment stands in."""
    parts = urlsplit(address)
    told = [one for one in parse_qsl(parts.query) if one[0] != "columns"]
    return urlunsplit(("", "", parts.path, urlencode([*told, ("columns", look)]), "columns" if menu else ""))
