"""Plausible: whether an e-mail address or a number, as somebody wrote it, can reach anyone; never a refusal."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]+")


def looks_like_email(address: str) -> bool:
    """Whether a letter to it may arrive."""
    return bool(_ADDRESS.fullmatch(address)) and ".." not in address


def looks_like_phone(number: str) -> bool:
    """Whether somebody may dial it: a short one is one's own exchange's, an extension may be in words."""
    digits, least = sum(map(str.isdecimal, number)), 7 if number.startswith("+") else 2
    return least <= digits <= 20 and not re.search(r"[^\W\d_]{6}", number)
