"""Replays one history (`--seed`), or plays one after the other until their number or the time is reached."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter

from sharesync.cli import garbage
from tests.simulation.history import AGE, run, shrink

COMMAND = "PYTHONHASHSEED=0 python -m tests.simulation"


def main() -> int:
    """The command line; ends with 1 where a history failed."""
    asked = _asked()
    first = asked.seed if asked.seed is not None else int(time.time())
    only = [int(one) for one in asked.only.split(",")] if asked.only else list(range(asked.steps))
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else None
    count = asked.count or (sys.maxsize if until else 1)
    reached: Counter[str] = Counter()
    failures: list[str] = []
    played = 0
    while played < count and (until is None or time.monotonic() < until):
        seed = first + played
        played += 1
        seen, failure = run(seed, only, _say if asked.verbose else _silent, asked.age)
        reached.update(seen)
        if failure is None:
            continue
        sentence, steps = failure.sentence, asked.only
        if asked.shrink and not asked.only:
            kept, failure = shrink(seed, only, asked.shrink, asked.age)
            sentence, steps = failure.sentence, ",".join(map(str, kept))
        how = f"--only {steps}" if steps else f"--steps {asked.steps}"
        how += f" --age {asked.age}"
        failures.append(f"{sentence}\n{failure.trail[-800:]}  {COMMAND} --seed {seed} {how} -v")
        if not asked.json:
            _say(f"step {failure.step}: {failures[-1]}")
    if asked.json:
        _say(json.dumps({"played": played, "failures": failures, "reached": reached}))
        return 0
    _say(f"{played} histories, {len(failures)} failed")
    for name, number in sorted(reached.items()):
        _say(f"{number:8} {name}")
    return 1 if failures else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="the history to play, or the first of several")
    parser.add_argument("--steps", type=int, default=100, help="how many steps a history has")
    parser.add_argument("--only", help="numbers of the steps to play, as a shrunk history prints them")
    parser.add_argument("--age", type=int, default=AGE, help="with the acts that histories had then; all, unless given")
    parser.add_argument("--count", type=int, help="how many histories at most")
    parser.add_argument("--minutes", type=float, help="for how long at most")
    parser.add_argument("--shrink", type=float, default=120.0, help="seconds for shrinking a history that fails")
    parser.add_argument("--json", action="store_true", help="say what came of it in one line of JSON")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every step")
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _silent(line: str) -> None:
    pass


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets of texts have another order in every process unless told otherwise; a history must be the same again.
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.simulation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    garbage.set_apart()
    sys.exit(main())
