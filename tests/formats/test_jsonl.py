"""JSON Lines, as `contacts export` writes them and people change them."""

from __future__ import annotations

import io
import json

import pytest

from sharesync.errors import Sentence
from sharesync.formats.reading import Bad, Format, Parsed, read
from sharesync.formats.writing import Exported, ExportFormat, write
from sharesync.model.card import Card

ADA = Card.parse({"names": [{"givenName": "Ada"}], "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "mobile"}]})


def test_a_line_is_written_as_scripts_expect() -> None:
    out = io.StringIO()
    write(ExportFormat.JSONL, [Exported("c1", 3, ("Kunder", "Æ"), ADA)], out)
    assert out.getvalue() == (
        '{"id": "c1", "version": 3, "groups": ["Kunder", "Æ"], "card": {"names": [{"givenName": "Ada"}],'
        ' "phoneNumbers": [{"type": "mobile", "value": "+45 33 12 34 56"}]}}\n'
    )


def test_lines_are_written_one_by_one() -> None:
    out = io.StringIO()
    lengths = []

    def rows() -> object:
        for number in range(3):
            lengths.append(len(out.getvalue()))
            yield Exported(f"c{number}", 1, (), ADA)

    write(ExportFormat.JSONL, rows(), out)  # type: ignore[arg-type]  # a generator that watches
    assert lengths[0] == 0
    assert lengths[1] > 0
    assert lengths[2] > lengths[1]


def test_with_and_without_what_stands_around_a_card() -> None:
    bare = json.dumps(ADA.as_json())
    text = f'{bare}\n\n{{"card": {bare}}}\r\n{{"id": "c1", "version": 3, "groups": ["X"], "card": {bare}}}\n'
    reading = read(text.encode("utf-8-sig"))
    assert reading.format is Format.JSONL
    assert reading.entries == (Parsed(1, ADA), Parsed(3, ADA), Parsed(4, ADA, id="c1", version=3))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "This line is not JSON; in JSON Lines each contact is one JSON object on one line."),
        ("[" * 100_000, "This line is not JSON; in JSON Lines each contact is one JSON object on one line."),
        ("[]", "A line is one JSON object: a card, or an object with id, version, groups and card."),
        ("{}", "There is nothing in this entry that a contact can hold."),
        ('{"id": "c1"}', "A line with an id, a version or groups needs a card, too."),
        ('{"id": 7, "card": {}}', "An id is text of 1 to 200 characters."),
        ('{"id": "", "card": {}}', "An id is text of 1 to 200 characters."),
        ('{"id": "c", "version": 0, "card": {}}', "A version is a whole number from 1."),
        ('{"id": "c", "version": true, "card": {}}', "A version is a whole number from 1."),
        ('{"version": 1, "card": {}}', "A version needs the id of the contact whose version it is."),
        ('{"id": "c", "card": {}, "x": 1}', "Beside its card a line has id, version and groups, and nothing else."),
        ('{"card": 1}', "A card is one JSON object with fields such as names, emailAddresses, phoneNumbers."),
        ('{"names": {}}', "“names” is a list of objects."),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_reason(line: str, reason: str) -> None:
    good = json.dumps(ADA.as_json())
    assert read(f"{good}\n{line}\n{good}\n".encode()).entries == (
        Parsed(1, ADA),
        Bad(2, Sentence(reason)),
        Parsed(3, ADA),
    )
