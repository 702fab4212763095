"""The desk: what managers and administrators decide about what waits, told in given names; and many contacts at once.

A hold, a proposal or a conflict is found by what it is about, so that a test reads as a story. What people do to many
contacts at once is here too, because calling each by name would be slow.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Unpack

from sqlalchemy import text

from sharesync.formats.entries import Parsed
from sharesync.model.access import Level
from sharesync.model.audit import OPERATOR, ActorKind, By, Source
from sharesync.model.card import Card
from sharesync.model.mailbox import MailboxState
from sharesync.model.waiting import HoldKind, OpenConflict, OpenHold, OpenProposal, Question
from sharesync.services import contacts as contact_cases
from sharesync.services import directory as directory_cases
from sharesync.services import grants as grant_cases
from sharesync.services import holds as hold_cases
from sharesync.services import proposals as proposal_cases
from sharesync.services import questions as question_cases
from sharesync.services import trash as trash_cases
from sharesync.services.import_entries import import_entries
from sharesync.services.operation.pass_report import PassReport
from sharesync.store.queries import contact_pages
from sharesync.store.queries.contact_pages import ContactFilter
from sharesync.store.records import access_paths, conflicts, contacts, holds, private_cards, proposals
from tests.users import Json, Shown, User, Values, customer, fields
from tests.worlds import PULL, House, is_quiet


class Waits(NamedTuple):
    """A hold as the desk reads it; `group` is empty where several were emptied."""

    kind: HoldKind
    user: str
    group: str
    names: list[str]


class Proposed(NamedTuple):
    """A proposal as the desk reads it."""

    name: str
    user: str
    before: Shown
    after: Shown


class Desk:
    """See the module."""

    def __init__(self, house: House) -> None:
        self.house = house

    # -- questions to one user -----------------------------------------------------------------------------------------

    def questions(self, name: str) -> list[tuple[str, Shown, Shown]]:
        """What this user alone is asked: contact, how it is, how it would be."""
        return [
            (self.name(one.contact), Shown.of(one.before.as_json()), Shown.of(one.after.as_json()))
            for one in self._questions(name)
        ]

    def answer(self, name: str, *, share: bool, by: str = "") -> None:
        """Their answer to the one question; `by` is who gives it, unless they do themselves."""
        (question,) = self._questions(name)
        user = self.house.users[by or name].id
        with self.house.world.work(By(ActorKind.USER, user, Source.WEB)) as work:
            (question_cases.share if share else question_cases.keep)(work, question.id)

    def private(self, name: str) -> set[str]:
        """Every number that is kept for this user alone."""
        query = "SELECT card FROM private_cards WHERE mailbox_id = :user"
        with self.house.database.reading() as session:
            cards = session.scalars(text(query), {"user": self.house.users[name].id}).all()
        found = (json.loads(card) if isinstance(card, str) else card for card in cards)
        return {number["value"] for card in found for number in card.get("phoneNumbers", ())}

    def _questions(self, name: str) -> list[Question]:
        user = self.house.users[name].id
        with self.house.database.reading() as session:
            return private_cards.asked(session, user, access_paths.levels(session, user).keys())

    # -- holds ---------------------------------------------------------------------------------------------------------

    def holds(self) -> list[Waits]:
        """What is held, the oldest first."""
        return [
            Waits(one.kind, one.mailbox.partition("@")[0], one.group, sorted(map(self.name, one.contacts)))
            for one in self._holds()
        ]

    def apply(self, *names: str, group: str | None = None) -> None:
        """Apply the open hold (of that group), or these contacts of it."""
        hold = self._hold(group)
        hold_cases.apply(self.house.world.operation(OPERATOR), hold.id, self._ids(names))

    def restore(self, *names: str, group: str | None = None) -> None:
        """Undo the open hold (of that group), or these contacts of it."""
        hold = self._hold(group)
        hold_cases.restore(self.house.world.operation(OPERATOR), hold.id, self._ids(names))

    def limit(self, group: str, count: int | None, share: float | None) -> None:
        """Limits of its own for a group."""
        with self.house.world.work(OPERATOR) as work:
            hold_cases.set_limits(work, self.house.group_id(group), count, share)

    def _holds(self) -> list[OpenHold]:
        with self.house.database.reading() as session:
            return holds.listed(session)

    def _hold(self, group: str | None) -> OpenHold:
        (hold,) = [one for one in self._holds() if group in (None, one.group)]
        return hold

    # -- proposals and conflicts ---------------------------------------------------------------------------------------

    def proposals(self) -> list[Proposed]:
        """What is proposed, the oldest first."""
        return [
            Proposed(
                self.name(one.contact),
                one.mailbox.partition("@")[0],
                Shown.of(one.before.as_json()),
                Shown.of(one.after.as_json()),
            )
            for one in self._proposals()
        ]

    def accept(self, proposal: str = "") -> None:
        """Accept the one open proposal, or the one of this id."""
        ident = proposal or self.proposal().id
        with self.house.world.work(OPERATOR) as work:
            proposal_cases.accept(work, ident)

    def dismiss(self) -> None:
        """Dismiss the one open proposal."""
        ident = self.proposal().id
        with self.house.world.work(OPERATOR) as work:
            proposal_cases.dismiss(work, ident)

    def proposal(self) -> OpenProposal:
        """The one open proposal."""
        (proposal,) = self._proposals()
        return proposal

    def _proposals(self) -> list[OpenProposal]:
        with self.house.database.reading() as session:
            return proposals.listed(session)

    def conflicts(self) -> list[OpenConflict]:
        """Conflicts that nobody has decided, the oldest first."""
        with self.house.database.reading() as session:
            return conflicts.listed(session)

    def conflict(self) -> OpenConflict:
        """The one open conflict."""
        (conflict,) = self.conflicts()
        return conflict

    def settle(self, side: str, conflict: str = "") -> None:
        """Decide the one open conflict, or the one of this id, for the `store` or the `mailbox`."""
        ident = conflict or self.conflict().id
        with self.house.world.work(OPERATOR) as work:
            proposal_cases.decide_conflict(work, ident, side)

    # -- trash and versions --------------------------------------------------------------------------------------------

    def delete(self, name: str) -> None:
        """A contact out of all its groups."""
        with self.house.world.work(OPERATOR) as work:
            contact_cases.delete(work, self.house.contact_id(name))

    def bring_back(self, name: str) -> None:
        """A contact out of the trash."""
        with self.house.world.work(OPERATOR) as work:
            trash_cases.restore(work, self.house.contact_id(name))

    def return_to(self, name: str, version: int) -> None:
        """An earlier version of a contact as its next one."""
        with self.house.world.work(OPERATOR) as work:
            trash_cases.restore_version(work, self.house.contact_id(name), version)

    def purge(self, days: int = 30) -> int:
        """End the trash for what has lain there so long."""
        return trash_cases.purge(self.house.world.operation(OPERATOR), timedelta(days=days))

    def in_trash(self) -> list[str]:
        """Given names of what can be brought back."""
        with self.house.database.reading() as session:
            return sorted(
                Shown.of(one.card.as_json()).given
                for one in contact_pages.by_id(session, ContactFilter(in_trash=True), size=1_000)
            )

    def groups_of(self, name: str) -> tuple[str, ...]:
        """Names of a contact's groups."""
        with self.house.database.reading() as session:
            return contacts.get(session, self.house.contact_id(name)).groups

    # -- access --------------------------------------------------------------------------------------------------------

    def preview(self, group: str, principal: str, level: str | None) -> dict[str, tuple[str | None, str | None]]:
        """What a grant (None: revoking it) would change: level before and after by first name. Nothing of it stays."""
        effects = []
        directory_cases.learn(self.house.world, OPERATOR, principal)
        try:
            with self.house.world.work(OPERATOR) as work:
                effects = grant_cases.preview(work, group, principal, Level.parse(level) if level else None)
                raise _Undone
        except _Undone:
            pass
        return {
            one.email.partition("@")[0]: (
                one.before.word if one.before else None,
                one.after.word if one.after else None,
            )
            for one in effects
        }

    # -- the change log ------------------------------------------------------------------------------------------------

    def log(self, user: User) -> list[str]:
        """What the change log says that this user did, as `action outcome name of the contact or group`, sorted."""
        rows = self.house.query(
            "SELECT e.action, e.outcome, c.card, g.name FROM events e LEFT JOIN contacts c ON c.id = e.contact_id"
            " LEFT JOIN groups g ON g.id = e.group_id WHERE e.actor = ?",
            user.id,
        )
        return sorted(
            " ".join(filter(None, (action, outcome, card and Shown.of(json.loads(card)).given, group)))
            for action, outcome, card, group in rows
        )

    # -- words ---------------------------------------------------------------------------------------------------------

    def name(self, contact: str) -> str:
        """A contact's given name in the store."""
        with self.house.database.reading() as session:
            return Shown.of(contacts.cards(session, [contact])[contact][1].as_json()).given

    def _ids(self, names: Sequence[str]) -> list[str]:
        return [self.house.contact_id(name) for name in names]


