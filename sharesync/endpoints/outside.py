"""What is set up so that others can be told: networks that may be sent to, where people open the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from sharesync.model.hosts import Network


@dataclass(frozen=True, slots=True)
class Outside:
    """See the module."""

    networks: tuple[Network, ...] = ()
    """Those inside the company that webhooks and chat may be sent to, over http, too."""
    public_url: str | None = None
    """Where people open the page; messages link there."""
    zone: tzinfo | None = None
    """Where it is eight in the morning when digests are sent; None is this machine's."""

    def page(self, path: str) -> str | None:
        """The address of a page of ours; None where nobody said where people open it."""
        return None if self.public_url is None else self.public_url + path


NOBODY = Outside()
