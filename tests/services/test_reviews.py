"""Reviews: who may start one, whom it asks, what answers do, what the clock keeps true, and how it repeats."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sharesync.errors import InvalidInput, NotAllowed, NotFound, Refused
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.model.permission import Role
from sharesync.model.review import ItemState, ReviewDraft
from sharesync.services import company_fields, contacts, grants, groups, reviews, undoing
from sharesync.store.records import company_fields as defined
from sharesync.store.records import contacts as kept
from sharesync.store.records import reviews as stored
from sharesync.store.records import roles
from tests.store.stores import ANNA, BO, CY, DAN, NOW, Store, card, user

ANNAS, BOS, CYS, DANS = (By(ActorKind.USER, one, Source.WEB) for one in (ANNA, BO, CY, DAN))
SOON = NOW.date() + timedelta(days=14)
DAY = timedelta(days=1)
RIGHT, CORRECTED, GONE, OPEN, LEFT = (
    *(ItemState.RIGHT, ItemState.CORRECTED, ItemState.GONE),
    *(ItemState.OPEN, ItemState.LEFT),
)


@pytest.fixture
def held(company: Store) -> Store:
    """Anna manages a group of six contacts, Bo may delete there, Cy views; Dan sees nothing."""
    company.group("g")
    for who, level in ((ANNA, Level.MANAGE), (BO, Level.DELETE), (CY, Level.VIEW)):
        company.grant("g", user(who), level)
    for name in ("c1", "c2", "c3", "c4", "c5", "c6"):
        company.contact(name, card(name), "g")
    return company


def started(held: Store, *people: str, by: By = ANNAS, **more: Any) -> str:
    draft = replace(ReviewDraft("Spring", SOON, "g", reviewers=people or (BO, CY)), **more)
    return reviews.start(held.operation(by), draft)


def asked(held: Store, review: str) -> Mapping[str, tuple[str | None, ItemState]]:
    with held.reading() as session:
        return {one.contact: (one.reviewer, one.state) for one in stored.items(session, review)}


def of(held: Store, review: str, person: str) -> list[str]:
    return [contact for contact, (who, _) in asked(held, review).items() if who == person]


def answer(held: Store, review: str, by: By, contact: str, said: ItemState) -> None:
    with held.work(by) as work:
        reviews.decide(work, review, contact, said)


def test_every_contact_is_asked_once_and_evenly(held: Store) -> None:
    there = asked(held, started(held))
    assert sorted(there) == ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert Counter(who for who, _ in there.values()) == {BO: 3, CY: 3}
    assert held.actions()[-1] == "review.start"


def test_a_filter_asks_of_those_it_finds_in_what_its_starter_manages(held: Store) -> None:
    held.group("other")
    held.contact("c1b", card("c1 too"), "other")
    assert sorted(asked(held, started(held, group=None, filter="c1"))) == ["c1"]
    assert sorted(asked(held, started(held, filter="-c1"))) == ["c2", "c3", "c4", "c5", "c6"]


@pytest.mark.parametrize("by", [BOS, CYS])
def test_who_does_not_manage_starts_none(held: Store, by: By) -> None:
    with pytest.raises(NotAllowed):
        started(held, by=by)
    with pytest.raises(Refused, match="No contact is found"):
        started(held, by=by, group=None, filter="c1")


def test_who_sees_nothing_learns_of_no_group_and_is_not_asked(held: Store) -> None:
    with pytest.raises(NotFound):
        started(held, by=DANS)
    there = asked(held, started(held, DAN, BO))
    assert {who for who, _ in there.values()} == {BO}
    assert {who for who, _ in asked(held, started(held, DAN)).values()} == {ANNA}


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"reviewers": ()}, "at least one person"),
        ({"group": None}, "Choose a group"),
        ({"due": NOW.date() - DAY}, "has passed"),
    ],
)
def test_what_says_too_little_is_refused(held: Store, more: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        started(held, **more)


def test_an_auditor_is_asked_nothing(held: Store) -> None:
    with held.work() as work:
        roles.assign(work, CY, Role.AUDITOR)
    with pytest.raises(InvalidInput, match="auditor"):
        started(held)


def test_a_field_says_who_is_asked_by_address_or_name(held: Store) -> None:
    field = company_fields.create(held.operation(), CompanyField("", "Account manager", FieldKind.TEXT)).id
    for contact, value in (("c1", "BO@x.test"), ("c2", "bo bøgh"), ("c3", "Cy Chen"), ("c4", "dan@x.test")):
        with held.work() as work:
            now = kept.get(work.session, contact)
            fields = defined.defined(work.session)
            told, here = fields.written(now.card, now.here, {"Account manager": value})
            contacts.edit(work, contact, told, here=here, version=now.version)
    there = asked(held, started(held, CY, field=field))
    assert {contact: who for contact, (who, _) in there.items()} == {
        **dict.fromkeys(("c1", "c2"), BO),
        # Dan does not see it, and the rest names nobody.
        **dict.fromkeys(("c3", "c4", "c5", "c6"), CY),
    }


def test_right_is_a_check_whatever_ones_level_and_nobody_answers_for_another(held: Store) -> None:
    review = started(held)
    mine, theirs = of(held, review, CY)[0], of(held, review, BO)[0]
    answer(held, review, CYS, mine, RIGHT)
    with held.reading() as session:
        assert kept.checked(session, [mine]) == {mine: held.now}
    assert asked(held, review)[mine] == (CY, RIGHT)
    assert held.actions()[-2:] == ["review.decide", "contact.check"]
    for by in (ANNAS, CYS):
        with pytest.raises(NotFound):
            answer(held, review, by, theirs, RIGHT)


def test_corrected_is_a_check_only_of_who_may_correct(held: Store) -> None:
    review = started(held)
    for by in (BOS, CYS):
        contact = of(held, review, by.id)[0]
        answer(held, review, by, contact, CORRECTED)
        with held.reading() as session:
            assert (kept.checked(session, [contact])[contact] is not None) is (by is BOS)


def test_gone_deletes_for_who_may_and_else_waits_for_who_runs_it(held: Store) -> None:
    review = started(held)
    bos, cys, other = of(held, review, BO)[0], *of(held, review, CY)[:2]
    for by, contact in ((BOS, bos), (CYS, cys), (CYS, other)):
        answer(held, review, by, contact, GONE)
    with held.reading() as session:
        assert kept.lying(session, [bos, cys, other]) == {bos}
    answer(held, review, ANNAS, cys, RIGHT)
    answer(held, review, ANNAS, other, GONE)
    with held.reading() as session:
        assert kept.lying(session, [bos, cys, other]) == {bos, other}
    assert asked(held, review)[cys] == (CY, RIGHT)


def test_the_clock_keeps_true_who_is_asked_about_what(held: Store) -> None:
    review = started(held)
    first, second, third = of(held, review, CY)
    with held.work() as work:
        contacts.delete(work, first)
        groups.remove_contacts(work, [("g", second)])
        grants.revoke(work, "g", "cy@x.test")
    held.group("other")
    with held.work() as work:
        groups.add_or_restore(work, "other", [second])
    number = reviews.tend(held.operation())
    there = asked(held, review)
    assert (there[first][1], there[second][1], there[third]) == (GONE, LEFT, (BO, OPEN))
    assert number == 3
    assert reviews.tend(held.operation()) == 0
    with pytest.raises(NotFound):
        answer(held, review, CYS, third, RIGHT)
    with held.work() as work:
        groups.add_or_restore(work, "g", [first, second])
    reviews.tend(held.operation())
    assert {state for _, state in asked(held, review).values()} == {OPEN}


def test_what_joins_while_it_goes_on_is_asked_of_whom_least_is_asked_but_not_beside_what_was_ticked(
    held: Store,
) -> None:
    with held.work(ANNAS) as work:
        ticked = reviews.begin(work, ReviewDraft("Ticked", SOON, reviewers=(BO,)), ["c1"])
    review = started(held)
    answer(held, review, CYS, of(held, review, CY)[0], RIGHT)
    held.contact("c7", card("c7"), "g")
    assert reviews.tend(held.operation()) == 1
    assert asked(held, review)["c7"] == (CY, OPEN)
    answer(held, review, CYS, "c7", RIGHT)
    assert asked(held, ticked) == {"c1": (BO, OPEN)}
    assert reviews.tend(held.operation()) == 0
    held.contact("c8", card("c8"), "g")
    with held.work(ANNAS) as work:
        reviews.end(work, review)
    assert reviews.tend(held.operation()) == 0


def test_whoever_lost_a_contact_from_sight_cannot_answer_before_the_clock_has_seen_it(held: Store) -> None:
    review = started(held)
    with held.work() as work:
        grants.revoke(work, "g", "cy@x.test")
    with pytest.raises(NotFound):
        answer(held, review, CYS, of(held, review, CY)[0], RIGHT)


def test_an_answer_is_undone_whole(held: Store) -> None:
    review = started(held)
    for by, said in ((BOS, GONE), (CYS, RIGHT)):
        contact = of(held, review, by.id)[0]
        act = replace(held.operation(by), deed=f"{held.new_id()}")
        with act.piece() as work:
            reviews.decide(work, review, contact, said)
        undoing.undo(held.operation(by), str(act.deed))
        assert asked(held, review)[contact] == (by.id, OPEN)
        with held.reading() as session:
            assert not kept.lying(session, [contact])
            assert kept.checked(session, [contact])[contact] is None


def test_a_start_and_an_end_are_undone(held: Store) -> None:
    review = started(held)
    with pytest.raises(NotAllowed), held.work(CYS) as work:
        reviews.end(work, review)
    with pytest.raises(NotFound), held.work(DANS) as work:
        reviews.end(work, review)
    act = replace(held.operation(ANNAS), deed=held.new_id())
    with act.piece() as work:
        assert reviews.end(work, review)
    with pytest.raises(Refused, match="has ended"):
        answer(held, review, CYS, of(held, review, CY)[0], RIGHT)
    undoing.undo(held.operation(ANNAS), str(act.deed))
    answer(held, review, CYS, of(held, review, CY)[0], RIGHT)


def test_it_repeats_once_a_quarter_though_two_clocks_ask(held: Store) -> None:
    first = started(held, repeats=True)
    assert reviews.tend(held.operation()) == 0
    held.now += 92 * DAY
    assert [reviews.tend(held.operation()) for _ in range(2)] == [1, 0]
    with held.reading() as session:
        new, old = stored.listed(session)
    assert (old.id, old.ended, new.previous, new.ended) == (first, True, first, False)
    assert new.draft.due == date(2026, 6, 16)
    assert sorted(asked(held, new.id)) == ["c1", "c2", "c3", "c4", "c5", "c6"]
    with held.work() as work:
        grants.revoke(work, "g", "anna@x.test")
    held.now += 92 * DAY
    reviews.tend(held.operation())
    with held.reading() as session:
        assert [one.ended for one in stored.listed(session)] == [True, True]


def test_a_filter_that_asks_for_a_field_no_more_moves_nobody_and_lets_other_reviews_go_on(held: Store) -> None:
    operation = held.operation()
    company_fields.create(operation, CompanyField("", "Area", FieldKind.TEXT))
    odd, other = started(held, filter="missing:area", repeats=True), started(held)
    company_fields.delete(operation, "Area")
    first = of(held, other, CY)[0]
    with held.work() as work:
        contacts.delete(work, first)
    reviews.tend(operation)
    assert asked(held, other)[first][1] is GONE
    assert {state for _, state in asked(held, odd).values()} == {OPEN}
    held.now += 92 * DAY
    reviews.tend(operation)
    with held.reading() as session:
        assert [one.id for one in stored.running(session) if one.draft.repeats and asked(held, one.id)] == []
