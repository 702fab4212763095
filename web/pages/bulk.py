"""Bulk acts: what is done to many contacts at once, those ticked in a list or all that it found.

A contact without the right is named in the answer, and the rest goes; where none may go, it is refused as for one.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import NotAllowed, NotFound, Refused
from sharesync.model.permission import Right
from sharesync.services import bulk, bulk_fields, checks
from sharesync.services.bulk_deeds import PREVIEWED
from sharesync.services.bulk_fields import FieldDeed, FieldVerb
from sharesync.services.bulk_plans import BulkPlan, sifted
from sharesync.store.queries import groups
from web.frame.live import company_fields, settings, the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import demand, operating
from web.frame.responses import done, refused, unconfirmed
from web.pages.ticked import FEW, chosen, named, the_list, to_the_list, with_refusals
from web.words.languages import N_, Spoken, _
from web.words.refusals import told
from web.words.terms import count, in_digits

pages = Pages("bulk", __name__, url_prefix="/contacts/chosen")

VERBS: dict[str, str] = Spoken(
    {
        FieldVerb.SET.value: N_("is set to"),
        FieldVerb.ADD.value: N_("gets, besides what stands there"),
        FieldVerb.REMOVE.value: N_("loses"),
        FieldVerb.CLEAR.value: N_("is emptied"),
    }
)


@pages.post("/add", needs=ENTER)
@to_the_list
def add() -> ResponseReturnValue:
    """Put them into another group, too."""
    ids, back = chosen(), the_list()
    group = request.form.get("to", "")
    if not ids or not group:
        return refused(_("Tick contacts and choose a group first."), back)
    plan = _sifted(Right.PASS_ON, ids)
    with the_world().database.reading() as session:
        name = groups.find(session, group).name if plan.goes else ""
    sentence = _("%(contacts)s will be put into %(group)s.", contacts=count(len(plan.goes), "contact"), group=name)
    headline = _("Put %(contacts)s into %(group)s?", contacts=count(len(plan.goes), "contact"), group=name)
    if question := _preview(plan, headline, sentence, _("Put in")):
        return question
    with operating() as operation:
        added = bulk.add(operation, group, plan.goes or ids)
    words = _(
        "%(some)s of %(contacts)s were put into the group.",
        some=in_digits(len(added)),
        contacts=count(len(ids), "contact"),
    )
    return done(with_refusals(words, plan), back)


@pages.post("/take", needs=ENTER)
@to_the_list
def take() -> ResponseReturnValue:
    """Take them out of a group; of many it is asked first."""
    ids, back = chosen(), the_list()
    if not ids:
        return refused(_("Tick contacts first."), back)
    group = request.form.get("from", "")
    with the_world().database.reading() as session:
        found = groups.find(session, group)
    demand(Right.DELETE, found.id, name=group)
    sentence = _(
        "%(contacts)s will be removed from %(group)s for everyone. Those in no other group go to the trash.",
        contacts=count(len(ids), "contact"),
        group=found.name,
    )
    headline = _("Remove %(contacts)s from %(groups)s?", contacts=count(len(ids), "contact"), groups=found.name)
    question = (
        None
        if found.is_smart or len(ids) <= FEW
        else unconfirmed(headline, sentence, word=_("Remove from group"), number=len(ids), back=back)
    )
    if question:
        return question
    with operating() as operation:
        taken = bulk.take(operation, group, ids)
    return done(_("%(contacts)s removed from the group for everyone.", contacts=count(len(taken), "contact")), back)


@pages.post("/delete", needs=ENTER)
@to_the_list
def delete() -> ResponseReturnValue:
    """Delete them, out of every group where one may; asked first, and of many with a word to type."""
    ids, back = chosen(), the_list()
    if not ids:
        return refused(_("Tick contacts first."), back)
    plan = _sifted(Right.DELETE, ids)
    going = list(plan.goes)
    sentence = _(
        "%(contacts)s will be deleted for everyone. They stay in the trash for %(days)s and can be restored from"
        " there.",
        contacts=named(going),
        days=count(settings().trash_days, "day"),
    )
    typed = _("delete") if len(going) > FEW else ""
    headline = _("Delete %(group)s?", group=named(going))
    if going and (
        question := unconfirmed(
            headline, with_refusals(sentence, plan), word=_("Delete"), number=len(going), typed=typed, back=back
        )
    ):
        return question
    with operating() as operation:
        bulk.delete(operation, going or ids)
    words = _("%(contacts)s deleted for everyone.", contacts=count(len(going), "contact"))
    return done(with_refusals(words, plan), back)


@pages.post("/change", needs=ENTER)
@to_the_list
def change() -> ResponseReturnValue:
    """The form for one field of them; then, of many, what it will do; then it is done."""
    ids, back = chosen(), the_list()
    if not ids:
        return refused(_("Tick contacts first."), back)
    deed = _field_deed()
    if deed is None:
        return _change_form(ids)
    try:
        with operating() as operation:
            plan = bulk_fields.plan(operation, deed, ids)
    except (NotFound, NotAllowed):
        raise
    except Refused as error:
        return _change_form(ids, deed, told(error))
    name = next(one.name for one in company_fields() if one.id == deed.field)
    sentence = _(
        "Of %(contacts)s, %(field)s %(verb)s %(value)s.",
        contacts=count(len(plan.goes), "contact"),
        field=name,
        verb=VERBS[deed.verb.value],
        value=f"“{deed.text}”" if deed.verb is not FieldVerb.CLEAR else "",
    ).replace(" .", ".")
    if not plan.goes:
        return refused(with_refusals(_("Nothing was changed."), plan), back)
    headline = _("Change %(field)s of %(contacts)s?", field=name, contacts=count(len(plan.goes), "contact"))
    if question := _preview(plan, headline, sentence, _("Change")):
        return question
    with operating() as operation:
        changed = bulk_fields.carry_out(operation, deed, plan.goes)
    words = _("%(field)s changed of %(contacts)s.", field=name, contacts=count(len(changed), "contact"))
    return done(with_refusals(words, plan), back)


@pages.post("/check", needs=ENTER)
@to_the_list
def check() -> ResponseReturnValue:
    """Say that they are right."""
    ids, back = chosen(), the_list()
    if not ids:
        return refused(_("Tick contacts first."), back)
    plan = _sifted(Right.EDIT, ids)
    if not plan.goes:
        return refused(with_refusals(_("Nothing was changed."), plan), back)
    sentence = _("%(contacts)s will be marked as right, as of now.", contacts=count(len(plan.goes), "contact"))
    headline = _("Mark %(contacts)s as right?", contacts=count(len(plan.goes), "contact"))
    if question := _preview(plan, headline, sentence, _("Mark as right")):
        return question
    with operating() as operation:
        checked = checks.check_chosen(operation, plan.goes)
    words = _("%(contacts)s marked as right.", contacts=named(checked))
    return done(with_refusals(words, plan), back)


@pages.post("/compare", needs=ENTER)
def compare() -> ResponseReturnValue:
    """Two of them side by side, whether they are alike or not, to be merged or not."""
    ids = list(dict.fromkeys(request.form.getlist("contact")))
    if len(ids) != 2 or "all" in request.form:
        return refused(_("Tick the two contacts to compare."), the_list())
    return redirect(url_for("duplicates.show", one=ids[0], other=ids[1]), 303)


def _field_deed() -> FieldDeed | None:
    """What was asked for in the form; None where it is still to be shown."""
    sent_ = request.form
    if sent_.get("verb") not in VERBS:
        return None
    return FieldDeed(sent_.get("field", ""), FieldVerb(sent_["verb"]), sent_.get("value", ""))


def _change_form(ids: list[str], deed: FieldDeed | None = None, wrong: str = "") -> str:
    ours = ("csrf_token", "verb", "field", "value", "confirm-count")
    return render_template(
        "bulk/change.html",
        named=named(ids),
        deed=deed,
        wrong=wrong,
        fields=company_fields(),
        verbs=VERBS,
        replayed=[(key, value) for key, value in request.form.items(multi=True) if key not in ours],
        back=the_list(),
    )


def _sifted(right: Right, ids: list[str]) -> BulkPlan:
    with operating() as operation, operation.look() as look:
        return sifted(look, right, ids)


def _preview(plan: BulkPlan, headline: str, sentence: str, word: str) -> ResponseReturnValue | None:
    """What the act will do, where that is much; None once it has been confirmed."""
    number = len(plan.goes)
    if number <= PREVIEWED:
        return None
    return unconfirmed(headline, with_refusals(sentence, plan), word=word, number=number, back=the_list())
