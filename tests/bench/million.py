"""A log of a million events, made by set-based inserts, and how long each way of asking it takes.

What it is like: nine events of ten are deliveries, one is a change; 20,000 contacts, 40 groups, 500 mailboxes, a year.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from sharesync.cli import garbage
from sharesync.model.audit import Outcome, Source
from sharesync.store.database.engine import Database
from sharesync.store.database.event_log import STRETCH
from sharesync.store.queries import events, timeline
from sharesync.store.queries.events import LoggedFilter
from sharesync.store.upgrading import upgrade

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=30)

_EVENTS = """
INSERT INTO events (seq, id, format, at, action, actor_kind, actor, source, outcome, group_id, contact_id, mailbox_id,
                    fields, before_version, after_version, reason, cause, pass_id, commitments, leaf)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :size)
SELECT i, printf('%032x', i), 1, strftime('%Y-%m-%d %H:%M:%f000', :begin + i * 30, 'unixepoch'),
  CASE WHEN i % 10 THEN CASE i % 4 WHEN 0 THEN 'person.create' WHEN 3 THEN 'mailbox.send' ELSE 'person.update' END
       WHEN i % 3 THEN 'contact.update' WHEN i % 7 THEN 'group.add' ELSE 'grant.set' END,
  CASE WHEN i % 10 THEN 'system' WHEN i % 2 THEN 'mailbox' ELSE 'user' END,
  CASE WHEN i % 10 THEN 'sync' ELSE 'u' || (i / 10 % 500) END,
  CASE WHEN i % 10 THEN 'sync' WHEN i % 4 = 0 THEN 'web' WHEN i % 6 = 0 THEN 'cli' ELSE 'google' END,
  CASE WHEN i % 997 = 0 THEN 'failed' WHEN i % 10 AND i % 4 = 3 THEN 'intended' WHEN i % 1009 = 0 THEN 'reverted'
       ELSE 'ok' END,
  CASE WHEN i % 10 = 0 AND i % 3 = 0 THEN 'g' || (i % 40) END, 'c' || (i * 7919 % 20000),
  CASE WHEN i % 10 THEN 'u' || (i % 500) END, '["emailAddresses"]', 1, 2,
  CASE WHEN i % 997 = 0 THEN 'answer lost' ELSE '' END, NULL, printf('%032x', i / 200), '{}', randomblob(32)
