"""Any mailbox at any moment: what is known of it and what is read from it, drawn so that every guard has its turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any

from hypothesis import strategies as st

from sharesync.model.access import Level
from sharesync.model.card import EMPTY, Card
from sharesync.model.link import LinkState, Origin
from sharesync.model.mailbox import MY_CONTACTS, Seen
from sharesync.sync.decisions import Decision
from tests.cards import FEW
from tests.sync.scene import JUST_NOW, LONG_AGO, NOW, OTHERS, OURS, SALES, TEAM, THEIRS, Scene, label, tombstone

CONTACTS = ("c1", "c2", "c3", "c4")
CARDS = st.one_of(FEW, st.just(EMPTY))
GROUPS = st.sampled_from([frozenset(some) for count in range(4) for some in combinations((SALES, TEAM, OTHERS), count)])
LEVELS = st.dictionaries(st.sampled_from([SALES, TEAM]), st.sampled_from(Level))
MOMENTS = st.sampled_from([LONG_AGO, JUST_NOW, NOW])
MARKS = st.sampled_from(
    [
        *(OURS.contact(contact, origin) for contact in (*CONTACTS, "unheard") for origin in Origin),
        *(THEIRS.contact(contact, Origin.CREATED) for contact in CONTACTS),
        OURS.label(SALES),
        "c1.0123456789abcdef0123456789abcdef",
    ]
)


@dataclass
class Moment:
    """A mailbox and one reading of it."""

    scene: Scene
    persons: list[Seen]
    full: bool
    direct: dict[str, Seen | None]
    token: str | None
    labels_gone: frozenset[str]

    def decide(self, shuffle: Random | None = None) -> tuple[Decision, ...]:
        """What is decided; with `shuffle` everything known and read is handed over in another order."""
        scene, persons, direct = self.scene, list(self.persons), self.direct
        if shuffle:
            shuffle.shuffle(persons)
            for part in (scene.levels, scene.cards, scene.wanted, scene.links, scene.remote, scene.labels, direct):
                _turn(part, shuffle)
        return scene.read(
            *persons, full=self.full, direct=direct, token=self.token, labels_gone=sorted(self.labels_gone)
        )


def _turn(part: dict[str, Any], shuffle: Random) -> None:
    pairs = list(part.items())
    shuffle.shuffle(pairs)
    part.clear()
    part.update(pairs)


@st.composite
def links(draw: st.DrawFn, contact: str, card: Card, version: int) -> dict[str, object]:
    """How a link may differ from one at rest."""
    changes: dict[str, object] = {
        "base_version": draw(st.integers(1, version)),
        "origin": draw(st.sampled_from(Origin)),
        "state": draw(st.sampled_from([LinkState.LIVE, LinkState.LIVE, LinkState.LEAVING])),
        "labels": draw(GROUPS),
        "moving": draw(GROUPS),
        "marked": draw(st.booleans()),
        "wrote_at": draw(st.one_of(st.none(), MOMENTS)),
        "written_at": draw(st.one_of(st.none(), MOMENTS)),
        "look_at": draw(st.one_of(st.none(), MOMENTS)),
        "own": draw(st.one_of(st.just(EMPTY), FEW)),
    }
    if draw(st.booleans()):
        changes["before"] = draw(FEW).fingerprint
    if draw(st.booleans()):
        changes["agreed"] = card.fingerprint
    return changes


@st.composite
def moments(draw: st.DrawFn, levels: st.SearchStrategy[dict[str, Level]] = LEVELS) -> Moment:
    """Any moment of a mailbox of up to four contacts and three persons of its user's own."""
    scene = Scene(draw(levels))
    persons: list[Seen] = []
    direct: dict[str, Seen | None] = {}
    for contact in draw(st.lists(st.sampled_from(CONTACTS), unique=True)):
        version = draw(st.integers(1, 2))
        scene.contact(contact, draw(FEW), *draw(GROUPS), version=version)
        kind = draw(st.sampled_from(["none", "creating", "refused", "live", "live", "live"]))
        if kind in ("creating", "refused"):
            scene.creating(contact, draw(MOMENTS))
            if kind == "refused":
                scene.links[contact] = replace(scene.links[contact], state=LinkState.REFUSED)
        elif kind == "live":
            shown = draw(FEW)
            scene.link(contact, shown, **draw(links(contact, shown, version)))
            _read(draw, scene, contact, persons, direct)
    persons += [_stranger(draw, f"own{number}") for number in range(draw(st.integers(0, 3)))]
    scene.own_ids = draw(st.sets(st.sampled_from(["own0", "own1", "own9"])).map(frozenset))
    full = draw(st.booleans())
    if full and not persons and any(link.state is not LinkState.REFUSED for link in scene.links.values()):
        persons.append(_stranger(draw, "own0"))
    token = draw(st.sampled_from(["t2", None]))
    return Moment(scene, persons, full, direct, token, draw(GROUPS))


def _read(draw: st.DrawFn, scene: Scene, contact: str, persons: list[Seen], direct: dict[str, Seen | None]) -> None:
    seen = _changed(draw, scene.person(contact))
    listed = draw(st.sampled_from(["yes", "yes", "no", "deleted"]))
    if listed != "no":
        persons.append(seen if listed == "yes" else tombstone(seen))
    answer = draw(st.sampled_from(["404", "same", "other"]))
    if answer != "404":
        direct[contact] = seen if answer == "same" else _changed(draw, scene.person(contact))


def _changed(draw: st.DrawFn, seen: Seen) -> Seen:
    changes: dict[str, object] = {}
    if draw(st.booleans()):
        changes["card"] = draw(CARDS)
    if draw(st.booleans()):
        changes["labels"] = frozenset({MY_CONTACTS, *map(label, draw(GROUPS))})
    if draw(st.booleans()):
        changes["marks"] = tuple(draw(st.lists(MARKS, max_size=2)))
    if draw(st.booleans()):
        changes |= {"etag": "e2", "updated_at": draw(st.one_of(st.none(), MOMENTS))}
    return replace(seen, **changes)  # type: ignore[arg-type] # names and values are made to fit above


def _stranger(draw: st.DrawFn, source_id: str) -> Seen:
    seen = Seen(source_id, f"people/{source_id}", "e1", updated_at=draw(MOMENTS))
    if draw(st.integers(0, 4)) == 0:
        return tombstone(seen)
    return replace(
        seen,
        card=draw(CARDS),
        labels=frozenset({MY_CONTACTS, *map(label, draw(GROUPS))}),
        marks=tuple(draw(st.lists(MARKS, max_size=2))),
    )


@st.composite
def calm(draw: st.DrawFn) -> Scene:
    """A mailbox at rest: whatever it should hold stands there as it should."""
    scene = Scene(draw(LEVELS))
    scene.labels = {group: scene.labels[group] for group in scene.levels}
    for contact in draw(st.lists(st.sampled_from(CONTACTS), unique=True)):
        scene.contact(contact, draw(FEW), *draw(GROUPS))
        if contact in scene.wanted:
            scene.link(contact, origin=draw(st.sampled_from(Origin)), wrote_at=draw(MOMENTS))
    return scene
