"""Posting to an address that somebody typed: over https to a public address, or into a network the operator named.

A name is looked up once, every address it has is checked, and the connection goes to one of those that were: whoever
owns the name cannot point it somewhere else in between. Nothing is followed, no proxy is asked, and little is read.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from sharesync.errors import Sentence, Unreachable
from sharesync.model.hosts import Network, is_reachable, is_within

SECONDS = 20.0
"""How long one attempt may take, from the look-up of the name on."""
READ = 1024
"""Bytes of an answer that are read."""


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """What came back."""

    status: int
    text: str
    """How it begins."""
    retry_after: str | None

    @property
    def accepted(self) -> bool:
        """Whether it was taken. A redirection is no success: it could lead anywhere."""
        return 200 <= self.status < 300


def post(address: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network] = ()) -> None:
    """Send this and return once it was accepted (2xx). Raises Unreachable, whose sentence never holds the address."""
    answer = answer_to(address, body, headers, networks)
    if not answer.accepted:
        raise Unreachable("%(host)s answered %(status)s.", host=urlsplit(address).hostname or "", status=answer.status)


def answer_to(address: str, body: bytes, headers: Mapping[str, str], networks: Sequence[Network] = ()) -> PostAnswer:
    """Send this and return what came back, whatever it is. Raises Unreachable where nothing did, or nothing may.

    `networks` are those inside the company that may be sent to, over http, too.
    """
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = _connected(parts, _checked(parts, port, networks))
    watch = Timer(SECONDS, _end, [connection.sock])
    watch.start()
    try:
        where = parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl()
        connection.request("POST", where, body, {"User-Agent": "sharesync", **headers, "Connection": "close"})
        came = connection.getresponse()
        text = came.read(READ).decode(errors="replace")
        return PostAnswer(came.status, text, came.headers["Retry-After"])
    except (OSError, http.client.HTTPException):
        raise Unreachable("No answer came from %(host)s.", host=host) from None
    finally:
        watch.cancel()
        connection.close()


def _checked(parts: SplitResult, port: int, networks: Sequence[Network]) -> Sequence[tuple[str, int]]:
    """Every address that the name has, each of which may be reached."""
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("No address is known of %(host)s.", host=parts.hostname) from None
    addresses = [str(place[0]) for *_, place in found]
    inside = all(is_within(ip_address(one), networks) for one in addresses)
    if not inside and not all(is_reachable(ip_address(one), networks) for one in addresses):
        raise Unreachable(
            "%(host)s is no public address; SHARESYNC_ENDPOINT_NETWORKS names the networks inside that may be sent to.",
            host=parts.hostname,
        )
    if not inside and (parts.scheme != "https" or not (port == 443 or port > 1023)):
        raise Unreachable("%(host)s is sent to over https alone, at port 443 or above 1023.", host=parts.hostname)
    return [(one, port) for one in dict.fromkeys(addresses)]


def _connected(parts: SplitResult, places: Sequence[tuple[str, int]]) -> socket.socket:
    refusal: Sentence | None = None
    for place in places:
        try:
            plain = socket.create_connection(place, timeout=SECONDS / len(places))
        except OSError:
            continue
        plain.settimeout(SECONDS)
        if parts.scheme != "https":
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        except (OSError, ValueError):
            plain.close()
            refusal = Sentence("%(host)s has no certificate that can be trusted.", host=parts.hostname)
    raise Unreachable(refusal or Sentence("No connection to %(host)s could be made.", host=parts.hostname))


def _end(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
