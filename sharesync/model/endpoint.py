"""Endpoints: somebody who is told. Which kinds there are, what each can be told of, and who may hear of it.

What is told is named `noun.happened`; each name stands for actions of the change log (`TOLD`). What is not in that
table is told to nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from types import MappingProxyType

from sharesync.errors import InvalidInput
from sharesync.model.audit import Outcome


class EndpointKind(Enum):
    """How somebody is told."""

    MAIL = "mail"
    CHAT = "chat"
    """A room of Google Chat, Slack or another that takes `{"text": …}`; its address is a secret."""
    WEBHOOK = "webhook"
    """A program (Standard Webhooks 1.0.0, standardwebhooks.com): each message is signed."""

    @staticmethod
    def parse(word: str) -> EndpointKind:
        """The kind of a word such as `mail`. Raises InvalidInput."""
        try:
            return EndpointKind(word.strip().lower())
        except ValueError:
            raise InvalidInput("“%(word)s” is no kind of endpoint; use mail, chat or webhook.", word=word) from None


class EndpointState(Enum):
    """Whether it is told."""

    ON = "on"
    OFF = "off"


class Hears(Enum):
    """Who may hear of an event."""

    VIEWERS = "viewers"
    """Who sees the group, or a group that holds the contact."""
    MANAGERS = "managers"
    """Who manages the group, or a group that holds the contact, and so decides."""
    OVERSEERS = "overseers"
    """Administrators and auditors; and the user whose mailbox it is about."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What an action of the log is told as."""

    name: str
    hears: Hears
    outcomes: frozenset[Outcome] = frozenset({Outcome.OK})
    """Those that are told: a try that was undone changed nothing."""
    about: str = ""
    """What else it is about, by whose id its reason names it: a program is told the id under this name."""


_ANY = frozenset(Outcome) - {Outcome.INTENDED}
TOLD: Mapping[str, Telling] = MappingProxyType(
    {
        "contact.create": Telling("contact.created", Hears.VIEWERS),
        "contact.update": Telling("contact.updated", Hears.VIEWERS),
        "contact.set_photo": Telling("contact.updated", Hears.VIEWERS),
        "contact.remove_photo": Telling("contact.updated", Hears.VIEWERS),
        "contact.merge": Telling("contact.updated", Hears.VIEWERS),
        "contact.unmerge": Telling("contact.updated", Hears.VIEWERS),
        "contact.trash": Telling("contact.deleted", Hears.VIEWERS),
        "contact.restore": Telling("contact.restored", Hears.VIEWERS),
        "contact.recover": Telling("contact.restored", Hears.VIEWERS),
        "contact.erase": Telling("contact.erased", Hears.VIEWERS),
        "entry.write": Telling("entry.written", Hears.VIEWERS, about="entry"),
        "entry.change": Telling("entry.changed", Hears.VIEWERS, about="entry"),
        "entry.remove": Telling("entry.removed", Hears.VIEWERS, about="entry"),
        "group.create": Telling("group.created", Hears.VIEWERS),
        "group.rename": Telling("group.updated", Hears.VIEWERS),
        "group.describe": Telling("group.updated", Hears.VIEWERS),
        "group.delete": Telling("group.deleted", Hears.VIEWERS),
        "group.add": Telling("group.contact_added", Hears.VIEWERS),
        "group.take": Telling("group.contact_removed", Hears.VIEWERS),
        "grant.set": Telling("grant.set", Hears.MANAGERS),
        "grant.remove": Telling("grant.removed", Hears.MANAGERS),
        "hold.keep": Telling("hold.opened", Hears.MANAGERS, frozenset({Outcome.HELD})),
        "hold.apply": Telling("hold.decided", Hears.MANAGERS, _ANY),
        "hold.restore": Telling("hold.decided", Hears.MANAGERS, _ANY),
        "hold.close": Telling("hold.decided", Hears.MANAGERS, _ANY),
        "hold.expire": Telling("hold.decided", Hears.MANAGERS, _ANY),
        "proposal.keep": Telling("proposal.opened", Hears.MANAGERS, _ANY),
        "proposal.accept": Telling("proposal.decided", Hears.MANAGERS, _ANY),
        "proposal.dismiss": Telling("proposal.decided", Hears.MANAGERS, _ANY),
        "conflict.keep": Telling("conflict.opened", Hears.MANAGERS, _ANY),
        "conflict.resolve": Telling("conflict.decided", Hears.MANAGERS, _ANY),
        "mailbox.need": Telling("mailbox.attention", Hears.OVERSEERS, _ANY),
        "mailbox.recover": Telling("mailbox.recovered", Hears.OVERSEERS, _ANY),
        "directory.need": Telling("directory.attention", Hears.OVERSEERS, _ANY),
        "directory.recover": Telling("directory.recovered", Hears.OVERSEERS, _ANY),
        "endpoint.switch_off": Telling("endpoint.switched_off", Hears.OVERSEERS, _ANY),
        "token.revoke": Telling("token.ended", Hears.OVERSEERS, about="token"),
        "token.expire": Telling("token.ended", Hears.OVERSEERS, about="token"),
    }
)
"""By action."""

