"""Receipts: which mailbox has which version since when, and what is still on its way."""

from datetime import datetime

from sharesync.services.operation.status import on_their_way, standings
from sharesync.store.queries import delivery_times
from tests.terminal import Sharesync
from tests.users import User
from tests.worlds import INTERVAL, House


def told(house: House, name: str) -> dict[str, tuple[int | None, bool]]:
    """By first name: version and whether the mailbox is behind."""
    with house.database.reading() as session:
        found = delivery_times.of_contact(session, house.contact_id(name))
    return {one.mailbox.partition("@")[0]: (one.version, one.behind) for one in found}


def waiting(house: House) -> dict[str, datetime]:
    """By first name: since when the oldest change has been on its way to each mailbox that is behind."""
    found = {one.mailbox.partition("@")[0]: one.oldest for one in standings(house.database, INTERVAL)}
    return {name: moment for name, moment in found.items() if moment}


def test_each_mailbox_has_its_version_since_it_was_sent_there(house: House) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    assert told(house, "Ada") == {"bo": (None, True), "cy": (None, True)}
    house.pass_over("bo")
    sent = house.now()
    house.wait(hours=2)
    house.pass_over("cy")
    house.edit("Ada", note="new")
    house.pass_over("cy")
    assert told(house, "Ada") == {"bo": (1, True), "cy": (2, False)}
    with house.database.reading() as session:
        bo, cy = delivery_times.of_contact(session, house.contact_id("Ada"))
    assert (bo.since, cy.since) == (sent, house.now())


def test_an_edit_stands_where_it_was_typed_since_it_was_read(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.edits("Ada", note="mine")
    bo.pass_over()
    read = house.now()
    house.wait(hours=1)
    assert told(house, "Ada") == {"bo": (2, False), "cy": (1, True)}
    with house.database.reading() as session:
        assert delivery_times.of_contact(session, house.contact_id("Ada"))[0].since == read


def test_a_contact_that_must_go_is_behind_until_it_is_gone(house: House) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    ada = house.contact_id("Ada")
    house.take("Customers", "Ada")
    assert told(house, "Ada") == {"bo": (1, True)}
    house.sync_until_quiet()
    with house.database.reading() as session:
        assert delivery_times.of_contact(session, ada) == []


def test_the_oldest_change_on_its_way_is_told_by_mailbox_and_by_group(house: House) -> None:
    house.share("Customers", "Ada", bo="view", cy="view")
    house.sync_until_quiet()
    house.wait(hours=1)
    first = house.now()
    house.edit("Ada", note="one")
    house.pass_over("bo")
    house.wait(hours=1)
    second = house.now()
    house.edit("Ada", note="two")
    with house.database.reading() as session:
        assert delivery_times.oldest_by_group(session) == {house.group_id("Customers"): first}
    assert waiting(house) == {"bo": second, "cy": first}
    assert on_their_way(house.database) == [("Customers", first)]
    house.sync_until_quiet()
    with house.database.reading() as session:
        assert delivery_times.oldest_by_group(session) == {}
    assert waiting(house) == {}
    assert on_their_way(house.database) == []


def test_a_new_grant_waits_since_it_was_made(house: House) -> None:
    house.share("Customers", "Ada")
    house.wait(days=3)
    house.share("Customers", cy="view")
    assert waiting(house) == {"cy": house.now()}


def test_what_a_failed_pass_left_waits_since_it_was_changed(house: House) -> None:
    house.share("Customers", "Ada", "Bea", bo="view")
    house.sync_until_quiet()
    edited = house.now()
    house.edit("Ada", note="one")
    house.fault("status", "people.people.connections.list", "bo", status=403, body={})
    house.pass_over("bo")
    assert house.state("bo")[0] != "ok"
    assert waiting(house) == {"bo": edited}
    (bo,) = standings(house.database, INTERVAL)
    assert bo.behind == 1


def test_the_commands_say_so(house: House, sharesync: Sharesync) -> None:
    house.share("Customers", "Ada", bo="view")
    waiting = house.now().isoformat()
    (receipt,) = sharesync("contacts", "show", house.contact_id("Ada"), "--json").line["mailboxes"]
    assert receipt == {"mailbox": "bo@north.test", "version": None, "since": None, "behind": True}
    assert sharesync("status", "--json").line["oldest"] == waiting
    house.pass_over("bo")
    assert sharesync("status", "--json").line["oldest"] is None
    assert "bo@north.test" in sharesync("contacts", "show", house.contact_id("Ada")).out
