"""Photos that come with a file of contacts: to whoever has none, as part of the import, and away with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sharesync.errors import NotAllowed
from sharesync.formats.entries import Entry, Parsed
from sharesync.formats.file_reading import FileReading, Format
from sharesync.formats.pictures import as_photo
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.services import imports, photos, trash
from sharesync.services.import_entries import Imported, import_entries
from sharesync.services.imports import Undone
from sharesync.store.database.tables import EventRow, PhotoRow
from sharesync.store.mailboxes import claims
from sharesync.store.queries import contact_pages
from sharesync.store.records import contacts
from sharesync.store.records import photos as stored
from tests.pictures import kept, picture
from tests.store.stores import ANNA, BO, Store, card, unit, user
from tests.worlds import INTERVAL

RED, BLUE = picture("red"), picture("blue")
IDA, EVA = card("Ida", "ida"), card("Eva", "eva")
LATER = timedelta(days=3650)
PERSON = By(ActorKind.USER, BO, Source.IMPORT)


@pytest.fixture
def granted(company: Store) -> Store:
    """Anna and Bo may edit group g, which holds Ida as c1; nobody is due."""
    company.group("g")
    company.grant("g", unit("/Sales"), Level.EDIT)
    company.contact("c1", IDA, "g")
    with company.work() as work:
        for mailbox in claims.concerned(work.session):
            claims.write(work, mailbox.user_id, due_at=company.now + LATER, behind=0)
    return company


def bring(store: Store, *entries: Entry, by: By = OPERATOR) -> tuple[str, Imported]:
    return imports.run(store.operation(by), "g", FileReading(Format.VCARD, entries))


def undo(store: Store, event: str) -> Undone:
    return imports.undo(store.operation(), event)


def give(store: Store, content: bytes, contact: str = "c1") -> None:
    with store.work() as work:
        photos.set_photo(work, contact, as_photo(content))


def photo(store: Store, contact: str = "c1") -> bytes | None:
    with store.reading() as session:
        return stored.of(session, contact)


def made(store: Store) -> str:
    """The one contact beside c1."""
    with store.reading() as session:
        (contact,) = {one.id for one in contact_pages.everyone(session, contact_pages.ContactFilter())} - {"c1"}
        return contact


def told(store: Store) -> list[tuple[str, str | None, str | None]]:
    """Action, contact and cause of what the log tells of photos."""
    with store.reading() as session:
        rows = session.scalars(select(EventRow).where(EventRow.action.contains("photo")).order_by(EventRow.seq))
        return [(row.action, row.contact_id, row.cause) for row in rows]


def test_a_new_contact_has_the_photo_that_came_with_it(granted: Store) -> None:
    event, report = bring(granted, Parsed(1, EVA, photo=kept(RED)))
    assert report == Imported(created=1, photos=1)
    assert photo(granted, made(granted)) == as_photo(RED)
    assert told(granted) == [("contact.set_photo", made(granted), event)]


def test_a_known_contact_without_a_photo_gets_it_and_its_mailboxes_are_due(granted: Store) -> None:
    event, report = bring(granted, Parsed(1, IDA, photo=kept(RED)))
    assert report == Imported(unchanged=1, photos=1)
    assert photo(granted) == as_photo(RED)
    assert told(granted) == [("contact.set_photo", "c1", event)]
    with granted.reading() as session:
        assert {one.user_id for one in claims.due(session, granted.now, INTERVAL)} == {ANNA, BO}


@pytest.mark.parametrize(("given", "changed"), [(EVA, 1), (IDA, 0)])
def test_so_does_one_that_is_known_by_its_id(granted: Store, given: Card, changed: int) -> None:
    _, report = bring(granted, Parsed(1, given, id="c1", photo=kept(RED)))
    assert (report.changed, report.photos, photo(granted)) == (changed, 1, as_photo(RED))


@pytest.mark.parametrize("contact", [None, "c1"])
def test_a_photo_that_is_there_is_never_replaced(granted: Store, contact: str | None) -> None:
    give(granted, BLUE)
    _, report = bring(granted, Parsed(1, IDA, id=contact, photo=kept(RED)))
    assert (report, photo(granted), len(told(granted))) == (Imported(unchanged=1), as_photo(BLUE), 1)


def test_the_same_file_again_brings_no_photo(granted: Store) -> None:
    entries = [Parsed(1, EVA, photo=kept(RED)), Parsed(2, IDA, photo=kept(BLUE))]
    assert bring(granted, *entries)[1] == Imported(created=1, unchanged=1, photos=2)
    assert bring(granted, *entries)[1] == Imported(unchanged=2)
    assert granted.count(PhotoRow) == 2


def test_of_two_equal_entries_the_first_photo_is_it(granted: Store) -> None:
    entries = [Parsed(1, EVA), Parsed(2, EVA, photo=kept(RED)), Parsed(3, EVA, photo=kept(BLUE))]
    assert bring(granted, *entries)[1] == Imported(created=1, unchanged=2, photos=1)
    assert photo(granted, made(granted)) == as_photo(RED)


def test_a_photo_of_ours_comes_back_as_itself(granted: Store) -> None:
    give(granted, RED)
    ours = photo(granted)
    assert ours
    bring(granted, Parsed(1, EVA, photo=kept(ours)))
    assert photo(granted, made(granted)) == ours


def test_who_may_not_edit_a_contact_brings_it_no_photo(granted: Store) -> None:
    granted.group("h")
    granted.contact("c2", EVA, "h")
    granted.grant("h", user(BO), Level.VIEW)
    _, report = bring(granted, Parsed(1, EVA, id="c2", photo=kept(RED)), by=PERSON)
    assert ([bad.line for bad in report.bad], report.photos, photo(granted, "c2")) == ([1], 0, None)
    with granted.work(PERSON) as work, pytest.raises(NotAllowed):
        import_entries(work, "h", [Parsed(1, EVA, photo=kept(RED))])
    assert photo(granted, "c2") is None
    _, report = bring(granted, Parsed(1, IDA, photo=kept(RED)), by=PERSON)
    assert (report.photos, photo(granted)) == (1, as_photo(RED))


def test_a_stale_entry_brings_no_photo_either(granted: Store) -> None:
    _, report = bring(granted, Parsed(1, EVA, id="c1", version=7, photo=kept(RED)))
    assert ([bad.line for bad in report.bad], report.photos, photo(granted)) == ([1], 0, None)


# --- Undone ----------------------------------------------------------------------------------------------------------


def test_undoing_takes_the_photo_from_who_was_there_and_counts_them_once(granted: Store) -> None:
    event, _ = bring(granted, Parsed(1, IDA, photo=kept(RED)))
    assert undo(granted, event) == Undone(taken=0, changed=1)
    assert photo(granted) is None
    undone = granted.actions().index("import.undo")
    assert granted.actions()[undone:] == ["import.undo", "contact.remove_photo"]
    event, _ = bring(granted, Parsed(1, EVA, id="c1", photo=kept(RED)))
    assert undo(granted, event) == Undone(taken=0, changed=1)
    with granted.reading() as session:
        assert (contacts.get(session, "c1").card, photo(granted)) == (IDA, None)


def test_undoing_leaves_a_photo_that_was_set_since(granted: Store) -> None:
    event, _ = bring(granted, Parsed(1, IDA, photo=kept(RED)))
    give(granted, BLUE)
    assert undo(granted, event) == Undone(taken=0, changed=0)
    assert photo(granted) == as_photo(BLUE)


def test_undoing_leaves_a_photo_that_was_there_before(granted: Store) -> None:
    give(granted, BLUE)
    event, _ = bring(granted, Parsed(1, EVA, id="c1", photo=kept(RED)))
    assert undo(granted, event) == Undone(taken=0, changed=1)
    assert photo(granted) == as_photo(BLUE)


def test_whom_an_import_made_is_whole_when_it_comes_back_from_the_trash(granted: Store) -> None:
    event, _ = bring(granted, Parsed(1, EVA, photo=kept(RED)))
    contact = made(granted)
    assert undo(granted, event) == Undone(taken=1, changed=0)
    with granted.work() as work:
        trash.restore(work, contact)
    with granted.reading() as session:
        assert contacts.get(session, contact).deleted_at is None
    assert photo(granted, contact) == as_photo(RED)
