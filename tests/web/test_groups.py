"""Groups, all and one."""

import re

import pytest
from flask import Flask

from tests.api.conftest import make_service
from tests.users import customer
from tests.web.conftest import Live, Signed, signed_in
from tests.worlds import House


def tile(text: str, name: str) -> str:
    return next(part for part in text.split('class="card tile"') if f">{name}</a>" in part)


def test_each_group_tells_its_size_and_who_has_which_level(shared: House, live: Live) -> None:
    shared.grant("Press", "group:all-teams@north.test", "view")
    shared.grant("Press", "ou:/Sales", "edit")
    shared.grant("Press", "domain", "view")
    text = live("/groups/")
    customers, press = tile(text, "Customers"), tile(text, "Press")
    assert "2 contacts · 2 people" in customers
    assert (
        customers.index("Bo Bøgh")
        < customers.index("can edit")
        < customers.index("Cy Çelik")
        < customers.index("can view")
    )
    assert "1 contact · 6 people" in press
    for told in ("Dag Dæhlie", "manages", "All teams", "/Sales", "Everyone at north.test"):
        assert told in press


def test_ten_groups_are_a_table_with_what_waits_in_each(shared: House, app: Flask) -> None:
    shared.users["cy"].edits("Ada", phones=["+45 1"])  # who may only view: it becomes a proposal
    shared.sync_until_quiet()
    for number in range(7):
        shared.share(f"Group {number}", f"Own {number}", dag="view")
    anna, dag, cy = (signed_in(app, shared, one) for one in ("anna", "dag", "cy"))
    assert "<table" not in anna.get("/groups/").text
    assert "1 decision" in tile(anna.get("/groups/").text, "Customers")
    shared.share("Group 7", "Own 7", dag="edit")

    def row(browser: Signed, name: str) -> str:
        found = next(one for one in browser.get("/groups/").text.split("<tr id=") if f">{name}</a>" in one)
        return " ".join(re.sub("<[^>]*>", " ", found.partition("</tr>")[0]).split())

    assert row(anna, "Customers").endswith("Customers Group 2 2 – 1 decision")
    assert "1 decision" not in cy.get("/groups/").text
    assert "<table" not in cy.get("/groups/").text
    shared.share("Group 8", "Own 8", dag="edit")
    assert row(dag, "Group 8").endswith("Group 8 Group 1 1 can edit –")
    assert row(dag, "Press").endswith("manages –")


def test_a_group_that_is_shared_with_nobody_says_so(house: House, live: Live) -> None:
    house.share("Secret", "Ada")
    assert "Shared with nobody yet." in live("/groups/")


def test_a_group_shows_its_contacts_its_people_and_its_changes(shared: House, live: Live) -> None:
    shared.users["bo"].edits("Ada", phones=["+45 1"])
    shared.sync_until_quiet()
    text = live(f"/groups/{shared.group_id('Customers')}")
    for told in ("Ada", "Grace", "Bo Bøgh", "Cy Çelik", "2 contacts", "2 people"):
        assert told in text
    assert "Zoë" not in text


def test_search_stays_within_the_group(shared: House, live: Live) -> None:
    text = live(f"/groups/{shared.group_id('Customers')}?q=customer.example")
    assert "2 of 2 contacts" in text
    assert "Zoë" not in text
    assert "Nothing found" in live(f"/groups/{shared.group_id('Customers')}?q=Zoë")


def test_a_deleted_group_is_not_there_any_more(shared: House, browser: Signed) -> None:
    gone = shared.group_id("Press")
    shared.delete_group("Press")
    assert browser.get(f"/groups/{gone}").status_code == 404
    assert "Press" not in browser.get("/groups/").text


def test_a_name_with_signs_of_html_stays_a_name(house: House, live: Live) -> None:
    house.share("<script>alert(1)</script> & co", "<img src=x>")
    for page in ("/", "/groups/", "/contacts/", "/changes/"):
        text = live(page)
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in live("/groups/")


# --- Made, changed, deleted ------------------------------------------------------------------------------------------


