"""How many programs the page serves beside people: two hundred reads a second of the API, as `sharesync web` runs.

Requests are sent when they are due, whatever the answers before them take (an open loop): an answer's time counts from
the moment at which it was to be asked for, so a server that falls behind cannot hide it. They come from forty tokens,
within the limit that each of them has, over connections that stay open, and from a process of their own.

The processor's time is what bounds it on any machine: two hundred a second of five milliseconds each are one core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tests.api.conftest import make_token
from tests.bench import company
from tests.bench.cases import pointed_at
from tests.bench.sending import A_SECOND
from tests.bench.siege import serving
from tests.web.conftest import SIGN_IN, build
from tests.worlds import House

SECONDS, TOKENS = 30, 40
"""For how long, from how many programs."""
MOST_MS, MOST_P95_MS = 4, 100
"""Of the processor for each request, all in all; and until 95 of 100 answers are there.

The first follows from the second: a process runs Python on one core, and at 80 percent of that a line begins to form.
"""
TIMES = 100
TICK_MS = 1_000 / os.sysconf("SC_CLK_TCK")


def addresses(ids: Mapping[str, str]) -> Sequence[str]:
    """What telephone systems, CRMs and scripts ask, each as often as the others."""
    there = f"/api/v1/contacts/{ids['contact']}"
    return (
        *(there, f"{there}?fields=names,phoneNumbers&expand=groups", f"{there}/versions"),
        *("/api/v1/groups", f"/api/v1/groups/{ids['everything']}"),
        *("/api/v1/contacts?limit=50", f"/api/v1/contacts?limit=50&group={ids['everything']}"),
        *(
            "/api/v1/contacts?email=g4711@private.example",
            "/api/v1/contacts?phone=20004711",
            "/api/v1/contacts?q=brien",
        ),
        "/api/v1/contacts?filter=domain:customer88.example+missing:address",
        "/api/v1/changes?limit=50",
    )


def measure(house: House, folder: Path, ids: Mapping[str, str]) -> dict[str, Any]:
    """What each read costs the server's processor; then all of them together, on time. Told line by line."""
    house.start = datetime.now(UTC) - house.workspace.offset  # the server has a clock of its own
    environment = {**SIGN_IN, **pointed_at(house)}
    tokens = [make_token(house, "bo").text for _ in range(TOKENS)]
    asked, found = addresses(ids), list[dict[str, Any]]()
    with serving(environment, folder) as ((host, port), process):
        told = {"host": host, "port": port, "tokens": tokens, "seconds": SECONDS}
        for address in asked:
            answers, cost = _sent(process, {**told, "asked": [address], "times": TIMES})
            found.append({"address": address, "cpu_ms": round(cost, 2), **answers["all"]})
            _say(f"{cost:7.2f} ms of the processor, {answers['all']['p50']:6.1f} ms in all", address)
        load, cost = _sent(process, {**told, "asked": asked})
    for address, one in load["each"].items():
        _say(f"{one['p95']:7.1f} ms 95 of 100, at {A_SECOND} a second", address)
    p95 = load["all"]["p95"]
    _say(f"{p95:7.1f} ms 95 of 100", "all of them", too_much=p95 > MOST_P95_MS)
    _say(f"{cost:7.2f} ms of the processor", "each, on average", too_much=cost > MOST_MS)
    whole = {"a_second": A_SECOND, "seconds": SECONDS, "cpu_ms": round(cost, 2), **load["all"]}
    return {"load": whole, "under_load": load["each"], "one_by_one": found}


def _say(measured: str, what: str, *, too_much: bool = False) -> None:
    click.secho(f"{measured}  {what}" + ("  ← too much" if too_much else ""), fg="red" if too_much else None)


def _sent(process: int, told: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
    """Milliseconds until the answers, as the sender tells them, and of the server's processor for each of them."""
    before = _spent(process)
    command = [sys.executable, "-m", "tests.bench.sending"]
    answer = subprocess.run(command, input=json.dumps(told), capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(answer)
    return found, (_spent(process) - before) / found["all"]["requests"]


def _spent(process: int) -> float:
    """Milliseconds of the processor that a process has used, with the system's share."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) * TICK_MS


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(folder: Path) -> None:
    """Only this, in a company that is made for it; kept in FOLDER/programs.json, too."""
    folder.mkdir(parents=True, exist_ok=True)
    house = build(folder)
    ids = company.fill(house)
    found = measure(house, folder.absolute(), ids)
    house.close()
    (folder / "programs.json").write_text(json.dumps(found, indent=1) + "\n")
    load = found["load"]
    if load["cpu_ms"] > MOST_MS or load["p95"] > MOST_P95_MS:
        raise SystemExit("It takes longer than promised.")


if __name__ == "__main__":
    main()
