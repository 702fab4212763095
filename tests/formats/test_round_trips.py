"""What we write, we read: card for card, for all that the format can hold."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import InvalidInput
from sharesync.formats.file_reading import Bad, FileReading, Format, Parsed, read
from sharesync.formats.file_writing import Exported, ExportFormat, pieces
from sharesync.formats.google_csv import SEPARATOR
from sharesync.formats.pictures import as_photo
from sharesync.formats.spreadsheet import as_typed, harmless
from sharesync.model.card import Card
from tests.formats.cards import TEXTS, cards
from tests.pictures import pictures


def _written(format_: ExportFormat, *exported: Exported) -> bytes:
    return "".join(pieces(format_, exported)).encode()


def _back(format_: ExportFormat, *some: Card) -> list[Card | str]:
    reading = read(_written(format_, *(Exported(f"c{at}", 1, ("Customers",), card) for at, card in enumerate(some))))
    return [entry.card if isinstance(entry, Parsed) else entry.reason for entry in reading.entries]


@given(st.lists(cards(TEXTS), min_size=1, max_size=3))
def test_json_lines_hold_every_card(some: list[Card]) -> None:
    assert _back(ExportFormat.JSONL, *some) == some


@given(st.lists(cards(TEXTS), min_size=1, max_size=3))
def test_vcard_holds_every_card(some: list[Card]) -> None:
    assert _back(ExportFormat.VCF, *some) == some


@given(st.lists(st.tuples(cards(TEXTS), st.just(b"") | pictures().map(as_photo)), min_size=1, max_size=3))
def test_vcard_holds_every_photo_which_comes_back_as_the_same(some: list[tuple[Card, bytes]]) -> None:
    data = _written(ExportFormat.VCF, *(Exported("c", 1, (), card, photo) for card, photo in some))
    assert max(map(len, data.split(b"\r\n"))) <= 75
    back = [entry for entry in read(data).entries if isinstance(entry, Parsed)]
    assert [entry.card for entry in back] == [card for card, _photo in some]
    assert [entry.photo.content() if entry.photo else b"" for entry in back] == [photo for _card, photo in some]
    assert [entry.notes for entry in back] == [()] * len(some)


@given(cards(TEXTS), pictures())
def test_only_vcard_holds_photos(card: Card, photo: bytes) -> None:
    for form in (ExportFormat.JSONL, ExportFormat.GOOGLE_CSV):
        with_one, without = (Exported("c", 1, (), card, one) for one in (photo, b""))
        assert _written(form, with_one) == _written(form, without)


_IN_CELLS = TEXTS.filter(lambda text: SEPARATOR.strip() not in text and text.count("@") < 2)


@given(st.lists(cards(_IN_CELLS, rich=False), min_size=1, max_size=3))
def test_google_csv_holds_what_its_header_has_columns_for(some: list[Card]) -> None:
    assert _back(ExportFormat.GOOGLE_CSV, *some) == some


@given(cards(TEXTS))
def test_a_vcard_keeps_to_75_octets_and_whole_letters(card: Card) -> None:
    for line in _written(ExportFormat.VCF, Exported("c", 1, (), card)).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@given(TEXTS)
def test_a_harmless_cell_is_read_as_it_was_typed(text: str) -> None:
    assert as_typed(harmless(text)) == text


@given(cards(TEXTS))
def test_no_cell_of_an_export_begins_like_a_formula_unless_it_is_a_bare_number(card: Card) -> None:
    text = _written(ExportFormat.GOOGLE_CSV, Exported("c", 1, ("=1+1",), card)).decode()
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
                assert re.fullmatch(r"[+-]+[0-9].*", cell)
                assert not re.search(r"[=|!@'\"a-df-su-wyz_A-Z]", cell)


@pytest.mark.parametrize(
    "cell",
    ["+45 33 12 34 56", "+1 (555) 010-0199", "+44 20 7946 0123 ext 12", "+1 555 0100 x7", "--12-01", "-", "+46,8"],
)
def test_numbers_and_dates_reach_google_as_they_are(cell: str) -> None:
    assert harmless(cell) == (cell if len(cell) > 1 else "'" + cell)


@pytest.mark.parametrize("cell", ["=1", "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-A1", "+A1", "＝1", "'=1", "+x5"])
def test_formulas_are_guarded(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["x", "x ", '"', ""])
@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1+cmd", "-a", "@SUM(1)", " =1+1", '"=1+1'])
def test_no_spreadsheet_runs_a_cell_from_its_middle_whatever_its_separator(
    separator: str, before: str, formula: str
) -> None:
    for inside in (separator, "\n", "\r\n"):
        note = f"{before}{inside}{formula}{inside}{formula}"
        card = Card.parse({"names": [{"givenName": note}], "biographies": [{"value": note}]})
        written = _written(ExportFormat.GOOGLE_CSV, Exported("c", 1, (), card))
        for row in csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=separator):
            for cell in row:
                begins = cell.lstrip('" ')[:1]
                assert begins == "" or begins not in "=+-@", cell
        (back,) = read(written).entries
        assert isinstance(back, Parsed)
        assert back.card == card


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _read_or_refused(data)


_SNIPPETS = st.sampled_from(
    [
        *(b"BEGIN:VCARD\r\n", b"END:VCARD\r\n", b"VERSION:2.1\n", b"N:Doe;J\xf8rgen\n", b"BDAY:1985-02-31\n", b"NOTE:"),
        *(
            b"N;CHARSET=x;ENCODING=QUOTED-PRINTABLE:=C3=",
            b"\n =98\n",
            b"AGENT:BEGIN:VCARD\n",
            b"AGENT:\n",
            b"1604-01-01",
        ),
        *(
            b"item1.X-ABLabel:_$!<Home>!$_\n",
            b'TEL;TYPE="a:b;c:1\n',
            b"PHOTO;ENCODING=b:AAAA\n AA",
            b"PHOTO:data:image/png;base64,A=\n",
            b"X-A;B=C;;=:\\",
        ),
        *(b"ADR:;;\\;,\\\n", b"TEL;PREF=0:1\n", b"X-SHARESYNC-DATE:1\n", b"item1.X-SHARESYNC-FIELD:a\n", b"ORG:\n"),
        *(b"Name,E-mail 1 - Value,Phone 1 - Value\n", b"Navn;E-mail;F\xf8dselsdag\n", b"sep=;\n", b"31/12/1999\n"),
        *(b'"', b",", b";", b" ::: ", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"[" * 50, b'{"card":'),
        b'{"id": "a", "card": {"names": [{"givenName": "x"}]}}\n',
    ]
)


@given(st.lists(st.one_of(_SNIPPETS, st.binary(max_size=5)), max_size=14).map(b"".join))
def test_any_wreck_of_a_file_is_read_or_refused(data: bytes) -> None:
    _read_or_refused(data)


@given(st.lists(cards(TEXTS), min_size=1, max_size=2), st.sampled_from(ExportFormat), st.data())
def test_a_damaged_export_is_read_or_refused(some: list[Card], format_: ExportFormat, data: st.DataObject) -> None:
    whole = _written(format_, *(Exported("c", 1, (), card) for card in some))
    at = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 20))
    _read_or_refused(whole[:at] + data.draw(st.binary(max_size=5)) + whole[at + length :])


def _read_or_refused(data: bytes) -> None:
    try:
        reading = read(data)
    except InvalidInput:
        return
    assert isinstance(reading, FileReading)
    lines = [entry.line for entry in reading.entries]
    assert lines == sorted(lines)
    assert all(line >= 1 for line in lines)
    for entry in reading.entries:
        if isinstance(entry, Bad):
            assert entry.reason.endswith(".")
        else:
            assert entry.card == Card.parse(entry.card.as_json())


def test_the_format_is_known_from_the_contents() -> None:
    card = Card.parse({"names": [{"givenName": "Åse"}], "emailAddresses": [{"value": "aase@firma.example"}]})
    exported = Exported("c", 1, ("Kunder",), card)
    assert read(_written(ExportFormat.VCF, exported), "x.csv").format is Format.VCARD
    assert read(_written(ExportFormat.JSONL, exported), "x.vcf").format is Format.JSONL
    assert read(_written(ExportFormat.GOOGLE_CSV, exported), "").format is Format.GOOGLE_CSV
