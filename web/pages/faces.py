"""Faces in a list: which of its contacts have a photo, and the one picture that holds them all.

A browser keeps that picture, and asks each time whether it still may: what is on it is personal, and so is access.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import Response, request, url_for

from sharesync.formats.faces import MOST, strip
from sharesync.store.database.engine import Session
from sharesync.store.queries import photos
from web.frame.live import the_world
from web.frame.needs import ENTER, Pages
from web.frame.person import visible

pages = Pages("faces", __name__, url_prefix="/faces")


@dataclass(frozen=True, slots=True)
class Faces:
    """The address of the picture, and at which place in it each contact is, by id."""

    address: str
    places: Mapping[str, int]


def faces_of(session: Session, contacts: Collection[str]) -> Faces:
    """The faces of the contacts of one page, which the asker may see."""
    named = photos.named(session, contacts)
    there = [contact for contact in contacts if contact in named][:MOST]
    mark = hashlib.sha256(b"".join(named[one] for one in there)).hexdigest()[:12]
    return Faces(
        url_for("faces.show", of=",".join(there), v=mark), {contact: place for place, contact in enumerate(there)}
    )


@pages.get("/", needs=ENTER)
def show() -> Response:
    """The picture. A contact that the asker may not see has an empty place in it."""
    asked = request.args.get("of", "").split(",")[:MOST]
    with the_world().database.reading() as session:
        named = photos.named(session, asked, visible())
        mark = hashlib.sha256(b"".join(named.get(one, b"-") for one in asked)).hexdigest()
        answer = Response(mimetype="image/jpeg", headers={"Cache-Control": "private, no-cache"})
        answer.set_etag(mark)
        if mark not in request.if_none_match:
            found = photos.contents(session, named)
            answer.set_data(strip({place: found[one] for place, one in enumerate(asked) if one in found}))
    answer.make_conditional(request)
    return answer
