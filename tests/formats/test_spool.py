"""Photos on their way into the store lie on disk, and nothing of them stays there."""

import gc
import os
from pathlib import Path

import pytest

from sharesync.errors import InvalidInput
from sharesync.formats.pictures import Photo, as_photo
from sharesync.formats.spool import KeptPhoto, Spool
from tests.pictures import picture

FACE = as_photo(picture("red"))
OTHER = as_photo(picture("blue"))


def test_photos_come_back_as_they_were_put_away_also_in_another_process() -> None:
    spool = Spool()
    one, two = (spool.keep(photo) for photo in (FACE, OTHER))
    assert (one.content(), two.content()) == (FACE, OTHER)
    there = Spool(os.dup(spool.handle))  # as a process has it that was given the file
    assert [KeptPhoto(there, photo.at, photo.size) for photo in (two, one)] == [two, one]
    os.close(there.handle)


@pytest.mark.parametrize("content", [b"", b"<script>", FACE[:-1], FACE + b"<?php", b"\xff\xd8\xff\xe1" + FACE[4:]])
def test_what_another_process_put_there_is_a_photo_of_ours_or_nothing(content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"^A photo of this file is not what it was; send the file again\.$"):
        Spool().keep(Photo(content)).content()


def test_a_photo_beyond_the_end_of_the_file_is_none() -> None:
    kept = Spool().keep(FACE)
    for at, size in ((len(FACE) + 1, 100), (0, 1 << 39)):
        with pytest.raises(InvalidInput):
            KeptPhoto(kept.spool, at, size).content()


def open_files() -> set[str]:
    """Their numbers; without that of the listing itself, which is closed when it is there."""
    return {file.name for file in list(Path("/proc/self/fd").iterdir()) if file.exists()}


def test_nothing_stays_of_photos_that_nobody_knows_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = open_files()
    photo = Spool().keep(FACE)
    (handle,) = open_files() - before
    assert list(tmp_path.iterdir()) == []  # it has no name
    assert photo.content() == FACE
    del photo
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(int(handle))
