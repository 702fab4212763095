"""No value of a vCard is lost silently: whatever the file, each stands in a card or in a note with its line.

The cards here are made of words that occur once, so that a lost one cannot hide behind another.
"""

from __future__ import annotations

import json
import quopri
import re
from base64 import b64encode
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.formats.file_reading import Entry, Parsed, read
from sharesync.formats.ledger import Note
from sharesync.formats.vcard_words import (
    LEFT_OUT,
    MESSENGERS,
    OF_THE_EMPLOYER,
    OURS,
    PHONETIC,
    PLAIN,
    SORTED_AS,
    STRUCTURE,
)

FILES = [file for folder in ("vcards", "imports") for file in (Path(__file__).parent / folder).glob("*.vcf")]

NAMES = sorted(
    {
        *PLAIN, *MESSENGERS, *LEFT_OUT, *PHONETIC, *OF_THE_EMPLOYER, *SORTED_AS,
        *"N FN ADR LABEL ORG TITLE BDAY IMPP SOUND X-MAIDENNAME X-ABADR X-SOCIALPROFILE SOCIALPROFILE".split(),
        *"X-APPLE-SUBLOCALITY X-APPLE-SUBADMINISTRATIVEAREA X-ABLABEL X-ANDROID-CUSTOM X-MESSAGING/XMPP-ALL".split(),
        *"KIND X-ABSHOWAS CLASS SOURCE MAILER X-MS-TEXT X-MS-OL-DESIGN X-EVOLUTION-LIST X-ACTIVITY-ALERT".split(),
        *"VND-63-SENSITIVE-CONTENT-CONFIG X-TIMES_CONTACTED X-KADDRESSBOOK-X-SPOUSESNAME X-EVOLUTION-SPOUSE".split(),
        *"X-KADDRESSBOOK-CRYPTOPROTOPREF X-SHARESYNC-SYMBOL X-SHARESYNC-NOTHING HOBBY X-FOO BIRTHPLACE".split(),
    }
)  # fmt: skip
_TYPES = ("HOME", "WORK", "CELL", "FAX", "VIDEO", "pref", "INTERNET", "X-{}", "{}")
_PARAMS = (
    'LABEL="{}"',
    "SORT-AS={}",
    "X-FOO={}",
    'CC="{}"',
    "X-SERVICE-TYPE={}",
    "X-USER={}",
    "ALTID=1",
    "LANGUAGE=da",
)
_SHAPES: tuple[str, ...] = (
    "{}",
    "{};{}",
    ";{};;{};;;;{};{}",
    "{},{}",
    r"{}\, {}\n{}",
    "https://{}.test/{}",
    "{}:{}",
    "mailto:{}@{}.test?a={}",
)
_SHAPES += (
    '"{}" <{}@{}.test>',
    "tel:{};ext={};isub={}",
    "urn:uuid:{}",
    "x;{};3;{};{}",
    "-",
    "n/a",
    "{} (1985-01-02)",
    "1985 {}",
    "1985-01-02 Z{}",
)
_SHAPES += ("{} " + "long " * 250, "https://{}.test/" + "a" * 1100)
_ENCODINGS = ("", "QUOTED-PRINTABLE", "BASE64")


