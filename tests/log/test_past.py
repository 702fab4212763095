"""A group as it stood at a moment, and brought back to it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sharesync.errors import InvalidInput
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.services import erasure, restore_group
from sharesync.services.restore_group import Restored
from sharesync.store.queries import past as stored
from tests.terminal import Sharesync
from tests.users import Shown, User, customer
from tests.worlds import House


def stood(house: House, at: datetime) -> list[str]:
    """Given names of the contacts of Customers at a moment."""
    with house.database.reading() as session:
        then = stored.members(session, house.group_id("Customers"), at)
    return sorted(Shown.of(card.as_json()).given for _, card in then.values())


def restore(house: House, at: datetime, *, take_newer: bool = False) -> Restored:
    return restore_group.restore_group(house.world.operation(OPERATOR), "Customers", at, take_newer=take_newer)


@pytest.fixture
def before(house: House) -> datetime:
    """The moment before everything went wrong: three contacts, shared with two."""
    house.share(
        "Customers", customer("Ada", phones=["+45 33 12 34 56"], note="whist"), "Grace", "Edith", bo="manage", cy="view"
    )
    house.sync_until_quiet()
    moment = house.now()
    house.wait(hours=1)
    return moment


def test_a_group_is_seen_as_it_stood(house: House, before: datetime) -> None:
    house.take("Customers", "Grace", "Edith")
    house.put("Customers", "Hedy")
    house.edit("Ada", note="bridge")
    assert stood(house, before) == ["Ada", "Edith", "Grace"]
    assert stood(house, house.now()) == ["Ada", "Hedy"]
    with house.database.reading() as session:
        (version, card), *_ = [
            one
            for one in stored.members(session, house.group_id("Customers"), before).values()
            if Shown.of(one[1].as_json()).given == "Ada"
        ]
    assert (version, Shown.of(card.as_json()).note) == (1, "whist")


def test_who_was_lost_comes_back_as_themselves_and_everywhere(house: House, before: datetime, cy: User) -> None:
    ids = {name: house.contact_id(name) for name in ("Ada", "Grace", "Edith")}
    house.take("Customers", "Ada", "Grace", "Edith")
    house.sync_until_quiet()
    assert cy.sees() == []
    assert restore(house, before) == Restored(3, 0, 0)
    house.sync_until_quiet()
    assert cy.sees("Customers") == ["Ada", "Edith", "Grace"]
    assert {name: house.contact_id(name) for name in ids} == ids


def test_who_lives_in_groups_of_others_by_now_comes_back_only_by_who_may_pass_them_on(
    house: House, before: datetime, bo: User, cy: User
) -> None:
    house.share("Partners", "Hedy", cy="manage")
    house.add("Partners", "Grace")
    house.take("Customers", "Grace")
    house.edit("Grace", note="for partners alone")
    asks = house.world.operation(By(ActorKind.USER, bo.id, Source.WEB))
    assert restore_group.restore_group(asks, "Customers", before) == Restored(0, 0, 0)
    assert (house.contacts("Customers"), house.stored("Grace").note) == (["Ada", "Edith"], "for partners alone")
    house.grant("Partners", bo.email, "edit")
    assert restore_group.restore_group(asks, "Customers", before) == Restored(1, 0, 0)


def test_what_is_newer_stays(house: House, before: datetime) -> None:
    house.take("Customers", "Grace")
    house.edit("Ada", emails=["ada@elsewhere.example"], note="", job=("Analytical", "Engineer"))
    house.put("Customers", "Hedy")
    assert restore(house, before) == Restored(1, 1, 0)
    ada = house.stored("Ada")
    assert ada.emails == ("ada@customer.example", "ada@elsewhere.example")
    assert (ada.note, ada.job, ada.phones) == ("whist", ("Analytical", "Engineer"), ("+45 33 12 34 56",))
    assert house.contacts("Customers") == ["Ada", "Edith", "Grace", "Hedy"]


def test_a_field_with_one_value_keeps_what_was_typed_since(house: House, before: datetime) -> None:
    house.edit("Ada", note="bridge")
    assert restore(house, before) == Restored(0, 0, 0)
    assert house.stored("Ada").note == "bridge"


def test_contacts_that_joined_since_are_taken_out_where_that_is_asked_for(house: House, before: datetime) -> None:
    house.put("Customers", "Hedy")
    assert restore(house, before, take_newer=True) == Restored(0, 0, 1)
    assert (house.contacts("Customers"), house.trash()) == (["Ada", "Edith", "Grace"], ["Hedy"])


def test_a_second_restore_changes_nothing_and_says_nothing(house: House, before: datetime) -> None:
    house.take("Customers", "Grace")
    restore(house, before)
    assert restore(house, before) == Restored(0, 0, 0)
    (told,) = house.events("group.restore")
    assert told["reason"] == before.isoformat()


def test_an_erased_contact_does_not_come_back(house: House, before: datetime) -> None:
    with house.world.work(OPERATOR) as work:
        erasure.erase(work, house.contact_id("Ada"), "asked for it")
    assert stood(house, before) == ["Edith", "Grace"]
    assert restore(house, before) == Restored(0, 0, 0)


def test_the_future_is_no_moment_to_go_back_to(house: House, before: datetime) -> None:
    with pytest.raises(InvalidInput, match="not come yet"):
        restore(house, datetime.fromisoformat("2999-01-01T00:00:00+00:00"))


def test_the_commands_show_and_restore(sharesync: Sharesync, tmp_path: Path) -> None:
    def names(*words: str) -> list[str]:
        return [Shown.of(line["card"]).given for line in sharesync("groups", "show", "Team", *words, "--json").lines]

    file = tmp_path / "team.jsonl"
    file.write_text("".join(json.dumps({"card": customer(name)}) + "\n" for name in ("Ada", "Grace")))
    sharesync("groups", "create", "Team")
    sharesync("contacts", "import", str(file), "--group", "Team")
    at = datetime.now(UTC).isoformat()
    ids = [line["id"] for line in sharesync("groups", "show", "Team", "--json").lines]
    sharesync("groups", "take", "Team", ids[1])
    assert (names(), names("--at", at)) == (["Ada"], ["Ada", "Grace"])
    assert sharesync("groups", "restore", "Team", "--at", at, "--json").line == {
        "returned": 1,
        "changed": 0,
        "taken": 0,
    }
    assert names() == ["Ada", "Grace"]
