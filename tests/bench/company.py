"""A company as large as promised, for benches: contacts, groups, mailboxes at rest, and a log.

50,000 contacts in 100 groups, and all of them in one more; 1,000 mailboxes with 500 each, and two with all; a log of a
million events. Every mailbox has come to rest, but the ten for whose group a contact was made just now.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, text

from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import contacts as contact_cases
from sharesync.services import duplicates
from sharesync.services import groups as group_cases
from sharesync.store.database.columns import Time
from sharesync.store.database.work import Work
from sharesync.store.records import contacts
from tests.bench import million
from tests.bench.cases import person
from tests.worlds import House

CONTACTS, GROUPS, MAILBOXES, EVENTS = 50_000, 100, 1_000, 2**20
"""The log that is made here has no tree: at a power of two, what comes next needs nothing of it."""
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
    duplicates.catch_up(house.database)
    house.database.forget()  # nobody looks for a page in what one large transaction has left
    return {"everything": everything, "group": groups[0], "contact": ids[5][17]}


def _contacts(work: Work, start: int, everything: str, groups: list[str]) -> list[str]:
    rows = [(work.new_id(), Card.parse(person(number)), "made") for number in range(start, start + 5_000)]
    ids = [row[0] for row in rows]
    contacts.insert_contacts(work, rows)
    contacts.join(work, everything, ids)
    for place, group in enumerate(groups):
        contacts.join(work, group, ids[place :: len(groups)])
    return ids
