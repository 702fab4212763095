"""What a person can do in Google Contacts: the user's side of a mailbox, for the page and the simulator.

Each act is like an edit in the web page: etag and updateTime move, lists lag, and nothing asks for an etag. Contacts
are named by resource name, labels by id. Where Google's behaviour is only partly known (merge, undo), what was observed
is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sharesync.sandbox import render
from sharesync.sandbox.contact import (
    STARRED,
    SYSTEM_LABELS,
    History,
    LabelVersion,
    Profile,
    State,
    Version,
    arrange,
    without,
)
from sharesync.sandbox.discovery import people
from sharesync.sandbox.fields import SINGLE, WRITABLE
from sharesync.sandbox.identity import new_id, person_name
from sharesync.sandbox.limits import check_contact, check_room
from sharesync.sandbox.mailbox import TRASH_DAYS, Mailbox
from sharesync.sandbox.normalise import Items, normalise
from sharesync.sandbox.settings import Settings
from sharesync.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Hands:
    """One user in front of their contacts. Acts raise ValueError, or ApiError for a limit, in one sentence."""

    mailbox: Mailbox
    settings: Settings
    region: str

    # -- looking -------------------------------------------------------------------------------------------------------

    def contacts(self, label: str | None = None, search: str = "") -> list[Json]:
        """What the list shows now, by name: the true state of each contact (see `render.true_state`)."""
        with self.mailbox.lock:
            held = [one for one in self.mailbox.live() if label is None or label in one.now.labels]
            shown = [render.true_state(one) for one in held if search.casefold() in _text(one.now)]
        return sorted(shown, key=lambda one: (_title(one["fields"]).casefold(), one["id"]))

    def trash(self) -> list[Json]:
        """What was deleted in the last 30 days."""
        with self.mailbox.lock:
            self.mailbox.size()
            held = self.mailbox.contacts.values()
            return [render.true_state(one) for one in held if one.now.state is State.TRASH]

    def labels(self) -> list[Json]:
        """The user's own labels by name: id, name, count of contacts."""
        with self.mailbox.lock:
            counts = self.mailbox.member_counts()
            shown = [
                {"id": one.id, "name": one.now.name, "count": counts[one.id]}
                for one in self.mailbox.labels.values()
                if not one.now.deleted
            ]
        return sorted(shown, key=lambda one: str(one["name"]).casefold())

    # -- contacts ------------------------------------------------------------------------------------------------------

    def create(self, person: Json, labels: list[str] | tuple[str, ...] = ()) -> str:
        """A new contact of a Person's writable fields; its resource name."""
        with self.mailbox.lock:
            for label in labels:
                self._label(label)
            check_room(self.mailbox, self.settings, 1)
            _check(person)
            made = normalise(person, frozenset(WRITABLE), self.region, {})
            check_contact(made)
            return self.mailbox.create(made, labels).now.resource_name

    def edit(self, name: str, person: Json) -> None:
        """Replaces the fields that stand in `person`; an empty list clears one."""
        with self.mailbox.lock:
            contact = self._contact(name)
            _check(person)
            present = contact.now.fields
            fields = {**present, **normalise(person, frozenset(person) & set(WRITABLE), self.region, present)}
            check_contact(fields)
            self.mailbox.write(contact, fields=fields)

    def delete(self, name: str) -> None:
        """Into the trash."""
        with self.mailbox.lock:
            self.mailbox.delete(self._contact(name))

    def undelete(self, name: str) -> None:
        """Out of the trash, with the labels that still exist."""
        with self.mailbox.lock:
            self.mailbox.size()
            for contact in self.mailbox.contacts.values():
                if contact.now.resource_name == name and contact.now.state is State.TRASH:
                    self.mailbox.write(contact, state=State.LIVE, labels=self._existing(contact.now.labels))
                    return
        raise ValueError(f"{name} is not in the trash.")

    def merge(self, names: list[str]) -> str:
        """Merges contacts into the first: lists, labels and client data of all, single values of the first with one.

        The others are no more, also not in the trash: "Undo changes" alone brings them back. Returns the survivor's
        resource name.
        """
        with self.mailbox.lock:
            survivor, *others = [self._contact(name) for name in dict.fromkeys(names)]
            if not others:
                raise ValueError("A merge takes two contacts or more.")
            versions = [survivor.now, *(other.now for other in others)]
            fields = {field: _merged(field, [one.fields.get(field, ()) for one in versions]) for field in WRITABLE}
            labels = arrange(tuple(label for version in versions for label in version.labels))
            photo = next((version.photo for version in versions if version.photo), None)
            self.mailbox.write(survivor, fields=fields, labels=labels, photo=photo)
            for other in others:
                self.mailbox.write(other, state=State.GONE)
            return survivor.now.resource_name

    def star(self, name: str, *, on: bool = True) -> None:
        """Stars a contact, or takes the star off."""
        with self.mailbox.lock:
            contact = self._contact(name)
            labels = (*contact.now.labels, STARRED) if on else without(contact.now.labels, STARRED)
            self.mailbox.write(contact, labels=arrange(labels))

    def set_photo(self, name: str, content: bytes | None) -> None:
        """Another photo, or none."""
        with self.mailbox.lock:
            self.mailbox.write(self._contact(name), photo=render.photo_id(content) if content else None)

    def undo_changes(self, to: datetime) -> None:
        """All contacts as they stood at `to`, at most 30 days back; newer ones go into the trash."""
        with self.mailbox.lock:
            if to < self.mailbox.now() - timedelta(days=TRASH_DAYS):
                raise ValueError("Changes can be undone for 30 days.")
            for label in self.mailbox.labels.values():
                then = label.at(to)
                if label.now.deleted and then and not then.deleted:
                    self.mailbox.write_label(label, deleted=False)
            for contact in list(self.mailbox.contacts.values()):
                self._back(contact, contact.at(to))

    def touch(self, name: str) -> None:
        """A phantom update: etag and updateTime move, and nothing has changed (observed, nightly)."""
        with self.mailbox.lock:
            self.mailbox.write(self._contact(name))

    def link_profile(self, name: str, display_name: str, photo: str | None = None) -> str:
        """Links the contact to a profile: the source id stays, the resource name changes. Returns the new one."""
        with self.mailbox.lock:
            contact = self._contact(name)
            rng = self.mailbox.rng
            profile = Profile(str(rng.randrange(10**20, 10**21)), display_name, photo)
            return self._rename(contact, person_name(new_id(rng)), profile)

    def unlink_profile(self, name: str) -> str:
        """The profile is gone, and with it the resource name it brought. Returns the new one."""
        with self.mailbox.lock:
            contact = self._contact(name)
            return self._rename(contact, person_name(contact.id), None)

    # -- labels --------------------------------------------------------------------------------------------------------

    def label(self, name: str, label: str) -> None:
        """Puts a label on a contact."""
        with self.mailbox.lock:
            contact = self._contact(name)
            self.mailbox.write(contact, labels=arrange((*contact.now.labels, self._label(label).id)))

    def unlabel(self, name: str, label: str) -> None:
        """Takes a label off a contact."""
        with self.mailbox.lock:
            contact = self._contact(name)
            self.mailbox.write(contact, labels=arrange(without(contact.now.labels, self._label(label).id)))

    def create_label(self, title: str) -> str:
        """A new label; its id."""
        with self.mailbox.lock:
            return self.mailbox.create_label(self._free(title)).id

    def rename_label(self, label: str, title: str) -> None:
        """Another name for a label."""
        with self.mailbox.lock:
            held = self._label(label)
            if title != held.now.name:
                self.mailbox.write_label(held, name=self._free(title, held))

    def delete_label(self, label: str, *, with_contacts: bool = False) -> None:
        """Deletes a label, and its contacts too if the person says so."""
        with self.mailbox.lock:
            self.mailbox.delete_label(self._label(label), with_contacts=with_contacts)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _contact(self, name: str) -> History[Version]:
        contact = self.mailbox.find(name)
        if contact is None:
            raise ValueError(f"There is no contact {name}.")
        return contact

    def _label(self, label: str) -> History[LabelVersion]:
        held = self.mailbox.label(label)
        if held is None:
            raise ValueError(f"There is no label {label}.")
        return held

    def _free(self, title: str, present: History[LabelVersion] | None = None) -> str:
        if not title.strip():
            raise ValueError("A label needs a name.")
        if self.mailbox.name_taken(title, present):
            raise ValueError(f"There is a label {title} already.")
        return title.strip()

    def _existing(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        return arrange(tuple(one for one in labels if one in SYSTEM_LABELS or self.mailbox.label(one)))

    def _rename(self, contact: History[Version], name: str, profile: Profile | None) -> str:
        version = contact.now
        former = tuple(one for one in (*version.previous, version.resource_name) if one != name)
        self.mailbox.write(contact, resource_name=name, previous=former, profile=profile)
        return name

    def _back(self, contact: History[Version], then: Version | None) -> None:
        now = contact.now
        if then is None or then.state is not State.LIVE:
            if now.state is State.LIVE:
                self.mailbox.delete(contact)
            return
        labels = self._existing(then.labels)
        changes = {"fields": then.fields, "labels": labels, "photo": then.photo, "state": State.LIVE}
        if (now.fields, now.labels, now.photo, now.state) != (then.fields, labels, then.photo, State.LIVE):
            self.mailbox.write(contact, **changes)


def _check(person: Json) -> None:
    _, found = people().check("Person", person)
    unknown = set(person) - set(WRITABLE)
    if found or unknown:
        raise ValueError(found[0][1] if found else f"A person cannot change {', '.join(sorted(unknown))}.")


def _merged(field: str, lists: list[Items]) -> Items:
    if field in SINGLE and field != "biographies":
        return next((items for items in lists if items), ())
    if field == "biographies":  # notes of both, one below the other
        notes = [item["value"] for items in lists for item in items]
        return ({"value": "\n".join(notes), "contentType": "TEXT_PLAIN"},) if notes else ()
    kept: list[Json] = []
    for item in (item for items in lists for item in items):
        if field == "clientData" or item not in kept:  # client data of both, doubles included (observed)
            kept.append(item)
    return tuple(kept)


def _title(fields: Json) -> str:
    for field, key in (("names", "displayName"), ("organizations", "name"), ("emailAddresses", "value")):
        for item in fields.get(field, ()):
            if item.get(key):
                return str(item[key])
    return ""


def _text(version: Version) -> str:
    items = (item for field, items in version.fields.items() if field != "clientData" for item in items)
    return "\n".join(str(value) for item in items for value in item.values()).casefold()
