"""How bytes reach Google: one connection each way, every wait limited, nothing ever sent twice.

httplib2 sends a request again by itself when a connection drops before the status line, a POST too
(`Http._conn_request`), which would make a contact twice. `Http` here replaces exactly that method: one send, one
answer, or one exception that says whether the request had left. It follows no redirects: Google's APIs send none, and
a token must not travel on.

An instance belongs to one pass at a time: httplib2 is not thread-safe.
"""

from __future__ import annotations

import http.client
import select
import zlib
from typing import Any, Protocol

import httplib2

TIMEOUT = 30.0
"""Seconds for connecting, and again for each silence while reading."""

MAX_REPLY = 256 * 1024 * 1024
"""Bytes of one unpacked reply; 1,000 contacts of Google's largest size are half of it."""


class NotSent(OSError):
    """No connection could be made: the request certainly never left."""


class AnswerLost(OSError):
    """The request left, or part of it; the answer did not come back whole."""


class Http(httplib2.Http):  # type: ignore[misc]  # httplib2 is published without types
    """An `httplib2.Http` that sends each request at most once."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        super().__init__(timeout=timeout)
        self.follow_redirects = False

    def _conn_request(
        self, conn: http.client.HTTPConnection, request_uri: str, method: str, body: Any, headers: Any
    ) -> tuple[httplib2.Response, bytes]:
        if conn.sock is not None and _gone(conn):
            conn.close()  # the other end hung up while we were idle: nothing has been sent yet, so begin anew
        if conn.sock is None:
            try:
                conn.connect()
            except (OSError, http.client.HTTPException, httplib2.HttpLib2Error) as error:
                conn.close()
                raise NotSent(type(error).__name__) from error
        try:
            conn.request(method, request_uri, body, headers)
            answer = conn.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            conn.close()
            raise AnswerLost(type(error).__name__) from error
        response = httplib2.Response(answer)
        try:
            return response, _unpacked(response, content)
        except (zlib.error, ValueError) as error:
            raise AnswerLost(type(error).__name__) from error


class Transport(Protocol):
    """What a pass needs of a transport: `Http`, or one that reaches a Workspace in the same process."""

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None
    ) -> tuple[httplib2.Response, bytes]:
        """Send once. Raises NotSent, or another OSError where it may have been executed."""
        ...

    def close(self) -> None: ...


def _gone(conn: http.client.HTTPConnection) -> bool:
    """Whether an idle connection has something to read: that can only be its end."""
    try:
        poll = select.poll()
        poll.register(conn.sock, select.POLLIN | select.POLLHUP | select.POLLERR)
        return bool(poll.poll(0))
    except (OSError, ValueError):
        return True


def _unpacked(response: httplib2.Response, content: bytes) -> bytes:
    encoding = response.pop("content-encoding", "identity")
    if encoding in ("gzip", "deflate"):
        unpacker = zlib.decompressobj(wbits=47)  # 32 + 15: gzip or zlib, told apart by the first bytes
        content = unpacker.decompress(content, MAX_REPLY)
        if not unpacker.eof:
            raise ValueError("cut off, or larger than any reply of Google's")
        response["content-length"] = str(len(content))
    elif encoding != "identity":
        raise ValueError("an encoding nobody asked for")
    return content
