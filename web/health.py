"""Health: what a machine asks that watches over us. It learns whether we live, and nothing else."""

from __future__ import annotations

from web.needs import OPEN, Pages

pages = Pages("health", __name__)


@pages.get("/healthz", needs=OPEN)
def alive() -> tuple[str, int, dict[str, str]]:
    """This process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain"}
