"""Contacts: search, paging, and one contact's page."""

import re

import pytest

from sharesync.store.queries import contact_pages
from tests.users import customer
from tests.web.conftest import Live, Signed
from tests.worlds import House


def names(text: str) -> list[str]:
    return re.findall(r'<a class="stretch" href="/contacts/[^"]+">([^<]+)</a>', text)


def test_contacts_are_listed_by_name_with_address_number_company_and_groups(shared: House, live: Live) -> None:
    shared.put("Press", customer("Ørsted", phones=["+45 33 12 34 56"], job=("Nordlys", "Editor")))
    text = live("/contacts/")
    assert names(text) == ["Ada", "Grace", "Ørsted", "Zoë"]
    for told in ("ørsted@customer.example", "+45 33 12 34 56", "Editor, Nordlys", "4 contacts"):
        assert told in text
    assert text.count('<span class="tag">Press</span>') == 2


def test_search_finds_every_word_anywhere_whatever_its_case(still_live: Live) -> None:
    assert names(still_live("/contacts/?q=GRA+customer")) == ["Grace"]
    assert names(still_live("/contacts/?q=zoË")) == ["Zoë"]
    assert names(still_live("/contacts/?q=customer.example")) == ["Ada", "Grace", "Zoë"]


def test_a_search_that_finds_nothing_says_so_and_repeats_what_was_typed_harmlessly(still_live: Live) -> None:
    text = still_live("/contacts/?q=%3Cb%3Enobody")
    assert "Nothing found for “&lt;b&gt;nobody”" in text
    assert "<b>nobody" not in text


def test_signs_that_sql_knows_are_only_signs(still_live: Live) -> None:
    for sign in ("%25", "_", "'", '"', "\\"):
        assert names(still_live(f"/contacts/?q={sign}")) == []


def test_pages_follow_one_another_without_gap_or_repetition_and_their_address_names_nobody(
    house: House, live: Live
) -> None:
    house.share("Many", *(customer(f"N{number:03}") for number in range(120)))
    found: list[str] = []
    address: str | None = "/contacts/"
    while address:
        text = live(address)
        found += names(text)
        following = re.search(r'href="(/contacts/\?[^"]+)">Next page', text)
        address = following[1].replace("&amp;", "&") if following else None
        assert not address or re.fullmatch(r"/contacts/\?after=[0-9a-f]{32}", address)
    assert found == [f"N{number:03}" for number in range(120)]


def test_paging_keeps_the_search(house: House, live: Live) -> None:
    house.share("Many", *(customer(f"N{number:03}") for number in range(60)), *(customer(f"M{n}") for n in range(5)))
    text = live("/contacts/?q=n0")
    following = re.search(r'href="(/contacts/\?[^"]+)">Next page', text)
    assert following
    assert names(live(following[1].replace("&amp;", "&"))) == [f"N{number:03}" for number in range(50, 60)]


def test_of_a_search_that_finds_very_many_it_is_only_said_that_they_are_more(
    house: House, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_pages, "MANY", 55)
    house.share("Many", *(customer(f"N{number:03}") for number in range(60)), "Ada")
    assert "More than 55 contacts found" in live("/contacts/?q=n0")
    assert "More than 55 of 61 contacts" in live(f"/groups/{house.group_id('Many')}?q=n0")
    assert "All that were found" in live("/contacts/?q=n0")
    assert "All 61 found" in live("/contacts/")
    assert "1 contact found" in live("/contacts/?q=ada")


def test_a_cursor_that_means_nobody_is_the_first_page(still_live: Live) -> None:
    assert names(still_live("/contacts/?after=nobody")) == ["Ada", "Grace", "Zoë"]


# --- One contact -----------------------------------------------------------------------------------------------------


def test_a_contact_shows_its_card_in_words_and_links_that_cannot_run_anything(house: House, live: Live) -> None:
    house.share(
        "Customers",
        {
            "names": [{"honorificPrefix": "Dr.", "givenName": "Åse", "familyName": "Ødegård"}],
            "emailAddresses": [{"value": "aase@x.example", "type": "work"}],
            "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "workMobile"}],
            "addresses": [{"streetAddress": "Havnegade 1", "postalCode": "5000", "city": "Odense C", "type": "home"}],
            "organizations": [{"name": "Nordlys", "title": "Editor"}],
            "birthdays": [{"date": {"day": 29, "month": 2}}],
            "urls": [{"value": "nordlys.example/om"}, {"value": "javascript:alert(1)"}, {"value": "data:text/html,x"}],
            "userDefined": [{"key": "Kundenr.", "value": "1042"}],
            "biographies": [{"value": "First line\nsecond <line>"}],
        },
    )
    text = live(f"/contacts/{house.contact_id('Åse')}")
    for told in (
        "Dr. Åse Ødegård",
        "work mobile",
        "Havnegade 1\n5000 Odense C",
        "Editor, Nordlys",
        "29 February",
        "Kundenr.",
    ):
        assert told in text, told
    assert 'href="mailto:aase@x.example"' in text
    assert 'href="tel:+4533123456"' in text
    assert 'href="https://nordlys.example/om"' in text
    assert "First line\nsecond &lt;line&gt;" in text
    assert "javascript:alert(1)" in text
    assert not re.search(r'href="(?:javascript|data):', text)


def test_a_contact_shows_where_it_stands_and_at_which_version(shared: House, live: Live) -> None:
    shared.edit("Ada", note="new")
    ada = f"/contacts/{shared.contact_id('Ada')}"
    before = live(ada)
    assert "0 of 2 up to date" in before
    assert before.count("Change on the way") == 2
    shared.sync_until_quiet()
    after = live(ada)
    assert "2 of 2 up to date" in after
    assert after.count("version 2, ") == 2
    assert "Dag Dæhlie" not in after


def test_a_contact_not_delivered_yet_is_on_the_way_and_one_withdrawn_is_leaving(shared: House, live: Live) -> None:
    shared.put("Customers", "Edith")
    edith = live(f"/contacts/{shared.contact_id('Edith')}")
    assert edith.count("not there yet") == 2
    shared.revoke("Customers", "cy")
    ada = live(f"/contacts/{shared.contact_id('Ada')}")
    assert ada.count("Being withdrawn") == 1


def test_versions_show_who_changed_what_into_what(shared: House, live: Live) -> None:
    shared.users["bo"].edits("Ada", emails=["ada@new.example"])
    shared.sync_until_quiet()
    shared.users["cy"].edits("Ada", note="not for viewers")
    shared.sync_until_quiet()
    text = " ".join(live(f"/contacts/{shared.contact_id('Ada')}").split())
    assert "<del>ada@customer.example (work)</del><ins>ada@new.example (work)</ins>" in text
    assert re.search(r"<b>Version 2</b> by Bo Bøgh in Google Contacts", text)
    assert re.search(r"<b>A proposal</b> by Cy Çelik in Google Contacts .*waiting", text)
    assert "<ins>not for viewers</ins>" in text


def test_a_contact_in_the_trash_says_so(shared: House, live: Live) -> None:
    zoe = shared.contact_id("Zoë")
    shared.take("Press", "Zoë")
    text = live(f"/contacts/{zoe}")
    assert "In the trash since" in text
    assert names(live("/contacts/")) == ["Ada", "Grace"]


def test_a_contact_without_any_name_can_still_be_opened(house: House, browser: Signed) -> None:
    house.share("Odd", {"biographies": [{"value": "only a note"}]})
    listed = browser.get("/contacts/").text
    address = re.search(r'href="(/contacts/[0-9a-f]{32})">No name<', listed)
    assert address
    assert "only a note" in browser.get(address[1]).text
