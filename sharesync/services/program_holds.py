"""What programs do to many contacts at once waits for a person, as what a hand does in a mailbox.

It counts for whom a program acts, over all tokens of that owner, and with what they did in the last minutes. A batch is
judged whole before its first item. What waits was not done: to restore it is to drop it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sharesync.errors import Contacts, Sentence
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.audit import ActorKind, Event, Outcome
from sharesync.model.card import Card
from sharesync.model.waiting import HoldKind, WantedFilter
from sharesync.services import smart_groups as smart_cases
from sharesync.services.who_may.permission import editable
from sharesync.store.database.work import Work
from sharesync.store.records import (
    contacts,
    groups,
    held_fields,
    held_filters,
    holds,
    program_deeds,
    services,
    smart_groups,
    tokens,
)
from sharesync.sync.holds import EDIT_SHARE, EDITS, LATELY, USUAL, WHOLE, Limits

_HELD = {
    HoldKind.REMOVAL: Sentence("removal of %(contacts)s waits for a decision (%(id)s)"),
    HoldKind.EDIT: Sentence("edit of %(contacts)s waits for a decision (%(id)s)"),
    HoldKind.FILTER: Sentence("another filter, by which %(contacts)s would leave, waits for a decision (%(id)s)"),
}
_SUPERSEDED = Sentence("the program asked for something else (%(id)s)")


def removals(work: Work, pairs: Iterable[tuple[str, str]], usual: Limits) -> list[str]:
    """Hold back that a program takes contacts out of groups, (group, contact), if it is too much; ids of the holds.

    All of what it asks for at once waits, or nothing of it.
    """
    by_group: dict[str, set[str]] = {}
    for group, contact in pairs:
        by_group.setdefault(group, set()).add(contact)
    for smart in smart_groups.among(work.session, by_group):
        del by_group[smart]  # only its filter takes contacts out of it
    owner = _owner(work)
    if owner is None or not by_group:
        return []
    special, own = holds.special_limits(work.session), _own_limits(work, owner)
    sizes = groups.sizes(work.session, by_group)
    lately = program_deeds.removed_by_tokens(work.session, owner, work.now - LATELY)
    waiting = program_deeds.open_groups(work.session, owner, HoldKind.REMOVAL)

    def is_much(group: str) -> bool:
        count, share = special.get(group, (None, None))
        limits = Limits(usual.count if count is None else count, usual.share if share is None else share)
        before = len(lately.get(group, set()) - by_group[group])
        number = len(by_group[group]) + before
        return number > own.get(group, 0) and not limits.allows(number, sizes.get(group, 0) + before)

    if not any(group in waiting or is_much(group) for group in by_group):
        return []
    return [
        _keep(work, owner, group, HoldKind.REMOVAL, dict.fromkeys(sorted(some))) for group, some in by_group.items()
    ]


def edits(work: Work, cards: Mapping[str, Card], here: Mapping[str, Mapping[str, str]] | None = None) -> list[str]:
    """The same for edits: what each contact would become; one that waits in several groups waits in the first.

    `here`: values of fields kept here that go with the cards, by contact.
    """
    owner = _owner(work)
    held = _put_into(work, cards)
    if owner is None or not held:
        return []
    edited: Counter[str] = Counter(group for places in held.values() for group in places)
    sizes = groups.sizes(work.session, edited)
    lately = _put_into(work, program_deeds.edited_by_tokens(work.session, owner, work.now - LATELY) - held.keys())
    before: Counter[str] = Counter(group for places in lately.values() for group in places)
    waiting, own = program_deeds.open_groups(work.session, owner, HoldKind.EDIT), _own_limits(work, owner)
    much = [
        group
        for group, number in edited.items()
        if group in waiting or number + before[group] > max(EDITS, EDIT_SHARE * sizes.get(group, 0), own.get(group, 0))
    ]
    by_group: dict[str, dict[str, Card | None]] = {}
    if much:
        for contact, places in held.items():
            by_group.setdefault(min(set(places) & set(much), default=min(places)), {})[contact] = cards[contact]
    kept = {_keep(work, owner, group, HoldKind.EDIT, some): some for group, some in by_group.items()}
    for hold, some in kept.items():
        held_fields.keep(work, hold, {one: said for one, said in (here or {}).items() if one in some})
    return list(kept)


def replacements(
    work: Work, wanted: Mapping[str, tuple[int | None, Card]], here: Mapping[str, Mapping[str, str]]
) -> frozenset[str]:
    """The same for cards of a file, each over its version if it says one; the contacts that wait.

    By a file a program changes no more at once than without. What would be refused, or change nothing, does not count.
    """
    if _owner(work) is None:
        return frozenset()
    now, theirs = contacts.cards(work.session, wanted), editable(work, wanted)
    changed = {
        contact: card
        for contact, (version, card) in wanted.items()
        if contact in theirs and card != now[contact][1] and version in (None, now[contact][0])
    }
    return frozenset(changed if edits(work, changed, here) else ())


def whole_group(work: Work, group: str) -> list[str]:
    """Hold back that a program deletes a group with contacts: as where a label goes with its contacts."""
    owner, inside = _owner(work), groups.members(work.session, group)
    if owner is None or len(inside) < WHOLE or smart_groups.among(work.session, [group]):
        return []  # deleting a smart group deletes no contact: each is in an ordinary group, too
    return [_keep(work, owner, group, HoldKind.REMOVAL, dict.fromkeys(inside))]


def new_filter(work: Work, group: str, wanted: WantedFilter) -> list[str]:
    """Hold back that a program lets another filter choose who is in a smart group, if too many would leave.

    What it asked for before and still waits is dropped: it asks for this now. Raises as `smart_groups.begin_change`.
    """
    owner = _owner(work)
    if owner is None:
        return []
    if former := held_filters.drop(work, owner, group):
        work.record(Event("hold.close", group=group, reason=Sentence(_SUPERSEDED.template, id=former)))
    would = smart_cases.change_effect(work, group, wanted.filter, wanted.sources)
    before = len(held_filters.left_lately(work.session, owner, group, work.now - LATELY) - would.joining)
    if not would.leaving or USUAL.allows(len(would.leaving) + before, would.before + before):
        return []
    hold = _keep(work, owner, group, HoldKind.FILTER, dict.fromkeys(sorted(would.leaving)))
    held_filters.keep(work, hold, wanted)
    return [hold]


def _put_into(work: Work, some: Collection[str]) -> dict[str, list[str]]:
    """The ordinary groups that hold each contact: what waits, waits where somebody manages contacts."""
    held = contacts.held_by(work.session, some)
    smart = smart_groups.among(work.session, {group for places in held.values() for group in places})
    return {contact: [group for group in places if group not in smart] for contact, places in held.items()}


def _own_limits(work: Work, owner: Principal) -> Mapping[str, int]:
    """How much a service may change of each group at once, where a manager let it change more than others."""
    return services.limits_of(work.session, owner.subject) if owner.kind is PrincipalKind.SERVICE else {}


def _owner(work: Work) -> Principal | None:
    return tokens.get(work.session, work.by.id).owner if work.by.kind is ActorKind.TOKEN else None


def _keep(work: Work, owner: Principal, group: str, kind: HoldKind, some: Mapping[str, Card | None]) -> str:
    versions = contacts.cards(work.session, some)
    kept = {
        contact: (frozenset() if card is not None else frozenset({group}), versions[contact][0], card)
        for contact, card in some.items()
        if contact in versions
    }
    hold = holds.keep(work, owner, group, kind, kept)
    reason = Sentence(_HELD[kind].template, contacts=Contacts(len(kept)), id=hold)
    work.record(Event("hold.keep", Outcome.HELD, group=group, reason=reason))
    return hold
