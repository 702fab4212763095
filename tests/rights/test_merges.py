"""Merges in Google Contacts: what came from a contact of the user's own stays theirs, here only, whatever follows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from sharesync.errors import NotFound
from sharesync.mailbox_pass import apply_linked
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.store.database.tables import Table
from sharesync.sync.decisions import Kept
from tests.beginnings import begin
from tests.rights.desk import Desk, items, merge, settle
from tests.users import Shown, User, customer
from tests.worlds import House

ADA = Shown("Ada", emails=("ada@customer.example",))


def merged(house: House, level: str = "edit") -> None:
    """Bo has merged a contact of his own, with a private number, into the shared Ada; cy sees her too."""
    bo = house.users["bo"]

    def first() -> None:
        house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
        house.sync()
        bo.makes("Ada at home", phones=["+45 99"], emails=["home@ada.example"])
        house.sync()
        merge(bo, "Ada", "Ada at home")
        settle(house, own=["bo"])

    begin(house, "merged", level, by=first)


def private(user: User) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers and addresses on Ada."""
    return user.shows("Ada").phones, user.shows("Ada").emails


OURS_AND_OWN = (("+45 99",), ("ada@customer.example", "home@ada.example"))


@pytest.mark.parametrize("survivor", ["Ada", "Ada at home"], ids=["the shared one survives", "their own survives"])
def test_a_merge_and_its_undoing_by_nobody_is_quiet(house: House, bo: User, cy: User, survivor: str) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    bo.makes_label("Relatives")
    bo.makes("Ada at home", under=["Relatives"], phones=["+45 99"], emails=["home@ada.example"], data={"crm": "7"})
    house.sync()
    merge(bo, survivor, *({"Ada", "Ada at home"} - {survivor}))
    settle(house, own=["bo"])
    assert private(bo) == OURS_AND_OWN
    assert (bo.labels_on("Ada"), bo.data_on("Ada"), len(bo.marks_on("Ada"))) == (
        {"Customers", "Relatives"}, {"crm": "7"}, 1,
    )  # fmt: skip
    assert (bo.sees(), cy.sees(), cy.shows("Ada")) == (["Ada", "Grace"], ["Ada", "Grace"], ADA)


def test_later_pushes_keep_what_is_the_users_own(house: House, bo: User, cy: User) -> None:
    merged(house)
    cy.edits("Ada", phones=["+45 1"], note="from cy")
    settle(house, own=["bo"])
    assert private(bo) == (("+45 1", "+45 99"), ("ada@customer.example", "home@ada.example"))
    assert (bo.shows("Ada").note, house.stored("Ada").phones) == ("from cy", ("+45 1",))
    cy.edits("Ada", phones=[])
    settle(house, own=["bo"])
    assert private(bo) == OURS_AND_OWN


def test_later_edits_of_the_user_are_accepted_without_what_is_their_own(house: House, bo: User, cy: User) -> None:
    merged(house)
    bo.edits("Ada", note="from bo", phones=["+45 99", "+45 2"])
    settle(house, own=["bo"])
    assert (cy.shows("Ada").note, cy.shows("Ada").phones, cy.shows("Ada").emails) == (
        "from bo", ("+45 2",), ("ada@customer.example",),
    )  # fmt: skip
    assert private(bo) == (("+45 2", "+45 99"), ("ada@customer.example", "home@ada.example"))


def test_what_is_their_own_they_may_take_away_again(house: House, bo: User, cy: User) -> None:
    merged(house, "view")
    bo.edits("Ada", phones=[], emails=["ada@customer.example"])
    settle(house, own=["bo"])
    assert bo.shows("Ada") == cy.shows("Ada") == ADA


def test_what_is_their_own_is_not_uploaded_when_they_correct_it(house: House, bo: User, cy: User) -> None:
    merged(house)
    bo.edits("Ada", phones=["+45 98"])
    settle(house, own=["bo"])
    assert (house.stored("Ada").phones, cy.shows("Ada").phones, bo.shows("Ada").phones) == ((), (), ("+45 98",))


@pytest.mark.parametrize("how", ["full", "reset"])
def test_what_is_their_own_survives_another_reading_of_everything(house: House, bo: User, cy: User, how: str) -> None:
    merged(house)
    bo.pass_over(**{how: True})
    cy.edits("Ada", note="from cy")
    settle(house, own=["bo"])
    assert (private(bo), bo.shows("Ada").note, house.stored("Ada").phones) == (OURS_AND_OWN, "from cy", ())


