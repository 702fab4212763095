"""Running imports, and their rehearsals: each in a thread beside the request that began it, asked about by its word.

What is known of them is known to this process, of which there is one (`cli/pages.py`). Should it end, the file, which
is kept until it is in, tells that it was begun; sent again, it is finished: what came in before is passed over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, Generic, TypeVar

from flask import Flask, current_app

from sharesync.errors import InvalidInput, Refused
from sharesync.services.import_entries import Tick

Report = TypeVar("Report")

LOG = logging.getLogger(__name__)
_RUNS = "sharesync.imports"
KEPT_SECONDS = 3600
"""How long it is told what became of one."""
PATIENCE = 1.0
"""Seconds that the request which began one waits for its end: most are small."""
_BEGINNING = Lock()
_WAITING = BoundedSemaphore(4)
"""So many requests wait for theirs at the same time: half of the threads that answer, so that the others always do."""
_TURNS = BoundedSemaphore(2)
"""So many files are read at the same time: each may hold a thread for a minute, and the memory of 25,000 contacts."""


@dataclass(slots=True)
class Run(Generic[Report]):
    """One import of one person, or its rehearsal."""

    user: str
    group: str
    group_name: str
    rehearsal: bool = False
    asked: dict[str, str] = field(default_factory=dict)
    """Of a rehearsal: the group that the file would go into."""
    mapping: object = None
    """Of a rehearsal: what was said of the columns."""
    total: int = 0
    """Entries; 0 until the file has been read."""
    begun: float = field(default_factory=time.monotonic)
    done: int = 0
    report: Report | None = None
    """Once it is in, or has been tried."""
    trouble: str | None = None
    """Why nothing came of it; empty where only the log says why."""
    thread: Thread | None = field(default=None, repr=False)

    @property
    def ended(self) -> bool:
        """Whether it goes on no more."""
        return self.report is not None or self.trouble is not None

    @property
    def share(self) -> int:
        """How much of it is done, of a hundred; all of it only once it is in."""
        return 100 if self.ended else min(99, 100 * self.done // max(self.total, 1))


def install(app: Flask) -> None:
    """No import runs yet."""
    app.extensions[_RUNS] = {}


def find(user: str, word: str, *, rehearsal: bool = False) -> Run[Any] | None:
    """The import of this file, or its latest rehearsal, if it is theirs."""
    return _runs().get((user, word, rehearsal))


def ended(user: str, which: Callable[[Any], bool]) -> Any:
    """What an import of theirs did, of which this is true; None where it is not known any more."""
    return next(
        (
            run.report
            for (who, _, rehearsal), run in list(_runs().items())
            if who == user and not rehearsal and run.report is not None and which(run.report)
        ),
        None,
    )


def of(user: str) -> list[tuple[str, Run[Any]]]:
    """Imports of theirs that go on, by their words."""
    return [
        (word, run)
        for (who, word, rehearsal), run in list(_runs().items())
        if who == user and not rehearsal and not run.ended
    ]


def forget_rehearsals(user: str, word: str | None = None) -> None:
    """Let go of what was shown of this file, or of all that they sent: it holds names of contacts."""
    for key in list(_runs()):
        if key[0] == user and key[2] and word in (None, key[1]):
            _runs().pop(key, None)


def begin(word: str, run: Run[Report], act: Callable[[Tick], Report]) -> Run[Report]:
    """Begin it, unless it is an import that was begun before; comes back when it has ended, or after a second at most.

    One person has one at a time, and few people have theirs at the same time; the others wait. Who asks for the same
    again meanwhile waits for it, too. Raises InvalidInput.
    """
    with _BEGINNING:
        found = _begun(word, run, act)
    if found.thread and _WAITING.acquire(blocking=False):
        try:
            found.thread.join(PATIENCE)
        finally:
            _WAITING.release()
    return found


def _begun(word: str, run: Run[Report], act: Callable[[Tick], Report]) -> Run[Report]:
    runs = _runs()
    for key, old in list(runs.items()):
        if old.ended and time.monotonic() - old.begun > KEPT_SECONDS:
            runs.pop(key, None)
        same = key[1:] == (word, run.rehearsal) and (old.group, old.asked, old.mapping) == (
            run.group,
            run.asked,
            run.mapping,
        )
        if not old.ended and key[0] == run.user and not same:
            raise InvalidInput("Another file of yours is being read; wait until that has ended.")
    found: Run[Report] = runs.setdefault((run.user, word, run.rehearsal), run)
    if found is run or (run.rehearsal and found.ended) or found.trouble is not None:
        runs[run.user, word, run.rehearsal] = found = run
        found.thread = Thread(target=_go, args=(found, act), name="import", daemon=True)
        found.thread.start()
    return found


def _go(run: Run[Report], act: Callable[[Tick], Report]) -> None:
    def told(number: int) -> None:
        run.done = number

    try:
        with _TURNS:
            run.report = act(told)
    except Refused as refusal:
        run.trouble = refusal.sentence
    except Exception as error:
        LOG.error("import: %s", type(error).__name__)  # a traceback may hold values of contacts
        run.trouble = ""


def _runs() -> dict[tuple[str, str, bool], Run[Any]]:
    found: dict[tuple[str, str, bool], Run[Any]] = current_app.extensions[_RUNS]
    return found
