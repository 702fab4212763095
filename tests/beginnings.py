"""Where stories begin: lived through once a process, and turned back to by every test that begins there."""

from collections.abc import Callable

from tests.worlds import House, Snapshot

_BEGINNINGS: dict[tuple[object, ...], Snapshot] = {}


def begin(house: House, *told: object, by: Callable[[], object]) -> None:
    """Bring a House to where `by` brings it: that takes a hundred times as long as to turn it back.

    `told` is what tells this beginning from every other. Users who were asked for before stay the same ones.
    """
    key = id(house), *told
    snapshot = _BEGINNINGS.get(key)
    if snapshot is None:
        by()
        _BEGINNINGS[key] = house.snapshot()
    else:
        users = house.users
        house.rewind(snapshot)
        for name, user in users.items():
            vars(user).update(vars(house.users[name]))
        house.users = users
    house.forget_calls()
