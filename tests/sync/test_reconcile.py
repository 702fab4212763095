"""Decisions about a reading, case by case, and the guards against reading what is not there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sharesync.model.access import Level
from sharesync.model.card import EMPTY, Card
from sharesync.model.link import LinkState, Origin, Wanted
from sharesync.model.mailbox import MARK_KEY, MY_CONTACTS, STARRED, Listing, Seen
from sharesync.sync import reading as readings
from sharesync.sync.decisions import (
    Accepted,
    Gone,
    Kept,
    Linked,
    Lost,
    Owned,
    Recheck,
    Rejected,
    Returned,
    SecondCopy,
    Shared,
    Unclear,
    Unshared,
    Why,
)
from sharesync.sync.merge import Conflict
from sharesync.sync.reading import Reading, Sides
from sharesync.sync.reconcile import decide, leaves_undecided, once_each
from tests.sync.scene import (
    IDA,
    JUST_NOW,
    LONG_AGO,
    NOW,
    OTHERS,
    OURS,
    SALES,
    SETTLE,
    TEAM,
    THEIRS,
    Scene,
    label,
    person,
    scene,
    stranger,
    tombstone,
)

VIEW, EDIT, DELETE, MANAGE = Level
EDITED = person("Ida", "ida", biographies=[{"value": "met in May"}])
MARK = OURS.contact("ida", Origin.CREATED)


def one(decisions: tuple[object, ...]) -> object:
    assert len(decisions) == 1, decisions
    return decisions[0]


# --- Nothing new -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", Level)
def test_a_full_listing_of_an_unchanged_mailbox_decides_nothing(level: Level) -> None:
    mailbox = scene(level, team=VIEW)
    for contact, groups in (("ida", [SALES]), ("bo", [SALES, TEAM]), ("eva", [TEAM])):
        mailbox.contact(contact, person(contact), *groups)
        mailbox.link(contact)
    own = [stranger(person("Own"), source_id="own1"), stranger(EMPTY, source_id="own2")]
    assert mailbox.read(*own, *map(mailbox.person, mailbox.links), full=True) == ()


def test_an_empty_delta_decides_nothing() -> None:
    mailbox = scene()
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    assert mailbox.read() == ()


def test_a_new_star_or_label_of_the_users_own_is_only_taken_note_of() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    seen = replace(
        mailbox.link("ida"), etag="e2", labels=frozenset({MY_CONTACTS, STARRED, label(SALES), "contactGroups/own"})
    )
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_a_new_resource_name_is_taken_note_of() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    seen = replace(mailbox.link("ida"), resource_name="people/c99")
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_a_lost_mark_is_taken_note_of() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    seen = replace(mailbox.link("ida"), marks=())
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=False),)


@pytest.mark.parametrize(
    "mark",
    [OURS.contact("bo", Origin.CREATED), OURS.contact("ida", Origin.GIVEN), THEIRS.contact("ida", Origin.CREATED)],
)
def test_a_mark_that_is_not_exactly_ours_is_no_mark(mark: str) -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    kept = one(mailbox.read(replace(mailbox.link("ida"), marks=(mark,))))
    assert isinstance(kept, Kept)
    assert not kept.marked


# --- Edits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [EDIT, DELETE, MANAGE])
def test_an_edit_by_someone_who_may_is_accepted(level: Level) -> None:
    mailbox = scene(level)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    seen = mailbox.edited("ida", EDITED)
    kept = Kept("ida", seen, frozenset({SALES}), marked=True, edit=Accepted(EDITED, frozenset({"biographies"})))
    assert mailbox.read(seen) == (kept,)


def test_an_edit_by_a_viewer_is_rejected_and_kept() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    seen = mailbox.edited("ida", EDITED)
    rejected = Rejected(EDITED, frozenset({"biographies"}), Why.VIEW)
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True, edit=rejected),)


def test_the_highest_level_of_the_groups_that_hold_the_contact_counts_for_an_edit() -> None:
    mailbox = scene(VIEW, team=EDIT)
    mailbox.contact("ida", IDA, SALES, TEAM)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert isinstance(kept.edit, Accepted)


def test_a_level_on_another_group_does_not_count() -> None:
    mailbox = scene(VIEW, team=MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert isinstance(kept.edit, Rejected)


def test_an_edit_is_merged_with_what_the_store_got_meanwhile() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", person("Ida M", "ida"), SALES, version=2)
    mailbox.link("ida", IDA, base_version=1)
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    merged = person("Ida M", "ida", biographies=[{"value": "met in May"}])
    assert kept.edit == Accepted(merged, frozenset({"biographies"}))


def test_what_both_changed_differently_is_a_conflict() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", person("Ida", "ida", biographies=[{"value": "ours"}]), SALES, version=2)
    mailbox.link("ida", IDA, base_version=1)
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert isinstance(kept.edit, Accepted)
    assert kept.edit.card == mailbox.cards["ida"]
    notes = mailbox.cards["ida"]["biographies"], EDITED["biographies"]
    assert kept.edit.conflicts == (Conflict("biographies", *notes),)


def test_typing_what_the_store_holds_already_is_no_edit() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", EDITED, SALES, version=2)
    mailbox.link("ida", IDA, base_version=1)
    seen = mailbox.edited("ida", EDITED)
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_a_write_of_ours_whose_answer_was_lost_is_no_edit() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", EDITED, SALES, version=2)
    mailbox.link("ida", IDA, base_version=1, look_at=JUST_NOW)
    seen = mailbox.edited("ida", EDITED)
    assert mailbox.read(direct={"ida": seen}) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_a_write_of_ours_whose_answer_was_lost_is_no_edit_when_the_store_has_moved_on() -> None:
    mailbox = scene()
    mailbox.contact("ida", IDA, SALES, version=3)  # as it was, restored by someone after version 2 had been sent
    mailbox.link("ida", IDA, base_version=1)
    mailbox.between["ida"] = (EDITED,)
    seen = mailbox.edited("ida", EDITED)
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_an_edit_that_was_undone_by_its_user_is_no_edit() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", EDITED, agreed=IDA.fingerprint)
    seen = mailbox.edited("ida", IDA)
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_an_edit_still_to_be_undone_is_not_rejected_twice() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida", EDITED, agreed=IDA.fingerprint)
    assert mailbox.read(seen, full=True) == ()


def test_a_contact_emptied_by_an_editor_is_filled_again() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    seen = mailbox.edited("ida", EMPTY)
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_the_users_own_values_are_never_part_of_an_edit() -> None:
    own = person("Ida", "private").replacing({"names": ()})
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", own=own)
    seen = mailbox.edited("ida", person("Ida", "ida", "private", biographies=[{"value": "met in May"}]))
    kept = one(mailbox.read(seen))
    assert isinstance(kept, Kept)
    assert kept.edit == Accepted(EDITED, frozenset({"biographies"}))


def test_own_values_taken_away_by_their_user_are_no_edit() -> None:
    own = person("Ida", "private").replacing({"names": ()})
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", own=own)
    kept = one(mailbox.read(mailbox.edited("ida", IDA)))
    assert isinstance(kept, Kept)
    assert kept.edit is None


def test_a_value_typed_beside_own_values_is_an_edit_and_one_in_place_of_an_own_value_is_their_users() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", own=person("Ida", "one", "two").replacing({"names": ()}))
    beside = one(mailbox.read(mailbox.edited("ida", person("Ida", "ida", "one", "two", "new"))))
    instead = one(mailbox.read(mailbox.edited("ida", person("Ida", "ida", "one", "new"))))
    assert isinstance(beside, Kept)
    assert isinstance(instead, Kept)
    assert (beside.edit, beside.own) == (
        Accepted(person("Ida", "ida", "new"), frozenset({"emailAddresses"})),
        mailbox.links["ida"].own,
    )
    assert (instead.edit, instead.own) == (None, person("Ida", "one", "new").replacing({"names": ()}))


def test_own_values_taken_away_beside_an_edit_are_no_part_of_it() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", own=person("Ida", "private").replacing({"names": ()}))
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert kept.edit == Rejected(EDITED, frozenset({"biographies"}), Why.VIEW)


def test_own_values_taken_away_are_no_edit_of_what_the_store_got_meanwhile() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", EDITED, SALES, version=2)
    mailbox.link("ida", IDA, base_version=1, own=person("Ida", "private").replacing({"names": ()}))
    kept = one(mailbox.read(mailbox.edited("ida", IDA)))
    assert isinstance(kept, Kept)
    assert kept.edit is None


def test_typing_what_the_store_holds_already_beside_own_values_is_no_edit() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", EDITED, SALES, version=2)
    own = person("Ida", "private").replacing({"names": ()})
    mailbox.link("ida", IDA, base_version=1, own=own)
    typed = person("Ida", "ida", "private", biographies=[{"value": "met in May"}])
    kept = one(mailbox.read(mailbox.edited("ida", typed)))
    assert isinstance(kept, Kept)
    assert (kept.edit, kept.own) == (None, own)


# --- Labels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "leaves"), [(VIEW, False), (EDIT, False), (DELETE, True), (MANAGE, True)])
def test_a_label_taken_off_is_put_back_or_the_contact_leaves(level: Level, leaves: bool) -> None:
    mailbox = scene(level)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.labelled("ida")))
    assert isinstance(kept, Kept)
    assert (kept.leaves, kept.put_back) == (
        (frozenset({SALES}), frozenset()) if leaves else (frozenset(), frozenset({SALES}))
    )


@pytest.mark.parametrize(
    ("here", "there", "joins"),
    [(VIEW, VIEW, False), (VIEW, MANAGE, False), (EDIT, VIEW, False), (EDIT, EDIT, True), (MANAGE, EDIT, True)],
)
def test_a_label_put_on_a_contact_of_another_group_counts_with_edit_on_both_sides(
    here: Level, there: Level, joins: bool
) -> None:
    mailbox = scene(here, team=there)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.labelled("ida", SALES, TEAM)))
    assert isinstance(kept, Kept)
    assert (kept.joins, kept.taken_off) == (
        (frozenset({TEAM}), frozenset()) if joins else (frozenset(), frozenset({TEAM}))
    )
    assert kept.labels == {SALES, TEAM}


def test_a_label_that_is_no_longer_granted_is_taken_off_again() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.labelled("ida", SALES, OTHERS)))
    assert isinstance(kept, Kept)
    assert (kept.joins, kept.taken_off) == (frozenset(), frozenset({OTHERS}))


def test_a_move_is_accepted_whole() -> None:
    mailbox = scene(DELETE, team=EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.labelled("ida", TEAM)))
    assert isinstance(kept, Kept)
    assert (kept.joins, kept.leaves) == (frozenset({TEAM}), frozenset({SALES}))
    assert not kept.put_back | kept.taken_off


@pytest.mark.parametrize(("here", "there"), [(DELETE, VIEW), (EDIT, EDIT), (VIEW, MANAGE)])
def test_half_of_a_move_is_no_move(here: Level, there: Level) -> None:
    mailbox = scene(here, team=there)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.labelled("ida", TEAM)))
    assert isinstance(kept, Kept)
    assert (kept.joins, kept.leaves) == (frozenset(), frozenset())
    assert (kept.put_back, kept.taken_off) == (frozenset({SALES}), frozenset({TEAM}))


@pytest.mark.parametrize(("elsewhere", "leaves"), [((), False), ((TEAM,), True)])
def test_an_edit_that_the_mailbox_had_not_seen_wins_over_taking_off_the_last_label(
    elsewhere: tuple[str, ...], leaves: bool
) -> None:
    mailbox = scene(DELETE, team=VIEW)
    mailbox.contact("ida", EDITED, SALES, *elsewhere, version=2)
    mailbox.link("ida", IDA, base_version=1)
    kept = one(mailbox.read(mailbox.labelled("ida", *elsewhere)))
    assert isinstance(kept, Kept)
    sales, none = frozenset({SALES}), frozenset[str]()
    assert (kept.leaves, kept.put_back) == ((sales, none) if leaves else (none, sales))


def test_a_label_that_is_gone_was_not_taken_off_its_contacts() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.labelled("ida"), labels_gone=[SALES]))
    assert isinstance(kept, Kept)
    assert (kept.leaves, kept.put_back) == (frozenset(), frozenset())


def test_a_label_that_we_have_not_put_on_yet_was_not_taken_off() -> None:
    mailbox = scene(MANAGE, team=MANAGE)
    mailbox.contact("ida", IDA, SALES, TEAM)
    mailbox.link("ida", labels=frozenset({TEAM}))
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert kept.leaves == frozenset()


def test_a_label_that_we_have_not_taken_off_yet_was_not_put_on() -> None:
    mailbox = scene(MANAGE, team=MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", labels=frozenset({SALES, TEAM}))
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert (kept.joins, kept.taken_off) == (frozenset(), frozenset())


@pytest.mark.parametrize("shown", [(), (SALES,), (TEAM,), (SALES, TEAM)])
def test_a_label_that_we_were_moving_ourselves_was_moved_by_nobody(shown: tuple[str, ...]) -> None:
    """Put on Sales, taken off Team, and not looked since: either may have been done or not."""
    mailbox = scene(MANAGE, team=MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", labels=frozenset({SALES}), moving=frozenset({SALES, TEAM}))
    seen = mailbox.labelled("ida", *shown)
    assert mailbox.read(seen) == (Kept("ida", seen, frozenset(shown), marked=True),)


# --- Persons that are no more ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "leaves"), [(VIEW, False), (EDIT, False), (DELETE, True), (MANAGE, True)])
def test_a_tombstone_deletes_where_its_user_may_and_is_made_again_where_not(level: Level, leaves: bool) -> None:
    mailbox = scene(level)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida")
    gone = Gone("ida", frozenset({SALES}), remains=False) if leaves else Gone("ida", frozenset(), remains=True)
    assert mailbox.read(tombstone(seen)) == (gone,)


def test_a_deletion_leaves_only_the_groups_where_its_user_may_delete() -> None:
    mailbox = scene(DELETE, team=EDIT)
    mailbox.contact("ida", IDA, SALES, TEAM)
    assert mailbox.read(tombstone(mailbox.link("ida"))) == (Gone("ida", frozenset({SALES}), remains=True),)


def test_a_tombstone_counts_at_once_even_after_a_write_of_ours() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida", wrote_at=JUST_NOW, written_at=JUST_NOW)
    assert mailbox.read(tombstone(seen)) == (Gone("ida", frozenset({SALES}), remains=False),)


def test_an_edit_that_the_mailbox_had_not_seen_wins_over_its_deletion() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", EDITED, SALES, version=2)
    seen = mailbox.link("ida", IDA, base_version=1)
    assert mailbox.read(tombstone(seen)) == (Gone("ida", frozenset(), remains=True),)


def test_a_person_deleted_that_was_to_be_released_is_just_gone() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA)
    assert mailbox.read(tombstone(mailbox.link("ida"))) == (Gone("ida"),)


def test_absence_from_a_full_listing_and_a_404_is_a_deletion() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    own = stranger(person("Own"))
    assert mailbox.read(own, full=True) == (Gone("ida", frozenset({SALES}), remains=False),)


# --- Guards ----------------------------------------------------------------------------------------------------------


def test_absence_from_a_full_listing_is_no_deletion_where_a_direct_read_finds_the_person() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida")
    assert mailbox.read(stranger(person("Own")), full=True, direct={"ida": seen}) == ()


def test_absence_from_a_delta_is_no_news() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    assert mailbox.read(stranger(person("Own"))) == ()


def test_a_404_within_the_settle_time_is_doubted() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", wrote_at=JUST_NOW)
    own = stranger(person("Own"))
    assert mailbox.read(own, full=True) == (Recheck("ida", JUST_NOW + SETTLE),)
    later = JUST_NOW + SETTLE
    assert mailbox.read(own, full=True, now=later) == (Gone("ida", frozenset({SALES}), remains=False),)


def test_where_reads_are_never_stale_a_404_counts_at_once() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", wrote_at=NOW)
    decisions = mailbox.read(stranger(person("Own")), full=True, settle=timedelta(0))
    assert decisions == (Gone("ida", frozenset({SALES}), remains=False),)


def is_strange(mailbox: Scene, *persons: Seen, full: bool = True) -> bool:
    """Whether a pass stops at this listing."""
    listing = Listing({seen.source_id: seen for seen in persons}, full=full, next_sync_token="t2")
    return readings.is_strange(mailbox.known, listing, OURS)


def test_a_full_listing_that_shows_nobody_of_those_known_stops_the_pass() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    linked = mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    newcomers = stranger(person("New"), source_id="new1")
    assert is_strange(mailbox, newcomers)
    assert is_strange(mailbox, stranger(IDA, SALES, marks=(MARK,), source_id="new2")), "theirs by a grant of their own"
    assert not is_strange(mailbox, newcomers, full=False), "a delta shows what changed"
    assert not is_strange(mailbox, newcomers, linked)
    assert not is_strange(mailbox, newcomers, stranger(person("Own")))


def test_whom_a_reset_has_forgotten_is_known_by_the_mark() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    mailbox.own_ids = frozenset({"own1"})
    newcomers = stranger(person("New"), source_id="new1")
    assert is_strange(mailbox, newcomers)
    assert not is_strange(mailbox, newcomers, stranger(IDA, SALES, marks=(MARK,), source_id="new2"))


def test_where_nobody_is_known_yet_anybody_may_be_listed() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    assert not is_strange(mailbox, stranger(person("Own")))


def test_an_empty_full_listing_where_persons_are_linked_stops_the_pass() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    assert is_strange(mailbox)


def test_an_empty_full_listing_stops_the_pass_where_a_person_may_have_been_made() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    assert is_strange(mailbox)


def test_an_empty_full_listing_of_a_mailbox_without_persons_of_ours_is_believed() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    assert mailbox.read(full=True) == ()


def test_what_is_older_than_our_last_write_decides_nothing() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", written_at=NOW)
    stale = mailbox.labelled("ida", card=EDITED, updated_at=NOW - timedelta(microseconds=1))
    assert mailbox.read(stale) == ()
    assert mailbox.read(stale, full=True) == ()


def test_what_is_as_old_as_our_last_write_may_be_an_edit() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", written_at=NOW)
    kept = one(mailbox.read(mailbox.edited("ida", EDITED, updated_at=NOW)))
    assert isinstance(kept, Kept)
    assert isinstance(kept.edit, Accepted)


def test_what_stood_there_before_our_last_write_is_doubted_within_the_settle_time() -> None:
    before = person("Idda", "ida")
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", before=before.fingerprint, wrote_at=JUST_NOW)
    late = mailbox.edited("ida", before)
    assert mailbox.read(late, direct={"ida": late}) == (Recheck("ida", JUST_NOW + SETTLE),)


def test_a_direct_read_sees_through_a_listing_that_shows_what_was_before() -> None:
    before = person("Idda", "ida")
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    now = mailbox.link("ida", before=before.fingerprint, wrote_at=JUST_NOW)
    assert mailbox.read(mailbox.edited("ida", before), direct={"ida": now}) == ()


def test_after_the_settle_time_typing_what_stood_there_before_is_an_edit() -> None:
    before = person("Idda", "ida")
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", before=before.fingerprint, wrote_at=NOW - SETTLE)
    kept = one(mailbox.read(mailbox.edited("ida", before)))
    assert isinstance(kept, Kept)
    assert kept.edit == Accepted(before, frozenset({"names"}))


def test_another_edit_within_the_settle_time_is_no_echo() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", before=person("Idda").fingerprint, wrote_at=JUST_NOW)
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert isinstance(kept.edit, Accepted)


def test_a_write_that_left_the_content_alone_leaves_nothing_to_doubt() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida", before=IDA.fingerprint, wrote_at=JUST_NOW)
    assert mailbox.read(seen, full=True) == ()


def test_a_person_that_was_doubted_is_read_directly_when_its_time_has_come() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida", look_at=NOW)
    assert mailbox.read(now=NOW - timedelta(seconds=1)) == ()
    assert mailbox.read(direct={"ida": seen}) == (Kept("ida", seen, frozenset({SALES}), marked=True),)


def test_a_direct_read_that_answers_with_another_person_is_no_404() -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    other = stranger(person("Own"), source_id="own1")
    decisions = mailbox.read(other, full=True, direct={"ida": other})
    assert [decision for decision in decisions if isinstance(decision, Gone) and decision.leaves] == []


@pytest.mark.parametrize("wanted", [True, False])
def test_a_person_whose_name_leads_to_another_is_not_here_and_was_deleted_by_nobody(wanted: bool) -> None:
    mailbox = scene(DELETE)
    mailbox.contact("ida", IDA, *([SALES] if wanted else []))
    mailbox.link("ida", look_at=NOW)
    other = stranger(person("Own"))
    assert mailbox.read(direct={"ida": other}) == (Gone("ida", remains=wanted),)
    mailbox.link("ida", look_at=NOW, wrote_at=JUST_NOW)
    assert mailbox.read(direct={"ida": other}) == (Recheck("ida", JUST_NOW + SETTLE),)


@pytest.mark.parametrize("read", ["listed", "directly"])
def test_what_is_typed_after_a_contact_is_shared_here_no_more_waits_for_its_release(read: str) -> None:
    mailbox = scene(None)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", look_at=NOW if read == "directly" else None)
    for seen, is_edit in ((mailbox.edited("ida", EDITED), True), (mailbox.person("ida", etag="e2"), False)):
        decisions = mailbox.read(*([seen] if read == "listed" else []), direct={"ida": seen})
        assert (Recheck("ida", NOW + SETTLE) in decisions) == is_edit


def test_something_is_undecided_while_a_person_is_to_be_looked_at_and_no_answer_says_what_it_is() -> None:
    mailbox = scene(EDIT)
    for contact in ("ida", "mira"):
        mailbox.contact(contact, person(contact), SALES)
    mira, ida = mailbox.link("mira"), mailbox.link("ida", look_at=NOW)
    kept = (Kept("ida", ida, frozenset({SALES}), marked=True), Kept("mira", mira, frozenset({SALES}), marked=True))
    for decisions, undecided in (
        ((), True),
        (kept[1:], True),
        (kept[:1], False),
        ((Gone("ida"),), False),
        ((*kept, Recheck("mira", NOW)), True),
    ):
        assert leaves_undecided(mailbox.known, decisions) == undecided


@pytest.mark.parametrize(
    ("since", "written", "token", "look_at"),
    [
        (NOW - SETTLE, NOW - SETTLE, "t2", None),
        (LONG_AGO, LONG_AGO, "t2", None),
        (LONG_AGO, JUST_NOW, "t2", JUST_NOW + SETTLE),
        (NOW - SETTLE, LONG_AGO, None, NOW + SETTLE),
        (JUST_NOW, LONG_AGO, "t2", JUST_NOW + SETTLE),
        (None, LONG_AGO, "t2", NOW + SETTLE),
    ],
    ids=[
        "waited until now",
        "waited longer",
        "waited, and written again since",
        "waited, and nothing was listed since",
        "half waited",
        "not waited",
    ],
)
def test_what_may_be_half_of_a_merge_is_decided_after_the_settle_time(
    since: datetime | None, written: datetime, token: str | None, look_at: datetime | None
) -> None:
    merged = person("Ida", "ida", "private")
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", look_at=NOW, half_seen_at=since)
    direct = {mailbox.links["ida"].resource_name: mailbox.edited("ida", merged, updated_at=written)}
    reading = Reading(Listing({}, full=False, next_sync_token=token), direct)
    decision = one(decide(mailbox.known, reading, {"ida": Sides(IDA, IDA)}, OURS, NOW, SETTLE))
    if look_at:
        assert decision == Recheck("ida", look_at, since or NOW)
    else:
        assert isinstance(decision, Kept)
        assert decision.edit == Accepted(merged, frozenset({"emailAddresses"}))


@pytest.mark.parametrize("listed", [LONG_AGO, NOW], ids=["as it was", "as it is"])
def test_what_may_be_half_of_a_merge_is_doubted_until_the_listing_shows_the_person_as_it_is(listed: datetime) -> None:
    """A direct read shows a merge at once; that a person of the user's own went comes with the listing."""
    before, merged = person("Idda", "ida"), person("Ida", "ida", "private")
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", before=before.fingerprint, wrote_at=JUST_NOW)
    direct = mailbox.edited("ida", merged)
    decision = one(mailbox.read(mailbox.edited("ida", before, updated_at=listed), direct={"ida": direct}))
    if listed == NOW:
        assert isinstance(decision, Kept)
        assert decision.edit == Accepted(merged, frozenset({"emailAddresses"}))
    else:
        assert decision == Recheck("ida", NOW + SETTLE, NOW)


