"""The web page: a Flask application over services and store; this file is its table of contents.

One blueprint = one file = one template folder = one test file. Views ask and render; what they ask lives in
`sharesync.services` and `sharesync.store`, what they say in `words`. Nothing happens at import.
"""

from __future__ import annotations

from flask import Flask

from sharesync.services.app import World
from sharesync.settings import Settings
from web import render
from web.api import rest
from web.frame import assets, errors, gate, guard, headers, live, needs, numbers, oidc, running
from web.pages import (
    access,
    audit,
    bulk,
    calendar,
    changes,
    columns,
    company_fields,
    conflicts,
    contact_edit,
    contacts,
    copies,
    duplicates,
    endpoints,
    entries,
    erasing,
    faces,
    groups,
    health,
    holds,
    home,
    importing,
    language,
    mailboxes,
    my_groups,
    palette,
    proposals,
    quality,
    questions,
    restoring,
    reviews,
    roles,
    saved,
    set_up,
    sign_in,
    smart,
    tokens,
    told,
    transfer,
    trash,
    undoing,
)

PAGES = (
    home,
    palette,
    mailboxes,
    groups,
    smart,
    access,
    contacts,
    columns,
    saved,
    faces,
    my_groups,
    contact_edit,
    entries,
    calendar,
    erasing,
    bulk,
    copies,
    changes,
    holds,
    proposals,
    quality,
    questions,
    conflicts,
    reviews,
    audit,
    transfer,
    importing,
    restoring,
    roles,
    company_fields,
    tokens,
    endpoints,
    told,
    set_up,
    duplicates,
    trash,
    undoing,
    language,
    sign_in,
    health,
)


def create_app(world: World, settings: Settings) -> Flask:
    """The application over one world. Raises TypeError for a view that does not say what it needs."""
    app = Flask(__name__)
    live.bind(app, world, settings)
    errors.install(app)
    guard.install(app, settings)
    gate.install(app, settings)
    oidc.install(app, settings)
    headers.install(app, settings)
    assets.install(app)
    render.install(app, settings)
    running.install(app)
    numbers.install(app)

    for page in PAGES:
        app.register_blueprint(page.pages)
    rest.install(app)
    needs.seal(app)
    return app
