"""`groups`: shared groups, and contacts into and out of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.arguments import Moment, whole
from sharesync.cli.output import OutputColumn, counted, json_option, local, show, tell

if TYPE_CHECKING:
    from sharesync.model.access import Principal
    from sharesync.model.group import Group
    from sharesync.store.database.engine import Database

_from = click.option("--from", "sources", metavar="GROUP", multiple=True, help="…in this group; may be given again.")
_COLUMNS: tuple[OutputColumn, ...] = (
    ("name", lambda line: line["name"]),
    ("contacts", lambda line: line["contacts"]),
    ("id", lambda line: line["id"]),
)
_SMART: tuple[OutputColumn, ...] = (*_COLUMNS[:2], ("filter", lambda line: line.get("filter") or ""), _COLUMNS[2])


def _line(group: Group) -> dict[str, Any]:
    line = {"id": group.id, "name": group.name, "contacts": group.contacts}
    return line | {"filter": group.filter} if group.is_smart else line


@click.group()
def groups() -> None:
    """Shared groups; contacts into and out of them. GROUP is a name or an id."""


@groups.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """Show every group."""
    from sharesync.store.records import groups as stored

    with opening.store() as database, database.reading() as session:
        lines = [_line(group) for group in stored.listed(session)]
    columns = _SMART if any("filter" in line for line in lines) else _COLUMNS
    show(lines, columns, "There is no group yet; `sharesync groups create NAME` makes one.", as_json=as_json)


@groups.command()
@click.argument("name")
@click.option("--description", default="", help="What the group is for.")
@click.option(
    "--filter", "filter_", metavar="FILTER", help="Make a smart group: its contacts are those of which FILTER holds…"
)
@_from
@click.option("--owner", metavar="PRINCIPAL", help="Who manages the smart group: someone@x.test or service:NAME.")
@json_option
def create(
    *, name: str, description: str, filter_: str | None, sources: tuple[str, ...], owner: str | None, as_json: bool
) -> None:
    """Make an empty group that nobody sees yet; or a smart one, whose contacts a filter chooses out of others.

    A smart group takes contacts from groups that its owner manages; without --owner it is the administrators' own.
    """
    from sharesync.services import groups as cases
    from sharesync.services import smart_groups

    if filter_ is None:
        if sources or owner:
            raise click.UsageError("--from and --owner are for a smart group; give it a --filter.")
        with opening.changing() as work:
            group = cases.create(work, name, description)
        tell(_line(group), f"Made the group {group.name} ({group.id}).", as_json=as_json)
        return
    if not sources:
        raise click.UsageError("Name at least one group from which its contacts come, with --from.")
    zone = opening.settings().time_zone
    with opening.store() as database:
        whose, operation = _owner(database, owner), opening.operation_in(database)
        days = zone.key if zone else ""
        group = smart_groups.create(operation, name, filter_, sources, description=description, zone=days, owner=whose)
    held = counted(group.contacts, "contact")
    tell(_line(group), f"Made the smart group {group.name} ({group.id}), which holds {held}.", as_json=as_json)


def _owner(database: Database, text: str | None) -> Principal | None:
    """Raises InvalidInput, NotFound."""
    from sharesync.services import smart_groups

    if not text:
        return None
    with database.reading() as session:
        return smart_groups.owner(session, text)


@groups.command()
@click.argument("group")
@click.option("--filter", "filter_", metavar="FILTER", help="Those of which FILTER holds…")
@_from
@click.option("--yes", is_flag=True, help="Also where so many contacts would leave that it would be asked first.")
@click.option("--dry-run", is_flag=True, help="Say how many would join and leave, and do nothing.")
@json_option
def choose(
    *, group: str, filter_: str | None, sources: tuple[str, ...], yes: bool, dry_run: bool, as_json: bool
) -> None:
    """Let another filter choose who is in a smart group, or from other groups; what is left out stays as it is."""
    from sharesync.services import smart_groups

    with opening.store() as database:
        operation = opening.operation_in(database)
        with operation.look() as look:
            effect = smart_groups.change_effect(look, group, filter_, sources or None)
        numbers = {"joining": len(effect.joining), "leaving": len(effect.leaving)}
        joining, leaving = (counted(number, "contact") for number in numbers.values())
        if dry_run:
            tell(numbers, f"{joining} would join, {leaving} would leave.", as_json=as_json)
            return
        changed = smart_groups.change(operation, group, filter_, sources or None, sure=yes)
    words = f"{changed.name} holds {counted(changed.contacts, 'contact')} now: {joining} joined, {leaving} left."
    tell(_line(changed) | numbers, words, as_json=as_json)


@groups.command()
@click.argument("group")
@click.argument("principal", required=False)
@json_option
def give(*, group: str, principal: str | None, as_json: bool) -> None:
    """Give a smart group to another owner: someone@x.test, service:NAME, or nobody but the administrators.

    From then on it takes contacts from those of its groups that the new owner manages.
    """
    from sharesync.services import smart_groups
    from sharesync.store.records import groups as stored

    with opening.store() as database:
        owner = _owner(database, principal)
        with opening.changing_in(database) as work:
            smart_groups.give(work, group, owner)
        with database.reading() as session:
            found = stored.find(session, group)
    words = f"{found.name} is managed by {principal or 'administrators'} now and holds"
    words = f"{words} {counted(found.contacts, 'contact')}."
    tell(_line(found) | {"owner": principal}, words, as_json=as_json)


@groups.command()
@click.argument("group")
@click.argument("name")
@json_option
def rename(*, group: str, name: str, as_json: bool) -> None:
    """Give a group another name; the labels follow."""
    from sharesync.services import groups as cases

    with opening.changing() as work:
        renamed = cases.rename(work, group, name)
    tell(_line(renamed), f"The group is called {renamed.name} now.", as_json=as_json)


@groups.command()
@click.argument("group")
@json_option
def delete(*, group: str, as_json: bool) -> None:
    """Delete a group; its label goes everywhere, contacts in no other group go to the trash."""
    from sharesync.services import groups as cases

    with opening.store() as database:
        deleted = cases.delete(opening.operation_in(database), group)
    held = counted(deleted.contacts, "contact")
    tell(_line(deleted), f"Deleted the group {deleted.name}, which held {held}.", as_json=as_json)


@groups.command()
@click.argument("group")
@click.option("--count", type=whole(0), help="Hold removals of more contacts than this…")
@click.option("--share", type=click.FloatRange(0, 1), help="…and than this share of the group.")
@click.option(
    "--service", metavar="NAME", help="Let this service change, or take out, --count at once before it waits."
)
@json_option
def limits(*, group: str, count: int | None, share: float | None, service: str | None, as_json: bool) -> None:
    """Give a group limits of its own for holds; what is left out is the usual again."""
    from sharesync.services import holds
    from sharesync.store.records import groups as stored

    if service is not None and share is not None:
        raise click.UsageError("A service's limit is a --count alone.")
    with opening.changing() as work:
        found = stored.find(work.session, group)
        if service is not None:
            holds.set_service_limit(work, found.id, service, count)
        else:
            holds.set_limits(work, found.id, count, share)
    if service is not None:
        line = {"id": found.id, "name": found.name, "service": service, "count": count}
        tell(line, f"What {service} changes of {found.name} is held by this limit from now on.", as_json=as_json)
        return
    usual = {"id": found.id, "name": found.name, "count": count, "share": share}
    tell(usual, f"Removals from {found.name} are held by these limits from now on.", as_json=as_json)


@groups.command("pass-on")
@click.argument("group")
@click.argument("who", type=click.Choice(("editors", "managers")))
@json_option
def pass_on(*, group: str, who: str, as_json: bool) -> None:
    """Say who may put a group's contacts into other groups, too: who may edit them, or only who manages the group."""
    from sharesync.services import groups as cases

    with opening.changing() as work:
        found = cases.let_pass_on(work, group, allowed=who == "editors")
    sentence = f"From now on {who} of {found.name} may put its contacts into other groups."
    tell(_line(found) | {"passed_on_by": who}, sentence, as_json=as_json)


