"""A Person of Google's, read and written."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.errors import MalformedReply
from sharesync.google.person import (
    PERSON_FIELDS,
    changed_person,
    mask,
    new_person,
    read_label,
    read_person,
)
from sharesync.model.card import Card
from sharesync.model.mailbox import Create, Seen, Update

CONTACT = {"metadata": {"source": {"type": "CONTACT", "id": "1a2b"}}}
PROFILE = {"metadata": {"source": {"type": "PROFILE", "id": "99"}}}


def person(**more: Any) -> dict[str, Any]:
    sources = [{"type": "CONTACT", "id": "1a2b", "etag": "#x", "updateTime": "2026-11-20T10:11:12.131415Z"}]
    return {
        "resourceName": "people/c6699",
        "etag": "%e",
        "metadata": {"sources": sources, "objectType": "PERSON"},
    } | more


def read(value: object) -> Seen:
    seen = read_person(value)
    assert seen is not None
    return seen


def test_a_person_is_known_by_its_contact_source_and_dated_by_it() -> None:
    seen = read(person(names=[{"givenName": "Åse", "displayName": "Åse", **CONTACT}]))
    assert (seen.source_id, seen.resource_name, seen.etag) == ("1a2b", "people/c6699", "%e")
    assert seen.updated_at == datetime(2026, 11, 20, 10, 11, 12, 131415, UTC)
    assert seen.card == Card.parse({"names": [{"givenName": "Åse"}]})


def test_what_a_linked_profile_says_is_not_the_contact_s() -> None:
    value = person(
        names=[{"givenName": "Profile", **PROFILE}, {"givenName": "Contact", **CONTACT}],
        emailAddresses=[{"value": "profile@x.test", **PROFILE}],
        photos=[{"url": "https://x.test/face", **PROFILE}],
    )
    value["metadata"]["sources"].insert(0, {"type": "PROFILE", "id": "99"})
    seen = read(value)
    assert seen.card == Card.parse({"names": [{"givenName": "Contact"}]})
    assert seen.photo is None


def test_a_person_without_a_contact_source_is_nobody_s_contact() -> None:
    value = person()
    value["metadata"]["sources"] = [{"type": "PROFILE", "id": "99"}]
    assert read_person(value) is None


def test_a_tombstone_says_only_who_is_gone() -> None:
    value = person()
    value["metadata"] |= {"deleted": True, "previousResourceNames": ["people/c1"]}
    value["metadata"]["sources"][0]["updateTime"] = "1970-01-01T00:00:00Z"
    seen = read(value)
    assert seen == Seen("1a2b", "people/c6699", "%e", deleted=True, previous_names=("people/c1",))


def test_the_epoch_is_no_time() -> None:
    value = person()
    value["metadata"]["sources"][0]["updateTime"] = "1970-01-01T00:00:00Z"
    assert read(value).updated_at is None


def test_marks_are_told_from_the_data_of_other_programs() -> None:
    pairs = [{"key": "sharesync", "value": "m1"}, {"key": "other", "value": "o"}, {"key": "sharesync", "value": "m2"}]
    seen = read(person(clientData=pairs))
    assert seen.marks == ("m1", "m2")
    assert seen.foreign_data == (("other", "o"),)


def test_labels_are_contact_groups_and_not_domains() -> None:
    memberships = [
        {"contactGroupMembership": {"contactGroupId": "f00", "contactGroupResourceName": "contactGroups/f00"}},
        {"domainMembership": {"inViewerDomain": True}},
    ]
    assert read(person(memberships=memberships)).labels == {"contactGroups/f00"}


@pytest.mark.parametrize(("photo", "has"), [({"default": True}, False), ({}, True), ({"default": False}, True)])
def test_google_s_monogram_is_no_photo(photo: Mapping[str, Any], has: bool) -> None:
    seen = read(person(photos=[{"url": "https://x.test", **photo, **CONTACT}]))
    assert (seen.photo is not None) is has


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.fixed_dictionaries(
                {},
                optional=dict.fromkeys(
                    ("metadata", "sources", "type", "id", "resourceName", "etag", "clientData", "names", "key"), inner
                ),
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_comes_is_a_person_or_nobody_or_a_malformed_reply(value: Any) -> None:
    for whole in (value, person() | (value if isinstance(value, dict) else {"names": value})):
        try:
            seen = read_person(whole)
        except MalformedReply:
            continue
        assert seen is None or json.dumps([seen.source_id, seen.resource_name, *seen.labels, *seen.marks])


def test_a_person_is_born_with_its_labels_its_mark_and_in_my_contacts() -> None:
    body = new_person(Create(Card.parse({"names": [{"givenName": "A"}]}), frozenset({"contactGroups/f00"}), "mark"))
    assert body == {
        "names": [{"givenName": "A"}],
        "memberships": [
            {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/f00"}},
            {"contactGroupMembership": {"contactGroupResourceName": "contactGroups/myContacts"}},
        ],
        "clientData": [{"key": "sharesync", "value": "mark"}],
    }


def test_an_address_is_never_sent_both_whole_and_in_parts() -> None:
    card = Card.read({"addresses": [{"formattedValue": "Old 1\nTown", "streetAddress": "New 2", "city": "Town"}]})
    body = new_person(Create(card, frozenset(), "mark"))
    assert body["addresses"] == [{"city": "Town", "streetAddress": "New 2"}]


def test_an_update_names_its_fields_and_proves_what_it_saw() -> None:
    card = Card.parse({"names": [{"givenName": "A"}], "urls": [{"value": "x.test"}]})
    update = Update("1a2b", "people/c6699", "%e", card, frozenset({"names", "birthdays"}))
    assert mask(update) == "birthdays,names"
    assert changed_person(update) == {
        "resourceName": "people/c6699",
        "etag": "%e",
        "metadata": {"sources": [{"type": "CONTACT", "id": "1a2b"}]},
        "names": [{"givenName": "A"}],
    }


def test_an_update_with_data_replaces_client_data_whole() -> None:
    update = Update("1a2b", "people/c6699", "%e", Card(), frozenset(), data=(("other", "o"), ("sharesync", "m")))
    assert mask(update) == "clientData"
    assert changed_person(update)["clientData"] == [{"key": "other", "value": "o"}, {"key": "sharesync", "value": "m"}]


def test_an_update_without_fields_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="changes nothing"):
        mask(Update("1a2b", "people/c6699", "%e", Card(), frozenset()))


def test_every_read_asks_for_what_tells_whose_a_person_is() -> None:
    assert {"metadata", "memberships", "clientData", "photos", "names"} <= set(PERSON_FIELDS.split(","))


@pytest.mark.parametrize("value", [None, [], "x", {}, {"groupType": "USER_CONTACT_GROUP"}, {"groupType": 5}])
def test_a_label_in_no_known_form_is_a_malformed_reply(value: object) -> None:
    if value == {"groupType": 5}:
        assert read_label(value) is None
    else:
        with pytest.raises(MalformedReply):
            read_label(value)


def sign(url: str) -> bytes | None:
    return read(person(photos=[{"url": url, **CONTACT}])).photo


def test_a_photo_is_told_by_its_address_whatever_the_host_and_size() -> None:
    one = sign("https://lh3.googleusercontent.com/contacts/AB-c_1=s100")
    assert one is not None
    assert len(one) == 16
    assert {
        sign("https://lh5.googleusercontent.com/contacts/AB-c_1=s240"),
        sign("https://lh3.test/contacts/AB-c_1"),
    } == {one}
    assert one not in (sign("https://lh3.test/contacts/AB-c_2=s100"), sign("https://lh3.test/cm/AB-c_1=s100"), sign(""))


def test_of_two_photos_the_one_that_is_googles_own_says_nothing() -> None:
    own = {"url": "https://x.test/own", **CONTACT}
    both = [{"url": "https://x.test/monogram", "default": True, **CONTACT}, own]
    assert read(person(photos=both)).photo == read(person(photos=[own])).photo
