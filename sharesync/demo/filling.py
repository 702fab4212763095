"""Filling the demo's store through the same use cases as everyone's: a field, groups, imports, grants, smart groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

from sharesync.demo.company import KNOWN, RENEWAL, SHARED, SMART, TELEPHONE
from sharesync.errors import FieldNameTaken, NameTaken
from sharesync.formats.entries import Bad, Entry, Parsed
from sharesync.formats.reading import read
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.services import company_fields, contacts, grants, groups, programs, smart_groups
from sharesync.services.app import World
from sharesync.services.directory import sync_directory
from sharesync.store.database.work import Work


def fill(world: World) -> None:
    """Read the directory, then make every shared group with its contacts and grants, and the groups filled by filters.

    What a fill that was broken off has made stays, and is not made again. The directory is read once more for the
    members of the Google groups that are granted something. Raises GoogleError.
    """
    sync_directory(world, OPERATOR)
    operation = world.operation(OPERATOR)
    with suppress(FieldNameTaken):
        company_fields.create(operation, RENEWAL)
    with suppress(NameTaken), world.work(OPERATOR) as work:
        _share(work)
    for name, description, asked, granted in SMART:
        with suppress(NameTaken):
            smart_groups.create(operation, name, asked, ["Customers"], description=description)
        with world.work(OPERATOR) as work:
            _grant(work, name, granted)
    sync_directory(world, OPERATOR)


def _share(work: Work) -> None:
    programs.create(work, TELEPHONE)
    for name, description, file, granted in SHARED:
        group = groups.create(work, name, description)
        data = (files("sharesync.demo") / file).read_bytes()
        contacts.import_entries(work, group.id, _known(read(data, file).entries, work.now.date()))
        _grant(work, name, granted)


def _grant(work: Work, group: str, granted: Iterable[tuple[str, str]]) -> None:
    for principal, level in granted:
        grants.grant(work, group, principal, Level.parse(level))


def _known(entries: Iterable[Entry], today: date) -> Iterator[Entry]:
    """The entries, with what is known of some beyond their files."""
    for entry in entries:
        yield entry if isinstance(entry, Bad) else replace(entry, fields=_told(entry, today))


def _told(entry: Parsed, today: date) -> dict[str, str]:
    """What is known of one: the day of the renewal, and tags."""
    addresses = [item.text("value") for item in entry.card["emailAddresses"]]
    days, tags = next((KNOWN[address] for address in addresses if address in KNOWN), (None, ""))
    renewal = "" if days is None else (today + timedelta(days=days)).isoformat()
    return {name: text for name, text in ((RENEWAL.name, renewal), ("Tags", tags)) if text}
