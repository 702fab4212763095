"""`sharesync demo` as people start it: two addresses, six people, and changes that travel while they watch.

How fast they travel is measured by `make bench`.
"""

import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

from sharesync.demo.company import ASTRID, BJORN, CHLOE, DAGNY, ERIK, FATIMA
from tests.cli.processes import started, until
from tests.dance import sign_in
from tests.demo.running import EVERYONE, SEES, SIZES, Demo, demo


def test_a_change_in_one_persons_contacts_stands_in_anothers_and_is_kept(tmp_path: Path) -> None:
    with demo(tmp_path) as running:
        running.wait_until_filled()
        first = sign_in(running.page, ASTRID)
        assert first.url == f"{running.page}/"
        assert "Customers" in first.text
        assert "Administrator" in first.text
        assert {user: running.own(user) for user in EVERYONE if running.own(user)} == {BJORN: 2, CHLOE: 1, ERIK: 2}

        email = running.a_customer()
        running.travel(email, "Travelled")

        running.call(BJORN, email, "Vandal")
        until(lambda: "yes" if "Travelled" in running.nicknames(BJORN, email) else "", running.process)
        assert "Vandal" not in running.nicknames(ASTRID, email)

        assert running.process.send(signal.SIGINT)[0] == 0
        assert "".join(running.process.err) == ""

    with demo(tmp_path) as running:
        assert {user: set(running.labels(user)) for user in EVERYONE} == SEES
        until(lambda: "yes" if "Travelled" in running.nicknames(ERIK, email) else "", running.process)
        label = next(one["id"] for one in running.hand(FATIMA, "labels") if one["name"] == "Press")
        running.hand(FATIMA, "create", person={"names": [{"givenName": "Ny"}]}, labels=[label])
        until(lambda: "yes" if running.labels(DAGNY)["Press"] == 81 else "", running.process)

        # A tag typed on a phone brings a customer under a label of everyone in Sales.
        customer = running.find(CHLOE, email)["resourceName"]
        running.hand(CHLOE, "edit", name=customer, person={"userDefined": [{"key": "Tags", "value": "key customer"}]})
        until(lambda: "yes" if running.labels(DAGNY)["Key customers"] == 6 else "", running.process)

        assert not (tmp_path / "var" / "demo" / "sharesync.log").exists()

        label = next(one["id"] for one in running.hand(ERIK, "labels") if one["name"] == "Suppliers")
        for one in running.hand(ERIK, "contacts", label=label)[:20]:
            running.hand(ERIK, "delete", name=one["resourceName"])
        until(lambda: "yes" if f"Mail to {ASTRID}" in running.received() else "", running.process)
        assert "Waits for your decision" in running.received()
        follow_the_readme(running, tmp_path)
        assert running.process.send(signal.SIGTERM)[0] == 0


def test_ctrl_c_while_it_starts_ends_it_too(tmp_path: Path) -> None:
    with started("demo", "--port", "0", "--sandbox-port", "0", environ={}, cwd=tmp_path) as process:
        until(lambda: "yes" if (tmp_path / "var" / "demo" / "sandbox.jsonl").exists() else "", process)
        assert process.send(signal.SIGINT)[0] == 0
    assert "".join(process.err) == ""


def follow_the_readme(running: Demo, folder: Path) -> None:
    """What it tells of programs and smart groups, as it stands there: token, `curl`, everyone's contacts, webhook.

    Only the ports are others, where somebody else has these.
    """
    told = (Path(__file__).parents[2] / "README.md").read_text()
    blocks = [
        block for block in re.findall(r"```\n(.*?)```", told, re.DOTALL) if "SHARESYNC_DATA_DIR=var/demo" in block
    ]
    assert ["curl" in block for block in blocks] == [False, True]
    script = "\n".join(["set -e", 'curl() { command curl --silent --show-error --fail-with-body "$@"; }', *blocks])
    script = script.replace("http://127.0.0.1:8000", running.page).replace("http://127.0.0.1:8001", running.sandbox)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shell = ["bash", "-c", script]
    typed = subprocess.run(
        shell, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert typed.returncode == 0, typed.stderr
    *_, nobody, made = (json.loads(line) for line in re.findall(r"^{.*?}$|{\"items.*?null}|{\"id.*}", typed.stdout))
    assert nobody["items"] == []
    for user in (ASTRID, BJORN, CHLOE, DAGNY, ERIK):
        until(partial(running.has, user, "ada@lovelace.example"), running.process)
        assert running.labels(user)["Customers"] == SIZES["Customers"] + 1
        assert running.find(user, "ada@lovelace.example")["fields"]["names"][0]["givenName"] == "Ada"
    until(lambda: "yes" if made["id"] in running.received() else "", running.process)
    assert "contact.created" in running.received()
    assert "ada@lovelace.example" not in running.received()
    assert "Renewal due" in running.labels(CHLOE)
