"""Fields: what the company wants to know of a contact; made, changed, put in order, renamed and deleted."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import InvalidInput, NotFound, Refused
from sharesync.model.company_fields import TAGS, CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.services import company_fields as cases
from sharesync.services import relocating, retyping
from sharesync.store.queries import company_fields as stored
from sharesync.store.queries import groups
from web.frame.live import the_world
from web.frame.needs import ADMINISTER, Pages
from web.frame.person import acting, operating
from web.frame.responses import done, refused, unconfirmed
from web.words.languages import _, alphabet
from web.words.refusals import told
from web.words.terms import FIELD_KINDS, count

pages = Pages("company_fields", __name__, url_prefix="/fields")


@pages.get("/", needs=ADMINISTER)
def index() -> str:
    """Every field in order, and the way to define another."""
    with the_world().database.reading() as session:
        fields, places = stored.defined(session), groups.named(session, alphabet())
    return render_template("company_fields/index.html", fields=fields, places=places, kinds=FIELD_KINDS, fixed=TAGS)


@pages.post("/", needs=ADMINISTER)
def create() -> ResponseReturnValue:
    """Define a field; where contacts say something under its name already, only after a question."""
    here = url_for("company_fields.index")
    try:
        typed = CompanyField(
            "",
            request.form.get("name", ""),
            _kind(request.form.get("kind", "")),
            tuple(request.form.get("choices", "").splitlines()),
            request.form.get("help", ""),
            shown=_is_shown(request.form.get("where", "")),
            required=frozenset(request.form.getlist("required")),
        )
        with operating() as operation:
            with operation.look() as look:
                draft = cases.checked(look.session, typed)
                effect = cases.preview(look, draft)
            if effect.contacts and (question := _asked_to_take_in(draft, effect, here)):
                return question
            cases.create(operation, draft)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The field %(name)s is there.", name=draft.name), here)


def _kind(word: str) -> FieldKind:
    found = next((kind for kind in FieldKind if kind.value == word), None)
    if found is None:
        raise InvalidInput("Choose a kind.")
    return found


def _is_shown(word: str) -> bool:
    """Nothing is shown on everybody's phone that nobody asked for."""
    if word not in ("google", "here"):
        raise InvalidInput("Choose where the values of the field are.")
    return word == "google"


def _asked_to_take_in(draft: CompanyField, effect: cases.FieldEffect, back: str) -> ResponseReturnValue | None:
    contacts = count(effect.contacts, "contact")
    if draft.shown:
        sentence = _(
            "Of %(contacts)s, a custom field has this name. What it says becomes the field’s value.", contacts=contacts
        )
    else:
        sentence = _(
            "Of %(contacts)s, a custom field has this name. What it says is kept here from now on, and leaves"
            " everybody’s Google Contacts.",
            contacts=contacts,
        )
    if effect.unfit:
        sentence += " " + _("%(number)s of these values do not fit; they are kept as they are.", number=effect.unfit)
    headline = _("Define %(name)s?", name=draft.name)
    return unconfirmed(headline, sentence, word=_("Define it"), number=effect.contacts, back=back)


@pages.post("/<field>", needs=ADMINISTER)
def change(field: str) -> ResponseReturnValue:
    """Say anew what can be chosen, the help, and where it is required."""
    here = url_for("company_fields.index")
    try:
        with operating() as operation:
            to = cases.FieldChange(
                choices=request.form["choices"].splitlines() if "choices" in request.form else None,
                help=request.form.get("help"),
                required=request.form.getlist("required"),
            )
            changed = cases.change(operation, field, to)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The field %(name)s is saved.", name=changed.name), here)


@pages.post("/<field>/name", needs=ADMINISTER)
def rename(field: str) -> ResponseReturnValue:
    """Give it another name, in every contact, after a question."""
    here, name = url_for("company_fields.index"), request.form.get("name", "")
    try:
        with operating() as operation:
            with operation.look() as look:
                found = stored.find(look.session, field)
                effect = cases.preview(look, found)
            if effect.contacts and found.shown:
                question = unconfirmed(
                    _("Rename %(name)s to %(new)s?", name=found.name, new=name),
                    _(
                        "The custom field of %(contacts)s gets the new name in everybody’s Google Contacts.",
                        contacts=count(effect.contacts, "contact"),
                    ),
                    word=_("Rename it"),
                    number=effect.contacts,
                    back=here,
                )
                if question:
                    return question
            renamed = cases.rename(operation, field, name)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The field is called %(name)s now.", name=renamed.name), here)


