"""Marks: what every linked person and label carries in `clientData`, signed so that nobody can forge a link.

A mark names the contact (or, for a label, the group) and ends in a signature by the store's own key. It finds a
create whose answer was lost, tells twins, and brings links back after the store was restored from a backup.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

_LABEL = "label-"


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes and reads marks with one store's key (32 bytes)."""

    key: bytes

    def contact(self, contact: str) -> str:
        """The mark of a person that is this contact."""
        return f"{contact}.{self._sign(contact)}"

    def label(self, group: str) -> str:
        """The mark of this group's label."""
        return self.contact(_LABEL + group)

    def read_contact(self, mark: str) -> str | None:
        """The contact a mark names; None for a mark that we did not sign."""
        name = self._read(mark)
        return None if name is None or name.startswith(_LABEL) else name

    def read_label(self, mark: str) -> str | None:
        """The group a label's mark names; None for a mark that we did not sign."""
        name = self._read(mark)
        return name.removeprefix(_LABEL) if name and name.startswith(_LABEL) else None

    def _read(self, mark: str) -> str | None:
        name, dot, signature = mark.rpartition(".")
        return name if dot and hmac.compare_digest(signature.encode(), self._sign(name).encode()) else None

    def _sign(self, name: str) -> str:
        return hmac.new(self.key, name.encode(), hashlib.sha256).hexdigest()[:32]
