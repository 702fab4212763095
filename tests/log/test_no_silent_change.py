"""No event, no change: every transaction of every use case that changes the store writes an event beside it.

One long story calls every use case and every command that can change anything, while each transaction is looked at
just before it commits. A use case, a command or a table that is new and has no place here fails a test by its name.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import Connection, Engine, event, text

import sharesync.services
from sharesync.cli import main
from sharesync.formats.file_reading import read
from sharesync.formats.file_writing import ExportFormat
from sharesync.formats.pictures import as_photo
from sharesync.model.audit import CLOCK, OPERATOR, ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.model.entry import ContactEntry, EntryKind, FollowUp, Money
from sharesync.model.field_kinds import FieldKind
from sharesync.model.review import ItemState, ReviewDraft
from sharesync.model.saved_filter import FilterDraft
from sharesync.model.waiting import WantedFilter
from sharesync.services import (
    bulk,
    calendars,
    checks,
    company_fields,
    entries,
    exports,
    grants,
    imports,
    merging,
    opt_out,
    photos,
    program_holds,
    proposals,
    pushing,
    questions,
    retyping,
    reviews,
    saved_filters,
    sharing,
    smart_groups,
    trash,
)
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services.log import checkpoints, checkpoints_away, inspection
from sharesync.services.operation import pass_requests
from sharesync.services.who_may import sessions, tokens
from sharesync.store.database.tables import Table
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import contacts, private_cards
from sharesync.store.records import groups as stored_groups
from tests.pictures import picture
from tests.rights.desk import merge, settle
from tests.terminal import Sharesync, Told
from tests.users import User, customer
from tests.worlds import House

OPERATIONAL = {
    "events": "the log",
    "log_nodes": "the log",
    "log_spans": "the log",
    "event_values": "the log",
    "waiting_events": "the log, until it is numbered",
    "directory_users": "a mirror of what Directory says; what follows for access is an event",
    "directory_aliases": "the same",
    "directory_groups": "the same",
    "directory_members": "the same",
    "directory_units": "the same",
    "directory_units_above": "the same",
    "directory_readings": "when it was read, so that an older reading is not saved over a newer one",
    "signs": "hashes of what the cards say; they are made anew where they are missing",
    "pairs": "the same of what two cards say",
    "quality_counts": "how many contacts a check found on a day; nobody's contact is changed",
    "field_amounts": "numbers and days that the cards say, for filters; they are made anew where they are missing",
    "mailboxes": "when a mailbox is due, who claims it, how its last pass ended",
    "labels": "what was seen in a mailbox; what is sent there is announced (test_intents.py)",
    "links": "the same",
    "answers": "what programs were answered, for a day; what was done is an event",
    "endpoint_messages": "what is under way to an endpoint, which tells of events",
    "endpoint_attempts": "what came of it",
    "told_columns": "what somebody said of a file's columns, for their next file",
    "checkpoints": "what was sent of the log itself; an event of each would make the next checkpoint of it alone",
}
COLUMNS = {
    # When someone was last seen is no change, nor when a token was last used, nor how far one was told, nor what is
    # made anew of the rest: what filters look at, and when a smart group is looked through again.
    "contacts": 'id, version, card, title, created_at, changed_at, deleted_at, "left", purged_at, erased_at,'
    " legal_hold_at, photo, photo_event_id, here, checked_at",
    "fields": "id, name, folded, kind, choices, help, shown, required, place, created_at, deleted_at",
    "smart_groups": "group_id, filter, zone, owner_kind, owner",
    "endpoints": "id, kind, target, owner_kind, owner, events, groups, language, state, removed_at, secret",
    "sessions": "digest, user_id, issuer, opened_at",
    "tokens": "id, digest, name, owner_kind, owner, scopes, groups, expires_at, revoked_at",
}
CONTENT = sorted(Table.metadata.tables.keys() - OPERATIONAL.keys())


@dataclass(eq=False)
class Watch:
    """Looks at every transaction that writes, just before it commits."""

    last: dict[str, Any]
    silent: list[list[str]] = field(default_factory=list)
    """Of each transaction that changed something without a word: the tables."""
    told: set[str] = field(default_factory=set)
    """Tables that were changed with a word."""

    def __call__(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("writes"):
            return
        now = content(connection)
        changed = [table for table in CONTENT if now[table] != self.last[table]]
        if changed and now["events"] == self.last["events"]:
            self.silent.append(changed)
        self.told |= set(changed)
        self.last = now


def content(connection: Connection) -> dict[str, Any]:
    """All that may not change without a word, and how many events there ever were, with a number and without."""
    found: dict[str, Any] = {
        table: sorted(map(repr, connection.execute(text(f"SELECT {COLUMNS.get(table, '*')} FROM {table}"))))
        for table in CONTENT
    }
    last = "SELECT (SELECT max(seq) FROM events), (SELECT max(place) FROM waiting_events)"
    return found | {"events": connection.execute(text(last)).one()}


@contextmanager
def watched(house: House) -> Iterator[Watch]:
    with house.database.engine.connect() as connection:
        watch = Watch(content(connection))
    event.listen(Engine, "commit", watch)
    try:
        yield watch
    finally:
        event.remove(Engine, "commit", watch)


# --- Use cases -------------------------------------------------------------------------------------------------------


def use_cases() -> dict[Any, str]:
    """Every public function of the services that is handed a transaction, by its code."""
    found = {}
    for module in pkgutil.iter_modules(sharesync.services.__path__):
        loaded = importlib.import_module(f"sharesync.services.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            if any(kind in ("Work", "World") for kind in function.__annotations__.values()):
                found[inspect.unwrap(function).__code__] = f"{module.name}.{name}"
    return found


ELSEWHERE = {
    "sync.sync": "one pass after the other, each of which is looked at here",
    "claim.keep_alive": "renews a claim on a mailbox, in a thread of its own",
    "directory.learn": "reads Directory for a grant to a Google group that none has named yet; the mirror is no change",
    "departed_mailboxes.end_mailboxes": "ends those whom Google deleted long ago, of whom the story has none",
    **dict.fromkeys(["holds.close", "holds.close_moot"], "part of a pass or its end; test_holds.py asks for its event"),
    "proposals.close_of_departed": "closes what they proposed; test_departed.py asks for its event",
    "directory_events.tell": "tells of what was kept where Directory took from many, of which the story has nothing",
    "directory.sync_directory": "reads Directory before the story; test_directory.py asks for its event",
    "once.claim": "called by the API; keeps what was answered, while what was done is an event",
    "once.keep": "the same",
    "quality.count": "called by the clock; counts contacts and changes none",
    **dict.fromkeys(
        [
            *("grants.put_back", "photos.put_back", "proposals.reopen", "proposals.reopen_conflict"),
            *("entries.put_back", "checks.put_back", "reviews.take_back"),
        ],
        "part of an undo; test_undoing.py of the page looks at each",
    ),
    "relocating.put_back": "part of an undo; test_company_fields.py of the scenarios looks at it",
    "retyping.put_back": "part of an undo; test_company_fields.py of the page looks at it",
    "bulk_deeds.waits": "holds what a program asks for of many; test_bulk.py of the API asks for the hold",
    "told_columns.remember": "called by the page; changes no contact and nobody's access",
    "roles.appoint_first": "called by a sign-in; changes nothing in the story, where roles are set",
}


@contextmanager
def called() -> Iterator[set[str]]:
    """Which use cases are called meanwhile."""
    known, seen = use_cases(), set[str]()

    def notice(frame: Any, what: str, _: object) -> None:
        if what == "call" and frame.f_code in known:
            seen.add(known[frame.f_code])

    before = sys.getprofile()
    sys.setprofile(notice)
    threading.setprofile(notice)
    try:
        yield seen
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


# --- The story -------------------------------------------------------------------------------------------------------

READS = {
    "roles list", "audit check", "audit checkpoint", "audit key make", "audit verify", "conflicts list",
    "contacts list", "contacts duplicates", "contacts show", "doctor", "grants explain", "grants list",
    "groups list", "groups show", "holds list", "plan-capacity", "proposals list", "services list", "status",
    "tokens list", "endpoints list", "fields list", "reviews list", "reviews show",
}  # fmt: skip
"""Commands that write nothing; `test_use.py` and others run them."""
ELSEWHERE_COMMANDS = {
    "demo": "starts servers", "sandbox": "the same", "run": "the same", "web": "the same", "clock": "the same",
    "worker": "the same", "sync": "passes are made by hand here", "directory sync": "reads Directory before the story",
    "endpoints test": "sends something; test_webhooks.py asks for its event",
    "sessions revoke": "its use case is called by hand",
}  # fmt: skip


def commands(group: click.Group = main, path: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        whole = f"{path} {name}".strip()
        found |= commands(command, whole) if isinstance(command, click.Group) else {whole}
    return found


class Teller:
    """Types commands and remembers which."""

    def __init__(self, sharesync: Sharesync) -> None:
        self.sharesync = sharesync
        self.typed: set[str] = set()
        self.known = commands()

    def __call__(self, *words: str, status: int = 0) -> Told:
        self.typed |= {one for one in (words[0], " ".join(words[:2]), " ".join(words[:3])) if one in self.known}
        said = self.sharesync(*words)
        assert said.status == status, (words, said)
        return said


def tell(house: House, type_: Teller, bo: User, cy: User, folder: Path) -> None:
    """Everything that can be done, once at least."""
    type_("init")
    type_("groups", "create", "Customers")
    type_("groups", "create", "Old name")
    type_("groups", "rename", "Old name", "Partners")
    type_("groups", "limits", "Partners", "--count", "2")
    type_("groups", "pass-on", "Customers", "managers")
    type_("groups", "pass-on", "Customers", "editors")
    for group, who, level in (("Customers", "bo", "manage"), ("Customers", "cy", "edit"), ("Partners", "cy", "view")):
        type_("grants", "set", group, house.address(who), level)
    file = folder / "contacts.jsonl"
    people = [customer(name) for name in ("Ada", "Grace", "Hedy", "Jane", "Linus")]
    file.write_text("".join(json.dumps({"card": one}) + "\n" for one in people))
    type_("contacts", "import", str(file), "--group", "Customers")
    moment = datetime.now(UTC).isoformat()  # commands go by the real clock
    type_("contacts", "export", "--group", "Customers", "-o", str(folder / "out.jsonl"))
    house.put("Partners", "Edith", "Fred", "Gus")
    house.sync_until_quiet()
    ada, grace, hedy = (house.contact_id(name) for name in ("Ada", "Grace", "Hedy"))
    # two hands at once, and a hand that may not
    bo.edits("Ada", note="from bo")
    cy.edits("Ada", note="from cy")
    cy.edits("Edith", note="mine")
    cy.edits("Fred", note="mine")
    cy.makes("Own", under=["Partners"])
    house.sync_until_quiet()
    mine, other = (line["id"] for line in type_("proposals", "list", "--json").lines)
    type_("proposals", "accept", mine)
    type_("proposals", "dismiss", other)
    conflict, *_ = type_("conflicts", "list", "--json").lines
    type_("conflicts", "resolve", conflict["id"], "mailbox")
    # too much at once, three times: undone, let happen, and settled by itself
    for decide in ("restore", "apply"):
        house.sync_until_quiet()
        house.wait(hours=1)
        bo.deletes("Ada", "Grace", "Hedy", "Jane", "Linus")
        assert bo.pass_over().tally.held == 5
        (hold,) = type_("holds", "list", "--json").lines
        if decide == "apply":
            type_("holds", "apply", hold["id"], "--only", hold["contacts"][0])
        (hold,) = type_("holds", "list", "--json").lines
        type_("holds", "restore", hold["id"])
        house.sync_until_quiet()
    bo.makes("Nora", under=["Customers"])
    house.sync_until_quiet()
    # by hand
    card = folder / "card.json"
    card.write_text(json.dumps(customer("Grace", note="new")))
    type_("contacts", "edit", grace, "--card", str(card))
    type_("contacts", "restore", grace, "--version", "1")
    photo = folder / "photo.png"
    photo.write_bytes(picture("red"))
    type_("contacts", "photo", grace, str(photo))
    type_("contacts", "photo", grace, "--remove")
    type_("contacts", "delete", grace)
    type_("contacts", "restore", grace)
    type_("groups", "add", "Partners", ada, status=0)
    type_("groups", "take", "Partners", ada)
    type_("groups", "restore", "Customers", "--at", moment, "--take-newer")
    type_("contacts", "hold", hedy, "--reason", "case 7")
    type_("contacts", "hold", hedy, "--reason", "case 7 is over", "--release")
    type_("contacts", "erase", hedy, "--reason", "asked for it")
    type_("contacts", "delete", grace)
    house.sync_until_quiet()
    house.wait(days=31)
    assert trash.purge(house.world.operation(CLOCK), timedelta(days=30))
    # who may use the web page
    type_("roles", "set", house.address("anna"), "auditor")
    type_("roles", "remove", house.address("anna"))
    by = By(ActorKind.USER, bo.id, Source.WEB)
    with house.world.work(by) as work:
        token = sessions.open_session(work, bo.id, "issuer")
    house.wait(minutes=5)
    with house.world.work(by) as work:
        sessions.see(work, token)
        sessions.close(work, token)
    with house.world.work(OPERATOR) as work:
        sessions.open_session(work, bo.id, "issuer")
        sessions.close_all(work, bo.id)
        sessions.close_paused(work)
    # programs
    type_("services", "create", "crm")
    type_("grants", "set", "Customers", "service:crm", "manage")
    type_("groups", "limits", "Customers", "--service", "crm", "--count", "7")
    type_("tokens", "create", "service:crm", "--scopes", "contacts:read")
    made = type_("tokens", "create", "service:crm", "--scopes", "contacts:write", "--json").line
    with house.database.reading() as session:
        program = tokens.find(session, made["token"], house.world.now())
    assert isinstance(program, tokens.Program)
    with house.world.work(program.by) as work:
        tokens.see(work, made["id"])
        pushing.push(work, "crm", "1", [house.group_id("Customers")], Card.parse(customer("Pia")))
        told = ContactEntry(EntryKind.PURCHASE, house.world.now(), "a loom", Money.parse("12.50", "EUR"))
        entries.push(work, house.contact_id("Ada"), "shop", "1", told)
        program_holds.removals(work, [(house.group_id("Customers"), house.contact_id("Ada"))], house.world.hold_limits)
        program_holds.edits(work, {house.contact_id("Ada"): Card.parse(customer("Other"))})
        (too_much,) = program_holds.whole_group(work, house.group_id("Customers"))
        all_but = smart_groups.begin(work, "All but", "-nobody", ["Customers"]).group
        program_holds.new_filter(work, all_but, WantedFilter("nobody", None))
    type_("holds", "restore", too_much)
    owner = ("--owner", "service:crm", "--json")
    endpoint = type_("endpoints", "create", "webhook", "https://crm.test/told", *owner).line["id"]
    type_("endpoints", "replay", endpoint, "--since", "0")
    type_("endpoints", "remove", endpoint)
    type_("tokens", "revoke", made["id"])
    type_("services", "remove", "crm")
    # what else is done in the web page alone
    with house.world.work(OPERATOR) as work:
        pass_requests.ask(work, bo.id)
        pass_requests.ask_all(work)
    vera = b"BEGIN:VCARD\nFN:Vera\nPHOTO;ENCODING=b:%b\nEND:VCARD\n" % b64encode(picture("blue"))
    _, report = imports.run(house.world.operation(OPERATOR), "Customers", read(vera))
    assert (report.created, report.photos) == (1, 1)
    imports.rehearse(house.world.operation(OPERATOR), "Customers", [])
    event_of_import = house.query("SELECT id FROM events WHERE action = 'import.run'")[-1][0]
    assert imports.undo(house.world.operation(OPERATOR), event_of_import).taken == 1
    chosen = [line["id"] for line in type_("contacts", "list", "--group", "Customers", "--json").lines]
    with house.world.work(OPERATOR) as work:
        group_cases.describe(work, "Customers", "Who buys from us.")
    many = house.world.operation(OPERATOR)
    bulk.add(many, "Partners", chosen)
    bulk.take(many, "Partners", chosen[:1])
    bulk.delete(many, chosen[-1:])
    with house.world.work(By(ActorKind.USER, cy.id, Source.WEB)) as work:
        proposed = contacts.get(work.session, chosen[0])
        proposals.propose(work, proposed.id, Card.parse(customer("Proposed")), proposed.version)
        opt_out.decline(work, "Customers")
    with house.world.work(By(ActorKind.USER, cy.id, Source.WEB)) as work:
        opt_out.want(work, "Customers")
    house.put("Customers", "Ulla", "Viola", "Wilma")
    ulla, viola, wilma = (house.contact_id(name) for name in ("Ulla", "Viola", "Wilma"))
    tell_of_fields_and_filters(house, type_, bo, folder, viola)
    with house.world.work(OPERATOR) as work:
        note = ContactEntry(EntryKind.NOTE, house.world.now(), "rang about the loom")
        kept = entries.write(work, wilma, note)
        entries.change(work, wilma, kept, replace(note, text="rang twice"))
        entries.remove(work, ulla, entries.write(work, ulla, note))
        task = ContactEntry(EntryKind.FOLLOW_UP, note.at, "write back", follow_up=FollowUp(date(2027, 1, 4), bo.id))
        entries.set_done(work, ulla, entries.write(work, ulla, task), done=True)
    with house.world.work(OPERATOR) as work:
        merging.undo(work, merging.dismiss(work, ulla, viola).id)
        checks.check(work, wilma)
        photos.set_photo(work, wilma, as_photo(picture("blue")))
        merged = merging.merge(work, ulla, wilma, (1, 1))
    with house.world.work(OPERATOR) as work:
        merging.undo(work, merged.id)
    cy.makes_label("Club")
    cy.makes("Edith", under=["Club"])
    (label,) = sharing.own_labels(house.world, cy.id)
    with house.world.work(By(ActorKind.USER, cy.id, Source.WEB)) as work:
        sharing.share(work, label, "Club", everyone=True)
    with house.world.work(OPERATOR) as work:
        inspection.look_at(work, 3)
        inspection.note_check(work, inspection.check(work.session, None)[0])
    # the log itself
    type_("audit", "list")
    type_("audit", "export", "-o", str(folder / "log.jsonl"))
    type_("audit", "prove", "3")
    point = folder / "point.txt"
    type_("audit", "checkpoint", "-o", str(point))
    archive = str(folder / "archive.jsonl")
    type_("audit", "retire", "--before", "2999-01-01", "--checkpoint", str(point), "-o", archive)
    checkpoints.keep(replace(house.world, checkpoints=folder / "points"))
    checkpoints_away.send(house.world)
    key = str(folder / "log.pem")
    type_("audit", "key", "make", key)
    type_("audit", "key", "move", key)
    with house.world.work(OPERATOR) as work:
        grants.preview(work, "Customers", house.address("cy"), None)
    type_("grants", "remove", "Customers", house.address("cy"))
    type_("groups", "delete", "Partners")
    house.sync_until_quiet()
    # merges that may have been edits: their user alone is asked
    house.put("Customers", "Nora", "Olga")
    house.sync_until_quiet()
    for name in ("Nora", "Olga"):
        bo.makes(f"{name} at home", phones=["+45 99"])
        house.sync()
        merge(bo, name, f"{name} at home")
        settle(house, own=["bo"])
    with house.database.reading() as session:
        asked = private_cards.asked(session, bo.id, [house.group_id("Customers")])
    for answer, question in zip((questions.share, questions.keep), asked, strict=True):
        with house.world.work(By(ActorKind.USER, bo.id, Source.WEB)) as work:
            answer(work, question.id)


def tell_of_fields_and_filters(house: House, type_: Teller, bo: User, folder: Path, contact: str) -> None:
    """Fields, with values; a smart group over them; a filter under a name."""
    card = folder / "fields.json"
    card.write_text(json.dumps({"card": customer("Viola"), "fields": {"Tags": "vip"}}))
    type_("contacts", "edit", contact, "--card", str(card))
    type_("fields", "create", "Budget", "--kind", "number", "--here")
    type_("fields", "create", "Area", "--kind", "text")
    card.write_text(json.dumps({"card": customer("Viola"), "fields": {"Budget": "1200", "Area": "north"}}))
    type_("contacts", "edit", contact, "--card", str(card))
    type_("fields", "rename", "Area", "District")
    with house.world.work(OPERATOR) as work:
        company_fields.arrange(work, ["District", "Budget"])
    company_fields.change(
        house.world.operation(OPERATOR), "District", company_fields.FieldChange(help="Where they are.")
    )
    retyping.retype(house.world.operation(OPERATOR), "District", FieldKind.LONG_TEXT)
    type_("groups", "create", "Large", "--filter", "budget>1000", "--from", "Customers")
    type_("groups", "choose", "Large", "--filter", "budget>2000", "--yes")
    type_("groups", "give", "Large", house.address("bo"))
    type_("groups", "delete", "Large")
    type_("fields", "place", "District", "here")
    type_("fields", "delete", "District")
    for words in ("tag north", "untag north", "set Tags south", "clear Tags", "add Partners", "take Partners"):
        type_("contacts", "bulk", *words.split(), "--id", contact)
    (deed,) = type_("contacts", "bulk", "delete", "--id", contact, "--json").lines
    type_("contacts", "bulk", "undo", deed["deed"])
    with house.world.work(By(ActorKind.USER, bo.id, Source.WEB)) as work:
        saved_filters.save(work, FilterDraft("Large ones", "budget>1000", "name"), None, None)
        kept = saved_filters.save(work, FilterDraft("Ours", "ada"), house.group_id("Customers"), None)
        saved_filters.forget(work, kept.id)
        exports.note_found(work, ContactFilter(), ExportFormat.VCF)
        calendars.open_address(work)
    with house.world.work(By(ActorKind.USER, bo.id, Source.WEB)) as work:
        calendars.close_address(work)
        draft = ReviewDraft("Spring", date(2999, 1, 31), house.group_id("Customers"), reviewers=(bo.id,))
        review = reviews.begin(work, draft)
        reviews.decide(work, review, contact, ItemState.RIGHT)
        reviews.end(work, review)
    with house.world.work(By(ActorKind.USER, bo.id, Source.WEB)) as work:
        reviews.resume(work, review)
    asked = ("--group", "Customers", "--by", "2999-01-31", "--person", house.address("bo"), "--json")
    type_("reviews", "end", type_("reviews", "create", "Autumn", *asked).line["id"])


@pytest.fixture
def type_(sharesync: Sharesync) -> Teller:
    return Teller(sharesync)


def test_every_change_is_told_by_every_use_case_and_command(
    house: House, type_: Teller, bo: User, cy: User, tmp_path: Path
) -> None:
    with called() as seen, watched(house) as watch:
        tell(house, type_, bo, cy, tmp_path)
    assert watch.silent == []
    # Keys were made before, and Directory takes nothing from many in this story (test_directory_holds.py).
    assert sorted(set(CONTENT) - watch.told - {"secrets", "kept_paths"}) == []
    assert sorted(set(use_cases().values()) - seen - ELSEWHERE.keys()) == []
    assert sorted(type_.known - type_.typed - READS - ELSEWHERE_COMMANDS.keys()) == []


def test_a_change_without_a_word_would_be_seen(house: House) -> None:
    house.share("Customers", "Ada")
    with watched(house) as watch, house.world.work(OPERATOR) as work:
        stored_groups.rename(work, house.group_id("Customers"), "Silent")
    assert watch.silent == [["groups"]]
    with watched(house) as watch, house.world.work(OPERATOR) as work:
        group_cases.rename(work, "Silent", "Told")
    assert watch.silent == []


def test_every_table_is_watched_or_has_its_reason() -> None:
    assert OPERATIONAL.keys() <= Table.metadata.tables.keys()
    assert proposals.__name__ in {f"sharesync.services.{name.partition('.')[0]}" for name in use_cases().values()}
    assert contact_cases.create.__code__ in use_cases()


def test_the_keys_of_a_new_store_are_told(
    sharesync: Sharesync, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARESYNC_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert sharesync("init").status == 0
    (line,) = sharesync("audit", "list", "--json").lines
    assert (line["action"], line["reason"]) == ("key.make", "mark, log, suppression")
    assert sharesync("audit", "verify").status == 0
