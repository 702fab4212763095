"""Groups, all and one."""

from tests.web.conftest import Live, Signed
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
