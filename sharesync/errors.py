"""One tree of errors: the docstring says what happened, the attributes are the facts, the subclass says what to do.

Expected outcomes (a conflict, a refused edit, nothing to do) are values, not errors. Words for people are made at the
edge: `str(error)` is one sentence without a traceback in mind and without personal data of others.
"""

from __future__ import annotations

from datetime import datetime


class SharesyncError(Exception):
    """Something sharesync knows how to say in one sentence."""


class SettingsError(SharesyncError):
    """A setting is missing or wrong: the operator mends it; exit status 2."""

    def __init__(self, variable: str, sentence: str) -> None:
        super().__init__(sentence)
        self.variable = variable
        self.sentence = sentence


# --- Refusals: what was asked cannot be done; nothing was changed; the asker corrects it. ---------------------------


class Refused(SharesyncError):
    """What was asked for is not possible as asked; nothing was changed."""


class InvalidInput(Refused):
    """A value that came in at an edge has the wrong form."""


class InvalidCard(InvalidInput):
    """A card with a field or value that no contact can have. `field` names where, as far as known."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NotFound(Refused):
    """No such thing: `kind` is what was looked for (contact, group, mailbox …), `name` what it was called."""

    def __init__(self, kind: str, name: str, remedy: str = "") -> None:
        super().__init__(f"There is no {kind} “{name}”." + (f" {remedy}" if remedy else ""))
        self.kind = kind
        self.name = name


class NotAllowed(Refused):
    """Whoever asks may not do this; the sentence tells them why."""


class NameTaken(Refused):
    """Another group already carries this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A group “{name}” exists already; choose another name.")
        self.name = name


class StaleVersion(Refused):
    """The contact changed since the asker looked at it: look again, then decide."""

    def __init__(self, contact: str, expected: int, actual: int) -> None:
        super().__init__(
            f"Contact {contact} is at version {actual}, not {expected}; look at it again before you change it."
        )
        self.contact = contact
        self.expected = expected
        self.actual = actual


class Suppressed(Refused):
    """A new contact carries an address or number of one that was erased: only who asks for it gets it back."""

    def __init__(self) -> None:
        super().__init__("This is an address or number of a contact that was erased; it does not come back unasked.")


class MailboxBusy(SharesyncError):
    """Another process is passing over this mailbox, or took it over: leave it to that one, try again later."""


# --- Google: every failure of a call is exactly one of these. -------------------------------------------------------


class GoogleError(SharesyncError):
    """A call to Google failed. `sentence` is for people; it never repeats what Google said about a contact."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RetryLater(GoogleError):
    """It heals itself: try again, not before `not_before` if that is known. Nothing was executed by the call."""

    def __init__(self, sentence: str, not_before: datetime | None = None) -> None:
        super().__init__(sentence)
        self.not_before = not_before


class OutcomeUnknown(RetryLater):
    """The answer to a call was lost (5xx, timeout, dropped connection): it may or may not have been executed."""


class NoLongerWanted(RetryLater):
    """What was about to be sent is not to be sent any more (a grant was taken away meanwhile): nothing was sent."""


class MalformedReply(RetryLater):
    """A reply that cannot be true (a cut-off page, neither persons nor a token): nothing may be concluded from it."""


class EmptyListing(MalformedReply):
    """A full listing without anyone, where persons are linked: believed only if it is so for longer."""


class SyncTokenExpired(GoogleError):
    """Google no longer knows the sync token: read everything once without one."""


class PageTokenExpired(GoogleError):
    """The sync or page token ended between two pages: throw the pages away and begin the listing again."""


class LabelNameTaken(GoogleError):
    """The user already has a label of this name (HTTP 409): take the next name."""


class LabelStale(GoogleError):
    """The label changed since its etag was read (HTTP 409 or 400): read the labels again."""


class LabelMissing(GoogleError):
    """The label is not there (any more, or not yet): read the labels again."""


class Attention(GoogleError):
    """A person must act before this mailbox can go on; `sentence` tells them what to do."""


class MailboxPaused(GoogleError):
    """The user is suspended, archived or deleted: nothing is inferred from their silence; not a failure."""
