"""Measure the main jobs: print counts and ratios, keep them as JSON, exit 1 where a promise is broken."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sharesync.cli import garbage
from tests.bench.cases import CASES, Bench, Result


@click.command()
@click.option("--only", metavar="WORDS", default="", help="Only the cases whose name holds these words.")
@click.option("--out", type=click.Path(path_type=Path), help="The JSON file [default: var/bench/TIME.json].")
def main(only: str, out: Path | None) -> None:
    """Calls, quota units and seconds of the main jobs, against the sandbox."""
    garbage.seldom()  # as in the program
    results: dict[str, Result] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for name, case in CASES.items():
            if only in name:
                click.secho(f"\n{name}", bold=True)
                results[name] = case(bench)
                show(results[name])
    file = out or Path("var/bench") / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({name: as_json(one) for name, one in results.items()}, indent=1) + "\n")
    click.echo(f"\nKept in {file}.")
    if not all(promise.kept for one in results.values() for promise in one.promises):
        raise SystemExit("A promise is broken; see above.")


def show(result: Result) -> None:
    """One case, line by line."""
    for name, value in result.facts.items():
        match value:
            case dict():
                click.echo(f"  {name}: " + ", ".join(f"{key} {number}" for key, number in value.items() if number))
            case list():
                click.echo("\n".join([f"  {name}:", *(f"    {line}" for line in value)]))
            case _:
                click.echo(f"  {name}: {value}")
    for promise in result.promises:
        verdict = "kept  " if promise.kept else "BROKEN"
        click.secho(
            f"  {verdict} {promise.what}: {promise.count} of {promise.most} at most", fg=None if promise.kept else "red"
        )


def as_json(result: Result) -> dict[str, Any]:
    promises = [{"what": one.what, "count": one.count, "most": one.most, "kept": one.kept} for one in result.promises]
    return {**result.facts, "promises": promises}


if __name__ == "__main__":
    main()
