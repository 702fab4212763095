"""Decisions in words: what a dry run prints of each."""

from dataclasses import replace

import pytest

from sharesync.model.link import Origin
from sharesync.sync.decisions import (
    Accepted,
    Decision,
    DecisionLine,
    EditVerdict,
    Gone,
    Kept,
    Linked,
    Lost,
    OnHold,
    Owned,
    Recheck,
    Rejected,
    Returned,
    SecondCopy,
    Shared,
    Unshared,
    Why,
    in_words,
)
from tests.sync.scene import IDA, NOW, SALES, TEAM, person, stranger

SEEN = stranger(IDA)
BOTH, NONE = frozenset({TEAM, SALES}), frozenset[str]()
FIELDS = frozenset({"names", "biographies", "birthdays"})
SORTED = ("biographies", "birthdays", "names")


KEPT = Kept("ida", SEEN, NONE, marked=True)


def kept(edit: EditVerdict, owned: Owned | None = None) -> Kept:
    return replace(KEPT, edit=edit, owned=owned)


@pytest.mark.parametrize(
    ("decision", "lines"),
    [
        (KEPT, []),
        (replace(KEPT, put_back=BOTH, taken_off=BOTH), []),
        (kept(Accepted(IDA, FIELDS)), [("edit.accept", "ida", None, SORTED)]),
        (kept(Rejected(IDA, FIELDS, Why.VIEW)), [("edit.revert", "ida", None, SORTED)]),
        (kept(OnHold(IDA, FIELDS)), [("hold.keep", "ida", None, SORTED)]),
        (
            kept(Accepted(IDA, frozenset({"names"})), owned=Owned(person("Ida", "private"), IDA)),
            [
                ("edit.own", "ida", None, ("names", "emailAddresses")),
                ("edit.accept", "ida", None, ("names",)),
            ],
        ),
        (
            replace(KEPT, joins=BOTH, leaves=frozenset({"a"}), held=frozenset({"b"})),
            [
                ("group.add", "ida", SALES, ()),
                ("group.add", "ida", TEAM, ()),
                ("group.take", "ida", "a", ()),
                ("hold.keep", "ida", "b", ()),
            ],
        ),
        (Gone("ida"), []),
        (
            Gone("ida", leaves=BOTH, remains=True, held=frozenset({"b"})),
            [
                ("group.take", "ida", SALES, ()),
                ("group.take", "ida", TEAM, ()),
                ("hold.keep", "ida", "b", ()),
                ("contact.restore", "ida", None, ()),
            ],
        ),
        (Linked("ida", SEEN, BOTH, Origin.ADOPTED, marked=False), [("link.adopt", "ida", None, ())]),
        (Linked("ida", SEEN, BOTH, Origin.CREATED, marked=True), [("link.find", "ida", None, ())]),
        (Linked("ida", SEEN, BOTH, Origin.GIVEN, marked=True), [("link.find", "ida", None, ())]),
        (Returned("ida", SEEN, BOTH, BOTH, Origin.CREATED), [("contact.restore", "ida", None, ())]),
        (Shared(SEEN, BOTH), [("contact.share", None, SALES, ()), ("contact.share", None, TEAM, ())]),
        (Unshared(SEEN, BOTH), [("label.take_off", None, None, ())]),
        (SecondCopy("ida", SEEN), [("person.delete", "ida", None, ())]),
        (Lost("ida"), []),
        (Recheck("ida", NOW), []),
    ],
)
def test_a_decision_is_told_line_by_line_and_what_takes_note_says_nothing(
    decision: Decision, lines: list[DecisionLine]
) -> None:
    assert list(in_words(decision)) == lines
