"""What an auditor checks by hand: the bytes of an envelope, and what vouches for its values."""

import hashlib
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sharesync.model.audit import Outcome, commitment, envelope


def test_an_envelope_is_one_line_of_json_with_its_keys_sorted() -> None:
    told = envelope({"seq": 7, "at": datetime(2026, 3, 2, 12, tzinfo=UTC), "action": "contact.update", "fields": ["ø"]})
    assert told == '{"action":"contact.update","at":"2026-03-02T12:00:00.000000+00:00","fields":["ø"],"seq":7}'.encode()


def test_of_every_column_only_the_leaf_does_not_count() -> None:
    columns = {"seq": 7, "outcome": Outcome.OK, "group": None}
    assert envelope(columns | {"leaf": b"hash"}) == envelope(columns) == b'{"group":null,"outcome":"ok","seq":7}'


def test_a_moment_is_told_in_utc_to_the_microsecond_wherever_it_was_taken() -> None:
    there = datetime(2026, 3, 2, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert envelope({"at": there}) == b'{"at":"2026-03-02T12:00:00.000005+00:00"}'


def test_a_moment_is_told_in_utc_on_a_machine_that_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        told = envelope({"at": datetime(2026, 3, 2, 12, tzinfo=UTC)})
    time.tzset()
    assert told == b'{"at":"2026-03-02T12:00:00.000000+00:00"}'


def test_what_no_log_can_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="a set in the log"):
        envelope({"fields": {"names"}})


def test_a_commitment_is_the_salted_hash_of_event_field_before_and_after() -> None:
    told = b'["e1","names",null,[{"givenName":"Ida"}]]'
    assert (
        commitment(b"salt", "e1", "names", None, [{"givenName": "Ida"}]) == hashlib.sha256(b"salt" + told).hexdigest()
    )
