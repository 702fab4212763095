"""Where the log goes: to a file for commands that end, to standard error for those that stay. No one's data in it."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

_LOGS = ("sharesync", "web")


class _NoOnesData(logging.Formatter):
    """Tells of an exception by its type and the places in the code: what it says may repeat a contact's values."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the base class names it so
        from sharesync.services.operation.unexpected_errors import trail

        return trail(ei[1])


_FORM = _NoOnesData("%(asctime)s %(levelname)s %(message)s")


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
    logging.getLogger("sharesync").setLevel(logging.INFO)


def _use(handler: logging.Handler) -> None:
    handler.setFormatter(_FORM)
    for name in _LOGS:
        log = logging.getLogger(name)
        for old in list(log.handlers):
            log.removeHandler(old)
            old.close()
        log.addHandler(handler)
        log.propagate = False
