"""What a view needs of the asker: said when the view is registered, and held before it is called (`gate.py`).

    pages = Pages("groups", __name__, url_prefix="/groups")

    @pages.get("/<group>", needs=on_group(Right.VIEW))

A view that does not say is refused: the application does not start with it. What is dear has a `limit`, too
(`limits.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, g, request
from flask.blueprints import BlueprintSetupState

from sharesync.model.permission import Right
from sharesync.model.token import Scope
from sharesync.services.who_may import permission
from sharesync.store.database.engine import Session
from web.frame.limits import limiter
from web.frame.live import reading

_NEEDS = "sharesync.needs"
Shown = TypeVar("Shown", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Needs:
    """A right, or none for what is open to everyone; and the groups it is asked on.

    `groups_of` finds them by the view's argument of the name `argument`. It raises NotFound where nothing is there.
    `own`: the view's argument that, where it names the asker, opens the view to them whatever their rights.
    """

    right: Right | None
    groups_of: Callable[[Session, str], Collection[str]] | None = None
    argument: str = ""
    own: str = ""
    overseen: bool = False
    """Who oversees everything may look as well, whatever their rights on the groups."""
    scope: Scope | None = None
    """What opens it to a program; None: no program is let in, and people are."""


OPEN = Needs(None)
ENTER = Needs(Right.ENTER)
OVERSEE = Needs(Right.OVERSEE)
ADMINISTER = Needs(Right.ADMINISTER)


def on_group(right: Right, argument: str = "group") -> Needs:
    """The right on the group that the view's argument names."""
    return Needs(right, permission.group_itself, argument)


def runs_group(argument: str = "group") -> Needs:
    """To look at how the group that the view's argument names is run: for who manages it or oversees everything."""
    return run(permission.group_itself, argument, look=True)


def on_contact(right: Right, argument: str = "contact") -> Needs:
    """The right on the contact that the view's argument names, through any group that holds it."""
    return Needs(right, permission.groups_of_contact, argument)


def run(groups_of: Callable[[Session, str], Collection[str]], argument: str, *, look: bool = False) -> Needs:
    """For who runs one of the groups of what the argument names; `look`: auditors may look at it as well."""
    return Needs(Right.MANAGE, groups_of, argument, overseen=look)


def own_or(right: Right, argument: str) -> Needs:
    """Open to the user whom the argument names, else to who has the right; others do not learn that it is there."""
    return Needs(right, own=argument)


class Pages(Blueprint):
    """A blueprint whose views say what they need."""

    def get(
        self, rule: str, *, needs: Needs | None = None, limit: str = "", **options: Any
    ) -> Callable[[Shown], Shown]:
        """A view that shows."""
        return self._registering(super().get(rule, **options), needs, limit)

    def post(
        self, rule: str, *, needs: Needs | None = None, limit: str = "", **options: Any
    ) -> Callable[[Shown], Shown]:
        """A view that does."""
        return self._registering(super().post(rule, **options), needs, limit)

    def _registering(
        self, register: Callable[[Shown], Shown], needs: Needs | None, limit: str
    ) -> Callable[[Shown], Shown]:
        def decorate(view: Shown) -> Shown:
            if needs is None:
                raise TypeError(f"The view {view.__name__} of {self.name} does not say what it needs.")

            self.record(lambda state: tell(state, f"{self.name}.{view.__name__}", needs))
            return register(cast("Shown", limiter.limit(limit)(view)) if limit else view)

        return decorate


def tell(state: BlueprintSetupState, endpoint: str, needs: Needs) -> None:
    """Say what the view of this endpoint needs."""
    state.app.extensions.setdefault(_NEEDS, {})[endpoint] = needs


def seal(app: Flask) -> None:
    """Refuse to start with a view that says nothing. Static files need nothing: they hold nothing of anyone."""
    app.extensions.setdefault(_NEEDS, {})["static"] = OPEN
    silent = {rule.endpoint for rule in app.url_map.iter_rules()} - app.extensions[_NEEDS].keys()
    if silent:
        raise TypeError(f"These views do not say what they need: {', '.join(sorted(silent))}.")


def needs_of(app: Flask, endpoint: str) -> Needs | None:
    """What the view of this endpoint needs; None where nobody has said, and so nobody may."""
    needs: Needs | None = app.extensions[_NEEDS].get(endpoint)
    return needs


def find_groups(needs: Needs) -> None:
    """Find the groups on which the view that is asked for needs its right. Raises NotFound where nothing is there."""
    if needs.groups_of:
        with reading() as session:
            g.asked_on = needs.groups_of(session, str((request.view_args or {})[needs.argument]))
