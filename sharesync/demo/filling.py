"""Filling the demo's store, through the same use cases as everyone's: groups, imports and grants, all or nothing."""

from __future__ import annotations

from importlib.resources import files

from sharesync.demo.company import SHARED, TELEPHONE
from sharesync.formats.reading import read
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.services import contacts, grants, groups, programs
from sharesync.services.app import World
from sharesync.services.directory import sync_directory


def fill(world: World) -> None:
    """Read the directory, then make every shared group with its contacts and grants, in one transaction.

    The directory is read once more for the members of the Google groups that are granted something.

    Raises GoogleError; NameTaken where it has been done before.
    """
    sync_directory(world, OPERATOR)
    with world.work(OPERATOR) as work:
        programs.create(work, TELEPHONE)
        for name, description, file, granted in SHARED:
            group = groups.create(work, name, description)
            data = (files("sharesync.demo") / file).read_bytes()
            contacts.import_entries(work, group.id, read(data, file).entries)
            for principal, level in granted:
                grants.grant(work, group.id, principal, Level.parse(level))
    sync_directory(world, OPERATOR)
