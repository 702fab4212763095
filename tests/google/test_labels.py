"""Labels of a mailbox: made, renamed, put on and taken off, deleted; never with their persons."""

from collections.abc import Callable
from typing import Any

import pytest

from sharesync.errors import (
    Attention,
    LabelMissing,
    LabelNameTaken,
    LabelStale,
    MalformedReply,
    OutcomeUnknown,
)
from sharesync.google import labels
from sharesync.google.people import PeopleApi
from sharesync.model.mailbox import MARK_KEY, MY_CONTACTS, Create, SeenLabel, Written
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import ANNA, card

Fault = Callable[..., None]


def persons(people: PeopleApi, *, count: int, label: str) -> list[str]:
    outcomes = people.create([Create(card(n), frozenset({label}), f"m{n}") for n in range(count)])
    return [outcome.seen.resource_name for outcome in outcomes if isinstance(outcome, Written)]


def held_by(people: PeopleApi, label: str) -> set[str]:
    return {seen.resource_name for seen in people.listing(None).persons.values() if label in seen.labels}


def test_a_label_is_made_with_its_mark_and_listed_without_google_s_own(people: PeopleApi) -> None:
    made = people.create_label("Customers", "mark")
    assert (made.name, made.mark) == ("Customers", "mark")
    assert people.labels() == (made,)


def test_many_labels_are_listed_over_all_pages(people: PeopleApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "PAGE", 4)
    made = {people.create_label(f"Label {number}", "") for number in range(9)}
    assert set(people.labels()) == made


def test_a_name_that_is_taken_is_told(people: PeopleApi) -> None:
    people.create_label("Customers", "mark")
    with pytest.raises(LabelNameTaken):
        people.create_label("Customers", "other")


def test_a_label_whose_making_was_not_answered_is_never_made_twice(
    people: PeopleApi, workspace: Workspace, fault: Fault
) -> None:
    fault(kind="drop", when="after", method="contactGroups.create", times=None)
    with pytest.raises(OutcomeUnknown):
        people.create_label("Customers", "mark")
    assert workspace.log.counts()["people.contactGroups.create"] == 1
    assert [label.name for label in people.labels()] == ["Customers"]


def test_a_label_that_was_refused_for_haste_is_made_by_the_next_try(people: PeopleApi, fault: Fault) -> None:
    fault(kind="status", status=429, method="contactGroups.create")
    assert people.create_label("Customers", "mark").name == "Customers"


@pytest.mark.parametrize("body", [{"resourceName": "contactGroups/1"}, {"groupType": "SYSTEM_CONTACT_GROUP"}, "?"])
def test_an_answer_that_does_not_show_the_label_leaves_its_making_open(
    people: PeopleApi, fault: Fault, body: Any
) -> None:
    fault(kind="status", status=200, body=body, method="contactGroups.create")
    with pytest.raises(OutcomeUnknown):
        people.create_label("Customers", "mark")


def test_a_label_has_its_mark_even_where_google_does_not_show_it_yet(people: PeopleApi, fault: Fault) -> None:
    bare = {"resourceName": "contactGroups/f00", "etag": "e", "groupType": "USER_CONTACT_GROUP", "name": "Customers"}
    fault(kind="status", status=200, body=bare, method="contactGroups.create")
    assert people.create_label("Customers", "mark") == SeenLabel("contactGroups/f00", "e", "Customers", "mark")


def test_a_label_is_renamed_and_keeps_what_other_programs_noted_on_it(people: PeopleApi, workspace: Workspace) -> None:
    made = people.create_label("Customers", "old")
    box = workspace.mailbox(ANNA)
    (label,) = box.labels.values()
    box.write_label(label, client_data=(("other", "kept"), (MARK_KEY, "old")))
    (seen,) = people.labels()
    renamed = people.rename_label(seen, "Kunder", "new")
    assert (renamed.resource_name, renamed.name, renamed.mark) == (made.resource_name, "Kunder", "new")
    assert people.labels() == (renamed,)
    assert label.now.client_data == (("other", "kept"), (MARK_KEY, "new"))


def test_renaming_with_the_same_mark_is_one_call(people: PeopleApi) -> None:
    made = people.create_label("Customers", "mark")
    people.meter.calls.clear()
    assert people.rename_label(made, "Kunder", "mark").name == "Kunder"
    assert people.meter.calls == {"contactGroups.update": 1}


def test_a_label_left_to_its_user_keeps_its_name_which_another_has_too(people: PeopleApi, workspace: Workspace) -> None:
    made = people.create_label("Customers", "mark")
    box = workspace.mailbox(ANNA)
    (label,) = box.labels.values()
    box.write_label(label, client_data=(("other", "kept"), (MARK_KEY, "mark")))
    box.create_label("Customers", ())
    (seen, _) = people.labels()
    left = people.leave_label(seen)
    assert (left.resource_name, left.name, left.mark) == (made.resource_name, "Customers", "")
    assert label.now.client_data == (("other", "kept"),)


def test_a_label_that_changed_meanwhile_is_stale(people: PeopleApi) -> None:
    made = people.create_label("Customers", "mark")
    people.rename_label(made, "Kunder", "mark")
    with pytest.raises(LabelStale):
        people.rename_label(made, "Clients", "mark")


def test_a_label_whose_renaming_was_not_answered_is_stale_at_the_second_try(people: PeopleApi, fault: Fault) -> None:
    made = people.create_label("Customers", "mark")
    fault(kind="drop", when="after", method="contactGroups.update")
    with pytest.raises(LabelStale):
        people.rename_label(made, "Kunder", "mark")
    assert [label.name for label in people.labels()] == ["Kunder"]


