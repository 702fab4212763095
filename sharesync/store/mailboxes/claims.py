"""Mailboxes: which there are, which are due, who may pass over one, and how the last pass ended.

One writer a mailbox at a time: a pass claims it with a lease and a fence number; whoever finds another number than
its own has been taken for dead and stops. Being due is a time in the row, so a lost or doubled wake-up does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    Update,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from sharesync.errors import MailboxBusy
from sharesync.model.mailbox import MailboxState
from sharesync.store.database.batching import chunks
from sharesync.store.database.tables import LabelRow, LinkRow, MailboxRow, Table, UserRow
from sharesync.store.database.work import Work
from sharesync.store.records import access_paths


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox as the pass and `status` see it."""

    user_id: str
    email: str
    state: MailboxState
    reason: str
    sync_token: str | None
    token_params: str
    full_at: datetime | None
    full_groups: frozenset[str]
    empty_since: datetime | None
    due_at: datetime
    waiting_since: datetime | None
    """Since when something has been on its way there."""
    not_before: datetime | None
    backoff_until: datetime | None
    failures: int
    last_pass_at: datetime | None
    read_at: datetime | None
    """When Google was last asked what changed there."""
    edited_at: datetime | None
    """When its user was last seen to have done something to what is shared."""
    needed_since: datetime | None
    """Since when it needs a person, as far as that was told."""
    fence: int
    paused: bool
    """Directory says that the user is suspended, archived or deleted."""
    name: str
    """Its user's; empty where Directory has none."""
    lease_until: datetime | None
    """A pass goes on until then, if it does not renew its claim."""
    asked_at: datetime | None
    """Since when somebody waits for a pass over it."""
    spent: dict[str, Any] | None
    """What of Google's quotas passes over it had used when it was last given up, or its claim renewed."""
    deleted_at: datetime | None
    """When its user was deleted, where they are."""
    touched: bool
    """Whether something changed for it since its last pass, or while that went on."""

    def due_by(self, interval: timedelta) -> datetime:
        """When it is due, if nothing hinders it: never later than its last pass and the interval of now."""
        return min(self.due_at, self.last_pass_at + interval) if self.last_pass_at else self.due_at


AWAY = UserRow.suspended | UserRow.archived | UserRow.deleted
"""Of these nothing is inferred from their silence."""
_OF_USERS: Mapping[str, Any] = {
    "email": UserRow.email,
    "name": UserRow.name,
    "paused": AWAY,
    "deleted_at": UserRow.deleted_at,
    "touched": MailboxRow.behind.is_(None),
}
# Column by column: the whole row also holds the ids of everyone in the mailbox.
_MAILBOXES = select(
    *(_OF_USERS.get(one.name, getattr(MailboxRow, one.name, None)).label(one.name) for one in fields(Mailbox))
).join(UserRow, UserRow.id == MailboxRow.user_id)


Instant = datetime | ColumnElement[datetime]

# Made once, like the other statements with a name below: every pass runs it.
_MAILBOX = _MAILBOXES.where(MailboxRow.user_id == bindparam("user"))


def _mailbox(row: Row[Any]) -> Mailbox:
    return Mailbox(**dict(row._mapping) | {"full_groups": frozenset(row.full_groups or ())})


CONCERNED = or_(
    # In the row itself, and true of nearly all: the other three are asked of the few that hold nothing. Where the last
    # of it went in a pass that did not come to its end, the next one counts.
    MailboxRow.standing > 0,
    exists(LinkRow.mailbox_id).where(LinkRow.mailbox_id == MailboxRow.user_id),
    exists(LabelRow.mailbox_id).where(LabelRow.mailbox_id == MailboxRow.user_id),
    # The dearest to ask, and so the last.
    exists(access_paths.WANTED_PATHS.c.user_id).where(access_paths.WANTED_PATHS.c.user_id == MailboxRow.user_id),
)
"""A mailbox matters while a grant reaches it or something of ours is left to withdraw."""


