"""Writing many persons: what is cheapest, and taking apart a batch that Google refuses as a whole.

Batches are all or nothing (People API, `BatchCreateContactsErrorDetails`, `BatchUpdateContactsErrorDetails`): one wrong
contact refuses two hundred. The refused ones are named by Google, or found by looking, or found by halving; the others
go through. Law: every wish gets exactly one outcome, and an outcome once known is never lost to a later error.

A contact may also make Google stumble (500) each time, and its batch with it. What may be repeated is halved then, too,
breadth first: one such contact costs two lost answers in a row at most. A wish that is lost by itself while others are
answered is to blame; where nothing is answered at all, Google is out of order, and nobody is blamed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from sharesync.errors import GoogleError, OutcomeUnknown, RetryLater, Sentence
from sharesync.google.error_bodies import Blame, blame
from sharesync.google.failures import Broken, Exhausted, Judged, PersonMissing, PersonStale
from sharesync.model.mailbox import Missing, NotDone, Poisoned, Stale, Unknown, WishOutcome

Wish = TypeVar("Wish")
Wish_contra = TypeVar("Wish_contra", contravariant=True)

LOST_IN_A_ROW = 2
"""So many lost answers one after the other, and the rest is left for later: one more where a batch and one of its
halves may be lost because of a single contact."""
LOST_WHILE_FAILING = 12
"""The same where nothing has got through for some passes: several contacts of one batch may be to blame."""
STUMBLES = Sentence("Google answers with an error of its own whenever this contact is written.")


class WriteKind(Protocol[Wish_contra]):
    """How one kind of wish is sent."""

    @property
    def singles(self) -> int:
        """Up to so many are sent one by one, because that is cheaper."""
        ...

    @property
    def batch(self) -> int:
        """At most so many go into one request."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether executing it twice does no harm, so that a batch whose answer was lost may be taken apart."""
        ...

    def one(self, wish: Wish_contra) -> WishOutcome:
        """Send a single one; raises what `Line.call` raises."""
        ...

    def many(self, wishes: Sequence[Wish_contra]) -> list[WishOutcome]:
        """Send a batch; raises what `Line.call` raises."""
        ...

    def key(self, place: int, wish: Wish_contra) -> str:
        """How Google names a wish in a refusal: by its place in the batch, or by its resource name."""
        ...

    def look(self, wishes: Sequence[Wish_contra], refusal: Judged) -> Mapping[int, WishOutcome]:
        """Find by reading which wishes of a refused batch are stale or missing; empty where that is no use."""
        ...

    def gone(self, wishes: Sequence[Wish_contra]) -> Sequence[bool]:
        """Whether there is nobody (any more) whom each wish is about; asked only of what may be repeated."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of all wishes, in their order, and the last failure of the sending itself."""

    outcomes: list[WishOutcome]
    trouble: GoogleError | None
    answered: bool
    """Whether Google answered, or may have executed, anything at all."""


def send(
    kind: WriteKind[Wish], wishes: Sequence[Wish], groups: Iterable[Sequence[int]], *, failing: bool = False
) -> Sent:
    """Send the wishes at the indices in `groups`, those of one group in the same requests, the groups in turn.

    `failing`: for some passes nothing has got through here. Then it is tried for longer, and one over which Google
    stumbles is to blame even if no other is answered, as long as Google can be read.
    Never raises an error of Google's. What is in no group is NotDone.
    """
    run = _Run(kind, wishes, failing)
    run.parts.extend(part for group in groups for part in _cheapest(kind, group))
    limit = (LOST_WHILE_FAILING if failing else LOST_IN_A_ROW + 1) if kind.repeatable else LOST_IN_A_ROW
    try:
        while run.parts and run.silent < limit:
            run.next()
    except GoogleError as error:
        run.trouble = error
    run.blame()
    outcomes = [run.outcomes.get(index, NotDone()) for index in range(len(wishes))]
    # What was lost because of single contacts, all of them found, is no trouble of the mailbox's.
    settled = isinstance(run.trouble, Broken) and not {Unknown(), NotDone()}.intersection(outcomes)
    return Sent(outcomes, None if settled else run.trouble, run.told or run.silent > 0)


