"""A user of the House in front of their own Google Contacts: what they do there, and what truly stands there.

Contacts are called by their given names, labels by theirs. Values are told in few words (`Values`), so that a scenario
reads as a story; what comes back is read into the same words (`Shown`), whether it stands in a mailbox or in the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sharesync.model.mailbox import MARK_KEY
from sharesync.sandbox.hands import Hands
from sharesync.services.operation.pass_report import PassReport

if TYPE_CHECKING:
    from tests.worlds import House

Json = dict[str, Any]


class Values(TypedDict, total=False):
    """What a scenario says of a contact; an empty value clears."""

    given: str
    family: str
    emails: Sequence[str]
    phones: Sequence[str]
    note: str
    job: tuple[str, str]
    """Company and title."""
    birthday: tuple[int, int, int]
    data: Mapping[str, str]
    """`clientData` of another program."""
    custom: Mapping[str, str]
    """Custom entries, by name."""


def fields(**values: Unpack[Values]) -> Json:
    """The values as the People API writes them."""
    made: Json = {}
    if "given" in values or "family" in values:
        made["names"] = [{"givenName": values.get("given", ""), "familyName": values.get("family", "")}]
    if "emails" in values:
        made["emailAddresses"] = [{"value": value, "type": "work"} for value in values["emails"]]
    if "phones" in values:
        made["phoneNumbers"] = [{"value": value, "type": "mobile"} for value in values["phones"]]
    if "note" in values:
        made["biographies"] = [{"value": values["note"]}] if values["note"] else []
    if "job" in values:
        company, title = values["job"]
        made["organizations"] = [{"name": company, "title": title}] if company or title else []
    if "birthday" in values:
        made["birthdays"] = [{"date": dict(zip(("year", "month", "day"), values["birthday"], strict=True))}]
    if "data" in values:
        made["clientData"] = [{"key": key, "value": value} for key, value in values["data"].items()]
    if "custom" in values:
        made["userDefined"] = [{"key": key, "value": value} for key, value in values["custom"].items()]
    return made


def customer(name: str, **values: Unpack[Values]) -> Json:
    """A contact by given name, with an e-mail address of its own unless `values` says otherwise."""
    values.setdefault("emails", [f"{name.casefold()}@customer.example"])
    values["given"] = name
    return fields(**values)


@dataclass(frozen=True, slots=True)
class Shown:
    """A contact's values in the words of `Values`; lists sorted, because their order means nothing."""

    given: str = ""
    family: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    note: str = ""
    job: tuple[str, str] = ("", "")
    birthday: tuple[int, int, int] | None = None
    custom: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Shown:
        """Read a Person's or a card's fields."""

        def first(field: str) -> Json:
            return dict(next(iter(told.get(field, ())), {}))

        def all_of(field: str) -> tuple[str, ...]:
            return tuple(sorted(item["value"] for item in told.get(field, ())))

        name, work, date = first("names"), first("organizations"), first("birthdays").get("date")
        return cls(
            given=name.get("givenName", ""),
            family=name.get("familyName", ""),
            emails=all_of("emailAddresses"),
            phones=all_of("phoneNumbers"),
            note=first("biographies").get("value", ""),
            job=(work.get("name", ""), work.get("title", "")),
            birthday=(date.get("year", 0), date.get("month", 0), date.get("day", 0)) if date else None,
            custom=tuple(sorted((item["key"], item["value"]) for item in told.get("userDefined", ()))),
        )


