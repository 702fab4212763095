"""Grants: given, taken away, explained, tried out."""

import pytest

from sharesync.errors import InvalidInput, NotFound
from sharesync.model.access import Level
from sharesync.services import grants
from sharesync.services.grants import Effect
from sharesync.store.mailboxes import claims
from sharesync.store.records import access_paths, groups
from tests.store.stores import ANNA, BO, CY, DAN, NOW, Store
from tests.worlds import INTERVAL

VIEW, EDIT, DELETE, MANAGE = Level
LATER = NOW.replace(year=2030)


@pytest.fixture
def shared(company: Store) -> Store:
    """A group that nobody sees yet."""
    company.group("g")
    return company


def give(store: Store, principal: str, level: Level = VIEW, group: str = "g") -> None:
    with store.work() as work:
        grants.grant(work, group, principal, level)


def due(store: Store) -> set[str]:
    with store.reading() as session:
        return {mailbox.user_id for mailbox in claims.due(session, store.now, INTERVAL)}


def rest(store: Store) -> None:
    with store.work() as work:
        for who in (ANNA, BO, CY, DAN):
            claims.write(work, who, due_at=LATER)


def test_a_grant_makes_mailboxes_and_makes_them_due(shared: Store) -> None:
    give(shared, "ou:/Sales", EDIT)
    assert due(shared) == {ANNA, BO}
    assert shared.actions() == ["grant.set"]


def test_a_grant_is_to_the_lasting_id_behind_an_alias(shared: Store) -> None:
    give(shared, "ann@x.test")
    with shared.reading() as session:
        assert access_paths.audience(session, "g") == {ANNA: VIEW}
        assert [(str(grant.principal), grant.level) for grant in grants.listed(session, "G")] == [("anna@x.test", VIEW)]


def test_the_same_grant_again_is_no_change(shared: Store) -> None:
    give(shared, "anna@x.test", EDIT)
    rest(shared)
    give(shared, "ann@x.test", EDIT)
    assert shared.actions() == ["grant.set"]
    assert due(shared) == set()


def test_another_level_replaces_the_first(shared: Store) -> None:
    give(shared, "anna@x.test", MANAGE)
    give(shared, "anna@x.test", VIEW)
    with shared.reading() as session:
        assert [grant.level for grant in grants.listed(session)] == [VIEW]
    assert shared.actions() == ["grant.set", "grant.set"]


def test_a_revoke_tells_those_who_lose_it(shared: Store) -> None:
    give(shared, "domain")
    give(shared, "cy@x.test", EDIT)
    rest(shared)
    with shared.work() as work:
        assert grants.revoke(work, "g", "domain")
    assert due(shared) >= {CY}
    with shared.reading() as session:
        assert access_paths.audience(session, "g") == {CY: EDIT}
    with shared.work() as work:
        assert not grants.revoke(work, "g", "domain")
    assert shared.actions() == ["grant.set", "grant.set", "grant.remove"]


@pytest.mark.parametrize(
    ("group", "principal", "error"),
    [
        ("none", "domain", NotFound),
        ("g", "nobody@x.test", NotFound),
        ("g", "nobody", InvalidInput),
        ("g", "ou:/None", NotFound),
    ],
)
def test_what_cannot_be_granted_is_refused_and_nothing_happens(
    shared: Store, group: str, principal: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        give(shared, principal, group=group)
    with pytest.raises(error), shared.work() as work:
        grants.revoke(work, group, principal)
    assert shared.actions() == []


def test_every_path_is_explained_the_winning_one_first(shared: Store) -> None:
    give(shared, "domain", VIEW)
    give(shared, "ou:/Sales", EDIT)
    give(shared, "group:outer@x.test", MANAGE)
    give(shared, "bo@x.test", DELETE)
    give(shared, "anna@x.test", MANAGE)
    with shared.reading() as session:
        why = grants.explain(session, "G", "bo@x.test")
    assert why.level is MANAGE
    assert why.email == "bo@x.test"
    assert [(level, str(principal), via) for level, principal, via in why.paths] == [
        (MANAGE, "group:outer@x.test", "member of outer@x.test"),
        (DELETE, "bo@x.test", "granted to the user"),
        (EDIT, "ou:/Sales", "in or below /Sales"),
        (VIEW, "domain", "everyone in the domain"),
    ]


def test_no_path_is_no_access(shared: Store) -> None:
    give(shared, "ou:/Sales")
    with shared.reading() as session:
        why = grants.explain(session, "g", "dan@x.test")
        assert (why.level, why.paths) == (None, ())
        with pytest.raises(NotFound):
            grants.explain(session, "g", "nobody@x.test")


def test_grants_are_listed_by_group(shared: Store) -> None:
    shared.group("a")
    give(shared, "domain", EDIT)
    give(shared, "anna@x.test", VIEW, group="a")
    with shared.reading() as session:
        assert [(grant.group.name, str(grant.principal)) for grant in grants.listed(session)] == [
            ("a", "anna@x.test"),
            ("g", "domain"),
        ]
        assert [grant.group.name for grant in grants.listed(session, "g")] == ["g"]
        with pytest.raises(NotFound):
            grants.listed(session, "none")


class Undone(Exception):
    pass


def test_a_change_of_access_can_be_tried_out_first(shared: Store) -> None:
    give(shared, "domain", VIEW)
    give(shared, "bo@x.test", MANAGE)
    with pytest.raises(Undone), shared.work() as work:  # noqa: PT012 - the end of the block undoes it
        assert grants.preview(work, "g", "ou:/Sales", EDIT) == [Effect("anna@x.test", VIEW, EDIT, "Anna Ågård")]
        raise Undone
    with pytest.raises(Undone), shared.work() as work:  # noqa: PT012
        assert grants.preview(work, "g", "domain", None) == [
            Effect("anna@x.test", VIEW, None, "Anna Ågård"),
            Effect("cy@x.test", VIEW, None, "Cy Chen"),
            Effect("dan@x.test", VIEW, None, "Dan Dahl"),
        ]
        raise Undone
    assert shared.actions() == ["grant.set", "grant.set"]


def test_a_deleted_group_grants_nothing(shared: Store) -> None:
    give(shared, "domain")
    with shared.work() as work:
        groups.mark_deleted(work, "g")
    with shared.reading() as session:
        assert grants.listed(session) == []
        with pytest.raises(NotFound):
            grants.explain(session, "g", "anna@x.test")
