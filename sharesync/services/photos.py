"""Photos: what people set and remove in the store; the sync brings it to the mailboxes, and never anything back."""

from __future__ import annotations

from sharesync.formats.pictures import as_photo
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services.permission import require_on_contact
from sharesync.store import contacts, mailboxes, photos
from sharesync.store.work import Work


def set_photo(work: Work, contact: str, picture: bytes, *, cause: str | None = None) -> bool:
    """Give a contact a photo, from the bytes of any usual picture; returns whether it is another than before.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    require_on_contact(work, Right.EDIT, contact)
    contacts.get(work.session, contact)
    return _choose(work, contact, photos.keep(work, contact, as_photo(picture)), cause)


def remove_photo(work: Work, contact: str) -> bool:
    """Take a contact's photo away; returns whether it had one. Raises NotFound, NotAllowed."""
    require_on_contact(work, Right.EDIT, contact)
    contacts.get(work.session, contact)
    return _choose(work, contact, None)


def inherit(work: Work, contact: str, other: str, *, cause: str) -> None:
    """Give a contact without a photo that of another, which became one with it."""
    content = photos.of(work.session, other)
    if content is not None and photos.digest_of(work.session, contact) is None:
        _choose(work, contact, photos.keep(work, contact, content), cause)


def give_back(work: Work, contact: str, merge: str, *, cause: str) -> None:
    """Take away the photo that a contact has by a merge; one that was set since stays."""
    if photos.came_by(work.session, contact) == merge:
        _choose(work, contact, None, cause)


def _choose(work: Work, contact: str, name: bytes | None, cause: str | None = None) -> bool:
    before = photos.digest_of(work.session, contact)
    if name == before:
        return False
    event = work.record(
        Event(
            "contact.set_photo" if name else "contact.remove_photo",
            contact=contact,
            cause=cause,
            values={"photo": (_told(before), _told(name))},
        )
    )
    photos.choose(work, contact, name, event)
    mailboxes.touch_contacts(work, [contact])
    return True


def _told(name: bytes | None) -> list[str] | None:
    return [name.hex()] if name else None
