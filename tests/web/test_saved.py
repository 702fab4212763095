"""Saved filters: one's own, or shared with who sees a group."""

from flask import Flask

from tests.web.conftest import Signed, signed_in
from tests.worlds import House

WAY = 'href="/contacts/?q=name:ada&amp;sort=changed"'


def test_a_filter_is_saved_asked_again_by_a_click_and_forgotten(shared: House, browser: Signed) -> None:
    form = browser.get("/contacts/saved/new?q=name:ada&sort=changed").text
    assert 'value="name:ada"' in form
    answer = browser.submit("/contacts/saved/", {"name": " Our  Ada ", "q": "name:ada", "sort": "changed"})
    assert "Saved as Our Ada." in browser.get(answer.location).text
    assert WAY in browser.get("/contacts/").text
    live = browser.get("/contacts/?q=name:ada", headers={"HX-Request": "true"}).text  # as one types
    assert "Save this filter" in live
    assert "Delete “Our Ada”" in live
    saved = shared.query("SELECT id FROM saved_filters")[0][0]
    browser.submit("/contacts/saved/forget", {"saved": saved})
    assert WAY not in browser.get("/contacts/").text
    assert [len(shared.events(action)) for action in ("filter.save", "filter.forget")] == [1, 1]


def test_one_is_its_owners_or_of_those_who_see_its_group(shared: House, app: Flask) -> None:
    bo, cy, fin = (signed_in(app, shared, name) for name in ("bo", "cy", "fin"))
    bo.submit("/contacts/saved/", {"name": "Mine", "q": "name:ada", "sort": ""})
    with_all = {"name": "Ours", "q": "name:grace", "sort": "", "with": shared.group_id("Customers")}
    bo.submit("/contacts/saved/", with_all)
    assert ("Mine" in bo.get("/contacts/").text, "Ours" in bo.get("/contacts/").text) == (True, True)
    assert ("Mine" in cy.get("/contacts/").text, "Ours" in cy.get("/contacts/").text) == (False, True)
    assert "Ours" not in fin.get("/contacts/").text
    cy.submit("/contacts/saved/", with_all | {"name": "Viewers"})  # who may only view shares none
    assert len(shared.query("SELECT id FROM saved_filters")) == 2
    for saved in shared.query("SELECT id FROM saved_filters"):
        cy.submit("/contacts/saved/forget", {"saved": saved[0]})
    assert len(shared.query("SELECT id FROM saved_filters")) == 2


def test_what_cannot_be_saved_says_why(shared: House, browser: Signed) -> None:
    for sent, why in (
        ({"name": "", "q": "ada"}, "Give the filter a name"),
        ({"name": "x", "q": ""}, "Type first"),
        ({"name": "x", "q": "nam:ada"}, "did you mean"),
    ):
        assert why in browser.get(browser.submit("/contacts/saved/", sent).location).text
