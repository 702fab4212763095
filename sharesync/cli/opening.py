"""What a command opens: settings, the store, or the whole world; each no sooner than it is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sharesync.endpoints.outside import Outside
    from sharesync.errors import Sentence
    from sharesync.model.audit import By
    from sharesync.services.app import World
    from sharesync.settings import Settings
    from sharesync.store.database.beside import Beside
    from sharesync.store.database.engine import Database
    from sharesync.store.database.work import Operation, Work


def settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    from sharesync.settings import Settings

    return Settings.from_environment(os.environ, Path.cwd())


@contextmanager
def store(chosen: Settings | None = None, *, make: bool = False) -> Iterator[Database]:
    """The database, up to date, without anything of Google's. Raises SettingsError.

    Only what sets sharesync up or serves it makes one that is not there. Any other command is about a store that
    somebody has: in a new, empty one it would look, or write, in the wrong place.
    """
    from sharesync.bootstrap import open_database

    database = open_database(chosen or settings(), make=make)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def changing(by: By | None = None, *, beside: Beside | None = None) -> Iterator[Work]:
    """The transaction of one use case, by whoever sits at the command line. `beside`: as with `working`."""
    with store() as database, changing_in(database, by, beside=beside) as work:
        yield work


@contextmanager
def changing_in(database: Database, by: By | None = None, *, beside: Beside | None = None) -> Iterator[Work]:
    """The same, in a database that is open already."""
    from sharesync.bootstrap import new_id
    from sharesync.model.audit import OPERATOR
    from sharesync.store.database.shared_time import SharedTime
    from sharesync.store.database.work import working

    with working(database, SharedTime(database), by or OPERATOR, new_id, beside=beside) as work:
        yield work


def operation_in(database: Database, by: By | None = None) -> Operation:
    """An act in several transactions, in a database that is open already."""
    from sharesync.bootstrap import new_id
    from sharesync.model.audit import OPERATOR
    from sharesync.store.database.shared_time import SharedTime
    from sharesync.store.database.work import Operation

    return Operation(database, SharedTime(database), by or OPERATOR, new_id)


class _Undo(Exception):
    """Ends a transaction that was only tried."""


@contextmanager
def trying() -> Iterator[Work]:
    """The transaction of a use case that is only tried: whatever it does is undone at the end."""
    with suppress(_Undo), changing() as work:
        yield work
        raise _Undo


@contextmanager
def world(chosen: Settings | None = None, *, make: bool = False) -> Iterator[World]:
    """Store, Google and clock; `make` as with `store`. Raises SettingsError."""
    from sharesync import bootstrap

    chosen = chosen or settings()
    with store(chosen, make=make) as database:
        yield replace(bootstrap.world(chosen, database=database), outside=outside(chosen))


def outside(chosen: Settings | None = None) -> Outside:
    """What is set up so that others are told, and nothing of Google's. Raises SettingsError."""
    from sharesync import bootstrap

    return replace(bootstrap.outside(chosen or settings()), say=_say)


def _say(language: str | None, sentence: Sentence) -> str:
    """In the words of the web page."""
    from web.words.letters import say

    return say(language, sentence)
