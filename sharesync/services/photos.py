"""Photos: what people set and remove in the store; the sync brings it to the mailboxes, and never anything back."""

from __future__ import annotations

from collections.abc import Iterable

from sharesync.formats.pictures import Photo
from sharesync.model.audit import Event
from sharesync.model.permission import Right
from sharesync.services import smart_members
from sharesync.services.who_may.permission import require_on_contact
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims
from sharesync.store.records import contacts, photos


def set_photo(work: Work, contact: str, photo: Photo, *, cause: str | None = None) -> bool:
    """Give a contact a photo; returns whether it is another than before. Raises NotFound, NotAllowed."""
    require_on_contact(work, Right.EDIT, contact)
    contacts.get(work.session, contact)
    return _choose(work, contact, photos.keep(work, contact, photo), cause)


def remove_photo(work: Work, contact: str) -> bool:
    """Take a contact's photo away; returns whether it had one. Raises NotFound, NotAllowed."""
    require_on_contact(work, Right.EDIT, contact)
    contacts.get(work.session, contact)
    return _choose(work, contact, None)


def bring(work: Work, brought: Iterable[tuple[str, Photo]], *, cause: str | None) -> int:
    """Give contacts the photos that a file has of them; returns how many have theirs from it now.

    One that is there is never replaced: the file is not known to be newer. The caller has asked for the right.
    """
    done = [contact for contact, photo in brought if _bring(work, contact, photo, cause)]
    claims.touch_contacts(work, done)  # once for all: one statement for each would take longer than its photo
    return len(done)


def _bring(work: Work, contact: str, photo: Photo, cause: str | None) -> bool:
    if photos.digest_of(work.session, contact) is not None:
        return False
    return _set(work, contact, photos.keep(work, contact, photo), cause)


def inherit(work: Work, contact: str, other: str, *, cause: str) -> None:
    """Give a contact without a photo that of another, which became one with it."""
    content = photos.of(work.session, other)
    if content is not None and photos.digest_of(work.session, contact) is None:
        _choose(work, contact, photos.keep(work, contact, content), cause)


def give_back(work: Work, contact: str, act: str, *, cause: str) -> bool:
    """Take away the photo that a contact has by a merge or an import; one that was set since stays."""
    return photos.came_by(work.session, contact) == act and _choose(work, contact, None, cause)


def put_back(work: Work, contact: str, now: bytes | None, before: bytes | None, *, cause: str) -> bool:
    """Give a contact the photo it had before (by its SHA-256), if it still has the one that it got then.

    Raises NotFound, NotAllowed.
    """
    require_on_contact(work, Right.EDIT, contact)
    if photos.digest_of(work.session, contact) != now:
        return False
    if before is not None and photos.content(work.session, contact, before) is None:
        return False  # gone with the trash, or erased
    return _choose(work, contact, before, cause)


def _choose(work: Work, contact: str, name: bytes | None, cause: str | None = None) -> bool:
    changed = _set(work, contact, name, cause)
    if changed:
        claims.touch_contacts(work, [contact])
    return changed


def _set(work: Work, contact: str, name: bytes | None, cause: str | None) -> bool:
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
    smart_members.follow(work, {contact: event})
    return True


def _told(name: bytes | None) -> list[str] | None:
    return [name.hex()] if name else None
