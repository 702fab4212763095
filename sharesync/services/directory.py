"""Directory sync: read users, Google groups and units; access follows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharesync.errors import Sentence
from sharesync.model.audit import By, Event
from sharesync.model.directory import GoogleGroup, Member, MemberKind
from sharesync.services import sessions
from sharesync.services.world import World
from sharesync.store import directory


@dataclass(frozen=True, slots=True)
class DirectoryReport:
    """What a directory sync read, and how many mailboxes it concerned."""

    users: int
    groups: int
    units: int
    changed: int
    """Mailboxes whose access changed."""


def sync_directory(world: World, by: By) -> DirectoryReport:
    """Read the whole directory and make the mirror equal to it. Raises GoogleError; then nothing has changed."""
    with world.google.directory() as google:
        users, groups, units = google.users(), google.groups(), google.units()
        direct = {group.id: google.members(group.id) for group in groups}
    members = flatten(groups, direct, frozenset(user.id for user in users if not user.deleted))
    with world.work(by) as work:
        changed = directory.save(work, users, groups, members, units)
        sessions.close_paused(work)
        if changed:
            work.record(Event("directory.sync", reason=Sentence("access of %(number)s users changed", number=changed)))
    return DirectoryReport(len(users), len(groups), len(units), changed)


def flatten(
    groups: Sequence[GoogleGroup], direct: Mapping[str, Sequence[Member]], everyone: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Users of each Google group, those of nested groups too, whatever circles the nesting makes.

    `direct` holds each group's own members by group id. A member of kind CUSTOMER means everyone in the domain
    (Directory API, members). Google's derived listing leaves people out at times, so it is not asked.
    """
    by_email = {email.casefold(): group.id for group in groups for email in (group.email, *group.aliases)}
    flat: dict[str, frozenset[str]] = {}
    for group in groups:
        seen, waiting, users = {group.id}, [group.id], set[str]()
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
        flat[group.id] = frozenset(users & everyone)
    return flat
