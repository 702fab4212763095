"""Entries: what happened with a contact, and what is to be done; written, changed, done and removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, Refused
from sharesync.model.entry import ContactEntry, EntryKind, FollowUp
from sharesync.model.permission import Right
from sharesync.services import entries as cases
from sharesync.store.database.engine import Session
from sharesync.store.queries import contacts, people
from sharesync.store.queries import entries as stored
from web.frame.live import the_world
from web.frame.needs import Pages, on_contact
from web.frame.person import acting, asked_on, may
from web.frame.responses import done, refused
from web.frame.zones import from_form, here
from web.words.languages import _
from web.words.refusals import told

pages = Pages("entries", __name__, url_prefix="/contacts")

QUICK = (EntryKind.NOTE, EntryKind.CALL, EntryKind.MEETING, EntryKind.FOLLOW_UP)
"""What people write by hand; the other kinds are for programs."""
SIZE = 20


def tomorrow() -> date:
    """The reader's: by then a follow-up is to be done unless they say otherwise."""
    return here(the_world().now()).date() + timedelta(days=1)


@pages.get("/<contact>/entries", needs=on_contact(Right.VIEW))
def index(contact: str) -> str:
    """All entries of a contact, page by page."""
    with the_world().database.reading() as session:
        found = contacts.get(session, contact)
        shelf = stored.page(session, contact, before=request.args.get("before"), size=SIZE)
    writes = may(Right.EDIT, *asked_on()) and found.deleted_at is None
    return render_template("entries/index.html", contact=found, entries=shelf, writes=writes)


@pages.post("/<contact>/entries", needs=on_contact(Right.EDIT))
def write(contact: str) -> ResponseReturnValue:
    """Write one."""
    there = url_for("contacts.show", contact=contact)
    try:
        kind = next((one for one in QUICK if one.value == request.form.get("kind")), EntryKind.NOTE)
        with acting() as work:
            task = _task(work.session) if kind is EntryKind.FOLLOW_UP else None
            cases.write(work, contact, ContactEntry(kind, work.now, request.form.get("text", ""), follow_up=task))
    except Refused as error:
        return refused(told(error), there)
    return done(_("Written. It stays here: no mailbox shows it."), there)


def _task(session: Session) -> FollowUp:
    """By when and whose, as the form says it. Raises InvalidInput, NotFound."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise InvalidInput("Choose the day by which it is to be done.") from None
    return FollowUp(day, people.user_id(session, request.form.get("person", "")))


@pages.get("/<contact>/entries/<entry>", needs=on_contact(Right.EDIT))
def edit(contact: str, entry: str) -> str:
    """The form to change one."""
    with the_world().database.reading() as session:
        found = contacts.get(session, contact)
        shown = stored.shown(session, contact, entry)
    return render_template("entries/edit.html", contact=found, shown=shown, at=here(shown.entry.says.at))


@pages.post("/<contact>/entries/<entry>", needs=on_contact(Right.EDIT))
def change(contact: str, entry: str) -> ResponseReturnValue:
    """Let it say something else. A moment that was left as it was stays to the second."""
    there = url_for("contacts.show", contact=contact)
    try:
        with acting() as work:
            says = stored.find(work.session, contact, entry).says
            at = from_form(request.form.get("at", "")) or says.at
            at = says.at if at == says.at.replace(second=0, microsecond=0) else at
            task = says.follow_up and replace(_task(work.session), done_at=says.follow_up.done_at)
            text = request.form.get("text", "")
            cases.change(work, contact, entry, replace(says, at=at, text=text, follow_up=task))
    except Refused as error:
        return refused(told(error), there)
    return done(_("Saved."), there)


@pages.post("/<contact>/entries/<entry>/done", needs=on_contact(Right.VIEW))
def set_done(contact: str, entry: str) -> ResponseReturnValue:
    """Say that a follow-up is done, or is not."""
    at_home = request.form.get("home") == "yes"
    there = url_for("home.index") if at_home else url_for("contacts.show", contact=contact)
    is_done = request.form.get("done") != "no"
    try:
        with acting() as work:
            cases.set_done(work, contact, entry, done=is_done)
    except Refused as error:
        return refused(told(error), there)
    return done(_("Done.") if is_done else _("Still to be done."), there)


@pages.post("/<contact>/entries/<entry>/remove", needs=on_contact(Right.EDIT))
def remove(contact: str, entry: str) -> ResponseReturnValue:
    """Remove one."""
    there = url_for("contacts.show", contact=contact)
    try:
        with acting() as work:
            cases.remove(work, contact, entry)
    except Refused as error:
        return refused(told(error), there)
    return done(_("The entry is removed."), there)
