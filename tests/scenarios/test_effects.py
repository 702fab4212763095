"""The table of what each answer of Google's does: what no scenario reaches, and would go unnoticed."""

from itertools import product
from typing import get_args

from sharesync.mailbox_pass.push_effects import EFFECTS, Asked, Consequence
from sharesync.model.mailbox import NotDone, Poisoned, Unknown, WishOutcome


def test_every_answer_to_every_request_has_its_cell() -> None:
    assert EFFECTS.keys() == set(product(Asked, get_args(WishOutcome)))


def test_no_refused_contact_is_sent_again_at_once_and_no_lost_answer_passes_for_done() -> None:
    for asked in Asked:
        assert EFFECTS[asked, Poisoned] is Consequence.ASIDE
        assert EFFECTS[asked, Unknown] is not Consequence.DONE
        assert EFFECTS[asked, NotDone] is not Consequence.DONE


def test_the_intent_of_a_create_goes_only_where_nothing_was_made() -> None:
    back = {answer for answer in get_args(WishOutcome) if EFFECTS[Asked.CREATE, answer] is Consequence.BACK}
    assert NotDone in back
    assert Unknown not in back
    assert not any(
        EFFECTS[asked, answer] is Consequence.BACK for asked in set(Asked) - {Asked.CREATE} for answer in back
    )
