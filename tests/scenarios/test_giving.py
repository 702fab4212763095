"""A label of one's own becomes a group's: what is under it is shared where it stands, and nobody is there twice."""

from itertools import count

import pytest

from sharesync.errors import InvalidInput
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.services import groups, sharing
from sharesync.services.operation import pass_requests
from sharesync.services.operation.pass_requests import Manner
from tests.users import User
from tests.worlds import LEASE, House


def give(user: User, label: str, name: str = "") -> None:
    """Share a label as the web page does."""
    world = user.house.world
    own = sharing.own_labels(world, user.id)
    (found,) = [one for one in own if one.name == label]
    with world.work(By(ActorKind.USER, user.id, Source.WEB)) as work:
        sharing.share(work, found, name or label, everyone=True)


def labelled(user: User, label: str, *names: str) -> None:
    user.makes_label(label)
    for name in names:
        user.makes(name, under=[label])


def persons(user: User) -> dict[str, str]:
    """Given names of all contacts, and what each is: the same id, the same person."""
    return {one["id"]: one["fields"]["names"][0]["givenName"] for one in user.hands.contacts()}


def test_the_persons_under_it_are_shared_where_they_stand(house: House, bo: User, cy: User) -> None:
    labelled(bo, "Club", "Ada", "Grace")
    bo.makes("Mum")
    before, label = persons(bo), bo.hands.labels()[0]["id"]
    give(bo, "Club")
    house.grant("Club", cy.email, "view")
    house.sync_until_quiet()
    assert persons(bo) == before
    assert [one["id"] for one in bo.hands.labels()] == [label]
    assert house.contacts("Club") == bo.sees("Club") == cy.sees("Club") == ["Ada", "Grace"]
    assert "Mum" not in house.contacts()
    assert [house.level("Club", name) for name in ("bo", "cy", "dag")] == [Level.MANAGE, Level.VIEW, None]
    assert len(house.events("label.give")) == 1
    assert len(house.events("contact.create")) == 2
    assert house.events("person.create") == [one for one in house.events("person.create") if one["mailbox_id"] == cy.id]


def test_in_a_mailbox_that_was_read_before_the_whole_of_it_is_read_once_more(house: House, bo: User) -> None:
    house.share("Customers", "Linus", bo="edit")
    labelled(bo, "Club", "Ada")
    house.sync_until_quiet()
    give(bo, "Club")
    house.sync_until_quiet()
    assert house.contacts("Club") == bo.sees("Club") == ["Ada"]


def test_one_that_is_shared_already_joins_and_has_no_twin(house: House, bo: User, cy: User) -> None:
    bo.makes("Ada")
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    bo.makes_label("Club")
    bo.puts("Club", "Ada", "Grace")
    before = persons(bo)
    give(bo, "Club")
    house.grant("Club", cy.email, "view")
    house.sync_until_quiet()
    assert persons(bo) == before
    assert house.contacts() == ["Ada", "Grace"]
    assert cy.labels_on("Ada") == {"Customers", "Club"}
    assert house.contacts("Club") == ["Ada", "Grace"]


