"""Numbers as they stand in addresses and forms: whole, and no larger than a database holds."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter

_DIGITS = 18
"""The largest integer of SQLite and PostgreSQL has 19; Python itself refuses to read thousands."""


def whole(text: str) -> int:
    """The number that these digits are, for `request.args.get(…, type=whole)`. Raises ValueError for any other text."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise ValueError("no whole number of at most 18 digits")
    return int(text)


class _Whole(IntegerConverter):
    regex = rf"[0-9]{{1,{_DIGITS}}}"


class _Id(BaseConverter):
    regex = "[0-9a-f]{32}"


def install(app: Flask) -> None:
    """Let `<int:…>` in an address stand for such a number, `<id:…>` for an id; any other is no address of ours."""
    app.url_map.converters["id"] = _Id
    app.url_map.converters["int"] = _Whole
