"""Words: how states, levels, actions and moments are said to people. Tables; nothing is decided here.

A sign never stands alone: every icon and colour has its word beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from babel.dates import get_month_names
from babel.numbers import format_decimal, format_percent

from sharesync.model.access import Level, PrincipalKind, PrincipalName
from sharesync.model.field_kinds import FieldKind
from sharesync.model.mailbox import MailboxState
from sharesync.model.permission import Role
from sharesync.model.token import Scope
from sharesync.store.queries.contact_status import ContactInMailbox, Stand
from sharesync.store.queries.grant_pages import Way
from sharesync.store.queries.overview import AlikeMailboxes, MailboxStanding
from web.words.languages import N_, Spoken, _, language, nouns, plural


class Tone(Enum):
    """How a sign is coloured: the style sheet knows these names."""

    GOOD = "good"
    BUSY = "busy"
    WAIT = "wait"
    BAD = "bad"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Sign:
    """A word with its tone and icon."""

    tone: Tone
    icon: str
    word: str


NOUNS = (
    nouns("contact", "contacts"),
    nouns("photo", "photos"),
    nouns("pair", "pairs"),
    nouns("group", "groups"),
    nouns("person", "people"),
    nouns("session", "sessions"),
    nouns("finding", "findings"),
    nouns("mailbox", "mailboxes"),
    nouns("other", "others"),
    nouns("proposal", "proposals"),
    nouns("question", "questions"),
    nouns("conflict", "conflicts"),
    nouns("hold", "holds"),
    nouns("decision", "decisions"),
    nouns("problem", "problems"),
    nouns("event", "events"),
    nouns("checkpoint", "checkpoints"),
    nouns("entry", "entries"),
    nouns("address", "addresses"),
    nouns("second", "seconds"),
    nouns("minute", "minutes"),
    nouns("hour", "hours"),
    nouns("day", "days"),
)
"""Everything that is counted."""


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 contact, 1,200 contacts."""
    return f"{in_digits(number)} {plural(one, many or one + 's', number)}"


def in_percent(share: float) -> str:
    """A share of one as people write it there: 10%, 10 %."""
    return format_percent(share, locale=language())


def in_digits(number: int) -> str:
    """A number as it is written here: 1,200, or 1.200."""
    return str(number) if -1_000 < number < 1_000 else format_decimal(number, locale=language())


# --- Mailboxes -------------------------------------------------------------------------------------------------------


def standing(one: MailboxStanding) -> Sign:
    """How a mailbox stands."""
    match one.state:
        case MailboxState.PAUSED:
            return Sign(Tone.QUIET, "circle-pause", _("Paused"))
        case MailboxState.ATTENTION:
            return Sign(Tone.BAD, "triangle-alert", _("Needs attention"))
        case MailboxState.HELD:
            return Sign(Tone.WAIT, "hand", _("Waits for a decision"))
        case MailboxState.NEW:
            return Sign(Tone.BUSY, "refresh-cw", _("First fill") if one.passing else _("Waits for its first pass"))
        case MailboxState.RETRY:
            return Sign(Tone.WAIT, "clock-3", _("Tries again soon"))
        case MailboxState.OK if one.alone.up_to_date:
            return Sign(Tone.GOOD, "circle-check", _("Up to date"))
        case MailboxState.OK:
            known = one.behind and _("%(contacts)s on the way", contacts=count(one.behind, "contact"))
            return Sign(Tone.BUSY, "refresh-cw", known or _("Change on the way"))


@dataclass(frozen=True, slots=True)
class Summary:
    """All mailboxes in one sentence."""

    sign: Sign
    more: str


def summed_up(alike: Sequence[AlikeMailboxes]) -> Summary:
    """The sentence that the first page opens with: the worst that is true, and how many it is true of."""
    states: Counter[MailboxState] = Counter()
    for one in alike:
        states[one.state] += one.number
    troubled, held, paused = (states[one] for one in (MailboxState.ATTENTION, MailboxState.HELD, MailboxState.PAUSED))
    active = states.total() - paused
    more = _("%(mailboxes)s paused.", mailboxes=count(paused, "mailbox", "mailboxes")) if paused else ""
    if not active:
        return Summary(Sign(Tone.QUIET, "inbox", _("No mailbox sees a group yet")), more)
    if troubled:
        words = plural("%(num)s mailbox needs attention", "%(num)s mailboxes need attention", troubled)
        return Summary(Sign(Tone.BAD, "triangle-alert", words), more)
    if held:
        words = plural("%(num)s mailbox waits for a decision", "%(num)s mailboxes wait for a decision", held)
        return Summary(Sign(Tone.WAIT, "hand", words), more)
    late = [one for one in alike if one.state is not MailboxState.PAUSED and not one.up_to_date]
    if late:
        words, told = _on_the_way(late, active)
        return Summary(Sign(Tone.BUSY, "refresh-cw", words), " ".join(filter(None, (told, more))))
    words = (
        _("The mailbox is up to date")
        if active == 1
        else _("All %(mailboxes)s are up to date", mailboxes=count(active, "mailbox", "mailboxes"))
    )
    return Summary(Sign(Tone.GOOD, "circle-check", words), more)


