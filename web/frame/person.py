"""The asker, a person signed in or a program, for views and templates; and the transaction of their use case."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from flask import g

from sharesync.errors import Refused
from sharesync.model.permission import LEAST, Allowed, Denied, Right, authorize
from sharesync.services.who_may.permission import refusal
from sharesync.services.who_may.sessions import Person
from sharesync.services.who_may.tokens import Program
from sharesync.store.database.beside import Beside
from sharesync.store.database.work import Operation, Work
from web.frame.live import the_world


def somebody() -> Person | None:
    """Who is signed in, if anyone is."""
    person: Person | None = g.get("person")
    return person


def the_person() -> Person:
    """Who is signed in; for views that need at least that."""
    person = somebody()
    if person is None:
        raise LookupError("nobody is signed in")
    return person


def program() -> Program | None:
    """The program that asks, if one does."""
    found: Program | None = g.get("program")
    return found


def the_program() -> Program:
    """The program that asks; for views that only programs reach."""
    found = program()
    if found is None:
        raise LookupError("no program asks")
    return found


def asker() -> Person | Program:
    """The asker; for views that need at least somebody."""
    return program() or the_person()


def may(right: Right | str, *groups: str) -> bool:
    """Whether they have this right, on any of the groups where it is one on groups. Templates say it by its word."""
    who = program() or somebody()
    return who is not None and isinstance(authorize(who.party, Right(right), groups), Allowed)


def asked_on() -> Collection[str]:
    """The groups on which the view's right was asked: the one in its address, or those that hold its contact."""
    groups: Collection[str] = g.get("asked_on", ())
    return groups


def visible() -> Collection[str] | None:
    """Ids of the groups they may see; None is all."""
    return asker().party.visible


def run_by_them() -> Collection[str] | None:
    """Ids of the groups in which they decide what waits; None is all, also for who may only look at it."""
    return theirs(Right.MANAGE)


def theirs(right: Right) -> Collection[str] | None:
    """Ids of the groups on which they have this right; None is all, also for who may only look."""
    if may(Right.OVERSEE):
        return None
    levels = the_person().party.levels
    return frozenset(group for group, level in levels.items() if level >= LEAST[right])


def runs_something() -> bool:
    """Whether there is a group in which they decide what waits, or may look at it."""
    run = run_by_them()
    return run is None or bool(run)


def editable() -> list[str] | None:
    """Ids of the groups whose contacts they may edit; None is all."""
    person = the_person()
    if may(Right.ADMINISTER):
        return None
    return [group for group in person.party.levels if may(Right.EDIT, group)]


def deed() -> str:
    """The id of what is done in this request, by which its events are known as one act (`services/undoing.py`)."""
    found: str | None = g.get("deed")
    if found is None:
        found = g.deed = the_world().new_id()
    return found


@contextmanager
def acting(beside: Beside | None = None) -> Iterator[Work]:
    """The transaction of a use case, with them as its actor. What it denies them is remembered for the log.

    `beside`: what alone it writes, where others may write meanwhile.
    """
    with operating(), the_world().work(asker().by, deed(), beside=beside) as work:
        yield work


@contextmanager
def operating() -> Iterator[Operation]:
    """The same for a use case of several transactions."""
    try:
        yield the_world().operation(asker().by, deed())
    except Refused as error:
        if error.denied:
            g.denied = error.denied
        raise


def demand(right: Right, *groups: str, what: str = "group", name: str = "") -> None:
    """Go on only if they have this right on any of the groups. Raises NotFound or NotAllowed, and it is logged."""
    verdict = authorize(asker().party, right, groups)
    if isinstance(verdict, Denied):
        error = refusal(verdict, right, what, name)
        g.denied = error.denied
        raise error


class _Undo(Exception):
    """Ends a transaction that was only tried."""


@contextmanager
def trying() -> Iterator[Work]:
    """The same for what is only tried: whatever it does is undone at the end."""
    with suppress(_Undo), acting() as work:
        yield work
        raise _Undo
