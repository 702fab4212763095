"""Events of the change log as files: JSON Lines, CSV, and the form that security tools read (OCSF).

OCSF: every event is an Entity Management activity (class 3004, OCSF schema 1.3), what it does not map stands under
`unmapped`. Values are not written: they are personal data, and erasing them must stay possible.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, TextIO

from sharesync.model.audit import Outcome, envelope


class LogFormat(Enum):
    """In what form events are exported."""

    JSONL = "jsonl"
    CSV = "csv"
    OCSF = "ocsf"


COLUMNS = (
    "seq", "id", "at", "action", "source", "actor", "outcome", "group", "contact", "mailbox", "fields",
    "before_version", "after_version", "reason", "cause", "pass",
)  # fmt: skip

EventRecord = Mapping[str, Any]
"""An event's columns by name, as the store gives them."""


def line(event: EventRecord) -> dict[str, Any]:
    """The line that `audit list --json` prints: the shape that scripts rely on, and what else there is to tell."""
    told = {
        "seq": event["seq"],
        "id": event["id"],
        "at": event["at"].isoformat(),
        "action": event["action"],
        "source": event["source"].value,
        "actor": f"{event['actor_kind'].value}:{event['actor']}",
        "outcome": event["outcome"].value,
        "group": event["group_id"],
        "contact": event["contact_id"],
        "fields": event["fields"],
        "cause": event["cause"],
    }
    more = {
        "mailbox": event["mailbox_id"],
        "before_version": event["before_version"],
        "after_version": event["after_version"],
        "reason": event["reason"] or None,
        "pass": event["pass_id"],
    }
    return told | {name: value for name, value in more.items() if value is not None}


def write(
    form: LogFormat, events: Iterable[EventRecord], out: TextIO, prove: Callable[[int], list[str]] | None = None
) -> None:
    """Write events. `prove` (JSON Lines alone) gives the inclusion proof of a `seq`, base64."""
    table = csv.writer(out) if form is LogFormat.CSV else None
    if table:
        table.writerow(COLUMNS)
    for event in events:
        told = line(event)
        if table:
            table.writerow([_cell(told.get(name)) for name in COLUMNS])
            continue
        if form is LogFormat.OCSF:
            told = ocsf(told, int(event["at"].timestamp() * 1000))
        elif prove:
            told |= {"envelope": envelope(event).decode(), "proof": prove(event["seq"])}
        out.write(json.dumps(told, ensure_ascii=False) + "\n")


def _cell(value: object) -> object:
    # A spreadsheet must not take what it reads for a formula; reasons are typed by people.
    text = " ".join(value) if isinstance(value, list) else value
    return "'" + text if isinstance(text, str) and text[:1] in "=+-@\t\r" and text else text


# --- OCSF ------------------------------------------------------------------------------------------------------------

_ENTITY_MANAGEMENT = 3004
_ACTIVITIES = {"create": 1, "list": 2, "read": 2, "update": 3, "rename": 3, "delete": 4, "erase": 4, "purge": 4}
"""OCSF activity by our verb; every other verb is 99, Other, and named in `activity_name`."""
_FAILURES = frozenset({Outcome.DENIED.value, Outcome.FAILED.value})
_UNKNOWN = frozenset({Outcome.HELD.value})


def ocsf(told: Mapping[str, Any], milliseconds: int) -> dict[str, Any]:
    """One line of the log as an OCSF 1.3 Entity Management event."""
    noun, _, verb = str(told["action"]).partition(".")
    activity = _ACTIVITIES.get(verb, 99)
    status = 2 if told["outcome"] in _FAILURES else 0 if told["outcome"] in _UNKNOWN else 1
    kind, _, actor = str(told["actor"]).partition(":")
    entity = told.get("contact") or told.get("group") or told.get("mailbox")
    event: dict[str, Any] = {
        "category_uid": 3,
        "class_uid": _ENTITY_MANAGEMENT,
        "activity_id": activity,
        "type_uid": _ENTITY_MANAGEMENT * 100 + activity,
        "severity_id": 3 if status == 2 else 1,
        "status_id": status,
        "time": milliseconds,
        "metadata": {
            "version": "1.3.0",
            "uid": told["id"],
            "product": {"name": "sharesync", "vendor_name": "sharesync"},
        },
        "actor": {"user": {"uid": actor, "type": kind, "type_id": 1 if kind in ("user", "mailbox") else 3}},
        "entity": {"type": noun, **({"uid": entity} if entity else {})},
        "unmapped": dict(told),
    }
    if activity == 99:
        event["activity_name"] = verb
    if told.get("reason"):
        event["comment"] = told["reason"]
    return event
