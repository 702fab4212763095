"""Chromium, driven by Playwright: one for the tests of a file, a fresh window for each, and an ear on its console."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, Route, ViewportSize, sync_playwright

from sharesync.cli import pages

AXE = Path(__file__).parent / "axe-core-4.14.1/axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
WRONG = {"resultTypes": ["violations"]}
"""To tell where all is well takes three times as long as to look."""
ACCESSIBLE = WRONG | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = WRONG | {"runOnly": ["color-contrast", "link-in-text-block"]}
LEFT = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says where a page is left while it looks for news. Whatever else goes wrong has a word of its own."""
SILENT = (
    "--disable-background-networking --disable-component-update --disable-sync --disable-quic --no-first-run".split()
)


@pytest.fixture(scope="module")  # two at once in one process is more than Playwright bears
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("!!! CHROMIUM IS NOT INSTALLED: no browser test was run. On Debian: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu", *SILENT])
        yield browser
        browser.close()


@contextmanager
def window(chromium: Browser, **how: Any) -> Iterator[Page]:
    """A window with nothing in it yet. Whatever the page complains of in the console fails the test."""
    context = chromium.new_context(**how)
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    complaints = [one for one in complaints if not one.startswith(LEFT)]
    assert not complaints, complaints


def held(page: Page, which: Callable[[Request], bool]) -> list[Route]:
    """The requests of this kind, which wait until the test lets them go."""
    waiting: list[Route] = []
    page.route(lambda _: True, lambda route: waiting.append(route) if which(route.request) else route.continue_())
    return waiting


def the_first(page: Page, waiting: list[Route]) -> Route:
    """The first of them, as soon as it waits."""
    while not waiting:
        page.wait_for_timeout(10)  # lets Playwright tell of what happened
    return waiting[0]


def walk(page: Page, at: str, addresses: Iterable[str]) -> dict[str, list[str]]:
    """What keeps someone out of the pages at these addresses."""
    found: dict[str, list[str]] = {}
    for one in addresses:
        page.set_viewport_size(WIDE)
        page.goto(at + one)
        found |= look(page, one)
    return found


def look(page: Page, called: str) -> dict[str, list[str]]:
    """What keeps someone out of the page that is open: wide, and on a phone. By night, what its colours do."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.set_viewport_size(WIDE)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = {called: barriers(page, COLOURS if dark else ACCESSIBLE)}
    if not dark:
        page.set_viewport_size(PHONE)
        found[f"{called} on a phone"] = [*barriers(page, ACCESSIBLE), *(["sideways"] if overhang(page) else [])]
    return {where: what for where, what in found.items() if what}


def barriers(page: Page, rules: dict[str, list[str]]) -> list[str]:
    """What axe finds on a page that it was brought into: rule and place."""
    wrong = page.evaluate("options => axe.run(document, options).then(found => found.violations)", rules)
    return [f"{one['id']}: {node['target']}" for one in wrong for node in one["nodes"]]


def overhang(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return max(width, 0)  # narrower where room is kept for a scroll bar


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application behind the service's own front, on a port of this machine; its address."""
    with pages.listen("127.0.0.1", 0) as listening, pages.PageThread(app, listening):
        yield pages.address(listening)
