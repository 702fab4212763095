"""Erasing for good in the web page: asked twice, told in the log, with receipts; and the legal hold that forbids it."""

from pathlib import Path

from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.services import erasure
from tests.web.conftest import Signed, signed_in
from tests.worlds import House

REASON = "asked for it, case 7"


def erase(browser: Signed, contact: str, **more: str) -> str:
    answer = browser.submit(f"/contacts/{contact}/erase", {"reason": REASON, **more}, follow_redirects=True)
    assert answer.status_code == 200
    return str(answer.text)


def test_a_contact_is_erased_once_its_name_is_typed_and_each_mailbox_gives_a_receipt(
    shared: House, browser: Signed
) -> None:
    ada = shared.contact_id("Ada")
    shared.sync_until_quiet()
    asked = erase(browser, ada)
    assert "Erase Ada for good?" in asked
    assert "the Google Contacts of 2 people" in asked
    assert "This does not match the text above." in erase(browser, ada, **{"confirm-count": "1", "confirm-name": "Eve"})
    assert "Ada" in shared.contacts()
    title = asked.partition("Type <b>")[2].partition("</b>")[0]
    told = erase(browser, ada, **{"confirm-count": "1", "confirm-name": title})
    assert "Ada" not in shared.contacts()
    assert (REASON in told, "goes with the next pass" in told) == (True, True)
    assert b"ada@customer.example" not in files(shared.file)
    shared.sync_until_quiet()
    told = browser.get(f"/contacts/{ada}/erase").text
    assert ("gone, " in told, "goes with the next pass" in told) == (True, False)
    assert [(one["reason"], one["actor"]) for one in shared.events("contact.erase")] == [
        (REASON, shared.users["anna"].id)
    ]


def test_the_receipt_of_a_mailbox_whose_user_was_deleted_comes_when_it_ends(
    app: Flask, shared: House, browser: Signed
) -> None:
    shared.sync_until_quiet()
    ada, bo = shared.contact_id("Ada"), shared.users["bo"]
    shared.workspace.directory.change_user(bo.id, deleted=shared.workspace.now())
    shared.sync_directory()
    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, ada, REASON)
    shared.sync_until_quiet(but=["bo"])
    assert "goes with the next pass" in browser.get(f"/contacts/{ada}/erase").text
    assert "then this mailbox ends" in browser.get(f"/mailboxes/{bo.id}").text
    shared.wait(days=20)
    shared.sync_directory()
    browser = signed_in(app, shared, "anna")
    told = browser.get(f"/contacts/{ada}/erase").text
    assert ("gone with the mailbox, whose user was deleted" in told, "goes with the next pass" in told) == (True, False)
    assert "then this mailbox ends" not in browser.get(f"/mailboxes/{bo.id}").text
    access = browser.get(f"/groups/{shared.group_id('Customers')}/access/").text
    assert "no longer in Directory" in access


def files(file: Path) -> bytes:
    """All that lies on the disk of a database: the file and what SQLite keeps beside it."""
    return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))


def test_a_reason_is_needed_and_a_legal_hold_forbids(shared: House, browser: Signed) -> None:
    ada = shared.contact_id("Ada")
    assert "Say why" in erase(browser, ada, reason=" ")
    put = {"reason": "court order", "deed": "put"}
    answer = browser.submit(f"/contacts/{ada}/legal-hold", put, follow_redirects=True)
    assert "A legal hold is on it" in answer.text
    assert "A legal hold forbids" in erase(browser, ada)
    assert "Ada" in shared.contacts()
    browser.submit(f"/contacts/{ada}/legal-hold", {"reason": "case closed", "deed": "end"})
    assert "Erase Ada for good?" in erase(browser, ada)
    reasons = [shared.events(action)[0]["reason"] for action in ("contact.hold", "contact.unhold")]
    assert reasons == ["court order", "case closed"]


def test_the_way_there_is_shown_to_administrators_alone(app: Flask, shared: House, browser: Signed) -> None:
    ada = shared.contact_id("Ada")
    assert f"/contacts/{ada}/erase" in browser.get(f"/contacts/{ada}").text
    assert f"/contacts/{ada}/erase" not in signed_in(app, shared, "bo").get(f"/contacts/{ada}").text
