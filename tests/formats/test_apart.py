"""A file is read in a process of its own: the same comes of it, and what takes too much is ended."""

import base64
import io
import resource
from pathlib import Path

import pytest
from PIL import Image

from sharesync.errors import InvalidInput, Sentence
from sharesync.formats import apart, file_reading, wire
from sharesync.formats.csv_sheets import Mapping
from sharesync.formats.spool import Spool

ENDED = r"^Reading this file took too much time or memory and was ended; nothing was changed\. Send it in parts\.$"
PICTURE = io.BytesIO()
Image.new("RGB", (600, 400), "blue").save(PICTURE, "PNG")
FILES = {
    "csv": b"Name,E-mail,Phone\nAda,ada@x.example,1\n,,\n\xe6,odd,2\n",
    "jsonl": b'{"card": {"names": [{"givenName": "Ada"}]}}\n{}\nnothing\n',
    "vcard": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Byron\r\nBDAY:1815-12-10\r\nADR:;;Way 1;Town;;1;Land\r\n"
    b"PHOTO;ENCODING=b:" + base64.b64encode(PICTURE.getvalue()) + b"\r\nX-ODD:one\r\nEND:VCARD\r\n",
}


@pytest.mark.parametrize("kind", FILES)
def test_it_comes_to_the_same(kind: str) -> None:
    here, there = file_reading.read(FILES[kind], "a.txt"), apart.read(FILES[kind], "a.txt")
    assert there == here
    assert [one.card.fingerprint for one in there.entries if isinstance(one, file_reading.Parsed)] == [
        one.card.fingerprint for one in here.entries if isinstance(one, file_reading.Parsed)
    ]
    notes = [note for one in there.entries if isinstance(one, file_reading.Parsed) for note in one.notes]
    assert all(note.template for note in notes)


def test_what_columns_mean_is_told_there_too() -> None:
    data, mapping = b"a,b\nAda,ada@x.example\n", Mapping(("name", "email"))
    assert apart.read(data, "", mapping) == file_reading.read(data, "", mapping)


def test_a_refusal_is_the_same_sentence_in_parts() -> None:
    with pytest.raises(InvalidInput) as caught:
        apart.read(b"", "a.txt")
    with pytest.raises(InvalidInput) as expected:
        file_reading.read(b"", "a.txt")
    assert caught.value.sentence == expected.value.sentence
    assert caught.value.sentence.template == expected.value.sentence.template
    assert isinstance(caught.value.sentence.values["formats"], Sentence)


READS_WITHOUT_END = """
from sharesync.formats import apart
apart.SECONDS = 1  # of the processor
apart.file_reading.read = lambda *_: sum(iter(lambda: 0, 1))
apart.main()
"""


@pytest.mark.parametrize("program", [READS_WITHOUT_END, "import time; time.sleep(60)"], ids=["reading", "waiting"])
def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 30 if "SECONDS" in program else 0.1)
    monkeypatch.setattr(apart, "COMMAND", [apart.COMMAND[0], "-c", program])
    with pytest.raises(InvalidInput, match=ENDED):
        apart.read(b"Name,Note\nAda,n\n")


def test_what_takes_too_much_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Name,Note\n" + "".join(f"Ada {number},{'n' * 200}\n" for number in range(20_000))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    little = "from sharesync.formats import apart; apart.BYTES = 60_000_000; apart.main()"
    monkeypatch.setattr(apart, "COMMAND", [apart.COMMAND[0], "-c", little])
    with pytest.raises(InvalidInput, match=ENDED):
        apart.read(text.encode())
    assert resource.getrlimit(resource.RLIMIT_AS)[1] == hard  # of the child alone


def test_nothing_of_our_environment_goes_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHARESYNC_SECRET_KEY", "s" * 40)
    monkeypatch.setattr(apart, "COMMAND", [apart.COMMAND[0], "-c", _TELLING])
    with pytest.raises(InvalidInput) as told:
        apart.read(b"")
    assert "PATH" in str(told.value)
    assert "SHARESYNC" not in str(told.value)


_TELLING = """
import json, os
print(json.dumps({"refused": {"template": " ".join(os.environ), "values": {}}}))
"""

HEAD = '{"format": "VCARD", "notes": [], "unknown": [], "letters": "", "guessed": false}\n'
CARD = '"card": {"names": [{"givenName": "Ada"}]}'


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "ready\n",
        "[1]\n",
        "{}\n",
        "[" * 100_000 + "\n",
        HEAD.replace("VCARD", "WORM"),
        HEAD.replace('"unknown": []', '"unknown": 3'),
        HEAD.replace('"notes": []', '"notes": [{"template": "no place", "values": {}}]'),
        HEAD + "{}\n",
        HEAD + '{"line": -1, ' + CARD + "}\n",
        HEAD + '{"line": 1, "card": {"names": 3}}\n',
        HEAD + '{"line": 1, "card": {"names": [{"givenName": "' + "a" * 2000 + '"}]}}\n',
        HEAD + '{"line": 1, "id": 3, "version": 1, ' + CARD + "}\n",
        HEAD + '{"line": 1, "photo": [0, 1e99], ' + CARD + "}\n",
        HEAD + '{"line": 1, "reason": {"template": "%(a)999999999s", "values": {"a": "b"}}}\n',
        HEAD + '{"line": 1, "reason": {"template": "%(a)s", "values": {"b": "b"}}}\n',
        HEAD + '{"line": 1, "reason": {"template": "%(a)s", "values": {"a": [1]}}}\n',
        HEAD + '{"line": 1, "reason": {"template": "%(a)s", "values": {"a": {"counted": "Sentence", "number": 1}}}}\n',
    ],
)
def test_what_no_honest_process_answers_is_not_believed(answer: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire.read(answer.encode().splitlines(keepends=True), Spool())


def test_of_a_process_that_answers_something_else_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", [apart.COMMAND[0], "-c", "print('ready')"])
    with pytest.raises(InvalidInput, match=ENDED):
        apart.read(b"")


@pytest.mark.parametrize("size", [10, apart.HEAD, apart.HEAD + 1, 3 * apart.HEAD])
def test_the_head_of_a_file_is_whole_lines_of_it(size: int) -> None:
    data = (b"Name,E-mail\n" * (size // 12 + 1))[:size]
    top = apart.head(data)
    assert data.startswith(top)
    assert len(top) <= apart.HEAD
    assert top == data or top.endswith(b"\n")


def test_a_file_of_one_endless_line_has_a_head() -> None:
    assert len(apart.head(b"x" * 2 * apart.HEAD)) == apart.HEAD
