"""`sharesync roles` and `sharesync sessions`."""

from sharesync.services.who_may import sessions
from tests.terminal import Sharesync
from tests.web.conftest import open_session
from tests.worlds import House

ANNA, BO = "anna@north.test", "bo@north.test"


def test_roles_are_given_changed_listed_and_taken_away(sharesync: Sharesync, house: House) -> None:
    assert "Nobody has a role yet" in sharesync("roles", "list").out
    assert sharesync("roles", "set", BO, "auditor", "--json").line == {"email": BO, "role": "auditor", "changed": True}
    assert sharesync("roles", "set", ANNA, "Administrator").out == f"{ANNA} is administrator now.\n"
    assert "nothing changed" in sharesync("roles", "set", ANNA, "administrator").out
    listed = sharesync("roles", "list", "--json").lines
    assert [(line["email"], line["role"]) for line in listed] == [(ANNA, "administrator"), (BO, "auditor")]
    sharesync("roles", "set", BO, "administrator")
    assert "auditor" not in sharesync("roles", "list").out
    assert sharesync("roles", "remove", BO, "--json").line == {"email": BO, "removed": True}
    assert "nothing changed" in sharesync("roles", "remove", BO).out
    events = [(line["action"], line["actor"]) for line in sharesync("audit", "list", "--json").lines]
    assert [action for action, _ in events if action.startswith("role.")] == [
        "role.remove", "role.set", "role.set", "role.set",
    ]  # fmt: skip


def test_a_role_is_one_of_two_and_for_someone_who_is_there(sharesync: Sharesync, house: House) -> None:
    king = sharesync("roles", "set", BO, "king")
    assert (king.status, king.out) == (1, "")
    assert "administrator or auditor" in king.err
    nobody = sharesync("roles", "set", "nobody@north.test", "auditor")
    assert nobody.status == 1
    assert "nobody@north.test" in nobody.err


def test_someone_is_signed_out_everywhere(sharesync: Sharesync, house: House) -> None:
    tokens = [open_session(house, name, "i") for name in ("bo", "bo", "anna")]
    assert sharesync("sessions", "revoke", BO).out == f"{BO} is signed out: 2 sessions ended.\n"
    assert sharesync("sessions", "revoke", BO, "--json").line == {"email": BO, "ended": 0}
    with house.database.reading() as session:
        left = [sessions.find(session, token, "i", house.now()) for token in tokens]
    assert [one.name if one else None for one in left] == [None, None, "Anna Ågård"]
