"""The change feed: whoever follows it ends with exactly what a full listing shows, whatever happened."""

import http.client
import json
import threading
from contextlib import ExitStack, suppress
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sharesync.cli import front, pages
from sharesync.errors import Refused
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.permission import Role
from sharesync.services import bulk, contacts, erasure, grants, groups, trash
from sharesync.services.who_may import roles, tokens
from sharesync.services.who_may.permission import token_party
from sharesync.store.database.work import Work
from sharesync.store.queries import changes as queried_changes
from sharesync.store.queries import groups as queried_groups
from sharesync.store.records.tokens import ProgramToken
from tests.api.conftest import Calling, calling, make_service, make_token
from tests.cli.processes import until
from tests.worlds import House, Snapshot
from web.api import changes as feed
from web.frame import limits
from web.frame.live import ENDING

FEED = "/api/v1/changes"


class Follower:
    """A program that keeps a copy of what it may see, by the feed alone."""

    def __init__(self, program: Calling, token: ProgramToken) -> None:
        self.program, self.token = program, token
        self.groups: frozenset[str] | None = frozenset()
        """Every group that it saw at some time; None is all."""
        self.inside: dict[str, set[str]] = {}
        """By group: every contact that it ever held."""
        self.copy: dict[str, tuple[int, frozenset[str]]] = {}
        self.cursor: str | None = None
        self.begun_anew = 0

    def read(self, limit: int = 200) -> bool:
        """Take one page; whether there is more."""
        asked = {"limit": limit} | ({"since": self.cursor} if self.cursor else {})
        answer = self.program.get(FEED, query_string=asked)
        if answer.status_code == 410:
            assert answer.json["type"] == "/api/#begin-anew"
            self.copy, self.cursor = {}, None
            self.begun_anew += 1
            return True
        assert answer.status_code == 200, answer.text
        lines = answer.json["items"]
        assert len(lines) <= limit
        assert len({one["id"] for one in lines}) == len(lines)
        for one in lines:
            assert self.groups is None or any(one["id"] in self.inside.get(group, ()) for group in self.groups)
            if one["deleted"]:
                self.copy.pop(one["id"], None)
            else:
                self.copy[one["id"]] = one["version"], frozenset(one["groups"])
        self.cursor = answer.json["cursor"]
        return bool(answer.json["more"])

    def catch_up(self) -> None:
        while self.read():
            pass

    def listed(self) -> dict[str, tuple[int, frozenset[str]]]:
        """What a full listing shows."""
        ids = {one["name"]: one["id"] for one in self.program.get("/api/v1/groups").json["items"]}
        items = self.program.get("/api/v1/contacts?limit=200").json["items"]
        return {one["id"]: (one["version"], frozenset(ids[name] for name in one["groups"])) for one in items}


# --- Any history ------------------------------------------------------------------------------------------------------

LEVELS = ("view", "edit", "delete", "manage")
PRINCIPALS = ("service:crm", "bo", "domain")


