"""Access: given, changed and ended only after it was shown what that means; and why someone can see a group."""

import re

import pytest
from flask import Flask

from sharesync.model.access import Level
from sharesync.services import grants
from tests.web.conftest import Live, Signed, signed_in
from tests.worlds import House


def address(house: House, group: str = "Customers") -> str:
    return f"/groups/{house.group_id(group)}/access/"


def candidates(text: str) -> list[str]:
    return re.findall(r'type="radio" name="principal" value="([^"]+)"', text)


def test_everyone_who_may_be_meant_is_suggested_by_name_or_address(still_live: Live, still: House) -> None:
    def found(letters: str) -> list[str]:
        return candidates(still_live(f"{address(still)}suggest?q={letters}"))

    assert found("bøg") == ["bo@north.test"]
    assert found("ågård") == ["anna@north.test"]
    assert found("team") == ["group:all-teams@north.test", "group:team@north.test"]
    assert found("sales nor") == ["ou:/Sales/North"]
    assert found("everyone") == ["domain"]
    assert found("nobody at all") == []


def test_the_domain_in_every_address_is_no_reason_to_suggest_everyone(still_live: Live, still: House) -> None:
    assert candidates(still_live(f"{address(still)}suggest?q=north.test")) == []
    assert candidates(still_live(f"{address(still)}suggest?q=bo@north.t")) == ["bo@north.test"]


def test_signs_that_sql_knows_suggest_nobody(still_live: Live, still: House) -> None:
    for sign in ("%25", "_", "/_", "'"):
        assert candidates(still_live(f"{address(still)}suggest?q={sign}x")) == []


def test_without_javascript_the_same_is_found_by_sending_the_form(still: House, still_live: Live) -> None:
    assert candidates(still_live(f"{address(still)}?q=team")) == ["group:all-teams@north.test", "group:team@north.test"]


def test_who_gains_and_changes_is_shown_before_anything_is_saved(shared: House, browser: Signed) -> None:
    text = browser.submit(address(shared), {"principal": "group:all-teams@north.test", "level": "delete"}).text
    gain, change = text.split("Gain access")[1].split("Another level")
    assert "Dag Dæhlie" in gain
    assert "Eva Ekström" in gain
    assert "Cy Çelik" not in gain
    assert re.search(r"Cy Çelik.*can view.*can edit and delete", change, re.DOTALL)
    assert "Bo Bøgh" not in text
    assert "Lose access" not in text
    assert shared.level("Customers", "dag") is None
    assert len(shared.events("grant.set")) == 3


def test_what_was_seen_is_saved_by_whoever_saw_it(shared: House, browser: Signed) -> None:
    sent = {"principal": "group:team@north.test", "level": "edit", "seen": "yes"}
    answer = browser.submit(address(shared), sent)
    assert answer.location == address(shared)
    assert shared.level("Customers", "dag") is Level.EDIT
    told = shared.events("grant.set")
    assert [one["actor"] for one in told].count(shared.users["anna"].id) == 1


@pytest.mark.parametrize(
    ("principal", "name"),
    [
        ("cy@north.test", "Cy Çelik"),
        ("group:team@north.test", "Team"),
        ("ou:/Sales", "/Sales"),
        ("domain", "Everyone at north.test"),
    ],
)
def test_a_preview_names_whom_it_is_about(shared: House, browser: Signed, principal: str, name: str) -> None:
    text = browser.submit(address(shared), {"principal": principal, "level": "manage"}).text
    assert f"Customers: <b>{name}</b>" in text
    assert text.count(principal) == text.count(f'value="{principal}"') + text.count(f'<span class="meta">{principal}')


def test_who_loses_is_shown_and_loses(shared: House, browser: Signed) -> None:
    sent = {"principal": "cy@north.test", "level": "none"}
    text = browser.submit(address(shared), sent).text
    assert "Cy Çelik" in text.split("Lose access")[1]
    assert shared.level("Customers", "cy") is Level.VIEW
    browser.submit(address(shared), sent | {"seen": "yes"})
    assert shared.level("Customers", "cy") is None
    shared.sync_until_quiet()


