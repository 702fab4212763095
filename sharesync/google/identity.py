"""Whose an address is: Directory's answer about one user, without which no mailbox is opened.

A user is Google's immutable id. Directory is asked by that id, so an alias, or an address that was handed on, is never
mistaken for its former owner: what it answers is the primary address of this user now (users.get).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sharesync.errors import MailboxPaused, MalformedReply
from sharesync.model.mailbox import PAUSED


@dataclass(frozen=True, slots=True, init=False)
class Confirmed:
    """A user's id and their primary address, as Directory said just now. Only `from_directory` makes one."""

    user_id: str
    address: str

    @classmethod
    def from_directory(cls, user_id: str, entry: Mapping[str, Any]) -> Self:
        """What users.get answered about this id.

        Raises MailboxPaused for a user who is suspended, archived or deleted, and MalformedReply for an answer about
        somebody else, or about nobody.
        """
        address = entry.get("primaryEmail")
        if entry.get("id") != user_id or not isinstance(address, str) or "@" not in address:
            raise MalformedReply("What came back is not this user of the directory; sharesync tries again by itself.")
        if entry.get("suspended") is True or entry.get("archived") is True or entry.get("deletionTime"):
            raise MailboxPaused(PAUSED)
        made = cls.__new__(cls)
        object.__setattr__(made, "user_id", user_id)
        object.__setattr__(made, "address", address)
        return made
