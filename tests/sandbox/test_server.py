"""Starting and stopping the server."""

import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from queue import Queue
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests
from flask import Response

from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace

ROOT = Path(__file__).parents[2]
PROGRAM = """
import signal
import sys
from pathlib import Path
from sharesync.sandbox.journal import Journal
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace

signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started in the background ignores it
journal = Journal(Path(sys.argv[1]))
people = {"domain": "x.test", "users": [{"email": "a@x.test"}]}
server = SandboxServer(journal.open(lambda: Workspace.from_description(people)))
print(server.url, flush=True)
server.serve_forever()
"""


def started(journal: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(journal)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_it_stops_while_a_connection_is_open_and_can_be_stopped_twice(workspace: Workspace) -> None:
    server = SandboxServer(workspace)
    server.start()
    with requests.Session() as session:
        assert session.get(f"{server.url}/_sandbox/clock", timeout=5).ok
        server.stop()
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(f"{server.url}/_sandbox/clock", timeout=5)


def test_what_an_answer_is_read_from_is_closed_whether_or_not_the_client_waits_for_it(workspace: Workspace) -> None:
    closed: Queue[str] = Queue()

    def answer(who: str) -> Response:
        made = Response("read from somewhere")
        made.call_on_close(lambda: closed.put(who))
        return made

    with SandboxServer(workspace) as server:
        server.app.add_url_rule("/answers/<who>", "answer", answer)
        assert requests.get(f"{server.url}/answers/waits", timeout=5).ok
        assert closed.get(timeout=5) == "waits"
        with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /answers/goes HTTP/1.1\r\nHost: x\r\n\r\n")
        assert closed.get(timeout=5) == "goes"


def test_serving_in_the_callers_thread_ends_when_stopped_from_another(workspace: Workspace) -> None:
    server = SandboxServer(workspace)
    thread = Thread(target=server.serve_forever)
    thread.start()
    assert requests.get(f"{server.url}/_sandbox/clock", timeout=5).ok
    server.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    process, url = started(tmp_path / "journal")
    with requests.Session() as session:
        assert session.get(f"{url}/_sandbox/clock", timeout=5).ok
        process.send_signal(signal.SIGINT)
        assert (process.wait(5), process.communicate()[1]) == (0, "")


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    process, url = started(path)
    hands = f"{url}/_sandbox/mailboxes/a@x.test/hands"
    for number in range(20):
        body = {"person": {"names": [{"givenName": str(number)}]}}
        assert requests.post(f"{hands}/create", json=body, timeout=5).ok
    process.kill()
    process.communicate()
    process, url = started(path)
    mailbox = requests.get(f"{url}/_sandbox/mailboxes/a@x.test", timeout=5).json()
    assert len(mailbox["contacts"]) == 20
    process.kill()
    process.communicate()
