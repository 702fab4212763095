"""Writing many persons: what is cheapest, and taking apart a batch that Google refuses as a whole.

Batches are all or nothing (People API, `BatchCreateContactsErrorDetails`, `BatchUpdateContactsErrorDetails`): one wrong
contact refuses two hundred. The refused ones are named by Google, or found by looking, or found by halving; the others
go through. Law: every wish gets exactly one outcome, and an outcome once known is never lost to a later error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sharesync.errors import GoogleError, OutcomeUnknown, RetryLater
from sharesync.google.failures import Judged, PersonMissing, PersonStale
from sharesync.google.replies import Blame
from sharesync.model.mailbox import Missing, NotDone, Outcome, Poisoned, Stale, Unknown

Wish = TypeVar("Wish")
Wish_contra = TypeVar("Wish_contra", contravariant=True)

LOST_IN_A_ROW = 2
"""So many lost answers one after the other, and the rest is left for later."""


class Kind(Protocol[Wish_contra]):
    """How one kind of wish is sent."""

    @property
    def singles(self) -> int:
        """Up to so many are sent one by one, because that is cheaper."""
        ...

    @property
    def batch(self) -> int:
        """At most so many go into one request."""
        ...

    def one(self, wish: Wish_contra) -> Outcome:
        """Send a single one; raises what `Line.call` raises."""
        ...

    def many(self, wishes: Sequence[Wish_contra]) -> list[Outcome]:
        """Send a batch; raises what `Line.call` raises."""
        ...

    def key(self, place: int, wish: Wish_contra) -> str:
        """How Google names a wish in a refusal: by its place in the batch, or by its resource name."""
        ...

    def look(self, wishes: Sequence[Wish_contra], refusal: Judged) -> Mapping[int, Outcome]:
        """Find by reading which wishes of a refused batch are stale or missing; empty where that is no use."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of all wishes, in their order, and the last failure of the sending itself."""

    outcomes: list[Outcome]
    trouble: GoogleError | None
    answered: bool
    """Whether Google answered, or may have executed, anything at all."""


def send(kind: Kind[Wish], wishes: Sequence[Wish], groups: Iterable[Sequence[int]]) -> Sent:
    """Send the wishes at the indices in `groups`, those of one group in the same requests, the groups in turn.

    Never raises an error of Google's. What is in no group is NotDone.
    """
    outcomes: dict[int, Outcome] = {}
    parts = [part for group in groups for part in _cheapest(kind, group)][::-1]
    trouble: GoogleError | None = None
    answered = False
    silent = 0
    while parts and silent < LOST_IN_A_ROW:
        part = parts.pop()
        chosen = [wishes[index] for index in part]
        try:
            results = [kind.one(chosen[0])] if len(part) == 1 else kind.many(chosen)
            outcomes.update(zip(part, results, strict=True))
        except Judged as refusal:
            try:
                judged = _judge(kind, chosen, refusal)
            except GoogleError as error:
                trouble = error
                parts.append(part)
                break
            outcomes.update({part[at]: outcome for at, outcome in judged.items()})
            rest = [index for index in part if index not in outcomes]
            # Nobody was blamed: halve, until the wrong one stands alone.
            halves = [rest] if judged else [rest[: len(rest) // 2], rest[len(rest) // 2 :]]
            parts += [piece for half in halves for piece in _cheapest(kind, half)][::-1]
        except OutcomeUnknown as error:
            trouble = error
            silent += 1
            answered = True
            outcomes.update(dict.fromkeys(part, Unknown()))
            continue
        except GoogleError as error:
            trouble = error
            parts.append(part)
            break
        answered = True
        silent = 0
    return Sent([outcomes.get(index, NotDone()) for index in range(len(wishes))], trouble, answered)


def open_question(outcomes: Iterable[Outcome]) -> RetryLater | None:
    """What an answer that left wishes open means for the pass that made them; None where none is open."""
    kinds = {type(outcome) for outcome in outcomes}
    if Unknown in kinds:
        return OutcomeUnknown("Google did not say what became of some contacts; sharesync looks again.")
    if NotDone in kinds:
        return RetryLater("Google left some contacts for later; sharesync tries again by itself.")
    return None


def _cheapest(kind: Kind[Wish], indices: Sequence[int]) -> list[Sequence[int]]:
    """The indices in parts, each of which is one request: batches while they pay, single ones for the remainder."""
    parts: list[Sequence[int]] = []
    for start in range(0, len(indices), kind.batch):
        piece = indices[start : start + kind.batch]
        parts += [[index] for index in piece] if len(piece) <= kind.singles else [piece]
    return parts


def _judge(kind: Kind[Wish], chosen: Sequence[Wish], refusal: Judged) -> Mapping[int, Outcome]:
    """Whom a refusal is about, by place in `chosen`; empty where nobody can tell yet."""
    if len(chosen) == 1:
        return {0: _alone(refusal)}
    places = {kind.key(at, wish): at for at, wish in enumerate(chosen)}
    named = {places[key]: _blamed(blame) for key, blame in refusal.each.items() if key in places}
    return named or kind.look(chosen, refusal)


def _alone(refusal: Judged) -> Outcome:
    match refusal:
        case PersonStale():
            return Stale()
        case PersonMissing():
            return Missing()
        case _:
            return Poisoned(refusal.sentence)


def _blamed(blame: Blame) -> Outcome:
    """A `google.rpc.Code`, read: 5 NOT_FOUND, 9 FAILED_PRECONDITION, 10 ABORTED; what may pass by itself waits."""
    match blame.code:
        case 5:
            return Missing()
        case 9:
            return Stale()
        case 1 | 2 | 4 | 8 | 10 | 13 | 14:
            return NotDone()
        case _:
            return Poisoned(blame.sentence)
