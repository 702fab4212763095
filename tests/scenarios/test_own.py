"""What a pass writes beside other passes is its own mailbox's: other processes count on it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from sharesync.store.database.engine import Database
from tests.users import User
from tests.worlds import House

OWN = {"mailboxes": "user_id", "links": "mailbox_id", "labels": "mailbox_id"}
LOG = {"events", "event_values", "log_nodes", "log_spans", "waiting_events"}
WRITES = re.compile(r"^\s*(?:INSERT (?:OR FAIL )?INTO|UPDATE|DELETE FROM) (\w+)")


@pytest.fixture
def strange(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Statements of such transactions that write something else."""
    found, whose = [], list[str | None]()
    begin: Callable[..., Any] = Database.writing

    @contextmanager
    def writing(self: Database, *, own: str | None = None) -> Iterator[Session]:
        with begin(self, own=own) as session:
            whose.append(own)
            try:
                yield session
            finally:
                whose.pop()

    def hear(_: Connection, __: object, statement: str, values: Any, *more: object) -> None:
        table = WRITES.match(statement)
        if not table or not whose or whose[-1] is None:
            return
        if table[1] not in {*OWN, *LOG} or (table[1] in OWN and whose[-1] not in str(values)):
            found.append(statement)

    monkeypatch.setattr(Database, "writing", writing)
    event.listen(house.database.engine, "before_cursor_execute", hear)
    yield found
    event.remove(house.database.engine, "before_cursor_execute", hear)


def test_a_pass_writes_what_is_its_mailboxs_own(house: House, bo: User, cy: User, strange: list[str]) -> None:
    bo.makes("Ada", emails=("ada@customer.example",))
    house.share("Customers", "Ada", "Grace", "Linus", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.edits("Grace", phones=("+45 33 12 34 56",))
    cy.edits("Linus", phones=("+45 33 12 34 56",))
    house.photograph("Grace", "red")
    house.rename_group("Customers", "Clients")
    house.sync_until_quiet()
    bo.deletes("Grace")
    house.sync_until_quiet()
    house.revoke("Clients", "cy")
    house.sync_until_quiet()
    house.delete_group("Clients")
    house.sync_until_quiet()
    assert strange == []


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Whose own each transaction wrote; None for what waits for everybody and keeps everybody waiting."""
    begun: list[str | None] = []
    begin: Callable[..., Any] = Database.writing

    @contextmanager
    def writing(self: Database, *, own: str | None = None) -> Iterator[Session]:
        begun.append(own)
        with begin(self, own=own) as session:
            yield session

    monkeypatch.setattr(Database, "writing", writing)
    return begun


def test_filling_a_mailbox_and_bringing_it_an_edit_keeps_nobody_waiting(house: House, alone: list[str | None]) -> None:
    def transactions() -> set[str | None]:
        alone.clear()
        house.pass_over("bo")
        return set(alone)

    own: set[str | None] = {house.users["bo"].id}
    house.share("Customers", "Ada", "Grace", bo="view")
    assert transactions() == own
    house.wait(minutes=30)
    assert transactions() == own | {None}  # what was sent is read back
    assert transactions() == own
    house.edit("Ada", note="new")
    assert transactions() == own