def test_renaming_to_a_name_that_is_taken_is_told(people: PeopleApi) -> None:
    people.create_label("Kunder", "")
    made = people.create_label("Customers", "mark")
    with pytest.raises(LabelNameTaken):
        people.rename_label(made, "Kunder", "mark")


def test_renaming_a_label_that_is_gone_is_told(people: PeopleApi) -> None:
    made = people.create_label("Customers", "mark")
    people.delete_label(made.resource_name)
    with pytest.raises(LabelMissing):
        people.rename_label(made, "Kunder", "mark")


def test_deleting_a_label_leaves_its_persons(people: PeopleApi) -> None:
    made = people.create_label("Customers", "mark")
    names = persons(people, count=2, label=made.resource_name)
    people.delete_label(made.resource_name)
    assert people.labels() == ()
    assert {seen.resource_name for seen in people.listing(None).persons.values()} == set(names)


def test_deleting_a_label_that_is_gone_is_done(people: PeopleApi) -> None:
    made = people.create_label("Customers", "mark")
    people.delete_label(made.resource_name)
    people.delete_label(made.resource_name)
    assert people.labels() == ()


def test_a_label_is_put_on_and_taken_off_and_unknown_names_are_told(people: PeopleApi) -> None:
    one, two = people.create_label("One", ""), people.create_label("Two", "")
    a, b, c = persons(people, count=3, label=one.resource_name)
    unknown = people.modify(two.resource_name, add=[a, b, "people/c999999999999"])
    assert unknown == {"people/c999999999999"}
    assert people.modify(two.resource_name, add=[c], remove=[a]) == frozenset()
    assert held_by(people, two.resource_name) == {b, c}
    assert held_by(people, one.resource_name) == {a, b, c}


def test_more_than_a_thousand_names_take_several_requests(people: PeopleApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "MODIFY_LIMIT", 4)
    one, two = people.create_label("One", ""), people.create_label("Two", "")
    names = persons(people, count=9, label=one.resource_name)
    people.meter.calls.clear()
    people.modify(two.resource_name, add=names)
    people.modify(two.resource_name, add=[], remove=names[:5])
    assert people.meter.calls == {"contactGroups.members.modify": 3 + 2}
    assert held_by(people, two.resource_name) == set(names[5:])


def test_a_label_that_is_a_person_s_last_goes_all_the_same(people: PeopleApi, fault: Fault) -> None:
    made = people.create_label("Customers", "mark")
    (name,) = persons(people, count=1, label=made.resource_name)
    people.modify(MY_CONTACTS, remove=[name])
    people.modify(made.resource_name, remove=[name])
    (seen,) = people.listing(None).persons.values()
    assert seen.labels == {MY_CONTACTS}


def test_modifying_a_label_that_is_gone_is_told(people: PeopleApi) -> None:
    with pytest.raises(LabelMissing):
        people.modify("contactGroups/f00f00", add=["people/c1"])


def test_nobody_to_modify_is_no_request(people: PeopleApi) -> None:
    assert people.modify("contactGroups/f00f00") == frozenset()
    assert people.meter.calls == {}


@pytest.mark.parametrize(
    "page",
    [
        {"nextSyncToken": "t"},
        {"contactGroups": []},
        {"contactGroups": {}},
        {"contactGroups": [{"resourceName": MY_CONTACTS, "groupType": "SYSTEM_CONTACT_GROUP"}], "totalItems": 2},
        {"contactGroups": [{"resourceName": "contactGroups/1", "groupType": "USER_CONTACT_GROUP", "name": "x"}]},
        {
            "contactGroups": [{"resourceName": MY_CONTACTS, "groupType": "SYSTEM_CONTACT_GROUP"}],
            "nextPageToken": "always the same",
        },
    ],
)
def test_a_list_of_labels_that_cannot_be_whole_is_malformed(
    people: PeopleApi, fault: Fault, page: dict[str, Any]
) -> None:
    fault(kind="status", status=200, body=page, method="contactGroups.list", times=None)
    with pytest.raises(MalformedReply):
        people.labels()


def test_contacts_switched_off_for_a_user_is_said_to_the_administrator(people: PeopleApi, workspace: Workspace) -> None:
    workspace.directory.change_user(ANNA, contacts_on=False)
    with pytest.raises(Attention, match="Google Contacts is switched off"):
        people.labels()


def test_a_name_that_google_refuses_is_for_a_person_to_mend(people: PeopleApi) -> None:
    with pytest.raises(Attention):
        people.rename_label(SeenLabel("contactGroups/myContacts", "e", "x"), "Kunder", "")


@pytest.mark.parametrize(("more", "others"), [(0, False), (1, True)])
def test_a_label_with_more_persons_than_one_answer_shows_is_looked_through(
    people: PeopleApi, monkeypatch: pytest.MonkeyPatch, more: int, others: bool
) -> None:
    monkeypatch.setattr(labels, "SOME", 3)
    label = people.create_label("Customers", "mark").resource_name
    ours = persons(people, count=4, label=label)
    assert people.holds_others(label)
    theirs = people.create([Create(card(n), frozenset({label}), f"own{n}") for n in range(more)])
    assert len(theirs) == more
    assert people.holds_others(label, ours) is others


def test_nobody_is_under_a_label_that_is_empty_or_gone(people: PeopleApi) -> None:
    label = people.create_label("Customers", "mark").resource_name
    assert not people.holds_others(label)
    people.delete_label(label)
    assert not people.holds_others(label)


def test_persons_that_google_counts_and_does_not_show_may_be_others(
    people: PeopleApi, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "SOME", 1)
    label = people.create_label("Customers", "mark").resource_name
    ours = persons(people, count=1, label=label)
    body = {"memberCount": 2, "memberResourceNames": ours}
    fault(kind="status", status=200, body=body, method="people.contactGroups.get", times=None)
    assert people.holds_others(label, ours)
