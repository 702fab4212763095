"""Static files: each address carries a fingerprint of its content, so that browsers may keep it for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from markupsafe import Markup

YEAR = 365 * 24 * 3600
_STROKES = (
    'class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
    ' stroke-linejoin="round"'
)
ICONS = Path(__file__).parents[1] / "static/vendor/lucide-1.62.0/icons"


def install(app: Flask) -> None:
    """Stamp the addresses, let stamped answers be kept, and give templates their icons."""
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = fingerprint(folder / values["filename"])

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200:
            name = (request.view_args or {})["filename"]
            # What others made lies under its version, and its style sheets and ours name its files without a stamp.
            lasting = name.startswith("vendor/") or request.args.get("v") == fingerprint(folder / name)
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if lasting else "no-cache"
        return response

    app.jinja_env.globals["icon"] = icon


@cache
def fingerprint(file: Path) -> str:
    """Twelve letters of the content's hash; empty where there is no such file."""
    return hashlib.blake2b(file.read_bytes(), digest_size=6).hexdigest() if file.is_file() else ""


@cache
def icon(name: str) -> Markup:
    """An icon of the set, drawn in the colour of the text around it and silent to screen readers."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = " ".join(drawing[drawing.index(">", drawing.index("<svg")) + 1 :].split())
    return Markup(f'<svg {_STROKES} aria-hidden="true">{inside}')  # noqa: S704  # our own files, no input
