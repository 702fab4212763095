"""Replays one history (`--seed`), or plays new ones until the time is over (`--minutes`)."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.simulation.history import run, shrink


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="the history to replay, or the first one")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--only", help="numbers of the steps to play, as a shrunk history prints them")
    parser.add_argument("--minutes", type=float, help="play histories for so long")
    parser.add_argument("--count", type=int, default=1, help="play so many histories")
    parser.add_argument("--shrink", type=float, default=60.0, help="seconds for shrinking a history that fails")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every step")
    asked = parser.parse_args()
    first = asked.seed if asked.seed is not None else int(time.time())
    only = [int(one) for one in asked.only.split(",")] if asked.only else list(range(asked.steps))
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else 0.0
    reached: Counter[str] = Counter()
    played = failed = 0
    while played < asked.count or time.monotonic() < until:
        seed = first + played
        played += 1
        seen, failure = run(seed, only, _print if asked.verbose else _silent)
        reached.update(seen)
        if failure:
            failed += 1
            _print(f"seed {seed}, step {failure.step}: {failure.sentence}")
            _print(failure.trail[-600:])
            if asked.shrink and not asked.only:
                kept, found = shrink(seed, only, asked.shrink)
                steps = ",".join(map(str, kept))
                _print(f"  {found.sentence}\n  python -m tests.simulation --seed {seed} --only {steps} -v")
    _print(f"{played} histories, {failed} failed")
    for name, count in sorted(reached.items()):
        _print(f"{count:8} {name}")
    return 1 if failed else 0


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _silent(line: str) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
