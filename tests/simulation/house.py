"""One small company in memory: the real services and SQL, the sandbox's Google, one virtual clock, and no threads.

The service's clock runs `skew` apart from Google's. Every request and every commit passes here, so a history can let
things happen meanwhile, let the process die at any of them, and look at each write that reaches a mailbox.
"""

from __future__ import annotations

import base64
import json
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, unquote, urlsplit

import httplib2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt
from sqlalchemy.orm import Session

from sharesync.google import workspace as google_workspace
from sharesync.google.transport import AnswerLost, NotSent
from sharesync.google.workspace import Google
from sharesync.sandbox.contact import LabelVersion, Version
from sharesync.sandbox.errors import invalid_argument
from sharesync.sandbox.front import refused
from sharesync.sandbox.mailbox import Change
from sharesync.sandbox.oauth import Authority
from sharesync.sandbox.wire import Reply, Request
from sharesync.sandbox.workspace import Workspace
from sharesync.services.app import World
from sharesync.store.database.beside import Beside
from sharesync.store.database.engine import Database
from tests.simulation.beneath import beneath
from tests.simulation.memory import Memory, marks

Json = dict[str, Any]
DOMAIN = "north.test"
START = datetime(2030, 1, 7, 9, tzinfo=UTC)
INTERVAL, SETTLE, LEASE = timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=1)
USERS = ("ann", "bo", "cy")
READS = ("GET",)
DESCRIPTION: Json = {
    "domain": DOMAIN,
    "org_units": ["/Sales", "/Sales/North"],
    "users": [
        {"email": f"ann@{DOMAIN}", "name": "Ann Berg", "admin": True},
        {"email": f"bo@{DOMAIN}", "name": "Bo Holm", "ou": "/Sales/North", "aliases": [f"bob@{DOMAIN}"]},
        {"email": f"cy@{DOMAIN}", "name": "Cy Dahl", "ou": "/Sales"},
    ],
    "groups": [
        {"email": f"team@{DOMAIN}", "name": "Team", "members": [f"cy@{DOMAIN}"]},
        {"email": f"all@{DOMAIN}", "name": "All", "members": [f"team@{DOMAIN}", f"bo@{DOMAIN}"]},
    ],
}


class Crash(BaseException):
    """The process dies here. Not an Exception: nothing in the service may catch it."""


class Broken(BaseException):
    """A promise was broken. Not an Exception: a pass that keeps a mishap to itself would keep this to itself, too."""


@dataclass
class Perils:
    """What strikes during one pass: by number of request or commit, counted from 1."""

    die_at_request: tuple[int, str] = (0, "")
    """The number, and `before` or `after` it was carried out."""
    die_at_commit: tuple[int, str] = (0, "")
    no_connection_at: int = 0
    meanwhile: dict[int, Callable[[], object]] = field(default_factory=dict)
    """By number of request: what happens while it is on its way."""
    in_line: dict[int, Callable[[], object]] = field(default_factory=dict)
    """By number of transaction that writes: what happens while it waits for its place."""
    requests: int = 0
    commits: int = 0


class WatchedWorkspace(Workspace):
    """A Workspace whose every call passes through its house."""

    house: House
    poison: bytes = b""

    def handle(self, request: Request) -> Reply:
        return self.house.request(request, super().handle)


class WatchedDatabase(Database):
    """A database whose every commit passes through its house."""

    house: House

    @contextmanager
    def writing(self, beside: Beside | None = None) -> Iterator[Session]:
        perils = self.house.perils
        perils.commits += 1
        number, when = perils.die_at_commit
        dies = perils.commits == number
        if act := perils.in_line.pop(perils.commits, None):
            act()
        with super().writing(beside) as session:
            yield session
            if dies and when == "before":
                raise self.house.crash()
        self.number(wait=True)  # the guard looks at what the log says of it
        self.house.committed()
        if dies:
            raise self.house.crash()


@dataclass(frozen=True)
class Wire:
    """The transport of the service: to the sandbox, in the same process."""

    house: House

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None
    ) -> tuple[httplib2.Response, bytes]:
        house, parts = self.house, urlsplit(uri)
        raw = body.encode() if isinstance(body, str) else body or b""
        request = Request.of(method, f"{unquote(parts.path)}?{parts.query}", headers or {}, raw)
        if house.perils.requests + 1 == house.perils.no_connection_at and not _is_asked_of_directory(request):
            house.perils.requests += 1
            raise NotSent("no way")
        reply = house.workspace.handle(request)
        if reply.delay:
            house.workspace.advance(reply.delay)
        if (user := parts.path.partition("/directory/v1/users/")[2]) and method == "GET":
            house.told[user] = reply.drop is None and reply.status in (200, 404)
        if reply.drop is not None:
            raise AnswerLost(reply.drop.value)
        answer = {name.lower(): value for name, value in reply.headers}
        return httplib2.Response({**answer, "status": str(reply.status)}), reply.body

    def close(self) -> None:
        """Nothing is open."""


