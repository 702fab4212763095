"""Files as large as may come in, read and brought in: seconds of the processor, and memory, in a process of its own."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image

from sharesync.bootstrap import world
from sharesync.cli import garbage
from sharesync.formats.file_reading import read
from sharesync.model.audit import OPERATOR
from sharesync.services import imports
from sharesync.settings import Settings
from tests.bench.measured import peak

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iPhone OS 17//EN\r\nN:Ågård{0};Given{0};;;\r\n"
    "FN:Given{0} Ågård{0}\r\nORG:Customer {0};Sales\r\nTITLE:Head of Things\r\n"
    "EMAIL;type=INTERNET;type=HOME;type=pref:g{0}@private.example\r\n"
    "EMAIL;type=INTERNET;type=WORK:g{0}@customer.example\r\n"
    "TEL;type=CELL;type=VOICE;type=pref:+45 20{0:06}\r\nTEL;type=WORK;type=VOICE:+45 33{0:06}\r\n"
    "item1.ADR;type=WORK;type=pref:;;Gade {0};By;;1000;Danmark\r\nitem1.X-ABADR:dk\r\n"
    "item2.URL;type=pref:https://x.example/{0}\r\nitem2.X-ABLabel:_$!<HomePage>!$_\r\nNOTE:Met at the fair {0} 🙂\r\n"
    "BDAY:1980-01-02\r\nUID:abc-{0}\r\nREV:2024-01-01T00:00:00Z\r\n{1}END:VCARD\r\n"
)
"""What an iPhone writes of a contact with as much on it as people usually have."""


def vcards(number: int, photos: int = 0) -> bytes:
    """A file of so many contacts, the first of whom have a photo of some 200 KB."""
    pictures = list(_photos()) if photos else []
    return "".join(
        CARD.format(at, pictures[at % len(pictures)] if at < photos else "") for at in range(number)
    ).encode()


def _photos() -> Iterator[str]:
    for seed in range(5):
        out = BytesIO()
        noise = Random(seed).randbytes(600 * 600 * 3)
        Image.frombytes("RGB", (600, 600), noise).save(out, "JPEG", quality=60)
        coded = b64encode(out.getvalue()).decode()
        lines = "\r\n ".join(coded[at : at + 74] for at in range(0, len(coded), 74))
        yield f"PHOTO;ENCODING=b;TYPE=JPEG:{lines}\r\n"


def measured_reading(file: Path) -> tuple[int, float, float]:
    """Entries; seconds of the processor; megabytes that the process had at its highest."""
    started = time.process_time()
    entries = len(read(file.read_bytes()).entries)
    return entries, time.process_time() - started, peak()


def measured_import(environment: dict[str, str], file: Path, group: str) -> dict[str, float]:
    """Seconds of the processor to read a file, to try it and to bring it in; megabytes at the highest of all that."""
    garbage.seldom()  # as in the program
    operation = world(Settings.from_environment(environment, Path.cwd())).operation(OPERATOR)
    begun = time.process_time()
    found = read(file.read_bytes())
    read_by = time.process_time()
    imports.rehearse(operation, group, found.entries)
    tried_by = time.process_time()
    imports.run(operation, group, found)
    there = time.process_time()
    took = {"read": read_by - begun, "tried": tried_by - read_by, "brought in": there - tried_by, "megabytes": peak()}
    return {name: round(number, 1) for name, number in took.items()}
