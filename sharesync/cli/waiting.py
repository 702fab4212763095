"""`holds`, `proposals`, `conflicts`: what waits for a person, and what they decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.output import OutputColumn, counted, json_option, local, show, tell

if TYPE_CHECKING:
    from sharesync.model.card import Card
    from sharesync.model.waiting import OpenConflict, OpenHold, OpenProposal

# --- Holds -----------------------------------------------------------------------------------------------------------

_HOLDS: tuple[OutputColumn, ...] = (
    ("id", lambda line: line["id"]),
    ("mailbox", lambda line: line["mailbox"] or line.get("program", "Directory")),
    ("group", lambda line: line["group"] or "several"),
    ("kind", lambda line: line["kind"]),
    ("contacts", lambda line: len(line["contacts"]) if "contacts" in line else None),
    ("people", lambda line: len(line["people"]) if "people" in line else None),
    ("since", lambda line: line["since"]),
)


def _hold(hold: OpenHold, *, as_json: bool) -> dict[str, Any]:
    from sharesync.model.waiting import HoldKind

    of_directory = hold.kind is HoldKind.DIRECTORY
    return {
        "id": hold.id,
        "mailbox": None if of_directory or hold.program else hold.mailbox,
        **({"program": hold.mailbox} if hold.program else {}),
        "group": hold.group or None,
        "kind": hold.kind.value,
        **({"people": list(hold.people)} if of_directory else {"contacts": list(hold.contacts)}),
        "since": hold.since.isoformat() if as_json else local(hold.since),
    }


@click.group()
def holds() -> None:
    """Removals and edits, or people losing a group, so many at once that someone decides about them."""


@holds.command("list")
@json_option
def list_holds(*, as_json: bool) -> None:
    """Show every open hold, the oldest first."""
    from sharesync.store.records import holds as stored

    with opening.store() as database, database.reading() as session:
        lines = [_hold(hold, as_json=as_json) for hold in stored.listed(session)]
    show(lines, _HOLDS, "Nothing is held.", as_json=as_json)


_hold_id = click.argument("hold", metavar="ID")
_only = click.option("--only", metavar="CONTACT", multiple=True, help="Decide about this contact alone; repeatable.")


@holds.command("apply")
@_hold_id
@_only
@json_option
def apply_hold(*, hold: str, only: tuple[str, ...], as_json: bool) -> None:
    """Let what was done in the mailbox, or what Directory said, happen."""
    from sharesync.services import holds as cases

    with opening.store() as database:
        found = cases.apply(opening.operation_in(database), hold, only)
    done = (
        f"{counted(len(found.people), 'person', 'people')} lose {found.group}."
        if found.people
        else f"Applied {_some(found, only)} of {found.mailbox}."
    )
    tell(_hold(found, as_json=as_json), done, as_json=as_json)


@holds.command("restore")
@_hold_id
@_only
@json_option
def restore_hold(*, hold: str, only: tuple[str, ...], as_json: bool) -> None:
    """Undo it: the next pass makes the mailbox whole again; people keep the group, though Directory says the same."""
    from sharesync.services import holds as cases

    with opening.store() as database:
        found = cases.restore(opening.operation_in(database), hold, only)
    done = (
        f"{counted(len(found.people), 'person', 'people')} keep {found.group} until Directory names them again or the"
        " grant is taken away."
        if found.people
        else f"The next pass restores {_some(found, only)} for {found.mailbox}."
    )
    tell(_hold(found, as_json=as_json), done, as_json=as_json)


def _some(hold: OpenHold, only: tuple[str, ...]) -> str:
    what = "edits" if hold.kind.value == "edit" else "removals"
    return f"the {what} of {counted(len(only) or len(hold.contacts), 'contact')}"


# --- Proposals -------------------------------------------------------------------------------------------------------

_PROPOSALS: tuple[OutputColumn, ...] = (
    ("id", lambda line: line["id"]),
    ("from", lambda line: line["mailbox"]),
    ("contact", lambda line: line["title"]),
    ("changes", lambda line: line["changes"]),
    ("since", lambda line: line["since"]),
)


def _proposal(proposal: OpenProposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "mailbox": proposal.mailbox,
        "contact": proposal.contact,
        "before": proposal.before.as_json(),
        "after": proposal.after.as_json(),
        "since": proposal.since.isoformat(),
    }


def _changes(before: Card, after: Card) -> str:
    return "; ".join(
        f"{name}: {_values(before, name)} → {_values(after, name)}" for name in sorted(before.differs(after))
    )


def _values(card: Card, name: str) -> str:
    said = (" ".join(value for _, value in item.parts if isinstance(value, str)) for item in card[name])
    return ", ".join(said) or "nothing"


@click.group()
def proposals() -> None:
    """Edits by people who may only view, kept for those who may decide."""


@proposals.command("list")
@json_option
def list_proposals(*, as_json: bool) -> None:
    """Show every open proposal with what it would change, the oldest first."""
    from sharesync.store.records import proposals as stored

    with opening.store() as database, database.reading() as session:
        found = stored.listed(session)
    if as_json:
        show([_proposal(proposal) for proposal in found], (), as_json=True)
        return
    lines = [
        _proposal(one)
        | {"title": one.before.title, "changes": _changes(one.before, one.after), "since": local(one.since)}
        for one in found
    ]
    show(lines, _PROPOSALS, "There is no open proposal.", as_json=False)


@proposals.command()
@click.argument("proposal", metavar="ID")
@json_option
def accept(*, proposal: str, as_json: bool) -> None:
    """Make it the contact's next version, for everyone."""
    from sharesync.services import proposals as cases

    with opening.changing() as work:
        contact = cases.accept(work, proposal)
    line = {"id": proposal, "contact": contact.id, "version": contact.version}
    tell(line, f"Accepted; the contact is at version {contact.version} now.", as_json=as_json)


