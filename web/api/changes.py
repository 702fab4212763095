"""The change feed: what happened to the contacts that a token may see, one line a contact, after a cursor.

A program that follows it does one thing for each line: it deletes what is `deleted`, and reads or notes the rest. A
right that is lost comes as deletions, one that is gained as changes, so no program needs to know about rights. From no
cursor on, everything that the token may see comes first. A cursor holds for its owner's tokens alone, and for this
history of the store alone: after a restored backup, and where the log was retired meanwhile, the program begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import BoundedSemaphore, Lock
from typing import Annotated

import msgspec
from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from msgspec import Meta, Struct

from sharesync.model.feed import Position
from sharesync.model.token import Scope
from sharesync.store.database.engine import Database
from sharesync.store.queries import changes
from sharesync.store.queries.changes import FeedLine, FeedPage, OtherHistory
from web.api.answers import Answer
from web.api.registry import Api
from web.api.room_shapes import Limit
from web.frame import programs
from web.frame.live import end_snapshot, ending, reading, the_world
from web.frame.needs import ENTER
from web.frame.person import the_program, visible
from web.frame.problems import Problem

api = Api("api_changes", __name__, url_prefix="/api/v1")

LONGEST = 25
"""Seconds that a request may wait: proxies end one after thirty or sixty."""
PLACES = 100
"""Requests that wait at once, one of each token. They have threads of their own, a few more (`cli/front.py`)."""
AGAIN = 5
"""Seconds after which a request that was answered at once, for want of a place, is to ask again."""
STEP = 0.25
"""Seconds between two looks at the log, which is one look for all who wait."""
AT_ONCE = 2
"""Requests that waited and ask for their rights and their page at the same moment: others are to be answered, too."""


class ChangeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """From where on, how many, and how long to wait for the first."""

    since: (
        Annotated[str, Meta(max_length=28_000, description="`cursor` of the answer before; none to begin.")] | None
    ) = None
    limit: Limit = 50
    wait: Annotated[
        int, Meta(ge=0, le=LONGEST, description="Seconds; the answer comes with the first change, or empty.")
    ] = 0


class ChangeShape(Struct, frozen=True, kw_only=True):
    """How a contact stands now. `groups`: ids of those that hold it and that the token may see."""

    id: str
    seq: int | None
    """Number of the event that changed it last; null where a right was gained or lost."""
    at: datetime | None
    version: int | None
    """Null where it is deleted."""
    groups: list[str]
    deleted: bool
    """It is in the trash, erased, or not to be seen any more."""
    erased: bool
    """Nothing is kept of it any more: keep no copy either."""
    entries: bool
    """Entries about it were written, changed or removed: ask for them anew. Its version may be as it was."""


class ChangeList(Struct, frozen=True):
    """Changes in the order in which they happened. `more`: ask again at once."""

    items: list[ChangeShape]
    cursor: str
    more: bool


@api.get("/changes", needs=ENTER, scope=Scope.CONTACTS_READ, query=ChangeQuery, gives=ChangeList)
def list_changes(query: ChangeQuery) -> Answer:
    """What changed after a cursor among the contacts that the token may see, gained and lost rights included."""
    position = _position(query.since) if query.since is not None else None
    found, headers = _page(position, query.limit), dict[str, str]()
    if query.wait and not found.lines and not found.more:
        end_snapshot()
        with _place() as taken:
            if taken:
                found = _awaited(found, query)
            else:
                headers["Retry-After"] = str(AGAIN)
    return Answer(
        ChangeList([_shape(one) for one in found.lines], _cursor(found.following), found.more), headers=headers
    )


def _page(position: Position | None, limit: int) -> FeedPage:
    with reading() as session:
        try:
            return changes.page(session, position, visible(), limit)
        except OtherHistory:
            raise Problem(410, "begin-anew") from None


def _awaited(empty: FeedPage, query: ChangeQuery) -> FeedPage:
    """The first page that is not empty, or the last empty one. No transaction is open meanwhile."""
    end, found, watch = time.monotonic() + query.wait, empty, _watch()
    while not found.lines and time.monotonic() < end and not ending().wait(STEP):
        if watch.told() > found.following.size:
            with watch.turns:
                programs.find()
                programs.require(ENTER_TO_READ)
                found = _page(found.following, query.limit)
    return found


class _Watch:
    """Looks at the log for all who wait, so that a hundred of them cost no more than one while nothing happens."""

    def __init__(self, database: Database) -> None:
        self.database, self._lock = database, Lock()
        self._looked, self._size, self._told = -STEP, 0, 0
        self.turns = BoundedSemaphore(AT_ONCE)

    def told(self) -> int:
        """How many events the log held after the last one that may be news, as of a moment ago."""
        with self._lock:
            if (now := time.monotonic()) - self._looked >= STEP:
                with self.database.reading() as session:
                    self._size, new = changes.news(session, self._size)
                self._looked, self._told = now, self._size if new else self._told
            return self._told


def _watch() -> _Watch:
    """The one of the database that this application reads."""
    database = the_world().database
    with _LOCK:
        held: _Watch | None = current_app.extensions.get(_WATCH)
        if held is None or held.database is not database:
            held = current_app.extensions[_WATCH] = _Watch(database)
        return held


_WATCH = "sharesync.feed_watch"
_WAITING: set[str] = set()
_LOCK = Lock()


@contextmanager
def _place() -> Iterator[bool]:
    """A place among those who wait; False where there is none, and who asks is answered at once."""
    token = the_program().token.id
    with _LOCK:
        taken = len(_WAITING) < PLACES and token not in _WAITING
        if taken:
            _WAITING.add(token)
    try:
        yield taken
    finally:
        if taken:
            with _LOCK:
                _WAITING.discard(token)


def waiting() -> int:
    """How many requests wait now."""
    return len(_WAITING)


ENTER_TO_READ = api.operations[0].needs


def _cursor(position: Position) -> str:
    return _serializer().dumps(msgspec.to_builtins(position, order="deterministic"))


def _position(cursor: str) -> Position:
    """The position that a cursor says. Raises Problem for one that this owner never got from here."""
    try:
        return msgspec.convert(_serializer().loads(cursor), Position)
    except (BadData, msgspec.ValidationError):
        raise Problem(410, "begin-anew") from None


def _serializer() -> URLSafeSerializer:
    """Cursors are signed: whoever could make one up would be told which contacts left groups that they never saw."""
    owner = the_program().token.owner
    return URLSafeSerializer(str(current_app.secret_key), salt=f"changes {owner.kind.value}:{owner.subject}")


def _shape(line: FeedLine) -> ChangeShape:
    return ChangeShape(
        id=line.contact,
        seq=line.seq,
        at=line.at,
        version=line.version,
        groups=list(line.groups),
        deleted=line.gone,
        erased=line.erased,
        entries=line.entries,
    )
