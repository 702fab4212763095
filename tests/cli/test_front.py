"""Nobody fills up the web page: whatever others hold open, the next request is answered, by one of the same threads."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus

import pytest
from flask import Flask, Response, request

from sharesync.cli import front, pages

Address = tuple[str, int]
Hold = Callable[[socket.socket], None]

MANY = 300
PATIENT = 5.0
"""Seconds that a busy machine may take for an answer that an idle one gives in a few milliseconds."""

HELD: dict[str, Hold] = {
    "idle": lambda one: None,
    "half a line": lambda one: one.sendall(b"GET /heal"),
    "half a head": lambda one: one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
    "half a body": lambda one: one.sendall(
        b"POST /sum HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"
    ),
    "half a chunk": lambda one: one.sendall(
        b"POST /sum HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nabc"
    ),
    "kept alive": lambda one: one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    "an answer that nobody reads": lambda one: one.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"),
}


RELEASED = threading.Event()
"""Until then, what takes its time is not done."""


@pytest.fixture
def address() -> Iterator[Address]:
    app = Flask(__name__)
    app.add_url_rule("/healthz", "alive", lambda: "ok")
    app.add_url_rule("/large", "large", lambda: Response(b"x" * 100_000 for _ in range(3)))
    app.add_url_rule("/huge", "huge", lambda: Response(b"x" * 1_000_000 for _ in range(200)))
    app.add_url_rule("/slow", "slow", lambda: str(RELEASED.wait(60)))
    app.add_url_rule("/sum", "sum", lambda: str(len(request.get_data())), methods=["POST"])
    with pages.listen("127.0.0.1", 0) as listening:
        where = listening.getsockname()[:2]
        with pages.PageThread(app, listening):
            yield where


def connected(address: Address) -> socket.socket:
    made = socket.create_connection(address, timeout=PATIENT)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return made


def said(one: socket.socket) -> bytes:
    """What comes until the other side closes."""
    pieces = []
    while piece := one.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


REST = b"\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def asked(address: Address, head: bytes = b"GET /healthz HTTP/1.1") -> bytes:
    with connected(address) as one:
        one.sendall(head + REST)
        return said(one)


def is_closed(one: socket.socket) -> bool:
    """Whether the other side has closed it by now, or does within a few seconds."""
    one.settimeout(PATIENT)
    try:
        said(one)
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


@pytest.mark.parametrize("manner", HELD)
def test_the_next_request_is_answered_whatever_others_hold_open(address: Address, manner: str) -> None:
    before = threading.active_count()
    with ExitStack() as held:
        for _ in range(MANY):
            HELD[manner](held.enter_context(connected(address)))
        for _ in range(3):
            assert asked(address).endswith(b"ok")
        assert threading.active_count() == before  # the pool, and no thread for a connection


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        (b"GET /?q=".ljust(front.LARGEST_HEAD - len(REST), b"x"), 431, "too-large"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999", 413, "too-large"),
        (b"GET / HTTP/1.1\r\nContent-Length: many", 400, "bad-request"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: strange", 501, "bad-request"),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_problem(address: Address, sent: bytes, status: int, kind: str) -> None:
    head, _, body = asked(address, sent).partition(b"\r\n\r\n")
    assert head.partition(b"\r\n")[0].endswith(f" {status} {HTTPStatus(status).phrase}".encode())
    assert b"Content-Type: application/problem+json\r\n" in head + b"\r\n"
    problem = json.loads(body)
    assert (problem["status"], problem["type"]) == (status, f"/api/#{kind}")


def test_the_connection_that_has_waited_longest_goes_for_a_new_one(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "CONNECTIONS", 3)
    with connected(address) as first, connected(address) as second, connected(address) as third:
        for one in (first, second, third):
            one.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
            time_for_it()
        assert asked(address).endswith(b"ok")
        assert is_closed(first)
        second.sendall(b"Connection: close\r\n\r\n")
        assert said(second).endswith(b"ok")


def time_for_it() -> None:
    """Let the front's thread see what was sent before what comes next."""
    threading.Event().wait(0.05)


@pytest.mark.parametrize("manner", [one for one in HELD if "reads" not in one])
def test_a_request_that_does_not_come_is_given_up(
    address: Address, monkeypatch: pytest.MonkeyPatch, manner: str
) -> None:
    for limit in ("HEAD_SECONDS", "BODY_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(front, limit, 0.5)
    monkeypatch.setattr(front, "SLOWEST", 1_000_000)
    with connected(address) as one:
        HELD[manner](one)
        assert is_closed(one)


@pytest.mark.parametrize(
    "begun", [b"GET /", b"POST /sum HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"]
)
def test_a_byte_now_and_then_does_not_keep_a_request_alive(
    address: Address, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    for limit in ("HEAD_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(front, limit, 1.0)
    monkeypatch.setattr(front, "SLOWEST", 1_000_000)

    def drip(one: socket.socket) -> None:
        for _ in range(200):
            one.sendall(b"a")
            time_for_it()

    with connected(address) as one:
        one.sendall(begun)
        with pytest.raises(ConnectionError):
            drip(one)


def test_an_answer_that_nobody_reads_gives_its_thread_back(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "READ_SECONDS", 0.5)
    with ExitStack() as held:
        slow = [held.enter_context(connected(address)) for _ in range(front.THREADS)]
        for one in slow:
            one.sendall(b"GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with connected(address) as waiting:
            waiting.settimeout(30)
            waiting.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert said(waiting).endswith(b"ok")


def test_unfinished_bodies_take_no_more_room_than_they_may(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "UNFINISHED", 1_500_000)
    with ExitStack() as held:
        some = [held.enter_context(connected(address)) for _ in range(3)]
        for one in some:
            one.sendall(
                b"POST /sum HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n"
                + b"a" * 700_000
            )
            time_for_it()
        assert is_closed(some[0])
        some[2].sendall(b"a" * 300_000)
        assert said(some[2]).endswith(b"1000000")


def test_who_watches_waits_behind_nobody(address: Address) -> None:
    RELEASED.clear()
    with ExitStack() as held:
        held.callback(RELEASED.set)
        for _ in range(2 * front.THREADS):
            held.enter_context(connected(address)).sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        assert asked(address).endswith(b"ok")


def test_a_whole_request_is_answered_however_it_came(address: Address) -> None:
    with connected(address) as one:
        for byte in b"POST /sum HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde":
            one.sendall(bytes([byte]))
        assert said(one).endswith(b"5")


def test_what_answers_does_not_say_its_name_or_version(address: Address) -> None:
    for line in (b"GET /healthz HTTP/1.1", b"GET /nothing HTTP/1.1", b"nonsense"):
        head = asked(address, line).partition(b"\r\n\r\n")[0].lower()
        assert head.startswith(b"http/1.")
        assert not [word for word in (b"server:", b"waitress", b"python", b"werkzeug", b"via:") if word in head]
