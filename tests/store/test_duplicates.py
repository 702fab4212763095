"""Pairs page by page and what was decided about them, for whoever sees some of the groups, on both databases."""

import pytest

from sharesync.errors import NotFound
from sharesync.model.card import Card
from sharesync.model.duplicate_decision import Apart, MergeRecord
from sharesync.services import merging
from sharesync.services.duplicates import catch_up
from sharesync.store.queries import duplicates
from sharesync.store.queries.duplicates import pile
from sharesync.store.queries.unlisted_pairs import Unlisted, unlisted
from sharesync.store.records import contacts, duplicate_decisions
from tests.store.stores import Store
from tests.users import fields


def person(given: str, mail: str, **more: str) -> Card:
    return Card.parse(fields(given=given, emails=[mail], phones=[more["phone"]] if "phone" in more else []))


@pytest.fixture
def twins(store: Store) -> Store:
    """In g: a and b by address and number, c and d by address; e is in h alone, and has the address of c and d."""
    store.group("g")
    store.group("h")
    for one in "ab":
        store.contact(one, person(one, "ab@x.example", phone="+45 33 12 34 56"), "g")
    for one in "cd":
        store.contact(one, person(one, "cd@x.example"), "g")
    store.contact("e", person("e", "cd@x.example"), "h")
    catch_up(store.database)
    return store


def ids(found: duplicates.Pile) -> list[str]:
    return [pair.one.id + pair.other.id for pair in found.pairs]


def test_the_surest_come_first_and_a_page_begins_where_the_one_before_ended(twins: Store) -> None:
    with twins.reading() as session:
        whole = pile(session, None)
        assert (ids(whole), whole.total, whole.following) == (["ab", "de", "ce", "cd"], 4, None)
        seen, after = [], None
        for _ in range(4):
            page = pile(session, None, after, size=1)
            seen += ids(page)
            after = page.following
        assert (seen, after) == (ids(whole), None)


def test_each_sees_pairs_in_their_groups_with_the_names_of_these_alone(twins: Store) -> None:
    with twins.work() as work:
        contacts.join(work, "h", ["a"])
    with twins.reading() as session:
        for among, seen in ((["g"], ["ab", "cd"]), (["h"], []), (["g", "h"], ["ab", "de", "ce", "cd"]), ([], [])):
            found = pile(session, among)
            assert (ids(found), found.total) == (seen, len(seen))
        assert pile(session, ["g"]).pairs[0].one.groups == ("g",)
        assert [one.id for one in duplicates.of_contact(session, "c", ["g"])] == ["d"]
        assert [one.id for one in duplicates.of_contact(session, "c", None)] == ["d", "e"]


