"""The web page behind a port, in a thread of this process: alone (`web`), or beside clock and worker (`run`, `demo`).

Nothing is logged of requests: addresses hold what people searched for.
"""

from __future__ import annotations

import errno
import socket
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sharesync.cli.front import Front
from sharesync.environment import wrong

if TYPE_CHECKING:
    from flask import Flask


def listen(host: str, port: int, *, or_any: bool = False) -> socket.socket:
    """The socket where the page will stand; with `or_any`, any free port where this one is taken.

    Raises SettingsError where it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and or_any:
            return listen(host, 0)
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            what = f"is {port}, which {'is taken' if error.errno == errno.EADDRINUSE else 'may not be used'} here"
            raise wrong("SHARESYNC_PORT", what, "choose another, or 0 for any free one") from None
        raise wrong("SHARESYNC_HOST", f"is {host}, which is no address of this machine", "use 127.0.0.1") from None


def address(listening: socket.socket) -> str:
    """What to open in a browser, without a trailing slash."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class PageThread:
    """The page, served in a thread of this process while a `with` block lasts."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        self._front = Front(app, listening)
        self._thread = Thread(target=self._front.serve, daemon=True, name="page")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._front.end()
        self._thread.join()