class _Undone(Exception):
    """Ends the work of a preview, so that nothing of it stays."""


# --- Many at once ----------------------------------------------------------------------------------------------------


def many(count: int, kind: str = "Customer") -> list[str]:
    """So many given names; they sort as they are numbered."""
    return [f"{kind}{number:03}" for number in range(1, count + 1)]


def fill(house: House, group: str, names: Sequence[str], **levels: str) -> None:
    """Import so many contacts into a group, new if need be, in one go."""
    house.share(group, **levels)
    entries = [Parsed(line, Card.parse(customer(name))) for line, name in enumerate(names, 1)]
    with house.world.work(OPERATOR) as work:
        import_entries(work, group, entries)


def persons(user: User, names: Sequence[str]) -> list[Json]:
    """A user's contacts of these given names."""
    chosen = set(names)
    found = [one for one in user.hands.contacts() if Shown.of(one["fields"]).given in chosen]
    assert len(found) == len(names)
    return found


def delete_many(user: User, names: Sequence[str]) -> None:
    """The user deletes them all at once."""
    for person in persons(user, names):
        user.hands.delete(person["resourceName"])


def unlabel_many(user: User, label: str, names: Sequence[str]) -> None:
    """The user takes the label off them all at once."""
    (ident,) = [one["id"] for one in user.hands.labels() if one["name"] == label]
    for person in persons(user, names):
        user.hands.unlabel(person["resourceName"], ident)


