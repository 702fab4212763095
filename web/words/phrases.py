"""Phrases: the lines of the change log as sentences. Tables; what is in a line was decided in the store.

A phrase has slots: {what} the contacts, {group} and {mailbox}, {whom} and {level} of a grant, {person} whose role it
is. The template fills them with names and links. An action that the table does not know is shown by its own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from babel.lists import format_list

from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, Outcome, Source
from sharesync.model.waiting import Resolution
from sharesync.store.queries.fates import Deciders, ProposalFate
from sharesync.store.queries.grant_words import Given
from sharesync.store.queries.people import Who
from sharesync.store.queries.timeline import Line
from web.words.languages import N_, Spoken, _, alphabet, language
from web.words.moments import in_full
from web.words.refusals import said
from web.words.terms import LEVELS, Sign, Tone, count

OUTCOMES: dict[Outcome, Sign] = Spoken(
    {
        Outcome.REVERTED: Sign(Tone.WAIT, "undo-2", N_("undone")),
        Outcome.RESTORED: Sign(Tone.WAIT, "rotate-ccw", N_("restored")),
        Outcome.HELD: Sign(Tone.WAIT, "hand", N_("held")),
        Outcome.DENIED: Sign(Tone.BAD, "ban", N_("refused")),
        Outcome.FAILED: Sign(Tone.BAD, "circle-x", N_("failed")),
    }
)
"""How an event ended, where it did not simply succeed."""
FATES: dict[Resolution, Sign] = Spoken(
    {
        Resolution.OPEN: Sign(Tone.WAIT, "clock-3", N_("waiting")),
        Resolution.APPLIED: Sign(Tone.GOOD, "circle-check", N_("accepted")),
        Resolution.RESTORED: Sign(Tone.QUIET, "circle-x", N_("dismissed")),
    }
)
"""What became of a proposal."""
UNSIGNED: dict[Outcome, str] = Spoken({Outcome.OK: N_("done"), Outcome.INTENDED: N_("about to be done")})
"""What needs no sign: it went well, or the sentence says that it is yet to come."""


def outcome(line: Line) -> Sign | None:
    """How the event ended, if there is anything to say; of a proposal, what became of it."""
    if line.fate is not None:
        return FATES[line.fate]
    return None if line.action == "proposal.dismiss" else OUTCOMES.get(line.outcome)


PHRASES: dict[str, tuple[str, str]] = {
    "contact.create": ("list-plus", N_("added {what} to {group}")),
    "contact.update": ("pencil", N_("changed {what}")),
    "contact.delete": ("trash-2", N_("deleted {what}")),
    "contact.trash": ("trash-2", N_("moved {what} to the trash")),
    "contact.set_photo": ("image", N_("set the photo of {what}")),
    "contact.remove_photo": ("image", N_("removed the photo of {what}")),
    "contact.check": ("circle-check", N_("marked {what} as right")),
    "contact.uncheck": ("undo-2", N_("undid the check of {what}")),
    "contact.recover": ("rotate-ccw", N_("recovered {what} from a mailbox")),
    "group.create": ("tag", N_("created the group {group}")),
    "group.rename": ("tag", N_("renamed the group {group}")),
    "group.describe": ("tag", N_("described {group}")),
    "field.create": ("list-plus", N_("defined a field")),
    "field.rename": ("pencil", N_("renamed a field")),
    "field.retype": ("pencil", N_("gave a field another kind")),
    "field.place": ("pencil", N_("moved a field")),
    "field.change": ("pencil", N_("changed what a field asks for")),
    "field.arrange": ("list-plus", N_("put the fields into another order")),
    "field.delete": ("trash-2", N_("deleted a field")),
    "filter.save": ("list-plus", N_("saved a filter")),
    "filter.forget": ("undo-2", N_("deleted a saved filter")),
    "review.start": ("list-checks", N_("started a review")),
    "review.decide": ("list-checks", N_("looked through {what} in a review")),
    "review.move": ("list-checks", N_("asked somebody else about {what} in a review, or nobody")),
    "review.end": ("list-checks", N_("ended a review")),
    "review.resume": ("undo-2", N_("took back that a review ended")),
    "group.filter": ("tag", N_("chose another filter for {group}")),
    "group.stop": ("hand", N_("stopped taking contacts from a group into {group}")),
    "group.resume": ("tag", N_("took contacts from a group into {group} again")),
    "group.decline": ("eye-off", N_("hid {group} from their own Google Contacts")),
    "group.want": ("eye", N_("wants {group} in their own Google Contacts again")),
    "group.delete": ("tag", N_("deleted the group {group}")),
    "group.add": ("list-plus", N_("put {what} into {group}")),
    "group.take": ("undo-2", N_("removed {what} from {group}")),
    "grant.set": ("key-round", N_("let {whom} {level} {group}")),
    "grant.remove": ("key-round", N_("ended the access of {whom} to {group}")),
    "role.set": ("shield-check", N_("gave {person} a role")),
    "role.remove": ("shield-check", N_("took the role of {person} away")),
    "service.create": ("plug", N_("created a service for a program")),
    "service.remove": ("plug", N_("removed a service")),
    "token.create": ("key-round", N_("created a token for a program")),
    "token.revoke": ("key-round", N_("revoked a token")),
    "token.expire": ("key-round", N_("ended a token whose time was over")),
    "endpoint.create": ("send", N_("created an endpoint")),
    "endpoint.change": ("send", N_("chose the events of an endpoint")),
    "endpoint.rotate": ("key-round", N_("gave a webhook a new secret")),
    "endpoint.test": ("send", N_("sent a test to an endpoint")),
    "endpoint.replay": ("send", N_("sent events to an endpoint again")),
    "endpoint.switch_off": ("circle-x", N_("switched an endpoint off, which refuses or never answers")),
    "endpoint.switch_on": ("send", N_("switched an endpoint on")),
    "endpoint.remove": ("send", N_("removed an endpoint")),
    "session.open": ("log-in", N_("signed in")),
    "session.close": ("log-out", N_("signed out")),
    "access.deny": ("ban", N_("was denied access")),
    "directory.sync": ("building-2", N_("read the directory")),
    "directory.need": ("triangle-alert", N_("could not read the directory: somebody must act")),
    "directory.recover": ("building-2", N_("could read the directory again")),
    "mailbox.need": ("triangle-alert", N_("found that {mailbox} needs somebody")),
    "mailbox.recover": ("inbox", N_("found {mailbox} well again")),
    "label.create": ("tag", N_("created the label {group} in {mailbox}")),
    "label.rename": ("tag", N_("named the label {group} in {mailbox} as the group is named")),
    "label.give": ("tag", N_("shared a label of their own as {group}")),
    "label.fill": ("tag", N_("put the label {group} on contacts in {mailbox}")),
    "label.delete": ("tag", N_("removed the label {group} from {mailbox}")),
    "label.release": ("tag", N_("left the label {group} to {mailbox}")),
    "label.put_on": ("tag", N_("put the label {group} on {what}")),
    "label.take_off": ("tag", N_("took the label {group} off {what}")),
    "link.adopt": ("link", N_("had {what} already in {mailbox}: linked, not copied")),
    "link.find": ("link", N_("found {what} again in {mailbox}")),
    "person.create": ("send", N_("delivered {what} to {mailbox}")),
    "person.update": ("send", N_("brought {what} up to date in {mailbox}")),
    "person.set_photo": ("send", N_("delivered the photo of {what} to {mailbox}")),
    "person.remove_photo": ("send", N_("withdrew the photo of {what} from {mailbox}")),
    "person.delete": ("send", N_("withdrew {what} from {mailbox}")),
    "person.release": ("send", N_("left {what} to {mailbox} as their own")),
    "person.end": ("user-minus", N_("found {what} gone with {mailbox}, which is no more")),
    "person.refuse": ("triangle-alert", N_("could not deliver {what} to {mailbox}")),
    "conflict.keep": (
        "layers",
        N_("and someone else changed {what} at the same time: one value is used, the other is kept"),
    ),
    "contact.erase": ("trash-2", N_("erased {what} for good")),
    "contact.hold": ("hand", N_("put a legal hold on {what}")),
    "contact.unhold": ("hand", N_("ended the legal hold on {what}")),
    "group.restore": ("rotate-ccw", N_("restored {group} to a moment")),
    "log.read": ("eye", N_("read the change log")),
    "key.make": ("key-round", N_("made the keys with which sharesync signs")),
    "key.move": ("key-round", N_("moved the key that signs the change log into a file")),
    "import.run": ("upload", N_("imported a file into {group}")),
    "import.undo": ("undo-2", N_("undid an import into {group}")),
    "contact.export": ("upload", N_("exported contacts from {group}")),
    "log.check": ("shield-check", N_("verified the change log")),
    "log.export": ("upload", N_("exported the change log")),
    "log.retire": ("upload", N_("archived the oldest events of the change log")),
    "mailbox.send": ("send", N_("is about to write to {mailbox}")),
    "conflict.reopen": ("layers", N_("undid a decision about a conflict of {what}")),
    "conflict.resolve": ("layers", N_("decided a conflict of {what}")),
    "contact.restore": ("rotate-ccw", N_("restored {what} from the trash")),
    "contact.merge": ("git-merge", N_("merged {what} with another contact")),
    "contact.unmerge": ("undo-2", N_("undid the merge of {what} with another contact")),
    "entry.write": ("notebook-pen", N_("wrote an entry about {what}")),
    "entry.change": ("notebook-pen", N_("changed an entry about {what}")),
    "entry.remove": ("notebook-pen", N_("removed an entry about {what}")),
    "calendar.open": ("calendar", N_("made an address for the calendar of their follow-ups")),
    "calendar.close": ("calendar", N_("ended the address of their calendar")),
    "duplicate.dismiss": ("copy", N_("marked {what} as not the same as another contact")),
    "duplicate.restore": ("undo-2", N_("undid that {what} is not the same as another contact")),
    "contact.purge": ("trash-2", N_("emptied {what} from the trash")),
    "group.limit": ("hand", N_("set how much may change at once in {group}")),
    "hold.keep": ("hand", N_("changed much of {group} at once")),
    "hold.apply": ("hand", N_("accepted a held change of {group}")),
    "hold.restore": ("hand", N_("undid a held change of {group}")),
    "hold.expire": ("hand", N_("held loss of {group} carried out after a day")),
    "hold.close": ("hand", N_("held change of {group} settled by itself")),
    "link.double": ("layers", N_("has a second copy of {what} in {mailbox}")),
    "label.double": ("tag", N_("has a second label {group} in {mailbox}")),
    "link.merge": ("layers", N_("merged {what} with a contact of their own")),
    "proposal.keep": ("message-circle", N_("proposed a change of {what}")),
    "proposal.accept": ("check", N_("accepted a proposed change of {what}")),
    "proposal.dismiss": ("circle-x", N_("dismissed a proposed change of {what}")),
    "proposal.reopen": ("message-circle", N_("undid a decision about a proposed change of {what}")),
    "deed.undo": ("undo-2", N_("undid an earlier act")),
    "question.ask": ("circle-help", N_("may have merged {what} with a contact of their own, and is asked")),
    "question.share": ("check", N_("said that what they typed on {what} is for everyone")),
    "question.keep": ("circle-x", N_("said that what stands on {what} in their contacts is theirs alone")),
    "mailbox.ask": ("refresh-cw", N_("started a pass over {mailbox}")),
    "mailbox.end": ("user-minus", N_("found {mailbox} to be no more: its user was deleted for good")),
    "mailbox.reset": ("rotate-ccw", N_("reset {mailbox}")),
}
# Withdrawn by us, or deleted by its user and made again: the same action.
UNDONE: dict[tuple[str, Outcome], str] = {("label.delete", Outcome.RESTORED): N_("deleted the label {group}")}
NAMELESS = N_("has a contact with a mark that is no contact's in {mailbox}")
"""`link.double` where the mark is not one of ours."""
STRAY = N_("put the label {group} on a contact of their own")
"""`label.put_on` without a contact: nothing of a contact of the user's own is known to us, and nothing is said."""

