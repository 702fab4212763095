"""Where a contact is reached, in vCards: e-mails, numbers, and addresses with what stands beside them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sharesync.formats.typed_values import NO_EMAIL, WRONG_EMAIL, WRONG_PHONE, emails
from sharesync.formats.vcard_draft import CardDraft, Parts
from sharesync.formats.vcard_values import Told, repeats
from sharesync.formats.vcard_words import ADDRESS_PARTS
from sharesync.model.plausible import looks_like_email, looks_like_phone


def email(draft: CardDraft, one: Told) -> None:
    """An e-mail address: bare, as an address in the web (RFC 6068), or with a name: `"Om Ega" <om@ega.test>`."""
    text, value = one.text, one.whole
    if text[:7].lower() == "mailto:" and "?" in text:
        value, _asked = value.taken_apart(text.split("?", 1))
    if "@" not in unquote(text):
        _no_email(draft, one)
        return
    found = emails(value.text)
    value.goes("emailAddresses", *(part for pair in found for part in pair))
    for name, where in found:
        if not looks_like_email(where):
            draft.warn(WRONG_EMAIL, one, where)
        draft.put("emailAddresses", one, {"value": where, "displayName": name})


def _no_email(draft: CardDraft, one: Told) -> None:
    """Keep what is no address as a custom field, named by its type: `EMAIL;TYPE=X400`."""
    key = next((word for word, _ in one.types if word.lower() not in ("home", "work", "other")), "E-mail")
    draft.put("userDefined", one, {"key": key, "value": one.text})
    one.whole.goes("userDefined")
    for word, value in one.types:
        if word == key:
            value.goes("userDefined")
    draft.warn(NO_EMAIL, one, one.text)


def phone(draft: CardDraft, one: Told) -> None:
    """A number, as it is written or as an address (RFC 3966): `tel:+45-33-12-34-56;ext=102`."""
    is_address = one.text[:4].lower() == "tel:"
    number, *params = re.split(_DIALLING, unquote(one.text[4:]) if is_address else one.text)
    told = one.whole.taken_apart([number, *params[1::2]])
    for name, value in zip(params[::2], told[1:], strict=True):
        if name.lower() == "ext":
            number += f" ext. {value.text}"
            value.goes("phoneNumbers")
    told[0].goes("phoneNumbers")
    if not looks_like_phone(number):
        draft.warn(WRONG_PHONE, one, one.text)
    draft.put("phoneNumbers", one, {"value": number})


_DIALLING = re.compile(r"(?i);(ext|isub|phone-context|postd)=")


def address(draft: CardDraft, one: Told) -> None:
    """A postal address, and how it stands on an envelope (RFC 6350, 6.3.1)."""
    parts: Parts = {}
    for part, values in zip(ADDRESS_PARTS, one.components(), strict=False):
        if text := draft.joined(values, "addresses"):
            parts[part] = text
    draft.put("addresses", one, parts)
    if label := one.params.get("LABEL"):
        draft.put_envelope(one, label)


def label(draft: CardDraft, one: Told) -> None:
    """An address only as it stands on an envelope."""
    draft.put_envelope(one, one.whole)


def country_code(draft: CardDraft, one: Told) -> None:
    """Apple's X-ABADR: the country whose form an address has."""
    if re.fullmatch(r"[A-Za-z]{2}", one.text):
        draft.put_country(one)
    else:
        repeats(one.whole)


def within_the_city(draft: CardDraft, one: Told) -> None:
    """Apple's parts of an address."""
    draft.put_in_address(one)
