"""Fields of the company's own, for programs: listed. People define them, in the page or by command."""

from __future__ import annotations

from sharesync.model.token import Scope
from sharesync.store.queries import groups
from web.api.answers import Answer
from web.api.registry import Api
from web.api.shapes import FieldList, field_shape
from web.frame.live import company_fields, the_world
from web.frame.needs import ENTER
from web.frame.person import visible

api = Api("api_company_fields", __name__, url_prefix="/api/v1")


@api.get("/fields", needs=ENTER, scope=Scope.CONTACTS_READ, gives=FieldList)
def list_fields() -> Answer:
    """Every field of the company's own, in order."""
    seen = visible()
    with the_world().database.reading() as session:
        called = {one.id: one.name for one in groups.named(session) if seen is None or one.id in seen}
    return Answer(FieldList([field_shape(one, called) for one in company_fields()]))
