"""A House, its users by first name, and stores on both databases."""

from tests.postgres import postgres
from tests.scenarios.conftest import bo, cy, foundation, house, private_key
from tests.store.databases import company, database, migrated_database, migrated_file, store, url

__all__ = [
    "bo",
    "company",
    "cy",
    "database",
    "foundation",
    "house",
    "migrated_database",
    "migrated_file",
    "postgres",
    "private_key",
    "store",
    "url",
]
