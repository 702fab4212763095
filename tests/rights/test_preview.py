"""Previews of access: who gains, loses or changes what, before anything is done."""

import pytest

from sharesync.errors import InvalidInput, NotFound
from tests.beginnings import begin
from tests.rights.desk import Desk
from tests.worlds import House


@pytest.fixture
def shared(house: House) -> House:
    """Customers: the team (cy, dag) may view, everyone in Sales (dag, eva) may edit, bo may manage."""

    def first() -> None:
        house.share("Customers", "Ada", bo="manage")
        house.grant("Customers", "group:team@north.test", "view")
        house.grant("Customers", "ou:/Sales", "edit")

    begin(house, "preview", by=first)
    return house


def test_who_would_gain_by_a_grant_is_named_with_what(shared: House, desk: Desk) -> None:
    assert desk.preview("Customers", "fin@north.test", "edit") == {"fin": (None, "edit")}


def test_who_has_more_already_is_not_changed_by_a_lower_grant(shared: House, desk: Desk) -> None:
    assert desk.preview("Customers", "domain", "view") == {"anna": (None, "view"), "fin": (None, "view")}


def test_a_higher_grant_to_many_names_everyone_whom_it_lifts(shared: House, desk: Desk) -> None:
    assert desk.preview("Customers", "group:all-teams@north.test", "delete") == {
        "cy": ("view", "delete"), "dag": ("edit", "delete"), "eva": ("edit", "delete"),
    }  # fmt: skip


def test_a_lower_level_in_place_of_a_higher_names_who_loses_some(shared: House, desk: Desk) -> None:
    assert desk.preview("Customers", "bo@north.test", "view") == {"bo": ("manage", "view")}
    assert desk.preview("Customers", "ou:/Sales", "view") == {"dag": ("edit", "view"), "eva": ("edit", "view")}


def test_revoking_names_who_loses_all_and_who_keeps_another_way(shared: House, desk: Desk) -> None:
    assert desk.preview("Customers", "ou:/Sales", None) == {"dag": ("edit", "view"), "eva": ("edit", None)}
    assert desk.preview("Customers", "group:team@north.test", None) == {"cy": ("view", None)}


@pytest.mark.parametrize(
    ("principal", "level"), [("bo@north.test", "manage"), ("ou:/Sales/North", "view"), ("domain", None)],
    ids=["the level they have", "a level below another way", "a grant that is not there"],
)  # fmt: skip
def test_what_changes_nothing_says_so(shared: House, desk: Desk, principal: str, level: str | None) -> None:
    assert desk.preview("Customers", principal, level) == {}


def test_an_alias_is_its_user(shared: House, desk: Desk) -> None:
    assert desk.preview("Customers", "bob@north.test", "view") == {"bo": ("manage", "view")}


def test_nothing_of_a_preview_stays(shared: House, desk: Desk) -> None:
    before = shared.tables()
    desk.preview("Customers", "domain", "manage")
    desk.preview("Customers", "ou:/Sales", None)
    assert shared.tables() == before


def test_what_a_preview_said_is_what_happens(shared: House, desk: Desk) -> None:
    said = desk.preview("Customers", "ou:/Sales", None)
    shared.revoke("Customers", "ou:/Sales")
    levels = {name: shared.level("Customers", name) for name in said}
    assert {name: level.word if level else None for name, level in levels.items()} == {
        name: after for name, (_, after) in said.items()
    }


def test_a_preview_for_nobody_is_refused(shared: House, desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.preview("Customers", "nobody@north.test", "view")
    with pytest.raises(InvalidInput, match="is nobody"):
        desk.preview("Customers", "everyone", "view")
