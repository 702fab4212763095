"""Mail and chat: who is told of what, in how many messages, and what stands in them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sharesync.endpoints import mailing
from sharesync.endpoints.outside import Outside
from sharesync.errors import InvalidInput
from sharesync.model.access import Principal, PrincipalKind
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.endpoint import EndpointKind
from sharesync.model.permission import Role
from sharesync.model.review import ReviewDraft
from sharesync.services import proposals, reviews
from sharesync.services.telling import deciders, letters, wishes
from sharesync.services.telling import endpoints as cases
from sharesync.services.who_may import roles, tokens
from sharesync.store.records import endpoints
from sharesync.store.records import proposals as kept_proposals
from tests.endpoints.post_office import PostOffice, open_post_office
from tests.endpoints.receiver import Receiver
from tests.endpoints.test_webhooks import deliver, kept, standing
from tests.web.waiting import write_entry
from tests.worlds import House
from web.words.letters import say

MANY = tuple(f"N{number}" for number in range(20))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as opened:
        yield opened


@pytest.fixture
def told(told: House, office: PostOffice) -> House:
    """One that may send mail, too; it is early in the morning."""
    outside = replace(told.world.outside, mail=office.server, zone=ZoneInfo("Europe/Copenhagen"))
    told.world = replace(told.world, outside=outside)
    return told


def tell_people(house: House) -> None:
    deciders.ensure(house.world)
    deliver(house)


def held(house: House) -> None:
    """Bo manages a group, and Dag deletes half of it."""
    house.share("Customers", *MANY, bo="manage", dag="delete", cy="view")
    house.sync_until_quiet()
    tell_people(house)
    for name in MANY[:12]:
        house.users["dag"].deletes(name)
    house.pass_over("dag")


def room(house: House, receiver: Receiver, **more: Any) -> str:
    with house.world.work(OPERATOR) as work:
        target = f"{receiver.url}/room?key=secret"
        return cases.create(work, EndpointKind.CHAT, target, owner=house.address("bo"), **more).id


def text(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


# --- Mail ------------------------------------------------------------------------------------------------------------


def test_who_decides_is_told_of_a_hold_at_once_and_of_more_in_one_mail_ten_minutes_later(
    told: House, office: PostOffice
) -> None:
    held(told)
    tell_people(told)
    [(to, message)] = office.came
    assert to == told.address("bo")
    assert "Waits for your decision: a mass change · Customers" in text(message)
    assert "https://contacts.north.test/holds/" in text(message)
    for number in range(2):
        told.share(f"G{number}", *(f"{number}x{one}" for one in range(20)), bo="manage", dag="delete")
    told.sync_until_quiet(but=["dag"])
    for number in range(2):
        for one in range(12):
            told.users["dag"].deletes(f"{number}x{one}")
    told.pass_over("dag", wait=timedelta())
    bo = next(one for one in mail_endpoints(told) if one.owner_name == told.address("bo"))
    with told.world.work(OPERATOR) as work:
        endpoints.change(work, bo.id, sent_at=told.now())
    tell_people(told)
    assert len(office.came) == 1
    told.wait(minutes=10)
    tell_people(told)
    [_, (_, together)] = office.came
    assert [group for group in ("G0", "G1") if group in text(together)] == ["G0", "G1"]


def mail_endpoints(house: House) -> list[endpoints.Endpoint]:
    with house.database.reading() as session:
        return [one for one in endpoints.listed(session) if one.kind is EndpointKind.MAIL]


def test_a_mail_says_no_value_of_a_contact_and_has_the_headers_of_a_notice(told: House, office: PostOffice) -> None:
    held(told)
    tell_people(told)
    [(_, message)], [raw] = office.came, office.raw
    assert not any(f"{name} " in text(message) for name in MANY)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"]
    assert message["Message-ID"].endswith("@north.test>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [line] = [line for line in raw.splitlines() if line.startswith(b"List-Unsubscribe:")]
    assert line.startswith(b"List-Unsubscribe: <https://contacts.north.test/told/no-more/")
    assert line.endswith(b">")
    assert len(line) > 78  # where Python breaks it, if it is let to
    html = message.get_body(("html",))
    assert html is not None
    assert html.get_content().count("<li>") == 1


def test_a_path_to_be_told_no_more_is_ours_or_nothing(told: House) -> None:
    with told.database.reading() as session:
        path = letters.no_more_path(session, "a" * 32, {"hold.opened"})
        *_, endpoint, mask, check = path.split("/")
        assert letters.names_in(session, endpoint, int(mask), check) == ("hold.opened",)
        assert letters.names_in(session, endpoint, int(mask) + 1, check) == ()
        assert letters.names_in(session, "b" * 32, int(mask), check) == ()


def test_whoever_proposed_a_change_is_told_what_became_of_it(told: House, office: PostOffice) -> None:
    told.share("Customers", "Ada", bo="manage", cy="view")
    told.sync_until_quiet()
    told.users["cy"].edits("Ada", note="from cy")
    told.sync_until_quiet()
    tell_people(told)
    with told.database.reading() as session:
        [proposal] = kept_proposals.listed(session)
    with told.world.work(By(ActorKind.USER, told.users["bo"].id, Source.WEB)) as work:
        proposals.accept(work, proposal.id)
    tell_people(told)
    assert [(to, "A change that you proposed was accepted" in text(one)) for to, one in office.came] == [
        (told.address("cy"), True)
    ]


def test_the_digest_comes_at_eight_where_something_waits_and_once(told: House, office: PostOffice) -> None:
    told.share("Customers", "Ada", bo="manage", cy="view")
    told.sync_until_quiet()
    tell_people(told)
    here = told.world.outside.here(told.now())
    to_midnight = timedelta(days=1) - timedelta(hours=here.hour, minutes=here.minute, seconds=here.second)
    told.wait(seconds=to_midnight.total_seconds() + 9 * 3600)
    tell_people(told)
    assert office.came == []  # nothing waits
    told.users["cy"].edits("Ada", note="from cy")
    told.sync_until_quiet()
    told.wait(hours=22.5)  # half past seven
    tell_people(told)
    assert office.came == []
    told.wait(hours=1)
    for _ in range(2):
        tell_people(told)
    [(to, message)] = office.came
    assert to == told.address("bo")
    assert "Proposed changes: 1" in text(message)
    assert "from cy" not in text(message)


def test_the_digest_says_that_follow_ups_are_due_and_names_nobody(told: House, office: PostOffice) -> None:
    told.share("Customers", "Ada", bo="edit", cy="edit")
    told.sync_until_quiet()
    told.wait(hours=12)
    write_entry(told, "Ada", "Call about the boat", doer="bo")
    tell_people(told)
    here = told.world.outside.here(told.now())
    told.wait(hours=24 - here.hour + 9)
    tell_people(told)
    [(to, message)] = office.came
    assert to == told.address("bo")
    assert "Follow-ups that are due: 1" in text(message)
    assert not any(word in text(message) for word in ("Ada", "boat"))
    told.take("Customers", "Ada")  # what they may not see any more is not counted
    told.wait(days=1)
    tell_people(told)
    assert len(office.came) == 1


def test_whoever_is_asked_in_a_review_hears_of_it_in_the_digest_before_its_day(told: House, office: PostOffice) -> None:
    told.share("Customers", "Ada", "Grace", cy="view")
    cy, today = told.users["cy"].id, told.now().date()
    with told.world.work(OPERATOR) as work:
        for name, days in (("Soon", 6), ("Later", 60)):
            due = today + timedelta(days=days)
            reviews.begin(work, ReviewDraft(name, due, told.group_id("Customers"), reviewers=(cy,)))
    tell_people(told)
    office.came.clear()
    here = told.world.outside.here(told.now())
    told.wait(hours=33 - here.hour)  # nine, tomorrow
    tell_people(told)
    [(to, message)] = office.came
    assert to == told.address("cy")
    assert "Contacts that you are asked to look through: 2" in text(message)
    assert not any(name in text(message) for name in ("Ada", "Grace", "Soon"))


def test_a_mailbox_that_needs_somebody_is_told_to_administrators_once(told: House, office: PostOffice) -> None:
    with told.world.work(OPERATOR) as work:
        roles.assign(work, told.address("anna"), Role.ADMINISTRATOR)
    told.share("Customers", "Ada", bo="view")
    told.sync_until_quiet()
    tell_people(told)
    outside = told.world.outside
    told.workspace.authority.delegated = frozenset()
    told.restart()
    told.world = replace(told.world, outside=outside)
    for _ in range(2):
        told.pass_over("bo")
    tell_people(told)
    assert [to for to, _ in office.came] == [told.address("anna")]
    assert f"The mailbox of {told.address('bo')} needs somebody" in text(office.came[0][1])


def test_a_mailbox_that_recovers_by_way_of_another_try_is_told_to_have_recovered(
    told: House, office: PostOffice
) -> None:
    told.share("Customers", "Ada", bo="view")
    told.sync_until_quiet()
    states = []
    for fault in ({"status": 403}, {"status": 503}, {"status": 403}, None):
        told.workspace.faults.clear()
        if fault:
            told.fault("status", "people.connections.list", "bo", times=None, **fault)
        told.wait(hours=2)
        states.append(told.pass_over("bo").outcome.value)
    assert states == ["attention", "retry", "attention", "ok"]
    assert [len(told.events(f"mailbox.{verb}")) for verb in ("need", "recover")] == [1, 1]


def test_the_owner_of_a_token_is_told_that_it_ended_unless_it_was_their_deed(told: House, office: PostOffice) -> None:
    with told.world.work(OPERATOR) as work:
        ended, own = (
            tokens.create(work, told.address("cy"), name, ["contacts:read"]).token.id for name in ("nightly", "mine")
        )
    tell_people(told)
    with told.world.work(OPERATOR) as work:
        tokens.revoke(work, ended)
    with told.world.work(By(ActorKind.USER, told.users["cy"].id, Source.WEB)) as work:
        tokens.revoke(work, own)
    tell_people(told)
    [(to, message)] = office.came
    assert to == told.address("cy")
    assert "The token “nightly” of" in text(message)
    assert "mine" not in text(message)


@pytest.mark.parametrize(("answer", "again"), [("450 later", True), ("550 nobody here", False)])
def test_a_refused_recipient_is_tried_again_or_given_up_as_the_server_says(
    told: House, office: PostOffice, answer: str, again: bool
) -> None:
    held(told)
    office.of_recipient = answer
    tell_people(told)
    [bo] = [one for one in mail_endpoints(told) if one.owner_name == told.address("bo")]
    assert bo.trouble == f"127.0.0.1 answered {answer[:3]}."
    assert bo.state.value == "on"
    [message] = kept(told, bo.id)
    assert (message.due_at is not None) is again
    office.of_recipient = ""
    told.wait(minutes=1)
    tell_people(told)
    assert len(office.came) == (1 if again else 0)


def test_a_server_that_hangs_or_is_away_is_tried_again_under_the_same_message_id(
    told: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "SECONDS", 0.5)
    held(told)
    office.hangs = True
    tell_people(told)
    [bo] = [one for one in mail_endpoints(told) if one.owner_name == told.address("bo")]
    assert bo.trouble == "No answer came from 127.0.0.1."
    office.hangs, office.of_data = False, "451 busy"
    told.wait(minutes=1)
    tell_people(told)
    office.of_data = ""
    told.wait(minutes=7)
    tell_people(told)
    [(_, message)] = office.came
    assert message["Message-ID"].startswith(f"<{bo.id}.")


def test_without_a_mail_server_there_is_no_mail_and_no_noise(house: House) -> None:
    before = house.world
    try:
        house.world = replace(before, outside=Outside())
        held(house)
        tell_people(house)
        assert mail_endpoints(house) == []
    finally:
        house.world = before


def test_who_wants_no_mail_gets_none_again(told: House, office: PostOffice) -> None:
    held(told)
    [bo] = [one for one in mail_endpoints(told) if one.owner_name == told.address("bo")]
    with told.world.work(OPERATOR) as work:
        cases.remove(work, bo.id)
    tell_people(told)
    assert office.came == []
    assert [one.owner_name for one in mail_endpoints(told) if one.owner_name == told.address("bo")] == []


# --- Chat ------------------------------------------------------------------------------------------------------------


def test_a_room_gets_one_text_for_what_happens_within_a_minute_and_nothing_in_it_is_a_mark(
    told: House, receiver: Receiver
) -> None:
    told.share("<!channel> *A|B*", bo="view")
    endpoint = room(told, receiver, events=["contact"])
    told.put("<!channel> *A|B*", "Ada", "Hedy")
    deliver(told)
    told.put("<!channel> *A|B*", "Grace")
    deliver(told)
    assert len(receiver.came) == 1
    told.wait(minutes=1)
    deliver(told)
    first, second = (json.loads(body)["text"] for *_, body in receiver.came)
    assert "New contacts: 2 · &lt;!channel&gt; ∗A¦B∗>" in first  # marks that only look like it
    assert "<https://contacts.north.test/groups/" in first
    assert "New contacts: 1" in second
    assert not any(name.startswith("webhook-") for _, headers, _ in receiver.came for name in headers)
    assert "secret" not in cases.shown_target(standing(told, endpoint))


def test_a_room_is_told_in_the_language_that_its_owner_chose(told: House, receiver: Receiver) -> None:
    told.world = replace(told.world, outside=replace(told.world.outside, say=say))
    told.share("Customers", bo="view")
    endpoint = room(told, receiver, events=["contact"])
    for language, says in ((None, "New contacts: 1"), ("sv", "Nya kontakter: 1"), ("da", "Nye kontakter: 1")):
        if language == "sv":  # of the page on which it was made
            with told.world.work(OPERATOR) as work:
                cases.speak(work, endpoint, language)
        elif language:
            with told.world.work(By(ActorKind.USER, told.users["bo"].id, Source.WEB)) as work:
                wishes.choose(work, ["hold.opened"], language)
        told.put("Customers", f"In {language}")
        told.wait(minutes=1)
        deliver(told)
        assert says in json.loads(receiver.came[-1][2])["text"]


def test_a_room_that_is_no_more_is_switched_off(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    endpoint = room(told, receiver, events=["contact"])
    receiver.status = 404
    told.put("Customers", "Ada")
    deliver(told)
    assert standing(told, endpoint).state.value == "off"


def test_the_events_of_a_kept_message_are_looked_at_again_when_it_is_sent(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    endpoint = room(told, receiver, events=["contact"])
    receiver.status = 503
    told.put("Customers", "Ada")
    deliver(told)
    told.revoke("Customers", "bo")
    receiver.status = 200
    told.wait(hours=1)
    deliver(told)
    assert len(receiver.came) == 1
    assert kept(told, endpoint) == []


def test_old_news_is_not_told_to_people(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    room(told, receiver, events=["contact"])
    told.put("Customers", "Ada")
    told.wait(days=4)
    deliver(told)
    assert receiver.came == []


def test_an_endpoint_is_anothers_and_mail_goes_where_its_owner_is_reached(told: House) -> None:
    with told.world.work(OPERATOR) as work:
        made = cases.create(work, EndpointKind.MAIL, told.address("bo"))
    found = standing(told, made.id)
    assert (found.owner, found.target) == (Principal(PrincipalKind.USER, told.users["bo"].id), "")
    assert found.address == told.address("bo")
    with pytest.raises(InvalidInput), told.world.work(OPERATOR) as work:
        cases.create(work, EndpointKind.MAIL, told.address("bo"))
    for wrong in ("bo", "bo@north.test\nBcc: x@x.test", "<bo@north.test>", "a@b.test,c@d.test"):
        with pytest.raises(InvalidInput), told.world.work(OPERATOR) as work:
            cases.create(work, EndpointKind.MAIL, wrong, owner=told.address("cy"))
