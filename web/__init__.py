"""The web page: a Flask application over services and store; this file is its table of contents.

One blueprint = one file = one template folder = one test file. Views ask and render; what they ask lives in
`sharesync.services` and `sharesync.store`, what they say in `words`. Nothing happens at import.
"""

from __future__ import annotations

from flask import Flask

from sharesync.services.world import World
from sharesync.settings import Settings
from web import assets, changes, contacts, errors, groups, guard, headers, home, live, mailboxes, render


def create_app(world: World, settings: Settings) -> Flask:
    """The application over one world. It only reads, and answers only to this machine (see `guard`)."""
    app = Flask(__name__)
    live.bind(app, world)
    guard.install(app)
    headers.install(app)
    assets.install(app)
    errors.install(app)
    render.install(app, settings)

    app.register_blueprint(home.pages)
    app.register_blueprint(mailboxes.pages)
    app.register_blueprint(groups.pages)
    app.register_blueprint(contacts.pages)
    app.register_blueprint(changes.pages)
    return app