def _on_the_way(late: Sequence[AlikeMailboxes], active: int) -> tuple[str, str]:
    """How many of the mailboxes that are active have all, and what is on the way to the others, where that is known."""
    number = sum(one.number for one in late)
    behind = 0 if any(one.behind is None for one in late) else sum(one.behind or 0 for one in late)
    words = (
        _("Changes are on their way")
        if active == 1
        else _(
            "%(some)s of %(mailboxes)s up to date",
            some=in_digits(active - number),
            mailboxes=count(active, "mailbox", "mailboxes"),
        )
    )
    told = _(
        "%(contacts)s on the way to %(mailboxes)s.",
        contacts=count(behind, "contact"),
        mailboxes=count(number, "mailbox", "mailboxes"),
    )
    return words, told if behind else ""


STANDS: dict[Stand, Sign] = Spoken(
    {
        Stand.HERE: Sign(Tone.GOOD, "circle-check", N_("Up to date")),
        Stand.BEHIND: Sign(Tone.BUSY, "refresh-cw", N_("Change on the way")),
        Stand.COMING: Sign(Tone.BUSY, "refresh-cw", N_("On the way")),
        Stand.LEAVING: Sign(Tone.WAIT, "clock-3", N_("Being withdrawn")),
        Stand.ASIDE: Sign(Tone.BAD, "triangle-alert", N_("Set aside")),
    }
)


def stand(place: ContactInMailbox) -> Sign:
    """How a contact stands in one mailbox."""
    return STANDS[place.stand]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what people see can be: since when the oldest change is on its way, or the longest unseen is unseen."""

    oldest: datetime | None
    looked: datetime | None


def freshness(alike: Sequence[AlikeMailboxes]) -> Freshness:
    """Of all mailboxes that are not paused."""
    active = [one for one in alike if one.state is not MailboxState.PAUSED]
    oldest = min((one.waiting_since for one in active if one.waiting_since and one.behind != 0), default=None)
    looked = min((one.last_pass_at for one in active if one.last_pass_at), default=None)
    return Freshness(oldest, looked if all(one.last_pass_at for one in active) else None)


# --- Levels ----------------------------------------------------------------------------------------------------------

LEVELS: dict[Level, str] = Spoken(
    {
        Level.VIEW: N_("can view"),
        Level.EDIT: N_("can edit"),
        Level.DELETE: N_("can edit and delete"),
        Level.MANAGE: N_("manages"),
    }
)
LEVEL_ICONS = {Level.VIEW: "eye", Level.EDIT: "pencil", Level.DELETE: "trash-2", Level.MANAGE: "key-round"}

PRINCIPALS: dict[PrincipalKind, str] = Spoken(
    {
        PrincipalKind.USER: N_("Person"),
        PrincipalKind.GROUP: N_("Google group"),
        PrincipalKind.UNIT: N_("Organisational unit"),
        PrincipalKind.DOMAIN: N_("The whole domain"),
        PrincipalKind.SERVICE: N_("Service"),
    }
)


def because(way: Way) -> str:
    """How a grant reaches someone."""
    match way.principal.kind:
        case PrincipalKind.USER:
            return _("granted to the person")
        case PrincipalKind.GROUP:
            return _("member of %(name)s", name=way.title)
        case PrincipalKind.UNIT if way.unit:
            return _("in %(unit)s, below %(name)s", unit=way.unit, name=way.title)
        case PrincipalKind.UNIT:
            return _("in %(name)s", name=way.title)
        case PrincipalKind.DOMAIN:
            return _("everyone in the domain")
        case PrincipalKind.SERVICE:
            return _("granted to the service")


def because_you(name: PrincipalName) -> str:
    """How a grant to this principal reaches whoever reads it."""
    match name.kind:
        case PrincipalKind.USER:
            return _("it was shared with you")
        case PrincipalKind.GROUP:
            return _("you are in %(name)s", name=name.name)
        case PrincipalKind.UNIT:
            return _("you are in or below %(name)s", name=name.name)
        case PrincipalKind.DOMAIN:
            return _("it is shared with everyone")
        case PrincipalKind.SERVICE:
            return _("granted to the service")


SCOPES: dict[Scope, str] = Spoken(
    {
        Scope.CONTACTS_READ: N_("read contacts"),
        Scope.CONTACTS_WRITE: N_("read and change contacts"),
        Scope.GROUPS_READ: N_("read groups"),
        Scope.GROUPS_WRITE: N_("read and change groups"),
        Scope.GRANTS_WRITE: N_("read groups, and change who has access"),
        Scope.AUDIT_READ: N_("read the change log"),
        Scope.SYNC_RUN: N_("read how mailboxes stand, and synchronise"),
        Scope.HOOKS_WRITE: N_("read groups, and be told of what happens"),
    }
)

ROLES: dict[Role, str] = Spoken({Role.ADMINISTRATOR: N_("Administrator"), Role.AUDITOR: N_("Auditor")})

FIELD_KINDS: dict[FieldKind, str] = Spoken(
    {
        FieldKind.TEXT: N_("text"),
        FieldKind.LONG_TEXT: N_("long text"),
        FieldKind.NUMBER: N_("number"),
        FieldKind.DATE: N_("date"),
        FieldKind.YES_NO: N_("yes or no"),
        FieldKind.ONE_OF: N_("one of"),
        FieldKind.SEVERAL_OF: N_("several of"),
        FieldKind.LINK: N_("link"),
    }
)


def role(one: Role | None) -> str:
    """What someone is beyond their levels; empty where they are nothing."""
    return ROLES[one] if one else ""


def months() -> list[str]:
    """The months by name, from January on."""
    return [get_month_names("wide", locale=language())[number] for number in range(1, 13)]
