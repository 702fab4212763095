"""A batch: up to two hundred deeds on contacts in one request, each done or refused by itself.

It is judged whole before its first deed: what is too much at once waits, and the rest is done.
"""

from __future__ import annotations

from sharesync.errors import Refused
from sharesync.services import program_holds
from sharesync.store.database.work import Work
from sharesync.store.queries import contacts
from web.api import edits
from web.api.answers import Answer
from web.api.contacts import WRITE
from web.api.edits import Edit, Removal
from web.api.registry import Api
from web.api.shapes import Batch, BatchResults, Creation, DeedResult, Deletion, Patching, Replacement
from web.frame.live import the_world
from web.frame.needs import ENTER
from web.frame.problems import Problem, of_refusal

api = Api("api_batch", __name__, url_prefix="/api/v1")

Deed = Creation | Replacement | Patching | Deletion


@api.post("/contacts/batch", needs=ENTER, scope=WRITE, takes=Batch, gives=BatchResults)
def do_batch(work: Work, body: Batch) -> Answer:
    """Make, change and delete contacts, with one result for each deed."""
    looked_at = [_look(work, deed) for deed in body.deeds]
    changes = {one.contact: one.card for one in looked_at if isinstance(one, Edit)}
    pairs = [pair for one in looked_at if isinstance(one, Removal) for pair in one.pairs]
    here = {one.contact: one.here for one in looked_at if isinstance(one, Edit)}
    held_edits = program_holds.edits(work, changes, here)
    held_removals = program_holds.removals(work, pairs, the_world().hold_limits)
    results = []
    for one in looked_at:
        match one:
            case Edit() if held_edits:
                results.append(DeedResult(202, one.contact, holds=held_edits))
            case Removal() if held_removals and one.pairs:
                results.append(DeedResult(202, one.contact, holds=held_removals))
            case _:
                results.append(_do(work, one))
    return Answer(BatchResults(results))


def _look(work: Work, deed: Deed) -> Edit | Removal | Creation | DeedResult:
    try:
        match deed:
            case Creation():
                return deed
            case Replacement():
                return edits.replacing(work, deed.id, deed.version, deed)
            case Patching():
                return edits.patching(work, deed.id, deed.version, deed)
            case Deletion():
                return edits.deleting(work, deed.id, deed.version)
    except (Refused, Problem) as error:
        return _refused(error, None if isinstance(deed, Creation) else deed.id)


def _do(work: Work, one: Edit | Removal | Creation | DeedResult) -> DeedResult:
    try:
        with work.savepoint():
            match one:
                case DeedResult():
                    return one
                case Creation():
                    contact = edits.make(work, one)
                    return DeedResult(201, contact, contacts.get(work.session, contact).version)
                case Edit():
                    return DeedResult(200, one.contact, one.carry_out(work).version)
                case Removal():
                    one.carry_out(work)
                    return DeedResult(204, one.contact)
    except (Refused, Problem) as error:
        return _refused(error, None if isinstance(one, Creation) else one.contact)  # type: ignore[union-attr]


def _refused(error: Refused | Problem, contact: str | None) -> DeedResult:
    problem = of_refusal(error) if isinstance(error, Refused) else error
    return DeedResult(problem.status, contact, problem.version, problem=problem.as_json())
