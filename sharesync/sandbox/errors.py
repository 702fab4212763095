"""Google's refusals, as errors that know their own body.

Two shapes exist: the canonical one of the People API (`status`, `details`, and `errors` only in bodies older than 2026)
and the classic one of the Directory API (`errors` with a reason, no `status`).
"""

from __future__ import annotations

from enum import Enum

from sharesync.sandbox.wire import Json


class Status(Enum):
    """google.rpc.Code: HTTP status, gRPC code, and the reason word that stands in an `errors` list."""

    INVALID_ARGUMENT = (400, 3, "badRequest")
    FAILED_PRECONDITION = (400, 9, "failedPrecondition")
    UNAUTHENTICATED = (401, 16, "authError")
    PERMISSION_DENIED = (403, 7, "forbidden")
    NOT_FOUND = (404, 5, "notFound")
    ALREADY_EXISTS = (409, 6, "alreadyExists")
    ABORTED = (409, 10, "aborted")
    RESOURCE_EXHAUSTED = (429, 8, "rateLimitExceeded")
    INTERNAL = (500, 13, "backendError")
    UNIMPLEMENTED = (501, 12, "notImplemented")
    UNAVAILABLE = (503, 14, "backendError")

    @property
    def http(self) -> int:
        return self.value[0]

    @property
    def grpc(self) -> int:
        return self.value[1]

    @property
    def reason(self) -> str:
        return self.value[2]


class ApiError(Exception):
    """A refusal in the canonical shape. `details` are google.rpc messages with their `@type`."""

    def __init__(
        self,
        status: Status,
        message: str,
        details: tuple[Json, ...] = (),
        headers: tuple[tuple[str, str], ...] = (),
        http: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
        self.headers = headers
        self.http = http if http is not None else status.http

    def body(self, *, with_errors: bool = False) -> Json:
        error: Json = {"code": self.http, "message": self.message}
        if with_errors:
            error["errors"] = [{"message": self.message, "domain": "global", "reason": self.status.reason}]
        error["status"] = self.status.name
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}

    def as_status(self) -> Json:
        """google.rpc.Status, as it stands for one contact inside a batch."""
        return {"code": self.status.grpc, "message": self.message}


class DirectoryError(ApiError):
    """A refusal in the classic shape of the Directory API."""

    def __init__(self, http: int, reason: str, message: str) -> None:
        status = {400: Status.INVALID_ARGUMENT, 404: Status.NOT_FOUND, 403: Status.PERMISSION_DENIED}[http]
        super().__init__(status, message)
        self.reason = reason

    def body(self, *, with_errors: bool = True) -> Json:
        entry = {"message": self.message, "domain": "global", "reason": self.reason}
        return {"error": {"code": self.http, "message": self.message, "errors": [entry]}}


class OAuthError(Exception):
    """A refusal of the token endpoint: RFC 6749 `error` and `error_description`."""

    def __init__(self, http: int, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.http = http
        self.error = error
        self.description = description


def invalid_argument(message: str = "Request contains an invalid argument.") -> ApiError:
    """400 INVALID_ARGUMENT, by default in Google's general words."""
    return ApiError(Status.INVALID_ARGUMENT, message)


def not_found() -> ApiError:
    """404 NOT_FOUND."""
    return ApiError(Status.NOT_FOUND, "Requested entity was not found.")


def bad_request(violations: list[tuple[str, str]]) -> ApiError:
    """What the JSON front end answers: all violations, a line each, and as google.rpc.BadRequest."""
    listed = [{"field": at, "description": text} if at else {"description": text} for at, text in violations]
    detail: Json = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}
    return ApiError(Status.INVALID_ARGUMENT, "\n".join(text for _, text in violations), (detail,))
