"""Words: how states, levels, actions and moments are said to people. Tables; nothing is decided here.

A sign never stands alone: every icon and colour has its word beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sharesync.model.access import Level, PrincipalKind, PrincipalName
from sharesync.model.mailbox import MailboxState
from sharesync.model.permission import Role
from sharesync.store.overview import Standing
from sharesync.store.whereabouts import Stand, Whereabouts


class Tone(Enum):
    """How a sign is coloured: the style sheet knows these names."""

    GOOD = "good"
    BUSY = "busy"
    WAIT = "wait"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its tone and icon."""

    tone: Tone
    icon: str
    word: str


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 contact, 1,200 contacts."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# --- Mailboxes -------------------------------------------------------------------------------------------------------


def standing(one: Standing) -> Sign:
    """How a mailbox stands."""
    on_its_way = f"{count(one.behind, 'contact')} on the way"
    match one.state:
        case MailboxState.PAUSED:
            return Sign(Tone.QUIET, "circle-pause", "Paused")
        case MailboxState.ATTENTION:
            return Sign(Tone.BAD, "triangle-alert", "Needs attention")
        case MailboxState.HELD:
            return Sign(Tone.WAIT, "hand", "Waits for a decision")
        case MailboxState.NEW:
            return Sign(Tone.BUSY, "refresh-cw", "First fill" if one.passing else "Waits for its first pass")
        case MailboxState.RETRY:
            return Sign(Tone.WAIT, "clock-3", "Tries again soon")
        case MailboxState.OK if one.behind:
            return Sign(Tone.BUSY, "refresh-cw", on_its_way)
        case MailboxState.OK:
            return Sign(Tone.GOOD, "circle-check", "Up to date")


@dataclass(frozen=True, slots=True)
class Summary:
    """All mailboxes in one sentence."""

    sign: Sign
    more: str


def summed_up(standings: Sequence[Standing]) -> Summary:
    """The sentence that the first page opens with: the worst that is true, and how many it is true of."""
    active = [one for one in standings if one.state is not MailboxState.PAUSED]
    troubled = [one for one in active if one.state is MailboxState.ATTENTION]
    held = [one for one in active if one.state is MailboxState.HELD]
    late = [one for one in active if not one.up_to_date]
    paused = len(standings) - len(active)
    more = f"{count(paused, 'mailbox', 'mailboxes')} paused." if paused else ""
    if not active:
        return Summary(Sign(Tone.QUIET, "inbox", "No mailbox sees a group yet"), more)
    if troubled:
        verb = "needs" if len(troubled) == 1 else "need"
        words = f"{count(len(troubled), 'mailbox', 'mailboxes')} {verb} attention"
        return Summary(Sign(Tone.BAD, "triangle-alert", words), more)
    if held:
        verb = "waits" if len(held) == 1 else "wait"
        words = f"{count(len(held), 'mailbox', 'mailboxes')} {verb} for a decision"
        return Summary(Sign(Tone.WAIT, "hand", words), more)
    if late:
        behind = sum(one.behind for one in late)
        words = f"{len(active) - len(late)} of {count(len(active), 'mailbox', 'mailboxes')} up to date"
        told = f"{count(behind, 'contact')} on the way to {count(len(late), 'mailbox', 'mailboxes')}." if behind else ""
        return Summary(Sign(Tone.BUSY, "refresh-cw", words), " ".join(filter(None, (told, more))))
    words = "The mailbox is up to date" if len(active) == 1 else f"All {len(active):,} mailboxes are up to date"
    return Summary(Sign(Tone.GOOD, "circle-check", words), more)


STANDS = {
    Stand.HERE: Sign(Tone.GOOD, "circle-check", "Up to date"),
    Stand.BEHIND: Sign(Tone.BUSY, "refresh-cw", "Change on the way"),
    Stand.COMING: Sign(Tone.BUSY, "refresh-cw", "On the way"),
    Stand.LEAVING: Sign(Tone.WAIT, "clock-3", "Being withdrawn"),
    Stand.ASIDE: Sign(Tone.BAD, "triangle-alert", "Set aside"),
}


