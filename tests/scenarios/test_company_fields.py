"""Fields: what is kept here no mailbox ever sees; what Google shows is typed on phones, and tags are put together."""

from dataclasses import replace

import pytest

from sharesync.errors import Refused
from sharesync.model.audit import OPERATOR
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.sandbox.wire import Reply, Request
from sharesync.services import company_fields as cases
from sharesync.services import contacts as contact_cases
from sharesync.services import proposals, relocating, undoing
from sharesync.store.records import company_fields, contacts
from tests.worlds import House

SECRET = "31415.92653"
FINISH = relocating.finish


def define(house: House, name: str, kind: FieldKind, *, shown: bool) -> None:
    operation = house.world.operation(OPERATOR)
    with operation.look() as look:
        draft = cases.checked(look.session, CompanyField("", name, kind, shown=shown))
    cases.create(operation, draft)


def say(house: House, contact: str, **values: str) -> None:
    with house.world.work(OPERATOR) as work:
        now = contacts.get(work.session, house.contact_id(contact))
        card, here = company_fields.defined(work.session).written(now.card, now.here, values)
        contact_cases.edit(work, now.id, card, here=here)


def told(house: House, contact: str) -> dict[str, str]:
    with house.database.reading() as session:
        found = contacts.get(session, house.contact_id(contact))
        return company_fields.defined(session).told(found.card, found.here)


