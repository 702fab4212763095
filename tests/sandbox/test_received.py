"""What the sandbox receives from outside: mail, and what is posted to it; on a page of its own."""

import json
import smtplib
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from sharesync.sandbox.received import taking_mail
from sharesync.sandbox.server import SandboxServer
from sharesync.sandbox.workspace import Workspace


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(Workspace("x.test", private_key="")) as running:
        yield running


def page(server: SandboxServer) -> str:
    with urllib.request.urlopen(f"{server.url}/received/") as reply:
        return str(reply.read().decode())


def test_a_mail_that_is_handed_in_stands_on_the_page(server: SandboxServer) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@x.test", "b@x.test", "Blåbær <b>"
    message.set_content(".a line that begins with a dot\nØ\n")
    with taking_mail(server.received) as url, smtplib.SMTP("127.0.0.1", urlsplit(url).port or 0) as smtp:
        smtp.send_message(message)
    [came] = server.received.listed()
    assert (came.way, came.to, came.subject, came.text) == (
        "mail",
        "b@x.test",
        "Blåbær <b>",
        ".a line that begins with a dot\nØ\n",
    )
    assert "Blåbær &lt;b&gt;" in page(server)


def test_what_is_posted_stands_there_too_with_its_signature(server: SandboxServer) -> None:
    for told in ({"text": "*sharesync*"}, {"type": "contact.created", "data": {}}):
        body, headers = json.dumps(told).encode(), {"webhook-id": "one", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{server.url}/received/hook", body, headers)
        with urllib.request.urlopen(asked) as reply:
            assert reply.status == 204
    shown = page(server)
    assert "*sharesync*" in shown
    assert "contact.created" in shown
    assert "one" in server.received.listed()[0].headers.values()
