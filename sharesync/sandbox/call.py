"""One call of an API method, read and checked, as the operations see it."""

from __future__ import annotations

from dataclasses import dataclass

from sharesync.sandbox.discovery import Method
from sharesync.sandbox.mailbox import Mailbox
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Call:
    """`path` and `query` hold the parameters by their published names, `body` the JSON body as read."""

    method: Method
    mailbox: Mailbox
    settings: Settings
    region: str
    path: Json
    query: Json
    body: Json
    omits: bool = False  # a fault: a list of changes leaves the first one out, as if it had never been made
    empty: bool = False  # a fault: lists show nothing, and hand out tokens as if that were all

    @property
    def resource_name(self) -> str:
        name: str = self.path["resourceName"]
        return name


def with_profile(sources: list[str] | None) -> bool:
    """Whether a read includes profiles: it does unless `sources` says otherwise (documented default)."""
    return not sources or "READ_SOURCE_TYPE_PROFILE" in sources