_LEVEL_PHRASES = {
    Level.VIEW: N_("view"),
    Level.EDIT: N_("edit"),
    Level.DELETE: N_("edit and delete in"),
    Level.MANAGE: N_("manage"),
}
# With the word before it, in any of our languages.
_NO_GROUP = re.compile(
    r" (?:to|into|out of|from|of|on|off|in|til|ind i|inn i|in i|ud af|ut av|ur|på|af|av|från|fra|i)? ?\{group\}"
)
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
    if line.fate is not None:
        icon, text = PHRASES["proposal.keep"]
    if line.action == "label.put_on" and not line.count:
        text = STRAY
    if line.action == "link.double" and not line.count:
        text = NAMELESS
    if line.action == "grant.set" and line.given is None:
        text = N_("changed who has access to {group}")
    if line.action == "grant.remove" and line.given is None:
        text = N_("ended someone's access to {group}")
    text = _(text)
    if line.group is None:
        text = _NO_GROUP.sub("", text)
    level = _(_LEVEL_PHRASES[line.given.after]) if line.given and line.given.after else ""
    parts = _SLOT.split(text)
    pieces = tuple((part, "") if odd % 2 else ("", part) for odd, part in enumerate(parts) if part)
    return Phrase(icon, tuple(("", level) if slot == "level" else (slot, words) for slot, words in pieces))