class _Words:
    """Words of letters, each of which there is once."""

    def __init__(self) -> None:
        self._numbers = count()
        self.given: list[str] = []

    def fill(self, form: str) -> str:
        """The form with a new word in each place."""
        return re.sub(r"\{\}", lambda _: self._next(), form)

    def _next(self) -> str:
        word = "q" + "".join("abcdefghij"[int(digit)] for digit in f"{next(self._numbers):03}") + "z"
        self.given.append(word)
        return word


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A vCard with all that the versions know, and its words."""
    words = _Words()
    lines = ["BEGIN:VCARD", f"VERSION:{draw(st.sampled_from(('2.1', '3.0', '4.0')))}"]
    lines += [f"PRODID:{OURS}"] if draw(st.booleans()) else []
    for _ in range(draw(st.integers(1, 8))):
        if draw(st.integers(0, 11)) == 0:
            lines.append(words.fill("{} no colon"))
            continue
        head = draw(st.sampled_from(("", "", "item1.", "item2."))) + draw(st.sampled_from(NAMES))
        for kind in draw(st.lists(st.sampled_from(_TYPES), max_size=3)):
            head += draw(st.sampled_from((";TYPE=", ";"))) + words.fill(kind)
        for param in draw(st.lists(st.sampled_from(_PARAMS), max_size=2)):
            head += ";" + words.fill(param)
        lines.append(draw(folded(head, words.fill(draw(st.sampled_from(_SHAPES))))))
    if draw(st.booleans()):
        lines += ["AGENT:BEGIN:VCARD", words.fill("FN:{}"), "END:VCARD"]
    return "\r\n".join([*lines, "FN:Ane Vig", "END:VCARD", words.fill("{} outside"), ""]), words.given


@st.composite
def folded(draw: st.DrawFn, head: str, value: str) -> str:
    """A line with its value encoded, and folded somewhere, as one of the versions has it."""
    blob = re.search("PHOTO|LOGO|SOUND|KEY|THUMBNAIL", head)  # whose bytes are no words
    encoding = draw(st.sampled_from(_ENCODINGS[: 2 if blob else 3]))
    match encoding:
        case "QUOTED-PRINTABLE":
            coded = quopri.encodestring(value.encode()).decode().rstrip("\n")
            return f"{head};ENCODING={encoding};CHARSET=UTF-8:{coded}"
        case "BASE64":
            return f"{head};ENCODING={encoding}:{b64encode(value.encode()).decode()}\r\n"
        case _:
            line = f"{head}:{value}"
    at = draw(st.integers(1, len(line)))
    return line[:at] + draw(st.sampled_from(("", "\r\n ", "\n\t"))) + line[at:]


def told(entry: Entry) -> str:
    """All that is said of an entry."""
    if isinstance(entry, Parsed):
        return json.dumps(entry.card.as_json(), ensure_ascii=False) + "\n".join(entry.notes)
    return str(entry.reason)


@given(files())
def test_each_word_of_a_generated_card_stands_in_the_card_or_in_a_note(file: tuple[str, list[str]]) -> None:
    text, words = file
    found = read(text.encode())
    entries = found.entries
    said = "\n".join((*map(told, entries), *found.notes))
    assert [word for word in words if word not in said] == []
    for entry in entries:
        for note in entry.notes if isinstance(entry, Parsed) else ():
            assert isinstance(note, Note)
            assert 1 <= note.line <= text.count("\n") + 1


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_word_of_a_real_file_stands_in_a_card_or_in_a_note(file: Path) -> None:
    """Words of what is encoded, and of long blobs, are not looked for: the generated cards have them."""
    text = re.sub(r"\r?\n[ \t]", "", file.read_text("utf-8", "replace"))
    said = "\n".join(map(told, read(file.read_bytes()).entries)).casefold()
    lost = []
    for line in text.splitlines():
        head, _, value = line.partition(":")
        name = re.split(r"[.;]", head.upper())[head.startswith("item")]
        if STRUCTURE.fullmatch(name) or re.search("ENCODING|BASE64|QUOTED|PHOTO", head.upper()) or len(value) > 200:
            continue
        shown = value.replace(r"\n", " ").replace("\\", "").casefold()
        lost += [(line, word) for word in re.findall(r"\w{3,}", shown) if word not in said]
    assert [pair for pair in lost if not _is_written_otherwise(*pair)] == []


def _is_written_otherwise(line: str, word: str) -> bool:
    """A word that stands in another form: a date, a scheme, Apple's marks, where a card is told to be a company."""
    if re.fullmatch(r"[\dtz]+|mailto|tel|xmpp|skype|aim|msnim|ymsgr|x|apple|company|text|ext|mycontacts", word):
        return True
    return any(sign in line for sign in ("X-ABLabel", "myContacts", "My Contacts", "vnd.android"))
