"""What every view starts from and ends with: the world it reads, and a page that refreshes by itself.

A page is rendered whole, or, when htmx asks, only its part that changes, which lies beside it under a name that starts
with `_`. The browser lays the new part over the old one node by node (idiomorph), so what is equal does not flicker.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

from flask import Flask, current_app, g, render_template, request

from sharesync.model.company_fields import CompanyFields
from sharesync.services.app import World
from sharesync.settings import Settings
from sharesync.store.database.engine import Session
from sharesync.store.queries.company_fields import defined

_WORLD, _SETTINGS = "sharesync.world", "sharesync.settings"
ENDING = "sharesync.ending"
"""By which name a server that stops tells the requests that wait."""


def bind(app: Flask, world: World, settings: Settings) -> None:
    """Give the application its world, and the settings it was started with."""
    app.extensions[_WORLD], app.extensions[_SETTINGS] = world, settings
    app.extensions.setdefault(ENDING, Event())


def the_world() -> World:
    """The world of the application that answers."""
    world: World = current_app.extensions[_WORLD]
    return world


def settings() -> Settings:
    """The settings of the application that answers."""
    found: Settings = current_app.extensions[_SETTINGS]
    return found


def zone_name() -> str:
    """The zone whose days count in smart groups: the company's; empty is the machine's."""
    zone = settings().time_zone
    return zone.key if zone else ""


def ending() -> Event:
    """Set once the server stops: who waits in a request waits for this."""
    found: Event = current_app.extensions[ENDING]
    return found


def begin_snapshot() -> None:
    """Let the request read one moment from now on, in one transaction: its rights and its answer agree."""
    opened = ExitStack()
    g.snapshot = opened, opened.enter_context(the_world().database.reading())


def end_snapshot() -> None:
    """Read what is new from now on: before a request waits or writes, and at its end."""
    if held := g.pop("snapshot", None):
        held[0].close()


@contextmanager
def reading() -> Iterator[Session]:
    """A transaction that only reads: the request's snapshot, where it has one."""
    if held := g.get("snapshot"):
        yield held[1]
        return
    with the_world().database.reading() as session:
        yield session


def company_fields() -> CompanyFields:
    """The company's fields, asked for once a request."""
    if "company_fields" not in g:
        with reading() as session:
            g.company_fields = defined(session)
    known: CompanyFields = g.company_fields
    return known


def page(folder: str, name: str = "index", *, part: str | None = None, **values: object) -> str:
    """The page `FOLDER/NAME.html`, or for htmx only its live part, `FOLDER/_NAME.html` unless `part` names another."""
    return render_template(f"{folder}/{part or '_' + name}.html" if is_part() else f"{folder}/{name}.html", **values)


def is_part() -> bool:
    """Whether the live part alone is asked for. A page from the browser's history is to be whole."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
