"""The sandbox as a Flask application: the APIs, the token endpoint, and the control routes."""

from __future__ import annotations

from threading import Event

from flask import Flask, Response, request

from sharesync.sandbox.control import control
from sharesync.sandbox.page import add_page
from sharesync.sandbox.received import Received
from sharesync.sandbox.wire import Drop, Reply, Request
from sharesync.sandbox.workspace import Workspace

_DROPS = {Drop.NOTHING: "nothing", Drop.HALF: "half"}
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_app(workspace: Workspace) -> Flask:
    """The application for one Workspace. A page finds it as `current_app.extensions["workspace"]`."""
    app = Flask(__name__)
    app.extensions["workspace"], app.extensions["received"] = workspace, Received()
    app.register_blueprint(control)
    add_page(app)

    def api(**_: str) -> Response:
        return _respond(workspace.handle(_request()))

    for rule in ("/token", "/v1/<path:rest>", "/admin/directory/v1/<path:rest>"):
        app.add_url_rule(rule, endpoint=f"api {rule}", view_func=api, methods=_VERBS)
    return app


def _request() -> Request:
    query = request.query_string.decode("utf-8", "replace")
    target = f"{request.path}?{query}"
    return Request.of(request.method, target, dict(request.headers), request.get_data())


def _respond(reply: Reply) -> Response:
    if reply.delay:
        Event().wait(reply.delay)
    response = Response(reply.body, reply.status or 502)
    response.headers.clear()
    response.headers.extend(reply.headers)
    if reply.drop:  # for the server below, which does it and keeps the header to itself
        response.headers["X-Sandbox-Drop"] = _DROPS[reply.drop]
    return response
