"""Pushing photos: a contact's photo is put on its person, or ours is taken away; a user's own is left alone.

Google takes no etag with a photo, so every person is read right before, a few at a time. Each photo is one request,
between an intent and an outcome of its own: one that was sent and never answered is known as ours when it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sharesync.errors import GoogleError, OutcomeUnknown, Sentence
from sharesync.mailbox_pass.push_effects import About, Asked, Consequence, answered, refused, told
from sharesync.mailbox_pass.push_session import Sending, batches
from sharesync.model.link import Link
from sharesync.model.mailbox import UNREADABLE, Poisoned, Seen, Unknown, Unread, WishOutcome, Written
from sharesync.model.photo import UNSETTLED, Put, Rest, Take, next_step, refusal
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import claims, links
from sharesync.store.records import photos
from sharesync.sync.aside import set_aside
from sharesync.sync.reading import is_stale

SOME = 10
"""Persons read in one go before their photos are written: no user's photo has long to come in between."""
LOST_IN_A_ROW = 2
"""So many lost answers one after the other, and the other photos are left for later."""
_REQUEST = {Put: Asked.PUT_PHOTO, Take: Asked.TAKE_PHOTO}
_INTENT = {
    Asked.PUT_PHOTO: Sentence("put the photo on %(contacts)s"),
    Asked.TAKE_PHOTO: Sentence("take the photo off %(contacts)s"),
}


def push(send: Sending, contacts: Sequence[str]) -> None:
    """Bring the photos of these contacts' persons up to date, as far as this minute's quota goes; a later pass goes on.

    Raises PlanOutdated, MailboxBusy and what Google's calls raise; what was done is written.
    """
    for some in batches(contacts, SOME):
        if not send.people.affords_photo():
            return
        _push_some(send, some)


def _push_some(send: Sending, contacts: Sequence[str]) -> None:
    mine = [send.known.links[contact] for contact in contacts]
    persons = send.people.get([link.resource_name for link in mine])
    todo: list[tuple[Link, Put | Take]] = []
    observed: list[Link] = []
    with send.work() as work:
        send.check(work)
        for link in mine:
            match _decided(send, work, link, persons.get(link.resource_name)):
                case Link() as after:
                    observed.append(after)
                case (before, what):
                    todo.append((before, what))
                case None:
                    pass
        links.update_links(work, send.mailbox, observed)
    _send_all(send, todo)
    send.raise_trouble()


def _decided(
    send: Sending, work: Work, link: Link, seen: Seen | Unread | None
) -> Link | tuple[Link, Put | Take] | None:
    """The link where nothing is to be sent, or else what is; None where what was read is too old to tell."""
    wanted = send.known.wanted[link.contact].photo
    if seen is None:
        return replace(link, look_at=work.now)
    if isinstance(seen, Unread):
        refused(send, work, About(Asked.PUT_PHOTO, link.contact, None), UNREADABLE)
        return set_aside(link, refusal(wanted), UNREADABLE, work.now)
    if is_stale(link, seen):
        return None
    sign = send.marks.vouched(seen.marks, seen.photo) or link.photo_sign
    what = next_step(wanted, sign, link.photo_sent, seen.photo)
    if isinstance(what, Rest):
        return _at_rest(link, wanted, what.sign or sign)
    # What stands there now is ours, or nothing: only what shows later can be what is sent now.
    return _signed(replace(link, photo_sent=None), seen.photo or sign), what


def _send_all(send: Sending, todo: Sequence[tuple[Link, Put | Take]]) -> None:
    lost = 0
    for link, what in todo:
        if not send.people.affords_photo():
            return
        try:
            _send(send, link, _REQUEST[type(what)])
        except OutcomeUnknown as error:  # written down; an error about one photo keeps no other contact from its photo
            lost += 1
            send.people.trouble = error
            if lost == LOST_IN_A_ROW:
                raise
        else:
            lost = 0


def _send(send: Sending, link: Link, request: Asked) -> None:
    wanted = send.known.wanted[link.contact].photo
    with send.work() as work:
        send.check(work)
        about = About(request, link.contact, photos.cause(work.session, link.contact))
        content = photos.content(work.session, link.contact, wanted) if wanted else b""
        if content is None:
            return  # it was removed since the plan was made; the next plan knows
        links.update_links(work, send.mailbox, [replace(link, photo=UNSETTLED, photo_sent=wanted)])
        send.intend(work, _INTENT[request], 1)
    try:
        name = link.resource_name
        came = send.people.put_photo(name, content) if content else send.people.take_photo(name)
    except GoogleError as error:
        with send.work() as work:
            if isinstance(error, OutcomeUnknown):
                answered(send, work, about, Unknown())
            else:  # certainly not executed: nothing to wait for
                links.update_links(work, send.mailbox, [link])
        raise
    with send.work() as work:
        claims.require(work.session, send.mailbox, send.fence)
        match answered(send, work, about, came), came:
            case Consequence.DONE, Written(seen):
                after = _written(link, wanted, seen, work.now)
            case Consequence.ASIDE, Poisoned(reason, perhaps_done):
                # One that may stand there all the same is known as ours when it shows, as after a lost answer.
                tried = replace(link, photo=UNSETTLED, photo_sent=wanted) if perhaps_done else link
                after = set_aside(tried, refusal(wanted), reason, work.now)
            case _:
                after = replace(link, look_at=work.now)
        links.update_links(work, send.mailbox, [after])


def take_off(send: Sending, contact: str | None, seen: Seen, cause: str | None) -> WishOutcome:
    """Take our photo off a person that is no contact's from now on; raises what Google's calls raise."""
    send.about_to(_INTENT[Asked.TAKE_PHOTO], 1)
    came = send.people.take_photo(seen.resource_name)
    with send.work() as work:
        told(send, work, About(Asked.TAKE_PHOTO, contact, cause), came, done=isinstance(came, Written))
    return came


def _written(link: Link, wanted: bytes | None, seen: Seen, now: datetime) -> Link:
    """The link after a write. An edit that it brought to light is decided about first: no etag goes past it."""
    after = _at_rest(link, wanted, (seen.photo if wanted else None) or link.photo_sign)
    if wanted and seen.photo is None:
        after = replace(after, photo_sent=wanted)  # an answer may leave photos out (observed)
    after = replace(after, written_at=seen.updated_at or link.written_at)
    if seen.card.fingerprint != link.seen:
        return replace(after, look_at=now)
    return replace(after, etag=seen.etag, resource_name=seen.resource_name)


def _at_rest(link: Link, wanted: bytes | None, sign: bytes | None) -> Link:
    settled = _signed(replace(link, photo=wanted, photo_sent=None), sign)
    return replace(settled, aside="", aside_until=None) if link.aside_version < 0 else settled


def _signed(link: Link, sign: bytes | None) -> Link:
    """The link with the sign of ours, which the person's mark is to say, too: that is written next."""
    return replace(link, photo_sign=sign, marked=link.marked and sign == link.photo_sign)
