"""What the page shows: the choice of whom to be, lists, one contact, the form, the trash."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.sandbox.contact import STARRED
from sharesync.sandbox.directory import User
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.page import faces, form
from sharesync.sandbox.wire import Json
from sharesync.sandbox.workspace import Workspace

views = Blueprint(
    "page", __name__, template_folder="templates", static_folder="static", static_url_path="/contacts/-/static"
)

ROWS = 1000
"""Contacts that one list shows; a longer one is to be searched."""
MESSAGES = {
    "created": "Contact created",
    "saved": "Contact saved",
    "unchanged": "Nothing was changed",
    "deleted": "Contact deleted",
    "deleted many": "Contacts deleted",
    "undeleted": "Contact restored",
    "labelled": "Label added",
    "unlabelled": "Label removed",
    "merged": "Contacts merged",
    "label created": "Label created",
    "label renamed": "Label renamed",
    "label deleted": "Label deleted",
    "undone": "Changes undone",
}
"""What the bar at the foot says after an act, by the address's `said`."""


@views.app_context_processor
def _faces() -> dict[str, Any]:
    return {"faces": faces, "icon": faces.icon, "messages": MESSAGES, "picture": picture}


@views.errorhandler(404)
def nothing(_: Exception) -> ResponseReturnValue:
    """Whom or what the address names is not there, or not any more."""
    sentence = "Nobody and nothing here has that address; it may have been deleted or merged."
    return render_template("page/problem.html", headline="Not found", sentence=sentence, back=""), 404


@views.get("/")
def root() -> ResponseReturnValue:
    """The sandbox's front door."""
    return redirect(url_for("page.choose"))


@views.get("/contacts/")
def choose() -> str:
    """Whom to be."""
    users = [user for user in workspace().directory.users.values() if not user.deleted]
    return render_template("page/choose.html", users=sorted(users, key=lambda one: one.full_name.casefold()))


@views.get("/contacts/<user>/")
@views.get("/contacts/<user>/label/<label>")
def listed(user: str, label: str | None = None) -> str:
    """Contacts: all, those of a label, the starred ones, or what a search finds."""
    held, search = hands(user), request.args.get("q", "").strip()
    name = label_name(held, label) if label and label != STARRED else ""
    contacts = held.contacts(label, search)
    heading = f"Search results for “{search}”" if search else name or ("Starred" if label else "Contacts")
    return show(
        "list", user, contacts=contacts[:ROWS], total=len(contacts), label=label, heading=heading, search=search
    )


@views.get("/contacts/<user>/trash")
def trash(user: str) -> str:
    """What was deleted in the last 30 days."""
    return show("trash", user, contacts=hands(user).trash(), heading="Trash")


@views.get("/contacts/<user>/person/<person>")
def person(user: str, person: str) -> str:
    """One contact."""
    return show("person", user, contact=contact_of(user, person))


@views.get("/contacts/<user>/person/<person>/edit")
def edit(user: str, person: str) -> str:
    """Its form."""
    held = contact_of(user, person)
    return show("form", user, contact=held, fields=held["fields"], base=form.base(held["fields"]))


@views.get("/contacts/<user>/photo/<photo>")
def photo(user: str, photo: str) -> ResponseReturnValue:
    """What a photo looks like."""
    content = hands(user).mailbox.pictures.get(photo)
    if content is None:
        abort(404)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return Response(content, mimetype=kind, headers={"X-Content-Type-Options": "nosniff"})


@views.get("/contacts/<user>/new")
def new(user: str) -> str:
    """An empty form."""
    return show("form", user, contact=None, fields={}, base="", label=request.args.get("label"))


@views.get("/contacts/<user>/seq")
def seq(user: str) -> Json:
    """The number of the mailbox's latest change: an open page asks for it, and for itself again when it moves."""
    return {"seq": hands(user).mailbox.seq}


# --- What every view needs -------------------------------------------------------------------------------------------


def workspace() -> Workspace:
    """The sandbox behind this page."""
    held: Workspace = current_app.extensions["workspace"]
    return held


def hands(user: str) -> Hands:
    """The hands of whom the address names."""
    try:
        return workspace().hands(user)
    except KeyError:
        abort(404)


def contact_of(user: str, person: str) -> Json:
    """The contact the address names; one that Google has given another name since is found, too."""
    held = hands(user)
    with held.mailbox.lock:
        found = held.mailbox.find(f"people/{person}")
    return next((one for one in held.contacts() if found and one["id"] == found.id), None) or abort(404)


def picture(user: str, contact: Json) -> str:
    """The address of a contact's photo on this page; empty where it has none, or nobody knows what it looks like."""
    photo = contact["photo"]
    return url_for("page.photo", user=user, photo=photo) if photo in hands(user).mailbox.pictures else ""


def label_name(held: Hands, label: str) -> str:
    """The name of the label the address names."""
    return next((str(one["name"]) for one in held.labels() if one["id"] == label), None) or abort(404)


def show(name: str, user: str, **values: Any) -> str:
    """A page with its frame: whom one is, the labels and their counts."""
    held = hands(user)
    me: User = workspace().user(user)
    others = [one for one in workspace().directory.users.values() if not one.deleted and one.id != me.id]
    labels = held.labels()
    frame = {
        "me": me,
        "user": me.email,
        "others": sorted(others, key=lambda one: one.full_name.casefold()),
        "labels": labels,
        "label_names": {one["id"]: one["name"] for one in labels},
        "all_count": sum(1 for _ in held.mailbox.live()),
        "trash_count": len(held.trash()),
        "seq": held.mailbox.seq,
        "part": "X-Part" in request.headers,
    }
    return render_template(f"page/{name}.html", **frame, **values)
