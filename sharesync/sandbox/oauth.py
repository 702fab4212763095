"""The token endpoint for domain-wide delegation: a signed assertion in, an access token for one user out.

Source: "Using OAuth 2.0 for Server to Server Applications", with its table of errors; HTTP codes observed.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sharesync.sandbox.directory import Directory, User
from sharesync.sandbox.errors import ApiError, OAuthError, Status
from sharesync.sandbox.wire import Json

AUDIENCE = "https://oauth2.googleapis.com/token"  # also when the key file names another token_uri (measured)
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DELEGATED: frozenset[str] = frozenset(
    "https://www.googleapis.com/auth/" + name
    for name in (
        "contacts", "admin.directory.user.readonly", "admin.directory.group.readonly",
        "admin.directory.group.member.readonly", "admin.directory.orgunit.readonly",
    )
)  # fmt: skip
_TIMEFRAME = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
_CREDENTIALS = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_UNDELEGATED = (
    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the "
    "scopes requested."
)
_REALM = 'Bearer realm="https://accounts.google.com/"'


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token stands for."""

    user_id: str
    scopes: frozenset[str]
    until: datetime


class Authority:
    """Issues and checks tokens for one service account.

    `clock` is the clock assertions are judged by (clients sign by theirs), `now` the sandbox's own, which tests turn.
    """

    def __init__(
        self,
        directory: Directory,
        clock: Callable[[], datetime],
        now: Callable[[], datetime],
        rng: Random,
        private_key: str | None = None,
    ) -> None:
        self.delegated = DELEGATED
        self.client_email = f"sharesync@sandbox-{directory.customer_id.lower()}.iam.gserviceaccount.com"
        self._directory = directory
        self._clock = clock
        self._now = now
        self._rng = rng
        self._pem = private_key
        self._public: rsa.RSAPublicKey | None = None
        self._tokens: dict[str, Access] = {}

    @property
    def private_key(self) -> str:
        """The service account's key, PEM; made when first asked for."""
        if self._pem is None:
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            form = serialization.PrivateFormat.PKCS8
            raw = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
            self._pem = raw.decode()
        return self._pem

    def key_file(self, token_uri: str) -> Json:
        """A service-account key as downloaded from the Cloud console, with `token_uri` leading here."""
        number = str(int(self._directory.customer_id[1:], 36)).zfill(21)[:21]
        return {
            "type": "service_account",
            "project_id": "sandbox",
            "private_key_id": self.key_id,
            "private_key": self.private_key,
            "client_email": self.client_email,
            "client_id": number,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def exchange(self, form: dict[str, str], seconds: int) -> Json:
        """The answer to a token request. Raises OAuthError in Google's words."""
        if form.get("grant_type") != GRANT:
            raise OAuthError(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        claims = self._verified(form.get("assertion", ""))
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise OAuthError(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        if not scopes <= self.delegated:
            told = (
                "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any "
            )
            raise OAuthError(401, "unauthorized_client", told + "of the scopes requested.")
        subject = claims.get("sub")
        user = self._directory.user(subject) if isinstance(subject, str) else None
        if user is None or user.deleted or user.suspended:
            raise OAuthError(400, "invalid_grant", "Invalid email or User ID")
        return {"access_token": self.token(user, scopes, seconds), "expires_in": seconds, "token_type": "Bearer"}

    def token(self, user: User, scopes: frozenset[str], seconds: int) -> str:
        """An access token for `user` without an assertion, as the simulator takes it."""
        if len(self._tokens) > 1_000:
            self._tokens = {old: one for old, one in self._tokens.items() if one.until > self._now()}
        text = "ya29.c." + base64.urlsafe_b64encode(self._rng.randbytes(30)).decode()
        self._tokens[text] = Access(user.id, scopes, self._now() + timedelta(seconds=seconds))
        return text

    def revoke(self, user_id: str | None = None) -> None:
        """Makes every token, or those of one user, invalid at once."""
        self._tokens = {text: one for text, one in self._tokens.items() if user_id not in (None, one.user_id)}

    def check(self, header: str, scopes: frozenset[str]) -> User:
        """The user an Authorization header speaks for. Raises ApiError 401, or 403 without one of `scopes`."""
        access = self._tokens.get(header.removeprefix("Bearer ")) if header.startswith("Bearer ") else None
        user = self._directory.user(access.user_id) if access else None
        if access is None or user is None or user.suspended or user.deleted or access.until <= self._now():
            raise unauthenticated()
        if not access.scopes & scopes:
            told = "Request had insufficient authentication scopes."
            info = {"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com"}
            needed = f'{_REALM}, error="insufficient_scope", scope="{" ".join(sorted(scopes))}"'
            detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info}
            raise ApiError(Status.PERMISSION_DENIED, told, (detail,), (("WWW-Authenticate", needed),))
        return user

    def _verified(self, assertion: str) -> Json:
        try:
            head, body, signature = assertion.split(".")
            header, claims = json.loads(_unpack(head)), json.loads(_unpack(body))
            assert isinstance(claims, dict)  # noqa: S101  # caught below with all else that is no JWT
            signed = _unpack(signature)
        except (ValueError, AssertionError, binascii.Error) as error:
            raise OAuthError(400, "invalid_grant", "Invalid JWT: Failed audience check or malformed token.") from error
        if claims.get("iss") != self.client_email:
            raise OAuthError(400, "invalid_grant", "Invalid grant: account not found")
        try:
            if header.get("alg") != "RS256" or header.get("kid") not in (None, self.key_id):
                raise InvalidSignature
            self._public_key().verify(signed, f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise OAuthError(400, "invalid_grant", "Invalid JWT Signature.") from error
        if claims.get("aud") != AUDIENCE:
            raise OAuthError(400, "invalid_grant", "Invalid JWT: Failed audience check.")
        self._check_times(claims)
        return claims

    def _check_times(self, claims: Json) -> None:
        start, end, now = claims.get("iat"), claims.get("exp"), self._clock().timestamp()
        if not isinstance(start, int) or not isinstance(end, int):
            raise OAuthError(400, "invalid_grant", _TIMEFRAME)
        if not start <= end <= start + 65 * 60 or start > now + 300 or end < now - 60:
            raise OAuthError(400, "invalid_grant", _TIMEFRAME)

    def _public_key(self) -> rsa.RSAPublicKey:
        if self._public is None:
            # Checking the primes of a key we made ourselves would take 50 ms of every test.
            key = serialization.load_pem_private_key(
                self.private_key.encode(), None, unsafe_skip_rsa_key_validation=True
            ).public_key()
            assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101  # we made it
            self._public = key
        return self._public

    @property
    def key_id(self) -> str:
        """What the key is called, in key files and in headers."""
        digest = hashes.Hash(hashes.SHA1())  # noqa: S303  # a name for the key, no protection
        digest.update(self.private_key.encode())
        return digest.finalize().hex()


def unauthenticated() -> ApiError:
    """The 401 for a token that is unknown, expired or of a user who is gone."""
    wrong = (("WWW-Authenticate", f'{_REALM}, error="invalid_token"'),)
    return ApiError(Status.UNAUTHENTICATED, _CREDENTIALS, headers=wrong)


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
