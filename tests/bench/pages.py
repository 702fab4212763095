"""How long every page takes, and how often it asks the database, in a company that is as large as promised.

50,000 contacts in 100 groups, and all of them in one more; 1,000 mailboxes with 500 each, and two with all; a log of a
million events. Every mailbox has come to rest, but the ten for whose group a contact was made just now.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import bindparam, event, text

import web
from sharesync.cli import garbage
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.settings import Settings
from sharesync.store.database.columns import Time
from sharesync.store.database.work import Work
from sharesync.store.records import contacts
from tests.bench import million, programs
from tests.bench.cases import person
from tests.web.conftest import SIGN_IN, build, signed_in
from tests.worlds import House

CONTACTS, GROUPS, MAILBOXES, EVENTS = 50_000, 100, 1_000, 2**20
"""The log that is made here has no tree: at a power of two, what comes next needs nothing of it."""
OVERSEEN = ("/mailboxes/?", "/set-up/", "/activity", "/access/", "/settings", "/changes/", "/audit/")
"""What is not for everyone."""
TIMES = 40
MOST = 100
"""Milliseconds of the processor that a page may take, 95 times of 100."""

_LINKS = """
INSERT INTO links (mailbox_id, contact_id, state, origin, base_version, source_id, resource_name, etag, agreed, seen,
                   own, labels, moving, marked, pushes, aside, aside_version, before)
SELECT u.id, m.contact_id, 'live', 'created', 1, lower(hex(randomblob(8))), '', '', x'00', x'00',
       NULL, '[]', '[]', 1, 0, '', 0, x''
FROM memberships m JOIN groups g ON g.id = m.group_id
JOIN grants r ON r.group_id = g.id JOIN directory_users u ON u.id = r.subject
"""
_REST = """
UPDATE mailboxes SET state = 'ok', behind = 0, last_pass_at = :now, due_at = :soon,
                     standing = (SELECT count(*) FROM links WHERE mailbox_id = user_id)
"""


def fill(house: House) -> dict[str, str]:
    """Make the company; returns ids by what they are."""
    names = [f"user{number}" for number in range(MAILBOXES)]
    house.workspace.describe({"users": [{"email": house.address(name), "name": name.title()} for name in names]})
    house.sync_directory()
    with house.world.work(OPERATOR) as work:
        everything = group_cases.create(work, "Everything").id
        groups = [group_cases.create(work, f"Group {number}").id for number in range(GROUPS)]
        ids = [_contacts(work, start, everything, groups) for start in range(0, CONTACTS, 5_000)]
    for number in range(MAILBOXES):
        house.grant(f"Group {number % GROUPS}", house.address(f"user{number}"), "edit")
    for name in ("bo", "cy"):
        house.grant("Everything", house.address(name), "edit")
    with house.database.writing() as session:
        session.execute(text(_LINKS))
        moments = [bindparam("now", house.now(), Time), bindparam("soon", house.now() + timedelta(hours=1), Time)]
        session.execute(text(_REST).bindparams(*moments))
    with house.world.work(OPERATOR) as work:
        contact_cases.create(work, groups[3], Card.parse(person(CONTACTS)))
    million.fill(house.database, EVENTS)
    return {"everything": everything, "group": groups[0], "contact": ids[5][17]}


def _contacts(work: Work, start: int, everything: str, groups: list[str]) -> list[str]:
    rows = [(work.new_id(), Card.parse(person(number)), "made") for number in range(start, start + 5_000)]
    ids = [row[0] for row in rows]
    contacts.insert_contacts(work, rows)
    contacts.join(work, everything, ids)
    for place, group in enumerate(groups):
        contacts.join(work, group, ids[place :: len(groups)])
    return ids


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
    ids = fill(house)
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
    asked = programs.measure(app, house, ids)
    house.close()
    (folder / "programs.json").write_text(json.dumps(asked, indent=1) + "\n")
    (folder / "pages.json").write_text(json.dumps(found, indent=1) + "\n")
    if slow := sum(page["p95_ms"] > MOST and page["status"] == 200 for page in found):
        raise SystemExit(f"{slow} pages take longer than {MOST} ms.")


if __name__ == "__main__":
    main()
