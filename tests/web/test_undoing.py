"""Undo: every deed of the page is taken back as one act, as far as it still stands, by who may do it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from sharesync.model.actions import ACTIONS
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.services import erasure, undoing
from tests.beginnings import begin
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.web.test_contact_edit import boxes
from tests.web.test_duplicates import versions
from tests.web.waiting import let_wait, the_one, write_entry
from tests.worlds import House

Deed = Callable[[Signed, House], Any]


def edit(browser: Signed, house: House, name: str = "Ada", **typed: str) -> Any:
    """A form that changes a contact, as it is sent; `typed` by box, with `_` for `-`."""
    address = f"/contacts/{house.contact_id(name)}/edit"
    form = boxes(browser.get(address).text)
    typed = {box.replace("_", "-"): text for box, text in typed.items()}
    return browser.submit(address, form | typed, follow_redirects=True)


def chosen(do: str, *names: str, **more: Any) -> Deed:
    """A deed on ticked contacts."""

    def act(browser: Signed, house: House) -> Any:
        sent = {"contact": [house.contact_id(name) for name in names], "confirm-count": str(len(names))}
        places = {key: house.group_id(group) for key, group in more.items()}
        sent |= {"from" if key == "out" else key: group for key, group in places.items()}
        return browser.submit(f"/contacts/chosen/{do}", sent, follow_redirects=True)

    return act


def access(level: str, principal: str = "cy@north.test") -> Deed:
    """A change of access, confirmed."""
    return lambda browser, house: browser.submit(
        f"/groups/{house.group_id('Customers')}/access/",
        {"principal": principal, "level": level, "seen": "yes"},
        follow_redirects=True,
    )


def settings(browser: Signed, house: House) -> Any:
    address = f"/groups/{house.group_id('Customers')}/settings"
    return browser.submit(address, {"name": "Clients", "description": "Who pays"}, follow_redirects=True)


def idas(house: House) -> str:
    return f"/duplicates/{house.contact_id('Ida')}/{house.contact_id('Idha')}"


def merge(browser: Signed, house: House) -> Any:
    return browser.submit(idas(house), {"do": "merge", **versions(house)}, follow_redirects=True)


def tell_apart(browser: Signed, house: House) -> Any:
    return browser.submit(idas(house), {"do": "apart"}, follow_redirects=True)


def decide(thing: str, **sent: str) -> Deed:
    """A decision about the one thing that waits."""
    return lambda browser, house: browser.submit(f"/{thing}/{the_one(house, thing)}", sent, follow_redirects=True)


def of_entry(do: str = "", **sent: str) -> Deed:
    """A deed about the one entry that Ada has, or, without a word, another entry."""

    def act(browser: Signed, house: House) -> Any:
        [(entry,)] = house.query("SELECT id FROM entries")
        there = f"/contacts/{house.contact_id('Ada')}/entries"
        address = f"{there}/{entry}{do.removeprefix('change')}" if do else there
        return browser.submit(address, sent, follow_redirects=True)

    return act


DEEDS: dict[str, Deed] = {
    "an entry": of_entry(kind="note", text="met at the fair"),
    "an entry changed": of_entry("change", text="Call on Friday", day="2026-12-24", person="bo@north.test"),
    "a follow-up done": of_entry("/done"),
    "an entry removed": of_entry("/remove"),
    "an edit": lambda browser, house: edit(browser, house, phoneNumbers_0_value="+45 7", names_0_familyName="Byron"),
    "contacts taken out of a group": chosen("take", "Ada", "Grace", out="Customers"),
    "contacts put into a group": chosen("add", "Ada", "Grace", to="Press"),
    "contacts deleted": chosen("delete", "Ada", "Grace"),
    "a level taken away": access("none"),
    "a higher level": access("delete"),
    "access given": access("view", "group:team@north.test"),
    "a group's name and description": settings,
    "contacts said to be right": chosen("check", "Ada", "Grace"),
    "a merge": merge,
    "two said not to be the same": tell_apart,
    "a proposal accepted": decide("proposals", decision="accept"),
    "a proposal dismissed": decide("proposals", decision="dismiss"),
    "a conflict decided": decide("conflicts", side="mailbox"),
}


@pytest.fixture
def told(shared: House) -> House:
    """Two groups; Ida twice; and about Ada a proposal and a conflict that wait."""

    def tell() -> None:
        shared.put("Customers", customer("Ida", emails=["ida@x.example"]), customer("Idha", emails=["ida@x.example"]))
        shared.sync_until_quiet()
        let_wait(shared, "Ada")
        write_entry(shared, "Ada", doer="bo")

    begin(shared, "undoing", by=tell)
    return shared


def state(house: House) -> dict[str, Any]:
    """All that a deed of the page may change, without versions and times."""
    cards = dict(house.query("SELECT id, card FROM contacts"))
    return {
        "cards": cards,
        "members": sorted(house.query("SELECT group_id, contact_id FROM memberships")),
        "trash": house.trash(),
        "grants": sorted(house.query("SELECT group_id, kind, subject, level FROM grants")),
        "groups": sorted(house.query("SELECT id, name, description FROM groups WHERE deleted_at IS NULL")),
        "proposals": house.query("SELECT id FROM proposals WHERE resolution = 'open'"),
        "conflicts": house.query("SELECT id FROM conflicts WHERE resolved_at IS NULL"),
        "entries": sorted(house.query("SELECT text, day, doer, done_at IS NULL FROM entries WHERE removed_at IS NULL")),
        "checked": dict(house.query("SELECT id, checked_at FROM contacts")),
        "rulings": house.query("SELECT id FROM rulings WHERE undone_at IS NULL"),
    }


def undo_in(answer: Any) -> str:
    """The address of the button that the page shows beside what was done."""
    found = re.search(r'action="(/undo/[0-9a-f]+)"', answer.text)
    assert found, answer.text
    return found[1]


@pytest.mark.parametrize("name", DEEDS)
def test_every_deed_is_undone_as_one_act_and_done_again_by_another_undo(told: House, app: Flask, name: str) -> None:
    anna = signed_in(app, told, "anna")
    before = state(told)
    answer = DEEDS[name](anna, told)
    done = state(told)
    assert done != before
    undone = anna.submit(undo_in(answer), follow_redirects=True)
    assert "Undone. What others changed since stays." in undone.text
    assert state(told) == before
    if name in ("a merge", "two said not to be the same", "a proposal dismissed"):
        return  # decided anew where all decisions are
    again = anna.submit(undo_in(undone), follow_redirects=True)
    assert "Undone." in again.text
    assert {**state(told), "proposals": [], "conflicts": []} == {**done, "proposals": [], "conflicts": []}


def test_what_others_changed_since_stays(told: House, app: Flask) -> None:
    anna, bo = (signed_in(app, told, who) for who in ("anna", "bo"))
    was = told.stored("Ada")
    answer = edit(anna, told, phoneNumbers_0_value="+45 7", names_0_familyName="Byron")
    edit(bo, told, names_0_familyName="King", biographies_0_value="met at the fair")
    anna.submit(undo_in(answer))
    assert told.stored("Ada").phones == was.phones
    assert (told.stored("Ada").family, told.stored("Ada").note) == ("King", "met at the fair")


def test_of_an_entry_what_others_changed_since_stays_too(told: House, app: Flask) -> None:
    anna, bo = (signed_in(app, told, who) for who in ("anna", "bo"))
    changed = of_entry("change", text="Call on Friday", day="2026-12-24", person="bo@north.test")(anna, told)
    of_entry("change", text="Write on Friday", day="2026-12-24", person="bo@north.test")(bo, told)
    anna.submit(undo_in(changed))
    assert told.query("SELECT text, CAST(day AS text) FROM entries") == [("Write on Friday", str(told.now().date()))]
    gone = of_entry("/done")(bo, told)
    of_entry("/remove")(anna, told)
    assert "Nothing of it stands any more" in bo.submit(undo_in(gone), follow_redirects=True).text


def test_an_earlier_check_stands_again_unless_somebody_has_checked_since(told: House, app: Flask) -> None:
    anna, bo = (signed_in(app, told, who) for who in ("anna", "bo"))
    check = chosen("check", "Ada")

    def moment() -> object:
        return told.query("SELECT checked_at FROM contacts WHERE id = ?", told.contact_id("Ada"))

    check(anna, told)
    first = moment()
    told.wait(minutes=9)
    undo = undo_in(check(bo, told))
    assert moment() != first
    bo.submit(undo)
    assert moment() == first
    undo = undo_in(check(bo, told))
    told.wait(minutes=9)
    check(anna, told)
    last = moment()
    assert "Nothing of it stands any more" in bo.submit(undo, follow_redirects=True).text
    assert moment() == last
    assert told.query("SELECT count(*) FROM events WHERE action = 'contact.uncheck'") == [(1,)]


def test_who_may_only_view_takes_back_that_their_follow_up_is_done(told: House, app: Flask) -> None:
    cy = signed_in(app, told, "cy")
    of_entry("change", text="x", day="2026-12-24", person="cy@north.test")(signed_in(app, told, "anna"), told)
    cy.submit(undo_in(of_entry("/done")(cy, told)))
    assert told.query("SELECT done_at FROM entries") == [(None,)]


def test_a_new_contact_goes_to_the_trash_unless_somebody_has_changed_it_since(told: House, app: Flask) -> None:
    anna, bo = (signed_in(app, told, who) for who in ("anna", "bo"))
    group = told.group_id("Customers")
    for name in ("Edith", "Linus"):
        form = boxes(anna.get(f"/contacts/new?group={group}").text) | {"names-0-givenName": name}
        answer = anna.submit("/contacts/new", form, follow_redirects=True)
        if name == "Linus":
            edit(bo, told, "Linus", biographies_0_value="plays whist")
        anna.submit(undo_in(answer), follow_redirects=True)
    assert told.trash() == ["Edith"]
    assert "Linus" in told.contacts("Customers")


def test_what_another_act_deleted_merged_away_or_erased_since_does_not_come_back(told: House, app: Flask) -> None:
    anna = signed_in(app, told, "anna")
    for name in ("Grace", "Idha"):
        chosen("add", name, to="Press")(anna, told)
    taken = chosen("take", "Grace", "Idha", out="Customers")(anna, told)
    chosen("delete", "Grace")(anna, told)
    merge(anna, told)
    assert told.trash() == ["Grace", "Idha"]
    assert "Nothing of it stands any more" in anna.submit(undo_in(taken), follow_redirects=True).text
    assert told.trash() == ["Grace", "Idha"]


def test_what_others_did_anew_since_is_theirs_though_it_looks_alike(told: House, app: Flask) -> None:
    anna = signed_in(app, told, "anna")
    added = chosen("add", "Ada", "Grace", "Ida", "Idha", to="Press")(anna, told)
    taken = chosen("take", "Ida", "Idha", out="Customers")(anna, told)
    told.take("Press", "Ada")
    told.add("Press", "Ada")
    told.add("Customers", "Ida")
    told.take("Customers", "Ida")
    granted = access("delete")(anna, told)
    for level in ("view", "delete"):
        told.grant("Customers", told.address("cy"), level)
    for answer in (taken, added, granted):
        anna.submit(undo_in(answer), follow_redirects=True)
    assert told.contacts("Press") == ["Ada", "Zoë"]
    assert {"Ida", "Idha"} & {*told.contacts("Customers")} == {"Idha"}
    assert told.trash() == ["Ida"]
    assert told.query("SELECT level FROM grants WHERE subject = ?", told.users["cy"].id) == [(3,)]


def test_one_contact_that_was_erased_since_keeps_nobody_from_undoing_the_rest(told: House, app: Flask) -> None:
    anna = signed_in(app, told, "anna")
    grace = told.contact_id("Grace")
    deleted = DEEDS["contacts deleted"](anna, told)
    with told.world.work(OPERATOR) as work:
        erasure.erase(work, grace, "asked for it")
    assert "Undone." in anna.submit(undo_in(deleted), follow_redirects=True).text
    assert "Ada" in told.contacts("Customers")
    assert told.query("SELECT erased_at IS NOT NULL, deleted_at IS NOT NULL FROM contacts WHERE id = ?", grace) == [
        (1, 1)
    ]


def test_what_somebody_wants_in_their_own_contacts_no_administrator_undoes(told: House, app: Flask) -> None:
    anna, bo = (signed_in(app, told, who) for who in ("anna", "bo"))
    told.grant("Customers", "anna@north.test", "manage")
    address = f"/mine/{told.group_id('Customers')}/decline"
    bos, annas = (one.submit(address, follow_redirects=True) for one in (bo, anna))
    declined = told.query("SELECT user_id FROM declined ORDER BY user_id")
    assert len(declined) == 2
    assert "Nothing of it stands any more" in anna.submit(undo_in(bos), follow_redirects=True).text
    assert told.query("SELECT user_id FROM declined ORDER BY user_id") == declined
    assert "Undone." in anna.submit(undo_in(annas), follow_redirects=True).text
    assert told.query("SELECT user_id FROM declined") == [(told.users["bo"].id,)]


def test_what_is_undone_reaches_every_mailbox_and_the_log_names_the_act(told: House, app: Flask) -> None:
    anna = signed_in(app, told, "anna")
    answer = DEEDS["contacts deleted"](anna, told)
    told.sync_until_quiet()
    assert "Grace" not in told.users["bo"].sees("Customers")
    anna.submit(undo_in(answer))
    told.sync_until_quiet()
    assert "Grace" in told.users["bo"].sees("Customers")
    [(act, actor)] = told.query("SELECT id, actor FROM events WHERE action = 'deed.undo'")
    assert actor == told.users["anna"].id
    assert {contact for (contact,) in told.query("SELECT contact_id FROM events WHERE cause = ?", act)} == {
        told.contact_id("Ada"),
        told.contact_id("Grace"),
    }


@pytest.mark.parametrize("name", ["contacts deleted", "a merge"])
def test_who_was_told_that_a_contact_was_deleted_is_told_that_it_came_back(told: House, app: Flask, name: str) -> None:
    anna = signed_in(app, told, "anna")
    undo = undo_in(DEEDS[name](anna, told))
    gone = told.query("SELECT contact_id FROM events WHERE action = 'contact.trash' ORDER BY contact_id")
    anna.submit(undo)
    assert gone
    assert told.query("SELECT contact_id FROM events WHERE action = 'contact.restore' ORDER BY contact_id") == gone


def test_it_is_for_who_did_it_and_for_administrators_who_find_it_in_the_log(told: House, app: Flask) -> None:
    anna, bo, dag, eva = (signed_in(app, told, who) for who in ("anna", "bo", "dag", "eva"))
    undo = undo_in(edit(bo, told, phoneNumbers_0_value="+45 7"))
    for other in (dag, eva):
        assert other.submit(undo).status_code == 303
        assert told.stored("Ada").phones == ("+45 7",)
    [(seq,)] = told.query("SELECT max(seq) FROM events WHERE action = 'contact.update'")
    assert undo not in eva.get(f"/audit/{seq}").text
    assert undo in anna.get(f"/audit/{seq}").text
    anna.submit(undo)
    assert told.stored("Ada").phones == ()


def test_who_has_lost_the_right_since_undoes_nothing(told: House, app: Flask) -> None:
    bo = signed_in(app, told, "bo")
    undo = undo_in(edit(bo, told, phoneNumbers_0_value="+45 7"))
    told.grant("Customers", "bo@north.test", "view")
    before = state(told)
    answer = bo.submit(undo, follow_redirects=True)
    assert "this takes the level “can edit”" in answer.text
    assert state(told) == before


def test_what_does_not_stand_any_more_and_what_never_was_is_refused(told: House, app: Flask) -> None:
    anna = signed_in(app, told, "anna")
    undo = undo_in(edit(anna, told, phoneNumbers_0_value="+45 7"))
    anna.submit(undo)
    size = len(told.query("SELECT 1 FROM events"))
    assert "Nothing of it stands any more" in anna.submit(undo, follow_redirects=True).text
    assert len(told.query("SELECT 1 FROM events")) == size
    for address in ("/undo/nothing", f"/undo/{'0' * 32}"):
        assert "There is nothing here that you can undo." in anna.submit(address, follow_redirects=True).text


def test_what_a_pass_did_is_no_deed(told: House, app: Flask) -> None:
    told.users["bo"].edits("Ada", note="typed on a phone")
    told.users["bo"].pass_over()
    [(pass_id,)] = told.query(
        "SELECT DISTINCT pass_id FROM events WHERE action = 'contact.update' AND source = 'google'"
    )
    anna = signed_in(app, told, "anna")
    assert "There is nothing here that you can undo." in anna.submit(f"/undo/{pass_id}", follow_redirects=True).text
    assert told.stored("Ada").note == "typed on a phone"


def test_a_large_act_is_undone_in_pieces_and_goes_on_where_it_broke_off(
    told: House, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.put("Press", *(customer(f"N{number:03}") for number in range(450)))
    press, anna = told.group_id("Press"), signed_in(app, told, "anna")
    sent = {"all": "yes", "page": press, "group": press, "from": press, "to": press, "confirm-count": "451"}
    answer = anna.submit("/contacts/chosen/take", sent, follow_redirects=True)
    undo, taken = undo_in(answer), undoing.OPPOSITES["group.take"]
    assert told.contacts("Press") == []

    def dying(this: Any) -> bool:
        if len(told.contacts("Press")) >= 200:
            raise RuntimeError("killed")
        return taken(this)

    with monkeypatch.context() as patched:
        patched.setitem(undoing.OPPOSITES, "group.take", dying)
        by = By(ActorKind.USER, told.users["anna"].id, Source.WEB)
        with pytest.raises(RuntimeError, match="killed"):
            undoing.undo(told.world.operation(by), undo.rpartition("/")[2])
    assert len(told.contacts("Press")) == 200
    anna.submit(undo)
    assert len(told.contacts("Press")) == 451


def test_every_action_is_taken_back_follows_from_one_that_is_or_is_final() -> None:
    """Whoever adds an action says which."""
    follows = {
        "contact.create",
        "contact.trash",
        "contact.restore",
        "contact.unmerge",
        "duplicate.restore",
        "group.restore",
    }
    follows |= {"review.move", "proposal.reopen", "conflict.reopen", "deed.undo"}
    final = {
        *("contact.delete", "contact.recover", "contact.erase", "contact.hold", "contact.unhold", "contact.purge"),
        *("group.filter", "group.stop", "group.resume"),
        *("contact.export", "group.create", "group.delete", "group.limit", "import.run", "import.undo"),
        *("directory.sync", "directory.need", "directory.recover", "proposal.keep", "conflict.keep", "access.deny"),
        *("calendar.open", "calendar.close"),
    }
    apart = ("endpoint", "field", "filter", "role", "session", "service", "token", "key", "log", "hold", "question")
    of_mailboxes = ("link", "mailbox", "label", "person")
    rest = {action for action in ACTIONS if action.partition(".")[0] not in (*apart, *of_mailboxes)}
    assert rest | {"field.retype", "field.place"} == {*undoing.OPPOSITES, *follows, *final}
