"""What every mailbox must show once all is well: from the rows of groups and grants, and what hands did there."""

from __future__ import annotations

import json

from sharesync.model.mailbox import MARK_KEY
from sharesync.sandbox.contact import History, Version
from tests.simulation import photos
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
    name, levels = house.names[user], access.levels(user)
    ours = _labels(house, user, any_grant=bool(levels))
    if sorted(ours.values()) != sorted(levels):
        raise Broken(f"2: {name} has labels of {sorted(ours.values())}, should have {sorted(levels)}")
    should = {contact: groups & levels.keys() for contact, groups in guard.groups.items() if groups & levels.keys()}
    cards = {ident: atoms(json.loads(card)) for ident, card in house.query("SELECT id, card FROM contacts")}
    found: set[str] = set()
    for person in house.workspace.mailbox(user).live():
        version, mine = person.now, marks(person.now)
        on = {ours[label] for label in version.labels if label in ours}
        if not mine:
            _look_at_unlinked(house, user, person, on)
            photos.look_at_unlinked(guard, user, person)
            continue
        if not levels:
            continue  # it came out of the trash after all was withdrawn: who has no grant is not looked at any more
        if len(mine) > 1 or mine[0] in found:
            raise Broken(f"3: {name} has {mine} twice, or with several marks")
        found.add(mine[0])
        if on != should.get(mine[0], set()):
            raise Broken(f"2: {name} has {mine[0]} under {sorted(on)}, should be {sorted(should.get(mine[0], ()))}")
        photos.look(guard, user, person, mine[0])
        differing = atoms(version.fields) ^ cards[mine[0]]
        if wrong := {atom for atom in differing if not _is_own(guard, user, person, atom, mine[0])}:
            raise Broken(f"2: {name} reads other values of {mine[0]}: {sorted(wrong)}")
    if lacking := should.keys() - found:
        raise Broken(f"2: {name} lacks {sorted(lacking)}")


def _labels(house: House, user: str, *, any_grant: bool) -> dict[str, str]:
    """Group by label id, of those labels that carry our mark.

    One that its user brought back after all was withdrawn is theirs: who has no grant is not looked at any more.
    """
    titles, ours = dict(house.query("SELECT id, name FROM groups")), {}
    there = {label.now.name for label in house.workspace.mailbox(user).labels.values() if not label.now.deleted}
    for label in house.workspace.mailbox(user).labels.values():
        mark = dict(label.now.client_data).get(MARK_KEY, "")
        brought_back = any(version.deleted for version in label.versions)
        if mark and not label.now.deleted and (any_grant or not brought_back):
            ours[label.id] = group = mark.partition(".")[0].removeprefix("label-")
            if not _may_be_called(label.now.name, titles[group], there):
                raise Broken(f"2: {house.names[user]} reads {titles[group]} as {label.now.name}")
    return ours


def _look_at_unlinked(house: House, user: str, person: History[Version], on: set[str]) -> None:
    name, told = house.names[user], sorted(atoms(person.now.fields))
    if on:
        raise Broken(f"2: {name} has {told} under {on}, unlinked")
    if (user, person.id) in house.memory.made_by_us and (user, person.id) not in house.memory.touched:
        raise Broken(f"3: {name} is left with {told}, which nobody touched")


def _is_own(guard: Guard, user: str, person: History[Version], atom: Atom, contact: str) -> bool:
    """Whether an atom on a shared person may be the user's own: brought by a merge, or taken for that in doubt."""
    house, memory = guard.house, guard.house.memory
    if atom not in atoms(person.now.fields):
        return False
    rows = house.query("SELECT own, origin FROM links WHERE mailbox_id = ? AND contact_id = ?", user, contact)
    own = atoms(json.loads(rows[0][0])) if rows and rows[0][0] else frozenset()
    ours = rows and (user, person.id) in memory.made_by_us and rows[0][1] != "adopted"
    if ours and atom[0] in SINGLE and atom not in memory.merged[user, person.id]:
        # No merge brought it; whoever takes an edit for a merge must at least have asked.
        asked = "SELECT card FROM private_cards WHERE mailbox_id = ? AND contact_id = ? AND resolution IS NOT NULL"
        if not any(atom in atoms(json.loads(card)) for (card,) in house.query(asked, user, contact)):
            return False
    typed = {
        one for each in (memory.merged, memory.typed) for who, found in each.items() if who[0] == user for one in found
    }
    # What we once gave and left to the user, too, is theirs by now.
    given = {one for mark in memory.marked[user, person.id] for card in guard.accepted[mark] for one in card}
    return atom in own & (typed | given)


def _may_be_called(label: str, name: str, there: set[str]) -> bool:
    """Whether a group's label may bear this name: with a suffix only while another label has the group's own name."""
    return label == name or (label.startswith(f"{name} (shared") and name in there)
