"""Access for programs: who may do what on a group, set and taken away."""

from __future__ import annotations

from typing import cast

from sharesync.model.access import Level
from sharesync.model.permission import Right
from sharesync.model.token import Scope
from sharesync.services import grants
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from web.api.answers import Answer
from web.api.registry import Api
from web.api.room_shapes import GrantChange, GrantList, GrantShape, LevelWord
from web.frame.live import reading
from web.frame.needs import on_group

api = Api("api_access", __name__, url_prefix="/api/v1")


@api.get("/groups/<group>/grants", needs=on_group(Right.MANAGE), scope=Scope.GRANTS_WRITE, gives=GrantList)
def list_grants(group: str) -> Answer:
    """Who has been granted what on a group."""
    with reading() as session:
        return Answer(_listed(session, group))


@api.put(
    "/groups/<group>/grants",
    needs=on_group(Right.MANAGE), scope=Scope.GRANTS_WRITE, takes=GrantChange, gives=GrantList,
)  # fmt: skip
def set_grant(work: Work, group: str, body: GrantChange) -> Answer:
    """Grant a principal a level on a group, in place of the one it had, or none."""
    if body.level is None:
        grants.revoke(work, group, body.principal)
    else:
        grants.grant(work, group, body.principal, Level.parse(body.level))
    return Answer(_listed(work.session, group))


def _listed(session: Session, group: str) -> GrantList:
    found = grants.listed(session, group)
    # `Level.word` is any text to mypy; a test holds `LevelWord` to the levels there are.
    return GrantList([GrantShape(str(one.principal), cast("LevelWord", one.level.word)) for one in found])
