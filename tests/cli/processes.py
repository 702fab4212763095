"""Commands as processes of their own: started, waited for, spoken to by signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

PATIENCE = 60.0
"""Seconds after which a test gives up; what it waits for takes one or two on an idle machine."""


class Process:
    """A command that stays; what it says is read as it comes."""

    def __init__(self, words: tuple[str, ...], environ: Mapping[str, str], cwd: Path) -> None:
        code = "from sharesync.cli import main; main(prog_name='sharesync')"
        self.popen = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environ},
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        assert self.popen.stdout
        assert self.popen.stderr
        self._readers = [
            Thread(target=self.out.extend, args=(self.popen.stdout,), daemon=True),
            Thread(target=self.err.extend, args=(self.popen.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def says(self, words: str) -> str:
        """Wait for the line of standard output that holds `words`."""
        return until(lambda: next((line for line in self.out if words in line), ""), f"{words}; {self}")

    def send(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal and wait for the end: exit status, and the seconds it took."""
        started = time.monotonic()
        self.popen.send_signal(number)
        status = self.popen.wait(PATIENCE)
        took = time.monotonic() - started
        self.close()
        return status, took

    def close(self) -> None:
        """Kill it if it still lives, and read what it said to the end."""
        self.popen.kill()
        self.popen.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.popen.stdout, self.popen.stderr):
            if stream:
                stream.close()

    def __repr__(self) -> str:
        return f"status {self.popen.poll()}, out {self.out}, err {self.err}"


def until(seen: Callable[[], str], what: object = "", patience: float = PATIENCE) -> str:
    """Ask again and again until there is an answer; returns it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := seen():
            return found
        Event().wait(0.02)
    raise AssertionError(f"waited {patience:g} seconds for {what}")


@contextmanager
def started(*words: str, environ: Mapping[str, str], cwd: Path) -> Iterator[Process]:
    """The process, killed at the end of the block if it still lives."""
    process = Process(words, environ, cwd)
    try:
        yield process
    finally:
        process.close()
