"""What one reading tells of persons that no link knows: the user's own, and those that we deleted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sharesync.model.card import Card
from sharesync.model.link import LinkState, Origin, Snapshot
from sharesync.model.mailbox import Listing, Seen
from sharesync.sync.reading import Reading, doubtful, edited, everyone_after, is_news, may_be_half
from tests.sync.scene import IDA, NOW, OURS, SALES, SETTLE, person, scene, stranger, tombstone

OWN, NEW = stranger(IDA, source_id="own"), stranger(IDA, source_id="new")
DELETED = stranger(IDA, source_id="deleted")
NOBODY: frozenset[str] = frozenset()


def known(own: frozenset[str] = frozenset({"own"})) -> Snapshot:
    """A mailbox with one linked person, one of its user's own and one that we deleted."""
    mailbox = scene()
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    return replace(mailbox.known, own_ids=own, deleted_ids=frozenset({"deleted"}))


def linked() -> Seen:
    mailbox = scene()
    mailbox.contact("ida", IDA, SALES)
    return mailbox.link("ida")


def reading(*persons: Seen, full: bool = False, direct: Mapping[str, Seen | None] | None = None) -> Reading:
    listing = Listing({seen.source_id: seen for seen in persons}, full=full, next_sync_token="t2")
    return Reading(listing, direct or {})


# --- Persons of the user's own ---------------------------------------------------------------------------------------


def test_in_a_delta_a_tombstone_tells_that_one_vanished_and_absence_tells_nothing() -> None:
    assert reading(tombstone(OWN)).vanished(known()) == {"own"}
    assert reading(NEW).vanished(known()) == NOBODY


def test_one_that_was_never_seen_alive_may_vanish() -> None:
    assert reading(tombstone(NEW)).vanished(known()) == {"new"}


def test_what_was_linked_and_what_we_deleted_ourselves_was_not_the_users_own() -> None:
    assert reading(tombstone(linked()), tombstone(DELETED)).vanished(known()) == NOBODY


def test_in_a_full_listing_absence_tells_that_one_vanished() -> None:
    assert reading(NEW, full=True).vanished(known()) == {"own"}
    assert reading(OWN, NEW, full=True).vanished(known()) == NOBODY


def test_the_users_own_are_those_known_and_those_seen_but_for_the_shared_and_those_missing_from_a_full_listing() -> (
    None
):
    shared = frozenset({"s-ida"})
    assert reading(NEW, linked()).own_ids(known(), shared) == {"own", "new"}
    assert reading(tombstone(OWN), NEW).own_ids(known(), shared) == {"new"}
    assert reading(tombstone(NEW)).own_ids(known(), shared) == {"own"}
    assert reading(NEW, linked(), full=True).own_ids(known(), shared) == {"new"}
    assert reading(OWN, full=True).own_ids(known(), shared) == {"own"}
    assert reading().own_ids(known(), frozenset({"own"})) == NOBODY


# --- News of linked persons ------------------------------------------------------------------------------------------

OTHER, AGREED = person("Other"), person("Agreed")


@pytest.mark.parametrize(
    ("changes", "card", "news"),
    [
        ({"base_version": 2}, OTHER, True),
        ({"base_version": 2}, AGREED, False),
        ({"base_version": 2}, IDA, True),
        ({"base_version": 1}, OTHER, True),
        ({"base_version": 1}, AGREED, True),
        ({"base_version": 1}, IDA, False),
        ({"base_version": 1, "own": person("Own")}, IDA, True),
        ({"base_version": 2, "seen": OTHER.fingerprint}, OTHER, False),
        ({"base_version": 2, "state": LinkState.LEAVING}, OTHER, False),
    ],
)
def test_news_is_what_we_neither_know_nor_wrote(changes: dict[str, Any], card: Card, news: bool) -> None:
    mailbox = scene()
    mailbox.contact("ida", IDA, SALES, version=2)
    mailbox.link("ida", **{"agreed": AGREED.fingerprint, "seen": b"before"} | changes)
    now = mailbox.person("ida", card=card)
    assert is_news(mailbox.known, mailbox.links["ida"], now) is news
    mailbox.wanted.clear()
    assert not is_news(mailbox.known, mailbox.links["ida"], now)


