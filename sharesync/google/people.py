"""One mailbox during one pass, through the People API.

Reads are complete or an error; writes are answered wish by wish. Memberships are written by `members.modify` only,
because a membership mask on a person would replace the user's own labels too. `deleteContacts` is never sent as true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from googleapiclient.http import HttpRequest

from sharesync.errors import GoogleError, LabelMissing, MalformedReply, OutcomeUnknown
from sharesync.google import listing
from sharesync.google.budget import (
    DELETE_BATCH,
    DELETE_ONE,
    LABEL_READ,
    LABEL_WRITE,
    READ,
    SINGLE_DELETES,
    SINGLES,
    WRITE_BATCH,
    WRITE_ONE,
)
from sharesync.google.calls import Line
from sharesync.google.failures import Asked, Judged, PersonMissing, PersonStale
from sharesync.google.parts import Kind, Sent, send
from sharesync.google.person import (
    LABEL_FIELDS,
    PERSON_FIELDS,
    SOURCES,
    changed_person,
    mask,
    new_person,
    read_label,
    read_person,
)
from sharesync.model.mailbox import (
    MARK_KEY,
    MY_CONTACTS,
    Create,
    Deleted,
    Listing,
    Meter,
    Missing,
    Outcome,
    Seen,
    SeenLabel,
    Stale,
    Unknown,
    Update,
    Written,
)

GET_LIMIT = 200
WRITE_LIMIT = 200
DELETE_LIMIT = 500
MODIFY_LIMIT = 1000
"""Google's limits for one request (People API reference, page of each method)."""


