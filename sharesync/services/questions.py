"""Questions to a user about what only they know: was this meant for all, or did it come with a contact of their own?

Google Contacts merges two contacts without saying so. Where the shared one survives, what came with the other cannot
be told from an edit. It is kept as theirs, and they alone are asked; nobody else sees the values before they say yes.
"""

from __future__ import annotations

from datetime import timedelta

from sharesync.errors import InvalidInput, MailboxBusy, NotFound
from sharesync.model.audit import ActorKind, Event
from sharesync.model.permission import Allowed, Right, authorize
from sharesync.model.waiting import Question, Resolution
from sharesync.services import contacts as contact_cases
from sharesync.services import proposals as proposal_cases
from sharesync.services.who_may.permission import groups_of_contact, party
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links
from sharesync.store.records import company_fields, contacts, private_cards
from sharesync.sync.merge import merge


def share(work: Work, question: str) -> Question:
    """It was meant for all: an edit by who may edit the contact, else a proposal. It is no own value any more.

    Raises NotFound where it is no open question to the actor, InvalidInput while a pass over their mailbox goes on.
    """
    found = _find(work, question)
    now = contacts.get(work.session, found.contact)
    merged = merge(found.before, found.after, now.card, company_fields.defined(work.session).sets).card
    rights = authorize(party(work.session, work.by), Right.EDIT, groups_of_contact(work.session, found.contact))
    _tell(work, found, "question.share")
    private_cards.resolve(work, found.id, Resolution.APPLIED)
    if merged == now.card:
        return found
    if isinstance(rights, Allowed):
        _disown(work, found)
        contact_cases.change(work, now.id, now.version, now.card, merged)
    else:
        proposal_cases.propose(work, found.contact, merged, now.version)
    return found


def keep(work: Work, question: str) -> Question:
    """It is theirs, and stays in their own Google Contacts alone. Raises NotFound as above."""
    found = _find(work, question)
    _tell(work, found, "question.keep")
    private_cards.resolve(work, found.id, Resolution.RESTORED)
    return found


def _find(work: Work, question: str) -> Question:
    if work.by.kind is not ActorKind.USER:
        raise NotFound("open question", question)
    return private_cards.find(work.session, work.by.id, party(work.session, work.by).levels.keys(), question)


def _disown(work: Work, question: Question) -> None:
    """What is the contact's from now on is no own value of its user's: else they could never take it away again."""
    try:
        # A pass under way would write the link as it was before.
        fence = claims.claim(work, work.by.id, timedelta(), timedelta())
    except MailboxBusy:
        raise InvalidInput("sharesync is busy in your Google Contacts; say it again in a moment.") from None
    links.disown(work, work.by.id, question.contact, question.after)
    claims.end(work, work.by.id, fence)


def _tell(work: Work, question: Question, action: str) -> None:
    work.record(Event(action, contact=question.contact, mailbox=work.by.id, reason=question.id))