@pages.post("/<field>/kind", needs=ADMINISTER)
def retype(field: str) -> ResponseReturnValue:
    """Give it another kind, after a question that says what would not fit."""
    here = url_for("company_fields.index")
    try:
        kind = _kind(request.form.get("kind", ""))
        with operating() as operation:
            with operation.look() as look:
                found, effect = stored.find(look.session, field), retyping.foresee(look, field, kind)
            if effect.contacts and found.kind is not kind:
                sentence = _("No value is changed.")
                if effect.unfit:
                    sentence = _(
                        "%(number)s of these values do not fit; they are kept as they are and shown as not fitting.",
                        number=effect.unfit,
                    )
                headline = _(
                    "Make %(name)s a field of another kind: %(kind)s?", name=found.name, kind=FIELD_KINDS[kind]
                )
                question = unconfirmed(headline, sentence, word=_("Change it"), number=effect.contacts, back=here)
                if question:
                    return question
            retyping.retype(operation, field, kind)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The field %(name)s has another kind now.", name=found.name), here)


@pages.post("/<field>/place", needs=ADMINISTER)
def relocate(field: str) -> ResponseReturnValue:
    """Show its values in Google, or keep them here, after a question that says how many contacts that concerns."""
    here = url_for("company_fields.index")
    try:
        shown = _is_shown(request.form.get("where", ""))
        with operating() as operation:
            with operation.look() as look:
                found, effect = stored.find(look.session, field), relocating.foresee(look, field)
            if effect.contacts and found.shown is not shown:
                headline, sentence = _about_moving(found, shown=shown)
                question = unconfirmed(headline, sentence, word=_("Move it"), number=effect.contacts, back=here)
                if question:
                    return question
            relocating.relocate(operation, field, shown=shown)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The field %(name)s is where you want it. Mailboxes follow.", name=found.name), here)


def _about_moving(field: CompanyField, *, shown: bool) -> tuple[str, str]:
    if shown:
        return (
            _("Show %(name)s in Google?", name=field.name),
            _("What these contacts say in it will stand on the phone of everybody who sees them."),
        )
    return (
        _("Keep %(name)s here?", name=field.name),
        _("What these contacts say in it leaves everybody’s Google Contacts, and stays here. No value is lost."),
    )


@pages.post("/<field>/delete", needs=ADMINISTER)
def delete(field: str) -> ResponseReturnValue:
    """Delete it and its values, after a question."""
    here = url_for("company_fields.index")
    try:
        with operating() as operation:
            with operation.look() as look:
                found = stored.find(look.session, field)
                effect = cases.preview(look, found)
            question = unconfirmed(
                _("Delete the field %(name)s?", name=found.name),
                _(
                    "What it says of %(contacts)s is lost there. Their earlier versions keep it.",
                    contacts=count(effect.contacts, "contact"),
                ),
                word=_("Delete the field"),
                number=effect.contacts,
                typed=found.name if effect.contacts else "",
                back=here,
            )
            if question:
                return question
            cases.delete(operation, field)
    except Refused as error:
        return refused(told(error), here)
    return done(_("The field %(name)s is deleted.", name=found.name), here)


@pages.post("/<field>/move", needs=ADMINISTER)
def move(field: str) -> ResponseReturnValue:
    """Put it one place up or down."""
    here = url_for("company_fields.index")
    with acting() as work:
        order = [one.id for one in stored.defined(work.session)]
        if field not in order:
            raise NotFound("field", field)
        place = order.index(field)
        order.insert(max(0, place + (1 if request.form.get("to") == "down" else -1)), order.pop(place))
        cases.arrange(work, order)
    return done(_("The order is saved."), here)
