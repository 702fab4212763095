"""Quality over time: the clock counts again and again what each check finds, and the day's last count stands."""

from __future__ import annotations

from sharesync.model.filter_lines import parse
from sharesync.model.quality import CHECKS
from sharesync.services import duplicates
from sharesync.services.app import World
from sharesync.store.queries import contact_pages
from sharesync.store.records import company_fields, quality_counts


def count(world: World) -> None:
    """Count what each check finds among all contacts, and note it for today by the company's clock.

    They are counted before the transaction that notes it, which keeps others waiting for a few rows alone, and only
    where something is another number now. Of no contacts there is nothing to say. Contacts that were written lately are
    compared first: a count that misses their duplicates would say that nothing looks wrong.
    """
    duplicates.catch_up(world.database)
    now, zone = world.now(), world.outside.zone
    today = now.astimezone(zone).date()
    with world.database.reading() as session:
        if not contact_pages.number(session, None):
            return
        known = quality_counts.since(session, today).get(today)
        fields = company_fields.defined(session)
        numbers = {
            line: contact_pages.number(session, None, parse(line, now, zone, fields), most=None) for line in CHECKS
        }
    if numbers != known:
        with world.database.writing() as session:
            quality_counts.keep(session, today, numbers)
