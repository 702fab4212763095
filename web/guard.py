"""The guard: until there is a sign-in, only this machine is answered.

Both ends are asked: the address the request came from, and the name it was sent to. A name that is not this machine's
means a proxy, or a page on the internet whose name was pointed here (DNS rebinding). A request that says it was
forwarded is somebody else's, too.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import Forbidden, MethodNotAllowed

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
READS = frozenset({"GET", "HEAD"})


class NotHere(Forbidden):
    """Someone asked from elsewhere."""

    description = (
        "Sign-in is not built yet, so sharesync shows its pages only on the machine it runs on. Open"
        " http://localhost with its port there, or reach it through an SSH tunnel."
    )


def install(app: Flask) -> None:
    """Ask before every request, whatever view it is for."""
    app.before_request(_only_this_machine)
    app.before_request(_only_reading)


def _only_this_machine() -> None:
    if (
        not is_here(request.remote_addr or "")
        or not is_here(_host())
        or any(one in request.headers for one in FORWARDED)
    ):
        raise NotHere


def _only_reading() -> None:
    if request.method not in READS:
        raise MethodNotAllowed(valid_methods=sorted(READS))


def _host() -> str:
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return ""


def is_here(name: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
