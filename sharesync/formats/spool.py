"""Photos of a file on their way into the store: on disk, as thousands of them are more than a process may hold."""

from __future__ import annotations

import os
import tempfile
import weakref
from dataclasses import dataclass, field

from sharesync.formats.pictures import Photo


class Spool:
    """A nameless file that is gone when nobody knows a photo of it any more."""

    def __init__(self) -> None:
        self._handle: int | None = None
        self._end = 0

    def keep(self, photo: Photo) -> KeptPhoto:
        """Put a photo away. Raises OSError where the disk is full."""
        if self._handle is None:
            self._handle, name = tempfile.mkstemp(prefix="sharesync-photos-")
            os.unlink(name)  # noqa: PTH108  # the handle alone keeps it
            weakref.finalize(self, os.close, self._handle)
        kept = KeptPhoto(self, self._end, len(photo))
        while self._end < kept.at + kept.size:
            self._end += os.pwrite(self._handle, photo[self._end - kept.at :], self._end)
        return kept

    def read(self, at: int, size: int) -> bytes:
        """What was put there."""
        return b"" if self._handle is None else os.pread(self._handle, size, at)

    def __getstate__(self) -> bytes:
        """All that is in it, for another process."""
        return self.read(0, self._end)

    def __setstate__(self, content: bytes) -> None:
        self._handle, self._end = None, 0
        if content:
            self.keep(Photo(content))


@dataclass(frozen=True, slots=True, eq=False)
class KeptPhoto:
    """A photo that was put away; equal to any of the same content."""

    spool: Spool = field(repr=False)
    at: int
    size: int

    def content(self) -> Photo:
        """The photo itself."""
        return Photo(self.spool.read(self.at, self.size))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptPhoto) and self.content() == other.content()

    def __hash__(self) -> int:
        return hash(self.size)
