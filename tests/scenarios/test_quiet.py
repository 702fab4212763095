"""When nothing has happened, nothing is sent and nothing is written; phantom changes are nothing."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from sharesync.store.database.tables import UNSETTLED
from tests.users import User
from tests.worlds import PULL, House

MOMENTS = {"sync_token", "due_at", "last_pass_at", "read_at", "fence", "lease_until", "spent"}
"""What an idle pass may write: where reading stands, when, who held the claim, and what of the quota is used."""


def test_an_idle_pass_makes_two_calls_and_writes_its_mailboxs_row_alone(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    house.forget_calls()
    before = house.tables()
    report = bo.pass_over()
    after = house.tables()
    assert report.calls == house.calls() == PULL
    rows = {one["user_id"]: one for one in before.pop("mailboxes")}
    for row in after.pop("mailboxes"):
        changed = {name for name, value in row.items() if value != rows[row["user_id"]][name]}
        assert changed <= (MOMENTS if row["user_id"] == bo.id else set())
    assert after == before


def test_a_full_listing_of_an_unchanged_mailbox_sends_nothing_and_writes_no_event(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="delete")
    bo.makes("Mum")
    house.sync_until_quiet()
    before = house.tables()
    report = bo.pass_over(full=True)
    after = house.tables()
    assert (report.calls, report.tally.pulled) == (PULL, 3)
    for table in ("events", "contacts", "contact_versions", "memberships", "links", "labels"):
        assert after[table] == before[table]


def test_phantom_updates_of_google_are_no_changes(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    events = house.tables()["events"]
    for user in (bo, cy):
        for contact in user.hands.contacts():
            user.hands.touch(contact["resourceName"])
    reports = house.sync()
    assert [(one.tally.pulled, one.calls) for one in reports.values()] == [(2, PULL), (2, PULL)]
    assert house.tables()["events"] == events


def test_the_order_of_values_and_blanks_around_them_are_no_changes(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.edit("Ada", emails=["a@x.example", "b@x.example"], note="two lines\nof text")
    house.sync_until_quiet()
    bo.edits("Ada", emails=["b@x.example", " a@x.example "], note="two lines\r\nof text ")
    report = bo.pass_over()
    assert (report.tally.accepted, report.calls) == (0, PULL)
    assert len(house.versions("Ada")) == 2


@pytest.mark.parametrize("level", ["view", "edit"])
def test_the_users_own_star_label_and_photo_are_neither_undone_nor_shared(
    house: House, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", bo=level, cy="view")
    house.sync_until_quiet()
    bo.makes_label("Neighbours")
    bo.puts("Neighbours", "Ada")
    bo.stars("Ada")
    bo.photographs("Ada")
    assert bo.pass_over().tally.accepted == 0
    house.edit("Ada", note="a push does not take them off")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Neighbours"}
    assert "starred" in bo.find("Ada")["labels"]
    assert bo.find("Ada")["photo"]
    assert cy.labels_on("Ada") == {"Customers"}


def test_what_the_user_does_with_contacts_of_their_own_concerns_nobody(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="manage")
    bo.makes("Mum")
    house.sync_until_quiet()
    bo.edits("Mum", phones=["+45 22 22 22 22"])
    bo.makes("Dad")
    bo.deletes("Mum")
    # Somebody is gone, and may have been merged into one whom this delta left out: everyone is read.
    assert bo.pass_over().calls == PULL | {"people.connections.list": 2}
    house.sync_until_quiet()
    assert (house.contacts(), bo.sees()) == (["Ada"], ["Ada", "Dad"])


# --- What a pass costs. -----------------------------------------------------------------------------------------------


@dataclass
class Asked:
    """What a pass asked the database for."""

    statements: int = 0
    rows: int = 0

    def row(self, _: object, row: tuple[object, ...]) -> tuple[object, ...]:
        self.rows += 1
        return row

    def statement(self, connection: Connection, cursor: Any, *_: object) -> None:
        self.statements += 1
        if connection.dialect.name == "postgresql":
            self.rows += max(cursor.rowcount, 0)


@contextmanager
def counted(house: House) -> Iterator[Asked]:
    """Every statement, and every row that comes back, meanwhile."""
    cost = Asked()

    def connected(connection: object, _: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.row_factory = cost.row

    house.database.close()  # what is opened from here on counts
    event.listen(Engine, "connect", connected)
    event.listen(Engine, "after_cursor_execute", cost.statement)
    try:
        yield cost
    finally:
        event.remove(Engine, "connect", connected)
        event.remove(Engine, "after_cursor_execute", cost.statement)
        house.database.close()


def nobody(house: House) -> None:
    """Nothing happens."""


def somebody_in_the_store(house: House) -> None:
    house.edit("Customer3", note="from the web page")


def its_user(house: House) -> None:
    house.users["bo"].edits("Customer3", note="from bo")
    house.users["bo"].makes("Mum")


def somebody_who_takes_one_out(house: House) -> None:
    house.take("Customers", "Customer3")


@pytest.mark.parametrize("acts", [nobody, somebody_in_the_store, its_user, somebody_who_takes_one_out])
def test_a_pass_asks_for_what_happened_and_not_for_what_stands_there(
    house: House, acts: Callable[[House], None]
) -> None:
    costs = []
    for size in (10, 500):
        house.rewind(house.empty)
        house.share("Customers", *(f"Customer{number}" for number in range(size)), bo="edit")
        house.sync_until_quiet()
        acts(house)
        with counted(house) as cost:
            house.pass_over("bo")
        costs.append(cost)
        house.sync_until_quiet()
    assert costs[0] == costs[1]
    assert costs[0].rows < 120


def test_what_waits_for_a_time_is_found_through_an_index(house: House) -> None:
    if house.database.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL plans by how many rows there are: in a small table it looks at all")
    waiting = f"SELECT contact_id FROM links WHERE mailbox_id = 'x' AND {UNSETTLED.text}"
    plan = [row[-1] for row in house.query(f"EXPLAIN QUERY PLAN {waiting}")]
    assert plan == ["SEARCH links USING INDEX ix_links_unsettled (mailbox_id=?)"]
