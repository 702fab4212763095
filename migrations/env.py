"""Alembic's entry: migrations run inside the transaction that `Database.migrate` opens, or one of their own."""

from alembic import context
from sqlalchemy import Connection, create_engine

from sharesync.store.database.tables import Table, belongs


def migrate(connection: Connection) -> None:
    """Run the migrations that the command asked for."""
    dialect = connection.dialect.name
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        include_object=lambda item, *_: belongs(item, dialect),
        render_as_batch=dialect == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite:///var/sharesync.db")
    with create_engine(url).begin() as own:
        migrate(own)
