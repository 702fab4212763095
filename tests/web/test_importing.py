"""Importing: a file recognised or its columns told, shown first, brought in as one act, beside the request if long."""

import base64
import gc
import io
import itertools
import re
import threading
import warnings
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text as sql

import web
from sharesync.errors import InvalidInput
from sharesync.formats import apart, file_reading
from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import duplicates, imports
from sharesync.services.duplicates import Match
from sharesync.settings import Settings
from sharesync.store.database.engine import Session
from sharesync.store.database.work import Operation
from tests.pictures import picture
from tests.users import customer
from tests.web.conftest import Signed, signed_in
from tests.worlds import House
from web.frame import running

HEADER = "Given Name,Family Name,E-mail Address,Phone\n"


def send(browser: Signed, house: House, text: str, group: str = "Customers", name: str = "people.csv") -> Any:
    data: Mapping[str, Any] = {"group": house.group_id(group), "file": (io.BytesIO(text.encode()), name)}
    return browser.submit("/importing/", data, follow_redirects=True)


def bring_in(browser: Signed, house: House, text: str, group: str = "Customers") -> Any:
    word = re.search(r'name="file" value="([^"]+)"', send(browser, house, text, group).text)
    assert word
    data = {"group": house.group_id(group), "file": word[1]}
    return browser.submit("/importing/run", data, follow_redirects=True)


WITH_FIELDS = (
    "Given Name,Family Name,E-mail Address,Renewal,Floor,Badge\n"
    "Edith,Clarke,edith@x.example,2027-03-01,3,007\nMary,Ward,mary@x.example,01.04.2027,4,008\n"
)


def offered_fields(text: str) -> dict[str, str]:
    """The kinds that are suggested for what is no field yet, by its name."""
    found = re.findall(r'<select name="kind-([^"]+)".*?</select>', text, re.DOTALL)
    chosen = re.findall(r'<select name="kind-.*?value="([^"]+)" selected', text, re.DOTALL)
    return dict(zip(found, chosen, strict=True))


def test_a_column_that_is_no_field_yet_becomes_one_and_its_values_go_there(shared: House, browser: Signed) -> None:
    shown = send(browser, shared, WITH_FIELDS)
    assert offered_fields(shown.text) == {"Renewal": "date", "Floor": "number", "Badge": "text"}
    word = shown.request.path.split("/")[2]
    group = shared.group_id("Customers")
    kinds = {"kind-Renewal": "date", "where-Renewal": "google", "kind-Floor": "number", "where-Floor": "here"}
    sent = {"group": group, "field": ["Renewal", "Floor"], **kinds}
    text = browser.submit(f"/importing/{word}/fields", sent, follow_redirects=True).text
    assert "Fields made: Renewal, Floor." in text
    assert offered_fields(text) == {"Badge": "text"}
    browser.submit("/importing/run", {"group": group, "file": word}, follow_redirects=True)
    made = browser.get("/contacts/", query_string={"q": "renewal:2027-04-01 floor:4"}).text
    assert "Mary Ward" in made
    assert "Edith Clarke" not in made
    assert [name for name, _ in shared.stored("Mary").custom] == ["Badge", "Renewal"]


def test_who_makes_no_fields_is_offered_none(shared: House, app: Flask) -> None:
    bo = signed_in(app, shared, "bo")
    shown = send(bo, shared, WITH_FIELDS)
    assert offered_fields(shown.text) == {}
    assert "They become fields of their own names: Renewal, Floor, Badge." in shown.text


def test_a_field_kept_here_does_not_take_from_google_what_stands_there_unasked(shared: House, browser: Signed) -> None:
    shared.put("Customers", customer("Ida", custom={"Floor": "2"}))
    word = send(browser, shared, WITH_FIELDS).request.path.split("/")[2]
    sent = {"group": shared.group_id("Customers"), "field": "Floor", "kind-Floor": "number", "where-Floor": "here"}
    text = browser.submit(f"/importing/{word}/fields", sent, follow_redirects=True).text
    assert "Contacts say something under “Floor” in Google already." in text
    assert shared.events("field.create") == []


