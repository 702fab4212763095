"""The sender: reads what to ask from standard input as JSON, asks, and writes how long the answers took.

With `times` each address is asked so often, one request after the other; with `seconds` alone, on time.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any

A_SECOND, LINES = 200, 32
"""Requests, over how many connections."""
Took = Mapping[str, list[float]]


def one_by_one(told: Mapping[str, Any]) -> Took:
    """Each address again and again; milliseconds until its answers."""
    took, ask = defaultdict[str, list[float]](list), asking(told)
    for address in told["asked"]:
        for number in range(told["times"]):
            begun = time.monotonic()
            ask(number, address)
            took[address].append((time.monotonic() - begun) * 1_000)
    return took


def on_time(told: Mapping[str, Any]) -> Took:
    """All of them in turn, each when it is due; milliseconds from then until its answer."""
    numbers, lock, asked = count(), threading.Lock(), told["asked"]
    begun, took, never = time.monotonic() + 0.5, defaultdict[str, list[float]](list), threading.Event()

    def work() -> None:
        ask = asking(told)
        while True:
            with lock:
                number = next(numbers)
            due = begun + number / A_SECOND
            if due >= begun + told["seconds"]:
                return
            never.wait(max(0.0, due - time.monotonic()))
            ask(number, address := asked[number % len(asked)])
            took[address].append((time.monotonic() - due) * 1_000)

    threads = [threading.Thread(target=work) for _ in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, took.values())) == A_SECOND * told["seconds"], "A line broke."
    return took


def asking(told: Mapping[str, Any]) -> Callable[[int, str], None]:
    """What asks over one connection, with the tokens in turn."""
    line, tokens = http.client.HTTPConnection(told["host"], told["port"]), told["tokens"]

    def ask(number: int, address: str) -> None:
        line.request("GET", address, headers={"Authorization": f"Bearer {tokens[number % len(tokens)]}"})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200, (address, answer.status)

    return ask


def summed_up(took: Iterable[float]) -> dict[str, float]:
    """Milliseconds within which so many of 100 answers came."""
    told = list(took)
    cuts = statistics.quantiles(told, n=100, method="inclusive")
    found = {f"p{percent}": round(cuts[percent - 1], 1) for percent in (50, 95, 99)}
    return {"requests": len(told), **found, "most": round(max(told), 1)}


if __name__ == "__main__":
    meant = json.load(sys.stdin)
    times = one_by_one(meant) if "times" in meant else on_time(meant)
    every = {"all": summed_up(one for some in times.values() for one in some)}
    json.dump({**every, "each": {address: summed_up(some) for address, some in times.items()}}, sys.stdout)
