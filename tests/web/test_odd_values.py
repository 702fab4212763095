"""Odd values in addresses and forms: whatever is typed in place of a number, a date, an id or a word, nothing breaks.

What each view asks for is learnt by listening to it, so that a new view is tried without a word here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict

import web
from sharesync.settings import Settings
from tests.web.conftest import SIGN_IN, Signed, signed_in
from tests.web.test_routes import address, company, full, routes, samples  # noqa: F401  # fixtures
from tests.worlds import House
from web.frame import gate
from web.frame.limits import limiter

ODD = (
    "",
    "-1",
    "9223372036854775808",
    "9" * 5000,
    "１２",
    "1e999",
    "9999-12-31",
    "0001-01-01",
    "\x00",
    "\u202e\ud7ff\ufffe",
    "[" * 3000,
    "%s %(name)s {0} %d",
    "a" * 501,
    "a b " * 200,
)
IN_THE_CARD = (
    "emailAddresses-{}-value",
    "birthdays-0-date-{}",
    "birthdays-0-date-year",
    "addresses-0-rest",
    "phoneNumbers-0-value",
)
"""Boxes of the form of a card, whose names are not asked for one by one."""
PARTS = 4
"""Thousands of requests: so many processes may share them."""

asked: set[str] = set()


class _Heard(ImmutableMultiDict[str, Any]):
    """The values of a request, which write down what they were asked for."""

    def get(self, key: Any, *args: Any, **more: Any) -> Any:
        asked.add(key)
        return super().get(key, *args, **more)

    def getlist(self, key: Any, *args: Any, **more: Any) -> Any:
        asked.add(key)
        return super().getlist(key, *args, **more)

    def __contains__(self, key: Any) -> bool:
        asked.add(key)
        return super().__contains__(key)


class _Listening(Request):
    parameter_storage_class = _Heard


@pytest.fixture
def listening(full: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signed]:  # noqa: F811
    """Anna's browser of an application that writes down what its views ask for, and takes any form."""
    monkeypatch.setattr(Flask, "request_class", _Listening)
    app = web.create_app(full.world, Settings.from_environment(SIGN_IN, tmp_path))
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    yield signed_in(app, full, "anna")
    limiter.enabled = True


def broken(browser: Signed, method: str, where: str, told: dict[str, str]) -> bool:
    values: dict[str, Any] = {"query_string": told} if method in gate.SAFE else {"data": told}
    return bool(browser.open(where, method=method, **values).status_code >= 500)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_value_of_any_view_breaks_it(listening: Signed, full: House, part: int) -> None:  # noqa: F811  # fixture
    there = samples(full)
    found = []
    for method, rule in routes(listening.application)[part::PARTS]:
        if rule in ("/sign-in/start", "/sign-in/back", "/sign-in/out"):
            continue  # the provider's, which is not there
        where = address(rule, there)
        # Twice: what is asked for once the first questions are answered is heard, too.
        asked.clear()
        broken(listening, method, where, {})
        usual = {name: there[name] for name in asked & there.keys()}
        broken(listening, method, where, usual)
        names = asked - {"csrf_token"}
        found += [
            (method, rule, name, odd[:20])
            for name in sorted(names)
            for odd in ODD
            if broken(listening, method, where, usual | {name: odd})
        ]
    assert found == []


def test_no_value_in_an_address_breaks_a_view(listening: Signed, full: House) -> None:  # noqa: F811
    there = samples(full)
    found = []
    for method, rule in routes(listening.application):
        for name in there:
            if f"<{name}>" not in rule:
                continue
            for odd in ("0", "-1", "9" * 19, "9" * 5000, "%00", "%ED%A0%80", "%F0%9F", "a" * 501, "..%2f"):
                where = address(rule, there | {name: odd})
                if broken(listening, method, where, {}):
                    found.append((method, rule, name, odd[:20]))
    assert found == []


@pytest.mark.parametrize("box", IN_THE_CARD)
def test_no_box_of_a_card_breaks_its_form(listening: Signed, full: House, box: str) -> None:  # noqa: F811
    where = f"/contacts/{full.contact_id('Ada')}/edit"
    for odd in ODD:
        told = {"version": "1", box.format(odd): odd}
        assert not broken(listening, "POST", where, told), odd[:20]
        assert not broken(listening, "POST", where, told | {"remove": f"emailAddresses-{odd}"}), odd[:20]
