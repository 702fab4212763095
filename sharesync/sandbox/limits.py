"""How much one contact and one mailbox may hold.

Source: Google Contacts Help, "Contact limits"; the error codes are unknown and assumed.
"""

from __future__ import annotations

from collections.abc import Mapping

from sharesync.sandbox.errors import ApiError, Status, invalid_argument
from sharesync.sandbox.mailbox import Mailbox
from sharesync.sandbox.normalise import Items
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.wire import dumps

MAX_BYTES = 128 * 1024
MAX_ITEMS = 500
MAX_CHARS = 1_024
_LONG = frozenset({"biographies", "clientData"})  # notes are exempt (documented); clientData held 8 KiB (observed)
_TOO_LARGE = "Request contains an invalid argument:"
_COMPUTED = ("formattedValue", "displayName", "displayNameLastFirst", "unstructuredName")


def check_contact(fields: Mapping[str, Items]) -> None:
    """Raises ApiError 400 for a contact that is too large in bytes, fields or characters of one field."""
    if sum(len(items) for items in fields.values()) > MAX_ITEMS:
        raise invalid_argument(f"{_TOO_LARGE} a contact holds at most 500 fields.")
    chars = 0
    for field, items in fields.items():
        for item in items:
            for key, value in item.items():
                size = len(value) if isinstance(value, str) else 0
                chars += size + len(key)
                if size > MAX_CHARS and field not in _LONG and key not in _COMPUTED:
                    raise invalid_argument(f"{_TOO_LARGE} a field holds at most 1024 characters.")
    # Counting bytes costs more than all else here, so only a contact that could be too large is counted.
    if chars * 4 > MAX_BYTES and len(dumps(fields).encode()) > MAX_BYTES:
        raise invalid_argument(f"{_TOO_LARGE} a contact holds at most 128 KB.")


def check_room(mailbox: Mailbox, settings: Settings, more: int) -> None:
    """Raises ApiError for `more` contacts than still fit; the trash counts (observed)."""
    if len(mailbox.contacts) + more > settings.contact_limit and mailbox.size() + more > settings.contact_limit:
        status = Status.RESOURCE_EXHAUSTED if settings.overflow_http == 429 else Status.INVALID_ARGUMENT
        raise ApiError(status, "The user has exceeded the contact limit: MY_CONTACTS_OVERFLOW_COUNT")
