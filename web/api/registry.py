"""The registry: every operation of the API with what it needs, takes and gives; what describes it is made from here.

    api = Api("api", __name__, url_prefix="/api/v1")

    @api.get("/contacts/<id:contact>", needs=on_contact(Right.VIEW), scope=Scope.CONTACTS_READ, gives=ContactShape)

A view that changes something gets the transaction as `work`: one request is one transaction, and its answer is made
before it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from msgspec import Struct

from sharesync.model.token import Scope
from web.api import requests
from web.api.answers import Answer
from web.api.once import HEADER, once
from web.frame.needs import Needs, tell
from web.frame.person import acting, operating

Shows = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One method of one address."""

    method: str
    rule: str
    name: str
    summary: str
    needs: Needs
    gives: type[Struct] | str | None
    """The shape of the answer; the media types, comma-separated, of one that is not JSON; None where it is empty."""
    takes: type[Struct] | str | None = None
    media: str = requests.JSON
    query: type[Struct] | None = None
    status: int = 200
    conditional: bool = False
    """It is made over the version that If-Match names."""
    pieces: bool = False
    """It may take several transactions, and gets the operation."""
    holds: bool = False
    """It may be so much at once that it waits for somebody's decision: 202."""

    @property
    def repeated(self) -> bool:
        """Whether it is a question that programs ask again and again: they are told where the answer is as before."""
        return self.method == "GET" and isinstance(self.gives, type)

    @property
    def once(self) -> bool:
        """Whether a key makes sure that it is done once, however often it is asked for."""
        return self.method == "POST" and not self.pieces


class Api(Blueprint):
    """A blueprint whose views say what they need, take and give."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.operations: list[ApiOperation] = []

    def get(self, rule: str, **told: Any) -> Callable[[Shows], Shows]:  # type: ignore[override]  # a view says more
        """A view that shows."""
        return self._operation("GET", rule, **told)

    def post(self, rule: str, **told: Any) -> Callable[[Shows], Shows]:  # type: ignore[override]  # a view says more
        """A view that makes or does something."""
        return self._operation("POST", rule, **told)

    def put(self, rule: str, **told: Any) -> Callable[[Shows], Shows]:  # type: ignore[override]  # a view says more
        """A view that puts something in the place of what was there."""
        return self._operation("PUT", rule, **told)

    def patch(self, rule: str, **told: Any) -> Callable[[Shows], Shows]:  # type: ignore[override]  # a view says more
        """A view that changes a part."""
        return self._operation("PATCH", rule, media=requests.MERGE_PATCH, **told)

    def delete(self, rule: str, **told: Any) -> Callable[[Shows], Shows]:  # type: ignore[override]  # a view says more
        """A view that takes something away."""
        return self._operation("DELETE", rule, **told)

    def _operation(
        self, method: str, rule: str, *, needs: Needs, scope: Scope, gives: Any, **told: Any
    ) -> Callable[[Shows], Shows]:
        def decorate(view: Shows) -> Shows:
            summary = (view.__doc__ or "").partition("\n")[0]
            operation = ApiOperation(
                method, rule, view.__name__, summary, replace(needs, scope=scope), gives=gives, **told
            )
            self.operations.append(operation)

            def note(state: BlueprintSetupState) -> None:
                tell(state, f"{self.name}.{operation.name}", operation.needs)

            self.record(note)
            self.add_url_rule(rule, operation.name, _answering(operation, view), methods=[method], strict_slashes=False)
            return view

        return decorate


def _answering(operation: ApiOperation, view: Shows) -> Callable[..., Response]:
    @wraps(view)
    def answer(**arguments: Any) -> Response:
        if (query := requests.query(operation.query)) is not None:
            arguments["query"] = query
        if isinstance(operation.takes, str):
            arguments["body"] = requests.raw(operation.takes)
        elif operation.takes is not None:
            arguments["body"] = requests.body(operation.takes, operation.media)
        if operation.method == "GET":
            return view(**arguments).to_a_question()
        if operation.pieces:
            with operating() as pieces:
                return view(operation=pieces, **arguments).response()
        key = request.headers.get(HEADER) if operation.once else None
        with acting() as work:
            if key is None:
                return view(work=work, **arguments).response()
            return once(work, key, lambda: view(work=work, **arguments).response())

    return answer
