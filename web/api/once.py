"""Once: a request that is sent again with its key is not done again, and gets the answer of the first time."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request

from sharesync.errors import InvalidInput
from sharesync.services import once as cases
from sharesync.store.database.work import Work
from web.frame.problems import BadValue, Problem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = ("Content-Type", "ETag", "Location")
"""Headers of an answer that belong to what was done."""


def once(work: Work, key: str, act: Callable[[], Response]) -> Response:
    """Do it, and keep the answer in the same transaction; or give the answer that is kept. Raises Problem.

    What fails is not kept: nothing was done, and asking again may go well.
    """
    asked = f"{request.method} {request.full_path}\n".encode() + request.get_data()
    try:
        before = cases.claim(work, key, asked)
    except InvalidInput as error:
        raise Problem(422, "invalid", errors=[BadValue(HEADER, str(error.sentence))]) from None
    if before is not None:
        return Response(before.body, before.status, {**before.headers, REPLAYED: "true"})
    response = act()
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    cases.keep(work, key, response.status_code, headers, response.get_data(as_text=True))
    return response
