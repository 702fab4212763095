"""What a link keeps of its person, and what is left alone for a day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from sharesync.errors import Sentence
from sharesync.model.card import EMPTY, Card
from sharesync.model.link import Link, LinkState, Origin
from sharesync.sync.aside import is_aside, set_aside
from sharesync.sync.merge import overlay
from sharesync.sync.patches import patch_from, remote_card
from tests.cards import cards
from tests.sync.scene import NOW

LINK = Link("ida", LinkState.LIVE, Origin.CREATED, 1)
DAY = timedelta(days=1)


@given(cards(), cards(), cards())
def test_base_own_values_and_patch_give_the_person_back(base: Card, own: Card, remote: Card) -> None:
    patch = patch_from(overlay(base, own), remote)
    assert remote_card(replace(LINK, own=own, patch=patch), base) == remote


@given(cards())
def test_where_nothing_differs_nothing_is_kept(card: Card) -> None:
    assert patch_from(card, card) is None
    assert remote_card(LINK, card) == card
    assert remote_card(replace(LINK, patch=patch_from(card, EMPTY)), card) == EMPTY


@pytest.mark.parametrize(
    ("version", "later", "left"),
    [(3, timedelta(0), True), (3, DAY - timedelta(seconds=1), True), (3, DAY, False), (4, timedelta(0), False)],
)
def test_a_version_is_left_alone_for_a_day(version: int, later: timedelta, left: bool) -> None:
    aside = set_aside(LINK, 3, Sentence("Google refuses it."), NOW)
    assert aside.aside == "Google refuses it."
    assert is_aside(aside, version, NOW + later) is left
    assert not is_aside(LINK, version, NOW + later)
