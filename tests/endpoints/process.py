"""A courier in a process of its own, as the service runs it, that is killed at one of its steps."""

import os
import signal
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from sharesync.bootstrap import world
from sharesync.endpoints import posting
from sharesync.services.telling import delivery
from sharesync.settings import Settings


def deliver_and_die(environment: dict[str, str], folder: str, endpoint: str, at: int) -> None:
    """Tell one endpoint; the system kills the process at its `at`th step: a commit, or before or after a message."""
    steps = count(1)

    def step(*_: object) -> None:
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            step()

    post = posting.answer_to

    def watched(*words: Any) -> Any:
        step()
        answer = post(*words)
        step()
        return answer

    made = world(Settings.from_environment(environment, Path(folder)))
    event.listen(Engine, "commit", commit)
    posting.answer_to = watched  # type: ignore[assignment]  # this process is the test's own
    delivery.deliver(made, endpoint)
