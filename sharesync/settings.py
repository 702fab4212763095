"""Settings: every variable of the environment that sharesync knows, read once and typed.

- Environment first, then `.env` in the working directory, then the default. An empty value is no value.
- What is wrong is found here and nowhere later: a `SettingsError` whose one sentence names the variable.
- What only some commands need is asked for when they need it (`google_admin_required`), so that listing
  contacts works without a Google key.
- Secrets are never part of a `repr` and never of a sentence.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from sharesync.environment import SHORTEST_SECRET, Environment, dotenv, wrong
from sharesync.model.hosts import Network

GOOGLE_PEOPLE = "https://people.googleapis.com"
GOOGLE_DIRECTORY = "https://admin.googleapis.com"
GOOGLE_IAM = "https://iamcredentials.googleapis.com"
GOOGLE_ISSUER = "https://accounts.google.com"

# The dearest single request, a batch of creates or updates, costs this much of either quota (People API, "Read and
# manage contacts"); a smaller budget could never send one.
BATCH_PRICE = 6
LONGEST_INTERVAL = 24 * 3600
"""A mailbox is read once a day at least: Google's sync tokens live for a week, and weekly readings want their turn."""


class QueueKind(Enum):
    """Where due mailboxes wait for a worker."""

    LOCAL = "local"
    PROCRASTINATE = "procrastinate"


class LineFormat(Enum):
    """How the lines of a service's log are written."""

    TEXT = "text"
    JSON = "json"


class Sharers(Enum):
    """Who may make a new group of a label of their own."""

    ADMINISTRATORS = "administrators"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one process. Times are seconds unless the name says otherwise; paths are absolute.

    E-mail addresses and domains are in lower case, endpoints without a trailing slash. `port` 0 means any
    free one. Each field is the variable `SHARESYNC_` and its name in capitals; what it means stands in README.md.
    """

    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str | None = field(repr=False)
    domain: tuple[str, ...]
    """The Workspace's primary domain, then others of it; only users of these may sign in."""
    admins: tuple[str, ...]
    google_key_file: Path | None
    google_service_account: str | None
    """Without a key file: the address of the account for which IAM Credentials signs."""
    iam_endpoint: str
    google_admin: str | None
    log_key_file: Path | None
    checkpoints_to: Path | str | None = field(repr=False)
    """A folder, or an address: whoever knows one may often write there."""
    checkpoint_interval: float
    endpoint_networks: tuple[Network, ...]
    smtp_url: str | None = field(repr=False)
    mail_from: str | None
    people_endpoint: str
    directory_endpoint: str
    oidc_issuer: str
    oidc_client_id: str | None
    oidc_client_secret: str | None = field(repr=False)
    public_url: str | None
    metrics_token: str | None = field(repr=False)
    sync_interval: float
    sync_interval_max: float
    settle_seconds: float
    lease_seconds: float
    host: str
    port: int
    trash_days: int
    label_sharing: Sharers
    time_zone: ZoneInfo | None
    """Where the web page reads times and days for who brings no zone of their own; None is this machine's."""
    queue: QueueKind
    workers: int
    log_format: LineFormat
    hold_count: int
    hold_share: float
    reads_per_minute: int
    writes_per_minute: int

    @property
    def connections(self) -> int:
        """Connections to the database that one process needs at once.

        Two a pass, of which one renews its claim; one a thread of the web page and of the clock; and some to spare.
        """
        return 2 * self.workers + 20

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], cwd: Path) -> Self:
        """Read and check everything; relative paths are relative to `cwd`.

        Raises SettingsError for the first value that is wrong, and for a name in `.env` that is no setting.
        """
        known = tuple(f"SHARESYNC_{known.name.upper()}" for known in fields(cls))
        read = Environment({**dotenv(cwd / ".env", known), **environ}, cwd.absolute())
        data_dir = read.path("SHARESYNC_DATA_DIR") or read.cwd / "var"
        database_url = read.database_url("SHARESYNC_DATABASE_URL") or f"sqlite:///{data_dir / 'sharesync.db'}"
        interval = read.number("SHARESYNC_SYNC_INTERVAL", 300, least=0.1)
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            secret_key=read.secret("SHARESYNC_SECRET_KEY"),
            domain=read.domains("SHARESYNC_DOMAIN"),
            admins=read.addresses("SHARESYNC_ADMINS"),
            google_key_file=read.path("SHARESYNC_GOOGLE_KEY_FILE"),
            google_service_account=_one_way(read),
            iam_endpoint=read.endpoint("SHARESYNC_IAM_ENDPOINT", GOOGLE_IAM),
            google_admin=read.address("SHARESYNC_GOOGLE_ADMIN"),
            log_key_file=read.path("SHARESYNC_LOG_KEY_FILE"),
            checkpoints_to=read.folder_or_address("SHARESYNC_CHECKPOINTS_TO"),
            checkpoint_interval=read.number("SHARESYNC_CHECKPOINT_INTERVAL", 24 * 3600, least=60),
            endpoint_networks=read.networks("SHARESYNC_ENDPOINT_NETWORKS"),
            smtp_url=_mail(read),
            mail_from=read.sender("SHARESYNC_MAIL_FROM"),
            people_endpoint=read.endpoint("SHARESYNC_PEOPLE_ENDPOINT", GOOGLE_PEOPLE),
            directory_endpoint=read.endpoint("SHARESYNC_DIRECTORY_ENDPOINT", GOOGLE_DIRECTORY),
            oidc_issuer=read.issuer("SHARESYNC_OIDC_ISSUER", GOOGLE_ISSUER),
            oidc_client_id=read.text("SHARESYNC_OIDC_CLIENT_ID"),
            oidc_client_secret=read.text("SHARESYNC_OIDC_CLIENT_SECRET"),
            public_url=read.public_url("SHARESYNC_PUBLIC_URL"),
            metrics_token=read.secret("SHARESYNC_METRICS_TOKEN"),
            sync_interval=interval,
            sync_interval_max=read.number(
                "SHARESYNC_SYNC_INTERVAL_MAX", interval, least=interval, most=max(interval, LONGEST_INTERVAL)
            ),
            settle_seconds=read.number("SHARESYNC_SETTLE_SECONDS", 900, least=0),
            lease_seconds=read.number("SHARESYNC_LEASE_SECONDS", 60, least=1),
            host=read.text("SHARESYNC_HOST") or "127.0.0.1",
            # Hosting platforms say PORT; whoever sets ours means it more.
            port=read.whole("SHARESYNC_PORT" if read.text("SHARESYNC_PORT") else "PORT", 8000, least=0, most=65535),
            trash_days=read.whole("SHARESYNC_TRASH_DAYS", 30, least=1),
            label_sharing=read.choice("SHARESYNC_LABEL_SHARING", Sharers.ADMINISTRATORS),
            time_zone=read.time_zone("SHARESYNC_TIME_ZONE"),
            queue=_queue(read.choice("SHARESYNC_QUEUE", QueueKind.LOCAL), database_url),
            workers=read.whole("SHARESYNC_WORKERS", 4, least=1),
            log_format=read.choice("SHARESYNC_LOG_FORMAT", LineFormat.TEXT),
            hold_count=read.whole("SHARESYNC_HOLD_COUNT", 5, least=0),
            hold_share=read.number("SHARESYNC_HOLD_SHARE", 0.10, least=0, most=1),
            reads_per_minute=read.whole("SHARESYNC_READS_PER_MINUTE", 90, least=BATCH_PRICE),
            writes_per_minute=read.whole("SHARESYNC_WRITES_PER_MINUTE", 90, least=BATCH_PRICE),
        )

    @property
    def primary_domain(self) -> str | None:
        """The first domain that is named."""
        return next(iter(self.domain), None)

    @property
    def sign_in_is_set(self) -> bool:
        """Whether people can sign in to the web page."""
        return self.oidc_client_id is not None and self.oidc_client_secret is not None

    @property
    def served_by_https(self) -> bool:
        """Whether people reach the web page by https, through a proxy before us."""
        return self.public_url is not None and self.public_url.startswith("https://")

    @property
    def uploads(self) -> Path:
        """The folder of files that people have sent to the web page."""
        return self.data_dir / "uploads"

    def session_key(self) -> str:
        """What signs sessions: the given one, else one made at the first call and kept in the data dir, mode 0600.

        Processes that start at once agree on one key. Raises SettingsError if it cannot be kept there.
        """
        if self.secret_key is not None:
            return self.secret_key
        file = self.data_dir / "secret-key"
        try:
            key = _kept_secret(file)
        except OSError as error:
            what = f"names {self.data_dir}, where the key that signs sessions cannot be kept ({error.strerror})"
            remedy = "make that folder writable, or set SHARESYNC_SECRET_KEY"
            raise wrong("SHARESYNC_DATA_DIR", what, remedy) from error
        if len(key) < SHORTEST_SECRET:
            # An emptied file would sign sessions that anyone can forge.
            raise wrong("SHARESYNC_SECRET_KEY", f"is not set, and {file} holds no key", "remove that file")
        return key

    def google_admin_required(self) -> str:
        """The Workspace admin whom Directory calls impersonate. Raises SettingsError."""
        return _required(
            "SHARESYNC_GOOGLE_ADMIN", self.google_admin, "name a Workspace admin whose rights read the directory"
        )


