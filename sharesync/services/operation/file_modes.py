"""Privacy of files: which of those that hold keys and contacts somebody else on this machine can open."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""What the owner's group and everybody else may do with a file."""


def open_to_others(data_dir: Path, database: Path | None) -> list[Path]:
    """What lies in the data dir, the folder itself, and the database's files, as far as others may open it."""
    beside = [database.with_name(database.name + end) for end in ("", "-wal", "-shm")] if database else []
    found = dict.fromkeys((*_below(data_dir), *beside))
    return [path for path in found if _mode(path) & OTHERS]


def key_is_open(file: Path) -> bool:
    """Whether others may open a key file; a group of its own is the usual way where root owns it, and we read it."""
    try:
        found = file.stat()
    except OSError:
        return False
    return bool(found.st_mode & (OTHERS if found.st_uid == os.geteuid() else stat.S_IRWXO))


def remedy(data_dir: Path, paths: list[Path]) -> str:
    """The command that closes them."""
    inside = any(path.is_relative_to(data_dir) for path in paths)
    named = [path for path in paths if not path.is_relative_to(data_dir)]
    return f"chmod -R go= {shlex.join(map(str, [data_dir] * inside + named))}"


def _below(folder: Path) -> Iterator[Path]:
    yield folder
    for where, folders, files in os.walk(folder):
        yield from (Path(where, name) for name in (*folders, *files))


def _mode(path: Path) -> int:
    try:
        found = path.lstat().st_mode
    except OSError:  # it went meanwhile, or is not there
        return 0
    return 0 if stat.S_ISLNK(found) else found
