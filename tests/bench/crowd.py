"""A crowd: an address book as large as a company's, with its common names, large customers, switchboards and copies."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sharesync.model.card import Card
from tests.users import Json, fields

GIVEN = (
    "Anne Mette Kirsten Hanne Anna Helle Susanne Maria Lene Marianne Camilla Lone Louise Charlotte Pia Tina Gitte Inge"
    " Karen Bente Peter Michael Jens Lars Thomas Henrik Søren Christian Martin Jan Morten Jesper Anders Mads Rasmus"
    " Niels Hans Per Ole Jørgen Emma Ida Clara Laura Freja Alma Noah Oscar Emil Valdemar William Arthur Carl Malthe"
).split()
FAMILY = (
    "Nielsen Jensen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen"
    " Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Jakobsen Jacobsen Mikkelsen"
    " Olesen Frederiksen Laursen Henriksen Lund Holm Schmidt Eriksen Kristiansen Simonsen Clausen Svendsen Andreasen"
).split()
CITIES = [("1050", "København"), ("8000", "Aarhus"), ("5000", "Odense"), ("9000", "Aalborg"), ("6000", "Kolding")]
SYLLABLES = "ba de fi go hu ka le mi no pu ra se ti vo ys".split()


def crowd(size: int, seed: int = 1) -> Iterator[Card]:
    """So many contacts, one in twenty of them a copy of an earlier one with something typed otherwise."""
    chance = random.Random(seed)  # a crowd is no secret, and must be the same again
    told: list[Json] = []
    for number in range(size):
        again = bool(told) and chance.random() < 0.05
        one = _copy(chance, chance.choice(told)) if again else _person(chance, number)
        told.append(one)
        yield Card.parse(one)


def _person(chance: random.Random, number: int) -> Json:
    given, family = common(chance, GIVEN, 0.6), common(chance, FAMILY, 0.5)
    company = f"{word(chance, 2).title()} {chance.choice(('ApS', 'A/S'))}" if chance.random() < 0.5 else "Nordfisk A/S"
    domain = company.split(maxsplit=1)[0].casefold() + ".example"
    one = fields(
        given=given,
        family=family,
        emails=[f"{given}.{family}{number}@{domain}"] if chance.random() < 0.8 else [],
        phones=["+45 33 12 34 50" if chance.random() < 0.1 else f"+45 {20_000_000 + number}"],
        job=(company, "Head of Things") if chance.random() < 0.7 else ("", ""),
    )
    if chance.random() < 0.4:
        code, city = chance.choice(CITIES)
        street = f"{word(chance, 3).title()}vej {chance.randint(1, 99)}"
        one["addresses"] = [{"streetAddress": street, "postalCode": code, "city": city}]
    if chance.random() < 0.2:
        born = {"year": chance.randint(1940, 2005), "month": chance.randint(1, 12), "day": chance.randint(1, 28)}
        one["birthdays"] = [{"date": born}]
    return one


def _copy(chance: random.Random, one: Json) -> Json:
    name = dict(one["names"][0])
    letters = list(name["familyName"])
    letters[chance.randrange(1, len(letters))] = chance.choice("aeinst")
    kept = {field: items for field, items in one.items() if chance.random() < 0.8}
    return kept | {"names": [name | {"familyName": "".join(letters)}]}


def common(chance: random.Random, names: list[str], share: float) -> str:
    """A name that many have, the first of the list most, or one that few have."""
    if chance.random() < share:
        return names[min(int(chance.expovariate(0.1)), len(names) - 1)]
    return word(chance, 3).title()


def word(chance: random.Random, syllables: int) -> str:
    """A word that nobody knows."""
    return "".join(chance.choice(SYLLABLES) for _ in range(syllables))