@groups.command()
@click.argument("group")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@json_option
def add(*, group: str, ids: tuple[str, ...], as_json: bool) -> None:
    """Put contacts into a group."""
    from sharesync.services import bulk
    from sharesync.store.records import groups as stored

    with opening.store() as database:
        new = bulk.add(opening.operation_in(database), group, ids)
        with database.reading() as session:
            found = stored.find(session, group)
    sentence = f"Put {counted(len(new), 'contact')} into {found.name}, which holds {found.contacts} now."
    tell(_line(found) | {"added": new}, sentence, as_json=as_json)


@groups.command()
@click.argument("group")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@json_option
def take(*, group: str, ids: tuple[str, ...], as_json: bool) -> None:
    """Take contacts out of a group; one that is in no group afterwards lies in the trash."""
    from sharesync.services import bulk
    from sharesync.store.records import groups as stored

    with opening.store() as database:
        left = bulk.take(opening.operation_in(database), group, ids)
        with database.reading() as session:
            found = stored.find(session, group)
    sentence = f"Removed {counted(len(left), 'contact')} from {found.name}, which holds {found.contacts} now."
    tell(_line(found) | {"taken": left}, sentence, as_json=as_json)


_SHOWN: tuple[OutputColumn, ...] = (
    ("name", lambda line: line["title"]),
    ("version", lambda line: line["version"]),
    ("id", lambda line: line["id"]),
)


