"""Reading persons: all of a mailbox page by page, or some by name, so that nothing can be missing unnoticed.

A page that cannot be true (neither persons nor a token, fewer persons than it counts, a page token that leads back, no
sync token at the end) makes the whole listing a MalformedReply: absence may be read as deletion only from a whole one.
A count that disagrees for long holds nobody up any more; `PeopleApi.listing` says what is done then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sharesync.errors import Attention, Contacts, MalformedReply, PageTokenExpired, Sentence, StrangeListing
from sharesync.google.batches import send
from sharesync.google.budget import READ
from sharesync.google.calls import CallLine
from sharesync.google.error_bodies import CallKind
from sharesync.google.failures import Judged
from sharesync.google.person import PERSON_FIELDS, SOURCES, is_cut, read_person
from sharesync.model.folded_card import fold
from sharesync.model.mailbox import Listing, Missing, Seen, Unread, WishOutcome, Written

PAGE = 1000
GET_LIMIT = 200


def listing(line: CallLine, people: Any, sync_token: str | None, believed: str = "") -> Listing:
    """One listing (people.connections.list), begun again once where its page token ended between two pages.

    Raises StrangeListing for a short one, unless what that says is `believed`.
    """
    try:
        return _Reading(line, people, sync_token, believed).listing()
    except PageTokenExpired:
        return _Reading(line, people, sync_token, believed).listing()


def get(
    line: CallLine, people: Any, resource_names: Iterable[str], *, answering: bool = False
) -> dict[str, Seen | Unread | None]:
    """Persons by the names asked for (people.getBatchGet); None where there is none, Unread where Google stumbles.

    `answering`: Google has just answered about others, so it is not out of order.
    Raises MalformedReply where one of them was not answered.
    """
    names = list(dict.fromkeys(resource_names))
    sent = send(_Gets(line, people), names, [range(len(names))], failing=answering or line.failing)
    if sent.trouble is not None:
        raise sent.trouble
    return {name: _found(outcome) for name, outcome in zip(names, sent.outcomes, strict=True)}


@dataclass(frozen=True, slots=True)
class _Gets:
    """Persons to be read, by resource name: as wishes, so that one over which Google stumbles takes no other along."""

    line: CallLine
    people: Any
    singles: int = 1
    batch: int = GET_LIMIT
    repeatable: bool = True

    def key(self, place: int, wish: str) -> str:
        return wish

    def one(self, wish: str) -> WishOutcome:
        return self.many([wish])[0]

    def many(self, wishes: Sequence[str]) -> list[WishOutcome]:
        request = self.people.getBatchGet(resourceNames=list(wishes), personFields=PERSON_FIELDS, sources=SOURCES)
        try:
            answer = self.line.call(request, READ, CallKind.NAMED)
        except Judged as refusal:  # refused is the request, not someone in it: that would be answered by name
            raise Attention(refusal.sentence) from None
        found = dict(map(_answer, objects(answer.get("responses"))))
        if missing := len(set(wishes) - found.keys()):
            raise MalformedReply(
                "Google left %(contacts)s of a request out; sharesync tries again by itself.",
                contacts=Contacts(missing),
            )
        return [Missing() if (seen := found[name]) is None else Written(seen) for name in wishes]

    def look(self, wishes: Sequence[str], refusal: Judged) -> Mapping[int, WishOutcome]:
        """This is the looking itself."""
        return {}

    def gone(self, wishes: Sequence[str]) -> Sequence[bool]:
        """Nobody says so: absence is told, never concluded."""
        return [False for _ in wishes]


def _found(outcome: WishOutcome) -> Seen | Unread | None:
    match outcome:
        case Written(seen):
            return seen
        case Missing():
            return None
        case _:
            return Unread()


def _answer(response: dict[str, Any]) -> tuple[str | None, Seen | None]:
    """One `PersonResponse`: the name asked for, which is the old one where it changed, and the person."""
    person = response.get("person")
    if person:
        seen = read_person(person)
        name = response.get("requestedResourceName") or person["resourceName"]
        return name, None if seen is None or seen.deleted else seen
    status = response.get("status")
    gone = response.get("httpStatusCode") == 404 or (isinstance(status, dict) and status.get("code") == 5)
    return response.get("requestedResourceName") if gone else None, None


def objects(value: object) -> list[dict[str, Any]]:
    """A list of objects as Google sends it: absent where it is empty. Raises MalformedReply for anything else."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise MalformedReply("Google sent a list in an unknown form; sharesync tries again by itself.")
    return value


