"""What the names of a filter mean, as they are offered while one types."""

from __future__ import annotations

from web.words.languages import N_, Spoken

FILTER_NAMES: dict[str, str] = Spoken(
    {
        "name": N_("Name"),
        "email": N_("E-mail"),
        "domain": N_("Domain of the e-mail"),
        "phone": N_("Phone"),
        "company": N_("Company"),
        "title": N_("Job title"),
        "department": N_("Department"),
        "street": N_("Street"),
        "city": N_("City"),
        "region": N_("Region"),
        "postcode": N_("Postcode"),
        "country": N_("Country"),
        "birthday": N_("Birthday"),
        "website": N_("Website"),
        "relation": N_("Related person"),
        "note": N_("Notes"),
        "tag": N_("Tag"),
        "group": N_("Group"),
        "has": N_("Has something there"),
        "missing": N_("Has nothing there"),
        "invalid": N_("Looks wrong"),
        "unfit": N_("Does not fit its field"),
        "duplicate": N_("Probably the same as another contact"),
        "changed": N_("Changed on a day"),
        "created": N_("Added on a day"),
        "checked": N_("Last checked on a day"),
        "entry": N_("Last entry on a day"),
        "entry.note": N_("Last note on a day"),
        "entry.call": N_("Last call on a day"),
        "entry.meeting": N_("Last meeting on a day"),
        "entry.email": N_("Last e-mail on a day"),
        "entry.purchase": N_("Last purchase on a day"),
        "entry.form": N_("Last form on a day"),
        "spent": N_("Sum of purchases"),
        "followup": N_("Follow-up to do"),
    }
)
"""Of a name that is not here, the name itself says it."""
