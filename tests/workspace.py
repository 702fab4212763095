"""Google's side of the House: its small Workspace, and what can be made to happen there while a call is on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sharesync.sandbox.errors import invalid_argument
from sharesync.sandbox.front import refused
from sharesync.sandbox.oauth import DELEGATED
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.wire import Drop, Reply, Request
from sharesync.sandbox.workspace import Workspace
from tests.users import Json

DOMAIN = "north.test"
NAMES = ("anna", "bo", "cy", "dag", "eva", "fin")
DESCRIPTION: Json = {
    "domain": DOMAIN,
    "org_units": ["/Office", "/Sales", "/Sales/North"],
    "users": [
        {"email": f"anna@{DOMAIN}", "name": "Anna Ågård", "admin": True},
        {"email": f"bo@{DOMAIN}", "name": "Bo Bøgh", "ou": "/Office", "aliases": [f"bob@{DOMAIN}"]},
        {"email": f"cy@{DOMAIN}", "name": "Cy Çelik", "ou": "/Office"},
        {"email": f"dag@{DOMAIN}", "name": "Dag Dæhlie", "ou": "/Sales"},
        {"email": f"eva@{DOMAIN}", "name": "Eva Ekström", "ou": "/Sales/North"},
        {"email": f"fin@{DOMAIN}", "name": "Fin Ó Fionn"},
    ],
    "groups": [
        {"email": f"team@{DOMAIN}", "name": "Team", "members": [f"cy@{DOMAIN}", f"dag@{DOMAIN}"]},
        {"email": f"all-teams@{DOMAIN}", "name": "All teams", "members": [f"team@{DOMAIN}", f"eva@{DOMAIN}"]},
    ],
}


def make_key() -> str:
    """A service account's key, as short as may be: tests sign and check with it all day."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, bare).decode()


@dataclass(slots=True)
class Meanwhile:
    """What happens while a call is on its way: the first whose address holds `words`, after `skip` others."""

    words: str
    act: Callable[[], object]
    skip: int


HANG_UP = Reply(0, b"", drop=Drop.NOTHING)


class WatchedWorkspace(Workspace):
    """A Workspace that numbers its calls and lets things happen just before one is carried out, or just after."""

    calls = 0
    watch: Callable[[int, str], bool] = staticmethod(lambda number, when: False)
    """Asked at each call, by number, `before` it is carried out and `after`: True hangs up without an answer."""
    poison = b""
    """Words for which Google refuses every request, without saying why."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.meanwhiles: list[Meanwhile] = []

    def kind_again(self) -> None:
        """Take back every fault, setting and listener, and count from nought."""
        self.settings, self.poison, self.calls = Settings(), b"", 0
        self.authority.delegated = DELEGATED
        self.faults.clear()
        self.log.clear()
        self.meter.reset()
        self.meanwhiles.clear()
        self.watch = lambda number, when: False

    def handle(self, request: Request) -> Reply:
        self.calls += 1
        number = self.calls
        if self.watch(number, "before"):
            return HANG_UP
        for one in [one for one in self.meanwhiles if one.words in request.path]:
            one.skip -= 1
            if one.skip < 0:
                self.meanwhiles.remove(one)
                one.act()
        if self.poison and self.poison in request.body:
            return refused(self, invalid_argument())
        reply = super().handle(request)
        return HANG_UP if self.watch(number, "after") else reply
