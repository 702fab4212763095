"""A large CSV file of customers."""

from __future__ import annotations

import random

from tests.bench.crowd import CITIES, FAMILY, GIVEN, common, word

HEADER = (
    "Fornavn;Efternavn;Firma;Stilling;E-mail;E-mail 2;Telefon (arbejde);Mobil;Gade (arbejde);By (arbejde)"
    ";Postnr. (arbejde);Land (arbejde);Fødselsdag;Bemærkninger;Hjemmeside;Kundenr."
)


def file(size: int) -> bytes:
    """So many contacts with sixteen columns each, as an address book or an accounting program would export them.

    Of a company's customers, who have common names and few colleagues: a file in which everybody is like a hundred
    others would measure the finding of duplicates, and `bench/crowd.py` does that.
    """
    chance = random.Random(4)
    rows = [";".join(_row(chance, at)) for at in range(size)]
    return "\n".join((HEADER, *rows)).encode()


def _row(chance: random.Random, at: int) -> tuple[str, ...]:
    given, family = common(chance, GIVEN, 0.6), common(chance, FAMILY, 0.5)
    company, (code, city) = word(chance, 3), chance.choice(CITIES)
    return (
        *(given, family, f"{company.title()} ApS", "Chef"),
        *(f"{given}.{family}{at}@{company}.example".casefold(), f"{given}{at}@hjem.example".casefold()),
        *(f"+45 33 {at:06}", f"+45 20 {at:06}", f"{word(chance, 3).title()}vej {chance.randint(1, 99)}", city, code),
        *("Danmark", f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.{chance.randint(1940, 2005)}"),
        *("ringer om tirsdagen", f"https://{company}.example", str(at)),
    )
