"""What arrived from outside, on one page; and the address that takes what is posted to chat rooms and webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from sharesync.sandbox.received import LARGEST, Arrival, Received

received = Blueprint("received", __name__, template_folder="templates", url_prefix="/received")


@received.get("/")
def listed() -> str:
    """The newest first."""
    return render_template("page/received.html", arrivals=_kept().listed(), hook=f"{request.host_url}received/hook")


@received.post("/hook")
@received.post("/hook/<path:room>")
def take(room: str = "") -> ResponseReturnValue:
    """Take what a chat room or a webhook would."""
    content = request.get_data()[:LARGEST].decode("utf-8", "replace")
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    chat = isinstance(told, dict) and isinstance(told.get("text"), str)
    text = str(told["text"]) if chat else json.dumps(told, indent=1) if told is not None else content
    subject = "Chat" if chat else str(told.get("type", "")) if isinstance(told, dict) else ""
    signed = {name: value for name, value in request.headers.items() if name.lower().startswith("webhook-")}
    _kept().add(Arrival(datetime.now(UTC), "post", request.path, subject, text, signed))
    return "", 204


def _kept() -> Received:
    kept: Received = current_app.extensions["received"]
    return kept
