"""Services and tokens: who makes them, what they hold, how they end."""

from datetime import timedelta

import pytest

from sharesync.errors import InvalidInput, NotAllowed, NotFound
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.permission import Role
from sharesync.model.token import is_token
from sharesync.services import grants, once, program_holds, programs, pushing
from sharesync.services import holds as hold_cases
from sharesync.services.who_may import roles, tokens
from sharesync.services.who_may.tokens import DeadToken, Program
from sharesync.store.records import groups, holds
from sharesync.store.records import tokens as kept
from sharesync.sync.holds import USUAL
from tests.store.stores import ANNA, BO, Store, card

READ = ["contacts:read"]


def person(user: str) -> By:
    return By(ActorKind.USER, user, Source.WEB)


@pytest.fixture
def shared(company: Store) -> Store:
    company.group("g")
    with company.work() as work:
        roles.assign(work, "anna@x.test", Role.ADMINISTRATOR)
        programs.create(work, "CRM")
        grants.grant(work, "g", "service:crm", Level.EDIT)
    return company


def found(store: Store, text: str) -> Program | DeadToken | None:
    with store.reading() as session:
        return tokens.find(session, text, store.now)


@pytest.mark.parametrize(
    ("by", "owner", "may"),
    [
        (OPERATOR, "bo@x.test", True),
        (OPERATOR, "service:crm", True),
        (person(BO), "bo@x.test", True),
        (person(BO), "service:crm", False),
        (person(BO), "cy@x.test", False),
        (person(ANNA), "service:crm", True),
        (person(ANNA), "bo@x.test", False),  # it would act in Bo's name
        (By(ActorKind.MAILBOX, BO, Source.GOOGLE), "bo@x.test", False),
    ],
)
def test_people_make_their_own_tokens_and_administrators_those_of_services(
    shared: Store, by: By, owner: str, may: bool
) -> None:
    if not may:
        with pytest.raises(NotAllowed), shared.work(by) as work:
            tokens.create(work, owner, "x", READ)
        return
    with shared.work(by) as work:
        made = tokens.create(work, owner, "x", READ)
    assert is_token(made.text)
    assert made.text.startswith("sss_" if "service" in owner else "ssp_")
    there = found(shared, made.text)
    assert isinstance(there, Program)
    assert there.by == By(ActorKind.TOKEN, made.token.id, Source.API)
    assert made.text not in str(shared.actions())


@pytest.mark.parametrize(
    ("scopes", "days", "groups"),
    [([], 90, None), (["contacts:eat"], 90, None), (READ, 0, None), (READ, 366, None), (READ, 90, [])],
)
def test_a_token_has_a_scope_an_end_within_a_year_and_no_empty_list_of_groups(
    shared: Store, scopes: list[str], days: int, groups: list[str] | None
) -> None:
    with pytest.raises(InvalidInput), shared.work() as work:
        tokens.create(work, "bo@x.test", "x", scopes, days=days, groups=groups)


def test_nobody_limits_a_token_to_a_group_that_they_do_not_see(shared: Store) -> None:
    with pytest.raises(NotFound), shared.work(person(BO)) as work:
        tokens.create(work, "bo@x.test", "x", READ, groups=["g"])


def test_a_service_ends_with_its_grants_and_tokens_and_its_name_is_free_again(shared: Store) -> None:
    with shared.work() as work:
        made = tokens.create(work, "service:crm", "x", READ)
    with shared.reading() as session:
        assert grants.explain(session, "g", "service:crm").level is Level.EDIT
    with shared.work() as work:
        assert programs.remove(work, "crm") == 1
    dead = found(shared, made.text)
    assert isinstance(dead, DeadToken)
    with shared.work() as work:
        programs.create(work, "crm")
    with shared.reading() as session:
        assert grants.explain(session, "g", "service:crm").level is None
        assert grants.listed(session) == []
    assert isinstance(found(shared, made.text), DeadToken)


def test_a_token_that_was_revoked_or_whose_time_is_over_is_known_and_opens_nothing(shared: Store) -> None:
    with shared.work(person(BO)) as work:
        one, other = (tokens.create(work, "bo@x.test", "x", READ, days=1) for _ in range(2))
        tokens.revoke(work, one.token.id)
    with pytest.raises(NotFound), shared.work(person(BO)) as work:
        tokens.revoke(work, one.token.id)
    with pytest.raises(NotAllowed), shared.work(By(ActorKind.USER, "u-cy", Source.WEB)) as work:
        tokens.revoke(work, other.token.id)
    assert isinstance(found(shared, one.text), DeadToken)
    assert isinstance(found(shared, other.text), Program)
    shared.now += timedelta(days=1)
    assert isinstance(found(shared, other.text), DeadToken)
    assert found(shared, one.text[:-1] + ("a" if one.text[-1] != "a" else "b")) is None
    with shared.reading() as session:
        assert [token.id for token in kept.listed(session)] == [other.token.id]


def test_what_a_program_pushes_merges_is_answered_once_and_too_much_of_it_waits(shared: Store) -> None:
    with shared.work() as work:
        grants.grant(work, "g", "service:crm", Level.DELETE)
        program = tokens.by_token(tokens.create(work, "service:crm", "x", ["contacts:write"]).token)
    with shared.work(program) as work:
        assert once.claim(work, "key", b"asked") is None
        first = pushing.push(work, "crm", "1", ["g"], card("Ida"))
        once.keep(work, "key", 201, {"ETag": '"1"'}, first.contact)
    with shared.work(program) as work:
        kept_answer = once.claim(work, "key", b"asked")
        assert kept_answer is not None
        assert (kept_answer.status, kept_answer.headers, kept_answer.body) == (201, {"ETag": '"1"'}, first.contact)
        assert pushing.push(work, "crm", "1", ["g"], card("Ida M")).contact == first.contact
        others = [pushing.push(work, "crm", str(number), ["g"], card(f"N{number}")).contact for number in range(2, 9)]
    with shared.work(program) as work:
        held = program_holds.removals(work, [("g", contact) for contact in others], USUAL)
    with shared.work() as work:
        assert [one.id for one in holds.listed(work.session)] == held
        assert holds.listed(work.session)[0].mailbox == "service:crm"
    hold_cases.apply(shared.operation(), held[0])
    with shared.work() as work:
        assert groups.members(work.session, "g") == [first.contact]
