"""Groups: how large each is and who has which level; one group's contacts, activity and settings; new ones made."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from sharesync.errors import Refused
from sharesync.model.permission import Right
from sharesync.services import bulk, holds
from sharesync.services import groups as cases
from sharesync.store.queries import audience, contact_pages, groups, queues, smart_groups, timeline
from sharesync.store.queries.groups import service_limits, special_limits
from sharesync.sync.holds import LATELY
from web.frame.live import page, the_world
from web.frame.needs import ADMINISTER, ENTER, Pages, on_group, runs_group
from web.frame.numbers import whole
from web.frame.person import acting, editable, may, operating, the_person, visible
from web.frame.responses import done, refused, unconfirmed
from web.pages import smart_forms
from web.pages.contact_filters import asked
from web.pages.faces import faces_of
from web.pages.grid import grid
from web.pages.group_forms import GroupForm, LimitsForm, PassingForm, ServiceLimitForm
from web.words.languages import N_, _, alphabet
from web.words.refusals import told
from web.words.terms import count

pages = Pages("groups", __name__, url_prefix="/groups")

CHANGES = 6
TABLE_FROM = 10
"""From so many groups on they are a table."""
FIRST = 4
"""Of those who have a group, on its tile."""


@pages.get("/", needs=ENTER)
def index() -> str:
    """All that one may see."""
    seen = visible()
    with the_world().database.reading() as session:
        return page(
            "groups",
            groups=[group for group in groups.listed(session, alphabet()) if seen is None or group.id in seen],
            table_from=TABLE_FROM,
            levels=the_person().party.levels,
            waiting={group: number for group, number in queues.by_group(session).items() if runs(group)},
            grantees={group: who for group, who in audience.grantees(session, most=FIRST).items() if runs(group)},
            grants=groups.numbers(session),
            reached=audience.sizes(session),
        )


@pages.get("/new", needs=ADMINISTER)
def new() -> str:
    """The form for another one."""
    return render_template("groups/new.html", form=GroupForm())


@pages.post("/new", needs=ADMINISTER)
def create() -> ResponseReturnValue:
    """Make it, and go on to its access: nobody sees it yet."""
    form = GroupForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                made = cases.create(work, form.name.data, form.description.data or "")
        except Refused as error:
            form.name.errors = [told(error)]
        else:
            return done(_("Group created. Now choose who may see it."), url_for("access.index", group=made.id))
    return render_template("groups/new.html", form=form)


@pages.get("/<group>", needs=on_group(Right.VIEW))
def show(group: str) -> str:
    """One of them, by id or name: its contacts. Who else has it and what they did is for those who run it."""
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        mine, what = runs(found.id), asked(found.id)
        smart = smart_groups.choice(session, found.id, the_world().now()) if found.is_smart else None
        lines = (
            timeline.page(session, group=found.id, deliveries=False, lines=CHANGES, among=visible()).lines
            if mine
            else ()
        )
        others = [one for one in groups.ordinary(session, alphabet()) if one.id != found.id and may(Right.EDIT, one.id)]
        shelf = contact_pages.shelf(session, what.wanted, after=what.after, order=what.order, alphabet=alphabet())
        return page(
            "groups",
            "show",
            group=found,
            smart=smart,
            asked=what,
            shelf=shelf,
            grid=grid(shelf, what, found.name),
            faces=faces_of(session, [one.id for one in shelf.contacts]),
            others=others,
            grantees=audience.grantees(session, found.id).get(found.id, []) if mine else [],
            reached=audience.reached(session, found.id, alphabet()) if mine else [],
            runs=mine,
            lines=lines[:CHANGES],
        )


@pages.get("/<group>/choose", needs=on_group(Right.EDIT))
def choose(group: str) -> str:
    """Contacts of other groups, to be put into this one, too: those that one may edit where they are."""
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        what = asked(None, outside=found.id, among=editable())
        shelf = contact_pages.shelf(session, what.wanted, after=what.after, order=what.order, alphabet=alphabet())
        faces = faces_of(session, [one.id for one in shelf.contacts])
        return page(
            "groups",
            "choose",
            group=found,
            asked=what,
            shelf=shelf,
            grid=grid(shelf, what),
            faces=faces,
            runs=runs(found.id),
        )


@pages.post("/<group>/add", needs=on_group(Right.EDIT))
def add(group: str) -> ResponseReturnValue:
    """Put the chosen contacts into it."""
    chosen = request.form.getlist("contact")
    back = url_for("groups.choose", group=group, q=request.form.get("q") or None)
    if not chosen:
        return refused(_("Tick contacts first."), back)
    with operating() as operation:
        added = bulk.add(operation, group, chosen)
    return done(_("Now in the group, too: %(contacts)s.", contacts=count(len(added), "contact")), back)


@pages.get("/<group>/activity", needs=runs_group())
def activity(group: str) -> str:
    """What happened to it and in it, newest first."""
    before = request.args.get("before", type=whole)
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        told = timeline.page(session, group=found.id, before=before, deliveries=False, among=visible())
        return page("groups", "activity", group=found, lines=told.lines, older=told.older, before=before, runs=True)


@pages.get("/<group>/settings", needs=on_group(Right.MANAGE))
def settings(group: str) -> str:
    """Its name, what it is for, from where on removals are held, and its end."""
    return _settings(group)


@pages.post("/<group>/settings", needs=on_group(Right.MANAGE))
def change(group: str) -> ResponseReturnValue:
    """Another name or description."""
    form = GroupForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                cases.rename(work, group, form.name.data)
                cases.describe(work, group, form.description.data or "")
        except Refused as error:
            form.name.errors = [told(error)]
        else:
            return done(_("Saved. Labels follow within minutes."), url_for("groups.settings", group=group))
    return _settings(group, form=form)


@pages.post("/<group>/passing", needs=on_group(Right.MANAGE))
def passing(group: str) -> ResponseReturnValue:
    """Whether editors may put its contacts into other groups."""
    form = PassingForm()
    with acting() as work:
        cases.let_pass_on(work, group, allowed=form.allowed.data)
    return done(_("Saved."), url_for("groups.settings", group=group))


@pages.post("/<group>/limits", needs=on_group(Right.MANAGE))
def limit(group: str) -> ResponseReturnValue:
    """Limits of its own for holds."""
    form = LimitsForm()
    if not form.validate_on_submit():
        return _settings(group, limits=form)
    share = None if form.share.data is None else form.share.data / 100
    with acting() as work:
        holds.set_limits(work, groups.find_id(work.session, group), form.count.data, share)
    return done(_("Saved."), url_for("groups.settings", group=group))


@pages.post("/<group>/limits/<service>", needs=on_group(Right.MANAGE))
def limit_service(group: str, service: str) -> ResponseReturnValue:
    """How much a service may change of it at once."""
    form = ServiceLimitForm()
    if not form.validate_on_submit():
        return refused(_("Write a number of 0 or more."), url_for("groups.settings", group=group))
    with acting() as work:
        holds.set_service_limit(work, groups.find_id(work.session, group), service, form.at_once.data)
    return done(_("Saved."), url_for("groups.settings", group=group))


@pages.post("/<group>/delete", needs=on_group(Right.MANAGE))
def delete(group: str) -> ResponseReturnValue:
    """Its end, once its name was typed."""
    with the_world().database.reading() as session:
        found = groups.find(session, group)
        people = audience.sizes(session).get(found.id, 0)
    headline = _("Delete %(group)s?", group=found.name)
    sentence = _(DELETED, contacts=count(found.contacts, "contact"), people=count(people, "person", "people"))
    back = url_for("groups.settings", group=found.id)
    if question := unconfirmed(
        headline, sentence, word=_("Delete the group"), number=found.contacts, typed=found.name, back=back
    ):
        return question
    with operating() as operation:
        cases.delete(operation, found.id)
    return done(
        _("%(group)s deleted for everyone. Its label goes from every mailbox.", group=found.name),
        url_for("groups.index"),
    )


DELETED = N_(
    "The group has %(contacts)s and is seen by %(people)s. Its label goes from their Google Contacts. Contacts that are"
    " in no other group go to the trash and can be restored from there."
)


def _settings(group: str, form: GroupForm | None = None, limits: LimitsForm | None = None) -> str:
    world = the_world()
    with world.database.reading() as session:
        found = groups.find(session, group)
        count, share = special_limits(session).get(found.id, (None, None))
        if form is None:
            form = GroupForm(formdata=None, name=found.name, description=found.description)
        if limits is None:
            limits = LimitsForm(formdata=None, count=count, share=None if share is None else share * 100)
        return render_template(
            "groups/settings.html",
            group=found,
            form=form,
            limits=limits,
            services=service_limits(session, found.id),
            choosing=smart_forms.of(session, found.id) if found.is_smart else None,
            passing=PassingForm(formdata=None, allowed=found.id not in groups.keeping(session)),
            usual=world.hold_limits,
            minutes=LATELY // timedelta(minutes=1),
            runs=runs(found.id),
        )


def runs(group: str) -> bool:
    """Whether who asks may see who has the group."""
    return may(Right.OVERSEE) or may(Right.MANAGE, group)
