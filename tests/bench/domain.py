"""A whole domain on PostgreSQL: what a link takes, how soon who is due is found, and how soon pages answer.

Everyone has an equal share of the groups; every mailbox has come to rest, but one of a hundred, which is due.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import bindparam, text

import web
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import duplicates
from sharesync.services import groups as group_cases
from sharesync.settings import Settings
from sharesync.store.database.columns import Time
from sharesync.store.database.engine import Session
from sharesync.store.mailboxes import claims
from sharesync.store.records import contacts
from tests.users import Json
from tests.web.conftest import SIGN_IN, signed_in
from tests.worlds import House

GROUPS = 20
PAGES = ("/", "/mailboxes/", "/mailboxes/?q=user77")
TIMES = 20

_USERS = """
INSERT INTO directory_users (id, email, name, unit, admin, suspended, archived, deleted)
SELECT 1e20::numeric(21) + i, 'user' || i || '@' || :domain, 'User ' || i, '', false, false, false, false
FROM generate_series(1, :size) i
"""
_GRANTS = """
INSERT INTO grants (group_id, kind, subject, level, granted_at)
SELECT (CAST(:groups AS text[]))[1 + row_number() OVER (ORDER BY id) % cardinality(CAST(:groups AS text[]))],
       'user', id, :level, :now
FROM directory_users WHERE name LIKE 'User %'
"""
_LINKS = """
INSERT INTO links (mailbox_id, contact_id, state, origin, base_version, source_id, resource_name, etag, agreed, seen,
                   labels, moving, marked, wrote_at, written_at, pushes, aside, aside_version, before)
SELECT r.subject, m.contact_id, 'live', 'created', 1, substr(h, 1, 16),
       'people/c' || lpad(CAST(abs(hashtextextended(h, 0) / 2) AS text), 19, '1'),
       '%EigBAgMEBQYHCAkKCwwNDg8QERITFBUW' || substr(h, 1, 12), fingerprint, fingerprint,
       to_jsonb(ARRAY[m.group_id]), '[]', true, :now, :now, 0, '', 0, ''
FROM grants r JOIN memberships m ON m.group_id = r.group_id JOIN contacts c ON c.id = m.contact_id,
     LATERAL (SELECT md5(r.subject || c.id) AS h) AS made
WHERE r.kind = 'user'
"""
"""Texts as long as Google's are."""
_REST = """
UPDATE mailboxes SET state = 'ok', behind = 0, last_pass_at = :now, standing = :standing, news = '',
                     due_at = CASE WHEN CAST(user_id AS numeric) % 100 = 0 THEN :now ELSE :soon END
"""


def fill(house: House, mailboxes: int, held: int, person: Callable[[int], Json]) -> None:
    """So many mailboxes in which so many contacts stand; `person`: what is on the contact of a number."""
    with house.world.work(OPERATOR) as work:
        groups = [group_cases.create(work, f"Group {number}").id for number in range(GROUPS)]
    for place, group in enumerate(groups):
        with house.world.work(OPERATOR) as work:
            rows = [(work.new_id(), Card.parse(person(place * held + number)), "made") for number in range(held)]
            contacts.insert_contacts(work, rows)
            contacts.join(work, group, [row[0] for row in rows])
    duplicates.catch_up(house.database)  # as the clock has long since done
    now = bindparam("now", house.now(), Time)
    soon = bindparam("soon", house.now() + timedelta(hours=1), Time)
    with house.world.work(OPERATOR) as work:
        users = {"size": mailboxes, "domain": house.address("x").partition("@")[2]}
        work.session.execute(text(_USERS), users)
        work.session.execute(text(_GRANTS).bindparams(now), {"groups": groups, "level": 1})
        claims.ensure(work)
        work.session.execute(text(_LINKS).bindparams(now))
        work.session.execute(text(_REST).bindparams(now, soon), {"standing": held})
    with house.database.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT", postgresql_readonly=False
    ) as connection:
        connection.execute(text("VACUUM ANALYZE"))


def measured(house: House, folder: Path) -> dict[str, float]:
    """Bytes a link with its indexes, and milliseconds by the clock that 95 of 100 stay under: others' work counts."""
    sizes = house.query("SELECT pg_relation_size('links'), pg_indexes_size('links'), (SELECT count(*) FROM links)")
    ((table, indexes, links),) = sizes
    found = {
        "links": links,
        "bytes a link": round((table + indexes) / links),
        "of them in indexes": round(indexes / links),
        "due": len(_asked(house, _due)),
        "due, ms": _slowest(lambda: _asked(house, _due)),
    }
    app = web.create_app(house.world, Settings.from_environment(SIGN_IN, folder))
    browser = signed_in(app, house, "anna")
    for page in PAGES:
        assert browser.get(page).status_code == 200, page
        found[f"{page}, ms"] = _slowest(partial(browser.get, page))
    return found


def _asked(house: House, ask: Callable[[Session, House], list[claims.Mailbox]]) -> list[claims.Mailbox]:
    with house.database.reading() as session:
        return ask(session, house)


def _due(session: Session, house: House) -> list[claims.Mailbox]:
    return claims.due(session, house.now(), house.world.interval)


def _slowest(ask: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        started = time.perf_counter()
        ask()
        took.append((time.perf_counter() - started) * 1_000)
    return round(statistics.quantiles(took, n=20, method="inclusive")[-1], 1)