@groups.command("show")
@click.argument("group")
@click.option("--at", type=Moment(), metavar="TIME", help="As it stood then, in this machine's zone; else as it is.")
@json_option
def show_(*, group: str, at: datetime | None, as_json: bool) -> None:
    """Show the contacts of a group, now or as they were: 2026-03-01 or 2026-03-01T14:30:00."""
    from sharesync.store.queries import delivery_times, past
    from sharesync.store.records import contacts
    from sharesync.store.records import groups as stored

    with opening.store() as database, database.reading() as session:
        ident = stored.find_any(session, group)
        then = past.members(session, ident, at) if at else contacts.cards(session, stored.members(session, ident))
        oldest = None if at else delivery_times.oldest_by_group(session).get(ident)
    lines = [
        {"id": contact, "version": version, "card": card.as_json()} | ({} if as_json else {"title": card.title or None})
        for contact, (version, card) in sorted(then.items(), key=lambda one: (one[1][1].title.casefold(), one[0]))
    ]
    show(lines, _SHOWN, "Nobody was in this group then." if at else "Nobody is in this group.", as_json=as_json)
    if oldest and not as_json:
        click.echo(f"\nThe oldest change still on its way to someone is of {local(oldest)}.")


@groups.command()
@click.argument("group")
@click.option("--at", type=Moment(), required=True, metavar="TIME", help="The moment to go back to.")
@click.option("--take-newer", is_flag=True, help="Take contacts out that joined since.")
@json_option
def restore(*, group: str, at: datetime, take_newer: bool, as_json: bool) -> None:
    """Restore what a group lost since a moment; what is newer stays.

    Contacts that were in it then are in it again, and values that their cards lost since are theirs again. Values
    typed since stay. `groups show GROUP --at TIME` shows how it stood.
    """
    from sharesync.services import restore_group

    with opening.store() as database:
        done = restore_group.restore_group(opening.operation_in(database), group, at, take_newer=take_newer)
    words = (
        f"Put {counted(done.returned, 'contact')} back into the group, gave {counted(done.changed, 'contact')} values"
        f" back, removed {counted(done.taken, 'contact')}."
    )
    tell({"returned": done.returned, "changed": done.changed, "taken": done.taken}, words, as_json=as_json)
