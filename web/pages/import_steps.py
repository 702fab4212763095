"""What is known of an import between its steps: where it goes, what it would do, what it did."""

from __future__ import annotations

from dataclasses import dataclass

from sharesync.formats.file_reading import FileReading, Mapping
from sharesync.services.findings import FileFindings
from sharesync.services.import_entries import Imported
from sharesync.services.imports import Likely, NewGroup


@dataclass(frozen=True, slots=True)
class Into:
    """The group that a file goes into: one that is there, or one that the import makes."""

    id: str
    name: str

    @property
    def asked(self) -> dict[str, str]:
        """What says it in an address or a form."""
        return {"group": self.id} if self.id else {"new": self.name}

    @property
    def target(self) -> str | NewGroup:
        """What the import is told."""
        return self.id or NewGroup(self.name)


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would do, as it was found."""

    into: Into
    reading: FileReading
    mapping: Mapping | None
    report: Imported
    alike: list[Likely]
    findings: FileFindings


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did, and the id of its event."""

    event: str
    report: Imported
