"""Fields of the company's own, for programs: listed. People define them, in the page or by command."""

from __future__ import annotations

from sharesync.model.token import Scope
from sharesync.store.database.engine import Session
from sharesync.store.queries import groups
from web.api.answers import Answer
from web.api.group_shapes import FieldList, FieldShape, field_shape
from web.api.registry import Api
from web.frame.live import company_fields, reading
from web.frame.needs import ENTER
from web.frame.person import visible

api = Api("api_company_fields", __name__, url_prefix="/api/v1")


@api.get("/fields", needs=ENTER, scope=Scope.CONTACTS_READ, gives=FieldList)
def list_fields() -> Answer:
    """Every field of the company's own, in order."""
    with reading() as session:
        return Answer(FieldList(shown_fields(session)))


def shown_fields(session: Session) -> list[FieldShape]:
    """All of them, as the asker may know them."""
    seen = visible()
    called = {one.id: one.name for one in groups.named(session) if seen is None or one.id in seen}
    return [field_shape(one, called) for one in company_fields()]
