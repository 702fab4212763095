"""Whatever happens to contacts, groups and rights in a review: whom it asks about what, and what it shows."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sharesync.errors import NotFound, Refused
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.review import DECISIONS, ItemState, ReviewDraft
from sharesync.services import bulk, grants, reviews
from sharesync.services.who_may.permission import user_party
from sharesync.store.queries.reviews import ReviewReader, step
from sharesync.store.records import reviews as stored
from tests.store.stores import ANNA, BO, CY, DAN, NOW, Store, card, opened, user

PEOPLE, PLACES = (BO, CY, DAN), ("Kunder", "Presse")
CONTACTS = tuple(f"c{number}" for number in range(6))
LATER = CONTACTS[4:]
"""Of another group as the review begins."""
_PERSON, _PLACE, _CONTACT = (st.sampled_from(some) for some in (PEOPLE, PLACES, CONTACTS))


class Histories(RuleBasedStateMachine):
    """Anna manages two groups; the review is of the first one. What ought to be is told from memberships and grants."""

    empty: Path
    """A database that was set up."""

    @initialize(levels=st.lists(st.sampled_from((None, Level.VIEW, Level.DELETE)), min_size=3, max_size=3))
    def begin(self, levels: list[Level | None]) -> None:
        self.path = self.empty.with_name("reviews.db")
        shutil.copy(self.empty, self.path)
        self.opened = opened(f"sqlite:///{self.path}")
        self.store = Store(self.opened.__enter__())
        self.store.save_directory()
        for place in PLACES:
            self.store.group(place)
            self.store.grant(place, user(ANNA), Level.MANAGE)
        for person, level in zip(PEOPLE, levels, strict=True):
            if level is not None:
                self.store.grant("Kunder", user(person), level)
        for contact in CONTACTS:
            self.store.contact(contact, card(contact), "Presse" if contact in LATER else "Kunder")
        annas, draft = By(ActorKind.USER, ANNA, Source.WEB), ReviewDraft("R", NOW.date(), "Kunder", reviewers=PEOPLE)
        self.review = reviews.start(self.store.operation(annas), draft)
        self.said: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            self.opened.__exit__(None, None, None)
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    @rule(person=_PERSON, place=_PLACE, level=st.sampled_from((None, Level.VIEW, Level.DELETE)))
    def grant(self, person: str, place: str, level: Level | None) -> None:
        with self.store.work() as work:
            if level is None:
                grants.revoke(work, place, f"{person[2:]}@x.test")
            else:
                grants.grant(work, place, f"{person[2:]}@x.test", level)

    @rule(contact=_CONTACT, place=_PLACE, out=st.booleans())
    def move(self, contact: str, place: str, out: bool) -> None:
        (bulk.take if out else bulk.add)(self.store.operation(), place, [contact])

    @rule(contact=_CONTACT, person=st.sampled_from((*PEOPLE, ANNA)), said=st.sampled_from(DECISIONS))
    def answer(self, contact: str, person: str, said: ItemState) -> None:
        item = self.items().get(contact)
        seen, asked = self.seen(person, contact), item is not None and item.reviewer == person
        with suppress(Refused), self.store.work(By(ActorKind.USER, person, Source.WEB)) as work:
            reviews.decide(work, self.review, contact, said)
            self.said.add(contact)
            assert seen
            assert asked or person == ANNA  # who runs it decides of what is said to be gone

    @rule()
    def tend(self) -> None:
        reviews.tend(self.store.operation())
        assert reviews.tend(self.store.operation()) == 0
        there = self.items()
        assert {contact for contact in CONTACTS if "Kunder" in self.places(contact)} <= set(there)
        for contact, item in there.items():
            held, lies = self.places(contact), not self.places(contact)
            if contact in self.said:
                assert item.state in DECISIONS
            elif "Kunder" in held:
                assert item.state is ItemState.OPEN
                assert item.reviewer is not None
                assert self.seen(item.reviewer, contact)
            else:
                assert item.state is (ItemState.GONE if lies else ItemState.LEFT)

    @invariant()
    def each_contact_is_asked_once_and_shown_to_whom_it_is_asked_and_who_sees_it(self) -> None:
        if not hasattr(self, "opened"):
            return
        there = self.items()
        assert set(CONTACTS) - set(LATER) <= set(there) <= set(CONTACTS)
        with self.store.reading() as session:
            for person in (*PEOPLE, ANNA):
                reader = ReviewReader(person, user_party(session, person, None).visible)
                for contact in (*CONTACTS, None):
                    if shown := step(session, self.review, reader, at=contact, after=contact):
                        for one in filter(None, (shown.contact, shown.back, shown.skip)):
                            assert there[one].reviewer == person
                            assert self.seen(person, one)

    def items(self) -> dict[str, stored.ReviewItem]:
        with self.store.reading() as session:
            return {one.contact: one for one in stored.items(session, self.review)}

    def places(self, contact: str) -> set[str]:
        return set(self._asked(f"SELECT group_id FROM memberships WHERE contact_id = '{contact}'"))

    def seen(self, person: str, contact: str) -> bool:
        """Whether a grant to this user is on a group in which the contact is."""
        granted = self._asked(f"SELECT group_id FROM grants WHERE kind = 'user' AND subject = '{person}'")
        return not self.places(contact).isdisjoint(granted)

    def _asked(self, sql: str) -> Iterator[str]:
        with self.store.database.engine.connect() as connection:
            return iter([str(row[0]) for row in connection.exec_driver_sql(sql)])


@pytest.mark.timeout(600)  # on a machine that others use
def test_whom_a_review_asks_holds_after_any_history(migrated_file: Path, tmp_path: Path) -> None:
    Histories.empty = tmp_path / "empty.db"
    shutil.copy(migrated_file, Histories.empty)
    how = settings(max_examples=8, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Histories, settings=how)


def test_what_nobody_started_is_not_there(store: Store) -> None:
    with pytest.raises(NotFound), store.reading() as session:
        stored.get(session, "none")
