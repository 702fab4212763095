"""What is handed to whoever watches over us: a board and alerts that ask for what there is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from sharesync.model.mailbox import MailboxState
from tests.worlds import House

DEPLOY = Path(__file__).parents[2] / ".github/deploy"


def board() -> list[str]:
    """What every panel asks."""
    told = json.loads((DEPLOY / "grafana.json").read_text())
    return [target["expr"] for panel in told["panels"] for target in panel["targets"]]


def alerts() -> list[Any]:
    told = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())
    return [rule for group in told["groups"] for rule in group["rules"]]


@pytest.fixture
def told(shared: House, app: Flask) -> dict[str, set[str]]:
    """Every metric that there is, and the labels that it has."""
    shared.sync_directory()
    shared.edit("Ada", phones=["+45 33 12 34 56"])
    shared.workspace.directory.change_user(shared.address("cy"), contacts_on=False)
    shared.pass_over("cy")
    app.test_client().get("/metrics")
    found: dict[str, set[str]] = {}
    for line in app.test_client().get("/metrics").text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            parts = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            found |= {name + part: set() for part in parts}
        elif sample := re.match(r"(sharesync_\w+)\{(.*)\} ", line):
            found.setdefault(sample[1], set()).update(re.findall(r"(\w+)=\"", sample[2]))
    return found


@pytest.mark.parametrize("asked", [board(), [rule["expr"] for rule in alerts()]], ids=["board", "alerts"])
def test_what_is_asked_for_is_there(told: dict[str, set[str]], asked: list[str]) -> None:
    names = {name for one in asked for name in re.findall(r"\bsharesync_\w+", one)}
    assert len(names) > 4
    assert names <= told.keys()
    states = [states for one in asked for states in re.findall(r'state!?=~?"([a-z|]+)"', one)]
    assert {one for some in states for one in some.split("|")} <= {state.value for state in MailboxState}


def test_the_board_asks_for_labels_that_there_are(told: dict[str, set[str]]) -> None:
    for one in board():
        for by, name in re.findall(r"(?:max|sum) by \(([a-z, ]+)\) \(?(?:rate|increase)?\(?(sharesync_\w+)", one):
            if name in ("sharesync_mailboxes_behind", "sharesync_mailboxes", "sharesync_waiting"):
                assert set(by.split(", ")) <= told[name], one


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "action"}