# --- Persons that no link knows --------------------------------------------------------------------------------------


def test_a_person_of_the_users_own_is_none_of_our_business() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    assert mailbox.read(stranger(EDITED), stranger(EMPTY, source_id="own2")) == ()


def test_a_person_equal_to_a_contact_that_is_missing_here_is_adopted() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    own = stranger(IDA)
    assert mailbox.read(own, full=True) == (Linked("ida", own, frozenset(), Origin.ADOPTED, marked=False),)


def test_a_person_that_is_merely_similar_is_left_alone() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    assert mailbox.read(stranger(person("Ida", "ida", "more")), full=True) == ()


def test_of_two_equal_persons_the_older_is_adopted_and_the_other_left_alone() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    older = stranger(IDA, source_id="own9", updated_at=LONG_AGO)
    newer = stranger(IDA, source_id="own1", updated_at=NOW)
    for persons in ((older, newer), (newer, older)):
        assert mailbox.read(*persons, full=True) == (Linked("ida", older, frozenset(), Origin.ADOPTED, marked=False),)


def test_a_person_equal_to_a_contact_that_has_its_person_is_left_alone() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida")
    assert mailbox.read(seen, stranger(IDA), full=True) == ()


def test_a_tombstone_of_a_person_that_we_do_not_know_is_none_of_our_business() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    assert mailbox.read(tombstone(stranger(IDA, SALES))) == ()


