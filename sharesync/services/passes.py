"""One pass over one mailbox: pull, plan, apply, push, settle.

A pass is a loop of rounds. The first reads the mailbox (two calls when nothing happened); a later one reads only the
persons that a write or a doubt made worth a direct look. Each round applies what was read, plans from what is known
then, and pushes. Sync tokens advance only after everything read under them was applied and strays were put right.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import (
    Attention,
    GoogleError,
    MailboxBusy,
    MailboxPaused,
    RetryLater,
    SyncTokenExpired,
)
from sharesync.google.people import People
from sharesync.google.person import PERSON_FIELDS
from sharesync.model.audit import ActorKind, By, Event, Outcome, Source
from sharesync.model.group import is_label_name
from sharesync.model.link import Known, Label, LinkState
from sharesync.model.mailbox import Listing, MailboxState, Meter
from sharesync.model.mark import Marks
from sharesync.services import holds as hold_cases
from sharesync.services.apply import Applied, Applier, sides_of
from sharesync.services.push import PlanOutdated, Pusher
from sharesync.services.tally import Action, PassReport, Tally
from sharesync.services.world import World
from sharesync.store import contacts, links, mailboxes, secrets
from sharesync.store.mailboxes import Mailbox
from sharesync.store.work import Work
from sharesync.sync.decisions import in_words
from sharesync.sync.holds import sift
from sharesync.sync.plan import Plan, plan
from sharesync.sync.reading import Reading, check, doubtful, edited, marked_strangers
from sharesync.sync.reconcile import decide

ROUNDS = 5
TOKEN_PARAMS = hashlib.sha256(PERSON_FIELDS.encode()).hexdigest()[:16]
"""Which request parameters a sync token belongs to: Google refuses it with others (people.connections.list)."""
NOTHING = Listing({}, full=False, next_sync_token=None)


class DryRun(Exception):
    """Ends the transaction of a dry run, so that nothing of it stays."""


def run_pass(
    world: World,
    user_id: str,
    *,
    full: bool = False,
    reset: bool = False,
    dry_run: bool = False,
    patience: float = 5.0,
) -> PassReport:
    """Bring one mailbox and the store together; never raises for what Google or the mailbox does.

    `full` reads without the sync token; `reset` also forgets which persons the links are, and finds them again by mark
    and content; `patience` is how many seconds the pass may wait for quota. Raises MailboxBusy
    where another pass lives.
    """
    started = time.monotonic()
    with world.database.reading() as session:
        mailbox = mailboxes.get(session, user_id)
        marks = Marks(secrets.get(session, "mark"))
    if mailbox.paused:
        return _paused(world, mailbox)
    meter = Meter()
    run = _Pass(world, mailbox, marks, full or reset, dry_run)
    failure: GoogleError | None = None
    if not dry_run:
        with world.work(run.by) as work:
            run.fence = mailboxes.claim(work, user_id, world.lease, world.interval)
            if reset:
                links.forget_persons(work, user_id)
                work.record(Event("mailbox.reset", mailbox=user_id))
    with nullcontext() if dry_run else _alive(world, run):
        try:
            people = world.google.people(mailbox.email, patience=patience)
            meter = people.meter
            run.go(people)
        except GoogleError as error:
            failure = error
        outcome, reason, not_before = run.ending(failure)
        if not dry_run:
            run.end(outcome, reason, not_before)
    return PassReport(
        mailbox.email,
        outcome,
        run.tally,
        meter.calls,
        meter.quota,
        time.monotonic() - started,
        reason,
        not_before,
        tuple(run.actions),
    )


def _paused(world: World, mailbox: Mailbox) -> PassReport:
    if mailbox.state is not MailboxState.PAUSED:
        with world.work(By(ActorKind.SYSTEM, "sync", Source.SYNC)) as work:
            mailboxes.write(work, mailbox.user_id, state=MailboxState.PAUSED, reason=PAUSED)
    return PassReport(mailbox.email, MailboxState.PAUSED, Tally(), {}, Meter().quota, 0.0, PAUSED)


PAUSED = "The user is suspended, archived or deleted in the Workspace; sharesync waits for them to come back."


@contextmanager
def _alive(world: World, run: _Pass) -> Iterator[None]:
    """Renew the claim while the pass lives, however long a call or a wait for quota takes."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(world.lease.total_seconds() / 3):
            try:
                with world.work(run.by) as work:
                    mailboxes.renew(work, run.mailbox.user_id, run.fence, world.lease)
            except MailboxBusy:
                return  # the pass finds out by itself at its next step

    thread = threading.Thread(target=renew, daemon=True, name="lease")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@dataclass
