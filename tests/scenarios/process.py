"""A pass in a process of its own, as the service runs it: for tests that kill it, or freeze it."""

import sys
from pathlib import Path

from sharesync.bootstrap import world
from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass.run import run_pass
from sharesync.settings import Settings

BUSY = 75


def pass_over(environment: dict[str, str], folder: str, user_id: str) -> None:
    """One pass over one mailbox with the settings of this environment; ends with `BUSY` where another has the claim."""
    try:
        run_pass(world(Settings.from_environment(environment, Path(folder))), user_id)
    except MailboxBusy:
        sys.exit(BUSY)
