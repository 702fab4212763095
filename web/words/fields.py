"""Words for the fields of a card: as a line of the log says them, as the form heads them, and on its buttons."""

from __future__ import annotations

from collections.abc import Sequence

from web.words.languages import N_, Spoken

FIELDS: dict[str, str] = Spoken(
    {
        "names": N_("name"),
        "nicknames": N_("nickname"),
        "emailAddresses": N_("e-mail"),
        "phoneNumbers": N_("phone"),
        "addresses": N_("address"),
        "organizations": N_("company"),
        "occupations": N_("occupation"),
        "birthdays": N_("birthday"),
        "events": N_("date"),
        "urls": N_("website"),
        "relations": N_("relation"),
        "imClients": N_("chat"),
        "sipAddresses": N_("internet call"),
        "calendarUrls": N_("calendar"),
        "biographies": N_("notes"),
        "userDefined": N_("custom field"),
        "fields": N_("fields"),
        "checked": N_("checked"),
        "kind": N_("kind"),
        "at": N_("time"),
        "text": N_("text"),
        "amount": N_("amount"),
        "day": N_("day"),
        "person": N_("person"),
        "done": N_("done"),
        "level": N_("level"),
        "name": N_("name"),
    }
)


HEADINGS: dict[str, str] = Spoken(
    {
        "names": N_("Name"),
        "nicknames": N_("Nicknames"),
        "emailAddresses": N_("E-mail"),
        "phoneNumbers": N_("Phone"),
        "addresses": N_("Addresses"),
        "organizations": N_("Company"),
        "occupations": N_("Occupation"),
        "birthdays": N_("Birthday"),
        "events": N_("Dates"),
        "urls": N_("Websites"),
        "relations": N_("Related people"),
        "imClients": N_("Chat"),
        "sipAddresses": N_("Internet calls"),
        "calendarUrls": N_("Calendars"),
        "biographies": N_("Notes"),
        "userDefined": N_("Custom fields"),
    }
)
"""A field as the form of a contact heads it."""
FIRST: dict[str, str] = Spoken(
    {
        "emailAddresses": N_("E-mail"),
        "phoneNumbers": N_("Phone"),
        "organizations": N_("Company"),
        "addresses": N_("Address"),
        "birthdays": N_("Birthday"),
        "biographies": N_("Notes"),
    }
)
"""What opens a field that is folded away while nothing is in it."""
ANOTHER: dict[str, str] = Spoken(
    {
        "nicknames": N_("Nickname"),
        "emailAddresses": N_("Another e-mail"),
        "phoneNumbers": N_("Another number"),
        "addresses": N_("Another address"),
        "organizations": N_("Another company"),
        "occupations": N_("Occupation"),
        "events": N_("Date"),
        "urls": N_("Website"),
        "relations": N_("Related person"),
        "imClients": N_("Chat"),
        "sipAddresses": N_("Internet call"),
        "calendarUrls": N_("Calendar"),
        "userDefined": N_("Custom field"),
    }
)
"""The button that adds a row of a field."""


def fields(names: Sequence[str]) -> str:
    """Names of fields, in a row: `name, phone`."""
    return ", ".join(FIELDS.get(name, name) for name in names)


KINDS: dict[str, str] = Spoken(
    {
        "homeFax": N_("home fax"),
        "workFax": N_("work fax"),
        "otherFax": N_("other fax"),
        "workMobile": N_("work mobile"),
        "workPager": N_("work pager"),
        "googleVoice": N_("Google Voice"),
        "homePage": N_("home page"),
        "domesticPartner": N_("domestic partner"),
        "referredBy": N_("referred by"),
        "freeBusy": N_("free/busy"),
        **{
            kind: N_(kind)
            for kind in (
                N_("home"),
                N_("work"),
                N_("other"),
                N_("mobile"),
                N_("main"),
                N_("pager"),
                N_("blog"),
                N_("profile"),
                N_("anniversary"),
                N_("spouse"),
                N_("child"),
                N_("mother"),
                N_("father"),
                N_("parent"),
                N_("brother"),
                N_("sister"),
                N_("friend"),
                N_("relative"),
                N_("manager"),
                N_("assistant"),
                N_("partner"),
                N_("school"),
                N_("reservations"),
            )
        },
    }
)
"""Google's kinds of addresses, numbers and people (People API, `Person`), by the word of a form."""


LABELS = (
    N_("Address"),
    N_("City"),
    N_("Company"),
    N_("Company, as spoken"),
    N_("Cost centre"),
    N_("Country"),
    N_("Country code"),
    N_("Date"),
    N_("Department"),
    N_("Domain"),
    N_("First name"),
    N_("First name, as spoken"),
    N_("From"),
    N_("Job title"),
    N_("Kind"),
    N_("Last name"),
    N_("Last name, as spoken"),
    N_("Middle name"),
    N_("Middle name, as spoken"),
    N_("Name"),
    N_("Name there"),
    N_("Nickname"),
    N_("Notes"),
    N_("Number"),
    N_("Occupation"),
    N_("PO box"),
    N_("Place"),
    N_("Postcode"),
    N_("Region"),
    N_("Second line"),
    N_("Service"),
    N_("Shown as"),
    N_("Street"),
    N_("Ticker symbol"),
    N_("Title after the name"),
    N_("Title after, as spoken"),
    N_("Title before the name"),
    N_("Title before, as spoken"),
    N_("Until"),
    N_("Value"),
    N_("What they do there"),
    N_("Whole name, as spoken"),
    N_("Works there now"),
)
"""What boxes are called: `BOXES` of the form names them, and the template says them."""
