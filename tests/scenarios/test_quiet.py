"""When nothing has happened, nothing is sent and nothing is written; phantom changes are nothing."""

import pytest

from tests.users import User
from tests.worlds import PULL, House

MOMENTS = {"sync_token", "due_at", "last_pass_at", "fence", "lease_until"}
"""What an idle pass may write: where reading stands, when, and who held the claim."""


def test_an_idle_pass_makes_two_calls_and_writes_its_mailboxs_row_alone(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    house.forget_calls()
    before = house.tables()
    report = bo.pass_over()
    after = house.tables()
    assert report.calls == house.calls() == PULL
    rows = {one["user_id"]: one for one in before.pop("mailboxes")}
    for row in after.pop("mailboxes"):
        changed = {name for name, value in row.items() if value != rows[row["user_id"]][name]}
        assert changed <= (MOMENTS if row["user_id"] == bo.id else set())
    assert after == before


def test_a_full_listing_of_an_unchanged_mailbox_sends_nothing_and_writes_no_event(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="delete")
    bo.makes("Mum")
    house.sync_until_quiet()
    before = house.tables()
    report = bo.pass_over(full=True)
    after = house.tables()
    assert (report.calls, report.tally.pulled) == (PULL, 3)
    for table in ("events", "contacts", "contact_versions", "memberships", "links", "labels"):
        assert after[table] == before[table]


def test_phantom_updates_of_google_are_no_changes(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    events = house.tables()["events"]
    for user in (bo, cy):
        for contact in user.hands.contacts():
            user.hands.touch(contact["resourceName"])
    reports = house.sync()
    assert [(one.tally.pulled, one.calls) for one in reports.values()] == [(2, PULL), (2, PULL)]
    assert house.tables()["events"] == events


def test_the_order_of_values_and_blanks_around_them_are_no_changes(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.edit("Ada", emails=["a@x.example", "b@x.example"], note="two lines\nof text")
    house.sync_until_quiet()
    bo.edits("Ada", emails=["b@x.example", " a@x.example "], note="two lines\r\nof text ")
    report = bo.pass_over()
    assert (report.tally.accepted, report.calls) == (0, PULL)
    assert len(house.versions("Ada")) == 2


@pytest.mark.parametrize("level", ["view", "edit"])
def test_the_users_own_star_label_and_photo_are_neither_undone_nor_shared(
    house: House, bo: User, cy: User, level: str
) -> None:
    house.share("Customers", "Ada", bo=level, cy="view")
    house.sync_until_quiet()
    bo.makes_label("Neighbours")
    bo.puts("Neighbours", "Ada")
    bo.stars("Ada")
    bo.photographs("Ada")
    assert bo.pass_over().tally.accepted == 0
    house.edit("Ada", note="a push does not take them off")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Neighbours"}
    assert "starred" in bo.find("Ada")["labels"]
    assert bo.find("Ada")["photo"]
    assert cy.labels_on("Ada") == {"Customers"}


def test_what_the_user_does_with_contacts_of_their_own_concerns_nobody(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="manage")
    bo.makes("Mum")
    house.sync_until_quiet()
    bo.edits("Mum", phones=["+45 22 22 22 22"])
    bo.makes("Dad")
    bo.deletes("Mum")
    assert bo.pass_over().calls == PULL
    house.sync_until_quiet()
    assert (house.contacts(), bo.sees()) == (["Ada"], ["Ada", "Dad"])
