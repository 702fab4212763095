"""What arrives from outside: mail over SMTP and messages over HTTP, kept in memory for people to look at."""

from __future__ import annotations

import socketserver
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from threading import Lock, Thread

MOST = 200
"""So many are kept, the newest."""
LARGEST = 1_000_000
"""Bytes of a mail that are taken."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that came."""

    at: datetime
    way: str
    """`mail`, or `post` for chat and webhooks."""
    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Received:
    """All that came, the newest first."""

    def __init__(self) -> None:
        self._kept: deque[Arrival] = deque(maxlen=MOST)
        self._lock = Lock()

    def add(self, arrival: Arrival) -> None:
        """Keep it."""
        with self._lock:
            self._kept.appendleft(arrival)

    def listed(self) -> list[Arrival]:
        """What is kept."""
        with self._lock:
            return list(self._kept)

    def mail(self, to: list[str], content: bytes) -> None:
        """Keep a mail."""
        message = message_from_bytes(content, policy=default)
        body = message.get_body(("plain", "html"))
        text = str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
        told = {name: str(value) for name, value in message.items() if name not in ("To", "Subject")}
        self.add(Arrival(datetime.now(UTC), "mail", ", ".join(to), str(message["Subject"] or ""), text, told))


class _Mail(socketserver.StreamRequestHandler):
    """One connection (RFC 5321): what is not understood is refused, and everybody's mail is taken."""

    server: _MailServer
    timeout = 60

    def handle(self) -> None:
        self._say("220 sandbox ready")
        to: list[str] = []
        while line := self.rfile.readline(1000):
            verb = line[:4].decode("ascii", "replace").upper().strip()
            match verb:
                case "EHLO" | "HELO" | "NOOP" | "MAIL":
                    self._say("250 OK")
                case "RSET":
                    to = []
                    self._say("250 OK")
                case "RCPT":
                    to.append(line.decode("utf-8", "replace").partition(":")[2].strip().partition(" ")[0].strip("<>"))
                    self._say("250 OK")
                case "DATA":
                    self._say("354 go on")
                    content = self._content()
                    if content is None:
                        return
                    self.server.received.mail(to, content)
                    to = []
                    self._say("250 OK")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 not known here")

    def _content(self) -> bytes | None:
        """Lines up to a dot alone; None for what is too much."""
        lines, size = [], 0
        while (line := self.rfile.readline(LARGEST)) not in (b".\r\n", b""):
            size += len(line)
            if size > LARGEST:
                return None
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, received: Received) -> None:
        self.received = received
        super().__init__(("127.0.0.1", 0), _Mail)


@contextmanager
def taking_mail(received: Received) -> Iterator[str]:
    """While the block lasts, take mail on this machine alone; gives the address at which it is handed in."""
    server = _MailServer(received)
    Thread(target=server.serve_forever, args=(0.05,), name="sandbox mail", daemon=True).start()
    try:
        yield f"smtp://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
