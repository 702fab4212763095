"""What an edit becomes: the contact's next version, or a rejected version and a proposal."""

from __future__ import annotations

from sharesync.mailbox_pass.apply_session import Applying
from sharesync.model.audit import Outcome
from sharesync.model.card import EMPTY, Card
from sharesync.model.company_fields import CompanyField, CompanyFields, merged_set
from sharesync.model.contact import VersionKind
from sharesync.model.custom_entries import text_of, with_entry
from sharesync.model.field_kinds import SET, FieldKind
from sharesync.services import contacts as contact_cases
from sharesync.store.records import company_fields, conflicts, contacts, private_cards, proposals
from sharesync.sync.decisions import Accepted, Rejected, Why
from sharesync.sync.merge import Conflict, merge, without


def accept(at: Applying, contact: str, version: int, edit: Accepted) -> tuple[int, Card]:
    """Take an edit into the store; returns the contact's version and card after it."""
    store = at.sides[contact].store
    card, here, found = _kept_here(at, contact, edit)
    if found:
        conflicts.keep(at.work, contact, at.mailbox, found)
        at.event("conflict.keep", contact, fields=tuple(sorted({c.field for c in found})))
    if card == store and here is None:
        return version, card
    contact_cases.change(at.work, contact, version, store, card, here=here, mailbox=at.mailbox)
    return version + 1, card


def _kept_here(at: Applying, contact: str, edit: Accepted) -> tuple[Card, dict[str, str] | None, list[Conflict]]:
    """The card without what was typed under the name of a field that is kept here; the values with it; conflicts.

    A phone may show such an entry until its next pass, where the field was moved, and anybody may type one. It is
    merged with the value that is kept: over what the phone showed last it is an edit; over another it is a conflict.
    That an entry is missing says nothing: it may be we who took it off.
    """
    card, found = edit.card, list(edit.conflicts)
    typed = _typed_under(company_fields.defined(at.work.session), edit)
    if not typed:
        return card, None, found
    link, sides = at.known.links.get(contact), at.sides[contact]
    shown = without(sides.remote, link.own) if link else sides.remote
    stands = contacts.here_of(at.work.session, [contact]).get(contact, {})
    here = dict(stands)
    for field, theirs in typed.items():
        was, mine = text_of(shown, field.name), here.get(field.id, "")
        found = [one for one in found if not _is_about(one, field)]
        if field.kind is FieldKind.SEVERAL_OF:
            here[field.id] = merged_set(was, mine, theirs)
        elif mine in ("", was):
            here[field.id] = theirs
        elif theirs not in (mine, was):
            ours, others = (with_entry(EMPTY, field.name, text)["userDefined"] for text in (mine, theirs))
            found.append(Conflict("userDefined", ours, others))
        card = with_entry(card, field.name, "") or card
    here = {field: text for field, text in here.items() if text}
    return card, None if here == stands else here, found


def _typed_under(fields: CompanyFields, edit: Accepted) -> dict[CompanyField, str]:
    """By field that is kept here: what the edit says. The merge calls it a conflict where the store has no entry."""
    typed = {field: text_of(edit.card, field.name) for field in fields.on_card(edit.card)}
    for field in fields:
        for one in edit.conflicts:
            if not field.shown and _is_about(one, field):
                typed[field] = SET.join(item.text("value") for item in one.other)
    return {field: text for field, text in typed.items() if text}


def _is_about(conflict: Conflict, field: CompanyField) -> bool:
    return conflict.field == "userDefined" and {item.text("key").casefold() for item in conflict.other} == {field.key}


def reject(at: Applying, contact: str, edit: Rejected) -> None:
    """Keep an edit that is undone: as a version, and as a proposal where only the level stood against it."""
    wanted, store = at.known.wanted.get(contact), at.sides[contact].store
    version = (wanted or at.known.trashed[contact]).version
    if edit.private:
        at.event("contact.update", contact, Outcome.REVERTED, reason=edit.why.value)
        private_cards.keep(at.work, contact, at.mailbox, version, edit.card)
        return
    event = at.event(
        "contact.update",
        contact,
        Outcome.REVERTED,
        fields=tuple(sorted(edit.fields)),
        before_version=version,
        reason=edit.why.value,
        values=contact_cases.values(store, edit.card),
    )
    contacts.keep(at.work, [(contact, version, VersionKind.REJECTED, edit.card, event)])
    if edit.why is Why.VIEW and wanted:
        _propose(at, contact, edit.card)


def _propose(at: Applying, contact: str, card: Card) -> None:
    """Keep an edit as a proposal; an earlier open one of the same person takes it in, the newer values winning."""
    version, store, card = merged_with_store(at, contact, card)
    earlier = proposals.open_one(at.work.session, contact, at.mailbox)
    if earlier is None:
        proposal = proposals.keep(at.work, contact, at.mailbox, version, card)
    else:
        proposal, typed_over, before = earlier
        then = contacts.cards_at(at.work.session, [(contact, typed_over)])[contact]
        sets = company_fields.defined(at.work.session).sets
        both = merge(store, card, merge(then, before, store, sets).card, sets).card
        proposals.change(at.work, proposal, version, both)
    at.event("proposal.keep", contact, reason=proposal)


def merged_with_store(at: Applying, contact: str, card: Card) -> tuple[int, Card, Card]:
    """The contact's version and card now, and that card with the difference merged in that was typed in the mailbox.

    The difference is that to the link's base: what others changed since is not taken back.
    """
    version, store = contacts.cards(at.work.session, [contact])[contact]
    link = at.known.links.get(contact)
    bases = contacts.cards_at(at.work.session, [(contact, link.base_version)]) if link else {}
    sets = company_fields.defined(at.work.session).sets
    return version, store, merge(bases.get(contact, store), card, store, sets).card