@pytest.mark.parametrize(("level", "shared"), [(VIEW, False), (EDIT, True), (DELETE, True), (MANAGE, True)])
def test_the_label_on_a_person_of_their_own_shares_it_where_its_user_may(level: Level, shared: bool) -> None:
    mailbox = scene(level)
    own = stranger(EDITED, SALES)
    expected = Shared(own, frozenset({SALES})) if shared else Unshared(own, frozenset({label(SALES)}))
    assert mailbox.read(own) == (expected,)


def test_a_person_is_shared_to_the_groups_whose_label_is_theirs_to_give() -> None:
    mailbox = scene(EDIT, team=VIEW)
    own = stranger(EDITED, SALES, TEAM, OTHERS)
    assert mailbox.read(own) == (Shared(own, frozenset({SALES})),)


def test_a_label_that_is_being_withdrawn_is_left_on_a_person_of_their_own() -> None:
    """It becomes their label once nothing of ours is left in it."""
    mailbox = scene(MANAGE)
    assert mailbox.read(stranger(EDITED, OTHERS)) == ()


def test_an_empty_person_under_a_label_is_not_shared() -> None:
    mailbox = scene(MANAGE)
    own = stranger(EMPTY, SALES)
    assert mailbox.read(own) == (Unshared(own, frozenset({label(SALES)})),)


