"""What the page shows."""

from flask.testing import FlaskClient

from sharesync.sandbox.hands import Hands
from sharesync.sandbox.workspace import Workspace
from tests.sandbox_page.conftest import BO, HOME, Make


def test_the_front_door_leads_to_the_choice_of_whom_to_be(browser: FlaskClient) -> None:
    answer = browser.get("/", follow_redirects=True)
    assert answer.request.path == "/contacts/"
    for told in ("Anna Ågård", "anna@north.test", "Administrator", f'href="{HOME}"'):
        assert told in answer.text


def test_a_user_who_was_deleted_cannot_be_chosen(browser: FlaskClient, workspace: Workspace) -> None:
    workspace.directory.change_user(BO, deleted=workspace.now())
    assert "Bo Bøgh" not in browser.get("/contacts/").text
    assert browser.get(HOME).status_code == 404


def test_the_list_shows_contacts_labels_and_counts(browser: FlaskClient, bo: Hands, make: Make) -> None:
    label = bo.create_label("Customers")
    make("Ada", label, emailAddresses=[{"value": "ada@x.example"}], organizations=[{"name": "Nordlys", "title": "CEO"}])
    make("Grace")
    everyone, labelled = browser.get(HOME).text, browser.get(f"{HOME}label/{label}").text
    for told in ("Ada", "Grace", "ada@x.example", "CEO, Nordlys", "Contacts <small>(2)</small>", ">Customers<"):
        assert told in everyone
    assert "Customers <small>(1)</small>" in labelled
    assert "Grace" not in labelled


def test_search_looks_everywhere(browser: FlaskClient, make: Make) -> None:
    make("Ada", biographies=[{"value": "met in Århus"}])
    make("Grace")
    text = browser.get(f"{HOME}?q=århus").text
    assert "Ada" in text
    assert "Grace" not in text


def test_starred_contacts_stand_under_starred(browser: FlaskClient, bo: Hands, make: Make) -> None:
    bo.star(make("Ada")["resourceName"])
    make("Grace")
    text = browser.get(f"{HOME}label/starred").text
    assert "Ada" in text
    assert "Grace" not in text


def test_a_contact_shows_all_it_has(browser: FlaskClient, make: Make) -> None:
    contact = make(
        "Ada",
        phoneNumbers=[{"value": "+45 33 12 34 56", "type": "work"}],
        addresses=[{"streetAddress": "Havnegade 1", "city": "Odense"}],
        birthdays=[{"date": {"day": 10, "month": 12, "year": 1815}}],
        userDefined=[{"key": "Nr.", "value": "1042"}],
        biographies=[{"value": "<b>bold</b>"}],
    )
    text = browser.get(f"{HOME}person/{contact['resourceName'].removeprefix('people/')}").text
    for told in ("+45 33 12 34 56", "Work", "Havnegade 1", "10 December 1815", "1042", "&lt;b&gt;bold&lt;/b&gt;"):
        assert told in text


def test_a_former_resource_name_still_leads_to_the_contact(browser: FlaskClient, bo: Hands, make: Make) -> None:
    before = make("Ada")["resourceName"]
    bo.link_profile(before, "Ada L")
    assert "Ada" in browser.get(f"{HOME}person/{before.removeprefix('people/')}").text


def test_what_is_not_there_is_said_kindly(browser: FlaskClient) -> None:
    for address in (f"{HOME}person/c1", f"{HOME}label/nothing", "/contacts/nobody@north.test/"):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "Not found" in answer.text


def test_an_open_page_learns_that_something_changed_and_asks_for_its_parts(browser: FlaskClient, make: Make) -> None:
    before = browser.get(f"{HOME}seq").get_json()
    assert browser.get(f"{HOME}seq").get_json() == before
    make("Ada")
    assert browser.get(f"{HOME}seq").get_json() != before
    parts = browser.get(HOME, headers={"X-Part": "1"}).text
    assert "<html" not in parts
    assert 'data-part="live"' in parts
    assert 'data-part="side-live"' in parts
    assert "Ada" in parts


def test_pages_load_nothing_from_elsewhere(browser: FlaskClient, make: Make) -> None:
    make("Ada")
    for address in ("/contacts/", HOME, f"{HOME}new", f"{HOME}trash"):
        text = browser.get(address).text
        assert "http://" not in text
        assert "https://" not in text
