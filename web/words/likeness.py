"""Words for why an entry of a file is probably a contact that is there."""

from __future__ import annotations

from sharesync.model.likeness_odds import Reason
from web.words.languages import N_, Spoken

ALIKE_BY: dict[Reason, str] = Spoken(
    {
        Reason.NAME: N_("the same name"),
        Reason.FORM: N_("one name is short for the other"),
        Reason.LETTER: N_("name differs in one letter"),
        Reason.PARTLY: N_("one has only a part of the name"),
        Reason.NEARLY: N_("nearly the same name"),
        Reason.BIRTHDAY: N_("same birthday"),
        Reason.BORN_NEARLY: N_("nearly the same birthday"),
        Reason.ADDRESS: N_("same address"),
        Reason.NEAR_ADDRESS: N_("nearly the same address"),
        Reason.GIVEN: N_("same given name, other family name"),
        Reason.FAMILY: N_("same family name, other given name"),
        Reason.BORN_APART: N_("but the birthdays differ"),
    }
)
"""What is said where nothing that both have can be shown."""
