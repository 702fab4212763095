"""A large CSV file: what it costs to read it, and to bring it in, in seconds of the processor."""

from __future__ import annotations

import time

from sharesync.formats.reading import read
from sharesync.model.audit import OPERATOR
from sharesync.services import imports
from tests.worlds import House

HEADER = (
    "Fornavn;Efternavn;Firma;Stilling;E-mail;E-mail 2;Telefon (arbejde);Mobil;Gade (arbejde);By (arbejde)"
    ";Postnr. (arbejde);Land (arbejde);Fødselsdag;Bemærkninger;Hjemmeside;Kundenr."
)


def file(size: int) -> bytes:
    """So many contacts with sixteen columns each, as an address book or an accounting program would export them."""
    rows = (
        f"Åse {at};Vig {at};Vig {at % 500} ApS;Chef;a{at}@vig.example;b{at}@vig.example;+45 33 {at:06};+45 20 {at:06}"
        f";Vej {at};Holte;2840;Danmark;{1 + at % 28}.3.1980;ringer om tirsdagen;https://vig{at}.example;{at}"
        for at in range(size)
    )
    return "\n".join((HEADER, *rows)).encode()


def read_and_brought_in(house: House, size: int) -> dict[str, float]:
    """Seconds of the processor that a file takes to be read, and then to come into a group."""
    begun = time.process_time()
    found = read(file(size))
    then = time.process_time()
    _, report = imports.run(house.world.operation(OPERATOR), "Customers", found)
    assert report.created == size
    return {"read": round(then - begun, 1), "brought in": round(time.process_time() - then, 1)}
