"""What is measured: the main jobs at the size a large company has, and the promises they keep.

A promise is a count; seconds depend on the machine and are told, not judged.
"""

from __future__ import annotations

import gc
import math
import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from sharesync.jobs.passes import PATIENCE
from sharesync.sandbox.settings import GOOGLE_QUOTAS
from sharesync.services import duplicates
from sharesync.services.operation.pass_report import PassReport
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, event_causes
from sharesync.store.records import contacts
from tests.bench import domain, peer, workers
from tests.bench.choosing import among
from tests.bench.duplicates import in_a_crowd, in_febrl
from tests.bench.editor import sent_by_editors
from tests.bench.files import file
from tests.bench.holding import chosen, given, held_edits, imported, longest
from tests.bench.measured import Measured, measured_pass
from tests.bench.million import million_events
from tests.bench.reading import measured_import, measured_reading, vcards
from tests.bench.siege import besieged
from tests.bench.travel import seconds_to_travel
from tests.kept import InCluster
from tests.postgres import REMEDY, a_cluster
from tests.users import Json, User, fields
from tests.worlds import PULL, House, lay_foundation, make_key

SPAWN = multiprocessing.get_context("spawn")
"""A process that begins empty, so that its memory is its own."""
MUTATIONS = ("create", "Create", "update", "Update", "delete", "Delete", "modify")


@dataclass(frozen=True, slots=True)
class Promise:
    """A count that must not be larger."""

    what: str
    count: int
    most: int

    @property
    def kept(self) -> bool:
        return self.count <= self.most


@dataclass
class Result:
    """What one case found."""

    facts: dict[str, Any] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)


def person(number: int) -> Json:
    """A contact with as much on it as people usually have."""
    return fields(
        given=f"Given{number}",
        family=("Ågård", "Þórsson", "O'Brien", "Żółć", "Müller")[number % 5],
        emails=[f"given{number}@customer{number % 97}.example", f"g{number}@private.example"],
        phones=[f"+45 {20_000_000 + number}"],
        job=(f"Customer {number % 97}", "Head of Things"),
        note="Met at the fair." if number % 3 == 0 else "",
    )


