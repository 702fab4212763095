"""Mishaps: errors nobody foresaw, written down without anyone's data, under an id that people can quote.

What an exception says may hold a contact's values (a database error repeats its parameters), so only its type and the
places in the code are kept.
"""

from __future__ import annotations

import logging
import secrets
import traceback

LOG = logging.getLogger("sharesync")


def note(error: BaseException) -> str:
    """Write the error to the log; returns the id under which it stands there."""
    mishap = secrets.token_hex(4)
    LOG.error("mishap %s: %s", mishap, trail(error))
    return mishap


def trail(error: BaseException) -> str:
    """Types and places of an error and of those it came from, the outermost first."""
    steps = []
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        places = (f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in traceback.extract_tb(step.__traceback__))
        kind = type(step)
        steps.append(f"{kind.__module__}.{kind.__qualname__} at {' > '.join(places) or 'an unknown place'}")
        step = step.__cause__ or step.__context__
    return "; from ".join(steps)
