"""Each thing that can come back means exactly one error."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharesync import errors
from sharesync.google import failures
from sharesync.google.error_bodies import CallKind, Reply, retry_after
from sharesync.google.failures import Broken, sort_exception, sort_reply
from sharesync.google.transport import AnswerLost, NotSent

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HTML = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title>"
SECRET = "Ludmilla Geheim"


def body(status: str = "", message: str = SECRET, reasons: tuple[str, ...] = (), **info: Any) -> bytes:
    error: dict[str, Any] = {"code": 0, "message": message, "status": status}
    if reasons:
        error["errors"] = [{"message": message, "domain": "global", "reason": reason} for reason in reasons]
    if info:
        error["details"] = [info]
    return json.dumps({"error": error}).encode()


EXPIRED = "Sync token is expired. Clear local cache and retry call without the sync token."
QUOTA = (
    "Quota exceeded for quota metric 'Critical read requests' and limit 'Critical read requests per minute per user'"
)
STALE = "Request person.etag is different than the current person.etag. Clear local cache and get the latest person."

TABLE: list[tuple[str, CallKind, int, bytes, type[errors.GoogleError]]] = [
    ("a token that is not accepted", CallKind.LISTING, 401, body("UNAUTHENTICATED"), failures.Unauthenticated),
    ("the quota of a minute", CallKind.PERSONS, 429, body("RESOURCE_EXHAUSTED", QUOTA), errors.RetryLater),
    (
        "the back end's quota",
        CallKind.LISTING,
        429,
        body("RESOURCE_EXHAUSTED", violations=[{"subject": "QUOTA_EXCEEDED"}]),
        failures.Exhausted,
    ),
    ("429 from a proxy", CallKind.PERSONS, 429, HTML, errors.RetryLater),
    ("403 that means 429", CallKind.DIRECTORY, 403, body(reasons=("userRateLimitExceeded",)), errors.RetryLater),
    ("403 quota", CallKind.DIRECTORY, 403, body(reasons=("quotaExceeded",)), errors.RetryLater),
    ("aborted", CallKind.PERSONS, 409, body("ABORTED"), errors.RetryLater),
    ("precondition in the directory", CallKind.DIRECTORY, 412, body(reasons=("conditionNotMet",)), errors.RetryLater),
    ("an internal error", CallKind.PERSONS, 500, body("INTERNAL"), Broken),
    ("a bad gateway", CallKind.PERSONS, 502, HTML, errors.OutcomeUnknown),
    ("unavailable", CallKind.LABELS, 503, body("UNAVAILABLE"), errors.OutcomeUnknown),
    ("a gateway timeout", CallKind.PERSONS, 504, b"upstream request timeout", errors.OutcomeUnknown),
    ("a request timeout", CallKind.PERSONS, 408, HTML, errors.OutcomeUnknown),
    ("404 from a proxy", CallKind.PERSONS, 404, HTML, errors.MalformedReply),
    ("404 for a label from a proxy", CallKind.LABELS, 404, HTML, errors.MalformedReply),
    ("400 from a proxy", CallKind.DELTA, 400, HTML, errors.MalformedReply),
    ("403 from a proxy", CallKind.PERSONS, 403, HTML, errors.MalformedReply),
    ("a redirect", CallKind.PERSONS, 302, b"", errors.MalformedReply),
    (
        "an expired sync token",
        CallKind.DELTA,
        400,
        body("FAILED_PRECONDITION", EXPIRED, reason="EXPIRED_SYNC_TOKEN"),
        errors.SyncTokenExpired,
    ),
    (
        "an expired sync token, other status",
        CallKind.DELTA,
        400,
        body("INVALID_ARGUMENT", EXPIRED),
        errors.SyncTokenExpired,
    ),
    ("an expired sync token, older documentation", CallKind.DELTA, 410, body("", EXPIRED), errors.SyncTokenExpired),
    ("a foreign sync token", CallKind.DELTA, 400, body("INVALID_ARGUMENT"), errors.SyncTokenExpired),
    ("expired between two pages", CallKind.PAGE, 400, body("FAILED_PRECONDITION", EXPIRED), errors.PageTokenExpired),
    ("a foreign page token", CallKind.PAGE, 400, body("INVALID_ARGUMENT"), errors.PageTokenExpired),
    ("a listing without tokens refused", CallKind.LISTING, 400, body("INVALID_ARGUMENT"), failures.RequestRefused),
    (
        "a scope that is missing",
        CallKind.LISTING,
        403,
        body("PERMISSION_DENIED", reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        errors.Attention,
    ),
    (
        "a scope missing, older body",
        CallKind.LISTING,
        403,
        body(reasons=("insufficientPermissions",)),
        errors.Attention,
    ),
    (
        "the API not enabled",
        CallKind.LISTING,
        403,
        body("PERMISSION_DENIED", reason="SERVICE_DISABLED"),
        errors.Attention,
    ),
    ("Contacts switched off", CallKind.LABELS, 403, body("PERMISSION_DENIED"), errors.Attention),
    ("no rights in the directory", CallKind.DIRECTORY, 403, body(reasons=("forbidden",)), errors.Attention),
    (
        "a full mailbox, as quota",
        CallKind.NEW_PERSONS,
        429,
        body("RESOURCE_EXHAUSTED", "MY_CONTACTS_OVERFLOW_COUNT"),
        failures.MailboxFull,
    ),
    (
        "a full mailbox, as argument",
        CallKind.NEW_PERSONS,
        400,
        body("INVALID_ARGUMENT", violations=[{"description": "MY_CONTACTS_OVERFLOW_COUNT"}]),
        failures.MailboxFull,
    ),
    ("a label's name taken", CallKind.NEW_LABEL, 409, body("ALREADY_EXISTS"), errors.LabelNameTaken),
    ("a label's name taken, bare body", CallKind.NEW_LABEL, 409, body(), errors.LabelNameTaken),
    (
        "a label's new name taken",
        CallKind.LABELS,
        409,
        body("", "Contact group name already exists"),
        errors.LabelNameTaken,
    ),
    ("a stale label", CallKind.LABELS, 409, body("ABORTED", "Contact group etag is outdated"), errors.LabelStale),
    ("a stale label, other shape", CallKind.LABELS, 400, body("FAILED_PRECONDITION"), errors.LabelStale),
    ("a label that is gone", CallKind.LABELS, 404, body("NOT_FOUND"), errors.LabelMissing),
    ("a label refused for another reason", CallKind.LABELS, 400, body("INVALID_ARGUMENT"), failures.RequestRefused),
    ("a person born into a label that is gone", CallKind.NEW_PERSONS, 404, body("NOT_FOUND"), errors.LabelMissing),
    ("a stale person", CallKind.PERSONS, 400, body("FAILED_PRECONDITION", STALE), failures.PersonStale),
    (
        "a stale person, reported wording",
        CallKind.PERSONS,
        400,
        body("INVALID_ARGUMENT", "Request must contain only etag of latest resource"),
        failures.PersonStale,
    ),
    ("a stale person, older body", CallKind.PERSONS, 400, body("", "", ("failedPrecondition",)), failures.PersonStale),
    ("a person that is gone", CallKind.PERSONS, 404, body("NOT_FOUND"), failures.PersonMissing),
    ("a read by name that is not answered by name", CallKind.NAMED, 404, body("NOT_FOUND"), errors.MalformedReply),
    ("a person refused", CallKind.PERSONS, 400, body("INVALID_ARGUMENT"), failures.RequestRefused),
    ("a person too large", CallKind.PERSONS, 413, HTML, failures.RequestRefused),
    ("a Google group that is gone", CallKind.DIRECTORY, 404, body(reasons=("notFound",)), failures.EntryMissing),
    ("no error at all", CallKind.PERSONS, 101, b"", errors.MalformedReply),
]


@pytest.mark.parametrize(
    ("asked", "status", "content", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_reply_means_one_error(
    asked: CallKind, status: int, content: bytes, expected: type[errors.GoogleError]
) -> None:
    assert type(sort_reply(Reply(status, content), asked, NOW)) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NotSent(), errors.RetryLater),
        (AnswerLost(), errors.OutcomeUnknown),
        (TimeoutError(), errors.OutcomeUnknown),
        (ConnectionResetError(), errors.OutcomeUnknown),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, ""), errors.MalformedReply),
        (RecursionError(), errors.MalformedReply),
    ],
)
def test_each_exception_means_one_error(error: Exception, expected: type[errors.GoogleError]) -> None:
    assert type(sort_exception(error)) is expected


@given(
    status=st.integers(300, 599),
    asked=st.sampled_from(CallKind),
    content=st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["error", "details", "errors", "status", "reason", "message", "contactErrors", "code"]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
    ),
)
def test_every_reply_whatsoever_means_an_error_of_ours(status: int, asked: CallKind, content: bytes) -> None:
    error = sort_reply(Reply(status, content), asked, NOW)
    assert isinstance(error, errors.GoogleError)
    if status >= 500:
        assert isinstance(error, errors.OutcomeUnknown)
    else:
        assert not (isinstance(error, errors.OutcomeUnknown) and status != 408)


@pytest.mark.parametrize(("asked", "status", "content"), [row[1:4] for row in TABLE], ids=[row[0] for row in TABLE])
def test_no_sentence_repeats_what_google_said(asked: CallKind, status: int, content: bytes) -> None:
    error = sort_reply(Reply(status, content), asked, NOW)
    assert SECRET not in str(error)
    assert str(error).endswith(".")


def test_a_refusal_names_the_managed_fields_that_google_blames_and_nothing_else() -> None:
    message = f"Invalid value at 'person.email_addresses[0].value' and person.birthdays: {SECRET}"
    error = sort_reply(Reply(400, body("INVALID_ARGUMENT", message)), CallKind.PERSONS, NOW)
    assert str(error) == "Google refuses what this contact holds in birthdays, emailAddresses."


def test_a_batch_refusal_says_whom_it_is_about() -> None:
    each = {"0": {"code": 9, "message": SECRET}, "people/c2": {"code": 3, "message": f"person.names {SECRET}"}, "x": 1}
    error = sort_reply(Reply(400, body("INVALID_ARGUMENT", contactErrors=each)), CallKind.PERSONS, NOW)
    assert isinstance(error, failures.Judged)
    assert {key: blame.code for key, blame in error.each.items()} == {"0": 9, "people/c2": 3}
    assert error.each["people/c2"].sentence == "Google refuses what this contact holds in names."


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", NOW + timedelta(minutes=2)),
        ("Sat, 21 Nov 2026 12:05:00 GMT", NOW + timedelta(minutes=5)),
        ("Sat, 21 Nov 2026 11:05:00 GMT", NOW),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, expected: datetime | None) -> None:
    assert retry_after(header, NOW) == expected


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_kept_with_the_error(status: int) -> None:
    error = sort_reply(Reply(status, body("RESOURCE_EXHAUSTED"), "90"), CallKind.PERSONS, NOW)
    assert isinstance(error, errors.RetryLater)
    assert error.not_before == NOW + timedelta(seconds=90)


def test_the_back_ends_quota_is_left_alone_for_five_minutes() -> None:
    error = sort_reply(
        Reply(429, body("RESOURCE_EXHAUSTED", violations=[{"subject": "QUOTA_EXCEEDED"}])), CallKind.LISTING, NOW
    )
    assert isinstance(error, errors.RetryLater)
    assert (error.not_before, error.guess) == (None, NOW + timedelta(minutes=5))


def test_a_quota_of_a_day_is_left_alone_for_an_hour() -> None:
    spent = "Quota exceeded for quota metric 'Contact Writes' and limit 'Contact Writes per day per user'"
    error = sort_reply(Reply(429, body("RESOURCE_EXHAUSTED", spent)), CallKind.PERSONS, NOW)
    assert isinstance(error, errors.RetryLater)
    assert (error.not_before, error.guess) == (None, NOW + timedelta(hours=1))
