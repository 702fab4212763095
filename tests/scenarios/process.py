"""A pass in a process of its own, as the service runs it: for tests that kill it."""

from pathlib import Path

from sharesync.bootstrap import world
from sharesync.services.passes import run_pass
from sharesync.settings import Settings


def pass_over(environment: dict[str, str], folder: str, user_id: str) -> None:
    """One pass over one mailbox with the settings of this environment."""
    run_pass(world(Settings.from_environment(environment, Path(folder))), user_id)
