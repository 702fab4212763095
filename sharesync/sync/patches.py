"""Patches: what a person shows beyond its contact, kept in the link as a difference, because a copy would cost more.

A person as last seen is three things laid over each other: the card of the link's base version, the values of the
user's own, and the patch.
"""

from __future__ import annotations

from typing import Any

from sharesync.model.card import Card
from sharesync.model.link import Link
from sharesync.sync.merge import overlay


def remote_card(link: Link, base: Card) -> Card:
    """The person as last seen. `base` is the contact's card at the link's base version."""
    card = overlay(base, link.own)
    if not link.patch:
        return card
    return card.replacing({name: Card.read({name: items})[name] for name, items in link.patch.items()})


def patch_from(card: Card, remote: Card) -> dict[str, Any] | None:
    """What must be laid over `card` to get `remote`, as JSON by field, a missing field empty; None where nothing."""
    there = remote.as_json()
    return {name: there.get(name, []) for name in sorted(card.differs(remote))} or None
