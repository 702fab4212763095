"""Access tokens: the service account's key, one delegated token for each user, and what a refusal of one means.

A token is asked for the scopes of one purpose only, because one scope that is not delegated fails the whole request
(Google Identity, "Using OAuth 2.0 for server to server applications").

Law: a mailbox belongs to a user id. Google is asked for a token by address, and addresses change hands; so before each
token the Directory says which address is this user's now. The token that Google then gives is bound to the account,
not to the address: for the hour it lives it opens the same mailbox, whoever gets the address meanwhile. What is left is
the moment between Directory's answer and Google's token.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.auth import exceptions, transport
from google.oauth2 import service_account

from sharesync.errors import Attention, GoogleError, MailboxPaused, RetryLater, Sentence, SettingsError
from sharesync.google.error_bodies import retry_after
from sharesync.google.failures import DELEGATION
from sharesync.google.identity import Confirmed
from sharesync.google.keyless import IAM, KeylessAccount, KeylessGrant
from sharesync.google.transport import Transport
from sharesync.model.hosts import is_secret

CONTACTS = ("https://www.googleapis.com/auth/contacts",)
"""For each mailbox."""
DIRECTORY = tuple(
    f"https://www.googleapis.com/auth/admin.directory.{part}"
    for part in ("user.readonly", "group.readonly", "group.member.readonly", "orgunit.readonly")
)
"""For the Directory administrator."""
USERS = DIRECTORY[:1]
"""For the question whose an address is: no other scope stands in its way."""

_VARIABLE = "SHARESYNC_GOOGLE_KEY_FILE"


class Keyring:
    """The service account and the tokens it got, one for each account and purpose. Safe to share between threads."""

    def __init__(self, key_file: Path | None, account: str | None = None, iam_endpoint: str = IAM) -> None:
        """Read the key file, or find what signs for the account without one. Raises SettingsError.

        `account` is the service account's address; its claims are then signed by IAM Credentials.
        """
        self._lock = threading.Lock()
        self._given: dict[_Holder, service_account.Credentials | KeylessGrant] = {}
        if account is not None:
            self.keyless: KeylessAccount | None = KeylessAccount(account, iam_endpoint)
            self.client_id = account
            self._delegated = self.keyless.delegated
            return
        self.keyless = None
        info = _read_key(key_file)
        try:
            root = service_account.Credentials.from_service_account_info(info)
        except (ValueError, TypeError, KeyError, exceptions.GoogleAuthError):
            raise SettingsError(
                _VARIABLE,
                Sentence(
                    "%(variable)s: %(file)s holds no usable private key; create a new JSON key and use that.",
                    variable=_VARIABLE,
                    file=key_file,
                ),
            ) from None
        self.client_id = str(info.get("client_id") or info["client_email"])
        self._delegated = lambda scopes, subject: root.with_scopes(scopes).with_subject(subject)

    def of_administrator(self, address: str, scopes: tuple[str, ...], http: Transport, *, renew: bool = False) -> str:
        """A valid access token for the administrator whom the settings name; `renew` after one was refused.

        Raises MailboxPaused (no such user, suspended, deleted), Attention, RetryLater.
        """
        return self._token(_Holder("", address, scopes), lambda: address, http, renew=renew)

    def of_user(
        self,
        user_id: str,
        scopes: tuple[str, ...],
        http: Transport,
        confirm: Callable[[str], Confirmed],
        *,
        renew: bool = False,
    ) -> str:
        """A valid access token for a user, whose address `confirm` asks Directory for where a new token is made.

        Raises what `confirm` does, and as `of_administrator`.
        """
        return self._token(_Holder(user_id, "", scopes), lambda: confirm(user_id).address, http, renew=renew)

    def _token(self, holder: _Holder, address: Callable[[], str], http: Transport, *, renew: bool) -> str:
        with self._lock:
            given = self._given.get(holder)
        if given is None or renew or not given.valid:
            given = self._delegated(holder.scopes, address())
            self._refresh(given, http)
            with self._lock:
                self._given[holder] = given
        return str(given.token)

    def check_signing(self, http: Transport) -> GoogleError | None:
        """Without a key: what stands in the way of signing; None where nothing does, or a key signs."""
        if self.keyless is None:
            return None
        try:
            self.keyless.sign({"iss": self.keyless.address}, _TokenRequest(http))
        except GoogleError as error:
            return error
        except (OSError, exceptions.GoogleAuthError):
            return RetryLater(_SILENT)
        return None

    def _refresh(self, given: service_account.Credentials | KeylessGrant, http: Transport) -> None:
        try:
            given.refresh(_TokenRequest(http))
        except exceptions.RefreshError as error:
            raise sort_refusal(error, self.client_id) from None
        except (exceptions.GoogleAuthError, OSError, ValueError, TypeError, AttributeError):
            raise RetryLater(_SILENT) from None


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whose token it is and what for: a user by id, or the administrator by the address that the settings name."""

    user_id: str
    administrator: str
    scopes: tuple[str, ...]


