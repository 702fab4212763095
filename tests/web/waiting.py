"""What waits for a decision, brought about by people in their own Google Contacts: a hold, a proposal, a conflict."""

from datetime import date

from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.model.entry import ContactEntry, EntryKind, FollowUp
from sharesync.model.review import ReviewDraft
from sharesync.model.waiting import HoldKind
from sharesync.services import entries, reviews
from sharesync.store.records import conflicts, holds, proposals
from sharesync.sync.merge import Conflict
from tests.users import customer
from tests.worlds import House

HELD = ("Ada", "Edith", "Grace", "Linus")
"""All of Customers, which Bo has deleted."""


def tell_the_story(house: House) -> None:
    """Cy, who may only view, edited Mary; Dag and Bo gave her a title each; then Bo deleted all of Customers."""
    bo, cy, dag = (house.users[name] for name in ("bo", "cy", "dag"))
    house.share("Customers", *HELD, bo="delete", cy="view", dag="manage")
    house.share("Partners", "Mary", bo="edit", cy="view", dag="manage")
    house.share("Press", "Zoë", fin="manage", eva="view")
    house.sync_until_quiet()
    cy.edits("Mary", phones=["+45 33 12 34 56"])
    cy.pass_over()
    dag.edits("Mary", given="Marie")
    bo.edits("Mary", given="Maria")
    dag.pass_over()
    bo.pass_over()
    bo.deletes(*HELD)
    bo.pass_over()


def the_one(house: House, table: str) -> str:
    """Id of the one thing that waits in a table."""
    [(found,)] = house.query(f"SELECT id FROM {table}")
    return str(found)


def write_entry(house: House, name: str, text: str = "Wants the blue one", *, doer: str = "") -> str:
    """An entry about a contact, or a follow-up of today for this user."""
    task = FollowUp(house.now().date(), house.users[doer].id) if doer else None
    kind = EntryKind.FOLLOW_UP if doer else EntryKind.CALL
    with house.world.work(OPERATOR) as work:
        return entries.write(work, house.contact_id(name), ContactEntry(kind, work.now, text, follow_up=task))


def begin_review(house: House, *names: str, who: str = "", group: str = "Customers") -> str:
    """A review of a group that asks these users, started by a user or by the operator."""
    by = By(ActorKind.USER, house.users[who].id, Source.WEB) if who else OPERATOR
    people = tuple(house.users[name].id for name in names)
    with house.world.work(by) as work:
        draft = ReviewDraft("Spring", date(2999, 1, 31), house.group_id(group), reviewers=people)
        return reviews.begin(work, draft)


def let_wait(house: House, *names: str) -> None:
    """A hold of contacts of Customers, and a proposal and a conflict about each, without the story behind them."""
    user, customers = house.users["bo"].id, house.group_id("Customers")
    known = {name: house.contact_id(name) for name in names}
    with house.world.work(By(ActorKind.MAILBOX, user, Source.GOOGLE)) as work:
        held = {contact: (frozenset({customers}), 1, None) for contact in known.values()}
        holds.keep(work, user, customers, HoldKind.REMOVAL, held)
        for name, contact in known.items():
            typed = Card.parse(customer(name, note="typed"))
            proposals.keep(work, contact, user, 1, typed)
            conflicts.keep(work, contact, user, [Conflict("biographies", (), typed["biographies"])])
