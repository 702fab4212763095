"""A running demo, and everyone's hands in it."""

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from typing import Any

from sharesync.demo.company import ASTRID, BJORN, CHLOE, DAGNY, ERIK, FATIMA
from tests.cli.processes import Process, started, until

EVERYONE = (ASTRID, BJORN, CHLOE, DAGNY, ERIK, FATIMA)
RENEWAL, BOUGHT, KEY = "Renewal within 30 days", "Bought this quarter", "Key customers"
SIZES = {"Customers": 120, "Suppliers": 103, "Press": 80, RENEWAL: 7, BOUGHT: 3, KEY: 5}
SEES = {
    ASTRID: {"Customers", "Suppliers", "Press", RENEWAL, BOUGHT},
    BJORN: {"Customers", "Suppliers", "Press", RENEWAL, BOUGHT, KEY},
    CHLOE: {"Customers", "Press", RENEWAL, BOUGHT, KEY},
    DAGNY: {"Customers", "Press", BOUGHT, KEY},
    ERIK: {"Customers", "Suppliers", "Press"},
    FATIMA: {"Suppliers", "Press"},
}


@dataclass
class Demo:
    """What the demo shows, and what its people do in it."""

    process: Process
    page: str
    sandbox: str

    def hand(self, user: str, act: str, **arguments: Any) -> Any:
        """One act of a user in front of their contacts."""
        url = f"{self.sandbox}/_sandbox/mailboxes/{user}/hands/{act}"
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(arguments).encode())) as reply:
            return json.load(reply)["result"]

    def labels(self, user: str) -> dict[str, int]:
        return {label["name"]: label["count"] for label in self.hand(user, "labels")}

    def a_customer(self) -> str:
        """The address of a customer."""
        label = next(one["id"] for one in self.hand(CHLOE, "labels") if one["name"] == "Customers")
        return str(self.hand(CHLOE, "contacts", label=label)[0]["fields"]["emailAddresses"][0]["value"])

    def find(self, user: str, email: str) -> dict[str, Any]:
        """The contact that has this address."""
        (found,) = self.hand(user, "contacts", search=email)
        return dict(found)

    def has(self, user: str, email: str) -> str:
        """What is said where a contact has this address."""
        return "yes" if self.hand(user, "contacts", search=email) else ""

    def nicknames(self, user: str, email: str) -> str:
        """The nicknames of a customer, as text."""
        return str(self.find(user, email)["fields"].get("nicknames", ""))

    def call(self, user: str, email: str, nickname: str) -> None:
        """Give a customer a nickname, by hand."""
        name = self.find(user, email)["resourceName"]
        self.hand(user, "edit", name=name, person={"nicknames": [{"value": nickname}]})

    def travel(self, email: str, nickname: str) -> None:
        """Change a customer as Chloé, and wait until it stands with Astrid."""
        self.call(CHLOE, email, nickname)
        until(lambda: "yes" if nickname in self.nicknames(ASTRID, email) else "", self.process)

    def received(self) -> str:
        """What people were told, as the sandbox shows it."""
        with urllib.request.urlopen(f"{self.sandbox}/received/") as reply:
            return str(reply.read().decode())

    def own(self, user: str) -> int:
        """How many contacts have no label but Google's own."""
        return len([one for one in self.hand(user, "contacts") if one["labels"] == ["myContacts"]])

    def wait_until_filled(self) -> None:
        wanted = {user: {group: SIZES[group] for group in groups} for user, groups in SEES.items()}
        until(lambda: "yes" if {user: self.labels(user) for user in EVERYONE} == wanted else "", self.process)


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    """The demo, where somebody else has its usual ports."""
    with create_server(("127.0.0.1", 0)) as one, create_server(("127.0.0.1", 0)) as two:
        taken = [str(server.getsockname()[1]) for server in (one, two)]
        words = ("--port", taken[0], "--sandbox-port", taken[1])
        with started("demo", *words, environ={}, cwd=folder) as process:
            process.says("Ctrl-C ends it")
            page, sandbox, *_ = re.findall(r"http://\S+:\d+", "".join(process.out))
            assert not {page.rpartition(":")[2], sandbox.rpartition(":")[2]} & set(taken)
            yield Demo(process, page, sandbox)