def test_a_file_is_shown_before_anything_is_done(shared: House, browser: Signed) -> None:
    text = (
        HEADER + "Edith,Clarke,edith@x.example,\nMary,Ward,mary@x.example,\n,,,\nGrace,Hopper,grace@customer.example,\n"
    )
    told = send(browser, shared, text + ",,,#N/A\n").text
    assert "CSV, 4 entries" in told
    assert re.search(r"New contacts</dt><dd>3<", told)
    assert re.search(r"cannot go in</dt><dd>1<", told)
    assert 'class="number" data-label="Line">6</th>' in told  # the line without a value
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
    assert "/importing/run" not in told


def vcard(name: str, mail: str, photo: bytes) -> str:
    encoded = base64.b64encode(photo).decode()
    return f"BEGIN:VCARD\nVERSION:3.0\nN:;{name};;;\nEMAIL:{mail}\nPHOTO;ENCODING=b:{encoded}\nEND:VCARD\n"


def test_photos_of_a_vcard_are_counted_before_and_after(shared: House, browser: Signed) -> None:
    text = vcard("Edith", "edith@x.example", picture("red")) + vcard("Mary", "mary@x.example", picture("blue"))
    told = send(browser, shared, text, name="people.vcf").text
    assert re.search(r"New contacts</dt><dd>2<", told)
    assert re.search(r"Photos for contacts without one</dt><dd>2<", told)
    assert "What is left out" not in told
    assert shared.query("SELECT count(*) FROM photos") == [(0,)]
    assert "Imported into Customers: 2 new, 2 photos." in bring_in(browser, shared, text).text
    shared.sync_until_quiet()
    assert shared.users["cy"].find("Edith")["photo"]
    told = send(browser, shared, text).text
    assert "Photos for contacts" not in told
    assert "/importing/run" not in told


def test_a_file_that_brings_photos_alone_comes_in(shared: House, browser: Signed) -> None:
    bring_in(browser, shared, vcard("Edith", "edith@x.example", b""))
    text = vcard("Edith", "edith@x.example", picture("red"))
    told = send(browser, shared, text).text
    assert re.search(r"In the group already</dt><dd>1<", told)
    assert re.search(r"Photos for contacts without one</dt><dd>1<", told)
    assert "Import 0" not in told
    assert "Imported into Customers: 1 known already, 1 photo." in bring_in(browser, shared, text).text


def test_a_photo_that_cannot_be_read_is_said_in_the_language_of_who_imports(shared: House, browser: Signed) -> None:
    browser.submit("/language/", {"language": "da"})
    text = send(browser, shared, vcard("Edith", "edith@x.example", b"no picture")).text
    assert "billede udeladt: Det er ikke et billede" in text
    assert "photo left out" not in text


def test_a_file_belongs_to_who_sent_it_and_goes_once_it_is_used(app: Flask, shared: House, browser: Signed) -> None:
    word = re.search(r'name="file" value="([^"]+)"', send(browser, shared, HEADER + "Edith,C,e@x.example,\n").text)
    assert word
    data = {"group": shared.group_id("Customers"), "file": word[1]}
    for one in (signed_in(app, shared, "bo"), browser, browser):
        text = one.submit("/importing/run", data, follow_redirects=True).text
        assert ("1 new" in text) != ("not kept any more" in text)
    assert shared.contacts() == ["Ada", "Edith", "Grace", "Zoë"]
    assert (
        "not kept any more"
        in browser.submit("/importing/run", data | {"file": "../../key.json"}, follow_redirects=True).text
    )


def test_what_is_no_file_of_contacts_is_refused_in_one_sentence(shared: House, browser: Signed) -> None:
    for text in ("", "a poem,\nin two lines", "PK\x03\x04"):
        assert 'role="alert"' in looked_at(browser, send(browser, shared, text))
    assert list(browser.application.extensions["sharesync.settings"].uploads.iterdir()) == []
    assert "Choose a file." in browser.submit("/importing/", {"group": "x"}, follow_redirects=True).text


def test_more_than_can_be_taken_at_once_is_refused_in_one_sentence(shared: House, browser: Signed) -> None:
    told = looked_at(browser, send(browser, shared, "Name\n" + "Ada\n" * 25_001))
    assert "This file holds more than 25,000 contacts" in told
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = browser.post("/importing/", data=b"x" * 33 * 1024 * 1024, headers=form)
    assert answer.status_code == 413
    assert "larger than the 32 MB that sharesync takes at once; send the file in parts" in answer.text


