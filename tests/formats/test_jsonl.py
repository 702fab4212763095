"""JSON Lines, as `contacts export` writes them and people change them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sharesync.errors import Sentence
from sharesync.formats.file_reading import Bad, Format, Parsed, read
from sharesync.formats.file_writing import Exported, ExportFormat, pieces
from sharesync.model.card import Card

ADA = Card.parse({"names": [{"givenName": "Ada"}], "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "mobile"}]})


def test_a_line_is_written_as_scripts_expect() -> None:
    assert list(pieces(ExportFormat.JSONL, [Exported("c1", 3, ("Kunder", "Æ"), ADA, b"a photo")])) == [
        (
            '{"id": "c1", "version": 3, "groups": ["Kunder", "Æ"], "card": {"names": [{"givenName": "Ada"}],'
            ' "phoneNumbers": [{"type": "mobile", "value": "+45 33 12 34 56"}]}, "fields": {}}\n'
        )
    ]


@pytest.mark.parametrize("form", [ExportFormat.JSONL, ExportFormat.VCF])
def test_contacts_are_written_one_by_one(form: ExportFormat) -> None:
    asked = []

    def rows() -> Iterator[Exported]:
        for number in range(3):
            asked.append(number)
            yield Exported(f"c{number}", 1, (), ADA)

    assert [len(asked) for _piece in pieces(form, rows())] == [1, 2, 3]


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
        ("[]", "A line is one JSON object: a card, or an object with id, version, groups, card and fields."),
        ("{}", "There is nothing in this entry that a contact can hold."),
        ('{"id": "c1"}', "A line with an id, a version or groups needs a card, too."),
        ('{"id": 7, "card": {}}', "An id is text of 1 to 200 characters."),
        ('{"id": "", "card": {}}', "An id is text of 1 to 200 characters."),
        ('{"id": "c", "version": 0, "card": {}}', "A version is a whole number from 1."),
        ('{"id": "c", "version": true, "card": {}}', "A version is a whole number from 1."),
        ('{"version": 1, "card": {}}', "A version needs the id of the contact whose version it is."),
        (
            '{"id": "c", "card": {}, "x": 1}',
            "Beside its card a line has id, version, groups and fields, and nothing else.",
        ),
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
