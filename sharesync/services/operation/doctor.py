"""The doctor: looks at everything sharesync needs, one thing after the other, and says what to do where it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from sharesync.endpoints import mailing
from sharesync.endpoints.mailing import MailServer
from sharesync.endpoints.places import Place
from sharesync.errors import GoogleError, Minutes, Sentence, SettingsError, Unreachable
from sharesync.formats.signed_note import fingerprint
from sharesync.google.credentials import CONTACTS, DIRECTORY
from sharesync.google.failures import DELEGATION
from sharesync.google.transport import Http
from sharesync.google.workspace import Google
from sharesync.services.log import checkpoints_away, keyring
from sharesync.services.log.keyring import AS_KEPT, LogKey
from sharesync.services.operation import file_modes, work_left
from sharesync.store.database import health
from sharesync.store.database.engine import Database
from sharesync.store.mailboxes import claims, directory

SKEW = timedelta(minutes=2)
"""How wrong the clock may be. Google refuses an assertion whose time is off by more than a few minutes."""


NOTHING = Sentence()
_DOMAIN, _DATABASE, _KEY = Sentence("domain"), Sentence("database"), Sentence("key")
_DELEGATION, _DIRECTORY, _CONTACTS = Sentence("delegation"), Sentence("directory"), Sentence("contacts")
_CLOCK, _FILES, _LOG_KEY = Sentence("clock"), Sentence("files"), Sentence("log key")
_GRANTS = Sentence("grants")
_SIGNING = Sentence("signing")
_CHECKPOINTS = Sentence("checkpoints")
_MAIL = Sentence("mail")
_PASSES, _NUMBERS = Sentence("passes"), Sentence("change log")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one place: `problem` says what is wrong and what to do, empty where all is well."""

    check: Sentence
    found: Sentence
    problem: Sentence = NOTHING

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong there."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at."""

    database: Database
    """As it is, not brought up to date."""
    open_google: Callable[[], Google]
    """Raises SettingsError."""
    key_file: Path | None
    data_dir: Path
    domains: Sequence[str]
    people_endpoint: str
    now: Callable[[], datetime]
    log_key: LogKey = AS_KEPT
    checkpoints_to: Place | None = None
    checkpoint_interval: timedelta = timedelta(days=1)
    mail: MailServer | None = None
    interval: timedelta = timedelta(minutes=5)
    """Between two polls of one mailbox."""


def examine(patient: Patient) -> Iterator[Finding]:
    """Look at everything; one finding a thing, as soon as it is found."""
    yield Finding(Sentence("settings"), Sentence("every variable can be read"))
    yield _domain(patient.domains)
    yield (database := _database(patient.database))
    yield _files(patient)
    if database.ok:
        yield _log_key(patient)
        yield _grants(patient.database)
        yield _checkpoints(patient)
        yield from _work(patient)
    someone = _someone(patient.database) if database.ok else None
    try:
        google = patient.open_google()
    except SettingsError as error:
        yield Finding(_KEY, NOTHING, error.sentence)
    else:
        if google.is_keyless:
            yield Finding(_KEY, Sentence("no key: this machine has credentials of its own"))
            yield (signing := _signing(google))
        else:
            told = Sentence(
                "%(file)s is the key of client id %(client)s", file=patient.key_file, client=google.client_id
            )
            yield (signing := Finding(_KEY, told))
        if signing.ok:  # without a signature every scope is refused, whatever its own state
            yield from _google(google, someone)
    if patient.mail is not None:
        yield _mail(patient.mail)
    yield _clock(patient.people_endpoint, patient.now)


def _signing(google: Google) -> Finding:
    """What takes the place of a key: three things must be there before any scope is asked for."""
    trouble = google.check_signing()
    found = Sentence("IAM Credentials signs for %(account)s", account=google.client_id)
    return Finding(_SIGNING, found, trouble.sentence if trouble else NOTHING)


