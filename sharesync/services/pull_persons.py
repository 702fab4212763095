"""Pulling persons: who is in doubt is read directly; a listing that can hardly be true stops the pass."""

from __future__ import annotations

from datetime import datetime, timedelta

from sharesync.errors import Attention, StrangeListing
from sharesync.google.people import People
from sharesync.model.link import Known
from sharesync.model.mailbox import Listing
from sharesync.model.mark import Marks
from sharesync.sync.reading import Reading, belies, doubtful, is_strange


def complete(
    people: People,
    known: Known,
    listing: Listing,
    labels_gone: frozenset[str],
    marks: Marks,
    asked: datetime,
    settle: timedelta,
    strange_since: datetime | None,
) -> tuple[Reading, bool]:
    """The reading of a listing that was asked for at `asked`, and whether it shows nobody of those known there.

    `strange_since`: since when that has been so; it is believed after the settle time. Raises StrangeListing before
    that, and Attention where direct reads belie it.
    """
    strange = is_strange(known, listing, marks)
    if strange and (strange_since is None or asked < strange_since + settle):
        raise StrangeListing("Google listed none of the contacts that are known here; nothing was concluded.")
    in_doubt = doubtful(known, listing, asked, settle)
    reading = Reading(listing, people.get(in_doubt) if in_doubt else {}, labels_gone)
    if strange and belies(known, reading):
        raise Attention(
            "Google lists none of the contacts that are known here, and shows them one by one; nothing is concluded"
            " before it lists them again."
        )
    return reading, strange
