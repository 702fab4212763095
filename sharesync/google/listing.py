"""Reading all of a mailbox, page by page, so that nothing can be missing without being noticed.

A page that cannot be true (neither persons nor a token, fewer persons than it counts, a page token that leads back, no
sync token at the end) makes the whole listing a MalformedReply: absence may be read as deletion only from a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sharesync.errors import MalformedReply, PageTokenExpired
from sharesync.google.budget import LABEL_READ, READ
from sharesync.google.calls import Line
from sharesync.google.failures import Asked
from sharesync.google.person import LABEL_FIELDS, PERSON_FIELDS, SOURCES, is_cut, read_label, read_person
from sharesync.model.mailbox import Listing, Seen, SeenLabel

PAGE = 1000
Get = Callable[[Iterable[str]], dict[str, Seen | None]]


def read(line: Line, connections: Any, get: Get, sync_token: str | None, *, token_wanted: bool) -> Listing:
    """One listing (people.connections.list), begun again once where its page token ended between two pages."""
    try:
        return _Reading(line, connections, sync_token, token_wanted=token_wanted).listing(get)
    except PageTokenExpired:
        return _Reading(line, connections, sync_token, token_wanted=token_wanted).listing(get)


class _Reading:
    """The pages of one listing, joined as they come."""

    def __init__(self, line: Line, connections: Any, sync_token: str | None, *, token_wanted: bool) -> None:
        self._line = line
        self._connections = connections
        self._token_wanted = token_wanted or sync_token is not None
        self._first = Asked.LISTING if sync_token is None else Asked.DELTA
        # With a token all parameters must be those of the first call, or Google answers 400.
        self._parameters: dict[str, Any] = {
            "resourceName": "people/me",
            "personFields": PERSON_FIELDS,
            "sources": SOURCES,
            "pageSize": PAGE,
        }
        if self._token_wanted:
            self._parameters["requestSyncToken"] = True
        if sync_token is not None:
            self._parameters["syncToken"] = sync_token
        self._persons: dict[str, Seen] = {}
        self._cut: list[str] = []
        self._names: set[str] = set()
        self._total: int | None = None

    def listing(self, get: Get) -> Listing:
        """Read all pages, then again whom a list shows cut off."""
        full = self._first is Asked.LISTING
        token, asked, used = None, self._first, set[str]()
        while True:
            page = self._page(token, asked)
            token = page.get("nextPageToken")
            if not token:
                break
            if token in used:
                raise MalformedReply("Google's listing leads in a circle; sharesync tries again by itself.")
            used.add(token)
            asked = Asked.PAGE
        sync_token = page.get("nextSyncToken")
        if self._token_wanted and not isinstance(sync_token, str):
            raise MalformedReply("Google's listing ended without its sync token; sharesync tries again by itself.")
        if full and self._total is not None and len(self._names) < self._total:
            raise MalformedReply("Google listed fewer contacts than it counts; sharesync tries again by itself.")
        self._complete(get)
        return Listing(self._persons, full, sync_token)

    def _page(self, token: str | None, asked: Asked) -> dict[str, Any]:
        parameters = self._parameters if token is None else self._parameters | {"pageToken": token}
        page = self._line.call(self._connections.list(**parameters), READ, asked)
        connections = page.get("connections")
        if connections is None and not page.get("nextPageToken") and not page.get("nextSyncToken"):
            raise MalformedReply("Google sent neither contacts nor a token; sharesync tries again by itself.")
        if not isinstance(connections, list | None):
            raise MalformedReply("Google sent a listing in a form nobody knows; sharesync tries again by itself.")
        for person in connections or ():
            self._add(person)
        total = page.get("totalItems")
        if isinstance(total, int):
            # Someone may delete while we turn pages: the smallest count is what must be there at least.
            self._total = total if self._total is None else min(self._total, total)
        return page

    def _add(self, person: Any) -> None:
        seen = read_person(person)
        self._names.add(str(person.get("resourceName")))
        if seen is None:
            return
        known = self._persons.get(seen.source_id)
        if known is not None and seen.deleted and not known.deleted:
            return  # alive wins: a linked profile may go while the contact stays under another name
        self._persons[seen.source_id] = seen
        if is_cut(person):
            self._cut.append(seen.source_id)

    def _complete(self, get: Get) -> None:
        """A cut-off list of e-mails or phones would be read as a removal: take the person from batchGet instead."""
        names = {source: self._persons[source].resource_name for source in self._cut}
        whole = get(names.values()) if names else {}
        for source, name in names.items():
            seen = whole[name]
            if seen is None:
                del self._persons[source]  # deleted since; the next listing says so
            else:
                self._persons[source] = seen


def read_labels(line: Line, groups: Any) -> tuple[SeenLabel, ...]:
    """All labels (contactGroups.list). Google's own groups are always listed, so a reply without any is cut off."""
    found: dict[str, SeenLabel] = {}
    names: set[str] = set()
    own = False
    token: str | None = None
    total = 0
    used = set[str]()
    while True:
        parameters = {"pageSize": PAGE, "groupFields": LABEL_FIELDS} | ({"pageToken": token} if token else {})
        page = line.call(groups.list(**parameters), LABEL_READ, Asked.LABELS)
        listed = page.get("contactGroups", [])
        if not isinstance(listed, list):
            raise MalformedReply("Google sent labels in a form nobody knows; sharesync tries again by itself.")
        for group in listed:
            label = read_label(group)
            names.add(str(group.get("resourceName")))
            own = own or label is None
            if label is not None and not label.deleted:
                found[label.resource_name] = label
        total = page.get("totalItems", 0)
        token = page.get("nextPageToken")
        if not token or token in used:
            break
        used.add(token)
    if token or not own or (isinstance(total, int) and len(names) < total):
        raise MalformedReply("Google did not list all labels; sharesync tries again by itself.")
    return tuple(found.values())
