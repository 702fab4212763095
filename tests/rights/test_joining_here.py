"""Merges in the web page: two shared contacts become one for everyone, with nothing lost, and can be two again."""

import pytest

from sharesync.errors import NotAllowed, NotFound, Refused, StaleVersion
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.duplicate_decision import MergeRecord
from sharesync.services import erasure, merging
from sharesync.services.duplicates import compared
from sharesync.store.queries import duplicates
from sharesync.store.records import contacts
from tests.beginnings import begin
from tests.rights.desk import Desk, settle
from tests.users import Shown, User, customer
from tests.worlds import House

ADA = customer("Ada", family="Lovelace", emails=["ada@x.example"], phones=["+45 33 12 34 56"])
AUGUSTA = customer("Augusta", family="Lovelace", emails=["ADA@x.example", "augusta@y.example"], note="plays whist")
BOTH = Shown(
    "Ada",
    "Lovelace",
    emails=("ada@x.example", "augusta@y.example"),
    phones=("+45 33 12 34 56",),
    note="plays whist",
)


@pytest.fixture
def twice(house: House) -> House:
    """Ada is a customer, and under another name with the press; bo sees both groups, cy and dag one each."""

    def first() -> None:
        house.share("Customers", ADA, "Grace", bo="delete", cy="edit")
        house.share("Press", AUGUSTA, bo="delete", dag="view")
        house.sync()

    begin(house, "twice", by=first)
    return house


def merge(house: House, stays: str = "Ada", goes: str = "Augusta", by: str = "bo", **picked: list[str]) -> MergeRecord:
    ids = house.contact_id(stays), house.contact_id(goes)
    with house.world.work(of(house, by)) as work:
        one, other = (contacts.get(work.session, contact).version for contact in ids)
        return merging.merge(work, *ids, (one, other), picked or None)


def of(house: House, name: str) -> By:
    return By(ActorKind.USER, house.users[name].id, Source.WEB)


def undo(house: House, ruling: str, by: str = "bo") -> None:
    with house.world.work(of(house, by)) as work:
        merging.undo(work, ruling)


def pairs(house: House) -> list[set[str]]:
    with compared(house.database) as session:
        found = duplicates.everything(session)
    return [{Shown.of(side.card.as_json()).given for side in (one.one, one.other)} for one in found]


# --- One for everyone. -----------------------------------------------------------------------------------------------


def test_everyone_ends_with_one_person_under_the_labels_of_both_groups(
    twice: House, desk: Desk, bo: User, cy: User, dag: User
) -> None:
    assert pairs(twice) == [{"Ada", "Augusta"}]
    merge(twice)
    settle(twice)
    assert (bo.sees(), cy.sees(), dag.sees()) == (["Ada", "Grace"], ["Ada", "Grace"], ["Ada"])
    assert bo.shows("Ada") == cy.shows("Ada") == dag.shows("Ada") == BOTH
    assert (bo.labels_on("Ada"), cy.labels_on("Ada"), dag.labels_on("Ada")) == (
        {"Customers", "Press"}, {"Customers"}, {"Press"},
    )  # fmt: skip
    assert (desk.in_trash(), desk.groups_of("Ada"), pairs(twice)) == (["Augusta"], ("Customers", "Press"), [])


def test_what_was_typed_meanwhile_on_the_one_that_stays_is_merged_as_ever(twice: House, bo: User, cy: User) -> None:
    cy.edits("Ada", phones=["+45 33 12 34 56", "+45 1"])
    merge(twice)
    settle(twice)
    assert bo.shows("Ada").phones == cy.shows("Ada").phones == ("+45 1", "+45 33 12 34 56")
    assert bo.shows("Ada").emails == BOTH.emails


def test_what_was_typed_meanwhile_on_the_other_brings_it_back_as_an_edit_that_had_not_been_seen_does(
    twice: House, desk: Desk, bo: User
) -> None:
    bo.edits("Augusta", note="plays chess")
    merge(twice)
    settle(twice)
    assert (desk.in_trash(), twice.stored("Augusta").note) == ([], "plays chess")
    assert pairs(twice) == [{"Ada", "Augusta"}]


def test_what_a_user_had_of_their_own_on_the_other_stays_theirs(twice: House, bo: User, dag: User) -> None:
    dag.photographs("Augusta")
    merge(twice)
    dag.keeps.add("Augusta")
    settle(twice)
    assert dag.sees() == ["Ada", "Augusta"]
    assert (dag.labels_on("Augusta"), dag.marks_on("Augusta"), bo.sees()) == (set(), [], ["Ada", "Grace"])


