"""Addresses that a form or an address names for where to go next: only our own are followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def inside(wanted: str | None) -> str:
    """The address if it is one of ours: a path, nothing that a browser would read as another host; else the first page.

    Browsers drop tabs and line breaks out of an address and read a backslash as a slash.
    """
    wanted = wanted or "/"
    if not wanted.isprintable() or "\\" in wanted or not wanted.startswith("/") or wanted.startswith("//"):
        return "/"
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else "/"
