"""How many contacts each check of quality found, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from sharesync.store.database.tables import QualityCountRow


def keep(session: Session, day: date, numbers: Mapping[str, int]) -> None:
    """Note what was found on a day, in place of what was counted earlier that day."""
    session.execute(delete(QualityCountRow).where(QualityCountRow.day == day))
    session.execute(insert(QualityCountRow), [{"day": day, "name": one, "number": n} for one, n in numbers.items()])


def since(session: Session, day: date) -> dict[date, dict[str, int]]:
    """What was found by each check on each day that was counted, from a day on, in order."""
    found: dict[date, dict[str, int]] = {}
    columns = QualityCountRow.day, QualityCountRow.name, QualityCountRow.number
    for at, name, number in session.execute(select(*columns).where(QualityCountRow.day >= day).order_by(*columns)):
        found.setdefault(at, {})[name] = number
    return found
