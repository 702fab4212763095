"""Options: what an input offers as one types (`static/combobox.js`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be meant."""

    text: str
    """What the input holds when it is chosen."""
    title: str
    hint: str = ""
    icon: str = ""
    id: str = ""
    """What is meant, where the text alone does not say it."""
    at: int | None = None
    """Where the cursor stands then; None is behind all of it."""
    more: bool = False
    """Choosing it is the beginning of what is typed: more is offered at once."""


def drawn(options: Iterable[Suggestion]) -> str:
    """The options as the script puts them under the input."""
    return render_template("parts/options.html", options=options)
