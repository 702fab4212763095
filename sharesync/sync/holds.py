"""Holds: so many removals or edits at once that a person decides about them before anything is lost.

Removals by one mailbox within `LATELY` of strictly more than `max(count, share of the group)`, or of a whole group of
three or more, or together with the group's label, are neither applied nor undone: they wait. One hand's act is seen in
pieces: what an earlier pass applied of it, unasked, counts with the rest and stays applied. What a manager applied does
not count, as someone was asked; nor what is in the group again.

Edits of more than `max(20, 25 %)` wait as well, a mass return to older versions among them; these are counted in one
reading, as twenty honest edits are made in ten minutes. Where two groups or more are emptied at once, labels and all,
at whatever level, it is one hold: no hand means that many wishes. The README beside this file has the promise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sharesync.model.card import Card
from sharesync.model.link import NOT_HELD, Snapshot
from sharesync.model.waiting import HoldKind
from sharesync.sync.decisions import Accepted, Decision, Gone, Kept, OnHold

WHOLE = 3
"""A group of this size or more is held when all of it goes."""
EDITS, EDIT_SHARE = 20, 0.25
LATELY = timedelta(minutes=10)
"""For so long removals count together: a page deletes one contact after the other, a phone sends its deletions over
minutes, lists lag by minutes; whoever tidies up now and then takes longer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many removals pass without a question: strictly more than both are held."""

    count: int
    share: float

    def allows(self, removed: int, size: int) -> bool:
        """Whether so many removals from a group of this size are applied at once."""
        return removed <= max(self.count, self.share * size) and not (removed >= size >= WHOLE)


USUAL = Limits(5, 0.10)


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold to be kept: contacts, and for edits the card each would get. `group` is None for several emptied ones."""

    kind: HoldKind
    group: str | None
    contacts: Mapping[str, Card | None]

    def without(self, failed: Collection[str]) -> Hold:
        """It without some contacts."""
        return replace(self, contacts={one: card for one, card in self.contacts.items() if one not in failed})


@dataclass(frozen=True, slots=True)
class Sifted:
    """The decisions with what is held taken out of them, and the holds."""

    decisions: tuple[Decision, ...]
    holds: tuple[Hold, ...] = ()


def sift(
    known: Snapshot,
    decisions: Sequence[Decision],
    labels_gone: frozenset[str],
    limits: Callable[[str], Limits],
    lately: Counter[str],
    *,
    all_gone: bool = False,
) -> Sifted:
    """Take out of the decisions what must be held. `limits` are those of a group.

    `lately`: how many contacts this mailbox took out of each group within `LATELY` before, unasked, that are not back.
    `all_gone`: nobody known there was listed, nor has been for the settle time.
    """
    sizes = known.sizes()
    emptied = frozenset(known.levels) if all_gone else _emptied(known, decisions, labels_gone, sizes)
    if all_gone or len(emptied) > 1:
        decisions = [_without_emptied(known, decision, emptied) for decision in decisions]
    emptying = _emptying(decisions)
    removed = leaving(decisions)
    held = frozenset(
        group
        for group, count in removed.items()
        if group in labels_gone or not limits(group).allows(count + lately[group], sizes[group] + lately[group])
    )
    held |= _left_with_a_smart_label(known, decisions, labels_gone)
    held |= removed.keys() & {group for waits in known.held.values() for group in waits.groups}  # the rest of one hand
    edits = (contact for decision in decisions if (contact := _edit(known, decision)))
    edited: Counter[str] = Counter(group for contact in edits for group in known.wanted[contact].groups)
    frozen = frozenset(g for g, count in edited.items() if count > max(EDITS, EDIT_SHARE * sizes[g]))
    kept = [_without(known, decision, held, frozen) for decision in decisions]
    return Sifted(tuple(kept), (*emptying, *_removals(kept, held), *_edits(known, kept, frozen)))


def in_pieces(known: Snapshot, holds: Sequence[Hold], size: int) -> Iterator[Sequence[Hold]]:
    """Holds of edits, so many contacts at once that what is not kept yet would be held by itself; all in the end.

    Who breaks off between two pieces leaves no edit that passes for being one of few. So the last piece is larger; of
    several groups, whose counts hang together, all is one piece.
    """
    rest = holds
    if len(holds) == 1 and (group := holds[0].group):
        contacts = sorted(holds[0].contacts)
        while len(contacts) - size > max(EDITS, EDIT_SHARE * known.sizes()[group]):
            yield [holds[0].without(holds[0].contacts.keys() - set(contacts[:size]))]
            contacts = contacts[size:]
        rest = [holds[0].without(holds[0].contacts.keys() - set(contacts))]
    yield rest


