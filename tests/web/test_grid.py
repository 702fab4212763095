"""The grid of contacts: sorted by a click on a header, with the columns that its reader chose."""

import re
from html import unescape
from urllib.parse import unquote

from sharesync.model.list_look import COLUMNS
from tests.users import customer
from tests.web.conftest import Live, Signed
from tests.worlds import House


def headers(text: str) -> dict[str, tuple[str, str]]:
    """By what stands in it: which way the list is sorted by a header, and where a click leads."""
    found = re.findall(r'<th scope="col"[^>]*?(?: aria-sort="(\w+)")?>(?:<a href="([^"]+)">)?([^<]+)', text)
    return {word.strip(): (sort, unquote(unescape(address))) for sort, address, word in found}


def names(text: str) -> list[str]:
    return re.findall(r'<a class="stretch" href="/contacts/[^"]+">([^<]+)</a>', text)


def people(house: House) -> None:
    house.share(
        "Customers",
        customer("Ada", job=("Zeta", "Boss")),
        customer("Bo"),
        customer("Cy", job=("acme", "Clerk")),
        customer("Dan", job=("Zeta", "Clerk")),
    )


def test_a_click_on_a_header_sorts_and_another_turns_the_order_round(house: House, live: Live) -> None:
    people(house)
    first = headers(live("/contacts/"))
    assert first["Name"] == ("ascending", "/contacts/?sort=-name")
    assert first["Company"] == ("", "/contacts/?sort=company")
    assert first["Groups"] == ("", "")  # which of its groups a reader sees differs from reader to reader
    up = live(first["Company"][1])
    assert names(up) == ["Cy", "Ada", "Dan", "Bo"]
    assert headers(up)["Company"] == ("ascending", "/contacts/?sort=-company")
    down = live(headers(up)["Company"][1])
    assert names(down) == ["Dan", "Ada", "Cy", "Bo"]  # without a company, and last in either direction
    assert headers(down)["Company"] == ("descending", "/contacts/?sort=company")
    group = f"/groups/{house.group_id('Customers')}"
    assert names(live(f"{group}?sort=company")) == ["Cy", "Ada", "Dan", "Bo"]


def test_every_column_of_one_value_sorts_and_the_others_are_plain_words(live: Live) -> None:
    shown = headers(live(f"/contacts/?columns={','.join(COLUMNS)}"))
    assert {word for word, (_, address) in shown.items() if not address} == {"Groups"}


def test_pages_of_a_sorted_list_follow_one_another(house: House, live: Live) -> None:
    house.share("Many", *(customer(f"N{number:03}", job=(f"C{number % 7}", "")) for number in range(120)))
    expected = [f"N{number:03}" for rest in range(6, -1, -1) for number in range(119, -1, -1) if number % 7 == rest]
    found: list[str] = []
    address: str | None = "/contacts/?sort=-company"
    while address:
        text = live(address)
        found += names(text)
        following = re.search(r'href="(/contacts/\?[^"]+)">Next page', text)
        address = unescape(following[1]) if following else None
    assert found == expected


def test_an_address_may_say_which_columns_and_what_is_none_is_left_out(house: House, live: Live) -> None:
    people(house)
    text = live("/contacts/?columns=title,nothing,changed")
    assert list(headers(text)) == ["Name", "Job title", "Changed"]
    assert "Clerk" in text
    assert "ada@customer.example" not in text
    assert headers(text)["Changed"][1] == "/contacts/?sort=changed&columns=title,nothing,changed"
    assert headers(live("/contacts/?sort=nothing"))["Name"][0] == "ascending"
    assert list(headers(live("/contacts/?columns=nothing"))) == ["Name", "Company", "E-mail", "Phone", "Groups"]


def test_a_field_of_ones_own_is_a_column_and_numbers_sort_as_numbers(house: House, browser: Signed) -> None:
    browser.submit("/fields/", {"name": "Size", "kind": "number", "where": "google"})
    sizes = {"Ada": "9", "Bo": "80", "Dan": "700"}
    house.share(
        "Customers", *(customer(one) | {"userDefined": [{"key": "Size", "value": sizes[one]}]} for one in sizes)
    )
    house.put("Customers", "Cy")
    field = house.query("SELECT id FROM fields WHERE name = 'Size'")[0][0]
    text = browser.get(f"/contacts/?columns={field}&sort=-{field}").text
    assert headers(text)["Size"][0] == "descending"
    assert names(text) == ["Dan", "Bo", "Ada", "Cy"]
    assert "700" in text


def test_columns_are_chosen_and_moved_without_a_script_and_remembered(house: House, browser: Signed) -> None:
    people(house)
    sent = {"back": "/contacts/?q=a&columns=title", "column": ["email", "company", "nothing"], "high": "yes"}
    answer = browser.submit("/contacts/columns/", sent)
    assert unquote(answer.location) == "/contacts/?q=a&columns=high,email,company"
    assert list(headers(browser.get(answer.location).text)) == ["Name", "E-mail", "Company"]
    assert list(headers(browser.get("/contacts/").text)) == ["Name", "E-mail", "Company"]
    assert "Zeta" in browser.get(f"/groups/{house.group_id('Customers')}").text
    moved = browser.submit(
        "/contacts/columns/", {"back": "/contacts/", "column": ["email", "company"], "forward": "company"}
    )
    assert unquote(moved.location) == "/contacts/?columns=company,email#columns"
    assert browser.submit("/contacts/columns/", {"back": "//elsewhere.example/"}).location.startswith("/?")


def test_a_saved_filter_keeps_its_columns_and_order(house: House, browser: Signed) -> None:
    people(house)
    form = browser.get("/contacts/?q=name:a&sort=-company&columns=title,city").text
    way = re.search(r'href="(/contacts/saved/new[^"]+)"', form)
    assert way
    form = browser.get(unescape(way[1])).text
    sent = dict(re.findall(r'<input type="hidden" name="(q|sort|columns)" value="([^"]*)">', form))
    browser.submit("/contacts/saved/", sent | {"name": "Bosses"})
    shown = unquote(unescape(browser.get("/contacts/").text))
    assert 'href="/contacts/?q=name:a&sort=-company&columns=title,city"' in shown
