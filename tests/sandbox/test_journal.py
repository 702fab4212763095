"""The Workspace on disk: what is read back is what was there, whatever cut the writer short."""

import stat
from pathlib import Path
from random import Random

import pytest

from sharesync.sandbox import render
from sharesync.sandbox.directory import User
from sharesync.sandbox.journal import Journal
from sharesync.sandbox.transport import InProcessHttp
from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, BEN, DESCRIPTION, DOMAIN, listing, named
from tests.sandbox.test_transport import client


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sandbox" / "journal.jsonl"


def make() -> Workspace:
    return Workspace.from_description(DESCRIPTION, rng=Random(3))


def opened(path: Path) -> tuple[Journal, Workspace]:
    journal = Journal(path)
    return journal, journal.open(make)


def live_through(workspace: Workspace) -> None:
    hands = workspace.hands(ANN)
    label = hands.create_label("Label")
    one = hands.create(named("Åse", emailAddresses=[{"value": "a@x.test"}]), [label])
    two = hands.create(named("Bo"))
    hands.edit(one, named("Åsa"))
    hands.link_profile(two, "Somebody")
    hands.set_photo(one, b"face")
    hands.delete(hands.create(named("Gone")))
    hands.rename_label(label, "Renamed")


def directory_of(workspace: Workspace) -> list[User]:
    return list(workspace.directory.users.values())


def test_everything_is_read_back_as_it_was(path: Path) -> None:
    journal, before = opened(path)
    live_through(before)
    before.directory.change_user(BEN, suspended=True)
    before.directory.add_group(f"new@{DOMAIN}", members=(BEN,))
    before.change_settings({"lag": 3})
    before.advance(86_400)
    journal.close()
    journal, after = opened(path)
    assert render.true_mailbox(after.mailbox(ANN)) == render.true_mailbox(before.mailbox(ANN))
    assert directory_of(after) == directory_of(before)
    assert after.directory.groups == before.directory.groups
    assert after.directory.units == before.directory.units
    assert (after.settings, after.offset) == (before.settings, before.offset)
    assert after.service_account_key("x") == before.service_account_key("x")
    journal.close()


def test_a_sync_token_is_good_after_a_restart(path: Path) -> None:
    journal, before = opened(path)
    live_through(before)
    token = listing(client(before, ANN)).execute()["nextSyncToken"]
    journal.close()
    journal, after = opened(path)
    people = client(after, ANN)
    assert listing(people, syncToken=token).execute().keys() == {"nextSyncToken"}
    new = after.hands(ANN).create(named("New"))
    assert [one["resourceName"] for one in listing(people, syncToken=token).execute()["connections"]] == [new]
    journal.close()


def test_a_journal_cut_at_any_byte_is_read_up_to_its_last_whole_line(path: Path) -> None:
    journal, before = opened(path)
    live_through(before)
    journal.close()
    whole = path.read_bytes()
    kept = whole.rstrip(b"\n").rfind(b"\n") + 1
    for cut in (kept, kept + 1, len(whole) - 1):
        path.write_bytes(whole[:cut])
        journal, after = opened(path)
        assert path.read_bytes()[:kept] == whole[:kept]
        assert after.mailbox(ANN).seq == before.mailbox(ANN).seq - 1
        after.hands(ANN).create(named("After"))
        journal.close()
        journal, again = opened(path)
        assert again.mailbox(ANN).seq == before.mailbox(ANN).seq
        journal.close()


def test_a_seeded_workspace_does_not_repeat_its_etags_after_a_restart(path: Path) -> None:
    journal, before = opened(path)
    name = before.hands(ANN).create(named("A"))
    journal.close()
    stamps = set()
    for _ in range(2):
        journal = Journal(path)
        workspace = journal.open(make, rng=Random(3))
        workspace.hands(ANN).touch(name)
        stamps.add(workspace.hands(ANN).contacts()[0]["etag"])
        journal.close()
    assert len(stamps) == 2


def test_only_its_owner_may_read_the_journal_because_the_key_is_in_it(path: Path) -> None:
    journal, _ = opened(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    journal.close()


def test_an_access_token_of_before_a_restart_is_refused_and_renewed(path: Path) -> None:
    journal, before = opened(path)
    http = InProcessHttp(before, ANN)
    uri = "https://people.googleapis.com/v1/contactGroups?alt=json"
    http.request(uri)
    before.authority.revoke()
    assert [http.request(uri)[0].status for _ in range(2)] == [401, 200]
    journal.close()
