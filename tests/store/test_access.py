"""Groups, grants, and how grants reach users; the directory's mirror they are told by."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from sharesync.errors import NameTaken, NotFound
from sharesync.model.access import Level, Principal, PrincipalKind, PrincipalName
from sharesync.model.audit import Event
from sharesync.model.directory import DirectoryUser, OrgUnit
from sharesync.model.group import Group
from sharesync.store.database.tables import UserRow
from sharesync.store.mailboxes import claims, directory
from sharesync.store.records import access_paths, contacts, groups
from tests.store.stores import (
    ANNA,
    BO,
    CY,
    DAN,
    DOMAIN,
    INNER,
    NOW,
    OUTER,
    UNITS,
    USERS,
    Store,
    google_group,
    unit,
    user,
)

VIEW, EDIT, DELETE, MANAGE = Level


def audience(store: Store, group: str = "g") -> dict[str, Level]:
    with store.reading() as session:
        found = dict(access_paths.audience(session, group))
        for who in (ANNA, BO, CY, DAN):
            assert access_paths.levels(session, who).get(group) == found.get(who)
            assert {level for level, _ in access_paths.paths(session, group, who)} <= set(Level)
            assert max((level for level, _ in access_paths.paths(session, group, who)), default=None) == found.get(who)
    return found


# --- Groups ----------------------------------------------------------------------------------------------------------


def test_groups_are_listed_by_name_with_their_size(store: Store) -> None:
    for name in ("b", "C", "a"):
        store.group(name)
    store.contact("c1", None, "b")
    with store.reading() as session:
        assert groups.listed(session) == [Group("a", "a"), Group("b", "b", contacts=1), Group("C", "C")]


def test_a_group_is_found_by_id_or_by_name_in_any_case(store: Store) -> None:
    with store.work() as work:
        groups.insert_group(work, Group("id1", "Kunder Ærø"))
        groups.insert_group(work, Group("id2", "id1"))
    with store.reading() as session:
        assert groups.find_id(session, " KUNDER ærø ") == "id1"
        assert groups.find_id(session, "id1") == "id1"
        assert groups.find(session, "id2").name == "id1"
        with pytest.raises(NotFound, match="no group “Kunder”"):
            groups.find(session, "Kunder")


def test_two_living_groups_never_share_a_name(store: Store) -> None:
    store.group("Kunder")
    store.group("Other")
    with pytest.raises(NameTaken), store.work() as work:
        groups.insert_group(work, Group("id2", "KUNDER"))
    with pytest.raises(NameTaken), store.work() as work:
        groups.rename(work, "Other", "kunder")
    with store.work() as work:
        groups.rename(work, "Kunder", "KUNDER")
    with store.reading() as session:
        assert [group.name for group in groups.listed(session)] == ["KUNDER", "Other"]


def test_a_deleted_group_is_seen_by_nobody_and_its_name_is_free(company: Store) -> None:
    company.group("g")
    company.contact("c1", None, "g")
    company.grant("g", DOMAIN, MANAGE)
    with company.work() as work:
        groups.mark_deleted(work, "g")
        groups.insert_group(work, Group("g2", "g"))
        groups.set_grant(work, "g", user(ANNA), VIEW)  # a grant that comes too late reaches nobody either
    assert audience(company) == {}
    with company.reading() as session:
        assert groups.find_id(session, "g") == "g2"
        assert groups.grants(session) == []
        assert contacts.get(session, "c1").groups == ()


# --- Grants ----------------------------------------------------------------------------------------------------------


def test_a_principal_has_one_level_on_a_group_the_last_one_granted(company: Store) -> None:
    company.group("g")
    company.grant("g", user(ANNA), MANAGE)
    company.grant("g", user(ANNA), VIEW)
    with company.reading() as session:
        assert groups.granted(session, "g", user(ANNA)) is VIEW
        assert groups.granted(session, "g", user(BO)) is None
        assert groups.grants(session) == [(Group("g", "g"), user(ANNA), VIEW)]
    assert audience(company) == {ANNA: VIEW}


def test_a_grant_taken_away_reaches_nobody(company: Store) -> None:
    company.group("g")
    company.group("h")
    for group in ("g", "h"):
        company.grant(group, user(ANNA))
    with company.work() as work:
        groups.remove_grant(work, "g", user(ANNA))
        groups.remove_grant(work, "g", user(BO))
    assert audience(company) == {}
    assert audience(company, "h") == {ANNA: VIEW}


# --- Reach -----------------------------------------------------------------------------------------------------------


def test_a_grant_to_a_user_reaches_that_user(company: Store) -> None:
    company.group("g")
    company.grant("g", user(BO), EDIT)
    assert audience(company) == {BO: EDIT}


def test_a_grant_to_a_google_group_reaches_the_members_of_nested_groups_too(company: Store) -> None:
    company.group("g")
    company.grant("g", google_group(OUTER), EDIT)
    assert audience(company) == {BO: EDIT, CY: EDIT}


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("/Sales", {ANNA, BO}),
        ("/Sales/North", {BO}),
        ("/SalesEast", {CY}),
        ("/sales", set()),
        ("/Sales/Nor", set()),
        ("/", {ANNA, BO, CY, DAN}),
    ],
)
def test_a_grant_to_a_unit_reaches_it_and_those_below_it_not_those_of_a_similar_name(
    company: Store, path: str, reached: set[str]
) -> None:
    company.group("g")
    company.grant("g", unit(path))
    assert audience(company).keys() == reached


@pytest.mark.parametrize("path", ["/Sal%", "/Sale_", "/%"])
def test_signs_of_a_pattern_are_signs_in_a_units_name(company: Store, path: str) -> None:
    company.group("g")
    company.grant("g", unit(path))
    assert audience(company) == {}


def test_a_grant_to_the_domain_reaches_everyone(company: Store) -> None:
    company.group("g")
    company.grant("g", DOMAIN, VIEW)
    assert audience(company) == dict.fromkeys([ANNA, BO, CY, DAN], VIEW)


def test_the_highest_level_wins_and_every_path_is_told(company: Store) -> None:
    company.group("g")
    company.grant("g", DOMAIN, VIEW)
    company.grant("g", unit("/Sales"), DELETE)
    company.grant("g", unit("/Sales/North"), EDIT)
    company.grant("g", google_group(OUTER), MANAGE)
    company.grant("g", user(ANNA), EDIT)
    assert audience(company) == {ANNA: DELETE, BO: MANAGE, CY: MANAGE, DAN: VIEW}
    with company.reading() as session:
        assert access_paths.paths(session, "g", BO) == [
            (MANAGE, google_group(OUTER)),
            (DELETE, unit("/Sales")),
            (EDIT, unit("/Sales/North")),
            (VIEW, DOMAIN),
        ]


def test_suspended_users_keep_their_access_while_they_may_come_back(company: Store) -> None:
    company.group("g")
    company.grant("g", DOMAIN)
    company.save_directory([replace(USERS[0], suspended=True), *USERS[1:]])
    assert ANNA in audience(company)


# --- The mirror ------------------------------------------------------------------------------------------------------


def test_a_user_whose_address_changed_is_the_same_user(company: Store) -> None:
    company.group("g")
    company.grant("g", user(ANNA), EDIT)
    renamed = replace(USERS[0], email="anna.holm@x.test", aliases=("anna@x.test",))
    assert company.save_directory([renamed, *USERS[1:]]) == 0
    assert audience(company) == {ANNA: EDIT}
    with company.reading() as session:
        for email in ("anna.holm@x.test", "Anna@x.test"):
            assert directory.user_id(session, email) == ANNA
        with pytest.raises(NotFound):
            directory.user_id(session, "ann@x.test")
        assert claims.get(session, ANNA).email == "anna.holm@x.test"


def test_a_user_who_vanished_is_kept_as_deleted_and_may_come_back(company: Store) -> None:
    company.group("g")
    company.grant("g", unit("/Sales"))
    company.save_directory(USERS[1:])
    with company.reading() as session:
        assert session.scalar(select(UserRow.deleted).where(UserRow.id == ANNA)) is True
        assert claims.get(session, ANNA).paused
        with pytest.raises(NotFound, match=r"no user “anna@x\.test”.*directory sync"):
            directory.user_id(session, "anna@x.test")
    company.save_directory(USERS)
    with company.reading() as session:
        assert not claims.get(session, ANNA).paused


def test_an_address_that_passed_to_somebody_else_means_the_living(company: Store) -> None:
    heir = DirectoryUser("u-new", "anna@x.test")
    company.save_directory([replace(USERS[0], deleted=True), *USERS[1:], heir])
    with company.reading() as session:
        assert directory.user_id(session, "anna@x.test") == "u-new"
        assert directory.user_id(session, "ann@x.test") == ANNA


def test_saving_the_same_directory_again_concerns_nobody(company: Store) -> None:
    company.group("g")
    company.grant("g", google_group(OUTER))
    assert company.save_directory() == 0


def test_whom_a_change_of_the_directory_concerns_is_due(company: Store) -> None:
    company.group("g")
    company.grant("g", unit("/Sales"), EDIT)
    company.grant("g", google_group(INNER), EDIT)
    with company.work() as work:
        for who in (ANNA, BO, CY):
            claims.write(work, who, due_at=NOW.replace(year=2030))
    # Bo moves out of Sales, Dan moves in; Cy, who stays in the Google group, moves too.
    moved = [USERS[0], replace(USERS[1], unit="/"), replace(USERS[2], unit="/Sales"), replace(USERS[3], unit="/Sales")]
    assert company.save_directory(moved) == 2
    assert audience(company) == {ANNA: EDIT, CY: EDIT, DAN: EDIT}
    with company.reading() as session:
        assert claims.get(session, BO).due_at == NOW
        assert claims.get(session, DAN).due_at == NOW
        assert claims.get(session, ANNA).due_at == NOW.replace(year=2030)
        assert claims.get(session, CY).due_at == NOW.replace(year=2030)


def test_the_people_of_a_google_group_that_vanished_wait_and_its_grant_is_named(company: Store) -> None:
    company.group("g")
    company.grant("g", google_group(OUTER))
    company.save_directory(google_groups=[INNER])
    assert audience(company) == {BO: VIEW, CY: VIEW}
    with company.reading() as session:
        assert access_paths.in_mailbox(session, BO).waiting == {"g"}
        assert directory.vanished(session) == [("g", google_group(OUTER), "outer@x.test")]
        names = directory.principal_names(session, [google_group(OUTER), google_group(INNER), user(ANNA), DOMAIN])
    assert [str(name) for name in names.values()] == [
        "group:outer@x.test",
        "group:inner@x.test",
        "anna@x.test",
        "domain",
    ]


def test_a_principal_that_vanished_keeps_its_name_for_the_log_that_tells_of_its_grant(company: Store) -> None:
    company.group("g")
    ours = {google_group(OUTER): "Outer", unit("/Sales/North"): "/Sales/North"}
    with company.work() as work:
        for one in ours:
            work.record(Event("grant.set", group="g", reason=f"{one.kind.value}:{one.subject} nothing -> view"))
    for _ in range(2):
        company.save_directory(google_groups=[], units=[])
    with company.reading() as session:
        called = directory.called(session, [*ours, google_group(INNER)])
    assert [(called[one].title, called[one].gone) for one in ours] == [(title, True) for title in ours.values()]


@pytest.mark.parametrize(
    ("name", "principal"),
    [
        ("anna@x.test", user(ANNA)),
        ("ann@x.test", user(ANNA)),
        ("group:outer@x.test", google_group(OUTER)),
        ("ou:/Sales/North", unit("/Sales/North")),
        ("ou:/", unit("/")),
        ("domain", DOMAIN),
    ],
)
def test_a_principal_is_known_by_its_lasting_id(company: Store, name: str, principal: Principal) -> None:
    with company.reading() as session:
        assert directory.principal(session, PrincipalName.parse(name)) == principal


@pytest.mark.parametrize(
    "name", ["nobody@x.test", "group:anna@x.test", "outer@x.test", "ou:/Nowhere", "group:none@x.test"]
)
def test_whom_the_directory_does_not_hold_is_not_found(company: Store, name: str) -> None:
    with company.reading() as session, pytest.raises(NotFound, match="sharesync directory sync"):
        directory.principal(session, PrincipalName.parse(name))


def test_units_are_those_of_the_directory_and_the_root(company: Store) -> None:
    company.save_directory(units=[*UNITS[1:], OrgUnit("9", "/New", "New")])
    with company.reading() as session:
        for path, ident in (("/", "/"), ("/New", "9"), ("/SalesEast", "/SalesEast")):
            assert directory.principal(session, PrincipalName(PrincipalKind.UNIT, path)) == unit(ident)
        with pytest.raises(NotFound):
            directory.principal(session, PrincipalName(PrincipalKind.UNIT, "/Sales"))


def test_of_each_group_the_highest_grants_are_told_first_and_all_are_counted(store: Store) -> None:
    store.save_directory()
    for name in ("Many", "One", "None"):
        store.group(name)
    store.grant("Many", DOMAIN, VIEW)
    store.grant("Many", unit("/Sales"), EDIT)
    store.grant("Many", user(BO), MANAGE)
    store.grant("One", user(ANNA), VIEW)
    with store.reading() as session:
        told = [(held.name, who, level) for held, who, level in groups.grants(session, most=2)]
        numbers = groups.numbers(session)
    assert sorted(told, key=str) == sorted(
        [
            ("Many", unit("/Sales"), EDIT),
            ("Many", user(BO), MANAGE),
            ("One", user(ANNA), VIEW),
        ],
        key=str,
    )
    assert numbers == {"Many": 3, "One": 1}


def test_a_path_that_stood_for_a_unit_becomes_its_id_and_one_that_nobody_knew_stays_unresolved(company: Store) -> None:
    company.group("g")
    company.grant("g", unit("/Sales"), EDIT)
    company.grant("g", unit("/Nowhere"))
    units = [OrgUnit("id:1", "/Sales", "Sales"), OrgUnit("id:2", "/Sales/North", "North", "id:1"), *UNITS[2:]]
    assert company.save_directory(units=units) == 0
    assert audience(company) == {ANNA: EDIT, BO: EDIT}
    company.save_directory(units=[*units, OrgUnit("id:3", "/Nowhere", "Nowhere")])
    with company.reading() as session:
        assert groups.granted(session, "g", unit("id:1")) is EDIT
        assert directory.vanished(session) == [("g", unit("/Nowhere"), "/Nowhere")]
        assert directory.granted_as(session, "g", PrincipalName.parse("ou:/Nowhere")) == unit("/Nowhere")
