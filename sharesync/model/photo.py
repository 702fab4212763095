"""Photos: what is ours to do about the one photo that a person in a mailbox may have.

A contact has at most one photo in the store, and it goes one way, to the mailboxes. What a user gave a person there is
theirs: never read, never uploaded, never replaced, never deleted. Google says only that a person has a photo and at
which address; so ours is known by the *sign* of that address, which Google gives a photo when it is put.

| what stands there                          | the store has one | the store has none |
| ------------------------------------------ | ----------------- | ------------------ |
| no photo                                   | `Put`             | `Rest`             |
| ours: its sign is the one we were given    | `Put`             | `Take`             |
| one we sent, and were not told its sign    | `Put`; the same one: `Rest` | `Take`   |
| any other: the user's                      | `Rest`            | `Rest`             |

It is asked only when the store's photo is another than the one that was last settled in the mailbox. So what a user
does with the photo there stands, the removal of ours too, until the store's photo changes; theirs stands even then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

UNSETTLED = b""
"""In place of the settled photo's digest while a write's answer is not known: equal to no digest, nor to none."""


@dataclass(frozen=True, slots=True)
class Put:
    """Send the store's photo: there is none, or one of ours."""


@dataclass(frozen=True, slots=True)
class Take:
    """Take ours away."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to send. `sign`: of one that we sent, which is known only now."""

    sign: bytes | None = None


PhotoStep = Put | Take | Rest


def digest(content: bytes) -> bytes:
    """What names a photo in the store and in links: the SHA-256 of its bytes."""
    return hashlib.sha256(content).digest()


def is_ours(sign: bytes | None, sent: bytes | None, seen: bytes | None) -> bool:
    """Whether the photo `seen` there is one that we put: it bears our `sign`, or we `sent` one and know no more."""
    return seen is not None and (seen == sign or sent is not None)


def next_step(wanted: bytes | None, sign: bytes | None, sent: bytes | None, seen: bytes | None) -> PhotoStep:
    """What to do about a person's photo, from the store's (`wanted`, a digest), the link's two and the sign `seen`."""
    if seen is None:
        return Put() if wanted else Rest()
    if not is_ours(sign, sent, seen):
        return Rest()
    if wanted is None:
        return Take()
    return Rest(seen) if seen != sign and sent == wanted else Put()


def refusal(wanted: bytes | None) -> int:
    """What stands for a photo in a link's `aside_version`: negative, as no version of a card is; another for each."""
    return -1 - int.from_bytes((wanted or b"")[:3])
