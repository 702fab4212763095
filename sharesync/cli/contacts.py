"""`contacts`: seen, edited and deleted one by one; files, photos and likely pairs have modules of their own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from sharesync.cli import opening
from sharesync.cli.arguments import asked, filter_option, whole
from sharesync.cli.bulk import bulk
from sharesync.cli.cards import read_card
from sharesync.cli.duplicates import duplicates
from sharesync.cli.files import READABLE, export, import_
from sharesync.cli.output import OutputColumn, counted, json_line, json_option, local, show, tell
from sharesync.cli.photos import photo

if TYPE_CHECKING:
    from sharesync.model.card import Card
    from sharesync.model.company_fields import CompanyFields
    from sharesync.model.contact import Contact
    from sharesync.store.queries.delivery_times import Delivery


def _first(field: str, part: str) -> OutputColumn:
    return field, lambda line: next((item[part] for item in line["card"].get(field, ()) if part in item), None)


_COLUMNS: tuple[OutputColumn, ...] = (
    ("name", lambda line: line["title"]),
    ("e-mail", _first("emailAddresses", "value")[1]),
    ("phone", _first("phoneNumbers", "value")[1]),
    ("groups", lambda line: ", ".join(line["groups"])),
    ("id", lambda line: line["id"]),
)


def _line(contact: Contact, fields: CompanyFields | None = None) -> dict[str, Any]:
    line: dict[str, Any] = {"id": contact.id, "version": contact.version, "groups": list(contact.groups)}
    if contact.deleted_at:
        line["deleted_at"] = contact.deleted_at.isoformat()
    told = {} if fields is None else {"fields": fields.told(contact.card, contact.here)}
    return line | {"card": contact.card.as_json()} | told


@click.group()
def contacts() -> None:
    """The shared contacts. ID is what `sharesync contacts list` shows."""


contacts.add_command(duplicates)
contacts.add_command(import_)
contacts.add_command(bulk)
contacts.add_command(export)
contacts.add_command(photo)


@contacts.command("list")
@click.option("--group", help="Only those of this group (name or id).")
@click.option(
    "--search",
    default="",
    metavar="TEXT",
    help="Only those in which every word of TEXT is found, or in the name of a group that holds them.",
)
@filter_option
@json_option
def list_(*, group: str | None, search: str, filter_: str, as_json: bool) -> None:
    """Show contacts by name; those in the trash are left out."""
    from sharesync.model.filters import plain
    from sharesync.store.queries import contact_pages
    from sharesync.store.queries.contact_pages import ContactFilter
    from sharesync.store.records import company_fields, groups

    with opening.store() as database, database.reading() as session:
        wanted = plain(search) & asked(filter_, database)
        within = groups.find_id(session, group) if group is not None else None
        found, fields = contact_pages.everyone(session, ContactFilter(wanted, within)), company_fields.defined(session)
        if as_json:
            for contact in found:
                json_line(_line(contact, fields))
            return
        lines = [_line(contact) | {"title": contact.card.title or None} for contact in found]
    show(
        lines, _COLUMNS, "There is no such contact." if wanted or group else "There is no contact yet.", as_json=as_json
    )


@contacts.command("show")
@click.argument("contact", metavar="ID")
@json_option
def show_(*, contact: str, as_json: bool) -> None:
    """Show one contact, all of it, and which mailbox has which version of it since when."""
    from sharesync.store.queries import delivery_times
    from sharesync.store.records import company_fields
    from sharesync.store.records import contacts as stored

    with opening.store() as database, database.reading() as session:
        found, fields = stored.get(session, contact), company_fields.defined(session)
        deliveries = delivery_times.of_contact(session, contact)
    if as_json:
        json_line(_line(found, fields) | {"mailboxes": [_receipt(one) for one in deliveries]})
        return
    place = f"in {', '.join(found.groups)}" if found.groups else f"in the trash since {local(found.deleted_at)}"
    click.echo(f"{click.style(found.card.title or 'A contact without a name', bold=True)}, {place}")
    click.echo(f"version {found.version}, id {found.id}")
    click.echo()
    for name, text, kind in _spoken(found.card):
        click.echo(f"{click.style(name.ljust(16), dim=True)}  {text}{f'  ({kind})' if kind else ''}")
    for value in fields.values(found.card, found.here):
        told = value.told.replace("\n", "\n" + " " * 18) + ("" if value.fits else "  (does not fit)")
        click.echo(f"{click.style(value.field.name.ljust(16), dim=True)}  {told}")
    if deliveries:
        click.echo()
        show([_receipt(one) for one in deliveries], _RECEIPTS, as_json=False)


def _receipt(one: Delivery) -> dict[str, Any]:
    since = one.since.isoformat() if one.since else None
    return {"mailbox": one.mailbox, "version": one.version, "since": since, "behind": one.behind}


_RECEIPTS: tuple[OutputColumn, ...] = (
    ("mailbox", lambda line: line["mailbox"]),
    ("version", lambda line: line["version"]),
    ("since", lambda line: local(datetime.fromisoformat(line["since"])) if line["since"] else None),
    ("", lambda line: "behind" if line["behind"] else ""),
)


@contacts.command()
@click.argument("contact", metavar="ID")
@click.option(
    "--card", "file", type=READABLE, required=True, help="FILE or -: one JSON object, a card or card and fields."
)
@click.option("--version", type=whole(1), help="Refuse unless the contact is still at this version.")
@json_option
def edit(*, contact: str, file: str, version: int | None, as_json: bool) -> None:
    """Replace a contact's card; every mailbox that holds it follows."""
    from sharesync.services import contacts as cases
    from sharesync.store.database.beside import CardEdits
    from sharesync.store.records import company_fields
    from sharesync.store.records import contacts as stored

    card, said = read_card(file)
    with opening.changing(beside=CardEdits()) as work:
        old, fields = stored.get(work.session, contact), company_fields.defined(work.session)
        card, here = fields.written(card, old.here, said)
        new = cases.edit(work, contact, card, here=here, version=version)
    same = "The card is what it was; nothing changed."
    done = f"The contact is at version {new.version} now." if new.version != old.version else same
    tell(_line(new, fields), done, as_json=as_json)


