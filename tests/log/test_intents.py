"""Every request that changes a mailbox stands between an intent and an outcome, with its pass and its cause."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from sharesync.model.audit import OPERATOR
from sharesync.sandbox.wire import Reply, Request
from sharesync.services import erasure
from tests.users import User, customer
from tests.worlds import House


@dataclass
class Wire:
    """Listens to what is sent: the methods, and those that no intent announced."""

    house: House
    handle: Callable[[Request], Reply]
    sent: list[str] = field(default_factory=list)
    unannounced: list[str] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        if request.verb != "GET" and request.path.startswith("/v1/"):
            verb = re.sub(r"/(people|contactGroups)/\w+", r"/\1/…", f"{request.verb} {request.path}")
            self.sent.append(verb.partition("?")[0])
            newest = self.house.query("SELECT action, outcome, pass_id FROM events ORDER BY seq DESC LIMIT 1")
            if not newest or newest[0][:2] != ("mailbox.send", "intended") or not newest[0][2]:
                self.unannounced.append(verb)
        return self.handle(request)


@pytest.fixture
def wire(house: House, monkeypatch: pytest.MonkeyPatch) -> Wire:
    listening = Wire(house, house.workspace.handle)
    monkeypatch.setattr(house.workspace, "handle", listening)
    return listening


def open_ends(house: House) -> list[tuple[str, str]]:
    """Intents that no outcome of the same pass and mailbox follows before the next intent."""
    rows = house.query(
        "SELECT action, reason, pass_id FROM events WHERE source = 'sync' AND mailbox_id IS NOT NULL ORDER BY seq"
    )
    return [
        (one[0], one[1])
        for one, after in zip(rows, [*rows[1:], ("mailbox.send", "", "")], strict=True)
        if one[0] == "mailbox.send" and (after[0] == "mailbox.send" or after[2] != one[2])
    ]


def without_cause(house: House) -> list[tuple[str, str]]:
    """Outcomes that do not say what they follow from, or name what came after them."""
    return house.query(
        "SELECT e.action, e.reason FROM events e LEFT JOIN events c ON c.id = e.cause WHERE e.source = 'sync'"
        " AND e.action <> 'mailbox.send' AND e.outcome <> 'failed' AND (c.seq IS NULL OR c.seq > e.seq) ORDER BY e.seq"
    )


def test_everything_sent_in_a_long_story_is_announced_told_and_explained(
    house: House, wire: Wire, bo: User, cy: User
) -> None:
    bo.makes("Hedy")
    cy.makes_label("Customers")
    house.share("Customers", "Ada", "Grace", customer("Hedy"), bo="manage", cy="view")
    house.share("Partners", "Jane", bo="delete", cy="view")
    house.sync_until_quiet()
    bo.edits("Ada", note="new")
    cy.edits("Grace", note="mine")
    cy.takes("Partners", "Jane")
    cy.renames("Partners", to="Mine")
    house.sync_until_quiet()
    cy.makes("Other", under=["Partners"])
    house.rename_group("Partners", "Allies")
    house.add("Allies", "Ada")
    house.sync_until_quiet()
    bo.stars("Grace")
    bo.keeps.add("Grace")
    with house.world.work(OPERATOR) as work:
        erasure.erase(work, house.contact_id("Hedy"), "asked for it")
    house.take("Customers", "Grace")
    house.sync_until_quiet()
    house.revoke("Allies", "cy")
    house.delete_group("Customers")
    house.sync_until_quiet()
    assert wire.unannounced == []
    assert open_ends(house) == []
    assert without_cause(house) == []
    assert {
        "POST /v1/contactGroups",
        "PUT /v1/contactGroups/…",
        "DELETE /v1/contactGroups/…",
        "POST /v1/contactGroups/…/members:modify",
    } <= set(wire.sent)
    assert any("batchDelete" in one or "DELETE /v1/people" in one for one in wire.sent)


def causes(house: House, action: str) -> set[str]:
    """What the outcomes of this action follow from."""
    rows = house.query("SELECT c.action FROM events e JOIN events c ON c.id = e.cause WHERE e.action = ?", action)
    return {action for (action,) in rows}


def test_a_withdrawal_names_the_change_that_ended_it(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", "Jane", bo="edit")
    house.sync_until_quiet()
    house.take("Customers", "Ada")
    house.sync_until_quiet()
    assert causes(house, "person.delete") == {"group.take"}
    assert causes(house, "label.create") == {"grant.set"}
    house.revoke("Customers", "bo")
    house.sync_until_quiet()
    assert causes(house, "person.delete") == {"group.take", "grant.remove"}
    assert causes(house, "label.delete") == {"grant.remove"}


def test_a_label_that_is_renamed_or_filled_names_the_change_behind_it(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.share("Allies", bo="view")
    house.sync_until_quiet()
    house.rename_group("Customers", "Clients")
    house.add("Allies", "Ada")
    house.sync_until_quiet()
    assert (causes(house, "label.rename"), causes(house, "label.fill")) == ({"group.rename"}, {"group.add"})
    bo.takes("Allies", "Ada")
    house.sync_until_quiet()
    assert causes(house, "label.fill") == {"group.add", "label.take_off"}


def test_a_contact_that_google_refuses_names_the_version_it_refuses(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.workspace.poison = b"Ada"
    bo.pass_over()
    assert causes(house, "person.refuse") == {"contact.create"}


def test_a_label_name_that_is_taken_is_told_as_a_failure(house: House, bo: User) -> None:
    bo.makes_label("Customers")
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    rows = house.query("SELECT outcome, reason FROM events WHERE action = 'label.create' ORDER BY seq")
    assert rows == [("failed", "the user has a label of this name"), ("ok", "")]


def test_the_label_taken_off_a_persons_own_contact_is_announced_and_explained(
    house: House, wire: Wire, bo: User
) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    bo.makes("Other", under=["Customers"])
    house.sync_until_quiet()
    assert (wire.unannounced, open_ends(house)) == ([], [])
    (said,) = house.query("SELECT reason FROM events WHERE action = 'label.fill'")
    assert (said[0], causes(house, "label.fill")) == ("1 that are not shared taken off", {"label.put_on"})


def test_a_second_copy_that_goes_names_the_finding_of_it(house: House, wire: Wire, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    bo.deletes("Ada")
    bo.pass_over()
    bo.undeletes("Ada")
    house.sync_until_quiet()
    assert (wire.unannounced, open_ends(house), without_cause(house)) == ([], [], [])
    said = house.query(
        "SELECT e.contact_id, c.contact_id, c.source FROM events e JOIN events c ON c.id = e.cause"
        " WHERE e.action = 'person.delete' AND c.action = 'link.double'"
    )
    assert said == [(house.contact_id("Ada"), house.contact_id("Ada"), "google")]


def test_a_mark_that_is_taken_off_names_the_finding_of_it(house: House, wire: Wire, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    bo.edits("Ada", note="unlike what is shared")
    bo.deletes("Ada")
    bo.pass_over()
    bo.undeletes("Ada")
    bo.keeps.add("Ada")
    house.sync_until_quiet()
    assert (wire.unannounced, open_ends(house), without_cause(house)) == ([], [], [])
    assert causes(house, "person.release") == {"link.double"}


def test_a_second_label_that_ends_names_the_finding_of_it(house: House, wire: Wire, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    then = house.now()
    house.wait(minutes=5)
    bo.deletes_label("Customers")
    house.sync_until_quiet()
    bo.hands.undo_changes(then)
    house.sync_until_quiet()
    assert (wire.unannounced, open_ends(house), without_cause(house)) == ([], [], [])
    assert "label.double" in causes(house, "label.delete") | causes(house, "label.release")
