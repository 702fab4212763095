"""Import and export: an import undone as one act; copies that are counted and logged."""

import csv
import io
import re
from typing import Any

from flask import Flask

from sharesync.formats.file_reading import read
from sharesync.model.audit import OPERATOR
from sharesync.services import imports
from tests.pictures import picture
from tests.web.conftest import Signed, signed_in
from tests.web.test_importing import HEADER, bring_in, send, vcard
from tests.worlds import House


def undo(browser: Signed, house: House) -> Any:
    event = house.query("SELECT id FROM events WHERE action = 'import.run' ORDER BY seq DESC")[0][0]
    return browser.submit("/moving/undo", {"import": event}, follow_redirects=True)


def test_an_import_is_undone_as_one_act_and_what_came_after_stays(shared: House, browser: Signed) -> None:
    ada, version = shared.contact_id("Ada"), 1
    replaced = f'{{"id": "{ada}", "version": {version}, "card": {{"names": [{{"givenName": "Ada"}}], '
    replaced += '"emailAddresses": [{"value": "new@x.example"}]}}'
    new = '{"card": {"names": [{"givenName": "Edith"}]}}'
    answer = bring_in(browser, shared, f"{replaced}\n{new}\n")
    assert "1 new, 1 changed" in answer.text
    shared.edit("Ada", note="typed since")
    answer = undo(browser, shared)
    assert "Undone: 1 contact removed, 1 contact changed back." in answer.text
    assert shared.trash() == ["Edith"]
    assert shared.stored("Ada").emails == ("ada@customer.example",)
    assert shared.stored("Ada").note == "typed since"
    assert "undone" in answer.text
    assert "has been undone already" in undo(browser, shared).text
    shared.sync_until_quiet()


def test_an_import_of_the_command_line_is_told_in_the_readers_language_and_undone_here(
    shared: House, browser: Signed
) -> None:
    file = read(b"First Name,E-mail 1 - Value\nEdith,edith@x.example\n")
    imports.run(shared.world.operation(OPERATOR), "Customers", file)
    told = " ".join(browser.get("/moving/", headers={"Accept-Language": "da"}).text.split())
    assert "Fra Google CSV: 1 kontakt · Operatøren · " in told
    assert "Undone: 1 contact removed" in undo(browser, shared).text
    assert shared.trash() == ["Edith"]


def test_undoing_leaves_a_value_alone_that_was_imported_and_has_been_changed_since(
    shared: House, browser: Signed
) -> None:
    told = '{"names": [{"givenName": "Ada"}], "biographies": [{"value": "from the file"}]}'
    bring_in(browser, shared, f'{{"id": "{shared.contact_id("Ada")}", "version": 1, "card": {told}}}\n')
    assert shared.stored("Ada").note == "from the file"
    shared.edit("Ada", note="typed since")
    undo(browser, shared)
    assert (shared.stored("Ada").note, shared.stored("Ada").emails) == ("typed since", ("ada@customer.example",))


def test_undoing_takes_away_the_photos_that_came_unless_there_is_another_by_now(shared: House, browser: Signed) -> None:
    texts = [vcard(name, f"{name.lower()}@x.example", b"") for name in ("Edith", "Mary")]
    bring_in(browser, shared, "".join(texts))
    with_photos = [vcard(name, f"{name.lower()}@x.example", picture("red")) for name in ("Edith", "Mary")]
    assert "2 known already, 2 photos" in bring_in(browser, shared, "".join(with_photos)).text
    shared.photograph("Mary", "blue")
    answer = undo(browser, shared)
    assert "Undone: 0 contacts removed, 1 contact changed back." in answer.text
    have = "SELECT title FROM contacts WHERE photo IS NOT NULL"
    assert shared.query(have) == [("mary",)]
    shared.sync_until_quiet()
    assert not shared.users["cy"].find("Edith")["photo"]
    assert shared.users["cy"].find("Mary")["photo"]


def test_a_vcard_takes_photos_along_and_other_copies_do_not(shared: House, browser: Signed) -> None:
    shared.photograph("Ada", "red")
    before = shared.query("SELECT content FROM photos")
    copies = {
        form: browser.submit("/moving/export", {"group": shared.group_id("Customers"), "format": form}).text
        for form in ("vcf", "jsonl", "google-csv")
    }
    assert [form for form, text in copies.items() if "PHOTO;ENCODING=b;TYPE=JPEG:" in text] == ["vcf"]
    assert copies["vcf"].count("PHOTO") == 1
    assert "2 new, 1 photo" in bring_in(browser, shared, copies["vcf"], "Press").text
    assert shared.query("SELECT content FROM photos") == before * 2


def test_who_may_not_edit_imports_nothing_and_undoes_nothing(app: Flask, shared: House, browser: Signed) -> None:
    text = HEADER + "Edith,Clarke,edith@x.example,\n"
    bring_in(browser, shared, text)
    for who, status in (("cy", 403), ("dag", 404), ("eva", 403)):
        other = signed_in(app, shared, who)
        assert send(other, shared, text).status_code == status
        assert undo(other, shared).status_code == status
    assert undo(signed_in(app, shared, "bo"), shared).status_code == 403  # Anna's import, and Bo may not delete
    assert "Edith" in shared.contacts()


def test_a_copy_that_a_spreadsheet_would_run_is_defused_and_comes_back_unharmed(shared: House, browser: Signed) -> None:
    shared.edit("Ada", note="=HYPERLINK(1)", phones=["+45 33 12 34 56"])
    before = shared.stored("Ada")
    answer = browser.submit("/moving/export", {"group": shared.group_id("Customers"), "format": "google-csv"})
    assert f'filename="Customers {shared.now().astimezone():%Y-%m-%d}.csv"' in answer.headers["Content-Disposition"]
    cells = {cell for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))) for cell in row}
    assert "'=HYPERLINK(1)" in cells
    assert "=HYPERLINK(1)" not in cells
    assert answer.data.startswith("\ufeff".encode())  # or Excel would not read the letters
    told = send(browser, shared, answer.text).text
    assert re.search(r"In the group already</dt><dd>2<", told)
    assert shared.stored("Ada") == before


def test_each_takes_copies_of_what_they_may_see_and_that_is_logged(app: Flask, shared: House) -> None:
    shared.add("Press", "Ada")
    cy, customers = signed_in(app, shared, "cy"), shared.group_id("Customers")
    text = cy.submit("/moving/export", {"group": customers, "format": "jsonl"}).text
    assert "Ada" in text
    assert "Press" not in text
    assert cy.submit("/moving/export", {"group": shared.group_id("Press"), "format": "vcf"}).status_code == 404
    assert cy.submit("/moving/export", {"group": "", "format": "vcf"}).status_code == 403
    [told] = shared.events("contact.export")
    assert (told["actor"], told["reason"]) == (shared.users["cy"].id, "2 as jsonl")


def test_no_form_is_refused(shared: House, browser: Signed) -> None:
    answer = browser.submit("/moving/export", {"format": "pdf"}, follow_redirects=True)
    assert "Choose a format." in answer.text
