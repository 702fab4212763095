"""What templates may use beside their values: words, moments, monograms, and the settings that the frame shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from flask import Flask
from markupsafe import Markup

from sharesync.settings import Settings
from web.frame import menu, person
from web.frame.live import the_world
from web.frame.zones import here
from web.pages import card_form, cards, contact_timeline, ticked
from web.words import entries, fields, moments, phrases, refusals, terms
from web.words.languages import alphabet

HUES = 8
"""How many colours of monograms the style sheet has."""
REFRESH_SECONDS = 2
"""How often an open page asks for its live part."""


def install(app: Flask, settings: Settings) -> None:
    """Give templates their words."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        words=terms,
        field_words=fields,
        entry_words=entries,
        timeline_kinds=contact_timeline.KINDS,
        phrases=phrases,
        ticked=ticked,
        card_form=card_form,
        card_types=fields.KINDS,
        field_icons=cards.ICONS,
        part_of=cards.part,
        count=terms.count,
        in_digits=terms.in_digits,
        domain=settings.primary_domain or "",
        domains=", ".join(settings.domain),
        may=person.may,
        editable=person.editable,
        job_of=cards.job,
        menu=menu,
        today=lambda: here(the_world().now()).date(),
        refresh=f"every {REFRESH_SECONDS}s",
    )
    app.context_processor(lambda: {"person": person.somebody()})
    app.jinja_env.filters.update(
        ago=_ago,
        soon=_soon,
        clock=_clock,
        time_of_day=_time_of_day,
        on_day=moments.on_day,
        whole_day=moments.whole_day,
        money=entries.money,
        initials=initials,
        hue=hue,
        said=refusals.said,
        in_order=_in_order,
    )


def _ago(moment: datetime) -> Markup:
    now = the_world().now()
    return _time(moment, moments.ago(moment, now), moments.in_zone(moment))


def _soon(moment: datetime) -> Markup:
    now = the_world().now()
    return _time(moment, moments.soon(moment, now), moments.in_zone(moment))


def _clock(moment: datetime) -> Markup:
    now = the_world().now()
    return _time(moment, moments.at_time(moment, now), f"{moments.ago(moment, now)}: {moments.in_zone(moment)}")


def _time_of_day(moment: datetime) -> Markup:
    return _time(moment, f"{here(moment):%H:%M:%S}", moments.in_zone(moment))


def _time(moment: datetime, shown: str, title: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(timespec="seconds"), title, shown)


def _in_order(found: Iterable[Any], name: str = "", highest: str = "") -> list[Any]:
    """A list as its reader's language sorts it, by the attribute that is the name, or by itself where it is a name.

    `highest`: an attribute that is sorted by before the name, from the highest down.
    """
    first = attrgetter(highest) if highest else None
    return alphabet().in_order(found, attrgetter(name) if name else str, first and (lambda one: -first(one)))


def initials(name: str) -> str:
    """One or two letters for a monogram."""
    found = [word[0] for word in name.split() if word[0].isalpha()]
    return "".join(found[:1] + found[1:][-1:]).upper()


def hue(key: str) -> int:
    """The number of a monogram's colour: the same for the same key, everywhere."""
    return hashlib.blake2b(key.encode(), digest_size=1).digest()[0] % HUES
