"""Every use case refuses a signed-in person who may not, wherever it is called from; and then nothing has changed.

Bo has a level on the group `g`, and none on `h`. The contact `c` is in both, `d` in `h` alone.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sharesync.errors import NotAllowed, NotFound
from sharesync.formats.entries import Parsed
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.permission import Role
from sharesync.services import bulk, contacts, erasure, grants, groups, holds, merging, restore_group, trash
from sharesync.services.import_entries import import_entries
from sharesync.services.log import log_reading
from sharesync.services.who_may import roles
from sharesync.store.database.work import Operation, Work
from sharesync.store.queries.events import LoggedFilter
from sharesync.store.records import contacts as kept
from tests.store.stores import BO, NOW, Store, card, user

PERSON = By(ActorKind.USER, BO, Source.WEB)
NOTHING = LoggedFilter()
Case = Callable[[Operation], object]


def in_one(act: Callable[[Work], object]) -> Case:
    """A use case of one transaction."""

    def case(operation: Operation) -> object:
        with operation.piece() as work:
            return act(work)

    return case


# By use case: the least that Bo needs for it. What takes more than a level is a role's word.
CASES: dict[str, tuple[str, Case]] = {
    "make a contact": ("edit", in_one(lambda work: contacts.create(work, "g", card("New")))),
    "edit a contact": ("edit", in_one(lambda work: contacts.edit(work, "c", card("Other")))),
    "bring an old version back": ("edit", in_one(lambda work: trash.restore_version(work, "c", 1))),
    "import": ("edit", in_one(lambda work: import_entries(work, "g", [Parsed(1, card("New"))]))),
    "bring back from the trash": ("edit", in_one(lambda work: trash.restore(work, "t"))),
    "delete a contact": ("delete", in_one(lambda work: contacts.delete(work, "c"))),
    "take out of a group": ("delete", lambda operation: bulk.take(operation, "g", ["c"])),
    "rename a group": ("manage", in_one(lambda work: groups.rename(work, "g", "Other"))),
    "delete a group": ("manage", lambda operation: groups.delete(operation, "g")),
    "grant": ("manage", in_one(lambda work: grants.grant(work, "g", "cy@x.test", Level.VIEW))),
    "try a grant": ("manage", in_one(lambda work: grants.preview(work, "g", "cy@x.test", Level.VIEW))),
    "revoke": ("manage", in_one(lambda work: grants.revoke(work, "g", "dan@x.test"))),
    "keep contacts together": ("manage", in_one(lambda work: groups.let_pass_on(work, "g", allowed=False))),
    "set limits": ("manage", in_one(lambda work: holds.set_limits(work, "g", 1, None))),
    "bring a group back to a moment": ("manage", lambda operation: restore_group.restore_group(operation, "g", NOW)),
    "read the log": ("auditor", in_one(lambda work: log_reading.note_read(work, NOTHING, 0))),
    "export the log": ("auditor", in_one(lambda work: log_reading.note_export(work, NOTHING, "csv"))),
    "make a group": ("administrator", in_one(lambda work: groups.create(work, "New"))),
    "erase": ("administrator", in_one(lambda work: erasure.erase(work, "c", "asked"))),
    "hold for the law": ("administrator", in_one(lambda work: erasure.put_legal_hold(work, "c", "a case"))),
    "give a role": ("administrator", in_one(lambda work: roles.assign(work, "cy@x.test", Role.AUDITOR))),
    "take a role": ("administrator", in_one(lambda work: roles.remove(work, "anna@x.test"))),
}
STANDINGS = ("nothing", "view", "edit", "delete", "manage", "auditor", "administrator")
LEVELS = ("view", "edit", "delete", "manage")


def allowed(least: str, standing: str) -> bool:
    if standing == "administrator":
        return True
    if least in LEVELS:
        return standing in LEVELS and LEVELS.index(standing) >= LEVELS.index(least)
    return least == standing


@pytest.fixture
def shared(company: Store) -> Store:
    company.group("g")
    company.group("h")
    company.contact("c", card("Ida"), "g", "h")
    company.contact("d", card("Eva"), "h")
    company.contact("t", card("Uma"), "g")
    company.grant("g", user("u-dan"))
    bulk.take(company.operation(), "g", ["t"])
    with company.work() as work:
        roles.assign(work, "anna@x.test", Role.ADMINISTRATOR)
        contacts.edit(work, "c", card("Ida M"))
    company.now += timedelta(minutes=1)
    return company


def stand(store: Store, standing: str) -> None:
    if standing in LEVELS:
        store.grant("g", user(BO), Level.parse(standing))
    elif standing != "nothing":
        with store.work() as work:
            roles.assign(work, "bo@x.test", Role.parse(standing))


@pytest.mark.parametrize("standing", STANDINGS)
def test_each_use_case_is_for_who_may_and_refused_to_everyone_else(shared: Store, standing: str) -> None:
    stand(shared, standing)
    before = shared.actions()
    for case, (least, act) in CASES.items():
        if not allowed(least, standing):
            with pytest.raises((NotAllowed, NotFound)) as caught:
                act(shared.operation(PERSON))
            hidden = standing == "nothing" and least in LEVELS
            assert isinstance(caught.value, NotFound) is hidden, case
    assert shared.actions() == before


@pytest.mark.parametrize("by", [PERSON, OPERATOR], ids=["in the page", "on the command line"])
@pytest.mark.parametrize("case", CASES)
def test_each_use_case_is_done_by_who_may_and_on_the_command_line(shared: Store, case: str, by: By) -> None:
    least, act = CASES[case]
    if by is PERSON:
        stand(shared, least)
    act(shared.operation(by))


def test_a_contact_leaves_only_the_groups_where_its_deleter_may_delete(shared: Store) -> None:
    stand(shared, "delete")
    with shared.work(PERSON) as work:
        contacts.delete(work, "c")
        assert kept.get(work.session, "c").groups == ("h",)
        assert kept.get(work.session, "c").deleted_at is None


def test_nobody_moves_a_contact_to_where_they_may_edit_it(shared: Store) -> None:
    stand(shared, "manage")
    with pytest.raises(NotFound):
        bulk.add(shared.operation(PERSON), "g", ["d"])
    shared.grant("h", user(BO))
    with pytest.raises(NotAllowed):
        bulk.add(shared.operation(PERSON), "g", ["d"])
    assert bulk.add(shared.operation(PERSON), "g", ["c"]) == []


def test_an_import_by_id_does_not_reach_contacts_that_its_sender_may_not_edit(shared: Store) -> None:
    stand(shared, "manage")
    with shared.work(PERSON) as work:
        report = import_entries(work, "g", [Parsed(1, card("Mine"), id="d"), Parsed(2, card("New"))])
    assert (report.created, [bad.line for bad in report.bad]) == (1, [1])
    with shared.reading() as session:
        assert kept.get(session, "d").card == card("Eva")


# --- Whatever acts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", LEVELS)
def test_a_mailbox_does_what_its_users_levels_allow_and_no_more(shared: Store, standing: str) -> None:
    stand(shared, standing)
    hand, before = By(ActorKind.MAILBOX, BO, Source.GOOGLE), shared.actions()
    for least, act in CASES.values():
        if not allowed(least, standing):
            with pytest.raises((NotAllowed, NotFound)):
                act(shared.operation(hand))
    assert shared.actions() == before


def test_a_mailbox_has_no_role_of_its_user(shared: Store) -> None:
    stand(shared, "administrator")
    with pytest.raises(NotAllowed), shared.work(By(ActorKind.MAILBOX, BO, Source.GOOGLE)) as work:
        groups.create(work, "New")


@pytest.mark.parametrize("case", CASES)
def test_an_actor_of_a_kind_that_nobody_thought_of_may_do_nothing(shared: Store, case: str) -> None:
    stand(shared, "administrator")
    _, act = CASES[case]
    robot = By("robot", BO, Source.WEB)  # type: ignore[arg-type]  # a kind that is yet to come
    before = shared.actions()
    with pytest.raises(NotAllowed):
        act(shared.operation(robot))
    assert shared.actions() == before


# --- Passing contacts on ---------------------------------------------------------------------------------------------


def keep_together(store: Store, group: str) -> None:
    with store.work() as work:
        groups.let_pass_on(work, group, allowed=False)


def test_a_group_that_keeps_its_contacts_together_lets_managers_alone_pass_them_on(shared: Store) -> None:
    shared.group("k")
    shared.grant("k", user(BO), Level.EDIT)
    shared.grant("h", user(BO), Level.DELETE)
    keep_together(shared, "h")
    with pytest.raises(NotAllowed):
        bulk.add(shared.operation(PERSON), "k", ["d"])
    shared.grant("h", user(BO), Level.MANAGE)
    assert bulk.add(shared.operation(PERSON), "k", ["d"]) == ["d"]


def test_a_contact_is_passed_on_through_any_group_that_lets_it_go(shared: Store) -> None:
    shared.group("k")
    for group in ("g", "h", "k"):
        shared.grant(group, user(BO), Level.EDIT)
    keep_together(shared, "h")
    assert bulk.add(shared.operation(PERSON), "k", ["c"]) == ["c"]


def test_a_merge_passes_nothing_on_that_must_not_go(shared: Store) -> None:
    shared.group("k")
    shared.contact("e", card("Eva B"), "k")
    for group in ("h", "k"):
        shared.grant(group, user(BO), Level.DELETE)
    keep_together(shared, "h")
    with pytest.raises(NotAllowed), shared.work(PERSON) as work:
        merging.merge(work, "d", "e", (1, 1))


def test_saying_the_same_again_is_no_event(shared: Store) -> None:
    keep_together(shared, "g")
    before = shared.actions()
    keep_together(shared, "g")
    assert shared.actions() == before