class Histories(RuleBasedStateMachine):
    """Edits, grants, deletions, erasures, restored backups, while programs of every kind follow at their own pace."""

    app: ClassVar[Flask]
    house: ClassVar[House]
    begin: ClassVar[Snapshot]

    @initialize()
    def set_up(self) -> None:
        self.house.rewind(self.begin)
        service = make_service(self.house, "crm", Customers="edit")
        press = self.house.group_id("Press")
        self.followers = [
            Follower(calling(self.app, made.text), made.token)
            for made in (
                make_token(self.house, "anna"),
                make_token(self.house, "anna", groups=["Press"]),
                make_token(self.house, "bo"),
                make_token(self.house, service),
                make_token(self.house, "eva", ["contacts:read", "groups:read"]),
            )
        ]
        self.known: list[str] = [self.house.contact_id(name) for name in ("Ada", "Grace", "Zoë")]
        self.groups = [self.house.group_id("Customers"), press]
        self.backups: list[Any] = []
        self.number = 0
        self.inside: dict[str, set[str]] = {}

    @invariant()
    def look(self) -> None:
        """Note what everyone may know of: a line about anything else would be a leak."""
        for group, contact in self.house.query("SELECT group_id, contact_id FROM memberships"):
            self.inside.setdefault(group, set()).add(contact)
        with self.house.database.reading() as session:
            for one in self.followers:
                now = token_party(session, one.token).visible
                one.inside = self.inside
                one.groups = None if now is None or one.groups is None else one.groups.union(now)

    def do(self, act: Any) -> None:
        with suppress(Refused), self.house.world.work(OPERATOR) as work:
            act(work)

    def one_of(self, places: list[str], place: int) -> str:
        return places[place % len(places)]

    places = st.integers(0, 30)

    @rule(place=places)
    def make(self, place: int) -> None:
        self.number += 1
        card = Card.read({"names": [{"givenName": f"N{self.number}"}]})

        def act(work: Work) -> None:
            within = queried_groups.find_id(work.session, self.one_of(self.groups, place))
            self.known.append(contacts.create(work, within, card))

        self.do(act)

    @rule(place=places)
    def edit(self, place: int) -> None:
        self.number += 1
        card = Card.read({"names": [{"givenName": f"E{self.number}"}]})
        self.do(lambda work: contacts.edit(work, self.one_of(self.known, place), card))

    @rule(place=places, where=places, into=st.booleans())
    def move(self, place: int, where: int, into: bool) -> None:
        act = bulk.add if into else bulk.take
        with suppress(Refused):
            act(self.house.world.operation(OPERATOR), self.one_of(self.groups, where), [self.one_of(self.known, place)])

    @rule(place=places)
    def delete(self, place: int) -> None:
        self.do(lambda work: contacts.delete(work, self.one_of(self.known, place)))

    @rule(place=places)
    def restore(self, place: int) -> None:
        self.do(lambda work: trash.restore(work, self.one_of(self.known, place)))

    @rule(place=places)
    def erase(self, place: int) -> None:
        self.do(lambda work: erasure.erase(work, self.one_of(self.known, place), "asked"))

    @rule(place=places, who=st.sampled_from(PRINCIPALS), level=st.sampled_from(LEVELS))
    def grant(self, place: int, who: str, level: str) -> None:
        named = self.house.address(who) if who == "bo" else who
        self.do(lambda work: grants.grant(work, self.one_of(self.groups, place), named, Level.parse(level)))

    @rule(place=places, who=st.sampled_from(PRINCIPALS))
    def revoke(self, place: int, who: str) -> None:
        named = self.house.address(who) if who == "bo" else who
        self.do(lambda work: grants.revoke(work, self.one_of(self.groups, place), named))

    @rule()
    def make_group(self) -> None:
        self.number += 1
        self.do(lambda work: self.groups.append(groups.create(work, f"G{self.number}").id))

    @rule(place=places)
    def rename_group(self, place: int) -> None:
        self.number += 1
        self.do(lambda work: groups.rename(work, self.one_of(self.groups, place), f"R{self.number}"))

    @rule(place=places)
    def delete_group(self, place: int) -> None:
        with suppress(Refused):
            groups.delete(self.house.world.operation(OPERATOR), self.one_of(self.groups, place))

    @rule(role=st.sampled_from((None, *Role)))
    def give_role(self, role: Role | None) -> None:
        bo = self.house.address("bo")
        self.do(lambda work: roles.assign(work, bo, role) if role else roles.remove(work, bo))

    @rule()
    def back_up(self) -> None:
        self.house.database.close()
        self.backups.append(self.house.store.save())

    @rule()
    def restore_backup(self) -> None:
        if self.backups:
            self.house.database.close()
            self.house.store.restore(self.backups.pop())

    @rule(who=st.integers(0, 4), limit=st.integers(1, 5))
    def follow(self, who: int, limit: int) -> None:
        self.followers[who].read(limit)

    @rule(who=st.integers(0, 4))
    def catch_up(self, who: int) -> None:
        follower = self.followers[who]
        follower.catch_up()
        assert follower.copy == follower.listed()
        assert not follower.read()
        assert follower.copy == follower.listed()

    def teardown(self) -> None:
        if hasattr(self, "followers"):
            for who in range(len(self.followers)):
                self.catch_up(who)


def test_whoever_follows_ends_with_what_a_full_listing_shows(
    app: Flask, shared: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BY_PROGRAM", 1_000_000)
    Histories.app, Histories.house, Histories.begin = app, shared, shared.snapshot()
    limits.limiter.enabled = False
    try:
        run_state_machine_as_test(
            Histories,
            settings=hypothesis_settings(
                max_examples=hypothesis_settings().max_examples // 8, stateful_step_count=40, deadline=None
            ),
        )
    finally:
        limits.limiter.enabled = True


# --- One by one -------------------------------------------------------------------------------------------------------


@pytest.fixture
def follower(shared: House, crm: Calling) -> Follower:
    """A program that has read the feed to its end."""
    with shared.database.reading() as session:
        token = tokens.find(session, crm.token, shared.now())
    assert isinstance(token, tokens.Program)
    found = Follower(crm, token.token)
    found.groups = None
    found.catch_up()
    return found


def lines(follower: Follower, **more: object) -> Any:
    return follower.program.get(FEED, query_string={"since": follower.cursor, **more}).json["items"]


def test_a_change_is_one_line_however_often_it_happened(shared: House, follower: Follower) -> None:
    shared.edit("Ada", note="one")
    shared.edit("Ada", note="two")
    (line,) = lines(follower)
    assert (line["id"], line["version"], line["deleted"]) == (shared.contact_id("Ada"), 3, False)
    assert line["groups"] == [shared.group_id("Customers")]
    shared.sync_until_quiet()
    assert lines(follower) == [line], "what was sent to mailboxes is no change"


def test_what_nobody_showed_the_program_is_not_spoken_of(shared: House, follower: Follower) -> None:
    shared.edit("Zoë", note="hidden")
    shared.take("Press", "Zoë")
    assert lines(follower) == []


def test_a_right_lost_is_a_deletion_and_one_gained_a_change(shared: House, follower: Follower) -> None:
    with shared.world.work(OPERATOR) as work:
        grants.revoke(work, "Customers", "service:crm")
        grants.grant(work, "Press", "service:crm", Level.VIEW)
    told = {one["id"]: one["deleted"] for one in lines(follower)}
    assert told == {
        shared.contact_id("Ada"): True, shared.contact_id("Grace"): True, shared.contact_id("Zoë"): False,
    }  # fmt: skip


def test_an_erasure_reaches_whoever_saw_the_contact_also_from_the_trash(shared: House, follower: Follower) -> None:
    ada = shared.contact_id("Ada")
    shared.take("Customers", "Ada")
    follower.catch_up()
    with shared.world.work(OPERATOR) as work:
        erasure.erase(work, ada, "asked")
        erasure.erase(work, shared.contact_id("Zoë"), "asked")
    (line,) = lines(follower)
    assert (line["id"], line["deleted"], line["erased"], line["version"]) == (ada, True, True, None)


def test_a_cursor_is_good_for_its_owner_and_its_history_alone(app: Flask, shared: House, follower: Follower) -> None:
    before = shared.store.save()
    shared.edit("Ada", note="lost with the backup")
    follower.catch_up()
    beyond = follower.cursor
    shared.database.close()
    shared.store.restore(before)
    for number in range(9):
        shared.edit("Grace", note=f"another history {number}")
    other = calling(app, make_token(shared, "anna").text)
    for program, cursor in ((follower.program, beyond), (other, beyond), (other, "x"), (other, "é.x.y")):
        answer = program.get(FEED, query_string={"since": cursor})
        assert (answer.status_code, answer.json["type"]) == (410, "/api/#begin-anew")


def test_who_waits_is_answered_with_the_first_change_and_each_token_waits_once(
    shared: House, follower: Follower
) -> None:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(lines(follower, wait=20)), name="waits")
    thread.start()
    until(lambda: "it waits" if feed.waiting() else "")
    assert lines(follower, wait=20) == []  # at once
    shared.edit("Ada", note="news")
    thread.join(10)
    assert [one["version"] for one in found[0]] == [2]
    assert feed.waiting() == 0


