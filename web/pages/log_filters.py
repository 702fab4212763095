"""Filters of the change log: what an auditor asks for, read from the page's address and written into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sharesync.errors import NotFound, Refused
from sharesync.model.actions import ACTIONS
from sharesync.model.audit import Outcome, Source
from sharesync.model.filters import plain
from sharesync.model.searching import bounded, terms_of
from sharesync.store.database.engine import Session
from sharesync.store.queries import contact_names, contact_pages, groups, lookup, people
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.queries.events import LoggedFilter
from web.frame.live import the_world
from web.frame.person import visible
from web.frame.zones import here, midnight
from web.words import moments, phrases
from web.words.languages import N_, _, alphabet
from web.words.refusals import told

NAMES = ("q", "who", "group", "contact", "mailbox", "action", "outcome", "source", "since", "until", "codes")
"""Parts of the address; `codes` filters nothing, and says that the actions' codes are shown."""
NOUNS = sorted({action.partition(".")[0] for action in ACTIONS})
RANGES = ((N_("Today"), 0), (N_("7 days"), 6), (N_("30 days"), 29), (N_("This year"), None))
"""Quick ranges, and on which day before today each begins; None is the year's first."""
SEVERAL = 9
"""Contacts that are looked at to find the one that is meant."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What was asked, as the address says it; the filter it makes; and a sentence where something means nothing."""

    typed: Mapping[str, str]
    wanted: LoggedFilter
    said: Mapping[str, str] = field(default_factory=dict[str, str])
    """Each part in words, by its name."""
    problem: str = ""

    def without(self, *names: str) -> dict[str, str]:
        """The rest, for the address of the page without these parts."""
        return {name: value for name, value in self.typed.items() if name not in names}

    def ranges(self) -> list[tuple[str, str, bool]]:
        """The quick ranges: the word, the day from which on, and whether it is what is asked for."""
        today = here(the_world().now()).date()
        found = []
        for word, days in RANGES:
            begins = (today.replace(month=1, day=1) if days is None else today - timedelta(days)).isoformat()
            found.append((_(word), begins, self.typed.get("since") == begins and "until" not in self.typed))
        return found


def read(session: Session, given: Mapping[str, str]) -> LogFilter:
    """The filter that these words make. One that cannot be understood finds nothing, and the sentence says why.

    Raises SearchTooLong.
    """
    typed = {name: bounded(given[name].strip()) for name in NAMES if given.get(name, "").strip()}
    terms_of(typed.get("q", ""))  # refused here, and not in the midst of an answer
    about = bounded(given["about"].strip()) if "about" in given else None
    try:
        if about is not None:
            meant = _contact(session, about, typed.pop("contact", None))
            typed |= {"contact": meant} if meant else {}
        wanted = _filter(session, typed)
        return LogFilter(typed, wanted, _in_words(session, typed, wanted))
    except Refused as refused:
        problem = told(refused)
    except (ValueError, OverflowError):  # a day beyond the calendar's end
        problem = _("One of the filters cannot be read; choose a date or a word from the list.")
    return LogFilter(typed, LoggedFilter(), dict(typed) | ({"contact": about} if about else {}), problem)


def _contact(session: Session, about: str, picked: str | None) -> str | None:
    """The contact that is meant: the one that was picked while its name stands there, else the one called so.

    Raises NotFound, and Refused where several may be meant.
    """
    if not about or (picked and _title(session, picked) == about):
        return picked if about else None
    which = ContactFilter(plain(about), among=visible())
    found = contact_pages.shelf(session, which, alphabet=alphabet(), size=SEVERAL).contacts
    exactly = [one for one in found if one.card.title.casefold() == about.casefold()] or found
    if not exactly:
        raise NotFound("contact", about)
    if len(exactly) > 1:
        raise Refused("Several contacts may be meant by “%(name)s”. Choose one as you type.", name=about)
    return exactly[0].id


def _title(session: Session, contact: str) -> str:
    named = contact_names.titles(session, [contact], visible()).get(contact)
    if named is None or named.hidden:
        return _("another contact")
    return named.title or (_("an erased contact") if named.gone else _("a contact without a name"))


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
    """An address, a name that only one person has, or an id."""
    if not name or "@" in name:
        return people.user_id(session, name) if name else None
    found = [] if re.fullmatch("[0-9a-f]{32}|[0-9]+|operator|sync", name) else lookup.users(session, name, limit=2)
    return found[0].principal.subject if len(found) == 1 else name


def _in_words(session: Session, typed: Mapping[str, str], wanted: LoggedFilter) -> dict[str, str]:
    """Each part as people say it."""
    known = people.actors(session, [one for one in (wanted.actor, wanted.mailbox) if one])
    called = {one: name or email for one, (name, email) in known.items()}
    said = {name: typed[name] for name in ("q", "group") if name in typed}
    if wanted.actor:
        said["who"] = called.get(wanted.actor, typed["who"])
    if wanted.mailbox:
        said["mailbox"] = called.get(wanted.mailbox, typed["mailbox"])
    if wanted.contact:
        said["contact"] = _title(session, wanted.contact)
    if wanted.action:
        said["action"] = phrases.named(wanted.action) if "." in wanted.action else wanted.action
    if wanted.outcome:
        said["outcome"] = phrases.ending(wanted.outcome)
    if wanted.source:
        said["source"] = phrases.source(wanted.source)[1]
    if "since" in typed:
        said["since"] = _("from %(day)s", day=moments.whole_day(date.fromisoformat(typed["since"])))
    if "until" in typed:
        said["until"] = _("until %(day)s", day=moments.whole_day(date.fromisoformat(typed["until"])))
    return said


def _midnight(day: str, days: int = 0) -> datetime:
    return midnight(date.fromisoformat(day) + timedelta(days=days)).astimezone(UTC)
