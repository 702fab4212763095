"""Tokens: made, found with every request of a program, ended.

A token acts for its owner, a user or a service, and never for more than what the owner may at that moment. Its text is
shown once; the store has its hash. It ends by its time, by hand, and with its owner.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sharesync.errors import InvalidInput, NotAllowed, NotFound, Sentence
from sharesync.model.access import Principal, PrincipalKind, PrincipalName
from sharesync.model.audit import ActorKind, By, Event, Source
from sharesync.model.permission import Party, Right
from sharesync.model.token import (
    ALPHABET,
    MOST_DAYS,
    NOTICE,
    RANDOM,
    USUAL_DAYS,
    in_order,
    is_token,
    scopes_of,
    token_name,
    written,
)
from sharesync.services.who_may.permission import require, token_party
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation, Work
from sharesync.store.mailboxes import directory
from sharesync.store.records import groups as kept_groups
from sharesync.store.records import tokens
from sharesync.store.records.tokens import ProgramToken

HINT = 8
"""Characters of the text that are kept: its owner tells by them which token it is."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made: the only time that its text is known."""

    token: ProgramToken
    text: str


@dataclass(frozen=True, slots=True)
class Program:
    """A program that came in by a living token."""

    token: ProgramToken
    party: Party
    due: bool
    """It is time to write down that the token was used."""

    @property
    def by(self) -> By:
        """Who acts when it does something."""
        return by_token(self.token)


@dataclass(frozen=True, slots=True)
class DeadToken:
    """A token of ours that opens nothing any more."""

    token: ProgramToken
    reason: Sentence


def by_token(token: ProgramToken) -> By:
    """The actor of what is done by a token."""
    return By(ActorKind.TOKEN, token.id, Source.API)


def create(
    work: Work,
    owner: str,
    name: str,
    scopes: Iterable[str],
    *,
    groups: Collection[str] | None = None,
    days: int = USUAL_DAYS,
) -> NewToken:
    """Make a token for an owner: an address, or `service:NAME`. `groups`: names or ids of the only ones it is for.

    People make their own; administrators those of services; the command line any. A program makes none: it would
    outlive the token that it came by. Raises InvalidInput, NotFound, NotAllowed.
    """
    _refuse_programs(work)
    meant = PrincipalName.parse(owner)
    if meant.kind not in (PrincipalKind.USER, PrincipalKind.SERVICE):
        raise InvalidInput("A token acts for one person or one service: someone@x.test or service:NAME.")
    who = directory.principal(work.session, meant)
    _require_for(work, who)
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("A token lasts from 1 to %(most)s days.", most=MOST_DAYS)
    held = scopes_of(scopes)
    within = _visible_groups(work, groups)
    text = written(who.kind, "".join(secrets.choice(ALPHABET) for _ in range(RANDOM)))
    token = ProgramToken(
        id=work.new_id(),
        hint=text[:HINT],
        name=token_name(name),
        owner=who,
        owner_title=str(meant),
        owner_name=str(meant),
        owner_there=True,
        scopes=held,
        groups=within,
        created_at=work.now,
        expires_at=work.now + timedelta(days=days),
        used_at=None,
        revoked_at=None,
    )
    tokens.add(work, token, _digest(text))
    until = token.expires_at.date().isoformat()
    reason = Sentence("%(scopes)s until %(date)s (%(id)s)", scopes=" ".join(in_order(held)), date=until, id=token.id)
    work.record(Event("token.create", mailbox=_mailbox(who), reason=reason))
    return NewToken(token, text)


def _visible_groups(work: Work, groups: Collection[str] | None) -> tuple[str, ...] | None:
    if groups is None:
        return None
    if not groups:
        raise InvalidInput("Name at least one group, or none at all for every group that the owner sees.")
    return tuple(_visible_group(work, group) for group in dict.fromkeys(groups))


def revoke(work: Work, token: str) -> ProgramToken:
    """End a token at once: one's own, or as administrator anyone's. Raises NotFound, also where it has ended."""
    _refuse_programs(work)
    found = tokens.get(work.session, token)
    if found.revoked_at is not None:
        raise NotFound("token", token)
    if not _is_own(work, found.owner):
        require(work, Right.ADMINISTER)
    end(work, found)
    return found


def end(work: Work, token: ProgramToken) -> None:
    """End a token; the caller has asked for the right."""
    tokens.revoke(work, token.id)
    work.record(Event("token.revoke", mailbox=_mailbox(token.owner), reason=token.id))


def tell_over(operation: Operation) -> int:
    """What the clock does: tell of the tokens whose time is over, each once; returns how many those are."""
    with operation.look() as look:
        if not tokens.over(look.session, look.now):
            return 0
    with operation.piece() as work:
        found = tokens.over(work.session, work.now)
        for token in found:
            tokens.set_over(work, token.id)
            work.record(Event("token.expire", mailbox=_mailbox(token.owner), reason=token.id))
    return len(found)


def find(session: Session, text: str, now: datetime) -> Program | DeadToken | None:
    """Whose token this text is; None where it is none of ours."""
    token = tokens.find(session, _digest(text)) if is_token(text) else None
    if token is None:
        return None
    if token.revoked_at is not None:
        return DeadToken(token, Sentence("This token was revoked."))
    if now >= token.expires_at:
        return DeadToken(token, Sentence("This token’s time is over."))
    if not token.owner_there:
        return DeadToken(token, Sentence("The owner of this token is suspended, archived, deleted or removed."))
    due = token.used_at is None or now - token.used_at >= NOTICE
    return Program(token, token_party(session, token), due)


def see(work: Work, token: str) -> None:
    """It was used just now."""
    tokens.use(work, token)


def _require_for(work: Work, owner: Principal) -> None:
    if _is_own(work, owner):
        require(work, Right.ENTER)
    elif owner.kind is PrincipalKind.SERVICE:
        require(work, Right.ADMINISTER)
    elif work.by.kind is not ActorKind.SYSTEM:
        raise NotAllowed("Everyone makes their own tokens; for a program of the company, make a service.")
    if owner.kind is PrincipalKind.USER and directory.paused(work.session, owner.subject):
        raise InvalidInput("This account is suspended, archived or deleted; a token of it would open nothing.")


def _refuse_programs(work: Work) -> None:
    if work.by.kind is ActorKind.TOKEN:
        raise NotAllowed("A program makes and ends no tokens.")


def _is_own(work: Work, owner: Principal) -> bool:
    return work.by.kind is ActorKind.USER and owner == Principal(PrincipalKind.USER, work.by.id)


def _visible_group(work: Work, name_or_id: str) -> str:
    found = kept_groups.find_id(work.session, name_or_id)
    require(work, Right.VIEW, (found,), name=name_or_id)
    return found


def _mailbox(owner: Principal) -> str | None:
    return owner.subject if owner.kind is PrincipalKind.USER else None


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