def concerned(session: Session) -> list[Mailbox]:
    """Every mailbox that a grant reaches or that has something left to withdraw, by address."""
    return [_mailbox(row) for row in session.execute(_MAILBOXES.where(CONCERNED).order_by(UserRow.email))]


def due(session: Session, now: datetime, interval: timedelta) -> list[Mailbox]:
    """The mailboxes to pass over now: where somebody waits first, then the longest due.

    One whose pass died is due when its lease ends.

    `interval` is the one of now: where it has become shorter, no mailbox waits for the end of the one before.
    """
    died = MailboxRow.lease_until.is_not(None) & (MailboxRow.lease_until <= now)
    rows = session.execute(
        _MAILBOXES.where(
            CONCERNED,
            (MailboxRow.due_at <= now) | (MailboxRow.last_pass_at <= now - interval) | died,
            MailboxRow.not_before.is_(None) | (MailboxRow.not_before <= now),
            MailboxRow.backoff_until.is_(None) | (MailboxRow.backoff_until <= now),
            MailboxRow.lease_until.is_(None) | (MailboxRow.lease_until <= now),
            ~AWAY,
        ).order_by(MailboxRow.asked_at.is_(None), MailboxRow.due_at, MailboxRow.user_id)
    )
    return [_mailbox(row) for row in rows]


def get(session: Session, user_id: str) -> Mailbox:
    """One mailbox that is known to exist."""
    return _mailbox(session.connection().execute(_MAILBOX, {"user": user_id}).one())


def find(session: Session, user_id: str) -> Mailbox | None:
    """One mailbox that a grant reaches or that has something left to withdraw, if it is one."""
    row = session.execute(_MAILBOXES.where(MailboxRow.user_id == user_id, CONCERNED)).first()
    return _mailbox(row) if row else None


def ensure(work: Work) -> None:
    """Make the mailbox of every user whom a grant reaches; a new one is due at once."""
    users = select(access_paths.PATHS.c.user_id).distinct().subquery("users")
    columns = {
        "user_id": users.c.user_id,
        "state": literal(MailboxState.NEW, MailboxRow.state.type),
        "reason": literal(""),
        "token_params": literal(""),
        "due_at": _moment(work.now),
        "waiting_since": _moment(work.now),
        "failures": literal(0),
        "fence": literal(0),
    }
    missing = ~exists().where(MailboxRow.user_id == users.c.user_id)
    work.session.execute(insert(MailboxRow).from_select(list(columns), select(*columns.values()).where(missing)))


NEWS = 20
"""So many contacts that changed at once are noted each; where it is more, all are looked through."""
_LENGTH = 4_000
"""So long may all news be together."""


def changed(now: Instant, news: ColumnElement[str] | None = None) -> dict[str, Any]:
    """Columns of a mailbox where something has changed: its counts are out of date, and something is on its way.

    `news`: the ids of the contacts that alone have changed; without them a pass has to look through all.
    """
    noted = None if news is None else case((func.length(MailboxRow.news) < _LENGTH, MailboxRow.news + news))
    since = func.coalesce(MailboxRow.waiting_since, _moment(now))
    return {"behind": None, "waiting_since": since, "news": noted}


def at_the_latest(moment: Instant) -> ColumnElement[datetime]:
    """A value for `due_at`: this moment, unless the mailbox is due before it."""
    return case((MailboxRow.due_at > moment, _moment(moment)), else_=MailboxRow.due_at)


def as_it_was(due_at: datetime, asked_at: datetime | None) -> dict[str, Any]:
    """Columns of a mailbox that is given back: due and asked for as before its pass, or as somebody made it since."""
    asked = func.coalesce(MailboxRow.asked_at, literal(asked_at, MailboxRow.asked_at.type))
    return {"due_at": at_the_latest(due_at), "asked_at": asked}


def _moment(value: Instant) -> ColumnElement[datetime]:
    return literal(value, MailboxRow.due_at.type) if isinstance(value, datetime) else value


