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
from web.frame import assets, errors, gate, guard, headers, live, needs, numbers, oidc
from web.pages import (
    access,
    audit,
    bulk,
    changes,
    conflicts,
    contact_edit,
    contacts,
    duplicates,
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
    proposals,
    questions,
    restoring,
    roles,
    running,
    set_up,
    sign_in,
    transfer,
    trash,
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

    app.register_blueprint(home.pages)
    app.register_blueprint(mailboxes.pages)
    app.register_blueprint(groups.pages)
    app.register_blueprint(access.pages)
    app.register_blueprint(contacts.pages)
    app.register_blueprint(faces.pages)
    app.register_blueprint(my_groups.pages)
    app.register_blueprint(contact_edit.pages)
    app.register_blueprint(erasing.pages)
    app.register_blueprint(bulk.pages)
    app.register_blueprint(changes.pages)
    app.register_blueprint(holds.pages)
    app.register_blueprint(proposals.pages)
    app.register_blueprint(questions.pages)
    app.register_blueprint(conflicts.pages)
    app.register_blueprint(audit.pages)
    app.register_blueprint(transfer.pages)
    app.register_blueprint(importing.pages)
    app.register_blueprint(restoring.pages)
    app.register_blueprint(roles.pages)
    app.register_blueprint(set_up.pages)
    app.register_blueprint(duplicates.pages)
    app.register_blueprint(trash.pages)
    app.register_blueprint(language.pages)
    app.register_blueprint(sign_in.pages)
    app.register_blueprint(health.pages)
    rest.install(app)
    needs.seal(app)
    return app
