"""Access that ends because of what Directory says: units by id, and what waits for an administrator."""

from dataclasses import replace
from threading import Thread

import pytest

from sharesync.errors import GoogleError, MalformedReply
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.waiting import HoldKind, OpenHold
from sharesync.sandbox.faults import Fault
from sharesync.services import directory as directory_cases
from sharesync.services import grants as grant_cases
from sharesync.services import holds as hold_cases
from sharesync.store.mailboxes import claims, directory, progress
from sharesync.store.mailboxes.progress import Count
from sharesync.store.records import holds
from sharesync.sync.holds import Limits
from tests.beginnings import begin
from tests.cli.processes import PATIENCE, until
from tests.users import User
from tests.worlds import DOMAIN, House

TEAM = f"team@{DOMAIN}"


def held(house: House) -> list[OpenHold]:
    """What waits."""
    with house.world.database.reading() as session:
        return holds.listed(session)


def decide(house: House, *, apply: bool) -> None:
    """An administrator decides about the one hold."""
    (hold,) = held(house)
    (hold_cases.apply if apply else hold_cases.restore)(house.world.operation(OPERATOR), hold.id)


@pytest.fixture
def team(house: House) -> House:
    """Cy and Dag see Ada through a Google group."""

    def first() -> None:
        house.share("Customers", "Ada")
        house.grant("Customers", f"group:{TEAM}", "edit")
        house.sync_until_quiet()

    begin(house, "a team", by=first)
    return house


def empty(house: House) -> None:
    """Directory says once that the Google group has no members."""
    house.workspace.directory.change_group(TEAM, members=())
    house.sync_directory()


# --- Units. ----------------------------------------------------------------------------------------------------------


def test_who_is_in_a_renamed_unit_keeps_everything_and_a_new_unit_of_its_name_inherits_nothing(
    house: House, dag: User, eva: User, bo: User
) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Sales", "edit")
    house.sync_until_quiet()
    house.workspace.directory.move_unit("/Sales", "/Revenue")
    house.workspace.directory.add_unit("/Sales")
    house.workspace.directory.change_user(bo.id, unit="/Sales")
    house.sync_directory()
    house.sync_until_quiet()
    assert (dag.sees("Customers"), eva.sees("Customers"), bo.sees()) == (["Ada"], ["Ada"], [])
    assert held(house) == []
    assert house.level("Customers", "dag") is Level.EDIT
    house.revoke("Customers", "ou:/Revenue")
    house.sync_until_quiet()
    assert (dag.sees(), eva.sees()) == ([], [])


def test_a_unit_moved_below_another_gets_what_is_granted_there(house: House, eva: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Office", "view")
    house.sync_until_quiet()
    house.workspace.directory.move_unit("/Sales", "/Office/Sales")
    house.sync_directory()
    house.sync_until_quiet()
    assert eva.sees("Customers") == ["Ada"]


def test_a_unit_made_again_is_another_and_the_grant_to_the_old_one_is_named(house: House, dag: User, eva: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Sales", "view")
    house.sync_until_quiet()
    world = house.workspace.directory
    for user in (dag, eva):
        world.change_user(user.id, unit="/Office")
    world.remove_unit("/Sales/North")
    world.remove_unit("/Sales")
    world.add_unit("/Sales")
    for user in (dag, eva):
        world.change_user(user.id, unit="/Sales")
    house.sync_directory()
    (hold,) = held(house)
    assert (hold.kind, hold.mailbox, hold.people) == (HoldKind.DIRECTORY, "", (dag.email, eva.email))
    with house.world.database.reading() as session:
        ((group, _, last),) = directory.vanished(session)
    assert (group, last) == ("Customers", "/Sales")
    decide(house, apply=True)
    house.sync_until_quiet()
    assert (dag.sees(), eva.sees()) == ([], [])


# --- Holds. ----------------------------------------------------------------------------------------------------------


def test_a_google_group_that_is_suddenly_empty_withdraws_nothing_and_brings_nothing(
    team: House, cy: User, dag: User
) -> None:
    empty(team)
    team.edit("Ada", note="news")
    team.share("Customers", "Ben")
    for _ in range(2):
        assert (cy.pass_over().outcome.value, dag.pass_over().outcome.value) == ("ok", "ok")
    (hold,) = held(team)
    assert (hold.kind, hold.group, hold.people) == (HoldKind.DIRECTORY, "Customers", (cy.email, dag.email))
    assert (cy.sees("Customers"), dag.sees("Customers")) == (["Ada"], ["Ada"])
    assert cy.shows("Ada").note != "news"


def test_who_is_new_by_another_group_comes_under_that_label_alone_until_it_is_decided(team: House, cy: User) -> None:
    team.share("Press", "Zoë", cy="view")
    cy.pass_over()
    empty(team)
    team.put("Customers", "Ben")
    team.add("Press", "Ben")
    cy.pass_over()
    assert (cy.sees("Press"), cy.sees("Customers")) == (["Ben", "Zoë"], ["Ada"])
    decide(team, apply=False)
    cy.pass_over()
    assert cy.sees("Customers") == ["Ada", "Ben"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "empty_list"},
        {"kind": "status", "status": 404, "body": {"error": {"code": 404, "message": "Resource Not Found: groupKey",
         "errors": [{"reason": "notFound", "domain": "global", "message": "Resource Not Found: groupKey"}]}}},
    ],
)  # fmt: skip
def test_one_empty_or_missing_answer_is_forgotten_with_the_next_whole_one(
    team: House, cy: User, fault: dict[str, object]
) -> None:
    team.workspace.faults.add(Fault.of({"method": "directory.members.list", **fault}))
    team.sync_directory()
    assert len(held(team)) == 1
    team.edit("Ada", note="news")
    team.sync_directory()
    assert held(team) == []
    team.sync_until_quiet()
    assert cy.shows("Ada").note == "news"


