"""FEBRL: made-up persons whose duplicates are known, as contacts; how many of these pairs are found, and how truly.

The sets, where they come from and their licence: README.md beside this.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from rapidfuzz.fuzz import ratio

from sharesync.model.card import Card
from sharesync.model.likeness import ENOUGH, alike
from sharesync.model.traits import Traits, signs, traits, values
from sharesync.store.records.likeness_blocks import FIRST, LISTED
from tests.users import Json

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Persons:
    """One set: the traits of each record by its name, and which of them are pairs."""

    told: dict[str, Traits]
    true: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Figures:
    """How well the pairs of one set are found."""

    pairs: int
    precision: float
    recall: float
    f1: float
    sure: int
    """Pairs of which an import may take one for the other."""
    sure_precision: float


def persons(number: int) -> Persons:
    """The persons of one set."""
    told: dict[str, Traits] = {}
    with (Path(__file__).parent / f"dataset{number}.csv").open() as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            record = {name.strip(): (value or "").strip() for name, value in row.items()}
            told[record["rec_id"]] = traits(Card.parse(_card(record)))
    of_one: dict[str, list[str]] = defaultdict(list)
    for name in sorted(told):
        of_one[name.split("-")[1]].append(name)
    return Persons(told, frozenset(pair for names in of_one.values() for pair in combinations(names, 2)))


def _card(record: dict[str, str]) -> Json:
    born = record["date_of_birth"]
    date = {"year": int(born[:4]), "month": int(born[4:6]), "day": int(born[6:])} if len(born) == 8 else {}
    # A birthday with a typing error may be none, and no card has such a one.
    real = 1 <= date.get("month", 0) <= 12 and 1 <= date.get("day", 0) <= 31
    return {
        "names": [{"givenName": record["given_name"], "familyName": record["surname"]}],
        "birthdays": [{"date": date}] if real else [],
        "addresses": [
            {
                "streetAddress": f"{record['street_number']} {record['address_1']}".strip(),
                "extendedAddress": record["address_2"],
                "city": record["suburb"],
                "postalCode": record["postcode"],
                "region": record["state"],
            }
        ],
    }


def found(of: Persons) -> dict[Pair, tuple[int, bool]]:
    """The pairs that the store would make: bits, and whether they are sure."""
    holders: dict[str, list[str]] = defaultdict(list)
    for name in sorted(of.told):
        for sign in signs(of.told[name]):
            holders[sign].append(name)
    held = Counter(value for one in of.told.values() for value in values(one))
    met = {pair for block in holders.values() for pair in combinations(block[:LISTED], 2) if pair[0] in block[:FIRST]}
    alikes = {(one, other): alike(of.told[one], of.told[other], ratio, held.__getitem__) for one, other in met}
    return {pair: (why.surety, why.sure) for pair, why in alikes.items() if why}


def figures(of: Persons, pairs: dict[Pair, tuple[int, bool]], enough: int = ENOUGH) -> Figures:
    """How well they are found from so many bits on."""
    told = {pair for pair, (bits, _) in pairs.items() if bits >= enough}
    sure = {pair for pair, (_, sure) in pairs.items() if sure}
    right, right_and_sure = len(told & of.true), len(sure & of.true)
    precision, recall = right / max(len(told), 1), right / len(of.true)
    return Figures(
        pairs=len(of.true),
        precision=round(precision, 4),
        recall=round(recall, 4),
        f1=round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        sure=len(sure),
        sure_precision=round(right_and_sure / max(len(sure), 1), 4),
    )
