"""One tree of errors: the docstring says what happened, the attributes are the facts, the subclass says what to do.

Expected outcomes (a conflict, a refused edit, nothing to do) are values, not errors. Words for people are made at the
edge: `str(error)` is one sentence in English without a traceback in mind and without personal data of others, and
`error.sentence` the same in parts, so that the web page can say it in another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Self


class Sentence(str):  # noqa: SLOT000  # it carries two things more
    """A sentence in English that knows how it was put together.

        Sentence("A group “%(name)s” exists already.", name=name)

    The template, a literal, is what is translated (`make words` collects it). A value is not, unless it is a Sentence
    itself, or called `level`, which is the word of one, `where`, which is a field of a card (or several), or `why`,
    which was a sentence of ours before it was stored. What is stored is the English alone: the page finds the template
    again by it, so a template says enough of its own to be known by.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str = "", **values: object) -> Self:
        """The sentence of a template, with its values in place."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made


class Counted(int):
    """A number with its noun: 1 contact, 2 contacts."""

    one: ClassVar[str]
    many: ClassVar[str]

    def __str__(self) -> str:
        return f"{int(self)} {self.one if self == 1 else self.many}"


class Contacts(Counted):
    """So many contacts."""

    one, many = "contact", "contacts"


class Events(Counted):
    """So many events."""

    one, many = "event", "events"


class People(Counted):
    """So many people."""

    one, many = "person", "people"


class Sessions(Counted):
    """So many sessions."""

    one, many = "session", "sessions"


class Minutes(Counted):
    """So many minutes."""

    one, many = "minute", "minutes"


class Findings(Counted):
    """So many findings."""

    one, many = "finding", "findings"


COUNTED: Mapping[str, type[Counted]] = MappingProxyType(
    {kind.many: kind for kind in (Contacts, Events, People, Sessions, Minutes, Findings)}
)
"""By the name of the slot that holds such a number."""


class Grouped(int):
    """A number that is written in groups of three: 25,000."""

    def __str__(self) -> str:
        return f"{self:,}"


class SharesyncError(Exception):
    """Something sharesync knows how to say in one sentence: a template with its values, or a Sentence."""

    def __init__(self, template: str = "", **values: object) -> None:
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, **values)
        super().__init__(str(self.sentence))


class SettingsError(SharesyncError):
    """A setting is missing or wrong: the operator mends it; exit status 2."""

    def __init__(self, variable: str, sentence: str) -> None:
        super().__init__(sentence)
        self.variable = variable


# --- Refusals: what was asked cannot be done; nothing was changed; the asker corrects it. ---------------------------


class Refused(SharesyncError):
    """What was asked for is not possible as asked; nothing was changed.

    `denied` says that it was for want of a right: `hidden`, or the right by its word. Each denial is logged.
    """

    denied: str = ""


class InvalidInput(Refused):
    """A value that came in at an edge has the wrong form."""


class SearchTooLong(InvalidInput):
    """More was searched for at once than one search may cost."""

    def __init__(self, letters: int, words: int) -> None:
        super().__init__(
            Sentence(
                "A search has at most %(letters)s letters and %(words)s words; search for less.",
                letters=Grouped(letters),
                words=Grouped(words),
            )
        )


class InvalidFilter(InvalidInput):
    """A filter that cannot be read. `at` is where in the line: the number of letters before the part that is wrong."""

    def __init__(self, template: str, at: int, **values: object) -> None:
        super().__init__(template, **values)
        self.at = at


class InvalidCard(InvalidInput):
    """A card with a field or value that no contact can have. `field` names where, as far as known."""

    def __init__(self, template: str, field: str = "", **values: object) -> None:
        super().__init__(template, **values)
        self.field = field


class NotFound(Refused):
    """No such thing: `kind` is what was looked for (contact, group, mailbox …), `name` what it was called.

    `remedy` is for the command line: what to type there to find it.
    """

    def __init__(self, kind: str, name: str, remedy: str = "") -> None:
        super().__init__(_MISSING[kind].template, name=name)
        if remedy:
            self.args = (f"{self.sentence} {remedy}",)
        self.kind = kind
        self.name = name


_MISSING: Mapping[str, Sentence] = {
    "act": Sentence("There is nothing here that you can undo."),
    "calendar": Sentence("There is no calendar “%(name)s”."),
    "contact": Sentence("There is no contact “%(name)s”."),
    "decision": Sentence("There is no decision “%(name)s”."),
    "endpoint": Sentence("There is no endpoint “%(name)s”."),
    "entry": Sentence("There is no entry “%(name)s”."),
    "event": Sentence("There is no event “%(name)s”."),
    "filter": Sentence("There is no filter “%(name)s”."),
    "field": Sentence("There is no field “%(name)s”."),
    "Google group": Sentence("There is no Google group “%(name)s”."),
    "group": Sentence("There is no group “%(name)s”."),
    "import": Sentence("There is no import “%(name)s”."),
    "mailbox": Sentence("There is no mailbox “%(name)s”."),
    "open conflict": Sentence("There is no open conflict “%(name)s”."),
    "open hold": Sentence("There is no open hold “%(name)s”."),
    "open proposal": Sentence("There is no open proposal “%(name)s”."),
    "open question": Sentence("There is no open question “%(name)s”."),
    "organisational unit": Sentence("There is no organisational unit “%(name)s”."),
    "photo": Sentence("There is no photo “%(name)s”."),
    "review": Sentence("There is no review “%(name)s”."),
    "service": Sentence("There is no service “%(name)s”."),
    "token": Sentence("There is no token “%(name)s”."),
    "user": Sentence("There is no user “%(name)s”."),
    "version": Sentence("There is no version “%(name)s”."),
}
"""A sentence for each kind: what goes before a noun differs with it in other languages."""


class NotAllowed(Refused):
    """The actor may not do this; the sentence tells them why."""


class NameTaken(Refused):
    """Another group already carries this name."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence("A group “%(name)s” exists already; choose another name.", name=name))
        self.name = name


