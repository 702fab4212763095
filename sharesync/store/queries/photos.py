"""Photos, as pages ask for them; what changes one is not to be had here."""

from __future__ import annotations

from sharesync.store.records.photos import contents, digest_of, named, of

__all__ = ["contents", "digest_of", "named", "of"]
