"""Histories on every run of the tests: as many as fit into a minute and a half, and none may break a promise.

They run in processes of their own, one a core, with the order of sets fixed, so that the command printed for a failure
plays the same history again.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from sharesync.services import push_release
from sharesync.services.sending import Sending
from sharesync.sync import reconcile
from sharesync.sync.rights import Ruling
from tests.simulation.history import run

pytestmark = pytest.mark.timeout(300)  # a whole history takes seconds, and some tests play several
PROCESSES, MINUTES, HISTORIES = 2, 1.3, 200
RARE = (
    "busy",
    "conflict.keep",
    "contact.delete restored",
    "contact.restore",
    "contact.update reverted",
    "crash",
    "hold.keep held",
    "label.delete restored",
    "label.put_on reverted",
    "label.rename",
    "label.take_off reverted",
    "link.adopt",
    "link.find",
    "link.merge",
    "mailbox.reset",
    "meanwhile",
    "pass attention",
    "pass held",
    "pass paused",
    "pass retry",
    "person.create failed",
    "person.release",
    "poisoned request",
    "proposal.accept",
    "proposal.keep",
    "taken over",
)
"""States that few steps reach, by what the change log or the house calls them."""


def test_histories_break_no_promise_and_reach_every_rare_state() -> None:
    told = _play(HISTORIES)
    failures = [failure for one in told for failure in one["failures"]]
    assert not failures, "\n".join(failures)
    played = sum(one["played"] for one in told)
    reached = sum((Counter(one["reached"]) for one in told), Counter[str]())
    never = [name for name in RARE if not reached[name]]
    assert not never, f"{played} histories never reached {never}"


def _play(number: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.simulation", "--minutes", str(MINUTES), "--shrink", "20", "--json"]
    share = number // PROCESSES
    processes = [
        subprocess.Popen(
            [*command, "--seed", str(1 + share * place), "--count", str(share)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        for place in range(PROCESSES)
    ]
    return [json.loads(process.communicate()[0]) for process in processes]


def test_a_history_is_the_same_whenever_it_is_played() -> None:
    told: list[list[str]] = [[], []]
    for lines in told:
        run(2, range(12), lines.append)
    assert told[0] == told[1]


def test_a_viewer_whose_edits_are_accepted_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "rule", lambda deed, level: Ruling.ACCEPT)
    assert _breaks("5: ")


def test_a_release_that_deletes_whatever_it_finds_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_release, "_is_untouched", lambda link, seen, ours: True)
    assert _breaks("3: ")


def test_a_push_that_ignores_what_changed_meanwhile_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sending, "check", lambda send, work, grants=True: None)
    assert _breaks("6: ")


def _breaks(promise: str) -> bool:
    """Whether some history among the first dozen breaks this promise."""
    played = (run(seed, range(100))[1] for seed in range(1, 13))
    return any(failure is not None and failure.sentence.startswith(promise) for failure in played)