FROM n
"""
_VALUES = """
INSERT INTO event_values (event_id, field, salt, before, after)
SELECT id, 'emailAddresses', randomblob(16), NULL, '[{"value": "person' || seq || '@customer.example"}]'
FROM events WHERE action = 'contact.update'
"""
_SPANS = f"""
INSERT INTO log_spans (place, first_at, last_at) SELECT seq / {STRETCH}, min(at), max(at) FROM events
GROUP BY seq / {STRETCH}
"""


def fill(database: Database, size: int) -> None:
    """Fill an SQLite database that has no event yet; the triggers, which look at each row, come back afterwards."""
    with database.writing() as session:
        triggers = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text("DELETE FROM event_values"))
        for table in ("events", "log_spans", "log_nodes"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text(_EVENTS), {"size": size, "begin": int(BEGIN.timestamp())})
        session.execute(text(_VALUES))
        session.execute(text(_SPANS))
        for _, sql in triggers:
            session.connection().exec_driver_sql(sql)


def questions(size: int) -> Mapping[str, tuple[LoggedFilter, str]]:
    """Every filter of `audit list`, and some together; with each, the index or key through which it must lead."""
    half, tenth = BEGIN + STEP * (size // 2), BEGIN + STEP * (size // 10)
    key = "INTEGER PRIMARY KEY (rowid"
    return {
        "nothing": (LoggedFilter(), ""),
        "actor": (LoggedFilter(actor="u77"), "ix_events_actor_seq"),
        "actor, the busiest": (LoggedFilter(actor="sync"), "ix_events_actor_seq"),
        "group": (LoggedFilter(group="g30"), "ix_events_group_id_seq"),
        "contact": (LoggedFilter(contact="c7919"), "ix_events_contact_id_seq"),
        "mailbox": (LoggedFilter(mailbox="u77"), "ix_events_mailbox_id_seq"),
        "action": (LoggedFilter(action="grant.set"), "ix_events_action_seq"),
        "actions of a noun": (LoggedFilter(action="person"), "ix_events_action_seq"),
        "outcome": (LoggedFilter(outcome=Outcome.REVERTED), "ix_events_outcome_seq"),
        "outcome, none such": (LoggedFilter(outcome=Outcome.DENIED), "ix_events_outcome_seq"),
        "source": (LoggedFilter(source=Source.CLI), "ix_events_source_seq"),
        "since, recent": (LoggedFilter(since=BEGIN + STEP * (size - 20)), key),
        "until, long ago": (LoggedFilter(until=tenth), key),
        "between": (LoggedFilter(since=tenth, until=half), key),
        "actor until long ago": (LoggedFilter(actor="sync", until=tenth), "ix_events_actor_seq"),
        "contact and outcome": (LoggedFilter(contact="c7919", outcome=Outcome.OK), "ix_events_contact_id_seq"),
        "action and source": (LoggedFilter(action="contact.update", source=Source.GOOGLE), "ix_events_action_seq"),
        "actor and action, never together": (LoggedFilter(actor="sync", action="grant.set"), "ix_events_action_seq"),
        "noun and source, never together": (LoggedFilter(action="person", source=Source.CLI), "ix_events_source_seq"),
        "group and actor, never together": (LoggedFilter(group="g30", actor="sync"), "ix_events_group_id_seq"),
        "mailbox and outcome, between": (
            LoggedFilter(mailbox="u77", outcome=Outcome.FAILED, since=tenth, until=half),
            "",
        ),
        "text in a value": (LoggedFilter(text=f"person{size - 10}@"), ""),
        "text, none such": (LoggedFilter(text="no such words"), ""),
        "text of a contact": (LoggedFilter(text="customer.example", contact="c7919"), "ix_events_contact_id_seq"),
    }


def ways(size: int) -> Mapping[str, Callable[[Session, int | None], object]]:
    """Every page that can be asked for, from a cursor on."""

    def listed(wanted: LoggedFilter) -> Callable[[Session, int | None], object]:
        return lambda session, before: events.page(session, wanted, before=before)

    timelines: dict[str, Callable[[Session, int | None], object]] = {
        "timeline": lambda session, before: timeline.page(session, before=before),
        "timeline without deliveries": lambda session, before: timeline.page(session, before=before, deliveries=False),
        "timeline of a contact": lambda session, before: timeline.page(session, before=before, contact="c7919"),
        "timeline of a group": lambda session, before: timeline.page(session, before=before, group="g30"),
        "timeline of a mailbox": lambda session, before: timeline.page(session, before=before, mailbox="u77"),
    }
    return {f"by {name}": listed(wanted) for name, (wanted, _) in questions(size).items()} | timelines


def measure(database: Database, size: int, times: int = 40) -> dict[str, tuple[float, float]]:
    """Milliseconds of a page, by way: the median, and what 95 of 100 stay under; at the end and deep in the log.

    Of this process alone: the machine may have other things to do, and there is nobody here to wait for.
    """
    found = {}
    garbage.set_apart()
    for name, ask in ways(size).items():
        took = []
        for turn in range(times):
            before = None if turn % 2 == 0 else size - size * turn // times
            with database.reading() as session:
                started = time.process_time()
                ask(session, before)
                took.append((time.process_time() - started) * 1000)
        found[name] = round(statistics.median(took), 1), round(sorted(took)[times * 95 // 100 - 1], 1)
    return found


def million_events(folder: Path, size: int = 1_000_000) -> tuple[dict[str, Any], float]:
    """What there is to tell of a log of that size, and the milliseconds of 95 of 100 pages, the slowest way."""
    database = Database(f"sqlite:///{folder / 'million.db'}")
    try:
        upgrade(database)
        started = time.perf_counter()
        fill(database, size)
        filling = time.perf_counter() - started
        took = measure(database, size)
        told = {name: f"{median} ms, 95 of 100 within {most} ms" for name, (median, most) in took.items()}
        how = [f"{name}: {step}" for name, ask in ways(size).items() for step in plans(database, ask, size // 2)]
        megabytes = round((folder / "million.db").stat().st_size / 1e6)
    finally:
        database.close()
    slowest = max(most for _, most in took.values())
    return told | {"made in, seconds": round(filling), "megabytes": megabytes, "plans": how}, slowest


@contextmanager
def noting(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile, with their parameters."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def plans(database: Database, ask: Callable[[Session, int | None], object], before: int | None) -> list[str]:
    """How SQLite goes about it, step by step."""
    with noting(database) as sent, database.reading() as session:
        ask(session, before)
    steps = []
    with database.reading() as session:
        for statement, parameters in sent:
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row[-1] for row in rows]
    return steps