def test_of_two_equal_persons_under_the_label_the_older_is_shared_and_the_other_loses_it() -> None:
    mailbox = scene(EDIT)
    older = stranger(EDITED, SALES, source_id="own9")
    newer = stranger(EDITED, SALES, source_id="own1", updated_at=NOW)
    for persons in ((older, newer), (newer, older)):
        assert mailbox.read(*persons) == (
            Shared(older, frozenset({SALES})),
            Unshared(newer, frozenset({label(SALES)})),
        )


def test_a_copy_of_a_shared_contact_is_not_shared_again() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    copy = stranger(IDA, SALES)
    assert mailbox.read(copy) == (Unshared(copy, frozenset({label(SALES)})),)


# --- Marks -----------------------------------------------------------------------------------------------------------


def test_a_mark_finds_the_create_whose_answer_was_lost() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida", JUST_NOW)
    made = stranger(IDA, SALES, marks=(MARK,))
    assert mailbox.read(made) == (Linked("ida", made, frozenset({SALES}), Origin.CREATED, marked=True),)


def test_a_mark_finds_a_link_that_the_store_forgot_and_whose_the_person_was() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    given = stranger(EDITED, SALES, marks=(OURS.contact("ida", Origin.GIVEN),))
    assert mailbox.read(given) == (
        Linked("ida", given, frozenset({SALES}), Origin.GIVEN, marked=True, said=Origin.GIVEN),
    )


def test_a_mark_wins_over_equal_content() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    equal, marked = stranger(IDA), stranger(EDITED, source_id="own2", marks=(MARK,))
    assert mailbox.read(equal, marked) == (Linked("ida", marked, frozenset(), Origin.CREATED, marked=True),)


@pytest.mark.parametrize(
    "mark",
    [
        THEIRS.contact("ida", Origin.CREATED),
        "ida.0123456789abcdef0123456789abcdef",
        "ida",
        "",
        MARK[:-1],
        OURS.label("ida"),
    ],
)
def test_a_mark_that_we_did_not_sign_makes_no_link(mark: str) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida", JUST_NOW)
    assert mailbox.read(stranger(EDITED, marks=(mark,))) == ()


def test_a_mark_of_a_contact_that_is_not_here_any_more_makes_its_person_the_users() -> None:
    mailbox = scene(VIEW)
    back = stranger(IDA, marks=(MARK,))
    assert mailbox.read(back) == (Linked("ida", back, frozenset(), Origin.ADOPTED, marked=False),)


def test_a_second_person_of_our_making_is_a_twin_where_it_is_as_we_made_it() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    twin = stranger(IDA, SALES, marks=(MARK,))
    assert mailbox.read(twin) == (SecondCopy("ida", twin),)


def test_a_second_person_that_its_user_changed_stays_and_loses_our_labels() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    twin = stranger(EDITED, SALES, marks=(MARK,))
    assert mailbox.read(twin) == (Unshared(twin, frozenset({label(SALES)})),)


def test_a_second_person_that_was_the_users_is_never_a_twin() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    twin = stranger(IDA, SALES, marks=(OURS.contact("ida", Origin.ADOPTED),))
    assert mailbox.read(twin) == (Unshared(twin, frozenset({label(SALES)})),)


@pytest.mark.parametrize("origin", [Origin.ADOPTED, Origin.GIVEN])
def test_a_second_person_into_which_one_of_the_users_was_merged_is_never_a_twin(origin: Origin) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    both = stranger(IDA, SALES, marks=(MARK, OURS.contact("ida", origin)))
    assert mailbox.read(both) == (Unshared(both, frozenset({label(SALES)})),)


def test_a_second_person_is_a_twin_where_it_is_as_we_made_the_first_though_the_store_has_moved_on() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", EDITED, SALES, version=2)
    mailbox.link("ida", IDA, base_version=1)
    twin = stranger(IDA, SALES, marks=(MARK,))
    assert mailbox.read(twin) == (SecondCopy("ida", twin),)


