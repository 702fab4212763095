"""What the database holds, read past our own code, in the words of the scenarios: contacts by given name."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.users import Json, Shown


@dataclass(frozen=True, slots=True)
class Books:
    """The database in this file."""

    file: Path

    def query(self, sql: str, *values: object) -> list[Any]:
        """Rows."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(sql, values).fetchall()

    def tables(self) -> dict[str, list[Json]]:
        """Everything, row by row, by table."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in names}

    def everything(self) -> bytes:
        """The whole database as one file would hold it."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.serialize()

    # -- groups and contacts -------------------------------------------------------------------------------------------

    def groups(self) -> dict[str, str]:
        """Ids of the groups by name."""
        return dict(self.query("SELECT name, id FROM groups WHERE deleted_at IS NULL"))

    def cards(self, group: str | None = None) -> dict[str, Json]:
        """Cards by contact id: those of a group, or all that are in any."""
        rows = self.query(
            "SELECT DISTINCT c.id, c.card FROM contacts c JOIN memberships m ON m.contact_id = c.id"
            " JOIN groups g ON g.id = m.group_id WHERE g.name = ? OR ? IS NULL",
            group,
            group,
        )
        return {ident: json.loads(card) for ident, card in rows}

    def contacts(self, group: str | None = None) -> list[str]:
        """Given names of a group's contacts, or of all that are in any, sorted."""
        return sorted(Shown.of(card).given for card in self.cards(group).values())

    def names(self) -> dict[str, str]:
        """Given names by contact id, those in the trash too."""
        return {ident: Shown.of(json.loads(card)).given for ident, card in self.query("SELECT id, card FROM contacts")}

    def contact_id(self, name: str) -> str:
        """The id of the one contact of this given name, also of one in the trash."""
        found = [ident for ident, given in self.names().items() if given == name]
        if len(found) != 1:
            raise LookupError(f"The store has {len(found)} contacts called {name}; there are {self.contacts()}.")
        return found[0]

    def stored(self, name: str) -> Shown:
        """A contact's values."""
        return Shown.of(json.loads(self.query("SELECT card FROM contacts WHERE id = ?", self.contact_id(name))[0][0]))

    def trash(self) -> list[str]:
        """Given names of the contacts that are in no group any more."""
        rows = self.query("SELECT card FROM contacts WHERE deleted_at IS NOT NULL")
        return sorted(Shown.of(json.loads(card)).given for (card,) in rows)

    def versions(self, name: str, kind: str = "accepted") -> list[Shown]:
        """What is kept of a contact, oldest first: `accepted`, `rejected` or `deleted` cards."""
        sql = "SELECT card FROM contact_versions WHERE contact_id = ? AND kind = ? ORDER BY id"
        return [Shown.of(json.loads(card)) for (card,) in self.query(sql, self.contact_id(name), kind)]

    # -- what is kept beside them --------------------------------------------------------------------------------------

    def conflicts(self) -> list[tuple[str, str, str]]:
        """Given name of the contact, first name of the user and field, for every value kept beside the store's."""
        rows = self.query(
            "SELECT c.card, u.email, k.field FROM conflicts k JOIN contacts c ON c.id = k.contact_id"
            " JOIN directory_users u ON u.id = k.mailbox_id ORDER BY k.id"
        )
        return [(Shown.of(json.loads(card)).given, email.partition("@")[0], name) for card, email, name in rows]

    def events(self, action: str) -> list[Json]:
        """Events of the change log with this action, oldest first."""
        columns = ("action", "outcome", "actor", "group_id", "contact_id", "mailbox_id", "fields", "reason")
        rows = self.query(f"SELECT {', '.join(columns)} FROM events WHERE action = ? ORDER BY id", action)
        return [dict(zip(columns, row, strict=True)) for row in rows]
