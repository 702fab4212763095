"""The change log for auditors: filters, one event, a copy, the check; and that reading it is written down."""

import csv
import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.model.permission import Role
from sharesync.services import erasure
from sharesync.services.log import keyring, proofs
from sharesync.services.log.keyring import LogKey
from sharesync.services.who_may import roles
from tests.beginnings import begin
from tests.web.conftest import Signed, signed_in
from tests.worlds import House


def actions(text: str) -> list[str]:
    """The actions of the events that a page lists, newest first."""
    return re.findall(r'data-action="([^"]+)"', text)


@pytest.fixture
def eva(app: Flask, shared: House) -> Signed:
    """The auditor, after Bo has given Ada a number."""

    def first() -> None:
        shared.users["bo"].edits("Ada", phones=["+45 33 12 34 56"])
        shared.sync_until_quiet()

    begin(shared, "a number given", by=first)
    return signed_in(app, shared, "eva")


def number(house: House, action: str) -> int:
    return int(house.query("SELECT max(seq) FROM events WHERE action = ?", action)[0][0])


@pytest.mark.parametrize(
    ("asked", "only"),
    [
        ("action=contact.update", {"contact.update"}),
        ("action=grant", {"grant.set"}),
        ("source=google", {"contact.update"}),
        ("who=bo@north.test", {"contact.update"}),
        ("q=33+12+34", {"contact.update"}),
        ("group=Press&action=contact", {"contact.create"}),
    ],
)
def test_filters_in_the_address_narrow_the_list(eva: Signed, asked: str, only: set[str]) -> None:
    assert set(actions(eva.get(f"/audit/?{asked}").text)) == only


def test_a_grant_is_told_with_whom_it_was_given_to_by_name(shared: House, eva: Signed) -> None:
    for principal, name in (
        ("cy@north.test", "Cy Çelik"),
        ("group:team@north.test", "Team"),
        ("ou:/Sales", "/Sales"),
        ("domain", "everyone at north.test"),
    ):
        shared.grant("Press", principal, "edit")
        seq = number(shared, "grant.set")
        for page in (eva.get("/audit/?action=grant.set"), eva.get(f"/audit/{seq}")):
            assert f"let <b>{name}</b> edit" in " ".join(page.text.split())
        assert f"<b>{name}</b>: no access → can edit" in eva.get(f"/audit/{seq}").text
        assert "user:" not in eva.get(f"/audit/{seq}").text


def test_a_role_is_told_with_its_persons_name(shared: House, eva: Signed) -> None:
    with shared.world.work(OPERATOR) as work:
        roles.assign(work, "bo@north.test", Role.AUDITOR)
    for page in (eva.get("/audit/?action=role.set"), eva.get(f"/audit/{number(shared, 'role.set')}")):
        assert "Bo Bøgh</a>" in page.text
        assert "Bo Bøgh’s contacts" not in page.text


def test_days_are_whole_days(shared: House, eva: Signed) -> None:
    today = shared.now().astimezone().date().isoformat()
    assert actions(eva.get(f"/audit/?since={today}&until={today}").text)
    assert actions(eva.get("/audit/?until=2001-01-01").text) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("group=Nothing", "There is no group “Nothing”."),
        ("who=nobody@north.test", "nobody@north.test"),
        ("since=yesterday", "cannot be read"),
        ("action=no.such", "cannot be read"),
        ("outcome=perhaps", "cannot be read"),
    ],
)
def test_what_means_nothing_finds_nothing_and_says_so(eva: Signed, asked: str, told: str) -> None:
    text = eva.get(f"/audit/?{asked}").text
    assert 'role="alert"' in text
    assert told in text
    assert actions(text) == []


def test_pages_follow_one_another_by_number_without_gap_or_repetition(house: House, browser: Signed) -> None:
    house.share("Many", *(f"N{number:02}" for number in range(60)))
    found: list[int] = []
    address: str | None = "/audit/?action=contact.create"
    while address:
        text = browser.get(address).text
        found += [int(seq) for seq in re.findall(r'href="/audit/(\d+)"', text)]
        following = re.search(r'href="(/audit/\?before=[^"]+)">Older', text)
        address = following[1].replace("&amp;", "&") if following else None
    rows = house.query("SELECT seq FROM events WHERE action = 'contact.create' ORDER BY seq DESC")
    assert found == [seq for (seq,) in rows]