def _touching(users: Select[Any], news: ColumnElement[str] | None = None) -> Update:
    """Make the mailboxes of these users due `now`, except for the mailbox `but`, in which it was done."""
    now: BindParameter[datetime] = bindparam("now", type_=MailboxRow.due_at.type)
    return (
        update(MailboxRow)
        .where(MailboxRow.user_id.in_(users), MailboxRow.user_id != bindparam("but"))
        .values(due_at=at_the_latest(now), **changed(now, news))
    )


_TOUCH_USERS = _touching(select(UserRow.id).where(UserRow.id.in_(bindparam("users", expanding=True))))
_TOUCH_GROUPS = _touching(access_paths.USERS_OF_GROUPS)
_TOUCH_LABELLED = _touching(
    select(LabelRow.mailbox_id).where(LabelRow.group_id.in_(bindparam("groups", expanding=True)))
)
_NEWS: BindParameter[str] = bindparam("news", type_=MailboxRow.news.type)
_LINKED = select(LinkRow.mailbox_id).where(LinkRow.contact_id.in_(bindparam("contacts", expanding=True)))
# Each without and with the news.
_TOUCH_MEMBERS = (_TOUCH_GROUPS, _touching(access_paths.USERS_OF_GROUPS, _NEWS))
_TOUCH_CONTACTS = tuple(_touching(access_paths.USERS_OF_CONTACTS, news) for news in (None, _NEWS))
_TOUCH_LINKED = tuple(_touching(_LINKED, news) for news in (None, _NEWS))


def touch_users(work: Work, users: Iterable[str]) -> None:
    """Make the mailboxes of these users due now; their counts are out of date."""
    for some in chunks(users):
        _touch(work, _TOUCH_USERS, users=some)


def touch_groups(work: Work, groups: Iterable[str], *, but: str | None = None) -> None:
    """Make every mailbox due that can see one of the groups."""
    _touch(work, _TOUCH_GROUPS, but, groups=list(groups))


def touch_members(work: Work, group: str, contacts: Sequence[str], *, but: str | None = None) -> None:
    """Make every mailbox due that can see a group which has got these contacts."""
    _tell(work, _TOUCH_MEMBERS, contacts, but, groups=[group])


def touch_contacts(work: Work, contacts: Iterable[str], *, but: str | None = None) -> None:
    """Make every mailbox due that should hold, or still holds, one of the contacts."""
    contacts = list(contacts)
    _tell(work, _TOUCH_CONTACTS, contacts, but, contacts=contacts)
    _tell(work, _TOUCH_LINKED, contacts, but, contacts=contacts)


def touch_labelled(work: Work, groups: Iterable[str]) -> None:
    """Make every mailbox due that carries a label of one of the groups: something is to be withdrawn from it."""
    _touch(work, _TOUCH_LABELLED, groups=list(groups))


def _tell(
    work: Work, statements: Sequence[Update], contacts: Sequence[str], but: str | None, /, **whose: Sequence[str]
) -> None:
    if not contacts:
        return
    without, telling = statements
    if len(contacts) > NEWS:
        _touch(work, without, but, **whose)
    else:
        _touch(work, telling, but, news="".join(f" {contact}" for contact in contacts), **whose)


def _touch(work: Work, statement: Update, but: str | None = None, **whose: Sequence[str]) -> None:
    work.session.connection().execute(statement, {"now": work.now, "but": but or "", **whose})


# --- The claim -------------------------------------------------------------------------------------------------------


_CLAIM = (
    update(MailboxRow)
    .where(
        MailboxRow.user_id == bindparam("user"),
        MailboxRow.lease_until.is_(None) | (MailboxRow.lease_until <= bindparam("now")),
    )
    .values(
        fence=MailboxRow.fence + 1,
        lease_until=bindparam("end"),
        due_at=bindparam("next"),
        asked_at=None,
        # A pass that died may have written anything: after it all are looked through.
        news=case((MailboxRow.lease_until.is_(None), MailboxRow.news)),
    )
    .returning(MailboxRow.fence)
)


