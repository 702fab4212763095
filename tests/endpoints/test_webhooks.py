"""Webhooks: what their owner may see, once and signed; tried again, given up, told again; whatever kills who sends."""

import json
import multiprocessing
import signal
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import Any

import pytest
import standardwebhooks
import svix
from sqlalchemy import event
from sqlalchemy.engine import Engine

from sharesync.endpoints import posting
from sharesync.errors import NotFound, Refused
from sharesync.model.audit import CLOCK, OPERATOR, ActorKind, By, Source
from sharesync.model.endpoint import WAITS, EndpointKind
from sharesync.model.entry import ContactEntry, EntryKind
from sharesync.services import entries, programs
from sharesync.services.telling import delivery
from sharesync.services.telling import endpoints as cases
from sharesync.services.telling.outcomes import Fate
from sharesync.services.who_may import tokens
from sharesync.store.records import endpoint_messages, endpoints
from tests.endpoints.process import deliver_and_die
from tests.endpoints.receiver import Receiver
from tests.terminal import Sharesync, pointed_at
from tests.worlds import House


def hook(house: House, receiver: Receiver, owner: str = "bo", **more: Any) -> cases.NewEndpoint:
    """A webhook of a user, by first name, or of a service."""
    whose = owner if ":" in owner else house.address(owner)
    with house.world.work(OPERATOR) as work:
        return cases.create(work, EndpointKind.WEBHOOK, f"{receiver.url}/in?key=secret", owner=whose, **more)


def deliver(house: House) -> None:
    for one in delivery.due(house.world):
        delivery.deliver(house.world, one)


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for *_, body in receiver.came]


def names(receiver: Receiver) -> list[str]:
    return [body["type"] for body in bodies(receiver)]


def standing(house: House, endpoint: str) -> endpoints.Endpoint:
    with house.database.reading() as session:
        return endpoints.get(session, endpoint)


def kept(house: House, endpoint: str) -> list[endpoint_messages.Outgoing]:
    with house.database.reading() as session:
        return endpoint_messages.undelivered(session, endpoint)


# --- What is told ----------------------------------------------------------------------------------------------------


def test_each_event_is_told_once_and_thin(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada")
    told.edit("Ada", note="of nobody's business")
    for _ in range(2):
        deliver(told)
    first, second = bodies(receiver)
    contact, group = told.contact_id("Ada"), told.groups()["Customers"]
    assert (first["type"], second["type"]) == ("contact.created", "contact.updated")
    assert (first["data"]["contact"], second["data"]["contact"]) == (contact, contact)
    assert (first["data"]["group"], second["data"]["version"]) == (group, 2)
    assert second["data"]["fields"] == ["biographies"]
    said = b"".join(body for *_, body in receiver.came)
    assert b"Ada" not in said
    assert b"business" not in said


@pytest.mark.parametrize("verifier", [standardwebhooks.Webhook, svix.Webhook], ids=["standardwebhooks", "svix"])
def test_others_find_the_signature_right_and_a_replaced_secret_holds_for_a_day(
    told: House, receiver: Receiver, verifier: Any
) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver)
    told.put("Customers", "Ada")
    deliver(told)
    with told.world.work(OPERATOR) as work:
        renewed = cases.rotate(work, made.id)
    told.put("Customers", "Hedy")
    deliver(told)
    _, headers, body = receiver.came[0]
    verifier(made.secret).verify(body, headers)
    with pytest.raises(Exception, match=r"(?i)signature"):
        verifier(renewed.secret).verify(body, headers)
    _, headers, body = receiver.came[-1]
    for secret in (made.secret, renewed.secret):
        verifier(secret).verify(body, headers)
    told.wait(hours=25)
    told.put("Customers", "Edith")
    deliver(told)
    [signature] = receiver.came[-1][1]["webhook-signature"].split(" ")
    assert signature.startswith("v1,")


