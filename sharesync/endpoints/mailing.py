"""Mail: handed to the company's own server over SMTP (RFC 5321), which delivers it."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from threading import Timer

from sharesync.errors import Unreachable
from sharesync.model.hosts import is_here

SECONDS = 30.0
"""How long one message may take."""
UNBROKEN = SMTP.clone(max_line_length=998)
"""A header of ours is never broken: Python would encode a List-Unsubscribe of over 78 characters, and so destroy it."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and from whom it comes."""

    host: str
    port: int
    encrypted: bool
    """TLS from the first byte on; else from STARTTLS on, where the server offers it."""
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


class MailRefused(Unreachable):
    """The server does not take a message. `lasting`: nor will it ever take this one."""

    def __init__(self, host: str, status: int, *, lasting: bool) -> None:
        super().__init__("%(host)s answered %(status)s.", host=host, status=status)
        self.status = status
        self.lasting = lasting


def hand_in(server: MailServer, message: EmailMessage) -> None:
    """Return once the server has taken it. Raises Unreachable; MailRefused where the server says no."""
    _ask(server, lambda smtp: smtp.send_message(message))


def check(server: MailServer) -> None:
    """Return once the server has let us in; nothing is sent. Raises as above."""
    _ask(server, lambda smtp: smtp.noop())


def _ask(server: MailServer, act: Callable[[smtplib.SMTP], object]) -> None:
    try:
        with _connection(server) as smtp:
            act(smtp)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise MailRefused(server.host, codes[0], lasting=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPDataError as error:
        raise MailRefused(server.host, error.smtp_code, lasting=error.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as error:  # of a greeting, a login or the sender: another time it may be right
        raise MailRefused(server.host, error.smtp_code, lasting=False) from None
    except (smtplib.SMTPException, OSError):
        raise Unreachable("No answer came from %(host)s.", host=server.host) from None


@contextmanager
def _connection(server: MailServer) -> Iterator[smtplib.SMTP]:
    trusted = ssl.create_default_context()
    smtp: smtplib.SMTP = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trusted)
        if server.encrypted
        else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    )
    watch = Timer(SECONDS, _end, [smtp])
    watch.start()
    try:
        smtp.ehlo()
        secure = server.encrypted
        if not secure and smtp.has_extn("starttls"):
            smtp.starttls(context=trusted)
            smtp.ehlo()
            secure = True
        if server.user is not None:
            if not secure and not is_here(server.host):
                raise Unreachable("%(host)s offers no encryption, so it is told no password.", host=server.host)
            smtp.login(server.user, server.password or "")
        yield smtp
        with suppress(smtplib.SMTPException, OSError):  # what was taken is taken
            smtp.quit()
    finally:
        watch.cancel()
        smtp.close()


def _end(smtp: smtplib.SMTP) -> None:
    with suppress(OSError):
        if smtp.sock is not None:
            smtp.sock.shutdown(socket.SHUT_RDWR)
