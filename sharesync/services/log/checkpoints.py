"""Checkpoints as files: one a day beside the data, for the operator to carry where the database's owner cannot reach.

Each is called after the number of events it signs, so none is ever written over.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sharesync.services.app import World
from sharesync.services.log import keyring, proofs
from sharesync.store.database import event_log


def keep(world: World) -> Path | None:
    """Write a checkpoint of the log into its folder; None where the log has not grown since the last, or has none."""
    if world.checkpoints is None:
        return None
    with world.database.reading_log() as session:
        size = event_log.size(session)
        place = world.checkpoints / f"{size}.txt"
        if not size or place.exists():
            return None
        note = proofs.checkpoint(session, keyring.signer(session, world.log_key), size)
    return write(world.checkpoints, size, note)


def write(folder: Path, size: int, note: str) -> Path:
    """Keep a checkpoint of so many events; it appears under its name when it is whole."""
    place = folder / f"{size}.txt"
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(note)
        out.flush()
        os.fsync(out.fileno())
    Path(draft).replace(place)
    return place


def kept(folder: Path) -> Iterator[Path]:
    """The checkpoints in the folder, the smallest first."""
    found = folder.glob("*.txt")
    yield from sorted((place for place in found if place.stem.isdecimal()), key=lambda place: int(place.stem))