@proposals.command()
@click.argument("proposal", metavar="ID")
@json_option
def dismiss(*, proposal: str, as_json: bool) -> None:
    """Put it aside; what was typed stays in the contact's history."""
    from sharesync.services import proposals as cases

    with opening.changing() as work:
        found = cases.dismiss(work, proposal)
    tell({"id": proposal, "contact": found.contact}, "Dismissed.", as_json=as_json)


# --- Conflicts -------------------------------------------------------------------------------------------------------

_CONFLICTS: tuple[OutputColumn, ...] = (
    ("id", lambda line: line["id"]),
    ("contact", lambda line: line["contact"]),
    ("field", lambda line: line["field"]),
    ("store", lambda line: line["store"]),
    ("mailbox", lambda line: line["mailbox"]),
    ("other", lambda line: line["other"]),
    ("since", lambda line: line["since"]),
)


def _conflict(conflict: OpenConflict) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "contact": conflict.contact,
        "mailbox": conflict.mailbox,
        "field": conflict.field,
        "store": conflict.store,
        "other": conflict.other,
        "since": conflict.since.isoformat(),
    }


@click.group()
def conflicts() -> None:
    """Values changed on both sides: the store's stands, the other can still be applied."""


@conflicts.command("list")
@json_option
def list_conflicts(*, as_json: bool) -> None:
    """Show every open conflict with both values, the oldest first."""
    from sharesync.model.card import Card
    from sharesync.store.records import conflicts as stored

    with opening.store() as database, database.reading() as session:
        found = stored.listed(session)
    lines = [_conflict(one) for one in found]
    if not as_json:
        for line, one in zip(lines, found, strict=True):
            for side in ("store", "other"):
                line[side] = _values(Card.read({one.field: line[side]}), one.field)
            line["since"] = local(one.since)
    show(lines, _CONFLICTS, "There is no open conflict.", as_json=as_json)


@conflicts.command()
@click.argument("conflict", metavar="ID")
@click.argument("side", type=click.Choice(["store", "mailbox"]))
@json_option
def resolve(*, conflict: str, side: str, as_json: bool) -> None:
    """Decide: `store` leaves the contact as it is, `mailbox` puts the other value in its place."""
    from sharesync.services import proposals as cases

    with opening.changing() as work:
        found = cases.decide_conflict(work, conflict, side)
    tell({"id": conflict, "contact": found.contact, "side": side}, f"Settled for the {side}.", as_json=as_json)
