"""The front of the web page: a server whose threads see whole requests only, and that nobody can fill up.

waitress reads requests in one thread, and gives each to a thread of its pool once all of it is there; so who sends half
a request holds a connection and no thread. What waitress leaves open is closed here: how long a request may take to
arrive (a byte now and then is activity to it), how slowly an answer may be read (a thread may wait for that), and what
happens when connections run out (it would accept nobody any more; here the one that has waited longest goes).

Requests wait in one line for the pool, but for two kinds that have threads of their own. Those to `URGENT`: whoever
watches over us, and would start us anew where no answer comes, waits behind nobody's searches. And those that wait for
something to happen (`LONG`): a hundred programs that do nothing else must not keep anybody from being answered.
"""

from __future__ import annotations

import logging
import socket
import time
from threading import Event
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from web.frame.problems import MEDIA, of_status

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8
URGENT = "/healthz"
"""Answered by a thread of its own; the answer takes a millisecond and asks nobody."""
LONG, WAITS = "/api/v1/changes", "wait="
LONG_THREADS = 108
"""A few more than may wait (`web/api/changes.py`): who finds no place there is answered at once, too."""
CONNECTIONS = 256
"""At the same time; where another one comes, the one that has waited longest without a whole request goes."""
HEAD_SECONDS = 10.0
"""For all lines before a request's body, from the first byte on."""
BODY_SECONDS = 20.0
"""For its body, and a second more for each `SLOWEST` bytes of it."""
SLOWEST = 20_000
"""Bytes a second: the slowest that a body may come and an answer be read."""
IDLE_SECONDS = 30.0
"""Between two requests, and before the first."""
READ_SECONDS = 30.0
"""An answer is held against `SLOWEST` over so many seconds."""
UNFINISHED = 256 * 1024 * 1024
"""Bytes that all unfinished requests may hold together; beyond, the one that has waited longest goes."""
LARGEST_HEAD = 32 * 1024
LARGEST = 64 * 1024 * 1024
"""The page refuses half of it in its own words."""


class _Refusal(ErrorTask):  # type: ignore[misc]  # waitress is published without types
    """The answer to a request that could not be read, and so never came to the page: in the form that programs know."""

    def execute(self) -> None:
        problem = of_status(self.request.error.code)
        body = problem.body()
        self.status = f"{problem.status} {problem.title}"
        self.response_headers.append(("Content-Type", MEDIA))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress is published without types
    """One connection."""

    error_task_class = _Refusal
    request: Any = None
    """What has come of the next request."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self.waiting_since = time.monotonic()
        """Since when there is no whole request: its first byte, or before that the end of the last answer."""
        self.head_since: float | None = None
        self.body_since: float | None = None
        self.window = (self.waiting_since, 0)
        """When the reading of an answer was looked at last, and how much had been sent by then."""
        self.sent = 0
        super().__init__(*args, **more)

    @property
    def waits(self) -> bool:
        """Whether we wait for the other side to send something."""
        return not self.requests and not self.total_outbufs_len

    @property
    def unfinished(self) -> int:
        """Bytes of a body that is not all there."""
        return self.request.body_bytes_received if self.request is not None else 0

    def received(self, data: bytes) -> bool:
        """Take what came, and note since when this request comes."""
        now = time.monotonic()
        if self.request is None:
            self.waiting_since = self.head_since = now
        taken: bool = super().received(data)
        if self.request is None:
            self.head_since = self.body_since = None
        elif self.request.headers_finished and self.body_since is None:
            self.body_since = now
        return taken

    def service(self) -> None:
        """Answer a request, in a thread of the pool."""
        super().service()
        self.waiting_since = time.monotonic()

    def send(self, data: bytes, *args: Any, **more: Any) -> int:
        """Send some of an answer."""
        number: int = super().send(data, *args, **more) or 0
        self.sent += number
        return number

    def handle_close(self) -> None:
        """Close it, and what was kept of a body that did not come whole."""
        super().handle_close()
        if self.request is not None:
            self.request.close()
            self.request = None

    def is_late(self, now: float) -> bool:
        """Whether the other side has had all the time that it gets."""
        if self.total_outbufs_len:
            since, before = self.window
            if now - since < READ_SECONDS:
                return False
            self.window = (now, self.sent)
            return self.sent - before < SLOWEST * READ_SECONDS
        self.window = (now, self.sent)
        if self.requests:
            return False
        if self.body_since is not None:
            expected = self.request.content_length if self.request is not None else 0
            return now - self.body_since > BODY_SECONDS + (expected or self.unfinished) / SLOWEST
        if self.head_since is not None:
            return now - self.head_since > HEAD_SECONDS
        return now - self.waiting_since > IDLE_SECONDS


class Front(TcpWSGIServer):  # type: ignore[misc]  # waitress is published without types
    """The server of an application behind a socket that listens."""

    channel_class = _Channel

    def __init__(self, app: Flask, listening: socket.socket) -> None:
        # What waitress logs of a request is its path, and that a thread was free a moment later.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        chosen = Adjustments(
            sockets=[listening],
            threads=THREADS,
            connection_limit=CONNECTIONS + 64,  # never reached: ours comes first
            cleanup_interval=1,
            asyncore_use_poll=True,  # select() ends at file number 1024
            max_request_header_size=LARGEST_HEAD,
            max_request_body_size=LARGEST,
            clear_untrusted_proxy_headers=False,  # the page itself asks who passed a request on
            ident="",  # nobody needs to know what answers
        )
        name = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(app, _sock=listening, adj=chosen, sockinfo=name, bind_socket=False)
        # A request that waits for something to happen waits for this, too (`web/frame/live.py`).
        self._ending = app.extensions["sharesync.ending"] = Event()
        self._urgent, self._long = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        self._urgent.set_thread_count(1)
        self._long.set_thread_count(LONG_THREADS)

    def serve(self) -> None:
        """Serve until `end` is called in another thread."""
        while not self._ending.is_set():
            self.asyncore.loop(timeout=1.0, map=self._map, use_poll=True, count=1)
        for line in (self.task_dispatcher, self._urgent, self._long):
            line.shutdown()
        for channel in [one for one in self._map.values() if isinstance(one, _Channel)]:
            channel.handle_close()
        self.asyncore.close_all(self._map)

    def end(self) -> None:
        """Let what is being answered be answered, and stop."""
        self._ending.set()
        self.pull_trigger()

    def add_task(self, task: _Channel) -> None:
        """Let the next request of a connection wait for its answer."""
        # A request that could not be read has no path.
        path, query = (getattr(task.requests[0], name, "") for name in ("path", "query"))
        waits = self._long if WAITS in query else self.task_dispatcher
        line = self._urgent if path == URGENT else waits if path == LONG else self.task_dispatcher
        line.add_task(task)

    def handle_accept(self) -> None:
        """Take a connection; where there are too many, another one goes for it."""
        super().handle_accept()
        if len(self.active_channels) > CONNECTIONS:
            self._let_go()

    def maintenance(self, now: float) -> None:
        """Once a second: close the connections whose other side is late, and what is too much in all."""
        moment = time.monotonic()
        for channel in list(self.active_channels.values()):
            if channel.is_late(moment):
                channel.handle_close()
        while sum(channel.unfinished for channel in self.active_channels.values()) > UNFINISHED:
            self._let_go()

    def _let_go(self) -> None:
        """Close the connection that has waited longest; where all are being answered, the newest."""
        there = list(self.active_channels.values())
        waiting = [channel for channel in there if channel.waits]
        chosen = min(waiting, key=lambda channel: channel.waiting_since) if waiting else there[-1]
        chosen.handle_close()
