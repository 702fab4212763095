"""A service account without a key: IAM Credentials signs what a key would sign, for whoever this machine is.

Organisations founded since May 2024 may make no key files. The machine has credentials of its own, from the metadata
server or by workload identity federation, and the role to have claims signed for the account. What follows is as with
a key: the signed claims are exchanged for a token of one user.

Source: "Best practices for using service accounts in domain-wide delegation"; "Service account credentials API",
`signJwt`. Rejected: `impersonated_credentials` of google-auth, whose two addresses are constants, so that no sandbox
can stand in for Google.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import google.auth
import requests
from google.auth import credentials, exceptions, transport
from google.auth.transport.requests import Request

from sharesync.errors import Attention, RetryLater, Sentence, SettingsError

VARIABLE = "SHARESYNC_GOOGLE_SERVICE_ACCOUNT"
IAM = "https://iamcredentials.googleapis.com"
_GOOGLE_TOKENS = "https://oauth2.googleapis.com/token"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CLOUD = ("https://www.googleapis.com/auth/cloud-platform",)
LIFETIME = timedelta(hours=1)
EARLY = timedelta(minutes=4)
"""A token that ends so soon is made anew, as google-auth does."""

_NO_CREDENTIALS = Sentence(
    "%(variable)s: this machine has no credentials of Google's; attach a service account to it, or name a credential"
    " configuration of workload identity federation in GOOGLE_APPLICATION_CREDENTIALS.",
    variable=VARIABLE,
)
_REFUSED_CREDENTIALS = Sentence(
    "Google refuses this machine's own credentials; check the workload identity pool, or the account attached to it."
)
_SILENT = Sentence("Google's sign-in service did not answer; sharesync tries again by itself.")
_SWITCHED_OFF = Sentence(
    "The IAM Service Account Credentials API is not enabled; enable iamcredentials.googleapis.com in the Google Cloud"
    " console under APIs & Services."
)


class KeylessAccount:
    """The service account whose claims IAM Credentials signs. Safe to share between threads."""

    def __init__(self, address: str, iam_endpoint: str = IAM) -> None:
        """Find this machine's credentials. Raises SettingsError where there are none."""
        self.address = address
        self._endpoint = iam_endpoint
        self.token_uri = _GOOGLE_TOKENS if iam_endpoint == IAM else f"{iam_endpoint}/token"
        self._lock = threading.Lock()
        try:
            # Scopes afterwards: with them, google-auth would ask Google for the project's name first.
            found, _ = google.auth.default()
            self._machine = credentials.with_scopes_if_required(found, _CLOUD)
        except (exceptions.GoogleAuthError, OSError, ValueError, KeyError):
            raise SettingsError(VARIABLE, _NO_CREDENTIALS) from None

    def delegated(self, scopes: Sequence[str], subject: str) -> KeylessGrant:
        """What becomes a token of this user, once it is refreshed."""
        return KeylessGrant(self, scopes, subject)

    def sign(self, claims: dict[str, Any], request: transport.Request) -> str:
        """The claims as a signed JWT. Raises Attention, which says what is missing, or RetryLater."""
        answer = request(
            f"{self._endpoint}/v1/projects/-/serviceAccounts/{self.address}:signJwt",
            "POST",
            body=json.dumps({"payload": json.dumps(claims)}).encode(),
            headers={"Authorization": f"Bearer {self._bearer()}", "Content-Type": "application/json"},
        )
        told = _read(answer.data)
        if answer.status == 200 and isinstance(told.get("signedJwt"), str):
            return str(told["signedJwt"])
        raise self._refusal(answer.status, told)

    def _bearer(self) -> str:
        with self._lock:
            if not self._machine.valid:
                try:
                    with requests.Session() as session:
                        self._machine.refresh(Request(session))
                except exceptions.TransportError:
                    raise RetryLater(_SILENT) from None
                except (exceptions.GoogleAuthError, OSError, ValueError):
                    raise Attention(_REFUSED_CREDENTIALS) from None
            return str(self._machine.token)

    def _refusal(self, status: int, told: dict[str, Any]) -> Attention | RetryLater:
        match status:
            case 401:
                return Attention(_REFUSED_CREDENTIALS)
            case 403 if "SERVICE_DISABLED" in json.dumps(told):
                return Attention(_SWITCHED_OFF)
            case 403:
                return Attention(
                    "This machine may not have claims signed for %(account)s; give its account the role Service Account"
                    " Token Creator on that account (the account itself, too, where it is the one attached).",
                    account=self.address,
                )
            case 404:
                return Attention(
                    "There is no service account %(account)s; correct %(variable)s, or make the account.",
                    account=self.address,
                    variable=VARIABLE,
                )
            case _:
                return RetryLater(
                    "IAM Credentials signs nothing (HTTP %(status)s); sharesync tries again by itself.", status=status
                )


class KeylessGrant:
    """A token of one user for some scopes, as google-auth's credentials are one."""

    def __init__(self, account: KeylessAccount, scopes: Sequence[str], subject: str) -> None:
        self._account, self._scopes, self._subject = account, scopes, subject
        self._until = datetime.min.replace(tzinfo=UTC)
        self.token: str | None = None

    @property
    def valid(self) -> bool:
        """Whether it can be used."""
        return self.token is not None and datetime.now(UTC) < self._until - EARLY

    def refresh(self, request: transport.Request) -> None:
        """Get it. Raises Attention, RetryLater; RefreshError with Google's body where the exchange is refused."""
        now = datetime.now(UTC)
        claims = {
            "iss": self._account.address,
            "sub": self._subject,
            "scope": " ".join(self._scopes),
            "aud": _GOOGLE_TOKENS,  # whatever address stands in for it
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        assertion = self._account.sign(claims, request)
        answer = request(
            self._account.token_uri,
            "POST",
            body=urlencode({"grant_type": _GRANT, "assertion": assertion}).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        told = _read(answer.data)
        if answer.status != 200 or not isinstance(told.get("access_token"), str):
            raise exceptions.RefreshError("refused", told)
        seconds = told.get("expires_in")
        self.token = told["access_token"]
        self._until = now + timedelta(seconds=seconds if isinstance(seconds, int) else 3600)


def _read(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
