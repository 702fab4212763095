"""Quality: what may be wrong with contacts, or out of date. Each check is a filter that anyone may type."""

from __future__ import annotations

WRONG = ("invalid:email", "invalid:phone", "missing:required", "missing:email missing:phone", "duplicate:likely")
CHECKS = (*WRONG, "-changed>-1y", "-checked>-1y", "-entry>-1y")
"""What is looked for. How many contacts each finds is kept day by day under the line itself, so a line that means
something else is another check."""
