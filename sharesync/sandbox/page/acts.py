"""What the page does: every act is a POST and ends on a page that says what was done, and offers the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.page import form
from sharesync.sandbox.page.views import contact_of, hands, show

acts = Blueprint("acts", __name__)


@acts.before_request
def _own_page_only() -> None:
    """A page from elsewhere must not play the user in somebody's browser."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


@acts.errorhandler(ValueError)
@acts.errorhandler(ApiError)
def refuse(error: ValueError | ApiError) -> ResponseReturnValue:
    """The hand could not do it; the sentence says why."""
    sentence = error.message if isinstance(error, ApiError) else str(error)
    return render_template("page/problem.html", sentence=sentence, back=_back()), 400


# --- One contact -----------------------------------------------------------------------------------------------------


@acts.post("/contacts/<user>/new")
def create(user: str) -> ResponseReturnValue:
    """Save a new contact."""
    held, labels = hands(user), request.form.getlist("label")
    try:
        person = form.read(request.form)
        if not person:
            raise ValueError("A contact needs at least one entry.")  # told like any other refusal
        name = held.create(person, labels)
    except (ValueError, ApiError) as error:
        return _again(user, None, error), 400
    return redirect(_person(user, name, "created"))


@acts.post("/contacts/<user>/person/<person>/edit")
def save(user: str, person: str) -> ResponseReturnValue:
    """Save a contact; without a change nothing is written."""
    name = str(contact_of(user, person)["resourceName"])
    try:
        changed = form.read(request.form)
        if changed:
            hands(user).edit(name, changed)
    except (ValueError, ApiError) as error:
        return _again(user, person, error), 400
    return redirect(_person(user, name, "saved" if changed else "unchanged"))


def _again(user: str, person: str | None, error: ValueError | ApiError) -> str:
    """The form once more, as it was typed, with the reason above it."""
    sentence = error.message if isinstance(error, ApiError) else str(error)
    contact = contact_of(user, person) if person else None
    typed = form.typed(request.form)
    base = request.form.get("base", "")
    return show(
        "form", user, contact=contact, fields=typed, base=base, problem=sentence, label=request.form.get("label")
    )


# --- Contacts chosen in a list, or one on its page -------------------------------------------------------------------


def _delete(held: Hands, names: list[str]) -> str:
    for name in names:
        held.delete(name)
    return "deleted" if len(names) == 1 else "deleted many"


def _undelete(held: Hands, names: list[str]) -> str:
    for name in names:
        held.undelete(name)
    return "undeleted"


def _label(held: Hands, names: list[str]) -> str:
    for name in names:
        held.label(name, request.form["label"])
    return "labelled"


def _unlabel(held: Hands, names: list[str]) -> str:
    for name in names:
        held.unlabel(name, request.form["label"])
    return "unlabelled"


def _star(held: Hands, names: list[str]) -> str:
    for name in names:
        held.star(name)
    return ""


def _unstar(held: Hands, names: list[str]) -> str:
    for name in names:
        held.star(name, on=False)
    return ""


def _merge(held: Hands, names: list[str]) -> str:
    held.merge(names)
    return "merged"


ACTS: Mapping[str, Callable[[Hands, list[str]], str]] = {
    "delete": _delete,
    "undelete": _undelete,
    "label": _label,
    "unlabel": _unlabel,
    "star": _star,
    "unstar": _unstar,
    "merge": _merge,
}


@acts.post("/contacts/<user>/act/<act>")
def do(user: str, act: str) -> ResponseReturnValue:
    """Do one of ACTS to the contacts named."""
    held, names = hands(user), request.form.getlist("name")
    if act not in ACTS:
        abort(404)
    if not names:
        raise ValueError("Choose a contact first.")
    with held.mailbox.lock:  # they were chosen together, and go together
        said = ACTS[act](held, names)
    undo = names if act == "delete" else []
    return redirect(_said(_back() or url_for("page.listed", user=user), said, undo))


# --- Labels, and everything at once ----------------------------------------------------------------------------------


@acts.post("/contacts/<user>/labels")
def create_label(user: str) -> ResponseReturnValue:
    """A new label, empty."""
    label = hands(user).create_label(request.form.get("title", ""))
    return redirect(_said(url_for("page.listed", user=user, label=label), "label created"))


@acts.post("/contacts/<user>/label/<label>/rename")
def rename_label(user: str, label: str) -> ResponseReturnValue:
    """Another name."""
    hands(user).rename_label(label, request.form.get("title", ""))
    return redirect(_said(url_for("page.listed", user=user, label=label), "label renamed"))


@acts.post("/contacts/<user>/label/<label>/delete")
def delete_label(user: str, label: str) -> ResponseReturnValue:
    """Away with the label: its contacts stay, or go with it."""
    hands(user).delete_label(label, with_contacts=request.form.get("contacts") == "delete")
    return redirect(_said(url_for("page.listed", user=user), "label deleted"))


@acts.post("/contacts/<user>/undo")
def undo_changes(user: str) -> ResponseReturnValue:
    """All contacts as they were some minutes ago."""
    minutes = request.form.get("minutes", "")
    if not minutes.isdecimal() or not 1 <= int(minutes) <= 30 * 24 * 60:
        raise ValueError("Say how many minutes to go back: from 1 to 43,200, which is 30 days.")
    held = hands(user)
    held.undo_changes(held.mailbox.now() - timedelta(minutes=int(minutes)))
    return redirect(_said(url_for("page.listed", user=user), "undone"))


# --- Where an act ends -----------------------------------------------------------------------------------------------


def _back() -> str:
    """The page the form stood on, if it is one of ours."""
    back = request.form.get("back", "")
    return back if back.startswith("/contacts/") and not urlsplit(back).netloc else ""


def _said(address: str, said: str, undo: list[str] | None = None) -> str:
    told = [("said", said), *(("undo", name) for name in undo or ())] if said else []
    query = f"{'&' if '?' in address else '?'}{urlencode(told)}" if told else ""
    return f"{address}{query}"


def _person(user: str, name: str, said: str) -> str:
    return _said(url_for("page.person", user=user, person=name.removeprefix("people/")), said)