def test_an_administrator_makes_a_group_and_goes_on_to_its_access(house: House, browser: Signed) -> None:
    answer = browser.submit("/groups/new", {"name": "  Suppliers ", "description": "Who sells to us"})
    assert answer.location == f"/groups/{house.group_id('Suppliers')}/access/"
    assert [one["actor"] for one in house.events("group.create")] == [house.users["anna"].id]
    assert "Who sells to us" in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("name", "told"), [("", "A group needs a name."), (" ", "A group needs a name."), ("PRESS", "exists already")]
)
def test_a_name_that_cannot_be_is_told_beside_the_field_and_nothing_is_made(
    shared: House, browser: Signed, name: str, told: str
) -> None:
    answer = browser.submit("/groups/new", {"name": name, "description": "kept as typed"})
    assert answer.status_code == 200
    assert told in answer.text
    assert "kept as typed" in answer.text
    assert sorted(shared.groups()) == ["Customers", "Press"]


def test_a_manager_renames_and_describes_their_group(shared: House, app: Flask) -> None:
    press = shared.group_id("Press")
    dag = signed_in(app, shared, "dag")
    dag.submit(f"/groups/{press}/settings", {"name": "Media", "description": "Papers and radio"})
    shared.sync_until_quiet()
    assert shared.groups() == {"Customers": shared.group_id("Customers"), "Media": press}
    assert "Papers and radio" in dag.get(f"/groups/{press}").text
    assert len(shared.events("group.rename")) == len(shared.events("group.describe")) == 1
    dag.submit(f"/groups/{press}/settings", {"name": "Media", "description": "Papers and radio"})
    assert len(shared.events("group.rename")) == len(shared.events("group.describe")) == 1


def test_a_group_goes_only_when_its_name_was_typed(shared: House, browser: Signed) -> None:
    address = f"/groups/{shared.group_id('Customers')}/delete"
    question = browser.submit(address).text
    assert "Type <b>Customers</b> to go on" in question
    assert "The group has 2 contacts and is seen by 2 people." in question
    assert "does not match" in browser.submit(address, {"confirm-count": "2", "confirm-name": "Press"}).text
    assert "Customers" in shared.groups()
    answer = browser.submit(address, {"confirm-count": "2", "confirm-name": "customers"})
    assert answer.location == "/groups/"
    assert list(shared.groups()) == ["Press"]
    assert sorted(shared.trash()) == ["Ada", "Grace"]


def test_a_group_that_changed_since_the_question_is_asked_about_again(shared: House, browser: Signed) -> None:
    shared.put("Customers", "Edith")
    sent = {"confirm-count": "2", "confirm-name": "Customers"}
    assert "The group has 3 contacts" in browser.submit(f"/groups/{shared.group_id('Customers')}/delete", sent).text
    assert "Customers" in shared.groups()


def test_limits_for_holds_are_kept_as_shares_and_given_back(shared: House, browser: Signed) -> None:
    address = f"/groups/{shared.group_id('Customers')}"
    browser.submit(f"{address}/limits", {"count": "3", "share": "25"})
    assert shared.query("SELECT hold_count, hold_share FROM groups WHERE name = 'Customers'") == [(3, 0.25)]
    page = browser.get(f"{address}/settings").text
    assert 'value="25"' in page
    assert "removes more contacts within 10 minutes than both numbers allow" in page
    assert "between 0 and 100" in browser.submit(f"{address}/limits", {"share": "101"}).text
    browser.submit(f"{address}/limits", {"count": "", "share": ""})
    assert shared.query("SELECT hold_count, hold_share FROM groups WHERE name = 'Customers'") == [(None, None)]


def test_a_service_is_given_a_limit_of_its_own_and_the_usual_again(shared: House, browser: Signed) -> None:
    make_service(shared, "crm", Customers="edit")
    address = f"/groups/{shared.group_id('Customers')}"
    browser.submit(f"{address}/limits/crm", {"at_once": "5000"})
    page = browser.get(f"{address}/settings").text
    assert 'value="5000"' in page
    assert "Contacts that crm may change at once" in page
    assert browser.submit(f"{address}/limits/other", {"at_once": "1"}).status_code == 404
    browser.submit(f"{address}/limits/crm", {"at_once": "-1"})
    browser.submit(f"{address}/limits/crm", {"at_once": ""})
    assert shared.query("SELECT at_once FROM grants WHERE kind = 'service'") == [(None,)]