def test_many_wait_at_once_and_keep_nobody_from_being_answered(
    app: Flask, shared: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, ENDING, threading.Event())  # others ask this application after its server ended
    service = make_service(shared, "crm", Customers="view")
    programs = [make_token(shared, service).text for _ in range(front.THREADS + 2)]
    cursor = calling(app, programs[0]).get(FEED).json["cursor"]
    with pages.listen("127.0.0.1", 0) as listening, pages.PageThread(app, listening), ExitStack() as opened:
        host, port = listening.getsockname()[:2]

        def line(token: str, address: str) -> http.client.HTTPConnection:
            made = http.client.HTTPConnection(host, port, timeout=60)
            opened.callback(made.close)
            made.request("GET", address, headers={"Authorization": f"Bearer {token}"})
            return made

        waiting = [line(token, f"{FEED}?since={cursor}&wait=25") for token in programs]
        until(lambda: "they wait" if feed.waiting() == len(programs) else "")
        assert line(programs[0], "/api/v1/groups").getresponse().status == 200
        second = line(programs[0], f"{FEED}?since={cursor}&wait=25").getresponse()
        assert (second.headers["Retry-After"], json.load(second)["items"]) == (str(feed.AGAIN), [])
        shared.edit("Ada", note="news")
        ada = shared.contact_id("Ada")
        assert [[one["id"] for one in json.load(each.getresponse())["items"]] for each in waiting] == [[ada]] * 10


def test_what_is_sent_to_mailboxes_is_no_news(shared: House) -> None:
    def news(since: int) -> tuple[int, bool]:
        with shared.database.reading() as session:
            return queried_changes.news(session, since)

    before, _ = news(0)
    shared.edit("Ada", note="news")
    edited, new = news(before)
    assert new
    shared.sync_until_quiet()
    assert news(edited)[0] > edited
    assert not news(edited)[1]
    assert news(edited + 9_999)[1]  # another history


def test_who_waits_gets_nothing_more_once_its_token_is_revoked(shared: House, follower: Follower) -> None:
    found: list[Any] = []

    def ask() -> None:
        found.append(follower.program.get(FEED, query_string={"since": follower.cursor, "wait": 20}))

    thread = threading.Thread(target=ask, name="waits")
    thread.start()
    until(lambda: "it waits" if feed.waiting() else "")
    with shared.world.work(OPERATOR) as work:
        tokens.revoke(work, follower.token.id)
    thread.join(10)
    assert found[0].status_code == 401


def test_rights_that_change_while_it_is_told_of_them_are_told_to_the_end(shared: House, follower: Follower) -> None:
    def set_(**levels: Level | None) -> None:
        with shared.world.work(OPERATOR) as work:
            for group, level in levels.items():
                if level is None:
                    grants.revoke(work, group, "service:crm")
                else:
                    grants.grant(work, group, "service:crm", level)

    set_(Press=Level.VIEW)
    follower.catch_up()
    set_(Customers=None, Press=None)
    assert follower.read(limit=1)
    set_(Customers=Level.VIEW)
    follower.catch_up()
    assert follower.copy == follower.listed()
    assert len(follower.copy) == 2
