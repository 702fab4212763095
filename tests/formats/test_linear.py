"""Reading a file takes work that grows with the file and no faster, whatever somebody wrote into it to make it dear."""

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, overload

import pytest

from sharesync.errors import InvalidInput
from sharesync.formats import file_reading
from sharesync.formats.csv_reading import CsvRow, lines_of, rows
from sharesync.formats.entries import Bad
from sharesync.formats.file_reading import read

BEGIN, END = "BEGIN:VCARD\nVERSION:3.0\nN:A;B;;;\n", "END:VCARD\n"
Make = Callable[[int], str]

CARDS: dict[str, Make] = {
    "titles": lambda n: BEGIN + "ORG:x\nTITLE:y\n" * n + END,
    "titles in groups": lambda n: (
        BEGIN + "".join(f"item{i}.ORG:x{i}\nitem{n - i}.TITLE:y{i}\n" for i in range(n)) + END
    ),
    "readings of an organisation": lambda n: BEGIN + "TEL:1\n" * n + "X-PHONETIC-ORG:y\n" * n + END,
    "labels of addresses": lambda n: (
        BEGIN + "".join(f"ADR;TYPE=t{i}:;;x{i}\nLABEL;TYPE=u{i}:a{i}\n" for i in range(n)) + END
    ),
    "parts of our own": lambda n: BEGIN + "".join(f"i.TEL:{i}\ni.X-SHARESYNC-A{i}:1\n" for i in range(n)) + END,
    "agents": lambda n: BEGIN + "AGENT:BEGIN:VCARD\n" * n + END * n,
    "birthdays": lambda n: BEGIN + "BDAY:1\n" * n + END,
    "cards without an end": lambda n: BEGIN * n,
    "unclosed marks": lambda n: "Name,Email\n" + 'Ada,"ada@x.example\n' * n,
}
LONG_LINES: dict[str, Make] = {
    "base64": lambda n: BEGIN + "PHOTO;ENCODING=b:" + "AAAA" * n + "\n" + "AAAA\n" * n + END,
    "quoted-printable": lambda n: BEGIN + "NOTE;ENCODING=QUOTED-PRINTABLE:" + "aaaa" * n + "=\n" + "a=\n" * n + END,
    "folded": lambda n: BEGIN + "NOTE;ENCODING=QUOTED-PRINTABLE:" + "aaaa" * n + "\n" + " a=\n" * n + END,
    "quotes in a head": lambda n: BEGIN + 'TEL;X="' + '";"' * n + ":1\n" + END,
    "marks in one line": lambda n: "Name,Email\n" + '"a" "b ' * n,
    "an open mark": lambda n: 'Name,Email\n"a' + "b" * n,
}


def steps(text: str) -> int:
    """Lines of ours that are run to read a file."""
    counted = 0

    def follow(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return follow

    before = sys.gettrace()
    sys.settrace(follow)
    try:
        read(text.encode())
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("kind", CARDS)
def test_four_times_the_file_takes_four_times_the_steps(kind: str) -> None:
    small, large = (steps(CARDS[kind](number)) for number in (100, 400))
    assert large < 5 * small  # a card beyond Google's limits is fitted, which is a step more for each value


@pytest.mark.parametrize("kind", LONG_LINES)
def test_a_long_line_is_not_looked_through_again_for_each_that_goes_on_with_it(kind: str) -> None:
    """Four megabytes: to look at them once for each line would take hours."""
    assert read(LONG_LINES[kind](400_000).encode()).entries


class _Counted(Sequence[str]):
    """Lines that count how many letters of them are given away."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.letters = 0

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        found = self.lines[at]
        self.letters += len(found) if isinstance(found, str) else sum(map(len, found))
        return found

    def __len__(self) -> int:
        return len(self.lines)


@pytest.mark.parametrize(
    "text",
    [
        '"Ada,ada@x.example\n' * 500,
        'b,"\n' * 500,
        ('"Ada\n' + ',""x""\n' * 20) * 20,
        '"never closed\n' + 'a,""\n' * 500,
        'a,"""b\n' * 500,
        '"a",""\n' * 500,
        '"a\n' + '""' * 500 + "\n" + 'b"c\n' * 500,
    ],
)
def test_no_letter_of_a_table_is_read_more_than_a_few_times(text: str) -> None:
    lines = _Counted(lines_of(text))
    assert list(rows(lines, ",", 0))
    assert lines.letters <= 5 * len(text)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('a,"b\nc",d\n', [["a", "b\nc", "d"]]),
        ('a,"b ""c""\n""d""",e\n', [["a", 'b "c"\n"d"', "e"]]),
        ('a,"b\nc,d\n', [["a", "b\n"], ["c", "d"]]),
        ('"a,b\n"c","d"\n', [["a", "b"], ["c", "d"]]),
        ('a "b",c"\nd,e\n', [['a "b"', 'c"'], ["d", "e"]]),
        ('"a" b,c\n', [["a b", "c"]]),
        ('"a\nb" ,c\n', [["a\nb ", "c"]]),
        ('"a\n","b\nc"\n', [["a\n", "b\nc"]]),
        ('"a\n', [["a\n"]]),
    ],
)
def test_an_unclosed_mark_costs_its_own_row(text: str, cells: list[list[str]]) -> None:
    found = [row.cells for row in rows(lines_of(text), ",", 0) if isinstance(row, CsvRow)]
    assert [[cell.rstrip("\n") for cell in row] for row in found] == [
        [cell.rstrip("\n") for cell in row] for row in cells
    ]


@pytest.mark.parametrize(
    "text", ["Name\n" + "Ada\n" * 25_001, (BEGIN + END) * 25_001, '{"names":[{"givenName":"Ada"}]}\n' * 25_001]
)
def test_no_file_holds_more_contacts_than_a_mailbox(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^This file holds more than 25,000 contacts"):
        read(text.encode())


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_reading, "SECONDS", -1.0)
    with pytest.raises(InvalidInput, match=r"^This file takes too long to read; send it in parts\.$"):
        read(b"Name\nAda\nBo\n")


def test_a_card_of_too_many_lines_costs_itself() -> None:
    bad, good = read((BEGIN + "TEL:1\n" * 10_001 + END + BEGIN + END).encode()).entries
    assert isinstance(bad, Bad)
    assert bad.reason == "This card has more than 10,000 lines."
    assert not isinstance(good, Bad)
