"""What people are told, line by line, in mail and chat: counts, names of groups, a link; no value of a contact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sharesync.errors import Sentence
from sharesync.services.telling.hearing import ToldEvent
from sharesync.store.database.engine import Session
from sharesync.store.records import groups, tokens
from sharesync.store.records.actors import people

_COUNTED: Mapping[str, Sentence] = MappingProxyType(
    {
        "contact.created": Sentence("New contacts: %(number)s"),
        "contact.updated": Sentence("Changed contacts: %(number)s"),
        "contact.deleted": Sentence("Contacts in the trash: %(number)s"),
        "contact.restored": Sentence("Contacts that came back: %(number)s"),
        "contact.erased": Sentence("Erased contacts: %(number)s"),
        "entry.written": Sentence("New entries about contacts: %(number)s"),
        "entry.changed": Sentence("Changed entries about contacts: %(number)s"),
        "entry.removed": Sentence("Removed entries about contacts: %(number)s"),
        "group.created": Sentence("New groups: %(number)s"),
        "group.updated": Sentence("Groups with another name or description: %(number)s"),
        "group.deleted": Sentence("Deleted groups: %(number)s"),
        "group.contact_added": Sentence("Contacts put into the group: %(number)s"),
        "group.contact_removed": Sentence("Contacts taken out of the group: %(number)s"),
        "grant.set": Sentence("Access granted or changed: %(number)s"),
        "grant.removed": Sentence("Access taken away: %(number)s"),
        "hold.opened": Sentence("Waits for your decision: a mass change"),
        "hold.decided": Sentence("Mass changes that were decided: %(number)s"),
        "proposal.opened": Sentence("Proposed changes: %(number)s"),
        "proposal.decided": Sentence("Proposed changes that were decided: %(number)s"),
        "conflict.opened": Sentence("Conflicts: %(number)s"),
        "conflict.decided": Sentence("Conflicts that were decided: %(number)s"),
        "endpoint.switched_off": Sentence("An endpoint is told no more: it refuses, or never answers"),
    }
)
_LOSING = Sentence("Waits for your decision: many people would lose the group by what Directory says")
_NEEDED = Sentence("The mailbox of %(mailbox)s needs somebody: %(why)s")
_DIRECTORY_NEEDS = Sentence("Directory cannot be read before somebody acts: %(why)s")
_DIRECTORY_RECOVERED = Sentence("Directory can be read again")
_RECOVERED = Sentence("The mailbox of %(mailbox)s goes on")
_ENDED = Sentence("The token “%(token)s” of %(owner)s no longer works")
_ACCEPTED = Sentence("A change that you proposed was accepted")
_DISMISSED = Sentence("A change that you proposed was dismissed")
_PAGES: Mapping[str, str] = MappingProxyType(
    {
        "hold": "/holds/",
        "proposal": "/proposals/",
        "conflict": "/conflicts/",
        "mailbox": "/mailboxes/",
        "directory": "/set-up/",
        "endpoint": "/endpoints/",
        "token": "/tokens/",
    }
)
"""Where to look at it, by the noun of what is told."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One thing that is told."""

    says: Sentence
    group: str | None
    """Its name."""
    path: str
    """Of the page that shows it."""


def lines(session: Session, told: Iterable[ToldEvent], *, own: str | None = None) -> list[ToldLine]:
    """The events as lines, those of one kind and group as one. `own`: the user who reads it."""
    told = list(told)
    known = people(session, {event.user for event in told if event.user})
    named = {group.id: group.name for group in groups.named(session)}
    ended = tokens.names(session, {event.reason for event in told if event.name == "token.ended"})
    found: Counter[tuple[Sentence, str | None, str]] = Counter()
    for event in told:
        noun = event.name.partition(".")[0]
        place = _PAGES.get(noun) or (f"/groups/{event.group}" if event.group in named else "/changes/")
        if event.name == "token.ended":
            token, owner = ended.get(event.reason, ("", ""))
            says = Sentence(_ENDED.template, token=token, owner=owner)
        else:
            says = _says(event, known.get(event.user or "", ("", ""))[1], own)
        found[says, named.get(event.group or ""), place] += 1
    return [
        ToldLine(Sentence(says.template, **{**says.values, "number": number}), group, path)
        if "%(number)s" in says.template
        else ToldLine(says, group, path)
        for (says, group, path), number in found.items()
    ]


def _says(event: ToldEvent, mailbox: str, own: str | None) -> Sentence:
    match event.name:
        case "mailbox.attention":
            return Sentence(_NEEDED.template, mailbox=mailbox, why=event.reason)
        case "directory.attention":
            return Sentence(_DIRECTORY_NEEDS.template, why=event.reason)
        case "directory.recovered":
            return _DIRECTORY_RECOVERED
        case "mailbox.recovered":
            return Sentence(_RECOVERED.template, mailbox=mailbox)
        case "proposal.decided" if own is not None and event.user == own:
            return _ACCEPTED if event.action == "proposal.accept" else _DISMISSED
        case "hold.opened" if event.directory:
            return _LOSING
    return _COUNTED[event.name]