def test_a_listing_that_leaves_a_nested_group_out_withdraws_nothing(house: House, cy: User, dag: User) -> None:
    everybody = house.workspace.directory.add_group(f"everybody@{DOMAIN}", "Everybody", (TEAM,))
    house.sync_directory()
    house.share("Customers", "Ada")
    house.grant("Customers", f"group:{everybody.email}", "edit")
    house.sync_until_quiet()
    assert (cy.sees("Customers"), dag.sees("Customers")) == (["Ada"], ["Ada"])
    body = {"kind": "admin#directory#groups", "groups": [{"id": everybody.id, "email": everybody.email}]}
    house.workspace.faults.add(
        Fault.of({"method": "directory.groups.list", "kind": "status", "status": 200, "body": body})
    )
    house.sync_directory()
    house.sync_until_quiet()
    assert (cy.sees("Customers"), dag.sees("Customers"), held(house)) == (["Ada"], ["Ada"], [])


def test_a_reading_that_fails_changes_nothing(team: House, cy: User) -> None:
    team.workspace.faults.add(Fault.of({"method": "directory.members.list", "kind": "status", "status": 403}))
    with pytest.raises(Exception, match=r"\."):
        team.sync_directory()
    assert held(team) == []
    team.sync_until_quiet()
    assert cy.sees("Customers") == ["Ada"]


def test_users_who_are_missing_from_the_listing_wait_and_lose_nothing(house: House, bo: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "domain", "view")
    house.sync_until_quiet()
    directory = house.workspace.directory
    users, groups, units = list(directory.users.values()), directory.groups.values(), directory.units.values()
    directory.load([user for user in users if user.admin], groups, units)
    directory_cases.sync_directory(replace(house.world, hold_limits=Limits(2, 0.1)), OPERATOR)
    (hold,) = held(house)
    assert len(hold.people) == len(users) - 1
    directory.load(users, groups, units)
    house.sync_directory()
    assert held(house) == []
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]


@pytest.mark.parametrize("method", ["users", "groups", "members", "orgunits"])
def test_a_reading_that_is_cut_short_changes_nothing(team: House, method: str) -> None:
    team.workspace.directory.change_group(TEAM, members=())
    team.workspace.faults.add(Fault.of({"method": f"directory.{method}.list", "kind": "cut_json", "times": None}))
    before = team.query("SELECT * FROM directory_members"), team.query("SELECT user_id, due_at FROM mailboxes")
    with pytest.raises(GoogleError):
        team.sync_directory()
    assert (
        team.query("SELECT * FROM directory_members"),
        team.query("SELECT user_id, due_at FROM mailboxes"),
    ) == before
    assert held(team) == []