def _is_asked_of_directory(request: Request) -> bool:
    """Whether this goes to Directory, or asks for a token for it."""
    if not request.path.endswith("/token"):
        return "/admin/directory/" in request.path
    assertion = parse_qs(request.body.decode()).get("assertion", [""])[0].split(".")
    return len(assertion) == 3 and b"admin.directory" in base64.urlsafe_b64decode(assertion[1] + "==")


_build = google_workspace._service


@cache
def _service(name: str, version: str, endpoint: str | None) -> Any:
    """A client of Google's library: it holds no state, and making one, or its parts, takes longer than a pass."""
    service = _build(name, version, endpoint)
    parts = ("people", "contactGroups") if name == "people" else ("users", "groups", "members", "orgunits")
    for part in parts:
        setattr(service, part, partial(_itself, getattr(service, part)()))
    return service


_read = crypt.RSASigner.from_string


@cache
def _signer(key: str, key_id: str | None = None) -> crypt.RSASigner:
    """The service account's key, which is checked each time that it is read."""
    made: crypt.RSASigner = _read(key, key_id)
    return made


def _itself(made: Any) -> Any:
    return made


@cache
def private_key() -> str:
    """One key for all histories: making one is slow, and so is reading a long one after every crash."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    form = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@cache
def database() -> WatchedDatabase:
    """One for all histories, empty after it was closed: every statement is compiled once."""
    return WatchedDatabase(beneath().url)


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a person or label that a request of the service made."""

    kind: str
    id: str
    before: Version | LabelVersion | None
    now: Version | LabelVersion


