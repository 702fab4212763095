"""The photo of a person, put and taken: one request each (People API, updateContactPhoto, deleteContactPhoto)."""

from __future__ import annotations

import base64
from typing import Any

from googleapiclient.http import HttpRequest

from sharesync.errors import MalformedReply, OutcomeUnknown
from sharesync.google.budget import PHOTO_WRITE
from sharesync.google.calls import CallLine
from sharesync.google.error_bodies import CallKind
from sharesync.google.failures import Judged, PersonMissing
from sharesync.google.person import PERSON_FIELDS, SOURCES, read_person
from sharesync.model.mailbox import Missing, Poisoned, WishOutcome, Written


def put(line: CallLine, people: Any, resource_name: str, content: bytes) -> WishOutcome:
    """Give a person this photo."""
    body = {"photoBytes": base64.b64encode(content).decode(), "personFields": PERSON_FIELDS, "sources": SOURCES}
    return _send(line, people.updateContactPhoto(resourceName=resource_name, body=body))


def take(line: CallLine, people: Any, resource_name: str) -> WishOutcome:
    """Take a person's photo away."""
    request = people.deleteContactPhoto(resourceName=resource_name, personFields=PERSON_FIELDS, sources=SOURCES)
    return _send(line, request)


def _send(line: CallLine, request: HttpRequest) -> WishOutcome:
    try:
        seen = read_person(line.call(request, PHOTO_WRITE, CallKind.PHOTO).get("person"))
    except PersonMissing:
        return Missing()
    except Judged as refusal:
        return Poisoned(refusal.sentence)
    except MalformedReply:
        seen = None
    if seen is None or seen.deleted:
        raise OutcomeUnknown("Google did not say what became of a photo; sharesync looks again.")
    return Written(seen)