def _read_key(key_file: Path | None) -> dict[str, Any]:
    if key_file is None:
        raise SettingsError(
            _VARIABLE,
            Sentence(
                "%(variable)s is not set; it names the service account's JSON key file. Without one, name the account's"
                " address in SHARESYNC_GOOGLE_SERVICE_ACCOUNT.",
                variable=_VARIABLE,
            ),
        )
    try:
        info = json.loads(key_file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            _VARIABLE,
            Sentence(
                "%(variable)s: %(file)s cannot be read (%(error)s); check the path and its rights.",
                variable=_VARIABLE,
                file=key_file,
                error=error.strerror,
            ),
        ) from None
    except ValueError:
        info = None
    return _checked(info, key_file)


def _checked(info: Any, key_file: Path) -> dict[str, Any]:
    wanted = ("client_email", "private_key", "token_uri")
    if not isinstance(info, dict) or not all(isinstance(info.get(name), str) for name in wanted):
        raise SettingsError(
            _VARIABLE,
            Sentence(
                "%(variable)s: %(file)s is not the JSON key of a service account; create one and use that.",
                variable=_VARIABLE,
                file=key_file,
            ),
        )
    if not is_secret(info["token_uri"]):
        raise SettingsError(
            _VARIABLE,
            Sentence(
                "%(variable)s: the token_uri in %(file)s begins with http://, and anybody on the way could read along;"
                " download the key again.",
                variable=_VARIABLE,
                file=key_file,
            ),
        )
    return info


# --- The token endpoint. ----------------------------------------------------------------------------------------------

_SILENT = Sentence("Google's sign-in service did not answer; sharesync tries again by itself.")
_TRANSIENT = frozenset(("internal_failure", "server_error", "temporarily_unavailable"))


class _TokenRequest(transport.Request):
    """google-auth's way to the token endpoint, which lets no failure through that google-auth would sleep over."""

    def __init__(self, http: Transport) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Any = None,
        timeout: float | None = None,
        **_: Any,
    ) -> transport.Response:
        reply, content = self._http.request(url, method, body=body, headers=dict(headers or {}))
        if reply.status in (408, 429) or reply.status >= 500 or _words(content) & _TRANSIENT:
            raise RetryLater(_SILENT, retry_after(reply.get("retry-after"), datetime.now(UTC)))
        return _TokenResponse(reply.status, dict(reply), content)


class _TokenResponse(transport.Response):
    def __init__(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self._answer = (status, headers, data)

    @property
    def status(self) -> int:
        return self._answer[0]

    @property
    def headers(self) -> dict[str, str]:
        return self._answer[1]

    @property
    def data(self) -> bytes:
        return self._answer[2]


def _words(content: bytes) -> frozenset[str]:
    try:
        body = json.loads(content)
    except ValueError:
        return frozenset()
    words = (body.get("error"), body.get("error_description")) if isinstance(body, dict) else ()
    return frozenset(word for word in words if isinstance(word, str))


# --- What a refusal means. --------------------------------------------------------------------------------------------

_NOBODY = Sentence("Google gives no access to this user, who is suspended, deleted or not (yet) there.")
_CLOCK = Sentence("Google says that this machine's clock is wrong; set it right (NTP).")
_KEY = Sentence(
    "Google no longer accepts the service account's key; create a new JSON key and name it in %(variable)s.",
    variable=_VARIABLE,
)
_ACCOUNT = Sentence(
    "The service account is disabled or deleted; enable it in the Google Cloud console under IAM & Admin → Service"
    " Accounts, or make another and name its key in %(variable)s.",
    variable=_VARIABLE,
)
_POLICY = Sentence(
    "A policy of the organisation blocks sharesync; trust its client id in the Admin console under Security →"
    " Access and data control → API controls → App access control."
)


def sort_refusal(error: exceptions.RefreshError, client_id: str) -> GoogleError:
    """The one error that a refused token means, from the endpoint's `error` and `error_description`."""
    body = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    code, text = str(body.get("error", "")), str(body.get("error_description", "")).casefold()
    if not code.isidentifier():  # every code of OAuth's is (RFC 6749, 5.2); this came from somewhere else
        code = ""
    words = set(re.findall(r"[\w-]+", text))  # whole words: "immediately" says nothing about an iat
    match code:
        case "invalid_grant" if "signature" in words:
            return Attention(_KEY)
        case "invalid_grant" if words & {"iat", "short-lived", "timeframe"}:
            return Attention(_CLOCK)
        case "invalid_grant" if "jwt" in words:
            return Attention(_KEY)
        case "invalid_grant" if "account not found" in text:
            return Attention(_ACCOUNT)
        case "invalid_grant":
            return MailboxPaused(_NOBODY)
        case "invalid_request" if "sub" in words:
            return MailboxPaused(_NOBODY)
        case "unauthorized_client" | "access_denied" | "invalid_scope":
            return Attention(
                "sharesync is not allowed to act for users; in %(place)s, add client id %(client)s with every scope"
                " that `sharesync doctor` names (a change takes minutes, at times a day).",
                place=DELEGATION,
                client=client_id,
            )
        case "admin_policy_enforced" | "org_internal":
            return Attention(_POLICY)
        case "invalid_client" | "deleted_client" | "disabled_client":
            return Attention(_ACCOUNT)
        case "":
            return RetryLater(
                "What answers at the key file's token_uri is not Google; check the key file if this stays."
            )
        case _:
            return Attention("Google refuses sharesync a token (%(code)s); run `sharesync doctor`.", code=code)
