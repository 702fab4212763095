"""The sandbox Workspace: one domain with its users, their mailboxes, and everything a call passes on its way.

Pure Python: the clock and all randomness come from outside, no thread, no socket. `handle` answers one HTTP request;
`SandboxServer` puts a socket in front of it, `InProcessHttp` a Google client in the same process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from threading import RLock
from typing import Any

from sharesync.sandbox.calls import CallLog
from sharesync.sandbox.directory import Directory, User, describe
from sharesync.sandbox.faults import Faults
from sharesync.sandbox.front import answer
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.iam import Iam
from sharesync.sandbox.mailbox import Change, Mailbox
from sharesync.sandbox.oauth import Authority
from sharesync.sandbox.quotas import Meter
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.sign_in import SignIn
from sharesync.sandbox.wire import Json, Reply, Request


class Workspace:
    """A Google Workspace of our own. All parts are public: a test or a simulator may look at and turn each."""

    def __init__(
        self,
        domain: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        rng: Random | None = None,
        settings: Settings | None = None,
        region: str = "DK",
        private_key: str | None = None,
        customer_id: str | None = None,
    ) -> None:
        self.rng = rng or Random()
        self.clock = clock
        self.offset = timedelta()
        self.region = region
        self.settings = settings or Settings()
        self.directory = Directory(domain, self.rng, customer_id)
        self.authority = Authority(self.directory, clock, self.now, self.rng, private_key)
        self.iam = Iam(
            self.authority.client_email, lambda: self.authority.private_key, lambda: self.authority.key_id, self.rng
        )
        self.sign_in = SignIn(self.directory, self.authority, clock, self.now)
        self.mailboxes: dict[str, Mailbox] = {}
        self.faults = Faults()
        self.meter = Meter()
        self.log = CallLog()
        self.sink: Callable[[str, Change], None] | None = None
        self.turned: Callable[[], None] = lambda: None  # told after settings or clock were turned
        self._lock = RLock()

    @classmethod
    def from_description(cls, description: Mapping[str, Any], **more: Any) -> Workspace:
        """A Workspace of `{"domain", "region"?, "org_units": ["/Sales"], "users": [...], "groups": [...]}`.

        A user is `{"email", "name"?, "ou"?, "aliases"?, "admin"?, "suspended"?, "archived"?, "contacts_on"?}`, a group
        `{"email", "name"?, "members": [addresses, or "*" for everyone]}`. `more` goes to the constructor. Raises
        ValueError for what does not fit together.
        """
        made = cls(description["domain"], region=description.get("region", "DK"), **more)
        made.describe(description)
        return made

    def describe(self, description: Mapping[str, Any]) -> None:
        """Adds the units, users and groups of a description."""
        describe(self.directory, description, self.now())

    def now(self) -> datetime:
        """The sandbox's time: its clock, turned on by `advance`."""
        return self.clock() + self.offset

    def advance(self, seconds: float) -> None:
        """Turns the sandbox's clock on."""
        self.offset += timedelta(seconds=seconds)
        self.turned()

    def change_settings(self, values: Json) -> None:
        """Changes the settings named. Raises ValueError."""
        self.settings = self.settings.changed(values)
        self.turned()

    def user(self, key: str) -> User:
        """By address, alias or id. Raises KeyError."""
        user = self.directory.user(key)
        if user is None:
            raise KeyError(key)
        return user

    def mailbox(self, key: str) -> Mailbox:
        """A user's mailbox by address, alias or id. Raises KeyError for an unknown user."""
        user_id = self.user(key).id
        with self._lock:
            box = self.mailboxes.get(user_id)
            if box is None:
                box = self.mailboxes[user_id] = Mailbox(user_id, self.now, Random(self.rng.getrandbits(64)))
                box.sink = self._changed
            return box

    def hands(self, key: str) -> Hands:
        """The user's own hands on their contacts."""
        return Hands(self.mailbox(key), self.settings, self.region)

    def service_account_key(self, token_uri: str) -> Json:
        """The key file of the one service account with domain-wide delegation."""
        return self.authority.key_file(token_uri)

    def access_token(self, key: str, *scopes: str) -> str:
        """An access token for a user without an assertion, for a simulator. Default: all delegated scopes."""
        granted = frozenset(scopes) or self.authority.delegated
        return self.authority.token(self.user(key), granted, self.settings.access_token_seconds)

    def handle(self, request: Request) -> Reply:
        """The answer to one request to the token endpoint or either API."""
        return answer(self, request)

    def _changed(self, user_id: str, change: Change) -> None:
        if self.sink:
            self.sink(user_id, change)