def test_of_two_persons_of_a_contact_that_the_store_does_not_know_the_newer_is_a_twin() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    older = stranger(IDA, SALES, marks=(MARK,), source_id="own9")
    newer = stranger(IDA, SALES, marks=(MARK,), source_id="own1", updated_at=NOW)
    assert mailbox.read(newer, older) == (
        Linked("ida", older, frozenset({SALES}), Origin.CREATED, marked=True),
        SecondCopy("ida", newer),
    )


@pytest.mark.parametrize("level", [None, VIEW])
def test_a_create_never_answered_is_a_twin_of_a_person_found_instead_whatever_became_of_the_contact(
    level: Level | None,
) -> None:
    mailbox = scene(level)
    mailbox.contact("ida", person("Ida", "ida", nicknames=[{"value": "I"}]), SALES, version=3)
    mailbox.creating("ida")
    mailbox.remote["ida"], mailbox.between["ida"] = IDA, (EDITED,)
    back = stranger(IDA, marks=(MARK,), source_id="own9")
    for card in (IDA, EDITED, mailbox.cards["ida"]):
        made = stranger(card, marks=(MARK,), source_id="own1", updated_at=NOW)
        assert SecondCopy("ida", made) in mailbox.read(back, made, full=True)
    typed = stranger(person("Ida", "ida", nicknames=[{"value": "mine"}]), marks=(MARK,), updated_at=NOW)
    assert Unshared(typed, frozenset()) in mailbox.read(back, typed, full=True)


OURS_THERE = OURS.contact("ida", Origin.CREATED, b"ours")
"""The mark of a person that tells which photo on it is ours."""


@pytest.mark.parametrize(
    ("mark", "known", "photo", "stays"),
    [
        (MARK, None, None, False),
        (MARK, b"ours", None, False),
        (MARK, b"ours", b"ours", False),
        (OURS_THERE, None, b"ours", False),
        (MARK, None, b"theirs", True),
        (MARK, b"ours", b"theirs", True),
        (OURS_THERE, None, b"theirs", True),
    ],
)
def test_a_second_person_with_a_photo_of_its_users_own_stays(
    mark: str, known: bytes | None, photo: bytes | None, stays: bool
) -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", photo_sign=known)
    twin = stranger(IDA, SALES, marks=(mark,), photo=photo)
    assert mailbox.read(twin) == (Unshared(twin, frozenset({label(SALES)})) if stays else SecondCopy("ida", twin),)


@pytest.mark.parametrize(
    "theirs",
    [
        {"labels": frozenset({label(SALES), MY_CONTACTS, "contactGroups/family"})},
        {"labels": frozenset({label(SALES), MY_CONTACTS, STARRED})},
        {"has_more": True},
        {"foreign_data": (("crm", "17"),)},
    ],
)
def test_a_second_person_on_which_its_user_put_something_stays(theirs: dict[str, Any]) -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    twin = stranger(IDA, SALES, marks=(MARK,), **theirs)
    assert mailbox.read(twin) == (Unshared(twin, frozenset({label(SALES)})),)


def test_a_second_person_of_an_erased_contact_goes_with_whatever_is_on_it() -> None:
    mailbox = scene(VIEW)
    mailbox.cards["ida"] = IDA
    mailbox.link("ida")
    mailbox.erased = frozenset({"ida"})
    twin = stranger(IDA, marks=(MARK,), photo=b"theirs", labels=frozenset({STARRED}))
    assert mailbox.read(twin) == (SecondCopy("ida", twin),)


def test_of_a_photo_on_a_person_that_no_link_knows_the_mark_alone_tells() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    for mark, told in ((MARK, None), (OURS_THERE, b"ours")):
        (linked,) = mailbox.read(stranger(IDA, SALES, marks=(mark,), photo=b"ours"))
        assert isinstance(linked, Linked)
        assert linked.photo_sign == told


@pytest.mark.parametrize("where", ["wanted", "in the trash", "leaving"])
@pytest.mark.parametrize(
    ("mark", "known", "told", "marked"),
    [
        (MARK, None, None, True),
        (MARK, b"ours", b"ours", False),
        (OURS_THERE, None, b"ours", True),
        (OURS_THERE, b"ours", b"ours", True),
        (OURS_THERE, b"before", b"ours", True),
    ],
)
def test_wherever_a_person_stands_it_is_taken_note_of_which_photo_on_it_is_ours(
    where: str, mark: str, known: bytes | None, told: bytes | None, marked: bool
) -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", photo_sign=known, state=LinkState.LEAVING if where == "leaving" else LinkState.LIVE)
    wanted = mailbox.wanted["ida"] if where == "wanted" else mailbox.wanted.pop("ida")
    if where == "in the trash":
        mailbox.trashed["ida"] = wanted
    kept = one(mailbox.read(mailbox.person("ida", marks=(mark,), photo=b"ours", etag="e2")))
    assert isinstance(kept, Kept)
    assert (kept.photo_sign, kept.marked) == (told, marked)


def test_every_person_of_our_making_of_an_erased_contact_goes_whoever_changed_it() -> None:
    mailbox = scene(VIEW)
    mailbox.cards["ida"] = IDA
    mailbox.link("ida")
    mailbox.erased = frozenset({"ida"})
    other = stranger(EDITED, marks=(MARK,))
    assert mailbox.read(other) == (SecondCopy("ida", other),)


# A backup had forgotten a group, which was made anew: its persons still carry the marks of the old contacts.


@pytest.mark.parametrize("known", ["nowhere", "linked", "wanted", "in the trash", "erased"])
def test_a_person_of_a_contact_known_nowhere_is_taken_up_for_one_of_the_same_content(known: str) -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.cards["old"] = EDITED
    match known:
        case "linked":
            mailbox.link("old")
        case "wanted":
            mailbox.contact("old", EDITED, SALES)
        case "in the trash":
            mailbox.trashed["old"] = Wanted(1, EDITED.fingerprint, frozenset({SALES}))
        case "erased":
            mailbox.erased = frozenset({"old"})
        case _:
            pass
    seen = stranger(IDA, marks=(OURS.contact("old", Origin.CREATED),))
    (decision,) = mailbox.read(seen)
    if known == "nowhere":
        assert decision == Linked("ida", seen, frozenset(), Origin.ADOPTED, marked=False)
    elif known == "linked":
        assert decision == Unshared(seen, frozenset())
    else:
        origin = Origin.ADOPTED if known == "in the trash" else Origin.CREATED
        assert decision == Linked("old", seen, frozenset(), origin, marked=origin is Origin.CREATED)


@pytest.mark.parametrize("why", ["its content is another", "it is under a label", "that contact has its person"])
def test_a_person_of_a_contact_known_nowhere_is_not_taken_up_where(why: str) -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    if why == "that contact has its person":
        mailbox.link("ida")
    seen = stranger(
        EDITED if why == "its content is another" else IDA,
        *([SALES] if why == "it is under a label" else []),
        marks=(OURS.contact("old", Origin.CREATED),),
    )
    (decision,) = mailbox.read(seen)
    assert isinstance(decision, Linked)
    assert decision.contact == "old"


def test_of_two_persons_with_one_mark_the_older_stays() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    older = stranger(IDA, SALES, marks=(MARK,), source_id="own9")
    newer = stranger(IDA, SALES, marks=(MARK,), source_id="own1", updated_at=NOW)
    for persons in ((older, newer), (newer, older)):
        assert mailbox.read(*persons) == (
            Linked("ida", older, frozenset({SALES}), Origin.CREATED, marked=True),
            SecondCopy("ida", newer),
        )


def test_a_create_without_an_answer_is_lost_only_after_the_settle_time() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida", JUST_NOW)
    own = stranger(person("Own"))
    assert mailbox.read(own, full=True) == ()
    assert mailbox.read(own, full=True, now=JUST_NOW + SETTLE) == (Lost("ida"),)