class House:
    """See the module."""

    def __init__(self, seed: str, *, skew: timedelta, lag: float) -> None:
        self.memory = Memory()
        self.seen: Counter[str] = Counter()
        """How often each rare state was reached."""
        self.perils = Perils()
        self.on_commit: Callable[[], None] = lambda: None
        self.on_opened: Callable[[str], None] = lambda user: None
        self.on_send: Callable[[str, Request], Any] = lambda user, request: None
        self.on_written: Callable[[str, Any, list[Written]], None] = lambda user, sent, writes: None
        self.merging = False
        self.told: dict[str, bool] = {}
        """By user about whom Directory was asked by id: whether it answered at last."""
        self.read_at: dict[str, int] = {}
        """By user: the mailbox's last change when the service last read there."""
        self._writes: list[Written] | None = None
        self.skew = skew
        self._ids = self._words = 0
        self.workspace = WatchedWorkspace(
            DOMAIN, clock=lambda: START, rng=Random(seed), private_key=private_key(), customer_id="C0sim"
        )
        self.workspace.describe(DESCRIPTION)
        self.workspace.house = self
        # Assertions are signed by this machine's clock, whatever time it is in the history.
        self.workspace.authority = Authority(
            self.workspace.directory, lambda: datetime.now(UTC), self.workspace.now, Random(seed), private_key()
        )
        self.workspace.sink = self._changed
        self.workspace.change_settings({"lag": lag, "label_lag": lag})
        self.ids = {name: self.workspace.user(f"{name}@{DOMAIN}").id for name in USERS}
        self.names = {ident: name for name, ident in self.ids.items()}
        self.database = database()
        self.database.house = self
        beneath().empty(self.database)
        self.restart()

    # -- the service ---------------------------------------------------------------------------------------------------

    def restart(self) -> None:
        """A new process on what the database holds."""
        self.perils = Perils()
        with (
            patch.object(google_workspace, "_service", _service),
            patch.object(crypt.RSASigner, "from_string", _signer),
        ):
            google = Google(
                key_file=_key_file(self.workspace),
                admin=f"ann@{DOMAIN}",
                people_endpoint="https://google.test",
                directory_endpoint="https://google.test",
                clock=self.now,
                sleep=self.wait,
                random=lambda: 0.5,
                make_http=lambda: Wire(self),
            )
        self.world = World(
            database=self.database,
            google=google,
            now=self.now,
            new_id=self.new_id,
            interval=INTERVAL,
            settle=SETTLE,
            lease=LEASE,
        )

    def now(self) -> datetime:
        """The time by the service's clock."""
        return self.workspace.now() + self.skew

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.workspace.advance(seconds)

    def new_id(self) -> str:
        """Ids that sort by time, and are the same for the same seed."""
        self._ids += 1
        return f"{self._ids:032x}"

    def bring_back(self, user: str) -> bool:
        """A deleted user is there again, if Google still can; whether it did."""
        directory, now = self.workspace.directory, self.workspace.now()
        since = directory.users[user].deleted
        if since is None or now >= since + timedelta(days=20):
            return False
        directory.change_user(user, deleted=None)
        return True

    def word(self, kind: str) -> str:
        """A word that nobody has typed yet."""
        self._words += 1
        return f"{kind}{self._words}"

    def number(self) -> str:
        """A phone number that nobody has typed yet."""
        self._words += 1
        return f"+45 20 {self._words:06d}"

    def cards(self) -> list[Json]:
        """The cards of the store's contacts."""
        return [json.loads(card) for (card,) in self.query("SELECT card FROM contacts WHERE deleted_at IS NULL")]

    def known_own(self, user: str) -> frozenset[str]:
        """Persons of the user's own that the service has seen."""
        rows = self.query("SELECT own_ids FROM mailboxes WHERE user_id = ?", user)
        return frozenset(zlib.decompress(rows[0][0]).decode().split()) if rows and rows[0][0] else frozenset()

    def group_names(self) -> list[str]:
        """Names of the groups."""
        return [str(name) for (name,) in self.query("SELECT name FROM groups WHERE deleted_at IS NULL ORDER BY id")]

    def granted_groups(self) -> list[str]:
        """Addresses of the Google groups that grants name."""
        rows = self.query("SELECT DISTINCT subject FROM grants WHERE kind = 'group' ORDER BY subject")
        return [group.email for (ident,) in rows if (group := self.workspace.directory.group(ident))]

    def crash(self) -> Crash:
        """The process dies; what is met of it later is a new one."""
        self.seen["crash"] += 1
        return Crash()

    def query(self, sql: str, *values: object) -> list[Any]:
        """Rows of the database, past our own code."""
        return beneath().query(sql, values)

    # -- what passes ---------------------------------------------------------------------------------------------------

    def committed(self) -> None:
        """A transaction has been committed."""
        self.on_commit()

    def request(self, request: Request, answer: Callable[[Request], Reply]) -> Reply:
        """One request on its way to Google and its answer back."""
        user = self._user_of(request)
        if _is_asked_of_directory(request):
            return answer(request)  # perils are counted by what is asked of mailboxes
        if user is not None:
            self.on_opened(user)
        perils = self.perils
        perils.requests += 1
        number = perils.requests
        dies_at, when = perils.die_at_request
        if number == dies_at and when == "before":
            raise self.crash()
        mutates = user is not None and request.verb != "GET"
        sent = self.on_send(user, request) if user and mutates else None
        if act := perils.meanwhile.pop(number, None):
            self.seen["meanwhile"] += 1
            act()
        if self.workspace.poison and self.workspace.poison in request.body:
            self.seen["poisoned request"] += 1
            return refused(self.workspace, invalid_argument())
        outer, self._writes = self._writes, []
        try:
            reply = answer(request)
        finally:
            writes, self._writes = self._writes, outer
        if writes and user:
            self.on_written(user, sent, writes)
        if user and request.verb == "GET":
            self.read_at[user] = self.workspace.mailbox(user).seq
        if number == dies_at:
            raise self.crash()
        return reply

    def _user_of(self, request: Request) -> str | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        access = self.workspace.authority._tokens.get(token)
        return access.user_id if access else None

    def _changed(self, user: str, change: Change) -> None:
        kind, ident, version = change
        box = self.workspace.mailboxes[user]
        history: Any = (box.contacts if kind == "contact" else box.labels)[ident]
        before = history.versions[-2] if len(history.versions) > 1 else None
        if self._writes is not None:
            self._writes.append(Written(kind, ident, before, version))
            if isinstance(version, Version):
                self.memory.marked[user, ident].update(marks(version))
                if before is None:
                    self.memory.made_by_us.add((user, ident))
                    for contact in marks(version):
                        self.memory.born_as[user, ident] = contact
        elif isinstance(version, Version):
            self.memory.hand(user, ident, before, version, merging=self.merging)
            if before and before.photo != version.photo and self.query(_UNSURE, user, ident):
                self.memory.unsure.add((user, ident))


_UNSURE = "SELECT 1 FROM links WHERE mailbox_id = ? AND source_id = ? AND photo_sent IS NOT NULL"


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="simulation-"))


@cache
def _key(text: str) -> Path:
    path = _folder() / "key.json"
    path.write_text(text)
    return path


def _key_file(workspace: Workspace) -> Path:
    return _key(json.dumps(workspace.service_account_key("https://google.test/token")))