@pytest.mark.parametrize("level", ["view", "edit"])
def test_revocation_leaves_them_what_is_their_own_and_the_name(house: House, bo: User, level: str) -> None:
    merged(house, level)
    house.revoke("Customers", "bo")
    bo.keeps.add("Ada")
    settle(house)
    assert bo.sees() == ["Ada"]
    assert bo.shows("Ada") == Shown("Ada", emails=("home@ada.example",), phones=("+45 99",))
    assert (bo.labels_on("Ada"), bo.marks_on("Ada"), bo.labels()) == (set(), [], [])


def test_of_their_own_survivor_everything_stays_after_revocation(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view", cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync()
    merge(bo, "Ada at home", "Ada")
    settle(house, own=["bo"])
    house.revoke("Customers", "bo")
    bo.own.clear()
    bo.keeps.add("Ada")
    settle(house)
    assert bo.shows("Ada").phones == ("+45 99",)
    assert (bo.sees(), bo.labels_on("Ada"), bo.marks_on("Ada")) == (["Ada"], set(), [])


@pytest.mark.parametrize("level", ["view", "edit"])
def test_what_they_undid_with_google_is_not_written_back(house: House, bo: User, cy: User, level: str) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
    house.sync()
    house.wait(days=1)
    before = house.now()
    house.wait(seconds=5)
    bo.makes("Ada at home", phones=["+45 99"], emails=["home@ada.example"])
    house.sync()
    merge(bo, "Ada at home", "Ada")
    settle(house, own=["bo"])
    assert private(bo) == OURS_AND_OWN
    bo.hands.undo_changes(before)
    bo.own.clear()
    settle(house)
    assert (bo.sees(), bo.shows("Ada"), cy.shows("Ada")) == (["Ada", "Grace"], ADA, ADA)


# --- What their user alone is asked. ---------------------------------------------------------------------------------


def shown_to_managers(house: House, desk: Desk, secret: str) -> bool:
    """Whether a value stands anywhere but where its user alone looks: in what waits, in versions, in the log."""
    with house.database.reading() as session:
        tables = Table.metadata.tables.keys() - {"private_cards", "links"}
        rows = [str(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}"))]
    return any(secret in row for row in rows)


@pytest.mark.parametrize("level", ["view", "edit", "manage"])
def test_what_a_merge_brought_is_asked_of_its_user_alone(house: House, desk: Desk, bo: User, level: str) -> None:
    merged(house, level)
    ((name, before, after),) = desk.questions("bo")
    assert (name, before, after.phones, after.emails) == ("Ada", ADA, *OURS_AND_OWN)
    assert (desk.proposals(), desk.questions("cy")) == ([], [])
    assert not shown_to_managers(house, desk, "+45 99")


def test_what_was_meant_for_all_becomes_an_editors_edit(house: House, desk: Desk, bo: User, cy: User) -> None:
    merged(house)
    desk.answer("bo", share=True)
    settle(house, own=["bo"])
    assert private(cy) == private(bo) == OURS_AND_OWN
    assert len(bo.find("Ada")["fields"]["phoneNumbers"]) == 1
    assert (desk.questions("bo"), desk.proposals()) == ([], [])
    bo.edits("Ada", phones=[])
    settle(house, own=["bo"])
    assert house.stored("Ada").phones == cy.shows("Ada").phones == ()


def test_what_was_meant_for_all_becomes_a_viewers_proposal(house: House, desk: Desk, bo: User, cy: User) -> None:
    merged(house, "view")
    desk.answer("bo", share=True)
    ((name, user, _, after),) = desk.proposals()
    assert (name, user, after.phones, house.stored("Ada")) == ("Ada", "bo", ("+45 99",), ADA)
    desk.accept()
    settle(house, own=["bo"])
    assert private(cy) == private(bo) == OURS_AND_OWN


def test_what_is_theirs_alone_stays_so_and_is_not_asked_again(house: House, desk: Desk, bo: User) -> None:
    merged(house)
    desk.answer("bo", share=False)
    bo.edits("Ada", phones=["+45 98"])
    settle(house, own=["bo"])
    assert (desk.questions("bo"), desk.proposals(), house.stored("Ada"), bo.shows("Ada").phones) == (
        [], [], ADA, ("+45 98",),
    )  # fmt: skip
    assert not shown_to_managers(house, desk, "+45 98")


def test_nobody_answers_a_question_that_is_not_theirs_or_about_what_they_see_no_more(
    house: House, desk: Desk, bo: User
) -> None:
    merged(house)
    with pytest.raises(NotFound):
        desk.answer("bo", share=True, by="cy")
    house.revoke("Customers", "bo")
    assert desk.questions("bo") == []


def test_an_open_question_asks_of_the_value_as_it_was_corrected(house: House, desk: Desk, bo: User) -> None:
    merged(house)
    bo.edits("Ada", phones=["+45 98"])
    settle(house, own=["bo"])
    ((_, _, after),) = desk.questions("bo")
    assert after.phones == ("+45 98",)
    assert desk.private("bo") == {"+45 98", "+45 99"}, "each version is kept"


@pytest.mark.parametrize("level", ["view", "edit", "manage"])
def test_where_their_own_contact_survives_nothing_is_in_doubt(
    house: House, desk: Desk, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
    bo.makes("Own Vera", phones=["+45 99"], note="our secret")
    house.sync()
    merge(bo, "Own Vera", "Ada")
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada"), len(house.versions("Ada"))) == (ADA, ADA, 1)
    assert (desk.proposals(), desk.questions("bo")) == ([], [])
    assert not any(shown_to_managers(house, desk, secret) for secret in ("+45 99", "our secret", "Own Vera"))
    assert bo.shows("Ada").phones == ("+45 99",)


def test_half_of_a_merge_is_in_doubt_for_as_long_as_a_listing_lags(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync()
    house.wait(days=1)
    house.sync()
    house.workspace.change_settings({"lag": 90.0})
    merge(bo, "Ada", "Ada at home")
    cy.edits("Ada", note="from cy")
    house.wait(seconds=91)
    cy.pass_over()
    merge_seen_at = house.workspace.now()
    bo.pass_over()
    house.wait(seconds=17)
    bo.pass_over()
    assert house.workspace.now() > merge_seen_at
    house.workspace.change_settings({"lag": 0.0})
    settle(house, own=["bo"])
    assert (house.stored("Ada").phones, cy.shows("Ada").phones, bo.shows("Ada").phones) == ((), (), ("+45 99",))
    assert not shown_to_managers(house, desk, "+45 99")


@pytest.mark.parametrize("then", ["nothing", "an edit", "a reset"])
def test_a_survivor_that_a_delta_left_out_uploads_nothing(
    house: House, desk: Desk, bo: User, cy: User, then: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()
    merge(bo, "Ada", "Ada at home")
    house.fault("omitted_change", "people.connections.list", "bo")
    bo.pass_over()  # the delta shows the tombstone of their own alone
    if then == "an edit":
        bo.edits("Ada", note="from bo")
    bo.pass_over(reset=then == "a reset")
    for _ in range(14):
        house.wait(hours=12)
        house.sync()
    assert (house.stored("Ada").phones, cy.shows("Ada").phones, bo.shows("Ada").phones) == ((), (), ("+45 99",))
    assert cy.shows("Ada").note == ("from bo" if then == "an edit" else "")
    assert not shown_to_managers(house, desk, "+45 99")
    assert len(desk.questions("bo")) == 1
    cy.edits("Ada", note="from cy")
    bo.edits("Ada", phones=["+45 99", "+45 2"])
    settle(house, own=["bo"])
    assert (bo.shows("Ada").note, cy.shows("Ada").phones) == ("from cy", ("+45 2",))


@pytest.mark.parametrize("level", ["view", "edit"])
@pytest.mark.parametrize("left_out", ["the tombstone of their own", "the survivor, while another changed"])
def test_half_a_merge_in_a_delta_uploads_nothing(
    house: House, desk: Desk, bo: User, cy: User, level: str, left_out: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()
    merge(bo, "Ada", "Ada at home")
    house.fault("omitted_change", "people.connections.list", "bo")
    if left_out == "the tombstone of their own":
        bo.stars("Ada")  # so that the tombstone is the first change
    else:
        bo.stars("Grace")
        bo.pass_over()
        bo.stars("Ada")
    bo.pass_over()
    settle(house, own=["bo"])
    assert (house.stored("Ada").phones, cy.shows("Ada").phones, bo.shows("Ada").phones) == ((), (), ("+45 99",))
    assert not shown_to_managers(house, desk, "+45 99")


def failing(at: Applying, decision: Kept) -> None:
    """An error of our own, about one contact."""
    raise KeyError(decision.contact)


def test_a_merge_that_could_not_be_applied_is_still_told_from_an_edit_later(
    house: House, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()

    merge(bo, "Ada", "Ada at home")
    with monkeypatch.context() as patched:
        patched.setattr(apply_linked, "kept", failing)
        assert bo.pass_over().outcome.value == "attention"
    house.wait(days=8)  # the sync token ends, and with it the tombstone of their own
    settle(house, own=["bo"])
    assert (house.stored("Ada").phones, cy.shows("Ada").phones, bo.shows("Ada").phones) == ((), (), ("+45 99",))


@pytest.mark.parametrize(
    ("level", "thrown_away", "fails"),
    [("edit", "after", False), ("delete", "after", False), ("edit", "after", True), ("delete", "before", False)],
)
def test_two_shared_contacts_whose_survivor_lost_its_marks_are_not_told_as_an_edit(
    house: House, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch, level: str, thrown_away: str, *, fails: bool
) -> None:
    """Another program threw them away, before the merge or after it."""
    house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
    house.sync_until_quiet()
    acts = [
        lambda: bo.hands.edit(bo.find("Ada")["resourceName"], {"clientData": []}),
        lambda: merge(bo, "Ada", "Grace"),
    ]
    for act in acts if thrown_away == "before" else reversed(acts):
        act()
    if fails:  # and the sync token ends before it is tried again
        with monkeypatch.context() as patched:
            patched.setattr(apply_linked, "kept", failing)
            assert bo.pass_over().outcome.value == "attention"
        house.wait(days=8)
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada")) == (ADA, ADA)
    assert (cy.sees(), bo.sees()) == (["Ada", "Grace"], ["Ada", "Grace"])


@pytest.mark.parametrize("level", ["edit", "delete"])
@pytest.mark.parametrize("has_own", [False, True], ids=["none of their own", "one of their own"])
@pytest.mark.parametrize("by", ["changes", "everyone", "a reset"])
def test_two_shared_contacts_merged_right_after_they_were_made_are_judged_together(
    house: House, bo: User, cy: User, level: str, by: str, *, has_own: bool
) -> None:
    """Soon after our write a direct read that finds nobody proves nothing, and no mark tells of the merge."""
    if has_own:
        bo.makes("Vera")
    house.sync()
    house.share("Customers", "Ada", {"names": [{"givenName": "Grace"}], "emailAddresses": [{"value": "g@x.example"}]},
                bo=level, cy="edit")  # fmt: skip
    house.workspace.change_settings({"lag": 240.0})
    house.pass_over("bo", wait=timedelta())
    merge(bo, "Ada", "Grace")
    bo.hands.edit(bo.find("Ada")["resourceName"], {"clientData": []})
    house.wait(seconds=241)
    for number in range(6):
        how = {"full": by == "everyone", "reset": by == "a reset" and number == 0}
        house.pass_over("bo", wait=timedelta(seconds=50), **how)
        assert (house.stored("Ada"), house.events("contact.trash")) == (ADA, [])
    house.workspace.change_settings({"lag": 0.0})
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada"), house.events("contact.trash")) == (ADA, ADA, [])
    assert (cy.sees(), bo.sees("Customers")) == (["Ada", "Grace"], ["Ada", "Grace"])


def test_a_shared_contact_that_brought_nothing_into_one_without_a_mark_is_not_deleted(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", bo="delete", cy="edit")
    house.share("Partners", {"names": [{"givenName": "Grace"}]}, bo="delete", cy="edit")
    house.sync_until_quiet()
    merge(bo, "Ada", "Grace")
    bo.hands.edit(bo.find("Ada")["resourceName"], {"clientData": []})
    settle(house, own=["bo"])
    assert "Grace" in cy.sees("Partners")
    assert (house.events("contact.trash"), house.stored("Ada")) == ([], ADA)


def test_a_merge_made_again_right_after_it_was_undone_is_no_edit_once_it_is_believed(
    house: House, bo: User, cy: User
) -> None:
    """It shows what stood there just before our write, so it is looked at later; who was absorbed is gone by then."""
    house.share("Customers", "Ada", "Grace", bo="edit", cy="edit")
    house.sync_until_quiet()
    merge(bo, "Ada", "Grace")
    house.pass_over("bo", wait=timedelta())
    assert bo.shows("Ada") == ADA
    merge(bo, "Ada", "Grace")
    bo.hands.edit(bo.find("Ada")["resourceName"], {"clientData": []})
    house.pass_over("bo", wait=timedelta())
    house.wait(days=8)
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada")) == (ADA, ADA)


def test_a_merge_of_a_contact_that_leaves_their_mailbox_under_no_mark_is_no_edit(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.share("Suppliers", customer("Kim", phones=["+45 99"]), bo="edit")
    house.sync_until_quiet()
    house.delete_group("Suppliers")
    house.fault("status", "people.batchDeleteContacts", "bo", status=503, times=20)
    house.fault("status", "people.deleteContact", "bo", status=503, times=20)
    bo.pass_over()  # it begins to leave, and stays for now
    house.workspace.faults.clear()
    merge(bo, "Ada", "Kim")
    bo.hands.edit(bo.find("Ada")["resourceName"], {"clientData": []})
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada")) == (ADA, ADA)


def test_a_contact_of_their_own_that_took_ours_in_and_came_back_from_the_trash_stays_theirs(
    house: House, bo: User, cy: User
) -> None:
    """They merged and deleted it between two passes: no reading showed whose it was that bears our mark now."""
    house.share("Customers", "Ada", "Grace", bo="delete", cy="view")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()
    merge(bo, "Ada at home", "Ada")
    bo.deletes("Ada at home")
    settle(house, own=["bo"])
    assert cy.sees("Customers") == ["Grace"]
    bo.undeletes("Ada at home")
    settle(house, own=["bo"])
    assert cy.shows("Ada").phones == ()
    house.take("Customers", "Ada")
    settle(house, own=["bo"])
    assert bo.shows("Ada").phones == ("+45 99",)


@pytest.mark.parametrize("other", ["Ada at home", "Grace"], ids=["their own", "another of ours"])
def test_what_a_merge_brought_under_no_mark_is_theirs_though_a_reset_forgot_its_other_half(
    house: House, bo: User, cy: User, other: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()
    merge(bo, "Ada", other)
    bo.hands.edit(bo.find("Ada")["resourceName"], {"clientData": []})
    house.pass_over("bo", wait=timedelta(), reset=True)
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada")) == (ADA, ADA)
    assert "Grace" in cy.sees("Customers")


@pytest.mark.parametrize("note", ["", "met in York"], ids=["alike", "with more on it"])
def test_a_contact_merged_into_its_users_copy_of_it_right_after_our_write_is_no_second_one(
    house: House, bo: User, cy: User, note: str
) -> None:
    """Our person is not found any more, too soon to be called gone; the copy bears its mark, and is theirs."""
    house.share("Customers", "Ada", "Grace", bo="delete", cy="view")
    house.sync_until_quiet()
    ours = bo.find("Ada")
    copy = bo.makes("Ada", note=note) if note else bo.makes("Ada")
    house.sync_until_quiet()
    house.edit("Ada", emails=["ada@new.example"])
    bo.pass_over()
    bo.hands.merge([copy, ours["resourceName"]])
    house.pass_over("bo", wait=timedelta(), full=True)
    settle(house, own=["bo"])
    assert bo.find("Ada")["resourceName"] == copy
    assert (bo.sees("Customers"), cy.sees("Customers")) == (["Ada", "Grace"], ["Ada", "Grace"])
    assert (house.stored("Ada").note, bo.shows("Ada").note) == ("", note)


def test_tags_of_ours_and_their_own_that_their_user_writes_into_one_entry_are_taken_from_nobody(
    house: House, bo: User, cy: User
) -> None:
    house.share("Customers", {"names": [{"givenName": "Ada"}], "userDefined": _tags("vip, york")}, bo="edit", cy="edit")
    bo.makes("Ada at home")
    bo.hands.edit(bo.find("Ada at home")["resourceName"], {"userDefined": _tags("cousin")})
    settle(house, own=["bo"])
    merge(bo, "Ada", "Ada at home")
    settle(house, own=["bo"])
    for written, left in (("york, cousin, vip", {"vip", "york"}), ("vip, cousin", {"vip"})):
        bo.hands.edit(bo.find("Ada")["resourceName"], {"userDefined": _tags(written)})
        settle(house, own=["bo"])
        told = {one["value"] for one in cy.find("Ada")["fields"]["userDefined"]}
        assert {word for value in told for word in value.split(", ")} == left
        assert any("cousin" in one["value"] for one in bo.find("Ada")["fields"]["userDefined"])


def _tags(words: str) -> list[dict[str, str]]:
    return [{"key": "Tags", "value": words}]


@pytest.mark.parametrize("merged_into", ["their own", "another of ours"])
def test_a_shared_contact_whose_survivor_a_delta_left_out_is_not_trashed(
    house: House, bo: User, cy: User, merged_into: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo="delete", cy="edit")
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()
    merge(bo, "Ada at home" if merged_into == "their own" else "Grace", "Ada")
    house.fault("omitted_change", "people.connections.list", "bo")
    bo.pass_over()  # the delta shows the tombstone of the shared one alone
    assert house.events("contact.trash") == []
    settle(house, own=["bo"])
    assert (cy.sees(), house.stored("Ada").phones, house.events("contact.trash")) == (["Ada", "Grace"], (), [])


@pytest.mark.parametrize("level", ["edit", "delete"])
def test_their_own_survivor_that_a_delta_left_out_is_theirs_when_it_is_found(
    house: House, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", "Grace", bo=level, cy="edit")
    home = bo.makes("Ada at home", phones=["+45 99"])
    house.sync_until_quiet()
    merge(bo, "Ada at home", "Ada")
    house.fault("omitted_change", "people.connections.list", "bo")
    bo.pass_over()  # the delta shows the tombstone of the shared one alone
    bo.pass_over(full=True)
    settle(house, own=["bo"])
    assert (cy.sees(), house.stored("Ada").phones) == (["Ada", "Grace"], ())
    assert bo.find(home)["fields"]["phoneNumbers"][0]["value"] == "+45 99"
    house.revoke("Customers", "bo")
    house.sync()
    house.sync()
    assert [one["resourceName"] for one in bo.hands.contacts()] == [home]
    assert bo.find(home)["fields"]["phoneNumbers"][0]["value"] == "+45 99"


@pytest.mark.parametrize("level", ["view", "edit", "manage"])
@pytest.mark.parametrize(
    "brought", [{"birthday": (1815, 12, 10)}, {"note": "our secret"}], ids=["a birthday", "a note"]
)
def test_a_single_value_that_a_merge_brought_is_not_uploaded(
    house: House, bo: User, cy: User, level: str, brought: dict[str, object]
) -> None:
    """Nothing else tells the two apart: the contact of their own has the same address and only this beside it."""
    house.share("Customers", "Ada", "Grace", bo=level, cy="view")
    house.sync()
    bo.makes("Ada at home", emails=["ada@customer.example"], **brought)  # type: ignore[arg-type]  # a case names words of Values alone
    house.sync()
    merge(bo, "Ada", "Ada at home")
    settle(house, own=["bo"])
    assert house.stored("Ada") == cy.shows("Ada") == ADA
    assert len(house.versions("Ada")) == 1


def test_a_contact_made_and_merged_between_two_passes_is_not_uploaded_either(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync()
    bo.makes("Ada at home", phones=["+45 99"], emails=["home@ada.example"])
    merge(bo, "Ada", "Ada at home")
    settle(house, own=["bo"])
    assert (house.stored("Ada"), cy.shows("Ada"), private(bo)) == (ADA, ADA, OURS_AND_OWN)


def test_two_shared_contacts_and_one_of_their_own_merged_into_one(house: House, desk: Desk, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="delete", cy="view")
    house.sync()
    bo.makes("Ada at home", phones=["+45 99"])
    house.sync()
    merge(bo, "Ada", "Grace", "Ada at home")
    settle(house, own=["bo"])
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace", "Linus"]
    assert (items(house, "Ada", "phoneNumbers"), items(house, "Grace", "phoneNumbers"), desk.in_trash()) == ([], [], [])
    assert cy.shows("Ada") == ADA


def test_two_shared_contacts_merged_by_someone_who_may_delete_both_are_whole_after_a_full_listing(
    house: House, desk: Desk, bo: User, cy: User
) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="manage", cy="view")
    house.sync()
    merge(bo, "Grace", "Ada")
    house.wait(days=8)
    settle(house)
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace", "Linus"]
    assert (bo.shows("Ada"), bo.shows("Grace").emails, desk.in_trash()) == (ADA, ("grace@customer.example",), [])
