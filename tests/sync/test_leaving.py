"""What becomes of a person whose contact is not shared there any more, row by row."""

from dataclasses import replace

import pytest

from sharesync.model.card import Card
from sharesync.model.link import Link, LinkState, Origin
from sharesync.model.mailbox import MY_CONTACTS, Seen
from sharesync.model.mark import Marks
from sharesync.sync.leaving import Leaver

OURS, THEIRS = "contactGroups/ours", "contactGroups/theirs"


def card(note: str, *mails: str) -> Card:
    emails = [{"value": mail} for mail in mails]
    return Card.read(
        {"names": [{"givenName": "Ada"}], "emailAddresses": emails, "biographies": [{"value": note}] if note else []}
    )


AGREED = card("ours", "ada@example.com")
OWN = Card.read({"emailAddresses": [{"value": "private@example.org"}]})
LINK = Link("ada", LinkState.LIVE, Origin.CREATED, 1, source_id="s", agreed=AGREED.fingerprint)
SEEN = Seen("s", "people/1", "e", None, AGREED, frozenset({OURS, MY_CONTACTS}))
LEAVER = Leaver(LINK, SEEN, Marks(b"key"), {OURS})


def with_seen(**changes: object) -> Leaver:
    return replace(LEAVER, seen=replace(SEEN, **changes))  # type: ignore[arg-type]  # fields of every type


def with_link(**changes: object) -> Leaver:
    return replace(LEAVER, link=replace(LINK, **changes))  # type: ignore[arg-type]  # as above


TOUCHED = {
    "another label": with_seen(labels=frozenset({OURS, THEIRS})),
    "a star, or a field that is not ours": with_seen(has_more=True),
    "another program's data": with_seen(foreign_data=(("key", "value"),)),
    "an own photo": with_seen(photo=b"theirs"),
    "an own value": with_link(own=OWN),
    "an edit": with_seen(card=card("theirs", "ada@example.com")),
}


def test_what_we_made_and_nobody_touched_goes() -> None:
    assert LEAVER.goes((), erased=False)
    assert not LEAVER.needs_versions


def test_what_a_write_of_ours_left_whose_answer_was_lost_goes_as_well() -> None:
    later = card("later", "ada@example.com")
    written = with_seen(card=later)
    assert written.needs_versions
    assert written.goes((AGREED, later), erased=False)
    assert not written.goes((AGREED,), erased=False)


@pytest.mark.parametrize("what", TOUCHED)
def test_what_its_user_touched_stays(what: str) -> None:
    assert not TOUCHED[what].goes((), erased=False)
    assert TOUCHED[what].needs_versions


def test_our_photo_is_nobodys_touch() -> None:
    sent = replace(with_seen(photo=b"sign"), link=replace(LINK, photo_sign=b"sign"))
    assert sent.shows_our_photo
    assert sent.goes((), erased=False)
    unheard = replace(with_seen(photo=b"sign"), link=replace(LINK, photo_sent=b"digest"))
    assert unheard.goes((), erased=False)


@pytest.mark.parametrize("origin", [Origin.ADOPTED, Origin.GIVEN])
def test_what_was_theirs_stays_whole(origin: Origin) -> None:
    theirs = with_link(origin=origin)
    assert not theirs.goes((AGREED,), erased=False)
    assert not theirs.needs_versions
    assert theirs.remainder((AGREED,)) == AGREED


@pytest.mark.parametrize(("origin", "goes"), [(Origin.CREATED, True), (Origin.GIVEN, True), (Origin.ADOPTED, False)])
def test_of_an_erased_contact_only_what_they_had_before_stays(origin: Origin, goes: bool) -> None:
    touched = replace(TOUCHED["an edit"], link=replace(LINK, origin=origin))
    assert touched.goes((), erased=True) is goes


def test_own_values_changed_ones_and_the_name_stay() -> None:
    shown = card("theirs", "ada@example.com", "private@example.org", "old@example.com")
    left = replace(with_seen(card=shown), link=replace(LINK, own=OWN))
    written = (AGREED, card("ours", "old@example.com"))
    assert left.remainder(written) == card("theirs", "private@example.org")
