"""The labels of one mailbox (People API, contactGroups). `deleteContacts` is never sent as true."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from googleapiclient.http import HttpRequest

from sharesync.errors import LabelMissing, MalformedReply, OutcomeUnknown
from sharesync.google.budget import LABEL_READ, LABEL_WRITE
from sharesync.google.calls import CallLine
from sharesync.google.error_bodies import CallKind
from sharesync.google.person import LABEL_FIELDS, read_label
from sharesync.google.person_reading import PAGE, objects
from sharesync.model.mailbox import MARK_KEY, MY_CONTACTS, SeenLabel

MODIFY_LIMIT = 1000
"""Names added and removed in one request, together."""
SOME, ALL = 1000, 30_000
"""Members of a label that are asked for: as many as most labels have, and more than a mailbox can hold. Where Google
ends its answer is not documented."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What `People` does with labels; errors as it says."""

    line: CallLine
    groups: Any

    def read(self) -> tuple[SeenLabel, ...]:
        """All labels. Google's own groups are always listed, so a reply without any is cut off."""
        found: dict[str, SeenLabel] = {}
        names: set[str] = set()
        own = False
        total: object = 0
        page = self._page(None)
        for _ in range(MAX_PAGES):
            for group in objects(page.get("contactGroups")):
                label = read_label(group)
                names.add(str(group.get("resourceName")))
                own = own or label is None
                if label is not None and not label.deleted:
                    found[label.resource_name] = label
            total = page.get("totalItems", 0)
            if not page.get("nextPageToken"):
                break
            page = self._page(page["nextPageToken"])
        if page.get("nextPageToken") or not own or (isinstance(total, int) and len(names) < total):
            raise MalformedReply("Google did not list all labels; sharesync tries again by itself.")
        return tuple(found.values())

    def _page(self, token: str | None) -> dict[str, Any]:
        parameters = {"pageToken": token} if token else {}
        request = self.groups.list(pageSize=PAGE, groupFields=LABEL_FIELDS, **parameters)
        return self.line.call(request, LABEL_READ, CallKind.LABELS)

    def one(self, resource_name: str) -> SeenLabel | None:
        request = self.groups.get(resourceName=resource_name, groupFields=LABEL_FIELDS)
        try:
            return read_label(self.line.call(request, LABEL_READ, CallKind.LABELS))
        except LabelMissing:
            return None

    def holds_others(self, resource_name: str, persons: Collection[str]) -> bool:
        try:
            shown, counted = self._members(resource_name, SOME)
            if shown <= frozenset(persons) and len(shown) >= SOME:
                shown, counted = self._members(resource_name, ALL)
        except LabelMissing:
            return False
        return not shown <= frozenset(persons) or (len(shown) >= SOME and len(shown) < counted)

    def members(self, resource_name: str) -> frozenset[str]:
        return self._members(resource_name, ALL)[0]

    def _members(self, resource_name: str, most: int) -> tuple[frozenset[str], int]:
        """Names of the persons under a label, so many at most, and how many Google counts."""
        request = self.groups.get(resourceName=resource_name, maxMembers=most, groupFields="memberCount")
        answer = self.line.call(request, LABEL_READ, CallKind.LABELS)
        return frozenset(answer.get("memberResourceNames") or ()), int(answer.get("memberCount", 0))

    def create(self, name: str, mark: str) -> SeenLabel:
        body = {"contactGroup": {"name": name, "clientData": [_mark(mark)]}, "readGroupFields": LABEL_FIELDS}
        return self._answer(self.groups.create(body=body), CallKind.NEW_LABEL, mark, repeatable=False)

    def rename(self, seen: SeenLabel, name: str, mark: str) -> SeenLabel:
        data = {} if mark == seen.mark else {"clientData": [*self._foreign(seen), _mark(mark)]}
        return self._update(seen, {"name": name, **data}, mark)

    def leave(self, seen: SeenLabel) -> SeenLabel:
        return self._update(seen, {"clientData": self._foreign(seen)}, "")

    def _foreign(self, seen: SeenLabel) -> list[dict[str, Any]]:
        """What other programs keep on a label, asked for just before a write that would replace it."""
        request = self.groups.get(resourceName=seen.resource_name, groupFields=LABEL_FIELDS)
        pairs = objects(self.line.call(request, LABEL_READ, CallKind.LABELS).get("clientData"))
        return [dict(pair) for pair in pairs if pair.get("key") != MARK_KEY]

    def _update(self, seen: SeenLabel, fields: dict[str, Any], mark: str) -> SeenLabel:
        """Write these fields, and no other: Google looks whether a name is taken even where it stays as it is."""
        body = {
            "contactGroup": {"etag": seen.etag, **fields},
            "updateGroupFields": ",".join(fields),
            "readGroupFields": LABEL_FIELDS,
        }
        return self._answer(self.groups.update(resourceName=seen.resource_name, body=body), CallKind.LABELS, mark)

    def _answer(self, request: HttpRequest, asked: CallKind, mark: str, *, repeatable: bool = True) -> SeenLabel:
        answer = self.line.call(request, LABEL_WRITE, asked, repeatable=repeatable)
        with suppress(MalformedReply):
            label = read_label(answer)
            if label is not None:
                return replace(label, mark=mark)  # a label's clientData may show only after a while (observed)
        raise OutcomeUnknown("Google did not say what became of a label; sharesync looks again.")

    def delete(self, resource_name: str) -> None:
        request = self.groups.delete(resourceName=resource_name, deleteContacts=False)
        with suppress(LabelMissing):
            self.line.call(request, LABEL_WRITE, CallKind.LABELS)

    def modify(self, label: str, add: Sequence[str], remove: Sequence[str]) -> frozenset[str]:
        moves = [("resourceNamesToAdd", name) for name in add] + [("resourceNamesToRemove", name) for name in remove]
        unknown: set[str] = set()
        for start in range(0, len(moves), MODIFY_LIMIT):
            body: dict[str, list[str]] = {}
            for verb, name in moves[start : start + MODIFY_LIMIT]:
                body.setdefault(verb, []).append(name)
            answer = self._modify(label, body)
            unknown.update(answer.get("notFoundResourceNames") or ())
            if last := answer.get("canNotRemoveLastContactGroupResourceNames"):
                # A contact must be in some group: give it the one every contact is in, then take the label off.
                self._modify(MY_CONTACTS, {"resourceNamesToAdd": last})
                self._modify(label, {"resourceNamesToRemove": last})
        return frozenset(unknown)

    def _modify(self, label: str, body: Mapping[str, list[str]]) -> dict[str, Any]:
        request = self.groups.members().modify(resourceName=label, body=dict(body))
        return self.line.call(request, LABEL_WRITE, CallKind.LABELS)


MAX_PAGES = 100
"""Of 1,000 labels: a listing that goes on after that leads in a circle."""


def _mark(mark: str) -> dict[str, str]:
    return {"key": MARK_KEY, "value": mark}
