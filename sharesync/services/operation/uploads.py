"""Uploads: files of contacts, kept between the page that shows what one would do and the end of its import.

They hold personal data: only who sent one gets it back; it goes once it is used, when they sign out, and after an hour
in any case. Of one person's only the newest few are kept: whoever sends many and comes back for none fills no disk.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KEPT_SECONDS = 3600
MOST = 3
"""Of one person's, at the same time."""
_WORD = re.compile(r"[A-Za-z0-9_-]{20,60}")


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder they lie in, by their sender and a word."""

    folder: Path

    def keep(self, user: str, data: bytes) -> str:
        """Keep a file; returns the word by which whoever sent it asks for it again."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        word = secrets.token_urlsafe(24)
        place = self._place(user, word)
        place.touch(mode=0o600)
        place.write_bytes(data)
        for older in sorted(self.folder.glob(f"{user}.*"), key=_age)[MOST:]:
            older.unlink(missing_ok=True)
        return word

    def find(self, user: str, word: str) -> bytes | None:
        """The file of this word, if it is theirs and still there."""
        if not _WORD.fullmatch(word):
            return None
        try:
            return self._place(user, word).read_bytes()
        except OSError:
            return None

    def forget(self, user: str, word: str) -> None:
        """Let go of a file."""
        if _WORD.fullmatch(word):
            self._place(user, word).unlink(missing_ok=True)

    def forget_all(self, user: str) -> None:
        """Let go of everything that someone has sent."""
        _end(self.folder.glob(f"{user}.*"))

    def sweep(self) -> None:
        """Let go of what nobody came back for."""
        _end(self.folder.glob("*"), older=KEPT_SECONDS)

    def _place(self, user: str, word: str) -> Path:
        return self.folder / f"{user}.{word}"


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime_ns
    except OSError:  # somebody else took it away
        return 0.0


def _end(files: Iterable[Path], older: float = 0.0) -> None:
    for file in files:
        with suppress(OSError):  # somebody else was first
            if time.time() - file.stat().st_mtime >= older:
                file.unlink()
