"""Who decides: the managers of a group in which a proposal or a conflict arose, and not those of any group it is in."""

import pytest

from sharesync.errors import NotFound
from sharesync.model.access import Level
from sharesync.model.audit import ActorKind, By, Source
from sharesync.services import proposals
from sharesync.store.queries import queues
from sharesync.store.records import access_paths
from tests.rights.desk import Desk, settle
from tests.users import User
from tests.worlds import House


@pytest.fixture
def shared(house: House) -> House:
    """Ada is in Customers, which bo may view and eva manages, and in Partners, which cy edits and dag manages."""
    house.share("Customers", "Ada", bo="view", eva="manage")
    house.share("Partners", cy="edit", dag="manage")
    house.add("Partners", "Ada")
    house.sync()
    return house


def waiting(house: House, user: User) -> int:
    """How much waits for this user to decide."""
    with house.database.reading() as session:
        levels = access_paths.levels(session, user.id)
        return queues.counts(session, [group for group, level in levels.items() if level is Level.MANAGE]).all


def by(user: User) -> By:
    return By(ActorKind.USER, user.id, Source.WEB)


def test_a_proposal_waits_for_the_managers_of_the_group_in_which_it_was_made(
    shared: House, desk: Desk, bo: User, dag: User, eva: User
) -> None:
    bo.edits("Ada", note="for Customers alone to judge")
    settle(shared)
    assert (waiting(shared, eva), waiting(shared, dag)) == (1, 0)
    proposal = desk.proposal().id
    for decide in (proposals.accept, proposals.dismiss):
        with pytest.raises(NotFound), shared.world.work(by(dag)) as work:
            decide(work, proposal)
    with shared.world.work(by(eva)) as work:
        proposals.accept(work, proposal)
    settle(shared)
    assert bo.shows("Ada").note == "for Customers alone to judge"


def test_a_conflict_waits_for_the_managers_of_the_group_in_which_it_arose(
    shared: House, desk: Desk, cy: User, dag: User, eva: User
) -> None:
    cy.edits("Ada", family="Lovelace")
    shared.edit("Ada", family="King")
    settle(shared)
    assert (waiting(shared, eva), waiting(shared, dag)) == (0, 1)
    conflict = desk.conflict().id
    with pytest.raises(NotFound), shared.world.work(by(eva)) as work:
        proposals.decide_conflict(work, conflict, "mailbox")
    with shared.world.work(by(dag)) as work:
        proposals.decide_conflict(work, conflict, "mailbox")


def test_who_manages_a_group_that_the_contact_has_left_decides_no_more(
    shared: House, desk: Desk, bo: User, eva: User
) -> None:
    bo.edits("Ada", note="typed before it left")
    settle(shared)
    proposal = desk.proposal().id
    shared.take("Customers", "Ada")
    assert waiting(shared, eva) == 0
    with pytest.raises(NotFound), shared.world.work(by(eva)) as work:
        proposals.accept(work, proposal)
    desk.accept()