def test_users_in_a_unit_that_no_listing_names_twice_are_no_reading(house: House, bo: User, dag: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Sales", "view")
    left_out = {"method": "directory.orgunits.list", "kind": "empty_list"}
    house.workspace.faults.add(Fault.of({**left_out, "times": 2}))
    with pytest.raises(MalformedReply):
        house.sync_directory()
    house.workspace.faults.add(Fault.of({**left_out, "times": 1}))
    house.sync_directory()
    assert house.level("Customers", "dag") is Level.VIEW
    assert held(house) == []


def test_a_member_who_is_known_later_gets_what_was_granted_before(house: House, cy: User) -> None:
    house.share("Customers", "Ada", cy="view")
    house.share("Partners", "Ben")
    house.sync_until_quiet()
    with house.world.work(OPERATOR) as work:  # as where Google could not be asked
        grant_cases.grant(work, "Partners", f"group:{TEAM}", Level.VIEW)
    directory_cases.learn(house.world, OPERATOR, f"group:{TEAM}")
    with house.world.database.reading() as session:
        due = {mailbox.user_id for mailbox in claims.due(session, house.world.now(), house.world.interval)}
        count = progress.counts(session, cy.id)[cy.id]
    assert (cy.id in due, count) == (True, Count(standing=1, behind=1))


def test_a_group_deleted_by_hand_ends_the_hold(team: House, cy: User) -> None:
    empty(team)
    team.delete_group("Customers")
    assert held(team) == []
    team.sync_until_quiet()
    assert cy.sees() == []


def test_one_persons_loss_is_carried_out_at_once(team: House, cy: User, dag: User) -> None:
    team.workspace.directory.change_group(TEAM, members=(dag.email,))
    team.sync_directory()
    assert held(team) == []
    team.sync_until_quiet()
    assert (cy.sees(), dag.sees("Customers")) == ([], ["Ada"])


def test_applied_they_lose_it(team: House, cy: User) -> None:
    empty(team)
    decide(team, apply=True)
    team.sync_until_quiet()
    assert (cy.sees(), cy.labels(), held(team)) == ([], [], [])


def test_restored_they_keep_it_and_the_same_statement_asks_nobody_again(team: House, cy: User) -> None:
    empty(team)
    decide(team, apply=False)
    team.edit("Ada", note="news")
    team.sync_directory()
    team.sync_until_quiet()
    assert (held(team), cy.shows("Ada").note) == ([], "news")
    team.revoke("Customers", f"group:{TEAM}")
    team.sync_until_quiet()
    assert cy.sees() == []


def test_after_a_day_in_which_every_reading_says_the_same_it_is_carried_out(team: House, cy: User) -> None:
    empty(team)
    team.wait(hours=23)
    team.sync_directory()
    team.sync_until_quiet()
    assert (len(held(team)), cy.sees("Customers")) == (1, ["Ada"])
    team.wait(hours=1)
    team.sync_directory()
    team.sync_until_quiet()
    assert (held(team), cy.sees()) == ([], [])
    assert len(team.events("hold.expire")) == 1


def test_a_grant_taken_away_by_hand_ends_the_hold(team: House, cy: User) -> None:
    empty(team)
    team.revoke("Customers", f"group:{TEAM}")
    team.sync_until_quiet()
    assert (held(team), cy.sees()) == ([], [])


# --- Readings. -------------------------------------------------------------------------------------------------------


def test_members_of_a_google_group_without_a_grant_are_not_read(house: House) -> None:
    house.forget_calls()
    house.sync_directory()
    assert "directory.members.list" not in house.workspace.log.counts()
    house.share("Customers", "Ada")
    house.grant("Customers", f"group:{TEAM}", "view")
    assert house.workspace.log.counts()["directory.members.list"] == 1
    assert house.level("Customers", "cy") is Level.VIEW


def test_a_reading_that_began_earlier_is_not_saved_over_one_that_began_later(house: House, bo: User) -> None:
    house.share("Customers", "Ada")
    house.grant("Customers", "ou:/Sales", "view")
    house.workspace.faults.add(Fault.of({"method": "directory.groups.list", "kind": "delay", "seconds": 2.0}))
    older = Thread(target=house.sync_directory)
    older.start()
    # It has read the users, Bo outside the unit, and waits for the Google groups.
    until(lambda: "" if house.workspace.faults.as_json() else "yes", "the delay")
    house.workspace.directory.change_user(bo.id, unit="/Sales")
    house.sync_directory()
    assert older.is_alive()
    older.join(PATIENCE)
    assert house.level("Customers", "bo") is Level.VIEW
