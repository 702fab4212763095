"""Faces in lists: one picture for a page, of those that its reader may see, asked for again only when it changed."""

import io
import re

import pytest
from flask import Flask
from PIL import Image

from tests.web.conftest import Signed, signed_in
from tests.worlds import House


@pytest.fixture
def faced(shared: House) -> House:
    """Grace has a red face, Zoë a blue one, Ada none."""
    shared.photograph("Grace", "red")
    shared.photograph("Zoë", "blue")
    return shared


def pictures(text: str) -> list[tuple[str, str]]:
    """Place and address of every face of a page."""
    return [(n, at.replace("&amp;", "&")) for n, at in re.findall(r'<img class="face face-(\d+)" src="([^"]+)"', text)]


def colours(content: bytes, *places: int) -> list[str]:
    """Which colour is strongest at the middle of each place: `r`, `b`, or nothing where all are alike."""
    with Image.open(io.BytesIO(content)) as strip:
        assert strip.size == (64, 64 * 50)
        middles = [strip.crop((32, at, 33, at + 1)).tobytes() for at in (64 * place + 32 for place in places)]
    return ["" if max(one) - min(one) < 20 else "rgb"[one.index(max(one))] for one in middles]


@pytest.mark.parametrize("list_", ["/contacts/", "/groups/Customers", "/groups/Press/choose"])
def test_a_list_asks_for_one_picture(faced: House, browser: Signed, list_: str) -> None:
    found = pictures(browser.get(list_).text)
    assert len({address for _, address in found}) == 1
    answer = browser.get(found[0][1])
    assert answer.mimetype == "image/jpeg"
    assert colours(answer.data, *(int(place) for place, _ in found)) == ["r", "b"][: len(found)]
    assert len(answer.data) < 10_000


def test_it_is_kept_and_asked_about_until_a_photo_changes(faced: House, browser: Signed) -> None:
    ((_, address),) = pictures(browser.get("/groups/Press").text)
    first = browser.get(address)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert browser.get(address, headers=again).status_code == 304
    faced.photograph("Zoë", "red")
    assert colours(browser.get(address, headers=again).data, 0) == ["r"]
    assert pictures(browser.get("/groups/Press").text)[0][1] != address


def test_a_face_that_one_may_not_see_is_empty(app: Flask, faced: House, browser: Signed) -> None:
    address = f"/faces/?of={faced.contact_id('Grace')},{faced.contact_id('Zoë')},nobody"
    assert colours(browser.get(address).data, 0, 1, 2) == ["r", "b", ""]
    cy = signed_in(app, faced, "cy")
    assert colours(cy.get(address).data, 0, 1) == ["r", ""]
    etag = browser.get(address).headers["ETag"]
    assert cy.get(address, headers={"If-None-Match": etag}).status_code == 200  # another's key opens nothing


def test_more_than_a_page_of_them_is_not_made(faced: House, browser: Signed) -> None:
    many = ",".join([faced.contact_id("Grace")] * 5_000)
    assert colours(browser.get(f"/faces/?of={many}").data, 49) == ["r"]
    assert browser.get("/faces/").status_code == 200
