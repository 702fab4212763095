"""Error pages: one table from what happened to a status and a headline; a sentence, a correlation id, no traceback.

The log gets the same id with the kind of error and where it arose, and none of its values: they may be personal data.
"""

from __future__ import annotations

import logging
import secrets
import time
import traceback

from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sharesync.errors import NotAllowed, NotFound, Refused
from sharesync.services.operation.metrics import METRICS
from web.frame import problems, programs
from web.frame.oidc import SignInFailed
from web.frame.problems import Problem
from web.words.languages import N_, _
from web.words.refusals import told

LOG = logging.getLogger(__name__)

HEADLINES = {
    400: N_("That did not work"),
    403: N_("No access"),
    404: N_("Page not found"),
    405: N_("Not possible here"),
    413: N_("Too large"),
    429: N_("Too often"),
    500: N_("Something broke on our side"),
    503: N_("Not ready"),
}
SENTENCES = {
    403: N_("You do not have access to this page."),
    404: N_("This page does not exist, or you may not see it."),
    405: N_("This address cannot be opened in this way."),
    413: N_("What was sent is larger than the 32 MB that sharesync takes at once; send the file in parts."),
    429: N_("That was asked for too often; wait a minute, then try again."),
    500: N_("Nothing was lost. Try again; if it happens again, look for the number below in the log."),
}


def install(app: Flask) -> None:
    """Number every request, and turn every error into a page."""
    app.before_request(_number)
    app.after_request(_show_number)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Problem, lambda problem: problem.response())
    app.register_error_handler(SignInFailed, _no_sign_in)
    app.register_error_handler(Exception, _broken)


def _number() -> None:
    g.request_id, g.begun = secrets.token_hex(6), time.monotonic()


def _show_number(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    METRICS.answered(request.endpoint or "none", request.method, response.status_code, time.monotonic() - g.begun)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None:
        return error
    if programs.asked():
        return problems.of_http(error)
    # A description of ours says why; werkzeug's own speak of servers and URLs.
    ours = error.description is not None and error.description != type(error).description
    spoken = error.description if ours and error.code in (400, 403, 503) else None
    answer = _page(error.code, spoken or SENTENCES.get(error.code) or N_("The request could not be answered."))
    # Which methods are allowed, when to come back: what the error says in headers stays.
    kept = [(name, value) for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")]
    return (*answer, kept)


def _refused(error: Refused) -> ResponseReturnValue:
    if programs.asked():
        return problems.of_refusal(error).response()
    if isinstance(error, NotFound):
        return _page(404, SENTENCES[404])
    return _page(403 if isinstance(error, NotAllowed) else 400, told(error))


def _no_sign_in(error: SignInFailed) -> ResponseReturnValue:
    cause = type(error.__cause__).__name__ if error.__cause__ else "nothing"
    LOG.warning("request %s: no sign-in because of %s", g.get("request_id", ""), cause)
    return _page(400, told(error))


def _broken(error: Exception) -> ResponseReturnValue:
    places = " < ".join(
        f"{frame.name} ({frame.filename}:{frame.lineno})"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    LOG.error("request %s: %s in %s: %s", g.get("request_id", ""), type(error).__name__, request.endpoint, places)
    if programs.asked():
        return Problem(500, "broken", SENTENCES[500], instance=g.get("request_id", "")).response()
    return _page(500, SENTENCES[500])


def _page(status: int, sentence: str) -> tuple[str, int]:
    headline, sentence = _(HEADLINES.get(status, HEADLINES[400])), _(sentence)
    return render_template("errors/index.html", status=status, headline=headline, sentence=sentence), status
