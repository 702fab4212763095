"""One request is sent once, whatever happens to the connection."""

import gzip
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread
from typing import BinaryIO

import httplib2
import pytest

from sharesync.google.transport import AnswerLost, Http, NotSent

Script = Callable[[int, bytes], bytes | None]


class RawServer:
    """A server of bytes: for each request it asks the script what to answer; None hangs up."""

    def __init__(self, script: Script, *, hang_up: bool = False) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._script = script
        self._hang_up = hang_up
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, connection.makefile("rb") as stream:
                while request := _request(stream):
                    self.requests.append(request)
                    answer = self._script(len(self.requests), request)
                    if answer is None:
                        break
                    connection.sendall(answer)
                    if self._hang_up:
                        break

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _request(stream: BinaryIO) -> bytes:
    """One whole request; empty when the client has gone."""
    head = b""
    while (line := stream.readline()) not in (b"\r\n", b""):
        head += line
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return head + stream.read(int(length[1]) if length else 0)


def ok(body: bytes = b"{}", *headers: bytes, length: int | None = None) -> bytes:
    head = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % (len(body) if length is None else length), *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    servers: list[RawServer] = []

    def start(script: Script, *, hang_up: bool = False) -> RawServer:
        servers.append(RawServer(script, hang_up=hang_up))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def http() -> Iterator[Http]:
    with closing(Http(timeout=5)) as made:
        yield made


Serve = Callable[..., RawServer]


def test_the_library_alone_would_send_a_post_twice_when_the_connection_drops(serve: Serve) -> None:
    server = serve(lambda number, _: None if number == 1 else ok())
    with closing(httplib2.Http(timeout=5)) as plain:
        plain.request(server.url, "POST", body="x")
    assert len(server.requests) == 2


def test_a_post_is_sent_once_when_the_connection_drops_before_the_answer(serve: Serve, http: Http) -> None:
    server = serve(lambda *_: None)
    with pytest.raises(AnswerLost):
        http.request(server.url, "POST", body="x")
    assert len(server.requests) == 1


def test_a_post_is_sent_once_when_a_kept_connection_drops_before_the_answer(serve: Serve, http: Http) -> None:
    server = serve(lambda number, _: ok() if number == 1 else None)
    http.request(server.url, "POST", body="first")
    with pytest.raises(AnswerLost):
        http.request(server.url, "POST", body="second")
    assert len(server.requests) == 2


def test_a_connection_that_ended_while_idle_is_replaced_before_anything_is_sent(serve: Serve, http: Http) -> None:
    server = serve(lambda *_: ok(), hang_up=True)
    for _ in range(3):
        response, _body = http.request(server.url, "POST", body="x")
        assert response.status == 200
        _until_closed(http)
    assert (len(server.requests), server.connections) == (3, 3)


def _until_closed(http: Http) -> None:
    """The server closes right after its answer; wait until that has arrived."""
    (connection,) = http.connections.values()
    assert connection.sock.recv(1, socket.MSG_PEEK) == b""


def test_one_connection_serves_many_requests(serve: Serve, http: Http) -> None:
    server = serve(lambda *_: ok())
    for _ in range(3):
        http.request(server.url)
    assert server.connections == 1


def test_a_server_that_never_answers_is_given_up_after_the_timeout(serve: Serve) -> None:
    server = serve(lambda *_: b"")
    with closing(Http(timeout=0.05)) as http, pytest.raises(AnswerLost):
        http.request(server.url, "POST", body="x")
    assert len(server.requests) == 1


def test_where_nobody_listens_nothing_was_sent(http: Http) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent):
        http.request(f"http://127.0.0.1:{port}/", "POST", body="x")


def test_a_redirect_is_an_answer_and_is_not_followed(serve: Serve, http: Http) -> None:
    server = serve(lambda *_: b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
    response, _ = http.request(server.url, headers={"authorization": "Bearer secret"})
    assert (response.status, len(server.requests)) == (302, 1)


def test_a_packed_answer_is_unpacked(serve: Serve, http: Http) -> None:
    server = serve(lambda *_: ok(gzip.compress(b'{"a":1}'), b"Content-Encoding: gzip"))
    assert http.request(server.url)[1] == b'{"a":1}'


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(ok(b'{"a"', length=100), id="shorter than announced"),
        pytest.param(ok(gzip.compress(b'{"a":1}')[:-9], b"Content-Encoding: gzip"), id="packed, cut off"),
        pytest.param(ok(b"no gzip", b"Content-Encoding: gzip"), id="not packed at all"),
        pytest.param(ok(b"?", b"Content-Encoding: br"), id="an encoding nobody asked for"),
        pytest.param(b"garbage\r\n\r\n", id="no HTTP"),
    ],
)
def test_an_answer_that_is_not_whole_is_lost(serve: Serve, http: Http, answer: bytes) -> None:
    server = serve(lambda *_: answer, hang_up=True)
    with pytest.raises(AnswerLost):
        http.request(server.url, "POST", body="x")
    assert len(server.requests) == 1
