"""Where the log goes: to a file for commands that end, to standard error for those that stay. No one's data in it."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

_FORM = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
_LOG = logging.getLogger("sharesync")


def to_file(folder: Path) -> Path | None:
    """Send the log to `sharesync.log` in the data dir; returns that file, or None where it cannot be written."""
    file = folder / "sharesync.log"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        _use(RotatingFileHandler(file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True))
        return file
    _use(logging.NullHandler())
    return None


def to_stderr() -> None:
    """Send the log to standard error, as whatever supervises a service expects."""
    _use(logging.StreamHandler(sys.stderr))
    _LOG.setLevel(logging.INFO)


def _use(handler: logging.Handler) -> None:
    handler.setFormatter(_FORM)
    for old in list(_LOG.handlers):
        _LOG.removeHandler(old)
        old.close()
    _LOG.addHandler(handler)
    _LOG.propagate = False
