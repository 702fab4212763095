"""The web page behind a port: in a thread of this process (`run`, `demo`), or by gunicorn in others (`web`).

Gunicorn forks, so it cannot share a process with clock and worker; werkzeug's threaded server can, and is enough for
the one machine that `run` is for. Nothing is logged of requests: addresses hold what people searched for.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server

from sharesync.cli import garbage
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


class _Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


class PageThread:
    """The page, served in a thread of this process while a `with` block lasts."""

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        self._server = make_server(host, port, app, threaded=True, request_handler=_Silent, fd=listening.fileno())
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), daemon=True, name="page")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def serve_by_gunicorn(load: Callable[[], Flask], listening: socket.socket) -> None:
    """Serve until a signal ends it, which ends this process too. `load` makes the application, in the worker.

    The socket is gunicorn's from now on.
    """
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # has no types, nor stubs here

    class Application(BaseApplication):  # type: ignore[misc]  # gunicorn is published without types
        def load_config(self) -> None:
            """Say where and how, instead of a configuration file."""
            options = {
                "bind": f"fd://{listening.detach()}",
                "worker_class": "gthread",  # sync workers fall over on slow browsers
                "workers": 1,
                "threads": 8,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "proc_name": "sharesync-web",
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            """Make the application after the fork: no connection is shared between processes."""
            app = load()
            garbage.set_apart()
            return app

    Application().run()
