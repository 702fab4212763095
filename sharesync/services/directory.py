"""Directory sync: read users, Google groups and units; access follows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sharesync.errors import GoogleError, MalformedReply, NotFound, RetryLater
from sharesync.google.directory import Directory
from sharesync.model.access import PrincipalKind, PrincipalName
from sharesync.model.audit import By
from sharesync.model.directory import ROOT, DirectoryUser, GoogleGroup, Member, MemberKind, OrgUnit
from sharesync.services import departed_mailboxes, smart_members
from sharesync.services.app import World
from sharesync.services.directory_events import tell
from sharesync.services.who_may import sessions
from sharesync.store.database.engine import Session
from sharesync.store.mailboxes import departed, directory, mirror

ASKED_AT_MOST = 100
"""About so many users whom no listing names a reading asks one by one: Google allows 2,400 queries a minute."""


@dataclass(frozen=True, slots=True)
class DirectoryReport:
    """What a directory sync read, and how many mailboxes it concerned."""

    users: int
    groups: int
    units: int
    changed: int
    """Mailboxes whose access changed."""
    held: int = 0
    """People who would lose a group and keep it until somebody decides."""


def sync_directory(world: World, by: By) -> DirectoryReport:
    """Read the directory and make the mirror equal to it. Raises GoogleError; then nothing has changed.

    Members are read of the Google groups that grants name, and of those nested in them. Where a reading that began
    later was saved meanwhile, this one is not.
    """
    with world.work(by) as work:
        number = mirror.begin(work)
        granted, mirrored = directory.granted_groups(work.session), directory.group_ids(work.session)
    with world.google.directory() as google:
        users, units = _users_and_units(google)
        absent = _ask_about_absent(world, google, users, units)
        users = (*users, *absent.there)
        groups = google.groups()
        direct = _read_members(google, groups, granted, mirrored)
    alive = frozenset(user.id for user in users if not user.deleted)
    members = flatten(groups, direct, alive | absent.unknown)
    with world.work(by) as work:
        if mirror.is_outdated(work.session, number):
            return DirectoryReport(len(users), len(groups), len(units), 0)
        saved = mirror.save(
            work, mirror.DirectoryReading(users, groups, members, units, absent.gone), world.hold_limits
        )
        mirror.end(work, number)
        sessions.close_paused(work)
        smart_members.judge(work)
        tell(work, saved)
    departed_mailboxes.end_mailboxes(world, by, absent.gone)
    held = sum(people for _, people in saved.held.values())
    return DirectoryReport(len(users), len(groups), len(units), saved.changed, held)


@dataclass(frozen=True, slots=True)
class Absent:
    """Users whom the store knows and no listing named: what Google answers about each, asked by their ids."""

    there: tuple[DirectoryUser, ...] = ()
    """They are there: a listing may leave somebody out."""
    gone: frozenset[str] = frozenset()
    """There is no such user."""
    unknown: frozenset[str] = frozenset()
    """The living about whom nobody asked, or no answer came: they stay as they were until a later reading."""


def _ask_about_absent(
    world: World, google: Directory, users: Sequence[DirectoryUser], units: Sequence[OrgUnit]
) -> Absent:
    """Absence is not deletion: who is missing from the listings is asked about, so many in each reading."""
    with world.database.reading() as session:
        absent = departed.doubtful(session, {user.id for user in users}, world.now())
        alive = directory.everyone(session)
    paths, there, gone = _paths(units), list[DirectoryUser](), set[str]()
    for user in absent[:ASKED_AT_MOST]:
        try:
            found = google.user(user)
        except RetryLater:  # the others are asked with the next reading
            break
        except GoogleError:  # an error tells nothing about the user
            continue
        if found is None:
            gone.add(user)
        elif found.deleted or found.unit in paths:
            there.append(found)
    unknown = alive.intersection(absent) - gone - {user.id for user in there}
    return Absent(tuple(there), frozenset(gone), unknown)


def learn(world: World, by: By, principal: str) -> None:
    """Read the members of a Google group that no grant has named yet: who is to be granted something must be known.

    Nothing is asked where `principal` is no Google group, or its members are known. Raises GoogleError, InvalidInput.
    """
    with world.database.reading() as session:
        who = to_learn(session, principal)
        if who is None:
            return
        everyone, mirrored = directory.everyone(session), directory.group_ids(session)
    with world.google.directory() as google:
        groups = google.groups()
        direct = _read_members(google, groups, {who}, mirrored)
    with world.work(by) as work:
        mirror.learn(work, flatten(groups, direct, everyone))


def to_learn(session: Session, principal: str) -> str | None:
    """The id of a Google group whose members are not known; None for any other principal. Raises InvalidInput."""
    name = PrincipalName.parse(principal)
    if name.kind is not PrincipalKind.GROUP:
        return None
    try:
        group = directory.principal(session, name).subject
    except NotFound:  # granting says so
        return None
    return None if directory.is_read(session, group) else group


def _users_and_units(google: Directory) -> tuple[Sequence[DirectoryUser], Sequence[OrgUnit]]:
    """Users and units that fit together: a unit renamed between the two listings has them read once more.

    Raises MalformedReply where they do not fit then either: to guess somebody's unit would give or take access.
    """
    for _ in range(2):
        units, users = google.units(), google.users()
        paths = _paths(units)
        if all(user.deleted or user.unit in paths for user in users):
            return users, units
    raise MalformedReply("Google listed users in units that it did not list; sharesync tries again by itself.")


def _paths(units: Sequence[OrgUnit]) -> frozenset[str]:
    return frozenset({ROOT, *(unit.path for unit in units)})


def _read_members(
    google: Directory, groups: Sequence[GoogleGroup], wanted: Iterable[str], mirrored: frozenset[str]
) -> dict[str, Sequence[Member]]:
    """The direct members of these Google groups, and of all that are nested in them, by group id.

    A listing of groups may leave one out: of the `mirrored` ones, named by earlier listings, members are asked for all
    the same. Any other that no listing names is of another Workspace, and its members have no mailbox here.
    """
    ids, by_email = mirrored.union(group.id for group in groups), _by_email(groups)
    direct: dict[str, Sequence[Member]] = {}
    waiting = sorted(wanted)
    while waiting:
        group = waiting.pop()
        if group in direct:
            continue
        direct[group] = google.members(group)
        for member in direct[group]:
            if member.kind is MemberKind.GROUP:
                nested = member.id if member.id in ids else by_email.get(member.email.casefold(), "")
                waiting += [nested] if nested else []
    return direct


def _by_email(groups: Sequence[GoogleGroup]) -> dict[str, str]:
    return {email.casefold(): group.id for group in groups for email in (group.email, *group.aliases)}


def flatten(
    groups: Sequence[GoogleGroup], direct: Mapping[str, Sequence[Member]], everyone: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Users of each Google group that was asked about, those of nested groups too, whatever circles the nesting makes.

    `direct` holds each such group's own members by group id. A member of kind CUSTOMER means everyone in the domain
    (Directory API, members). Google's derived listing leaves people out at times, so it is not asked.
    """
    by_email = _by_email(groups)
    flat: dict[str, frozenset[str]] = {}
    for group in direct:
        seen, waiting, users = {group}, [group], set[str]()
        while waiting:
            for member in direct.get(waiting.pop(), ()):
                match member.kind:
                    case MemberKind.CUSTOMER:
                        users |= everyone
                    case MemberKind.GROUP:
                        nested = member.id if member.id in direct else by_email.get(member.email.casefold(), "")
                        if nested and nested not in seen:
                            seen.add(nested)
                            waiting.append(nested)
                    case MemberKind.USER:
                        users.add(member.id)
                    case MemberKind.EXTERNAL:
                        pass  # has no mailbox in this Workspace
        flat[group] = frozenset(users & everyone)
    return flat
