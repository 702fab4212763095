"""How many programs the page serves beside people: reads of the API, one by one and two hundred a second.

`measure` says what each read costs the processor: at two hundred a second on two cores it may be ten milliseconds.
`load` sends them on time, whatever the answers take, from a process of its own: `python -m tests.bench.programs …`.
"""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask

from sharesync.cli.front import Front
from tests.api.conftest import calling, make_token
from tests.worlds import House
from web.frame import limits

A_SECOND, SECONDS, LINES = 200, 20, 32
"""Requests, for how long, over how many connections."""
MOST_MS, MOST_P95_MS = 10, 100
TIMES = 40


def addresses(ids: dict[str, str]) -> Sequence[str]:
    """What telephone systems, CRMs and scripts ask."""
    there = f"/api/v1/contacts/{ids['contact']}"
    return (
        *(there, f"{there}/versions", "/api/v1/groups", f"/api/v1/groups/{ids['everything']}"),
        *("/api/v1/contacts?limit=50", f"/api/v1/contacts?limit=50&group={ids['everything']}"),
        *("/api/v1/contacts?email=person4711@x.example", "/api/v1/contacts?phone=20004711", "/api/v1/contacts?q=brien"),
        "/api/v1/changes?limit=50",
    )


def measure(app: Flask, house: House, ids: dict[str, str]) -> list[dict[str, Any]]:
    """What each read costs, and then all of them together; told line by line."""
    limits.BY_PROGRAM = 1_000_000
    limits.limiter.request_filter(lambda: True)
    token = make_token(house, "bo").text
    program = calling(app, token)
    found = []
    for address in addresses(ids):
        assert program.get(address).status_code == 200, address
        started = time.thread_time()
        for _ in range(TIMES):
            program.get(address)
        cost = (time.thread_time() - started) * 1_000 / TIMES
        click.echo(f"{cost:8.1f} ms  {address}" + ("  ← too much" if cost > MOST_MS else ""))
        found.append({"address": address, "ms": round(cost, 1)})
    p95 = load(app, token, addresses(ids))
    click.echo(f"{p95:8.1f} ms  95 of 100 at {A_SECOND} a second" + ("  ← too much" if p95 > MOST_P95_MS else ""))
    return [*found, {"address": f"{A_SECOND} a second", "p95_ms": round(p95, 1)}]


def load(app: Flask, token: str, asked: Sequence[str]) -> float:
    """Milliseconds within which 95 of 100 answers came, from the moment at which each was to be asked."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    front = Front(app, listening)
    serving = threading.Thread(target=front.serve)
    serving.start()
    command = [sys.executable, "-m", "tests.bench.programs", f"http://127.0.0.1:{listening.getsockname()[1]}", token]
    try:
        answer = subprocess.run([*command, *asked], capture_output=True, text=True, check=True).stdout
    finally:
        front.end()
        serving.join()
    return float(json.loads(answer))


def send(url: str, token: str, asked: Sequence[str]) -> float:
    """Ask on time, over connections that stay open; the same milliseconds."""
    where, numbers, lock = urlsplit(url), count(), threading.Lock()
    begun, took = time.monotonic() + 0.5, list[float]()

    def work() -> None:
        line = http.client.HTTPConnection(where.hostname or "", where.port)
        while True:
            with lock:
                number = next(numbers)
            if number >= A_SECOND * SECONDS:
                return
            due = begun + number / A_SECOND
            threading.Event().wait(max(0.0, due - time.monotonic()))
            line.request("GET", asked[number % len(asked)], headers={"Authorization": f"Bearer {token}"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            took.append((time.monotonic() - due) * 1_000)

    threads = [threading.Thread(target=work) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statistics.quantiles(took, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(send(sys.argv[1], sys.argv[2], sys.argv[3:])))
