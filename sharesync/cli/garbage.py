"""Python's collector of garbage, in a process that stays: requests and passes are not to wait for it needlessly.

A page leaves a few thousand objects behind that refer to each other, and by its own rule the collector would go through
everything several times a page. What has been made before the first request stays until the end; it is set apart.
"""

import gc


def set_apart() -> None:
    """Never look again at what has been made by now, and at what is new only once there is much of it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