def _mail(server: MailServer) -> Finding:
    found = Sentence("%(host)s lets us in; mail comes from %(sender)s", host=server.host, sender=server.sender)
    try:
        mailing.check(server)
    except Unreachable as error:
        problem = Sentence("No mail can be sent: %(why)s Check SHARESYNC_SMTP_URL.", why=error.sentence)
        return Finding(_MAIL, NOTHING, problem)
    return Finding(_MAIL, found)


def _domain(domains: Sequence[str]) -> Finding:
    if not domains:
        problem = Sentence(
            "SHARESYNC_DOMAIN is not set; name the Workspace's domains, whose users may sign in, the primary one first."
        )
        return Finding(_DOMAIN, NOTHING, problem)
    return Finding(_DOMAIN, Sentence("users of %(domain)s may sign in", domain=", ".join(domains)))


def _database(database: Database) -> Finding:
    tables = health.tables(database)
    if tables is health.Tables.UNREADABLE:
        problem = Sentence(
            "The database cannot be read; check SHARESYNC_DATABASE_URL, and that the file or server is there."
        )
        return Finding(_DATABASE, NOTHING, problem)
    if tables is health.Tables.MISSING:
        return Finding(_DATABASE, NOTHING, Sentence("There is no database yet; run `sharesync init`."))
    if tables is health.Tables.OUTDATED:
        return Finding(_DATABASE, NOTHING, Sentence("The database is not up to date; run `sharesync init`."))
    if not health.is_writable(database):
        problem = Sentence(
            "The database cannot be written; give this user the right to, or see whether another program holds it."
        )
        return Finding(_DATABASE, NOTHING, problem)
    return Finding(_DATABASE, Sentence("is up to date and can be written"))


def _grants(database: Database) -> Finding:
    """A grant to what is not there reaches nobody, and nobody would notice."""
    with database.reading() as session:
        vanished = directory.vanished(session)
    if not vanished:
        return Finding(_GRANTS, Sentence("name people, Google groups and units that Directory knows"))
    group, who, last = vanished[0]
    problem = Sentence(
        "Directory does not know %(principal)s any more, to whom a grant on %(group)s was given (one of %(number)s);"
        " take it away in Access, or grant it to who came in its place.",
        principal=f"{who.kind.value}:{last}",
        group=group,
        number=len(vanished),
    )
    return Finding(_GRANTS, NOTHING, problem)


def _files(patient: Patient) -> Finding:
    """Keys and contacts lie in them, and whoever can read a file needs no right from us."""
    paths = file_modes.open_to_others(patient.data_dir, patient.database.file)
    keys = (patient.key_file, patient.log_key.file)
    paths += [file for file in keys if file and file_modes.key_is_open(file)]
    if not paths:
        return Finding(_FILES, Sentence("are for their owner alone"))
    problem = Sentence(
        "Others on this machine can open %(first)s (one of %(number)s); run: %(command)s",
        first=paths[0],
        number=len(paths),
        command=file_modes.remedy(patient.data_dir, paths),
    )
    return Finding(_FILES, NOTHING, problem)


def _log_key(patient: Patient) -> Finding:
    try:
        with patient.database.reading() as session:
            key = fingerprint(keyring.signer(session, patient.log_key).public)
    except SettingsError as error:
        return Finding(_LOG_KEY, NOTHING, error.sentence)
    if file := patient.log_key.file:
        return Finding(_LOG_KEY, Sentence("%(file)s holds the log's key %(key)s", file=file, key=key))
    found = Sentence("%(key)s is in the database; `sharesync audit key --help` says how to keep it outside", key=key)
    return Finding(_LOG_KEY, found)


def _checkpoints(patient: Patient) -> Finding:
    place = patient.checkpoints_to
    if place is None:
        found = Sentence("are kept beside the data alone; SHARESYNC_CHECKPOINTS_TO sends them away")
        return Finding(_CHECKPOINTS, found)
    there = checkpoints_away.standing(patient.database, place, patient.checkpoint_interval, patient.now())
    if there.trouble:
        problem = Sentence("The next could not be sent to %(place)s: %(why)s", place=place.name, why=there.trouble)
        return Finding(_CHECKPOINTS, NOTHING, problem)
    if there.late:
        problem = Sentence(
            "None was sent to %(place)s for long, though the log has grown; see that `sharesync run` or `clock` runs.",
            place=place.name,
        )
        return Finding(_CHECKPOINTS, NOTHING, problem)
    return Finding(_CHECKPOINTS, checkpoints_away.in_words(there))