UNKNOWN = "Hvem;Hvor;Hvordan\nEdith Clarke;Volt A/S;edith@x.example\nMary Ward;Lens ApS;mary@x.example\n"


def word_of(text: str) -> str:
    found = re.search(r'name="file" value="([^"]+)"', text)
    assert found
    return found[1]


def telling(house: House, text: str, *columns: str) -> dict[str, Any]:
    return {
        "group": house.group_id("Customers"),
        "file": word_of(text),
        "column": list(columns),
        "heading": "yes",
    }


def test_columns_that_nobody_knows_are_guessed_and_told(shared: House, browser: Signed) -> None:
    text = send(browser, shared, UNKNOWN).text
    assert "Say what each column of the file means" in text
    assert re.findall(r'<option value="([^"]+)" selected', text) == ["name", "company", "email"]
    sample = text[text.index('id="h-sample"') :]
    assert "Edith Clarke" in sample
    assert "edith@x.example" in sample
    told = telling(shared, text, "name", "custom", "work-email")
    again = browser.submit("/importing/columns", told).text
    assert "Volt A/S" not in again[again.index('id="h-sample"') :]
    shown = browser.submit("/importing/", told, follow_redirects=True).text
    assert re.search(r"New contacts</dt><dd>2<", shown)
    assert shared.events("import.run") == []
    answer = browser.submit("/importing/run", told, follow_redirects=True)
    assert "Imported into Customers: 2 new." in answer.text
    (edith, _mary) = shared.query("SELECT card FROM contacts WHERE title LIKE '%ward%' OR title LIKE '%clarke%'")
    assert '"type": "work"' in edith[0].replace('":"', '": "')
    assert "Hvor" in edith[0]


def test_a_file_that_says_itself_what_it_is_skips_that_step_and_may_be_told_all_the_same(
    shared: House, browser: Signed
) -> None:
    text = send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n").text
    assert "What would be done" in text
    data = {"group": shared.group_id("Customers"), "file": word_of(text)}
    told = browser.submit("/importing/columns", data).text
    assert re.findall(r'<option value="([^"]+)" selected', told) == ["first-name", "last-name", "email", "phone"]
    vcard = send(browser, shared, "BEGIN:VCARD\nVERSION:4.0\nFN:Edith\nEND:VCARD\n").text
    assert "Say what the columns mean" not in vcard


def test_what_is_left_out_is_said_in_the_language_of_who_imports(shared: House, browser: Signed) -> None:
    browser.submit("/language/", {"language": "nb"})
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Edith\nGEO:geo:1,2\nX-PICTURES;VALUE=uri:https://x.example/1\nEND:VCARD\n"
    text = send(browser, shared, card).text
    assert "posisjon utelatt (1)" in text
    assert "x-pictures utelatt (1)" in text


def test_a_file_too_large_for_memory_leaves_none_open(shared: House, browser: Signed) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        rows = "".join(f"Ada {number},{'plays whist ' * 80}\n" for number in range(700))
        assert "700" in looked_at(browser, send(browser, shared, f"Name,Notes\n{rows}"))
        gc.collect()
    assert [str(one.message) for one in told] == []


def test_a_meaning_that_is_none_is_refused(shared: House, browser: Signed) -> None:
    text = send(browser, shared, UNKNOWN).text
    answer = browser.submit("/importing/", telling(shared, text, "name", "colour"), follow_redirects=True)
    assert "A column cannot mean “colour”" in answer.text


def test_those_that_are_probably_known_are_left_out_or_come_in_as_one_says(shared: House, browser: Signed) -> None:
    text = HEADER + "Gracie,Hopper,GRACE@customer.example,\nEdith,Clarke,edith@x.example,\n"
    for alike, told in (("skip", "1 new, 1 left out as probably known"), ("new", "1 new, 1 known already")):
        shown = send(browser, shared, text).text
        assert 'name="alike" value="skip" checked' in shown
        data = {"group": shared.group_id("Customers"), "file": word_of(shown), "alike": alike}
        assert told in browser.submit("/importing/run", data, follow_redirects=True).text
    assert shared.contacts() == ["Ada", "Edith", "Grace", "Gracie", "Zoë"]