def test_a_create_without_an_answer_is_lost_only_where_everyone_was_read() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    assert mailbox.read() == ()
    assert mailbox.read(stranger(IDA)) == ()
    assert mailbox.read(stranger(IDA), full=True) == (
        Linked("ida", stranger(IDA), frozenset(), Origin.ADOPTED, marked=False),
    )


def test_a_round_that_read_no_listing_gives_no_create_up() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    assert mailbox.read(token=None) == ()


def test_a_contact_that_google_refused_is_not_lost() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida")
    mailbox.links["ida"] = replace(mailbox.links["ida"], state=LinkState.REFUSED)
    assert mailbox.read(full=True) == ()


# --- The trash -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "back"), [(VIEW, False), (EDIT, True), (MANAGE, True)])
def test_a_person_that_comes_back_with_its_mark_brings_its_contact_back_where_its_user_may_edit(
    level: Level, back: bool
) -> None:
    mailbox = scene(level)
    mailbox.cards["ida"] = IDA
    mailbox.trashed["ida"] = Wanted(1, IDA.fingerprint, frozenset({SALES}))
    seen = stranger(IDA, SALES, marks=(MARK,))
    if back:
        assert mailbox.read(seen) == (Returned("ida", seen, frozenset({SALES}), frozenset({SALES}), Origin.CREATED),)
    else:
        assert mailbox.read(seen) == (Linked("ida", seen, frozenset({SALES}), Origin.ADOPTED, marked=False),)


@pytest.mark.parametrize("origin", list(Origin))
def test_a_person_that_comes_back_is_whose_its_mark_says(origin: Origin) -> None:
    mailbox = scene(MANAGE)
    mailbox.cards["ida"] = IDA
    mailbox.trashed["ida"] = Wanted(1, IDA.fingerprint, frozenset({SALES}))
    seen = stranger(IDA, SALES, marks=(OURS.contact("ida", origin),))
    assert mailbox.read(seen) == (Returned("ida", seen, frozenset({SALES}), frozenset({SALES}), origin),)


def test_a_contact_comes_back_only_to_groups_that_it_left() -> None:
    mailbox = scene(MANAGE, team=MANAGE)
    mailbox.cards["ida"] = IDA
    mailbox.trashed["ida"] = Wanted(1, IDA.fingerprint, frozenset({SALES}))
    under_both, under_another = stranger(IDA, SALES, TEAM, marks=(MARK,)), stranger(IDA, TEAM, marks=(MARK,))
    both = frozenset({SALES, TEAM})
    assert mailbox.read(under_both) == (Returned("ida", under_both, both, frozenset({SALES}), Origin.CREATED),)
    assert [one for one in mailbox.read(under_another) if isinstance(one, Returned)] == []


@pytest.mark.parametrize(("level", "back"), [(VIEW, False), (EDIT, True)])
def test_an_edit_that_the_deletion_had_not_seen_brings_the_contact_back(level: Level, back: bool) -> None:
    mailbox = scene(level)
    mailbox.cards["ida"] = IDA
    mailbox.trashed["ida"] = Wanted(1, IDA.fingerprint, frozenset({SALES}))
    mailbox.link("ida", labels=frozenset({SALES}))
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert isinstance(kept.edit, Accepted if back else Rejected)
    assert kept.joins == ({SALES} if back else set())


def test_an_edit_of_a_contact_that_left_only_groups_not_granted_here_counts_for_nothing() -> None:
    mailbox = scene(MANAGE)
    mailbox.cards["ida"] = IDA
    mailbox.trashed["ida"] = Wanted(1, IDA.fingerprint, frozenset())
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.edited("ida", EDITED)))
    assert isinstance(kept, Kept)
    assert (kept.edit, kept.joins) == (Rejected(EDITED, frozenset({"biographies"}), Why.VIEW), frozenset())


# --- Merges in Google Contacts ---------------------------------------------------------------------------------------


def test_what_a_merge_with_a_person_of_their_own_brought_is_the_users() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    merged = person("Ida", "ida", "private")
    survivor = mailbox.edited("ida", merged)
    kept = one(mailbox.read(survivor, tombstone(stranger(EMPTY, source_id="own1"))))
    assert isinstance(kept, Kept)
    own = person("Ida", "private").replacing({"names": ()})
    assert (kept.owned, kept.edit) == (Owned(own, merged), None)


def test_a_full_listing_too_shows_which_person_of_their_own_was_merged() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    kept = one(mailbox.read(mailbox.edited("ida", person("Ida", "ida", "private")), full=True))
    assert isinstance(kept, Kept)
    assert isinstance(kept.owned, Owned)
    assert kept.edit is None


@pytest.mark.parametrize(
    ("other", "field"),
    [(person("Ada", "ida", "home"), "names"), (person("Ida", "ida"), "emailAddresses")],
    ids=["another name", "a value less"],
)
def test_what_no_merge_does_is_an_edit_though_a_person_of_their_own_disappeared(other: Card, field: str) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", person("Ida", "ida", "home"), SALES)
    mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    kept = one(mailbox.read(mailbox.edited("ida", other), tombstone(stranger(EMPTY, source_id="own1"))))
    assert isinstance(kept, Kept)
    assert (kept.owned, kept.edit) == (None, Accepted(other, frozenset({field})))


def test_an_edit_and_a_merge_in_one_reading_are_told_apart_field_by_field() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    both = person("Ada", "private")  # another name; and a value less and one more: which of them was it?
    kept = one(mailbox.read(mailbox.edited("ida", both), tombstone(stranger(EMPTY, source_id="own1"))))
    assert isinstance(kept, Kept)
    assert kept.owned == Owned(person("Ada", "private").replacing({"names": ()}), person("Ida", "private"))
    assert kept.edit == Accepted(person("Ada", "ida"), frozenset({"names"}))


@pytest.mark.parametrize("where", ["shared", "in the trash"])
def test_a_survivor_that_was_the_users_own_is_theirs_where_the_link_has_ended_before(where: str) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, *([SALES] if where == "shared" else []), version=2)
    if where != "shared":
        mailbox.trashed["ida"] = Wanted(2, IDA.fingerprint, frozenset({SALES}))
    mailbox.between["ida"] = (person("Ida", "ida", "before"),)
    mailbox.own_ids = frozenset({"own1"})
    merged = person("Ida", "ida", "before", "private")
    found = one(mailbox.read(stranger(merged, SALES, marks=(OURS.contact("ida", Origin.CREATED),))))
    assert isinstance(found, Linked | Returned)
    assert (found.origin, found.own) == (Origin.ADOPTED, person("Ida", "private").replacing({"names": ()}))


def test_a_survivor_that_was_the_users_own_is_linked_again_with_what_was_on_it() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    gone = tombstone(mailbox.link("ida"))
    survivor = stranger(person("Ida", "private", "ida"), SALES, marks=(MARK,))
    own = person("Ida", "private").replacing({"names": ()})
    assert mailbox.read(gone, survivor) == (
        Linked("ida", survivor, frozenset({SALES}), Origin.ADOPTED, marked=False, own=own),
    )


def test_a_survivor_whose_contacts_card_is_not_at_hand_is_linked_again_without_own_values() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    gone = tombstone(mailbox.link("ida"))
    del mailbox.remote["ida"]
    survivor = stranger(person("Ida", "private", "ida"), SALES, marks=(MARK,))
    assert mailbox.read(gone, survivor) == (
        Linked("ida", survivor, frozenset({SALES}), Origin.ADOPTED, marked=False, own=EMPTY),
    )


def notes(text: str) -> Card:
    return person("Ida", "ida", biographies=[{"value": text}])


