"""Events of the directory: access that it gives, takes, or would take from many people at once."""

from __future__ import annotations

from collections.abc import Sequence

from sharesync.errors import People, Sentence
from sharesync.model.audit import Event, Outcome
from sharesync.store.database.work import Work
from sharesync.store.mailboxes.keeping import Ended
from sharesync.store.mailboxes.mirror import Saved


def tell(work: Work, saved: Saved) -> None:
    """Tell what reading the directory changed."""
    for hold, (group, people) in saved.held.items():
        reason = Sentence("%(people)s would lose it by what Directory says (%(id)s)", people=People(people), id=hold)
        work.record(Event("hold.keep", Outcome.HELD, group=group, reason=reason))
    tell_ended(work, saved.ended)
    if saved.changed:
        reason = Sentence("access of %(people)s changed", people=People(saved.changed))
        work.record(Event("directory.sync", reason=reason))


def tell_ended(work: Work, ended: Sequence[Ended]) -> None:
    """Tell of holds that ended without a decision."""
    for one in ended:
        if one.carried_out:
            reason = Sentence(
                "taken from %(people)s: nobody decided within a day (%(id)s)",
                people=People(one.carried_out),
                id=one.hold,
            )
            work.record(Event("hold.expire", group=one.group, reason=reason))
        else:
            reason = Sentence("nobody would lose it any more (%(id)s)", id=one.hold)
            work.record(Event("hold.close", group=one.group, reason=reason))
