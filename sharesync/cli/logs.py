"""Where the log goes: to a file for commands that end, to standard error for those that stay. No one's data in it.

A line names mailboxes by Google's ids, and errors by their types and places. As JSON it also has its template, so that
a machine counts the lines of a kind without reading them.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sharesync.settings import LineFormat

_LOGS = ("sharesync", "web")


class _NoOnesData(logging.Formatter):
    """Tells of an exception by its type and the places in the code: what it says may repeat a contact's values."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the base class names it so
        from sharesync.services.operation.unexpected_errors import trail

        return trail(ei[1])


class _JsonLines(_NoOnesData):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
            "template": str(record.msg),
            "process": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


_TEXT, _JSON = _NoOnesData("%(asctime)s %(levelname)s %(message)s"), _JsonLines()


def to_file(folder: Path) -> Path | None:
    """Send the log to `sharesync.log` in the data dir; returns that file, or None where it cannot be written."""
    file = folder / "sharesync.log"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        _use(RotatingFileHandler(file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True))
        return file
    _use(logging.NullHandler())
    return None


def to_stderr(form: LineFormat) -> None:
    """Send the log to standard error, as whatever supervises a service expects."""
    _use(logging.StreamHandler(sys.stderr), _JSON if form.value == "json" else _TEXT)
    logging.getLogger("sharesync").setLevel(logging.INFO)


def _use(handler: logging.Handler, form: logging.Formatter = _TEXT) -> None:
    handler.setFormatter(form)
    for name in _LOGS:
        log = logging.getLogger(name)
        for old in list(log.handlers):
            log.removeHandler(old)
            old.close()
        log.addHandler(handler)
        log.propagate = False