def test_a_copy_that_was_a_users_own_before_it_was_shared_stays_theirs(twice: House, bo: User, dag: User) -> None:
    dag.makes("Hedy", emails=["hedy@x.example"])
    twice.put("Press", customer("Hedy", emails=["hedy@x.example"]))
    twice.put("Customers", customer("Hedwig", emails=["hedy@x.example"]))
    settle(twice)
    merge(twice, "Hedwig", "Hedy")
    settle(twice)
    assert dag.sees("Press") == ["Augusta", "Hedwig"]
    assert (dag.labels_on("Hedy"), dag.marks_on("Hedy"), dag.shows("Hedy").emails) == (set(), [], ("hedy@x.example",))
    assert (bo.sees("Press"), bo.sees("Customers")) == (["Augusta", "Hedwig"], ["Ada", "Grace", "Hedwig"])


# --- Two again. ------------------------------------------------------------------------------------------------------


def test_undoing_gives_everyone_both_as_they_were(twice: House, desk: Desk, bo: User, cy: User, dag: User) -> None:
    before = [user.sees() for user in (bo, cy, dag)]
    done = merge(twice)
    settle(twice)
    undo(twice, done.id)
    settle(twice)
    assert [user.sees() for user in (bo, cy, dag)] == before
    assert (cy.shows("Ada"), dag.shows("Augusta")) == (Shown.of(ADA), Shown.of(AUGUSTA))
    assert (desk.groups_of("Ada"), desk.groups_of("Augusta"), desk.in_trash()) == (("Customers",), ("Press",), [])
    assert pairs(twice) == [{"Ada", "Augusta"}]


def test_undoing_keeps_what_somebody_has_changed_since(twice: House, bo: User, cy: User) -> None:
    done = merge(twice)
    settle(twice)
    cy.edits("Ada", note="plays chess", phones=["+45 33 12 34 56", "+45 1"])
    settle(twice)
    undo(twice, done.id)
    settle(twice)
    assert (cy.shows("Ada").note, cy.shows("Ada").phones) == ("plays chess", ("+45 1", "+45 33 12 34 56"))
    assert (cy.shows("Ada").emails, bo.shows("Augusta").note) == (("ada@x.example",), "plays whist")


def test_what_was_undone_is_not_undone_again(twice: House) -> None:
    done = merge(twice)
    undo(twice, done.id)
    with pytest.raises(Refused, match="undone that already"):
        undo(twice, done.id)


def test_a_contact_that_came_back_by_itself_is_not_brought_back_again(twice: House, desk: Desk) -> None:
    done = merge(twice)
    desk.bring_back("Augusta")
    with pytest.raises(Refused, match="restored already"):
        undo(twice, done.id)
    assert desk.groups_of("Ada") == ("Customers", "Press")


def test_once_the_time_in_the_trash_is_over_a_merge_stays(twice: House, desk: Desk) -> None:
    done = merge(twice)
    twice.wait(days=31)
    desk.purge()
    with pytest.raises(Refused, match="time in the trash is over"):
        undo(twice, done.id)


def test_the_contact_that_stayed_must_be_there_and_in_a_group_of_its_own(twice: House, desk: Desk) -> None:
    done = merge(twice)
    twice.take("Customers", "Ada")
    with pytest.raises(Refused, match="in no other group"):
        undo(twice, done.id)
    desk.delete("Ada")
    with pytest.raises(Refused, match="is in the trash; restore it"):
        undo(twice, done.id)


# --- Who may, and when not. ------------------------------------------------------------------------------------------


def test_it_takes_edit_on_the_one_and_delete_on_the_other_in_all_their_groups(twice: House) -> None:
    with pytest.raises(NotFound):
        merge(twice, by="cy")
    twice.grant("Press", "cy@north.test", "edit")
    with pytest.raises(NotAllowed):
        merge(twice, by="cy")
    twice.grant("Press", "cy@north.test", "delete")
    twice.add("Customers", "Augusta")
    with pytest.raises(NotAllowed, match="in every group"):
        merge(twice, by="cy")
    twice.take("Customers", "Augusta")
    done = merge(twice, by="cy")
    twice.grant("Press", "cy@north.test", "edit")
    with pytest.raises(NotAllowed, match="every group that the merge touched"):
        undo(twice, done.id, by="cy")


def test_who_may_delete_the_one_and_only_view_the_other_does_not_merge(twice: House) -> None:
    twice.grant("Customers", "cy@north.test", "delete")
    twice.grant("Press", "cy@north.test", "view")
    with pytest.raises(NotAllowed):
        merge(twice, "Augusta", "Ada", by="cy")
    twice.grant("Press", "cy@north.test", "edit")
    merge(twice, "Augusta", "Ada", by="cy")


