"""One round of a pass: what was read is judged while nobody waits, and applied in transactions of under a second.

Judging a mailbox of 25,000 takes seconds, so it is done in a transaction that only reads. What follows is applied as
it was judged if nothing has changed since, and is judged again if something has. A large reading is applied in pieces:
first what stands alone, a piece a transaction; then in one transaction what may belong together (edits, removals,
holds, labels, ids). A crash between two pieces does no harm: the sync token stays, so everything is read again.

What was judged says how much is written, and so beside whom (`store/database/beside.py`). What turns out to be more,
once the transaction is open, is undone and begun again, alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from sharesync.mailbox_pass import read, read_labels
from sharesync.mailbox_pass.apply import apply
from sharesync.mailbox_pass.apply_session import Applied, Applying
from sharesync.model.audit import By
from sharesync.model.card import EMPTY
from sharesync.model.link import NOT_HELD, LinkState, Snapshot
from sharesync.model.mailbox import SeenLabel
from sharesync.model.mark import Marks
from sharesync.services import holds as hold_cases
from sharesync.services.app import World
from sharesync.services.operation.pass_report import Tally
from sharesync.store.database import event_log
from sharesync.store.database.beside import Beside, CardEdits, OwnMailbox
from sharesync.store.database.engine import Session
from sharesync.store.database.work import PIECE, Work
from sharesync.store.mailboxes import claims, links
from sharesync.store.mailboxes.links import NOBODY, Persons
from sharesync.store.queries import events
from sharesync.store.records import company_fields, contacts
from sharesync.sync.decisions import Decision, Gone, Kept, Linked, Lost, Recheck, Shared
from sharesync.sync.patches import remote_card
from sharesync.sync.reading import Reading, Sides, edited
from sharesync.sync.reconcile import decide, leaves_undecided
from sharesync.sync.scope import PassScope

JUDGINGS = 3
"""How often a reading is judged anew because others changed something; then it is applied at once, while they wait."""


class DryRun(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays."""


class _MustBeAlone(Exception):
    """Ends a transaction beside others in which more would be written than goes beside them."""


@dataclass(frozen=True, slots=True)
class SnapshotAt:
    """What was known of a mailbox, and how many events the log had then."""

    known: Snapshot
    events: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What follows from a reading by what was known then."""

    then: SnapshotAt
    sides: dict[str, Sides]
    decisions: Sequence[Decision]


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
            alone = [] if self.dry_run else self._alone(judged)
            if len(alone) <= PIECE:
                break
            if self._ahead(judged, alone, applied):
                done = set(map(id, alone))
                judged = replace(judged, decisions=[one for one in judged.decisions if id(one) not in done])
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

    def _alone(self, judged: Decided) -> list[Decision]:
        """The decisions that concern one person each and no other; none where labels are to be noted first."""
        known = judged.then.known
        if self._labels_changed(known):
            return []
        return [one for one in judged.decisions if _stands_alone(one, known)]

    def _ahead(self, judged: Decided, alone: Sequence[Decision], applied: Applied) -> bool:
        """Apply them in pieces; False where others changed something meanwhile, so that it must be judged again."""
        for start in range(0, len(alone), PIECE):
            piece = alone[start : start + PIECE]
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
        if all(_is_own(one, known) for one in decisions):
            return OwnMailbox(self.user)
        return CardEdits(self.user) if all(map(_moves_nothing, decisions)) else None

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
            sifted = hold_cases.hold_back(
                work, self.user, before, judged.decisions, gone, self.world.hold_limits, all_gone=self.strange
            )
            if sifted.holds and beside is not None:
                raise _MustBeAlone
            self.decisions = sifted.decisions
            applied.join(apply(self._applying(work, judged), sifted.decisions, sifted.holds))
            read.set_unread_aside(work, self.user, before, self.reading.unread)
            self._keep_ids(work, before, undecided=bool(applied.mishap or self.reading.unread or self.undecided))
            if before.held or sifted.holds or self.dry_run:
                after = snapshot(work.session, self.user, scope=self.scope)
                if hold_cases.close_moot(work, self.user, after.known):
                    after = snapshot(work.session, self.user, scope=self.scope)
            if self.dry_run:
                raise DryRun
        if after is None:
            with self.world.database.reading() as session:
                after = snapshot(session, self.user, scope=self.scope)
        return after

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


def snapshot(
    session: Session, user: str, named: Iterable[str] = (), scope: PassScope | None = None, read: Persons = NOBODY
) -> SnapshotAt:
    """What is known of a mailbox at this transaction's moment, or of the contacts in `scope` (`links.known`)."""
    return SnapshotAt(links.known(session, user, named, scope, read), event_log.size(session))


def sides_of(session: Session, known: Snapshot, edited: frozenset[str]) -> dict[str, Sides]:
    """The cards that edits are merged with: each person as last seen, and its contact now."""
    bases = contacts.cards_at(session, ((c, known.links[c].base_version) for c in edited & known.links.keys()))
    now = contacts.cards(session, edited)
    since = {contact: known.links[contact].base_version if contact in known.links else 0 for contact in edited}
    spans = ((contact, since[contact], version) for contact, (version, _) in now.items())
    between = contacts.versions_between(session, spans)
    sides, sets = {}, company_fields.defined(session).sets
    for contact, (_, store) in now.items():
        link, base = known.links.get(contact), bases.get(contact)
        if link is None:
            sides[contact] = Sides(store, store, between.get(contact, ()), sets)
        elif base is not None:
            if known.held.get(contact, NOT_HELD).edit:
                link = replace(link, patch=None)  # a held edit was not taken in: all of it is read again
            sides[contact] = Sides(remote_card(link, base), store, between.get(contact, ()), sets)
    return sides


def _stands_alone(decision: Decision, known: Snapshot) -> bool:
    match decision:
        case Shared():
            return True
        case Linked():
            return not decision.own
        case _:
            return _is_own(decision, known)


def _is_own(decision: Decision, known: Snapshot) -> bool:
    """Whether all that follows is written in the link."""
    match decision:
        case Lost() | Recheck():
            return True
        case Kept():
            link = known.links[decision.contact]
            plain = (decision.edit, decision.owned) == (None, None) and decision.own == link.own == EMPTY
            moved = decision.joins | decision.leaves | decision.put_back | decision.taken_off | decision.held
            return plain and not moved and link.state is LinkState.LIVE and decision.contact in known.wanted
        case _:
            return False


def _moves_nothing(decision: Decision) -> bool:
    """Whether no contact comes of it, and none comes into a group, leaves one, or waits for a decision there."""
    match decision:
        case Lost() | Recheck():
            return True
        case Kept():
            return not (decision.joins or decision.leaves or decision.held)
        case Gone():
            return not (decision.leaves or decision.held)
        case _:
            return False
