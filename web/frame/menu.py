"""The menu: every place of the page, once. The bar draws the first few, the palette (Ctrl-K) all of them.

A place is offered to whom its view lets in: what that view needs is asked, and nothing is said here a second time. Some
are offered to fewer than may enter them, because others have no use for them there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app, request

from sharesync.model.permission import Right
from sharesync.store.queries import queues
from web.frame.live import the_world
from web.frame.needs import needs_of
from web.frame.person import editable, may, run_by_them, runs_something, somebody, the_person
from web.words.languages import N_, _


@dataclass(frozen=True, slots=True)
class Destination:
    """A page that one may want to go to from anywhere."""

    endpoint: str
    icon: str
    word: str
    """A message, said when it is drawn."""
    holds: tuple[str, ...] = ()
    """Blueprints whose pages belong under it, besides its own."""
    of_use: Callable[[], bool] | None = None
    """For whom it is, where that is not everyone who may enter."""

    @property
    def said(self) -> str:
        """What it is called."""
        return _(self.word)

    @property
    def offered(self) -> bool:
        """Whether it is of use to the asker, and open to them."""
        needs = needs_of(current_app, self.endpoint)
        is_open = needs is not None and needs.right is not None and may(needs.right)
        return is_open and (self.of_use is None or self.of_use())

    @property
    def current(self) -> str | None:
        """`page` where it is shown now, `true` where one that belongs under it is."""
        if request.endpoint == self.endpoint:
            return "page"
        own = self.endpoint.partition(".")[0]
        return "true" if request.blueprint in (own, *self.holds) else None


def _oversees() -> bool:
    return may(Right.OVERSEE)


def _has_groups_of_their_own() -> bool:
    return not _oversees()


def _edits_something() -> bool:
    return editable() != []


def _manages_something() -> bool:
    return may(Right.ADMINISTER) or (runs_something() and not _oversees())


HOME = Destination("home.index", "house", N_("Home"))
DECIDE = Destination("holds.index", "hand", N_("Decide"), ("proposals", "conflicts"), runs_something)
BAR = (
    HOME,
    DECIDE,
    Destination("mailboxes.index", "inbox", N_("Mailboxes")),
    Destination("my_groups.index", "eye", N_("My groups"), of_use=_has_groups_of_their_own),
    Destination("groups.index", "tag", N_("Groups"), ("access", "restoring")),
    Destination(
        "contacts.index",
        "book-user",
        N_("Contacts"),
        ("contact_edit", "bulk", "erasing", "trash", "duplicates", "quality", "reviews", "transfer", "importing"),
    ),
    Destination("changes.index", "history", N_("Changes"), ("audit",)),
)
"""What stands at the side of a wide page, and at the foot of a phone's."""
MORE = (
    Destination("contact_edit.new", "user-plus", N_("New contact"), of_use=_edits_something),
    Destination("groups.new", "plus", N_("New group")),
    Destination("transfer.index", "file-up", N_("Import and export")),
    Destination("duplicates.index", "copy", N_("Duplicates")),
    Destination("quality.index", "list-checks", N_("Quality")),
    Destination("reviews.index", "circle-check", N_("Reviews")),
    Destination("reviews.new", "circle-check", N_("Start a review"), of_use=_manages_something),
    Destination("trash.index", "trash-2", N_("Trash")),
    Destination("proposals.index", "message-circle", N_("Proposals"), of_use=runs_something),
    Destination("conflicts.index", "layers", N_("Conflicts"), of_use=runs_something),
    Destination("audit.index", "shield-check", N_("Change log")),
)
"""What is a page away from those."""
OWN = (
    Destination("my_groups.index", "tag", N_("My groups")),
    Destination("told.index", "mail", N_("Notifications")),
    Destination("tokens.index", "plug", N_("Programs")),
    Destination("company_fields.index", "list-plus", N_("Fields")),
    Destination("endpoints.index", "send", N_("Endpoints")),
    Destination("roles.index", "shield-check", N_("Roles")),
    Destination("set_up.index", "list-checks", N_("Set-up")),
)
"""What stands under one's own name: what is theirs, and how the company has set things up."""


def bar() -> list[Destination]:
    """What the bar offers to the asker."""
    return [one for one in BAR if one.offered]


def own() -> list[Destination]:
    """What stands in the menu under the reader's name."""
    return [one for one in OWN if one.offered]


def places() -> Iterator[Destination]:
    """All that is offered to the asker."""
    return iter({one.endpoint: one for one in (*BAR, *MORE, *OWN) if one.offered}.values())


def waiting() -> int:
    """How much waits for a decision of the asker."""
    if somebody() is None or not runs_something():
        return 0
    with the_world().database.reading() as session:
        return queues.counts(session, run_by_them(), the_person().user_id).all
