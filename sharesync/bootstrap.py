"""Where real things meet: settings become a world. Nothing happens at import.

What only some commands need (Google's client, cryptography, HTTP) is imported by the function that makes it: half of
what a command would cost that only asks the database.
"""

from __future__ import annotations

import secrets
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sharesync.environment import wrong
from sharesync.errors import SettingsError
from sharesync.model.audit import OPERATOR, Event
from sharesync.settings import Settings, Sharers
from sharesync.store.database import health
from sharesync.store.database.engine import Database
from sharesync.store.database.keys import ensure
from sharesync.store.database.shared_time import SharedTime
from sharesync.store.database.work import working
from sharesync.store.upgrading import upgrade

if TYPE_CHECKING:
    from sharesync.endpoints.mailing import MailServer
    from sharesync.endpoints.outside import Outside
    from sharesync.endpoints.places import Place
    from sharesync.services.app import World
    from sharesync.services.log.keyring import LogKey


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A UUID version 7 (RFC 9562) as 32 hex digits: ids made later sort later."""
    stamp = (time.time_ns() // 1_000_000) << 80
    chance = secrets.randbits(80)
    number = stamp | (0x7 << 76) | (((chance >> 64) & 0xFFF) << 64) | (0b10 << 62) | (chance & ((1 << 62) - 1))
    return f"{number:032x}"


def open_database(settings: Settings, *, make: bool = False) -> Database:
    """The database, brought up to date; made only where `make` says so. Raises SettingsError."""
    database = Database(settings.database_url, connections=settings.connections)
    with ExitStack() as until_whole:
        until_whole.callback(database.close)
        if not make and health.tables(database) is health.Tables.MISSING:
            raise SettingsError("SHARESYNC_DATA_DIR", _no_store(settings, database.place))
        make_data_dir(settings)
        upgrade(database)
        with working(database, now, OPERATOR, new_id) as work:
            if made := ensure(work.session):
                work.record(Event("key.make", reason=", ".join(made)))
        until_whole.pop_all()
    return database


def make_data_dir(settings: Settings) -> None:
    """Make the folder where files are kept. Raises SettingsError."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"names {settings.data_dir}, which cannot be made ({error.strerror})"
        raise wrong("SHARESYNC_DATA_DIR", what, "name a folder that sharesync may write") from None


def demo_folder(settings: Settings) -> Path:
    """Where the demo keeps a data dir of its own."""
    return settings.data_dir / "demo"


def _no_store(settings: Settings, place: str) -> str:
    """Whoever types a command beside a demo means the demo's store, not a new one."""
    demo = demo_folder(settings)
    other = (
        f"SHARESYNC_DATA_DIR={demo} names the demo's"
        if demo.exists()
        else "SHARESYNC_DATA_DIR (or SHARESYNC_DATABASE_URL) names another"
    )
    return f"There is no store at {place}; `sharesync init` makes one, and {other}."


def log_key(settings: Settings) -> LogKey:
    """The log's name, which auditors know it by (c2sp.org/tlog-checkpoint, origin), and where its key lies."""
    from sharesync.services.log.keyring import LogKey

    return LogKey(f"sharesync/{settings.primary_domain}" if settings.primary_domain else "", settings.log_key_file)


def checkpoints(settings: Settings) -> Path:
    """Where the clock keeps checkpoints of the log."""
    return settings.data_dir / "checkpoints"


def checkpoints_to(settings: Settings) -> Place | None:
    """Where the clock sends them, if it does."""
    if settings.checkpoints_to is None:
        return None
    from sharesync.endpoints.places import Folder, Webhook

    match settings.checkpoints_to:
        case Path() as folder:
            return Folder(folder)
        case address:
            return Webhook(address, settings.endpoint_networks)


def outside(settings: Settings) -> Outside:
    """What is set up so that others are told."""
    from sharesync.endpoints.outside import Outside

    return Outside(settings.endpoint_networks, settings.public_url, settings.time_zone, mail_server(settings))


def mail_server(settings: Settings) -> MailServer | None:
    """Where mail is handed in, if anybody is told by mail."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    from sharesync.endpoints.mailing import MailServer

    parts = urlsplit(settings.smtp_url)
    encrypted = parts.scheme == "smtps"
    port = parts.port or (465 if encrypted else 587)
    user, password = (unquote(one) if one else None for one in (parts.username, parts.password))
    return MailServer(parts.hostname or "", port, encrypted, settings.mail_from, user, password)


def world(settings: Settings, *, database: Database | None = None) -> World:
    """Everything a command, the clock or the web page works with. Raises SettingsError."""
    from sharesync.google.workspace import Google
    from sharesync.services.app import World
    from sharesync.sync.holds import Limits

    database = database or open_database(settings)
    return World(
        database=database,
        google=Google(
            key_file=settings.google_key_file,
            service_account=settings.google_service_account,
            iam_endpoint=settings.iam_endpoint,
            admin=settings.google_admin,
            people_endpoint=settings.people_endpoint,
            directory_endpoint=settings.directory_endpoint,
            reads_per_minute=settings.reads_per_minute,
            writes_per_minute=settings.writes_per_minute,
            clock=now,
        ),
        now=SharedTime(database),
        new_id=new_id,
        interval=timedelta(seconds=settings.sync_interval_max),
        lively=timedelta(seconds=settings.sync_interval),
        settle=timedelta(seconds=settings.settle_seconds),
        lease=timedelta(seconds=settings.lease_seconds),
        hold_limits=Limits(settings.hold_count, settings.hold_share),
        log_key=log_key(settings),
        everyone_shares=settings.label_sharing is Sharers.EVERYONE,
        checkpoints=checkpoints(settings),
        checkpoints_to=checkpoints_to(settings),
        outside=outside(settings),
        checkpoint_interval=timedelta(seconds=settings.checkpoint_interval),
    )
