"""Writing when Google is out of order: lost answers, refusals, quotas. Nobody stands anywhere twice or is missing."""

from datetime import timedelta

import pytest

from sharesync.sandbox.errors import ApiError, Status
from sharesync.store.mailboxes import claims
from tests.beginnings import begin_shared
from tests.users import User
from tests.worlds import INTERVAL, House

SMALL, LARGE = ("Ada", "Grace"), tuple(f"Customer{number}" for number in range(8))
ONE_BY_ONE = pytest.mark.parametrize(
    ("method", "names"),
    [("people.createContact", SMALL), ("people.batchCreateContacts", LARGE)],
    ids=["one by one", "as a batch"],
)


# --- Creates whose answer is lost. ------------------------------------------------------------------------------------


@ONE_BY_ONE
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "when": "after"},
        {"kind": "status", "status": 503, "when": "after", "body": "<html>Error</html>"},
        {"kind": "drop", "when": "after"},
        {"kind": "half"},
        {"kind": "cut_json"},
        {"kind": "status", "status": 500, "when": "before"},
        {"kind": "drop", "when": "before"},
    ],
    ids=["500 done", "503 done", "dropped done", "half done", "cut done", "500 undone", "dropped undone"],
)
def test_a_create_whose_answer_was_lost_makes_one_person_only(
    house: House, bo: User, method: str, names: tuple[str, ...], fault: dict[str, object]
) -> None:
    house.share("Customers", *names, bo="edit")
    kind = str(fault["kind"])
    house.fault(kind, method, "bo", **{name: value for name, value in fault.items() if name != "kind"})
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.sees() == sorted(names)
    assert bo.trash() == []


def test_a_lost_create_that_shows_only_after_the_settle_time_leaves_one_person(house: House, bo: User) -> None:
    bo.makes("Linus")
    house.wait(minutes=30)
    house.turn(lag=1500)
    house.share("Customers", "Ada", bo="edit")
    house.fault("status", "people.createContact", "bo", status=500, when="after")
    for _ in range(5):
        bo.pass_over()
    assert bo.sees() == ["Ada", "Ada", "Linus"]  # Google's listing lags longer than we were told to wait
    house.wait(minutes=30)
    house.sync_until_quiet()
    assert bo.sees() == ["Ada", "Linus"]


def test_an_edit_on_a_person_whose_create_answer_was_lost_is_not_lost(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="edit")
    house.fault("drop", "people.createContact", "bo", when="after")
    bo.pass_over()
    bo.edits("Ada", note="typed before we knew")
    house.sync_until_quiet()
    assert house.stored("Ada").note == "typed before we knew"


