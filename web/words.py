"""Words: how states, levels, actions and moments are said to people. Tables; nothing is decided here.

A sign never stands alone: every icon and colour has its word beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, Outcome, Source
from sharesync.model.contact import VersionKind
from sharesync.model.mailbox import MailboxState
from sharesync.store.overview import Standing
from sharesync.store.timeline import Line, Who
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


# --- Levels ----------------------------------------------------------------------------------------------------------

LEVELS = {
    Level.VIEW: ("can view", "eye"),
    Level.EDIT: ("can edit", "pencil"),
    Level.DELETE: ("can edit and delete", "trash-2"),
    Level.MANAGE: ("manages", "key-round"),
}


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


# --- Events ----------------------------------------------------------------------------------------------------------

OUTCOMES = {
    Outcome.REVERTED: Sign(Tone.WAIT, "undo-2", "undone"),
    Outcome.RESTORED: Sign(Tone.WAIT, "rotate-ccw", "made again"),
    Outcome.HELD: Sign(Tone.WAIT, "hand", "held"),
    Outcome.DENIED: Sign(Tone.BAD, "ban", "refused"),
    Outcome.FAILED: Sign(Tone.BAD, "circle-x", "failed"),
}
"""How an event ended, where it did not simply succeed."""
UNSIGNED = frozenset({Outcome.OK, Outcome.INTENDED})
"""What needs no sign: it went well, or the sentence says that it is yet to come."""


def outcome(line: Line) -> Sign | None:
    """How the event ended, if there is anything to say."""
    return OUTCOMES.get(line.outcome)


# {what} the contacts, {group} and {mailbox} as links, {whom} and {level} of a grant. An action the table does not know
# is shown by its own name.
PHRASES: dict[str, tuple[str, str]] = {
    "contact.create": ("list-plus", "added {what} to {group}"),
    "contact.update": ("pencil", "changed {what}"),
    "contact.delete": ("trash-2", "deleted {what}"),
    "contact.trash": ("trash-2", "left {what} in no group: in the trash now"),
    "contact.recover": ("rotate-ccw", "brought back {what}, which the store had lost"),
    "group.create": ("tag", "made the group {group}"),
    "group.rename": ("tag", "renamed the group {group}"),
    "group.delete": ("tag", "deleted the group {group}"),
    "group.add": ("list-plus", "put {what} into {group}"),
    "group.take": ("undo-2", "took {what} out of {group}"),
    "grant.set": ("key-round", "let {whom} {level} {group}"),
    "grant.remove": ("key-round", "ended the access of {whom} to {group}"),
    "directory.sync": ("building-2", "read the directory"),
    "label.create": ("tag", "made the label {group} in {mailbox}"),
    "label.rename": ("tag", "named the label {group} in {mailbox} as the group is named"),
    "label.fill": ("tag", "put the label {group} on contacts in {mailbox}"),
    "label.delete": ("tag", "removed the label {group} from {mailbox}"),
    "label.release": ("tag", "left the label {group} to {mailbox}"),
    "label.put_on": ("tag", "put the label {group} on {what}"),
    "label.take_off": ("tag", "took the label {group} off {what}"),
    "link.adopt": ("link", "had {what} already in {mailbox}: linked, not copied"),
    "link.find": ("link", "found {what} again in {mailbox}"),
    "person.create": ("send", "delivered {what} to {mailbox}"),
    "person.update": ("send", "brought {what} up to date in {mailbox}"),
    "person.delete": ("send", "withdrew {what} from {mailbox}"),
    "person.release": ("send", "left {what} to {mailbox} as their own"),
    "person.refuse": ("triangle-alert", "could not deliver {what} to {mailbox}"),
    "conflict.keep": ("layers", "and someone else changed {what} at once: one value stands, the other is kept"),
    "contact.erase": ("trash-2", "erased all that was kept of {what}"),
    "contact.hold": ("hand", "forbade to erase {what}"),
    "contact.unhold": ("hand", "allowed again to erase {what}"),
    "group.restore": ("rotate-ccw", "brought {group} back to how it stood"),
    "log.read": ("eye", "looked at the change log"),
    "log.export": ("upload", "took a copy of the change log"),
    "mailbox.send": ("send", "is about to write to {mailbox}"),
    "conflict.resolve": ("layers", "decided between two values of {what}"),
    "contact.restore": ("rotate-ccw", "brought {what} back from the trash"),
    "contact.purge": ("trash-2", "ended the time of {what} in the trash"),
    "group.limit": ("hand", "set how much may change at once in {group}"),
    "hold.keep": ("hand", "changed much of {group} at once"),
    "hold.apply": ("hand", "let a held change of {group} stand"),
    "hold.restore": ("hand", "undid a held change of {group}"),
    "hold.close": ("hand", "held change of {group} settled by itself"),
    "link.merge": ("layers", "merged {what} with a contact of their own"),
    "proposal.keep": ("message-circle", "proposed that change of {what}"),
    "proposal.accept": ("check", "accepted a proposed change of {what}"),
    "proposal.dismiss": ("circle-x", "put aside a proposed change of {what}"),
    "mailbox.reset": ("rotate-ccw", "forgot what it knew of {mailbox} and looked anew"),
}
# Withdrawn by us, or deleted by its user and made again: the same action.
UNDONE: dict[tuple[str, Outcome], str] = {("label.delete", Outcome.RESTORED): "deleted the label {group}"}
STRAY = "put the label {group} on a contact of their own"
"""`label.put_on` without a contact: nothing of a contact of the user's own is known to us, and nothing is said."""

