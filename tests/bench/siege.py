"""How soon `/healthz` answers while others hold what they can, or send what they may: real processes, real sockets."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

HEAD = b"Host: localhost\r\n"
MANY = 300
ATTACKS: Mapping[str, Callable[[socket.socket], None]] = {
    "nobody": lambda one: one.close(),
    "idle connections": lambda one: None,
    "half a head": lambda one: one.sendall(b"GET /healthz HTTP/1.1\r\n" + HEAD),
    "half a body": lambda one: one.sendall(b"POST /sign-in/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 99999\r\n\r\nabc"),
    "kept alive": lambda one: one.sendall(b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n"),
    "nobody reads": lambda one: one.sendall((b"GET /sign-in/ HTTP/1.1\r\n" + HEAD + b"\r\n") * 20),
    "a long search": lambda one: one.sendall(
        b"GET /contacts/?q=" + b"+".join(b"w%d" % number for number in range(3000)) + b" HTTP/1.1\r\n" + HEAD + b"\r\n"
    ),
}


@contextmanager
def serving(environment: Mapping[str, str], folder: Path) -> Iterator[tuple[tuple[str, int], int]]:
    """The page alone, in a process of its own: its host and port, and the process's number."""
    told = {**environment, "SHARESYNC_DATA_DIR": str(folder), "SHARESYNC_PORT": "0", "PATH": os.environ["PATH"]}
    command = [str(Path(sys.executable).with_name("sharesync")), "web"]
    with subprocess.Popen(command, env=told, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        address = re.search(r"http://([^:]+):(\d+)", process.stdout.readline() if process.stdout else "")
        assert address
        try:
            yield (address[1], int(address[2])), process.pid
        finally:
            process.terminate()


def besieged(environment: Mapping[str, str], folder: Path) -> dict[str, tuple[int, int]]:
    """Milliseconds to the first answer and threads of the process, by what three hundred connections do meanwhile."""
    with serving(environment, folder) as (address, process):
        return {name: _under(address, process, attack) for name, attack in ATTACKS.items()}


def _under(address: tuple[str, int], process: int, attack: Callable[[socket.socket], None]) -> tuple[int, int]:
    with ExitStack() as held:
        for _ in range(MANY):
            attack(held.enter_context(socket.create_connection(address, timeout=30)))
        begun = time.perf_counter()
        with socket.create_connection(address, timeout=30) as one:
            one.sendall(b"GET /healthz HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n")
            assert b" 200 " in one.recv(100)
        took = time.perf_counter() - begun
        threads = len(list(Path(f"/proc/{process}/task").iterdir()))
    return round(1000 * took), threads
