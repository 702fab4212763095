"""Google groups flattened: who is in one, whatever its nesting."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sharesync.model.directory import GoogleGroup, Member, MemberKind
from sharesync.services.directory import flatten

USERS = frozenset({"u1", "u2", "u3"})
A, B, C = (GoogleGroup(f"g-{name}", f"{name}@x.test", aliases=(f"{name}s@x.test",)) for name in "abc")


def is_user(user: str) -> Member:
    return Member(MemberKind.USER, user, f"{user}@x.test")


def is_group(group: GoogleGroup) -> Member:
    return Member(MemberKind.GROUP, group.id, group.email)


ALL = Member(MemberKind.CUSTOMER, "C0customer")
GUEST = Member(MemberKind.EXTERNAL, "u1", "guest@elsewhere.test")
"""From elsewhere; that its id is one of ours means nothing."""


def flat(*members: Sequence[Member]) -> dict[str, frozenset[str]]:
    direct = {group.id: list(some) for group, some in zip((A, B, C), members, strict=False)}
    return flatten([A, B, C], direct, USERS)


def test_a_group_holds_its_own_members_and_those_of_nested_groups() -> None:
    assert flat([is_user("u1"), is_group(B)], [is_user("u2"), is_group(C)], [is_user("u3")]) == {
        A.id: {"u1", "u2", "u3"},
        B.id: {"u2", "u3"},
        C.id: {"u3"},
    }


def test_a_circle_ends() -> None:
    everyone = {"u1", "u2", "u3"}
    circle = flat([is_user("u1"), is_group(B)], [is_user("u2"), is_group(C)], [is_user("u3"), is_group(A)])
    assert circle == {A.id: everyone, B.id: everyone, C.id: everyone}


def test_a_group_in_itself_holds_its_other_members() -> None:
    assert flat([is_group(A), is_user("u1")])[A.id] == {"u1"}


def test_the_customer_means_everyone() -> None:
    assert flat([ALL], [is_group(A)], [])[B.id] == USERS


def test_guests_and_users_that_are_no_more_are_nobody() -> None:
    assert flat([GUEST, is_user("u-gone")])[A.id] == frozenset()


def test_a_nested_group_is_known_by_id_else_by_any_of_its_addresses() -> None:
    for email in ("b@x.test", "B@X.test", "bs@x.test"):
        assert flat([Member(MemberKind.GROUP, "", email)], [is_user("u2")])[A.id] == {"u2"}
    assert flat([Member(MemberKind.GROUP, B.id)], [is_user("u2")])[A.id] == {"u2"}


def test_a_group_from_elsewhere_is_nobody() -> None:
    assert flat([Member(MemberKind.GROUP, "g-else", "team@elsewhere.test"), is_user("u1")])[A.id] == {"u1"}


MEMBERS = st.lists(
    st.one_of(
        st.sampled_from(["u1", "u2", "u3", "u-gone"]).map(is_user),
        st.sampled_from([A, B, C]).map(is_group),
        st.just(GUEST),
        st.just(Member(MemberKind.GROUP, "g-else", "team@elsewhere.test")),
    ),
    max_size=4,
)


@given(MEMBERS, MEMBERS, MEMBERS)
def test_flattening_is_the_smallest_answer_that_nesting_allows(
    a: list[Member], b: list[Member], c: list[Member]
) -> None:
    """Said another way than it is computed: grow every group by its nested groups until nothing grows."""
    direct = {A.id: a, B.id: b, C.id: c}
    expected = {name: {one.id for one in some if one.kind is MemberKind.USER} & USERS for name, some in direct.items()}
    for _ in direct:
        for name, some in direct.items():
            for one in some:
                if one.kind is MemberKind.GROUP:
                    expected[name] |= expected.get(one.id, set())
    assert flat(a, b, c) == expected


@given(MEMBERS, MEMBERS, st.permutations([A, B, C]))
def test_the_order_of_groups_and_members_means_nothing(
    a: list[Member], b: list[Member], order: list[GoogleGroup]
) -> None:
    assert flatten(order, {B.id: b[::-1], A.id: a[::-1]}, USERS) == flat(a, b)


@given(MEMBERS, MEMBERS, MEMBERS)
def test_one_member_more_never_means_fewer_users(a: list[Member], b: list[Member], c: list[Member]) -> None:
    before, after = flat(a, b, c), flat([*a, is_group(C)], b, c)
    assert all(before[name] <= after[name] for name in before)
    assert after[C.id] <= after[A.id]
