"""What waits for somebody's decision, for programs: holds are read, proposals and conflicts decided, too.

No program decides about a hold: it is there so that a person looks.
"""

from __future__ import annotations

from collections.abc import Collection

from sharesync.model.access import Level
from sharesync.model.token import Scope
from sharesync.services import proposals as cases
from sharesync.services.who_may.permission import groups_of_conflict, groups_of_proposal
from sharesync.store.database.work import Work
from sharesync.store.queries import queues
from web.api.answers import Answer, after, cursor_of, next_link
from web.api.registry import Api
from web.api.room_shapes import (
    ConflictList,
    ConflictShape,
    HoldList,
    HoldShape,
    PageQuery,
    ProposalList,
    ProposalShape,
    SideShape,
)
from web.frame.live import reading
from web.frame.needs import ENTER, run
from web.frame.person import asker, the_program, visible

api = Api("api_waiting", __name__, url_prefix="/api/v1")

READ, WRITE = Scope.CONTACTS_READ, Scope.CONTACTS_WRITE


@api.get("/holds", needs=ENTER, scope=READ, gives=HoldList)
def list_holds() -> Answer:
    """What is held in groups that the token's owner manages, and what its programs asked for; the oldest first."""
    owner = the_program().token.owner
    with reading() as session:
        found = queues.held_for_program(session, _managed(), owner, visible())
    items = [
        HoldShape(
            id=one.id,
            kind=one.kind.value,
            mailbox=None if one.program else one.mailbox or None,
            program=one.mailbox if one.program else None,
            group=one.group or None,
            contacts=list(one.contacts),
            people=list(one.people),
            since=one.since,
            filter=one.wanted.filter if one.wanted else None,
        )
        for one in found
    ]
    return Answer(HoldList(items))


@api.get("/proposals", needs=ENTER, scope=READ, query=PageQuery, gives=ProposalList)
def list_proposals(query: PageQuery) -> Answer:
    """Edits of people who may only view, in the groups that the token's owner manages."""
    last = after(query.cursor) if query.cursor else ""
    with reading() as session:
        found, following = queues.proposed(session, _managed(), last, query.limit)
    items = [
        ProposalShape(
            id=one.what.id,
            mailbox=one.what.mailbox,
            contact=one.what.contact,
            before=one.what.before.as_json(),
            after=one.what.after.as_json(),
            since=one.what.since,
        )
        for one in found
    ]
    cursor = cursor_of(following) if following else None
    return Answer(ProposalList(items, cursor), headers=next_link(cursor))


@api.post(
    "/proposals/<id:proposal>/accept", needs=run(groups_of_proposal, "proposal"), scope=WRITE, gives=None, status=204
)
def accept_proposal(work: Work, proposal: str) -> Answer:
    """Make a proposal the contact's next version."""
    cases.accept(work, proposal)
    return Answer(status=204)


@api.post(
    "/proposals/<id:proposal>/dismiss", needs=run(groups_of_proposal, "proposal"), scope=WRITE, gives=None, status=204
)
def dismiss_proposal(work: Work, proposal: str) -> Answer:
    """Dismiss a proposal; what was typed stays in the contact's history."""
    cases.dismiss(work, proposal)
    return Answer(status=204)


@api.get("/conflicts", needs=ENTER, scope=READ, query=PageQuery, gives=ConflictList)
def list_conflicts(query: PageQuery) -> Answer:
    """Values that were changed on both sides, in the groups that the token's owner manages."""
    last = after(query.cursor) if query.cursor else ""
    with reading() as session:
        found, following = queues.conflicting(session, _managed(), last, query.limit)
    items = [
        ConflictShape(
            id=one.what.id,
            mailbox=one.what.mailbox,
            contact=one.what.contact,
            field=one.what.field,
            store=one.what.store,
            other=one.what.other,
            since=one.what.since,
        )
        for one in found
    ]
    cursor = cursor_of(following) if following else None
    return Answer(ConflictList(items, cursor), headers=next_link(cursor))


@api.post(
    "/conflicts/<id:conflict>/resolve",
    needs=run(groups_of_conflict, "conflict"), scope=WRITE, takes=SideShape, gives=None, status=204,
)  # fmt: skip
def resolve_conflict(work: Work, conflict: str, body: SideShape) -> Answer:
    """Decide a conflict for the store's value or the mailbox's."""
    cases.decide_conflict(work, conflict, body.side)
    return Answer(status=204)


def _managed() -> Collection[str] | None:
    """Ids of the groups in which the owner decides what waits; None is all."""
    party = asker().party
    if party.role is not None:
        return None
    return frozenset(group for group, level in party.levels.items() if level >= Level.MANAGE)