def _work(patient: Patient) -> Iterator[Finding]:
    """Everything may be in order, and still nobody does the work."""
    now = patient.now()
    with patient.database.reading() as session:
        left_alone = work_left.passes(session, now, patient.interval)
        unnumbered = work_left.numbers(session, now)
    yield Finding(_PASSES, Sentence("no mailbox that is due waits for somebody to pass over it"), left_alone)
    if patient.database.numbers_later:
        yield Finding(_NUMBERS, Sentence("every event has its number within a second"), unnumbered)


def _someone(database: Database) -> str | None:
    """The id of somebody whom a grant reaches and who is there: users without any grant are never impersonated."""
    with database.reading() as session:
        return next((mailbox.user_id for mailbox in claims.concerned(session) if not mailbox.paused), None)


def _google(google: Google, someone: str | None) -> Iterator[Finding]:
    try:
        checks = google.check_scopes(someone)
    except SettingsError as error:
        yield Finding(_DIRECTORY, NOTHING, error.sentence)
        return
    for one in checks:
        check = Sentence("scope %(scope)s", scope=one.scope.rpartition("/")[2])
        yield Finding(check, Sentence("delegated"), one.trouble.sentence if one.trouble else NOTHING)
    refused = {one.scope for one in checks if one.trouble}
    if refused:
        # The Admin console takes all scopes in one field, and replaces what was entered before.
        problem = Sentence(
            "In %(place)s, paste this line as the scopes of client id %(client)s: %(scopes)s",
            place=DELEGATION,
            client=google.client_id,
            scopes=",".join((*CONTACTS, *DIRECTORY)),
        )
        yield Finding(_DELEGATION, NOTHING, problem)
    if not any("admin.directory" in scope for scope in refused):
        yield _answers(_DIRECTORY, Sentence("the Directory API answers"), lambda: _ask_directory(google))
    if someone is None:
        found = Sentence("not asked: no grant reaches anyone yet, and nobody else is impersonated")
        yield Finding(_CONTACTS, found)
    elif not any(scope.endswith("/contacts") for scope in refused):
        yield _answers(_CONTACTS, Sentence("the People API answers"), lambda: _ask_people(google, someone))


def _ask_directory(google: Google) -> None:
    with google.directory() as asked:
        asked.reachable()


def _ask_people(google: Google, someone: str) -> None:
    with google.people(someone, patience=30.0) as people:
        people.labels()


def _answers(check: Sentence, found: Sentence, ask: Callable[[], object]) -> Finding:
    try:
        ask()
    except GoogleError as error:
        return Finding(check, NOTHING, error.sentence)
    return Finding(check, found)


def _clock(endpoint: str, now: Callable[[], datetime]) -> Finding:
    """Compare with the `Date` of any answer (RFC 9110, 6.6.1), which needs no rights at all."""
    http = Http()
    try:
        reply, _ = http.request(f"{endpoint}/", "HEAD")
        theirs = parsedate_to_datetime(reply["date"])
    except (OSError, KeyError, ValueError):
        return Finding(_CLOCK, Sentence("not compared: no answer with a date"))
    finally:
        http.close()
    off = now() - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
    if abs(off) > SKEW:
        minutes = Minutes(round(abs(off).total_seconds() / 60))
        off_by = Sentence("This machine's clock is %(minutes)s fast; set it right (NTP).", minutes=minutes)
        if off < timedelta():
            off_by = Sentence("This machine's clock is %(minutes)s slow; set it right (NTP).", minutes=minutes)
        return Finding(_CLOCK, NOTHING, off_by)
    return Finding(_CLOCK, Sentence("agrees with Google's"))
