"""Photos in the store: set, removed, kept, handed on when two contacts become one, and gone when their contact goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sharesync.errors import InvalidInput, NotAllowed, NotFound
from sharesync.formats.pictures import as_photo
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.photo import digest
from sharesync.services import erasure, groups, merging, photos, trash
from sharesync.store.database.tables import PayloadRow, PhotoRow
from sharesync.store.mailboxes import claims
from sharesync.store.records import contacts
from sharesync.store.records import photos as stored
from tests.pictures import picture, shown
from tests.store.stores import ANNA, BO, Store, card, unit, user
from tests.worlds import INTERVAL

RED, BLUE = picture("red"), picture("blue")
LATER = timedelta(days=3650)


@pytest.fixture
def granted(company: Store) -> Store:
    """Anna and Bo may edit group g, which holds c1 and c2; nobody is due."""
    company.group("g")
    company.grant("g", unit("/Sales"), Level.DELETE)
    company.contact("c1", card("Ida"), "g")
    company.contact("c2", card("Ida", "ida"), "g")
    with company.work() as work:
        for mailbox in claims.concerned(work.session):
            claims.write(work, mailbox.user_id, due_at=company.now + LATER, behind=0)
    return company


def photo(store: Store, contact: str = "c1") -> bytes | None:
    with store.reading() as session:
        return stored.of(session, contact)


def give(store: Store, picture_: bytes, contact: str = "c1") -> bool:
    with store.work() as work:
        return photos.set_photo(work, contact, as_photo(picture_))


def kept(store: Store) -> int:
    return store.count(PhotoRow)


def told(store: Store) -> list[str]:
    return [action for action in store.actions() if "photo" in action]


def values(store: Store) -> list[tuple[object, object]]:
    """Before and after of every photo that the log has told of."""
    with store.reading() as session:
        rows = session.execute(select(PayloadRow.before, PayloadRow.after).where(PayloadRow.field == "photo"))
        return [(row.before, row.after) for row in rows]


def test_a_photo_is_set_told_and_on_its_way_to_every_mailbox(granted: Store) -> None:
    assert give(granted, RED)
    content = photo(granted)
    assert content is not None
    assert shown(content).format == "JPEG"
    assert told(granted) == ["contact.set_photo"]
    assert values(granted) == [(None, [digest(content).hex()])]
    with granted.reading() as session:
        assert {one.user_id for one in claims.due(session, granted.now, INTERVAL)} == {ANNA, BO}
        assert contacts.get(session, "c1").version == 1


def test_the_same_photo_again_changes_and_tells_nothing(granted: Store) -> None:
    assert [give(granted, RED), give(granted, RED)] == [True, False]
    with granted.work() as work:
        assert not photos.remove_photo(work, "c2")
    assert (told(granted), kept(granted)) == (["contact.set_photo"], 1)


def test_every_photo_that_a_contact_had_is_kept(granted: Store) -> None:
    for one in (RED, BLUE, RED):
        assert give(granted, one)
    red = photo(granted)
    with granted.work() as work:
        assert photos.remove_photo(work, "c1")
    assert (photo(granted), kept(granted)) == (None, 2)
    assert told(granted) == ["contact.set_photo"] * 3 + ["contact.remove_photo"]
    with granted.reading() as session:
        assert red is not None
        assert stored.content(session, "c1", digest(red)) == red
        assert stored.content(session, "c2", digest(red)) is None


def test_what_is_no_picture_changes_nothing(granted: Store) -> None:
    with pytest.raises(InvalidInput):
        give(granted, b"no picture")
    assert (photo(granted), kept(granted), told(granted)) == (None, 0, [])


def test_it_takes_the_right_to_edit(granted: Store) -> None:
    granted.group("h")
    granted.contact("c3", card("Eva"), "h")
    granted.group("v")
    granted.contact("c4", card("Ada"), "v")
    granted.grant("v", user(BO), Level.VIEW)
    with granted.work(By(ActorKind.USER, BO, Source.WEB)) as work:
        assert photos.set_photo(work, "c1", as_photo(RED))
        for act in (photos.remove_photo, lambda work, contact: photos.set_photo(work, contact, as_photo(RED))):
            with pytest.raises(NotFound):
                act(work, "c3")
            with pytest.raises(NotAllowed):
                act(work, "c4")
    with granted.work() as work, pytest.raises(NotFound):
        photos.set_photo(work, "nobody", as_photo(RED))


def test_in_the_trash_and_back_a_photo_stays(granted: Store) -> None:
    give(granted, RED)
    with granted.work() as work:
        groups.remove_contacts(work, [("g", "c1")])
    assert photo(granted)
    with granted.work() as work:
        trash.restore(work, "c1")
    assert photo(granted)


@pytest.mark.parametrize("held", [False, True])
def test_a_photo_goes_when_the_time_in_the_trash_is_over_unless_a_legal_hold_is_on_it(
    granted: Store, held: bool
) -> None:
    for one in (RED, BLUE):
        give(granted, one)
    give(granted, RED, "c2")
    with granted.work() as work:
        if held:
            erasure.put_legal_hold(work, "c1", "case 7")
        groups.remove_contacts(work, [("g", "c1")])
    granted.now += timedelta(days=31)
    assert trash.purge(granted.operation(), timedelta(days=30)) == 1
    assert (kept(granted), bool(photo(granted)), bool(photo(granted, "c2"))) == (3 if held else 1, held, True)


def test_an_erased_contact_leaves_no_photo_and_no_digest(granted: Store) -> None:
    give(granted, RED)
    content = photo(granted)
    assert content is not None
    give(granted, BLUE)
    with granted.work() as work:
        erasure.erase(work, "c1", "asked for it")
    assert kept(granted) == 0
    assert values(granted) == []
    with granted.reading() as session:
        assert stored.digest_of(session, "c1") is None


# --- Two contacts become one. ----------------------------------------------------------------------------------------


def merge(store: Store) -> str:
    with store.work() as work:
        return merging.merge(work, "c1", "c2", (1, 1)).id


def undo(store: Store, ruling: str) -> None:
    with store.work() as work:
        merging.undo(work, ruling)


def test_the_contact_that_stays_takes_over_a_photo_that_it_lacks_and_gives_it_back(granted: Store) -> None:
    give(granted, RED, "c2")
    done = merge(granted)
    assert photo(granted)
    assert photo(granted) == photo(granted, "c2")
    undo(granted, done)
    assert (photo(granted), bool(photo(granted, "c2"))) == (None, True)


def test_the_contact_that_stays_keeps_its_own_photo(granted: Store) -> None:
    give(granted, RED)
    give(granted, BLUE, "c2")
    red = photo(granted)
    done = merge(granted)
    assert photo(granted) == red
    undo(granted, done)
    assert photo(granted) == red


def test_a_photo_set_after_a_merge_stays_when_that_is_undone(granted: Store) -> None:
    give(granted, RED, "c2")
    done = merge(granted)
    give(granted, BLUE)
    blue = photo(granted)
    undo(granted, done)
    assert photo(granted) == blue
