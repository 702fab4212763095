"""Applying: the decisions about what was read become changes of the store and observations in the links.

One transaction for one reading, or for a piece of a large one (`decide.py`). Everything observed is written down even
where nothing follows from it, so that the next reading of the same thing is an echo; what must be sent because of it is
not written down, it is planned again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sharesync.errors import MailboxBusy
from sharesync.mailbox_pass import apply_found, apply_holds, apply_linked, apply_strays
from sharesync.mailbox_pass.apply_session import Applied, Applying
from sharesync.services.operation import unexpected_errors
from sharesync.store.mailboxes import links
from sharesync.store.records import contacts
from sharesync.sync.decisions import (
    Decision,
    Gone,
    Kept,
    Linked,
    Lost,
    Recheck,
    Returned,
    SecondCopy,
    Shared,
    Unclear,
    Unshared,
)
from sharesync.sync.holds import Hold


def apply(at: Applying, decisions: Sequence[Decision], holds: Sequence[Hold] = ()) -> Applied:
    """Apply them all; where an error of our own comes up, all but those that cause one.

    In the good case that costs one savepoint. Applying each in a savepoint of its own would cost thousands.
    """
    before = replace(at.tally)
    try:
        with at.work.savepoint():
            return _apply_all(at, decisions, holds, decisions)
    except MailboxBusy:
        raise
    except Exception:
        at.tally.reset(before)
    applied, sound = _apply_one_by_one(at, decisions)
    if applied.mishap is None:
        raise AssertionError("decisions that can be applied one by one can be applied together")
    # What else is held is still held: the decisions about it, without what waits, have been applied.
    applied.join(_apply_all(at, [], [hold.without(applied.failed) for hold in holds], sound))
    return applied


def _apply_one_by_one(at: Applying, decisions: Sequence[Decision]) -> tuple[Applied, list[Decision]]:
    """What is left to do, and the decisions that could be applied."""
    applied, sound = Applied(), list[Decision]()
    for decision in decisions:
        before = replace(at.tally)
        try:
            with at.work.savepoint():
                applied.join(_apply_all(at, [decision]))
            sound.append(decision)
        except MailboxBusy:
            raise
        except Exception as error:
            at.tally.reset(before)
            applied.mishap = unexpected_errors.note(error)
            applied.failed |= {contact} if (contact := getattr(decision, "contact", None)) else set()
    return applied, sound


def _apply_all(
    at: Applying, decisions: Sequence[Decision], holds: Sequence[Hold] = (), held: Sequence[Decision] = ()
) -> Applied:
    """Apply decisions and holds; `held` are the decisions that say which groups the holds' contacts wait in."""
    # A link whose content changed gets a new patch, and that needs the base card.
    kept = (one for one in decisions if isinstance(one, Kept))
    changed = [one.contact for one in kept if one.seen.card.fingerprint != at.known.links[one.contact].seen]
    bases = contacts.cards_at(at.work.session, ((c, at.known.links[c].base_version) for c in changed))
    at = at.afresh(bases)
    for decision in decisions:
        _apply(at, decision)
    links.update_links(at.work, at.mailbox, at.links)
    apply_holds.keep(at, holds, held)
    return at.applied


def _apply(at: Applying, decision: Decision) -> None:
    match decision:
        case Kept():
            apply_linked.kept(at, decision)
        case Gone():
            apply_linked.gone(at, decision)
        case Lost():
            apply_linked.lost(at, decision)
        case Recheck():
            apply_linked.recheck(at, decision)
        case Linked():
            apply_found.linked(at, decision)
        case Returned():
            apply_found.returned(at, decision)
        case Shared():
            apply_found.shared(at, decision)
        case Unshared():
            apply_strays.unshared(at, decision)
        case SecondCopy():
            apply_strays.second_copy(at, decision)
        case Unclear():
            raise AssertionError("a contact was answered twice or not at all")
