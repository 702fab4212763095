"""What a view that changes something ends with: the question whether it is meant, then a sentence on another page."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

import web
from sharesync.settings import Settings
from tests.web.conftest import Signed, signed_in
from tests.worlds import House
from web.frame.needs import ENTER, Pages
from web.frame.responses import done, refused, unconfirmed


class Naming(FlaskForm):
    """A form with one of each."""

    name = StringField("Name", [InputRequired("A group needs a name.")])
    keep = BooleanField("Keep it")


class Shelf:
    """What the views of this test change."""

    def __init__(self) -> None:
        self.number, self.emptied, self.kept = 120, 0, ""


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def app(shared: House, settings: Settings, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Flask:
    pages = Pages("shelf", __name__, url_prefix="/shelf")

    @pages.post("/empty", needs=ENTER)
    def empty() -> ResponseReturnValue:
        question = unconfirmed(
            "Empty the shelf?",
            f"{shelf.number} things go.",
            word="Empty",
            number=shelf.number,
            typed="Shelf <1>",
            back="/groups/",
        )
        if question:
            return question
        shelf.emptied, shelf.kept = shelf.number, request.form.get("keep", "")
        return done("The shelf is empty.", "/groups/")

    @pages.post("/refuse", needs=ENTER)
    def refuse() -> ResponseReturnValue:
        return refused("It is nailed down.", "/groups/")

    @pages.get("/form", needs=ENTER)
    @pages.post("/form", needs=ENTER)
    def form() -> ResponseReturnValue:
        from flask import render_template_string

        naming = Naming()
        if naming.validate_on_submit():
            return done(f"Named {naming.name.data}.", "/groups/")
        template = (
            "{% import 'parts/forms.html' as forms with context %}<form method=post>{{ forms.token() }}"
            "{{ forms.field(naming.name, hint='As people say it.', autocomplete='off') }}"
            "{{ forms.field(naming.keep) }}{{ forms.buttons('Save', back='/') }}</form>"
        )
        return render_template_string(template, naming=naming)

    monkeypatch.setattr("web.pages.changes.pages", pages)
    # The page's own change log has no address in this application.
    monkeypatch.setattr("web.render.person.may", lambda right, *_: right == "enter")
    return web.create_app(shared.world, settings)


@pytest.fixture
def bo(app: Flask, shared: House) -> Signed:
    return signed_in(app, shared, "bo")


def hidden(page: str) -> dict[str, str]:
    """What the last form of the page itself sends by itself."""
    last = page.partition("</main>")[0].rpartition("<form")[2]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', last)
    return {name: unescape(value) for name, value in found}


def test_nothing_happens_before_it_was_confirmed_with_number_and_name(bo: Signed, shelf: Shelf) -> None:
    page = bo.submit("/shelf/empty", {"keep": "the <best>"})
    assert page.status_code == 200
    assert "120 things go." in page.text
    assert "Shelf &lt;1&gt;" in page.text
    assert shelf.emptied == 0
    answer = bo.submit("/shelf/empty", hidden(page.text) | {"confirm-name": " shelf <1> "})
    assert (answer.status_code, answer.location) == (303, "/groups/")
    assert (shelf.emptied, shelf.kept) == (120, "the <best>")
    shown = bo.get("/groups/").text
    assert "The shelf is empty." in shown
    assert "The shelf is empty." not in bo.get("/groups/").text


@pytest.mark.parametrize("name", ["", "shelf", "Shelf <2>"])
def test_another_name_is_asked_for_again(bo: Signed, shelf: Shelf, name: str) -> None:
    page = bo.submit("/shelf/empty", hidden(bo.submit("/shelf/empty").text) | {"confirm-name": name})
    assert page.status_code == 200
    assert "does not match the text above" in page.text
    assert shelf.emptied == 0


def test_a_number_that_has_changed_meanwhile_is_asked_for_again(bo: Signed, shelf: Shelf) -> None:
    first = hidden(bo.submit("/shelf/empty").text)
    shelf.number = 121
    page = bo.submit("/shelf/empty", first | {"confirm-name": "Shelf <1>"})
    assert "121 things go." in page.text
    assert "does not match the text above" not in page.text
    assert shelf.emptied == 0
    bo.submit("/shelf/empty", hidden(page.text) | {"confirm-name": "Shelf <1>"})
    assert shelf.emptied == 121


def test_a_refusal_is_told_on_the_next_page(bo: Signed) -> None:
    assert bo.submit("/shelf/refuse").status_code == 303
    assert re.search(r'class="said problem" role="alert">.*It is nailed down', bo.get("/groups/").text)


def test_a_field_says_what_is_wrong_beside_it_and_to_screen_readers(bo: Signed) -> None:
    fresh = bo.get("/shelf/form").text
    assert '<label for="name">Name' in fresh
    assert 'aria-describedby="name-told"' in fresh
    assert "As people say it." in fresh
    assert "aria-invalid" not in fresh
    wrong: Any = bo.submit("/shelf/form", {"name": "", "keep": "y"}).text
    assert 'aria-invalid="true"' in wrong
    assert re.search(r'id="name-told">.*A group needs a name\.', wrong)
    assert re.search(r'<input[^>]*checked[^>]*name="keep"', wrong)
    assert bo.submit("/shelf/form", {"name": "Press"}).status_code == 303