class Bench:
    """One House after another, each with a group of so many contacts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = make_key()
        foundation = folder / "foundation"
        foundation.mkdir()
        self._foundation = lay_foundation(foundation, self._key)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """An empty folder."""
        folder = self._folder / f"folder {time.monotonic_ns()}"
        folder.mkdir()
        yield folder

    @contextmanager
    def house(self, contacts: int, *, kept: InCluster | None = None, **levels: str) -> Iterator[House]:
        """A House whose Customers are so many and shared with these users; `kept`: where its database is to lie."""
        folder = self._folder / f"house {time.monotonic_ns()}"
        folder.mkdir()
        foundation = lay_foundation(folder, self._key, kept) if kept else self._foundation
        house = House(folder, foundation, self._key, kept)
        house.share("Customers", *(person(number) for number in range(contacts)), **levels)
        house.start = datetime.now(UTC)  # that took a while, and whom Google gives tokens signs by the real time
        try:
            yield house
        finally:
            house.close()


def calls_told(report: PassReport) -> dict[str, Any]:
    """Calls, units and pace of one pass."""
    units = sum(report.quota.values())
    made = report.tally.created + report.tally.updated + report.tally.deleted
    told: dict[str, Any] = {"outcome": report.outcome.value, "calls": dict(report.calls), "units": dict(report.quota)}
    if made:
        told |= {
            "contacts": made,
            "units per contact": round(units / made, 4),
            "per second": round(made / report.seconds),
        }
    return told | {"seconds": round(report.seconds, 2)}


@contextmanager
def written() -> Iterator[Counter[str]]:
    """Rows written meanwhile, by table."""
    rows: Counter[str] = Counter()

    def note(connection: object, cursor: Any, statement: str, *_: object) -> None:
        verb, *words = statement.replace('"', "").split(maxsplit=3)
        if verb in ("INSERT", "UPDATE", "DELETE"):
            # A statement with RETURNING has no count, or 0, until its rows are fetched: one at least.
            rows[words[0] if verb == "UPDATE" else words[1]] += max(cursor.rowcount, 1)

    event.listen(Engine, "after_cursor_execute", note)  # the writing engine is a child of the one that shows
    try:
        yield rows
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def fill(house: House, name: str) -> PassReport:
    """The first pass over a mailbox, waiting for quota by a clock that costs nothing."""
    return house.pass_over(name, patience=100_000)


# --- The cases. -------------------------------------------------------------------------------------------------------


def first_fill(bench: Bench, size: int = 2_000) -> Result:
    """A group of 2,000 into one mailbox for the first time."""
    with bench.house(size, bo="edit") as house:
        report = fill(house, "bo")
        batches = report.calls.get("people.batchCreateContacts", 0)
        others = sum(report.calls.values()) - batches
        missing = size - len(house.users["bo"].hands.contacts())
        return Result(
            calls_told(report),
            [
                Promise("batch creates", batches, -(-size // 200)),
                Promise("other calls", others, 4),
                Promise("contacts missing or twice", abs(missing), 0),
            ],
        )


def fill_at_quota(bench: Bench, size: int = 25_000) -> Result:
    """The first fill of a mailbox as the worker does it, within Google's quotas, by a clock that costs nothing."""
    with bench.house(size, bo="edit") as house:
        house.turn(quotas=GOOGLE_QUOTAS)
        user, begun, passes, seconds, calls = house.users["bo"], house.now(), 0, 0.0, Counter[str]()
        while len(user.hands.contacts()) < size and passes < 500:
            report = house.pass_over("bo", wait=timedelta(), patience=PATIENCE)
            passes, seconds = passes + 1, (house.now() - begun).total_seconds()
            calls.update(report.calls)
            with house.database.reading() as session:
                mailbox = claims.get(session, user.id)
            due = max(filter(None, (mailbox.due_by(house.world.interval), mailbox.not_before, mailbox.backoff_until)))
            house.wait(seconds=max((due - house.now()).total_seconds(), 0))
            house.start, before = datetime.now(UTC), house.start
            house.workspace.offset -= house.start - before  # what passes meanwhile is no part of it
        left = size - len(user.hands.contacts())
    return Result(
        {"passes": passes, "seconds by the clock": round(seconds), "calls": dict(calls)},
        [Promise("contacts not there", left, 0), Promise("minutes by the clock", math.ceil(seconds / 60), 12)],
    )


def idle_pass(bench: Bench, size: int = 2_000) -> Result:
    """A pass over a mailbox of 2,000 in which nothing has happened."""
    with bench.house(size, bo="edit") as house:
        fill(house, "bo")
        house.sync_until_quiet()
        with written() as rows:
            report = house.pass_over("bo")
        assert rows["mailboxes"], "nothing was counted, yet a pass writes its claim and its tokens"
        extra = {method: number for method, number in report.calls.items() if number > PULL.get(method, 0)}
        beyond = sum(number for table, number in rows.items() if table != "mailboxes")
        return Result(
            calls_told(report) | {"rows written": dict(rows)},
            [
                Promise("calls beyond the two", sum(extra.values()), 0),
                Promise("calls", sum(report.calls.values()), 2),
                Promise("rows written beside the mailbox's own", beyond, 0),
            ],
        )


