"""Somebody else's judgement of the REST API: schemathesis sends what the document allows, and what it does not.

`make judge` runs it, with a fixed seed: it takes minutes. It lives in an environment of its own, which it alone needs.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from waitress.server import create_server

import web
from sharesync.settings import Settings
from tests.api.conftest import make_token
from tests.web.conftest import SIGN_IN, build, share_two_groups
from web.frame import limits

SCHEMATHESIS = Path("var/judge/bin/schemathesis")
EXAMPLES, SEED = 20, 1
# What is right by its shape may still be refused: for want of a right, a version, or a value that no shape can tell.
EXPECTED = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "404", "409", "412", "422", "428", "429"]
# A key that is sent again gets the answer of then, whatever was deleted since.
ensure_resource_availability.enabled = false
"""


def judge(folder: Path) -> int:
    """Serve a House, let it be judged, and return the judge's exit status."""
    house = build(folder)
    share_two_groups(house)
    limits.BY_PROGRAM = 1_000_000
    limits.limiter.request_filter(lambda: True)
    server = create_server(
        web.create_app(house.world, Settings.from_environment(SIGN_IN, folder)), host="127.0.0.1", port=0
    )
    threading.Thread(target=server.run, daemon=True).start()
    (folder / "schemathesis.toml").write_text(EXPECTED)
    command = [
        *(str(SCHEMATHESIS.absolute()), "--config-file", str(folder / "schemathesis.toml"), "run"),
        f"http://127.0.0.1:{server.effective_port}/api/v1/openapi.json",
        *("-H", f"Authorization: Bearer {make_token(house, 'anna').text}"),
        *("-n", str(EXAMPLES), "--seed", str(SEED), "--workers", "1"),
    ]
    status = subprocess.run(command, cwd=folder, check=False).returncode
    server.close()
    house.close()
    return status


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.exit(judge(Path(made)))
