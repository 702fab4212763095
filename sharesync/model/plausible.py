"""Plausible: whether an e-mail address or a number, as somebody wrote it, can reach anyone; never a refusal.

Two libraries judge, by what registries publish; neither asks the network. What they say is kept with the contact when
it is written (`facets.py`), so that a filter asks nobody, and a newer release of theirs changes no answer by itself.
They are imported when there is something to judge: most commands judge nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_OFTEN = 8192
"""Verdicts that are kept: a file is judged when it is read, and again when its contacts are written."""
_INNER_ZERO = re.compile(r"\(0\)")
_WORD = re.compile(r"[^\W\d_]{6}")
_SHORTEST, _LONGEST = 2, 20


@lru_cache(maxsize=_OFTEN)
def looks_like_email(address: str) -> bool:
    """Whether a letter to it may arrive. Domains set aside for trials (`.test`) count: whoever writes one means it."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


@lru_cache(maxsize=_OFTEN)
def looks_like_phone(number: str) -> bool:
    """Whether somebody may dial it. Without its country nobody knows how long it must be: most may be right."""
    from phonenumbers import NumberParseException, ValidationResult, is_possible_number_with_reason, parse

    bare = _INNER_ZERO.sub("", number).strip()
    abroad = f"+{bare[2:]}" if bare.startswith("00") else bare
    if abroad.startswith("+"):
        try:
            # Its length alone: which numbers a country gives out changes by the week, and libraries are older.
            return is_possible_number_with_reason(parse(abroad)) == ValidationResult.IS_POSSIBLE
        except NumberParseException:
            if bare.startswith("+"):
                return False
    return _SHORTEST <= sum(map(str.isdecimal, bare)) <= _LONGEST and not _WORD.search(bare)
