"""How a mailbox fares, as people are told."""

import pytest

from sharesync.model.mailbox import PAUSED, MailboxState, fares


@pytest.mark.parametrize(
    ("found", "away", "told"),
    [
        ((MailboxState.OK, ""), False, (MailboxState.OK, "")),
        ((MailboxState.ATTENTION, "No delegation."), False, (MailboxState.ATTENTION, "No delegation.")),
        ((MailboxState.ATTENTION, "No delegation."), True, (MailboxState.PAUSED, PAUSED)),
        ((MailboxState.PAUSED, "Google says so."), True, (MailboxState.PAUSED, "Google says so.")),
        ((MailboxState.PAUSED, "Google says so."), False, (MailboxState.PAUSED, "Google says so.")),
    ],
)
def test_that_the_user_is_away_is_told_before_what_a_pass_found(
    found: tuple[MailboxState, str], away: bool, told: tuple[MailboxState, str]
) -> None:
    state, reason = found
    assert fares(state, reason, away=away) == told