def test_what_is_kept_here_is_in_no_request_and_writes_to_no_mailbox(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    house.sync_until_quiet()
    heard: list[str] = []
    handle = house.workspace.handle

    def listening(request: Request) -> Reply:
        heard.append(f"{request.path} {request.headers} {request.body!r}")
        return handle(request)

    monkeypatch.setattr(house.workspace, "handle", listening)
    define(house, "Margin", FieldKind.NUMBER, shown=False)
    say(house, "Ada", Margin=SECRET)
    house.sync_until_quiet()
    assert any("connections" in one for one in heard)
    assert not [one for one in heard if "updateContact" in one or "createContact" in one]

    house.users["bo"].edits("Ada", phones=["+45 33 12 34 56"])
    house.sync_until_quiet()
    say(house, "Ada", Margin="2" + SECRET, Tags="vip")
    house.users["bo"].deletes("Ada")
    house.sync_until_quiet()
    assert told(house, "Ada") == {"Tags": "vip", "Margin": "2" + SECRET}
    assert house.users["cy"].shows("Ada").custom == (("Tags", "vip"),)
    assert any("updateContact" in one for one in heard)
    assert not [one for one in heard if SECRET in one or "Margin" in one]


def test_tags_that_two_people_typed_on_their_phones_are_put_together(house: House) -> None:
    house.share("Customers", "Ada", bo="edit", cy="edit", dag="view")
    house.sync_until_quiet()
    house.users["bo"].edits("Ada", custom={"Tags": "vip, old"})
    house.sync_until_quiet()
    house.users["bo"].edits("Ada", custom={"tags": "VIP, press"})
    house.users["cy"].edits("Ada", custom={"Tags": "vip,old,north"})
    house.sync_until_quiet()
    assert set(told(house, "Ada")["Tags"].casefold().split(", ")) == {"vip", "press", "north"}
    assert house.query("SELECT count(*) FROM conflicts") == [(0,)]
    (shown,) = {house.users[name].shows("Ada").custom for name in ("bo", "cy", "dag")}
    assert len(shown) == 1


def test_a_renamed_field_bears_its_new_name_on_every_phone(house: House) -> None:
    house.share("Customers", "Ada", bo="edit", cy="view")
    define(house, "Renewal", FieldKind.DATE, shown=True)
    say(house, "Ada", Renewal="2026-12-24")
    house.sync_until_quiet()
    cases.rename(house.world.operation(OPERATOR), "Renewal", "Contract ends")
    house.users["bo"].edits("Ada", phones=["+45 33 12 34 56"])
    house.sync_until_quiet()
    for name in ("bo", "cy"):
        assert house.users[name].shows("Ada").custom == (("Contract ends", "2026-12-24"),)
    house.users["bo"].edits("Ada", custom={"Contract ends": "in spring"})
    house.sync_until_quiet()
    assert told(house, "Ada") == {"Contract ends": "in spring"}
    cases.delete(house.world.operation(OPERATOR), "Contract ends")
    house.sync_until_quiet()
    assert house.users["cy"].shows("Ada").custom == ()


# --- A field that moves ----------------------------------------------------------------------------------------------


def move(house: House, name: str, *, shown: bool) -> None:
    relocating.relocate(house.world.operation(OPERATOR), name, shown=shown)


def listened(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request from now on, in one line each."""
    heard: list[str] = []
    handle = house.workspace.handle

    def listening(request: Request) -> Reply:
        heard.append(f"{request.path} {request.headers} {request.body!r}")
        return handle(request)

    monkeypatch.setattr(house.workspace, "handle", listening)
    return heard


@pytest.fixture
def renewal(house: House) -> House:
    """A day that Google shows, on Ada in the mailboxes of bo, who may edit, and cy, who may only see."""
    house.share("Customers", "Ada", "Grace", bo="edit", cy="view")
    define(house, "Renewal", FieldKind.DATE, shown=True)
    say(house, "Ada", Renewal="2026-12-24")
    house.sync_until_quiet()
    return house


def customs(house: House, *names: str) -> list[tuple[tuple[str, str], ...]]:
    return [house.users[name].shows("Ada").custom for name in names]


def test_a_field_that_is_kept_here_from_now_on_leaves_every_mailbox_and_comes_back(
    renewal: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(renewal, "Renewal", shown=False)
    heard = listened(renewal, monkeypatch)
    renewal.sync_until_quiet()
    assert customs(renewal, "bo", "cy") == [(), ()]
    assert told(renewal, "Ada") == {"Renewal": "2026-12-24"}
    assert not [one for one in heard if "2026-12-24" in one]
    assert renewal.query("SELECT count(*) FROM conflicts") == [(0,)]
    assert [len(renewal.events(action)) for action in ("edit.accept", "edit.revert", "proposal.keep")] == [0, 0, 0]
    say(renewal, "Ada", Renewal="2027-01-31")
    move(renewal, "Renewal", shown=True)
    renewal.sync_until_quiet()
    assert customs(renewal, "bo", "cy") == [(("Renewal", "2027-01-31"),)] * 2


def test_what_is_typed_on_a_phone_before_its_next_pass_is_the_value_and_goes_from_the_phone(renewal: House) -> None:
    move(renewal, "Renewal", shown=False)
    renewal.users["bo"].edits("Ada", custom={"Renewal": "2027-03-01"}, phones=["+45 33 12 34 56"])
    renewal.sync_until_quiet()
    assert told(renewal, "Ada") == {"Renewal": "2027-03-01"}
    assert customs(renewal, "bo", "cy") == [(), ()]
    assert renewal.stored("Ada").phones == ("+45 33 12 34 56",)


def test_two_who_change_it_at_once_are_in_conflict_and_nothing_is_lost(renewal: House) -> None:
    move(renewal, "Renewal", shown=False)
    say(renewal, "Ada", Renewal="2027-01-31")
    renewal.users["bo"].edits("Ada", custom={"Renewal": "2027-03-01"})
    renewal.sync_until_quiet()
    assert told(renewal, "Ada") == {"Renewal": "2027-01-31"}
    assert customs(renewal, "bo", "cy") == [(), ()]
    ((conflict, other),) = renewal.query("SELECT id, other FROM conflicts")
    assert "2027-03-01" in other
    with renewal.world.work(OPERATOR) as work:
        proposals.decide_conflict(work, conflict, "mailbox")
    renewal.sync_until_quiet()
    assert told(renewal, "Ada") == {"Renewal": "2027-03-01"}
    assert customs(renewal, "bo", "cy") == [(), ()]


def test_who_takes_the_entry_off_before_their_next_pass_takes_no_value(renewal: House) -> None:
    move(renewal, "Renewal", shown=False)
    renewal.users["bo"].edits("Ada", custom={})
    renewal.sync_until_quiet()
    assert told(renewal, "Ada") == {"Renewal": "2026-12-24"}


def test_a_proposal_typed_under_its_name_becomes_the_value_here(renewal: House) -> None:
    move(renewal, "Renewal", shown=False)
    renewal.users["cy"].edits("Ada", custom={"Renewal": "2027-03-01"})
    renewal.sync_until_quiet()
    assert (told(renewal, "Ada"), customs(renewal, "bo", "cy")) == ({"Renewal": "2026-12-24"}, [(), ()])
    ((proposal,),) = renewal.query("SELECT id FROM proposals")
    with renewal.world.work(OPERATOR) as work:
        proposals.accept(work, proposal)
    renewal.sync_until_quiet()
    assert (told(renewal, "Ada"), customs(renewal, "bo", "cy")) == ({"Renewal": "2027-03-01"}, [(), ()])


def test_an_own_contact_that_is_shared_keeps_its_own_entry_and_gives_its_value(renewal: House) -> None:
    move(renewal, "Renewal", shown=False)
    bo = renewal.users["bo"]
    bo.makes("Zoë", under=["Customers"], custom={"Renewal": "2027-03-01"})
    for _ in range(3):
        renewal.sync()
    assert told(renewal, "Zoë") == {"Renewal": "2027-03-01"}
    assert (bo.shows("Zoë").custom, renewal.users["cy"].shows("Zoë").custom) == ((("Renewal", "2027-03-01"),), ())


def test_the_move_is_undone_and_what_was_changed_since_stays(renewal: House) -> None:
    operation = replace(renewal.world.operation(OPERATOR), deed=renewal.world.new_id())
    relocating.relocate(operation, "Renewal", shown=False)
    renewal.sync_until_quiet()
    say(renewal, "Ada", Renewal="2027-01-31")
    say(renewal, "Grace", Renewal="2027-02-28")
    undo = replace(renewal.world.operation(OPERATOR), deed=renewal.world.new_id())
    assert undoing.undo(undo, str(operation.deed)) == 1
    renewal.sync_until_quiet()
    assert customs(renewal, "bo", "cy") == [(("Renewal", "2027-01-31"),)] * 2
    assert renewal.users["cy"].shows("Grace").custom == (("Renewal", "2027-02-28"),)


def test_an_old_edit_that_is_undone_after_a_move_leaves_what_was_typed_since(renewal: House) -> None:
    def deed(value: str) -> str:
        operation = replace(renewal.world.operation(OPERATOR), deed=renewal.world.new_id())
        with operation.piece() as work:
            now = contacts.get(work.session, renewal.contact_id("Ada"))
            card, here = company_fields.defined(work.session).written(now.card, now.here, {"Renewal": value})
            contact_cases.edit(work, now.id, card, here=here)
        return str(operation.deed)

    def undone(old: str) -> int:
        try:
            return undoing.undo(replace(renewal.world.operation(OPERATOR), deed=renewal.world.new_id()), old)
        except Refused:
            return 0

    for shown in (False, True):
        before = told(renewal, "Ada")
        stood = deed("2027-01-31")
        move(renewal, "Renewal", shown=shown)
        assert undone(stood) == 1  # nobody has typed since: it is taken back where the value is now
        assert told(renewal, "Ada") == before
        move(renewal, "Renewal", shown=not shown)
        old = deed("2027-01-31")
        move(renewal, "Renewal", shown=shown)
        say(renewal, "Ada", Renewal="2027-05-05")
        assert undone(old) == 0
        assert told(renewal, "Ada") == {"Renewal": "2027-05-05"}


def test_a_move_that_broke_off_is_read_from_both_places_and_finished_by_doing_it_again(
    renewal: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(renewal, "Grace", Renewal="2027-02-28")
    monkeypatch.setattr(relocating, "PIECE", 1)
    monkeypatch.setattr(relocating, "finish", lambda *_: None)
    for shown in (False, True):
        move(renewal, "Renewal", shown=shown)
        both = {name: told(renewal, name) for name in ("Ada", "Grace")}
        assert both == {"Ada": {"Renewal": "2026-12-24"}, "Grace": {"Renewal": "2027-02-28"}}
        with monkeypatch.context() as finishing:
            finishing.setattr(relocating, "finish", FINISH)
            move(renewal, "Renewal", shown=shown)
        renewal.sync_until_quiet()
        assert len(customs(renewal, "cy")[0]) == len(renewal.users["cy"].shows("Grace").custom) == shown


def test_a_field_kept_here_that_gets_a_name_takes_in_what_stands_under_it_on_phones(renewal: House) -> None:
    define(renewal, "Margin", FieldKind.TEXT, shown=False)
    say(renewal, "Ada", Margin="seven")
    renewal.users["bo"].edits("Ada", custom={"Renewal": "2026-12-24", "Rate": "eight"})
    renewal.users["bo"].edits("Grace", custom={"Rate": "nine"})
    renewal.sync_until_quiet()
    cases.rename(renewal.world.operation(OPERATOR), "Margin", "Rate")
    renewal.sync_until_quiet()
    assert told(renewal, "Ada") == {"Renewal": "2026-12-24", "Rate": "seven, eight"}
    assert told(renewal, "Grace") == {"Rate": "nine"}
    assert customs(renewal, "bo", "cy") == [(("Renewal", "2026-12-24"),)] * 2
    assert renewal.users["cy"].shows("Grace").custom == ()
