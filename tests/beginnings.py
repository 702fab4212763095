"""Where stories begin: lived through once a process, and turned back to by every test that begins there."""

from collections.abc import Callable

from tests.users import Json
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


def begin_shared(house: House, group: str, *names: str | Json, **levels: str) -> None:
    """Bring a House on its first day to where a group is shared, and shown by everyone it was granted to."""

    def share() -> None:
        house.share(group, *names, **levels)
        house.sync_until_quiet()

    begin(house, "shared", group, repr(names), *sorted(levels.items()), by=share)
