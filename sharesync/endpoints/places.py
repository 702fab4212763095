"""Places that checkpoints of the log are sent to: a folder, a mounted one most likely, or an address of the web."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sharesync.endpoints.posting import post
from sharesync.errors import Unreachable
from sharesync.model.hosts import Network


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in which each checkpoint is a file, called after how many events it signs."""

    path: Path

    @property
    def name(self) -> str:
        """As it is told, and remembered."""
        return str(self.path)

    def put(self, size: int, note: bytes, now: datetime) -> None:
        """Make the file whole or not at all, and never over another. Raises Unreachable."""
        place = self.path / f"{size}.txt"
        try:
            if not place.exists():
                self._make(place, note)
            there = place.read_bytes()
        except OSError as error:
            raise Unreachable("%(folder)s cannot be written (%(why)s).", folder=self.path, why=error.strerror) from None
        if there != note:
            # Somebody signed another log of the same length: what the folder is for.
            raise Unreachable(
                "%(folder)s holds another %(file)s: keep it, and hold the log against it (`sharesync audit verify`).",
                folder=self.path,
                file=place.name,
            )

    def _make(self, place: Path, note: bytes) -> None:
        handle, draft = tempfile.mkstemp(dir=self.path, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(note)
                out.flush()
                os.fsync(out.fileno())
            Path(draft).rename(place)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is posted to. Whoever knows all of it may often write there, so its host alone is told."""

    address: str
    networks: tuple[Network, ...] = ()

    @property
    def name(self) -> str:
        """As it is told, and remembered."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def put(self, size: int, note: bytes, now: datetime) -> None:
        """Post it, as text, under the id that it had before if it was tried before. Raises Unreachable."""
        told = {
            "Content-Type": "text/plain; charset=utf-8",
            # As Standard Webhooks calls them; a signature of theirs is not needed, the note carries its own.
            "webhook-id": f"checkpoint-{size}-{hashlib.sha256(note).hexdigest()[:16]}",
            "webhook-timestamp": str(int(now.timestamp())),
        }
        post(self.address, note, told, self.networks)


Place = Folder | Webhook
