"""The rounds of a pass.

The first reads the mailbox (two calls when nothing happened); a later one reads only the persons that a write or a
doubt made worth a direct look. Each round applies what was read, plans from what is known then, and pushes. Sync tokens
advance only after everything read under them was applied and strays were put right.
"""

from __future__ import annotations

from dataclasses import replace

from sharesync.errors import NoLongerWanted
from sharesync.mailbox_pass import push_strays, read, read_labels
from sharesync.mailbox_pass.apply_session import Applied
from sharesync.mailbox_pass.decide import Round
from sharesync.mailbox_pass.push import push
from sharesync.mailbox_pass.push_session import PlanOutdated, Sending
from sharesync.mailbox_pass.read import Heard
from sharesync.mailbox_pass.this_pass import Pass
from sharesync.services.operation.pass_report import Action
from sharesync.store.records import contacts
from sharesync.sync.decisions import in_words
from sharesync.sync.plan import Plan, looks_due, plan
from sharesync.sync.reading import Reading, is_sought, marked_strangers, may_be_half
from sharesync.sync.scope import PassScope

ROUNDS = 5
"""A mailbox that changes faster than this is looked at again in the next pass."""


def go(this: Pass) -> None:
    """Read once, then decide, apply, plan and push until nothing is left to do or to look at. Raises GoogleError."""
    if _is_written_unread(this):
        return
    heard, last = _read_first(this), Plan()
    for _ in range(ROUNDS):
        applied, heard = _take_in(this, heard)
        todo = _plan(this, _misnamed(this))
        if not this.write:
            _note(this, todo)
            return
        send = _sending(this)
        push_strays.put_right(send, applied)
        if this.mishap is None:  # else it has to be read again
            this.so_far.token = this.so_far.token or heard.listing.next_sync_token
            this.so_far.is_applied = True
        if _must_read_everyone(this, heard, todo):
            heard = read.everyone(this.people, this.mailbox, this.world.now(), this.world.settle)
            this.widen()
            continue
        if todo == last and not looks_due(this.known, this.world.now()):
            undecided = this.known.held or this.known.waiting or this.failed
            this.at_rest = this.so_far.is_applied and not todo and not undecided
            return  # nothing to do, or nothing that can be done now
        try:
            push(send, todo)
            last = todo
        except (PlanOutdated, NoLongerWanted):
            this.people.trouble, last = None, Plan()
        heard = Heard(this.world.now())
        this.look()
    this.unfinished = True


def _is_written_unread(this: Pass) -> bool:
    """Write what changed in the store over what is known to stand there; False where Google must be asked first.

    Each write carries the etag that is known, so Google refuses it where the mailbox's user was quicker.
    """
    if not (this.spares_reading and this.news):
        return False
    this.scope = PassScope(frozenset(this.news.split()))
    this.look()
    todo, links = _plan(this), this.known.links
    if _waits(this) or todo != Plan(update=todo.update) or not all(links[one].marked for one in todo.update):
        return False
    try:
        push(_sending(this), todo)
    except (PlanOutdated, NoLongerWanted):
        this.people.trouble = None
        return False
    this.look()
    this.at_rest = not (_plan(this) or _waits(this))
    return this.at_rest


def _waits(this: Pass) -> bool:
    """Whether something is to be looked at, or waits for a decision."""
    known, now = this.known, this.world.now()
    sought = any(is_sought(link, now, this.world.settle) for link in known.links.values())
    return bool(sought or known.held or known.waiting or looks_due(known, now))


def _read_first(this: Pass) -> Heard:
    """Ask Google who changed, or for everyone, and look up what the store knows of them."""
    this.scope = None
    asked = this.listed_at = this.world.now()
    listen = read.everyone if this.full else read.changes
    heard = listen(this.people, this.mailbox, asked, this.world.settle)
    this.labels = {label.resource_name: label for label in this.people.labels() if not label.deleted}
    this.tally.pulled = len(heard.listing.persons)
    if this.news is not None and not heard.listing.full:
        persons = heard.listing.persons.values()
        this.scope = PassScope(frozenset(this.news.split())).reading(persons, this.labels, this.marks)
    this.look(heard.listing.persons)
    gone = read_labels.confirm_gone(this.known, this.people, this.labels, this.marks)
    if gone:
        this.widen()
    return replace(heard, labels_gone=gone)


