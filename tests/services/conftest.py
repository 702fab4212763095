"""Use cases run on SQLite and on PostgreSQL, like the store they stand on."""

from tests.postgres import postgres
from tests.store.databases import company, database, empty_url, migrated_database, migrated_file, store, url

__all__ = ["company", "database", "empty_url", "migrated_database", "migrated_file", "postgres", "store", "url"]
