"""Questions to one user: on their own Home, contact and page, and on nobody else's; their answer counts."""

import pytest
from flask import Flask

from tests.rights.desk import merge
from tests.web.conftest import Signed, signed_in
from tests.worlds import House

SECRET = "+45 99 99 99 99"


@pytest.fixture
def asked(shared: House) -> House:
    """Bo has merged a contact of his own into the shared Ada."""
    bo = shared.users["bo"]
    bo.makes("Ada at home", phones=[SECRET])
    shared.sync()
    merge(bo, "Ada", "Ada at home")
    shared.sync()
    return shared


def pages_of(browser: Signed, house: House) -> str:
    ada = house.contact_id("Ada")
    return "".join(browser.get(address).text for address in ("/", f"/contacts/{ada}", "/questions/"))


def question(house: House) -> str:
    with house.database.reading() as session:
        return str(session.connection().exec_driver_sql("SELECT id FROM private_cards").scalar_one())


def test_their_user_alone_sees_them_and_what_they_ask_about(asked: House, app: Flask) -> None:
    text = pages_of(signed_in(app, asked, "bo"), asked)
    assert SECRET in text
    assert text.count("/questions/") >= 3
    for name in ("cy", "anna"):
        other = pages_of(signed_in(app, asked, name), asked)
        assert SECRET not in other
        assert "Only you know whether" not in other


@pytest.mark.parametrize(("said", "phones"), [("share", (SECRET,)), ("keep", ())])
def test_their_answer_counts(asked: House, app: Flask, said: str, phones: tuple[str, ...]) -> None:
    bo = signed_in(app, asked, "bo")
    answer = bo.submit(f"/questions/{question(asked)}", {"answer": said}, follow_redirects=True)
    assert "Nothing to ask" in answer.text
    asked.sync()
    assert asked.stored("Ada").phones == phones


def test_an_answer_of_somebody_else_or_of_another_word_decides_nothing(asked: House, app: Flask) -> None:
    address = f"/questions/{question(asked)}"
    signed_in(app, asked, "cy").submit(address, {"answer": "share"})
    bo = signed_in(app, asked, "bo")
    bo.submit(address, {"answer": "perhaps"})
    asked.sync()
    assert asked.stored("Ada").phones == ()
    assert SECRET in bo.get("/questions/").text
