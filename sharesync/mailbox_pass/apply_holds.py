"""What is written down about changes that wait for a person's decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sharesync.errors import Contacts, Sentence
from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.audit import Outcome
from sharesync.model.waiting import HoldKind
from sharesync.store.records import holds as held
from sharesync.store.records import smart_groups
from sharesync.sync.decisions import Decision, Gone, Kept
from sharesync.sync.holds import Hold

_HELD = {
    HoldKind.REMOVAL: Sentence("removal of %(contacts)s waits for a decision (%(id)s)"),
    HoldKind.EDIT: Sentence("edit of %(contacts)s waits for a decision (%(id)s)"),
    HoldKind.EMPTIED: Sentence("emptied of %(contacts)s waits for a decision (%(id)s)"),
}


def keep(at: Applying, holds: Sequence[Hold], decisions: Sequence[Decision]) -> None:
    """Keep the holds of one reading, whose decisions say which groups each contact waits in."""
    removals = frozenset(hold.group for hold in holds if hold.group and hold.kind is HoldKind.REMOVAL)
    waits_in = {one.contact: one.held for one in decisions if isinstance(one, Kept | Gone)}
    for hold in _at_home(at, holds):
        # Who decides about a hold decides about its group, and not about another in which the contact waits as well.
        its = {hold.group} if hold.group else None
        groups = {contact: held - removals if its is None else held & its for contact, held in waits_in.items()}
        contacts_held = {
            contact: (groups[contact] if card is None else frozenset[str](), at.known.wanted[contact].version, card)
            for contact, card in hold.contacts.items()
        }
        hold_id = held.keep(at.work, at.mailbox, hold.group, hold.kind, contacts_held)
        reason = Sentence(_HELD[hold.kind].template, contacts=Contacts(len(contacts_held)), id=hold_id)
        at.event("hold.keep", None, Outcome.HELD, group=hold.group, reason=reason)
        at.tally.held += len(contacts_held)


def _at_home(at: Applying, holds: Sequence[Hold]) -> Iterator[Hold]:
    """The holds; a smart group's by the groups that its contacts come from, whose managers decide."""
    for hold in filter(lambda one: one.contacts, holds):
        if hold.group is None or hold.group not in at.known.smart:
            yield hold
            continue
        homes = smart_groups.homes(at.work.session, hold.group, hold.contacts)
        for home in sorted(set(homes.values())):
            some = {contact: card for contact, card in hold.contacts.items() if homes[contact] == home}
            yield Hold(hold.kind, home, some)
