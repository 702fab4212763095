"""One pass in a process of its own, measured: seconds, memory, and where the time went."""

from __future__ import annotations

import cProfile
import pstats
import re
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sharesync.bootstrap import now, world
from sharesync.mailbox_pass.order import ordered
from sharesync.mailbox_pass.run import run_pass
from sharesync.settings import Settings

PARTS = ("sharesync/google", "sharesync/model", "sharesync/sync", "sharesync/services", "sharesync/store")
LIBRARIES = ("sqlalchemy", "googleapiclient", "httplib2", "google/")
NETWORK = ("connect", "recv_into", "sendall", "poll")


@dataclass(frozen=True, slots=True)
class Measured:
    """How one pass went."""

    report: dict[str, Any]
    seconds: float
    megabytes: float
    """What the process grew by at its highest."""
    shares: dict[str, float] = field(default_factory=dict)
    """Of a profiled pass: seconds by part of the house, the time that its own functions took."""
    hot: list[str] = field(default_factory=list)
    """Of a profiled pass: the functions that took longest by themselves."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def measured_pass(environment: dict[str, str], ahead: float, user_id: str, *, full: bool, profiled: bool) -> Measured:
    """One pass by a clock that is `ahead` seconds ahead; profiled ones take about twice as long."""
    real = world(Settings.from_environment(environment, Path.cwd()))
    house = replace(real, now=lambda: now() + timedelta(seconds=ahead))
    profile = cProfile.Profile()
    before = peak()
    started = time.perf_counter()
    if profiled:
        profile.enable()
    report = run_pass(house, user_id, ordered(full=full), patience=600)
    profile.disable()
    seconds = time.perf_counter() - started
    shares, hot = _shares(profile) if profiled else ({}, [])
    return Measured(report.as_json(), round(seconds, 2), round(peak() - before, 1), shares, hot)


def peak() -> float:
    """The most memory that this process had since its program was started, in megabytes.

    Not `ru_maxrss`, which a child inherits across execve: a bench with a large sandbox in it would hide what the child
    needs.
    """
    (line,) = re.findall(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(line) / 1024


def _shares(profile: cProfile.Profile) -> tuple[dict[str, float], list[str]]:
    rows = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # there since ever, and in no stub
    shares: Counter[str] = Counter()
    own = []
    for (file, line, name), (_, calls, seconds, _, _) in rows.items():
        shares[_part(file, name)] += seconds
        own.append((seconds, f"{seconds:6.2f} s {calls:>9} calls  {_short(file)}:{line} {name}"))
    return {part: round(seconds, 2) for part, seconds in shares.most_common()}, [
        told for _, told in sorted(own, reverse=True)[:15]
    ]


def _part(file: str, name: str) -> str:
    for part in (*PARTS, *LIBRARIES):
        if f"/{part}" in file:
            return part.rstrip("/")
    if any(f"'{one}'" in name for one in NETWORK):
        return "waiting for Google"
    if "sqlite3" in name:
        return "sqlite"
    return "json" if "/json/" in file or "scan_once" in name else "Python itself"


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-3:])
