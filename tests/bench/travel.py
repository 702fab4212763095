"""How long a change travels in the demo: from one person's Google Contacts to another's."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event

from tests.demo.running import demo


def seconds_to_travel(folder: Path, times: int = 8) -> tuple[float, list[float]]:
    """Seconds until the demo's mailboxes are filled, and until each of some changes stands with another person."""
    begun = time.monotonic()
    with demo(folder) as running:
        running.wait_until_filled()
        filled, took, email = time.monotonic() - begun, [], running.a_customer()
        for number in range(times):
            Event().wait(number / times)  # at another moment between two looks each time
            begun = time.monotonic()
            running.travel(email, f"Travelled {number}")
            took.append(time.monotonic() - begun)
    return filled, sorted(took)
