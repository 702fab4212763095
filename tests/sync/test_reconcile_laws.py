"""Laws of reconciling, for any mailbox at any moment."""

from collections import Counter
from random import Random
from typing import assert_never

from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.access import Level
from sharesync.model.link import LinkState, Origin, Snapshot
from sharesync.sync.decisions import (
    Accepted,
    Decision,
    Gone,
    Kept,
    Linked,
    Lost,
    Recheck,
    Rejected,
    Returned,
    SecondCopy,
    Shared,
    Unclear,
    Unshared,
)
from tests.sync.mailboxes import LEVELS, Moment, calm, moments
from tests.sync.scene import LONG_AGO, NOW, OURS, SALES, SETTLE, TEAM, Scene, label, person, stranger

VIEWERS = st.dictionaries(st.sampled_from([SALES, TEAM]), st.just(Level.VIEW))
EDITORS = st.dictionaries(st.sampled_from([SALES, TEAM]), st.sampled_from([Level.VIEW, Level.EDIT]))


def link_of(decision: Decision) -> str | None:
    """The contact whose link is answered by this."""
    match decision:
        case Kept() | Gone() | Linked() | Lost() | Recheck() | Returned():
            return decision.contact
        case Shared() | Unshared() | SecondCopy():
            return None
        case Unclear():
            raise AssertionError(f"answered twice or not at all: {decision.contact}")
        case _:
            assert_never(decision)


def person_of(decision: Decision) -> str | None:
    """The person that is answered by this."""
    match decision:
        case Kept() | Linked() | Returned() | Shared() | Unshared() | SecondCopy():
            return decision.seen.source_id
        case Gone() | Lost() | Recheck() | Unclear():
            return None
        case _:
            assert_never(decision)


def twice(answered: list[str | None]) -> list[str]:
    return [name for name, count in Counter(answered).items() if name is not None and count > 1]


@given(moments())
def test_every_link_and_every_person_is_answered_at_most_once(moment: Moment) -> None:
    decisions = moment.decide()
    assert twice([link_of(decision) for decision in decisions]) == []
    assert twice([person_of(decision) for decision in decisions]) == []


@given(moments())
def test_every_linked_person_that_is_seen_deleted_is_answered(moment: Moment) -> None:
    tombstones = {seen.source_id for seen in moment.persons if seen.deleted}
    direct = {seen.source_id for seen in moment.direct.values() if seen}
    buried = {
        contact
        for contact, link in moment.scene.links.items()
        if link.source_id in tombstones - direct and link.state is LinkState.LIVE
    }
    assert buried <= {link_of(decision) for decision in moment.decide()}


