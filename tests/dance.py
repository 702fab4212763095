"""The dance of a sign-in over HTTP, as a browser does it: to the provider, an account chosen, and back."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

import requests


def sign_in(page: str, who: str, browser: requests.Session | None = None) -> requests.Response:
    """Open the page, click on sign-in, choose an account; returns what is shown then. `who` is an address.

    The browser is one that keeps cookies and follows redirects.
    """
    browser = browser or requests.Session()
    door = browser.get(page)
    chooser = browser.get(urljoin(page, unescape(_found(r'href="(/sign-in/start[^"]*)"', door))))
    fields = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', chooser.text)
    }
    return browser.post(chooser.url.partition("?")[0], data={**fields, "user": who})


def _found(pattern: str, answer: requests.Response) -> str:
    found = re.search(pattern, answer.text)
    assert found, answer.text
    return found[1]
