"""An entry: something that happened with a contact, or a follow-up: something that somebody is to do by a day.

Entries stand beside the card: no mailbox is given any, so none can show one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import ClassVar

from sharesync.errors import InvalidInput
from sharesync.model.audit import ActorKind
from sharesync.model.spelling import clean

MAX_TEXT = 4000
"""Letters: a long letter, and no archive of them."""


class EntryKind(Enum):
    """What happened."""

    NOTE = "note"
    CALL = "call"
    MEETING = "meeting"
    EMAIL = "email"
    PURCHASE = "purchase"
    FORM = "form"
    FOLLOW_UP = "follow-up"
    """Nothing yet: somebody is to do something."""


_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency (ISO 4217 by its three letters), kept as a whole number of its ten-thousandths.

    No currency is divided further, and a fraction in base two would be another amount. Raises InvalidInput for letters
    that are none.
    """

    PARTS: ClassVar = 10_000

    parts: int
    currency: str

    def __post_init__(self) -> None:
        if not _CURRENCY.fullmatch(self.currency):
            raise InvalidInput("A currency is three letters, such as EUR.")

    @staticmethod
    def parse(amount: str, currency: str) -> Money:
        """Of a number as programs write it, `-12.50`: twelve digits, four behind the point. Raises InvalidInput."""
        if not _NUMBER.fullmatch(amount):
            raise InvalidInput("An amount is a number such as 1200.50, with four digits behind the point at most.")
        return Money(int(Decimal(amount) * Money.PARTS), currency)

    @property
    def amount(self) -> str:
        """The number, with two digits behind the point where fewer are enough."""
        sign, (whole, rest) = "-" if self.parts < 0 else "", divmod(abs(self.parts), Money.PARTS)
        digits = f"{rest:04}".rstrip("0")
        return f"{sign}{whole}.{digits:0<2}"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """By which day who is to do it; `doer` is Google's id of a user. Open while `done_at` is None."""

    day: date
    doer: str
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """What an entry says; its text is cleaned when it is built. Raises InvalidInput for one that says nothing."""

    kind: EntryKind
    at: datetime
    text: str
    amount: Money | None = None
    follow_up: FollowUp | None = None
    """There for a follow-up, and for nothing else."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))
        try:
            self.at.astimezone(UTC)
        except OverflowError:
            raise InvalidInput("There is no such moment in UTC.") from None
        if not self.text and self.amount is None:
            raise InvalidInput("Write what happened, or what is to be done.")
        if len(self.text) > MAX_TEXT:
            raise InvalidInput("An entry has at most %(letters)s letters.", letters=MAX_TEXT)
        if (self.kind is EntryKind.FOLLOW_UP) != (self.follow_up is not None):
            raise InvalidInput("A follow-up has a day and a person to do it, and nothing else has.")

    def told(self) -> dict[str, list[str]]:
        """What it says, as the change log keeps values: by part, without those that it has not."""
        parts = {"kind": self.kind.value, "at": self.at.astimezone(UTC).isoformat(), "text": self.text}
        if self.amount is not None:
            parts["amount"] = f"{self.amount.amount} {self.amount.currency}"
        if self.follow_up is not None:
            parts |= {"day": self.follow_up.day.isoformat(), "person": self.follow_up.doer}
            if self.follow_up.done_at is not None:
                parts["done"] = self.follow_up.done_at.astimezone(UTC).isoformat()
        return {name: [text] for name, text in parts.items() if text}

    @staticmethod
    def of_told(parts: Mapping[str, Sequence[str]]) -> ContactEntry:
        """The entry of which this was told. Raises InvalidInput for what none says."""
        told = {name: text for name, (text,) in parts.items()}
        done = told.get("done")
        task = FollowUp(date.fromisoformat(told["day"]), told["person"], _moment(done)) if "day" in told else None
        amount = Money.parse(*told["amount"].split(" ")) if "amount" in told else None
        return ContactEntry(
            EntryKind(told["kind"]), datetime.fromisoformat(told["at"]), told.get("text", ""), amount, task
        )


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry of a contact as it is kept."""

    id: str
    contact: str
    says: ContactEntry
    author_kind: ActorKind
    author: str
    """Id of who wrote it first."""
    source: str
    """From which program it is; empty where a person wrote it."""