def edit_many(user: User, names: Sequence[str], **values: Unpack[Values]) -> None:
    """The user edits them all at once."""
    for person in persons(user, names):
        user.hands.edit(person["resourceName"], fields(**values))


def merge(user: User, survivor: str, *others: str) -> None:
    """The user merges contacts in Google Contacts; the first named is the one that stays."""
    chosen = [user.find(name) for name in (survivor, *others)]
    user.gone |= {one["id"] for one in chosen[1:]}
    user.hands.merge([one["resourceName"] for one in chosen])


def items(house: House, name: str, field: str) -> list[Any]:
    """A field of a contact in the store, as the People API writes it."""
    with house.database.reading() as session:
        contact = house.contact_id(name)
        return contacts.cards(session, [contact])[contact][1].as_json().get(field, [])


# --- Until quiet -----------------------------------------------------------------------------------------------------


def settle(
    house: House, *, held: Sequence[str] = (), aside: Sequence[str] = (), own: Sequence[str] = (), rounds: int = 6
) -> int:
    """Pass over everyone until nothing is sent any more, then look everywhere; returns the rounds that took.

    `held` are users in whose mailbox something is held, `aside` those with a contact set aside: they must become as
    quiet as the others, and say so. `own` have values of their own on shared contacts. At none of the three is looked
    in the end, because they do not show exactly what the store holds.
    """
    reports: dict[str, PassReport] = {}
    for number in range(1, rounds + 1):
        reports = house.sync()
        if all(is_quiet(report) or _waits(name, report, held, aside) for name, report in reports.items()):
            house.look_everywhere({*held, *aside, *own})
            _look_at_fingerprints(house)
            return number
    raise AssertionError(f"not quiet after {rounds} rounds: {[report.as_json() for report in reports.values()]}")


def _waits(name: str, report: PassReport, held: Sequence[str], aside: Sequence[str]) -> bool:
    state = MailboxState.HELD if name in held else MailboxState.ATTENTION if name in aside else None
    return report.outcome is state and dict(report.calls) == PULL


def _look_at_fingerprints(house: House) -> None:
    """Assert that what contacts are compared by is what their cards say."""
    for card, fingerprint in house.query("SELECT card, fingerprint FROM contacts"):
        assert Card.read(json.loads(card)).fingerprint == fingerprint, card
