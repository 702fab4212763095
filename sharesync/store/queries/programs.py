"""Programs: services and tokens, as the page lists them; what changes one is not to be had here."""

from __future__ import annotations

from sharesync.store.records.services import listed as services
from sharesync.store.records.tokens import listed as tokens

__all__ = ["services", "tokens"]
