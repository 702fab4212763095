"""Upgrading: what a release asks of the store, done once by the first process that opens it.

Nearly every start finds all of it done and asks three cheap questions. Contacts are compared later, by the clock or who
asks (`records/likeness_index.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from sharesync.store.database.engine import Database
from sharesync.store.database.work import pieces

_UNDERIVED = text("SELECT 1 FROM contacts WHERE sort_en IS NULL LIMIT 1")
_UNFOUND = text("SELECT 1 FROM fields WHERE NOT derived AND deleted_at IS NULL LIMIT 1")


def upgrade(database: Database) -> None:
    """Bring the tables up to date, and make what is kept beside cards and is missing.

    It is missing where a release brought it, or the last start was cut off. Raises SettingsError if the database cannot
    be reached.
    """
    database.migrate()
    with database.reading() as session:
        underived, unfound = (session.scalar(question) is not None for question in (_UNDERIVED, _UNFOUND))
    if underived:
        _derive(database)
    if unfound:
        _find_by_fields(database)


def _derive(database: Database) -> None:
    from sharesync.store.records import derived_columns, smart_groups

    more = True
    while more:
        with database.writing() as session:
            more = derived_columns.fill(session)
    with database.writing() as session:
        smart_groups.all_due(session, datetime.now(UTC))


def _find_by_fields(database: Database) -> None:
    from sharesync.store.records import company_fields, derived_columns, smart_groups

    with database.reading() as session:
        waiting = {
            one.id: sorted(company_fields.value_bearers(session, one)) for one in company_fields.underived(session)
        }
    for field, contacts in waiting.items():
        for some in pieces(contacts):
            with database.writing() as session:
                derived_columns.rederive(session, some)
        with database.writing() as session:
            company_fields.set_derived(session, field)
            smart_groups.all_due(session, datetime.now(UTC))
