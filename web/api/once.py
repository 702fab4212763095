"""Once: a request that is sent again with its key is not done again, and gets the answer of the first time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from flask import Response, request

from sharesync.store.database.work import Work
from sharesync.store.records import answers
from web.frame.problems import BadValue, Problem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = ("Content-Type", "ETag", "Location")
"""Headers of an answer that belong to what was done."""


def once(work: Work, key: str, act: Callable[[], Response]) -> Response:
    """Do it, and keep the answer in the same transaction; or give the answer that is kept. Raises Problem.

    What fails is not kept: nothing was done, and asking again may go well.
    """
    if not 1 <= len(key) <= 255:
        raise Problem(400, "bad-request", errors=[BadValue(HEADER, "A key has 1 to 255 characters.")])
    line = f"{request.method} {request.full_path}\n"
    asked = hashlib.sha256(line.encode() + request.get_data()).digest()
    its = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
    before = answers.claim(work, work.by.id, its, asked)
    if before is None:
        response = act()
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        answers.keep(work, work.by.id, its, response.status_code, headers, response.get_data(as_text=True))
        return response
    if before.request != asked:
        raise Problem(422, "invalid", errors=[BadValue(HEADER, "This key was used for another request.")])
    return Response(before.body, before.status, {**before.headers, REPLAYED: "true"})
