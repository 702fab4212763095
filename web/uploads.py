"""Uploads: a file of contacts, kept between the page that shows what it would do and the one that does it.

It holds personal data: only who sent it gets it back, it goes once it is used, and after an hour in any case.
"""

from __future__ import annotations

import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from web.live import settings
from web.person import the_person

KEPT_SECONDS = 3600
_NAME = re.compile(r"[A-Za-z0-9_-]{20,60}")


def keep(data: bytes) -> str:
    """Keep a file; returns the word by which whoever sent it asks for it again."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
    word = secrets.token_urlsafe(24)
    place = _place(word)
    place.touch(mode=0o600)
    place.write_bytes(data)
    return word


def find(word: str) -> bytes | None:
    """The file of this word, if it is theirs and still there."""
    if not _NAME.fullmatch(word):
        return None
    try:
        return _place(word).read_bytes()
    except OSError:
        return None


def forget(word: str) -> None:
    """Let go of a file."""
    if _NAME.fullmatch(word):
        _place(word).unlink(missing_ok=True)


def _folder() -> Path:
    return settings().data_dir / "uploads"


def _place(word: str) -> Path:
    return _folder() / f"{the_person().user_id}.{word}"
