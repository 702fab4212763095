"""A mail server on this machine that keeps what comes and answers as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from sharesync.endpoints.mailing import MailServer


@dataclass
class PostOffice:
    """What came, and what is answered."""

    server: MailServer = field(init=False)
    came: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """To whom it was handed in, and what."""
    raw: list[bytes] = field(default_factory=list)
    of_recipient: str = ""
    of_data: str = ""
    """Answers in place of 250."""
    over: Event = field(default_factory=Event)
    hangs: bool = False

    async def handle_RCPT(self, _s: SMTP, _n: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        if self.of_recipient:
            return self.of_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd calls it so
        if self.hangs:
            await asyncio.sleep(3)
            return "421 too late"
        if self.of_data:
            return self.of_data
        self.raw.append(envelope.content)
        message = message_from_bytes(envelope.content, policy=default)
        self.came += [(one, message) for one in envelope.rcpt_tos]
        return "250 OK"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """While the block lasts."""
    office = PostOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        office.server = MailServer("127.0.0.1", port, False, "sharesync <contacts@north.test>")
        yield office
    finally:
        controller.stop()
