"""How a list of contacts looks: which columns it has, in which order, and how high its rows are.

It is written as one line, in the address of a list, a saved filter or a cookie: the ids of columns with commas between
them, and in front of them whether rows are high.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sharesync.model.list_order import ADDED, CHANGED

COLUMNS = ("company", "title", "email", "phone", "groups", "city", "birthday", CHANGED, ADDED)
"""What every list may show beside the name; a column of a field of one's own has the field's id."""
USUAL = ("company", "email", "phone", "groups")
IN_GROUP = ("company", "email", "phone")
"""What is usual in a list that stands beside others, of one group."""
_HIGH = "high"


@dataclass(frozen=True, slots=True)
class ListLook:
    """The columns beside the name, in order."""

    columns: tuple[str, ...] = USUAL
    high: bool = False
    """Rows show every value, one below the other; else the first alone."""

    @staticmethod
    def read(text: str, known: Collection[str], usual: tuple[str, ...] = USUAL) -> ListLook:
        """As it was written; what is no column (any more) is left out, and nothing at all is the usual look."""
        said = text.split(",") if text else []
        columns = tuple(dict.fromkeys(one for one in said if one in known))
        return ListLook(columns or usual, _HIGH in said)

    def __str__(self) -> str:
        return ",".join((*((_HIGH,) if self.high else ()), *self.columns))

    def moved(self, column: str, steps: int) -> ListLook:
        """With a column so many places further on; towards the front where that is below nothing."""
        others = [one for one in self.columns if one != column]
        place = max(0, self.columns.index(column) + steps)
        return replace(self, columns=(*others[:place], column, *others[place:]))
