"""What a call costs in Google's units, and who has spent how much this minute.

Costs: People API guide "Read and Manage Contacts"; units whose price is not published count one. A refused call costs
nothing, and nothing of a call is charged unless all of it fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from threading import Lock

from sharesync.sandbox.errors import ApiError, Status
from sharesync.sandbox.wire import Json

_READ = {"critical_read": 1}
_SINGLE = {"critical_read": 1, "critical_write": 1, "daily_write": 1}
_BATCH = {"critical_read": 6, "critical_write": 6, "daily_write": 200}  # small batches, too
COSTS: Mapping[str, Mapping[str, int]] = {
    "people.people.connections.list": _READ,
    "people.people.get": _READ,
    "people.people.getBatchGet": _READ,
    "people.people.searchContacts": _READ,
    "people.people.createContact": _SINGLE,
    "people.people.updateContact": _SINGLE,
    "people.people.deleteContact": {"critical_write": 1},
    "people.people.batchCreateContacts": _BATCH,
    "people.people.batchUpdateContacts": _BATCH,
    "people.people.batchDeleteContacts": {"critical_write": 10},
    "people.people.updateContactPhoto": {"photo_write": 1},
    "people.people.deleteContactPhoto": {"photo_write": 1},
    "people.contactGroups.list": {"label_read": 1},
    "people.contactGroups.get": {"label_read": 1},
    "people.contactGroups.batchGet": {"label_read": 1},
    "people.contactGroups.create": {"label_write": 1},
    "people.contactGroups.update": {"label_write": 1},
    "people.contactGroups.delete": {"label_write": 1},
    "people.contactGroups.members.modify": {"label_write": 1},
}
_NAMES = {
    "critical_read": ("Critical read requests (Contact and Profile Reads)", "CriticalReads", "critical_read_requests"),
    "critical_write": ("Critical write requests (Contact Writes)", "CriticalWrites", "critical_write_requests"),
    "label_read": ("Contact group reads", "ContactGroupReads", "contact_group_read_requests"),
    "label_write": ("Contact group writes", "ContactGroupWrites", "contact_group_write_requests"),
    "photo_write": ("Contact photo writes", "ContactPhotoWrites", "contact_photo_write_requests"),
    "daily_write": ("Daily contact writes", "DailyContactWrites", "daily_contact_write_requests"),
}


class Meter:
    """Units spent per user, by fixed minutes (`daily_write`: by days) of the sandbox's clock."""

    def __init__(self) -> None:
        self._spent: dict[tuple[str, str], tuple[int, int]] = {}  # (user, unit) -> (window, units)
        self._lock = Lock()

    def charge(self, user_id: str, cost: Mapping[str, int], limits: Mapping[str, int] | None, now: datetime) -> None:
        """Books `cost`. Raises ApiError 429, with nothing booked, when a limit would be passed."""
        if limits is None:
            return
        with self._lock:
            booked: dict[tuple[str, str], tuple[int, int]] = {}
            for unit, units in cost.items():
                window = int(now.timestamp()) // (86_400 if unit == "daily_write" else 60)
                began, spent = self._spent.get((user_id, unit), (window, 0))
                total = units + (spent if began == window else 0)
                if total > limits.get(unit, total):
                    raise exceeded(unit)
                booked[user_id, unit] = (window, total)
            self._spent |= booked

    def reset(self) -> None:
        """Forgets what was spent."""
        with self._lock:
            self._spent.clear()


def exceeded(unit: str) -> ApiError:
    """The 429 for one unit, as observed for the documented ones and in general words for the rest."""
    if unit not in _NAMES:
        return ApiError(Status.RESOURCE_EXHAUSTED, "Resource has been exhausted (e.g. check quota).")
    shown, limit, metric = _NAMES[unit]
    span = "day" if unit == "daily_write" else "minute"
    message = (
        f"Quota exceeded for quota metric '{shown}' and limit '{shown} per {span} per user' of service "
        "'people.googleapis.com' for consumer 'project_number:123456789012'."
    )
    known: Json = {
        "quota_limit": f"{limit}Per{span.title()}PerProjectPerUser",
        "service": "people.googleapis.com",
        "quota_metric": f"people.googleapis.com/{metric}",
        "consumer": "projects/123456789012",
    }
    info = {"reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com", "metadata": known}
    return ApiError(
        Status.RESOURCE_EXHAUSTED, message, ({"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info},)
    )
