"""Set-up: what to paste, and the checks, which say what to do about each failure."""

from sharesync.google.credentials import CONTACTS, DIRECTORY
from tests.web.conftest import Signed
from tests.worlds import House


def test_what_to_paste_is_there(shared: House, browser: Signed) -> None:
    text = browser.get("/set-up/").text
    assert f"<code>{shared.world.google.client_id}</code>" in text
    assert ",".join((*CONTACTS, *DIRECTORY)) in text
    assert "http://localhost/sign-in/back" in text


def test_the_checks_run_only_when_asked_and_find_all_well(shared: House, browser: Signed) -> None:
    shared.forget_calls()
    browser.get("/set-up/")
    assert not shared.calls()
    text = browser.submit("/set-up/").text
    assert "the Directory API answers" in text
    assert "the People API answers" in text


def test_the_checks_speak_the_language_of_who_asks(shared: House, browser: Signed) -> None:
    shared.workspace.authority.delegated = frozenset()
    browser.submit("/language/", {"language": "da"})
    text = browser.submit("/set-up/").text
    assert "er opdateret og kan skrives" in text
    assert "sharesync må ikke handle på brugeres vegne" in text


def test_a_scope_that_is_not_delegated_is_named(shared: House, browser: Signed) -> None:
    missing = next(scope for scope in DIRECTORY if scope.endswith("orgunit.readonly"))
    shared.workspace.authority.delegated = frozenset(shared.workspace.authority.delegated) - {missing}
    text = browser.submit("/set-up/").text
    found = text.partition("orgunit.readonly</b>")
    assert found[1]
    assert "tone-bad" in found[0].rpartition("<li>")[2]
    assert "problem" in text
