"""The control routes under /_sandbox: what tests and demos turn, in JSON. Nothing of Google's is here."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from sharesync.sandbox import render
from sharesync.sandbox.dates import rfc3339
from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.faults import Fault
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.wire import Json
from sharesync.sandbox.workspace import Workspace

control = Blueprint("control", __name__, url_prefix="/_sandbox")

HANDS = (
    "contacts", "trash", "labels", "create", "edit", "delete", "undelete", "merge", "star", "set_photo", "undo_changes",
    "touch", "link_profile", "unlink_profile", "label", "unlabel", "create_label", "rename_label", "delete_label",
)  # fmt: skip


@control.errorhandler(ValueError)
def refuse(error: ValueError) -> ResponseReturnValue:
    """What was asked does not fit."""
    return {"error": str(error)}, 400


@control.errorhandler(ApiError)
def refuse_as_google(error: ApiError) -> ResponseReturnValue:
    """A hand did what the engine refuses: a field too long, a mailbox full."""
    return {"error": error.message}, 400


@control.errorhandler(KeyError)
def unknown(error: KeyError) -> ResponseReturnValue:
    """The address names no user."""
    return {"error": f"There is no user {error.args[0]}."}, 404


@control.get("/key")
def key() -> ResponseReturnValue:
    """The service-account key, with this server's token endpoint."""
    return _workspace().service_account_key(f"{request.host_url}token")


@control.get("/clock")
def clock() -> ResponseReturnValue:
    """The sandbox's time."""
    return {"now": rfc3339(_workspace().now())}


@control.post("/clock")
def advance() -> ResponseReturnValue:
    """{"advance": seconds} turns the clock on."""
    _workspace().advance(float(_body().get("advance", 0)))
    return clock()


@control.get("/settings")
def settings() -> ResponseReturnValue:
    """All settings (see `settings.Settings`)."""
    return _workspace().settings.as_json()


@control.patch("/settings")
def change_settings() -> ResponseReturnValue:
    """Changes the settings named."""
    _workspace().change_settings(_body())
    return settings()


@control.get("/faults")
def faults() -> Response:
    """The faults in force."""
    return jsonify(_workspace().faults.as_json())


@control.post("/faults")
def add_fault() -> ResponseReturnValue:
    """Puts a fault in force (see `faults.Fault`)."""
    return {"id": _workspace().faults.add(Fault.of(_body()))}, 201


@control.delete("/faults")
@control.delete("/faults/<int:number>")
def clear_faults(number: int | None = None) -> ResponseReturnValue:
    """Takes back one fault or all."""
    _workspace().faults.clear(number)
    return {}


@control.post("/tokens/revoke")
def revoke_tokens() -> ResponseReturnValue:
    """{"user"?: address}: access tokens of one user, or all, are invalid from now on."""
    user = _body().get("user")
    _workspace().authority.revoke(_workspace().user(user).id if user else None)
    return {}


@control.get("/calls")
def calls() -> Response:
    """The log of calls; ?since=NUMBER."""
    return jsonify(_workspace().log.as_json(request.args.get("since", 0, int)))


@control.get("/calls/counts")
def counts() -> ResponseReturnValue:
    """Calls by method id; ?user=ADDRESS."""
    return dict(_workspace().log.counts(request.args.get("user")))


@control.delete("/calls")
def clear_calls() -> ResponseReturnValue:
    """Forgets the log, and what was spent of the quotas."""
    _workspace().log.clear()
    _workspace().meter.reset()
    return {}


@control.get("/mailboxes/<user>")
def dump(user: str) -> ResponseReturnValue:
    """The true state of a mailbox, whatever lists show."""
    return {"user": user, **render.true_mailbox(_workspace().mailbox(user))}


