"""What every mailbox must show once all is well: from the rows of groups and grants, and what hands did there."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sharesync.model.mailbox import MARK_KEY
from sharesync.sandbox.contact import MY_CONTACTS, State
from tests.simulation.access import Access
from tests.simulation.house import Broken, House
from tests.simulation.memory import Atom, atoms, marks
from tests.simulation.safety import SINGLE, Guard


def look_everywhere(house: House, access: Access, guard: Guard) -> None:
    """Raise Broken for the first mailbox that shows anything else than it should."""
    for user in sorted(house.names):
        if user not in access.company.paused:
            _look(house, access, guard, user)


def _look(house: House, access: Access, guard: Guard, user: str) -> None:
    name, memory = house.names[user], house.memory
    box = house.workspace.mailbox(user)
    levels = access.levels(user)
    titles = dict(house.query("SELECT id, name FROM groups"))
    labels = {one.id: one.now for one in box.labels.values() if not one.now.deleted}
    ours: dict[str, str] = {}
    for ident, label in labels.items():
        mark = dict(label.client_data).get(MARK_KEY, "")
        if mark:
            ours[ident] = mark.partition(".")[0].removeprefix("label-")
            if not _may_be_called(label.name, titles[ours[ident]]):
                raise Broken(f"2: {name} reads {titles[ours[ident]]} as {label.name}")
    if sorted(ours.values()) != sorted(levels):
        raise Broken(f"2: {name} has labels of {sorted(ours.values())}, should have {sorted(levels)}")
    should: dict[str, set[str]] = defaultdict(set)
    for contact, groups in guard.groups.items():
        for group in groups & levels.keys():
            should[contact].add(group)
    cards = {ident: atoms(json.loads(card)) for ident, card in house.query("SELECT id, card FROM contacts")}
    found: dict[str, Any] = {}
    for person in box.live():
        version, mine = person.now, marks(person.now)
        on = {ours[label] for label in version.labels if label in ours}
        if not mine:
            if on:
                raise Broken(f"2: {name} has {sorted(atoms(version.fields))} under {on}, unlinked")
            if (user, person.id) in memory.made_by_us and (user, person.id) not in memory.touched:
                raise Broken(f"3: {name} is left with {sorted(atoms(version.fields))}, which nobody touched")
            continue
        if len(mine) > 1 or mine[0] in found:
            raise Broken(f"3: {name} has {mine} twice, or with several marks")
        found[mine[0]] = version
        if on != should.get(mine[0], set()):
            raise Broken(f"2: {name} has {mine[0]} under {sorted(on)}, should be {sorted(should.get(mine[0], ()))}")
        differing = atoms(version.fields) ^ cards[mine[0]]
        if wrong := {atom for atom in differing if not _is_own(house, user, person.id, atom, version, mine[0])}:
            raise Broken(f"2: {name} reads other values of {mine[0]}: {sorted(wrong)}")
    if lacking := should.keys() - found.keys():
        raise Broken(f"2: {name} lacks {sorted(lacking)}")


def _is_own(house: House, user: str, ident: str, atom: Atom, version: Any, contact: str) -> bool:
    """Whether an atom on a shared person may be the user's own: brought by a merge, or offered as one."""
    if atom not in atoms(version.fields):
        return False
    if (user, ident) in house.memory.made_by_us and atom[0] in SINGLE and atom not in house.memory.merged[user, ident]:
        return False
    rows = house.query("SELECT own FROM links WHERE mailbox_id = ? AND contact_id = ?", user, contact)
    own = atoms(json.loads(rows[0][0])) if rows and rows[0][0] else frozenset()
    merged = {a for person, found in house.memory.merged.items() if person[0] == user for a in found}
    private = {a for person, found in house.memory.typed.items() if person[0] == user for a in found}
    return atom in own and atom in merged | private


def _may_be_called(label: str, name: str) -> bool:
    return label == name or label.startswith(f"{name} (shared")


__all__ = ["MY_CONTACTS", "State", "look_everywhere"]
