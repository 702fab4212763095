"""Fields: what is kept here no mailbox ever sees; what Google shows is typed on phones, and tags are put together."""

import pytest

from sharesync.model.audit import OPERATOR
from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind
from sharesync.sandbox.wire import Reply, Request
from sharesync.services import company_fields as cases
from sharesync.services import contacts as contact_cases
from sharesync.store.records import company_fields, contacts
from tests.worlds import House

SECRET = "31415.92653"


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
