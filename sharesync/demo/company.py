"""Nordlys & Sønner, a company of six: its Workspace, and what each has in their own contacts before anything is shared.

Everybody and everything here is made up; `.test` and `.example` belong to nobody (RFC 2606).
"""

from __future__ import annotations

from typing import Any

from sharesync.model.company_fields import CompanyField
from sharesync.model.field_kinds import FieldKind

DOMAIN = "nordlys.test"
ASTRID, BJORN, CHLOE, DAGNY, ERIK, FATIMA = (
    f"{name}@{DOMAIN}" for name in ("astrid", "bjorn", "chloe", "dagny", "erik", "fatima")
)
ADMIN = ASTRID

DESCRIPTION: dict[str, Any] = {
    "domain": DOMAIN,
    "org_units": ["/Office", "/Sales"],
    "users": [
        {"email": ASTRID, "name": "Astrid Østergård", "ou": "/Office", "admin": True},
        {"email": BJORN, "name": "Bjørn Ångström", "ou": "/Sales"},
        {"email": CHLOE, "name": "Chloé Lefèvre", "ou": "/Sales"},
        {"email": DAGNY, "name": "Dagný Þórsdóttir", "ou": "/Sales"},
        {"email": ERIK, "name": "Erik Sjöholm", "ou": "/Office"},
        {"email": FATIMA, "name": "Fatima Yıldız", "ou": "/Office", "aliases": [f"press@{DOMAIN}"]},
    ],
    "groups": [{"email": f"care@{DOMAIN}", "name": "Customer care", "members": [CHLOE, ERIK]}],
}

TELEPHONE = "telephone"
"""A service: the telephone system, which looks up who calls as soon as somebody gives it a token."""

SHARED: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Customers",
        "Who buys from us",
        "customers.vcf",
        ((ASTRID, "manage"), (f"group:care@{DOMAIN}", "edit"), ("ou:/Sales", "view"), (f"service:{TELEPHONE}", "view")),
    ),
    ("Suppliers", "Who we buy from", "suppliers.csv", (("ou:/Office", "delete"), (BJORN, "view"))),
    ("Press", "Who writes about us", "press.csv", (("domain", "view"), (FATIMA, "edit"))),
)
"""Each shared group: name, description, file of contacts, and its grants (principal, level)."""

RENEWAL = CompanyField(
    "", "Renewal", FieldKind.DATE, help="The day on which the contract ends unless somebody renews it."
)
KEY = "key customer"
"""A tag."""

KNOWN: dict[str, tuple[int | None, str]] = {
    "age.skovmolle@kaempehojmaskiner.example": (4, KEY),
    "gunther.ubersee@grunspantochter.example": (9, ""),
    "soren.somod@fjordlys.example": (13, KEY),
    "imogen.delamerle@northmoorlanterns.example": (17, ""),
    "kathe.schonwalder@grunspantochter.example": (22, ""),
    "ase.norremark@kaempehojmaskiner.example": (26, KEY),
    "love.karrdahl@bjorkobruk.example": (29, ""),
    "asgeir.ulfarsson@nordurljosvogar.example": (48, ""),
    "ailu.nesvag@snofonnteknikk.example": (75, KEY),
    "misaki.takenomaru@kaisha.example": (110, ""),
    "mads.kjaersgard@aerorogeri.example": (160, ""),
    "aime.garconnet@cotebrulee.example": (310, ""),
    "ragnhild.amas@snofonnteknikk.example": (-12, ""),
    "lieselotte.vonahrenfels@kesselflicker.example": (None, KEY),
}
"""What is known of some customers beyond their files, by e-mail address: days until the renewal, and tags."""

BOUGHT: dict[str, tuple[int, str, str]] = {
    "bjorn.karrdahl@nordanogarn.example": (12, "4800 SEK", "Twenty lanterns for the window"),
    "pia.odegaard@aerorogeri.example": (40, "2150 DKK", "Boxes with their name"),
    "love.bjorkefors@rastensoner.example": (71, "980 SEK", "A trial order"),
    "xiomara.brightfeather@tinroosterfoods.example": (130, "5400 USD", "The stand at the fair"),
}
"""Who bought what, by e-mail address: days before the first start, for how much, and what it was."""

SMART: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Renewal within 30 days",
        "Whom to call before the contract ends",
        "renewal>-1d renewal<+30d",
        ((ASTRID, "edit"), (BJORN, "view"), (CHLOE, "view")),
    ),
    ("Bought this quarter", "Whom to thank", "entry.purchase>-90d", ((ASTRID, "edit"), ("ou:/Sales", "view"))),
    ("Key customers", "Whom everyone in Sales knows by name", f'tag:"{KEY}"', (("ou:/Sales", "view"),)),
)
"""Each group that a filter fills with customers: name, description, filter, and its grants."""

REVIEW, REVIEWERS = "Customers before the fair", (CHLOE, ERIK)
"""A review that Astrid started, and who is asked; half of it is done."""

OWN: dict[str, tuple[dict[str, Any], ...]] = {
    BJORN: (
        {"names": [{"givenName": "Mormor"}], "phoneNumbers": [{"value": "+46 70 174 06 05", "type": "home"}]},
        {"names": [{"givenName": "Cykelværkstedet"}], "biographies": [{"value": "Lukket mandag"}]},
    ),
    CHLOE: ({"names": [{"givenName": "Maman"}], "emailAddresses": [{"value": "maman@lefevre.example"}]},),
    ERIK: (
        {"names": [{"givenName": "Tandläkaren"}], "phoneNumbers": [{"value": "+46 8 465 004 10", "type": "work"}]},
        {"names": [{"givenName": "Åsa", "familyName": "Sjöholm"}], "birthdays": [{"date": {"month": 2, "day": 29}}]},
    ),
}
"""Contacts of their own, which no one else ever sees."""
