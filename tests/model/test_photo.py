"""What is ours to do about a person's photo: every cell of the table, and what tells one photo from another."""

import pytest

from sharesync.model.photo import UNSETTLED, PhotoStep, Put, Rest, Take, digest, is_ours, next_step, refusal

RED, BLUE = digest(b"red"), digest(b"blue")
OURS, OTHER = b"sign of ours", b"sign of another"


@pytest.mark.parametrize(
    ("wanted", "sign", "sent", "seen", "what"),
    [
        # no photo there
        (RED, None, None, None, Put()),
        (None, None, None, None, Rest()),
        (RED, OURS, None, None, Put()),  # its user took ours off, and now the store has another
        (None, OURS, None, None, Rest()),
        (RED, None, RED, None, Put()),  # it was sent, and never came there
        (None, None, RED, None, Rest()),
        # ours, by its sign
        (RED, OURS, None, OURS, Put()),
        (None, OURS, None, OURS, Take()),
        (RED, OURS, RED, OURS, Put()),  # the one before stands there still: what was sent never came
        (BLUE, OURS, RED, OURS, Put()),
        (None, OURS, RED, OURS, Take()),
        # one we sent, and were not told its sign
        (RED, None, RED, OTHER, Rest(OTHER)),
        (RED, OURS, RED, OTHER, Rest(OTHER)),
        (BLUE, OURS, RED, OTHER, Put()),
        (None, OURS, RED, OTHER, Take()),
        (None, OURS, b"", OTHER, Take()),  # erased meanwhile: nothing is known but that one was sent
        # any other: the user's
        (RED, None, None, OTHER, Rest()),
        (RED, OURS, None, OTHER, Rest()),
        (None, None, None, OTHER, Rest()),
        (None, OURS, None, OTHER, Rest()),
    ],
)
def test_the_table(
    wanted: bytes | None, sign: bytes | None, sent: bytes | None, seen: bytes | None, what: PhotoStep
) -> None:
    assert next_step(wanted, sign, sent, seen) == what


@pytest.mark.parametrize(
    ("sign", "sent", "seen", "ours"),
    [
        (OURS, None, OURS, True),
        (OURS, None, OTHER, False),
        (OURS, None, None, False),
        (None, None, None, False),
        (None, None, OTHER, False),
        (None, RED, OTHER, True),
        (None, RED, None, False),
    ],
)
def test_ours_is_what_bears_our_sign_or_what_we_sent_and_know_no_more_of(
    sign: bytes | None, sent: bytes | None, seen: bytes | None, ours: bool
) -> None:
    assert is_ours(sign, sent, seen) is ours


def test_a_photo_is_named_by_the_sha_256_of_its_bytes() -> None:
    assert digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert UNSETTLED not in (None, RED, BLUE)


def test_a_refused_photo_is_taken_for_no_version_and_for_no_other_photo() -> None:
    numbers = [refusal(None), refusal(RED), refusal(BLUE)]
    assert len(set(numbers)) == 3
    assert refusal(None) == -1
    assert max(numbers) < 0
    assert refusal(bytes.fromhex("0000ff") + RED) == -256
    assert min(numbers) >= -(2**31)