# --- Its contacts ----------------------------------------------------------------------------------------------------


def test_contacts_of_other_groups_are_found_and_put_in(shared: House, browser: Signed) -> None:
    address = f"/groups/{shared.group_id('Customers')}"
    listed = browser.get(f"{address}/choose").text
    assert "Zoë" in listed
    assert "Grace" not in listed
    answer = browser.submit(f"{address}/add", {"contact": [shared.contact_id("Zoë")]})
    assert answer.status_code == 303
    assert shared.contacts("Customers") == ["Ada", "Grace", "Zoë"]
    assert "Every contact that you may edit is in this group already." in browser.get(f"{address}/choose").text


def test_nobody_is_shown_or_given_contacts_that_they_may_not_edit(shared: House, app: Flask) -> None:
    bo, address = signed_in(app, shared, "bo"), f"/groups/{shared.group_id('Customers')}"
    assert "Zoë" not in bo.get(f"{address}/choose").text
    assert bo.submit(f"{address}/add", {"contact": [shared.contact_id("Zoë")]}).status_code == 404
    shared.grant("Press", shared.address("bo"), "view")
    assert "Zoë" not in bo.get(f"{address}/choose").text
    assert bo.submit(f"{address}/add", {"contact": [shared.contact_id("Zoë")]}).status_code == 403
    assert shared.contacts("Customers") == ["Ada", "Grace"]


def test_without_a_tick_nothing_happens_and_it_is_said(shared: House, browser: Signed) -> None:
    group = shared.group_id("Customers")
    for address in (f"/groups/{group}/add", "/contacts/chosen/add", "/contacts/chosen/take", "/contacts/chosen/delete"):
        answer = browser.submit(address, {"from": group, "to": group}, follow_redirects=True)
        assert "Tick" in answer.text, address


def test_the_activity_of_a_group_is_its_own_and_leafs_back(shared: House, browser: Signed) -> None:
    for number in range(70):
        shared.wait(seconds=1)
        shared.put("Customers", f"N{number}")
    address: str | None = f"/groups/{shared.group_id('Customers')}/activity"
    pages = []
    while address:
        text = browser.get(address).text
        pages.append(text)
        older = re.search(r'href="(/groups/[^"]+before=\d+)"', text)
        address = older[1] if older else None
    assert len(pages) == 2
    assert "N69" in pages[0]
    assert "Ada" in pages[-1]
    assert not any("Zoë" in text for text in pages)


def test_a_list_can_be_narrowed_and_sorted(house: House, browser: Signed) -> None:
    house.share("Mixed", customer("Ann", phones=["+45 1"]), customer("Bea", emails=[]), customer("Cecilia"))
    house.wait(seconds=1)
    house.edit("Ann", note="newest")
    address = f"/groups/{house.group_id('Mixed')}"

    def names(query: str) -> list[str]:
        return re.findall(r'<a class="stretch" href="/contacts/[^"]+">([^<]+)</a>', browser.get(address + query).text)

    assert names("?q=has:phone") == ["Ann"]
    assert names("?q=missing:phone") == ["Bea", "Cecilia"]
    assert names("?q=-has:email") == ["Bea"]
    assert names("?sort=nonsense") == ["Ann", "Bea", "Cecilia"]
    assert names("?sort=changed")[0] == "Ann"
    assert names("?q=phone:112 OR name:be missing:email") == ["Bea"]
    nobody = browser.get(f"{address}?q=Ann has:birthday").text
    assert "No contact is like that" in nobody
    assert f'href="{address}?q=Ann" title="Take it away">has:birthday' in nobody
    assert f'href="{address}?q=Ann+has:birthday+missing:phone">Without a phone number</a>' in nobody
    wrong = browser.get(f"{address}?q=citty:aarhus").text
    assert "A filter knows no “citty:”; did you mean “city:”?" in wrong
    assert names("?q=citty:aarhus") == []
