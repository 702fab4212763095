"""The pages of endpoints and of what one is told: made, tried, shown; chosen; and the way out that a mail has."""

import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask

from sharesync.endpoints.outside import Outside
from sharesync.errors import Sentence
from sharesync.services.telling import delivery, letters
from sharesync.store.queries import endpoints
from tests.endpoints.receiver import Receiver, receiving
from tests.web.conftest import signed_in
from tests.worlds import House
from web.frame.live import bind, the_world
from web.frame.live import settings as settings_of
from web.words.letters import say


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as told:
        yield told


@pytest.fixture
def app(app: Flask) -> Flask:
    """One that may send to this machine."""
    with app.app_context():
        world, settings = the_world(), settings_of()
    outside = Outside((ip_network("127.0.0.0/8"),), "https://contacts.north.test")
    bind(app, replace(world, outside=outside), settings)
    return app


def test_an_administrator_makes_a_webhook_tries_it_and_sees_what_came_of_it(
    app: Flask, shared: House, receiver: Receiver
) -> None:
    anna = signed_in(app, shared, "anna")
    page = anna.submit(
        "/endpoints/", {"kind": "webhook", "target": f"{receiver.url}/in?key=hush", "event": ["contact"]}
    )
    secret = re.search(r"whsec_[\w+/=]+", page.text)
    assert secret
    [one] = re.findall(r'action="/endpoints/(\w+)/test"', page.text)
    anna = signed_in(app, shared, "anna")
    assert anna.submit(f"/endpoints/{one}/test").status_code == 303
    _, headers, body = receiver.came[0]
    assert b'"webhook.test"' in body
    assert headers["webhook-signature"].startswith("v1,")  # verified in tests/endpoints, where the clock is right
    receiver.status, receiver.text = 500, "<b>sorry</b>"
    anna.submit(f"/endpoints/{one}/test")
    page = anna.get(f"/endpoints/{one}").text
    assert "127.0.0.1 answered 500." in page
    assert "&lt;b&gt;sorry&lt;/b&gt;" in page
    for shown in (page, anna.get("/endpoints/").text):
        assert "hush" not in shown
        assert secret[0] not in shown
    renewed = anna.submit(f"/endpoints/{one}/secret").text
    assert re.search(r"whsec_[\w+/=]+", renewed)
    anna = signed_in(app, shared, "anna")
    anna.submit(f"/endpoints/{one}/events", {"event": ["hold.opened"]})
    with shared.database.reading() as session:
        assert endpoints.get(session, one).names == ("hold.opened",)
    anna.submit(f"/endpoints/{one}/replay", {"since": "0"})
    anna.submit(f"/endpoints/{one}/remove")
    assert anna.get(f"/endpoints/{one}").status_code == 404


def test_what_is_wrong_is_said_without_the_address(app: Flask, shared: House) -> None:
    anna = signed_in(app, shared, "anna")
    anna.submit("/endpoints/", {"kind": "chat", "target": "hush://in?key=hush"})
    page = anna.get("/endpoints/").text
    assert "This is no address of the web" in page
    assert "hush" not in page


def test_one_chooses_what_one_is_told_of_and_in_which_language(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    assert bo.get("/told/").status_code == 200
    bo.submit("/told/", {"event": ["digest", "hold.opened", "contact.created"], "language": "da"})
    with shared.database.reading() as session:
        own = endpoints.mail_of(session, shared.users["bo"].id)
    assert own
    assert (own.names, own.language) == (("hold.opened", "digest"), "da")
    bo.submit("/told/", {"language": "da"})
    with shared.database.reading() as session:
        assert endpoints.get(session, own.id).names == ()
        assert len(endpoints.listed(session)) == 1


def test_the_way_out_of_a_mail_takes_a_post_without_a_cookie_and_to_look_changes_nothing(
    app: Flask, shared: House
) -> None:
    bo = signed_in(app, shared, "bo")
    bo.submit("/told/", {"event": ["digest", "hold.opened"], "language": "sv"})
    with shared.database.reading() as session:
        own = endpoints.mail_of(session, shared.users["bo"].id)
        assert own
        path = letters.no_more_path(session, own.id, {"hold.opened"})
    mail_program = app.test_client(use_cookies=False)
    assert mail_program.get(path).status_code == 200
    with shared.database.reading() as session:
        assert endpoints.get(session, own.id).names == ("hold.opened", "digest")
    answer = mail_program.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    with shared.database.reading() as session:
        assert endpoints.get(session, own.id).names == ("digest",)
    forged = path.replace("/no-more/", "/no-more/0")
    assert mail_program.post(forged).status_code == 404
    assert delivery.due(replace(shared.world, outside=Outside())) == []


def test_mail_is_said_in_the_language_of_its_reader() -> None:
    sentence = Sentence("A group “%(name)s” exists already; choose another name.", name="Æbler")
    said = {language: say(language, sentence) for language in (None, "en", "da", "nb", "sv", "xx")}
    assert said[None] == said["en"] == said["xx"] == str(sentence)
    assert len({said[language] for language in ("en", "da", "nb", "sv")}) >= 3
    assert all("Æbler" in one for one in said.values())
