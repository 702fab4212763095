"""One walk through the page in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from sharesync.sandbox.hands import Hands
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace
from tests.sandbox_page.conftest import HOME, Make
from tests.web.chromium import chromium, held, the_first, walk, window

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


def test_a_person_plays_a_user(workspace: Workspace, bo: Hands, make: Make, chromium: Browser) -> None:
    label = bo.create_label("Customers")
    make("Grace", label)
    with SandboxServer(workspace) as server, window(chromium) as page:
        rows = page.locator("tbody th a")
        page.goto(server.url)
        page.get_by_role("link", name="Bo Bøgh").click()
        page.get_by_role("link", name="Customers").click()

        # A new contact under the label one stands on, with two numbers.
        page.get_by_role("link", name="Create contact").click()
        page.get_by_label("First name").fill("Ada")
        page.get_by_label("Phone", exact=True).fill("33 12 34 56")
        page.get_by_role("button", name="Add phone").click()
        page.get_by_label("Phone", exact=True).nth(1).fill("44 12 34 56")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Contact created")).to_be_visible()
        expect(page.locator(".line dd")).to_have_text(["33 12 34 56", "44 12 34 56"])
        assert {one["fields"]["names"][0]["givenName"] for one in bo.contacts(label)} == {"Ada", "Grace"}

        # What others do appears by itself, and what was chosen stays chosen.
        page.get_by_role("link", name="Customers").click()
        page.get_by_label("Choose Grace").check()
        make("Edith", label)
        expect(rows).to_have_text(["Ada", "Edith", "Grace"])
        expect(page.get_by_label("Choose Grace")).to_be_checked()
        expect(page.get_by_text("1 selected")).to_be_visible()

        # Deleted, undone; searched.
        page.get_by_role("button", name="Delete", exact=True).click()
        expect(rows).to_have_text(["Ada", "Edith"])
        page.get_by_role("button", name="Undo", exact=True).click()
        expect(rows).to_have_text(["Ada", "Edith", "Grace"])
        page.get_by_label("Search contacts").fill("edi")
        expect(rows).to_have_text(["Edith"])

        # Another person has other contacts.
        page.get_by_role("button", name="Account: Bo Bøgh").click()
        page.get_by_role("link", name="Anna Ågård").click()
        expect(page.get_by_text("No contacts yet")).to_be_visible()


def is_part(request: Request) -> bool:
    """Whether only what changes on a page is asked for."""
    return "x-part" in request.headers


@pytest.fixture
def listed(workspace: Workspace, make: Make, chromium: Browser) -> Iterator[Page]:
    """The page with the contacts Ada and Edith, before anything happens on it."""
    make("Ada")
    make("Edith")
    with SandboxServer(workspace) as server, window(chromium) as page:
        page.goto(server.url + HOME)
        yield page


def test_an_answer_that_comes_late_does_not_undo_what_was_searched_for_since(listed: Page, make: Make) -> None:
    late = held(listed, lambda request: is_part(request) and "q=" not in request.url)
    make("Grace")
    the_first(listed, late)  # the page noticed by itself
    listed.get_by_label("Search contacts").fill("edi")
    expect(listed.locator("tbody th a")).to_have_text(["Edith"])
    with listed.expect_event("requestfinished", is_part):
        the_first(listed, late).continue_()
    listed.evaluate("new Promise(done => setTimeout(done))")
    expect(listed.locator("tbody th a")).to_have_text(["Edith"])


def test_what_is_typed_before_the_page_can_act_is_searched_for(listed: Page) -> None:
    late = held(listed, lambda request: request.url.endswith("/page.js"))
    listed.goto(listed.url, wait_until="commit")
    listed.get_by_label("Search contacts").fill("edi")
    the_first(listed, late).continue_()
    expect(listed.locator("tbody th a")).to_have_text(["Edith"])


def test_a_page_that_is_left_is_not_made_fresh(listed: Page, make: Make) -> None:
    asked: list[Request] = []
    listed.on("request", lambda request: asked.append(request) if is_part(request) else None)
    listed.evaluate("window.dispatchEvent(new Event('beforeunload'))")  # Playwright asks nothing of a page that goes
    make("Grace")
    listed.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as every second: look what is new
    listed.evaluate("fetch(document.body.dataset.seqUrl).then(answer => answer.json())")
    listed.evaluate("new Promise(done => setTimeout(done))")
    assert asked == []
    listed.evaluate("window.dispatchEvent(new Event('pageshow'))")  # back again
    expect(listed.locator("tbody th a")).to_have_text(["Ada", "Edith", "Grace"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_lets_everyone_in_and_fits_a_phone(
    workspace: Workspace, bo: Hands, make: Make, chromium: Browser, scheme: str
) -> None:
    label = bo.create_label("Customers")
    ada = make("Ada", label, emailAddresses=[{"value": "ada@x.example"}], addresses=[{"city": "Odense"}])
    person = f"{HOME}person/{ada['resourceName'].removeprefix('people/')}"
    pages = ["/contacts/", HOME, f"{HOME}label/{label}", person, f"{person}/edit", f"{HOME}new", f"{HOME}trash"]
    with SandboxServer(workspace) as server, window(chromium, color_scheme=scheme) as page:
        assert walk(page, server.url, pages) == {}
