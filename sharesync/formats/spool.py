"""Photos of a file on their way into the store: on disk, as thousands of them are more than a process may hold."""

from __future__ import annotations

import os
import tempfile
import weakref
from dataclasses import dataclass, field

from sharesync.errors import InvalidInput
from sharesync.formats.pictures import Photo, is_photo


class Spool:
    """A nameless file that is gone when nobody knows a photo of it any more."""

    def __init__(self, handle: int | None = None) -> None:
        """A new one, or one that another process has made, by its handle."""
        self._handle = handle
        self._end = 0

    @property
    def handle(self) -> int:
        """The open file, for another process as well. Raises OSError where none can be made."""
        if self._handle is None:
            self._handle, name = tempfile.mkstemp(prefix="sharesync-photos-")
            os.unlink(name)  # noqa: PTH108  # the handle alone keeps it
            weakref.finalize(self, os.close, self._handle)
        return self._handle

    def keep(self, photo: Photo) -> KeptPhoto:
        """Put a photo away. Raises OSError where the disk is full."""
        kept = KeptPhoto(self, self._end, len(photo))
        while self._end < kept.at + kept.size:
            self._end += os.pwrite(self.handle, photo[self._end - kept.at :], self._end)
        return kept

    def read(self, at: int, size: int) -> bytes:
        """What was put there."""
        return os.pread(self.handle, size, at)


@dataclass(frozen=True, slots=True, eq=False)
class KeptPhoto:
    """A photo that was put away; equal to any of the same content."""

    spool: Spool = field(repr=False)
    at: int
    size: int

    def content(self) -> Photo:
        """The photo itself. Raises InvalidInput where it is none of ours: another process may have put it away."""
        content = self.spool.read(self.at, self.size) if self.size <= MOST_BYTES else b""
        if not is_photo(content):
            raise InvalidInput("A photo of this file is not what it was; send the file again.")
        return Photo(content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptPhoto) and self.content() == other.content()

    def __hash__(self) -> int:
        return hash(self.size)


MOST_BYTES = 2_000_000
"""Of a photo of ours, which has 512 pixels at most: a third of it where it is nothing but noise."""
