"""Downloads: a file for the asker, whose name says what it holds and of which day, and that Excel reads as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

from web.frame.live import the_world
from web.frame.zones import here

BOM = "\ufeff"
"""Without it Excel takes a CSV for one in its own old letters. Our own reader passes over it."""
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""What no system has in a file's name."""


def download(parts: Iterable[str], mime: str, what: str, ending: str) -> Response:
    """The parts as a file, sent as they come: `what 2026-11-30.csv`."""

    def encoded() -> Iterator[str]:
        if mime == "text/csv":
            yield BOM
        yield from parts

    answer = Response(stream_with_context(encoded()), mimetype=mime)
    name = f"{_UNFIT.sub('_', what)} {here(the_world().now()):%Y-%m-%d}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
