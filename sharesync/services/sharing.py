"""Sharing a label of one's own: it becomes the label of a new group, and what is under it the group's contacts.

Nothing is copied. The group is made with its maker as manager and nobody else, and their label is written down as the
group's label in their mailbox; the next pass over it reads the whole mailbox and takes the persons under the label for
what they are: contacts that their owner has shared (`sync/rights.py`). A crash between leaves an empty group and a pass
that is still due. Of two equal persons one is shared. When the group goes again, their label stays on what is theirs.

Who may: administrators, and everyone else but auditors where `SHARESYNC_LABEL_SHARING` is `everyone`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sharesync.errors import InvalidInput, NotAllowed
from sharesync.model.audit import ActorKind, Event
from sharesync.model.group import Group, group_name
from sharesync.model.link import Label
from sharesync.model.mailbox import SeenLabel
from sharesync.model.mark import Marks
from sharesync.model.permission import ALLOWED, Denied, Party, Permission, Right, authorize
from sharesync.services import grants
from sharesync.services.app import World
from sharesync.services.groups import hiding_names
from sharesync.services.who_may.permission import party
from sharesync.store.database import keys
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import links
from sharesync.store.records import groups

PATIENCE = 5.0
"""Seconds that somebody waits for Google to show their labels."""


def may_share(asker: Party, *, everyone: bool) -> Permission:
    """Whether they may; `everyone`: not administrators alone."""
    verdict = authorize(asker, Right.ADMINISTER)
    if isinstance(verdict, Denied) and everyone and asker.role is None:
        return ALLOWED
    return verdict


def own_labels(world: World, user: str) -> list[SeenLabel]:
    """The labels of a user's own mailbox that are no group's, by name, as they are now. Raises GoogleError."""
    with world.google.people(user, patience=PATIENCE) as people:
        seen = people.labels()
    with world.database.reading() as session:
        marks, ours = Marks(keys.get(session, "mark")), links.label_names(session, user)
    own = (one for one in seen if one.resource_name not in ours and not marks.read_label(one.mark))
    return sorted(own, key=lambda one: one.name.casefold())


def find(labels: Iterable[SeenLabel], resource_name: str) -> SeenLabel:
    """The label of this resource name. Raises InvalidInput where it is shared by now, or gone."""
    for label in labels:
        if label.resource_name == resource_name:
            return label
    raise InvalidInput("This label is not there any more, or is shared already; choose another.")


def share(work: Work, label: SeenLabel, name: str, *, everyone: bool) -> Group:
    """Make a group of a label of the actor's own mailbox. Raises NotAllowed, InvalidInput, NameTaken."""
    verdict = may_share(party(work.session, work.by), everyone=everyone)
    if isinstance(verdict, Denied):
        raise NotAllowed(verdict.reason)
    if work.by.kind is not ActorKind.USER:
        raise NotAllowed("Only users have labels of their own.")
    if label.resource_name in links.label_names(work.session, work.by.id):
        raise InvalidInput("This label is shared already; choose another.")
    group = Group(work.new_id(), group_name(name))
    with hiding_names(work):
        groups.insert_group(work, group)
    made = work.record(Event("group.create", group=group.id, values={"name": (None, [group.name])}))
    grants.grant_maker(work, group)
    links.save_label(work, work.by.id, Label(group.id, label.resource_name, label.etag, label.name, given=True))
    work.record(Event("label.give", group=group.id, mailbox=work.by.id, cause=made))
    return group
