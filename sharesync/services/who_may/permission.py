"""Permission: who acts, as a party to `authorize`, and the refusal of what they may not do."""

from __future__ import annotations

from collections.abc import Collection

from sharesync.errors import NotAllowed, NotFound
from sharesync.model.access import Level, Principal, PrincipalKind
from sharesync.model.audit import ActorKind, By
from sharesync.model.permission import EVERYTHING, LEAST, Allowed, Denied, Party, Right, Role, authorize
from sharesync.model.waiting import HoldKind
from sharesync.store.database.engine import Session
from sharesync.store.database.work import ReadOnly, Work
from sharesync.store.records import (
    access_paths,
    arisen,
    conflicts,
    contacts,
    groups,
    holds,
    proposals,
    roles,
    smart_groups,
    tokens,
)
from sharesync.store.records.tokens import ProgramToken


def party(session: Session, by: By) -> Party:
    """Who acts, with the rights that are written down for its kind; an actor of any other kind may do nothing.

    A mailbox acts with its user's levels alone: a role is for the web page. Raises NotAllowed for another kind.
    """
    match by.kind:
        case ActorKind.SYSTEM:
            return EVERYTHING
        case ActorKind.MAILBOX:
            return user_party(session, by.id, None)
        case ActorKind.USER:
            return user_party(session, by.id, roles.of(session, by.id))
        case ActorKind.TOKEN:
            return token_party(session, tokens.get(session, by.id))
    raise NotAllowed("An actor of this kind may do nothing.")  # mypy asks for a case for each kind that is added


def user_party(session: Session, user: str, role: Role | None) -> Party:
    """A user with this role, and their level on each group that reaches them or is theirs."""
    return _party(session, role, access_paths.levels(session, user), Principal(PrincipalKind.USER, user))


def service_party(session: Session, service: str) -> Party:
    """A service, with its level on each group that was granted to it or is its own."""
    return _party(
        session, None, access_paths.service_levels(session, service), Principal(PrincipalKind.SERVICE, service)
    )


def _party(session: Session, role: Role | None, levels: dict[str, Level], who: Principal) -> Party:
    # Who owns a smart group manages the groups that its contacts come from: this opens nothing more on any of them.
    own = dict.fromkeys(smart_groups.owned(session, who), Level.MANAGE)
    return Party(role, levels | own, groups.keeping(session))


def token_party(session: Session, token: ProgramToken) -> Party:
    """A program with what its token opens of what the owner may now. Raises NotAllowed where it opens nothing."""
    if token.revoked_at is not None or not token.owner_there:
        raise NotAllowed("This token no longer works.")
    if token.owner.kind is PrincipalKind.USER:
        owner = user_party(session, token.owner.subject, roles.of(session, token.owner.subject))
    else:
        owner = service_party(session, token.owner.subject)
    return owner.by_token(token.scopes, token.groups)


def require(
    work: Work | ReadOnly, right: Right, groups: Collection[str] = (), *, what: str = "group", name: str = ""
) -> None:
    """Go on only if the actor has this right, where it is one on groups: on any of these.

    Raises NotFound for what they may not even see (`what` and `name` say what they asked for), else NotAllowed.
    """
    verdict = authorize(party(work.session, work.by), right, groups)
    if isinstance(verdict, Denied):
        raise refusal(verdict, right, what, name)


def refusal(verdict: Denied, right: Right, what: str, name: str) -> NotFound | NotAllowed:
    """The error for a denial: what they may not even know of is not there for them."""
    error = NotFound(what, name) if verdict.hidden else NotAllowed(verdict.reason)
    error.denied = "hidden" if verdict.hidden else right.value
    return error


def require_on_group(work: Work | ReadOnly, right: Right, group: str) -> None:
    """The same on one group, by id."""
    require(work, right, (group,), name=group)


def require_on_contact(work: Work | ReadOnly, right: Right, contact: str) -> None:
    """The same on a contact: through any group that holds it. Raises NotFound also where there is no such contact."""
    require(work, right, groups_of_contact(work.session, contact), what="contact", name=contact)


def require_everywhere(work: Work | ReadOnly, right: Right, contact: str) -> None:
    """The same through every group that holds it. Raises NotFound, or NotAllowed also for a group they cannot see.

    Smart groups give no right to more than edit, and need not be asked: a contact is in ordinary ones, too.
    """
    require_on_contact(work, right, contact)
    held = groups_of_contact(work.session, contact)
    held = set(held) - smart_groups.among(work.session, held)
    if len(groups_with(work, right, held)) < len(held):
        raise NotAllowed(
            "This takes the level “%(level)s” in every group that holds the contact.", level=LEAST[right].word
        )


def groups_with(work: Work | ReadOnly, right: Right, candidates: Collection[str]) -> list[str]:
    """Those of the groups on which the actor has the right."""
    who = party(work.session, work.by)
    return [group for group in candidates if isinstance(authorize(who, right, (group,)), Allowed)]


def editable(work: Work | ReadOnly, candidates: Collection[str]) -> set[str]:
    """Those of the contacts that the actor may edit, through any group that holds them or that they left."""
    who, held = party(work.session, work.by), contacts.held_by(work.session, candidates)
    left = {one: contacts.left_groups(work.session, one) for one in candidates if one not in held}
    return {one for one, places in (held | left).items() if isinstance(authorize(who, Right.EDIT, places), Allowed)}


def group_itself(session: Session, name_or_id: str) -> Collection[str]:
    """The group that rights on it are asked of. Raises NotFound."""
    return [groups.find_id(session, name_or_id)]


def groups_of_contact(session: Session, contact: str) -> Collection[str]:
    """The groups that rights on a contact are asked of: those that hold it, or that it left for the trash.

    Raises NotFound.
    """
    return contacts.holders(session, contact)


def groups_of_hold(session: Session, hold: str) -> Collection[str]:
    """The group that rights on an open hold are asked of; none for one that administrators decide. Raises NotFound.

    Those are a hold of several groups, and one whose cause is Directory.
    """
    found = holds.find(session, hold)
    return [found.group_id] if found.group_id and found.kind is not HoldKind.DIRECTORY else []


def groups_of_proposal(session: Session, proposal: str) -> Collection[str]:
    """The groups that rights on an open proposal are asked of: those in which it arose. Raises NotFound."""
    return arisen.groups(session, proposal, proposals.find(session, proposal)[0].contact)


def groups_of_conflict(session: Session, conflict: str) -> Collection[str]:
    """The groups that rights on an open conflict are asked of: those in which it arose. Raises NotFound."""
    return arisen.groups(session, conflict, conflicts.find(session, conflict).contact)
