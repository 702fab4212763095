"""Reading apart: somebody's file is read in a process of its own, which the system ends when it takes too much.

A file is what a stranger wrote, and it goes through decoders of pictures that we did not write. Here it can hold up
nobody: not for long, not with much memory, and it does not know a key of ours. What comes back is plain data and is
checked (`wire.py`). It costs a seventh of a second of the processor to start one. Rejected: a process that is kept
warm and divides itself, which is a second one in memory for ever, for what few people do a few times a day.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
import tempfile

from sharesync.errors import InvalidInput, Refused
from sharesync.formats import file_reading, wire
from sharesync.formats.csv_sheets import Mapping
from sharesync.formats.file_reading import FileReading
from sharesync.formats.spool import Spool

SECONDS = 90
"""Of the processor that one may use; reading gives up by itself a while before (`file_reading.SECONDS`)."""
PATIENCE = 900.0
"""Seconds that one may live, however little of a busy machine it gets."""
BYTES = 1_000_000_000
"""How much memory it may ask for, and write: the largest file that is let in, full of pictures, needs a third of it."""
MOST_ANSWER = 300_000_000
"""Bytes that it may answer: ten times the largest file that is let in."""
HEAD = 256_000
"""As many bytes of a file are looked at to tell its columns."""
COMMAND = [sys.executable, "-m", "sharesync.formats.apart"]
_KNOWN = ("PATH", "TMPDIR", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")
"""What it is told of our environment, which holds secrets."""


def read(data: bytes, name: str = "", mapping: Mapping | None = None) -> FileReading:
    """What `file_reading.read` makes of the file. Raises InvalidInput as that does, and where the process was ended."""
    environment = {one: os.environ[one] for one in _KNOWN if one in os.environ}
    spool = Spool()
    columns = None if mapping is None else {"words": mapping.words, "heading": mapping.heading}
    asked = {"name": name, "mapping": columns, "photos": spool.handle}
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(json.dumps(asked).encode() + b"\n")
        question.write(data)
        question.seek(0)
        try:
            done = subprocess.run(  # noqa: S603  # this interpreter and a module of ours
                COMMAND, stdin=question, stdout=answer, stderr=subprocess.DEVNULL, env=environment, timeout=PATIENCE,
                pass_fds=[spool.handle], check=False,
            )  # fmt: skip
            is_whole = done.returncode == 0 and answer.seek(0, os.SEEK_END) <= MOST_ANSWER
            answer.seek(0)
            found = wire.read(answer, spool) if is_whole else None
        except (subprocess.TimeoutExpired, ValueError):
            found = None
    if isinstance(found, FileReading):
        return found
    if (sentence := found) is not None:
        raise InvalidInput(sentence)
    raise InvalidInput(
        "Reading this file took too much time or memory and was ended; nothing was changed. Send it in parts."
    )


def head(data: bytes) -> bytes:
    """The first lines of a file, which tell its columns: short enough to be read at once, whatever it is."""
    return data if len(data) <= HEAD else data[: data.rfind(b"\n", 0, HEAD) + 1] or data[:HEAD]


def _limit() -> None:
    limits = {
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_AS: BYTES,
        resource.RLIMIT_FSIZE: BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))


def main() -> None:
    """Read the file on standard input; answer with what was read, or the refusal that says why there is nothing."""
    asked = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    columns = asked["mapping"]
    mapping = columns and Mapping(tuple(columns["words"]), columns["heading"])
    _limit()
    gc.disable()  # what is read lives to the end: looking for garbage in it took an eighth of the time
    try:
        lines = wire.written(file_reading.read(data, asked["name"], mapping, Spool(asked["photos"])))
    except Refused as refusal:
        lines = wire.refused(refusal.sentence)
    sys.stdout.buffer.writelines(lines)


if __name__ == "__main__":
    main()
