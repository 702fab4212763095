"""Whom a review asks about which contact: nobody is asked about a contact that they may not see.

Nothing is changed here. What is looked through and who sees it is asked anew whenever it matters, so whoever loses a
contact from sight is not asked about it any more, whatever their rights ended by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from sharesync.errors import InvalidFilter
from sharesync.model.company_fields import CompanyField
from sharesync.model.custom_entries import text_of
from sharesync.model.field_kinds import parts
from sharesync.model.filter_lines import parse
from sharesync.model.permission import EVERYTHING, Allowed, Party, Right, Role, authorize
from sharesync.model.review import ItemState, Review, ReviewDraft, split
from sharesync.model.smart_group import zone_of
from sharesync.services.who_may.permission import user_party
from sharesync.store.database.engine import Session
from sharesync.store.database.work import ReadOnly, Work
from sharesync.store.mailboxes import directory
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import company_fields, contacts, groups, reviews, roles
from sharesync.store.records.reviews import ReviewItem

AnyTransaction = ReadOnly | Work


class Sight:
    """Who may be asked about what. A user is looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._parties: dict[str, Party | None] = {}

    def sees(self, user: str, places: Collection[str]) -> bool:
        """Whether a user may be asked about a contact in these groups: not one who is away, nor an auditor."""
        party = self.party(user)
        return party is not None and isinstance(authorize(party, Right.VIEW, places), Allowed)

    def party(self, user: str) -> Party | None:
        """The user with their rights; None where they are not to be asked about anything."""
        if user not in self._parties:
            role = roles.of(self._session, user)
            away = role is Role.AUDITOR or directory.paused(self._session, user)
            self._parties[user] = None if away else user_party(self._session, user, role)
        return self._parties[user]


def manager(session: Session, starter: str | None) -> Party | None:
    """What whoever started a review may do now; an operator's is the administrators' own."""
    return EVERYTHING if starter is None else Sight(session).party(starter)


def scope(asked: AnyTransaction, draft: ReviewDraft, starter: str | None) -> set[str]:
    """The contacts that are looked through: of a group, or of all that its starter manages, those the filter finds.

    Raises InvalidFilter, SearchTooLong.
    """
    among = None if draft.group else managed(asked.session, starter)
    line = parse(draft.filter, asked.now, zone_of(draft.zone), company_fields.defined(asked.session))
    return set(contact_pages.ids(asked.session, ContactFilter(line, group=draft.group, among=among)))


def managed(session: Session, starter: str | None) -> Collection[str] | None:
    """Ids of the groups that whoever started a review manages; None is all."""
    party = manager(session, starter)
    if party is None:
        return frozenset()
    if party.role is Role.ADMINISTRATOR:
        return None
    return frozenset(group for group in party.levels if isinstance(authorize(party, Right.MANAGE, [group]), Allowed))


def asked_of(session: Session, draft: ReviewDraft, starter: str | None, chosen: Iterable[str]) -> dict[str, str | None]:
    """Who is asked about each of these contacts; None where nobody who could be asked sees it."""
    return _assigned(session, draft, starter, list(chosen), Counter())


def moves(asked: AnyTransaction, review: Review) -> list[ReviewItem]:
    """How contacts of which nobody has said anything stand now, where that is new.

    Those in the trash are gone; those that belong to what is looked through no more are asked of nobody; those that
    whoever is asked does not see any more are asked of somebody else. Those that have come to belong to it since are
    asked of somebody, too, but where its contacts were chosen one by one.
    """
    session = asked.session
    there = reviews.items(session, review.id)
    undecided = [one for one in there if not one.is_decided]
    try:
        within = scope(asked, review.draft, review.starter)
    except InvalidFilter:  # a field that it asks for was deleted: who is asked about what stays
        return []
    outside = {one.contact for one in undecided} - within
    lying = contacts.lying(session, outside) | contacts.erased(session, outside)
    held, sight = contacts.held_by(session, [one.contact for one in undecided]), Sight(session)
    found: list[ReviewItem] = []
    come = set() if review.ticked else within - {one.contact for one in there}
    homeless = [ReviewItem(contact, None, ItemState.LEFT, is_decided=False) for contact in sorted(come)]
    for one in undecided:
        state = ItemState.OPEN if one.contact in within else ItemState.GONE if one.contact in lying else ItemState.LEFT
        if state is ItemState.OPEN and not (one.reviewer and sight.sees(one.reviewer, held.get(one.contact, []))):
            homeless.append(one)
        elif state is not one.state:
            found.append(replace(one, state=state))
    if homeless:
        moving = {one.contact for one in homeless}
        load = Counter(one.reviewer for one in there if one.state is ItemState.OPEN and one.contact not in moving)
        loads = {who: number for who, number in load.items() if who}
        whom = _assigned(session, review.draft, review.starter, [one.contact for one in homeless], loads)
        again = (replace(one, state=ItemState.OPEN, reviewer=whom[one.contact]) for one in homeless)
        found += [new for one, new in zip(homeless, again, strict=True) if new != one]
    return found


def _assigned(
    session: Session, draft: ReviewDraft, starter: str | None, chosen: Collection[str], load: Mapping[str, int]
) -> dict[str, str | None]:
    """By the field where that names somebody who sees the contact, else evenly among reviewers, else the starter."""
    held, sight = contacts.held_by(session, chosen), Sight(session)
    named = dict(_named(session, draft.field, chosen)) if draft.field else {}
    candidates: dict[str, list[str]] = {}
    for contact in chosen:
        places = held.get(contact, [])
        for people in (named.get(contact, [])[:1], draft.reviewers, [starter] if starter else []):
            if able := [one for one in people if sight.sees(one, places)]:
                candidates[contact] = able
                break
    whom = split(candidates, load)
    return {contact: whom.get(contact) for contact in chosen}


def _named(session: Session, field: str, chosen: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """The users that each contact's value of the field names, by address or name."""
    known = next((one for one in company_fields.defined(session) if one.id == field), None)
    if known is None:
        return
    values = dict(_values(session, known, chosen))
    users = directory.known_as(session, {word for words in values.values() for word in words})
    for contact, words in values.items():
        yield contact, [users[word] for word in words if word in users]


def _values(session: Session, field: CompanyField, chosen: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    if field.shown:
        texts = {contact: text_of(card, field.name) for contact, (_, card) in contacts.cards(session, chosen).items()}
    else:
        texts = {contact: here.get(field.id, "") for contact, here in contacts.here_of(session, chosen).items()}
    for contact, text in texts.items():
        if text:
            yield contact, list(dict.fromkeys(word.casefold() for word in (text.strip(), *parts(text))))


def group_there(session: Session, group: str | None) -> bool:
    """Whether the group that is looked through is still there; True where it is none."""
    return group is None or any(one.id == group for one in groups.named(session))
