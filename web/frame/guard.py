"""The guard: no page without a sign-in, and none under a name that is not ours.

Served to others, sharesync stands behind a proxy that speaks https, and SHARESYNC_PUBLIC_URL says under which address;
without it only the names of this machine are answered: any other is somebody's who wants to look over our shoulder (DNS
rebinding), or a proxy that nobody has told us of. `/healthz` and its like answer under any name and tell nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import Forbidden, ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix

from sharesync.model.hosts import is_here
from sharesync.settings import Settings
from web.words.languages import _

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
SIGNLESS = frozenset({"static", "health.alive", "health.ready", "health.metrics"})


def install(app: Flask, settings: Settings) -> None:
    """Ask before every request, whatever view it is for."""
    public = urlsplit(settings.public_url) if settings.public_url else None
    app.config["BEHIND_PROXY"] = settings.served_by_https
    if settings.served_by_https:
        # Https ends at the proxy before us: it alone can say who asks and how.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # how Flask takes a middleware

    def ask() -> None:
        if request.endpoint in SIGNLESS and request.endpoint != "static":
            return
        host = asked_host()
        if public and host != (public.hostname or ""):
            raise Forbidden(_("Open sharesync at %(address)s.", address=settings.public_url))
        if not public and not is_here(host):
            raise Forbidden(
                _(
                    "sharesync answers here only under the names of this machine. To serve it to others, put a proxy"
                    " with https before it and set SHARESYNC_PUBLIC_URL to its address."
                )
            )
        if not settings.sign_in_is_set and request.endpoint not in SIGNLESS:
            raise ServiceUnavailable(
                _(
                    "Sign-in is not set up: set SHARESYNC_OIDC_CLIENT_ID and SHARESYNC_OIDC_CLIENT_SECRET, and start"
                    " again."
                )
            )

    app.before_request(ask)


def asked_host() -> str:
    """The name that the request was sent to; empty where it is none."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""
