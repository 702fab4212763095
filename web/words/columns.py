"""Words for what a column of a CSV file means, in the order in which they are chosen from."""

from __future__ import annotations

from sharesync.formats.csv_meanings import CUSTOM, SKIP
from web.words.languages import N_, Spoken

_ADDRESS = {
    "street": N_("Street"),
    "postal-code": N_("Postal code"),
    "city": N_("City"),
    "region": N_("Region"),
    "country": N_("Country"),
}

MEANINGS: dict[str, dict[str, str]] = {
    "who": Spoken(
        {
            "name": N_("Whole name"),
            "first-name": N_("First name"),
            "middle-name": N_("Middle name"),
            "last-name": N_("Last name"),
            "prefix": N_("Before the name"),
            "suffix": N_("After the name"),
            "nickname": N_("Nickname"),
            "birthday": N_("Birthday"),
        }
    ),
    "reach": Spoken(
        {
            "email": N_("E-mail"),
            "work-email": N_("E-mail, work"),
            "home-email": N_("E-mail, home"),
            "phone": N_("Phone"),
            "mobile": N_("Phone, mobile"),
            "work-phone": N_("Phone, work"),
            "home-phone": N_("Phone, home"),
            "fax": N_("Fax"),
            "website": N_("Website"),
        }
    ),
    "work": Spoken({"company": N_("Company"), "title": N_("Job title"), "department": N_("Department")}),
    "address": Spoken(_ADDRESS),
    "work-address": Spoken({f"work-{word}": said for word, said in _ADDRESS.items()}),
    "home-address": Spoken({f"home-{word}": said for word, said in _ADDRESS.items()}),
    "other": Spoken({"notes": N_("Notes"), CUSTOM: N_("A field of its own name"), SKIP: N_("Leave out")}),
}
"""By part of the list."""
PARTS: dict[str, str] = Spoken(
    {
        "who": N_("Name"),
        "reach": N_("Reach"),
        "work": N_("Work"),
        "address": N_("Address"),
        "work-address": N_("Address, work"),
        "home-address": N_("Address, home"),
        "other": N_("Other"),
    }
)
