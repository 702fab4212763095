"""Entries: who writes and reads them, what the log says of them, and what becomes of them with their contact."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from sharesync.errors import InvalidInput, NotAllowed, NotFound, Refused
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.entry import ContactEntry, EntryKind, FollowUp
from sharesync.services import contacts as contact_cases
from sharesync.services import entries as cases
from sharesync.services import erasure, merging
from sharesync.store.database.keys import ensure
from sharesync.store.database.tables import EntryRow, EventRow, MovedEntryRow, PayloadRow
from sharesync.store.queries import entries
from sharesync.store.records import contacts
from tests.store.stores import ANNA, BO, CY, NOW, Store, card, user

SECRET = "Wants the blue one"
TODAY = NOW.date()


def by(who: str) -> By:
    return By(ActorKind.USER, who, Source.WEB)


def call(text: str = SECRET) -> ContactEntry:
    return ContactEntry(EntryKind.CALL, NOW, text)


def task(doer: str, day: date = TODAY) -> ContactEntry:
    return ContactEntry(EntryKind.FOLLOW_UP, NOW, SECRET, follow_up=FollowUp(day, doer))


@pytest.fixture
def told(store: Store) -> Store:
    """Ida and Idha, whom Bo may edit and Cy view; Una, whom neither sees."""
    store.save_directory()
    store.group("g")
    store.group("h")
    for contact, place in (("ida", "g"), ("idha", "g"), ("una", "h")):
        store.contact(contact, card(contact), place)
    store.grant("g", user(BO), Level.DELETE)
    store.grant("g", user(CY), Level.VIEW)
    with store.work() as work:
        ensure(work.session)
    return store


def write(store: Store, contact: str, says: ContactEntry, who: str = BO) -> str:
    with store.work(by(who)) as work:
        return cases.write(work, contact, says)


def texts(store: Store, contact: str) -> list[str]:
    with store.reading() as session:
        return [one.entry.says.text for one in entries.page(session, contact).entries]


def my_day(store: Store, who: str, among: list[str] | None, today: date = TODAY) -> list[str]:
    with store.reading() as session:
        return [one.title for one in entries.due(session, who, today, among)]


def test_who_may_edit_the_contact_writes_and_nobody_else(told: Store) -> None:
    write(told, "ida", call())
    assert texts(told, "ida") == [SECRET]
    with pytest.raises(NotAllowed):
        write(told, "ida", call(), CY)
    with pytest.raises(NotFound):
        write(told, "una", call())


def test_an_entry_is_changed_and_removed_by_its_own_contact_alone(told: Store) -> None:
    entry = write(told, "ida", call())
    with told.work(by(BO)) as work:
        assert cases.change(work, "ida", entry, call("Wants the red one"))
        assert not cases.change(work, "ida", entry, call("Wants the red one"))
    assert texts(told, "ida") == ["Wants the red one"]
    with pytest.raises(NotFound), told.work(by(BO)) as work:
        cases.change(work, "idha", entry, call())
    with pytest.raises(NotFound), told.work(by(BO)) as work:
        cases.remove(work, "idha", entry)
    with told.work(by(BO)) as work:
        cases.remove(work, "ida", entry)
    assert texts(told, "ida") == []
    with pytest.raises(NotFound), told.work(by(BO)) as work:
        cases.remove(work, "ida", entry)


def test_the_log_says_that_it_happened_and_keeps_the_text_where_it_can_be_erased(told: Store) -> None:
    entry = write(told, "ida", call())
    with told.work(by(BO)) as work:
        cases.change(work, "ida", entry, call("Wants the red one"))
        cases.remove(work, "ida", entry)
    with told.reading() as session:
        rows = session.scalars(select(EventRow).where(EventRow.action.like("entry.%")).order_by(EventRow.seq)).all()
        assert [(one.action, one.actor, one.contact_id, one.reason) for one in rows] == [
            (f"entry.{verb}", BO, "ida", entry) for verb in ("write", "change", "remove")
        ]
        assert not any(SECRET in str(vars(one)) for one in rows)
        [changed] = session.scalars(
            select(PayloadRow).where(PayloadRow.event_id == rows[1].id, PayloadRow.field == "text")
        )
        assert (changed.before, changed.after) == ([SECRET], ["Wants the red one"])


def test_erasing_the_contact_leaves_nothing_of_them(told: Store) -> None:
    for removed in (False, True):
        entry = write(told, "ida", call())
        if removed:
            with told.work(by(BO)) as work:
                cases.remove(work, "ida", entry)
    with told.work() as work:
        erasure.erase(work, "ida", "asked for it")
    assert told.count(EntryRow) == 0
    with told.reading() as session:
        assert not [one for one in session.scalars(select(PayloadRow.after)) if one and SECRET in one]


def test_a_merge_brings_them_along_and_its_undoing_brings_them_back(told: Store) -> None:
    write(told, "ida", call("of Ida"))
    write(told, "idha", call("of Idha"))
    with told.work(by(BO)) as work:
        merged = merging.merge(work, "ida", "idha", (1, 1))
    assert texts(told, "ida") == ["of Idha", "of Ida"]
    write(told, "ida", call("of both"))
    with told.work(by(BO)) as work:
        merging.undo(work, merged.id)
    assert (texts(told, "ida"), texts(told, "idha")) == (["of both", "of Ida"], ["of Idha"])
    assert told.count(MovedEntryRow) == 0


def test_entries_that_went_two_ways_come_back_step_by_step(told: Store) -> None:
    told.contact("third", card("third"), "g")
    write(told, "idha", call())
    acts = []
    for stays, goes in (("ida", "idha"), ("third", "ida")):
        with told.work(by(BO)) as work:
            versions = [contacts.get(work.session, one).version for one in (stays, goes)]
            acts.append(merging.merge(work, stays, goes, (versions[0], versions[1])).id)
    assert texts(told, "third") == [SECRET]
    for place, act in zip(("ida", "idha"), reversed(acts), strict=True):
        with told.work(by(BO)) as work:
            merging.undo(work, act)
        assert texts(told, place) == [SECRET]


def test_an_erased_contact_takes_what_came_to_it_by_a_merge(told: Store) -> None:
    write(told, "idha", call())
    with told.work(by(BO)) as work:
        merging.merge(work, "ida", "idha", (1, 1))
    with told.work() as work:
        erasure.erase(work, "ida", "asked for it")
    assert (told.count(EntryRow), told.count(MovedEntryRow)) == (0, 0)


def test_nothing_is_written_about_what_lies_in_the_trash(told: Store) -> None:
    entry = write(told, "ida", call())
    with told.work(by(BO)) as work:
        contact_cases.delete(work, "ida")
    for act in (lambda work: cases.write(work, "ida", call()), lambda work: cases.remove(work, "ida", entry)):
        with pytest.raises(Refused), told.work(by(BO)) as work:
            act(work)
    assert texts(told, "ida") == [SECRET]


def test_a_follow_up_is_given_to_who_sees_the_contact(told: Store) -> None:
    write(told, "ida", task(CY))
    with pytest.raises(InvalidInput):
        write(told, "ida", task(ANNA))


@pytest.mark.parametrize(("who", "may"), [(BO, True), (CY, True), (ANNA, False)])
def test_who_is_to_do_it_or_may_edit_the_contact_says_that_it_is_done(told: Store, who: str, *, may: bool) -> None:
    told.grant("g", user(ANNA), Level.VIEW)
    entry = write(told, "ida", task(CY))

    def say(*, done: bool) -> Any:
        with told.work(by(who)) as work:
            return cases.set_done(work, "ida", entry, done=done)

    if not may:
        with pytest.raises(NotAllowed):
            say(done=True)
        return
    assert [say(done=True), say(done=True), say(done=False)] == [True, False, True]
    assert my_day(told, CY, ["g"]) == ["ida"]


def test_who_does_not_see_the_contact_does_nothing_about_it(told: Store) -> None:
    entry = write(told, "ida", task(CY))
    with pytest.raises(NotFound), told.work(by(ANNA)) as work:
        cases.set_done(work, "ida", entry, done=True)


def test_what_is_no_follow_up_is_never_done(told: Store) -> None:
    entry = write(told, "ida", call())
    with pytest.raises(InvalidInput), told.work(by(BO)) as work:
        cases.set_done(work, "ida", entry, done=True)


def test_my_day_is_what_is_due_to_me_and_open_about_contacts_that_i_see(told: Store) -> None:
    write(told, "ida", task(CY, TODAY))
    write(told, "idha", task(CY, TODAY - timedelta(days=9)))
    write(told, "ida", task(CY, TODAY + timedelta(days=1)))
    write(told, "ida", task(BO, TODAY))
    done, gone = (write(told, "ida", task(CY, TODAY)) for _ in range(2))
    with told.work(by(BO)) as work:
        cases.set_done(work, "ida", done, done=True)
        cases.remove(work, "ida", gone)
    assert my_day(told, CY, ["g"]) == ["idha", "ida"]
    assert my_day(told, CY, ["h"]) == my_day(told, CY, []) == []
    assert my_day(told, CY, None) == ["idha", "ida"]
    with told.work(by(BO)) as work:
        contact_cases.delete(work, "idha")
    assert my_day(told, CY, ["g"]) == my_day(told, CY, None) == ["ida"]


def test_every_entry_is_on_one_page_and_a_cursor_that_is_none_is_passed_over(told: Store) -> None:
    written = [write(told, "ida", call(f"call {number}")) for number in range(7)]
    found: list[str] = []
    before: str | None = "no cursor"
    with told.reading() as session:
        while True:
            page = entries.page(session, "ida", before=before, size=3)
            found += [one.entry.id for one in page.entries]
            if page.older is None:
                break
            before = page.older
    assert found == list(reversed(written))
