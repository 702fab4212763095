"""A peer in the same run: vdirsyncer, which brings a folder of vCards and an address book of Radicale's together.

It has no store between the two, no rights and no log; what it takes of the processor is the least that others ask.
It is not locked, and lies in a folder of its own: `make peer`.
"""

from __future__ import annotations

import resource
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

PROGRAMS = Path("var/peer/bin")
REMEDY = "left out: vdirsyncer is not there; `make peer` brings it"
_PATIENCE = 60
_CONFIG = """
[general]
status_path = "{folder}/status/"
[pair both]
a = "here"
b = "there"
collections = [["book", "book", "book"]]
[storage here]
type = "filesystem"
path = "{folder}/here/"
fileext = ".vcf"
[storage there]
type = "carddav"
url = "http://127.0.0.1:{port}/someone/"
username = "someone"
password = "nothing"
"""
_CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{0}\r\nFN:Given{0} Ågård\r\nN:Ågård;Given{0};;;\r\n"
    "EMAIL;TYPE=WORK:given{0}@customer.example\r\nEMAIL;TYPE=HOME:g{0}@private.example\r\nTEL;TYPE=CELL:+45 2{0:07}\r\n"
    "ORG:Customer\r\nTITLE:Head of Things\r\nNOTE:Met at the fair.\r\nEND:VCARD\r\n"
)


def is_there() -> bool:
    """Whether it can be asked."""
    return (PROGRAMS / "vdirsyncer").exists()


def taken(folder: Path, sizes: tuple[int, ...]) -> dict[str, dict[int, float]]:
    """Seconds of the processor of a first fill and of an idle run, by size; its start-up taken off."""
    found: dict[str, dict[int, float]] = {"fill": {}, "idle": {}}
    for size in sizes:
        place = folder / f"peer {size}"
        book = place / "here" / "book"
        book.mkdir(parents=True)
        with _served(place) as config:
            _seconds(config, "discover")
            start = _seconds(config, "sync")  # of nothing
            for number in range(size):
                (book / f"{number}.vcf").write_bytes(_CARD.format(number).encode())
            found["fill"][size] = round(_seconds(config, "sync") - start, 2)
            found["idle"][size] = round(_seconds(config, "sync") - start, 2)
            there = sum(".Radicale.cache" not in file.parts for file in (place / "there").rglob("*.vcf"))
            assert there == size, f"{there} of {size} went there"
    return found


@contextmanager
def _served(place: Path) -> Iterator[Path]:
    """The configuration by which it finds both sides, while Radicale runs."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = place / "config"
    config.write_text(_CONFIG.format(folder=place, port=port))
    words = ["--server-hosts", f"127.0.0.1:{port}", "--auth-type", "none"]
    words += ["--storage-filesystem-folder", str(place / "there")]
    with (place / "log").open("w") as log:
        server = subprocess.Popen([PROGRAMS / "python", "-m", "radicale", *words], stdout=log, stderr=log)
    try:
        _wait(port, server)
        yield config
    finally:
        server.terminate()
        server.wait()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(_PATIENCE * 10):
        assert server.poll() is None, "Radicale ended"
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
        except OSError:
            threading.Event().wait(0.1)
        else:
            return
    raise AssertionError("Radicale did not start")


def _seconds(config: Path, what: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = [str(PROGRAMS / "vdirsyncer"), "--config", str(config), what]
    subprocess.run(program, input=b"y\n" * 9, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