NAMES = tuple(dict.fromkeys(one.name for one in TOLD.values()))
DIGEST = "digest"
"""What waits, once a day; told by mail alone, and no event of the log."""
TEST = "webhook.test"
"""What is sent to see whether it arrives."""

URGENT = ("hold.opened", "mailbox.attention", "directory.attention", "endpoint.switched_off")
"""What somebody must look at soon."""
USUAL: Mapping[EndpointKind, tuple[str, ...]] = MappingProxyType(
    {
        EndpointKind.MAIL: (*URGENT, "proposal.decided", DIGEST, "token.ended"),
        EndpointKind.CHAT: (*URGENT, "proposal.opened", "conflict.opened"),
        EndpointKind.WEBHOOK: NAMES,
    }
)
"""What each kind is told of where nobody chose."""
GROUPED: Mapping[EndpointKind, timedelta] = MappingProxyType(
    {EndpointKind.MAIL: timedelta(minutes=10), EndpointKind.CHAT: timedelta(minutes=1)}
)
"""Between two messages; what happens meanwhile is told in one. A webhook gets each event in a message of its own."""


def can_tell(kind: EndpointKind) -> tuple[str, ...]:
    """What an endpoint of this kind can be told of."""
    return USUAL[kind] if kind is EndpointKind.MAIL else NAMES


def names_of(kind: EndpointKind, words: Iterable[str]) -> tuple[str, ...]:
    """The names that are meant by words such as `hold.opened`, `contact` or `contact.*`. Raises InvalidInput."""
    known, meant = can_tell(kind), set[str]()
    for word in words:
        wanted = word.strip().lower().removesuffix(".*")
        found = {name for name in known if name == wanted or name.partition(".")[0] == wanted}
        if not found:
            raise InvalidInput(
                "“%(word)s” is nothing that %(kind)s is told of; there are %(known)s.",
                word=word,
                kind=kind.value,
                known=", ".join(known),
            )
        meant |= found
    if not meant:
        raise InvalidInput("Name at least one kind of event, or none at all for the usual ones.")
    return tuple(name for name in known if name in meant)


def actions_of(names: Collection[str]) -> list[str]:
    """The actions of the log that are told under these names."""
    return [action for action, telling in TOLD.items() if telling.name in names]


# --- Retries ---------------------------------------------------------------------------------------------------------

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=one) for one in (2, 5, 10, 14, 20, 24)),
)
"""Between two tries of one message, as Standard Webhooks proposes; after the last it is dead."""
JITTER = 0.2
"""By how much of itself a wait may be longer, so that what failed together is not tried together."""
LONGEST = timedelta(hours=24)
"""The longest pause that an endpoint may ask for."""
HOLDS = timedelta(hours=24)
"""For how long a secret that was replaced still signs, beside the new one."""


def next_wait(tries: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed tries; None where it was the last. `chance`: from 0 to 1."""
    return WAITS[tries - 1] * (1 + JITTER * chance) if tries <= len(WAITS) else None
