"""A card that is handed to a command: JSON, of the card alone or with values of the company's fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sharesync.model.card import Card


def read_card(file: str) -> tuple[Card, dict[str, str | None]]:
    """The card, and values of the company's fields where `{"card": …, "fields": …}` was written."""
    from sharesync.errors import InvalidCard
    from sharesync.model.card import Card

    try:
        with click.open_file(file, "rb") as opened:
            value = json.loads(opened.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidCard("The card is not UTF-8 text; write it as one JSON object in UTF-8.") from None
    except (ValueError, RecursionError):
        raise InvalidCard("The card is not JSON; write one JSON object with fields such as names.") from None
    said: Any = {}
    if isinstance(value, dict) and "card" in value and not value.keys() - {"card", "fields"}:
        value, said = value["card"], value.get("fields", {})
    if not isinstance(said, dict) or not all(isinstance(text, str | None) for text in said.values()):
        raise InvalidCard("“fields” is one JSON object of texts, by the names of the fields.")
    card = Card.parse(value)
    if not card:
        raise InvalidCard("This card says nothing; `sharesync contacts delete ID` takes a contact away.")
    return card, said