class _Pass:
    world: World
    mailbox: Mailbox
    marks: Marks
    full: bool
    dry_run: bool
    fence: int = 0
    tally: Tally = field(default_factory=Tally)
    actions: list[Action] = field(default_factory=list)
    token: str | None = None
    full_at: datetime | None = None
    full_groups: list[str] | None = None
    read: bool = False
    """Whether everything read under the new token has been applied."""
    unfinished: bool = False
    failed: bool = False

    def __post_init__(self) -> None:
        self.pass_id = self.world.new_id()
        self.by = By(ActorKind.MAILBOX, self.mailbox.user_id, Source.GOOGLE)

    # -- the rounds --

    def go(self, people: People) -> None:
        """Pull once, then apply, plan and push until nothing is left to do or to look at."""
        self.people = people
        listing = self._pull(None if self.full else self._token())
        self.labels = {label.resource_name: label for label in people.labels() if not label.deleted}
        self.tally.pulled = len(listing.persons)
        gone = self._confirm_gone_labels()
        last = Plan()
        for _ in range(ROUNDS):
            known, applied = self._round(listing, gone)
            todo = plan(known, self._wrong_names(known), self.world.now())
            if self.dry_run:
                self._note(todo)
                return
            pusher = Pusher(
                self.world,
                people,
                self.mailbox.user_id,
                self.fence,
                self.pass_id,
                self.marks,
                self.tally,
                self.labels,
            )
            pusher.settle_strays(applied)
            self.token = self.token or listing.next_sync_token
            self.read = True
            if todo.create and not listing.full and self._must_look_before_creating(todo):
                # A contact that is new here may equal a person the user has had for years: adopt it, do not copy it.
                listing, gone = people.listing(None, token_wanted=False), frozenset()
                self._listed_fully(known)
                continue
            if todo == last and not self._looks_due(known):
                return  # nothing to do, or nothing that can be done now
            last = todo
            with suppress(PlanOutdated):
                pusher.push(todo, known)
            listing, gone = NOTHING, frozenset()
        self.unfinished = True

    def _token(self) -> str | None:
        return self.mailbox.sync_token if self.mailbox.token_params == TOKEN_PARAMS else None

    def _pull(self, token: str | None) -> Listing:
        try:
            return self.people.listing(token)
        except SyncTokenExpired:
            return self.people.listing(None)

    def _round(self, listing: Listing, gone: frozenset[str]) -> tuple[Known, Applied]:
        """Read directly what is in doubt, decide, apply; returns what is known after it."""
        world, user = self.world, self.mailbox.user_id
        with world.database.reading() as session:
            known = links.known(session, user)
        check(known, listing)
        if listing.full:
            self._listed_fully(known)
        in_doubt = doubtful(known, listing, world.now(), world.settle)
        reading = Reading(listing, self.people.get(in_doubt) if in_doubt else {}, gone)
        named = marked_strangers(known, reading, self.marks)
        with suppress(DryRun), world.work(self.by, self.pass_id) as work:
            if not self.dry_run:
                mailboxes.require(work.session, user, self.fence)
            self._labels_seen(work, gone)
            known = links.known(work.session, user, named)
            sides = sides_of(work, known, edited(known, reading, self.marks))
            decisions = decide(known, reading, sides, self.marks, work.now, world.settle)
            limits = hold_cases.special_limits(work, world.hold_limits)
            sifted = sift(known, decisions, gone, world.hold_limits, limits)
            applied = Applier(work, user, known, sides, self.tally).apply(sifted.decisions, sifted.holds)
            self._keep_own_ids(work, known, reading)
            if decisions or gone:
                known = links.known(work.session, user)
                if hold_cases.close_moot(work, user, known):
                    known = links.known(work.session, user)
            if self.dry_run:
                lines = (line for decision in sifted.decisions for line in in_words(decision))
                self.actions += [Action(self.mailbox.email, *line) for line in lines]
                raise DryRun
        return known, applied

    def _keep_own_ids(self, work: Work, known: Known, reading: Reading) -> None:
        own_ids = reading.own_ids(links.known(work.session, self.mailbox.user_id) if reading.listing.persons else known)
        if own_ids != known.own_ids:
            mailboxes.write(work, self.mailbox.user_id, own_ids=links.pack_ids(own_ids))

    def _listed_fully(self, known: Known) -> None:
        self.full_at, self.full_groups = self.world.now(), sorted(known.levels)

    def _must_look_before_creating(self, todo: Plan) -> bool:
        if self.full_at or not self.mailbox.full_at:
            return not self.full_at
        with self.world.database.reading() as session:
            return contacts.joined_since(session, todo.create, self.mailbox.full_groups, self.mailbox.full_at)

    def _looks_due(self, known: Known) -> bool:
        now = self.world.now()
        return any(link.look_at and link.look_at <= now for link in known.links.values())

    def _note(self, todo: Plan) -> None:
        for action, thing in todo.actions():
            of_group = action.startswith("label.") and action not in ("label.put_on", "label.take_off")
            contact, group = (None, thing) if of_group else (thing, None)
            self.actions.append(Action(self.mailbox.email, action, contact, group))

    # -- labels --

    def _confirm_gone_labels(self) -> frozenset[str]:
        """Groups whose label is gone for certain: not listed, and a direct read says so too (listings lag)."""
        with self.world.database.reading() as session:
            known = links.known(session, self.mailbox.user_id)
        gone = set()
        for group, label in known.labels.items():
            if label.resource_name and label.resource_name not in self.labels:
                seen = self.people.label(label.resource_name)
                if seen is None:
                    gone.add(group)
                else:
                    self.labels[label.resource_name] = seen
        return frozenset(gone)

    def _labels_seen(self, work: Work, gone: frozenset[str]) -> None:
        """Write down which labels are gone and which were found by their mark."""
        user, now = self.mailbox.user_id, work.now
        known = links.known(work.session, user)
        for group in sorted(gone):
            links.delete_label(work, user, group)
            if group in known.levels:
                work.record(Event("label.delete", Outcome.RESTORED, group=group, mailbox=user))
        if gone:
            bereft = [link for link in known.links.values() if link.labels & gone]
            links.update_links(work, user, [replace(link, labels=link.labels - gone) for link in bereft])
        taken = {label.resource_name for label in known.labels.values()}
        for seen in self.labels.values():
            found = self.marks.read_label(seen.mark) if seen.resource_name not in taken else None
            if found is None or (found in known.labels and known.labels[found].resource_name):
                continue
            if links.has_group(work.session, found):
                links.save_label(work, user, Label(found, seen.resource_name, seen.etag, seen.name, now))

    def _wrong_names(self, known: Known) -> frozenset[str]:
        return frozenset(
            group
            for group, label in known.labels.items()
            if group in known.names
            and (seen := self.labels.get(label.resource_name))
            and (seen.name != label.name or not is_label_name(seen.name, known.names[group]))
        )

    # -- the end --

    def ending(self, failure: GoogleError | None) -> tuple[MailboxState, str, datetime | None]:
        """Outcome, sentence and time of the next try."""
        self.failed = failure is not None
        match failure:
            case MailboxPaused():
                return MailboxState.PAUSED, failure.sentence, None
            case Attention():
                return MailboxState.ATTENTION, failure.sentence, None
            case RetryLater():
                return MailboxState.RETRY, failure.sentence, failure.not_before
            case GoogleError():
                return MailboxState.RETRY, failure.sentence, None
            case None:
                return self._well()

    def _well(self) -> tuple[MailboxState, str, datetime | None]:
        with self.world.database.reading() as session:
            known = links.known(session, self.mailbox.user_id)
        aside = [link for link in known.links.values() if link.aside]
        if aside and not self.dry_run:
            reason = f"{len(aside)} contacts are set aside; the first: {aside[0].aside}"
            return MailboxState.ATTENTION, reason, None
        waiting = [link.look_at for link in known.links.values() if link.look_at]
        unanswered = [link.wrote_at for link in known.links.values() if link.state is LinkState.CREATING]
        unanswered += [label.wrote_at for label in known.labels.values() if not label.resource_name]
        waiting += [moment + self.world.settle for moment in unanswered if moment]
        if waiting and not self.dry_run:
            return MailboxState.RETRY, "Google may still show older values; sharesync looks again.", min(waiting)
        if known.held:
            return MailboxState.HELD, f"{len(known.held)} contacts wait for a decision (`sharesync holds list`).", None
        if self.unfinished:
            return MailboxState.RETRY, "The mailbox changed while it was written; sharesync looks again.", None
        return MailboxState.OK, "", None

    def end(self, outcome: MailboxState, reason: str, not_before: datetime | None) -> None:
        """Write how the pass ended, and the tokens: last of all."""
        now = self.world.now()
        values: dict[str, Any] = {"state": outcome, "reason": reason, "last_pass_at": now}
        if self.failed:
            failures = self.mailbox.failures + 1
            not_before = not_before or now + _back_off(failures, self.world.interval)
            values |= {"failures": failures, "not_before": not_before, "due_at": not_before}
        else:
            values |= {"failures": 0, "not_before": None}
            if self.unfinished or not_before:
                values |= {"due_at": mailboxes.at_the_latest(not_before or now)}
        if self.read and self.token:
            values |= {"sync_token": self.token, "token_params": TOKEN_PARAMS}
        if self.read and self.full_at:
            values |= {"full_at": self.full_at, "full_groups": self.full_groups}
        with suppress(MailboxBusy), self.world.work(self.by, self.pass_id) as work:
            mailboxes.release(work, self.mailbox.user_id, self.fence, **values)


def _back_off(failures: int, interval: timedelta) -> timedelta:
    """Twice as long after every failure: from a tenth of the interval to an hour."""
    factor: int = 2 ** min(failures - 1, 16)
    return min(interval / 10 * factor, max(interval, timedelta(hours=1)))
