"""The law of CSV files: each cell stands in a card, or in a note that names its row, its column and itself."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput
from sharesync.formats.csv_words import BOOKKEEPING, KINDS, LEFT_OUT, NOUNS, SMALL, WHOLE
from sharesync.formats.file_reading import FileReading, Parsed, read
from sharesync.formats.ledger import Note

WORDS = sorted({*NOUNS, *KINDS, *SMALL, *WHOLE, *BOOKKEEPING, *LEFT_OUT})
GOOGLE = [
    *("First Name", "Last Name", "Labels", "E-mail 1 - Label", "E-mail 1 - Value", "Phone 1 - Value", "Birthday"),
    *("Address 1 - Formatted", "Address 1 - Street", "Event 1 - Value", "Custom Field 1 - Label", "Given Name"),
    *("Group Membership", "Nickname", "Photo", "Organization 1 - Name", "Organization Title", "Name"),
]
HEADINGS = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(["Name", "First Name", "Last Name", "Company", "Contact person", "Email", "Phone", "Birth Year"]),
    st.sampled_from(GOOGLE),
    st.tuples(st.sampled_from(WORDS), st.integers(1, 3)).map(lambda one: f"{one[0]} {one[1]}"),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), max_size=8),
)
CELLS = st.one_of(
    st.sampled_from(
        [
            *("", "", "Ane", "Ane Vig", "Vig", "ane@vig.test", "Ane <ane@vig.test>", "a@x.test; b@x.test, ingen"),
            *("33 12 34 56", "33123456.0", "4.53312E+09", "#N/A", "n/a", "-", "Normal", "False", "1980", "3", "31"),
            *("25. marts 1980", "33112233 / 20304050", '="0045 1"', "5.79E+12"),
            *(
                "2.1.1985",
                "2.1.1985 10:30",
                "0/0/00",
                "12 Mar 2023",
                "* Work",
                "a ::: b",
                "SMTP",
                "A.V.",
                "* myContacts",
                "=1+1",
                "'=1",
            ),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), max_size=12),
)
SIGN = "\u2055"
"""Marks each cell: nothing else in a card or a note holds it."""


def tables() -> st.SearchStrategy[list[list[str]]]:
    return st.lists(HEADINGS, min_size=1, max_size=7).flatmap(
        lambda header: st.lists(
            st.lists(CELLS, min_size=len(header), max_size=len(header) + 1), min_size=1, max_size=4
        ).map(lambda rows: [["Email", *header], *[["x@x.test", *row] for row in rows]])
    )


def standing(reading: FileReading, line: int) -> tuple[str, list[Note]]:
    """What the card of a line holds, as text, and its notes."""
    (entry,) = (one for one in reading.entries if one.line == line)
    assert isinstance(entry, Parsed)
    return json.dumps(entry.card.as_json(), ensure_ascii=False), [one for one in entry.notes if isinstance(one, Note)]


SILENT = frozenset(["Normal", "False", "SMTP", "A.V.", "0/0/00", "* myContacts"])
"""What programs write by themselves."""
NUMBERS = {
    "33123456.0": "33123456",
    "2.1.1985": "1985",
    "2.1.1985 10:30": "1985 10:30",
    "25. marts 1980": "1980",
    '="0045 1"': "0045 1",
}


@example([["Email", "Birthday"], ["x@x.test", '="0045 1"']], ",", "utf-8", False)
@example([["Email", "Birthday"], ["x@x.test", "2.1.1985 10:30"]], ",", "utf-8", False)
@example([["Email", "Anniversary"], ["x@x.test", "2.1.1985 10:30"]], ",", "utf-8", True)
@given(tables(), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans())
def test_each_cell_stands_in_a_card_or_in_a_note(
    table: list[list[str]], delimiter: str, encoding: str, marked: bool
) -> None:
    """A marked cell is found by a sign of its own wherever it went, the others by their words."""
    signs = iter(range(1000))
    cells = [
        [cell and f"{cell} {SIGN}{next(signs)}{SIGN}" if marked else cell for cell in row[1:]] for row in table[1:]
    ]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(table[0])
    writer.writerows(["x@x.test", *row] for row in cells)
    try:
        reading = read(out.getvalue().encode(encoding))
    except InvalidInput:
        return  # nothing of it came in, and it was said
    assert len(reading.entries) == len(cells)
    for line, row in enumerate(cells, 2):
        card, notes = standing(reading, line)
        said = f"{card} {' '.join(note.value for note in notes)}".casefold()
        for cell in row:
            if cell not in SILENT:
                text = unicodedata.normalize("NFC", NUMBERS.get(cell, cell)).casefold()
                assert all(word in said for word in re.findall(r"\w+|\u2055\w+\u2055", text)), (cell, said)