def test_a_group_that_one_cannot_see_stops_it_without_being_named(twice: House) -> None:
    twice.share("Board", dag="manage")
    twice.add("Board", "Augusta")
    with pytest.raises(NotAllowed) as refusal:
        merge(twice)
    assert "Board" not in str(refusal.value)


def test_the_second_of_two_who_decide_at_once_is_told(twice: House) -> None:
    merge(twice)
    with pytest.raises(Refused, match="is in the trash"):
        merge(twice)
    with pytest.raises(Refused, match="is in the trash"):
        merge(twice, "Augusta", "Ada")


def test_what_was_chosen_over_another_version_is_not_merged(twice: House) -> None:
    ids = twice.contact_id("Ada"), twice.contact_id("Augusta")
    twice.edit("Augusta", note="newer")
    with twice.world.work(of(twice, "bo")) as work, pytest.raises(StaleVersion):
        merging.merge(work, *ids, (1, 1))
    assert twice.contacts() == ["Ada", "Augusta", "Grace"]


def test_a_legal_hold_on_either_stops_it(twice: House) -> None:
    for name in ("Ada", "Augusta"):
        with twice.world.work(OPERATOR) as work:
            erasure.put_legal_hold(work, twice.contact_id(name), "case 7")
        with pytest.raises(Refused, match="legal hold"):
            merge(twice)
        with twice.world.work(OPERATOR) as work:
            erasure.end_legal_hold(work, twice.contact_id(name), "case 7 is over")
    merge(twice)


def test_an_erased_contact_is_merged_with_nobody_and_its_merge_is_not_undone(twice: House) -> None:
    done = merge(twice)
    with twice.world.work(OPERATOR) as work:
        erasure.erase(work, done.gone, "asked for it")
    with pytest.raises(NotFound):
        undo(twice, done.id)
    with twice.world.work(of(twice, "bo")) as work, pytest.raises(NotFound):
        merging.merge(work, done.stayed, done.gone, (2, 1))


# --- Not the same. ---------------------------------------------------------------------------------------------------


def test_two_that_are_not_the_same_are_asked_about_no_more_until_that_is_taken_back(twice: House) -> None:
    ids = twice.contact_id("Augusta"), twice.contact_id("Ada")
    with twice.world.work(of(twice, "bo")) as work:
        said = merging.dismiss(work, *ids)
    assert pairs(twice) == []
    twice.edit("Ada", note="still Ada")
    twice.edit("Augusta", emails=["ada@x.example"])
    assert pairs(twice) == []
    with pytest.raises(Refused, match="not the same"):
        merge(twice)
    with twice.world.work(of(twice, "bo")) as work, pytest.raises(Refused, match="decided already"):
        merging.dismiss(work, *ids)
    undo(twice, said.id)
    assert pairs(twice) == [{"Ada", "Augusta"}]
    with pytest.raises(Refused, match="undone that already"):
        undo(twice, said.id)


def test_it_takes_the_right_to_edit_both_to_say_that_they_are_not_the_same(twice: House) -> None:
    ids = twice.contact_id("Ada"), twice.contact_id("Augusta")
    for who, refusal in (("cy", NotFound), ("dag", NotFound), ("fin", NotFound)):
        with twice.world.work(of(twice, who)) as work, pytest.raises(refusal):
            merging.dismiss(work, *ids)
    twice.grant("Customers", "dag@north.test", "edit")
    with twice.world.work(of(twice, "dag")) as work, pytest.raises(NotAllowed):
        merging.dismiss(work, *ids)


# --- Told. -----------------------------------------------------------------------------------------------------------


def test_a_merge_and_its_undoing_are_each_one_act_in_the_log(twice: House) -> None:
    done = merge(twice)
    caused = twice.query("SELECT action FROM events WHERE cause = ? ORDER BY seq", done.id)
    assert [action for (action,) in caused] == ["group.add", "contact.update", "group.take"]
    (event,) = twice.events("contact.merge")
    assert (event["contact_id"], event["reason"], event["actor"]) == (done.stayed, done.gone, twice.users["bo"].id)
    undo(twice, done.id)
    ((back,),) = twice.query("SELECT id FROM events WHERE action = 'contact.unmerge' AND cause = ?", done.id)
    caused = twice.query("SELECT action FROM events WHERE cause = ? ORDER BY seq", back)
    assert [action for (action,) in caused] == ["group.add", "contact.restore", "contact.update", "group.take"]