def test_pairs_that_are_not_listed_are_counted_and_strangers_are_not(store: Store) -> None:
    store.group("g")
    store.group("h")
    for number in range(12):
        store.contact(f"a{number:02}", person("Ada", "ada@x.example"), *("gh" if number < 9 else "g"))
        store.contact(
            f"s{number:02}",
            person("Bo Cy Dag Eva Finn Gry Hans Ida Jo Kai Lo Mo".split()[number], "order@y.example"),
            "g",
        )
    catch_up(store.database)
    with store.reading() as session:
        assert len(duplicates.everything(session)) == 6 * 5 // 2 + 6 * 6
        assert unlisted(session, None) == unlisted(session, ["g"]) == Unlisted(6 * 5 // 2, all=True)
        assert unlisted(session, ["h"]) == Unlisted(3 * 2 // 2, all=True)
        assert unlisted(session, []) == Unlisted(0, all=True)
    with store.work() as work:
        merging.dismiss(work, "a10", "a11")
    with store.reading() as session:
        assert unlisted(session, None) == Unlisted(6 * 5 // 2 - 1, all=True)


def test_those_that_wait_are_counted_as_far_as_one_looks(twins: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(*cases: tuple[list[str] | None, int]) -> None:
        with twins.reading() as session:
            assert [duplicates.waiting(session, among) for among, _ in cases] == [number for _, number in cases]

    counted((None, 4), (["g"], 2), (["h"], 0), (["g", "h"], 4), ([], 0))
    with twins.work() as work:
        merging.dismiss(work, "a", "b")
    counted((None, 3), (["g"], 1))
    monkeypatch.setattr(duplicates, "LOOKED", 1)  # cd, the least sure; and of h's contacts the first, a
    with twins.work() as work:
        contacts.join(work, "h", ["a"])
    counted((None, 1), (["g"], 1), (["h"], 0))
    with twins.work() as work:
        merging.dismiss(work, "c", "d")
    counted((None, 0), (["g"], 0), (["h"], 0))
    monkeypatch.setattr(duplicates, "LOOKED", 500)
    counted((None, 2), (["g"], 0))
    monkeypatch.setattr(duplicates, "MANY", 0)
    counted((None, 1))


def test_what_lies_in_the_trash_is_in_no_pair(twins: Store) -> None:
    with twins.work() as work:
        _, orphans = contacts.leave(work, [("g", "d")])
        contacts.trash(work, {contact: (left, "event") for contact, left in orphans.items()})
    with twins.reading() as session:
        assert ids(pile(session, None)) == ["ab", "ce"]
        assert ids(pile(session, ["g"])) == ["ab"]


def test_more_than_a_thousand_are_not_counted(twins: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST", 2)
    with twins.reading() as session:
        assert pile(session, None).total == 3


@pytest.mark.parametrize("after", ["", "x", "-", "10-a", "99999-a-b", "1-a-"])
def test_a_cursor_that_is_none_begins_at_the_beginning(twins: Store, after: str) -> None:
    with twins.reading() as session:
        assert ids(pile(session, None, after))[0] == "ab"


def test_rulings_are_kept_whole_and_listed_to_who_sees_both(twins: Store) -> None:
    with twins.work() as work:
        merged = merging.merge(work, "c", "e", (1, 1))
    with twins.work() as work:
        apart = merging.dismiss(work, "b", "a")
    with twins.reading() as session:
        assert duplicate_decisions.find(session, merged.id) == merged
        assert merged == MergeRecord(merged.id, "c", "e", undone=False, before=1, after=1, joined=("h",), left=("h",))
        assert duplicate_decisions.find(session, apart.id) == Apart(apart.id, "a", "b", undone=False)
        assert duplicate_decisions.are_apart(session, "a", "b")
        assert duplicate_decisions.are_apart(session, "b", "a")
        assert not duplicate_decisions.are_apart(session, "c", "e")
        for among, seen in ((None, [apart.id, merged.id]), (["g"], [apart.id]), (["h"], [merged.id]), ([], [])):
            found, following = duplicate_decisions.listed(session, among)
            assert ([one.what.id for one in found], following) == (seen, None)
        found, following = duplicate_decisions.listed(session, None, size=1)
        assert ([one.what.id for one in found], following) == ([apart.id], apart.id)
        assert [one.what.id for one in duplicate_decisions.listed(session, None, following)[0]] == [merged.id]
        assert found[0].titles == ("a", "b")
        with pytest.raises(NotFound):
            duplicate_decisions.find(session, "nothing")


def test_a_merge_and_its_undoing_on_both_databases(twins: Store) -> None:
    with twins.work() as work:
        merged = merging.merge(work, "a", "e", (1, 1))
    with twins.reading() as session:
        one = contacts.get(session, "a")
        assert (one.version, one.groups, contacts.get(session, "e").groups) == (2, ("g", "h"), ())
    with twins.work() as work:
        merging.undo(work, merged.id)
    with twins.reading() as session:
        back = contacts.get(session, "a")
        assert (back.card, back.groups) == (person("a", "ab@x.example", phone="+45 33 12 34 56"), ("g",))
        assert contacts.get(session, "e").groups == ("h",)
        undone = duplicate_decisions.find(session, merged.id)
        assert undone.undone
        assert ids(pile(session, None)) == ["ab", "de", "ce", "cd"]
