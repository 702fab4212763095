"""Python's collector of garbage: nobody is to wait for it needlessly.

By its own rule it would go through everything several times a page, and a hundred times while a command imports what it
runs: a fifth of the time that `status` takes. In a process that stays, what has been made before the first request
stays until the end; it is set apart.
"""

import gc


def seldom() -> None:
    """Look only once there is much that is new."""
    gc.set_threshold(50_000, 10, 10)


def set_apart() -> None:
    """Never look again at what has been made by now, and seldom at what is new."""
    gc.collect()
    gc.freeze()
    seldom()
