"""Erasing a contact for good, with a receipt of each mailbox, and the legal hold that forbids it: administrators."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.services import erasure as cases
from sharesync.store.queries import contact_status, contacts, receipts
from web.frame.live import the_world
from web.frame.needs import ADMINISTER, Pages
from web.frame.person import acting
from web.frame.responses import done, refused, unconfirmed
from web.words.languages import _
from web.words.refusals import told
from web.words.terms import count

pages = Pages("erasing", __name__, url_prefix="/contacts")


@pages.get("/<contact>/erase", needs=ADMINISTER)
def index(contact: str) -> str:
    """What erasing does, and the legal hold; of an erased contact, from where it has gone."""
    with the_world().database.reading() as session:
        found = receipts.of_erasure(session, contact)
        if found:
            return render_template("erasing/receipts.html", contact=contact, receipts=found)
        return render_template(
            "erasing/index.html",
            contact=contacts.get(session, contact),
            held=contacts.legal_hold(session, contact),
        )


@pages.post("/<contact>/erase", needs=ADMINISTER)
def erase(contact: str) -> ResponseReturnValue:
    """Erase it, once its name has been typed."""
    here, reason = url_for("erasing.index", contact=contact), request.form.get("reason", "").strip()
    with the_world().database.reading() as session:
        found, held = contacts.get(session, contact), contacts.legal_hold(session, contact)
        people = len(contact_status.of_contact(session, found))
    if held:
        return refused(_("A legal hold forbids to erase this contact."), here)
    if not reason:
        return refused(_("Say why, for the log; nothing about the person."), here)
    title = found.card.title or _("No name")
    if question := unconfirmed(
        _("Erase %(title)s for good?", title=title),
        _(
            "Its card, its versions and its values in the log go, here and from the Google Contacts of %(people)s."
            " Nothing brings it back.",
            people=count(people, "person", "people"),
        ),
        word=_("Erase for good"),
        number=found.version,
        typed=title,
        back=here,
    ):
        return question
    with acting() as work:
        erased = cases.erase(work, contact, reason)
    the_world().database.forget()
    mailboxes = count(erased.mailboxes, "mailbox", "mailboxes")
    return done(_("Erased. It goes from %(mailboxes)s with the next pass over each.", mailboxes=mailboxes), here)


@pages.post("/<contact>/legal-hold", needs=ADMINISTER)
def legal_hold(contact: str) -> ResponseReturnValue:
    """Put it under a legal hold, or end that."""
    here, reason = url_for("erasing.index", contact=contact), request.form.get("reason", "").strip()
    if not reason:
        return refused(_("Say why, for the log; nothing about the person."), here)
    ends = request.form.get("deed") == "end"
    try:
        with acting() as work:
            (cases.end_legal_hold if ends else cases.put_legal_hold)(work, contact, reason)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The legal hold has ended.") if ends else _("A legal hold is on it: it cannot be erased."), here)
