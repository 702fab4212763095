"""Histories that once broke a promise, played again: each is the way to a loss that was mended.

New ones are looked for by `make soak`, which plays histories by the thousand; one that fails and is mended joins the
list here. They run in processes of their own, with the order of sets fixed, so that the printed command replays them.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.history import run

MENDED = {
    (2, 57): "our own release, its answer lost, was read as its user's wish and carried to everyone",
    (1, 100): "an edit of a contact in the trash stopped its mailbox for ever",
    (6, 71): "a person to whom its user had added an unmanaged value was deleted",
    (108, 13): "a reset right after a create made a twin",
    (103, 67): "a merge with a person never seen alive was uploaded",
    (500, 71): "the name of a merge's survivor went to everyone",
    (701, 20): "half a merge, read directly, was uploaded",
    (609, 15): "a released person in a listing that lagged came back for everyone",
}


@pytest.mark.parametrize(("seed", "steps"), MENDED, ids=MENDED.values())
def test_what_was_mended_stays_so(seed: int, steps: int) -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seed", str(seed), "--steps", str(steps), "--shrink", "0"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    played = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert played.returncode == 0, played.stdout + played.stderr


def test_a_history_is_the_same_whenever_it_is_played() -> None:
    told: list[list[str]] = [[], []]
    for lines in told:
        run(2, range(12), lines.append)
    assert told[0] == told[1]
