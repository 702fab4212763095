"""Photos of contacts for programs."""

from __future__ import annotations

from flask import request

from sharesync.errors import NotFound
from sharesync.formats.pictures import as_photo
from sharesync.model.permission import Right
from sharesync.model.token import Scope
from sharesync.services import photos as cases
from sharesync.store.database.work import Work
from sharesync.store.queries import photos
from web.api.answers import Answer
from web.api.registry import Api
from web.frame.live import reading
from web.frame.needs import on_contact

api = Api("api_photos", __name__, url_prefix="/api/v1")

PICTURE = "image/jpeg"
ANY = "application/octet-stream"
"""What clients send that name no kind: it is told by the picture itself."""


@api.get("/contacts/<id:contact>/photo", needs=on_contact(Right.VIEW), scope=Scope.CONTACTS_READ, gives=PICTURE)
def show_photo(contact: str) -> Answer:
    """A contact's photo, as JPEG."""
    with reading() as session:
        digest, content = photos.digest_of(session, contact), photos.of(session, contact)
    if digest is None or content is None:
        raise NotFound("photo", contact)
    tag = digest.hex()
    if request.if_none_match.contains_weak(tag):
        return Answer(b"", 304, {"ETag": f'"{tag}"'})
    return Answer(bytes(content), headers={"Content-Type": PICTURE, "ETag": f'"{tag}"'})


@api.put(
    "/contacts/<id:contact>/photo",
    needs=on_contact(Right.EDIT), scope=Scope.CONTACTS_WRITE, takes=f"image/*, {ANY}", gives=None, status=204,
)  # fmt: skip
def set_photo(work: Work, contact: str, body: bytes) -> Answer:
    """Give a contact a photo: JPEG, PNG, GIF or WebP."""
    cases.set_photo(work, contact, as_photo(body))
    return Answer(status=204)


@api.delete(
    "/contacts/<id:contact>/photo", needs=on_contact(Right.EDIT), scope=Scope.CONTACTS_WRITE, gives=None, status=204
)
def remove_photo(work: Work, contact: str) -> Answer:
    """Take a contact's photo away."""
    cases.remove_photo(work, contact)
    return Answer(status=204)
