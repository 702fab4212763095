"""Marks: nobody but the store that signed one can make it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.link import Origin
from sharesync.model.mark import Marks

OURS, THEIRS = Marks(b"o" * 32), Marks(b"t" * 32)
IDS = st.uuids().map(lambda uuid: uuid.hex)
ID = "0123456789abcdef0123456789abcdef"


@given(IDS, st.sampled_from(Origin))
def test_a_mark_tells_contact_and_origin(contact: str, origin: Origin) -> None:
    assert OURS.read_contact(OURS.contact(contact, origin)) == (contact, origin)


def test_a_mark_tells_an_id_with_a_dot_in_it() -> None:
    assert OURS.read_contact(OURS.contact("a.b", Origin.CREATED)) == ("a.b", Origin.CREATED)


@given(IDS)
def test_a_labels_mark_tells_the_group(group: str) -> None:
    assert OURS.read_label(OURS.label(group)) == group


@given(IDS)
def test_a_labels_mark_is_no_contacts_and_the_other_way_round(name: str) -> None:
    assert OURS.read_contact(OURS.label(name)) is None
    assert [OURS.read_label(OURS.contact(name, origin)) for origin in Origin] == [None] * len(Origin)


@given(IDS, st.sampled_from(Origin))
def test_a_mark_of_another_store_says_nothing(name: str, origin: Origin) -> None:
    assert OURS.read_contact(THEIRS.contact(name, origin)) is None
    assert OURS.read_label(THEIRS.label(name)) is None


@given(st.integers(0, 64), st.characters(codec="ascii"))
def test_a_mark_changed_in_one_place_says_nothing(place: int, sign: str) -> None:
    mark = OURS.contact(ID, Origin.CREATED)
    changed = mark[:place] + sign + mark[place + 1 :]
    assert changed == mark or OURS.read_contact(changed) is None


@given(st.integers(0, 64))
def test_a_mark_cut_off_says_nothing(length: int) -> None:
    mark = OURS.contact(ID, Origin.GIVEN)
    assert OURS.read_contact(mark[:length]) is None
    assert OURS.read_contact(mark + mark[:1]) is None


def test_the_origin_cannot_be_changed_under_the_same_signature() -> None:
    created, given_ = OURS.contact(ID, Origin.CREATED), OURS.contact(ID, Origin.GIVEN)
    assert OURS.read_contact(f"{ID}.{given_.rpartition('.')[2]}") is None
    assert OURS.read_contact(f"{ID}+given.{created.rpartition('.')[2]}") is None


@given(st.text())
def test_any_text_may_stand_where_a_mark_would(text: str) -> None:
    assert OURS.read_contact(text) is None
    assert OURS.read_label(text) is None


@pytest.mark.parametrize("text", ["", ".", "..", f"{ID}.", f".{ID}", "æ.ø", "x.\ud800", "\ud800.x"])
def test_what_is_no_mark_at_all_says_nothing(text: str) -> None:
    assert OURS.read_contact(text) is None
    assert OURS.read_label(text) is None


def test_a_mark_fits_where_google_keeps_client_data() -> None:
    """People API, `ClientData`: a value is text; 1,024 characters is what one field may hold."""
    assert max(len(OURS.contact(ID, origin)) for origin in Origin) < 100


PHOTO, OTHER = bytes(range(16)), bytes(range(1, 17))


@given(IDS, st.sampled_from(Origin), st.binary(min_size=16, max_size=16))
def test_a_mark_tells_contact_and_origin_whichever_photo_is_ours(contact: str, origin: Origin, photo: bytes) -> None:
    assert OURS.read_contact(OURS.contact(contact, origin, photo)) == (contact, origin)


@pytest.mark.parametrize("origin", Origin)
def test_a_mark_vouches_for_the_one_photo_that_it_names(origin: Origin) -> None:
    mark, without = OURS.contact(ID, origin, PHOTO), OURS.contact(ID, origin)
    assert OURS.vouched([mark], PHOTO) == PHOTO
    assert OURS.vouched([without, mark], PHOTO) == PHOTO
    assert OURS.vouched([mark], OTHER) is None
    assert OURS.vouched([mark], None) is None
    assert OURS.vouched([without], PHOTO) is None
    assert OURS.vouched([], PHOTO) is None


def test_a_mark_of_another_store_vouches_for_no_photo() -> None:
    assert OURS.vouched([THEIRS.contact(ID, Origin.CREATED, PHOTO)], PHOTO) is None
    forged = OURS.contact(ID, Origin.CREATED).replace(ID, f"{ID}~{PHOTO.hex()}")
    assert OURS.vouched([forged], PHOTO) is None
