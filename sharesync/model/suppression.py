"""Suppression marks: how an erased contact is known again without anything about it being kept.

Of each e-mail address and number only a keyed hash (HMAC-SHA-256) stands in the database. Without the key nobody can
try addresses against it. An address counts whatever its case, a number by its digits: `+45 …` and `0045 …` are one.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from sharesync.model.card import Card

SHORTEST = 6
"""Digits below which a number is an extension, which says nothing about who it is."""


def digests(key: bytes, card: Card) -> frozenset[bytes]:
    """The suppression marks that a card would leave: one for each of its e-mail addresses and numbers."""
    told = {"mail:" + item.text("value").strip().casefold() for item in card["emailAddresses"]}
    told |= {"tel:" + digits for item in card["phoneNumbers"] if (digits := _digits(item.text("value")))}
    return frozenset(hmac.digest(key, one.encode(), hashlib.sha256) for one in told)


def _digits(number: str) -> str:
    digits = re.sub(r"\(0\)|\D" if number.startswith("+") else r"\D", "", number)
    digits = digits.removeprefix("00")
    return digits if len(digits) >= SHORTEST else ""
