"""What a pass writes beside other passes is its own mailbox's: other processes count on it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from sharesync.store.database.beside import Beside, CardEdits, MailboxClaim, OwnMailbox
from sharesync.store.database.engine import Database
from tests.users import User
from tests.worlds import House

OWN = {"mailboxes", "links", "labels"}
WRITES = re.compile(r"^\s*(?:INSERT (?:OR FAIL )?INTO|UPDATE|DELETE FROM) (\w+)")


@pytest.fixture
def strange(house: House) -> Iterator[list[str]]:
    """Statements that write another mailbox's rows. An edit makes others due, too."""
    found: list[str] = []

    def hear(connection: Connection, _: object, statement: str, values: Any, *more: object) -> None:
        beside, table = connection.info.get("beside"), WRITES.match(statement)
        its = OWN - {"mailboxes"} if isinstance(beside, CardEdits) else OWN
        if beside and table and table[1] in its and beside.mailbox not in str(values):
            found.append(statement)

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
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Beside | None]:
    """Beside whom each transaction wrote; None for what waits for everybody and keeps everybody waiting."""
    begun: list[Beside | None] = []
    begin: Callable[..., Any] = Database.writing

    @contextmanager
    def writing(self: Database, beside: Beside | None = None) -> Iterator[Session]:
        begun.append(beside)
        with begin(self, beside) as session:
            yield session

    monkeypatch.setattr(Database, "writing", writing)
    return begun


def test_whatever_passes_do_day_by_day_keeps_nobody_waiting(house: House, begun: list[Beside | None]) -> None:
    def transactions() -> set[Beside | None]:
        begun.clear()
        house.pass_over("bo")
        return set(begun)

    bo = house.users["bo"]
    own = {MailboxClaim(bo.id), OwnMailbox(bo.id)}
    house.share("Customers", "Ada", "Grace", bo="delete", cy="view")
    assert transactions() == own
    house.wait(minutes=30)
    assert transactions() == own  # what was sent is read back
    assert transactions() == own
    house.edit("Ada", note="new")
    assert transactions() == own
    house.wait(minutes=30)
    house.pass_over("bo")
    bo.edits("Ada", note="newer")
    assert transactions() == own | {CardEdits(bo.id)}
    assert house.stored("Ada").note == "newer"
    bo.deletes("Ada")
    assert transactions() == own | {None}  # who is in which group is another now
    house.sync_until_quiet()


def test_an_edit_that_is_denied_is_proposed_and_keeps_nobody_waiting(house: House, begun: list[Beside | None]) -> None:
    cy = house.users["cy"]
    house.share("Customers", "Ada", cy="view")
    house.sync_until_quiet()
    cy.edits("Ada", note="mine")
    begun.clear()
    house.pass_over("cy")
    assert set(begun) == {MailboxClaim(cy.id), OwnMailbox(cy.id), CardEdits(cy.id)}
    assert house.query("SELECT resolution FROM proposals") == [("open",)]
    house.sync_until_quiet()
