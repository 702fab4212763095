"""Others' judgement of the REST API, in environments of their own: `make judge`.

Spectral reads the document that describes it. openapi-python-client makes a client from that, with which
`generated.py` works. schemathesis sends what the document allows, and what it does not, with a fixed seed: it takes
minutes. Where there is no npm, Spectral says nothing, and this says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.server import create_server

import web
from sharesync.settings import Settings
from tests.api.conftest import calling, make_token
from tests.web.conftest import SIGN_IN, build, share_two_groups
from web.frame import limits

HERE = Path().absolute()
JUDGES = HERE / "var/judge/bin"
SPECTRAL = HERE / "var/spectral/node_modules/.bin/spectral"
EXAMPLES, SEED = 20, 1
# What is right by its shape may still be refused: for want of a right, a version, or a value that no shape can tell.
EXPECTED = """
[checks]
positive_data_acceptance.expected-statuses = [
  "2xx", "304", "401", "403", "404", "409", "410", "412", "422", "428", "429",
]
# A key that is sent again gets the answer of then, whatever was deleted since.
ensure_resource_availability.enabled = false
"""
# Whom to ask about a sharesync is whoever runs it, and no file of ours knows them.
RULES = """
extends: ["spectral:oas"]
rules:
  info-contact: off
"""
# It knows files by that name alone.
GENERATING = """
content_type_overrides:
  image/jpeg: application/octet-stream
  image/*: application/octet-stream
  application/jsonl: application/octet-stream
  text/vcard: application/octet-stream
  text/csv: application/octet-stream
"""


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """A House with two groups behind a port: the API's address, an administrator's token; its document in a file."""
    house = build(folder)
    share_two_groups(house)
    limits.BY_PROGRAM = 1_000_000
    limits.limiter.request_filter(lambda: True)
    app = web.create_app(house.world, Settings.from_environment(SIGN_IN, folder))
    (folder / "openapi.json").write_text(calling(app).get("/api/v1/openapi.json").text)
    server = create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/api/v1", make_token(house, "anna").text
    server.close()
    house.close()


def spectral(folder: Path) -> bool:
    """Whether it finds nothing to say of the document."""
    if not SPECTRAL.exists():
        sys.stderr.write("SKIPPED: no npm, so Spectral judges nothing. Install Node.js, and `rm -r var/spectral`.\n")
        return True
    (folder / "rules.yaml").write_text(RULES)
    return _is_well(folder, str(SPECTRAL), "lint", "openapi.json", "--ruleset", "rules.yaml", "--fail-severity", "warn")


def generated_client(folder: Path, url: str, token: str) -> bool:
    """Whether a client can be made of the document, without a word, and be worked with."""
    (folder / "generating.yaml").write_text(GENERATING)
    made = _is_well(
        folder, str(JUDGES / "openapi-python-client"), "generate", "--path", "openapi.json", "--meta", "none",
        "--output-path", "generated_client", "--config", "generating.yaml", "--fail-on-warning",
    )  # fmt: skip
    return made and _is_well(folder, str(JUDGES / "python"), str(HERE / "tests/api/generated.py"), url, token)


def schemathesis(folder: Path, url: str, token: str) -> bool:
    """Whether every answer is one that the document knows."""
    (folder / "schemathesis.toml").write_text(EXPECTED)
    return _is_well(
        folder, str(JUDGES / "schemathesis"), "--config-file", "schemathesis.toml", "run", f"{url}/openapi.json",
        "-H", f"Authorization: Bearer {token}", "-n", str(EXAMPLES), "--seed", str(SEED), "--workers", "1",
    )  # fmt: skip


def _is_well(folder: Path, *command: str) -> bool:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # the generator calls ruff
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode == 0


def judge(folder: Path) -> bool:
    """Ask all of them, whatever the others say."""
    with served(folder) as (url, token):
        return all([spectral(folder), generated_client(folder, url, token), schemathesis(folder, url, token)])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.exit(0 if judge(Path(made)) else 1)
