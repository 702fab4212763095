"""What a view that changes something ends with: another page and a sentence; or the question whether it is meant.

POST, then redirect, then GET: a page that was made by a POST is never refreshed, so nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sharesync.errors import NotFound
from sharesync.services import undoing
from sharesync.store.database.work import Work
from web.frame.live import the_world
from web.frame.person import acting, deed

PROBLEM = "problem"
UNDO = "undo:"
"""What a sentence is marked with that tells of an act which can be undone, and the act's id."""
_OURS = ("csrf_token", "confirm-count", "confirm-name")


def done(sentence: str, address: str) -> ResponseReturnValue:
    """It is done: say so on the page that comes next, with a button that undoes it where that is possible."""
    with the_world().database.reading() as session:
        undoable = undoing.has_opposites(session, deed())
    flash(sentence, f"{UNDO}{deed()}" if undoable else "message")
    return redirect(address, 303)


def refused(sentence: str, address: str) -> ResponseReturnValue:
    """It was not done: say why on the page that comes next."""
    flash(sentence, PROBLEM)
    return redirect(address, 303)


def each(chosen: Iterable[str], act: Callable[[Work, str], object]) -> int:
    """Do it with each of these ids in one act; what someone else has decided meanwhile is passed over.

    Returns with how many it was done.
    """
    number = 0
    with acting() as work:
        for one in dict.fromkeys(chosen):
            try:
                act(work, one)
                number += 1
            except NotFound:
                continue
    return number


def unconfirmed(
    headline: str, sentence: str, *, word: str, number: int, back: str, typed: str = ""
) -> ResponseReturnValue | None:
    """The page that asks whether this deed on `number` things is meant; None once it has been confirmed.

        if question := unconfirmed("Delete Customers?", …, word="Delete", number=120, typed="Customers", back=…):
            return question

    Whoever confirms types `typed`, if there is such a word. Where the number has changed since it was shown, it is
    asked again. Everything else that was sent is sent again with the answer, but files.
    """
    asked = request.form.get("confirm-count")
    name = request.form.get("confirm-name", "").strip()
    right = name.casefold() == typed.strip().casefold()
    if asked == str(number) and right:
        return None
    return render_template(
        "parts/confirm.html",
        headline=headline,
        sentence=sentence,
        word=word,
        number=number,
        typed=typed,
        back=back,
        wrong=asked == str(number) and not right,
        replayed=[(key, value) for key, value in request.form.items(multi=True) if key not in _OURS],
    )
