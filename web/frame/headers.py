"""Headers that make a page safe to open: what it may load, who may frame it, that nobody keeps it.

Nothing inline and nothing from elsewhere. The style kit draws a few signs as data: images; nothing else may.
"""

from __future__ import annotations

from flask import Flask, Response, request

from sharesync.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


HTTPS = "max-age=31536000"
"""A year, for this name alone: what stands beside it in the domain is not ours to speak for."""


def install(app: Flask, settings: Settings) -> None:
    """Put them on every response."""
    app.after_request(_add)
    if settings.served_by_https:
        app.after_request(_https)


def _https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = HTTPS
    return response


def _add(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers[name] = value
    if request.endpoint != "static":
        # Names and addresses of people: neither the browser nor anything between keeps a copy, but for what a view
        # lets the browser keep for this user.
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("HX-Request")
    return response