@pytest.mark.parametrize("changes", [{}, {"look_at": NOW}, {"state": LinkState.LEAVING}])
def test_a_tombstone_needs_no_second_look(changes: dict[str, Any]) -> None:
    mailbox = scene()
    mailbox.contact("ida", IDA, SALES)
    dead = tombstone(mailbox.link("ida", **changes))
    for full in (False, True):
        assert doubtful(mailbox.known, reading(dead, full=full).listing, NOW, SETTLE) == ()


def test_of_those_that_no_link_knows_the_marked_and_the_deleted_are_looked_at_the_oldest_first() -> None:
    marked = stranger(IDA, source_id="marked", marks=("any",), updated_at=NOW)
    persons = marked, DELETED, OWN, linked()
    for full in (False, True):
        listing = reading(*persons, full=full).listing
        assert doubtful(known(), listing, NOW, SETTLE) == ("people/deleted", "people/marked")


def test_a_card_is_needed_of_contacts_whose_persons_are_news_and_whose_mark_a_stranger_carries() -> None:
    mailbox = scene()
    for contact in ("ida", "bo", "eva", "unlinked"):
        mailbox.contact(contact, person(contact), SALES)
    calm, changed, marked = mailbox.link("ida"), mailbox.link("bo"), mailbox.link("eva")
    marks = tuple(OURS.contact(contact, Origin.CREATED) for contact in ("eva", "unlinked"))
    read = reading(calm, replace(changed, card=OTHER), marked, replace(NEW, marks=marks))
    assert edited(mailbox.known, read, OURS) == {"bo", "eva"}


# --- Persons that we deleted -----------------------------------------------------------------------------------------


def test_a_deleted_person_is_waited_for_until_its_tombstone_comes() -> None:
    assert reading(NEW).deleted_ids(known()) == {"deleted"}
    assert reading(tombstone(DELETED)).deleted_ids(known()) == NOBODY


def test_after_a_full_listing_without_it_no_tombstone_of_a_deleted_person_will_come() -> None:
    assert reading(NEW, full=True).deleted_ids(known()) == NOBODY


def test_a_deleted_person_that_a_lagging_listing_shows_alive_is_waited_for() -> None:
    gone: dict[str, Seen | None] = {DELETED.resource_name: None}
    for full in (False, True):
        late = reading(DELETED, full=full, direct=gone)
        assert late.deleted_ids(known()) == {"deleted"}
        assert late.persons() == {}


def test_a_deleted_person_that_its_user_took_out_of_the_trash_is_waited_for_no_more() -> None:
    for full in (False, True):
        assert reading(DELETED, full=full, direct={DELETED.resource_name: DELETED}).deleted_ids(known()) == NOBODY


CHANGED = replace(linked(), card=person("Ida", "more"))


@pytest.mark.parametrize(
    ("persons", "half"),
    [
        ([NEW, linked()], False),
        ([tombstone(DELETED)], False),
        ([tombstone(OWN), NEW], True),
        ([tombstone(linked()), NEW], True),
        ([CHANGED, NEW], True),
    ],
    ids=["nothing", "one that we deleted", "one of theirs gone", "one of ours gone", "one of ours changed"],
)
def test_a_delta_may_be_half_a_merge_where_somebody_is_gone_or_was_changed(persons: list[Seen], half: bool) -> None:
    assert may_be_half(known(), reading(*persons), OURS) is half
    assert not may_be_half(known(), reading(*persons, full=True), OURS)


def test_where_its_user_has_nobody_of_their_own_a_change_is_no_half_merge() -> None:
    assert not may_be_half(known(NOBODY), reading(CHANGED), OURS)
    assert may_be_half(known(NOBODY), reading(tombstone(linked())), OURS)


def test_a_change_that_took_the_mark_away_and_a_linked_person_that_is_not_found_may_be_half_a_merge() -> None:
    assert may_be_half(known(NOBODY), reading(replace(CHANGED, marks=())), OURS)
    assert may_be_half(known(NOBODY), reading(direct={linked().resource_name: None}), OURS)


def test_everyone_read_after_a_delta_keeps_its_tombstones_and_believes_who_is_there() -> None:
    delta = Listing({"s-ida": tombstone(linked()), "own": tombstone(OWN)}, full=False, next_sync_token="t2")
    everyone = Listing({"own": OWN}, full=True, next_sync_token="t3")
    both = everyone_after(delta, everyone)
    assert (both.persons, both.next_sync_token) == ({"s-ida": tombstone(linked()), "own": OWN}, "t3")
    assert Reading(both, {}).vanished(known(frozenset({"own", "gone"}))) == {"gone"}