def test_an_edit_in_the_store_while_a_create_is_uncertain_arrives(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.fault("drop", "people.createContact", "bo", when="after")
    bo.pass_over()
    house.edit("Ada", note="changed meanwhile")
    house.sync_until_quiet()
    assert bo.shows("Ada").note == "changed meanwhile"


@pytest.mark.parametrize("kind", ["drop", "status"])
def test_a_label_whose_create_answer_was_lost_is_made_once(house: House, bo: User, kind: str) -> None:
    house.share("Customers", "Ada", bo="view")
    house.fault(kind, "contactGroups.create", "bo", when="after")
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.labels() == ["Customers"]


@pytest.mark.parametrize(
    "method",
    [
        "people.updateContact",
        "contactGroups.members.modify",
        "people.deleteContact",
        "contactGroups.delete",
        "contactGroups.update",
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_any_other_write_whose_answer_was_lost_ends_the_same(house: House, bo: User, method: str, when: str) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    house.share("Partners", "Linus", bo="view")
    house.share("Suppliers", "Dennis", bo="view")
    house.sync_until_quiet()
    house.edit("Ada", note="an update")
    house.add("Partners", "Grace")
    house.revoke("Suppliers", "bo")
    house.rename_group("Customers", "Clients")
    house.fault("drop", method, "bo", when=when, times=4)
    bo.pass_over()
    house.workspace.faults.clear()
    house.sync_until_quiet()
    assert bo.labels() == ["Clients", "Partners"]
    assert (bo.sees(), bo.sees("Partners")) == (["Ada", "Grace", "Linus"], ["Grace", "Linus"])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_stray_whose_label_could_not_be_taken_off_is_not_forgotten(house: House, cy: User, when: str) -> None:
    begin_shared(house, "Customers", "Ada", cy="view")
    cy.makes("Mum", under=["Customers"])
    house.fault("drop", "contactGroups.members.modify", "cy", when=when, times=4)
    assert cy.pass_over().outcome.value == "retry"
    house.workspace.faults.clear()
    house.sync_until_quiet()
    assert cy.labels_on("Mum") == set()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_twin_that_could_not_be_deleted_is_not_forgotten(house: House, cy: User, when: str) -> None:
    begin_shared(house, "Customers", "Ada", cy="view")
    cy.deletes("Ada")
    cy.pass_over()
    cy.undeletes("Ada")
    house.fault("drop", "people.deleteContact", "cy", when=when, times=4)
    assert cy.pass_over().outcome.value == "retry"
    house.workspace.faults.clear()
    house.sync_until_quiet()
    assert cy.sees() == ["Ada"]


# --- Refusals. --------------------------------------------------------------------------------------------------------


def test_one_contact_that_google_refuses_is_set_aside_and_all_others_arrive(house: House, bo: User, cy: User) -> None:
    house.share("Customers", *(f"Customer{number}" for number in range(20)), "Mandrake", bo="edit", cy="view")
    house.workspace.poison = b"Mandrake"
    reports = house.sync()
    assert [one.outcome.value for one in reports.values()] == ["attention", "attention"]
    assert reports["bo"].reason
    assert "Mandrake" not in reports["bo"].reason
    assert len(bo.sees("Customers")) == len(cy.sees("Customers")) == 20
    assert house.events("person.refuse")[0]["outcome"] == "failed"
    house.forget_calls()
    report = bo.pass_over()
    assert report.outcome.value == "attention"
    assert sum(house.calls("bo").values()) == 2


def test_a_contact_set_aside_is_tried_again_when_it_changes(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Mandrake", bo="view")
    house.workspace.poison = b"shrieks"
    house.edit("Mandrake", note="shrieks when pulled")
    assert bo.pass_over().outcome.value == "attention"
    house.edit("Mandrake", note="silent")
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada", "Mandrake"]


def test_a_contact_set_aside_is_tried_again_a_day_later(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Mandrake", bo="view")
    house.workspace.poison = b"Mandrake"
    assert bo.pass_over().outcome.value == "attention"
    house.workspace.poison = b""
    assert bo.pass_over().outcome.value == "attention"
    house.wait(days=1)
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada", "Mandrake"]


def test_an_update_that_google_refuses_is_set_aside_and_the_others_go_through(house: House, bo: User) -> None:
    names = [f"Customer{number}" for number in range(8)]
    house.share("Customers", *names, bo="view")
    house.sync_until_quiet()
    house.workspace.poison = b"mandrake"
    for name in names:
        house.edit(name, note="mandrake" if name == "Customer3" else "harmless")
    assert bo.pass_over().outcome.value == "attention"
    assert [name for name in names if bo.shows(name).note != "harmless"] == ["Customer3"]


def test_an_etag_that_a_list_minted_is_exchanged_for_one_that_google_takes(house: House, bo: User, cy: User) -> None:
    house.turn(strict_etags=True)
    house.share("Customers", *LARGE, bo="edit", cy="view")
    house.sync_until_quiet()
    for user in (bo, cy):
        for name in LARGE:
            user.hands.touch(user.find(name)["resourceName"])
    house.sync()
    for name in LARGE:
        house.edit(name, note="pushed")
    house.sync_until_quiet()
    assert cy.shows("Customer0").note == "pushed"


def test_a_person_that_changes_while_a_batch_of_updates_is_sent_does_not_stop_the_others(
    house: House, bo: User
) -> None:
    begin_shared(house, "Customers", *LARGE, bo="view")
    for name in LARGE:
        house.edit(name, note="pushed")
    house.meanwhile("batchUpdateContacts", lambda: bo.hands.touch(bo.find("Customer5")["resourceName"]))
    bo.pass_over()
    assert [bo.shows(name).note for name in LARGE] == ["pushed"] * 8
    house.sync_until_quiet()


def test_a_person_deleted_while_it_is_updated_is_made_again(house: House, bo: User) -> None:
    begin_shared(house, "Customers", *LARGE, bo="view")
    for name in LARGE:
        house.edit(name, note="pushed")
    house.meanwhile("batchUpdateContacts", lambda: bo.deletes("Customer5"))
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.sees() == sorted(LARGE)


@pytest.mark.parametrize("status", [429, 400])
def test_a_full_mailbox_asks_for_a_person_and_goes_on_when_there_is_room(house: House, bo: User, status: int) -> None:
    for number in range(4):
        bo.makes(f"Own{number}")
    house.turn(contact_limit=10, overflow_http=status)
    house.share("Customers", *LARGE, bo="view")
    report = bo.pass_over()
    assert report.outcome.value == "attention"
    assert "as many contacts as Google allows" in report.reason
    assert house.contacts("Customers") == sorted(LARGE)
    house.turn(contact_limit=100)
    house.sync_until_quiet()
    assert bo.sees("Customers") == sorted(LARGE)


# --- Quotas, and services that are off. -------------------------------------------------------------------------------


def test_a_fill_that_meets_the_quota_goes_on_where_it_stopped(house: House, bo: User) -> None:
    house.wait(seconds=60 - house.now().second)  # Google counts by the minute: the pass must not reach into the next
    house.share("Customers", *(f"Customer{number}" for number in range(215)), bo="view")
    house.turn(quotas={"critical_write": 6})
    report = bo.pass_over()
    assert (report.outcome.value, report.tally.created) == ("retry", 200)
    assert report.reason.endswith(".")
    house.turn(quotas={"critical_write": 30})
    house.wait(minutes=1)
    assert bo.pass_over().tally.created == 15
    house.sync_until_quiet()
    assert len(set(bo.sees("Customers"))) == 215


def test_a_retry_after_of_googles_is_told_and_nothing_was_made_twice(house: House, bo: User) -> None:
    house.share("Customers", *LARGE, bo="view")
    house.fault("status", "people.batchCreateContacts", "bo", status=429, headers={"Retry-After": "120"})
    report = bo.pass_over()
    assert (report.outcome.value, report.tally.created) == ("retry", 0)
    assert report.not_before
    assert timedelta(seconds=110) < report.not_before - house.now() <= timedelta(seconds=120)
    house.sync_until_quiet()
    assert bo.sees() == sorted(LARGE)


def test_our_own_budget_is_kept_however_much_there_is_to_do(house: House, bo: User) -> None:
    house.turn(quotas={"critical_read": 90, "critical_write": 90, "label_read": 90, "label_write": 30})
    house.share("Customers", *(f"Customer{number}" for number in range(60)), bo="view")
    house.sync_until_quiet()
    for number in range(60):
        house.edit(f"Customer{number}", **({"note": "a"} if number % 2 else {"phones": [f"+45 {number}"]}))
    house.sync_until_quiet()
    assert not [one for one in house.workspace.log.entries() if one.status == 429]


def minutes_until_due(house: House, user: User) -> int:
    """How long a mailbox is left alone from now on."""
    for minutes in range(600):
        with house.database.reading() as session:
            due = claims.due(session, house.now() + timedelta(minutes=minutes), INTERVAL)
        if user.id in {one.user_id for one in due}:
            return minutes
    raise AssertionError("never due again")


def test_backing_off_takes_longer_after_every_failure_and_is_over_with_the_first_success(
    house: House, bo: User
) -> None:
    house.share("Customers", "Ada", bo="view")
    house.fault("status", "people.connections.list", "bo", status=503, times=None)
    waits = []
    for _ in range(8):
        assert bo.pass_over().outcome.value == "retry"
        waits.append(minutes_until_due(house, bo))
    assert waits == sorted(waits)
    assert waits[0] <= 5 < waits[-1] <= 60
    house.workspace.faults.clear()
    house.sync_until_quiet()
    assert minutes_until_due(house, bo) == 5


def test_a_scope_that_is_not_delegated_asks_for_a_person_in_a_sentence(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    delegated = house.workspace.authority.delegated
    house.workspace.authority.delegated = frozenset(scope for scope in delegated if not scope.endswith("/contacts"))
    house.workspace.authority.revoke(bo.id)
    report = bo.pass_over()
    assert report.outcome.value == "attention"
    assert report.reason.endswith(".")
    assert house.state("bo") == ("attention", report.reason)
    house.workspace.authority.delegated = delegated
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]


def test_contacts_switched_off_for_a_user_asks_for_a_person_and_concerns_nobody_else(
    house: House, bo: User, cy: User
) -> None:
    begin_shared(house, "Customers", "Ada", bo="delete", cy="view")
    house.workspace.directory.change_user(bo.id, contacts_on=False)
    house.edit("Ada", note="goes on")
    assert bo.pass_over().outcome.value == "attention"
    house.sync_until_quiet(but=["bo"])
    assert cy.shows("Ada").note == "goes on"
    house.workspace.directory.change_user(bo.id, contacts_on=True)
    house.sync_until_quiet()


def test_a_mailbox_that_always_fails_does_not_hold_up_the_others(house: House, bo: User, cy: User) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit")
    house.fault("status", "*", "bo", status=500, times=None)
    house.sync_until_quiet(but=["bo"])
    assert cy.sees("Customers") == ["Ada"]
    house.workspace.faults.clear()
    house.sync_until_quiet()
    assert bo.sees("Customers") == ["Ada"]


def test_an_edit_read_before_a_push_that_fails_is_not_lost(house: House, bo: User, cy: User) -> None:
    begin_shared(house, "Customers", "Ada", "Grace", bo="edit", cy="edit")
    bo.edits("Ada", note="from bo")
    house.edit("Grace", note="to be pushed")
    house.fault("status", "people.updateContact", "bo", status=503, times=3)
    assert bo.pass_over().outcome.value == "retry"
    assert house.stored("Ada").note == "from bo"
    house.sync_until_quiet()
    assert (cy.shows("Ada").note, bo.shows("Grace").note) == ("from bo", "to be pushed")


# --- A contact over which Google stumbles. ----------------------------------------------------------------------------

STUMBLE = ApiError(Status.INTERNAL, "Internal error encountered.")


def poison_person(house: House, user: User, name: str) -> None:
    """From now on Google answers 500 whenever the person is named in a request."""
    house.workspace.poisoned = STUMBLE
    house.workspace.poison = user.find(name)["resourceName"].encode()


def test_one_contact_over_which_google_stumbles_keeps_no_other_edit_from_arriving(house: House, bo: User) -> None:
    names = [f"Customer{number}" for number in range(20)]
    house.share("Customers", *names, bo="view")
    house.sync_until_quiet()
    poison_person(house, bo, "Customer7")
    for name in names:
        house.edit(name, note="news")
    bo.pass_over()
    report = bo.pass_over()
    house.workspace.poison = b""
    assert [name for name in names if bo.shows(name).note != "news"] == ["Customer7"]
    assert report.outcome.value == "attention"
    assert report.reason
    house.wait(days=1)
    house.sync_until_quiet()
    assert bo.shows("Customer7").note == "news"


def test_one_contact_over_which_google_stumbles_keeps_no_other_from_being_withdrawn(house: House, bo: User) -> None:
    names = [f"Customer{number}" for number in range(20)]
    house.share("Customers", *names, bo="view")
    house.share("Others", "Ada", bo="view")
    house.sync_until_quiet()
    poison_person(house, bo, "Customer7")
    house.revoke("Customers", "bo")
    for _ in range(3):
        bo.pass_over()
    assert sorted(bo.sees()) == ["Ada", "Customer7"]
    house.workspace.poison = b""
    house.wait(days=1)
    house.sync_until_quiet()
    assert bo.sees() == ["Ada"]


def test_a_lone_contact_over_which_google_stumbles_is_set_aside_after_some_passes(house: House, bo: User) -> None:
    begin_shared(house, "Customers", "Ada", "Eve", bo="view")
    house.workspace.poisoned, house.workspace.poison = STUMBLE, b"shrieks"
    house.edit("Ada", note="shrieks when pulled")
    outcomes = [bo.pass_over(wait=timedelta(hours=1)).outcome.value for _ in range(5)]
    assert outcomes == ["retry", "retry", "retry", "attention", "attention"]
    house.edit("Ada", note="silent")
    house.sync_until_quiet()
    assert bo.shows("Ada").note == "silent"


def test_google_out_of_order_blames_no_contact(house: House, bo: User) -> None:
    names = [f"Customer{number}" for number in range(20)]
    house.share("Customers", *names, bo="view")
    house.sync_until_quiet()
    for name in names:
        house.edit(name, note="news")
    for method in ("people.updateContact", "people.batchUpdateContacts"):
        house.fault("status", method, "bo", status=500, times=None)
    for _ in range(2):
        assert bo.pass_over().outcome.value == "retry"
    assert not house.events("person.refuse")
    house.workspace.faults.clear()
    house.sync_until_quiet()


def test_a_person_that_cannot_be_read_is_neither_gone_nor_in_the_way(house: House, bo: User) -> None:
    names = [f"Customer{number}" for number in range(20)]
    house.share("Customers", *names, bo="delete")
    house.sync_until_quiet()
    for name in names:
        house.edit(name, note="news")
    house.fault("drop", "people.batchUpdateContacts", "bo", when="before", times=3)
    assert bo.pass_over().outcome.value == "retry"  # so that each of them is to be read directly
    poison_person(house, bo, "Customer7")
    outcomes = [bo.pass_over().outcome.value for _ in range(2)]
    house.workspace.poison = b""
    assert house.contacts("Customers") == bo.sees("Customers") == sorted(names)
    assert [name for name in names if bo.shows(name).note != "news"] == ["Customer7"]
    assert outcomes[-1] == "attention"
    house.wait(days=1)
    house.sync_until_quiet()
    assert bo.shows("Customer7").note == "news"
