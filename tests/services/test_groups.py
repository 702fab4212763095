"""Groups: made, renamed, deleted; contacts put in and taken out; and everyone concerned told."""

import pytest

from sharesync.errors import InvalidInput, NameTaken, NotFound
from sharesync.model.access import Level
from sharesync.model.link import Label
from sharesync.services import bulk, groups
from sharesync.store.mailboxes import links
from sharesync.store.records import access_paths, contacts
from tests.store.stores import ANNA, BO, CY, NOW, Store, due, rest, trashed, unit, user


@pytest.fixture
def granted(company: Store) -> Store:
    """Anna and Bo see group g, which holds c1; nobody is due."""
    company.group("g")
    company.contact("c1", None, "g")
    company.grant("g", unit("/Sales"), Level.EDIT)
    rest(company)
    return company


def test_a_group_is_made_under_a_clean_name_and_nobody_sees_it(company: Store) -> None:
    with company.work() as work:
        made = groups.create(work, "  Kunder \n Nord ", " all of them ")
    assert (made.name, made.description) == ("Kunder Nord", "all of them")
    assert company.actions() == ["group.create"]
    with company.reading() as session:
        assert access_paths.audience(session, made.id) == {}


@pytest.mark.parametrize(("name", "error"), [("", InvalidInput), ("G", NameTaken)])
def test_a_name_that_cannot_be_leaves_nothing_behind(granted: Store, name: str, error: type[Exception]) -> None:
    with pytest.raises(error), granted.work() as work:
        groups.create(work, name)
    assert granted.actions() == []


def test_a_renamed_group_is_the_same_group_and_everyone_follows(granted: Store) -> None:
    with granted.work() as work:
        assert groups.rename(work, "g", " Neue ").name == "Neue"
    assert due(granted) == {ANNA, BO}
    assert granted.actions() == ["group.rename"]
    with granted.reading() as session:
        assert links.known(session, ANNA).names == {"g": "Neue"}


def test_a_rename_to_the_same_name_is_no_change(granted: Store) -> None:
    with granted.work() as work:
        groups.rename(work, "g", "g")
    assert (due(granted), granted.actions()) == (set(), [])


def test_a_deleted_group_takes_its_grants_along_and_its_contacts_to_the_trash(granted: Store) -> None:
    granted.group("h")
    granted.contact("c2", None, "g", "h")
    groups.delete(granted.operation(), "G")
    with granted.reading() as session:
        assert contacts.get(session, "c1").deleted_at == NOW
        assert contacts.get(session, "c2").deleted_at is None
        assert contacts.get(session, "c2").groups == ("h",)
        assert access_paths.audience(session, "g") == {}
    assert sorted(granted.actions()) == ["contact.trash", "group.delete", "group.take", "group.take"]


def test_whoever_still_carries_a_deleted_groups_label_is_told(granted: Store) -> None:
    with granted.work() as work:
        links.save_label(work, ANNA, Label("g", "contactGroups/1", "e", "g"))
    groups.delete(granted.operation(), "g")
    assert due(granted) == {ANNA}


def test_contacts_put_into_a_group_are_told_of_once(granted: Store) -> None:
    granted.contact("c2")
    assert bulk.add(granted.operation(), "g", ["c2", "c1"]) == ["c2"]
    assert granted.actions() == ["group.add"]
    assert due(granted) == {ANNA, BO}
    assert bulk.add(granted.operation(), "g", ["c2"]) == []
    assert granted.actions() == ["group.add"]


def test_of_contacts_one_of_which_is_unknown_none_goes_in(granted: Store) -> None:
    granted.contact("c2")
    with pytest.raises(NotFound, match="no contact “c9”"):
        bulk.add(granted.operation(), "g", ["c2", "c9"])
    with granted.reading() as session:
        assert contacts.get(session, "c2").groups == ()


def test_a_contact_taken_out_of_its_last_group_lies_in_the_trash(granted: Store) -> None:
    granted.group("h")
    granted.contact("c2", None, "g", "h")
    assert sorted(bulk.take(granted.operation(), "g", ["c1", "c2", "c9"])) == ["c1", "c2"]
    assert due(granted) == {ANNA, BO}
    with granted.reading() as session:
        assert contacts.left_groups(session, "c1") == ["g"]
    assert trashed(granted) == {"c1"}
    assert sorted(granted.actions()) == ["contact.trash", "group.take", "group.take"]


def test_a_group_that_is_not_there_is_named(granted: Store) -> None:
    with pytest.raises(NotFound, match="no group “nine”"):
        groups.delete(granted.operation(), "nine")
    with pytest.raises(NotFound, match="no group “nine”"), granted.work() as work:
        groups.rename(work, "nine", "x")


def test_only_whoever_sees_a_group_is_told_of_it(granted: Store) -> None:
    granted.group("h")
    granted.grant("h", user(CY))
    rest(granted)
    with granted.work() as work:
        groups.rename(work, "g", "Neue")
    assert due(granted) == {ANNA, BO}
