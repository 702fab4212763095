"""Writing beside others: what a transaction may write meanwhile, and the locks that ensure it on PostgreSQL.

A transaction writes alone, unless it says that it writes less than that. Which groups there are, who may see them and
what Directory says hang together, and are asked about all the time: what changes them is alone. Three kinds are many:

| kind | writes | goes beside |
| --- | --- | --- |
| `MailboxClaim` | one mailbox's row | claims of other mailboxes, and what is their own |
| `OwnMailbox` | one mailbox's row, links and labels | all of these of other mailboxes |
| `CardEdits` | contacts' next versions, and what follows from a version | what is other mailboxes' own |

Edits go one after the other: each makes many mailboxes due, and who compares contacts with each other
(`services/duplicates.py`) is in that place, too. So the card of a
contact, and which smart groups it is in, may change while a pass writes what is its mailbox's own, and nothing else
that it reads. None is under way while a mailbox is claimed: a pass counts on knowing what was written before its claim.

Locks are taken in one order, so nobody waits in a ring: the writer's place (alone, or beside others), the edits' place,
one mailbox, rows of mailboxes, the log's leader's. More than one mailbox's row is written only by who is alone or has
the edits' place. SQLite has one writer, who is always alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Text, bindparam, func, select

WRITER = 0x5A_AE_5C
"""The advisory lock that stands for the one writer's place."""
EDITS = 0x5A_AE_ED
"""The one that stands for the edits' place."""
MAILBOX = 0x5A_AE
"""The first half of those that stand for mailboxes, for one that was taken over has two writers."""

_EVENTS = frozenset({"events", "waiting_events", "event_values", "log_nodes", "log_spans"})
_MAILBOX = _EVENTS | {"mailboxes", "links", "labels"}
_CARDS = frozenset({"contacts", "contact_versions", "field_amounts", "signs", "pairs", "memberships"})
_ASKED = frozenset({"conflicts", "proposals", "private_cards", "arisen"})


@dataclass(frozen=True, slots=True)
class MailboxClaim:
    """The transaction claims this mailbox for a pass."""

    mailbox: str

    @property
    def writes(self) -> frozenset[str]:
        """The tables that it may write."""
        return _MAILBOX


@dataclass(frozen=True, slots=True)
class OwnMailbox:
    """The transaction writes what is this mailbox's own, and its events."""

    mailbox: str

    @property
    def writes(self) -> frozenset[str]:
        """The tables that it may write."""
        return _MAILBOX


@dataclass(frozen=True, slots=True)
class CardEdits:
    """The transaction writes next versions of contacts, and asks about them; in a pass also what is its mailbox's own.

    Which contacts there are, their photos, and which groups people put them into stays.
    """

    mailbox: str | None = None

    @property
    def writes(self) -> frozenset[str]:
        """The tables that it may write."""
        return _MAILBOX | _CARDS | _ASKED


Beside = MailboxClaim | OwnMailbox | CardEdits

_ALONE = select(func.pg_advisory_xact_lock(WRITER))
_SHARED = select(func.pg_advisory_xact_lock_shared(WRITER))
_EDITS = select(func.pg_advisory_xact_lock(EDITS))
_NO_EDITS = select(func.pg_advisory_xact_lock_shared(EDITS))
_OWN = select(func.pg_advisory_xact_lock(MAILBOX, func.hashtext(bindparam("mailbox", type_=Text))))


def take_place(connection: Connection, beside: Beside | None) -> None:
    """Wait until this transaction may write; None: alone. For PostgreSQL."""
    if beside is None:
        connection.execute(_ALONE)
        return
    connection.execute(_SHARED)
    match beside:
        case MailboxClaim():
            connection.execute(_NO_EDITS)
        case CardEdits():
            connection.execute(_EDITS)
        case OwnMailbox():
            pass
    if beside.mailbox is not None:
        connection.execute(_OWN, {"mailbox": beside.mailbox})
