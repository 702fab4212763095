"""What an act on many contacts will do: to which of them, and which are refused and why. Nothing is changed here.

Who carries it out asks each contact again: others go on writing meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sharesync.errors import Sentence
from sharesync.model.permission import Denied, Right, authorize
from sharesync.services.who_may import permission
from sharesync.store.database.engine import Session
from sharesync.store.database.work import ReadOnly, Work
from sharesync.store.records import contacts

HIDDEN = Sentence("It is gone, or you may not see it.")


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """Contacts by what becomes of them."""

    goes: tuple[str, ...]
    """With these it is done."""
    same: tuple[str, ...] = ()
    """These are so already."""
    refused: Mapping[Sentence, tuple[str, ...]] = field(default_factory=dict)
    """By the reason."""


def sifted(asked: ReadOnly | Work, right: Right, chosen: Collection[str]) -> BulkPlan:
    """The contacts on which the actor has this right, in a fixed number of statements however many they are."""
    places, who = places_of(asked.session, chosen), permission.party(asked.session, asked.by)
    goes: list[str] = []
    refused: dict[Sentence, list[str]] = {}
    for contact in dict.fromkeys(chosen):
        verdict = authorize(who, right, places[contact]) if contact in places else None
        if verdict is None or isinstance(verdict, Denied):
            reason = HIDDEN if verdict is None or verdict.hidden else verdict.reason
            refused.setdefault(reason, []).append(contact)
        else:
            goes.append(contact)
    return BulkPlan(tuple(goes), refused=reasons(refused))


def reasons(refused: Mapping[Sentence, Sequence[str]]) -> Mapping[Sentence, tuple[str, ...]]:
    """By the reason, for a plan."""
    return {reason: tuple(some) for reason, some in refused.items()}


def places_of(session: Session, chosen: Collection[str]) -> dict[str, list[str]]:
    """The groups that rights on each contact are asked of: those that hold it, or that it left for the trash."""
    held = contacts.held_by(session, chosen)
    rest = [one for one in chosen if one not in held]
    there = contacts.cards(session, rest).keys() - contacts.erased(session, rest)
    return {**held, **{one: contacts.holders(session, one) for one in rest if one in there}}
