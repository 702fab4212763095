"""Cookies: the token of a session, and Flask's own short-lived one for forms, messages and a sign-in under way.

Over https they bear the prefix `__Host-`, which browsers hold to this very host and to https. Without, only on this
machine, they have plain names: browsers refuse the prefix there.
"""

from __future__ import annotations

from flask import Request
from werkzeug.wrappers import Response

from sharesync.services.who_may.sessions import LONGEST
from sharesync.settings import Settings


class Cookies:
    """The cookie that holds a session's token. Scripts never see it; other sites' forms do not send it."""

    def __init__(self, settings: Settings) -> None:
        self.secure = settings.served_by_https
        self.name = self.named("session")

    def named(self, what: str) -> str:
        """The name of a cookie of ours."""
        return f"__Host-sharesync-{what}" if self.secure else f"sharesync-{what}"

    def read(self, request: Request) -> str | None:
        """The token that the browser holds."""
        return request.cookies.get(self.name)

    def write(self, response: Response, token: str) -> None:
        """Give the browser a token to hold."""
        seconds = int(LONGEST.total_seconds())
        response.set_cookie(
            self.name, token, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def keep(self, response: Response, what: str, value: str, *, seconds: int) -> None:
        """Let the browser hold another value of ours, which is no secret."""
        response.set_cookie(
            self.named(what), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="Lax"
        )

    def clear(self, response: Response) -> None:
        """Take it back."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="Lax")