def what_a_pass_costs(bench: Bench, sizes: Sequence[int] = (200, 2_000), times: int = 7) -> Result:
    """CPU of this side alone, and statements, of an idle pass and of one edit in the store, by the mailbox's size."""
    found: dict[str, dict[int, float]] = {"idle pass, CPU ms": {}, "one edit, CPU ms": {}}
    asked: dict[str, dict[int, int]] = {"idle pass, statements": {}, "one edit, statements": {}}
    calls: Counter[str] = Counter()
    for size in sizes:
        with bench.house(size, bo="edit") as house:
            fill(house, "bo")
            house.sync_until_quiet()
            idle = [_cpu_of(lambda: house.pass_over("bo"))[:2] for _ in range(times)]
            edits = []
            for number in range(times):
                house.edit(f"Given{number}", note="told to everyone")
                spent, statements, report = _cpu_of(lambda: house.wake("bo"))
                edits.append((spent, statements))
                calls.update(report.calls)
        for name, runs in (("idle pass", idle), ("one edit", edits)):
            found[f"{name}, CPU ms"][size] = round(1_000 * statistics.median(spent for spent, _ in runs), 1)
            asked[f"{name}, statements"][size] = min(
                statements for _, statements in runs
            )  # a lease is renewed now and then
    small, large = sizes
    return Result(
        {
            **found,
            **asked,
            "ratio, idle": round(found["idle pass, CPU ms"][large] / found["idle pass, CPU ms"][small], 2),
        },
        [
            *(Promise(f"{name}, more in a large mailbox", of[large] - of[small], 0) for name, of in asked.items()),
            Promise("calls of an edit", sum(calls.values()), len(sizes) * times),
        ],
    )