@contacts.command()
@click.argument("contact", metavar="ID")
@json_option
def delete(*, contact: str, as_json: bool) -> None:
    """Take a contact out of all its groups; it lies in the trash then."""
    from sharesync.services import contacts as cases
    from sharesync.store.records import contacts as stored

    with opening.changing() as work:
        old = cases.delete(work, contact)
        new = stored.get(work.session, contact)
    done = f"Removed the contact from {counted(len(old.groups), 'group')}; it is in the trash now."
    tell(_line(new), done if old.groups else "The contact lies in the trash already; nothing changed.", as_json=as_json)


@contacts.command()
@click.argument("contact", metavar="ID")
@click.option("--version", type=whole(1), help="Bring an earlier version of the card back instead.")
@json_option
def restore(*, contact: str, version: int | None, as_json: bool) -> None:
    """Bring a contact back from the trash, with its groups; or an earlier version, as a new one."""
    from sharesync.services import trash

    with opening.changing() as work:
        back = trash.restore(work, contact) if version is None else trash.restore_version(work, contact, version)
    where = f"in {', '.join(back.groups)}" if back.groups else "in no group"
    tell(_line(back), f"The contact is {where}, at version {back.version}.", as_json=as_json)


@contacts.command()
@click.argument("contact", metavar="ID")
@click.option("--reason", required=True, help="Why, for the log; say nothing about the person.")
@json_option
def erase(*, contact: str, reason: str, as_json: bool) -> None:
    """Erase a contact for good: its card and history here, the contact in every mailbox.

    The log keeps that it was erased, and a receipt of each mailbox. Files with its addresses or numbers do not bring
    it back (`contacts import --allow-erased` does).
    """
    from sharesync.services import erasure

    with opening.store() as database:
        with opening.changing_in(database) as work:
            done = erasure.erase(work, contact, reason)
        database.forget()
    tell(
        {"id": contact, "event": done.event, "mailboxes": done.mailboxes},
        f"Erased. It goes from {counted(done.mailboxes, 'mailbox', 'mailboxes')} with the next pass over each.",
        as_json=as_json,
    )


@contacts.command()
@click.argument("contact", metavar="ID")
@click.option("--reason", required=True, help="Why, for the log; say nothing about the person.")
@click.option("--release", is_flag=True, help="End the legal hold.")
@json_option
def hold(*, contact: str, reason: str, release: bool, as_json: bool) -> None:
    """Put a contact under legal hold: it cannot be erased until that ends."""
    from sharesync.services import erasure

    with opening.changing() as work:
        changed = (erasure.end_legal_hold if release else erasure.put_legal_hold)(work, contact, reason)
    words = (
        "The contact is not under legal hold." if release else "The contact is under legal hold; it cannot be erased."
    )
    done = words if changed else f"{words} It was so before; nothing changed."
    tell({"id": contact, "legal_hold": not release}, done, as_json=as_json)


_DATES = ("year", "month", "day")
_UNSPOKEN = ("type", "contentType", "protocol", "countryCode")


def _spoken(card: Card) -> list[tuple[str, str, str]]:
    """Every value as people read it: field (once for all its values), text, kind."""
    from sharesync.model.fields import FIELDS

    told: list[tuple[str, str, str]] = []
    for field, items in card.as_json().items():
        for number, item in enumerate(items):
            words = [_word(item.get(part, "")) for part in FIELDS[field].parts if part not in _UNSPOKEN]
            kind = ", ".join(str(item[part]) for part in ("protocol", "type") if part in item)
            text = (" " if field == "names" else ", ").join(filter(None, words)).replace("\n", "\n" + " " * 18)
            told.append((field if number == 0 else "", text, kind))
    return told


def _word(value: object) -> str:
    if isinstance(value, dict):
        year, month, day = (int(value.get(part) or 0) for part in _DATES)
        return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
    return "" if value is True else str(value)