@dataclass(slots=True)
class _Run(Generic[Wish]):
    """What is still to be sent, and what became of the rest so far."""

    kind: WriteKind[Wish]
    wishes: Sequence[Wish]
    failing: bool
    parts: deque[Sequence[int]] = field(default_factory=deque)
    outcomes: dict[int, WishOutcome] = field(default_factory=dict)
    trouble: GoogleError | None = None
    told: bool = False
    """Whether Google answered anything."""
    silent: int = 0
    """Answers lost since the last that came."""
    stumbled: set[int] = field(default_factory=set)
    """Wishes that were lost by themselves, and go once more after all others: it may have been chance."""
    lost: list[int] = field(default_factory=list)
    """Wishes that were lost so twice."""

    def next(self) -> None:
        """Send the next part. Raises what ends the sending: that part was certainly not executed."""
        part = self.parts.popleft()
        chosen = [self.wishes[index] for index in part]
        try:
            results = [self.kind.one(chosen[0])] if len(part) == 1 else self.kind.many(chosen)
        except Judged as refusal:
            self._go_on_without(part, _judge(self.kind, chosen, refusal))
        except Exhausted as error:
            # It may be a stale etag, and then waiting heals nothing.
            judged = self.kind.look(chosen, PersonStale(error.sentence))
            if not judged:
                raise
            self._go_on_without(part, judged)
        except OutcomeUnknown as error:
            self.trouble = error
            self.silent += 1
            self.outcomes.update(dict.fromkeys(part, Unknown()))
            if isinstance(error, Broken) and self.kind.repeatable:
                self._take_apart(part)
            return
        else:
            self.outcomes.update(zip(part, results, strict=True))
        self.told = True
        self.silent = 0

    def _go_on_without(self, part: Sequence[int], judged: Mapping[int, WishOutcome]) -> None:
        self.outcomes.update({part[at]: outcome for at, outcome in judged.items()})
        rest = [index for at, index in enumerate(part) if at not in judged]
        # Where nobody was blamed: halve, until the wrong one stands alone.
        halves = [rest] if judged else _halves(rest)
        self.parts.extendleft([piece for half in halves for piece in _cheapest(self.kind, half)][::-1])

    def _take_apart(self, part: Sequence[int]) -> None:
        if len(part) > 1:
            self.parts += [piece for half in _halves(part) for piece in _cheapest(self.kind, half)]
        elif self.stumbled.issuperset(part):
            self.lost += part
        else:
            self.stumbled.update(part)
            self.parts.append(part)

    def blame(self) -> None:
        """Say of each wish that was lost by itself what is wrong with it, if it is not Google that is out of order."""
        if not self.lost or not (self.told or self.failing):
            return
        try:
            gone = self.kind.gone([self.wishes[index] for index in self.lost])
        except GoogleError as error:
            self.trouble = error
            return
        for index, absent in zip(self.lost, gone, strict=True):
            self.outcomes[index] = Missing() if absent else Poisoned(STUMBLES, perhaps_done=True)


def _halves(indices: Sequence[int]) -> list[Sequence[int]]:
    return [indices[: len(indices) // 2], indices[len(indices) // 2 :]]


def open_question(outcomes: Iterable[WishOutcome]) -> RetryLater | None:
    """What an answer that left wishes open means for the pass that made them; None where none is open."""
    kinds = {type(outcome) for outcome in outcomes}
    if Unknown in kinds:
        return OutcomeUnknown("Google did not say what became of some contacts; sharesync looks again.")
    if NotDone in kinds:
        return RetryLater("Google left some contacts for later; sharesync tries again by itself.")
    return None


def _cheapest(kind: WriteKind[Wish], indices: Sequence[int]) -> list[Sequence[int]]:
    """The indices in parts, each of which is one request: batches while they pay, single ones for the remainder."""
    parts: list[Sequence[int]] = []
    for start in range(0, len(indices), kind.batch):
        piece = indices[start : start + kind.batch]
        parts += [[index] for index in piece] if len(piece) <= kind.singles else [piece]
    return parts


def _judge(kind: WriteKind[Wish], chosen: Sequence[Wish], refusal: Judged) -> Mapping[int, WishOutcome]:
    """Whom a refusal is about, by place in `chosen`; empty where nobody can tell yet."""
    if len(chosen) == 1:
        return {0: _alone(refusal)}
    places = {kind.key(at, wish): at for at, wish in enumerate(chosen)}
    named = {places[key]: _blamed(blame) for key, blame in refusal.each.items() if key in places}
    return named or kind.look(chosen, refusal)


def _alone(refusal: Judged) -> WishOutcome:
    match refusal:
        case PersonStale():
            return Stale()
        case PersonMissing():
            return Missing()
        case _:
            return Poisoned(refusal.sentence)


def refused_alone(status: object) -> WishOutcome | None:
    """What the status of one `PersonResponse` in an answer says was not done; None where it is well."""
    if not isinstance(status, dict):
        return None
    code = status.get("code")
    if not isinstance(code, int) or code == 0:
        return None
    if code in (1, 2, 4, 13, 14):
        return Unknown()  # how far it came before it failed, nobody says
    return _blamed(Blame(code, blame(str(status.get("message", "")))))


def _blamed(blame: Blame) -> WishOutcome:
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
