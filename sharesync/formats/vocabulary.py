"""Google's words for the type of an e-mail, a phone, a date …, and how other programs write them.

A *type* is Google's word (`homeFax`, People API, `Person`); every other text is a custom type and stays as it was
typed. Case, blanks, hyphens and underscores mean nothing: `Home Fax`, `HOME_FAX` and `homeFax` are one word.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sharesync.model.fields import TYPES

_FOLDED = {field: {word.replace("_", "").casefold(): word for word in words} for field, words in TYPES.items()}
_FOLDED["phoneNumbers"]["grandcentral"] = "googleVoice"  # what Google Voice was called, still in Google's exports
_FOLDED["protocols"] |= {"gtalk": "googleTalk", "hangouts": "googleTalk", "xmpp": "jabber", "ymsgr": "yahoo"}

_APPLE = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
"""How Apple's address book marks a label that it translates, as against one that a person typed."""


@lru_cache(maxsize=2048)  # a file repeats a few dozen types for thousands of contacts
def known_type(field: str, text: str) -> str:
    """Google's word for this type of a field's item, or "" where the text is a custom type."""
    return _FOLDED.get(field, {}).get(re.sub(r"[\s_-]", "", text).casefold(), "")


@lru_cache(maxsize=2048)
def read_type(field: str, text: str) -> str:
    """Google's word for a type as a file writes it; a custom type is returned as it was typed."""
    text = _APPLE.sub(r"\1", text.strip())
    return known_type(field, text) or text


def spoken(field: str, text: str) -> str:
    """A type as Google's own files and pages write it: `Home Fax` for `homeFax`; a custom type as it is."""
    if text not in TYPES.get(field, ()):
        return text
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[0].upper() + text[1:])
