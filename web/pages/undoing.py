"""Undo: what somebody did in the page, taken back as one act."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.services import undoing
from web.frame.needs import ENTER, Pages
from web.frame.person import operating
from web.frame.responses import done, refused
from web.words.languages import _
from web.words.refusals import told

pages = Pages("undoing", __name__, url_prefix="/undo")


@pages.post("/<deed>", needs=ENTER)
def undo(deed: str) -> ResponseReturnValue:
    """Take it back, and show the page on which that was asked for."""
    back = _path(request.referrer) or url_for("home.index")
    try:
        with operating() as operation:
            undoing.undo(operation, deed)
    except Refused as error:
        return refused(told(error), back)
    return done(_("Undone. What others changed since stays."), back)


def _path(address: str | None) -> str | None:
    """The page of ours that an address shows; a browser says where it comes from, and could be made to say anything."""
    found = urlsplit(address or "")
    if found.netloc != request.host or not found.path.startswith("/") or found.path.startswith("//"):
        return None
    return f"{found.path}?{found.query}" if found.query else found.path