def named(action: str) -> str:
    """An action by itself: `changed …`."""
    text = _(PHRASES[action][1]) if action in PHRASES else action.replace(".", " ")
    return " ".join(_SLOT.sub("…", text).split())


_ID = re.compile(r" ?\(?\b[0-9a-f]{32}\b\)?")
TYPED = frozenset({"contact.erase", "contact.hold", "contact.unhold"})
"""Actions whose reason somebody typed."""


def reason(line: Line) -> str:
    """Why, where the log says it in words; the ids in it are for programs."""
    told = why(line.action, line.reason)
    return told if line.action in TYPED else _ID.sub("", told).strip()


def why(action: str, told: str) -> str:
    """The reason that an event gives, all of it."""
    if action in TYPED:
        return told
    if action == "group.restore":
        return in_full(datetime.fromisoformat(told))
    if action == "key.make":
        return ", ".join(_(one) for one in told.split(", "))
    return said(told)


def levels(given: Given) -> str:
    """From which level to which: `no access → can edit`."""
    return " → ".join(LEVELS[one] if one else _("no access") for one in (given.before, given.after))


OF_PEOPLE = frozenset({"role.set", "role.remove", "session.open", "session.close"})
"""Actions whose mailbox stands for its user."""


WORDS = (
    N_("administrator"), N_("auditor"),
    N_("now"), N_("full"), N_("reset"),
    N_("mark"), N_("log"), N_("suppression"),
    N_("hidden"), N_("by level"), N_("view"), N_("edit"), N_("delete"), N_("manage"), N_("oversee"), N_("administer"),
    N_("may only view"),
    N_("two shared contacts were merged in Google Contacts; the web page is the place to merge"),
)  # fmt: skip
"""What reasons hold of the words of tables: roles, manners, keys, rights, why an edit is undone."""


