"""Smart groups in mailboxes: a label like any other, which no hand puts on or takes off for good."""

from collections.abc import Callable

import pytest

from sharesync.errors import Refused
from sharesync.model.audit import OPERATOR
from sharesync.services import holds as hold_cases
from sharesync.services import smart_groups
from sharesync.store.database.work import Operation
from tests.beginnings import begin
from tests.users import User
from tests.worlds import House


@pytest.fixture
def chosen(house: House) -> House:
    """Bo may delete in Customers, Cy and Eva see only those of them who live in York, whom Eva may edit."""

    def first() -> None:
        house.share("Customers", bo="delete")
        for name in ("Ada", "Grace"):
            house.put("Customers", {**_named(name), "addresses": [{"city": "York"}]})
        house.put("Customers", "Alan")
        house.choose("In York", "city:york", "Customers", bo="view", cy="view", eva="edit")
        house.sync_until_quiet()

    begin(house, "in York", by=first)
    return house


def _named(name: str) -> dict[str, object]:
    return {"names": [{"givenName": name}]}


def _moves(house: House, name: str, city: str) -> None:
    from sharesync.model.card import Card
    from sharesync.services import contacts

    with house.world.work(OPERATOR) as work:
        contacts.edit(work, house.contact_id(name), Card.parse({**_named(name), "addresses": [{"city": city}]}))


def test_the_filter_is_a_label_in_the_mailboxes_that_may_see_it(chosen: House, bo: User, cy: User) -> None:
    assert cy.sees("In York") == cy.sees() == ["Ada", "Grace"]
    assert (bo.sees("Customers"), bo.sees("In York")) == (["Ada", "Alan", "Grace"], ["Ada", "Grace"])


@pytest.mark.parametrize("who", ["cy", "eva"])
def test_a_label_taken_off_is_put_back(chosen: House, who: str) -> None:
    user = chosen.users[who]
    user.takes("In York", "Ada")
    assert user.pass_over().tally.reverted == 1
    chosen.sync_until_quiet()
    assert user.sees("In York") == ["Ada", "Grace"]


def test_who_may_delete_in_the_source_takes_no_contact_out_of_the_smart_group(chosen: House, bo: User) -> None:
    bo.takes("In York", "Ada")
    bo.puts("In York", "Alan")
    chosen.sync_until_quiet()
    assert chosen.contacts("In York") == bo.sees("In York") == ["Ada", "Grace"]
    assert chosen.contacts("Customers") == bo.sees("Customers") == ["Ada", "Alan", "Grace"]


def test_an_editors_label_on_a_contact_of_their_own_is_taken_off_and_the_contact_untouched(
    chosen: House, eva: User
) -> None:
    eva.makes("Mum", note="not for anyone", under=["In York"])
    assert eva.pass_over().tally.reverted == 1
    chosen.sync_until_quiet()
    assert (eva.labels_on("Mum"), eva.marks_on("Mum"), eva.shows("Mum").note) == (set(), [], "not for anyone")
    assert chosen.contacts() == ["Ada", "Alan", "Grace"]


def test_an_edit_makes_a_contact_leave_and_come(chosen: House, cy: User, eva: User) -> None:
    _moves(chosen, "Ada", "Leeds")
    _moves(chosen, "Alan", "York")
    chosen.sync_until_quiet()
    assert cy.sees() == eva.sees("In York") == ["Alan", "Grace"]


def test_an_editors_own_edit_in_the_mailbox_counts_and_may_take_the_contact_away_from_them(
    chosen: House, bo: User, eva: User
) -> None:
    person = eva.find("Ada")
    eva.hands.edit(person["resourceName"], {"addresses": [{"city": "Leeds"}]})
    chosen.sync_until_quiet()
    assert chosen.contacts("In York") == eva.sees() == ["Grace"]
    assert bo.sees("Customers") == ["Ada", "Alan", "Grace"]


def test_who_leaves_the_source_leaves_the_smart_group_and_lies_in_the_trash(chosen: House, bo: User, cy: User) -> None:
    bo.takes("Customers", "Ada")
    bo.keeps.add("Ada")  # the copy is theirs now
    chosen.sync_until_quiet()
    assert (chosen.trash(), chosen.contacts("In York"), cy.sees()) == (["Ada"], ["Grace"], ["Grace"])


def test_deleting_a_person_counts_in_the_ordinary_groups(chosen: House, bo: User, cy: User, eva: User) -> None:
    bo.deletes("Grace")
    eva.deletes("Ada")
    chosen.sync_until_quiet()
    assert chosen.trash() == ["Grace"]
    assert chosen.contacts("In York") == cy.sees() == eva.sees() == ["Ada"]


