"""Column types whose values are the model's own: moments in UTC, enums by their value, cards as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, SmallInteger, TypeDecorator
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import JSONB

from sharesync.model.access import Level
from sharesync.model.card import Card

JsonType = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def words(enum: type[Enum]) -> EnumType:
    """A column that holds an enum by its value, as text, so that adding a member needs no migration."""
    return EnumType(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        length=16,
    )


class Time(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite forgets zones, so the zone is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it would be read as another moment elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Where moments are text, read them with their zone: to put it back later takes five times as long."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


class LevelNumber(TypeDecorator[Level]):
    """A level as its number, so that SQL can take the highest."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Level | None, dialect: Dialect) -> int | None:
        """The number."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Level | None:
        """The level."""
        return None if value is None else Level(value)


class CardJson(TypeDecorator[Card]):
    """A card, as the JSON of the People API's field names."""

    impl = JsonType
    cache_ok = True

    def process_bind_param(self, value: Card | None, dialect: Dialect) -> Mapping[str, Any] | None:
        """The JSON."""
        return None if value is None else value.as_json()

    def process_result_value(self, value: Mapping[str, Any] | None, dialect: Dialect) -> Card | None:
        """The card."""
        return None if value is None else Card.read(value)
