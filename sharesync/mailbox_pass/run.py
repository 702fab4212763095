"""One pass over one mailbox: read, decide, apply, push, end.

A pass is a loop of rounds. The first reads the mailbox (two calls when nothing happened); a later one reads only the
persons that a write or a doubt made worth a direct look. Each round applies what was read, plans from what is known
then, and pushes. Sync tokens advance only after everything read under them was applied and strays were put right.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import GoogleError, MailboxBusy, NoLongerWanted, Stopping, SyncTokenExpired
from sharesync.google.people import PeopleApi
from sharesync.google.person import PERSON_FIELDS
from sharesync.mailbox_pass import push_strays, read_labels, read_persons
from sharesync.mailbox_pass.apply_session import Applied
from sharesync.mailbox_pass.claim import keep_alive
from sharesync.mailbox_pass.decide import Round, SnapshotAt, snapshot
from sharesync.mailbox_pass.end import Ending, failed, unforeseen, went_well
from sharesync.mailbox_pass.order import ORDINARY, PassOrder, Read
from sharesync.mailbox_pass.push import push
from sharesync.mailbox_pass.push_session import PlanOutdated, Sending
from sharesync.model.audit import CLOCK, ActorKind, By, Event, Source
from sharesync.model.link import Snapshot
from sharesync.model.mailbox import PAUSED, Listing, MailboxState, Meter, SeenLabel
from sharesync.model.mark import Marks
from sharesync.services.app import World
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.metrics import METERS
from sharesync.services.operation.pass_report import Action, PassReport, Tally
from sharesync.store.database import keys
from sharesync.store.database.work import Work, working
from sharesync.store.mailboxes import claims, links, progress
from sharesync.store.mailboxes.claims import Mailbox
from sharesync.store.records import contacts
from sharesync.sync.decisions import in_words
from sharesync.sync.plan import Plan, is_look_due, plan
from sharesync.sync.polling import until_next_reading
from sharesync.sync.reading import (
    Reading,
    everyone_after,
    is_full_due,
    is_sought,
    marked_strangers,
    may_be_half,
)
from sharesync.sync.scope import PassScope

ROUNDS = 5
FAILING = 3
"""After so many passes that failed and got nothing through, some contact is taken to be why."""
TOKEN_PARAMS = hashlib.sha256(PERSON_FIELDS.encode()).hexdigest()[:16]
"""Which request parameters a sync token belongs to: Google refuses it with others (people.connections.list)."""
NOTHING = Listing({}, full=False, next_sync_token=None)


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
    meter = Meter()
    run = _Pass(world, mailbox, marks, full, order.write)
    run.spares_reading = order.read is Read.WHEN_DUE and not full and run.is_read
    ending: Ending | None = None
    if order.write:
        with world.work(run.by, own=user_id) as work:
            run.fence = claims.claim(work, user_id, world.lease, world.shortest)
            run.claimed_at, run.news = work.now, claims.news(work, user_id)
            if order.read is Read.ANEW:
                links.forget_persons(work, user_id)
                work.record(Event("mailbox.reset", mailbox=user_id))
    with keep_alive(world, run.by, user_id, run.fence) if order.write else nullcontext():
        try:
            failing = mailbox.failures >= FAILING
            with world.google.people(user_id, patience=patience, wanted=run.is_wanted, failing=failing) as people:
                meter = people.meter
                run.go(people)
        except GoogleError as error:
            ending = failed(error)
        except Stopping:
            run.give_back()
            raise
        except MailboxBusy:
            raise
        except Exception as error:  # one mailbox never stands in the way of another, nor of itself for ever
            METERS.mishap()
            ending = unforeseen(unexpected_errors.note(error))
        ending = ending or run.ending()
        if order.write:
            run.end(ending)
    return PassReport(
        mailbox.email,
        ending.outcome,
        run.tally,
        meter.calls,
        meter.quota,
        time.monotonic() - started,
        ending.reason,
        ending.not_before,
        tuple(run.actions),
    )


def _paused(world: World, mailbox: Mailbox) -> PassReport:
    if mailbox.state is not MailboxState.PAUSED:
        with world.work(CLOCK, own=mailbox.user_id) as work:
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
    token: str | None = None
    claimed_at: datetime | None = None
    """The moment of a full reading in this pass, as other transactions count: what was committed before the claim is in
    everything that was looked up since; what came later may have been missed."""
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
    full_groups: list[str] | None = None
    looked_for: frozenset[str] | None = None
    """The contacts that were wanted here when everyone was last read in this pass; None while everyone was not."""
    failed: set[str] = field(default_factory=set)
    """Contacts about which something read could not be applied."""
    mishap: str | None = None
    """The number of the error because of which it could not."""
    read: bool = False  # everything under the new token, and applied
    unfinished: bool = False
    then: SnapshotAt = field(init=False)
    """What the store knew of the mailbox when it was last read."""
    asked: datetime = field(init=False)
    """When the listing in hand was asked for: a slow answer tells no more than a quick one."""

    def __post_init__(self) -> None:
        self.pass_id, self.begun = self.world.new_id(), self.world.now()
        self.by = By(ActorKind.MAILBOX, self.mailbox.user_id, Source.GOOGLE)

    # -- the rounds --

    def go(self, people: PeopleApi) -> None:
        """Pull once, then apply, plan and push until nothing is left to do or to look at."""
        self.people, self.labels = people, dict[str, SeenLabel]()
        if self._is_written_unread():
            return
        self.scope = None
        self.asked = self.listed_at = self.world.now()
        listing = self._pull(None if self.full else self.sync_token)
        self.labels = {label.resource_name: label for label in people.labels() if not label.deleted}
        self.tally.pulled = len(listing.persons)
        if self.news is not None and not listing.full:
            self.scope = PassScope(frozenset(self.news.split())).reading(
                listing.persons.values(), self.labels, self.marks
            )
        self._look()
        gone = read_labels.confirm_gone(self.known, people, self.labels, self.marks)
        if gone:
            self._widen()
        last = Plan()
        for _ in range(ROUNDS):
            applied, listing = self._round(listing, gone)
            known = self.known
            self.failed |= applied.failed
            self.mishap = self.mishap or applied.mishap
            now = self.world.now()
            todo = self._todo(read_labels.misnamed(known, self.labels, self.marks, now, self.world.settle))
            if not self.write:
                self._note(todo)
                return
            send = self._sending()
            push_strays.put_right(send, applied)
            if self.mishap is None:  # else it has to be read again
                self.token = self.token or listing.next_sync_token
                self.read = True
            if self._must_read_everyone(known, todo):
                self.asked = self.world.now()
                listing, gone = people.listing(None), frozenset()
                self._widen()
                continue
            if todo == last and not self._looks_due(known):
                undecided = known.held or known.waiting or self.failed
                self.at_rest = self.read and not todo and not undecided
                return  # nothing to do, or nothing that can be done now
            try:
                push(send, todo)
                last = todo
            except (PlanOutdated, NoLongerWanted):
                people.trouble, last = None, Plan()
            listing, gone = NOTHING, frozenset()
            self.asked = self.world.now()
            self._look()
        self.unfinished = True

    def _is_written_unread(self) -> bool:
        """Write what changed in the store over what is known to stand there; False where Google must be asked first.

        Each write carries the etag that is known, so Google refuses it where the mailbox's user was quicker.
        """
        if not (self.spares_reading and self.news):
            return False
        self.scope = PassScope(frozenset(self.news.split()))
        self._look()
        todo, links = self._todo(frozenset()), self.known.links
        if self._waits() or todo != Plan(update=todo.update) or not all(links[one].marked for one in todo.update):
            return False
        try:
            push(self._sending(), todo)
        except (PlanOutdated, NoLongerWanted):
            self.people.trouble = None
            return False
        self._look()
        self.at_rest = not (self._todo(frozenset()) or self._waits())
        return self.at_rest

    def _waits(self) -> bool:
        """Whether something is to be looked at, or waits for a decision."""
        known, now = self.known, self.world.now()
        sought = any(is_sought(link, now, self.world.settle) for link in known.links.values())
        return bool(sought or known.held or known.waiting or self._looks_due(known))

    def _todo(self, wrong_names: frozenset[str]) -> Plan:
        return plan(self._sound(self.known), wrong_names, self.world.now())

    def _sending(self) -> Sending:
        mailbox, labels = self.mailbox.user_id, self.labels
        return Sending(
            self.world, self.people, mailbox, self.fence, self.pass_id, self.marks, self.tally, labels, self.known
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

    def _sound(self, known: Snapshot) -> Snapshot:
        """What is known but for the contacts about which something could not be applied: nothing is sent there."""
        if not self.failed:
            return known
        return known.without(self.failed)

    @property
    def is_read(self) -> bool:
        """Whether Google has been asked not long ago, and nobody has asked for a pass since."""
        read, asked = self.mailbox.read_at, self.mailbox.asked_at
        if read is None or asked is not None or self.sync_token is None:
            return False
        return self.begun < read + self._span(self.mailbox.edited_at)

    def _span(self, edited_at: datetime | None) -> timedelta:
        return until_next_reading(edited_at, self.begun, self.world.shortest, self.world.interval)

    @property
    def sync_token(self) -> str | None:
        """What Google gave the last reading, if it was asked as this one will be."""
        return self.mailbox.sync_token if self.mailbox.token_params == TOKEN_PARAMS else None

    def _pull(self, token: str | None) -> Listing:
        try:
            return self.people.listing(token)
        except SyncTokenExpired:
            return self.people.listing(None)

    def _round(self, listing: Listing, gone: frozenset[str]) -> tuple[Applied, Listing]:
        """Read directly what is in doubt, decide, apply; `known` is what is known after it.

        Returns what is left to do, and the listing that was decided about: of everyone, where one of changes may tell
        half of a merge.
        """
        known = self.known
        reading, strange = self._complete(listing, gone)
        if self.looked_for is None and may_be_half(known, reading):
            self.asked = self.world.now()
            listing = everyone_after(listing, self.people.listing(None))
            self._widen()
            known = self.known
            reading, strange = self._complete(listing, gone)
        if listing.full:
            self.full_groups = sorted(known.levels)
        named = marked_strangers(known, reading, self.marks)
        if self.scope is not None:
            self.scope = self.scope.reading(reading.persons().values(), self.labels, self.marks)
        this = Round(
            self.world,
            self.by,
            self.pass_id,
            self.mailbox.user_id,
            self.fence,
            self.marks,
            self.labels,
            reading,
            frozenset(named),
            self.asked,
            strange,
            self.tally,
            not self.write,
            self.scope,
        )
        # Where somebody was asked directly, time has passed: what was known is looked up again.
        applied, self.then = this.take_in(None if reading.direct or named else self.then)
        self.scope = this.scope
        if listing.full:
            self.looked_for = this.wanted
        lines = (line for decision in this.decisions for line in in_words(decision)) if not self.write else ()
        self.actions += [Action(self.mailbox.email, *line) for line in lines]
        return applied, listing

    def _complete(self, listing: Listing, gone: frozenset[str]) -> tuple[Reading, bool]:
        since, settle = self.mailbox.empty_since, self.world.settle
        return read_persons.complete(self.people, self.known, listing, gone, self.marks, self.asked, settle, since)

    def _must_read_everyone(self, known: Snapshot, todo: Plan) -> bool:
        # One that was sent and never answered may stand there; what is new here may equal a person the user has had
        # for years: adopt it, do not copy it.
        if self.looked_for is not None:
            return not self.looked_for.issuperset(todo.create)
        sought = any(is_sought(link, self.asked, self.world.settle) for link in known.links.values())
        if sought or not todo.create or not self.mailbox.full_at:
            return sought or bool(todo.create)
        with self.world.database.reading() as session:
            return contacts.joined_since(session, todo.create, self.mailbox.full_groups, self.mailbox.full_at)

    def _looks_due(self, known: Snapshot) -> bool:
        now = self.world.now()
        return any(is_look_due(link, now) for link in known.links.values())

    def _note(self, todo: Plan) -> None:
        for action, thing in todo.actions():
            of_group = action.startswith("label.") and action not in ("label.put_on", "label.take_off")
            contact, group = (None, thing) if of_group else (thing, None)
            self.actions.append(Action(self.mailbox.email, action, contact, group))

    def ending(self) -> Ending:
        """How a pass ended in which nothing failed."""
        if not self.write:
            return Ending(MailboxState.OK)
        if self.mishap is not None:
            METERS.mishap()
            return unforeseen(self.mishap)
        return went_well(self.known, self.world.settle, self.world.now(), unfinished=self.unfinished)

    def _next_try(self, ending: Ending, now: datetime) -> dict[str, Any]:
        done = any(getattr(self.tally, one.name) for one in fields(Tally) if one.name != "pulled")
        return ending.next_try(self.mailbox.failures, now, self.world.shortest, progress=done)

    def _is_lively(self) -> bool:
        """Whether its user did something to what is shared, or has just got it."""
        tally = self.tally
        return bool(tally.accepted or tally.reverted or tally.restored or tally.held or tally.created)

    def give_back(self) -> None:
        """Leave the mailbox, due as it was, to whichever process comes next."""
        if self.claimed_at is None:
            return
        then, mailbox = self.claimed_at, self.mailbox
        due = {"due_at": mailbox.due_at, "asked_at": mailbox.asked_at, "news": None}
        database, new_id = self.world.database, self.world.new_id
        with suppress(MailboxBusy), working(database, lambda: then, self.by, new_id, own=mailbox.user_id) as work:
            claims.release(work, mailbox.user_id, self.fence, **due)

    def end(self, ending: Ending) -> None:
        """Write how the pass ended, and the tokens: last of all."""
        values: dict[str, Any] = {"state": ending.outcome, "reason": ending.reason}
        if self.read and self.token:
            values |= {"sync_token": self.token, "token_params": TOKEN_PARAMS}
        if self.read and self.looked_for is not None:
            values |= {"full_at": self.claimed_at, "full_groups": self.full_groups}
        user = self.mailbox.user_id
        with suppress(MailboxBusy), self.world.work(self.by, self.pass_id, own=user) as work:
            now = work.now
            values |= {"last_pass_at": now, **self._next_try(ending, now)}
            if self.listed_at is not None:
                edited_at = now if self._is_lively() else self.mailbox.edited_at
                values |= {"read_at": self.listed_at, "edited_at": edited_at}
                if self.at_rest and "due_at" not in values:
                    values |= claims.next_reading(self.listed_at + self._span(edited_at), now)
            elif self.mailbox.read_at is not None and "due_at" not in values:
                # Nothing was read, so the next reading is due as it was.
                values |= claims.next_reading(self.mailbox.read_at + self._span(self.mailbox.edited_at), now)
            if ending.empty or self.read:
                values["empty_since"] = (self.mailbox.empty_since or now) if ending.empty else None
            values |= claims.at_rest(self.news, now) if self.at_rest and not ending.stopped else {"news": None}
            standing, behind = self._count(work, stopped=ending.stopped)
            claims.release(work, user, self.fence, **values, **claims.counted(standing, behind, self.begun, now))

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
