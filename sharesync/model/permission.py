"""Who may do what: the one decision for web page, command line, import and sync. What is not allowed is denied.

A party is the actor as far as rights depend on it: a role, if they have one, and their level on each group that reaches
them. Administrators may do everything. Auditors read everything and change nothing. Everyone else may on a group what
their level there allows, and on a contact what the highest of their levels in the groups that hold it allows. A program
may what its owner may, as far as a scope of its token opens the right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from sharesync.errors import InvalidInput, Sentence
from sharesync.model.access import Level
from sharesync.model.token import Scope


class Role(Enum):
    """What someone may do beyond their levels."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @staticmethod
    def parse(word: str) -> Role:
        """The role of a word such as `auditor`. Raises InvalidInput."""
        try:
            return Role(word.strip().lower())
        except ValueError:
            raise InvalidInput("“%(word)s” is no role; use administrator or auditor.", word=word) from None


class Right(Enum):
    """What a deed needs."""

    ENTER = "enter"
    """To be someone of the Workspace, signed in: for what is one's own, and for lists of what one may see."""
    VIEW = "view"
    """On a group or contact; so are the next three."""
    EDIT = "edit"
    DELETE = "delete"
    PASS_ON = "pass-on"
    """On a contact: to put it into another group, too."""
    MANAGE = "manage"
    OVERSEE = "oversee"
    """To read everything: every mailbox, and the change log."""
    ADMINISTER = "administer"
    """To change what concerns everyone: new groups, roles, mailboxes, settings."""


LEAST: Mapping[Right, Level] = MappingProxyType(
    {
        Right.VIEW: Level.VIEW,
        Right.EDIT: Level.EDIT,
        Right.DELETE: Level.DELETE,
        Right.PASS_ON: Level.EDIT,
        Right.MANAGE: Level.MANAGE,
    }
)
"""The rights that a level gives, and the least level that does."""


OPENED_BY: Mapping[Right, frozenset[Scope]] = MappingProxyType(
    {
        Right.ENTER: frozenset(Scope),
        Right.VIEW: frozenset({Scope.CONTACTS_READ, Scope.GROUPS_READ}),
        Right.EDIT: frozenset({Scope.CONTACTS_WRITE}),
        Right.DELETE: frozenset({Scope.CONTACTS_WRITE}),
        Right.PASS_ON: frozenset({Scope.CONTACTS_WRITE}),
        Right.MANAGE: frozenset({Scope.GROUPS_WRITE, Scope.GRANTS_WRITE, Scope.CONTACTS_WRITE}),
        Right.OVERSEE: frozenset({Scope.AUDIT_READ, Scope.SYNC_RUN}),
        Right.ADMINISTER: frozenset({Scope.GROUPS_WRITE, Scope.SYNC_RUN}),
    }
)
"""The scopes by any of which a token opens a right. What a program asks for names the one scope that it takes."""

_EVERYWHERE: Mapping[Role, Level] = MappingProxyType({Role.ADMINISTRATOR: Level.MANAGE, Role.AUDITOR: Level.VIEW})
"""What a role comes to on a single group."""


@dataclass(frozen=True, slots=True)
class Party:
    """The actor."""

    role: Role | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)
    """By group id: the groups that reach them."""
    keeping: Collection[str] = frozenset()
    """Ids of the groups whose contacts only those who manage them put into other groups."""

    scopes: frozenset[Scope] | None = None
    """Of a token: what it opens. None: the actor is no token, and has all their rights."""

    def by_token(self, scopes: frozenset[Scope], groups: Collection[str] | None) -> Party:
        """What a token of these scopes lets a program do of what this party may; `groups`: on these alone.

        A role reaches beyond all groups; so a token for certain groups turns it into a level on each of them.
        """
        if groups is None:
            return replace(self, scopes=scopes)
        level = _EVERYWHERE[self.role] if self.role else None
        levels = {group: level or self.levels[group] for group in groups if level or group in self.levels}
        return Party(None, levels, self.keeping, scopes)

    @property
    def visible(self) -> Collection[str] | None:
        """Ids of the groups it may see; None is all."""
        return None if self.role else frozenset(self.levels)

    def level(self, groups: Collection[str]) -> Level | None:
        """The highest level on any of the groups."""
        return max((self.levels[group] for group in groups if group in self.levels), default=None)

    def passes_on(self, groups: Collection[str]) -> bool:
        """Whether any of the groups lets them put its contacts into other groups."""
        open_ones = (group for group in groups if group not in self.keeping)
        return self.level(groups) is Level.MANAGE or (self.level(list(open_ones)) or Level.VIEW) >= Level.EDIT


EVERYTHING = Party(Role.ADMINISTRATOR)
"""sharesync itself, and whoever sits at its command line."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """They may."""


@dataclass(frozen=True, slots=True)
class Denied:
    """They may not; `reason` is a sentence for them. `hidden`: they may not even know that it is there."""

    reason: Sentence
    hidden: bool = False


Permission = Allowed | Denied
ALLOWED = Allowed()


def authorize(party: Party, right: Right, groups: Collection[str] = ()) -> Permission:
    """Whether a party may do what needs this right; `groups`: the group it is about, or those that hold the contact."""
    if party.scopes is not None and not OPENED_BY[right] & party.scopes:
        return Denied(_SCOPES)
    if party.role is Role.ADMINISTRATOR or right is Right.ENTER:
        return ALLOWED
    if party.role is Role.AUDITOR:
        reads = right in (Right.OVERSEE, Right.VIEW)
        return ALLOWED if reads else Denied(_AUDITORS)
    if right not in LEAST:
        return Denied(_ADMINISTRATORS if right is Right.ADMINISTER else _OVERSEERS)
    level = party.level(groups)
    if level is None:
        return Denied(_NOTHING, hidden=True)
    if level >= LEAST[right]:
        return Denied(_KEPT) if right is Right.PASS_ON and not party.passes_on(groups) else ALLOWED
    return Denied(Sentence(_ONLY[level].template, level=LEAST[right].word))


_SCOPES = Sentence("This token has no scope for that.")
_AUDITORS = Sentence("Auditors see everything and change nothing.")
_ADMINISTRATORS = Sentence("This is for administrators only.")
_OVERSEERS = Sentence("This is for administrators and auditors only.")
_KEPT = Sentence("Only those who manage this group put its contacts into other groups.")
_NOTHING = Sentence("There is nothing here that you may see.")
_ONLY: Mapping[Level, Sentence] = {
    Level.VIEW: Sentence("You may only view here; this takes the level “%(level)s”."),
    Level.EDIT: Sentence("You may only edit here; this takes the level “%(level)s”."),
    Level.DELETE: Sentence("You may only delete here; this takes the level “%(level)s”."),
}