def test_deleting_its_label_with_its_contacts_is_held_where_they_may_delete(chosen: House, bo: User, cy: User) -> None:
    bo.deletes_label("In York", with_contacts=True)
    report = bo.pass_over()
    assert report.tally.held == 2
    assert chosen.query("SELECT name FROM holds JOIN groups ON groups.id = holds.group_id") == [("Customers",)]
    assert chosen.contacts("In York") == cy.sees() == ["Ada", "Grace"]


def test_what_waits_in_the_ordinary_groups_is_not_made_again_under_a_smart_label(chosen: House, bo: User) -> None:
    bo.deletes("Ada", "Grace", "Alan")
    assert bo.pass_over().tally.held == 3
    bo.pass_over()
    assert bo.sees() == []
    _decide(chosen, hold_cases.restore)
    chosen.sync_until_quiet()
    assert (bo.sees("Customers"), bo.sees("In York")) == (["Ada", "Alan", "Grace"], ["Ada", "Grace"])


@pytest.mark.parametrize("beside", ["Partners", "In York"])
def test_who_deleted_contacts_keeps_none_that_was_made_there_while_the_deletion_waited(
    chosen: House, bo: User, beside: str
) -> None:
    bo.deletes("Ada", "Grace", "Alan")
    bo.pass_over()
    chosen.share("Partners", bo="view")
    chosen.add("Partners", "Ada")
    bo.pass_over()
    assert bo.sees() == ["Ada"]
    if beside == "Partners":
        chosen.delete_group("Partners")
    else:
        chosen.take("Partners", "Ada")
    _decide(chosen, hold_cases.apply)
    bo.pass_over()
    assert (bo.sees(), chosen.contacts()) == ([], [])


def test_who_took_the_label_off_keeps_the_contacts_once_that_is_applied(chosen: House, bo: User) -> None:
    bo.takes("Customers", "Ada", "Grace", "Alan")
    bo.keeps |= {"Ada", "Grace", "Alan"}
    assert bo.pass_over().tally.held == 3
    _decide(chosen, hold_cases.apply)
    chosen.sync_until_quiet()
    assert (bo.sees(), bo.marks_on("Ada"), chosen.contacts()) == (["Ada", "Alan", "Grace"], [], [])


def _decide(house: House, decision: Callable[[Operation, str], object]) -> None:
    (hold,) = house.query("SELECT id FROM holds WHERE resolved_at IS NULL")
    decision(house.world.operation(OPERATOR), hold[0])


def test_what_arises_in_it_is_decided_by_who_manages_the_source(chosen: House, cy: User) -> None:
    cy.edits("Ada", phones=["+45 33 12 34 56"])
    chosen.sync_until_quiet()
    assert chosen.query("SELECT name FROM arisen JOIN groups ON groups.id = arisen.group_id") == [("Customers",)]


def test_when_its_owner_manages_the_source_no_longer_it_stops(chosen: House, cy: User) -> None:
    chosen.grant("Customers", chosen.address("dag"), "manage")
    chosen.choose("Not in York", "-city:york", "Customers", owner="dag", cy="view")
    chosen.sync_until_quiet()
    assert cy.sees("Not in York") == ["Alan"]
    chosen.grant("Customers", chosen.address("dag"), "delete")
    chosen.sync_until_quiet()
    assert (cy.sees("Not in York"), len(chosen.events("group.stop"))) == ([], 1)
    chosen.grant("Customers", chosen.address("dag"), "manage")
    chosen.sync_until_quiet()
    assert cy.sees("Not in York") == ["Alan"]


def test_time_alone_brings_and_takes(chosen: House, cy: User) -> None:
    # Days of margin on both sides, at whatever hour of the day this runs.
    chosen.choose("Lately", "changed>-5d", "Customers", cy="view")
    chosen.sync_until_quiet()
    assert cy.sees("Lately") == ["Ada", "Alan", "Grace"]
    chosen.wait(days=4)
    _moves(chosen, "Ada", "Bath")
    chosen.wait(days=3)
    chosen.sync_until_quiet()
    assert cy.sees("Lately") == ["Ada"]


def test_deleting_it_takes_its_label_and_no_contact(chosen: House, bo: User, cy: User) -> None:
    chosen.delete_group("In York")
    chosen.sync_until_quiet()
    assert (cy.sees(), cy.labels(), bo.sees("Customers")) == ([], [], ["Ada", "Alan", "Grace"])


def test_a_filter_by_which_much_would_leave_asks_first(chosen: House, cy: User) -> None:
    chosen.put("Customers", *(_named(f"Ann{number}") for number in range(9)))
    operation = chosen.world.operation(OPERATOR)
    smart_groups.change(operation, "In York", "name:a OR name:grace", sure=False)
    with pytest.raises(Refused, match="say that you are sure"):
        smart_groups.change(operation, "In York", "name:grace", sure=False)
    smart_groups.change(operation, "In York", "name:grace", sure=True)
    chosen.sync_until_quiet()
    assert cy.sees() == ["Grace"]