def _mail(read: Environment) -> str | None:
    server = read.mail_server("SHARESYNC_SMTP_URL")
    if server is not None and read.text("SHARESYNC_MAIL_FROM") is None:
        raise wrong("SHARESYNC_MAIL_FROM", "is not set, and SHARESYNC_SMTP_URL is", "name the sender of mail")
    return server


def _one_way(read: Environment) -> str | None:
    account = read.address("SHARESYNC_GOOGLE_SERVICE_ACCOUNT")
    if account is not None and read.path("SHARESYNC_GOOGLE_KEY_FILE") is not None:
        what = "is set, and SHARESYNC_GOOGLE_KEY_FILE, too"
        raise wrong("SHARESYNC_GOOGLE_SERVICE_ACCOUNT", what, "keep one of them: with a key file nothing else signs")
    return account


def _queue(queue: QueueKind, database_url: str) -> QueueKind:
    if queue is QueueKind.PROCRASTINATE and not database_url.startswith("postgresql"):
        remedy = "set SHARESYNC_DATABASE_URL to one, or use local"
        raise wrong("SHARESYNC_QUEUE", "is procrastinate, which needs a PostgreSQL database", remedy)
    return queue


def _required(variable: str, value: str | None, remedy: str) -> str:
    if value is None:
        raise wrong(variable, "is not set", remedy)
    return value


def _kept_secret(file: Path) -> str:
    """Read the key, or make it. It appears under its name only when whole, so no process ever reads half of one."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(48))
                out.flush()
                os.fsync(out.fileno())
            # If another process was first, its key is the key.
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(draft)
        finally:
            draft.unlink()
    return file.read_text(encoding="utf-8", errors="replace").strip()
