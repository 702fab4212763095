"""Google as one thing: the service account, both APIs and the budget, made once and shared by all passes of a process.

The services are built from the discovery documents that come with the library (nothing is downloaded) and hold no
connection; each `PeopleApi` and `Directory` gets a connection of its own, because httplib2 is not thread-safe.
"""

from __future__ import annotations

import random as chance
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from googleapiclient.discovery import build

from sharesync.errors import Attention, GoogleError, RetryLater, Sentence, SettingsError
from sharesync.google.budget import Budget, Now, Patience, Sleep, Spending
from sharesync.google.calls import CallLine, Token
from sharesync.google.credentials import CONTACTS, DIRECTORY, USERS, Keyring
from sharesync.google.directory import Directory
from sharesync.google.identity import Confirmed
from sharesync.google.keyless import IAM
from sharesync.google.people import PeopleApi
from sharesync.google.transport import Http, Transport
from sharesync.model.mailbox import Meter


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ScopeCheck:
    """Whether one scope is delegated; `trouble` is the failure of asking, None where it is."""

    scope: str
    trouble: GoogleError | None


class Google:
    """Both APIs for one Workspace. Safe to share between threads; what it hands out is not."""

    def __init__(
        self,
        *,
        key_file: Path | None,
        service_account: str | None = None,
        iam_endpoint: str = IAM,
        admin: str | None,
        people_endpoint: str | None = None,
        directory_endpoint: str | None = None,
        reads_per_minute: int = 90,
        writes_per_minute: int = 90,
        clock: Now = _now,
        sleep: Sleep | None = None,
        random: Callable[[], float] = chance.random,
        make_http: Callable[[], Transport] = Http,
    ) -> None:
        """Read the key and build both services. Raises SettingsError in one sentence.

        `sleep` may return early to say that the process stops; waiting then ends in RetryLater.
        """
        self._keyring = Keyring(key_file, service_account, iam_endpoint)
        self._admin = admin
        self._clock = clock
        self._sleep = sleep or threading.Event().wait
        self._random = random
        self._make_http = make_http
        self._budget = Budget(reads_per_minute, writes_per_minute, clock)
        people_service = _service("people", "v1", people_endpoint)
        self._people, self._contact_groups = people_service.people(), people_service.contactGroups()
        # The client would build these anew for each call, which takes longer than the call's own work.
        self._people.connections = cache(self._people.connections)
        self._contact_groups.members = cache(self._contact_groups.members)
        self._directory_service = _service("admin", "directory_v1", directory_endpoint)

    @property
    def client_id(self) -> str:
        """What an administrator enters under domain-wide delegation."""
        return self._keyring.client_id

    @property
    def is_keyless(self) -> bool:
        """Whether IAM Credentials signs for the service account."""
        return self._keyring.keyless is not None

    def check_signing(self) -> GoogleError | None:
        """Without a key: what stands in the way of having claims signed; None where nothing does."""
        http = self._make_http()
        try:
            return self._keyring.check_signing(http)
        finally:
            http.close()

    def people(
        self,
        user_id: str,
        *,
        patience: float,
        meter: Meter | None = None,
        wanted: Callable[[], bool] = lambda: True,
        failing: bool = False,
    ) -> PeopleApi:
        """The mailbox of a user, by Google's immutable id, for one pass, which may wait `patience` seconds in all.

        It is opened by its first call, and only after Directory has said which address is this user's: until Directory
        answers, calls raise RetryLater. `wanted` is asked right before each change that is sent; where it says no,
        NoLongerWanted is raised. `failing`: nothing has got through to this mailbox for some passes.
        """
        http = self._make_http()

        def token(*, renew: bool) -> str:
            return self._user_token(user_id, CONTACTS, http, renew=renew)

        line = self._line(user_id, token, http, patience, self._budget, meter or Meter(), wanted, failing=failing)
        return PeopleApi(line, self._people, self._contact_groups)

    def spent(self, user_id: str) -> Spending:
        """What of its quota a mailbox has used in this minute, as far as this process knows."""
        return self._budget.spent(user_id)

    def recall(self, user_id: str, told: Spending) -> None:
        """Go on from what another process told that this mailbox has used."""
        self._budget.recall(user_id, told)

    def directory(self, *, patience: float = 30.0) -> Directory:
        """One reading of the directory. Raises SettingsError where no administrator is named."""
        return self._directory(DIRECTORY, self._make_http(), patience)

    def check_scopes(self, user_id: str | None = None) -> tuple[ScopeCheck, ...]:
        """Ask a token for each scope alone: those of the Directory as the administrator, that of mailboxes as a user.

        `user_id` is someone with a grant; without one the mailbox scope is not asked for.
        """
        admin = self._named_admin()
        http = self._make_http()
        checks = []
        try:
            for scope in DIRECTORY:
                ask = partial(self._keyring.of_administrator, admin, (scope,), http, renew=True)
                checks.append(ScopeCheck(scope, _trouble(ask)))
            if user_id is not None:
                for scope in CONTACTS:
                    ask = partial(self._user_token, user_id, (scope,), http, renew=True)
                    checks.append(ScopeCheck(scope, _trouble(ask)))
        finally:
            http.close()
        return tuple(checks)

    def _user_token(self, user_id: str, scopes: tuple[str, ...], http: Transport, *, renew: bool) -> str:
        def confirm(asked: str) -> Confirmed:
            # Whoever waits for the mailbox waits for this, too: they ask again, so it is asked once here.
            try:
                return self._directory(USERS, http, patience=0).confirm(asked)
            except SettingsError as error:
                raise Attention(error.sentence) from None
            except RetryLater as error:
                # The mailbox has not been asked for anything: whatever became of Directory's answer, no change is lost.
                raise RetryLater(_UNCONFIRMED, error.not_before) from None

        return self._keyring.of_user(user_id, scopes, http, confirm, renew=renew)

    def _directory(self, scopes: tuple[str, ...], http: Transport, patience: float) -> Directory:
        admin = self._named_admin()

        def token(*, renew: bool) -> str:
            return self._keyring.of_administrator(admin, scopes, http, renew=renew)

        return Directory(self._line("", token, http, patience, None, Meter()), self._directory_service)

    def _named_admin(self) -> str:
        if not self._admin:
            variable = "SHARESYNC_GOOGLE_ADMIN"
            raise SettingsError(
                variable,
                Sentence(
                    "%(variable)s is not set; it is a Workspace administrator's e-mail address.", variable=variable
                ),
            )
        return self._admin

    def _line(
        self,
        account: str,
        token: Token,
        http: Transport,
        patience: float,
        budget: Budget | None,
        meter: Meter,
        wanted: Callable[[], bool] = lambda: True,
        *,
        failing: bool = False,
    ) -> CallLine:
        return CallLine(
            account=account,
            token=token,
            http=http,
            patience=Patience(patience, self._clock, self._sleep),
            budget=budget,
            meter=meter,
            clock=self._clock,
            random=self._random,
            wanted=wanted,
            failing=failing,
        )


_UNCONFIRMED = Sentence(
    "Google's directory does not say at the moment whose mailbox this is; sharesync opens it once it does."
)


def _trouble(ask: Callable[[], object]) -> GoogleError | None:
    try:
        ask()
    except GoogleError as error:
        return error
    return None


def _service(name: str, version: str, endpoint: str | None) -> Any:
    """A service from the shipped discovery document. Its own `Http` is never used: each call brings one."""
    options = {"api_endpoint": endpoint} if endpoint else None
    return build(name, version, http=Http(), static_discovery=True, client_options=options, cache_discovery=False)