class _Reading:
    """The pages of one listing, joined as they come."""

    def __init__(self, line: CallLine, people: Any, sync_token: str | None, believed: str) -> None:
        self._line = line
        self._believed = believed
        self._people = people
        self._first = CallKind.LISTING if sync_token is None else CallKind.DELTA
        # With a token all parameters must be those of the first call, or Google answers 400.
        self._parameters: dict[str, Any] = {
            "resourceName": "people/me",
            "personFields": PERSON_FIELDS,
            "sources": SOURCES,
            "pageSize": PAGE,
            # Asked for even where nobody keeps it: without it, an empty mailbox cannot be told from a cut-off page.
            "requestSyncToken": True,
        }
        if sync_token is not None:
            self._parameters["syncToken"] = sync_token
        self._persons: dict[str, Seen] = {}
        self._cut: list[str] = []
        self._labels: dict[frozenset[str], frozenset[str]] = {}
        """Each set of labels once: most persons carry the same ones."""
        self._names: set[str] = set()
        self._total: int | None = None

    def listing(self) -> Listing:
        """Read all pages, then again whom a list shows cut off."""
        full = self._first is CallKind.LISTING
        token, sync_token = self._page(None, self._first)
        used = set[str]()
        while token:
            if token in used:
                raise MalformedReply("Google's listing leads in a circle; sharesync tries again by itself.")
            used.add(token)
            token, sync_token = self._page(token, CallKind.PAGE)
        if not isinstance(sync_token, str):
            raise MalformedReply("Google's listing ended without its sync token; sharesync tries again by itself.")
        short = full and self._total is not None and len(self._names) < self._total
        if short:
            sentence = Sentence(
                "Google listed %(contacts)s and counts %(number)s; sharesync tries again by itself.",
                contacts=Contacts(len(self._names)),
                number=self._total,
            )
            if sentence != self._believed:
                raise StrangeListing(sentence)
        self._complete()
        return Listing(self._persons, full, sync_token, short)

    def _page(self, token: str | None, asked: CallKind) -> tuple[str | None, object]:
        """Read one page and let it go; returns the token of the next one, and the sync token."""
        parameters = self._parameters if token is None else self._parameters | {"pageToken": token}
        page = self._line.call(self._people.connections().list(**parameters), READ, asked)
        self._add(objects(page.get("connections")))
        total = page.get("totalItems")
        if isinstance(total, int):
            # Someone may delete while we turn pages: the smallest count is what must be there at least.
            self._total = total if self._total is None else min(self._total, total)
        return page.get("nextPageToken"), page.get("nextSyncToken")

    def _add(self, persons: Sequence[Any]) -> None:
        """Keep of each what is asked of everybody; what else there is, only for whoever must look into it."""
        self._names.update(str(person.get("resourceName")) for person in persons)
        read = [(seen, is_cut(person)) for person in persons if (seen := read_person(person))]
        for (seen, cut), card in zip(read, fold([seen.card for seen, _ in read]), strict=True):
            known = self._persons.get(seen.source_id)
            if known is not None and seen.deleted and not known.deleted:
                continue  # alive wins: a linked profile may go while the contact stays under another name
            labels = self._labels.setdefault(seen.labels, seen.labels)
            self._persons[seen.source_id] = replace(seen, card=card, labels=labels)
            if cut:
                self._cut.append(seen.source_id)

    def _complete(self) -> None:
        """A cut-off list of e-mails or phones would be read as a removal: take the person from batchGet instead."""
        names = {source: self._persons[source].resource_name for source in self._cut}
        whole = get(self._line, self._people, names.values())
        for source, name in names.items():
            seen = whole[name]
            if isinstance(seen, Seen):
                self._persons[source] = seen
            else:  # deleted since, and the next listing says so; or unreadable, and a direct read tells that again
                del self._persons[source]
