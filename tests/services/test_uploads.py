"""Uploads: found by their sender alone, and gone after an hour whoever looks."""

import os
import time
from pathlib import Path

from sharesync.services.operation.uploads import KEPT_SECONDS, MOST, Uploads


def test_a_file_is_found_by_its_sender_and_its_word_alone(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    word = uploads.keep("1", b"who")
    assert uploads.find("1", word) == b"who"
    assert uploads.find("2", word) is None
    assert uploads.find("1", f"../{word}") is None
    assert {one.stat().st_mode & 0o777 for one in (tmp_path / "uploads").iterdir()} == {0o600}
    uploads.forget("1", word)
    assert uploads.find("1", word) is None


def test_what_nobody_came_back_for_is_swept_and_the_rest_stays(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    uploads.sweep()  # nothing was ever sent
    old, new = uploads.keep("1", b"old"), uploads.keep("1", b"new")
    before = time.time() - KEPT_SECONDS - 1
    os.utime(tmp_path / "uploads" / f"1.{old}", (before, before))
    uploads.sweep()
    assert (uploads.find("1", old), uploads.find("1", new)) == (None, b"new")


def test_a_sender_who_leaves_takes_their_files_along_and_nobody_elses(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    mine, longer = uploads.keep("1", b"mine"), uploads.keep("12", b"theirs")
    uploads.forget_all("1")
    assert (uploads.find("1", mine), uploads.find("12", longer)) == (None, b"theirs")


def test_of_one_person_only_the_newest_few_are_kept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    theirs = uploads.keep("2", b"theirs")
    mine = []
    for number in range(MOST + 2):
        word = uploads.keep("1", str(number).encode())
        os.utime(tmp_path / "uploads" / f"1.{word}", (number, number))
        mine.append(word)
    kept = [uploads.find("1", word) for word in mine]
    assert [one for one in kept if one is not None] == [b"2", b"3", b"4"]
    assert uploads.find("2", theirs) == b"theirs"
