"""Sign-in with Google: OpenID Connect's code flow for one web client, with PKCE, and an RS256 key of its own.

Source: "OpenID Connect" and "Using OAuth 2.0 for Web Server Applications" of Google Identity; errors as observed.
Redirect addresses are compared letter by letter with those registered, as Google does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import unquote, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sharesync.sandbox.directory import Directory, User
from sharesync.sandbox.errors import OAuthError
from sharesync.sandbox.oauth import Authority
from sharesync.sandbox.wire import Json

CODE_SECONDS = 600
TOKEN_SECONDS = 3_599
SCOPES = ("openid", "email", "profile")


class SignInRefused(Exception):
    """Google's error page: who asked is not sent back, for the address to send them to may be a thief's."""

    def __init__(self, http: int, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.http, self.error, self.description = http, error, description


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request to sign somebody in."""

    redirect_uri: str
    scopes: frozenset[str]
    state: str
    nonce: str
    challenge: str
    login_hint: str


@dataclass(frozen=True, slots=True)
class Granted:
    """What a code stands for."""

    asked: Asked
    user_id: str
    until: datetime


class SignIn:
    """The provider, with its one client. `clock` is what ID tokens are dated by, `now` the sandbox's own time."""

    def __init__(
        self,
        directory: Directory,
        authority: Authority,
        clock: Callable[[], datetime],
        now: Callable[[], datetime],
    ) -> None:
        self.redirect_uris: set[str] = set()
        self.id_token_seconds = TOKEN_SECONDS
        self.client_id = f"{directory.customer_id.lower()}-sandbox.apps.googleusercontent.com"
        self._directory = directory
        self._authority = authority
        self._clock = clock
        self._now = now
        self._codes: dict[str, Granted] = {}

    @cached_property
    def client_secret(self) -> str:
        """The client's secret; another one each time the Workspace is started."""
        return "GOCSPX-" + secrets.token_urlsafe(21)

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """What ID tokens are signed with; made when first asked for."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def register(self, redirect_uris: Iterable[str]) -> None:
        """Let people be sent back to these addresses."""
        self.redirect_uris |= set(redirect_uris)

    # -- what everyone may read ----------------------------------------------------------------------------------------

    def discovery(self, issuer: str) -> Json:
        """The document under /.well-known/openid-configuration."""
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/o/oauth2/v2/auth",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/v1/userinfo",
            "jwks_uri": f"{issuer}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": list(SCOPES),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": [
                "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "sub",
            ],
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code"],
        }  # fmt: skip

    def certificates(self) -> Json:
        """The public key, as a JSON Web Key Set."""
        numbers = self.key.public_key().public_numbers()
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self._key_id, "n": _number(numbers.n)}
        return {"keys": [key | {"e": _number(numbers.e)}]}

    # -- the dance -----------------------------------------------------------------------------------------------------

    def ask(self, query: Mapping[str, str]) -> Asked:
        """A request that came to the authorization endpoint. Raises SignInRefused."""
        if query.get("client_id") != self.client_id:
            raise SignInRefused(401, "invalid_client", "The OAuth client was not found.")
        redirect_uri = query.get("redirect_uri", "")
        if redirect_uri not in self.redirect_uris:
            told = (
                f"The redirect URI in the request, {redirect_uri}, does not match the ones authorized for the client."
            )
            raise SignInRefused(400, "redirect_uri_mismatch", told)
        if query.get("response_type") != "code":
            raise SignInRefused(400, "unsupported_response_type", "Required parameter is missing: response_type")
        scopes = frozenset(query.get("scope", "").split())
        if "openid" not in scopes or not scopes <= set(SCOPES):
            raise SignInRefused(400, "invalid_scope", "Some requested scopes were invalid.")
        challenge = query.get("code_challenge", "")
        if challenge and query.get("code_challenge_method") != "S256":
            raise SignInRefused(400, "invalid_request", "Invalid parameter value for code_challenge_method.")
        state, nonce, hint = (query.get(name, "") for name in ("state", "nonce", "login_hint"))
        return Asked(redirect_uri, scopes, state, nonce, challenge, hint)

    def accounts(self) -> list[User]:
        """Whom one can be."""
        living = (user for user in self._directory.users.values() if not user.deleted)
        return sorted(living, key=lambda one: one.full_name.casefold())

    def grant(self, asked: Asked, key: str) -> str:
        """The address to send the chosen user's browser back to, with a code. Raises SignInRefused."""
        user = self._directory.user(key)
        if user is None or user.deleted or user.suspended:
            raise SignInRefused(403, "account_disabled", "This account cannot sign in.")
        self._codes = {text: one for text, one in self._codes.items() if one.until > self._now()}
        code = "4/0A" + secrets.token_urlsafe(32)
        self._codes[code] = Granted(asked, user.id, self._now() + timedelta(seconds=CODE_SECONDS))
        told = {"code": code, "scope": " ".join(sorted(asked.scopes)), "hd": hosted_domain(user)}
        return _back(asked, told)

    def deny(self, asked: Asked) -> str:
        """The address to send the browser back to when its owner wants no sign-in."""
        return _back(asked, {"error": "access_denied"})

    def exchange(self, form: Mapping[str, str], authorization: str, issuer: str) -> Json:
        """The answer to a token request with a code, which is good once. Raises OAuthError in Google's words."""
        self._check_client(form, authorization)
        granted = self._codes.pop(form.get("code", ""), None)
        user = self._directory.user(granted.user_id) if granted else None
        if granted is None or granted.until <= self._now() or user is None or user.suspended or user.deleted:
            raise OAuthError(400, "invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != granted.asked.redirect_uri:
            raise OAuthError(400, "redirect_uri_mismatch", "Bad Request")
        verifier = form.get("code_verifier", "")
        if granted.asked.challenge and _pack(hashlib.sha256(verifier.encode()).digest()) != granted.asked.challenge:
            raise OAuthError(400, "invalid_grant", "Invalid code verifier.")
        token = self._authority.token(user, granted.asked.scopes, TOKEN_SECONDS)
        return {
            "access_token": token,
            "expires_in": TOKEN_SECONDS,
            "scope": " ".join(sorted(granted.asked.scopes)),
            "token_type": "Bearer",
            "id_token": self.sign(self.claims(user, granted.asked, issuer, token)),
        }

    def userinfo(self, authorization: str) -> Json:
        """Who an access token speaks for. Raises ApiError."""
        return self._profile(self._authority.check(authorization, frozenset({"openid"})))

    # -- ID tokens -----------------------------------------------------------------------------------------------------

    def claims(self, user: User, asked: Asked, issuer: str, access_token: str) -> Json:
        """What the ID token says."""
        issued = int(self._clock().timestamp())
        digest = hashlib.sha256(access_token.encode()).digest()
        return {
            "iss": issuer,
            "azp": self.client_id,
            "aud": self.client_id,
            **self._profile(user),
            "at_hash": _pack(digest[: len(digest) // 2]),
            **({"nonce": asked.nonce} if asked.nonce else {}),
            "iat": issued,
            "exp": issued + self.id_token_seconds,
        }

    def sign(self, claims: Json) -> str:
        """A JSON Web Token of these claims (RFC 7515)."""
        header = {"alg": "RS256", "kid": self._key_id, "typ": "JWT"}
        text = ".".join(_pack(json.dumps(part).encode()) for part in (header, claims))
        return f"{text}.{_pack(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    @cached_property
    def _key_id(self) -> str:
        return hashlib.sha256(str(self.key.public_key().public_numbers().n).encode()).hexdigest()[:40]

    def _profile(self, user: User) -> Json:
        return {
            "sub": user.id,
            "hd": hosted_domain(user),
            "email": user.email,
            "email_verified": True,
            "name": user.full_name,
            "given_name": user.given_name,
            "family_name": user.family_name,
        }

    def _check_client(self, form: Mapping[str, str], authorization: str) -> None:
        client, secret = form.get("client_id", ""), form.get("client_secret", "")
        if authorization.startswith("Basic "):
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode("utf-8", "replace")
            client, secret = (unquote(part) for part in (pair.partition(":")[0], pair.partition(":")[2]))
        known = secrets.compare_digest(secret.encode(), self.client_secret.encode())
        if client != self.client_id or not known:
            raise OAuthError(401, "invalid_client", "The OAuth client was not found.")


def hosted_domain(user: User) -> str:
    """The `hd` claim: the domain of the user's primary address, which may be a secondary one of the Workspace."""
    return user.email.rpartition("@")[2].lower()


def _back(asked: Asked, told: Json) -> str:
    if asked.state:
        told = {"state": asked.state, **told}
    return f"{asked.redirect_uri}{'&' if '?' in asked.redirect_uri else '?'}{urlencode(told)}"


def _pack(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _number(value: int) -> str:
    return _pack(value.to_bytes((value.bit_length() + 7) // 8, "big"))
