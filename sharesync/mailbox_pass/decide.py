"""One round of a pass: what was read is judged while nobody waits, and applied in transactions of under a second.

Judging a mailbox of 25,000 takes seconds, so it is done in a transaction that only reads. What follows is applied as
it was judged if nothing has changed since, and is judged again if something has. A large reading is applied in pieces:
first what stands alone, a piece a transaction; then in one transaction what may belong together (edits, removals,
holds, labels, ids). Where many edits wait, their holds are kept at once, so that no later reading counts the rest of
them alone, and what was seen is noted in pieces. A crash between two pieces does no harm: the sync token stays, so
everything is read again.

What was judged says how much is written, and so beside whom (`store/database/beside.py`). What turns out to be more,
once the transaction is open, is undone and begun again, alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from sharesync.mailbox_pass import apply_holds, read, read_labels
from sharesync.mailbox_pass.apply import apply
from sharesync.mailbox_pass.apply_session import Applied, Applying
from sharesync.mailbox_pass.snapshots import SnapshotAt, sides_of, snapshot
from sharesync.mailbox_pass.written import is_edit_that_waits, is_own, moves_nothing, stands_alone
from sharesync.model.audit import By
from sharesync.model.link import Snapshot
from sharesync.model.mailbox import SeenLabel
from sharesync.model.mark import Marks
from sharesync.model.waiting import HoldKind
from sharesync.services import holds as hold_cases
from sharesync.services.app import World
from sharesync.services.operation.pass_report import Tally
from sharesync.store.database.beside import Beside, CardEdits, OwnMailbox
from sharesync.store.database.engine import Session
from sharesync.store.database.work import PIECE, Work, pieces
from sharesync.store.mailboxes import claims, links
from sharesync.store.queries import events
from sharesync.sync.decisions import Decision
from sharesync.sync.holds import Hold, Sifted, in_pieces
from sharesync.sync.reading import Reading, Sides, edited
from sharesync.sync.reconcile import decide, leaves_undecided
from sharesync.sync.scope import PassScope

HELD_AT_ONCE = 5_000
"""Contacts that are put on hold in one transaction: a third of a second's work."""
JUDGINGS = 3
"""How often a reading is judged anew because others changed something; then it is applied at once, while they wait."""


