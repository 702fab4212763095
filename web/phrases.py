"""Phrases: the lines of the change log as sentences. Tables; what is in a line was decided in the store.

A phrase has slots: {what} the contacts, {group} and {mailbox}, {whom} and {level} of a grant, {person} whose role it
is. The template fills them with names and links. An action that the table does not know is shown by its own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, Outcome, Source
from sharesync.store.timeline import Line
from sharesync.store.who import Who
from web.words import Sign, Tone

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


PHRASES: dict[str, tuple[str, str]] = {
    "contact.create": ("list-plus", "added {what} to {group}"),
    "contact.update": ("pencil", "changed {what}"),
    "contact.delete": ("trash-2", "deleted {what}"),
    "contact.trash": ("trash-2", "left {what} in no group: in the trash now"),
    "contact.recover": ("rotate-ccw", "brought back {what}, which the store had lost"),
    "group.create": ("tag", "made the group {group}"),
    "group.rename": ("tag", "renamed the group {group}"),
    "group.describe": ("tag", "described {group}"),
    "group.decline": ("eye-off", "hid {group} from their own Google Contacts"),
    "group.want": ("eye", "wants {group} in their own Google Contacts again"),
    "group.delete": ("tag", "deleted the group {group}"),
    "group.add": ("list-plus", "put {what} into {group}"),
    "group.take": ("undo-2", "took {what} out of {group}"),
    "grant.set": ("key-round", "let {whom} {level} {group}"),
    "grant.remove": ("key-round", "ended the access of {whom} to {group}"),
    "role.set": ("shield-check", "gave {person} a role"),
    "role.remove": ("shield-check", "took the role of {person} away"),
    "session.open": ("log-in", "signed in"),
    "session.close": ("log-out", "signed out"),
    "access.deny": ("ban", "asked for what is not theirs"),
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
    "key.make": ("key-round", "made the keys with which sharesync signs"),
    "import.run": ("upload", "imported a file into {group}"),
    "import.undo": ("undo-2", "undid an import into {group}"),
    "contact.export": ("upload", "took a copy of {what} of {group}"),
    "log.check": ("shield-check", "had the change log checked"),
    "log.export": ("upload", "took a copy of the change log"),
    "log.retire": ("upload", "archived the oldest events of the change log"),
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
    "mailbox.ask": ("refresh-cw", "asked for a pass over {mailbox}"),
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