@given(moments(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_and_read_means_nothing(moment: Moment, random: Random) -> None:
    first = moment.decide()
    assert moment.decide(shuffle=random) == first


@given(moments(VIEWERS))
def test_nobody_below_edit_changes_the_store(moment: Moment) -> None:
    for decision in moment.decide():
        assert not isinstance(decision, Shared | Returned)
        if isinstance(decision, Kept):
            assert not isinstance(decision.edit, Accepted)
            assert not decision.joins | decision.leaves
        if isinstance(decision, Gone):
            assert not decision.leaves


@given(moments(EDITORS))
def test_nobody_below_delete_takes_a_contact_out_of_a_group(moment: Moment) -> None:
    assert [one for one in moment.decide() if isinstance(one, Kept | Gone) and one.leaves] == []


@given(moments())
def test_contacts_join_and_leave_only_groups_that_are_granted_here(moment: Moment) -> None:
    known = moment.scene.known
    for decision in moment.decide():
        if isinstance(decision, Kept | Gone):
            assert decision.leaves <= known.wanted[decision.contact].groups if decision.leaves else True
        if isinstance(decision, Kept):
            assert decision.joins <= known.levels.keys()
        if isinstance(decision, Shared | Returned):
            assert decision.groups
            assert decision.groups <= known.levels.keys()


@given(moments())
def test_a_person_of_the_users_own_without_our_label_and_mark_is_at_most_adopted(moment: Moment) -> None:
    links = {link.source_id for link in moment.scene.links.values()}
    ours = set(map(label, (SALES, TEAM, "others")))
    for decision in moment.decide():
        if isinstance(decision, Kept | Gone | Lost | Recheck | Unclear):
            continue
        seen = decision.seen
        if seen.source_id not in links and not seen.labels & ours and not any(map(OURS.read_contact, seen.marks)):
            assert isinstance(decision, Linked)
            assert decision.origin is Origin.ADOPTED
            assert moment.scene.known.wanted[decision.contact].fingerprint == seen.card.fingerprint


@given(moments())
def test_only_a_tombstone_or_an_answered_404_makes_a_person_gone(moment: Moment) -> None:
    tombstones = {seen.source_id for seen in moment.persons if seen.deleted}
    for decision in moment.decide():
        if isinstance(decision, Gone) and decision.leaves:
            link = moment.scene.links[decision.contact]
            if link.source_id not in tombstones:
                assert moment.direct.get(decision.contact) is None
                assert link.wrote_at is None or link.wrote_at + SETTLE <= NOW
                assert moment.full or (link.look_at is not None and link.look_at <= NOW)


@given(moments())
def test_a_twin_is_of_our_making_and_equal_to_what_we_made(moment: Moment) -> None:
    for decision in moment.decide():
        if isinstance(decision, SecondCopy):
            carried = [found for mark in decision.seen.marks if (found := OURS.read_contact(mark))]
            assert {origin for contact, origin in carried if contact == decision.contact} == {Origin.CREATED}
            scene, contact = moment.scene, decision.contact
            made = {scene.cards[contact].fingerprint, *(c.fingerprint for c in (scene.remote.get(contact),) if c)}
            assert decision.seen.card.fingerprint in made


@given(moments())
def test_what_is_rejected_was_typed(moment: Moment) -> None:
    for decision in moment.decide():
        if isinstance(decision, Kept) and isinstance(decision.edit, Rejected | Accepted):
            assert decision.edit.fields
            assert decision.seen.card.fingerprint != moment.scene.links[decision.contact].seen


@given(moments())
def test_what_is_older_than_what_we_know_decides_nothing(moment: Moment) -> None:
    for decision in moment.decide():
        if isinstance(decision, Kept):
            link = moment.scene.links[decision.contact]
            assert not (link.written_at and decision.seen.updated_at and decision.seen.updated_at < link.written_at)


@given(calm(), st.booleans())
def test_unchanged_persons_decide_nothing(scene: Scene, full: bool) -> None:
    own = stranger(person("Nobody we know"), source_id="own1")
    assert scene.read(own, *map(scene.person, scene.links), full=full) == ()


@given(moments(LEVELS))
def test_a_label_is_answered_in_one_way_only(moment: Moment) -> None:
    for decision in moment.decide():
        if isinstance(decision, Kept):
            ways = [decision.joins, decision.leaves, decision.put_back, decision.taken_off]
            assert sum(map(len, ways)) == len(frozenset().union(*ways))
            assert decision.joins | decision.taken_off <= decision.labels
            assert not (decision.leaves | decision.put_back) & decision.labels


def test_known_is_what_the_scene_says() -> None:
    """The laws above would hold of a scene that forgets: this one does not."""
    mailbox = Scene({SALES: Level.EDIT})
    mailbox.contact("ida", person(), SALES, TEAM)
    mailbox.link("ida")
    known: Snapshot = mailbox.known
    assert known.wanted["ida"].groups == {SALES}
    assert known.links["ida"].at_rest
    assert known.links["ida"].wrote_at == LONG_AGO
    assert known.level("ida") is Level.EDIT
    assert known.sizes() == {SALES: 1}
