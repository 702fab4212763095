"""Reviews: started from a list or a form, answered one after the other, followed by who runs them."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from sharesync.model.access import Level
from sharesync.services.who_may.permission import user_party
from sharesync.store.queries import queues
from tests.web.chromium import chromium, look, serving, window
from tests.web.conftest import Signed, let_in, signed_in
from tests.worlds import House

__all__ = ["chromium"]


@pytest.fixture
def shared(shared: House) -> House:
    """Dag manages Customers, where Bo edits and Cy views."""
    shared.grant("Customers", shared.address("dag"), "manage")
    return shared


def begin(house: House, app: Flask, who: str = "dag", **more: object) -> str:
    """Start a review of Customers; returns its id."""
    people = [house.users[name].id for name in ("bo", "cy")]
    said = {"name": "Spring", "of": house.group_id("Customers"), "due": "2999-01-31", "person": people}
    answer = signed_in(app, house, who).submit("/reviews/", said | more)
    assert answer.status_code == 303, answer.text
    return str(house.query("SELECT max(id) FROM reviews")[0][0])


def items(house: House, review: str) -> dict[str, tuple[str, str]]:
    rows = house.query(f"SELECT contact_id, reviewer, state FROM review_items WHERE review_id = '{review}'")
    return {contact: (reviewer, state) for contact, reviewer, state in rows}


def waits(house: House, name: str) -> int:
    """How many contacts that are said to be gone are counted for somebody."""
    user = house.users[name].id
    with house.database.reading() as session:
        managed = user_party(session, user, None).levels.items()
        return queues.counts(session, [group for group, level in managed if level is Level.MANAGE], user).gone


def asked_of(house: House, review: str, name: str) -> list[str]:
    return [one for one, (who, _) in items(house, review).items() if who == house.users[name].id]


def test_whoever_is_asked_is_led_through_contact_by_contact(shared: House, app: Flask) -> None:
    shared.put("Customers", *(f"Person {number}" for number in range(4)))
    review = begin(shared, app)
    number = len(asked_of(shared, review, "bo"))
    bo = signed_in(app, shared, "bo")
    assert f"Review: {number} of {number} left" in bo.get("/").text
    for left in range(number, 0, -1):
        page = bo.get(f"/reviews/{review}/look").text
        assert f"{left} of {number} left" in page
        contact = page.split(f'action="/reviews/{review}/look/')[1].split('"')[0]
        answer = bo.submit(f"/reviews/{review}/look/{contact}", {"answer": "right"})
        assert answer.location == f"/reviews/{review}/look?after={contact}"
        assert items(shared, review)[contact][1] == "right"
    assert "Nothing is left for you" in bo.get(f"/reviews/{review}/look").text
    assert "Review:" not in bo.get("/").text
    dag = signed_in(app, shared, "dag").get(f"/reviews/{review}").text
    assert f"{number} right" in dag


def test_a_correction_is_the_usual_edit_and_goes_on_to_the_next(shared: House, app: Flask) -> None:
    review = begin(shared, app, person=[shared.users["bo"].id])
    contact = shared.contact_id("Ada")
    bo = signed_in(app, shared, "bo")
    where = f"/contacts/{contact}/edit?review={review}"
    assert where in bo.get(f"/reviews/{review}/look?at={contact}").text
    answer = bo.submit(where, {"names-0-givenName": "Ada Byron"})
    assert answer.location == f"/reviews/{review}/look?after={contact}"
    assert items(shared, review)[contact][1] == "corrected"
    page = bo.get(answer.location).text
    deed = page.split('action="/undo/')[1].split('"')[0]
    bo.submit(f"/undo/{deed}")
    assert items(shared, review)[contact][1] == "open"
    assert "Ada" in shared.contacts()


def test_what_a_viewer_says_is_gone_waits_for_who_runs_it(shared: House, app: Flask) -> None:
    review = begin(shared, app, person=[shared.users["cy"].id])
    contact = shared.contact_id("Ada")
    cy, dag = (signed_in(app, shared, name) for name in ("cy", "dag"))
    cy.submit(f"/reviews/{review}/look/{contact}", {"answer": "gone"})
    assert "Ada" in shared.contacts()
    assert "Marked as gone" in dag.get(f"/reviews/{review}").text
    assert f'href="/reviews/{review}#h-gone">Spring</a>' in dag.get("/holds/").text
    assert 'id="needs-user-minus"' in dag.get("/").text
    assert 'id="needs-user-minus"' not in cy.get("/").text
    assert (waits(shared, "dag"), waits(shared, "cy")) == (1, 0)
    dag.submit(f"/reviews/{review}/look/{contact}", {"answer": "gone", "home": "review"})
    assert "Ada" not in shared.contacts()
    assert "Marked as gone" not in dag.get(f"/reviews/{review}").text
    assert "Marked as gone" not in dag.get("/holds/").text
    assert waits(shared, "dag") == 0


def test_others_hear_of_no_review_and_who_is_asked_sees_no_one_elses_progress(shared: House, app: Flask) -> None:
    review = begin(shared, app)
    fin, cy = signed_in(app, shared, "fin"), signed_in(app, shared, "cy")
    for address in (f"/reviews/{review}", f"/reviews/{review}/look"):
        assert fin.get(address).status_code == 404
    assert "Spring" not in fin.get("/reviews/").text
    assert cy.get(f"/reviews/{review}").location == f"/reviews/{review}/look"
    theirs = asked_of(shared, review, "bo")[0]
    assert cy.submit(f"/reviews/{review}/look/{theirs}", {"answer": "right"}).status_code == 404
    assert cy.submit(f"/reviews/{review}/end").status_code == 403
    assert fin.submit(f"/reviews/{review}/end").status_code == 404


def test_one_is_started_of_what_was_ticked_and_ended(shared: House, app: Flask) -> None:
    dag, contact = signed_in(app, shared, "dag"), shared.contact_id("Ada")
    form = dag.submit("/reviews/new", {"contact": [contact], "q": ""}).text
    assert "1 contact that you ticked" in form or "1 contact" in form
    said = {"name": "One", "due": "2999-01-31", "person": [shared.users["bo"].id], "contact": [contact]}
    answer = dag.submit("/reviews/", said)
    review = answer.location.rpartition("/")[2]
    assert list(items(shared, review)) == [contact]
    dag.submit(f"/reviews/{review}/end")
    assert "This review has ended" in signed_in(app, shared, "bo").get(f"/reviews/{review}/look").text


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(shared: House, app: Flask, browser: Signed) -> None:
    dag = signed_in(app, shared, "dag")
    said = {"name": "Spring", "of": shared.group_id("Customers"), "due": "2999-01-31"}
    page = dag.submit("/reviews/", said).text
    assert "Name at least one person" in page
    assert 'value="Spring"' in page
    assert "nobody@x.test" in dag.submit("/reviews/", said | {"others": "nobody@x.test"}).text
    assert "There is no group that you manage" in signed_in(app, shared, "cy").get("/reviews/new").text


@pytest.mark.browser
def test_the_whole_way_by_keyboard(shared: House, app: Flask, chromium: Browser) -> None:
    shared.put("Customers", "Hedy", "Mary")
    shared.grant("Customers", shared.address("bo"), "delete")
    review = begin(shared, app, person=[shared.users["bo"].id])
    with serving(app) as at, window(chromium) as page:
        let_in(page, shared, at, "bo")
        page.goto(at)
        page.get_by_role("link", name="Spring").press("Enter")
        name, left = page.locator("#h-contact"), page.locator("#left")
        expect(name).to_have_text("Ada")
        page.keyboard.press("?")
        expect(page.locator("dialog#keys")).to_contain_text("Skip it for now")
        page.keyboard.press("r")  # in the list of keys it is a letter
        page.keyboard.press("Escape")
        expect(left).to_contain_text("4 of 4 left")
        assert look(page, "a contact of a review") == {}
        page.locator("[data-keyed]").focus()
        page.keyboard.press("s")
        expect(name).to_have_text("Grace")
        page.keyboard.press("b")
        expect(name).to_have_text("Ada")
        page.keyboard.press("r")
        expect(name).to_have_text("Grace")
        expect(left).to_contain_text("3 of 4 left")
        page.keyboard.press("e")
        page.locator('[name="names-0-givenName"]').fill("Grace Brewster")
        page.locator('[name="names-0-givenName"]').press("Enter")
        expect(name).to_have_text("Hedy")
        page.keyboard.press("g")
        expect(name).to_have_text("Mary")
        page.get_by_role("button", name="Undo").press("Enter")
        expect(left).to_contain_text("2 of 4 left")
        assert "Hedy" in shared.contacts()
        page.goto(f"{at}/reviews/{review}/look")
        page.keyboard.press("g")
        expect(name).to_have_text("Mary")
        page.keyboard.press("r")
        expect(page.get_by_role("heading", name="Nothing is left for you")).to_be_visible()
    answers = {"Ada": "right", "Grace Brewster": "corrected", "Hedy": "gone", "Mary": "right"}
    there = items(shared, review)
    assert {name: there[shared.contact_id(name)][1] for name in answers} == answers
