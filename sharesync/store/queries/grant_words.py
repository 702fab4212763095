"""Events about grants in words: to whom, from which level to which."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sharesync.errors import InvalidInput
from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.store.mailboxes import directory

GRANTS = frozenset({"grant.set", "grant.remove"})
"""The events whose reason says it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A grant as its event tells it; None is no access."""

    principal: Principal
    name: str
    before: Level | None
    after: Level | None


def given(session: Session, reasons: Collection[str]) -> Mapping[str, Given]:
    """What each of these reasons says, by the reason; a reason that reads otherwise is left out."""
    found = {reason: grant for reason in reasons if (grant := _read(reason))}
    called = directory.called(session, [principal for principal, _, _ in found.values()])
    return {
        reason: Given(principal, called[principal].title, before, after)
        for reason, (principal, before, after) in found.items()
    }


def _read(reason: str) -> tuple[Principal, Level | None, Level | None] | None:
    """What `services.grants` wrote: `user:1234 nothing -> edit`."""
    whom, _, after = reason.rpartition(" -> ")
    subject, _, before = whom.rpartition(" ")
    kind, _, name = subject.partition(":")
    try:
        return Principal(PrincipalKind(kind), name), _level(before), _level(after)
    except (ValueError, InvalidInput):
        return None


def _level(word: str) -> Level | None:
    return None if word == "nothing" else Level.parse(word)
