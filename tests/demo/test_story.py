"""The whole story in a real browser, on the demo: a group is made, filled and shared, and what people do to it is told.

Everybody has a window of their own: the administrator before our page, the others before their Google Contacts.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from sharesync.demo.company import ASTRID, BJORN, CHLOE, DAGNY, REVIEW
from tests.cli.processes import started
from tests.demo.running import Demo, demo
from tests.web.chromium import chromium, window

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PARTNERS = "Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value\n" + "".join(
    f"{name},Partner,{name.lower()}@partner.example,+45 3312345{number}\n"
    for number, name in enumerate(("Ada", "Bea", "Cleo", "Dora", "Edith", "Frida", "Greta", "Hedy"))
)
PATIENCE = 60_000
"""Milliseconds that a change may take on its way: the machine may be busy."""

Window = Callable[[str], Page]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Demo]:
    with demo(tmp_path) as demonstration:
        demonstration.wait_until_filled()
        yield demonstration


@pytest.fixture
def open_window(chromium: Browser) -> Iterator[Window]:
    """A new window at an address."""
    expect.set_options(timeout=PATIENCE)
    with ExitStack() as windows:

        def opened(address: str) -> Page:
            page = windows.enter_context(window(chromium))
            page.set_default_timeout(PATIENCE)
            page.goto(address)
            return page

        yield opened
    expect.set_options(timeout=5_000)


def test_a_group_is_made_shared_edited_defended_and_accounted_for(
    running: Demo, open_window: Window, tmp_path: Path
) -> None:
    make_auditor(tmp_path, BJORN)
    astrid = signed_in(running, open_window, "Astrid Østergård")
    chloe, dagny = (contacts_of(running, open_window, name) for name in ("Chloé Lefèvre", "Dagný Þórsdóttir"))

    # The administrator makes a group, brings contacts in and shares it.
    astrid.get_by_role("link", name="Groups", exact=True).click()
    astrid.get_by_role("button", name="New group").click()
    astrid.get_by_label("Name").fill("Partners")
    astrid.get_by_role("button", name="Create group").click()
    expect(astrid.get_by_role("heading", name="Partners")).to_be_visible()
    group = astrid.url.removesuffix("/access/")
    bring_in(astrid, tmp_path)
    share(astrid, group, "chloe", "delete")
    share(astrid, group, "dagny", "view")

    # An editor's change in her Google Contacts stands with a colleague.
    chloe.get_by_role("link", name="Partners").click()
    chloe.get_by_role("link", name="Ada Partner").click()
    chloe.get_by_role("link", name="Edit").click()
    chloe.get_by_label("Phone", exact=True).fill("+45 44 12 34 56")
    chloe.get_by_role("button", name="Save").click()
    dagny.get_by_role("link", name="Partners").click()
    expect(dagny.locator("tr", has_text="Ada Partner")).to_contain_text("44 12 34 56")

    # A viewer's is undone, kept as a proposal, and accepted.
    dagny.get_by_role("link", name="Bea Partner").click()
    dagny.get_by_role("link", name="Edit").click()
    dagny.get_by_label("Phone", exact=True).fill("+45 55 12 34 56")
    dagny.get_by_role("button", name="Save").click()
    expect(dagny.get_by_text("+45 33123451")).to_be_visible()
    astrid.goto(f"{running.page}/proposals/")
    expect(astrid.locator("li", has_text="Bea Partner")).to_contain_text("Dagný Þórsdóttir")
    astrid.get_by_role("link", name="Bea Partner").click()
    astrid.get_by_role("button", name="Accept", exact=True).click()
    chloe.get_by_role("link", name="Partners").click()
    expect(chloe.locator("tr", has_text="Bea Partner")).to_contain_text("55 12 34 56")

    # Somebody deletes nearly all; nobody else notices, and it is put back.
    for name in ("Ada", "Bea", "Cleo", "Dora", "Edith", "Frida"):
        chloe.get_by_label(f"Choose {name} Partner").check()
    chloe.get_by_role("button", name="Delete", exact=True).click()
    expect(chloe.locator("tbody th a")).to_have_text(["Greta Partner", "Hedy Partner"])
    until_there(astrid, f"{running.page}/holds/", "Chloé Lefèvre")
    astrid.locator("main li", has_text="Chloé Lefèvre").get_by_role("link").first.click()
    expect(astrid.locator("[name=contact]")).to_have_count(6)
    astrid.get_by_role("button", name="Restore all").click()
    expect(chloe.locator("tbody th a")).to_have_count(8)
    dagny.get_by_role("link", name="Partners").click()
    expect(dagny.locator("tbody th a")).to_have_count(8)

    # Erik goes on with a review of the customers, of which half is done; Astrid sees how far he is.
    erik = signed_in(running, open_window, "Erik Sjöholm")
    erik.get_by_role("link", name=REVIEW).click()
    expect(erik.get_by_text("30 of 60 left")).to_be_visible()
    erik.keyboard.press("r")
    expect(erik.get_by_text("29 of 60 left")).to_be_visible()
    astrid.goto(f"{running.page}/reviews/")
    astrid.get_by_role("link", name=REVIEW).click()
    expect(astrid.locator("li", has_text="Erik Sjöholm").first).to_contain_text("29 open · 21 right")

    # The auditor finds it all, and that nothing of it was altered.
    bjorn = signed_in(running, open_window, "Bjørn Ångström")
    for asked, action in (
        ("group=Partners", "group.create"),
        ("group=Partners", "grant.set"),
        (f"who={CHLOE}", "contact.update"),
        (f"who={DAGNY}", "proposal.keep"),
        (f"who={ASTRID}", "proposal.accept"),
        (f"mailbox={CHLOE}", "hold.keep"),
        (f"who={ASTRID}", "hold.restore"),
    ):
        bjorn.goto(f"{running.page}/audit/?{asked}&action={action}")
        expect(bjorn.locator("ol.events > li").first).to_have_attribute("data-action", action)
    bjorn.goto(f"{running.page}/audit/verify")
    bjorn.get_by_role("button", name="Check the log now").click()
    expect(bjorn.get_by_role("heading", name="The log is whole")).to_be_visible()


def make_auditor(folder: Path, email: str) -> None:
    database = {"SHARESYNC_DATABASE_URL": f"sqlite:///{folder / 'var' / 'demo' / 'sharesync.db'}"}
    with started("roles", "set", email, "auditor", environ=database, cwd=folder) as process:
        assert process.popen.wait(60) == 0


def signed_in(running: Demo, open_window: Window, name: str) -> Page:
    """A window of our page in which this person signed in."""
    page = open_window(running.page)
    page.get_by_role("button", name="Sign in with").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("link", name="Groups", exact=True)).to_be_visible()
    return page


def contacts_of(running: Demo, open_window: Window, name: str) -> Page:
    """A window of this person's Google Contacts."""
    page = open_window(running.sandbox)
    page.get_by_role("link", name=name).click()
    return page


