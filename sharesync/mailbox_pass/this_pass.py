"""One pass: what it was asked for, whose mailbox it is about, and what it has read and done so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sharesync.google.budget import Spending
from sharesync.google.people import PeopleApi
from sharesync.mailbox_pass.read import TOKEN_PARAMS
from sharesync.mailbox_pass.snapshots import SnapshotAt, snapshot
from sharesync.model.audit import ActorKind, By, Source
from sharesync.model.link import Snapshot
from sharesync.model.mailbox import Meter, SeenLabel
from sharesync.model.mark import Marks
from sharesync.services.app import World
from sharesync.services.operation.pass_report import Action, Tally
from sharesync.store.mailboxes import claims, links
from sharesync.store.mailboxes.claims import Mailbox
from sharesync.store.mailboxes.links import NOBODY, Persons
from sharesync.sync.polling import until_next_reading
from sharesync.sync.scope import PassScope


@dataclass(slots=True)
class ReadSoFar:
    """What of the mailbox a pass has read."""

    token: str | None = None
    """From which the next pass goes on."""
    is_applied: bool = False
    """Whether everything under the token was applied, and strays put right."""
    claimed_at: datetime | None = None
    """The moment of a full reading in this pass, as other transactions count: what was committed before the claim is in
    everything that was looked up since; what came later may have been missed."""
    full_groups: Sequence[str] | None = None
    """The groups that were granted when everyone was last read in this pass."""
    looked_for: frozenset[str] | None = None
    """The contacts that were wanted here then; None while everyone was not read."""

    def columns(self) -> dict[str, Any]:
        """The columns of the mailbox that tell it; none where something has to be read again."""
        values: dict[str, Any] = {}
        if self.is_applied and self.token:
            values |= {"sync_token": self.token, "token_params": TOKEN_PARAMS}
        if self.is_applied and self.looked_for is not None:
            values |= {"full_at": self.claimed_at, "full_groups": self.full_groups}
        return values


@dataclass
class Pass:
    """One pass over one mailbox, from its claim to its end."""

    world: World
    mailbox: Mailbox
    """Its row as it was before the pass."""
    marks: Marks
    full: bool
    """Whether everyone is read, and not only who changed."""
    write: bool
    """Whether anything is written, here or at Google."""
    fence: int = 0
    """The number of the claim."""
    tally: Tally = field(default_factory=Tally)
    actions: list[Action] = field(default_factory=list)
    """What a dry run would have done."""
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
    """Whether the last round left something to do."""
    then: SnapshotAt = field(init=False)
    """What the store knew of the mailbox, and when: set by `look`."""
    people: PeopleApi = field(init=False)
    """The way into the mailbox: set once it is open."""
    labels: dict[str, SeenLabel] = field(default_factory=dict)
    """The mailbox's labels as read in this pass, by resource name."""

    def __post_init__(self) -> None:
        self.pass_id, self.begun = self.world.new_id(), self.world.now()
        self.by = By(ActorKind.MAILBOX, self.mailbox.user_id, Source.GOOGLE)

    @property
    def known(self) -> Snapshot:
        """What the store knew of the mailbox when it was last looked up."""
        return self.then.known

    def look(self, read: Persons = NOBODY) -> None:
        """Look up what the store knows of the mailbox; `read` are the persons that were just read there, if any."""
        with self.world.database.reading() as session:
            self.then = snapshot(session, self.mailbox.user_id, scope=self.scope, read=read)
        if self.scope is not None:
            self.scope = self.scope.after(self.known)

    def widen(self) -> None:
        """Know about all contacts from here on."""
        if self.scope is not None:
            self.scope = None
            self.look()

    def is_wanted(self) -> bool:
        """Whether the grants are what they were when this was planned: after a revoke nothing more is sent.

        Raises MailboxBusy where this process was taken for dead, frozen perhaps: the mailbox is another's by now.
        """
        with self.world.database.reading() as session:
            claims.require(session, self.mailbox.user_id, self.fence)
            return links.is_as_granted(session, self.mailbox.user_id, self.known)

    def span(self, edited_at: datetime | None) -> timedelta:
        """How long after a reading the next one is due."""
        return until_next_reading(edited_at, self.begun, self.world.shortest, self.world.interval)

    def spent(self) -> Spending:
        """What of the mailbox's quota is used."""
        return self.world.google.spent(self.mailbox.user_id)
