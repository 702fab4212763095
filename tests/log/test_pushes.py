"""What is sent to Google: the intent before it, the outcome after it, and which change it follows from."""

from tests.users import User
from tests.worlds import House


def causes(house: House, action: str) -> list[tuple[str, str, int]]:
    """The cause's action, and contact and version, of each event of this action."""
    return house.query(
        "SELECT c.action, e.contact_id, e.after_version FROM events e JOIN events c ON c.id = e.cause"
        " WHERE e.action = ? AND c.contact_id = e.contact_id AND c.after_version = e.after_version ORDER BY e.seq",
        action,
    )


def test_an_intent_stands_before_the_outcomes_of_its_request_under_one_pass(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit")
    bo.pass_over()
    rows = house.query(
        "SELECT action, outcome, reason, pass_id FROM events WHERE action IN ('mailbox.send', 'person.create')"
        " ORDER BY seq"
    )
    assert [row[:3] for row in rows] == [
        ("mailbox.send", "intended", "make a label"),
        ("mailbox.send", "intended", "create 2 contacts"),
        ("person.create", "ok", ""),
        ("person.create", "ok", ""),
    ]
    assert len({row[3] for row in rows}) == 1


def test_an_outcome_names_the_change_that_made_what_was_sent(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    house.sync_until_quiet()
    ada = house.contact_id("Ada")
    assert causes(house, "person.create") == [("contact.create", ada, 1)] * 2
    bo.edits("Ada", note="new")
    house.sync_until_quiet()
    assert causes(house, "person.update") == [("contact.update", ada, 2)]


def test_an_intent_without_an_outcome_tells_of_a_lost_answer(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.workspace.watch = lambda number, when: (
        when == "after" and "createContact" in str(house.workspace.log.entries()[-1].method)
    )
    bo.pass_over()
    assert house.events("mailbox.send")[1]["reason"] == "create 1 contact"
    assert not [one for one in house.events("person.create") if one["outcome"] == "ok"]


def test_a_withdrawal_is_intended_too(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.sync_until_quiet()
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert [one["reason"] for one in house.events("mailbox.send")] == [
        "make a label",
        "create 1 contact",
        "delete 1 contact",
        "delete a label",
    ]


def test_an_edit_told_to_many_mailboxes_keeps_its_values_once(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view", dag="view", eva="view", fin="view")
    house.sync_until_quiet()
    before = house.query("SELECT count(*) FROM event_values")[0][0]
    bo.edits("Ada", note="told to everyone")
    house.sync_until_quiet()
    assert len(house.events("person.update")) == 4
    assert house.query("SELECT count(*) FROM event_values")[0][0] == before + 1


def test_a_pass_that_changes_nothing_writes_nothing(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.sync_until_quiet()
    before = house.query("SELECT count(*) FROM events")
    bo.pass_over()
    assert house.query("SELECT count(*) FROM events") == before
