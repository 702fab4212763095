"""The directory is read whole, or it is an error: rights hang on it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sharesync.errors import Attention, MalformedReply, RetryLater
from sharesync.google.directory import Directory
from sharesync.google.workspace import Google
from sharesync.model.directory import MemberKind
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace
from tests.google.conftest import ADMIN, ANNA, BO, DOMAIN, GONE, Time

Fault = Callable[..., None]


@pytest.fixture
def directory(google: Google) -> Iterator[Directory]:
    with google.directory() as reading:
        yield reading


def test_users_are_listed_with_unit_aliases_and_state(directory: Directory) -> None:
    users = {user.email: user for user in directory.users()}
    assert users.keys() == {ADMIN, ANNA, BO, GONE}
    anna, bo, gone = users[ANNA], users[BO], users[GONE]
    assert (anna.given_name, anna.family_name, anna.admin, anna.unit) == ("Anna", "Ågård", True, "/")
    assert (bo.unit, bo.admin, bo.suspended) == ("/Sales/North", False, False)
    assert f"bob@{DOMAIN}" in bo.aliases
    assert gone.suspended
    assert len({user.id for user in users.values()}) == 4


def test_an_archived_and_a_deleted_user_are_told_apart(directory: Directory, workspace: Workspace) -> None:
    workspace.directory.change_user(BO, archived=True)
    workspace.directory.change_user(GONE, deleted=workspace.now())
    users = {user.email: user for user in directory.users()}
    assert (users[BO].archived, users[BO].deleted) == (True, False)
    assert users[GONE].deleted
    assert not users[ANNA].archived


def test_a_renamed_user_keeps_the_id(directory: Directory, workspace: Workspace) -> None:
    before = {user.id: user.email for user in directory.users()}
    workspace.directory.change_user(BO, email=f"Bo.Bogh@{DOMAIN}")
    after = {user.id: user.email for user in directory.users()}
    assert before.keys() == after.keys()
    assert f"bo.bogh@{DOMAIN}" in after.values()


def test_hundreds_of_users_and_groups_are_listed_over_all_pages(directory: Directory, workspace: Workspace) -> None:
    for number in range(520):
        workspace.directory.add_user(f"user{number}@{DOMAIN}", workspace.now())
    for number in range(210):
        workspace.directory.add_group(f"group{number}@{DOMAIN}")
    assert len(directory.users()) == 524
    assert len(directory.groups()) == 212
    counts = workspace.log.counts()
    assert (counts["directory.users.list"], counts["directory.groups.list"]) == (3, 2)


def test_members_are_direct_ones_with_their_kind(directory: Directory) -> None:
    groups = {group.email: group for group in directory.groups()}
    members = directory.members(groups[f"sales@{DOMAIN}"].id)
    kinds = {member.email: member.kind for member in members}
    assert kinds[BO] is MemberKind.USER
    assert kinds[f"everyone@{DOMAIN}"] is MemberKind.GROUP
    assert next(one.id for one in members if one.kind is MemberKind.GROUP) == groups[f"everyone@{DOMAIN}"].id
    assert next(one.id for one in members if one.email == BO) in {user.id for user in directory.users()}


def test_all_users_of_the_workspace_are_one_member_without_address(directory: Directory) -> None:
    (member,) = directory.members(f"everyone@{DOMAIN}")
    assert (member.kind, member.email) == (MemberKind.CUSTOMER, "")


def test_a_group_that_is_gone_has_no_members(directory: Directory) -> None:
    assert directory.members(f"nothing@{DOMAIN}") == ()


def test_a_member_of_a_kind_that_nobody_knows_is_given_nothing(directory: Directory, fault: Fault) -> None:
    body = {"kind": "admin#directory#members", "members": [{"id": "1", "type": "ROBOT"}, {"id": "2", "type": "USER"}]}
    fault(kind="status", status=200, body=body, method="directory.members.list")
    assert [member.id for member in directory.members("g")] == ["2"]


def test_units_are_listed_with_their_paths(directory: Directory) -> None:
    assert {unit.path: unit.name for unit in directory.units()} == {"/Sales": "Sales", "/Sales/North": "North"}


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "<html>Welcome",
        {"users": []},
        {"kind": "admin#directory#users"},
        {"kind": "admin#directory#users", "users": [{"primaryEmail": "a@x.test"}]},
        {"kind": "admin#directory#users", "users": ["a@x.test"]},
        {"kind": "admin#directory#users", "users": {"id": "1"}},
        {"kind": "admin#directory#users", "users": [{"id": "1"}], "nextPageToken": "always the same"},
    ],
)
def test_a_list_of_users_that_cannot_be_true_is_malformed(directory: Directory, fault: Fault, body: Any) -> None:
    fault(kind="status", status=200, body=body, method="directory.users.list", times=None)
    with pytest.raises(MalformedReply):
        directory.users()


@pytest.mark.parametrize("body", ["{}", {"groups": []}, {"kind": "somebody#else", "groups": []}])
def test_no_groups_at_all_is_believed_only_from_google(directory: Directory, fault: Fault, body: Any) -> None:
    fault(kind="status", status=200, body=body, method="directory.groups.list", times=None)
    with pytest.raises(MalformedReply):
        directory.groups()


def test_a_listing_cut_off_by_the_connection_is_no_listing(directory: Directory, fault: Fault) -> None:
    fault(kind="half", method="directory.members.list", times=None)
    with pytest.raises(RetryLater):
        directory.members(f"sales@{DOMAIN}")


def test_a_reading_is_tried_again(directory: Directory, time: Time, fault: Fault) -> None:
    fault(kind="status", status=503, method="directory.users.list", times=2)
    assert len(directory.users()) == 4
    assert len(time.slept) == 2


def test_a_rate_limit_written_as_403_is_tried_again(directory: Directory, time: Time, fault: Fault) -> None:
    error = {"code": 403, "message": "Quota exceeded", "errors": [{"domain": "usageLimits", "reason": "quotaExceeded"}]}
    fault(kind="status", status=403, body={"error": error}, method="directory.users.list")
    assert len(directory.users()) == 4
    assert len(time.slept) == 1


@pytest.mark.parametrize("who", [BO, GONE, f"nobody@{DOMAIN}"])
def test_an_administrator_who_may_not_read_the_directory_is_named_as_a_setting(
    server: SandboxServer, key_file: Any, time: Time, who: str
) -> None:
    google = Google(key_file=key_file, admin=who, directory_endpoint=server.url + "/", clock=time, sleep=time.sleep)
    with google.directory() as directory, pytest.raises(Attention, match="SHARESYNC_GOOGLE_ADMIN"):
        directory.reachable()


def test_the_directory_that_answers_is_reachable(directory: Directory) -> None:
    directory.reachable()
