"""The first page."""

from tests.web.conftest import Live, Signed
from tests.worlds import House


def test_an_empty_house_says_what_to_do_first(house: House, browser: Signed) -> None:
    text = browser.get("/").text
    assert "No mailbox sees a group yet" in text
    assert "sharesync groups create" in text
    assert "sharesync grants set" in text


def test_it_sums_up_mailboxes_groups_and_contacts(still_live: Live) -> None:
    text = still_live("/")
    assert "All 3 mailboxes are up to date" in text
    assert "3 contacts in 2 groups, shared with 3 people." in text
    for name in ("Bo Bøgh", "Cy Çelik", "Dag Dæhlie", "Customers", "Press"):
        assert name in text


def test_what_is_on_its_way_is_counted(shared: House, live: Live) -> None:
    shared.put("Customers", "Edith")
    text = live("/")
    assert "1 of 3 mailboxes up to date" in text
    assert "2 contacts on the way to 2 mailboxes." in text


def test_a_mailbox_that_needs_someone_is_said_first_and_listed_first(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("dag"), contacts_on=False)
    shared.pass_over("dag")
    assert shared.state("dag")[0] == "attention"
    text = live("/")
    mailboxes = text[text.index('id="h-mailboxes"') :]
    assert "1 mailbox needs attention" in text
    assert mailboxes.index("Dag Dæhlie") < mailboxes.index("Bo Bøgh")


def test_a_suspended_user_is_paused_and_no_failure(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("cy"), suspended=True)
    shared.sync_directory()
    shared.sync()
    text = live("/")
    assert "All 2 mailboxes are up to date" in text
    assert "1 mailbox paused." in text


def test_the_latest_changes_are_sentences_with_actor_outcome_and_links(shared: House, live: Live) -> None:
    shared.users["bo"].edits("Ada", phones=["+45 11 11 11 11"])
    shared.users["cy"].edits("Grace", note="mine")
    shared.sync_until_quiet()
    text = " ".join(live("/").split())
    assert f'<b>Bo Bøgh</b> changed <a href="/contacts/{shared.contact_id("Ada")}">Ada</a>' in text
    assert f'<b>Cy Çelik</b> changed <a href="/contacts/{shared.contact_id("Grace")}">Grace</a>' in text
    assert "undone" in text
    assert "in Google Contacts" in text


def test_deliveries_are_not_among_the_latest_changes(still_live: Live) -> None:
    assert "delivered" not in still_live("/")


def test_htmx_gets_the_live_part_alone_and_the_browsers_history_the_whole_page(shared: House, browser: Signed) -> None:
    part = browser.get("/", headers={"HX-Request": "true"}).text
    restored = browser.get("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).text
    assert "<html" not in part
    assert part.strip() in browser.get("/").text
    assert "<html" in restored


def test_the_page_names_the_domain_and_asks_for_itself_again(house: House, browser: Signed) -> None:
    text = browser.get("/").text
    assert "north.test" in text
    assert 'hx-get="/" hx-trigger="every 2s' in text