def claim(work: Work, user_id: str, lease: timedelta, interval: timedelta) -> int:
    """Claim a mailbox for one pass; returns the fence. Raises MailboxBusy while another pass lives.

    Its next ordinary pass is set here: whatever makes it due while the pass goes on stays due after it.
    """
    fence: int | None = work.session.connection().scalar(
        _CLAIM, {"user": user_id, "now": work.now, "end": work.now + lease, "next": work.now + interval}
    )
    if fence is None:
        raise MailboxBusy("Another process is passing over this mailbox.")
    return fence


_READ_NEWS = select(MailboxRow.news).where(MailboxRow.user_id == bindparam("user"))


def news(work: Work, user_id: str) -> str | None:
    """For a pass that has just claimed the mailbox: ids of the contacts to know, each after a space; None: of all."""
    noted: str | None = work.session.connection().scalar(_READ_NEWS, {"user": user_id})
    return noted


def at_rest(taken: str | None, now: datetime) -> dict[str, Any]:
    """Columns of a mailbox where nothing is left to do: news that came after those that were `taken` stays."""
    if taken is None:
        return {"news": case((MailboxRow.due_at > now, ""))}  # nothing has touched it since the claim
    return {"news": func.substr(MailboxRow.news, len(taken) + 1)}


def next_reading(moment: datetime, now: datetime) -> dict[str, Any]:
    """Columns of a mailbox that is read again then, if nothing has made it due since its claim."""
    return {"due_at": case((MailboxRow.due_at > now, _moment(moment)), else_=MailboxRow.due_at)}


def renew(work: Work, user_id: str, fence: int, lease: timedelta, spent: Mapping[str, Any] | None = None) -> None:
    """Show that the pass lives, and what it has used. Raises MailboxBusy if it was taken for dead, or has ended."""
    alive = {"lease_until": work.now + lease, "spent": spent}
    _mine(work, user_id, fence, alive, MailboxRow.lease_until.is_not(None))


_FENCE = select(MailboxRow.fence).where(MailboxRow.user_id == bindparam("user"))


def require(session: Session, user_id: str, fence: int) -> None:
    """Raise MailboxBusy if the claim has passed to another."""
    if session.connection().scalar(_FENCE, {"user": user_id}) != fence:
        raise MailboxBusy("Another process has taken over this mailbox.")


def end(work: Work, user_id: str, fence: int, **values: Any) -> None:
    """End the claim and write how the pass ended (columns of `MailboxRow`)."""
    _mine(work, user_id, fence, {"lease_until": None, **values})


def counted(standing: int | None, behind: int, begun: datetime, now: datetime) -> dict[str, Any]:
    """Columns of a mailbox at the end of a pass that began then; without counts where something touched it meanwhile.

    What nothing was behind at the end is on its way since the pass began at the earliest. `standing`: None where it is
    what it was.
    """
    since, first = func.coalesce(MailboxRow.waiting_since, _moment(begun)), _moment(begun)
    untouched = MailboxRow.due_at > now
    return {
        "standing": MailboxRow.standing if standing is None else standing,
        "behind": case((untouched, behind)),
        "waiting_since": since if behind else case((~untouched, case((since > first, since), else_=first))),
    }


def write(work: Work, user_id: str, **values: Any) -> None:
    """Write columns of a mailbox that no pass holds."""
    work.session.execute(update(MailboxRow).where(MailboxRow.user_id == user_id).values(**values))


# A Core statement: it writes the end of every pass, and the ORM would cost more than running it.
_WRITE = update(Table.metadata.tables[MailboxRow.__tablename__])


def _mine(work: Work, user_id: str, fence: int, values: dict[str, Any], *more: ColumnElement[bool]) -> None:
    mine = (MailboxRow.user_id == user_id) & (MailboxRow.fence == fence)
    if not work.session.connection().execute(_WRITE.where(mine, *more).values(**values)).rowcount:
        raise MailboxBusy("Another process has taken over this mailbox.")


def count(session: Session) -> int:
    """How many mailboxes a grant reaches or still has something of ours."""
    return session.scalar(select(func.count()).select_from(MailboxRow).where(CONCERNED)) or 0
