"""The control routes under /_sandbox: what tests and demos turn, in JSON. Nothing of Google's is here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from sharesync.sandbox import render
from sharesync.sandbox.dates import rfc3339
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.wire import Json
from sharesync.sandbox.workspace import Workspace


def blueprint(workspace: Workspace) -> Blueprint:
    """The routes for one Workspace."""
    routes = Blueprint("control", __name__, url_prefix="/_sandbox")

    @routes.errorhandler(ValueError)
    def refuse(error: ValueError) -> ResponseReturnValue:
        return {"error": str(error)}, 400

    @routes.errorhandler(KeyError)
    def unknown(error: KeyError) -> ResponseReturnValue:
        return {"error": f"There is no {error.args[0] if error.args else 'such thing'}."}, 404

    @routes.get("/key")
    def key() -> ResponseReturnValue:
        return workspace.service_account_key(f"{request.host_url}token")

    @routes.get("/clock")
    def clock() -> ResponseReturnValue:
        return {"now": rfc3339(workspace.now())}

    @routes.post("/clock")
    def advance() -> ResponseReturnValue:
        workspace.advance(float(_body().get("advance", 0)))
        return {"now": rfc3339(workspace.now())}

    @routes.get("/settings")
    def settings() -> ResponseReturnValue:
        return workspace.settings.as_json()

    @routes.patch("/settings")
    def change_settings() -> ResponseReturnValue:
        workspace.settings = workspace.settings.changed(_body())
        return workspace.settings.as_json()

    @routes.get("/faults")
    def faults() -> Response:
        return jsonify(workspace.faults.as_json())

    @routes.post("/faults")
    def add_fault() -> ResponseReturnValue:
        return {"id": workspace.faults.add(Fault.of(_body()))}, 201

    @routes.delete("/faults")
    @routes.delete("/faults/<int:number>")
    def clear_faults(number: int | None = None) -> ResponseReturnValue:
        workspace.faults.clear(number)
        return {}

    @routes.get("/calls")
    def calls() -> Response:
        return jsonify(workspace.log.as_json(request.args.get("since", 0, int)))

    @routes.get("/calls/counts")
    def counts() -> ResponseReturnValue:
        return dict(workspace.log.counts(request.args.get("user")))

    @routes.delete("/calls")
    def clear_calls() -> ResponseReturnValue:
        workspace.log.clear()
        return {}

    @routes.get("/mailboxes/<user>")
    def dump(user: str) -> ResponseReturnValue:
        box = workspace.mailbox(user)
        with box.lock:
            contacts = [render.true_state(contact) for contact in box.contacts.values()]
            labels = [
                {"id": one.id, "name": one.now.name, "etag": one.now.etag, "deleted": one.now.deleted,
                 "clientData": [{"key": k, "value": v} for k, v in one.now.client_data]}
                for one in box.labels.values()
            ]  # fmt: skip
        return {"user": user, "contacts": contacts, "labels": labels}

    return routes


def _body() -> Json:
    body: Any = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ValueError("The body is one JSON object.")
    return body
