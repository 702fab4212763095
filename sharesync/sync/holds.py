"""Holds: so many removals or edits at once that a person decides about them before anything is lost.

Removals by one mailbox in one pass of strictly more than `max(count, share of the group)`, or of a whole group of three
or more, or together with the group's label, are neither applied nor undone: they wait. So do edits of more than
`max(20, 25 %)`, a mass return to older versions among them. Where two groups or more are emptied at once, labels and
all, at whatever level, it is one hold: no hand means that many wishes. `design.md` section 5 is the promise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sharesync.model.card import Card
from sharesync.model.link import NOT_HELD, Known
from sharesync.model.waiting import HoldKind
from sharesync.sync.decisions import Accepted, Decision, Gone, Kept, OnHold

WHOLE = 3
"""A group of this size or more is held when all of it goes."""
EDITS, EDIT_SHARE = 20, 0.25


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


@dataclass(frozen=True, slots=True)
class Sifted:
    """The decisions with what is held taken out of them, and the holds."""

    decisions: tuple[Decision, ...]
    holds: tuple[Hold, ...] = ()


def sift(
    known: Known,
    decisions: Sequence[Decision],
    labels_gone: frozenset[str],
    usual: Limits,
    special: Mapping[str, Limits],
    *,
    all_gone: bool = False,
) -> Sifted:
    """Take out of the decisions what must be held. `special` are limits of single groups, in place of the usual.

    `all_gone`: the mailbox was listed empty, and has been for the settle time.
    """
    sizes = known.sizes()
    emptied = frozenset(known.levels) if all_gone else _emptied(known, decisions, labels_gone, sizes)
    if all_gone or len(emptied) > 1:
        decisions = [_without_emptied(known, decision, emptied) for decision in decisions]
    emptying = _emptying(decisions)
    removed: Counter[str] = Counter(group for decision in decisions for group in _leaves(decision))
    held = frozenset(
        group
        for group, count in removed.items()
        if group in labels_gone or not special.get(group, usual).allows(count, sizes[group])
    )
    held |= removed.keys() & {group for waits in known.held.values() for group in waits.groups}  # the rest of one hand
    edits = (contact for decision in decisions if (contact := _edit(known, decision)))
    edited: Counter[str] = Counter(group for contact in edits for group in known.wanted[contact].groups)
    frozen = frozenset(g for g, count in edited.items() if count > max(EDITS, EDIT_SHARE * sizes[g]))
    kept = [_without(known, decision, held, frozen) for decision in decisions]
    return Sifted(tuple(kept), (*emptying, *_removals(kept, held), *_edits(known, kept, frozen)))


def _leaves(decision: Decision) -> frozenset[str]:
    return decision.leaves if isinstance(decision, Kept | Gone) else frozenset()


def _edit(known: Known, decision: Decision) -> str:
    """The contact of an accepted edit, else nothing. One that an edit brings back from the trash is not held."""
    match decision:
        case Kept(contact=contact, edit=Accepted()) if contact in known.wanted:
            return contact
    return ""


def _emptied(
    known: Known, decisions: Sequence[Decision], labels_gone: frozenset[str], sizes: Mapping[str, int]
) -> frozenset[str]:
    """Groups of which this mailbox lost the label and every contact at once."""
    gone = {decision.contact for decision in decisions if isinstance(decision, Gone)}
    lost: Counter[str] = Counter(group for c in gone & known.wanted.keys() for group in known.wanted[c].groups)
    return frozenset(g for g, count in lost.items() if g in labels_gone and count == sizes[g])


def _without_emptied(known: Known, decision: Decision, emptied: frozenset[str]) -> Decision:
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


def _without(known: Known, decision: Decision, held: frozenset[str], frozen: frozenset[str]) -> Decision:
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


def _edits(known: Known, decisions: Sequence[Decision], frozen: frozenset[str]) -> list[Hold]:
    """One hold a group; a contact in two of them waits in the first."""
    by_group: dict[str, dict[str, Card | None]] = {}
    for decision in decisions:
        if isinstance(decision, Kept) and isinstance(decision.edit, OnHold):
            group = known.held.get(decision.contact, NOT_HELD).edit or min(
                known.wanted[decision.contact].groups & frozen
            )
            by_group.setdefault(group, {})[decision.contact] = decision.edit.card
    return [Hold(HoldKind.EDIT, group, contacts) for group, contacts in sorted(by_group.items())]
