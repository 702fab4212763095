"""Mailboxes for programs: how fresh each is, and a pass over one or all of them, soon."""

from __future__ import annotations

from sharesync.model.token import Scope
from sharesync.services.operation import pass_requests
from sharesync.store.database.work import Work
from sharesync.store.queries import overview
from web.api.answers import Answer
from web.api.registry import Api
from web.api.room_shapes import AskedShape, MailboxList, MailboxShape
from web.frame.live import reading, the_world
from web.frame.needs import ADMINISTER, OVERSEE

api = Api("api_mailboxes", __name__, url_prefix="/api/v1")


@api.get("/mailboxes", needs=OVERSEE, scope=Scope.SYNC_RUN, gives=MailboxList)
def list_mailboxes() -> Answer:
    """Every mailbox that a group reaches: how it stands, and since when something is on its way to it."""
    world = the_world()
    with reading() as session:
        found = overview.look(session, world.now(), world.interval, overview.ranked(session)).standings
    items = [
        MailboxShape(
            id=one.user_id,
            mailbox=one.email,
            state=one.state.value,
            error=one.reason or None,
            contacts=one.contacts,
            behind=one.behind,
            waiting_since=one.waiting_since,
            last_pass=one.last_pass_at,
            next_pass=one.next_pass_at,
        )
        for one in found
    ]
    return Answer(MailboxList(items))


@api.post("/mailboxes/<user>/sync", needs=ADMINISTER, scope=Scope.SYNC_RUN, gives=None, status=202)
def sync_mailbox(work: Work, user: str) -> Answer:
    """Ask for a pass over a mailbox, by Google's user id; a worker makes it as soon as one is free."""
    pass_requests.ask(work, user)
    return Answer(status=202)


@api.post("/sync", needs=ADMINISTER, scope=Scope.SYNC_RUN, gives=AskedShape, status=202)
def sync_all(work: Work) -> Answer:
    """Ask for a pass over every mailbox."""
    return Answer(AskedShape(pass_requests.ask_all(work)), 202)
