"""Filters of the change log: what an auditor asks for, read from the page's address and written into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sharesync.errors import NotFound
from sharesync.model.actions import ACTIONS
from sharesync.model.audit import Outcome, Source
from sharesync.model.searching import bounded, terms_of
from sharesync.store.database.engine import Session
from sharesync.store.queries import groups, people
from sharesync.store.queries.events import LoggedFilter
from web.frame.zones import midnight
from web.words.languages import _
from web.words.refusals import told

NAMES = ("q", "who", "group", "contact", "mailbox", "action", "outcome", "source", "since", "until")
NOUNS = sorted({action.partition(".")[0] for action in ACTIONS})


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What was asked, as typed; the filter it makes; and a sentence where something in it means nothing."""

    typed: Mapping[str, str]
    wanted: LoggedFilter
    problem: str = ""


def read(session: Session, given: Mapping[str, str]) -> LogFilter:
    """The filter that these words make. One that cannot be understood finds nothing, and the sentence says why.

    Raises SearchTooLong.
    """
    typed = {name: bounded(given[name].strip()) for name in NAMES if given.get(name, "").strip()}
    terms_of(typed.get("q", ""))  # refused here, and not in the midst of an answer
    try:
        return LogFilter(typed, _filter(session, typed))
    except NotFound as missing:
        return LogFilter(typed, LoggedFilter(), told(missing))
    except (ValueError, OverflowError):  # a day beyond the calendar's end
        return LogFilter(
            typed, LoggedFilter(), _("One of the filters cannot be read; choose a date or a word from the list.")
        )


def _filter(session: Session, typed: Mapping[str, str]) -> LoggedFilter:
    action = typed.get("action")
    if action and action not in ACTIONS and action not in NOUNS:
        raise ValueError(action)
    wanted = LoggedFilter(
        actor=_user(session, typed.get("who")),
        group=groups.find_any(session, typed["group"]) if "group" in typed else None,
        contact=typed.get("contact"),
        mailbox=_user(session, typed.get("mailbox")),
        action=action,
        outcome=Outcome(typed["outcome"]) if "outcome" in typed else None,
        source=Source(typed["source"]) if "source" in typed else None,
        text=typed.get("q", ""),
    )
    since = _midnight(typed["since"]) if "since" in typed else None
    until = _midnight(typed["until"], days=1) if "until" in typed else None  # the day that is named counts, all of it
    return replace(wanted, since=since, until=until)


def _user(session: Session, name: str | None) -> str | None:
    return people.user_id(session, name) if name and "@" in name else name


def _midnight(day: str, days: int = 0) -> datetime:
    return midnight(date.fromisoformat(day) + timedelta(days=days)).astimezone(UTC)
