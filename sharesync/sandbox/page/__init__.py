"""A page that looks and feels like Google Contacts, so that a person can play a user of the sandbox.

It is the user's own side: everything it shows and does goes through `Hands`. Nobody signs in; whom one is stands in the
address (`/contacts/anna@x.test/`), so that several windows can be several people.
"""

from __future__ import annotations

from flask import Flask

from sharesync.sandbox.page.acts import acts
from sharesync.sandbox.page.received import received
from sharesync.sandbox.page.sign_in import sign_in
from sharesync.sandbox.page.views import views


def add_page(app: Flask) -> None:
    """Put the page on the sandbox's application, at `/contacts/` and at the front door, and Google's sign-in."""
    app.register_blueprint(views)
    app.register_blueprint(acts)
    app.register_blueprint(sign_in)
    app.register_blueprint(received)
