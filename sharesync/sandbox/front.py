"""Google's front end: one request through token, fault, scope, quota, check and operation to its reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from sharesync.sandbox import directory_api, iam, labels, people_read, people_write
from sharesync.sandbox.call import Call
from sharesync.sandbox.dates import rfc3339
from sharesync.sandbox.directory import User
from sharesync.sandbox.discovery import Method, find, read_body, read_query
from sharesync.sandbox.errors import ApiError, OAuthError, Status
from sharesync.sandbox.faults import Fault, Kind
from sharesync.sandbox.oauth import unauthenticated
from sharesync.sandbox.quotas import COSTS
from sharesync.sandbox.wire import Drop, Json, Reply, Request, Text, json_reply

if TYPE_CHECKING:
    from sharesync.sandbox.workspace import Workspace

_OPERATIONS: Mapping[str, Callable[[Call], Json | Text]] = {
    "people.people.connections.list": people_read.list_connections,
    "people.people.get": people_read.get,
    "people.people.getBatchGet": people_read.batch_get,
    "people.people.searchContacts": people_read.search,
    "people.people.createContact": people_write.create,
    "people.people.updateContact": people_write.update,
    "people.people.deleteContact": people_write.delete,
    "people.people.updateContactPhoto": people_write.update_photo,
    "people.people.deleteContactPhoto": people_write.delete_photo,
    "people.people.batchCreateContacts": people_write.batch_create,
    "people.people.batchUpdateContacts": people_write.batch_update,
    "people.people.batchDeleteContacts": people_write.batch_delete,
    "people.contactGroups.list": labels.list_labels,
    "people.contactGroups.get": labels.get,
    "people.contactGroups.batchGet": labels.batch_get,
    "people.contactGroups.create": labels.create,
    "people.contactGroups.update": labels.update,
    "people.contactGroups.delete": labels.delete,
    "people.contactGroups.members.modify": labels.modify,
}
_LISTS = ("connections", "contactGroups", "users", "groups", "members", "organizationUnits", "responses", "results")
_NOT_FOUND = (
    "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>"
    "<p><b>404.</b> <ins>That's an error.</ins><p>The requested URL was not found on this server."
)
_DROPPED = Reply(0, b"", drop=Drop.NOTHING)


def answer(workspace: Workspace, request: Request) -> Reply:
    """The reply to one request; what the log and the faults say of it included."""
    if (request.verb, request.path) == ("POST", "/token"):
        return _with_fault(workspace, "oauth.token", None, lambda _: _token(workspace, request))
    if request.verb == "POST" and request.path == iam.STS:
        return _with_fault(workspace, "sts.token", None, lambda _: _exchange(workspace, request))
    if request.verb == "POST" and iam.is_signing(request.path):
        return _with_fault(workspace, "iamcredentials.signJwt", None, lambda _: _sign(workspace, request))
    found = find(request.verb, request.path)
    if found is None:
        return html(404, _NOT_FOUND)
    method, path = found
    user: User | None = None
    try:
        user = workspace.authority.check(request.headers.get("authorization", ""), method.scopes)
    except ApiError as refusal:
        return _logged(workspace, method.id, None, refused(workspace, refusal), None)
    return _with_fault(workspace, method.id, user, lambda fault: _call(workspace, method, user, path, request, fault))


def refused(workspace: Workspace, refusal: ApiError) -> Reply:
    """The reply for a refusal."""
    return json_reply(refusal.http, refusal.body(with_errors=workspace.settings.errors_list), refusal.headers)


def html(status: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """An answer that is no JSON."""
    return Reply(status, text.encode(), (("Content-Type", "text/html; charset=UTF-8"), *headers))


def _token(workspace: Workspace, request: Request) -> Reply:
    form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    try:
        if form.get("grant_type") == "authorization_code":
            issuer = f"http://{request.headers.get('host', '')}"
            return json_reply(200, workspace.sign_in.exchange(form, request.headers.get("authorization", ""), issuer))
        return json_reply(200, workspace.authority.exchange(form, workspace.settings.access_token_seconds))
    except OAuthError as refusal:
        return json_reply(refusal.http, {"error": refusal.error, "error_description": refusal.description})


def _exchange(workspace: Workspace, request: Request) -> Reply:
    try:
        return json_reply(200, workspace.iam.exchange(request.body))
    except OAuthError as refusal:
        return json_reply(refusal.http, {"error": refusal.error, "error_description": refusal.description})


def _sign(workspace: Workspace, request: Request) -> Reply:
    try:
        authorization = request.headers.get("authorization", "")
        return json_reply(200, workspace.iam.sign(request.path, authorization, request.body))
    except ApiError as refusal:
        return refused(workspace, refusal)


def _call(workspace: Workspace, method: Method, user: User, path: Json, request: Request, fault: Fault | None) -> Reply:
    try:
        cost = COSTS.get(method.id, {"directory": 1})
        workspace.meter.charge(user.id, cost, workspace.settings.quotas, workspace.now())
        query = read_query(method, request.query)
        body = read_body(method, request.body)
        reply = _operate(workspace, method, user, path, query, body, fault.kind if fault else None)
    except ApiError as refusal:
        return refused(workspace, refusal)
    pretty = ("prettyPrint", "true") in request.query
    return json_reply(200, reply, pretty=pretty)


def _operate(
    workspace: Workspace, method: Method, user: User, path: Json, query: Json, body: Json, struck: Kind | None
) -> Json | Text:
    if not method.is_people:
        return directory_api.answer(method, workspace.directory, user, path, query, workspace.now())
    if not user.contacts_on:
        raise ApiError(Status.PERMISSION_DENIED, "The caller does not have permission")
    operation = _OPERATIONS.get(method.id)
    if operation is None:
        raise ApiError(Status.UNIMPLEMENTED, f"The sandbox does not offer {method.id}.")
    mailbox = workspace.mailbox(user.id)
    with mailbox.lock:
        if method.id == "people.people.connections.list" and not {"pageToken", "syncToken"} & set(query):
            workspace.meter.charge(user.id, {"full_sync": 1}, workspace.settings.quotas, workspace.now())
        omits, empty = struck is Kind.OMITTED_CHANGE, struck is Kind.EMPTY_LIST
        return operation(Call(method, mailbox, workspace.settings, workspace.region, path, query, body, omits, empty))


def _with_fault(
    workspace: Workspace, method: str, user: User | None, carry_out: Callable[[Fault | None], Reply]
) -> Reply:
    fault = workspace.faults.strike(method, user.email if user else None)
    if fault is None:
        return _logged(workspace, method, user, carry_out(None), None)
    instead = _instead(workspace, user, fault)
    if instead is not None and (fault.when == "before" or fault.kind in (Kind.EXPIRED_SYNC_TOKEN, Kind.INVALID_TOKEN)):
        return _logged(workspace, method, user, instead, fault)
    reply = carry_out(fault)
    changed = instead if instead is not None else _spoilt(reply, fault)
    return _logged(workspace, method, user, changed, fault)


def _instead(workspace: Workspace, user: User | None, fault: Fault) -> Reply | None:
    """The answer that takes the place of the real one, for the faults that have one."""
    match fault.kind:
        case Kind.STATUS:
            headers = tuple(fault.headers.items())
            if isinstance(fault.body, str):
                return html(fault.status, fault.body, headers)
            return json_reply(fault.status, fault.body or _plain_error(fault.status), headers)
        case Kind.DROP:
            return _DROPPED
        case Kind.EXPIRED_SYNC_TOKEN:
            return refused(workspace, people_read.expired_sync_token(workspace.settings.expired_status))
        case Kind.INVALID_TOKEN:
            if user:
                workspace.authority.revoke(user.id)
            return refused(workspace, unauthenticated())
        case _:
            return None


def _spoilt(reply: Reply, fault: Fault) -> Reply:
    """The real answer, late or damaged. A refusal passes untouched by damage to lists."""
    match fault.kind:
        case Kind.DELAY:
            return Reply(reply.status, reply.body, reply.headers, delay=fault.seconds)
        case Kind.HALF:
            return Reply(reply.status, reply.body, reply.headers, drop=Drop.HALF)
        case Kind.CUT_JSON:
            return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers)
        case _:
            return _thinned(reply, fault.kind)


def _thinned(reply: Reply, kind: Kind) -> Reply:
    if reply.status != 200:
        return reply
    body: Json = json.loads(reply.body)
    match kind:
        case Kind.EMPTY_LIST:
            # The People lists come empty from the operation, with tokens to go on from; this is for the Directory's.
            body = {key: value for key, value in body.items() if key not in (*_LISTS, "nextPageToken")}
        case Kind.NO_TOKENS:
            body = {key: value for key, value in body.items() if key not in ("nextPageToken", "nextSyncToken")}
        case Kind.HALF_LIST:
            body = {key: value[::2] if key in _LISTS else value for key, value in body.items()}
        case _:
            pass
    return json_reply(200, body)


def _plain_error(status: int) -> Json:
    kind = next((one for one in Status if one.http == status), Status.INTERNAL)
    told = {429: "Resource has been exhausted (e.g. check quota).", 503: "The service is currently unavailable."}
    return ApiError(kind, told.get(status, "Internal error encountered."), http=status).body()


def _logged(workspace: Workspace, method: str, user: User | None, reply: Reply, fault: Fault | None) -> Reply:
    cost = COSTS.get(method, {})
    struck = fault.kind.value if fault else None
    workspace.log.add(rfc3339(workspace.now()), method, user.email if user else None, reply.status, cost, struck)
    return reply