def bring_in(page: Page, folder: Path) -> None:
    """Import the partners' file."""
    file = folder / "partners.csv"
    file.write_text(PARTNERS, encoding="utf-8")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Contacts").click()
    page.get_by_role("link", name="Import and export").click()
    page.get_by_label("Into the group").select_option("Partners")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    page.get_by_role("button", name="Import 8 contacts").click()
    expect(page.get_by_text("8 new")).to_be_visible()


def share(page: Page, group: str, who: str, level: str) -> None:
    page.goto(f"{group}/access/")
    page.get_by_role("searchbox").press_sequentially(who)
    page.locator("#candidates").get_by_role("radio").first.check()
    page.get_by_label("They", exact=True).select_option(level)
    page.get_by_role("button", name="Show what that means").click()
    page.get_by_role("button", name="Change access").click()
    expect(page.get_by_text("Access changed.")).to_be_visible()


def until_there(page: Page, address: str, words: str) -> None:
    """Look again until the page says so."""
    until = monotonic() + PATIENCE / 1_000
    page.goto(address)
    while not page.get_by_text(words).count():
        if monotonic() > until:
            raise AssertionError(f"{address} never told of {words}; it said: {page.locator('main').inner_text()}")
        page.wait_for_timeout(1_000)
        page.goto(address)
