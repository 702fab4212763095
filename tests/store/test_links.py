"""Links and labels: what is known of one mailbox comes back as it was written; who is behind."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from sharesync.model.access import Level
from sharesync.model.link import Label, Link, LinkState, Origin, Wanted
from sharesync.model.photo import UNSETTLED, digest
from sharesync.store.mailboxes import claims, links, progress
from sharesync.store.mailboxes.progress import Count
from sharesync.store.records import contacts, groups, photos
from tests.cards import Texts, cards
from tests.store.stores import ANNA, BO, NOW, Store, card, unit, user

YEARS = timedelta(days=3650)
LONG_AGO = NOW - YEARS
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-7))])
MOMENTS = st.one_of(
    st.none(), st.builds(lambda zone, span: (NOW + span).astimezone(zone), _ZONES, st.timedeltas(-YEARS, YEARS))
)
BYTES = st.binary(max_size=16)
PHOTO = digest(b"a photo")
LINKS = st.builds(
    Link,
    contact=st.just("c1"),
    state=st.sampled_from(LinkState),
    origin=st.sampled_from(Origin),
    base_version=st.integers(0, 2**31 - 1),
    source_id=st.sampled_from(["", "s1"]),
    resource_name=st.sampled_from(["", "people/c1"]),
    etag=st.sampled_from(["", '%EgUBAgMFByIMUm9=="']),
    agreed=BYTES,
    seen=BYTES,
    patch=st.one_of(st.none(), st.just({}), cards(Texts.NARROW).map(lambda of: of.as_json() | {"urls": []})),
    own=cards(Texts.NARROW),
    labels=st.sets(st.sampled_from(["g", "h", "æ"])).map(frozenset),
    moving=st.sets(st.sampled_from(["g", "h"])).map(frozenset),
    marked=st.booleans(),
    wrote_at=MOMENTS,
    written_at=MOMENTS,
    before=BYTES,
    look_at=MOMENTS,
    half_seen_at=MOMENTS,
    pushes=st.integers(0, 9),
    pushes_since=MOMENTS,
    photo=st.sampled_from([None, PHOTO, UNSETTLED]),
    photo_sign=st.none() | BYTES,
    photo_sent=st.none() | BYTES,
    aside=st.sampled_from(["", "Google refuses it: “x”."]),
    aside_version=st.integers(-(2**24), 9),
    aside_until=MOMENTS,
)


@pytest.fixture
def granted(company: Store) -> Store:
    """Anna and Bo see group g, which holds c1 and c2."""
    company.group("g")
    company.contact("c1", card("Ida"), "g")
    company.contact("c2", card("Bo"), "g")
    company.grant("g", unit("/Sales"), Level.EDIT)
    return company


def at_rest(contact: str, **changes: Any) -> Link:
    plain = Link(contact, LinkState.LIVE, Origin.CREATED, 1, f"s-{contact}", agreed=b"x", seen=b"x")
    return replace(plain, **changes)


def behind(store: Store) -> dict[str, int]:
    with store.reading() as session:
        counts = progress.counts(session)
    return {user: count.behind for user, count in counts.items() if count.behind}


# --- Round trips -----------------------------------------------------------------------------------------------------


def test_the_strategy_draws_every_field_of_a_link() -> None:
    assert [field.name for field in fields(Link) if f"{field.name}=" not in repr(LINKS)] == []


# Every example is four transactions; what is tried is columns, not their combinations.
@settings(max_examples=settings().max_examples // 5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=LINKS, other=LINKS)
def test_a_link_comes_back_as_it_was_written(granted: Store, one: Link, other: Link) -> None:
    with granted.work() as work:
        links.delete_links(work, ANNA, ["c1"])
        links.insert_links(work, ANNA, [one])
    with granted.reading() as session:
        assert links.known(session, ANNA).links == {"c1": one}
    with granted.work() as work:
        links.update_links(work, ANNA, [other])
    with granted.reading() as session:
        assert links.known(session, ANNA).links == {"c1": other}
        assert links.known(session, BO).links == {}


def test_a_link_is_changed_in_its_own_mailbox_only(granted: Store) -> None:
    with granted.work() as work:
        for who in (ANNA, BO):
            links.insert_links(work, who, [at_rest("c1"), at_rest("c2")])
        links.update_links(work, ANNA, [at_rest("c1", etag="new")])
        links.delete_links(work, BO, ["c2", "c9"])
    with granted.reading() as session:
        assert links.known(session, ANNA).links == {"c1": at_rest("c1", etag="new"), "c2": at_rest("c2")}
        assert links.known(session, BO).links == {"c1": at_rest("c1")}
        assert links.source_ids(session, BO) == {"s-c1"}


def test_no_two_contacts_are_one_person_in_a_mailbox(granted: Store) -> None:
    with granted.work() as work:
        links.insert_links(work, ANNA, [at_rest("c1", source_id=""), at_rest("c2", source_id="")])
        links.insert_links(work, BO, [at_rest("c1", source_id="s1")])
    with pytest.raises(DBAPIError), granted.work() as work:
        links.insert_links(work, BO, [at_rest("c2", source_id="s1")])


def test_a_label_comes_back_as_it_was_written_last(granted: Store) -> None:
    intent = Label("g", "", "", "Kunder", NOW)
    made = Label("g", "contactGroups/1", "e1", "Kunder (shared)")
    for one in (intent, made):
        with granted.work() as work:
            links.save_label(work, ANNA, one)
        with granted.reading() as session:
            assert links.known(session, ANNA).labels == {"g": one}
            assert links.known(session, BO).labels == {}
    with granted.work() as work:
        links.delete_label(work, ANNA, "g")
    with granted.reading() as session:
        assert links.known(session, ANNA).labels == {}


@given(st.sets(st.text("0123456789abcdef", min_size=1, max_size=16)))
def test_ids_of_persons_are_packed_and_unpacked(ids: set[str]) -> None:
    assert links.unpack_ids(links.pack_ids(ids)) == ids
    assert links.unpack_ids(None) == frozenset()


# --- What is known ---------------------------------------------------------------------------------------------------


def test_what_a_mailbox_should_hold_is_what_its_grants_say(granted: Store) -> None:
    granted.group("h")
    granted.group("secret")
    granted.contact("c3", card("Eva"), "h", "secret")
    granted.contact("c4", card("No"), "secret")
    granted.grant("h", user(ANNA), Level.VIEW)
    with granted.work() as work:
        contacts.join(work, "h", ["c1"])
    with granted.reading() as session:
        known = links.known(session, ANNA)
    assert known.levels == {"g": Level.EDIT, "h": Level.VIEW}
    assert known.names == {"g": "g", "h": "h"}
    assert known.wanted == {
        "c1": Wanted(1, card("Ida").fingerprint, frozenset({"g", "h"})),
        "c2": Wanted(1, card("Bo").fingerprint, frozenset({"g"})),
        "c3": Wanted(1, card("Eva").fingerprint, frozenset({"h"})),
    }
    assert known.level("c1") is Level.EDIT
    assert known.level("c3") is Level.VIEW
    assert known.level("c4") is None


def test_a_contact_in_the_trash_is_known_where_a_person_still_is_it_or_is_named(granted: Store) -> None:
    with granted.work() as work:
        links.insert_links(work, ANNA, [at_rest("c1")])
        _, orphans = contacts.leave(work, [("g", "c1"), ("g", "c2")])
        contacts.trash(work, {contact: (left, "event") for contact, left in orphans.items()})
    with granted.reading() as session:
        assert links.known(session, ANNA).wanted == {}
        assert links.known(session, ANNA).trashed == {"c1": Wanted(1, card("Ida").fingerprint, frozenset({"g"}))}
        assert links.known(session, BO).trashed == {}
        assert links.known(session, BO, ["c2", "unheard of"]).trashed.keys() == {"c2"}


def test_forgetting_persons_keeps_whose_they_were_and_what_they_hold(granted: Store) -> None:
    """And they are looked for from now on: a listing that lags is no reason to make them again."""
    one = at_rest(
        "c1", origin=Origin.ADOPTED, own=card("Own"), resource_name="people/1", wrote_at=LONG_AGO, look_at=NOW
    )
    with granted.work() as work:
        links.insert_links(work, ANNA, [one, at_rest("c2", source_id="", state=LinkState.REFUSED)])
        links.insert_links(work, BO, [at_rest("c1")])
        links.save_label(work, ANNA, Label("g", "contactGroups/1", "e", "g"))
        for mailbox in (ANNA, BO):
            claims.write(work, mailbox, sync_token="since here")
        links.forget_persons(work, ANNA)
    with granted.reading() as session:
        tokens = [claims.get(session, mailbox).sync_token for mailbox in (ANNA, BO)]
        assert tokens == [None, "since here"], "whoever reads next must read everything, to find them again"
        known = links.known(session, ANNA)
        assert known.labels.keys() == {"g"}, "a listing may not show it yet, and it would be made twice"
        forgotten = replace(one, state=LinkState.CREATING, source_id="", etag="", wrote_at=NOW)
        assert known.links == {"c1": replace(forgotten, look_at=None)}
        assert links.known(session, BO).links == {"c1": at_rest("c1")}


def test_forgetting_persons_twice_forgets_none_of_those_still_looked_for(granted: Store) -> None:
    with granted.work() as work:
        links.insert_links(work, ANNA, [at_rest("c1")])
        links.forget_persons(work, ANNA)
        links.forget_persons(work, ANNA)
    with granted.reading() as session:
        assert links.known(session, ANNA).links["c1"].state is LinkState.CREATING


# --- Who is behind ---------------------------------------------------------------------------------------------------


def test_a_mailbox_without_its_contacts_is_behind_by_all_of_them(granted: Store) -> None:
    assert behind(granted) == {ANNA: 2, BO: 2}


def test_a_mailbox_at_rest_is_not_behind(granted: Store) -> None:
    granted.group("h")
    granted.grant("h", user(ANNA))
    with granted.work() as work:
        contacts.join(work, "h", ["c1"])  # in two groups, yet one contact
        for who in (ANNA, BO):
            links.insert_links(work, who, [at_rest("c1"), at_rest("c2")])
    assert behind(granted) == {}


@pytest.mark.parametrize(
    "changes", [{"state": LinkState.CREATING, "source_id": ""}, {"base_version": 0}, {"seen": b"edited"}]
)
def test_what_is_to_be_made_or_changed_is_behind(granted: Store, changes: dict[str, Any]) -> None:
    with granted.work() as work:
        for who in (ANNA, BO):
            links.insert_links(work, who, [at_rest("c1"), at_rest("c2")])
        links.update_links(work, BO, [at_rest("c2", **changes)])
    assert behind(granted) == {BO: 1}


@pytest.mark.parametrize(("here", "count"), [(None, 1), (UNSETTLED, 1), (digest(b"another"), 1), (PHOTO, 0)])
def test_a_photo_that_is_not_settled_there_is_behind(granted: Store, here: bytes | None, count: int) -> None:
    with granted.work() as work:
        photos.choose(work, "c1", PHOTO, "event")
        links.insert_links(work, ANNA, [at_rest("c1", photo=here), at_rest("c2")])
    with granted.reading() as session:
        assert links.known(session, ANNA).wanted["c1"].photo == PHOTO
        assert (links.known(session, ANNA).behind, progress.counts(session)[ANNA].behind) == (count, count)


@settings(max_examples=settings().max_examples // 5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=LINKS, linked=st.booleans(), wanted=st.booleans(), photo=st.sampled_from([None, PHOTO]))
def test_a_pass_counts_as_the_database_does(
    granted: Store, one: Link, linked: bool, wanted: bool, photo: bytes | None
) -> None:
    with granted.work() as work:
        photos.choose(work, "c1", photo, "event")
        links.delete_links(work, ANNA, ["c1"])
        links.insert_links(work, ANNA, [one] if linked else [])
        contacts.leave(work, [("g", "c1")])
        contacts.join(work, "g", ["c1"] if wanted else [])
    with granted.reading() as session:
        known, count = links.known(session, ANNA), progress.counts(session)[ANNA]
    assert (known.standing, known.behind) == (count.standing, count.behind)


def test_what_a_pass_counted_is_true_until_something_changes_there(granted: Store) -> None:
    later = granted.now + timedelta(minutes=15)
    with granted.work() as work:
        claims.write(work, ANNA, standing=7, behind=3, due_at=later)
        claims.write(work, BO, standing=7, behind=3, due_at=later, lease_until=later)
    with granted.reading() as session:
        assert progress.counts(session) == {ANNA: Count(7, 3), BO: Count(0, 2)}
        assert progress.counts(session, BO) == {BO: Count(0, 2)}
    with granted.work() as work:
        claims.touch_contacts(work, ["c1"])
    with granted.reading() as session:
        assert progress.counts(session) == {ANNA: Count(0, 2), BO: Count(0, 2)}


def test_what_changes_while_a_pass_goes_on_is_not_in_its_count(granted: Store) -> None:
    with granted.work() as work:
        fence = claims.claim(work, ANNA, timedelta(minutes=1), timedelta(minutes=15))
        claims.touch_contacts(work, ["c1"])
        how = claims.counted(7, 3, work.now, work.now)
        claims.end(work, ANNA, fence, **how)
    with granted.reading() as session:
        assert progress.counts(session)[ANNA] == Count(0, 2)
    with granted.work() as work:
        fence = claims.claim(work, ANNA, timedelta(minutes=1), timedelta(minutes=15))
        claims.end(work, ANNA, fence, **how)
    with granted.reading() as session:
        assert progress.counts(session)[ANNA] == Count(7, 3)


def since(granted: Store) -> datetime | None:
    with granted.reading() as session:
        return claims.get(session, ANNA).waiting_since


@pytest.mark.parametrize(
    ("behind", "touched", "minutes"),
    [(0, False, None), (0, True, 2), (3, False, 0), (3, True, 0)],
    ids=[
        "all arrived",
        "all arrived but what came meanwhile",
        "some did not arrive",
        "neither did what came meanwhile",
    ],
)
def test_what_a_pass_leaves_behind_has_waited_since_it_was_changed(
    granted: Store, behind: int, touched: bool, minutes: int | None
) -> None:
    began = granted.now
    with granted.work() as work:
        claims.touch_contacts(work, ["c1"])
    assert since(granted) == began
    granted.now += timedelta(minutes=2)
    claimed = granted.now
    with granted.work() as work:
        fence = claims.claim(work, ANNA, timedelta(minutes=1), timedelta(minutes=15))
    granted.now += timedelta(minutes=1)
    with granted.work() as work:
        if touched:
            claims.touch_contacts(work, ["c1"])
        claims.end(work, ANNA, fence, **claims.counted(7, behind, claimed, work.now))
    assert since(granted) == (None if minutes is None else began + timedelta(minutes=minutes))


def test_what_is_to_be_released_is_behind(granted: Store) -> None:
    with granted.work() as work:
        for who in (ANNA, BO):
            links.insert_links(work, who, [at_rest("c1"), at_rest("c2")])
        contacts.leave(work, [("g", "c1")])
    assert behind(granted) == {ANNA: 1, BO: 1}
    with granted.work() as work:
        groups.remove_grant(work, "g", unit("/Sales"))
    assert behind(granted) == {ANNA: 2, BO: 2}
    with granted.reading() as session:
        assert [mailbox.user_id for mailbox in claims.concerned(session)] == [ANNA, BO]