def test_a_grant_that_another_outweighs_changes_nobody_and_says_so(shared: House, browser: Signed) -> None:
    sent = {"principal": "bo@north.test", "level": "edit"}
    assert "Nobody gains, loses or changes anything" in browser.submit(address(shared), sent).text


def test_a_wish_that_cannot_be_is_one_sentence(shared: House, browser: Signed) -> None:
    for sent, told in (
        ({"principal": "ghost@north.test", "level": "view"}, "There is no user"),
        ({"principal": "bo@north.test", "level": "own"}, "is no level"),
        ({"principal": "", "level": "view"}, "Choose first to whom it is given."),
        ({"principal": "bo", "level": "view"}, "is nobody"),
    ):
        answer = browser.submit(address(shared), sent, follow_redirects=True)
        assert told in answer.text
    assert len(shared.events("grant.set")) == 3


def answer(text: str) -> str:
    """What the page says about who is asked for."""
    return " ".join(text.split("and why</h2>")[1].split())


def test_why_someone_sees_it_names_every_way_the_winning_one_first(shared: House, live: Live) -> None:
    shared.grant("Customers", "group:all-teams@north.test", "edit")
    shared.grant("Customers", "domain", "view")
    text = answer(live(f"{address(shared)}?why=cy"))
    assert re.search("<details[^>]* open>.*Cy Çelik.*can edit.*</summary>", text)
    ways = [text.index(told) for told in ("member of All teams", "granted to the person", "everyone in the domain")]
    assert ways[0] == min(ways)
    assert "Bo Bøgh" not in text
    assert "does not see this group" in answer(live(f"{address(shared, 'Press')}?why=fin@north.test"))
    assert "Type the whole address" in answer(live(f"{address(shared)}?why=nobody"))


def test_everyone_who_sees_it_is_there_with_each_way_to_open(shared: House, live: Live) -> None:
    shared.grant("Customers", "ou:/Sales", "view")
    text = answer(live(address(shared)))
    assert "Bo Bøgh" in text
    assert "in /Sales/North, below /Sales" in text
    assert " open>" not in text


def test_the_table_says_since_when_and_by_whom(shared: House, app: Flask) -> None:
    for principal, minutes in (("group:team@north.test", 120), ("cy@north.test", 5)):
        sent = {"principal": principal, "level": "edit", "seen": "yes"}
        signed_in(app, shared, "anna").submit(address(shared), sent)
        shared.wait(minutes=minutes)
    rows = (
        signed_in(app, shared, "anna")
        .get(address(shared))
        .text.split("<tbody>")[1]
        .split("</tbody>")[0]
        .split("<tr>")[1:]
    )
    told = {name: row for row in rows for name in ("Bo Bøgh", "Cy Çelik", "Team<") if name in row.split("<td")[0]}
    assert "5 minutes ago" in told["Cy Çelik"]
    assert "Anna Ågård" in told["Cy Çelik"]
    assert "2 hours ago" in told["Team<"]
    assert "Anna Ågård" in told["Team<"]
    assert "The operator" in told["Bo Bøgh"]


def test_an_auditor_looks_and_has_nothing_to_change(shared: House, app: Flask) -> None:
    text = signed_in(app, shared, "eva").get(address(shared)).text
    assert "Bo Bøgh" in text
    assert "Share with more people" not in text
    assert "<select" not in text


def test_a_manager_of_another_group_gives_nothing_here(shared: House, app: Flask) -> None:
    sent = {"principal": "dag@north.test", "level": "manage", "seen": "yes"}
    assert signed_in(app, shared, "dag").submit(address(shared), sent).status_code == 404
    assert shared.level("Customers", "dag") is None


def test_whoever_would_get_more_than_google_holds_is_named_before(
    shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.share("Partners", "Ada", "Mary", dag="view")
    all_of_them = len(shared.contacts())
    sent = {"principal": "dag@north.test", "level": "view"}
    assert "Too many for Google" not in browser.submit(address(shared), sent).text
    monkeypatch.setattr(grants, "CONTACTS_LIMIT", all_of_them - 1)
    text = browser.submit(address(shared), sent).text
    assert f"{all_of_them} contacts" in text.split("Too many for Google Contacts")[1]
    monkeypatch.setattr(grants, "CONTACTS_LIMIT", all_of_them)
    assert "Too many for Google" not in browser.submit(address(shared), sent).text