def leaving(decisions: Sequence[Decision]) -> Counter[str]:
    """How many contacts would leave each group, of those that any would leave."""
    return Counter(group for decision in decisions if isinstance(decision, Kept | Gone) for group in decision.leaves)


def _left_with_a_smart_label(
    known: Snapshot, decisions: Sequence[Decision], labels_gone: frozenset[str]
) -> frozenset[str]:
    """Groups that contacts would leave because a smart group's label was deleted with them.

    No contact leaves the smart group by hand: what is held is that they leave the others.
    """
    smart = known.smart & labels_gone
    gone = (one for one in decisions if isinstance(one, Gone) and one.contact in known.wanted)
    return frozenset(group for one in gone if known.wanted[one.contact].groups & smart for group in one.leaves)


def _edit(known: Snapshot, decision: Decision) -> str:
    """The contact of an accepted edit, else nothing. One that an edit brings back from the trash is not held."""
    match decision:
        case Kept(contact=contact, edit=Accepted()) if contact in known.wanted:
            return contact
    return ""


def _emptied(
    known: Snapshot, decisions: Sequence[Decision], labels_gone: frozenset[str], sizes: Mapping[str, int]
) -> frozenset[str]:
    """Groups of which this mailbox lost the label and every contact at once."""
    gone = {decision.contact for decision in decisions if isinstance(decision, Gone)}
    lost: Counter[str] = Counter(group for c in gone & known.wanted.keys() for group in known.wanted[c].groups)
    return frozenset(g for g, count in lost.items() if g in labels_gone and count == sizes[g])


def _without_emptied(known: Snapshot, decision: Decision, emptied: frozenset[str]) -> Decision:
    match decision:
        case Gone(contact=contact, leaves=leaves) if contact in known.wanted:
            groups = known.wanted[contact].groups
            held, leaves = groups & emptied, leaves - emptied
            return Gone(contact, leaves, bool(groups - held - leaves), held)
    return decision


def _emptying(decisions: Sequence[Decision]) -> list[Hold]:
    contacts: dict[str, Card | None] = {
        decision.contact: None for decision in decisions if isinstance(decision, Gone) and decision.held
    }
    return [Hold(HoldKind.EMPTIED, None, contacts)] if contacts else []


def _without(known: Snapshot, decision: Decision, held: frozenset[str], frozen: frozenset[str]) -> Decision:
    if isinstance(decision, Kept | Gone):
        decision = replace(decision, leaves=decision.leaves - held, held=decision.held | decision.leaves & held)
    match decision:
        case Kept(contact=contact, edit=Accepted(card=card, fields=fields)) if contact in known.wanted:
            if known.wanted[contact].groups & frozen or known.held.get(contact, NOT_HELD).edit:
                return replace(decision, edit=OnHold(card, fields))
    return decision


def _removals(decisions: Sequence[Decision], held: frozenset[str]) -> list[Hold]:
    by_group: dict[str, dict[str, Card | None]] = {}
    for decision in decisions:
        if isinstance(decision, Kept | Gone):
            for group in decision.held & held:
                by_group.setdefault(group, {})[decision.contact] = None
    return [Hold(HoldKind.REMOVAL, group, contacts) for group, contacts in sorted(by_group.items())]


def _edits(known: Snapshot, decisions: Sequence[Decision], frozen: frozenset[str]) -> list[Hold]:
    """One hold a group; a contact in two of them waits in the first."""
    by_group: dict[str, dict[str, Card | None]] = {}
    for decision in decisions:
        if isinstance(decision, Kept) and isinstance(decision.edit, OnHold):
            group = known.held.get(decision.contact, NOT_HELD).edit or min(
                known.wanted[decision.contact].groups & frozen
            )
            by_group.setdefault(group, {})[decision.contact] = decision.edit.card
    return [Hold(HoldKind.EDIT, group, contacts) for group, contacts in sorted(by_group.items())]
