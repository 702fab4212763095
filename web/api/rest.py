"""The API's table of contents: its blueprints, and the addresses at which it is described."""

from __future__ import annotations

from flask import Flask, Response, render_template, request

from web.api import (
    access,
    batch,
    bulk,
    changes,
    company_fields,
    contacts,
    entries,
    groups,
    hooks,
    imports,
    log,
    mailboxes,
    photos,
    reviews,
    waiting,
)
from web.api.answers import Answer
from web.api.document import document
from web.api.examples import curl
from web.api.registry import Api, ApiOperation
from web.frame.needs import OPEN, Pages
from web.frame.problems import TYPES
from web.frame.programs import ROOT

ROOMS: tuple[Api, ...] = (
    groups.api,
    access.api,
    contacts.api,
    entries.api,
    batch.api,
    bulk.api,
    company_fields.api,
    reviews.api,
    changes.api,
    photos.api,
    imports.api,
    waiting.api,
    mailboxes.api,
    hooks.api,
    log.api,
)

pages = Pages("api", __name__)


def install(app: Flask) -> None:
    """Add it to the application. No form's token is asked for here: no cookie opens anything."""
    for room in ROOMS:
        app.extensions["csrf"].exempt(room)
        app.register_blueprint(room)
    app.register_blueprint(pages)


def operations() -> list[ApiOperation]:
    """Every operation, in the order in which people read them."""
    return [operation for room in ROOMS for operation in room.operations]


@pages.get(f"{ROOT}openapi.json", needs=OPEN)
def described() -> Response:
    """What programs read to know what there is."""
    return Answer(document(operations(), ROOT.rstrip("/"))).response()


@pages.get("/api/", needs=OPEN)
def index() -> str:
    """The same for people."""
    root = ROOT.rstrip("/")
    return render_template(
        "api/index.html",
        operations=operations(),
        problems=TYPES,
        root=root,
        examples=curl(request.host_url.rstrip("/") + root),
    )
