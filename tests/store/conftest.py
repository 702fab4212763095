"""Every test of the store runs on SQLite and on PostgreSQL."""

from tests.postgres import postgres
from tests.store.databases import company, database, empty_url, migrated_database, migrated_file, store, url

__all__ = ["company", "database", "empty_url", "migrated_database", "migrated_file", "postgres", "store", "url"]