def _misnamed(this: Pass) -> frozenset[str]:
    """The groups whose label has another name than it should."""
    return read_labels.misnamed(this.known, this.labels, this.marks, this.world.now(), this.world.settle)


def _plan(this: Pass, wrong_names: frozenset[str] = frozenset()) -> Plan:
    return plan(this.known.without(this.failed), wrong_names, this.world.now())


def _sending(this: Pass) -> Sending:
    return Sending(
        world=this.world,
        people=this.people,
        mailbox=this.mailbox.user_id,
        fence=this.fence,
        pass_id=this.pass_id,
        marks=this.marks,
        tally=this.tally,
        labels=this.labels,
        known=this.known,
    )


def _take_in(this: Pass, heard: Heard) -> tuple[Applied, Heard]:
    """Read directly what is in doubt, decide, apply; `this.known` is what is known after it.

    Returns what is left to do, and what was decided about: everyone, where the changes may tell half of a merge.
    """
    reading, strange = _complete(this, heard)
    if this.so_far.looked_for is None and may_be_half(this.known, reading, this.marks):
        now, settle = this.world.now(), this.world.settle
        heard = read.everyone_after(this.people, this.mailbox, heard, now, settle)
        this.widen()
        reading, strange = _complete(this, heard)
    known = this.known
    if heard.listing.full:
        this.so_far.full_groups = sorted(known.levels)
    named = marked_strangers(known, reading, this.marks)
    if this.scope is not None:
        this.scope = this.scope.reading(reading.persons().values(), this.labels, this.marks)
    judging = Round(
        world=this.world,
        by=this.by,
        pass_id=this.pass_id,
        user=this.mailbox.user_id,
        fence=this.fence,
        marks=this.marks,
        labels=this.labels,
        reading=reading,
        named=frozenset(named),
        asked=heard.asked,
        strange=strange,
        tally=this.tally,
        dry_run=not this.write,
        scope=this.scope,
    )
    # Where somebody was asked directly, time has passed: what was known is looked up again.
    applied, this.then = judging.take_in(None if reading.direct or named else this.then)
    this.scope = judging.scope
    if heard.listing.full:
        this.so_far.looked_for = judging.wanted
    lines = (line for decision in judging.decisions for line in in_words(decision)) if not this.write else ()
    this.actions += [Action(this.mailbox.email, *line) for line in lines]
    this.failed |= applied.failed
    this.mishap = this.mishap or applied.mishap
    return applied, heard


def _complete(this: Pass, heard: Heard) -> tuple[Reading, bool]:
    settle, since = this.world.settle, this.mailbox.empty_since
    return read.complete(this.people, this.known, heard, this.marks, settle, since)


def _must_read_everyone(this: Pass, heard: Heard, todo: Plan) -> bool:
    """Whether the plan may not be carried out before everyone in the mailbox was read."""
    # One that was sent and never answered may stand there; what is new here may equal a person the user has had
    # for years: adopt it, do not copy it.
    if this.so_far.looked_for is not None:
        return not this.so_far.looked_for.issuperset(todo.create)
    sought = any(is_sought(link, heard.asked, this.world.settle) for link in this.known.links.values())
    if sought or not todo.create or not this.mailbox.full_at:
        return sought or bool(todo.create)
    with this.world.database.reading() as session:
        return contacts.joined_since(session, todo.create, this.mailbox.full_groups, this.mailbox.full_at)


def _note(this: Pass, todo: Plan) -> None:
    """Write down what would be sent, for who looks on at a dry run."""
    for action, thing in todo.actions():
        of_group = action.startswith("label.") and action not in ("label.put_on", "label.take_off")
        contact, group = (None, thing) if of_group else (thing, None)
        this.actions.append(Action(this.mailbox.email, action, contact, group))
