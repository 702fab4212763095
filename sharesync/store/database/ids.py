"""Ids in the order in which they were made: by their bytes, whatever the database takes for the order of letters.

SQLite compares by bytes. PostgreSQL compares as the language of its database does, and in Danish `aa` comes after `z`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class later(FunctionElement[bool]):  # noqa: N801  # a function of SQL, called like one
    """Whether the first of two ids was made after the second."""

    type = Boolean()
    inherit_cache = True
    name = "later"


@compiles(later)
def _by_bytes(element: later, compiler: SQLCompiler, **more: Any) -> str:
    one, other = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{one} > {other}"


@compiles(later, "postgresql")
def _by_bytes_for_all(element: later, compiler: SQLCompiler, **more: Any) -> str:
    one, other = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{one} ~>~ {other}"
