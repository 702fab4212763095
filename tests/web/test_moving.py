"""Import and export: a file shown first, brought in and undone as one act; copies that are counted and logged."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask

from tests.web.conftest import Signed, signed_in
from tests.worlds import House

HEADER = "Given Name,Family Name,E-mail Address,Phone\n"


def send(browser: Signed, house: House, text: str, group: str = "Customers", name: str = "people.csv") -> Any:
    data: Mapping[str, Any] = {"group": house.group_id(group), "file": (io.BytesIO(text.encode()), name)}
    return browser.submit("/moving/preview", data)


def bring_in(browser: Signed, house: House, text: str, group: str = "Customers") -> Any:
    word = re.search(r'name="file" value="([^"]+)"', send(browser, house, text, group).text)
    assert word
    data = {"group": house.group_id(group), "file": word[1]}
    return browser.submit("/moving/import", data, follow_redirects=True)


def undo(browser: Signed, house: House) -> Any:
    event = house.query("SELECT id FROM events WHERE action = 'import.run' ORDER BY seq DESC")[0][0]
    return browser.submit("/moving/undo", {"import": event}, follow_redirects=True)


def test_a_file_is_shown_before_anything_is_done(shared: House, browser: Signed) -> None:
    text = (
        HEADER + "Edith,Clarke,edith@x.example,\nMary,Ward,mary@x.example,\n,,,\nGrace,Hopper,grace@customer.example,\n"
    )
    told = send(browser, shared, text + f"Long,{'x' * 2000},long@x.example,\n").text
    assert "CSV, 4 entries" in told
    assert re.search(r"New contacts</dt><dd>3<", told)
    assert re.search(r"cannot go in</dt><dd>1<", told)
    assert 'class="number">6</th>' in told  # the line that is too long
    assert "Probably in the group already" in told
    assert "grace@customer.example" in told
    assert shared.contacts() == ["Ada", "Grace", "Zoë"]
    assert shared.events("import.run") == []


def test_it_comes_in_as_one_act_of_whoever_sent_it_and_reaches_everyone(app: Flask, shared: House) -> None:
    bo = signed_in(app, shared, "bo")
    answer = bring_in(bo, shared, HEADER + "Edith,Clarke,edith@x.example,\nMary,Ward,mary@x.example,\n")
    assert "Imported into Customers: 2 new." in answer.text
    shared.sync_until_quiet()
    assert shared.users["cy"].sees("Customers") == ["Ada", "Edith", "Grace", "Mary"]
    [run] = shared.query("SELECT id, actor, source FROM events WHERE action = 'import.run'")
    assert run[1:] == (shared.users["bo"].id, "import")
    made = shared.query("SELECT count(*) FROM events WHERE cause = ? AND action = 'contact.create'", run[0])
    assert made == [(2,)]


def test_the_same_file_again_changes_nothing(shared: House, browser: Signed) -> None:
    text = HEADER + "Edith,Clarke,edith@x.example,\n"
    bring_in(browser, shared, text)
    told = send(browser, shared, text).text
    assert re.search(r"In the group already</dt><dd>1<", told)
    assert "/moving/import" not in told


def test_an_import_is_undone_as_one_act_and_what_came_after_stays(shared: House, browser: Signed) -> None:
    ada, version = shared.contact_id("Ada"), 1
    replaced = f'{{"id": "{ada}", "version": {version}, "card": {{"names": [{{"givenName": "Ada"}}], '
    replaced += '"emailAddresses": [{"value": "new@x.example"}]}}'
    new = '{"card": {"names": [{"givenName": "Edith"}]}}'
    answer = bring_in(browser, shared, f"{replaced}\n{new}\n")
    assert "1 new, 1 changed" in answer.text
    shared.edit("Ada", note="typed since")
    answer = undo(browser, shared)
    assert "Undone: 1 contact taken out again, 1 contact changed back." in answer.text
    assert shared.trash() == ["Edith"]
    assert shared.stored("Ada").emails == ("ada@customer.example",)
    assert shared.stored("Ada").note == "typed since"
    assert "undone" in answer.text
    assert "has been undone already" in undo(browser, shared).text
    shared.sync_until_quiet()


def test_who_may_not_edit_imports_nothing_and_undoes_nothing(app: Flask, shared: House, browser: Signed) -> None:
    text = HEADER + "Edith,Clarke,edith@x.example,\n"
    bring_in(browser, shared, text)
    for who, status in (("cy", 403), ("dag", 404), ("eva", 403)):
        other = signed_in(app, shared, who)
        assert send(other, shared, text).status_code == status
        assert undo(other, shared).status_code == status
    assert undo(signed_in(app, shared, "bo"), shared).status_code == 403  # Anna's import, and Bo may not delete
    assert "Edith" in shared.contacts()


def test_a_file_belongs_to_who_sent_it_and_goes_once_it_is_used(app: Flask, shared: House, browser: Signed) -> None:
    word = re.search(r'name="file" value="([^"]+)"', send(browser, shared, HEADER + "Edith,C,e@x.example,\n").text)
    assert word
    data = {"group": shared.group_id("Customers"), "file": word[1]}
    for one in (signed_in(app, shared, "bo"), browser, browser):
        text = one.submit("/moving/import", data, follow_redirects=True).text
        assert ("1 new" in text) != ("not kept any more" in text)
    assert shared.contacts() == ["Ada", "Edith", "Grace", "Zoë"]
    assert (
        "not kept any more"
        in browser.submit("/moving/import", data | {"file": "../../key.json"}, follow_redirects=True).text
    )


def test_what_is_no_file_of_contacts_is_refused_in_one_sentence(shared: House, browser: Signed) -> None:
    for text in ("", "a poem,\nin two lines", "PK\x03\x04"):
        answer = browser.get(send(browser, shared, text).location)
        assert 'role="alert"' in answer.text
    assert "Choose a file." in browser.submit("/moving/preview", {"group": "x"}, follow_redirects=True).text


def test_more_than_can_be_taken_at_once_is_refused_in_one_sentence(shared: House, browser: Signed) -> None:
    answer = browser.get(send(browser, shared, "Name\n" + "Ada\n" * 25_001).location)
    assert "This file holds 25,001 contacts; send 25,000 at most at once" in answer.text
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = browser.post("/moving/preview", data=b"x" * 33 * 1024 * 1024, headers=form)
    assert answer.status_code == 413
    assert "larger than the 32 MB that sharesync takes at once; send the file in parts" in answer.text


def test_a_copy_that_a_spreadsheet_would_run_is_defused_and_comes_back_unharmed(shared: House, browser: Signed) -> None:
    shared.edit("Ada", note="=HYPERLINK(1)", phones=["+45 33 12 34 56"])
    before = shared.stored("Ada")
    answer = browser.submit("/moving/export", {"group": shared.group_id("Customers"), "format": "google-csv"})
    assert 'filename="contacts.csv"' in answer.headers["Content-Disposition"]
    cells = {cell for row in csv.reader(io.StringIO(answer.text)) for cell in row}
    assert "'=HYPERLINK(1)" in cells
    assert "=HYPERLINK(1)" not in cells
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