@pytest.mark.parametrize(
    ("after", "brought"),
    [
        (notes("ours\ntheirs"), True),
        (notes("ours theirs"), True),
        (notes("typed\ntheirs"), True),
        (notes("theirs"), False),
        (IDA, False),
    ],
)
def test_joined_notes_may_have_come_with_a_merge_and_nothing_of_them_is_the_users_alone(
    after: Card, brought: bool
) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", notes("ours"), SALES)
    mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    kept = one(mailbox.read(mailbox.edited("ida", after), tombstone(stranger(EMPTY, source_id="own1"))))
    assert isinstance(kept, Kept)
    edit = Accepted(after, frozenset({"biographies"}))
    assert (kept.owned, kept.edit) == ((Owned(EMPTY, after), None) if brought else (None, edit))


def test_a_single_value_that_was_blank_may_have_come_with_a_merge() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    mailbox.own_ids = frozenset({"own1"})
    birthday = Card.parse({"birthdays": [{"date": {"year": 1970}}]})
    merged = IDA.replacing(birthday.items)
    kept = one(mailbox.read(mailbox.edited("ida", merged), tombstone(stranger(EMPTY, source_id="own1"))))
    assert isinstance(kept, Kept)
    assert (kept.owned, kept.edit) == (Owned(birthday, merged), None)


# A link that is not known to have a person: just made, its answer lost, or forgotten by a reset. Whoever carries the
# mark is that person, or the survivor of a merge with one of the user's own.

MORE = person("Ida", "ida", "private")
PRIVATE = person("Ida", "private").replacing({"names": ()})


@pytest.mark.parametrize(
    ("name", "changes", "survivor"),
    [
        ("", {}, False),
        ("people/own1", {}, False),
        ("people/ida", {"previous_names": ("people/ida",)}, False),
        ("people/ida", {}, True),
        ("people/ida", {"card": IDA}, False),
    ],
    ids=["just made", "under its name", "under its former name", "under another name", "with nothing more"],
)
def test_a_person_with_more_than_there_should_be_under_another_name_is_the_survivor_of_a_merge(
    name: str, changes: dict[str, Any], survivor: bool
) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", source_id="", resource_name=name, look_at=None)
    seen = replace(stranger(MORE, SALES, marks=(MARK,)), **changes)
    linked = one(mailbox.read(seen, full=True))
    assert isinstance(linked, Linked)
    told = (Origin.ADOPTED, PRIVATE) if survivor else (Origin.CREATED, EMPTY)
    assert (linked.origin, linked.own) == told


@pytest.mark.parametrize(
    ("card", "at_hand", "survivor"), [(MORE, True, True), (IDA, True, False), (MORE, False, False)]
)
def test_with_one_of_the_users_own_missing_a_person_with_more_than_there_should_be_is_the_survivor(
    card: Card, at_hand: bool, survivor: bool
) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", source_id="", resource_name="people/own1")
    if not at_hand:
        del mailbox.remote["ida"]
    mailbox.own_ids = frozenset({"own9"})
    linked = one(mailbox.read(stranger(card, SALES, marks=(MARK,)), full=True))
    assert isinstance(linked, Linked)
    assert linked.origin is (Origin.ADOPTED if survivor else Origin.CREATED)


def test_a_person_with_more_than_there_should_be_that_the_listing_shows_as_it_was_is_taken_for_the_survivor() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", source_id="", resource_name="people/own1")
    seen = stranger(MORE, SALES, marks=(MARK,), updated_at=NOW)
    listed = replace(seen, updated_at=LONG_AGO)
    linked = one(mailbox.read(listed, answers={seen.resource_name: seen}))
    assert isinstance(linked, Linked)
    assert (linked.origin, linked.own) == (Origin.ADOPTED, PRIVATE)


def test_a_person_known_for_the_users_own_that_carries_our_mark_is_the_survivor_for_certain() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", source_id="", resource_name="people/own1")
    mailbox.own_ids = frozenset({"own1"})
    linked = one(mailbox.read(stranger(IDA, SALES, marks=(MARK,)), full=True))
    assert isinstance(linked, Linked)
    assert linked.origin is Origin.ADOPTED


@pytest.mark.parametrize(
    ("marked", "known", "whose"),
    [
        (Origin.CREATED, Origin.CREATED, Origin.CREATED),
        (Origin.CREATED, Origin.ADOPTED, Origin.ADOPTED),
        (Origin.CREATED, Origin.GIVEN, Origin.GIVEN),
        (Origin.ADOPTED, Origin.CREATED, Origin.ADOPTED),
        (Origin.ADOPTED, Origin.GIVEN, Origin.GIVEN),
        (Origin.GIVEN, Origin.GIVEN, Origin.GIVEN),
    ],
)
def test_a_person_that_was_forgotten_is_the_users_where_the_link_or_the_mark_says_so(
    marked: Origin, known: Origin, whose: Origin
) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", origin=known, source_id="", resource_name="people/own1")
    linked = one(mailbox.read(stranger(IDA, SALES, marks=(OURS.contact("ida", marked),)), full=True))
    assert isinstance(linked, Linked)
    assert (linked.origin, linked.marked, linked.said) == (whose, whose is marked, marked)


@pytest.mark.parametrize("own_ids", [frozenset(), frozenset({"own1"})], ids=["found again", "survivor of a merge"])
@pytest.mark.parametrize(
    ("named", "known", "told"),
    [(None, None, None), (None, b"known", b"known"), (b"shown", None, b"shown"), (b"shown", b"known", b"shown")],
)
def test_which_photo_of_a_person_is_ours_the_mark_says_or_else_the_link(
    own_ids: frozenset[str], named: bytes | None, known: bytes | None, told: bytes | None
) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", source_id="", resource_name="people/own1", photo_sign=known)
    mailbox.own_ids = own_ids
    mark = OURS.contact("ida", Origin.CREATED, named)
    linked = one(mailbox.read(stranger(IDA, SALES, marks=(mark,), photo=b"shown"), full=True))
    assert isinstance(linked, Linked)
    assert linked.photo_sign == told
    # With another photo than it should name, the mark is written anew.
    assert linked.marked is (not own_ids and named == told)


@pytest.mark.parametrize("level", [EDIT, MANAGE])
def test_two_shared_contacts_that_were_merged_are_both_made_whole_again(level: Level) -> None:
    mailbox = scene(level)
    mailbox.contact("ida", IDA, SALES)
    mailbox.contact("bo", person("Bo", "bo"), SALES)
    mailbox.link("ida")
    gone = tombstone(mailbox.link("bo"))
    marks = (MARK, OURS.contact("bo", Origin.CREATED))
    survivor = mailbox.edited("ida", person("Ida", "ida", "bo"), marks=marks)
    kept, made_again = sorted(mailbox.read(survivor, gone), key=lambda decision: isinstance(decision, Gone))
    assert made_again == Gone("bo", frozenset(), remains=True)
    assert isinstance(kept, Kept)
    typed = person("Ida", "ida", "bo")
    assert kept.edit == Rejected(typed, frozenset({"emailAddresses"}), Why.MERGED)
    assert not kept.marked


@pytest.mark.parametrize("read", ["listed", "directly"])
@pytest.mark.parametrize("marks", [("mira",), (), ("ida",)], ids=["the other's", "none", "its own"])
def test_what_a_person_got_as_another_shared_one_went_is_an_edit_only_where_its_mark_says_so(
    marks: tuple[str, ...], read: str
) -> None:
    """Another program may have thrown marks away; and the listing may lag behind what is read directly."""
    mailbox, typed = scene(DELETE), person("Ida", "ida", "new")
    for contact in ("ida", "mira"):
        mailbox.contact(contact, person(contact.title(), contact), SALES)
    mira, ida = mailbox.link("mira"), mailbox.link("ida", look_at=NOW if read == "directly" else None)
    merged = mailbox.edited("ida", typed, marks=tuple(OURS.contact(one, Origin.CREATED) for one in marks))
    if read == "listed":
        decided = mailbox.read(merged, tombstone(mira))
    else:
        decided = mailbox.read(ida, tombstone(mira), direct={"ida": merged})
    kept, gone = sorted(decided, key=lambda one: isinstance(one, Gone))
    leaves = frozenset({SALES}) if marks == ("ida",) else frozenset[str]()
    assert gone == Gone("mira", leaves, remains=not leaves)
    if marks == ("ida",) and read == "directly":
        assert kept == Recheck("ida", NOW + SETTLE, NOW)  # it may be half of a merge with one of their own
        return
    assert isinstance(kept, Kept)
    fields = frozenset({"emailAddresses"})
    assert (kept.owned, kept.edit) == {
        ("mira",): (None, Rejected(typed, fields, Why.MERGED)),
        (): (Owned(person("", "new").replacing({"names": []}), typed), None),
        ("ida",): (None, Accepted(typed, fields)),
    }[marks]


