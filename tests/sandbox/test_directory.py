"""The Directory API: users, groups, members, organisational units, and its classic errors."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from sharesync.sandbox.workspace import Workspace
from tests.sandbox.conftest import ANN, BEN, DOMAIN, OFF, SUE, Api, refusal

Raw = Callable[..., requests.Response]


def emails(reply: dict[str, Any]) -> list[str]:
    return [user["primaryEmail"] for user in reply.get("users", [])]


def test_users_are_listed_by_address_with_unit_aliases_and_states(directory: Api) -> None:
    reply = directory.users().list(customer="my_customer").execute()
    assert reply["kind"] == "admin#directory#users"
    assert emails(reply) == [ANN, BEN, OFF, SUE]
    ann, ben, _, sue = reply["users"]
    assert (ann["isAdmin"], ann["aliases"], ann["name"]["fullName"]) == (True, [f"annie@{DOMAIN}"], "Ann Ash")
    assert (ben["orgUnitPath"], ben["suspended"]) == ("/Sales/North", False)
    assert (sue["suspended"], sue["suspensionReason"]) == (True, "ADMIN")


def test_a_list_needs_a_customer_or_a_domain_that_exists(directory: Api) -> None:
    assert refusal(directory.users().list())[0] == 400
    status, error = refusal(directory.users().list(domain="elsewhere.test"))
    assert (status, error["message"], error["errors"][0]["reason"]) == (404, "Domain not found.", "notFound")
    assert "status" not in error
    assert len(emails(directory.users().list(domain=DOMAIN).execute())) == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("isSuspended=true", [SUE]),
        ("isSuspended=false isAdmin=true", [ANN]),
        ("orgUnitPath=/Sales", [BEN]),
        ("orgUnitPath='/Sales/North'", [BEN]),
        ("orgUnitPath=/", [ANN, BEN, OFF, SUE]),
        ("email:an*", [ANN]),
        (f"email=annie@{DOMAIN}", [ANN]),
    ],
)
def test_a_query_finds_units_with_those_below_states_and_prefixes(directory: Api, query: str, found: list[str]) -> None:
    assert emails(directory.users().list(customer="my_customer", query=query).execute()) == found


def test_users_come_in_pages(directory: Api) -> None:
    found: list[str] = []
    request = directory.users().list(customer="my_customer", maxResults=3)
    while request is not None:
        reply = request.execute()
        found += emails(reply)
        request = directory.users().list_next(request, reply)
    assert found == [ANN, BEN, OFF, SUE]


def test_a_deleted_user_is_listed_only_among_the_deleted(directory: Api, workspace: Workspace) -> None:
    assert "users" not in directory.users().list(customer="my_customer", showDeleted="true").execute()
    ben = workspace.user(BEN)
    workspace.directory.change_user(ben.id, deleted=workspace.now())
    assert BEN not in emails(directory.users().list(customer="my_customer").execute())
    (gone,) = directory.users().list(customer="my_customer", showDeleted="true").execute()["users"]
    assert (gone["id"], gone["primaryEmail"]) == (ben.id, BEN)
    assert gone["deletionTime"]


def test_a_user_deleted_for_twenty_days_is_known_no_more(directory: Api, workspace: Workspace) -> None:
    """Within 20 days an administrator can restore a user (Google: "Restore a recently deleted user")."""
    ben, now = workspace.user(BEN), workspace.now()
    workspace.directory.change_user(ben.id, deleted=now - timedelta(days=19, hours=23))
    assert emails(directory.users().list(customer="my_customer", showDeleted="true").execute()) == [BEN]
    assert directory.users().get(userKey=ben.id).execute()["deletionTime"]
    workspace.directory.change_user(ben.id, deleted=now - timedelta(days=20))
    for deleted in ("true", "false"):
        assert BEN not in emails(directory.users().list(customer="my_customer", showDeleted=deleted).execute())
    status, error = refusal(directory.users().get(userKey=ben.id))
    assert (status, error["message"]) == (404, "Resource Not Found: userKey")


def test_a_user_keeps_the_id_when_the_address_changes(directory: Api, workspace: Workspace) -> None:
    before = directory.users().get(userKey=BEN).execute()
    workspace.directory.change_user(BEN, email=f"benjamin@{DOMAIN}")
    after = directory.users().get(userKey=f"benjamin@{DOMAIN}").execute()
    assert after["id"] == before["id"]
    assert refusal(directory.users().get(userKey=BEN))[1]["message"] == "Resource Not Found: userKey"


def test_a_renamed_user_is_found_by_the_old_address_until_it_is_given_up(directory: Api, raw: Raw) -> None:
    """An alias leads to its owner, whose primary address is another (Google: "Add or delete an alternate email")."""
    new, ben = f"benjamin@{DOMAIN}", directory.users().get(userKey=BEN).execute()["id"]
    in_group = {one["id"] for one in directory.members().list(groupKey=f"inner@{DOMAIN}").execute()["members"]}
    assert raw("POST", f"/_sandbox/users/{BEN}/rename", json={"email": new}).status_code == 200
    shown = directory.users().get(userKey=BEN).execute()
    assert (shown["id"], shown["primaryEmail"], shown["aliases"]) == (ben, new, [BEN])
    assert {one["id"] for one in directory.members().list(groupKey=f"inner@{DOMAIN}").execute()["members"]} == in_group
    assert raw("POST", "/_sandbox/users", json={"email": BEN}).status_code == 400
    assert raw("POST", f"/_sandbox/users/{ANN}/rename", json={"email": BEN}).status_code == 400


def test_an_address_handed_on_is_the_newcomers_and_a_token_stays_with_its_account(
    directory: Api, raw: Raw, workspace: Workspace
) -> None:
    """Google binds an access token to the account for which it was made."""
    ben, token = workspace.user(BEN).id, workspace.access_token(BEN)
    workspace.hands(BEN).create({"names": [{"givenName": "Ada"}]})
    newcomer = raw("POST", f"/_sandbox/users/{BEN}/hand-on", json={"to": f"ben.old@{DOMAIN}"}).json()["id"]
    assert newcomer != ben
    assert directory.users().get(userKey=BEN).execute()["id"] == newcomer
    assert directory.users().get(userKey=ben).execute()["primaryEmail"] == f"ben.old@{DOMAIN}"
    headers = {"Authorization": f"Bearer {token}"}
    shown = raw("GET", "/v1/people/me/connections?personFields=names", headers=headers)
    assert shown.json()["totalItems"] == 1, "the old user's mailbox"
    assert raw("POST", f"/_sandbox/users/{newcomer}/hand-on", json={"to": f"x@{DOMAIN}"}).status_code == 400


def test_groups_are_listed_for_the_customer_or_for_a_user(directory: Api) -> None:
    everything = directory.groups().list(customer="my_customer").execute()["groups"]
    assert [group["email"].partition("@")[0] for group in everything] == ["all", "inner", "outer"]
    of_ben = directory.groups().list(userKey=BEN).execute()["groups"]
    assert [group["email"] for group in of_ben] == [f"inner@{DOMAIN}"]
    assert directory.groups().get(groupKey=f"inner@{DOMAIN}").execute()["id"] == of_ben[0]["id"]


def test_members_are_users_groups_strangers_or_everyone_without_an_address(directory: Api) -> None:
    def members(group: str, **more: Any) -> list[tuple[str, str | None]]:
        reply = directory.members().list(groupKey=f"{group}@{DOMAIN}", **more).execute()
        return [(one["type"], one.get("email")) for one in reply["members"]]

    inner, guest = ("GROUP", f"inner@{DOMAIN}"), ("USER", "guest@elsewhere.test")
    assert members("outer") == [inner, guest]
    assert members("outer", includeDerivedMembership=True) == [inner, guest, ("USER", BEN)]
    assert members("all") == [("CUSTOMER", None)]


def test_has_member_follows_nested_groups_and_everyone(directory: Api) -> None:
    def has(group: str, user: str) -> bool:
        held: bool = directory.members().hasMember(groupKey=f"{group}@{DOMAIN}", memberKey=user).execute()["isMember"]
        return held

    assert [has("outer", BEN), has("outer", ANN), has("all", ANN)] == [True, False, True]
    assert directory.members().get(groupKey=f"inner@{DOMAIN}", memberKey=BEN).execute()["email"] == BEN


def test_groups_that_hold_each_other_end_the_walk(directory: Api, workspace: Workspace) -> None:
    workspace.directory.change_group(f"inner@{DOMAIN}", members=(f"outer@{DOMAIN}", BEN))
    request = directory.members().list(groupKey=f"outer@{DOMAIN}", includeDerivedMembership=True)
    assert BEN in [one.get("email") for one in request.execute()["members"]]


def test_a_group_that_is_none_is_404(directory: Api) -> None:
    status, error = refusal(directory.members().list(groupKey="none@south.test"))
    assert (status, error["message"]) == (404, "Resource Not Found: groupKey")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"type": "all"}, ["/Sales", "/Sales/North", "/Salesmen"]),
        ({"type": "children"}, ["/Sales", "/Salesmen"]),
        ({}, ["/Sales", "/Salesmen"]),
        ({"type": "all", "orgUnitPath": "/Sales"}, ["/Sales/North"]),
        ({"type": "allIncludingParent", "orgUnitPath": "/Sales"}, ["/Sales", "/Sales/North"]),
    ],
)
def test_units_are_listed_without_the_root(directory: Api, asked: dict[str, str], found: list[str]) -> None:
    reply = directory.orgunits().list(customerId="my_customer", **asked).execute()
    assert [unit["orgUnitPath"] for unit in reply["organizationUnits"]] == found


def test_a_unit_knows_the_one_above_it(directory: Api) -> None:
    north = directory.orgunits().get(customerId="my_customer", orgUnitPath="Sales/North").execute()
    sales = directory.orgunits().get(customerId="my_customer", orgUnitPath="Sales").execute()
    assert (north["parentOrgUnitPath"], north["parentOrgUnitId"]) == ("/Sales", sales["orgUnitId"])


def test_a_description_that_does_not_fit_together_is_refused_in_a_sentence() -> None:
    for users in ([{"email": "a@x.test", "ou": "/None"}], [{"email": "a@x.test"}, {"email": "a@x.test"}]):
        with pytest.raises(
            ValueError, match=r"^(There is no organisational unit /None|The address a@x.test is taken)\.$"
        ):
            Workspace.from_description({"domain": "x.test", "users": users})


def test_a_unit_that_is_moved_keeps_its_id_and_takes_its_people_along(workspace: Workspace, directory: Api) -> None:
    old = workspace.directory.unit("/Sales")
    assert old is not None
    moved = workspace.directory.move_unit("/Sales", "/Revenue")
    assert (moved.id, moved.path) == (old.id, "/Revenue")
    assert workspace.user(BEN).unit == "/Revenue/North"
    listed = directory.orgunits().list(customerId="my_customer", type="all").execute()["organizationUnits"]
    north = next(unit for unit in listed if unit["orgUnitPath"] == "/Revenue/North")
    assert north["parentOrgUnitId"] == old.id
    with pytest.raises(ValueError, match="not empty"):
        workspace.directory.remove_unit("/Revenue")
    assert workspace.directory.add_unit("/Sales").id != old.id
