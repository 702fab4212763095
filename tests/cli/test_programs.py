"""`services` and `tokens`: a program is granted access, gets a key, and loses both."""

from sharesync.model.token import is_token
from tests.terminal import Sharesync
from tests.worlds import House

EVENTS = ["service.create", "grant.set", "token.create", "token.revoke", "service.remove", "grant.remove"]


def test_a_service_is_made_granted_given_a_token_and_removed(house: House, sharesync: Sharesync) -> None:
    house.share("Customers", "Ada", bo="view")
    assert sharesync("services", "create", "CRM").out.startswith("service:crm is a principal now")
    assert sharesync("grants", "set", "Customers", "service:crm", "edit").status == 0
    explained = sharesync("grants", "explain", "Customers", "service:crm", "--json").line
    assert (explained["level"], explained["paths"][0]["via"]) == ("edit", "granted to the service")

    made = sharesync("tokens", "create", "service:crm", "--scopes", "contacts:write", "--groups", "Customers", "--json")
    assert is_token(made.line["token"])
    (listed,) = sharesync("tokens", "list", "--json").lines
    assert listed == {name: value for name, value in made.line.items() if name != "token"}
    assert listed.keys() == {"id", "name", "owner", "scopes", "groups", "created", "expires", "last_used"}
    assert (listed["owner"], listed["groups"]) == ("service:crm", ["Customers"])
    assert listed["scopes"] == ["contacts:read", "contacts:write"]
    assert listed["last_used"] is None

    assert sharesync("tokens", "revoke", listed["id"], "--json").line == {"id": listed["id"], "revoked": True}
    assert sharesync("tokens", "list", "--json").lines == []
    assert sharesync("services", "remove", "crm", "--json").line == {"name": "crm", "tokens": 0}
    assert sharesync("services", "list", "--json").lines == []
    told = [line["action"] for line in sharesync("audit", "list", "--json").lines]
    assert [action for action in reversed(told) if action in EVENTS][-6:] == EVENTS


def test_the_token_alone_stands_on_standard_output(house: House, sharesync: Sharesync) -> None:
    told = sharesync("tokens", "create", house.address("bo"), "--scopes", "contacts:read")
    assert is_token(told.out.strip())
    assert "shown this once" in told.err


def test_a_token_of_a_named_administrator_has_their_role_before_their_first_sign_in(
    house: House, sharesync: Sharesync
) -> None:
    house.sync_directory()
    for name in ("anna", "bo"):
        assert sharesync("tokens", "create", house.address(name), "--scopes", "contacts:read").status == 0
    assert [(one["email"], one["role"]) for one in sharesync("roles", "list", "--json").lines] == [
        (house.address("anna"), "administrator")
    ]


def test_what_is_wrong_is_one_sentence(house: House, sharesync: Sharesync) -> None:
    for words in (
        ("tokens", "create", "domain", "--scopes", "contacts:read"),
        ("tokens", "create", house.address("bo"), "--scopes", "contacts:eat"),
        ("tokens", "revoke", "none"),
        ("services", "create", "två ord"),
        ("services", "remove", "none"),
    ):
        told = sharesync(*words)
        assert told.status != 0
        assert len(told.err.strip().splitlines()) == 1, words
