"""Filling the demo's store through the same use cases as everyone's: groups, imports, grants, filters, a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import cycle

from sharesync.demo.company import ADMIN, BOUGHT, KNOWN, RENEWAL, REVIEW, REVIEWERS, SHARED, SMART, TELEPHONE
from sharesync.errors import FieldNameTaken, NameTaken
from sharesync.formats.entries import Parsed
from sharesync.formats.file_reading import read
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.entry import ContactEntry, EntryKind, Money
from sharesync.model.review import ItemState, ReviewDraft
from sharesync.services import company_fields, entries, grants, groups, programs, smart_groups
from sharesync.services import reviews as cases
from sharesync.services.app import World
from sharesync.services.directory import sync_directory
from sharesync.services.import_entries import import_entries, known_by_content
from sharesync.store.database.work import Work
from sharesync.store.mailboxes.directory import user_id
from sharesync.store.records import reviews


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
    _review(world)


def _review(world: World) -> None:
    """A review of the customers, half done: of every six contacts one was corrected, and one is said to be gone."""
    with world.database.reading() as session:
        if reviews.known(session):
            return
        astrid, *asked = (user_id(session, address) for address in (ADMIN, *REVIEWERS))
    due = world.now().date() + timedelta(days=14)
    draft = ReviewDraft(REVIEW, due, "Customers", reviewers=tuple(asked), repeats=True)
    review = cases.start(world.operation(By(ActorKind.USER, astrid, Source.WEB)), draft)
    said = (ItemState.RIGHT, ItemState.CORRECTED, ItemState.RIGHT, ItemState.RIGHT, ItemState.GONE, ItemState.RIGHT)
    for who in asked:
        with world.work(By(ActorKind.USER, who, Source.WEB)) as work:
            mine = [one.contact for one in reviews.items(work.session, review) if one.reviewer == who]
            for contact, answer in zip(mine[: len(mine) // 2], cycle(said), strict=False):
                cases.decide(work, review, contact, answer)


def _share(work: Work) -> None:
    programs.create(work, TELEPHONE)
    for name, description, file, granted in SHARED:
        group = groups.create(work, name, description)
        data = (files("sharesync.demo") / file).read_bytes()
        sound = (entry for entry in read(data, file).entries if isinstance(entry, Parsed))
        brought = list(_known(sound, work.now.date()))
        import_entries(work, group.id, brought)
        _buy(work, group.id, brought)
        _grant(work, name, granted)


def _grant(work: Work, group: str, granted: Iterable[tuple[str, str]]) -> None:
    for principal, level in granted:
        grants.grant(work, group, principal, Level.parse(level))


def _buy(work: Work, group: str, brought: Sequence[Parsed]) -> None:
    """Write down what some of them bought."""
    buyers = [(one, BOUGHT[name]) for one in brought for name in _addresses(one) if name in BOUGHT]
    there = known_by_content(work.session, group, [one for one, _ in buyers])
    for one, (days, amount, what) in buyers:
        money = Money.parse(*amount.split())
        says = ContactEntry(EntryKind.PURCHASE, work.now - timedelta(days=days), what, money)
        entries.write(work, there[one.card.fingerprint], says)


def _known(brought: Iterable[Parsed], today: date) -> Iterator[Parsed]:
    """The entries, with what is known of some beyond their files: the day of the renewal, and tags."""
    for entry in brought:
        days, tags = next((KNOWN[name] for name in _addresses(entry) if name in KNOWN), (None, ""))
        renewal = "" if days is None else (today + timedelta(days=days)).isoformat()
        told = {name: text for name, text in ((RENEWAL.name, renewal), ("Tags", tags)) if text}
        yield replace(entry, fields=told)


def _addresses(entry: Parsed) -> list[str]:
    return [item.text("value") for item in entry.card["emailAddresses"]]
