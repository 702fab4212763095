"""How long every page takes, and how often it asks the database, in a company that is as large as promised."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import event

import web
from sharesync.cli import garbage
from sharesync.settings import Settings
from tests.bench import company, programs
from tests.web.conftest import SIGN_IN, build, signed_in
from tests.worlds import House

OVERSEEN = ("/mailboxes/?", "/set-up/", "/activity", "/access/", "/settings", "/changes/", "/audit/")
"""What is not for everyone."""
TIMES = 40
MOST = 100
"""Milliseconds of the processor that a page may take, 95 times of 100."""


def addresses(house: House, ids: dict[str, str]) -> Iterator[str]:
    """What is asked: every page that can be long, and the searches in it."""
    everything, group, contact = (ids[name] for name in ("everything", "group", "contact"))
    yield "/"
    yield from ("/mailboxes/?q=", f"/mailboxes/{house.users['bo'].id}", "/groups/", "/mine/", "/trash/", "/set-up/")
    yield from ("/contacts/", "/contacts/?q=given4", "/contacts/?q=nobody", "/contacts/?q=missing:phone&sort=changed")
    yield from (f"/contacts/?q={typed}" for typed in ("0045+20+00+47+11", "20004711", "mueller+customer", "everything"))
    yield from (f"/contacts/?after={contact}", f"/contacts/{contact}", f"/contacts/{contact}/edit", "/duplicates/")
    for one in (everything, group):
        yield from (f"/groups/{one}", f"/groups/{one}?q=brien", f"/groups/{one}/choose", f"/groups/{one}/activity")
        yield from (f"/groups/{one}/access/?q=user1&why=bo", f"/groups/{one}/settings")
    yield from ("/changes/", "/changes/?all=", "/audit/", "/audit/?action=contact.update", "/audit/?q=person4711")
    yield from ("/moving/", "/holds/", "/proposals/", "/conflicts/")


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Statements that are executed meanwhile."""
    told: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: Any) -> None:
        told.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def main(folder: Path) -> None:
    """Milliseconds of the processor, 95 times of 100, and statements, page by page, for an administrator and a user.

    They are kept in FOLDER/pages.json, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    house = build(folder)
    begun = time.monotonic()
    ids = company.fill(house)
    click.echo(f"made in {time.monotonic() - begun:.0f} s")
    app = web.create_app(house.world, Settings.from_environment(SIGN_IN, folder))
    garbage.set_apart()
    found: list[dict[str, Any]] = []
    for who in ("anna", "bo"):
        browser = signed_in(app, house, who)
        for address in addresses(house, ids):
            if who == "bo" and any(one in address for one in (ids["group"], *OVERSEEN)):
                continue
            answer = browser.get(address)
            took = []
            for _ in range(TIMES):
                started = time.thread_time()
                browser.get(address)
                took.append((time.thread_time() - started) * 1_000)
            with counted(house) as told:
                browser.get(address)
            most = statistics.quantiles(took, n=20, method="inclusive")[-1]
            shown = address.replace(ids["everything"], "EVERYTHING").replace(ids["group"], "GROUP")
            click.secho(
                f"{who:5} {answer.status_code} {most:6.0f} ms {len(told):3} statements  {shown}",
                fg="red" if most > MOST else None,
            )
            page = {"who": who, "page": shown, "status": answer.status_code}
            found.append(page | {"p95_ms": round(most, 1), "statements": len(told)})
    asked = programs.measure(house, folder, ids)
    house.close()
    (folder / "programs.json").write_text(json.dumps(asked, indent=1) + "\n")
    (folder / "pages.json").write_text(json.dumps(found, indent=1) + "\n")
    if slow := sum(page["p95_ms"] > MOST and page["status"] == 200 for page in found):
        raise SystemExit(f"{slow} pages take longer than {MOST} ms.")


if __name__ == "__main__":
    main()