class People:
    """A mailbox. Not safe to share between threads; the service behind it is."""

    def __init__(self, line: Line, service: Any) -> None:
        self._line = line
        self._people = service.people()
        self._groups = service.contactGroups()
        self.trouble: GoogleError | None = None
        """The last failure that made a create, update or delete stop before its end; the pass ends with it."""

    @property
    def meter(self) -> Meter:
        """What this pass has cost so far."""
        return self._line.meter

    # --- Reading. -----------------------------------------------------------------------------------------------------

    def listing(self, sync_token: str | None, *, token_wanted: bool = True) -> Listing:
        """Every person, or with a sync token what changed since (people.connections.list).

        Raises SyncTokenExpired, PageTokenExpired, MalformedReply and what every call raises.
        """
        return listing.read(self._line, self._people.connections(), self.get, sync_token, token_wanted=token_wanted)

    def labels(self) -> tuple[SeenLabel, ...]:
        """Every label of the mailbox but Google's own groups."""
        return listing.read_labels(self._line, self._groups)

    def get(self, resource_names: Iterable[str]) -> dict[str, Seen | None]:
        """The persons by the names asked for; None where there is none (any more).

        A person whose resource name has changed stands under the old one (`PersonResponse.requestedResourceName`).
        """
        names = list(dict.fromkeys(resource_names))
        found: dict[str, Seen | None] = {}
        for start in range(0, len(names), GET_LIMIT):
            chunk = names[start : start + GET_LIMIT]
            request = self._people.getBatchGet(resourceNames=chunk, personFields=PERSON_FIELDS, sources=SOURCES)
            found |= _answers(chunk, self._line.call(request, READ, Asked.PERSONS))
        return found

    # --- Writing persons. ---------------------------------------------------------------------------------------------

    def create(self, creates: Sequence[Create]) -> list[Outcome]:
        """Make persons, each with its labels and its mark. Never sent again where it may have been executed.

        One outcome for each, in order. Raises only where nothing was executed at all.
        """
        kind = Kind(self._create_one, self._create_many, lambda at, _: str(at), _no_look, SINGLES, WRITE_LIMIT)
        return self._settled(send(kind, creates, [range(len(creates))]))

    def update(self, updates: Sequence[Update]) -> list[Outcome]:
        """Replace fields of persons. Those with the same fields go together, since a batch has one mask for all.

        One outcome for each, in order; a second update of the same person is NotDone, as its etag ends with the first.
        Raises only where nothing was executed at all.
        """
        kind = Kind(
            self._update_one, self._update_many, lambda _, wish: wish.resource_name, self._look, SINGLES, WRITE_LIMIT
        )
        groups: dict[frozenset[str], list[int]] = {}
        first = {update.resource_name: at for at, update in reversed(list(enumerate(updates)))}
        for at in sorted(first.values()):
            groups.setdefault(mask(updates[at]), []).append(at)
        return self._settled(send(kind, updates, groups.values()))

    def delete(self, resource_names: Sequence[str]) -> list[Outcome]:
        """Delete persons. Deleted or Missing: there is none now.

        One outcome for each, in order. Raises only where nothing was executed at all.
        """
        kind = Kind(
            self._delete_one, self._delete_many, lambda _, name: name, self._look_missing, SINGLE_DELETES, DELETE_LIMIT
        )
        names = list(dict.fromkeys(resource_names))
        outcomes = dict(zip(names, self._settled(send(kind, names, [range(len(names))])), strict=True))
        return [outcomes[name] for name in resource_names]

    def _settled(self, sent: Sent) -> list[Outcome]:
        if sent.trouble is not None:
            if not sent.answered:
                raise sent.trouble
            self.trouble = sent.trouble
        return sent.outcomes

    def _create_one(self, create: Create) -> Outcome:
        request = self._people.createContact(body=new_person(create), personFields=PERSON_FIELDS, sources=SOURCES)
        return _written(self._line.call(request, WRITE_ONE, Asked.PERSONS, repeatable=False))

    def _create_many(self, creates: Sequence[Create]) -> list[Outcome]:
        body = {
            "contacts": [{"contactPerson": new_person(create)} for create in creates],
            "readMask": PERSON_FIELDS,
            "sources": SOURCES,
        }
        request = self._people.batchCreateContacts(body=body)
        answer = self._line.call(request, WRITE_BATCH, Asked.PERSONS, repeatable=False)
        made = [_written(_object(one).get("person")) for one in _list(answer.get("createdPeople"))]
        by_mark = {mark: one for one in made if isinstance(one, Written) for mark in one.seen.marks}
        if all(create.mark in by_mark for create in creates):
            return [by_mark[create.mark] for create in creates]
        # The order of the request is observed, not promised; it is trusted only where the marks are not shown.
        return made if len(made) == len(creates) and not by_mark else [Unknown() for _ in creates]

    def _update_one(self, update: Update) -> Outcome:
        request = self._people.updateContact(
            resourceName=update.resource_name,
            body=changed_person(update),
            updatePersonFields=",".join(sorted(mask(update))),
            personFields=PERSON_FIELDS,
            sources=SOURCES,
        )
        return _written(self._line.call(request, WRITE_ONE, Asked.PERSONS))

    def _update_many(self, updates: Sequence[Update]) -> list[Outcome]:
        body = {
            "contacts": {update.resource_name: changed_person(update) for update in updates},
            "updateMask": ",".join(sorted(mask(updates[0]))),
            "readMask": PERSON_FIELDS,
            "sources": SOURCES,
        }
        answer = self._line.call(self._people.batchUpdateContacts(body=body), WRITE_BATCH, Asked.PERSONS)
        results = _object(answer.get("updateResult"))
        return [_written(_object(results.get(update.resource_name)).get("person")) for update in updates]

    def _delete_one(self, name: str) -> Outcome:
        self._line.call(self._people.deleteContact(resourceName=name), DELETE_ONE, Asked.PERSONS)
        return Deleted()

    def _delete_many(self, names: Sequence[str]) -> list[Outcome]:
        request = self._people.batchDeleteContacts(body={"resourceNames": list(names)})
        self._line.call(request, DELETE_BATCH, Asked.PERSONS)
        return [Deleted() for _ in names]

    def _look(self, updates: Sequence[Update], refusal: Judged) -> Mapping[int, Outcome]:
        """Where a batch is stale or misses someone and Google does not say who: one read instead of many halves."""
        if not isinstance(refusal, PersonStale | PersonMissing):
            return {}
        now = self.get(update.resource_name for update in updates)
        found: dict[int, Outcome] = {}
        for at, update in enumerate(updates):
            seen = now[update.resource_name]
            if seen is None:
                found[at] = Missing()
            elif seen.etag != update.etag:
                found[at] = Stale()
        return found

    def _look_missing(self, names: Sequence[str], refusal: Judged) -> Mapping[int, Outcome]:
        if not isinstance(refusal, PersonMissing):
            return {}
        now = self.get(names)
        return {at: Missing() for at, name in enumerate(names) if now[name] is None}

    # --- Labels. ------------------------------------------------------------------------------------------------------

    def modify(self, label: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> frozenset[str]:
        """Put the label on persons and take it off others (contactGroups.members.modify); repeating does no harm.

        Returns the names that Google does not know. Raises LabelMissing and what every call raises.
        """
        moves = [("resourceNamesToAdd", name) for name in add] + [("resourceNamesToRemove", name) for name in remove]
        unknown: set[str] = set()
        for start in range(0, len(moves), MODIFY_LIMIT):
            body: dict[str, list[str]] = {}
            for verb, name in moves[start : start + MODIFY_LIMIT]:
                body.setdefault(verb, []).append(name)
            answer = self._modify(label, body)
            unknown.update(_list(answer.get("notFoundResourceNames")))
            if last := _list(answer.get("canNotRemoveLastContactGroupResourceNames")):
                # A contact must be in some group: give it the one every contact is in, then take the label off.
                self._modify(MY_CONTACTS, {"resourceNamesToAdd": last})
                self._modify(label, {"resourceNamesToRemove": last})
        return frozenset(unknown)

    def _modify(self, label: str, body: Mapping[str, list[str]]) -> dict[str, Any]:
        request = self._groups.members().modify(resourceName=label, body=dict(body))
        return self._line.call(request, LABEL_WRITE, Asked.LABELS)

    def create_label(self, name: str, mark: str) -> SeenLabel:
        """Make a label with our mark.

        Raises LabelNameTaken, OutcomeUnknown (it is never sent again then) and what every call raises.
        """
        body = {"contactGroup": _label(name, mark), "readGroupFields": LABEL_FIELDS}
        return self._label_answer(self._groups.create(body=body), Asked.NEW_LABEL, mark, repeatable=False)

    def rename_label(self, seen: SeenLabel, name: str, mark: str) -> SeenLabel:
        """Give the label this name and mark; other programs' data on it stays.

        Raises LabelStale (both shapes), LabelNameTaken, LabelMissing and what every call raises.
        """
        group: dict[str, Any] = {"etag": seen.etag, "name": name}
        fields = "name"
        if mark != seen.mark:
            request = self._groups.get(resourceName=seen.resource_name, groupFields=LABEL_FIELDS)
            pairs = _list(self._line.call(request, LABEL_READ, Asked.LABELS).get("clientData"))
            foreign = [pair for pair in pairs if _object(pair).get("key") != MARK_KEY]
            group |= {"clientData": [*foreign, *_label(name, mark)["clientData"]]}
            fields = "name,clientData"
        body = {"contactGroup": group, "updateGroupFields": fields, "readGroupFields": LABEL_FIELDS}
        return self._label_answer(self._groups.update(resourceName=seen.resource_name, body=body), Asked.LABELS, mark)

    def delete_label(self, resource_name: str) -> None:
        """Delete the label and leave its persons alone. A label that is gone already is done."""
        request = self._groups.delete(resourceName=resource_name, deleteContacts=False)
        with suppress(LabelMissing):
            self._line.call(request, LABEL_WRITE, Asked.LABELS)

    def _label_answer(self, request: HttpRequest, asked: Asked, mark: str, *, repeatable: bool = True) -> SeenLabel:
        answer = self._line.call(request, LABEL_WRITE, asked, repeatable=repeatable)
        try:
            label = read_label(answer)
        except MalformedReply as error:
            raise OutcomeUnknown(error.sentence) from None
        if label is None:
            raise OutcomeUnknown("Google did not say which label it made; sharesync looks again.")
        return replace(label, mark=mark)  # a label's clientData may show only after a while (observed)


def _answers(names: Sequence[str], answer: Mapping[str, Any]) -> dict[str, Seen | None]:
    """A batchGet reply by the names asked for. Raises MalformedReply where one of them was not answered."""
    found: dict[str, Seen | None] = {}
    for response in map(_object, _list(answer.get("responses"))):
        person = response.get("person")
        name = response.get("requestedResourceName") or _object(person).get("resourceName")
        if person:
            seen = read_person(person)
            found[str(name)] = None if seen is None or seen.deleted else seen
        elif response.get("httpStatusCode") == 404 or _object(response.get("status")).get("code") == 5:
            found[str(name)] = None
    if missing := len(set(names) - found.keys()):
        raise MalformedReply(f"Google left {missing} contacts of a request out; sharesync tries again by itself.")
    return {name: found[name] for name in names}


def _written(person: object) -> Outcome:
    """What was done; Unknown where Google says that it was, but does not show it whole."""
    try:
        seen = read_person(person)
    except MalformedReply:
        return Unknown()
    return Unknown() if seen is None or seen.deleted else Written(seen)


def _no_look(_: Sequence[Create], __: Judged) -> Mapping[int, Outcome]:
    """There is nothing to read about persons that were not made."""
    return {}


def _label(name: str, mark: str) -> dict[str, Any]:
    return {"name": name, "clientData": [{"key": MARK_KEY, "value": mark}]}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
