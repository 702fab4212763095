"""Contacts: search, paging, and one contact's page."""

import re
from html import unescape

import pytest
from flask import Flask

from sharesync.store.queries import contact_pages
from tests.users import customer
from tests.web.conftest import Live, Signed, signed_in
from tests.web.waiting import write_entry
from tests.worlds import House


def names(text: str) -> list[str]:
    return re.findall(r'<a class="stretch" href="/contacts/[^"]+">([^<]+)</a>', text)


def test_contacts_are_listed_by_name_with_address_number_company_and_groups(shared: House, live: Live) -> None:
    shared.put("Press", customer("Ørsted", phones=["+45 33 12 34 56"], job=("Nordlys", "Editor")))
    text = live("/contacts/")
    assert names(text) == ["Ada", "Grace", "Ørsted", "Zoë"]
    for told in ("ørsted@customer.example", "+45 33 12 34 56", "Nordlys", "4 contacts"):
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


def test_the_timeline_tells_who_changed_what_into_what_to_who_runs_the_group_and_to_who_edits_it(
    shared: House, app: Flask
) -> None:
    shared.users["bo"].edits("Ada", emails=["ada@new.example"])
    shared.sync_until_quiet()
    shared.users["cy"].edits("Ada", note="not for viewers")
    shared.sync_until_quiet()

    def told(who: str) -> str:
        text = signed_in(app, shared, who).get(f"/contacts/{shared.contact_id('Ada')}").text
        return " ".join(text.partition('id="h-past"')[2].split())

    for who in ("anna", "bo"):
        assert "<del>ada@customer.example (work)</del><ins>ada@new.example (work)</ins>" in told(who)
        assert "<ins>not for viewers</ins>" in told(who)
        assert "waiting" in told(who)
    assert "<b>Bo Bøgh</b> changed this contact" in told("anna")
    assert "<b>Cy Çelik</b> proposed a change of this contact" in told("anna")
    assert "<b>Version 2</b> by Bo Bøgh" in told("bo")
    assert "<b>A proposal</b> by Cy Çelik" in told("bo")
    assert "Bo Bøgh" not in told("cy")


def chips(text: str) -> dict[str, str]:
    """What the timeline shows or hides: what a click does, and where it leads."""
    found = re.findall(r'<a href="([^"]+)" class="[^"]*" aria-label="((?:Show|Hide): [^"]+)"', text)
    return {word: unescape(address) for address, word in found}


def test_each_kind_of_what_stands_in_the_timeline_can_be_hidden_and_is_offered_to_who_may_see_it(
    shared: House, app: Flask
) -> None:
    shared.edit("Ada", note="new")
    shared.sync_until_quiet()
    write_entry(shared, "Ada", "Called")
    anna, bo, cy = (signed_in(app, shared, who) for who in ("anna", "bo", "cy"))
    ada = f"/contacts/{shared.contact_id('Ada')}"
    assert chips(cy.get(ada).text) == {}
    assert chips(bo.get(ada).text).keys() == {"Hide: Entries", "Hide: Changes"}

    kinds = {"Entries": ">Called<", "Changes": "changed this contact", "Deliveries": "up to date in"}
    text = anna.get(ada).text
    assert chips(text).keys() == {"Hide: Entries", "Hide: Changes", "Show: Deliveries"}
    text = anna.get(chips(text)["Show: Deliveries"]).text
    for kind, word in kinds.items():
        hidden = anna.get(chips(text)[f"Hide: {kind}"]).text
        assert word in text
        assert word not in hidden
        assert all(other in hidden for other in kinds.values() if other != word)
        assert anna.get(chips(hidden)[f"Show: {kind}"]).text.count(word) == text.count(word)
    assert "brought this contact up to date" not in bo.get(f"{ada}?show=deliveries&show=changes").text
    nothing = anna.get(f"{ada}?show=").text
    assert not any(word in nothing for word in kinds.values())


def test_the_timeline_reaches_back_as_far_as_is_asked_and_leaves_nothing_out(shared: House, app: Flask) -> None:
    for number in range(45):
        shared.edit("Ada", note=f"note {number:02}")
        shared.wait(seconds=1)
    write_entry(shared, "Ada", "the last of all")
    bo = signed_in(app, shared, "bo")
    address, seen = f"/contacts/{shared.contact_id('Ada')}", []
    while address:
        text = bo.get(address).text
        assert "the last of all" in text
        seen.append(re.findall(r"<ins>note (\d\d)</ins>", text))
        older = re.search(r'<a href="([^"]+)">Older</a>', text)
        address = unescape(older[1]) if older else ""
    assert [len(one) for one in seen] == [20, 40, 45]
    assert seen[-1] == [f"{number:02}" for number in reversed(range(45))]


def test_what_is_to_be_done_stands_first_however_old_it_is(shared: House, app: Flask) -> None:
    bo = signed_in(app, shared, "bo")
    ada = f"/contacts/{shared.contact_id('Ada')}"
    task = {"kind": "follow-up", "text": "Send the list", "day": "2026-12-01", "person": "bo@north.test"}
    bo.submit(f"{ada}/entries", task)
    for number in range(25):
        shared.wait(seconds=1)
        write_entry(shared, "Ada", f"number {number:02}")
    text = bo.get(ada).text
    assert text.index("To do") < text.index("Send the list") < text.index("number 24")
    assert text.count("Send the list") == 1


def test_a_number_is_called_and_an_address_written_to_by_one_tap_and_what_is_rare_is_behind_one_more(
    house: House, browser: Signed
) -> None:
    house.share("Customers", customer("Ada", phones=["+45 33 12 34 56"], emails=["ada@x.example"]), "Bare")
    bar = (
        browser.get(f"/contacts/{house.contact_id('Ada')}").text.partition('class="reach-bar"')[2].split("</header>")[0]
    )
    assert re.search(r'href="tel:\+4533123456">.*?Call</a>', bar, re.DOTALL)
    assert re.search(r'href="mailto:ada@x.example">.*?Mail</a>', bar, re.DOTALL)
    assert bar.index("Edit") < bar.index("<details") < bar.index("Delete…") < bar.index("Erase for good…")
    bare = browser.get(f"/contacts/{house.contact_id('Bare')}").text
    assert "tel:" not in bare


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