def words(text: str) -> str:
    """What a page says, without its elements."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def test_the_list_is_sentences_and_codes_come_on_demand(eva: Signed) -> None:
    page = eva.get("/audit/?action=contact.update").text
    assert "Bo Bøgh changed Ada in Google Contacts phone" in words(page)
    assert "<code>contact.update" not in page
    assert "<code>contact.update" in eva.get("/audit/?action=contact.update&codes=yes").text


@pytest.mark.parametrize(
    ("asked", "only"),
    [
        ("who=bøgh", {"contact.update"}),
        ("about=Ada&contact=&source=google", {"contact.update"}),
        ("about=&contact=0123456789abcdef0123456789abcdef&source=google", {"contact.update"}),
    ],
)
def test_people_and_contacts_are_found_by_their_names(eva: Signed, asked: str, only: set[str]) -> None:
    assert set(actions(eva.get(f"/audit/?{asked}").text)) == only


def test_a_contact_that_was_picked_is_meant_while_its_name_stands_there(shared: House, eva: Signed) -> None:
    shared.share("Twins", "Ada")
    [(first,), (second,)] = shared.query("SELECT contact_id FROM events WHERE action = 'contact.create' AND contact_id"
        " IN (SELECT id FROM contacts WHERE CAST(card AS TEXT) LIKE '%Ada%')")  # fmt: skip
    assert "Several contacts may be meant" in eva.get("/audit/?about=Ada").text
    for contact in (first, second):
        page = eva.get(f"/audit/?about=Ada&contact={contact}&action=contact").text
        assert f'name="contact" value="{contact}"' in page
        assert actions(page)
    assert "There is no contact" in eva.get(f"/audit/?about=Nobody&contact={first}").text


def test_each_part_that_is_asked_for_is_said_by_name_and_can_be_taken_away(shared: House, eva: Signed) -> None:
    page = eva.get(f"/audit/?who=bo@north.test&contact={shared.contact_id('Ada')}&source=google").text
    asked = page.split("What is asked for")[1].split("</ul>")[0]
    assert [one.strip() for one in re.findall(r'class="tag"[^>]*>([^<]+)', asked)] == [
        "Bo Bøgh",
        "Ada",
        "in Google Contacts",
    ]
    without_who = re.findall(r'href="([^"]+)"', asked)[0].replace("&amp;", "&")
    assert without_who == f"/audit/?contact={shared.contact_id('Ada')}&source=google"


def test_quick_ranges_begin_on_the_readers_day(shared: House, eva: Signed) -> None:
    today = shared.now().astimezone().date()
    page = eva.get(f"/audit/?since={today}&source=google").text
    ranges = page.split('aria-label="Time"')[1].split("</nav>")[0]
    begins = re.findall(r"since=([-\d]+)", ranges)
    assert begins == [str(today - timedelta(days=days)) for days in (0, 6, 29)] + [f"{today.year}-01-01"]
    assert re.search('aria-current="page">Today', ranges)
    assert ranges.count("source=google") == 5


def test_what_may_be_meant_is_offered_as_one_types(shared: House, eva: Signed, app: Flask) -> None:
    def offered(of: str, letters: str) -> list[str]:
        return re.findall('data-text="([^"]*)"', eva.get(f"/audit/suggest?of={of}&q={letters}").text)

    assert offered("people", "bøg") == ["bo@north.test"]
    assert offered("contacts", "ada") == ["Ada"]
    assert offered("groups", "pre") == ["Press"]


def test_an_event_tells_what_led_to_it_and_what_followed(shared: House, eva: Signed) -> None:
    def related(page: str) -> dict[str, list[str]]:
        parts = re.split(r'<h2 id="h-part-\d">', page)[1:]
        return {one.partition("<")[0]: actions(one) for one in parts}

    seq = number(shared, "contact.update")
    followed = related(eva.get(f"/audit/{seq}").text)["What followed"]
    assert followed
    assert set(followed) == {"person.update"}
    delivery = number(shared, "person.update")
    assert related(eva.get(f"/audit/{delivery}").text)["What led to it"] == ["contact.update"]


def test_what_was_done_with_an_event_stands_beside_it(shared: House, eva: Signed, app: Flask) -> None:
    group, contacts = shared.group_id("Press"), [shared.contact_id(name) for name in ("Ada", "Grace")]
    anna = signed_in(app, shared, "anna")
    anna.submit("/contacts/chosen/add", {"contact": contacts, "to": group})
    page = eva.get(f"/audit/{number(shared, 'group.add')}").text
    beside = page.split("Done together with it")[1].split("</section>")[0]
    assert actions(beside) == ["group.add"]


def test_an_event_shows_its_values_before_and_after(shared: House, eva: Signed) -> None:
    text = eva.get(f"/audit/{number(shared, 'contact.update')}").text
    assert "Bo Bøgh" in text
    assert "+45 33 12 34 56" in text
    assert "in Google Contacts" in text


def test_erased_values_are_called_erased(shared: House, eva: Signed) -> None:
    seq = number(shared, "contact.update")
    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, shared.contact_id("Ada"), "asked for")
    text = eva.get(f"/audit/{seq}").text
    assert "erased" in text
    assert "+45 33 12 34 56" not in text
    assert "an erased contact" in text


def test_an_event_that_is_none_is_not_there(eva: Signed) -> None:
    assert eva.get("/audit/999999").status_code == 404


def test_who_reads_is_written_down_and_what_they_searched_for_is_not(shared: House, eva: Signed) -> None:
    eva.get("/audit/?q=Ada&who=bo@north.test")
    eva.get(f"/audit/{number(shared, 'contact.update')}")
    told = [(one["actor"], one["reason"]) for one in shared.events("log.read")]
    assert [actor for actor, _ in told] == [shared.users["eva"].id] * 2
    assert told[0][1].startswith("by actor, text:")
    assert "Ada" not in told[0][1]


@pytest.mark.parametrize("form", ["jsonl", "csv", "ocsf"])
def test_a_copy_holds_what_was_asked_for_without_values_and_is_logged(shared: House, eva: Signed, form: str) -> None:
    shared.edit("Grace", note="=HYPERLINK(1)")
    answer = eva.submit("/audit/export", {"format": form, "action": "contact.update"})
    named = answer.headers["Content-Disposition"]
    assert f'attachment; filename="Change log {shared.now().astimezone():%Y-%m-%d}.' in named
    text = answer.text
    assert "+45 33 12 34 56" not in text
    assert "HYPERLINK" not in text
    if form == "csv":
        rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
        assert [row["action"] for row in rows] == ["contact.update"] * 2
    else:
        assert len([json.loads(line) for line in text.splitlines()]) == 2
    [told] = shared.events("log.export")
    assert (told["actor"], told["reason"]) == (shared.users["eva"].id, f"by action as {form}")


def test_a_copy_in_no_form_or_of_nothing_is_refused(shared: House, eva: Signed) -> None:
    for data in ({"format": "pdf"}, {"format": "csv", "group": "Nothing"}):
        assert 'role="alert"' in eva.submit("/audit/export", data, follow_redirects=True).text
    assert shared.events("log.export") == []


def test_the_check_finds_the_log_whole_and_says_who_had_it_made(shared: House, eva: Signed) -> None:
    text = eva.submit("/audit/verify").text
    assert "The log is whole" in text
    [told] = shared.events("log.check")
    assert told["actor"] == shared.users["eva"].id


def test_the_check_finds_a_changed_event(shared: House, eva: Signed) -> None:
    seq = number(shared, "contact.update")
    shared.store.tamper(f"UPDATE events SET actor = 'somebody else' WHERE seq = {seq}")
    text = eva.submit("/audit/verify").text
    assert "The log is not whole" in text
    assert f"Event {seq} was changed." in text


@pytest.fixture
def kept(shared: House) -> str:
    """A checkpoint of the log, kept elsewhere."""
    with shared.database.reading() as session:
        return proofs.checkpoint(session, keyring.signer(session, LogKey("sharesync/north.test")))


@pytest.mark.parametrize("how", ["pasted", "sent"])
def test_the_check_says_how_much_a_checkpoint_kept_elsewhere_proves(
    shared: House, eva: Signed, kept: str, how: str
) -> None:
    pasted = {"note": "\r\n" + kept.rstrip("\n").replace("\n", "\r\n") + " "}
    text = eva.submit(
        "/audit/verify", pasted if how == "pasted" else {"notes": [(BytesIO(kept.encode()), "1.txt")]}
    ).text
    assert "The log is whole" in text
    proven = int(kept.split("\n")[1])
    assert f"the checkpoint that was kept elsewhere proves {proven} events." in text
    assert "This proves nothing" not in text
    assert "This proves nothing" in eva.submit("/audit/verify").text


def test_a_log_written_anew_is_found_by_a_checkpoint_that_is_pasted(shared: House, eva: Signed, kept: str) -> None:
    size = int(kept.split("\n")[1])
    shared.store.tamper(
        f"DELETE FROM event_values WHERE event_id IN (SELECT id FROM events WHERE seq >= {size - 1})",
        f"DELETE FROM events WHERE seq >= {size - 1}",
        f"DELETE FROM log_nodes WHERE (place + 1) << level > {size - 1}",
    )
    assert "The log is whole" in eva.submit("/audit/verify").text
    text = eva.submit("/audit/verify", {"note": kept}).text
    assert "The log is not whole" in text
    assert "This proves nothing" in text


def test_what_is_no_checkpoint_of_this_log_is_refused(shared: House, eva: Signed, kept: str) -> None:
    for data in (
        {"note": "hello"},
        {"note": kept.replace("north", "south", 1)},
        {"notes": [(BytesIO(b"\xff\xfe"), "1.txt")]},
    ):
        assert 'role="alert"' in eva.submit("/audit/verify", data, follow_redirects=True).text
    assert shared.events("log.check") == []


def test_an_event_is_a_sentence_in_the_language_of_who_reads_it(shared: House, browser: Signed) -> None:
    [(seq,)] = shared.query("SELECT min(seq) FROM events WHERE action = 'contact.create'")
    browser.submit("/language/", {"language": "sv"})
    told = re.sub(r"<[^>]*>|\s+", " ", browser.get(f"/audit/{seq}").text)
    assert "lade till Ada i Customers" in " ".join(told.split())
    assert "Förnamn Ada" in " ".join(told.split())
