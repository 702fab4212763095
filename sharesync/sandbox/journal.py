"""The Workspace on disk: one file of JSON lines, appended to with every change, read back whole at the start.

A line is written in one piece before the request that made it is answered, so a kill loses at most that line,
and a torn last line is cut off when read. Meant for the demo: the file is never made smaller. (No database: the
store alone speaks SQL, and this needs none.)
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from sharesync.sandbox.contact import LabelVersion, Profile, State, Version
from sharesync.sandbox.dates import rfc3339
from sharesync.sandbox.directory import Group, Unit, User
from sharesync.sandbox.mailbox import Change
from sharesync.sandbox.wire import Json, dumps
from sharesync.sandbox.workspace import Workspace


class Journal:
    """The file behind one Workspace. It holds the service account's key: it is made readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._file = -1

    def open(self, make: Callable[[], Workspace], **more: Any) -> Workspace:
        """The Workspace as the file has it, or the one `make` returns if there is no file; from now on it is kept.

        `more` goes to the constructor of a Workspace that is read back.
        """
        workspace = self._read(**more) if self._path.exists() and self._path.stat().st_size else make()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.keep(workspace)
        workspace.sink = self._write_change
        workspace.directory.sink = lambda: self.keep(workspace)
        workspace.turned = lambda: self.keep(workspace)
        return workspace

    def keep(self, workspace: Workspace) -> None:
        """Writes down everything but the mailboxes."""
        self._append({"workspace": _workspace_json(workspace)})

    def close(self) -> None:
        """Lets go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write_change(self, user_id: str, change: Change) -> None:
        kind, name, version = change
        self._append({"box": user_id, "kind": kind, "id": name, "version": _version_json(version)})

    def _append(self, line: Json) -> None:
        with self._lock:
            if self._file >= 0:
                os.write(self._file, dumps(line).encode() + b"\n")

    def _read(self, **more: Any) -> Workspace:
        last: Json = {}
        changes: dict[str, list[Change]] = {}
        for line in self._lines():
            if "workspace" in line:
                last = line["workspace"]
            else:
                version = _label(line["version"]) if line["kind"] == "label" else _version(line["version"])
                changes.setdefault(line["box"], []).append((line["kind"], line["id"], version))
        workspace = _workspace(last, **more)
        for user_id, rows in changes.items():
            workspace.mailbox(user_id).restore(rows)
        return workspace

    def _lines(self) -> Iterator[Json]:
        good = 0
        with self._path.open("rb") as file:
            for raw in file:
                try:
                    line = json.loads(raw)
                except ValueError:
                    break
                if not raw.endswith(b"\n"):
                    break
                good += len(raw)
                yield line
        os.truncate(self._path, good)


def _workspace_json(workspace: Workspace) -> Json:
    directory = workspace.directory
    return {
        "domain": directory.domain,
        "customer_id": directory.customer_id,
        "region": workspace.region,
        "private_key": workspace.authority.private_key,
        "offset": workspace.offset.total_seconds(),
        "settings": workspace.settings.as_json(),
        "users": [
            {**asdict(user), "created": _moment(user.created), "deleted": _moment(user.deleted)}
            for user in directory.users.values()
        ],
        "groups": [asdict(group) for group in directory.groups.values()],
        "units": [asdict(unit) for unit in directory.units.values()],
    }


def _workspace(raw: Json, **more: Any) -> Workspace:
    made = Workspace(
        raw["domain"],
        region=raw["region"],
        private_key=raw["private_key"],
        customer_id=raw["customer_id"],
        **more,
    )
    made.offset = timedelta(seconds=raw["offset"])
    made.settings = made.settings.changed(raw["settings"])
    made.directory.load(
        (_user(row) for row in raw["users"]),
        (Group(**{**row, "members": tuple(row["members"])}) for row in raw["groups"]),
        (Unit(**row) for row in raw["units"]),
    )
    return made


def _user(row: Json) -> User:
    times = {name: _time(row[name]) for name in ("created", "deleted")}
    return User(**{**row, **times, "aliases": tuple(row["aliases"])})


def _version_json(version: Version | LabelVersion) -> Json:
    shown: Json = {one.name: getattr(version, one.name) for one in fields(version) if one.name != "texts"}
    shown["at"], shown["updated"] = rfc3339(version.at), rfc3339(version.updated)
    if isinstance(version, Version):
        shown["state"] = version.state.value
        shown["profile"] = asdict(version.profile) if version.profile else None
    return shown


def _version(raw: Json) -> Version:
    return Version(
        seq=raw["seq"],
        at=datetime.fromisoformat(raw["at"]),
        updated=datetime.fromisoformat(raw["updated"]),
        etag=raw["etag"],
        resource_name=raw["resource_name"],
        fields={field: tuple(items) for field, items in raw["fields"].items()},
        labels=tuple(raw["labels"]),
        state=State(raw["state"]),
        photo=raw["photo"],
        profile=Profile(**raw["profile"]) if raw["profile"] else None,
        previous=tuple(raw["previous"]),
    )


def _label(raw: Json) -> LabelVersion:
    times = {"at": datetime.fromisoformat(raw["at"]), "updated": datetime.fromisoformat(raw["updated"])}
    return LabelVersion(**{**raw, **times, "client_data": tuple((key, value) for key, value in raw["client_data"])})


def _moment(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
