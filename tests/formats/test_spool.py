"""Photos on their way into the store lie on disk, and nothing of them stays there."""

import gc
import os
import pickle
from pathlib import Path

import pytest

from sharesync.formats.pictures import Photo
from sharesync.formats.spool import Spool


def test_photos_come_back_as_they_were_put_away_also_in_another_process() -> None:
    spool = Spool()
    one, two = (spool.keep(Photo(content)) for content in (b"one", b"of two"))
    assert (one.content(), two.content()) == (b"one", b"of two")
    there = pickle.loads(pickle.dumps([two, one]))
    assert [photo.content() for photo in there] == [b"of two", b"one"]
    assert there == [two, one]
    assert len({photo.spool for photo in there}) == 1


def open_files() -> set[str]:
    """Their numbers; without that of the listing itself, which is closed when it is there."""
    return {file.name for file in list(Path("/proc/self/fd").iterdir()) if file.exists()}


def test_nothing_stays_of_photos_that_nobody_knows_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = open_files()
    photo = Spool().keep(Photo(b"a face"))
    (handle,) = open_files() - before
    assert list(tmp_path.iterdir()) == []  # it has no name
    assert photo.content() == b"a face"
    del photo
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(int(handle))
