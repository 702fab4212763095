"""Fifty histories on every run of `make test`; two hundred and the mended ones of `make check`; and sabotage, noticed.

They run in processes of their own, with the order of sets fixed, so that the printed command replays them. `make soak`
plays histories by the thousand; one that fails there and is mended joins the list, unless it is of the two hundred.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from sharesync.google.directory import Directory
from sharesync.google.identity import Confirmed
from sharesync.mailbox_pass import apply, apply_edits, rounds
from sharesync.mailbox_pass import run as passes
from sharesync.mailbox_pass.apply_session import Applied
from sharesync.mailbox_pass.endings import Ending
from sharesync.mailbox_pass.push_session import Sending
from sharesync.mailbox_pass.this_pass import Pass
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.model.company_fields import CompanyFields
from sharesync.model.mailbox import MailboxState
from sharesync.services import contacts, grants, groups, smart_members
from sharesync.store.mailboxes import claims, departed, mirror
from sharesync.store.records import holds as store_holds
from sharesync.sync import linked, rights
from sharesync.sync.evidence import Evidence
from sharesync.sync.leaving import Leaver
from sharesync.sync.rights import Verdict
from tests.postgres import REMEDY, programs
from tests.simulation.access import Access
from tests.simulation.hands import Fingers
from tests.simulation.history import run
from tests.simulation.house import DOMAIN, Broken, House
from tests.simulation.safety import Guard
from tests.simulation.steps import Story
from tests.simulation.torn import merge_by_half

pytestmark = pytest.mark.timeout(900)
FEW, HALF, MINUTES = 50, 100, 10
"""So many histories of a hundred steps in the short test, in each of the two long ones, and for how long at most."""
FIRST_ON_POSTGRESQL, FEW_ON_POSTGRESQL = 100_000, 6
"""So many on PostgreSQL, from a seed from which on histories have acts of every kind."""
MENDED = {
    (10, 100, 9): "own values that their user had undone in Google Contacts were written back",
    (500, 71, 1): "the name of a merge's survivor went to everyone",
    (701, 20, 1): "half a merge, read directly, was uploaded",
    (609, 15, 1): "a released person in a listing that lagged came back for everyone",
    (20001, 100, 1): "a reset that died left the old sync token, and what it forgot was made again",
    (20013, 100, 1): "a name typed on a person just found was written over unread",
    (20038, 100, 1): "an update whose answer was lost undid a later restoration",
    (23043, 100, 1): "a slow direct read made a young listing look old, and a person was made twice",
    (23082, 100, 1): "a release under way brought a contact back from the trash, stripped",
    (23090, 100, 1): "contacts went on being made after a revoke, in a batch of single requests",
    (40036, 100, 1): "a delta that Google emptied passed for a reading of everyone, and a person was made twice",
    (
        71006,
        100,
        1,
    ): "a label went to a user's own contact that had been changed since it was read, and had no mark yet",
    (1796008683, 100, 1): "half of a merge was uploaded before a listing that lagged for minutes showed the other",
    (1796007229, 100, 1): "what was written and never answered stayed with somebody whose access ended",
    (1796007295, 100, 1): "the same, after another edit and a deletion",
    (1796007360, 100, 1): "a person without its mark was shared a second time by a reset within the lag",
    (1796007392, 100, 1): "a note taken for an own value was corrected, and nobody was asked about the new one",
    (1796008991, 100, 1): "an own note was written over and kept nowhere",
    (1796008711, 100, 1): "an edit made before a revoke was written over after the next grant",
    (1796008864, 100, 1): "a reset forgot a label that no listing showed yet, and made it twice",
    (1820000021, 100, 4): "a merge whose survivor a delta left out was uploaded when everyone was read",
    (910012, 100, 4): "a user's own contact that came back out of the trash was taken for ours, and deleted later",
    (1796008806, 100, 1): "a second person with a mark lost the mark after a reset, and kept our photo for good",
    (1820000007, 100, 4): "a photo taken off in a release that was broken off did not come back with the grant",
    (900012, 100, 4): "the same, for a contact that came back into its group",
    (1990000012, 100, 7): "a label that was made unheard stayed with somebody whose access ended before it showed",
    (
        2020000000,
        100,
        7,
    ): "our photo stayed for good where Google stumbled over its removal in a failing mailbox",
    (2020000029, 100, 7): "a photo that Google carried out and called an error was taken for the user's",
    (
        2020000025,
        100,
        7,
    ): "a create never answered stayed after a revoke, as another person was found instead",
    (2040000096, 100, 7): "a label went to a user's own contact over whose mark Google stumbled",
    (2050000000, 100, 9): "a contact went to the trash as a delta left out the person that it was merged into",
    (2050000008, 100, 9): "the same, for another level",
    (2060000023, 100, 9): "the directory could not be read once a user without any grant was deleted for good",
    (2060000045, 100, 9): "a merge that an error of ours kept from being applied was an edit in the next pass",
    (2080000014, 100, 9): "a merge of two shared contacts whose marks were thrown away was an edit",
    (3001000249, 100, 4): "a label left to its user and listed late as ours was never marked again",
    (3001000253, 100, 5): "who was new by one group was put under the label of another that waited for a decision, too",
    (3002000000, 100, 12): "a merge made again right after it was undone was an edit once it was believed",
    (3003000018, 100, 12): "a merge whose other half was too young to be known for gone was an edit",
    (
        3004000001,
        100,
        12,
    ): "a label was left to its user for one of ours that was put there unheard, and kept for good",
    (3004000060, 100, 12): "the same, after a reset that forgot the other half",
    (
        3004000097,
        100,
        12,
    ): "what was held was written over, as an error of ours about one lost the whole hold",
    (3005000010, 100, 13): "who brought nothing into a contact without a mark was taken out of a group",
    (3006000085, 100, 13): "what a release had taken off a person was an edit, after a reset and a new grant",
    (3006000018, 100, 13): "a label left to its user bore the name of another, and stopped every pass",
    (3006000052, 100, 13): "the same",
    (3007000052, 100, 13): "a merge was an edit, as an earlier doubt about the same person was just over",
    (3007000134, 100, 13): "a contact made unheard was made twice, as a short listing hid it until believed",
    (3008000045, 100, 13): "a user's copy, merged with ours right after our write, was deleted as a second one",
    (3008000087, 100, 13): "a merge under no mark was an edit, as a reset forgot who had gone into it",
    (3009000126, 100, 13): "a user's own, which took ours in and came out of the trash, was deleted as ours",
    (3009000367, 100, 13): "a merge under no mark was an edit, as who went into it was leaving the mailbox",
    (108, 100, 11): "an edit was undone as its user had hidden the group that lets them edit",
    (
        159,
        100,
        11,
    ): "who deleted contacts was left with those that were made there while the deletion waited",
    (1930000070, 100, 4): "a user's own contact that ours was merged into was stripped, and deleted later",
}
"""By seed, number of steps and age: what once came out."""
RARE = (
    "address handed on",
    "adopted from a writer that waited",
    "busy",
    "change left out",
    "conflict.keep",
    "contact.delete restored",
    "contact.restore",
    "contact.update reverted",
    "crash",
    "frozen past its lease",
    "half a merge",
    "hold.keep held",
    "label.delete restored",
    "label.put_on reverted",
    "label.rename",
    "label.take_off reverted",
    "link.adopt",
    "link.find",
    "link.merge",
    "mailbox.reset",
    "marks thrown away",
    "meanwhile",
    "mishap about one contact",
    "odd answers",
    "pass attention",
    "pass held",
    "pass paused",
    "pass retry",
    "people decided about",
    "people wait",
    "person.create failed",
    "person.release",
    "person.remove_photo",
    "person.set_photo",
    "person.set_photo failed",
    "photo of a user's own",
    "photo of the store's",
    "photo that a user took off",
    "poisoned request",
    "proposal.accept",
    "proposal.keep",
    "ring answered",
    "ring too late",
    "smart group",
    "stumbles",
    "tags in the page",
    "tags on a phone",
    "taken over",
)
"""States that few steps reach, by what the change log or the house calls them."""


def test_histories_break_no_promise() -> None:
    """The first of those below: as many as `make test` has time for."""
    assert _play("--seed", 0, "--count", FEW, "--minutes", MINUTES)["failures"] == []


@pytest.mark.long
@pytest.mark.parametrize("first", [0, HALF])
def test_histories_break_no_promise_and_reach_every_rare_state(first: int) -> None:
    told = _play("--seed", first, "--count", HALF, "--minutes", MINUTES)
    assert not told["failures"], "\n".join(told["failures"])
    never = [name for name in RARE if not told["reached"].get(name)]
    assert not never, f"{told['played']} histories never reached {never}"


@pytest.mark.long
@pytest.mark.postgres
def test_histories_break_no_promise_on_postgresql() -> None:
    """With the locks of many workers, and events that are numbered after the commit; one takes three times as long."""
    if programs() is None:
        pytest.skip(REMEDY)
    told = _play("--seed", FIRST_ON_POSTGRESQL, "--count", FEW_ON_POSTGRESQL, "--minutes", MINUTES, on="postgresql")
    assert not told["failures"], "\n".join(told["failures"])


@pytest.mark.long
def test_what_was_mended_stays_so() -> None:
    """All in one process: to start one takes longer than a history."""
    code = "from tests.simulation.test_histories import broken_again; print(*broken_again(), sep='\\n')"
    assert _run("-c", code).strip() == ""


def broken_again() -> list[str]:
    """What went wrong in a history that was mended."""
    return [
        f"{what}: {failure.sentence} (seed {seed})"
        for (seed, steps, age), what in MENDED.items()
        if (failure := run(seed, range(steps), lambda _: None, age)[1]) is not None
    ]


def _play(*arguments: object, on: str = "") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_run("-m", "tests.simulation", "--shrink", "0", "--json", *arguments, on=on))
    return told


def _run(*arguments: object, on: str = "") -> str:
    """A process in which sets have the order that every history has, so that the printed command replays it."""
    command = [sys.executable, *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SHARESYNC_TESTS_ON": on}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout


def test_a_history_is_the_same_whenever_it_is_played() -> None:
    told: list[list[str]] = [[], []]
    for lines in told:
        run(2, range(12), lines.append)
    assert told[0] == told[1]


# --- Sabotage: what would let a promise be broken does not go unnoticed. ----------------------------------------------


def test_a_viewer_whose_edits_are_accepted_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for decides in (linked, rights):
        monkeypatch.setattr(decides, "rule", lambda deed, level: Verdict.ACCEPT)
    assert _breaks("5: ", first=0)


def test_a_release_that_deletes_whatever_it_finds_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Leaver, "is_bare", property(lambda self: True))
    assert _breaks("3: ", first=0)


def test_a_push_that_ignores_what_changed_meanwhile_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Sending.check
    monkeypatch.setattr(Sending, "check", lambda send, work, grants=True: whole(send, work, grants=False))
    monkeypatch.setattr(Pass, "is_wanted", lambda self: True)
    assert _breaks("6: ", first=45)


def test_removals_that_are_counted_pass_by_pass_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_holds, "removed_since", lambda session, mailbox, since: Counter())
    assert _breaks("holds: ", first=100_006)


def test_losses_by_the_directory_that_wait_for_nobody_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "waiting", lambda *_: frozenset())
    assert _breaks("access: ", first=100_004)


def test_mailboxes_that_outlive_their_users_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departed, "over", lambda *_: [])
    assert _breaks("access: ", first=100_001)


def test_users_of_whose_end_nobody_asks_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departed, "doubtful", lambda *_: [])
    assert _breaks("access: ", first=100_001)


def test_a_mailbox_that_is_opened_by_the_address_its_user_once_had_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    ask, said = Directory.confirm, dict[str, Confirmed]()

    def once(directory: Directory, user: str) -> Confirmed:
        if user not in said:
            said[user] = ask(directory, user)
        return said[user]

    monkeypatch.setattr(Directory, "confirm", once)
    assert _breaks("6: ", first=100_004)


def test_a_delta_that_tells_half_of_a_merge_and_is_believed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    _merge_by_half()
    monkeypatch.setattr(rounds, "may_be_half", lambda *_: False)
    with pytest.raises(Broken, match=r"^7: "):
        _merge_by_half()


def _merge_by_half() -> None:
    """A history of its own: who may delete has two contacts, and merges them."""
    house = House("torn", skew=timedelta(), lag=0.0)
    access = Access(house)
    story = Story(house, access, Guard(house, access))
    story.read_directory()
    bo = Fingers(house, house.ids["bo"], Random("torn"))
    with house.world.work(OPERATOR) as work:
        group = groups.create(work, "Customers")
        for _ in range(2):
            contacts.create(work, group.id, Card.parse(bo.new_fields()))
        grants.grant(work, group.name, f"bo@{DOMAIN}", Level.DELETE)
    try:
        for _ in range(2):
            story.run(bo.user)
            house.wait(600)  # what we wrote ourselves is no news any longer
        merge_by_half(story, bo, bo._persons())
    finally:
        house.database.close()


def test_a_merge_that_no_mark_tells_and_is_taken_for_an_edit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Evidence, "_is_unmarked_and_more", lambda self, contact: False)
    assert _breaks("4: what a merge brought", first=200_001)


def test_an_error_of_ours_that_nobody_is_told_of_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "_went", lambda this: Ending(MailboxState.OK))
    assert _breaks("12: an error", first=100_004)


def test_an_error_of_ours_that_keeps_the_edits_beside_it_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "_apply_one_by_one", lambda at, decisions: (Applied(mishap="x"), []))
    assert _breaks("12: an edit", first=100_026)


def test_a_process_that_goes_on_after_its_lease_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "require", lambda *_: None)
    assert _breaks("11: ", first=100_003)


def test_a_smart_group_that_follows_no_edit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smart_members, "follow", lambda *_, **how: None)
    assert _breaks("smart: ", first=100_001)


def test_tags_that_are_merged_as_one_value_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompanyFields, "sets", frozenset())
    assert _breaks("tags: ", first=100_002)


def test_values_kept_here_that_stay_on_cards_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompanyFields, "placed", lambda fields, card, here: (card, dict(here)))
    monkeypatch.setattr(apply_edits, "_kept_here", lambda at, contact, edit: (edit.card, None, list(edit.conflicts)))
    assert _breaks("fields: ", first=100_003)


def test_a_move_that_forgets_the_values_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = CompanyFields.placed
    monkeypatch.setattr(CompanyFields, "placed", lambda fields, card, here: (whole(fields, card, here)[0], {}))
    assert _breaks("fields: ", first=100_003)


def _breaks(promise: str, *, first: int) -> bool:
    """Whether some history among two dozen breaks this promise; the first usually does."""
    played = (run(seed, range(100))[1] for seed in range(first, first + 24))
    return any(failure is not None and failure.sentence.startswith(promise) for failure in played)