class DryRun(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays."""


class _MustBeAlone(Exception):
    """Ends a transaction beside others in which more would be written than goes beside them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from a reading by what was known then."""

    then: SnapshotAt
    sides: dict[str, Sides]
    decisions: Sequence[Decision]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What of a reading is applied in pieces, before the rest."""

    decisions: Sequence[Decision]
    holds: Sequence[Hold]
    """The holds of the edits among them that wait: kept first."""
    rest: Sequence[Decision]


@dataclass
class Round:
    """What was read in one mailbox, and the pass in which it was."""

    world: World
    by: By
    pass_id: str
    user: str
    fence: int
    marks: Marks
    labels: Mapping[str, SeenLabel]
    reading: Reading
    named: frozenset[str]
    """Contacts that persons who are not known carry a mark of."""
    asked: datetime
    strange: bool
    """Whether nobody is there of those who were known."""
    tally: Tally
    dry_run: bool
    scope: PassScope | None
    """Which contacts it is about; None for all."""
    decisions: Sequence[Decision] = field(default=(), init=False)
    """What was decided: for who looks on at a dry run."""
    wanted: frozenset[str] = field(default=frozenset(), init=False)
    """The contacts that were wanted here when it was decided."""
    kept: set[str] = field(default_factory=set, init=False)
    """Contacts whose edit this reading has put on hold already."""
    undecided: bool = field(default=False, init=False)
    """Whether somebody's person is to be looked at later, and nothing is decided about it before."""

    def take_in(self, known: SnapshotAt | None) -> tuple[Applied, SnapshotAt]:
        """Judge and apply; returns what is left to do beyond the plan, and what is known then.

        `known` is what is known still if nobody was asked since. Raises MailboxBusy where the claim is another's.
        """
        applied = Applied()
        with self.world.database.reading() as session:
            judged = self._judge(session, known)
            if self._is_quiet(session, judged):
                return applied, judged.then
        for _ in range(JUDGINGS):
            if self.dry_run or len(judged.decisions) <= PIECE or self._labels_changed(judged.then.known):
                break
            ahead = self._ahead(judged)
            if len(ahead.decisions) <= PIECE:
                break
            if self._apply_ahead(judged, ahead, applied):
                judged = replace(judged, decisions=ahead.rest)
                break
            with self.world.database.reading() as session:
                judged = self._judge(session)
        return applied, self._together(judged, applied)

    def _judge(self, session: Session, known: SnapshotAt | None = None) -> Decided:
        then = known or snapshot(session, self.user, self.named, self.scope)
        if self.scope:
            self.scope = self.scope.after(then.known)
        sides = sides_of(session, then.known, edited(then.known, self.reading, self.marks))
        decisions = decide(then.known, self.reading, sides, self.marks, self.asked, self.world.settle)
        self.wanted = frozenset(then.known.wanted)
        self.undecided = leaves_undecided(then.known, decisions)
        return Decided(then, sides, decisions)

    def _is_quiet(self, session: Session, judged: Decided) -> bool:
        """Whether the reading changes nothing about what is known: nearly every pass reads what it knew already."""
        known = judged.then.known
        if judged.decisions or known.held or self.reading.unread or self._labels_changed(known):
            return False
        if self.scope and not self.scope.persons:
            return True
        linked = frozenset(link.source_id for link in known.links.values() if link.source_id)
        ids = self.reading.own_ids(known, linked), self.reading.deleted_ids(known)
        return ids == (known.own_ids, known.deleted_ids)

    def _labels_changed(self, known: Snapshot) -> bool:
        found = read_labels.found_again(known, self.labels, self.marks)
        return bool(self.reading.labels_gone or found or read_labels.stayed(known))

    def _ahead(self, judged: Decided) -> _Ahead:
        """What is applied before the rest, a piece after the other."""
        known = judged.then.known
        with self.world.database.reading() as session:
            sifted = self._hold_back(session, self.world.now(), judged)
        waiting = [one for one in sifted.decisions if is_edit_that_waits(one)]
        plain = waiting if all(map(moves_nothing, waiting)) else []
        # One that moves as well is left to the rest: then all are, as they are counted together.
        holds = [hold for hold in sifted.holds if hold.kind is HoldKind.EDIT] if plain else []
        held = {contact for hold in holds for contact in hold.contacts}
        first, rest = list[Decision](plain), list[Decision]()
        for one in judged.decisions:
            if getattr(one, "contact", None) not in held:
                (first if stands_alone(one, known) else rest).append(one)
        return _Ahead(first, holds, rest)

    def _hold_back(self, session: Session, now: datetime, judged: Decided) -> Sifted:
        known, gone, limits = judged.then.known, self.reading.labels_gone, self.world.hold_limits
        return hold_cases.hold_back(
            session, now, self.user, known, judged.decisions, gone, limits, all_gone=self.strange
        )

    def _apply_ahead(self, judged: Decided, ahead: _Ahead, applied: Applied) -> bool:
        """Apply it; False where others changed something meanwhile, so that it must be judged again."""
        fresh = [one for hold in ahead.holds if (one := hold.without(self.kept)).contacts]
        for holds in in_pieces(judged.then.known, fresh, HELD_AT_ONCE) if fresh else ():
            with self.world.work(self.by, self.pass_id) as work:
                claims.require(work.session, self.user, self.fence)
                if self._is_outdated(work.session, judged.then):
                    return False
                apply_holds.keep(self._applying(work, judged), holds, ahead.decisions)
            self.kept.update(contact for hold in holds for contact in hold.contacts)
        for piece in pieces(ahead.decisions):
            with self.world.work(self.by, self.pass_id, beside=self._beside(piece, judged.then.known)) as work:
                claims.require(work.session, self.user, self.fence)
                if self._is_outdated(work.session, judged.then):
                    return False
                applied.join(apply(self._applying(work, judged), piece))
        return True

    def _together(self, judged: Decided, applied: Applied) -> SnapshotAt:
        known = judged.then.known
        more = self.dry_run or known.held or self._labels_changed(known)
        beside = None if more else self._beside(judged.decisions, known)
        if beside is not None:
            with suppress(_MustBeAlone):
                return self._in_one(judged, applied, beside)
        return self._in_one(judged, applied, None)

    def _beside(self, decisions: Sequence[Decision], known: Snapshot) -> Beside | None:
        """Beside whom they are applied: as much is written as the one that writes most."""
        if all(is_own(one, known) for one in decisions):
            return OwnMailbox(self.user)
        return CardEdits(self.user) if all(map(moves_nothing, decisions)) else None

    def _in_one(self, judged: Decided, applied: Applied, beside: Beside | None) -> SnapshotAt:
        after: SnapshotAt | None = None
        gone = self.reading.labels_gone
        with suppress(DryRun), self.world.work(self.by, self.pass_id, beside=beside) as work:
            if not self.dry_run:
                claims.require(work.session, self.user, self.fence)
            noted = read_labels.note(work, self.user, judged.then.known, self.labels, gone, self.marks)
            if noted or self._is_outdated(work.session, judged.then):
                if beside is not None:
                    raise _MustBeAlone
                judged = self._judge(work.session)
            before = judged.then.known
            sifted = self._hold_back(work.session, work.now, judged)
            if sifted.holds and beside is not None:
                raise _MustBeAlone
            self.decisions = sifted.decisions
            applied.join(apply(self._applying(work, judged), sifted.decisions, sifted.holds))
            read.set_unread_aside(work, self.user, before, self.reading.unread)
            self._keep_ids(work, before, undecided=bool(applied.mishap or self.reading.unread or self.undecided))
            if self.dry_run:
                after = snapshot(work.session, self.user, scope=self.scope)
                if hold_cases.close_moot(work, self.user, after.known):
                    after = snapshot(work.session, self.user, scope=self.scope)
                raise DryRun
        return after or self._after(applied)

    def _after(self, applied: Applied) -> SnapshotAt:
        """What is known now, once what need not be decided any more is closed."""
        with self.world.database.reading() as session:
            after = snapshot(session, self.user, scope=self.scope)
            moot = hold_cases.moot(session, self.user, after.known)
        left = [(hold, sorted({*contact_ids} - applied.failed)) for hold, contact_ids in moot]
        over = [(hold, some) for hold, contact_ids in left if contact_ids for some in pieces(contact_ids)]
        for hold, some in over:
            with self.world.work(self.by, self.pass_id) as work:
                claims.require(work.session, self.user, self.fence)
                hold_cases.close(work, hold, some)
        if not over:
            return after
        with self.world.database.reading() as session:
            return snapshot(session, self.user, scope=self.scope)

    def _applying(self, work: Work, judged: Decided) -> Applying:
        return Applying(work, self.user, judged.then.known, self.marks, judged.sides, self.tally)

    def _is_outdated(self, session: Session, then: SnapshotAt) -> bool:
        """Whether anybody but this pass has changed something since that could be decided otherwise now."""
        if not links.is_as_granted(session, self.user, then.known):
            return True
        return events.changed_since(session, then.events, but=self.pass_id)

    def _keep_ids(self, work: Work, known: Snapshot, *, undecided: bool) -> None:
        """Write down who is there.

        Who vanished, the user's own or one whose link has ended, is kept while somebody is `undecided` with whom they
        may be merged.
        """
        if self.scope and not self.scope.persons:
            return
        linked = links.source_ids(work.session, self.user, self.scope.persons if self.scope else None)
        ids = self.reading.own_ids(known, linked), self.reading.deleted_ids(known)
        if undecided:
            ids = ids[0] | ((known.own_ids | self.reading.over(known)) - linked), ids[1] | known.deleted_ids
        if ids != (known.own_ids, known.deleted_ids):
            own, deleted = (links.pack_ids(some) for some in ids)
            claims.write(work, self.user, own_ids=own, deleted_ids=deleted)