def test_who_only_shares_an_address_or_sounds_alike_is_not_left_out(shared: House, browser: Signed) -> None:
    text = HEADER + "Olaf,Zimmermann,grace@customer.example,\nGrase,Hopper,,\n"
    shown = send(browser, shared, text).text
    assert 'name="alike"' not in shown
    data = {"group": shared.group_id("Customers"), "file": word_of(shown), "alike": "skip"}
    assert "2 new" in browser.submit("/importing/run", data, follow_redirects=True).text


def test_a_long_import_goes_on_beside_the_request_and_tells_how_far_it_is(
    app: Flask, shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = word_of(send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n").text)
    data = {"group": shared.group_id("Customers"), "file": word}
    other = signed_in(app, shared, "bo")
    other.get("/")
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    with shared.database.writing() as session:
        session.execute(sql("DELETE FROM declined"))  # takes the writer's place, so the import waits for it
        answer = browser.submit("/importing/run", data)
        assert answer.location == f"/importing/{word}"
        going = browser.get(answer.location).text
        assert "<progress" in going
        assert 'hx-trigger="every 1s' in going
        assert f'href="/importing/{word}"' in browser.get("/moving/").text
        assert other.get(f"/importing/{word}").status_code == 404
        assert browser.submit("/importing/run", data).location == f"/importing/{word}"  # begun once
        another = send(browser, shared, HEADER + "Ida,Rhodes,ida@x.example,\n")
        assert "Another file of yours is being read" in another.text
        assert "Edith" not in shared.contacts()
    the_end(browser, word)
    ended = browser.get(f"/importing/{word}", follow_redirects=True).text
    assert "Imported into Customers: 1 new." in ended
    assert 'hx-trigger="every 1s' not in ended
    assert shared.contacts() == ["Ada", "Edith", "Grace", "Zoë"]
    assert len(shared.events("import.run")) == 1


def looked_at(browser: Signed, answer: Any) -> str:
    """What is shown at the end of a look at a file, however long it took."""
    address = answer.location or answer.request.full_path
    path = address.partition("?")[0]
    if path.endswith("/preview"):
        the_end(browser, path.split("/")[-2], rehearsal=True)
        answer = browser.get(address, follow_redirects=True)
    return str(answer.text)


def the_end(browser: Signed, word: str, *, rehearsal: bool = False) -> None:
    """Wait until an import has ended, or its rehearsal, if one goes on."""
    runs = browser.application.extensions["sharesync.imports"]
    if run := runs.get((browser.house.users[browser.who].id, word, rehearsal)):
        run.thread.join(20)
        assert run.ended


def test_a_long_look_at_a_file_goes_on_beside_the_request_and_leads_to_what_it_found(
    app: Flask, shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = signed_in(app, shared, "bo")
    for one in (browser, other):
        one.get("/")
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    with shared.database.writing() as session:
        session.execute(sql("DELETE FROM declined"))  # takes the writer's place, so the rehearsal waits for it
        going = send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
        path, address = going.request.path, going.request.full_path
        assert "The file is being looked at" in going.text
        assert f'hx-get="{path}" hx-trigger="every 1s' in going.text
        assert other.get(address).status_code == 404
        assert path not in browser.get("/moving/").text
        word = path.split("/")[-2]
    the_end(browser, word, rehearsal=True)
    part = browser.get(path, headers={"HX-Request": "true"})
    assert (part.text, part.headers["HX-Refresh"]) == ("", "true")
    shown = browser.get(address).text
    assert re.search(r"New contacts</dt><dd>1<", shown)
    assert shared.contacts() == ["Ada", "Grace", "Zoë"]
    data = {"group": shared.group_id("Customers"), "file": word_of(shown)}
    monkeypatch.setattr(running, "PATIENCE", 60.0)
    assert "1 new" in browser.submit("/importing/run", data, follow_redirects=True).text
    assert "1 new" in browser.get(address, follow_redirects=True).text  # as does the button Back


def test_a_look_that_breaks_off_says_so(shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.get("/")
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    with shared.database.writing() as session:
        session.execute(sql("UPDATE groups SET deleted_at = created_at WHERE name = 'Customers'"))
        answer = send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
    assert "There is no group" in looked_at(browser, answer)


def test_a_file_that_takes_too_much_is_ended_and_said_so(
    shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    answer = send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
    assert "Reading this file took too much time or memory and was ended" in looked_at(browser, answer)
    assert list(browser.application.extensions["sharesync.settings"].uploads.iterdir()) == []
    monkeypatch.setattr(apart, "PATIENCE", 60.0)
    assert "1 entry" in send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n").text  # and one may go on


def test_one_person_has_one_file_read_at_a_time(
    shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = word_of(send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n").text)
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    data = {"group": shared.group_id("Customers"), "file": word}
    with shared.database.writing() as session:
        session.execute(sql("DELETE FROM declined"))  # takes the writer's place, so the rehearsal waits for it
        before = {thread for thread in threading.enumerate() if thread.name == "import"}
        for _ in range(5):
            assert browser.submit("/importing/", data).location.startswith(f"/importing/{word}/preview")
        told = browser.submit("/importing/", data | {"column": ["skip"] * 4})
        assert "Another file of yours is being read" in told.text
        after = {thread for thread in threading.enumerate() if thread.name == "import"}
        assert len(after - before) == 1
    the_end(browser, word, rehearsal=True)


def test_half_of_the_threads_that_answer_wait_for_no_file(shared: House, browser: Signed) -> None:
    with ExitStack() as waiting:
        for _ in range(4):
            waiting.enter_context(running._WAITING)
        answer = send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
        assert "The file is being looked at" in answer.text
    assert "1 entry" in looked_at(browser, answer)


def test_a_look_holds_no_writer_up_for_the_whole_of_a_file(shared: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PIECE", 3)
    names = ["Ada", "Bo", "Cy", "Ada", "Dora", "Eve", "Cy", "Fay", "Ada"]
    text = "Name,E-mail\n" + "".join(f"{name},{name.lower()}@x.example\n" for name in names)
    found = file_reading.read(text.encode()).entries
    pieces: list[int] = []
    begun = Operation.piece

    def piece(operation: Operation) -> Any:
        pieces.append(1)
        return begun(operation)

    monkeypatch.setattr(Operation, "piece", piece)
    operation = shared.world.operation(OPERATOR)
    report = imports.rehearse(operation, "Customers", found)
    assert (report.created, report.unchanged) == (6, 3)
    assert len(pieces) == 3  # Ada thrice; Bo, and Cy twice; the others
    assert imports.run(operation, "Customers", file_reading.read(text.encode()))[1].created == 6


def test_a_file_is_compared_with_its_group_a_piece_at_a_time(shared: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who are like one of a whole file, with their cards, take twice the memory that the file does."""
    monkeypatch.setattr(imports, "PIECE", 2)
    text = HEADER + "Gracie,Hopper,GRACE@customer.example,\nEdith,Clarke,edith@x.example,\n" * 3
    found = file_reading.read(text.encode()).entries
    asked: list[int] = []
    compare = duplicates.likely_each

    def likely_each(session: Session, cards: Sequence[Card], among: Collection[str]) -> list[list[Match]]:
        asked.append(len(cards))
        return compare(session, cards, among)

    monkeypatch.setattr(duplicates, "likely_each", likely_each)
    with duplicates.compared(shared.database) as session:
        alike = imports.likely(session, shared.group_id("Customers"), found)
    assert [one.line for one in alike] == [2, 4, 6]
    assert asked == [2, 2, 2]


def test_told_otherwise_a_file_is_looked_at_anew(shared: House, browser: Signed) -> None:
    text = send(browser, shared, UNKNOWN).text
    for columns, told in ((("name", "custom", "email"), 2), (("skip", "skip", "skip"), 0)):
        shown = browser.submit("/importing/", telling(shared, text, *columns), follow_redirects=True).text
        assert re.search(rf"New contacts</dt><dd>{told}<", shown)


def test_an_import_that_breaks_off_leaves_nothing_and_says_so(
    shared: House, browser: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = word_of(send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n").text)
    monkeypatch.setattr(running, "PATIENCE", 0.1)
    data = {"group": shared.group_id("Customers"), "file": word}
    with shared.database.writing() as session:
        session.execute(sql("UPDATE groups SET deleted_at = created_at WHERE name = 'Customers'"))
        browser.submit("/importing/run", data)
    the_end(browser, word)
    told = browser.get(f"/importing/{word}").text
    assert "Nothing of it came in" in told
    assert shared.events("import.run") == []


def test_after_a_restart_it_is_told_that_nothing_came_in(shared: House, browser: Signed, settings: Settings) -> None:
    word = word_of(send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n").text)
    later = signed_in(web.create_app(shared.world, settings), shared, "anna")
    assert "was broken off" in later.get(f"/importing/{word}").text


def test_an_import_that_broke_off_is_finished_by_the_same_file_or_undone_as_one(shared: House) -> None:
    rows = "".join(f"P{number},Q,p{number}@x.example,\n" for number in range(600))
    file, act = file_reading.read((HEADER + rows).encode()), shared.world.operation(OPERATOR)
    heard: list[int] = []

    def break_off(number: int) -> None:
        heard.append(number)
        if number == 400:
            raise InvalidInput("no more")

    with pytest.raises(InvalidInput):
        imports.run(act, "Customers", file, told=break_off)
    assert (heard, len(shared.contacts())) == ([200, 400], 403)
    _, report = imports.run(act, "Customers", file)
    assert (report.created, report.unchanged, len(shared.contacts())) == (200, 400, 603)
    for (event,) in shared.query("SELECT id FROM events WHERE action = 'import.run'"):
        imports.undo(act, event)
    assert len(shared.contacts("Customers")) == 2


def test_undoing_an_import_that_breaks_off_goes_on_where_it_ended(shared: House) -> None:
    rows = "".join(f"P{number},Q,p{number}@x.example,\n" for number in range(300))
    act = shared.world.operation(OPERATOR)
    event, _ = imports.run(act, "Customers", file_reading.read((HEADER + rows).encode()))
    pieces = itertools.count(1)

    def dying() -> datetime:
        if next(pieces) == 3:
            raise InvalidInput("no more")
        return shared.now()

    with pytest.raises(InvalidInput, match="no more"):
        imports.undo(replace(act, clock=dying), event)
    assert len(shared.contacts("Customers")) == 102
    assert imports.undo(act, event).taken == 100
    assert len(shared.contacts("Customers")) == 2
    with pytest.raises(InvalidInput, match="undone already"):
        imports.undo(act, event)


def facts(text: str) -> dict[str, str]:
    """What the page says would be done."""
    return dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", text))


def test_the_preview_says_everything_before_the_button(shared: House, browser: Signed) -> None:
    rows = (
        "Kundeliste\n"
        "Navn;E-mail;Telefon;Kategorier;Kundenr.;By\n"
        "Ane Vig;ane@vig.test;33123456;VIP;7;Holte\n"
        "Ane Vig;ANE@vig.test;+45 1;VIP;8;\n"
        ";;;;;Farum\n"
        "Bo Nul;bo@@nul;abcdefgh;;9;\n"
        "Ci Dam;ingen;4,53E+09;#N/A;;\n"
    )
    text = looked_at(browser, send(browser, shared, rows))
    said = facts(text)
    assert (said["New contacts"], said["Contacts without a name"], said["People who are in the file twice"]) == (
        *("5", "1", "1"),
    )
    assert said["Letters"] == "UTF-8"
    for sentence in (
        "Contacts that would be shown as “No name”: 1",
        "“Ane Vig” is in the file 2 times.",
        "What is no field yet",
        'name="field" value="Kundenr."',
        "Line 1, Column 1: “Kundeliste”",
        "labels left out (2)",
        "Line 3, Kategorier: “VIP”",
        "an e-mail address that looks wrong, kept as it is (1)",
        "a number that looks wrong, kept as it is (2)",
        "no e-mail address, so kept as a field of its own (1)",
        "Line 7, Telefon: “4,53E+09”",
    ):
        assert sentence in text, sentence


def test_what_was_said_of_columns_is_remembered_for_the_next_file_of_whoever_said_it(
    app: Flask, shared: House, browser: Signed
) -> None:
    text = send(browser, shared, UNKNOWN).text
    browser.submit("/importing/", telling(shared, text, "name", "custom", "work-email"))
    another = "HVEM;Hvor;Hvordan\nIda Rhodes;Univac;ida@x.example\n"
    shown = looked_at(browser, send(browser, shared, another))
    assert "The columns are read as you said they are." in shown
    assert facts(shown)["New contacts"] == "1"
    assert 'name="column" value="work-email"' in shown
    assert "Say what each column of the file means" in send(signed_in(app, shared, "bo"), shared, another).text


def test_a_file_goes_into_no_group_unless_one_is_chosen_or_named(app: Flask, shared: House, browser: Signed) -> None:
    page = browser.get("/moving/").text
    assert re.search(r'name="group"[^>]*><option value="">Choose a group</option>', page)
    assert not re.search(r'<select id="into"[^/]*selected', page)
    file = {"file": (io.BytesIO((HEADER + "Edith,Clarke,edith@x.example,\n").encode()), "a.csv")}
    assert "Choose the group" in browser.submit("/importing/", file, follow_redirects=True).text
    assert 'id="new"' not in signed_in(app, shared, "bo").get("/moving/").text


def test_an_import_makes_a_new_group_only_once_it_is_meant(app: Flask, shared: House, browser: Signed) -> None:
    data = {"new": "Partners", "file": (io.BytesIO((HEADER + "Edith,Clarke,edith@x.example,\n").encode()), "a.csv")}
    shown = looked_at(browser, browser.submit("/importing/", data, follow_redirects=True))
    assert facts(shown)["New group"] == "Partners"
    assert shared.query("SELECT count(*) FROM groups WHERE name = 'Partners'") == [(0,)]
    sent = {"new": "Partners", "file": word_of(shown)}
    assert signed_in(app, shared, "bo").submit("/importing/run", sent | {"file": "x" * 30}).status_code == 303
    answer = browser.submit("/importing/run", sent, follow_redirects=True)
    assert "Imported into Partners: 1 new." in answer.text
    assert f'href="/groups/{shared.group_id("Partners")}"' in answer.text
    assert shared.contacts("Partners") == ["Edith"]
    bo = {"new": "Mine", "file": (io.BytesIO(HEADER.encode() + b"A,B,a@x.example,\n"), "a.csv")}
    assert signed_in(app, shared, "bo").submit("/importing/", bo).status_code == 403


def test_what_an_import_did_stands_at_an_address_that_stays_good(
    shared: House, browser: Signed, settings: Settings
) -> None:
    answer = bring_in(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
    address = answer.request.path
    assert address.startswith("/moving/imports/")
    for one in (browser, signed_in(web.create_app(shared.world, settings), shared, "anna")):
        text = one.get(address).text
        assert "Imported into Customers: 1 new." in text
        assert f'href="/groups/{shared.group_id("Customers")}"' in text
    assert browser.get("/moving/imports/none").status_code == 404


def test_a_look_is_taken_again_where_it_is_not_known_any_more(
    shared: House, browser: Signed, settings: Settings
) -> None:
    seen = send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
    later = signed_in(web.create_app(shared.world, settings), shared, "anna")
    assert facts(looked_at(later, later.get(seen.request.full_path)))["New contacts"] == "1"
    unknown = send(browser, shared, UNKNOWN)
    assert unknown.request.path.endswith("/columns")
    assert "Say what each column" in later.get(unknown.request.full_path).text


def test_what_was_sent_goes_when_its_sender_signs_out(app: Flask, shared: House, browser: Signed) -> None:
    folder = app.extensions["sharesync.settings"].uploads
    send(signed_in(app, shared, "bo"), shared, HEADER + "Edith,Clarke,edith@x.example,\n")
    send(browser, shared, HEADER + "Edith,Clarke,edith@x.example,\n")
    assert len(list(folder.iterdir())) == 2
    runs = app.extensions["sharesync.imports"]
    assert len(runs) == 2
    browser.submit("/sign-in/out")
    assert {user for user, _, _ in runs} == {shared.users["bo"].id}
    (left,) = folder.iterdir()
    assert left.name.startswith(shared.users["bo"].id)
