"""What can be turned: where Google's behaviour is unknown or varies, and where a demo wants it mild."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from sharesync.sandbox.wire import Json

# Per user and minute, in Google's units; `daily_write` per user and day. Observed defaults of a new Cloud project.
GOOGLE_QUOTAS: Mapping[str, int] = {
    "critical_read": 90,
    "critical_write": 90,
    "label_read": 90,
    "label_write": 30,
    "photo_write": 50,
    "daily_write": 100_000,
    "full_sync": 60,
    "directory": 2_400,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Durations in seconds unless named otherwise; `quotas` maps units of GOOGLE_QUOTAS to limits, absent is free."""

    lag: float = 0.0  # contacts in lists and deltas; a direct get sees every write at once
    label_lag: float = 0.0  # the same for contactGroups.list
    new_label_lag: float = 0.0  # how long members.modify does not find a label just made (observed: about 2 s)
    label_data_lag: float = 0.0  # how long a label is shown without clientData after it was written (observed)
    quotas: Mapping[str, int] | None = None
    sync_days: float = 7.0
    sync_days_from: str = "full_sync"  # or "last_sync": what the days are counted from
    expired_status: str = "FAILED_PRECONDITION"  # or "INVALID_ARGUMENT"; both observed
    strict_etags: bool = False  # refuse etags minted by list and search
    errors_list: bool = False  # bodies with `errors`, as until 2023
    overflow_http: int = 429  # or 400; Google's is unknown
    contact_limit: int = 25_000
    stale_etag: str = "precondition"  # or "exhausted": the answer to a stale etag (the other was observed, rarely)
    batch_refusal: str = "whole"  # or "each": a batch does what it can, the status of each tells (by the reference)
    batch_delete_missing: str = "refuse"  # or "ignore"; Google's is unknown
    access_token_seconds: int = 3_599

    def changed(self, values: Json) -> Settings:
        """With `values` in place. Raises ValueError with one clear sentence for a name or value that does not fit."""
        known = {one.name: getattr(self, one.name) for one in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"There is no setting {name}; there are {', '.join(known)}.")
            if name == "quotas":
                fits = value is None or (isinstance(value, Mapping) and set(value) <= set(GOOGLE_QUOTAS))
            else:
                number = isinstance(known[name], int | float) and not isinstance(known[name], bool)
                fits = isinstance(value, int | float) if number else isinstance(value, type(known[name]))
            if not fits:
                raise ValueError(f"{value!r} does not fit the setting {name}.")
        return replace(self, **values)

    def as_json(self) -> Json:
        shown = {one.name: getattr(self, one.name) for one in fields(self)}
        return {**shown, "quotas": dict(self.quotas) if self.quotas is not None else None}