class User:
    """One user, by first name. Verbs are done in their Google Contacts; nothing reaches anyone before a pass."""

    def __init__(self, house: House, name: str) -> None:
        self.house = house
        self.name = name
        self.email = house.address(name)
        self.id = house.workspace.user(self.email).id
        """Google's immutable id."""
        self.own: dict[str, Json] = {}
        """Source ids of persons the user made, with what stood there: theirs alone, unless they share it."""
        self.own_labels: set[str] = {"starred"}
        """Ids of labels that are theirs to put on."""
        self.faces: dict[str, str | None] = {}
        """Photos that the user put on persons, or None where they took one off, by source id."""
        self.gone: set[str] = set()
        """Source ids of persons the user deleted."""
        self.keeps: set[str] = set()
        """Given names of persons of our making that are the user's now, because they had added to them."""

    def copy(self) -> User:
        """The same user, whose memory goes its own way."""
        other = User(self.house, self.name)
        other.own, other.gone, other.faces = dict(self.own), set(self.gone), dict(self.faces)
        other.own_labels, other.keeps = set(self.own_labels), set(self.keeps)
        return other

    @property
    def hands(self) -> Hands:
        """The sandbox's hands, for what has no verb here."""
        return self.house.workspace.hands(self.id)

    def pass_over(self, **how: Any) -> PassReport:
        """One pass over this mailbox, an interval after the last thing that happened."""
        return self.house.pass_over(self.name, **how)

    # -- looking -------------------------------------------------------------------------------------------------------

    def sees(self, label: str | None = None) -> list[str]:
        """Given names of all contacts, or of those under a label, sorted; whoever stands there twice is named twice."""
        shown = self.hands.contacts(self._label(label) if label is not None else None)
        return sorted(Shown.of(one["fields"]).given for one in shown)

    def shows(self, name: str) -> Shown:
        """A contact's values."""
        return Shown.of(self.find(name)["fields"])

    def labels(self) -> list[str]:
        """Names of the user's labels."""
        return [label["name"] for label in self.hands.labels()]

    def labels_on(self, name: str) -> set[str]:
        """Names of the user's labels on a contact."""
        held = self.find(name)["labels"]
        return {label["name"] for label in self.hands.labels() if label["id"] in held}

    def marks_on(self, name: str) -> list[str]:
        """Our marks on a contact: one while it is linked, none else."""
        return [one["value"] for one in self.find(name)["fields"].get("clientData", ()) if one["key"] == MARK_KEY]

    def data_on(self, name: str) -> dict[str, str]:
        """What other programs keep with a contact."""
        pairs = self.find(name)["fields"].get("clientData", ())
        return {one["key"]: one["value"] for one in pairs if one["key"] != MARK_KEY}

    def trash(self) -> list[str]:
        """Given names of what lies in Google's trash."""
        return sorted(Shown.of(one["fields"]).given for one in self.hands.trash())

    def find(self, name: str) -> Json:
        """The one contact of this given name (or resource name), as it truly stands."""
        found = [one for one in self.hands.contacts() if name in (Shown.of(one["fields"]).given, one["resourceName"])]
        if len(found) != 1:
            raise LookupError(f"{self.name} has {len(found)} contacts called {name}; there are {self.sees()}.")
        return found[0]

    # -- contacts ------------------------------------------------------------------------------------------------------

    def makes(self, name: str, *, under: Sequence[str] = (), **values: Unpack[Values]) -> str:
        """A contact of their own, under these labels; its resource name."""
        made = self.hands.create(customer(name, **values), [self._label(label) for label in under])
        self._note(made)
        return made

    def edits(self, name: str, **values: Unpack[Values]) -> None:
        """Other values on a contact; what is not named stays."""
        contact = self.find(name)
        changes = fields(**values)
        if "names" in changes:
            present = contact["fields"].get("names", [{}])[0]
            changes["names"] = [
                {part: present.get(part, "") for part in ("givenName", "familyName")}
                | {part: text for part, text in changes["names"][0].items() if part[:-4] in values}
            ]
        if "clientData" in changes:
            changes["clientData"] = [*contact["fields"].get("clientData", ()), *changes["clientData"]]
        self.hands.edit(contact["resourceName"], changes)
        self._note(contact["resourceName"])

    def deletes(self, *names: str) -> None:
        """Contacts into Google's trash."""
        for name in names:
            contact = self.find(name)
            self.gone.add(contact["id"])
            self.hands.delete(contact["resourceName"])

    def undeletes(self, name: str) -> None:
        """A contact out of the trash."""
        found = [one for one in self.hands.trash() if Shown.of(one["fields"]).given == name]
        self.gone.discard(found[0]["id"])
        self.hands.undelete(found[0]["resourceName"])

    def stars(self, name: str) -> None:
        """A star on a contact."""
        self.hands.star(self.find(name)["resourceName"])
        self._note(name)

    def photographs(self, name: str, face: bytes | None = b"a face") -> None:
        """A photo on a contact, or off it."""
        self.hands.set_photo(self.find(name)["resourceName"], face)
        now = self.find(name)
        self.faces[now["id"]] = now["photo"]

    # -- labels --------------------------------------------------------------------------------------------------------

    def makes_label(self, label: str) -> None:
        """A label of their own."""
        self.own_labels.add(self.hands.create_label(label))

    def puts(self, label: str, *names: str) -> None:
        """A label on contacts."""
        for name in names:
            self.hands.label(self.find(name)["resourceName"], self._label(label))
            self._note(name)

    def takes(self, label: str, *names: str) -> None:
        """A label off contacts."""
        for name in names:
            self.hands.unlabel(self.find(name)["resourceName"], self._label(label))
            self._note(name)

    def renames(self, label: str, to: str) -> None:
        """Another name for a label."""
        self.hands.rename_label(self._label(label), to)

    def deletes_label(self, label: str, *, with_contacts: bool = False) -> None:
        """A label away, its contacts kept unless said."""
        name = self._label(label)
        if with_contacts:
            self.gone |= {contact["id"] for contact in self.hands.contacts(name)}
        self.hands.delete_label(name, with_contacts=with_contacts)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _label(self, name: str) -> str:
        found = [label["id"] for label in self.hands.labels() if label["name"] == name]
        if not found:
            raise LookupError(f"{self.name} has no label {name}; there are {self.labels()}.")
        return str(found[0])

    def _note(self, name: str) -> None:
        """Remember what stands on a person of the user's own, so that a change by anyone else is noticed."""
        contact = self.find(name)
        ours = any(one["key"] == MARK_KEY for one in contact["fields"].get("clientData", ()))
        if contact["id"] in self.own or not ours:
            self.own[contact["id"]] = contact
