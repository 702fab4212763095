"""What is set up so that others can be told: networks, a mail server, where people open the page, languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sharesync.endpoints.mailing import MailServer
from sharesync.errors import Sentence
from sharesync.model.hosts import Network

Say = Callable[[str | None, Sentence], str]
"""Says a sentence in the language of this code; None is English."""


def in_english(language: str | None, sentence: Sentence) -> str:
    """As it is."""
    return str(sentence)


@dataclass(frozen=True, slots=True)
class Outside:
    """See the module."""

    networks: tuple[Network, ...] = ()
    """Those inside the company that webhooks and chat may be sent to, over http, too."""
    public_url: str | None = None
    """Where people open the page; messages link there."""
    zone: tzinfo | None = None
    """Where it is eight in the morning when digests are sent; None is this machine's."""
    mail: MailServer | None = None
    """None: nobody is told by mail."""
    say: Say = in_english

    def page(self, path: str) -> str | None:
        """The address of a page of ours; None where nobody said where people open it."""
        return None if self.public_url is None else self.public_url + path

    def here(self, moment: datetime) -> datetime:
        """A moment by the company's clock."""
        return moment.astimezone(self.zone)


NOBODY = Outside()
