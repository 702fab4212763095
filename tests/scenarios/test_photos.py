"""Photos: the store's go to every mailbox, a user's own are theirs, whatever is lost on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sharesync.sandbox.app import create_app
from sharesync.sandbox.errors import ApiError, Status
from sharesync.store.queries import contact_status, delivery_times
from sharesync.store.queries.contact_status import Stand
from sharesync.store.records import contacts
from tests.beginnings import begin
from tests.pictures import shown
from tests.rights.test_revocation import put_back
from tests.users import User
from tests.worlds import House

LOST = [
    {"kind": "drop", "when": "after"},
    {"kind": "drop", "when": "before"},
    {"kind": "status", "status": 503, "when": "after"},
    {"kind": "half"},
    {"kind": "cut_json"},
]


@pytest.fixture
def shared(house: House) -> House:
    """Ada and Grace, in the mailboxes of bo, who may edit, and cy, who may view."""

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
        house.sync_until_quiet()

    begin(house, "photos", by=first)
    return house


def photo(user: User, name: str = "Ada") -> str | None:
    """How the photo on a contact is named in a mailbox."""
    found: str | None = user.find(name)["photo"]
    return found


# --- From the store to the mailboxes. ---------------------------------------------------------------------------------


def test_a_photo_set_in_the_store_shows_in_every_mailbox(shared: House, bo: User, cy: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy), photo(bo, "Grace")) == (red, red, None)


def test_it_comes_with_a_contact_that_is_new_there(house: House, bo: User) -> None:
    house.share("Customers", "Ada")
    red = house.photograph("Ada", "red")
    house.grant("Customers", bo.email, "view")
    bo.pass_over()
    assert photo(bo) == red
    house.sync_until_quiet()


def test_another_photo_takes_its_place_and_none_takes_it_away(shared: House, bo: User, cy: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    blue = shared.photograph("Ada", "blue")
    assert red != blue
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (blue, blue)
    shared.unphotograph("Ada")
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (None, None)


def test_one_photo_is_one_request_and_then_nothing(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.forget_calls()
    report = bo.pass_over()
    calls = shared.calls("bo")
    assert (calls["people.updateContactPhoto"], report.quota["photo_write"]) == (1, 1)
    assert calls["people.updateContact"] == 1  # it tells the person's mark which photo on it is ours
    shared.forget_calls()
    shared.sync_until_quiet()
    assert shared.calls("bo")["people.updateContactPhoto"] == 0


def test_the_log_tells_of_each_photo_with_what_made_it_one(shared: House) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    shared.unphotograph("Ada")
    shared.sync_until_quiet()
    rows = shared.query(
        "SELECT e.action, e.outcome, c.action FROM events e JOIN events c ON c.id = e.cause"
        " WHERE e.action LIKE 'person.%_photo' ORDER BY e.seq"
    )
    assert (
        rows
        == [("person.set_photo", "ok", "contact.set_photo")] * 2
        + [("person.remove_photo", "ok", "contact.remove_photo")] * 2
    )
    assert len(shared.events("contact.set_photo")) == len(shared.events("contact.remove_photo")) == 1


def test_a_photo_and_another_card_at_once_both_arrive(shared: House, bo: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.edit("Ada", note="and a note")
    shared.sync_until_quiet()
    assert (photo(bo), bo.shows("Ada").note) == (red, "and a note")


def test_our_own_photo_coming_back_decides_nothing(shared: House, bo: User) -> None:
    shared.turn(lag=120)
    shared.photograph("Ada", "red")
    bo.pass_over()
    versions = shared.versions("Ada")
    for _ in range(3):
        bo.pass_over(wait=timedelta(seconds=50))
    assert shared.versions("Ada") == versions
    assert shared.events("proposal.keep") == []


def test_an_edit_made_just_before_a_photo_arrives_is_taken_in_and_not_written_over(shared: House, bo: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.meanwhile(":updateContactPhoto", lambda: bo.edits("Ada", note="from bo"))
    shared.meanwhile(":updateContactPhoto", lambda: shared.edit("Ada", phones=["+45 1"]))
    shared.sync_until_quiet()
    assert (photo(bo), bo.shows("Ada").note, bo.shows("Ada").phones) == (red, "from bo", ("+45 1",))
    assert shared.stored("Ada").note == "from bo"


# --- What is a user's own. --------------------------------------------------------------------------------------------


def test_a_photo_of_a_users_own_is_neither_replaced_nor_uploaded(shared: House, bo: User, cy: User) -> None:
    cy.photographs("Ada")
    own = photo(cy)
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (red, own)
    shared.photograph("Ada", "blue")
    shared.sync_until_quiet()
    shared.unphotograph("Ada")
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (None, own)


def test_a_photo_that_a_user_puts_in_the_place_of_ours_is_theirs_from_then_on(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.photographs("Ada")
    own = photo(bo)
    shared.sync_until_quiet()
    shared.photograph("Ada", "blue")
    shared.sync_until_quiet()
    shared.unphotograph("Ada")
    shared.sync_until_quiet()
    assert photo(bo) == own


def test_a_user_who_takes_ours_off_is_left_without_until_the_stores_photo_changes(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.photographs("Ada", None)
    shared.edit("Ada", note="something else changes")
    shared.sync_until_quiet()
    assert photo(bo) is None
    blue = shared.photograph("Ada", "blue")
    shared.sync_until_quiet()
    assert photo(bo) == blue


def test_a_user_who_puts_their_own_while_ours_is_on_its_way_keeps_it(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.meanwhile("people:batchGet", lambda: bo.photographs("Ada"))
    shared.sync_until_quiet()
    own = bo.faces[bo.find("Ada")["id"]]
    assert own is not None
    assert photo(bo) == own


def test_a_contact_of_a_users_own_that_was_adopted_gets_the_photo_and_gives_it_back(house: House, bo: User) -> None:
    bo.makes("Ada")
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    red = house.photograph("Ada", "red")
    house.sync_until_quiet()
    assert photo(bo) == red
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert (bo.sees(), photo(bo)) == (["Ada"], None)


# --- When a link ends. ------------------------------------------------------------------------------------------------


def test_our_photo_does_not_make_a_person_the_users(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    shared.revoke("Customers", "bo")
    shared.sync_until_quiet()
    assert bo.sees() == []


def test_of_a_person_that_stays_with_its_user_our_photo_goes_and_theirs_stays(
    shared: House, bo: User, cy: User
) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.stars("Ada")
    cy.photographs("Ada")
    own = photo(cy)
    bo.keeps, cy.keeps = {"Ada"}, {"Ada"}
    shared.revoke("Customers", "bo", "cy")
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (None, own)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_photo_that_could_not_be_taken_off_a_released_person_is_not_forgotten(
    shared: House, bo: User, when: str
) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.stars("Ada")
    bo.keeps = {"Ada"}
    shared.revoke("Customers", "bo")
    shared.fault("drop", "people.deleteContactPhoto", "bo", when=when, times=4)
    bo.pass_over()
    shared.workspace.faults.clear()
    shared.sync_until_quiet()
    assert photo(bo) is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_photo_taken_off_in_a_release_that_was_broken_off_comes_back_with_the_grant(
    shared: House, bo: User, when: str
) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.stars("Ada")
    shared.revoke("Customers", "bo")
    shared.fault("drop", "people.deleteContactPhoto", "bo", when=when, times=4)
    bo.pass_over()
    shared.workspace.faults.clear()
    shared.grant("Customers", bo.email, "edit")
    shared.sync_until_quiet()
    assert photo(bo) == red


def test_the_photo_of_an_erased_contact_goes_from_a_person_that_was_its_users_before(house: House, bo: User) -> None:
    bo.makes("Ada")
    house.share("Customers", "Ada", bo="view")
    house.photograph("Ada", "red")
    house.sync_until_quiet()
    house.erase("Ada")
    house.sync_until_quiet()
    assert (bo.sees(), photo(bo)) == (["Ada"], None)


# --- What is lost, refused or put off. --------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: f"{fault['kind']} {fault.get('when', '')}")
@pytest.mark.parametrize("times", [1, 4], ids=["once", "in the whole pass"])
def test_a_photo_whose_answer_was_lost_is_ours_all_the_same(
    shared: House, bo: User, fault: dict[str, object], times: int
) -> None:
    shared.photograph("Ada", "red")
    more = {name: value for name, value in fault.items() if name != "kind"}
    shared.fault(str(fault["kind"]), "people.updateContactPhoto", "bo", times=times, **more)
    bo.pass_over()
    shared.workspace.faults.clear()
    blue = shared.photograph("Ada", "blue")
    shared.sync_until_quiet()
    assert photo(bo) == blue
    shared.unphotograph("Ada")
    shared.sync_until_quiet()
    assert photo(bo) is None


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_removal_whose_answer_was_lost_ends_the_same(shared: House, bo: User, when: str) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    shared.unphotograph("Ada")
    shared.fault("drop", "people.deleteContactPhoto", "bo", when=when, times=4)
    assert bo.pass_over().outcome.value == "retry"
    shared.workspace.faults.clear()
    shared.sync_until_quiet()
    assert photo(bo) is None


def test_a_photo_taken_back_while_its_answer_was_lost_does_not_stay(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.fault("drop", "people.updateContactPhoto", "bo", when="after", times=4)
    bo.pass_over()
    shared.unphotograph("Ada")
    shared.workspace.faults.clear()
    shared.sync_until_quiet()
    assert photo(bo) is None


def test_the_older_of_two_lost_photos_is_not_taken_for_the_newer(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.fault("drop", "people.updateContactPhoto", "bo", when="after", times=4)
    bo.pass_over()
    shared.workspace.faults.clear()
    blue = shared.photograph("Ada", "blue")
    shared.fault("drop", "people.updateContactPhoto", "bo", when="before", times=4)
    bo.pass_over()
    shared.workspace.faults.clear()
    shared.sync_until_quiet()
    assert photo(bo) == blue


def test_a_refused_photo_is_set_aside_and_all_others_arrive(shared: House, bo: User) -> None:
    first, second = sorted(("Ada", "Grace"), key=shared.contact_id)
    shared.photograph(first, "red")
    blue = shared.photograph(second, "blue")
    refusal = {"error": {"code": 400, "message": "Request contains an invalid argument.", "status": "INVALID_ARGUMENT"}}
    for skip in (0, 2):
        shared.fault("status", "people.updateContactPhoto", "bo", status=400, body=refusal, skip=skip)
    assert bo.pass_over().outcome.value == "attention"
    assert shared.state("bo")[1] == "A contact is set aside: Google refuses this contact’s photo."
    assert (photo(bo, first), photo(bo, second)) == (None, blue)
    shared.edit(first, note="the card goes on")
    assert bo.pass_over().outcome.value == "attention"
    assert (bo.shows(first).note, photo(bo, first)) == ("the card goes on", None)
    green = shared.photograph(first, "green")  # another photo is tried at once
    bo.pass_over()
    assert (photo(bo, first), shared.state("bo")) == (green, ("ok", ""))
    shared.sync_until_quiet()


def test_a_refused_photo_is_tried_again_a_day_later(shared: House, bo: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.fault("status", "people.updateContactPhoto", "bo", status=400, body={"error": {"code": 400}})
    bo.pass_over()
    shared.forget_calls()
    bo.pass_over()
    assert shared.calls("bo")["people.updateContactPhoto"] == 0
    shared.wait(days=1)
    shared.sync_until_quiet()
    assert photo(bo) == red


def test_more_photos_than_a_minute_allows_go_on_in_the_next_without_a_failure(house: House, bo: User) -> None:
    names = [f"Customer{number:02}" for number in range(60)]
    house.share("Customers", *names, bo="view")
    house.sync_until_quiet()
    for name in names:
        house.photograph(name, "red")
    report = bo.pass_over()
    assert report.quota["photo_write"] == 50
    assert report.outcome.value == "retry"
    assert report.not_before == house.now() + timedelta(seconds=65)
    assert house.query("SELECT failures FROM mailboxes WHERE user_id = ?", bo.id) == [(0,)]
    assert bo.pass_over(wait=timedelta(seconds=66)).quota["photo_write"] == 10
    house.sync_until_quiet()


def test_after_a_revoke_between_two_photos_no_other_is_sent(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.photograph("Grace", "blue")
    shared.meanwhile(":updateContactPhoto", lambda: shared.revoke("Customers", "bo"))
    shared.forget_calls()
    bo.pass_over()
    assert shared.calls("bo")["people.updateContactPhoto"] == 1
    shared.sync_until_quiet()
    assert bo.sees() == []


def test_a_person_deleted_just_before_its_photo_comes_is_made_again_with_it(shared: House, cy: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.meanwhile(":updateContactPhoto", lambda: cy.deletes("Ada"))
    cy.pass_over()
    shared.sync_until_quiet()
    assert photo(cy) == red


# --- Links found again. -----------------------------------------------------------------------------------------------


def test_a_reset_forgets_neither_which_photo_is_ours_nor_which_is_a_users(shared: House, bo: User, cy: User) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    cy.photographs("Ada")
    own = photo(cy)
    shared.forget_calls()
    shared.sync(reset=True)
    assert shared.calls()["people.updateContactPhoto"] == 0
    blue = shared.photograph("Ada", "blue")
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (blue, own)


@pytest.fixture
def backup(house: House, bo: User, cy: User) -> House:
    """A store put back to when nobody had Ada, and mailboxes that show her: with our photo, and with cy’s own."""
    house.share("Customers", "Ada")
    then = house.snapshot().database
    for user in (bo, cy):
        house.grant("Customers", user.email, "view")
    house.photograph("Ada", "red")
    house.sync_until_quiet()
    cy.photographs("Ada")
    house.sync_until_quiet()
    put_back(house, then)
    for user in (bo, cy):
        house.grant("Customers", user.email, "view")
    return house


def test_after_a_restored_backup_marks_tell_our_photos_from_those_of_users(backup: House, bo: User, cy: User) -> None:
    own = photo(cy)
    blue = backup.photograph("Ada", "blue")
    backup.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (blue, own)


def test_after_a_restored_backup_a_photo_that_the_store_never_had_goes(backup: House, bo: User, cy: User) -> None:
    own = photo(cy)
    backup.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (None, own)


def test_after_a_restored_backup_a_link_that_knows_another_photo_of_ours_learns_of_it(
    shared: House, bo: User, cy: User
) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    then = shared.snapshot().database
    shared.photograph("Ada", "blue")
    shared.sync_until_quiet()
    put_back(shared, then)
    shared.sync(full=True)
    shared.sync_until_quiet()
    assert (photo(bo), photo(cy)) == (red, red)


def test_a_person_out_of_googles_trash_with_our_photo_is_ours_still(shared: House, cy: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    cy.deletes("Ada")
    shared.sync_until_quiet()
    cy.undeletes("Ada")
    shared.sync_until_quiet()
    assert (cy.sees(), photo(cy)) == (["Ada", "Grace"], red)


def test_a_second_copy_with_a_photo_of_its_users_own_is_left_to_them(shared: House, cy: User) -> None:
    cy.photographs("Ada")
    cy.deletes("Ada")
    shared.sync()
    cy.undeletes("Ada")
    cy.keeps = {"Ada"}
    shared.sync_until_quiet()
    assert cy.sees() == ["Ada", "Ada", "Grace"]


@pytest.mark.parametrize("fault", [None, *LOST], ids=lambda fault: f"{fault['kind']}" if fault else "no fault")
def test_a_second_copy_with_a_note_of_its_users_own_is_left_to_them_without_our_photo(
    shared: House, cy: User, fault: dict[str, object] | None
) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    copy = cy.find("Ada")["resourceName"]
    cy.deletes("Ada")
    shared.sync()
    cy.undeletes("Ada")
    cy.edits(copy, note="mine")
    cy.keeps = {"Ada"}
    if fault:
        more = {name: value for name, value in fault.items() if name != "kind"}
        shared.fault(str(fault["kind"]), "people.deleteContactPhoto", "cy", times=4, **more)
        shared.sync()
        shared.workspace.faults.clear()
    shared.sync_until_quiet()
    shared.sync(reset=True)
    shared.sync_until_quiet()
    assert sorted(str(one["photo"]) for one in cy.hands.contacts() if one["photo"]) == [red]
    assert cy.find(copy)["photo"] is None


def test_a_merge_with_a_contact_of_the_users_own_keeps_their_photo(shared: House, bo: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.makes("Augusta")
    bo.photographs("Augusta")
    own = photo(bo, "Augusta")
    merged = bo.hands.merge([bo.find("Augusta")["resourceName"], bo.find("Ada")["resourceName"]])
    shared.sync()
    shared.sync()
    assert bo.find(merged)["photo"] == own != red


CHANGES: dict[str, Callable[[House], object]] = {
    "set": lambda house: house.photograph("Ada", "red"),
    "removed": lambda house: house.unphotograph("Grace"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_mailbox_is_behind_until_its_photos_are_as_they_should_be(house: House, bo: User, what: str) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    house.photograph("Grace", "green")
    house.sync_until_quiet()
    assert house.behind("bo") == 0
    CHANGES[what](house)
    contact = house.contact_id("Ada" if what == "set" else "Grace")
    with house.database.reading() as session:
        (place,) = contact_status.of_contact(session, contacts.get(session, contact))
        (sent,) = delivery_times.of_contact(session, contact)
    assert (house.behind("bo"), place.stand, sent.behind) == (1, Stand.BEHIND, True)
    bo.pass_over()
    with house.database.reading() as session:
        (place,) = contact_status.of_contact(session, contacts.get(session, contact))
        (sent,) = delivery_times.of_contact(session, contact)
    assert (house.behind("bo"), place.stand, sent.behind) == (0, Stand.HERE, False)
    house.sync_until_quiet()


def test_the_page_of_the_sandbox_shows_what_arrived(shared: House, bo: User) -> None:
    name = shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    browser = create_app(shared.workspace).test_client()
    there = f"/contacts/{bo.email}/photo/{name}"
    assert (browser.get(there).mimetype, shown(browser.get(there).data).size) == ("image/jpeg", (8, 8))
    person = f"/contacts/{bo.email}/person/{bo.find('Ada')['resourceName'].removeprefix('people/')}"
    for page in (f"/contacts/{bo.email}/", person):
        assert browser.get(page).text.count(f'src="{there}"') == 1
    bo.photographs("Ada")  # of a photo put by hand the sandbox knows the name alone
    assert "/photo/" not in browser.get(person).text
    assert browser.get(f"/contacts/{bo.email}/photo/none").status_code == 404


def test_a_photo_over_which_google_stumbles_keeps_no_other_from_arriving(shared: House, bo: User) -> None:
    first, second = sorted(("Ada", "Grace"), key=shared.contact_id)
    shared.photograph(first, "red")
    blue = shared.photograph(second, "blue")
    shared.workspace.poisoned = ApiError(Status.INTERNAL, "Internal error encountered.")
    shared.workspace.poison = f"{bo.find(first)['resourceName']}:updateContactPhoto".encode()
    assert bo.pass_over(wait=timedelta(hours=1)).outcome.value == "retry"
    assert (photo(bo, first), photo(bo, second)) == (None, blue)
    outcomes = [bo.pass_over(wait=timedelta(hours=1)).outcome.value for _ in range(4)]
    assert outcomes[-1] == "attention"
    shared.workspace.poison = b""
    shared.wait(days=1)
    shared.sync_until_quiet()


def test_a_photo_that_google_stumbles_over_when_a_person_is_released_goes_a_day_later(shared: House, bo: User) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    bo.stars("Ada")
    bo.keeps = {"Ada"}
    shared.workspace.poisoned = ApiError(Status.INTERNAL, "Internal error encountered.")
    shared.workspace.poison = f"{bo.find('Ada')['resourceName']}:deleteContactPhoto".encode()
    shared.revoke("Customers", "bo")
    outcomes = [bo.pass_over(wait=timedelta(hours=1)).outcome.value for _ in range(5)]
    assert outcomes[-1] == "attention"
    assert set(bo.find("Ada")["fields"]) <= {"names", "clientData"}  # all else of ours has gone
    shared.workspace.poison = b""
    shared.wait(days=1)
    shared.sync_until_quiet()
    assert (photo(bo), bo.find("Ada")["fields"].get("clientData")) == (None, None)


def test_a_photo_that_arrived_although_google_stumbled_is_known_as_ours(shared: House, bo: User) -> None:
    red = shared.photograph("Ada", "red")
    shared.fault("status", "people.connections.list", "bo", status=503, times=9)
    shared.fault("status", "people.updateContactPhoto", "bo", status=500, when="after", times=40)
    outcomes = [bo.pass_over(wait=timedelta(hours=1)).outcome.value for _ in range(4)]
    assert (outcomes[-1], photo(bo)) == ("attention", red)
    shared.workspace.faults.clear()
    bo.stars("Ada")
    bo.keeps = {"Ada"}
    shared.revoke("Customers", "bo")
    shared.sync_until_quiet()
    assert photo(bo) is None
