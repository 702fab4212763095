"""Reading apart: somebody's file is read in a process of its own, which the system ends when it takes too much.

A file is what a stranger wrote, and it goes through decoders of pictures that we did not write. Here it can hold up
nobody: not for long, not with much memory, and it does not know a key of ours. It costs a seventh of a second of the
processor to start one. Rejected: a process that is kept warm and divides itself, which is a second one in memory for
ever, for what few people do a few times a day.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys

from sharesync.errors import InvalidInput, Refused
from sharesync.formats import reading
from sharesync.formats.csv_sheets import Mapping
from sharesync.formats.reading import FileReading

SECONDS = 90.0
"""How long one may live; reading gives up by itself a while before (`reading.SECONDS`)."""
BYTES = 1_000_000_000
"""How much memory it may ask for: the largest file that is let in, full of pictures, needs a third of it."""
HEAD = 256_000
"""As many bytes of a file are looked at to tell its columns."""
COMMAND = [sys.executable, "-m", "sharesync.formats.apart"]
_KNOWN = ("PATH", "TMPDIR", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")
"""What it is told of our environment, which holds secrets."""


def read(data: bytes, name: str = "", mapping: Mapping | None = None) -> FileReading:
    """What `reading.read` makes of the file. Raises InvalidInput as that does, and where the process was ended."""
    environment = {one: os.environ[one] for one in _KNOWN if one in os.environ}
    asked = pickle.dumps((data, name, mapping))
    try:
        done = subprocess.run(  # noqa: S603  # ourselves
            COMMAND, input=asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=SECONDS,
            check=False,
        )  # fmt: skip
        answer = pickle.loads(done.stdout) if done.returncode == 0 else None  # noqa: S301  # of our own process
    except subprocess.TimeoutExpired:
        answer = None
    if isinstance(answer, FileReading):
        return answer
    if isinstance(answer, InvalidInput):
        raise answer
    raise InvalidInput(
        "Reading this file took too much time or memory and was ended; nothing was changed. Send it in parts."
    )


def head(data: bytes) -> bytes:
    """The first lines of a file, which tell its columns: short enough to be read at once, whatever it is."""
    return data if len(data) <= HEAD else data[: data.rfind(b"\n", 0, HEAD) + 1] or data[:HEAD]


def _limit() -> None:
    seconds = int(SECONDS)
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, BYTES), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main() -> None:
    """Read what stands on standard input; answer with a Reading, or the refusal that says why there is none."""
    data, name, mapping = pickle.load(sys.stdin.buffer)  # noqa: S301  # of our own process
    _limit()
    answer: object
    try:
        answer = reading.read(data, name, mapping)
    except Refused as refusal:
        answer = InvalidInput(refusal.sentence)
    pickle.dump(answer, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
