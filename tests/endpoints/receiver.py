"""Somebody who is posted to: a server on this machine that keeps what comes and answers as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Receiver:
    """What came, and what is answered."""

    url: str = ""
    status: int = 204
    says: dict[str, str] = field(default_factory=dict)
    """Headers of the answer."""
    text: str = ""
    """Its body."""
    hangs: bool = False
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    """Path, headers by their names in small letters, body."""
    over: Event = field(default_factory=Event)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """While the block lasts."""
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.came.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if told.hangs:
                told.over.wait()
                return
            self.send_response(told.status)
            if 300 <= told.status < 400:
                self.send_header("Location", f"{told.url}/elsewhere")
            for name, value in told.says.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told.text)))
            self.end_headers()
            self.wfile.write(told.text.encode())

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield told
    finally:
        told.over.set()
        server.shutdown()
        server.server_close()