_LEVEL_PHRASES = {
    Level.VIEW: "view",
    Level.EDIT: "edit",
    Level.DELETE: "edit and delete in",
    Level.MANAGE: "manage",
}
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of the log as words and slots, in order; a slot is (name, ""), words are ("", text)."""

    icon: str
    pieces: tuple[tuple[str, str], ...]


def phrase(line: Line) -> Phrase:
    """What happened, for a template that fills names and links into the slots."""
    icon, text = PHRASES.get(line.action, ("pencil", line.action.replace(".", " ")))
    text = UNDONE.get((line.action, line.outcome), text)
    if line.action == "label.put_on" and not line.count:
        text = STRAY
    if line.action == "grant.set" and line.given is None:
        text = "changed who has access to {group}"
    if line.action == "grant.remove" and line.given is None:
        text = "ended someone's access to {group}"
    if line.group is None:
        text = re.sub(r" (?:to|into|out of|on|off|in)? ?\{group\}", "", text)
    level = _LEVEL_PHRASES[line.given.after] if line.given and line.given.after else ""
    parts = _SLOT.split(text)
    pieces = tuple((part, "") if odd % 2 else ("", part) for odd, part in enumerate(parts) if part)
    return Phrase(icon, tuple(("", level) if slot == "level" else (slot, words) for slot, words in pieces))


_ID = re.compile(r" ?\(?[0-9a-f]{32}\)?")


def reason(line: Line) -> str:
    """Why, where the log says it in words; the ids in it are for programs."""
    if line.action == "contact.update" and line.outcome is Outcome.REVERTED:
        return f"{line.reason}, so it is kept as a proposal"
    return _ID.sub("", line.reason)


def actor(who: Who) -> str:
    """Who acted."""
    match who.kind:
        case ActorKind.USER | ActorKind.MAILBOX:
            return who.name or who.email or "Someone"
        case ActorKind.SYSTEM:
            return "The operator" if who.id == "operator" else "sharesync"


SOURCES = {
    Source.WEB: ("globe", "in the web page"),
    Source.GOOGLE: ("contact", "in Google Contacts"),
    Source.IMPORT: ("upload", "by import"),
    Source.CLI: ("square-terminal", "on the command line"),
    Source.SYNC: ("refresh-cw", "by itself"),
    Source.DIRECTORY: ("building-2", "in the directory"),
}

VERSIONS = {
    VersionKind.ACCEPTED: "",
    VersionKind.REJECTED: "not accepted",
    VersionKind.DELETED: "before it left its last group",
}

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


def fields(names: Sequence[str]) -> str:
    """Names of fields, in a row: `name, phone`."""
    return ", ".join(FIELDS.get(name, name) for name in names)