def stand(place: Whereabouts) -> Sign:
    """How a contact stands in one mailbox."""
    return STANDS[place.stand]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what people see can be: since when the oldest change is on its way, or the longest unseen is unseen."""

    oldest: datetime | None
    looked: datetime | None


def freshness(standings: Sequence[Standing], oldest: Sequence[datetime]) -> Freshness:
    """Of all mailboxes that are not paused; `oldest` by mailbox, of those to which something is on its way."""
    passes = [one.last_pass_at for one in standings if one.state is not MailboxState.PAUSED]
    looked = min((moment for moment in passes if moment), default=None)
    return Freshness(min(oldest, default=None), looked if all(passes) else None)


WAITS = Sign(Tone.WAIT, "hand", "Waits for you")
"""A hold, in a list."""


# --- Levels ----------------------------------------------------------------------------------------------------------

LEVELS = {
    Level.VIEW: ("can view", "eye"),
    Level.EDIT: ("can edit", "pencil"),
    Level.DELETE: ("can edit and delete", "trash-2"),
    Level.MANAGE: ("manages", "key-round"),
}

PRINCIPALS = {
    PrincipalKind.USER: "Person",
    PrincipalKind.GROUP: "Google group",
    PrincipalKind.UNIT: "Organisational unit",
    PrincipalKind.DOMAIN: "The whole domain",
}


def because(name: PrincipalName) -> str:
    """How a grant to this principal reaches someone."""
    match name.kind:
        case PrincipalKind.USER:
            return "granted to the person"
        case PrincipalKind.GROUP:
            return f"member of {name.name}"
        case PrincipalKind.UNIT:
            return f"in or below {name.name}"
        case PrincipalKind.DOMAIN:
            return "everyone in the domain"


def because_you(name: PrincipalName) -> str:
    """How a grant to this principal reaches whoever reads it."""
    match name.kind:
        case PrincipalKind.USER:
            return "it was shared with you"
        case PrincipalKind.GROUP:
            return f"you are in {name.name}"
        case PrincipalKind.UNIT:
            return f"you are in or below {name.name}"
        case PrincipalKind.DOMAIN:
            return "it is shared with everyone"


ROLES = {Role.ADMINISTRATOR: "Administrator", Role.AUDITOR: "Auditor"}


def role(one: Role | None) -> str:
    """What someone is beyond their levels; empty where they are nothing."""
    return ROLES[one] if one else ""


# --- Moments ---------------------------------------------------------------------------------------------------------

_STEPS = ((60, "second"), (60, "minute"), (24, "hour"), (30, "day"))


def ago(moment: datetime, now: datetime) -> str:
    """How long since, or until: `4 seconds ago`, `in 2 minutes`; a date where it is longer than a month."""
    seconds = (now - moment).total_seconds()
    number, unit = abs(seconds), "month"
    if number < 1.5:
        return "just now" if seconds >= 0 else "now"
    for step, name in _STEPS:
        if number < step:
            unit = name
            break
        number /= step
    else:
        return on_day(moment)
    words = count(int(number), unit)
    return f"{words} ago" if seconds > 0 else f"in {words}"


def at_time(moment: datetime, now: datetime) -> str:
    """The time of day where the machine stands; with the day where it is another day."""
    here, today = moment.astimezone(), now.astimezone().date()
    clock = f"{here:%H:%M:%S}"
    if here.date() == today:
        return clock
    return f"yesterday {clock}" if here.date() == today - timedelta(days=1) else f"{on_day(moment)} {clock}"


def soon(moment: datetime, now: datetime) -> str:
    """How long until something that is due: `in 2 minutes`, and once it is due, `any moment`."""
    return ago(moment, now) if (moment - now).total_seconds() >= 1 else "any moment"


def on_day(moment: datetime) -> str:
    """A date: 3 November 2026."""
    here = moment.astimezone()
    return f"{here.day} {here:%B %Y}"


# --- Fields ----------------------------------------------------------------------------------------------------------

FIELDS = {
    "names": "name",
    "nicknames": "nickname",
    "emailAddresses": "e-mail",
    "phoneNumbers": "phone",
    "addresses": "address",
    "organizations": "company",
    "occupations": "occupation",
    "birthdays": "birthday",
    "events": "date",
    "urls": "website",
    "relations": "relation",
    "imClients": "chat",
    "sipAddresses": "internet call",
    "calendarUrls": "calendar",
    "biographies": "notes",
    "userDefined": "custom field",
    "level": "level",
    "name": "name",
}


HEADINGS = {
    "names": "Name",
    "nicknames": "Nicknames",
    "emailAddresses": "E-mail",
    "phoneNumbers": "Phone",
    "addresses": "Addresses",
    "organizations": "Company",
    "occupations": "Occupation",
    "birthdays": "Birthday",
    "events": "Dates",
    "urls": "Websites",
    "relations": "Related people",
    "imClients": "Chat",
    "sipAddresses": "Internet calls",
    "calendarUrls": "Calendars",
    "biographies": "Notes",
    "userDefined": "Custom fields",
}
"""A field as the form of a contact heads it."""
ANOTHER = {
    "nicknames": "Nickname",
    "emailAddresses": "Another e-mail",
    "phoneNumbers": "Another number",
    "addresses": "Another address",
    "organizations": "Another company",
    "occupations": "Occupation",
    "events": "Date",
    "urls": "Website",
    "relations": "Related person",
    "imClients": "Chat",
    "sipAddresses": "Internet call",
    "calendarUrls": "Calendar",
    "userDefined": "Custom field",
}
"""The button that adds a row of a field."""


def fields(names: Sequence[str]) -> str:
    """Names of fields, in a row: `name, phone`."""
    return ", ".join(FIELDS.get(name, name) for name in names)
