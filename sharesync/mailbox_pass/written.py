"""How much each decision writes: so it is applied in which pieces, and beside whom (`store/database/beside.py`)."""

from __future__ import annotations

from sharesync.model.card import EMPTY
from sharesync.model.link import LinkState, Snapshot
from sharesync.sync.decisions import Decision, Gone, Kept, Linked, Lost, OnHold, Recheck, Shared


def stands_alone(decision: Decision, known: Snapshot) -> bool:
    """Whether it concerns one person and no other."""
    match decision:
        case Shared():
            return True
        case Linked():
            return not decision.own
        case _:
            return is_own(decision, known)


def is_own(decision: Decision, known: Snapshot) -> bool:
    """Whether all that follows is written in the link."""
    match decision:
        case Lost() | Recheck():
            return True
        case Kept():
            link = known.links[decision.contact]
            plain = (decision.edit, decision.owned) == (None, None) and decision.own == link.own == EMPTY
            moved = decision.joins | decision.leaves | decision.put_back | decision.taken_off | decision.held
            return plain and not moved and link.state is LinkState.LIVE and decision.contact in known.wanted
        case _:
            return False


def moves_nothing(decision: Decision) -> bool:
    """Whether no contact comes of it, and none comes into a group, leaves one, or waits for a decision there."""
    match decision:
        case Lost() | Recheck():
            return True
        case Kept():
            return not (decision.joins or decision.leaves or decision.held)
        case Gone():
            return not (decision.leaves or decision.held)
        case _:
            return False


def is_edit_that_waits(decision: Decision) -> bool:
    """Whether somebody must decide about an edit."""
    return isinstance(decision, Kept) and isinstance(decision.edit, OnHold)