def test_what_somebody_else_lets_one_only_look_at_is_not_given_away(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    labelled(bo, "Club", "Grace")
    bo.puts("Club", "Ada")
    give(bo, "Club")
    house.sync_until_quiet()
    assert house.contacts("Club") == ["Grace"]
    assert bo.labels_on("Ada") == {"Customers"}


def test_of_two_equal_persons_one_is_shared(house: House, bo: User, cy: User) -> None:
    labelled(bo, "Club", "Ada", "Ada")
    give(bo, "Club")
    bo.own_labels.clear()  # it is the group's now, and comes off the second
    house.grant("Club", cy.email, "view")
    house.sync_until_quiet()
    assert cy.sees() == ["Ada"]
    assert (bo.sees("Club"), bo.sees()) == (["Ada"], ["Ada", "Ada"])


def test_a_group_of_another_name_renames_the_label(house: House, bo: User) -> None:
    labelled(bo, "Club", "Ada")
    give(bo, "Club", "Partners")
    house.sync_until_quiet()
    assert bo.labels() == ["Partners"]
    assert bo.labels_on("Ada") == {"Partners"}


def test_a_label_is_given_once_and_one_of_a_group_never(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.sync_until_quiet()
    labelled(bo, "Club", "Grace")
    own = sharing.own_labels(house.world, bo.id)
    assert [(one.name, one.members) for one in own] == [("Club", 1)]
    give(bo, "Club")
    assert sharing.own_labels(house.world, bo.id) == []
    with pytest.raises(InvalidInput), house.world.work(By(ActorKind.USER, bo.id, Source.WEB)) as work:
        sharing.share(work, own[0], "Again", everyone=True)
    assert sorted(house.groups()) == ["Club", "Customers"]


@pytest.mark.parametrize("wait", [0, 20])
def test_whatever_is_under_way_meanwhile_it_is_read(house: House, bo: User, wait: int) -> None:
    house.share("Customers", "Linus", bo="edit")
    labelled(bo, "Club", "Ada")
    house.meanwhile("contactGroups", lambda: give(bo, "Club"))
    house.pass_over("bo")
    house.wait(minutes=wait)
    house.sync_until_quiet()
    assert house.contacts("Club") == bo.sees("Club") == ["Ada"]
    assert sorted(bo.labels()) == ["Club", "Customers"]


def test_a_reset_before_the_first_pass_loses_nothing(house: House, bo: User) -> None:
    labelled(bo, "Club", "Ada")
    give(bo, "Club")
    with house.world.work(By(ActorKind.SYSTEM, "operator", Source.CLI)) as work:
        pass_requests.ask(work, bo.id, Manner.RESET)
    house.sync_until_quiet()
    assert house.contacts("Club") == bo.sees("Club") == ["Ada"]
    assert bo.labels() == ["Club"]


def test_dying_at_any_request_changes_nothing_about_the_end(one_house: House) -> None:
    one_house.rewind(one_house.empty)
    house, bo = one_house, one_house.users["bo"]
    house.share("Customers", "Linus", bo="edit")
    house.sync_until_quiet()
    labelled(bo, "Club", "Ada", "Grace")
    give(bo, "Club")
    beginning, deaths = house.snapshot(), 0
    house.sync_until_quiet()
    end = house.picture()
    for number in count(1):
        died: list[int] = []
        for when in ("before", "after"):
            house.rewind(beginning)

            def die(call: int, moment: str, at: tuple[int, str] = (number, when), died: list[int] = died) -> bool:
                died += [call] if (call, moment) == at else []
                return (call, moment) == at

            house.workspace.watch = die
            house.pass_over("bo")
            house.workspace.kind_again()
            house.wait(seconds=2 * LEASE.total_seconds())
            house.sync_until_quiet()
            assert house.picture() == end, f"request {number}, {when}"
        deaths += len(died)
        if not died:
            break
    assert deaths > 5


def test_when_the_group_goes_the_label_stays_as_it_was_and_nobody_elses_copy_does(
    house: House, bo: User, cy: User
) -> None:
    labelled(bo, "Club", "Ada", "Grace")
    give(bo, "Club")
    house.grant("Club", cy.email, "edit")
    house.sync_until_quiet()
    cy.makes("Edith", under=["Club"])
    house.sync_until_quiet()
    assert bo.sees("Club") == ["Ada", "Edith", "Grace"]
    house.delete_group("Club")
    house.sync_until_quiet()
    assert bo.labels() == ["Club"]
    assert bo.sees("Club") == bo.sees() == ["Ada", "Grace"]
    assert bo.marks_on("Ada") == []
    assert cy.sees() == ["Edith"]
    assert len(house.events("label.release")) == 1


def test_its_contacts_stay_under_it_too_where_another_group_holds_them(house: House, bo: User) -> None:
    labelled(bo, "Club", "Ada")
    give(bo, "Club")
    house.share("Customers", bo="edit")
    house.sync_until_quiet()
    house.add("Customers", "Ada")
    house.sync_until_quiet()
    house.delete_group("Club")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Club"}
    assert house.contacts("Customers") == ["Ada"]


def test_a_group_that_keeps_its_contacts_together_lets_no_editors_hand_pass_them_on(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.share("Partners", "Grace", bo="edit")
    with house.world.work(OPERATOR) as work:
        groups.let_pass_on(work, "Customers", allowed=False)
    house.sync_until_quiet()
    bo.puts("Partners", "Ada")
    bo.puts("Customers", "Grace")
    house.sync_until_quiet()
    assert (house.contacts("Partners"), house.contacts("Customers")) == (["Grace"], ["Ada", "Grace"])
    house.grant("Customers", bo.email, "manage")
    bo.puts("Partners", "Ada")
    house.sync_until_quiet()
    assert house.contacts("Partners") == ["Ada", "Grace"]
