"""Marks: what every linked person and label carries in `clientData`, signed so that nobody can forge a link.

A mark names the contact (or, for a label, the group) and ends in a signature by the store's own key. It finds a
create whose answer was lost, tells twins, and brings links back after the store was restored from a backup.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from sharesync.model.link import Origin

_LABEL = "label-"


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes and reads marks with one store's key (32 bytes)."""

    key: bytes

    def contact(self, contact: str, origin: Origin, photo: bytes | None = None) -> str:
        """The mark of a person that is this contact. It says, should the store forget, whose the person was.

        And which photo on it is ours, by its sign: any other is the user's.
        """
        name = contact if origin is Origin.CREATED else f"{contact}+{origin.value}"
        name = name if photo is None else f"{name}~{photo.hex()}"
        return f"{name}.{self._sign(name)}"

    def label(self, group: str) -> str:
        """The mark of this group's label."""
        name = _LABEL + group
        return f"{name}.{self._sign(name)}"

    def read_contact(self, mark: str) -> tuple[str, Origin] | None:
        """The contact that a mark names and the person's origin; None for a mark that we did not sign."""
        name = self._read(mark)
        if name is None or name.startswith(_LABEL):
            return None
        contact, _, origin = name.partition("~")[0].partition("+")
        return contact, Origin(origin) if origin else Origin.CREATED

    def vouched(self, marks: Iterable[str], photo: bytes | None) -> bytes | None:
        """The sign of the photo that a person shows, if one of the marks it carries says that it is ours; else None."""
        names = filter(None, map(self._read, marks))
        return next((photo for name in names if photo is not None and name.endswith(f"~{photo.hex()}")), None)

    def read_label(self, mark: str) -> str | None:
        """The group a label's mark names; None for a mark that we did not sign."""
        name = self._read(mark)
        return name.removeprefix(_LABEL) if name and name.startswith(_LABEL) else None

    def _read(self, mark: str) -> str | None:
        name, dot, signature = mark.rpartition(".")
        return (
            name if dot and hmac.compare_digest(signature.encode(errors="replace"), self._sign(name).encode()) else None
        )

    def _sign(self, name: str) -> str:
        return hmac.new(self.key, name.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:32]
