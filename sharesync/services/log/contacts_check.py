"""Contacts and their versions, checked against what the log says of them.

The log vouches for every accepted version of a card: for who made it, and for the values before and after. So a card
that was changed in the database behind the log's back is found, as long as the log itself is what it was. Of an erased
contact nothing is left to compare; of a version whose event was retired only that it is older than what is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sharesync.errors import Sentence, SharesyncError
from sharesync.model.card import Card
from sharesync.model.company_fields import HERE, entries
from sharesync.model.fields import FIELDS
from sharesync.store.database import event_log
from sharesync.store.database.engine import Session
from sharesync.store.log import vouched
from sharesync.store.log.vouched import VouchedContact, VouchedVersion

LoggedCard = dict[str, Any]
"""A card as JSON, as it was kept."""

MOST = 100
"""Findings of one kind that are looked for."""


def altered(session: Session) -> Iterator[str]:
    """What of the contacts is not as the log says."""
    retired = event_log.start(session) > 0
    oldest = vouched.first_kept(session)
    for one in vouched.standings(session):
        lawful = [
            version.maker is not None or (retired and (oldest is None or version.at <= oldest))
            for version in one.versions
        ]
        for version, known in zip(one.versions, lawful, strict=True):
            if not known:
                yield Sentence(
                    "Version %(version)s of contact %(contact)s belongs to no event of the log.",
                    version=version.version,
                    contact=one.contact,
                )
        yield from _history(one)
    for seq, contact in vouched.lost(session, MOST):
        yield Sentence("What event %(event)s made of contact %(contact)s is gone.", event=seq, contact=contact)
    if not retired:
        for contact in vouched.erased_unsaid(session, MOST):
            yield Sentence("Contact %(contact)s counts as erased, and no erasure says why.", contact=contact)


def _history(one: VouchedContact) -> Iterator[str]:
    before: LoggedCard = {}
    missing = False
    for number, version in enumerate(one.versions, 1):
        card = _card(version.card)
        missing |= version.version != number
        raw = version.card if card is None else _with_here(version.card, version.here)
        if card is None or missing or not _is_vouched(one.contact, version, before, raw):
            yield Sentence(
                "Version %(version)s of contact %(contact)s is not what the log says.",
                version=version.version,
                contact=one.contact,
            )
        before = raw if card is not None else {}
    newest = one.versions[-1] if one.versions else None
    stands = newest is not None and (one.card, one.here) == (newest.card, newest.here)
    if missing or len(one.versions) != one.version or not stands:
        yield Sentence("Contact %(contact)s does not stand as its newest version says.", contact=one.contact)


def _is_vouched(contact: str, version: VouchedVersion, before: LoggedCard, card: LoggedCard) -> bool:
    maker = version.maker
    if maker is None:  # told already, or retired
        return True
    # A card is kept as it was written, and fewer differences count as a change today: the fields that an event names
    # are at least those that differ by today's rule, and at most those that differ in any character.
    surely = Card.read(before).differs(Card.read(card)) | ({HERE} if before.get(HERE) != card.get(HERE) else set())
    maybe = {name for name in before.keys() | card.keys() if _items(before, name) != _items(card, name)}
    told = (maker.contact, maker.at) == (contact, version.at) and surely <= set(maker.fields) <= maybe
    # Where a mailbox brings a contact that an older backup did not know, the log tells its fields alone.
    number = maker.version in (version.version, None)
    then = Card.read(before).as_json()
    return (
        told
        and number
        and all(
            old in (before.get(name), then.get(name)) and new == card.get(name)
            for name, (old, new) in maker.values.items()
        )
    )


def _with_here(card: LoggedCard, here: Mapping[str, str]) -> LoggedCard:
    """A card and what was kept here beside it, as the log tells of both."""
    return card | {HERE: entries(here)} if here else card


def _items(card: LoggedCard, name: str) -> list[str]:
    return sorted({json.dumps(item, sort_keys=True) for item in card.get(name, ())})


def _card(found: Any) -> Card | None:
    try:
        card = Card.read(found)
    except (SharesyncError, ValueError, TypeError, LookupError, AttributeError):
        return None
    return (
        card
        if list(card.as_json()) == [name for name in FIELDS if name in found] and found.keys() <= FIELDS.keys()
        else None
    )