@control.post("/mailboxes/<user>/hands/<hand>")
def use_hand(user: str, hand: str) -> ResponseReturnValue:
    """One act of `hands.Hands` with its arguments by name; {"result": …}. Times in RFC 3339, photos in base64."""
    if hand not in HANDS:
        raise ValueError(f"The hands are {', '.join(HANDS)}.")
    arguments = _body() if request.get_data() else {}
    if "to" in arguments:
        arguments["to"] = datetime.fromisoformat(arguments["to"])
    if arguments.get("content"):
        try:
            arguments["content"] = base64.b64decode(arguments["content"], validate=True)
        except binascii.Error as error:
            raise ValueError("A photo is base64.") from error
    hands: Hands = _workspace().hands(user)
    try:
        return {"result": getattr(hands, hand)(**arguments)}
    except TypeError as error:
        raise ValueError(f"These are not the arguments of {hand}: {', '.join(arguments)}.") from error


@control.post("/users")
def add_user() -> ResponseReturnValue:
    """A new user: {"email", "name"?, "ou"?, "aliases"?, "admin"?, "suspended"?, "archived"?, "contacts_on"?}."""
    _workspace().describe({"users": [_body()]})
    return {}, 201


@control.patch("/users/<user>")
def change_user(user: str) -> ResponseReturnValue:
    """Other attributes: email, given_name, family_name, deleted, and those a new user may have."""
    given = _body()
    if "ou" in given:
        given["unit"] = given.pop("ou")
    if "aliases" in given:
        given["aliases"] = tuple(given["aliases"])
    if "deleted" in given:
        given["deleted"] = _workspace().now() if given["deleted"] else None
    try:
        _workspace().directory.change_user(_workspace().user(user).id, **given)
    except TypeError as error:
        raise ValueError(f"A user does not have all of {', '.join(given)}.") from error
    return {}


@control.post("/users/<user>/rename")
def rename_user(user: str) -> ResponseReturnValue:
    """Another primary address: {"email", "keep_alias"?: true}; groups follow, and the old address stays an alias."""
    given = _body()
    keep = bool(given.get("keep_alias", True))
    _workspace().directory.rename_user(_workspace().user(user).id, str(given.get("email", "")), keep_alias=keep)
    return {}


@control.post("/users/<user>/hand-on")
def hand_on(user: str) -> ResponseReturnValue:
    """The address goes to a newcomer: {"to": the old user's new address}; the newcomer's id is told as {"id": …}."""
    workspace = _workspace()
    return {"id": workspace.directory.hand_on(user, str(_body().get("to", "")), workspace.now()).id}, 201


@control.put("/groups/<group>")
def put_group(group: str) -> ResponseReturnValue:
    """A Google group, new or changed: {"name"?, "members": [addresses, or "*"]}."""
    given: dict[str, Any] = {name: value for name, value in _body().items() if name in ("name", "members")}
    given["members"] = tuple(given.get("members", ()))
    directory = _workspace().directory
    if directory.group(group):
        directory.change_group(group, **given)
    else:
        directory.add_group(group, **given)
    return {}


@control.delete("/groups/<group>")
def remove_group(group: str) -> ResponseReturnValue:
    """The Google group is deleted."""
    _workspace().directory.remove_group(group)
    return {}


@control.post("/units")
def add_unit() -> ResponseReturnValue:
    """{"path": "/Sales/North"}."""
    _workspace().directory.add_unit(str(_body().get("path", "")))
    return {}, 201


@control.post("/units/move")
def move_unit() -> ResponseReturnValue:
    """A unit renamed or moved, with all in it; its id stays: {"path": "/Sales", "to": "/Revenue"}."""
    given = _body()
    _workspace().directory.move_unit(str(given.get("path", "")), str(given.get("to", "")))
    return {}


@control.post("/units/remove")
def remove_unit() -> ResponseReturnValue:
    """An empty unit away: {"path": "/Sales"}."""
    _workspace().directory.remove_unit(str(_body().get("path", "")))
    return {}


def _workspace() -> Workspace:
    workspace: Workspace = current_app.extensions["workspace"]
    return workspace


def _body() -> Json:
    body: Any = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ValueError("The body is one JSON object.")
    return body
