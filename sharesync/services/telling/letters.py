"""Letters: what people are told by mail, as text and HTML, with a link that ends it (RFC 8058).

A mail cannot be erased: it holds counts, names of groups and links, and no value of a contact.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from sharesync.endpoints import mailing
from sharesync.endpoints.mailing import UNBROKEN, MailRefused, MailServer
from sharesync.endpoints.outside import Outside
from sharesync.errors import Sentence
from sharesync.model.endpoint import EndpointKind, can_tell
from sharesync.services.telling.lines import ToldLine
from sharesync.services.telling.outcomes import Fate, TryOutcome
from sharesync.store.database import keys
from sharesync.store.database.engine import Session
from sharesync.store.queries.digests import Digest

NEWS = Sentence("sharesync: something needs you")
DAILY = Sentence("sharesync: what waits")
TEST = Sentence("sharesync: a test")
_TESTED = Sentence("This is a test: mail of sharesync arrives here.")
_HELLO = Sentence("This is new in your company’s shared contacts:")
_WAITS = Sentence("This waits in your company’s shared contacts:")
_CHOOSE = Sentence("Choose your notifications")
_NO_MORE = Sentence("Stop these mails")
_OF_DIGEST = (
    ("follow_ups", Sentence("Follow-ups that are due: %(number)s"), "/"),
    ("to_review", Sentence("Contacts that you are asked to look through: %(number)s"), "/reviews/"),
    ("holds", Sentence("Mass changes that wait for a decision: %(number)s"), "/holds/"),
    ("proposals", Sentence("Proposed changes: %(number)s"), "/proposals/"),
    ("conflicts", Sentence("Conflicts: %(number)s"), "/conflicts/"),
    ("duplicates", Sentence("Probable duplicates: %(number)s"), "/duplicates/"),
    ("needing", Sentence("Mailboxes that need somebody: %(number)s"), "/mailboxes/"),
    ("behind", Sentence("Mailboxes that are behind: %(number)s"), "/mailboxes/"),
)
_STYLE = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#222;max-width:36em"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that can be sent. No line: a test."""

    address: str
    language: str | None
    ident: str
    subject: Sentence
    lines: tuple[ToldLine, ...]
    no_more: str
    """The path at which this is told no more."""

    def send(self, outside: Outside, now: datetime) -> TryOutcome:
        """Hand it in once. Raises Unreachable."""
        if outside.mail is None:
            return TryOutcome(Fate.AGAIN, Sentence("No mail server is set up: SHARESYNC_SMTP_URL names none."))
        try:
            mailing.hand_in(outside.mail, self.message(outside, outside.mail, now))
        except MailRefused as refusal:
            fate = Fate.DEAD if refusal.lasting else Fate.AGAIN
            return TryOutcome(fate, refusal.sentence, refusal.status)
        return TryOutcome(Fate.TAKEN)

    def message(self, outside: Outside, server: MailServer, now: datetime) -> EmailMessage:
        """As it travels."""
        domain = server.sender.rpartition("@")[2].rstrip(">")
        message = EmailMessage(UNBROKEN)
        message["From"], message["To"] = server.sender, self.address
        message["Subject"] = outside.say(self.language, self.subject)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{self.ident}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["List-Id"] = f"sharesync <sharesync.{domain}>"
        if self.no_more and (address := outside.page(self.no_more)):
            message["List-Unsubscribe"] = f"<{address}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(self._text(outside))
        message.add_alternative(self._html(outside), subtype="html")
        return message

    def _opening(self, outside: Outside) -> str:
        opening = _TESTED if not self.lines else _WAITS if self.subject == DAILY else _HELLO
        return outside.say(self.language, opening)

    def _said(self, outside: Outside) -> list[tuple[str, str | None]]:
        """Each line, and the address of its page."""

        def said(line: ToldLine) -> str:
            return " · ".join(part for part in (outside.say(self.language, line.says), line.group) if part)

        return [(said(one), outside.page(one.path)) for one in self.lines]

    def _links(self, outside: Outside) -> list[tuple[str, str]]:
        links = [(_CHOOSE, "/told/"), (_NO_MORE, self.no_more)] if self.no_more else []
        return [(outside.say(self.language, says), address) for says, path in links if (address := outside.page(path))]

    def _text(self, outside: Outside) -> str:
        lines = [f"- {says}" + (f"\n  {address}" if address else "") for says, address in self._said(outside)]
        links = [f"{says}: {address}" for says, address in self._links(outside)]
        parts = [self._opening(outside), "\n".join(lines), "-- \n" + "\n".join(links) if links else ""]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _html(self, outside: Outside) -> str:
        def linked(says: str, address: str | None) -> str:
            return f'<a href="{escape(address)}">{escape(says)}</a>' if address else escape(says)

        lines = "".join(f"<li>{linked(*one)}</li>" for one in self._said(outside))
        links = " · ".join(linked(*one) for one in self._links(outside))
        body = f"<p>{escape(self._opening(outside))}</p>" + (f"<ul>{lines}</ul>" if lines else "")
        body += f'<p style="font-size:13px;color:#555">{links}</p>' if links else ""
        language = escape(self.language or "en")
        head = '<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>'
        return f'<!doctype html><html lang="{language}">{head}<body><div style="{_STYLE}">{body}</div></body></html>\n'


def lines_of(found: Digest) -> tuple[ToldLine, ...]:
    """What waits, line by line; none where nothing does."""
    numbers = [(getattr(found, name), says, path) for name, says, path in _OF_DIGEST]
    return tuple(ToldLine(Sentence(says.template, number=n), None, path) for n, says, path in numbers if n)


# --- Mails stopped ----------------------------------------------------------------------------------------------------


def no_more_path(session: Session, endpoint: str, names: Collection[str]) -> str:
    """The path at which whoever has the mail says that they want to be told no more of these: it opens nothing else.

    A name is meant by its place among those of mail, so a new one comes last there: mail is kept for years.
    """
    mask = sum(1 << place for place, name in enumerate(can_tell(EndpointKind.MAIL)) if name in names)
    return f"/told/no-more/{endpoint}/{mask}/{_check(session, endpoint, mask)}"


def names_in(session: Session, endpoint: str, mask: int, check: str) -> tuple[str, ...]:
    """The names that such a path is about; none where we never wrote it."""
    if not hmac.compare_digest(check.encode(), _check(session, endpoint, mask).encode()):
        return ()
    return tuple(name for place, name in enumerate(can_tell(EndpointKind.MAIL)) if mask >> place & 1)


def _check(session: Session, endpoint: str, mask: int) -> str:
    told = f"told no more\0{endpoint}\0{mask}".encode()
    digest = hmac.new(keys.get(session, "mark"), told, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")
