"""Cards as people read them: the facts on a contact's page, and what changed from one version to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from babel.dates import get_month_names

from sharesync.model.card import Card, Item
from sharesync.model.company_fields import CompanyFields
from sharesync.model.contact import VersionKind
from sharesync.model.custom_entries import with_entry
from sharesync.model.fields import FIELDS
from sharesync.store.queries.history import HistoryCard
from web.pages.card_form import BOXES
from web.words.fields import KINDS
from web.words.languages import N_, Spoken, _, language

ICONS = {
    "names": "user-round",
    "nicknames": "user-round",
    "emailAddresses": "mail",
    "phoneNumbers": "phone",
    "addresses": "map-pin",
    "organizations": "building-2",
    "occupations": "briefcase",
    "birthdays": "cake",
    "events": "calendar",
    "urls": "link",
    "relations": "users",
    "imClients": "message-circle",
    "sipAddresses": "phone",
    "calendarUrls": "calendar",
    "biographies": "notebook-pen",
    "userDefined": "list-plus",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a contact's page: a value in words, what kind it is, and where a click on it leads."""

    text: str
    kind: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """The facts of one field."""

    field: str
    icon: str
    facts: tuple[Fact, ...]


Difference = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Field, values gone, values new."""


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a contact, and what it changed of the one before."""

    kept: HistoryCard
    first: bool
    changes: tuple[Difference, ...]


def facts(card: Card, heading: str = "") -> list[FieldFacts]:
    """Everything on a card in reading order, but for what the page's heading says already: the title and `heading`."""
    told = [
        FieldFacts(name, ICONS[name], tuple(one for item in card[name] if (one := fact(name, item)).text != heading))
        for name in FIELDS
        if card[name]
    ]
    return [one for one in told if one.facts and (one.field != "names" or any(n.text != card.title for n in one.facts))]


def job(card: Card) -> str:
    """What somebody is, and where, on one line: the first company, unless the card is known by its name."""
    said = words("organizations", card["organizations"][0]) if card["organizations"] else ""
    return "" if said == card.title else said


def reached(told: Sequence[FieldFacts], field: str) -> Fact | None:
    """The first way to write or speak to somebody in this field."""
    return next((fact for one in told if one.field == field for fact in one.facts if fact.href), None)


def fact(field: str, item: Item) -> Fact:
    """One item in words."""
    kind = item.text("key") if field == "userDefined" else item.text("type") or item.text("protocol")
    return Fact(words(field, item), KINDS.get(kind, kind), _href(field, item))


def part(field: str, name: str) -> str:
    """What a part of a field is called, as over its box in the form."""
    label = next((box.label for box in BOXES.get(field, ()) if box.part == name), "")
    return _(label) if label else PARTS_OF_DATES.get(name, name)


PARTS_OF_DATES: dict[str, str] = Spoken(
    {"day": N_("Day"), "month": N_("Month"), "year": N_("Year"), "text": N_("Text")}
)


def words(field: str, item: Item) -> str:
    """One item's value in words, on one line or, for addresses and notes, on several."""
    match field:
        case "names":
            return _joined(item, " ", "honorificPrefix givenName middleName familyName honorificSuffix") or _joined(
                item, " ", "phoneticFullName phoneticGivenName phoneticMiddleName phoneticFamilyName"
            )
        case "organizations":
            return _joined(item, ", ", "title department name") or _joined(item, ", ", "jobDescription domain symbol")
        case "addresses":
            place = _joined(item, " ", "postalCode city")
            lines = [item.text("formattedValue"), item.text("streetAddress"), item.text("extendedAddress")]
            lines += [item.text("poBox"), place, item.text("region"), item.text("country")]
            return "\n".join(filter(None, lines))
        case "birthdays" | "events":
            return date(item) or item.text("text")
        case "relations":
            return item.text("person")
        case "imClients":
            return item.text("username")
        case "calendarUrls":
            return item.text("url")
        case _:
            return item.text("value")


def date(item: Item) -> str:
    """A date of Google's, of which any part may be missing: `3 May 1970`, `3 May`, `May 1970`, `1970`."""
    value = item.get("date")
    parts = dict(value) if isinstance(value, tuple) else {}
    month = get_month_names("wide", locale=language())[parts["month"]] if parts.get("month") else ""
    day = str(parts.get("day") or "")
    if day and language() in ("da", "nb"):
        day += "."
    return " ".join(filter(None, (day, month, str(parts.get("year") or ""))))


def steps(history: Sequence[HistoryCard], fields: CompanyFields) -> list[Step]:
    """The history, newest first, each version with what it changed of the accepted one that it was made from."""
    told = []
    for position, kept in enumerate(history):
        before = next((old for old in history[position + 1 :] if old.kind is VersionKind.ACCEPTED), None)
        changes: tuple[Difference, ...] = ()
        if before is not None:
            here = before.here if kept.kind is VersionKind.REJECTED else kept.here  # a mailbox knows none of these
            changes = tuple(differences(whole(before.card, before.here, fields), whole(kept.card, here, fields)))
        told.append(Step(kept, before is None, changes))
    return told


def whole(card: Card, here: Mapping[str, str], fields: CompanyFields) -> Card:
    """A card with the values of fields kept here as if they were on it: to be shown, and never kept or sent."""
    for one in fields:
        if not one.shown and here.get(one.id):
            card = with_entry(card, one.name, here[one.id])
    return card


def differences(before: Card, after: Card) -> list[Difference]:
    """What one card has that the other has not, field by field, in words."""
    found = []
    for name in FIELDS:
        old, new = before[name], after[name]
        if set(old) != set(new):
            gone = tuple(_spoken(name, item) for item in old if item not in new)
            come = tuple(_spoken(name, item) for item in new if item not in old)
            found.append((name, gone, come))
    return found


def in_words(field: str, card: Card) -> tuple[str, ...]:
    """All values of one field, each on one line."""
    return tuple(_spoken(field, item) for item in card[field])


def _spoken(name: str, item: Item) -> str:
    told = fact(name, item)
    line = told.text.replace("\n", ", ")
    return f"{line} ({told.kind})" if told.kind else line


def _joined(item: Item, between: str, parts: str) -> str:
    return between.join(filter(None, (item.text(part) for part in parts.split())))


def _href(field: str, item: Item) -> str:
    """Where a value leads, if anywhere: only to schemes that cannot run anything."""
    match field:
        case "emailAddresses":
            return f"mailto:{quote(item.text('value'), safe='@')}"
        case "phoneNumbers":
            dialled = "".join(sign for sign in item.text("value") if sign.isdigit() or sign in "+*#")
            return f"tel:{dialled}" if dialled else ""
        case "urls":
            return _web(item.text("value"))
        case _:
            return ""


def _web(address: str) -> str:
    try:
        parts = urlsplit(address)
        bare = urlsplit(f"https://{address}")
    except ValueError:
        return ""
    if parts.scheme in ("http", "https") and parts.hostname:
        return address
    whole = not parts.scheme and "." in (bare.hostname or "") and not any(sign.isspace() for sign in address)
    return bare.geturl() if whole else ""
