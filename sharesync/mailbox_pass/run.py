"""One pass over one mailbox: read, decide, apply, push, end.

A pass is a loop of rounds. The first reads the mailbox (two calls when nothing happened); a later one reads only the
persons that a write or a doubt made worth a direct look. Each round applies what was read, plans from what is known
then, and pushes. Sync tokens advance only after everything read under them was applied and strays were put right.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import GoogleError, MailboxBusy, NoLongerWanted, Stopping
from sharesync.google.budget import Spending
from sharesync.google.people import PeopleApi
from sharesync.mailbox_pass import push_strays, read, read_labels
from sharesync.mailbox_pass.apply_session import Applied
from sharesync.mailbox_pass.claim import keep_alive
from sharesync.mailbox_pass.decide import Round, SnapshotAt, snapshot
from sharesync.mailbox_pass.end import Ending, ReadSoFar, failed, unforeseen, went_well
from sharesync.mailbox_pass.order import ORDINARY, PassOrder, Read
from sharesync.mailbox_pass.push import push
from sharesync.mailbox_pass.push_session import PlanOutdated, Sending
from sharesync.mailbox_pass.read import Heard
from sharesync.model.audit import CLOCK, ActorKind, By, Event, Source
from sharesync.model.link import Snapshot
from sharesync.model.mailbox import PAUSED, MailboxState, Meter, SeenLabel
from sharesync.model.mark import Marks
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.metrics import METERS
from sharesync.services.operation.pass_report import Action, PassReport, Tally
from sharesync.store.database import keys
from sharesync.store.database.beside import MailboxClaim, OwnMailbox
from sharesync.store.database.work import Work, working
from sharesync.store.mailboxes import claims, links, progress
from sharesync.store.mailboxes.claims import Mailbox
from sharesync.store.records import contacts
from sharesync.sync.decisions import in_words
from sharesync.sync.plan import Plan, looks_due, plan
from sharesync.sync.polling import until_next_reading
from sharesync.sync.reading import Reading, is_full_due, is_sought, marked_strangers, may_be_half
from sharesync.sync.scope import PassScope

ROUNDS = 5
FAILING = 3
"""After so many passes that failed and got nothing through, some contact is taken to be why."""


def run_pass(
    world: World,
    user_id: str,
    order: PassOrder = ORDINARY,
    *,
    patience: float = 5.0,
) -> PassReport:
    """Bring one mailbox and the store together; never raises for what Google or the mailbox does.

    `patience` is how many seconds it may wait for quota. Raises MailboxBusy where another pass lives.
    """
    started = time.monotonic()
    with world.database.reading() as session:
        mailbox = claims.get(session, user_id)
        full = order.read in (Read.EVERYONE, Read.ANEW) or is_full_due(user_id, mailbox.full_at, world.now())
        full = full or not links.given(session, user_id) <= mailbox.full_groups
        marks = Marks(keys.get(session, "mark"))
    if mailbox.paused:
        return _paused(world, mailbox)
    run = _Pass(world, mailbox, marks, full, order.write)
    run.spares_reading = order.read is Read.WHEN_DUE and not full and run.is_read
    world.google.recall(user_id, mailbox.spent or {})
    if order.write:
        run.claim(forget=order.read is Read.ANEW)
    with run.claimed():
        ending = run.through(patience)
        if order.write:
            run.end(ending)
    return PassReport(
        mailbox.email,
        ending.outcome,
        run.tally,
        run.meter.calls,
        run.meter.quota,
        time.monotonic() - started,
        ending.reason,
        ending.not_before,
        tuple(run.actions),
    )


def _paused(world: World, mailbox: Mailbox) -> PassReport:
    if mailbox.state is not MailboxState.PAUSED:
        with world.work(CLOCK, beside=OwnMailbox(mailbox.user_id)) as work:
            claims.write(work, mailbox.user_id, state=MailboxState.PAUSED, reason=PAUSED)
    return PassReport(mailbox.email, MailboxState.PAUSED, Tally(), {}, Meter().quota, 0.0, PAUSED)


@dataclass
class _Pass:
    world: World
    mailbox: Mailbox
    marks: Marks
    full: bool
    write: bool
    fence: int = 0
    tally: Tally = field(default_factory=Tally)
    actions: list[Action] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)
    so_far: ReadSoFar = field(default_factory=ReadSoFar)
    news: str | None = None
    """Ids of the contacts that changed in the store since all was at rest here, as claimed; None: look through all."""
    scope: PassScope | None = None
    """The contacts that this pass must know about; None for all."""
    spares_reading: bool = False
    """Whether Google need not be asked what changed, as long as only contacts that stand there changed in the store."""
    listed_at: datetime | None = None
    """When Google was asked."""
    at_rest: bool = False
    """Whether nothing was left to send, to look at or to decide when everything had been read."""
    failed: set[str] = field(default_factory=set)
    """Contacts about which something read could not be applied: nothing is sent there."""
    mishap: str | None = None
    """The number of the error because of which it could not."""
    unfinished: bool = False
    then: SnapshotAt = field(init=False)
    """What the store knew of the mailbox when it was last read."""

    def __post_init__(self) -> None:
        self.pass_id, self.begun = self.world.new_id(), self.world.now()
        self.by = By(ActorKind.MAILBOX, self.mailbox.user_id, Source.GOOGLE)

    # -- the claim --

    def claim(self, *, forget: bool) -> None:
        """Take the mailbox for this pass. `forget`: which persons the links are; they are found again."""
        user = self.mailbox.user_id
        with self.world.work(self.by, beside=MailboxClaim(user)) as work:
            self.fence = claims.claim(work, user, self.world.lease, self.world.shortest)
            self.so_far.claimed_at, self.news = work.now, claims.news(work, user)
            if forget:
                links.forget_persons(work, user)
                work.record(Event("mailbox.reset", mailbox=user))

    def claimed(self) -> AbstractContextManager[None]:
        """Keep the claim, where there is one, until the block ends."""
        return keep_alive(self.world, self.by, self.mailbox.user_id, self.fence) if self.write else nullcontext()

    # -- the rounds --

    def through(self, patience: float) -> Ending:
        """Do all that is to be done, and say how it ended."""
        failing = self.mailbox.failures >= FAILING
        try:
            with self.world.google.people(
                self.mailbox.user_id, patience=patience, wanted=self.is_wanted, failing=failing
            ) as people:
                self.meter = people.meter
                self.go(people)
        except GoogleError as error:
            return failed(error)
        except Stopping:
            self._give_back()
            raise
        except MailboxBusy:
            raise
        except Exception as error:  # one mailbox never stands in the way of another, nor of itself for ever
            METERS.mishap()
            return unforeseen(unexpected_errors.note(error))
        return self._went()

    def go(self, people: PeopleApi) -> None:
        """Read once, then decide, apply, plan and push until nothing is left to do or to look at."""
        self.people, self.labels = people, dict[str, SeenLabel]()
        if self._is_written_unread():
            return
        heard, last = self._read_first(), Plan()
        for _ in range(ROUNDS):
            applied, heard = self._take_in(heard)
            todo = self._plan(self._misnamed())
            if not self.write:
                self._note(todo)
                return
            send = self._sending()
            push_strays.put_right(send, applied)
            if self.mishap is None:  # else it has to be read again
                self.so_far.token = self.so_far.token or heard.listing.next_sync_token
                self.so_far.is_applied = True
            if self._must_read_everyone(heard, todo):
                heard = read.everyone(people, self.mailbox, self.world.now(), self.world.settle)
                self._widen()
                continue
            if todo == last and not looks_due(self.known, self.world.now()):
                undecided = self.known.held or self.known.waiting or self.failed
                self.at_rest = self.so_far.is_applied and not todo and not undecided
                return  # nothing to do, or nothing that can be done now
            try:
                push(send, todo)
                last = todo
            except (PlanOutdated, NoLongerWanted):
                people.trouble, last = None, Plan()
            heard = Heard(self.world.now())
            self._look()
        self.unfinished = True

    @property
    def is_read(self) -> bool:
        """Whether Google has been asked not long ago, and nobody has asked for a pass since."""
        at, asked = self.mailbox.read_at, self.mailbox.asked_at
        if at is None or asked is not None or read.sync_token(self.mailbox) is None:
            return False
        return self.begun < at + self._span(self.mailbox.edited_at)

    def _span(self, edited_at: datetime | None) -> timedelta:
        return until_next_reading(edited_at, self.begun, self.world.shortest, self.world.interval)

    def _is_written_unread(self) -> bool:
        """Write what changed in the store over what is known to stand there; False where Google must be asked first.

        Each write carries the etag that is known, so Google refuses it where the mailbox's user was quicker.
        """
        if not (self.spares_reading and self.news):
            return False
        self.scope = PassScope(frozenset(self.news.split()))
        self._look()
        todo, links = self._plan(frozenset()), self.known.links
        if self._waits() or todo != Plan(update=todo.update) or not all(links[one].marked for one in todo.update):
            return False
        try:
            push(self._sending(), todo)
        except (PlanOutdated, NoLongerWanted):
            self.people.trouble = None
            return False
        self._look()
        self.at_rest = not (self._plan(frozenset()) or self._waits())
        return self.at_rest

    def _waits(self) -> bool:
        """Whether something is to be looked at, or waits for a decision."""
        known, now = self.known, self.world.now()
        sought = any(is_sought(link, now, self.world.settle) for link in known.links.values())
        return bool(sought or known.held or known.waiting or looks_due(known, now))

    def _read_first(self) -> Heard:
        self.scope = None
        asked = self.listed_at = self.world.now()
        listen = read.everyone if self.full else read.changes
        heard = listen(self.people, self.mailbox, asked, self.world.settle)
        self.labels = {label.resource_name: label for label in self.people.labels() if not label.deleted}
        self.tally.pulled = len(heard.listing.persons)
        if self.news is not None and not heard.listing.full:
            persons = heard.listing.persons.values()
            self.scope = PassScope(frozenset(self.news.split())).reading(persons, self.labels, self.marks)
        self._look()
        gone = read_labels.confirm_gone(self.known, self.people, self.labels, self.marks)
        if gone:
            self._widen()
        return replace(heard, labels_gone=gone)

    def _misnamed(self) -> frozenset[str]:
        return read_labels.misnamed(self.known, self.labels, self.marks, self.world.now(), self.world.settle)

    def _plan(self, wrong_names: frozenset[str]) -> Plan:
        return plan(self.known.without(self.failed), wrong_names, self.world.now())

    def _sending(self) -> Sending:
        return Sending(
            world=self.world,
            people=self.people,
            mailbox=self.mailbox.user_id,
            fence=self.fence,
            pass_id=self.pass_id,
            marks=self.marks,
            tally=self.tally,
            labels=self.labels,
            known=self.known,
        )

    def is_wanted(self) -> bool:
        """Whether the grants are what they were when this was planned: after a revoke nothing more is sent.

        Raises MailboxBusy where this process was taken for dead, frozen perhaps: the mailbox is another's by now.
        """
        with self.world.database.reading() as session:
            claims.require(session, self.mailbox.user_id, self.fence)
            return links.is_as_granted(session, self.mailbox.user_id, self.known)

    def _look(self) -> None:
        with self.world.database.reading() as session:
            self.then = snapshot(session, self.mailbox.user_id, scope=self.scope)
        if self.scope is not None:
            self.scope = self.scope.after(self.known)

    def _widen(self) -> None:
        """Know about all contacts from here on."""
        if self.scope is not None:
            self.scope = None
            self._look()

    @property
    def known(self) -> Snapshot:
        """What the store knew of the mailbox when it was last read."""
        return self.then.known

    def _take_in(self, heard: Heard) -> tuple[Applied, Heard]:
        """Read directly what is in doubt, decide, apply; `known` is what is known after it.

        Returns what is left to do, and what was decided about: everyone, where the changes may tell half of a merge.
        """
        reading, strange = self._complete(heard)
        if self.so_far.looked_for is None and may_be_half(self.known, reading, self.marks):
            now, settle = self.world.now(), self.world.settle
            heard = read.everyone_after(self.people, self.mailbox, heard, now, settle)
            self._widen()
            reading, strange = self._complete(heard)
        known = self.known
        if heard.listing.full:
            self.so_far.full_groups = sorted(known.levels)
        named = marked_strangers(known, reading, self.marks)
        if self.scope is not None:
            self.scope = self.scope.reading(reading.persons().values(), self.labels, self.marks)
        this = Round(
            world=self.world,
            by=self.by,
            pass_id=self.pass_id,
            user=self.mailbox.user_id,
            fence=self.fence,
            marks=self.marks,
            labels=self.labels,
            reading=reading,
            named=frozenset(named),
            asked=heard.asked,
            strange=strange,
            tally=self.tally,
            dry_run=not self.write,
            scope=self.scope,
        )
        # Where somebody was asked directly, time has passed: what was known is looked up again.
        applied, self.then = this.take_in(None if reading.direct or named else self.then)
        self.scope = this.scope
        if heard.listing.full:
            self.so_far.looked_for = this.wanted
        lines = (line for decision in this.decisions for line in in_words(decision)) if not self.write else ()
        self.actions += [Action(self.mailbox.email, *line) for line in lines]
        self.failed |= applied.failed
        self.mishap = self.mishap or applied.mishap
        return applied, heard

    def _complete(self, heard: Heard) -> tuple[Reading, bool]:
        settle, since = self.world.settle, self.mailbox.empty_since
        return read.complete(self.people, self.known, heard, self.marks, settle, since)

    def _must_read_everyone(self, heard: Heard, todo: Plan) -> bool:
        # One that was sent and never answered may stand there; what is new here may equal a person the user has had
        # for years: adopt it, do not copy it.
        if self.so_far.looked_for is not None:
            return not self.so_far.looked_for.issuperset(todo.create)
        sought = any(is_sought(link, heard.asked, self.world.settle) for link in self.known.links.values())
        if sought or not todo.create or not self.mailbox.full_at:
            return sought or bool(todo.create)
        with self.world.database.reading() as session:
            return contacts.joined_since(session, todo.create, self.mailbox.full_groups, self.mailbox.full_at)

    def _note(self, todo: Plan) -> None:
        for action, thing in todo.actions():
            of_group = action.startswith("label.") and action not in ("label.put_on", "label.take_off")
            contact, group = (None, thing) if of_group else (thing, None)
            self.actions.append(Action(self.mailbox.email, action, contact, group))

    # -- the end --

    def _went(self) -> Ending:
        """How a pass ended that no error stopped."""
        if not self.write:
            return Ending(MailboxState.OK)
        if self.mishap is not None:
            METERS.mishap()
            return unforeseen(self.mishap)
        return went_well(self.known, self.world.settle, self.world.now(), unfinished=self.unfinished)

    def _give_back(self) -> None:
        """Leave the mailbox, due as it was, to whichever process comes next."""
        if self.so_far.claimed_at is None:
            return
        then, mailbox = self.so_far.claimed_at, self.mailbox
        due = {"due_at": mailbox.due_at, "asked_at": mailbox.asked_at, "news": None, "spent": self._spent()}
        database, new_id, its = self.world.database, self.world.new_id, OwnMailbox(mailbox.user_id)
        with suppress(MailboxBusy), working(database, lambda: then, self.by, new_id, beside=its) as work:
            claims.end(work, mailbox.user_id, self.fence, **due)

    def _spent(self) -> Spending:
        return self.world.google.spent(self.mailbox.user_id)

    def end(self, ending: Ending) -> None:
        """Write how the pass ended, and the tokens: last of all."""
        done = any(getattr(self.tally, one.name) for one in fields(Tally) if one.name != "pulled")
        user = self.mailbox.user_id
        with suppress(MailboxBusy), self.world.work(self.by, self.pass_id, beside=OwnMailbox(user)) as work:
            now = work.now
            values = {"state": ending.outcome, "reason": ending.reason, "last_pass_at": now, "spent": self._spent()}
            values |= self.so_far.columns()
            values |= ending.next_try(self.mailbox.failures, now, self.world.shortest, progress=done)
            values |= self._reading(now, is_due="due_at" in values)
            if ending.empty or self.so_far.is_applied:
                values["empty_since"] = (self.mailbox.empty_since or now) if ending.empty else None
            values |= claims.at_rest(self.news, now) if self.at_rest and not ending.stopped else {"news": None}
            standing, behind = self._count(work, stopped=ending.stopped)
            values |= self._tell_whether_it_needs_somebody(work, ending)
            claims.end(work, user, self.fence, **values, **claims.counted(standing, behind, self.begun, now))

    def _tell_whether_it_needs_somebody(self, work: Work, ending: Ending) -> dict[str, Any]:
        """Tell it once, and that it goes on once it does; a pass that is to be tried again says neither."""
        told = self.mailbox.needed_since
        if ending.outcome is MailboxState.ATTENTION and told is None:
            work.record(Event("mailbox.need", mailbox=self.mailbox.user_id, reason=ending.reason))
            return {"needed_since": work.now}
        if told is not None and ending.outcome in (MailboxState.OK, MailboxState.HELD):
            work.record(Event("mailbox.recover", mailbox=self.mailbox.user_id))
            return {"needed_since": None}
        return {}

    def _reading(self, now: datetime, *, is_due: bool) -> dict[str, Any]:
        """When the mailbox was read and when it is to be read again, if nothing else says so."""
        if self.listed_at is not None:
            edited_at = now if self._is_lively() else self.mailbox.edited_at
            values: dict[str, Any] = {"read_at": self.listed_at, "edited_at": edited_at}
            if self.at_rest and not is_due:
                values |= claims.next_reading(self.listed_at + self._span(edited_at), now)
            return values
        if self.mailbox.read_at is None or is_due:
            return {}
        # Nothing was read, so the next reading is due as it was.
        return dict(claims.next_reading(self.mailbox.read_at + self._span(self.mailbox.edited_at), now))

    def _is_lively(self) -> bool:
        """Whether its user did something to what is shared, or has just got it."""
        tally = self.tally
        return bool(tally.accepted or tally.reverted or tally.restored or tally.held or tally.created)

    def _count(self, work: Work, *, stopped: bool) -> tuple[int | None, int]:
        """How many contacts stand there, None where nothing has changed, and how many not as they should."""
        user = self.mailbox.user_id
        if stopped:
            count = progress.afresh(work.session, [user])[user]
            return count.standing, count.behind
        if self.scope is None:
            return self.known.standing, self.known.behind
        # All others are at rest: they stand there, and as they should.
        waiting = len(self.known.links) - self.known.standing
        standing = links.count(work.session, user) - waiting if self.scope.contacts else None
        return standing, self.known.behind
