"""Proposals: what a viewer typed, beside what stands; accepted or dismissed."""

import re

import pytest
from flask import Flask

from tests.beginnings import begin
from tests.web.conftest import Signed, signed_in
from tests.worlds import House


@pytest.fixture
def proposed(shared: House) -> House:
    """Cy, who may only view, has edited Ada and Grace."""

    def first() -> None:
        shared.grant("Customers", "eva@north.test", "view")
        shared.users["cy"].edits("Ada", phones=["+45 33 12 34 56"])
        shared.users["cy"].edits("Grace", note="met in Odense")
        shared.pass_over("cy")

    begin(shared, "proposed", by=first)
    return shared


def ids(house: House) -> list[str]:
    """Of those that wait; the one about Ada first."""
    rows = house.query("SELECT id, contact_id FROM proposals WHERE resolution = 'open'")
    return [one for one, _ in sorted(rows, key=lambda row: row[1] != house.contact_id("Ada"))]


def test_the_list_shows_who_typed_what(proposed: House, browser: Signed) -> None:
    text = browser.get("/proposals/").text
    assert "2 proposals" in text
    assert "Cy Çelik" in text
    assert "<ins>+45 33 12 34 56 (mobile)</ins>" in text
    assert "<ins>met in Odense</ins>" in text


def test_who_runs_another_group_or_may_only_edit_sees_none(app: Flask, proposed: House) -> None:
    for who in ("dag", "bo", "cy"):
        browser = signed_in(app, proposed, who)
        assert "No proposals" in browser.get("/proposals/").text
        assert browser.get(f"/proposals/{ids(proposed)[0]}").status_code in (403, 404)
        browser.submit("/proposals/", {"decision": "accept", "proposal": ids(proposed)})
    assert len(ids(proposed)) == 2


def test_accepted_it_reaches_everyone_and_the_log_names_who_decided(app: Flask, proposed: House) -> None:
    proposed.grant("Customers", "fin@north.test", "manage")
    fin = signed_in(app, proposed, "fin")
    answer = fin.submit(f"/proposals/{ids(proposed)[0]}", {"decision": "accept"}, follow_redirects=True)
    assert "1 proposal accepted." in answer.text
    proposed.sync_until_quiet()
    assert proposed.users["bo"].shows("Ada").phones == ("+45 33 12 34 56",)
    assert proposed.events("proposal.accept")[0]["actor"] == proposed.users["fin"].id


def test_dismissed_it_changes_nothing(proposed: House, browser: Signed) -> None:
    browser.submit(f"/proposals/{ids(proposed)[0]}", {"decision": "dismiss"})
    assert proposed.stored("Ada").phones == ()
    assert len(ids(proposed)) == 1


def test_many_are_decided_in_one_act_and_what_is_decided_already_is_passed_over(
    proposed: House, browser: Signed
) -> None:
    both = ids(proposed)
    browser.submit(f"/proposals/{both[0]}", {"decision": "dismiss"})
    answer = browser.submit("/proposals/", {"decision": "accept", "proposal": both}, follow_redirects=True)
    assert "1 proposal accepted." in answer.text
    again = browser.submit("/proposals/", {"decision": "accept", "proposal": both}, follow_redirects=True)
    assert "Somebody else has decided that already." in again.text


def test_what_changed_since_is_shown_beside_it(proposed: House, browser: Signed) -> None:
    proposed.edit("Ada", note="moved to Ribe")
    text = browser.get(f"/proposals/{ids(proposed)[0]}").text
    assert "What has changed since it was typed" in text
    assert "<ins>moved to Ribe</ins>" in text


def test_choosing_nothing_decides_nothing(proposed: House, browser: Signed) -> None:
    for data in ({"decision": "accept"}, {"proposal": ids(proposed)[0]}):
        answer = browser.submit("/proposals/", data, follow_redirects=True)
        assert "Choose at least one proposal" in answer.text
    assert len(ids(proposed)) == 2


def told(page: str, heading: str) -> str:
    """The words of one section of a page."""
    section = page[page.index(f'id="{heading}"') :].partition("</section>")[0]
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", section, flags=re.DOTALL).split()).replace(" .", ".")


def test_who_proposed_reads_on_home_and_on_the_contact_what_became_of_it(
    app: Flask, proposed: House, browser: Signed
) -> None:
    proposed.grant("Customers", "fin@north.test", "manage")
    cy, ada = signed_in(app, proposed, "cy"), f"/contacts/{proposed.contact_id('Ada')}"
    assert "It waits for Fin Ó Fionn. waiting" in told(cy.get("/").text, "h-proposed")
    assert "waiting proposed just now · It waits for Fin Ó Fionn." in told(cy.get(ada).text, "h-proposed")
    assert "+45 33 12 34 56" in told(cy.get(ada).text, "h-proposed")
    both = ids(proposed)
    fin = signed_in(app, proposed, "fin")
    fin.submit(f"/proposals/{both[0]}", {"decision": "accept"})
    fin.submit(f"/proposals/{both[1]}", {"decision": "dismiss"})
    home = told(cy.get("/").text, "h-proposed")
    assert re.search(r"Ada proposed .* Accepted just now by Fin Ó Fionn. accepted", home)
    assert re.search(r"Grace proposed .* Dismissed just now by Fin Ó Fionn. dismissed", home)
    assert "accepted" in told(cy.get(ada).text, "h-proposed")
    assert 'id="h-proposed"' not in browser.get("/").text  # nobody else's Home


def test_a_group_without_a_manager_says_who_decides(app: Flask, proposed: House, browser: Signed) -> None:
    assert browser.get("/").status_code == 200  # and so Anna's role is known
    home = told(signed_in(app, proposed, "cy").get("/").text, "h-proposed")
    assert "The group has no manager, so it waits for an administrator: Anna Ågård." in home


@pytest.mark.parametrize(("decision", "became"), [("accept", "accepted"), ("dismiss", "dismissed")])
def test_the_timeline_says_what_became_of_it_and_by_whom(
    app: Flask, proposed: House, browser: Signed, decision: str, became: str
) -> None:
    address, bo = f"/contacts/{proposed.contact_id('Ada')}", signed_in(app, proposed, "bo")
    assert "A proposal by Cy Çelik waiting" in told(bo.get(address).text, "h-past")
    assert "Decide about it" in told(browser.get(address).text, "h-past")
    browser.submit(f"/proposals/{ids(proposed)[0]}", {"decision": decision})
    edits, runs = (told(one.get(address).text, "h-past") for one in (bo, browser))
    assert f"A proposal by Cy Çelik {became}" in edits
    assert f"Cy Çelik proposed a change of this contact {became}" in runs
    for past in (edits, runs):
        assert "by Anna Ågård just now" in past
        assert not any(word in past for word in ("undone", "refused", "Decide about it"))


def test_a_later_edit_has_the_fate_of_the_proposal_that_took_it_in(proposed: House, browser: Signed) -> None:
    browser.submit(f"/proposals/{ids(proposed)[0]}", {"decision": "accept"})
    proposed.sync_until_quiet()
    proposed.users["cy"].edits("Ada", note="met in Odense")
    proposed.pass_over("cy")
    past = told(browser.get(f"/contacts/{proposed.contact_id('Ada')}").text, "h-past")
    assert re.search(r"proposed .* waiting .* proposed .* accepted .* by Anna Ågård", past)
