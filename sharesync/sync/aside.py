"""Setting aside: a contact that Google refuses, or that keeps being undone, is left alone, so that it stops no other.

It is tried again when it changes, or a day later. The link says which version was set aside, and why.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sharesync.errors import Sentence
from sharesync.model.link import Link

ASIDE = timedelta(days=1)
"""How long a contact is left alone before it is tried again unchanged."""


def set_aside(link: Link, version: int, reason: Sentence, now: datetime) -> Link:
    """The link of a contact that is left alone in this mailbox until it changes or a day is over."""
    return replace(link, aside=reason, aside_version=version, aside_until=now + ASIDE)


def is_aside(link: Link, version: int, now: datetime) -> bool:
    """Whether this version of the contact is not to be tried now."""
    return (
        bool(link.aside) and link.aside_version == version and link.aside_until is not None and now < link.aside_until
    )