def _cpu_of(act: Callable[[], PassReport]) -> tuple[float, int, PassReport]:
    """Seconds of this thread's own time, as the sandbox answers in others, and statements."""
    statements = 0

    def note(*_: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(Engine, "after_cursor_execute", note)
    try:
        started = time.thread_time()
        report = act()
        return time.thread_time() - started, statements, report
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def full_listing(bench: Bench, size: int = 25_000) -> Result:
    """A full listing of an unchanged mailbox of 25,000 shared contacts, in a process of its own."""
    with bench.house(size, bo="edit") as house:
        started = time.perf_counter()
        filled = fill(house, "bo")
        filling = time.perf_counter() - started
        plain = apart(house, "bo", full=True)
        idle = apart(house, "bo", full=False)
        profiled = apart(house, "bo", full=True, profiled=True)
        mutations = sum(
            number for method, number in plain.report["calls"].items() if any(word in method for word in MUTATIONS)
        )
        return Result(
            {
                "outcome": plain.report["outcome"],
                "calls": plain.report["calls"],
                "units": plain.report["quota"],
                "seconds": plain.seconds,
                "memory, MB": plain.megabytes,
                "idle pass, seconds": idle.seconds,
                "idle pass, MB": idle.megabytes,
                "first fill, seconds": round(filling, 1),
                "first fill, outcome": filled.outcome.value,
                "profiled: seconds by part": profiled.shares,
                "profiled: hot spots": profiled.hot,
            },
            [
                Promise("mutations", mutations, 0),
                Promise("calls", sum(plain.report["calls"].values()), -(-size // 1_000) + 1),
                Promise("contacts not listed", size - plain.report["pulled"], 0),
                Promise("MB over an idle pass", math.ceil(plain.megabytes - idle.megabytes), 60),
            ],
        )


def pointed_at(house: House) -> dict[str, str]:
    """The environment of another process that works on this House."""
    return {
        "SHARESYNC_DATABASE_URL": f"sqlite:///{house.file}",
        "SHARESYNC_GOOGLE_KEY_FILE": str(house.key_file),
        "SHARESYNC_GOOGLE_ADMIN": house.address("anna"),
        "SHARESYNC_PEOPLE_ENDPOINT": house.server.url,
        "SHARESYNC_DIRECTORY_ENDPOINT": house.server.url,
    }


def apart(house: House, name: str, *, full: bool, profiled: bool = False) -> Measured:
    """A pass in a new process, whose memory is that of the pass alone."""
    house.start = datetime.now(UTC)  # the other process signs by the real clock
    house.wait(minutes=5)
    with ProcessPoolExecutor(1, SPAWN) as pool:
        ahead = house.workspace.offset.total_seconds()
        pending = pool.submit(
            measured_pass, pointed_at(house), ahead, house.users[name].id, full=full, profiled=profiled
        )
        return pending.result()


def fan_out(bench: Bench, mailboxes: int = 50) -> Result:
    """One edit in one mailbox, carried to 50 others."""
    with bench.house(20) as house:
        names = [f"user{number}" for number in range(mailboxes)]
        hire(house, names, "view")
        house.grant("Customers", house.address("bo"), "edit")
        house.sync_until_quiet()
        house.users["bo"].edits("Given7", note="told to everyone")
        accepted = house.pass_over("bo", wait=timedelta())
        started, cpu = time.perf_counter(), time.thread_time()
        reports = {name: house.wake(name) for name in names}
        seconds, cpu = time.perf_counter() - started, time.thread_time() - cpu
        told = [house.users[name].shows("Given7").note for name in names]
        units = Counter[str]()
        calls = Counter[str]()
        for name in names:
            units.update(reports[name].quota)
            calls.update(reports[name].calls)
        return Result(
            {
                "calls": dict(calls),
                "units": dict(units),
                "units of the edit itself, at its origin": dict(accepted.quota),
                "units of one mailbox": dict(reports[names[0]].quota),
                "seconds": round(seconds, 2),
                "seconds per mailbox": round(seconds / len(reports), 3),
                "CPU per mailbox, ms": round(1_000 * cpu / len(reports), 1),
            },
            [
                Promise("mailboxes not told", told.count(""), 0),
                Promise(
                    "calls of one mailbox, the dearest", max(sum(reports[name].calls.values()) for name in names), 1
                ),
                Promise(
                    "critical writes of one mailbox", max(reports[name].quota["critical_write"] for name in names), 1
                ),
            ],
        )


def hire(house: House, names: Sequence[str], level: str) -> None:
    """New users, all of whom may do so much with Customers."""
    everyone = house.address("hired")
    house.workspace.describe(
        {
            "users": [{"email": house.address(name)} for name in names],
            "groups": [{"email": everyone, "members": [house.address(name) for name in names]}],
        }
    )
    house.users |= {name: User(house, name) for name in names}
    house.sync_directory()
    house.grant("Customers", f"group:{everyone}", level)


def worker_processes(bench: Bench, mailboxes: int = 40, contacts: int = 100, edits: int = 8) -> Result:
    """Two worker processes of four passes each instead of one, on PostgreSQL."""
    cluster = a_cluster()
    if cluster is None:
        return Result({"left out": REMEDY})
    found: dict[str, dict[str, float]] = {}
    for processes in (1, 2):
        with bench.house(contacts, kept=InCluster(cluster)) as house, bench.folder() as folder:
            hire(house, [f"user{number}" for number in range(mailboxes)], "view")
            names = [f"Given{number}" for number in range(edits)]
            with workers.working(house, folder, processes, passes=4) as under_way:
                found[f"{processes} of them"] = workers.carried(house, under_way, mailboxes, names)
    one, two = found.values()
    paces = [pace for pace in one if pace.endswith("a second")]
    return Result({**found, **{f"ratio, {pace}": round(two[pace] / one[pace], 2) for pace in paces}})


def beside_a_peer(bench: Bench, sizes: tuple[int, int] = (1_000, 10_000)) -> Result:
    """Seconds of the processor, start-up taken off: fill, idle pass and full reading, beside vdirsyncer in this run.

    Of the pass's own thread, as the sandbox answers in others.
    """
    if not peer.is_there():
        return Result({"left out": peer.REMEDY})
    with bench.folder() as folder:
        theirs = peer.taken(folder, sizes)
    ours: dict[str, dict[int, float]] = {"fill": {}, "idle": {}, "full reading": {}}
    for size in sizes:
        with bench.house(size, bo="edit") as house:
            ours["fill"][size] = _cpu_of(lambda: fill(house, "bo"))[0]
            house.sync_until_quiet()
            ours["idle"][size] = _cpu_of(lambda: house.pass_over("bo"))[0]
            ours["full reading"][size] = _cpu_of(lambda: house.pass_over("bo", full=True))[0]
    most = sizes[-1]
    growth = (ours["fill"][most] / most) / (ours["fill"][sizes[0]] / sizes[0])
    return Result(
        {
            **{f"{name}, seconds": {size: round(one, 2) for size, one in of.items()} for name, of in ours.items()},
            **{f"{name}, vdirsyncer's": of for name, of in theirs.items()},
            "fill, growth per contact": round(growth, 2),
        },
        [
            Promise("fill, per cent of vdirsyncer's", _per_cent(ours["fill"][most], theirs["fill"][most]), 100),
            Promise("idle, per cent of vdirsyncer's", _per_cent(ours["idle"][most], theirs["idle"][most]), 10),
            Promise(
                "full reading, per cent of its fill", _per_cent(ours["full reading"][most], theirs["fill"][most]), 100
            ),
            Promise("fill, growth per contact in per cent", math.ceil(100 * growth), 120),
        ],
    )


def _per_cent(ours: float, theirs: float) -> int:
    return math.ceil(100 * ours / max(theirs, 0.01))  # what a clock of the processor tells


def whole_domain(bench: Bench, mailboxes: int = 10_000, held: int = 1_000) -> Result:
    """10,000 mailboxes with 1,000 contacts each, on PostgreSQL: room, who is due, and the pages of an administrator."""
    cluster = a_cluster()
    if cluster is None:
        return Result({"left out": REMEDY})
    with bench.house(0, kept=InCluster(cluster)) as house, bench.folder() as folder:
        domain.fill(house, mailboxes, held, person)
        told = domain.measured(house, folder)
    return Result(
        dict(told),
        [
            Promise("links missing", mailboxes * held - round(told["links"]), 0),
            Promise("bytes a link, with indexes", round(told["bytes a link"]), 250),
            Promise("milliseconds until it is known who is due", math.ceil(told["due, ms"]), 50),
            *(Promise(f"milliseconds of {page}", math.ceil(told[f"{page}, ms"]), 100) for page in domain.PAGES),
        ],
    )


def revoke(bench: Bench, size: int = 2_000) -> Result:
    """A grant on 2,000 contacts taken away: label and contacts withdrawn."""
    with bench.house(size, bo="edit") as house:
        fill(house, "bo")
        house.sync_until_quiet()
        house.revoke("Customers", "bo")
        started = house.now()
        report = house.pass_over("bo", patience=100_000)
        left = len(house.users["bo"].hands.contacts()) + len(house.users["bo"].labels())
        waited = (house.now() - started).total_seconds() - 300
        reads, deletes = (report.calls.get(f"people.{name}", 0) for name in ("getBatchGet", "batchDeleteContacts"))
        return Result(
            calls_told(report) | {"waited for quota, seconds": round(waited)},
            [
                Promise("contacts and labels left", left, 0),
                Promise("reads", reads, -(-size // 200)),
                Promise("batch deletes", deletes, -(-size // 200)),
                Promise("other calls", sum(report.calls.values()) - reads - deletes, 5),
            ],
        )


def long_log(bench: Bench) -> Result:
    """Every filter of `audit list` and every timeline, over a million events."""
    with bench.folder() as folder:
        facts, slowest = million_events(folder)
    return Result(facts, [Promise("milliseconds of 95 pages of 100, the slowest way", round(slowest), 50)])


def log_cost(bench: Bench, size: int = 400, pairs: int = 24) -> Result:
    """First fills of one mailbox after the other; each second one without the log, nor any looking up of causes.

    Of the pass's own thread, so that nobody else's work counts; by neighbours, so that a busy hour weighs on both.
    """
    first, *names = (f"user{number}" for number in range(2 * pairs + 1))
    with bench.house(size) as house:
        hire(house, [first, *names], "edit")
        fill(house, first)  # what is read and compiled once is no part of it
        took = []
        for turn, two in enumerate(zip(names[::2], names[1::2], strict=True)):
            order = (True, False) if turn % 2 else (False, True)
            took.append(
                {logged: seconds_of(house, name, logged=logged) for name, logged in zip(two, order, strict=True)}
            )
    added = [(pair[True] / pair[False] - 1) * 100 for pair in took]
    facts = {
        "with the log, and without": [f"{pair[True]:.2f} s, {pair[False]:.2f} s" for pair in took],
        "half of the pairs lie between, per cent": [round(most) for most in statistics.quantiles(added)[::2]],
    }
    return Result(facts, [Promise("per cent that the log adds", round(statistics.median(added)), 15)])


def seconds_of(house: House, name: str, *, logged: bool) -> float:
    """Of the processor, for a first fill."""
    with ExitStack() as stack:
        if not logged:
            for owner, method, instead in UNLOGGED:
                stack.enter_context(patch.object(owner, method, instead))
        gc.collect()
        started = time.thread_time()
        fill(house, name)
        return time.thread_time() - started


UNLOGGED: Sequence[tuple[object, str, Callable[..., Any]]] = (
    (Work, "record", lambda work, event: work.new_id()),
    (contacts, "events_of", lambda session, some: {}),
    (event_causes, "of_label", lambda session, group, mailbox: None),
    (event_causes, "of_moves", lambda session, group, mailbox: None),
)
"""What the log does in a first fill: it is told what happens, and why."""


def travel(bench: Bench) -> Result:
    """The demo as people start it: when everyone's labels stand, and how soon a change arrives."""
    with bench.folder() as folder:
        filled, took = seconds_to_travel(folder)
    facts = {"seconds until filled": round(filled, 1), "seconds to travel": ", ".join(f"{one:.1f}" for one in took)}
    return Result(facts, [Promise("seconds to travel, median", math.ceil(statistics.median(took)), 5)])


def siege(bench: Bench) -> Result:
    """How soon the page answers while three hundred connections hold what they can, and with how many threads."""
    with bench.house(10) as house, bench.folder() as folder:
        found = besieged(pointed_at(house), folder)
    facts = {f"{name}: milliseconds to /healthz": took for name, (took, _) in found.items()}
    slowest, most = max(took for took, _ in found.values()), max(threads for _, threads in found.values())
    return Result(
        facts, [Promise("seconds to /healthz", math.ceil(slowest / 1000), 2), Promise("threads besieged", most, 16)]
    )


def editors(bench: Bench) -> Result:
    """How soon the page answers, and lets somebody write, while eight editors send the dearest things at once.

    As many as the page has threads that answer.
    """
    names = [f"user{number}" for number in range(8)]
    with bench.house(10) as house, bench.folder() as folder:
        hire(house, names, "edit")
        found = sent_by_editors(pointed_at(house), house, folder, names)
    slowest = {what: max(int(one[f"{what}, ms"]) for one in found.values()) for what in ("healthz", "writer's place")}
    return Result(
        {name: dict(one) for name, one in found.items()},
        [Promise(f"milliseconds to {what}", took, 1000) for what, took in slowest.items()],
    )


def writers_place(bench: Bench, size: int = 25_000) -> Result:
    """How long one transaction keeps every other writer waiting, while so many contacts are dealt with."""
    cards = [person(number) for number in range(size)]
    with bench.house(0, bo="edit") as house:
        told = {"import": longest(lambda: imported(house, cards))}
        told |= chosen(house)
        told["fill"] = longest(lambda: fill(house, "bo"))
        house.sync_until_quiet()
        house.wait(minutes=20)
        told["reset"] = longest(lambda: house.pass_over("bo", reset=True, patience=100_000))
        told |= held_edits(house, "bo")
        told["revoke"] = longest(lambda: house.revoke("Customers", "bo"))
        told["release"] = longest(lambda: fill(house, "bo"))
    with bench.house(0, cy="edit") as house:
        given(house, "cy", cards)
        told["a label is given"] = longest(lambda: fill(house, "cy"))
        told["the group is deleted"] = longest(lambda: house.delete_group("Club"))
    slow = sum(one["longest"] > 1 for one in told.values())
    return Result({"seconds": told}, [Promise("acts with a transaction of more than a second", slow, 0)])


def reading_vcards(bench: Bench, size: int = 25_000, photos: int = 400) -> Result:
    """A vCard file of as many contacts as a mailbox holds, and one of 400 large photos."""
    facts, promises = {}, []
    for what, data in {f"{size:,} cards": vcards(size), f"{photos} photos": vcards(photos, photos)}.items():
        with bench.folder() as folder, ProcessPoolExecutor(1, SPAWN) as pool:
            written = folder / "contacts.vcf"
            written.write_bytes(data)
            entries, seconds, megabytes = pool.submit(measured_reading, written).result()
        facts[what] = {
            "megabytes of the file": len(data) // 1_000_000,
            "entries": entries,
            "seconds": round(seconds, 1),
        }
        promises += [
            Promise(f"seconds of the processor for {what}", math.ceil(seconds), 20),
            Promise(f"megabytes of memory for {what}", math.ceil(megabytes), 300),
        ]
    return Result(facts, promises)


def whole_files(bench: Bench, size: int = 25_000) -> Result:
    """What the largest files cost that are let in: CSV, vCards, and vCards of which sixty have a large photo.

    Only reading grows with what a stranger wrote, and is promised; memory is promised for all of it.
    """
    files = {"CSV": file(size), "vCards": vcards(size), "vCards with photos": vcards(size, 60)}
    facts, promises = {}, []
    for what, data in files.items():
        with bench.folder() as folder, bench.house(1) as house, ProcessPoolExecutor(1, SPAWN) as pool:
            house.share("Customers")
            (folder / "contacts").write_bytes(data)
            told = pool.submit(measured_import, pointed_at(house), folder / "contacts", "Customers").result()
            begun = time.process_time()
            duplicates.catch_up(house.database)
        facts[what] = told | {"compared later": round(time.process_time() - begun, 1)}
        promises += [
            Promise(f"{what}: seconds to read it", math.ceil(told["read"]), 10 if what == "CSV" else 20),
            Promise(f"{what}: megabytes to read it and bring it in", math.ceil(told["megabytes"]), 300),
        ]
    return Result(facts, promises)


def known_duplicates(_bench: Bench) -> Result:
    """The pairs of FEBRL 1, 2 and 3: found, and found truly. A thousandth is counted as one."""
    told = in_febrl()
    return Result(
        dict(told),
        [
            promise
            for name, of in told.items()
            for promise in (
                Promise(f"{name}: thousandths that F1 lacks", math.ceil((1 - of["f1"]) * 1000), 15),
                Promise(
                    f"{name}: thousandths of the sure that are false", math.ceil((1 - of["sure_precision"]) * 1000), 1
                ),
            )
        ],
    )


def duplicates_in_a_crowd(bench: Bench, size: int = 50_000) -> Result:
    """All pairs of 50,000 contacts, and an edit among them."""
    with bench.folder() as folder:
        told = in_a_crowd(folder, size)
    return Result(
        dict(told),
        [
            Promise("seconds of CPU", math.ceil(told["seconds"]), 60),
            Promise("seconds of a transaction, rounded", round(told["longest transaction"]), 1),
            Promise("milliseconds of CPU of an edit", math.ceil(told["edit, ms"]), 20),
        ],
    )


def smart_groups_among(bench: Bench, size: int = 50_000) -> Result:
    """What a hundred smart groups over 50,000 contacts add to an edit, and what a new one takes."""
    with bench.folder() as folder:
        told = among(folder, size)
    return Result(
        dict(told),
        [
            Promise("milliseconds of CPU more for an edit", math.ceil(told["more, ms"]), 20),
            Promise("seconds of CPU of a new filter", math.ceil(told["a new filter, s"]), 2),
        ],
    )


CASES: Mapping[str, Callable[[Bench], Result]] = {
    "first fill of 2,000": first_fill,
    "first fill of 25,000 at quota": fill_at_quota,
    "idle pass over 2,000": idle_pass,
    "idle passes and edits by size": what_a_pass_costs,
    "one edit to 50 mailboxes": fan_out,
    "worker processes": worker_processes,
    "a domain of 10,000 mailboxes": whole_domain,
    "beside vdirsyncer": beside_a_peer,
    "revoke of 2,000": revoke,
    "full listing of 25,000": full_listing,
    "the writer's place at 25,000": writers_place,
    "files of 25,000": whole_files,
    "log of a million events": long_log,
    "what the log adds to a first fill": log_cost,
    "duplicates that are known": known_duplicates,
    "duplicates among 50,000": duplicates_in_a_crowd,
    "smart groups among 50,000": smart_groups_among,
    "a change in the demo": travel,
    "the page under siege": siege,
    "what editors may send": editors,
    "reading vCards": reading_vcards,
}
