"""A Google client in the same process: what googleapiclient takes for an Http, without a socket.

For a simulator with a clock of its own: `build("people", "v1", http=InProcessHttp(workspace, "ann@x.test"))`. A dropped
connection raises; a delay turns the Workspace's clock on and does not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import httplib2

from sharesync.sandbox.wire import Drop, Request
from sharesync.sandbox.workspace import Workspace


class InProcessHttp:
    """The connection of one user (an address) to the Workspace; the access token is taken care of.

    `retries`: how often a request is sent again when the connection drops before an answer. httplib2 does so once,
    for a POST too (measured), and a client must be safe against it.
    """

    def __init__(self, workspace: Workspace, user: str, scopes: tuple[str, ...] = (), retries: int = 0) -> None:
        self._workspace = workspace
        self._user = user
        self._scopes = scopes
        self._retries = retries
        self._token: str | None = None

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: Any = None,
    ) -> tuple[httplib2.Response, bytes]:
        """One request. Raises ConnectionResetError for a dropped connection."""
        for _ in range(self._retries):
            try:
                return self._send(uri, method, body, headers)
            except ConnectionResetError:
                continue
        return self._send(uri, method, body, headers)

    def close(self) -> None:
        """Nothing is open."""

    def _send(
        self, uri: str, method: str, body: str | bytes | None, headers: Mapping[str, str] | None
    ) -> tuple[httplib2.Response, bytes]:
        if self._token is None:
            self._token = self._workspace.access_token(self._user, *self._scopes)
        parts = urlsplit(uri)
        raw = body.encode() if isinstance(body, str) else body or b""
        sent = {**(headers or {}), "authorization": f"Bearer {self._token}"}
        reply = self._workspace.handle(Request.of(method, f"{unquote(parts.path)}?{parts.query}", sent, raw))
        if reply.delay:
            self._workspace.advance(reply.delay)
        if reply.drop is Drop.NOTHING:
            raise ConnectionResetError("The sandbox dropped the connection.")
        if reply.drop is Drop.HALF:
            raise httplib2.HttpLib2Error("The sandbox dropped the connection in the middle of the answer.")
        if reply.status == 401:
            self._token = None
        answer = {name.lower(): value for name, value in reply.headers}
        return httplib2.Response({**answer, "status": str(reply.status)}), reply.body
