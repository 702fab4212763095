"""What users do with their hands in Google Contacts, chosen by chance: the sandbox's `Hands`, and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from sharesync.sandbox.contact import MY_CONTACTS, STARRED, History, LabelVersion, Version
from sharesync.sandbox.errors import ApiError
from sharesync.sandbox.hands import Hands
from sharesync.sandbox.mailbox import Mailbox
from tests.simulation.house import House
from tests.simulation.memory import marks

Json = dict[str, Any]
FIRST = ("Ada", "Björn", "Çelik", "Dóra", "Eva", "Fin")


class Fingers:
    """One user at work. Each verb picks its object by chance and does nothing where there is none."""

    def __init__(self, house: House, user: str, rng: Random) -> None:
        self.house, self.user, self.rng = house, user, rng
        self.box: Mailbox = house.workspace.mailbox(user)
        self.hands: Hands = house.workspace.hands(user)

    def act(self) -> str:
        """One act; returns what it was."""
        verbs = list(ACTS)
        verb = self.rng.choices(verbs, [ACTS[one] for one in verbs])[0]
        try:
            verb(self)
        except (ValueError, ApiError):
            return f"{verb.__name__}, in vain"
        return verb.__name__

    # -- choosing --

    def _persons(self) -> list[History[Version]]:
        return sorted(self.box.live(), key=lambda one: one.id)

    def _person(self, *, shared: bool | None = None) -> History[Version]:
        found = [one for one in self._persons() if shared is None or bool(marks(one.now)) is shared]
        if not found:
            raise ValueError("There is nobody.")
        return self.rng.choice(found)

    def _anyone(self) -> History[Version]:
        return self._person(shared=None if self.rng.random() < 0.2 else True)

    def _labels(self, *, ours: bool) -> list[History[LabelVersion]]:
        found = (one for one in self.box.labels.values() if not one.now.deleted and bool(one.now.client_data) is ours)
        return sorted(found, key=lambda one: one.id)

    def _label(self, *, ours: bool) -> History[LabelVersion]:
        found = self._labels(ours=ours)
        if not found:
            raise ValueError("There is no label.")
        return self.rng.choice(found)

    # -- values --

    def _word(self, kind: str) -> str:
        return self.house.word(kind)

    def new_fields(self) -> Json:
        """A contact nobody has typed yet."""
        given = self._word(self.rng.choice(FIRST))
        made: Json = {"names": [{"givenName": given}], "emailAddresses": [{"value": f"{given.casefold()}@x.example"}]}
        if self.rng.random() < 0.5:
            made["phoneNumbers"] = [{"value": self.house.number(), "type": "mobile"}]
        return made

    def _change(self, fields: Json) -> Json:
        what = self.rng.randrange(9)
        mails = [dict(one) for one in fields.get("emailAddresses", ())]
        phones = [dict(one) for one in fields.get("phoneNumbers", ())]
        match what:
            case 0:
                name = dict(fields.get("names", ({},))[0])
                return {"names": [{"givenName": self._word("Gi"), "familyName": name.get("familyName", "")}]}
            case 1:
                name = dict(fields.get("names", ({},))[0])
                return {"names": [{"givenName": name.get("givenName", ""), "familyName": self._word("Fa")}]}
            case 2:
                return {"emailAddresses": [*mails, {"value": self._word("mail") + "@x.example"}]}
            case 3:
                return {"emailAddresses": mails[1:]}
            case 4:
                return {"phoneNumbers": [*phones, {"value": self.house.number(), "type": "work"}]}
            case 5:
                return {"phoneNumbers": [{"value": self.house.number()}, *phones[1:]]}
            case 6:
                return {"biographies": [{"value": self._word("note")}]}
            case 7:
                return {"organizations": [{"name": self._word("Firm"), "title": self._word("boss")}]}
            case _:
                return {"birthdays": [{"date": {"year": self.rng.randrange(1950, 2000), "month": 5, "day": 17}}]}

    # -- acts --

    def edits(self) -> None:
        """One or two fields of a contact."""
        person = self._anyone()
        for _ in range(self.rng.choice((1, 1, 2))):
            self.hands.edit(person.now.resource_name, self._change(dict(person.now.fields)))

    def edits_many(self) -> None:
        """Every contact, one after the other."""
        for person in self._persons():
            if self.rng.random() < 0.9:
                self.hands.edit(person.now.resource_name, {"biographies": [{"value": self._word("many")}]})

    def empties(self) -> None:
        """Every field of a contact but its name."""
        person = self._anyone()
        self.hands.edit(person.now.resource_name, {name: [] for name in ("emailAddresses", "phoneNumbers")})

    def makes(self) -> None:
        """A contact of their own, or in a label."""
        labels = [self._label(ours=self.rng.random() < 0.8).id] if self.rng.random() < 0.5 else []
        self.hands.create(self.new_fields(), labels)

    def copies(self) -> None:
        """A contact of their own, equal to one that the store holds: to be adopted, not doubled."""
        cards = self.house.cards()
        if cards:
            self.hands.create(self.rng.choice(cards), ())

    def labels(self) -> None:
        """A label on a contact."""
        self.hands.label(self._person().now.resource_name, self._label(ours=self.rng.random() < 0.8).id)

    def moves(self) -> None:
        """One label off a contact, another on."""
        person, (one, two) = self._anyone(), self.rng.sample(self._labels(ours=True), 2)
        self.hands.unlabel(person.now.resource_name, one.id)
        self.hands.label(person.now.resource_name, two.id)

    def unlabels(self) -> None:
        """A label off a contact."""
        person = self._anyone()
        mine = [one for one in person.now.labels if one not in (MY_CONTACTS, STARRED)]
        if mine:
            self.hands.unlabel(person.now.resource_name, self.rng.choice(mine))

    def unlabels_many(self) -> None:
        """A label off all its contacts."""
        label = self._label(ours=True)
        for person in self._persons():
            if label.id in person.now.labels and self.rng.random() < 0.9:
                self.hands.unlabel(person.now.resource_name, label.id)

    def deletes(self) -> None:
        """A contact away."""
        self.hands.delete(self._anyone().now.resource_name)

    def deletes_many(self) -> None:
        """Most contacts away, or all."""
        share = self.rng.choice((0.6, 0.9, 1.1))
        for person in self._persons():
            if self.rng.random() < share:
                self.hands.delete(person.now.resource_name)

    def undeletes(self) -> None:
        """A contact out of the trash."""
        trash = sorted(self.hands.trash(), key=lambda one: str(one["id"]))
        if trash:
            self.hands.undelete(self.rng.choice(trash)["resourceName"])

    def deletes_label(self) -> None:
        """A label away, with its contacts or without."""
        self.hands.delete_label(self._label(ours=True).id, with_contacts=self.rng.random() < 0.4)

    def renames_label(self) -> None:
        """Another name for a label; at times one that another label should bear."""
        label = self._label(ours=True)
        self.hands.rename_label(label.id, self._word("My"))
        if self.rng.random() < 0.4:
            self.hands.create_label(label.versions[-2].name)

    def makes_label(self) -> None:
        """A label of their own, at times under the name of a group."""
        names = self.house.group_names()
        self.hands.create_label(self.rng.choice(names) if names and self.rng.random() < 0.5 else self._word("Own"))

    def merges_with_own(self) -> None:
        """A shared contact and one of their own become one."""
        pair = [self._person(shared=True), self._person(shared=False)]
        self._merge(pair)

    def merges_shared(self) -> None:
        """Two shared contacts become one."""
        found = [one for one in self._persons() if marks(one.now)]
        self._merge(self.rng.sample(found, 2))

    def _merge(self, pair: list[History[Version]]) -> None:
        self.rng.shuffle(pair)
        # One that the service has never seen leaves no trace but a tombstone, and in a full listing none at all.
        self.house.merging = all(marks(one.now) or one.id in self.house.known_own(self.user) for one in pair)
        try:
            self.hands.merge([one.now.resource_name for one in pair])
        finally:
            self.house.merging = False

    def stars(self) -> None:
        """A star on or off."""
        self.hands.star(self._anyone().now.resource_name, on=self.rng.random() < 0.7)

    def photographs(self) -> None:
        """Another photo."""
        self.hands.set_photo(self._anyone().now.resource_name, self._word("photo").encode())

    def annotates(self) -> None:
        """What sharesync does not manage: a field of Google's, another program's data."""
        person = self._anyone()
        data = [dict(one) for one in person.now.fields.get("clientData", ())]
        change: Json = {"interests": [{"value": self._word("golf")}]}
        if self.rng.random() < 0.5:
            change = {"clientData": [*data, {"key": "other", "value": self._word("id")}]}
        self.hands.edit(person.now.resource_name, change)

    def unmarks(self) -> None:
        """Another program throws our mark away."""
        person = self._person(shared=True)
        self.hands.edit(person.now.resource_name, {"clientData": []})

    def touches(self) -> None:
        """Nothing, and Google says something changed."""
        for person in self._persons():
            if self.rng.random() < 0.5:
                self.hands.touch(person.now.resource_name)

    def links_profile(self) -> None:
        """A profile appears: the resource name changes."""
        self.hands.link_profile(self._anyone().now.resource_name, "Somebody Else")

    def undoes_changes(self) -> None:
        """Back to how all stood some time ago."""
        back = timedelta(seconds=self.rng.choice((60, 3600, 86400, 5 * 86400)))
        self.hands.undo_changes(self.box.now() - back)


ACTS: dict[Callable[[Fingers], None], float] = {
    Fingers.edits: 14,
    Fingers.edits_many: 0.7,
    Fingers.empties: 0.5,
    Fingers.makes: 4,
    Fingers.copies: 1.5,
    Fingers.labels: 4,
    Fingers.moves: 2,
    Fingers.unlabels: 3,
    Fingers.unlabels_many: 0.7,
    Fingers.deletes: 4,
    Fingers.deletes_many: 0.7,
    Fingers.undeletes: 2,
    Fingers.deletes_label: 1.2,
    Fingers.renames_label: 1.5,
    Fingers.makes_label: 1,
    Fingers.merges_with_own: 2.5,
    Fingers.merges_shared: 1.5,
    Fingers.stars: 1.5,
    Fingers.photographs: 1,
    Fingers.annotates: 2,
    Fingers.unmarks: 0.7,
    Fingers.touches: 1,
    Fingers.links_profile: 1,
    Fingers.undoes_changes: 0.7,
}
