"""Applying: the decisions about what was read become changes of the store and observations in the links.

One transaction for one reading. Everything observed is written down even where nothing follows from it, so that the
next reading of the same thing is an echo; what must be sent because of it is not written down, it is planned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sharesync.errors import Contacts, MailboxBusy, Sentence, Suppressed
from sharesync.model.audit import Event, Outcome
from sharesync.model.card import EMPTY, Card
from sharesync.model.contact import VersionKind
from sharesync.model.fields import FIELDS, Shape
from sharesync.model.link import NOT_HELD, Link, LinkState, Origin, Snapshot
from sharesync.model.mailbox import Seen
from sharesync.model.mark import Marks
from sharesync.model.photo import UNSETTLED
from sharesync.model.waiting import HoldKind
from sharesync.services import contacts as contact_cases
from sharesync.services import groups as group_cases
from sharesync.services.operation import unexpected_errors
from sharesync.services.operation.pass_report import Tally
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Work
from sharesync.store.mailboxes import links
from sharesync.store.records import conflicts, contacts, erasure, private_cards, proposals
from sharesync.store.records import holds as held
from sharesync.sync.decisions import (
    Accepted,
    Decision,
    Gone,
    Kept,
    Linked,
    Lost,
    OnHold,
    Recheck,
    Rejected,
    Returned,
    SecondCopy,
    Shared,
    Unclear,
    Unshared,
    Why,
)
from sharesync.sync.holds import Hold
from sharesync.sync.merge import merge, overlay, without
from sharesync.sync.reading import Sides, named

GONE = Sentence("it was not there any more")
_SILENT = Sentence("Google gives no answer when it is to be made.")
TRIES = 3
"""How often a create may be lost before its contact is set aside."""
ASIDE = timedelta(days=1)
"""How long a contact that Google refuses, or that keeps being undone, is left alone before it is tried again."""


_HELD = {
    HoldKind.REMOVAL: Sentence("removal of %(contacts)s waits for a decision (%(id)s)"),
    HoldKind.EDIT: Sentence("edit of %(contacts)s waits for a decision (%(id)s)"),
    HoldKind.EMPTIED: Sentence("emptied of %(contacts)s waits for a decision (%(id)s)"),
}


def set_aside(link: Link, version: int, reason: Sentence, now: datetime) -> Link:
    """The link of a contact that is left alone in this mailbox until it changes or a day is over."""
    return replace(link, aside=reason, aside_version=version, aside_until=now + ASIDE)


@dataclass(slots=True)
class Applied:
    """What is left to do in the mailbox beyond the plan: things that no link stands for."""

    strays: list[Unshared] = field(default_factory=list)
    twins: list[SecondCopy] = field(default_factory=list)
    causes: dict[str, str] = field(default_factory=dict)
    """By resource name of a label that strays carried, or of a person with a mark too many: the event that says so."""
    failed: set[str] = field(default_factory=set)
    """Contacts about which a decision could not be applied: nothing is to be sent about them."""
    mishap: str | None = None
    """The number of the error that kept some decision from being applied: what was read has to be read again."""

    def join(self, other: Applied) -> None:
        """Take in what was left to do by another part of the same reading."""
        self.strays += other.strays
        self.twins += other.twins
        self.causes |= other.causes
        self.failed |= other.failed
        self.mishap = self.mishap or other.mishap


def sides_of(session: Session, known: Snapshot, edited: frozenset[str]) -> dict[str, Sides]:
    """The cards that edits are merged with: each person as last seen, and its contact now."""
    bases = contacts.cards_at(session, ((c, known.links[c].base_version) for c in edited & known.links.keys()))
    now = contacts.cards(session, edited)
    since = {contact: known.links[contact].base_version if contact in known.links else 0 for contact in edited}
    spans = ((contact, since[contact], version) for contact, (version, _) in now.items())
    between = contacts.versions_between(session, spans)
    sides = {}
    for contact, (_, store) in now.items():
        link, base = known.links.get(contact), bases.get(contact)
        if link is None:
            sides[contact] = Sides(store, store, between.get(contact, ()))
        elif base is not None:
            if known.held.get(contact, NOT_HELD).edit:
                link = replace(link, patch=None)  # a held edit was not taken in: all of it is read again
            sides[contact] = Sides(remote_card(link, base), store, between.get(contact, ()))
    return sides


def remote_card(link: Link, base: Card) -> Card:
    """The person as last seen: the base version's card, the user's own values, and what differs from both."""
    return patched(overlay(base, link.own), link.patch)


def patched(card: Card, patch: Any) -> Card:
    """The card with the fields of a patch in place of its own; an empty field is one that is missing."""
    if not patch:
        return card
    return card.replacing({name: Card.read({name: items})[name] for name, items in patch.items()})


def patch_from(card: Card, remote: Card) -> dict[str, Any] | None:
    """What must be laid over `card` to get `remote`; None where nothing."""
    there = remote.as_json()
    return {name: there.get(name, []) for name in sorted(card.differs(remote))} or None


@dataclass
class Applier:
    """Applies the decisions of one reading of one mailbox, inside one transaction."""

    work: Work
    mailbox: str
    known: Snapshot
    marks: Marks
    sides: dict[str, Sides]
    tally: Tally

    def apply(self, decisions: Sequence[Decision], holds: Sequence[Hold] = ()) -> Applied:
        """Apply them all; where an error of our own comes up, all but those that cause one.

        In the good case that costs one savepoint. Applying each in a savepoint of its own would cost thousands.
        """
        before = replace(self.tally)
        try:
            with self.work.savepoint():
                return self._apply_all(decisions, holds)
        except MailboxBusy:
            raise
        except Exception:
            self.tally.reset(before)
        applied, sound = Applied(), list[Decision]()
        for decision in decisions:
            before = replace(self.tally)
            try:
                with self.work.savepoint():
                    applied.join(self._apply_all([decision]))
                sound.append(decision)
            except MailboxBusy:
                raise
            except Exception as error:
                self.tally.reset(before)
                applied.mishap = unexpected_errors.note(error)
                applied.failed |= {contact} if (contact := getattr(decision, "contact", None)) else set()
        if applied.mishap is None:
            raise AssertionError("decisions that can be applied one by one can be applied together")
        held = [hold for hold in holds if not hold.contacts.keys() & applied.failed]
        applied.join(self._apply_all([], held, sound))
        return applied

    def _apply_all(
        self, decisions: Sequence[Decision], holds: Sequence[Hold] = (), applied_before: Sequence[Decision] = ()
    ) -> Applied:
        self.links: list[Link] = []
        applied = Applied()
        self.bases = self._bases([decision for decision in decisions if isinstance(decision, Kept)])
        for decision in decisions:
            self._apply(decision, applied)
        links.update_links(self.work, self.mailbox, self.links)
        removals = frozenset(hold.group for hold in holds if hold.group and hold.kind is HoldKind.REMOVAL)
        for hold in holds:
            self._hold(hold, [*applied_before, *decisions], removals)
        return applied

    def _apply(self, decision: Decision, applied: Applied) -> None:
        match decision:
            case Kept():
                self._kept(decision)
            case Gone():
                self._gone(decision)
            case Linked():
                self._linked(decision)
            case Returned():
                self._returned(decision)
            case Shared():
                if contact_cases.is_suppressed(self.work, decision.seen.card):
                    decision = self._refused(decision, applied)
                    applied.strays.append(decision)
                else:
                    self._shared(decision)
            case Lost():
                self._lost(self.known.links[decision.contact])
            case Recheck():
                self._doubted(decision)
            case Unshared():
                self._strayed(decision, applied)
                applied.strays.append(decision)
            case Unclear():
                raise AssertionError("a contact was answered twice or not at all")
            case SecondCopy(contact, seen):
                applied.causes[seen.resource_name] = self._event(contact, "link.double", Outcome.REVERTED)
                applied.twins.append(decision)

    def _doubted(self, doubted: Recheck) -> None:
        link = self.known.links[doubted.contact]
        later = replace(link, look_at=doubted.look_at, half_seen_at=doubted.half_seen_at)
        if link != later:
            self.links.append(later)

    def _lost(self, link: Link) -> None:
        """Send it again, alone; one whose create is lost time and again is set aside, so that it stops no other."""
        again = replace(link, state=LinkState.REFUSED, wrote_at=None)
        if link.pushes >= TRIES:
            again = set_aside(again, link.base_version, _SILENT, self.work.now)
        self.links.append(again)

    def _hold(self, hold: Hold, decisions: Sequence[Decision], removals: frozenset[str]) -> None:
        # Who decides about a hold decides about its group, and not about another in which the contact waits as well.
        its = {hold.group} if hold.group else None
        groups = {
            d.contact: d.held - removals if its is None else d.held & its
            for d in decisions
            if isinstance(d, Kept | Gone)
        }
        contacts_held = {
            contact: (
                groups[contact] if card is None else frozenset[str](),
                self.known.wanted[contact].version,
                card,
            )
            for contact, card in hold.contacts.items()
        }
        hold_id = held.keep(self.work, self.mailbox, hold.group, hold.kind, contacts_held)
        reason = Sentence(_HELD[hold.kind].template, contacts=Contacts(len(contacts_held)), id=hold_id)
        self._event(None, "hold.keep", Outcome.HELD, hold.group, reason=reason)
        self.tally.held += len(contacts_held)

    # -- a linked person --

    def _bases(self, kept: Sequence[Kept]) -> dict[str, Card]:
        """Base cards of the links whose content is not what it was: their patch is made anew."""
        changed = [k.contact for k in kept if k.seen.card.fingerprint != self.known.links[k.contact].seen]
        return contacts.cards_at(self.work.session, ((c, self.known.links[c].base_version) for c in changed))

    def _kept(self, kept: Kept) -> None:
        link = self.known.links[kept.contact]
        seen = kept.seen
        own = kept.owned.own if kept.owned else kept.own
        observed = replace(
            link,
            own=own,
            resource_name=seen.resource_name,
            etag=seen.etag,
            seen=seen.card.fingerprint,
            labels=kept.labels,
            moving=frozenset(),
            state=LinkState.LIVE if kept.contact in self.known.wanted else link.state,
            look_at=None,
            half_seen_at=None,
            marked=kept.marked,
            photo=link.photo if kept.photo_sign == link.photo_sign else UNSETTLED,
            photo_sign=kept.photo_sign,
            written_at=max(filter(None, (link.written_at, seen.updated_at)), default=None),
        )
        if kept.contact in self.bases:
            observed = replace(observed, patch=patch_from(overlay(self.bases[kept.contact], own), seen.card))
        if link.state is LinkState.LEAVING and kept.contact in self.known.wanted:
            # The release may have taken our photo off, its answer lost: it is looked at again.
            observed = replace(observed, photo=UNSETTLED)
            self._keep_typed(link, seen.card)
        if kept.owned:
            # What a merge brought is the user's, here only; it may have been an edit after all, and they alone know.
            self._event(kept.contact, "link.merge", fields=tuple(own.items))
            self._ask(kept.contact, kept.owned.card)
        elif own != link.own:
            self._keep_own(link, own, seen.card)
        observed = self._settled(kept, observed)
        undone = bool(kept.put_back or kept.taken_off)
        for group in sorted(kept.put_back):
            self._event(kept.contact, "label.take_off", Outcome.REVERTED, group)
        for group in sorted(kept.taken_off):
            self._event(kept.contact, "label.put_on", Outcome.REVERTED, group)
        if isinstance(kept.edit, Rejected):
            undone = True
            self._reject(kept.contact, kept.edit)
        for group in sorted(kept.joins):
            group_cases.add_contacts(self.work, group, [kept.contact], mailbox=self.mailbox)
        observed = self._leaves(kept, observed)
        self.tally.reverted += undone
        self.tally.accepted += bool(isinstance(kept.edit, Accepted) or kept.joins or kept.leaves)
        self.links.append(observed)

    def _settled(self, kept: Kept, link: Link) -> Link:
        """The link once the edit is taken in: at rest where the mailbox already holds what the store wants."""
        wanted = self.known.wanted.get(kept.contact) or self.known.trashed.get(kept.contact)
        if wanted is None or isinstance(kept.edit, Rejected | OnHold):
            return link
        version, fingerprint, card = wanted.version, wanted.fingerprint, None
        if isinstance(kept.edit, Accepted):
            version, card = self._accept(kept.contact, version, kept.edit), kept.edit.card
            fingerprint = card.fingerprint
        elif kept.contact in self.sides:
            card = self.sides[kept.contact].store
        if link.seen == (overlay(card, link.own).fingerprint if card and link.own else fingerprint):
            return replace(link, base_version=version, agreed=link.seen, patch=None, aside="", aside_until=None)
        return link

    def _accept(self, contact: str, version: int, edit: Accepted) -> int:
        store = self.sides[contact].store
        if edit.conflicts:
            conflicts.keep(self.work, contact, self.mailbox, edit.conflicts)
            self._event(contact, "conflict.keep", fields=tuple(sorted({c.field for c in edit.conflicts})))
        if edit.card == store:
            return version
        contact_cases.change(self.work, contact, version, store, edit.card, mailbox=self.mailbox)
        return version + 1

    def _reject(self, contact: str, edit: Rejected) -> None:
        wanted, store = self.known.wanted.get(contact), self.sides[contact].store
        version = (wanted or self.known.trashed[contact]).version
        if edit.private:
            self._event(contact, "contact.update", Outcome.REVERTED, reason=edit.why.value)
            private_cards.keep(self.work, contact, self.mailbox, version, edit.card)
            return
        event = self.work.record(
            Event(
                "contact.update",
                Outcome.REVERTED,
                contact=contact,
                mailbox=self.mailbox,
                fields=tuple(sorted(edit.fields)),
                before_version=version,
                reason=edit.why.value,
                values=contact_cases.values(store, edit.card),
            )
        )
        contacts.keep(self.work, [(contact, version, VersionKind.REJECTED, edit.card, event)])
        if edit.why is Why.VIEW and wanted:
            self._propose(contact, edit.card)

    def _keep_own(self, link: Link, own: Card, seen: Card) -> None:
        """A user changed values of their own: each version of them is kept, and an open question asks of the newest."""
        asked = private_cards.open_one(self.work.session, link.contact, self.mailbox)
        if asked is None or link.contact not in self.bases:
            private_cards.keep(self.work, link.contact, self.mailbox, link.base_version, seen)
            return
        base, changed = self.bases[link.contact], link.own.differs(own)
        gone = EMPTY.replacing({name: [one for one in link.own[name] if one not in own[name]] for name in changed})
        card = base.replacing({name: seen[name] for name in changed})
        self._ask(link.contact, card, (asked[0], without(asked[1], gone)))

    def _ask(self, contact: str, card: Card, earlier: tuple[int, Card] | None = None) -> None:
        """Ask this mailbox's user, and nobody else, whether what stands there was meant for all.

        An earlier open question to them goes on in this one, the newer values winning.
        """
        version, store, card = self._typed_over(contact, card)
        if earlier := earlier or private_cards.open_one(self.work.session, contact, self.mailbox):
            then = contacts.cards_at(self.work.session, [(contact, earlier[0])]).get(contact, store)
            card = merge(store, card, merge(then, earlier[1], store).card).card
        if card == store:
            private_cards.keep(self.work, contact, self.mailbox, version, card)
            return
        question = private_cards.keep(self.work, contact, self.mailbox, version, card, asked=True)
        self._event(contact, "question.ask", reason=question)

    def _keep_typed(self, link: Link, seen: Card) -> None:
        """Ask about what was typed on a person while it was being released: it is made whole again, and written over.

        What is missing there may be our doing; what was not there before is certainly its user's, and may be an own
        contact's with which they merged it.
        """
        base = contacts.cards_at(self.work.session, [(link.contact, link.base_version)]).get(link.contact, EMPTY)
        before = overlay(base, link.own)
        typed = {name: [item for item in items if item not in before[name]] for name, items in seen.items.items()}
        typed = {name: items for name, items in typed.items() if items}
        if typed:
            lists = {name: items for name, items in typed.items() if FIELDS[name].shape is not Shape.SINGLE}
            self._ask(link.contact, base.replacing(typed | {n: (*base[n], *lists[n]) for n in lists}))

    def _typed_over(self, contact: str, card: Card) -> tuple[int, Card, Card]:
        """The contact's version and card now, and what they become by what was typed over what was agreed to.

        What others changed since is not the typist's to take back.
        """
        version, store = contacts.cards(self.work.session, [contact])[contact]
        link = self.known.links.get(contact)
        bases = contacts.cards_at(self.work.session, [(contact, link.base_version)]) if link else {}
        return version, store, merge(bases.get(contact, store), card, store).card

    def _propose(self, contact: str, card: Card) -> None:
        """Keep an edit as a proposal; an earlier open one of the same person takes it in, the newer values winning."""
        version, store, card = self._typed_over(contact, card)
        earlier = proposals.open_one(self.work.session, contact, self.mailbox)
        if earlier is None:
            proposal = proposals.keep(self.work, contact, self.mailbox, version, card)
        else:
            proposal, typed_over, before = earlier
            then = contacts.cards_at(self.work.session, [(contact, typed_over)])[contact]
            proposals.change(self.work, proposal, version, merge(store, card, merge(then, before, store).card).card)
        self._event(contact, "proposal.keep", reason=proposal)

    def _leaves(self, kept: Kept, link: Link) -> Link:
        pairs = [(group, kept.contact) for group in sorted(kept.leaves)]
        group_cases.remove_contacts(self.work, pairs, mailbox=self.mailbox)
        if kept.leaves and kept.leaves == self.known.wanted[kept.contact].groups:
            # They took it out of the group and kept it: the copy is theirs now.
            return replace(link, origin=Origin.GIVEN)
        return link

    def _gone(self, gone: Gone) -> None:
        links.delete_links(self.work, self.mailbox, [gone.contact])
        pairs = [(group, gone.contact) for group in sorted(gone.leaves)]
        group_cases.remove_contacts(self.work, pairs, mailbox=self.mailbox)
        self.tally.accepted += bool(gone.leaves)
        for contact, cause in erasure.causes(self.work.session, self.known.erased & {gone.contact}).items():
            reason = GONE
            self.work.record(Event("person.delete", contact=contact, mailbox=self.mailbox, reason=reason, cause=cause))
        if gone.remains:
            self._event(gone.contact, "contact.delete", Outcome.RESTORED)
            self.tally.restored += 1

    # -- a person that becomes linked --

    def _linked(self, linked: Linked) -> None:
        seen, intent = linked.seen, self.known.links.get(linked.contact)
        stored = contacts.cards(self.work.session, [linked.contact]).get(linked.contact)
        if stored is None:
            self._recover(linked)
            return
        version, card = stored
        if intent:
            version = intent.base_version
            card = contacts.cards_at(self.work.session, [(linked.contact, version)]).get(linked.contact, card)
        of_no_version = False
        if seen.card != card:
            earlier = self._version_of(linked.contact, seen.card)
            of_no_version = not (intent or earlier)
            version, card = earlier or (version, card)
        link = _link(linked.contact, linked.origin, version, seen, linked.labels, self.work, marked=linked.marked)
        link = replace(link, own=linked.own or (intent.own if intent else link.own))
        link = _with_photo(link, linked.photo_sign, intent)
        expected = overlay(card, link.own)
        typed_over = False
        # One of the user's own that was merged with ours and survived: certainly theirs, and nobody is asked.
        survived = bool(seen.marks) and seen.source_id in self.known.own_ids
        merged = linked.own or survived or (intent and intent.state is LinkState.LIVE)
        if merged or of_no_version:
            # The survivor of a merge, or one from long ago that was edited since: what differs was typed over nobody
            # knows what. The push puts it right, and it is kept for its user.
            link = replace(link, agreed=b"", patch=patch_from(expected, seen.card))
            typed_over = seen.card != card
        elif (
            intent
            and not intent.at_rest
            and version == intent.base_version
            and intent.resource_name in (seen.resource_name, *seen.previous_names)
        ):
            # What differed was known before a reset, and no edit: it was to be put right. What was typed since is one.
            link = replace(link, agreed=intent.agreed, seen=intent.seen, patch=intent.patch)
            link = replace(link, etag="", look_at=self.work.now)
        elif seen.card != expected:
            # What differs from the version it was made of was typed since: the next look reads it as an edit, and
            # until then there is no etag by which anything could be written over it.
            fingerprint = expected.fingerprint
            link = replace(link, agreed=fingerprint, seen=fingerprint, etag="", look_at=self.work.now)
        if intent:
            self.links.append(link)
        else:
            links.insert_links(self.work, self.mailbox, [link])
        self._event(linked.contact, "link.adopt" if linked.origin is Origin.ADOPTED else "link.find")
        if not typed_over or linked.contact in self.known.erased:
            return
        if merged or linked.contact not in self.known.wanted:
            private_cards.keep(self.work, linked.contact, self.mailbox, version, seen.card)
        else:
            self._ask(linked.contact, seen.card)

    def _returned(self, returned: Returned) -> None:
        """Out of Google's trash, under its label, by someone who may: the contact comes back as the store knows it."""
        for group in sorted(returned.groups):
            group_cases.add_contacts(self.work, group, [returned.contact], mailbox=self.mailbox)
        self._event(returned.contact, "contact.restore")
        self.tally.accepted += 1
        sign = self.marks.vouched(returned.seen.marks, returned.seen.photo)
        labels, origin, own = returned.labels, returned.origin, returned.own
        self._linked(Linked(returned.contact, returned.seen, labels, origin, marked=False, own=own, photo_sign=sign))

    def _version_of(self, contact: str, card: Card) -> tuple[int, Card] | None:
        """The newest earlier version with this content: what a mailbox shows that has not been told since."""
        return next(
            ((version, old) for version, old in contacts.history(self.work.session, contact) if old == card), None
        )

    def _recover(self, linked: Linked) -> None:
        """A mark we signed and an id the store never heard of: the store was restored from an older backup."""
        card = linked.seen.card
        if not linked.labels or not card or contact_cases.is_suppressed(self.work, card):
            return
        event = self._event(linked.contact, "contact.recover", fields=tuple(linked.seen.card.items))
        contacts.insert_contacts(self.work, [(linked.contact, linked.seen.card, event)])
        for group in sorted(linked.labels & self.known.levels.keys()):
            group_cases.add_contacts(self.work, group, [linked.contact], cause=event)
        link = _link(linked.contact, linked.said, 1, linked.seen, linked.labels, self.work, marked=True)
        links.insert_links(self.work, self.mailbox, [link])

    def _shared(self, shared: Shared) -> None:
        seen, groups = shared.seen, sorted(shared.groups)
        contact = contact_cases.create(self.work, groups[0], seen.card, mailbox=self.mailbox)
        for group in groups[1:]:
            group_cases.add_contacts(self.work, group, [contact])
        names = {label.resource_name: group for group, label in self.known.labels.items()}
        labels = frozenset(names[name] for name in seen.labels if name in names)
        link = _link(contact, Origin.GIVEN, 1, seen, labels, self.work, marked=False)
        links.insert_links(self.work, self.mailbox, [link])
        self.tally.accepted += 1

    def _refused(self, shared: Shared, applied: Applied) -> Unshared:
        """One with an address of an erased contact is not shared again unasked: the labels go, the person stays."""
        labels = {label.resource_name for group, label in self.known.labels.items() if group in self.known.levels}
        strayed = Unshared(shared.seen, shared.seen.labels & labels)
        self._strayed(strayed, applied, Suppressed().sentence)
        return strayed

    def _strayed(self, strayed: Unshared, applied: Applied, reason: str = "") -> None:
        for group, label in sorted(self.known.labels.items()):
            if label.resource_name in strayed.labels:
                event = self._event(None, "label.put_on", Outcome.REVERTED, group, reason=reason)
                applied.causes[label.resource_name] = event
        if strayed.seen.marks:
            contact = next((contact for contact, _ in named(strayed.seen, self.marks)), None)
            applied.causes[strayed.seen.resource_name] = self._event(contact, "link.double", Outcome.REVERTED)
        self.tally.reverted += bool(strayed.labels)

    def _event(
        self,
        contact: str | None,
        action: str,
        outcome: Outcome = Outcome.OK,
        group: str | None = None,
        fields: tuple[str, ...] = (),
        reason: str = "",
    ) -> str:
        return self.work.record(
            Event(action, outcome, group=group, contact=contact, mailbox=self.mailbox, fields=fields, reason=reason)
        )


def _with_photo(link: Link, sign: bytes | None, before: Link | None) -> Link:
    """The link, knowing what is known of its person's photo. Whose sign is known and no more is to be looked at."""
    if before and before.resource_name == link.resource_name:
        return replace(link, photo=before.photo, photo_sign=sign, photo_sent=before.photo_sent)
    return replace(link, photo=UNSETTLED if sign else None, photo_sign=sign)


def _link(
    contact: str, origin: Origin, version: int, seen: Seen, labels: frozenset[str], work: Work, *, marked: bool
) -> Link:
    return Link(
        contact=contact,
        state=LinkState.LIVE,
        origin=origin,
        base_version=version,
        source_id=seen.source_id,
        resource_name=seen.resource_name,
        etag=seen.etag,
        agreed=seen.card.fingerprint,
        seen=seen.card.fingerprint,
        labels=labels,
        marked=marked,
        wrote_at=work.now,
        written_at=seen.updated_at,
    )
