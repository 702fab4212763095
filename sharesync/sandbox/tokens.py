"""Page tokens and sync tokens: opaque to clients, a JSON object to us.

A token belongs to one mailbox, one kind and one set of request parameters; used with anything else it is refused with
Google's general 400 (observed for malformed and foreign ones, documented for changed parameters).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from sharesync.sandbox.errors import invalid_argument
from sharesync.sandbox.wire import Json


def fingerprint(*parameters: object) -> str:
    """A short stamp of the parameters that must stay the same."""
    return hashlib.sha256(json.dumps(parameters, sort_keys=True, default=_plain).encode()).hexdigest()[:16]


def issue(kind: str, owner: str, print_: str, **values: int) -> str:
    """A token with `values`; its text ends in `==`, so a client has to encode it."""
    raw = json.dumps({"k": kind, "m": owner, "f": print_, **values}, separators=(",", ":")).encode()
    padded = raw + b" " * ((1 - len(raw)) % 3)  # one byte over a multiple of three: the text ends in ==
    return base64.b64encode(padded, b"+_").decode()


def read(kind: str, owner: str, print_: str, token: str) -> Json:
    """The token's values. Raises ApiError 400 for one that is not of this kind, mailbox and parameters."""
    try:
        value = json.loads(base64.b64decode(token, b"+_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise invalid_argument() from error
    if not isinstance(value, dict) or (value.get("k"), value.get("m"), value.get("f")) != (kind, owner, print_):
        raise invalid_argument()
    return value


def _plain(value: object) -> list[str]:
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{value!r} cannot be part of a fingerprint.")
