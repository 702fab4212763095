"""A contact's photo in the web page: chosen, shown and taken away, by who may, from whatever a picture is."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.pictures import picture, shown
from tests.web.conftest import signed_in
from tests.web.test_contact_edit import boxes
from tests.worlds import House


def upload(content: bytes, name: str = "face.png") -> tuple[BytesIO, str]:
    return BytesIO(content), name


@pytest.fixture
def ada(shared: House) -> str:
    return shared.contact_id("Ada")


def test_a_picture_chosen_in_the_form_is_the_contacts_photo(app: Flask, shared: House, ada: str) -> None:
    bo = signed_in(app, shared, "bo")
    form = bo.get(f"/contacts/{ada}/edit").text
    assert 'enctype="multipart/form-data"' in form
    answer = bo.submit(f"/contacts/{ada}/edit", boxes(form) | {"photo": upload(picture("red", (900, 600)))})
    assert (answer.status_code, answer.location) == (303, f"/contacts/{ada}")
    photo = bo.get(f"/contacts/{ada}/photo")
    assert (photo.status_code, photo.mimetype, shown(photo.data).size) == (200, "image/jpeg", (512, 341))
    for where in ("", "/edit"):
        assert f'src="/contacts/{ada}/photo?of=' in bo.get(f"/contacts/{ada}{where}").text
    (event,) = shared.events("contact.set_photo")
    assert (event["actor"], event["contact_id"]) == (shared.users["bo"].id, ada)
    assert shared.query("SELECT version FROM contacts WHERE id = ?", ada) == [(1,)]
    shared.sync_until_quiet()
    assert shared.users["cy"].find("Ada")["photo"]


def test_a_photo_is_kept_by_nobody_on_its_way_and_is_taken_for_nothing_else(
    app: Flask, shared: House, ada: str
) -> None:
    shared.photograph("Ada", "red")
    headers = signed_in(app, shared, "cy").get(f"/contacts/{ada}/photo").headers
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert (headers["Content-Type"], headers["Cross-Origin-Resource-Policy"]) == ("image/jpeg", "same-origin")


def test_a_ticked_box_takes_the_photo_away(app: Flask, shared: House, ada: str) -> None:
    shared.photograph("Ada", "red")
    bo = signed_in(app, shared, "bo")
    form = boxes(bo.get(f"/contacts/{ada}/edit").text)
    assert "remove_photo" not in form
    bo.submit(f"/contacts/{ada}/edit", form)
    assert bo.get(f"/contacts/{ada}/photo").status_code == 200
    bo.submit(f"/contacts/{ada}/edit", form | {"remove_photo": "yes"})
    assert bo.get(f"/contacts/{ada}/photo").status_code == 404
    assert "/photo?of=" not in bo.get(f"/contacts/{ada}").text


def test_a_new_contact_is_made_with_its_photo(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    sent = {"group": shared.group_id("Customers"), "names-0-givenName": "Hedy", "photo": upload(picture("blue"))}
    there = bo.submit("/contacts/new", sent).location
    assert bo.get(f"{there}/photo").status_code == 200


@pytest.mark.parametrize("where", ["edit", "new"])
def test_what_is_no_picture_is_refused_and_nothing_of_the_form_is_saved(
    app: Flask, shared: House, ada: str, where: str
) -> None:
    bo = signed_in(app, shared, "bo")
    address = f"/contacts/{ada}/edit" if where == "edit" else "/contacts/new"
    before = shared.query("SELECT count(*), max(version) FROM contacts")
    sent = boxes(bo.get(address).text) | {"names-0-givenName": "Another", "group": shared.group_id("Customers")}
    answer = bo.submit(address, sent | {"photo": upload(b"%PDF-1.7", "face.jpg")})
    assert answer.status_code == 200
    assert "This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file." in answer.text
    assert 'class="part photo wrong"' in answer.text
    assert 'value="Another"' in answer.text
    assert shared.query("SELECT count(*), max(version) FROM contacts") == before


def test_who_may_only_view_is_offered_no_picture_and_sets_none(app: Flask, shared: House, ada: str) -> None:
    cy = signed_in(app, shared, "cy")
    form = cy.get(f"/contacts/{ada}/edit").text
    assert 'type="file"' not in form
    cy.submit(f"/contacts/{ada}/edit", boxes(form) | {"photo": upload(picture("red")), "remove_photo": "yes"})
    assert shared.events("contact.set_photo") == []


def test_where_somebody_was_faster_neither_card_nor_photo_is_saved(app: Flask, shared: House, ada: str) -> None:
    bo = signed_in(app, shared, "bo")
    form = boxes(bo.get(f"/contacts/{ada}/edit").text)
    shared.edit("Ada", note="faster")
    answer = bo.submit(
        f"/contacts/{ada}/edit", form | {"names-0-givenName": "Augusta", "photo": upload(picture("red"))}
    )
    assert answer.status_code == 409
    assert shared.events("contact.set_photo") == []


def test_a_photo_of_another_group_is_hidden_and_a_stranger_is_sent_to_the_door(
    app: Flask, shared: House, ada: str
) -> None:
    shared.photograph("Ada", "red")
    assert signed_in(app, shared, "dag").get(f"/contacts/{ada}/photo").status_code == 404
    app.test_client_class = FlaskClient
    assert app.test_client().get(f"/contacts/{ada}/photo").status_code == 303


def test_a_photo_goes_with_its_contact_when_that_is_erased(app: Flask, shared: House, ada: str) -> None:
    shared.photograph("Ada", "red")
    shared.erase("Ada")
    assert signed_in(app, shared, "anna").get(f"/contacts/{ada}/photo").status_code == 404
    assert shared.query("SELECT count(*) FROM photos") == [(0,)]


def test_the_timeline_tells_who_set_and_removed_it_and_where_it_went(app: Flask, shared: House, ada: str) -> None:
    shared.photograph("Ada", "red")
    shared.sync_until_quiet()
    shared.unphotograph("Ada")
    page = signed_in(app, shared, "anna").get(f"/contacts/{ada}").text
    assert "set the photo of" in page
    assert "removed the photo of" in page


def test_the_change_log_shows_its_event_with_what_names_the_photo(app: Flask, shared: House, ada: str) -> None:
    shared.photograph("Ada", "red")
    ((seq, digest),) = shared.query(
        "SELECT e.seq, c.photo FROM events e JOIN contacts c ON c.photo_event_id = e.id WHERE c.id = ?", ada
    )
    anna = signed_in(app, shared, "anna")
    page = anna.get(f"/audit/{seq}")
    assert page.status_code == 200
    assert digest.hex() in page.text
    assert anna.get("/changes/?all=").status_code == 200
    exported = anna.submit("/audit/export", {"format": "jsonl"})
    assert exported.status_code == 200


def test_a_form_with_hundreds_of_rows_goes_through_with_a_picture(app: Flask, shared: House, ada: str) -> None:
    bo = signed_in(app, shared, "bo")
    rows = {f"phoneNumbers-{number}-value": f"+45 33 12 {number:04}" for number in range(400)}
    kinds = {f"phoneNumbers-{number}-type": "work" for number in range(400)}
    more = {f"phoneNumbers-{number}-~": "{}" for number in range(400)}
    sent = boxes(bo.get(f"/contacts/{ada}/edit").text) | rows | kinds | more
    assert bo.submit(f"/contacts/{ada}/edit", sent | {"photo": upload(picture("red"))}).status_code == 303
    assert len(shared.stored("Ada").phones) == 400