def test_two_shared_contacts_that_were_merged_into_a_third_person_are_both_answered() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.contact("bo", person("Bo", "bo"), SALES)
    gone = [tombstone(mailbox.link("ida")), tombstone(mailbox.link("bo"))]
    survivor = stranger(person("Ida", "ida", "bo"), SALES, marks=(MARK, OURS.contact("bo", Origin.CREATED)))
    decisions = mailbox.read(*gone, survivor)
    assert {decision.contact for decision in decisions if isinstance(decision, Linked | Gone)} == {"ida", "bo"}
    assert [decision for decision in decisions if isinstance(decision, Gone) and decision.leaves] == []


def test_of_two_survivors_with_one_mark_the_older_is_linked_whatever_the_order() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    gone = tombstone(mailbox.link("ida"))
    older = stranger(person("Ida", "ida", "a"), SALES, marks=(MARK,), source_id="own9")
    newer = stranger(person("Ida", "ida", "b"), SALES, marks=(MARK,), source_id="own1", updated_at=NOW)
    first, second = mailbox.read(gone, older, newer), mailbox.read(newer, older, gone)
    assert first == second
    assert [decision.seen for decision in first if isinstance(decision, Linked)] == [older]


def test_the_order_of_a_persons_marks_means_nothing() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.contact("bo", person("Bo", "bo"), SALES)
    gone = [tombstone(mailbox.link("ida")), tombstone(mailbox.link("bo"))]
    marks = (MARK, OURS.contact("bo", Origin.CREATED))
    survivor = stranger(person("Ida", "ida", "bo"), SALES, marks=marks)
    turned = replace(survivor, marks=marks[::-1])

    def told(seen: Seen) -> set[tuple[str, str]]:
        answered = [one for one in mailbox.read(*gone, seen) if isinstance(one, Linked | Gone)]
        return {(type(one).__name__, one.contact) for one in answered}

    assert told(survivor) == told(turned)


def test_of_two_contacts_whose_marks_a_stranger_carries_the_one_without_its_person_is_linked_to_it() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.contact("bo", person("Bo", "bo"), SALES)
    gone, alive = tombstone(mailbox.link("ida")), mailbox.link("bo")
    survivor = stranger(person("Ida", "ida", "bo"), SALES, marks=(MARK, OURS.contact("bo", Origin.CREATED)))
    own = person("Ida", "bo").replacing({"names": ()})
    assert mailbox.read(gone, alive, survivor) == (
        Linked("ida", survivor, frozenset({SALES}), Origin.ADOPTED, marked=False, own=own),
    )


def test_two_marks_of_one_contact_are_no_merge_of_two() -> None:
    mailbox = scene(EDIT)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida")
    kept = one(mailbox.read(mailbox.edited("ida", EDITED, marks=(MARK, OURS.contact("ida", Origin.GIVEN)))))
    assert isinstance(kept, Kept)
    assert (kept.edit, kept.marked) == (Accepted(EDITED, frozenset({"biographies"})), False)


def test_a_person_whose_time_google_does_not_tell_counts_as_the_oldest() -> None:
    mailbox = scene(VIEW)
    mailbox.contact("ida", IDA, SALES)
    timeless = stranger(IDA, source_id="own9", updated_at=None)
    first = stranger(IDA, source_id="own1", updated_at=datetime.fromtimestamp(0, UTC))
    assert mailbox.read(first, timeless) == (Linked("ida", timeless, frozenset(), Origin.ADOPTED, marked=False),)


def test_what_is_missing_on_a_person_that_we_were_releasing_brings_nothing_back_from_the_trash() -> None:
    """Though its card is at hand, because an older person of the same contact came out of Google's trash."""
    mailbox = scene(MANAGE)
    mailbox.cards["ida"] = person("Ida", "ida", "home")
    mailbox.trashed["ida"] = Wanted(1, mailbox.cards["ida"].fingerprint, frozenset({SALES}))
    mailbox.link("ida", labels=frozenset({SALES}), state=LinkState.LEAVING)
    stripped = mailbox.edited("ida", person("Ida", "home"))
    revived = stranger(person("Ida", "ida", "home"), SALES, marks=(MARK,))
    kept = next(one for one in mailbox.read(stripped, revived) if isinstance(one, Kept))
    assert (kept.edit, kept.joins) == (None, frozenset())


def test_a_person_that_we_were_releasing_when_the_answer_was_lost_was_deleted_by_nobody() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    seen = mailbox.link("ida", state=LinkState.LEAVING)
    assert mailbox.read(tombstone(seen)) == (Gone("ida", remains=True),)


def test_a_person_that_we_were_releasing_is_looked_at_and_taken_as_it_is_where_it_is_wanted_again() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.link("ida", state=LinkState.LEAVING)
    stripped = mailbox.labelled("ida", card=EMPTY, marks=())
    assert mailbox.read(direct={"ida": stripped}) == (Kept("ida", stripped, frozenset(), marked=False),)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_person_that_we_were_releasing_and_that_is_as_it_was_is_news_only_where_it_is_wanted_again(
    wanted: bool,
) -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, *([SALES] if wanted else []))
    seen = mailbox.link("ida", state=LinkState.LEAVING, own=PRIVATE)
    kept = Kept("ida", seen, frozenset({SALES}), marked=True, own=PRIVATE)
    assert mailbox.read(seen, full=True, direct={"ida": seen}) == ((kept,) if wanted else ())


def test_on_a_person_whose_contact_lies_in_the_trash_own_values_stay_its_users_and_a_merge_is_no_edit() -> None:
    mailbox = scene(MANAGE)
    mailbox.cards["ida"] = IDA
    mailbox.trashed["ida"] = Wanted(1, IDA.fingerprint, frozenset({SALES}))
    mailbox.link("ida", own=PRIVATE)
    mailbox.own_ids = frozenset({"own1"})
    merged = mailbox.edited("ida", person("Ida", "ida", "private", "more"))
    both = person("Ida", "private", "more").replacing({"names": ()})
    theirs = person("Ida", "ida", "more")
    assert mailbox.read(merged, tombstone(stranger(EMPTY, source_id="own1"))) == (
        Kept("ida", merged, frozenset(), marked=True, owned=Owned(both, theirs), own=PRIVATE),
    )


def test_foreign_client_data_is_no_mark() -> None:
    mailbox = scene(MANAGE)
    mailbox.contact("ida", IDA, SALES)
    mailbox.creating("ida", JUST_NOW)
    assert mailbox.read(stranger(EDITED, foreign_data=((MARK_KEY, MARK), ("crm", MARK)))) == ()


def test_a_contact_that_is_answered_twice_or_not_at_all_is_unclear_and_the_others_keep_their_answers() -> None:
    twice = (Lost("ida"), Gone("ida"))
    twin = SecondCopy("leo", stranger(IDA))
    assert once_each((*twice, Lost("leo"), twin), frozenset()) == (Lost("leo"), twin, Unclear("ida"))
    assert once_each((Lost("leo"),), frozenset({"leo", "mia"})) == (Lost("leo"), Unclear("mia"))
    assert once_each((Lost("leo"), twin), frozenset({"leo"})) == (Lost("leo"), twin)