def test_only_what_the_owner_may_see_at_that_moment_is_told(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    told.share("Board", cy="view")
    hook(told, receiver, events=["contact"])
    told.put("Board", "Secret")
    told.put("Customers", "Ada")
    told.put("Customers", "Grace")
    told.take("Customers", "Grace")
    told.add("Board", "Grace")
    told.revoke("Customers", "bo")
    deliver(told)
    assert receiver.came == []
    told.grant("Customers", told.address("bo"), "view")
    told.put("Customers", "Hedy")
    deliver(told)
    assert [body["data"]["contact"] for body in bodies(receiver)] == [told.contact_id("Hedy")]


def test_holds_and_grants_are_told_to_who_manages_and_a_role_sees_all(told: House, receiver: Receiver) -> None:
    told.share("Customers", *(f"N{number}" for number in range(20)), bo="manage", cy="view", dag="delete")
    told.sync_until_quiet()
    for name in ("bo", "cy"):
        hook(told, receiver, name, events=["hold", "grant"])
    for number in range(12):
        told.users["dag"].deletes(f"N{number}")
    told.pass_over("dag")
    told.grant("Customers", told.address("eva"), "view")
    deliver(told)
    assert names(receiver) == ["hold.opened", "grant.set"]
    assert bodies(receiver)[0]["data"]["mailbox"] == told.address("dag")


def test_a_service_is_told_of_its_groups_alone_and_hears_of_an_erasure(told: House, receiver: Receiver) -> None:
    with told.world.work(OPERATOR) as work:
        programs.create(work, "crm")
    told.share("Customers", "Ada")
    told.share("Board")
    told.grant("Customers", "service:crm", "view")
    hook(told, receiver, "service:crm", events=["contact"])
    told.put("Board", "Secret")
    ada = told.contact_id("Ada")
    told.erase("Ada")
    deliver(told)
    assert ("contact.erased", ada) in [(body["type"], body["data"]["contact"]) for body in bodies(receiver)]
    assert {body["data"]["contact"] for body in bodies(receiver)} == {ada}
    with told.world.work(OPERATOR) as work:
        programs.remove(work, "crm")
    told.put("Customers", "Hedy")
    deliver(told)
    assert len({body["data"]["contact"] for body in bodies(receiver)}) == 1
    with told.database.reading() as session:
        assert endpoints.listed(session) == []


def test_who_had_a_group_hears_that_it_was_deleted_with_its_contacts(told: House, receiver: Receiver) -> None:
    told.share("Customers", "Ada", bo="view")
    told.share("Board", "Zoë", cy="view")
    hook(told, receiver, events=["contact", "group.deleted"])
    with told.world.work(OPERATOR) as work:
        programs.create(work, "crm")
    told.grant("Customers", "service:crm", "view")
    hook(told, receiver, "service:crm", events=["group.deleted"])
    told.revoke("Board", "cy")
    ada = told.contact_id("Ada")
    for group in ("Board", "Customers"):
        told.delete_group(group)
    deliver(told)
    assert sorted(names(receiver)) == ["contact.deleted", "group.deleted", "group.deleted"]
    assert {body["data"]["contact"] for body in bodies(receiver) if "contact" in body["data"]} == {ada}


def test_entries_are_told_by_their_ids_and_by_no_word_of_theirs(told: House, receiver: Receiver) -> None:
    told.share("Customers", "Ada", bo="view")
    hook(told, receiver, events=["entry"])
    contact = told.contact_id("Ada")
    with told.world.work(OPERATOR) as work:
        entry = entries.write(work, contact, ContactEntry(EntryKind.NOTE, work.now, "likes engines"))
    with told.world.work(OPERATOR) as work:
        entries.remove(work, contact, entry)
    deliver(told)
    assert names(receiver) == ["entry.written", "entry.removed"]
    assert all((one["data"]["contact"], one["data"]["entry"]) == (contact, entry) for one in bodies(receiver))
    assert not any(b"engines" in body for *_, body in receiver.came)


def test_a_token_that_ends_is_told_of_once(told: House, receiver: Receiver) -> None:
    hook(told, receiver, events=["token"])
    with told.world.work(OPERATOR) as work:
        brief, long = (
            tokens.create(work, told.address("bo"), name, ["contacts:read"], days=days).token.id
            for name, days in (("brief", 1), ("long", 9))
        )
        tokens.create(work, told.address("cy"), "another's", ["contacts:read"], days=1)
    told.wait(days=2)
    assert [tokens.tell_over(told.world.operation(CLOCK)) for _ in range(2)] == [2, 0]
    with told.world.work(OPERATOR) as work:
        tokens.revoke(work, long)
    deliver(told)
    assert [(body["type"], body["data"]["token"]) for body in bodies(receiver)] == [
        ("token.ended", brief),
        ("token.ended", long),
    ]


def test_an_endpoint_for_one_group_hears_of_no_other(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    told.share("Partners", bo="view")
    hook(told, receiver, events=["contact"], groups=["Partners"])
    told.put("Customers", "Ada")
    told.put("Partners", "Grace")
    deliver(told)
    assert [body["data"]["contact"] for body in bodies(receiver)] == [told.contact_id("Grace")]


# --- Where it is not taken -------------------------------------------------------------------------------------------


def test_what_is_not_taken_is_tried_again_for_days_under_its_id_while_others_go_on(
    told: House, receiver: Receiver
) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    receiver.status = 500
    told.put("Customers", "Ada")
    deliver(told)
    receiver.status = 204
    told.put("Customers", "Hedy")
    deliver(told)
    assert [body["data"]["contact"] for body in bodies(receiver)] == [
        told.contact_id("Ada"),
        told.contact_id("Hedy"),
    ]
    receiver.status = 500
    tries = 1
    for wait in WAITS:
        [before] = kept(told, made.id)
        assert before.due_at is not None
        assert wait <= before.due_at - told.now() <= wait * 1.2 + timedelta(seconds=5)
        told.wait(seconds=(before.due_at - told.now()).total_seconds() - 0.5)
        deliver(told)
        told.wait(seconds=1)
        deliver(told)
        tries += 1
        assert len(receiver.came) == tries + 1
    assert len({headers["webhook-id"] for _, headers, _ in receiver.came}) == 2
    [dead] = kept(told, made.id)
    assert dead.due_at is None
    assert standing(told, made.id).state.value == "off"
    with told.database.reading() as session:
        tried = endpoint_messages.attempts(session, made.id)
    assert len(tried) == tries + 1
    assert (tried[0].status, tried[0].trouble) == (500, "127.0.0.1 answered 500.")
    with told.world.work(OPERATOR) as work:
        cases.switch_on(work, made.id)
    receiver.status = 200
    deliver(told)
    assert kept(told, made.id) == []


@pytest.mark.parametrize(
    ("status", "says", "trouble"),
    [(302, {}, "answered 302"), (429, {"Retry-After": "1800"}, "answered 429"), (0, {}, "No answer")],
)
def test_a_redirection_a_pause_and_silence_are_failures(
    told: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, status: int, says: dict[str, str], trouble: str
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    receiver.hangs, receiver.status, receiver.says = not status, status, says
    told.put("Customers", "Ada")
    deliver(told)
    told.put("Customers", "Hedy")
    deliver(told)
    paused = status == 429
    assert len(receiver.came) == (1 if paused else 2)
    assert trouble in standing(told, made.id).trouble
    first = kept(told, made.id)[0]
    assert first.due_at is not None
    least, most = (1790, 1801) if paused else (0, 7)
    assert least <= (first.due_at - told.now()).total_seconds() <= most


def test_who_says_gone_is_switched_off_at_once_and_told_of(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    receiver.status = 410
    told.put("Customers", "Ada", "Hedy")
    deliver(told)
    told.wait(days=3)
    deliver(told)
    assert len(receiver.came) == 1
    assert standing(told, made.id).state.value == "off"
    receiver.status = 200
    hook(told, receiver, "bo", events=["endpoint"])
    with told.world.work(OPERATOR) as work:
        cases.replay(work, made.id, 0)
    deliver(told)
    assert names(receiver).count("contact.created") == 3
    assert "endpoint.switched_off" not in names(receiver)  # bo oversees nothing


def test_an_endpoint_that_fails_all_the_time_is_not_told_everything_in_vain(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    receiver.status = 500
    told.put("Customers", *(f"N{number}" for number in range(30)))
    for _ in range(5):
        deliver(told)
    assert len(receiver.came) == delivery.PATIENCE
    receiver.status = 200
    told.wait(seconds=7)
    deliver(told)
    assert len({body["data"]["contact"] for body in bodies(receiver)}) == 30
    assert kept(told, made.id) == []


def test_what_happened_can_be_told_again_under_its_ids(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada", "Hedy")
    deliver(told)
    before = [headers["webhook-id"] for _, headers, _ in receiver.came]
    with told.world.work(OPERATOR) as work:
        assert cases.replay(work, made.id, bodies(receiver)[1]["data"]["seq"]) == 1
    deliver(told)
    assert [headers["webhook-id"] for _, headers, _ in receiver.came] == [*before, before[1]]


# --- Whoever sends dies ----------------------------------------------------------------------------------------------


@pytest.mark.kill
def test_a_process_killed_at_any_step_loses_nothing_and_repeats_at_most_the_message_in_flight(
    told: House, receiver: Receiver, tmp_path: Path
) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada", "Hedy")
    before = told.snapshot()
    environment = pointed_at(told, tmp_path) | {"SHARESYNC_ENDPOINT_NETWORKS": "127.0.0.0/8"}
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.endpoints.process"])
    for step in count(1):
        receiver.came.clear()
        process = processes.Process(target=deliver_and_die, args=(environment, str(tmp_path), made.id, step))
        process.start()
        process.join(60)
        told.wait(minutes=30)  # its time is the real one; this house's stood still meanwhile
        deliver(told)
        idents = [headers["webhook-id"] for _, headers, _ in receiver.came]
        assert len(set(idents)) == 2
        assert len(idents) <= 3
        assert kept(told, made.id) == []
        if process.exitcode == 0:
            assert step > 7
            return
        assert process.exitcode == -signal.SIGKILL
        told.rewind(before)


def test_no_transaction_is_open_while_something_is_sent(
    told: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.share("Customers", bo="view")
    hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada")
    open_ones, seen = set[int](), list[int]()
    post = posting.answer_to

    def looked_at(*words: Any) -> Any:
        seen.append(len(open_ones))
        return post(*words)

    monkeypatch.setattr(posting, "answer_to", looked_at)
    listeners = {
        "begin": lambda connection: open_ones.add(id(connection)),
        "commit": lambda connection: open_ones.discard(id(connection)),
        "rollback": lambda connection: open_ones.discard(id(connection)),
    }
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        deliver(told)
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
    assert seen == [0]


def test_two_senders_do_not_send_the_same(told: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada", "Hedy")
    post, others = posting.answer_to, list[int]()

    def meanwhile(*words: Any) -> Any:
        others.append(delivery.deliver(told.world, made.id))
        assert delivery.due(told.world) == []
        return post(*words)

    monkeypatch.setattr(posting, "answer_to", meanwhile)
    deliver(told)
    assert others == [0, 0]
    assert len(receiver.came) == 2


def test_who_stops_gives_an_endpoint_back_and_who_is_killed_keeps_it_for_half_a_minute(
    told: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada", "Hedy")
    over, post = Event(), posting.answer_to

    def ends_meanwhile(*words: Any) -> Any:
        over.set()
        return post(*words)

    monkeypatch.setattr(posting, "answer_to", ends_meanwhile)
    assert delivery.deliver(told.world, made.id, over) == 1
    assert delivery.due(told.world) == [made.id]
    with told.world.work(delivery.COURIER) as work:
        assert endpoints.claim(work, made.id, "killed", work.now + delivery.CLAIM)
    told.wait(seconds=29)
    assert delivery.due(told.world) == []
    told.wait(seconds=2)
    assert delivery.due(told.world) == [made.id]


def test_a_message_that_takes_longer_than_a_claim_lasts_keeps_it(
    told: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.share("Customers", bo="view")
    made = hook(told, receiver, events=["contact"])
    told.put("Customers", "Ada")
    renewed, claim, post = Event(), endpoints.claim, posting.answer_to
    wanted, committed = list[datetime](), list[datetime]()

    def claims(work: Any, endpoint: str, by: str, until: datetime) -> bool:
        if current_thread() is not main_thread():
            if wanted and any(one >= wanted[0] for one in committed):
                renewed.set()
            committed.append(until)  # once this thread comes again
        return claim(work, endpoint, by, until)

    def takes_long(*words: Any) -> Any:
        told.wait(seconds=25)
        wanted.append(told.world.now() + delivery.CLAIM)
        assert renewed.wait(60)
        told.wait(seconds=25)
        assert delivery.due(told.world) == []
        return post(*words)

    monkeypatch.setattr(endpoints, "claim", claims)
    monkeypatch.setattr(delivery, "RENEWED", timedelta(milliseconds=1))
    monkeypatch.setattr(posting, "answer_to", takes_long)
    assert delivery.deliver(told.world, made.id) == 1
    assert len(receiver.came) == 1


# --- Who may, and what is shown --------------------------------------------------------------------------------------


def test_one_makes_endpoints_of_ones_own_and_administrators_any(told: House, receiver: Receiver) -> None:
    told.share("Customers", bo="view")
    bo = By(ActorKind.USER, told.users["bo"].id, Source.WEB)
    with told.world.work(bo) as work:
        own = cases.create(work, EndpointKind.CHAT, receiver.url)
    of_cy = hook(told, receiver, "cy")
    for refused in (
        lambda work: cases.create(work, EndpointKind.CHAT, receiver.url, owner=told.address("cy")),
        lambda work: cases.remove(work, of_cy.id),
        lambda work: cases.rotate(work, of_cy.id),
        lambda work: cases.create(work, EndpointKind.CHAT, receiver.url, groups=["Board"]),
        lambda work: cases.create(work, EndpointKind.WEBHOOK, "gopher://x"),
        lambda work: cases.create(work, EndpointKind.WEBHOOK, receiver.url, events=["contact.eaten"]),
        lambda work: cases.rotate(work, own.id),
    ):
        with pytest.raises(Refused), told.world.work(bo) as work:
            refused(work)
    with told.world.work(bo) as work:
        cases.remove(work, own.id)
    with pytest.raises(NotFound), told.world.work(bo) as work:
        cases.remove(work, own.id)


def test_the_command_makes_shows_tests_replays_and_removes(
    told: House, receiver: Receiver, sharesync: Sharesync
) -> None:
    told.share("Customers", bo="view")
    target = f"{receiver.url}/in?key=secret"
    words = ("--owner", told.address("bo"), "--events", "contact", "--json")
    made = sharesync("endpoints", "create", "webhook", target, *words).line
    assert made.keys() == {"id", "kind", "secret"}
    told.put("Customers", "Ada")
    (line,) = sharesync("endpoints", "list", "--json").lines
    shown = {name: line[name] for name in ("id", "kind", "target", "state", "behind", "error")}
    assert shown == {
        "id": made["id"],
        "kind": "webhook",
        "target": f"{receiver.url}/…",
        "state": "on",
        "behind": 1,
        "error": None,
    }
    assert sharesync("endpoints", "test", made["id"], "--json").line["taken"] is True
    standardwebhooks.Webhook(made["secret"]).verify(receiver.came[0][2], receiver.came[0][1])
    assert names(receiver) == ["webhook.test"]
    receiver.status = 500
    refused = sharesync("endpoints", "test", made["id"])
    assert (refused.status, refused.out) == (1, "It was not taken: 127.0.0.1 answered 500.\n")
    assert sharesync("endpoints", "replay", made["id"], "--since", "0", "--json").line["events"] >= 1
    assert sharesync("endpoints", "remove", made["id"], "--json").line == {"id": made["id"], "removed": True}
    assert sharesync("endpoints", "list", "--json").lines == []
    assert sharesync("endpoints", "test", made["id"]).err.startswith("There is no endpoint")
    assert "secret" not in sharesync("audit", "list", "--json").out
    done = [line["action"] for line in sharesync("audit", "list", "--json").lines]
    for action in ("endpoint.create", "endpoint.test", "endpoint.replay", "endpoint.remove"):
        assert action in done


def test_nothing_is_sent_into_a_network_that_nobody_named(house: House, receiver: Receiver) -> None:
    house.share("Customers", bo="view")
    made = hook(house, receiver)
    house.put("Customers", "Ada")
    deliver(house)
    assert receiver.came == []
    assert "is no public address" in standing(house, made.id).trouble
    assert cases.test(house.world.operation(OPERATOR), house.world.outside, made.id).fate is Fate.AGAIN


def test_much_that_is_answered_is_not_read(told: House, receiver: Receiver) -> None:
    made = hook(told, receiver)
    receiver.text, receiver.status = "x" * 100_000, 200
    assert len(cases.test(told.world.operation(OPERATOR), told.world.outside, made.id).answer) == posting.READ