class UnfitValue(InvalidInput):
    """A value that does not fit into a field of the company's own, or a field that there is not."""


class FieldNameTaken(Refused):
    """Another field already carries this name."""

    def __init__(self, name: str) -> None:
        super().__init__(Sentence("A field “%(name)s” exists already; choose another name.", name=name))
        self.name = name


class StaleVersion(Refused):
    """The contact changed since the asker looked at it: look again, then decide."""

    def __init__(self, contact: str, expected: int, actual: int) -> None:
        super().__init__(
            Sentence(
                "Contact %(contact)s is at version %(actual)s, not %(asked)s; look at it again before you change it.",
                contact=contact,
                actual=actual,
                asked=expected,
            )
        )
        self.contact = contact
        self.expected = expected
        self.actual = actual


class Suppressed(Refused):
    """A new contact carries an address or number of one that was erased: only who asks for it gets it back."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("This is an address or number of a contact that was erased; it does not come back unasked.")
        )


class MailboxBusy(SharesyncError):
    """Another process is passing over this mailbox, or took it over: leave it to that one, try again later."""


class Stopping(MailboxBusy):
    """This process stops: leave the mailbox to whichever comes next."""


# --- Google: every failure of a call is exactly one of these. -------------------------------------------------------


class GoogleError(SharesyncError):
    """A call to Google failed. `sentence` is for people; it never repeats what Google said about a contact."""


class RetryLater(GoogleError):
    """It heals itself: try again, not before `not_before` if that is known. Nothing was executed by the call.

    `guess`: when it is likely to be healed, where only we say so; a person who asks by hand need not mind it.
    """

    def __init__(
        self, template: str, not_before: datetime | None = None, *, guess: datetime | None = None, **values: object
    ) -> None:
        super().__init__(template, **values)
        self.not_before = not_before
        self.guess = guess


class BudgetSpent(RetryLater):
    """Our own budget for a mailbox is spent until `not_before`: nothing was sent, and nothing has failed."""


class OutcomeUnknown(RetryLater):
    """The answer to a call was lost (5xx, timeout, dropped connection): it may or may not have been executed."""


class NoLongerWanted(RetryLater):
    """What was about to be sent is not to be sent any more (a grant was taken away meanwhile): nothing was sent."""


class MalformedReply(RetryLater):
    """A reply that cannot be true (a cut-off page, neither persons nor a token): nothing may be concluded from it."""


class StrangeListing(MalformedReply):
    """A full listing of nobody known in the mailbox, or of fewer than it counts: believed if it is so for longer."""


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


# --- Endpoints: others who are told of something. ---------------------------------------------------------------------


class Unreachable(SharesyncError):
    """An endpoint could not be told, or may not be: try again later. The sentence names its host and nothing more."""
