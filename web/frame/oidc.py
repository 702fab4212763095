"""OpenID Connect, by Authlib: the code flow with PKCE, state and nonce; and what an ID token must say to be believed.

Authlib checks signature, expiry and nonce; that it holds the issuer and audience to ours is asked for here, beside the
Workspace's domain. Identity is issuer and subject; no e-mail address is looked at.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, request, url_for
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from sharesync.errors import NotAllowed, SharesyncError
from sharesync.settings import Settings

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures that are believed: none by a shared secret, and not none at all."""
TIMEOUT = 10
_PROVIDER = "sharesync.oidc"


class SignInFailed(SharesyncError):
    """The provider did not answer, or what it said is not to be believed; `str` is one sentence for who signs in."""


def install(app: Flask, settings: Settings) -> None:
    """Make the provider known. It is asked for nothing before the first sign-in."""
    app.extensions[_PROVIDER] = Provider(app, settings)


def the_provider() -> Provider:
    """Who vouches for people."""
    provider: Provider = current_app.extensions[_PROVIDER]
    return provider


class Provider:
    """The issuer that the settings name."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.issuer = settings.oidc_issuer
        self._client_id, self._domains = settings.oidc_client_id, settings.domain
        self._public_url = settings.public_url
        self._client = OAuth(app).register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{self.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT,
            },
        )

    @property
    def name(self) -> str:
        """What people call it."""
        host = urlsplit(self.issuer).hostname or ""
        return "Google" if host in ("accounts.google.com", "localhost", "127.0.0.1") else host

    def begin(self) -> Response:
        """Send the browser to the provider. Raises SignInFailed."""
        # A hint alone: of several domains, Google offers every account of a Workspace ("OpenID Connect", hd).
        hint = {"hd": self._domains[0] if len(self._domains) == 1 else "*"} if self._domains else {}
        try:
            self._metadata()
            answer: Response = self._client.authorize_redirect(self._back(), prompt="select_account", **hint)
        except (requests.RequestException, AuthlibBaseError, ValueError) as error:
            raise SignInFailed("%(name)s does not answer; try again in a moment.", name=self.name) from error
        return answer

    def finish(self) -> str:
        """The subject that the provider vouches for, once the browser is back. Raises SignInFailed or NotAllowed."""
        if request.args.get("error") == "access_denied":
            raise SignInFailed("You did not sign in.")
        try:
            self._metadata()
            options = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client_id},
                "sub": {"essential": True},
            }
            token: dict[str, Any] = self._client.authorize_access_token(claims_options=options)
        except requests.RequestException as error:
            raise SignInFailed("%(name)s does not answer; try again in a moment.", name=self.name) from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            raise SignInFailed("The sign-in took too long, or was not begun here; begin again.") from error
        claims = token.get("userinfo") or {}
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise SignInFailed("%(name)s did not say who you are; begin again.", name=self.name)
        if self._domains and claims.get("hd") not in self._domains:
            domains = ", ".join(self._domains)
            raise NotAllowed("This account is not of %(domain)s; choose the one of your company.", domain=domains)
        return subject

    def _metadata(self) -> None:
        metadata = self._client.load_server_metadata()
        if metadata.get("issuer") != self.issuer:
            raise ValueError("the discovery document is another issuer's")  # OpenID Connect Discovery, 4.3
        offered = metadata.get("id_token_signing_alg_values_supported") or ALGORITHMS
        metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in ALGORITHMS]

    def _back(self) -> str:
        path = url_for("sign_in.back")
        return f"{self._public_url or request.host_url.rstrip('/')}{path}"
