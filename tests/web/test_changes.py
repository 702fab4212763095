"""The change log as people read it."""

import re

from sharesync.model.actions import ACTIONS
from sharesync.model.audit import OPERATOR, Outcome
from sharesync.model.card import Card
from sharesync.model.fields import FIELDS
from sharesync.services import contacts, erasure, groups
from tests.users import customer
from tests.web.conftest import Live, Signed
from tests.worlds import House
from web.words.fields import fields
from web.words.phrases import OUTCOMES, PHRASES, UNSIGNED


def sentences(text: str) -> list[str]:
    """Each line of the log, without its meta line and its marks."""
    found = re.findall(r"<li id=\"line-.*?<div>\s*<p>(.*?)</p>", text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).replace("&#39;", "'").split()) for line in found]


def test_what_one_act_did_is_one_line_however_many_it_touched(house: House, live: Live) -> None:
    with house.world.work(OPERATOR) as work:
        group = groups.create(work, "Customers")
        for number in range(300):
            contacts.create(work, group.id, Card.parse(customer(f"N{number:03}")))
    assert sentences(live("/changes/")) == [
        "The operator added N000, N001, N002 and 297 others to Customers",
        "The operator created the group Customers",
    ]


def test_grants_are_told_by_the_names_people_know(house: House, live: Live) -> None:
    house.share("Press", bo="edit")
    house.grant("Press", "group:team@north.test", "delete")
    house.grant("Press", "ou:/Sales", "manage")
    house.grant("Press", "domain", "view")
    house.revoke("Press", "bo")
    assert sentences(live("/changes/"))[:5] == [
        "The operator ended the access of Bo Bøgh to Press",
        "The operator let everyone at north.test view Press",
        "The operator let /Sales manage Press",
        "The operator let Team edit and delete in Press",
        "The operator let Bo Bøgh edit Press",
    ]


def test_what_was_undone_says_so_and_why(shared: House, live: Live) -> None:
    cy = shared.users["cy"]
    cy.edits("Ada", note="mine")
    cy.deletes("Grace")
    cy.makes("Own", under=["Customers"])
    shared.sync_until_quiet()
    text = live("/changes/")
    told = sentences(text)
    assert "Cy Çelik proposed a change of Ada waiting" in told
    assert "Cy Çelik deleted Grace restored" in told
    assert "Cy Çelik put the label Customers on a contact of their own undone" in told
    assert "may only view" in text
    assert "Own" not in text.replace("contact of their own", "")


def test_a_group_is_called_what_it_was_called_then(shared: House, browser: Signed, live: Live) -> None:
    shared.grant("Customers", "dag@north.test", "view")
    with shared.world.work(OPERATOR) as work:
        groups.rename(work, "Customers", "Clients")
    shared.wait(seconds=1)
    shared.grant("Clients", "dag@north.test", "edit")
    groups.delete(shared.world.operation(OPERATOR), "Clients")
    told = sentences(live("/changes/"))
    assert "The operator let Dag Dæhlie view Customers" in told
    assert "The operator let Dag Dæhlie edit Clients" in told
    assert "The operator renamed the group Customers" in told
    log = browser.get("/audit/?action=grant.set").text
    assert log.index("Clients") < log.index("Customers")


def test_deliveries_are_told_only_to_who_asks(still_live: Live) -> None:
    assert not any("delivered" in line for line in sentences(still_live("/changes/")))
    delivered = [line for line in sentences(still_live("/changes/?all=")) if "delivered" in line]
    assert "sharesync delivered Zoë to Dag Dæhlie’s contacts" in delivered
    assert len(delivered) == 3


def test_a_contact_is_called_what_it_was_called_then(shared: House, live: Live) -> None:
    ada = shared.contact_id("Ada")
    for name, before in (("Augusta", "Ada"), ("Ava", "Augusta")):
        shared.wait(seconds=1)
        shared.edit(before, given=name)
    shared.wait(seconds=1)
    shared.take("Customers", "Ava")
    told = sentences(live("/changes/"))
    assert "The operator added Ada and Grace to Customers" in told
    assert [line for line in told if "changed" in line] == [
        "The operator changed Augusta", "The operator changed Ada",
    ]  # fmt: skip
    assert any("Ava" in line for line in told)
    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, ada, "asked for it")
    assert not {"Ada", "Augusta", "Ava"} & set(re.findall(r"\w+", live("/changes/")))


def test_a_contact_in_the_trash_can_still_be_opened_and_a_deleted_group_cannot(shared: House, live: Live) -> None:
    zoe, press = shared.contact_id("Zoë"), shared.group_id("Press")
    shared.delete_group("Press")
    text = live("/changes/")
    assert f'href="/contacts/{zoe}"' in text
    assert f"/groups/{press}" not in text
    assert '<span class="gone">Press</span>' in text


def test_older_lines_follow_without_gap_or_repetition(house: House, live: Live) -> None:
    house.share("Press")
    for number in range(130):
        house.wait(seconds=1)
        house.put("Press", f"N{number:03}")
    found: list[str] = []
    address: str | None = "/changes/"
    while address:
        text = live(address)
        found += sentences(text)
        older = re.search(r'href="(/changes/\?before=\d+)">Older', text)
        address = older[1] if older else None
    expected = [f"The operator added N{number:03} to Press" for number in reversed(range(130))]
    assert found == [*expected, "The operator created the group Press"]


def test_a_cursor_that_is_no_number_is_the_newest_page(still_live: Live) -> None:
    assert sentences(still_live("/changes/?before=x'--")) == sentences(still_live("/changes/"))


def test_every_action_of_the_log_has_its_phrase() -> None:
    assert PHRASES.keys() == ACTIONS.keys()


def test_every_outcome_has_its_sign_or_needs_none() -> None:
    assert OUTCOMES.keys() | UNSIGNED == set(Outcome)
    assert not OUTCOMES.keys() & UNSIGNED


def test_fields_are_named_in_words() -> None:
    assert not any(fields([name]) == name for name in FIELDS)
