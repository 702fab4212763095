"""The sandbox over HTTP: keep-alive, threaded, and able to drop a connection when a fault says so.

werkzeug's server closes every connection, and none other can drop one amid an answer, so a small WSGI server over
http.server stands here; the application behind it is ordinary Flask.
"""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import ClosingIterator

from sharesync.sandbox.app import create_app
from sharesync.sandbox.received import Received
from sharesync.sandbox.workspace import Workspace

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class SandboxServer:
    """The Workspace behind a port of this machine.

    As a context manager it serves in a thread and stops at the end; `serve_forever` serves in the caller's thread until
    `stop` or Ctrl-C. `port` 0 takes any free one; `url` names it, without a trailing slash.
    """

    def __init__(self, workspace: Workspace, host: str = "127.0.0.1", port: int = 0) -> None:
        self.workspace = workspace
        self.app = create_app(workspace)
        self._server = _Server((host, port), self.app)
        self._thread: Thread | None = None
        self._serving = False

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def received(self) -> Received:
        """What came from outside."""
        kept: Received = self.app.extensions["received"]
        return kept

    @property
    def token_uri(self) -> str:
        return f"{self.url}/token"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serves in a thread of its own."""
        self._serving = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), name="sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops serving, in whatever thread it happens, and closes all connections."""
        if self._serving:
            self._server.shutdown()
            self._serving = False
        if self._thread:
            self._thread.join()
            self._thread = None
        self._close()

    def serve_forever(self) -> None:
        """Serves until Ctrl-C."""
        self._serving = True
        try:
            self._server.serve_forever(0.2)
        except KeyboardInterrupt:
            pass
        finally:
            self._serving = False
            self._close()

    def _close(self) -> None:
        self._server.server_close()
        self._server.close_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: Wsgi) -> None:
        self.app = app
        self.open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def close_connections(self) -> None:
        for connection in list(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is the sandbox's and is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with suppress(ConnectionError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class names it so
        """Silent: the call log tells more."""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        started: list[Any] = []
        chunks = self.server.app(self._environ(body), lambda status, headers, *_: started.extend((status, headers)))
        with closing(ClosingIterator(chunks)):  # a page's script is a file, left open by whoever only reads it
            content = b"".join(chunks)
        status, headers = started
        cut = next((value for name, value in headers if name == "X-Sandbox-Drop"), None)
        if cut == "nothing":
            self._hang_up()
            return
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        for name, value in headers:
            if name.lower() not in ("content-length", "x-sandbox-drop"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if cut == "half":
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            self._hang_up()
        elif self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815  # the base class calls them so

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": str(host),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value)
        return environ
