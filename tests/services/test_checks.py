"""Checks: who may say that a contact is right, and what filters and smart groups make of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from sharesync.errors import NotAllowed, Refused
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.company_fields import NO_FIELDS
from sharesync.model.filter_lines import parse
from sharesync.services import checks, contacts, smart_groups, undoing
from sharesync.store.mailboxes import claims
from sharesync.store.queries.contact_pages import ContactFilter, ids
from sharesync.store.records import contacts as kept
from sharesync.store.records import smart_groups as members
from tests.store.stores import ANNA, BO, CY, Store, card, user

ANNAS, BOS, CYS = (By(ActorKind.USER, one, Source.WEB) for one in (ANNA, BO, CY))
DAY = timedelta(days=1)


@pytest.fixture
def held(company: Store) -> Store:
    """Anna manages a group of two contacts, Bo edits it, Cy views it."""
    company.group("g")
    for who, level in ((ANNA, Level.MANAGE), (BO, Level.EDIT), (CY, Level.VIEW)):
        company.grant("g", user(who), level)
    company.contact("c1", card("Ida"), "g")
    company.contact("c2", card("Bea"), "g")
    return company


def found(store: Store, line: str) -> set[str]:
    with store.reading() as session:
        return set(ids(session, ContactFilter(asked=parse(line, store.now, None, NO_FIELDS))))


def test_who_may_edit_says_it_and_it_changes_nothing_else(held: Store) -> None:
    assert found(held, "checked:never") == {"c1", "c2"}
    with held.reading() as session:
        due = [(one.user_id, one.due_at) for one in claims.concerned(session)]
    with pytest.raises(NotAllowed), held.work(CYS) as work:
        checks.check(work, "c1")
    with held.work(BOS) as work:
        checks.check(work, "c1")
    assert (found(held, "checked>-1y"), found(held, "checked:never")) == ({"c1"}, {"c2"})
    with held.reading() as session:
        one = kept.get(session, "c1")
        assert (one.version, one.checked_at) == (1, held.now)
        assert [(one.user_id, one.due_at) for one in claims.concerned(session)] == due
    assert held.actions()[-1] == "contact.check"


def test_of_many_it_goes_with_those_that_one_may_edit_and_that_are_there(held: Store) -> None:
    held.group("other")
    held.contact("c3", card("Cleo"), "other")
    with held.work() as work:
        contacts.delete(work, "c2")
    assert checks.check_chosen(held.operation(BOS), ["c1", "c2", "c3", "c1"]) == ["c1"]
    assert found(held, "checked>-1y") == {"c1"}
    with pytest.raises(Refused, match="is in the trash"), held.work() as work:
        checks.check(work, "c2")


def test_a_smart_group_follows_at_once_and_by_the_clock(held: Store) -> None:
    group = smart_groups.create(held.operation(ANNAS), "Late", "-checked>-1y", ["g"]).id

    def late() -> set[str]:
        with held.reading() as session:
            return members.members(session, group)

    assert late() == {"c1", "c2"}
    with held.work(BOS) as work:
        checks.check(work, "c1")
    assert late() == {"c2"}
    held.now += 367 * DAY
    smart_groups.tend(held.operation())
    assert late() == {"c1", "c2"}


def test_a_deed_is_undone_whole_though_its_events_are_of_the_millisecond_in_which_it_began(held: Store) -> None:
    moment, numbers = "0" * 11 + "1", count(1)
    deed = moment + "f" * 20  # within a millisecond ids have no order
    act = replace(held.operation(BOS), deed=deed, new_id=lambda: f"{moment}{next(numbers):020x}")
    checks.check_chosen(act, ["c1", "c2"])
    assert undoing.undo(held.operation(BOS), deed) == 2
    assert found(held, "checked:never") == {"c1", "c2"}