def actor(who: Who) -> str:
    """Who acted."""
    match who.kind:
        case ActorKind.USER | ActorKind.MAILBOX:
            return who.name or who.email or _("Someone")
        case ActorKind.TOKEN:
            return _("%(token)s for %(owner)s", token=who.name, owner=who.email) if who.name else _("A program")
        case ActorKind.SYSTEM:
            return _("The operator") if who.id == "operator" else "sharesync"


SOURCES = {
    Source.WEB: ("globe", N_("in the web page")),
    Source.GOOGLE: ("contact", N_("in Google Contacts")),
    Source.IMPORT: ("upload", N_("by import")),
    Source.API: ("plug", N_("by a program")),
    Source.CLI: ("square-terminal", N_("on the command line")),
    Source.SYNC: ("refresh-cw", N_("by itself")),
    Source.DIRECTORY: ("building-2", N_("in the directory")),
}


NAMED = 3
"""So many of those who may decide are named; the others are counted."""


def fate(one: ProposalFate) -> str:
    """By whom a proposal was decided, as far as the log still says so."""
    return _("by %(actor)s", actor=actor(one.by)) if one.by else ""


def waits_for(one: Deciders) -> str:
    """Who decides about an open proposal: `It waits for Dag Dæhlie or Eva Ekström.`"""
    there = alphabet().in_order(one.people, str)
    named = [*there[:NAMED], *([count(len(there) - NAMED, "other")] if len(there) > NAMED else [])]
    people = format_list(named, "or", language())
    if one.managers:
        return _("It waits for %(people)s.", people=people)
    if not named:
        return _("The group has no manager, so it waits for an administrator.")
    return _("The group has no manager, so it waits for an administrator: %(people)s.", people=people)


def ending(one: Outcome) -> str:
    """How an event ended, in a word."""
    return OUTCOMES[one].word if one in OUTCOMES else UNSIGNED[one]


def source(where: Source) -> tuple[str, str]:
    """Where it was done: icon and words."""
    icon, words = SOURCES[where]
    return icon, _(words)
