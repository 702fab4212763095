"""The files that the person signed in has sent, and asks for again by their words."""

from __future__ import annotations

from sharesync.services.operation.uploads import Uploads
from web.frame.live import settings
from web.frame.person import the_person


def keep(data: bytes) -> str:
    """Keep a file; returns its word. Clock and page may stand on two machines, so what is old goes here, too."""
    the_uploads().sweep()
    return the_uploads().keep(the_person().user_id, data)


def find(word: str) -> bytes | None:
    """The file of this word, if it is theirs and still there."""
    return the_uploads().find(the_person().user_id, word)


def forget(word: str) -> None:
    """Let go of one."""
    the_uploads().forget(the_person().user_id, word)


def forget_all() -> None:
    """Let go of all that they have sent."""
    the_uploads().forget_all(the_person().user_id)


def the_uploads() -> Uploads:
    """Those of this application."""
    return Uploads(settings().uploads)
