"""The pages in a real browser: they refresh by themselves, keep what was typed, and let everyone in."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

import web
from sharesync.settings import Settings
from tests.pictures import picture
from tests.web.chromium import chromium, held, look, serving, the_first, walk, window
from tests.web.conftest import let_in
from tests.worlds import House

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serving(app) as at:
        yield at


@pytest.fixture
def page(shared: House, address: str, chromium: Browser) -> Iterator[Page]:
    with window(chromium) as opened:
        let_in(opened, shared, address)
        yield opened


def refresh(page: Page) -> None:
    """Ask for the live part now, as the page does every two seconds, and wait until it is there."""
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.evaluate("document.querySelectorAll('[hx-trigger*=refresh]').forEach(e => htmx.trigger(e, 'refresh'))")


def test_a_change_appears_by_itself_and_what_did_not_change_stays_the_same_node(
    shared: House, address: str, page: Page
) -> None:
    page.goto(address)
    page.evaluate("document.querySelector('#live h1').kept = true")
    page.evaluate("document.querySelector('#live .rows li').kept = true")
    shared.users["bo"].edits("Ada", phones=["+45 33 12 34 56"])
    shared.sync_until_quiet()
    expect(page.locator(".log li").first).to_contain_text("Bo Bøgh changed Ada")
    assert page.evaluate("document.querySelector('#live h1').kept && document.querySelector('#live .rows li').kept")


def test_search_narrows_as_one_types_and_refreshing_keeps_both_words_and_place(
    shared: House, address: str, page: Page
) -> None:
    page.goto(f"{address}/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("gra")
    expect(page.locator(".contacts .who a")).to_have_text(["Grace"])
    expect(page).to_have_url(f"{address}/contacts/?q=gra")
    shared.put("Press", "Gracia")
    refresh(page)
    expect(page.locator(".contacts .who a")).to_have_text(["Grace", "Gracia"])
    expect(page.locator("#search")).to_have_value("gra")
    expect(page.locator("#search")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="2 contacts found")).to_be_visible()


def test_the_palette_leads_from_anywhere_by_the_keyboard_alone(shared: House, address: str, page: Page) -> None:
    page.goto(f"{address}/changes/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("link", name="Trash")).to_be_visible()
    page.keyboard.type("grac")
    expect(page.locator("#found a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}/contacts/{shared.contact_id('Grace')}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_look_for_news_that_comes_late_does_not_undo_a_search(shared: House, address: str, page: Page) -> None:
    page.goto(f"{address}/contacts/")
    late = held(page, lambda request: "hx-request" in request.headers and "q=" not in request.url)
    news = the_first(page, late)
    page.locator("#search").fill("gra")
    expect(page.locator(".contacts .who a")).to_have_text(["Grace"])
    news.continue_()
    refresh(page)
    expect(page.locator(".contacts .who a")).to_have_text(["Grace"])


def test_what_was_ticked_stays_ticked_when_the_list_refreshes_and_is_counted(
    shared: House, address: str, page: Page
) -> None:
    page.goto(f"{address}/groups/{shared.group_id('Customers')}")
    bulk = page.get_by_role("group", name="With the ticked contacts")
    expect(bulk).to_be_hidden()
    page.get_by_role("checkbox", name="Choose Ada").check()
    expect(bulk).to_contain_text("1 ticked")
    compare = bulk.get_by_role("button", name="Compare")
    expect(compare).to_be_hidden()
    shared.put("Customers", "Edith")
    refresh(page)
    expect(page.get_by_role("checkbox", name="Choose Edith")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Choose Ada")).to_be_checked()
    page.get_by_role("checkbox", name="Choose Edith").check()
    expect(compare).to_be_visible()
    page.locator("[data-choose] input").check()
    expect(bulk).to_contain_text("3 ticked")
    expect(compare).to_be_hidden()


def test_a_click_with_shift_ticks_all_from_the_one_clicked_before(shared: House, address: str, page: Page) -> None:
    shared.put("Customers", "Edith", "Mary")
    page.goto(f"{address}/groups/{shared.group_id('Customers')}")
    page.get_by_role("checkbox", name="Choose Ada").click()
    page.get_by_role("checkbox", name="Choose Grace").click(modifiers=["Shift"])
    expect(page.get_by_role("group", name="With the ticked contacts")).to_contain_text("3 ticked")
    expect(page.get_by_role("checkbox", name="Choose Mary")).not_to_be_checked()
    page.get_by_role("checkbox", name="Choose Edith").click(modifiers=["Shift"])
    expect(page.get_by_role("checkbox", name="Choose Ada")).to_be_checked()
    expect(page.get_by_role("group", name="With the ticked contacts")).to_contain_text("1 ticked")


def test_a_menu_closes_as_people_expect_and_space_presses_what_looks_like_a_button(
    shared: House, address: str, page: Page
) -> None:
    page.goto(f"{address}/groups/{shared.group_id('Customers')}")
    menu = page.get_by_role("button", name="Sign out everywhere")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.get_by_role("heading", level=1).click()):
        page.locator("#me summary").click()
        expect(menu).to_be_visible()
        close()
        expect(menu).to_be_hidden()
    page.get_by_role("button", name="New contact").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("/contacts/new"))


def test_a_row_is_added_in_place_and_enter_saves_the_form(shared: House, address: str, page: Page) -> None:
    page.goto(f"{address}/contacts/{shared.contact_id('Ada')}/edit")
    page.evaluate("document.querySelector('#card-form').kept = true")
    page.get_by_label("Last name", exact=True).fill("Lovelace")
    page.get_by_role("button", name="Another e-mail").click()
    second = page.get_by_role("group", name="E-mail 2").get_by_label("Address")
    second.fill("second@x.example")
    expect(page.get_by_label("Last name", exact=True)).to_have_value("Lovelace")
    assert page.evaluate("document.querySelector('#card-form').kept")
    second.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert shared.stored("Ada").emails == ("ada@customer.example", "second@x.example")
    assert shared.stored("Ada").family == "Lovelace"


def test_access_is_given_in_four_steps_without_leaving_the_keyboard(shared: House, address: str, page: Page) -> None:
    page.goto(f"{address}/groups/{shared.group_id('Press')}/access/")
    page.get_by_role("searchbox").press_sequentially("team")
    page.get_by_role("radio", name="All teams").press("Space")
    page.get_by_label("They", exact=True).select_option("edit")
    page.get_by_role("button", name="Show what that means").press("Enter")
    expect(page.get_by_role("heading", name="Gain access")).to_be_visible()
    page.get_by_role("button", name="Change access").press("Enter")
    expect(page.get_by_text("Access changed.")).to_be_visible()
    assert shared.level("Press", "cy") is not None


def test_a_filter_is_completed_by_the_keyboard_alone(shared: House, address: str, page: Page) -> None:
    page.goto(f"{address}/contacts/")
    search = page.get_by_role("combobox", name="Search contacts")
    offered = page.get_by_role("listbox").get_by_role("option")
    search.press_sequentially("gr")
    offered.filter(has_text="group:").wait_for()
    assert look(page, "what is offered") == {}
    search.press("ArrowDown")
    expect(search).to_have_attribute("aria-activedescendant", re.compile("options-"))
    search.press("Enter")
    expect(search).to_have_value("group:")
    offered.filter(has_text="Press").click()
    expect(search).to_have_value("group:Press")
    expect(search).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".contacts .who a")).to_have_text(["Zoë"])
    search.fill("ch")
    search.press_sequentially("a")
    offered.filter(has_text="changed").wait_for()
    search.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(search).to_have_value("cha")


def test_what_was_folded_open_stays_open(shared: House, address: str, page: Page) -> None:
    page.goto(f"{address}/groups/{shared.group_id('Customers')}")
    page.get_by_text("Who that is").click()
    shared.put("Customers", "Edith")
    refresh(page)
    expect(page.locator(".contacts").get_by_text("Edith", exact=True)).to_be_visible()
    expect(page.locator("details").get_by_text("Cy Çelik")).to_be_visible()


def test_a_page_that_gets_no_answer_says_so_and_recovers(still: House, settings: Settings, chromium: Browser) -> None:
    app = web.create_app(still.world, settings)
    context = chromium.new_context()  # its console will tell of the lost connection, and shall
    page = context.new_page()
    with serving(app) as at:
        let_in(page, still, at)
        page.goto(at)
        expect(page.locator("#offline")).to_be_hidden()
        context.set_offline(True)
        expect(page.locator("#offline")).to_be_visible()
        context.set_offline(False)
        expect(page.locator("#offline")).to_be_hidden()
    context.close()


def test_a_picture_chosen_stays_chosen_when_a_row_is_added_and_shows_once_it_is_saved(
    shared: House, address: str, page: Page
) -> None:
    ada = f"{address}/contacts/{shared.contact_id('Ada')}"
    page.goto(f"{ada}/edit")
    file: FilePayload = {"name": "face.png", "mimeType": "image/png", "buffer": picture("teal", (900, 600))}
    page.get_by_label("Picture", exact=True).set_input_files(file)
    page.get_by_role("button", name="Another e-mail").click()
    expect(page.get_by_role("group", name="E-mail 2")).to_be_visible()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    shown = page.get_by_role("img", name="Photo of Ada")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 512)
    assert (
        walk(page, address, [f"/contacts/{shared.contact_id('Ada')}", f"/contacts/{shared.contact_id('Ada')}/edit"])
        == {}
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_lets_everyone_in_keeps_its_policy_and_fits_a_phone(
    still: House, settings: Settings, chromium: Browser, scheme: str
) -> None:
    bo = still.users["bo"].id
    pages = ["/", "/mailboxes/", f"/mailboxes/{bo}", "/groups/", f"/groups/{still.group_id('Customers')}", "/contacts/"]
    pages += [f"/contacts/{still.contact_id('Ada')}", "/changes/", "/changes/?all=", "/contacts/?q=nobody"]
    customers = f"/groups/{still.group_id('Customers')}"
    pages += ["/groups/new", f"{customers}/choose", f"{customers}/access/?q=team&why=bo", f"{customers}/activity"]
    pages += ["/roles/?q=bo", f"{customers}/restore/?at=2026-01-01T00:00"]
    pages += [f"{customers}/settings", "/contacts/new", f"/contacts/{still.contact_id('Ada')}/edit", "/mine/"]
    with serving(web.create_app(still.world, settings)) as at, window(chromium, color_scheme=scheme) as page:
        assert walk(page, at, ["/sign-in/"]) == {}
        let_in(page, still, at)
        assert walk(page, at, pages) == {}
        let_in(page, still, at, "cy")
        assert walk(page, at, ["/", f"/contacts/{still.contact_id('Ada')}"]) == {}


def test_the_keyboard_skips_to_the_content(still: House, settings: Settings, chromium: Browser) -> None:
    with serving(web.create_app(still.world, settings)) as at, window(chromium) as page:
        let_in(page, still, at)
        page.goto(at)
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
