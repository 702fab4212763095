"""`sharesync contacts import` and `export`: files in and out."""

import base64
import json
from pathlib import Path

import pytest

from sharesync.formats.pictures import as_photo
from sharesync.model.audit import OPERATOR
from sharesync.services import imports as import_cases
from sharesync.store.queries import imports
from tests.pictures import picture
from tests.terminal import Sharesync
from tests.worlds import House

CSV = """\
First Name,Last Name,E-mail 1 - Value,Labels
Åse,Øst,aase@x.example,Friends ::: * myContacts
,,,
Bo,,bo@x.example,
,,,Family
"""


@pytest.fixture(autouse=True)
def _customers(house: House) -> None:
    house.share("Customers")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "contacts.csv"
    made.write_text(CSV)
    return made


def test_a_bad_line_is_reported_with_number_and_reason_and_the_rest_goes_in(
    sharesync: Sharesync, house: House, file: Path
) -> None:
    told = sharesync("contacts", "import", str(file), "--group", "Customers", "--json")
    assert told.status == 1
    assert told.line == {"created": 2, "changed": 0, "added": 0, "unchanged": 0, "photos": 0, "bad": 1}
    assert house.contacts() == ["Bo", "Åse"]
    (bad,) = [line for line in map(json.loads, told.err.splitlines()) if "reason" in line]
    assert bad["line"] == 5
    assert "nothing in this entry" in bad["reason"]


def test_people_read_the_same_in_words(sharesync: Sharesync, file: Path) -> None:
    told = sharesync("contacts", "import", str(file), "--group", "Customers")
    assert told.out == "Imported: 2 new, 1 not imported.\n"
    assert "line 5: " in told.err
    assert "labels" in told.err


def test_columns_that_are_not_recognised_are_named_and_so_is_the_way_to_say_what_they_are(
    sharesync: Sharesync, house: House, tmp_path: Path
) -> None:
    made = tmp_path / "list.csv"
    made.write_text("Kundeliste\nNavn;E-mail;Kundenr.;Farve;Tom\nAne Vig;ane@vig.test;7;blå;\n")
    told = sharesync("contacts", "import", str(made), "--group", "Customers", "--dry-run")
    assert "columns not recognised: Kundenr., Farve (" in told.err
    assert "--map" in told.err
    assert "line 1, Column 1 “Kundeliste”" in told.err
    told = sharesync("contacts", "import", str(made), "--group", "Customers", "--json")
    assert {"columns_not_recognised": ["Kundenr.", "Farve"]} in map(json.loads, told.err.splitlines())
    made.write_text("Prénom;Nom;E-mail\nAne;Vig;ane@vig.test\n")
    refused = sharesync("contacts", "import", str(made), "--group", "Customers")
    assert refused.status == 1
    assert "--map" in refused.err
    assert sharesync(
        "contacts", "import", str(made), "--group", "Customers", "--map", "Prénom=first-name", "--map", "Nom=last-name"
    ).out == ("Imported: 1 new.\n")
    assert house.contacts() == ["Ane", "Ane Vig"]


def test_importing_twice_changes_nothing(sharesync: Sharesync, house: House, file: Path) -> None:
    file.write_text(CSV.replace(",,,Family\n", ""))
    assert sharesync("contacts", "import", str(file), "--group", "Customers").status == 0
    before, events = house.query("SELECT * FROM contacts"), house.query("SELECT * FROM events")
    told = sharesync("contacts", "import", str(file), "--group", "Customers", "--json")
    assert told.status == 0
    assert told.line == {"created": 0, "changed": 0, "added": 0, "unchanged": 2, "photos": 0, "bad": 0}
    assert house.query("SELECT * FROM contacts") == before
    assert house.query("SELECT * FROM events")[:-1] == events
    assert house.query("SELECT action FROM events")[-1] == ("import.run",)


def test_an_import_is_one_act_and_undone_as_one(sharesync: Sharesync, house: House, file: Path) -> None:
    house.put("Customers", "Ada")
    assert sharesync("contacts", "import", str(file), "--group", "Customers").status == 1
    with house.database.reading() as session:
        (made,) = imports.latest(session, None)
    assert made.told == "From Google CSV: 2 contacts"
    assert import_cases.undo(house.world.operation(OPERATOR), made.id).taken == 2
    assert house.contacts() == ["Ada"]


def test_a_dry_run_tells_the_same_and_leaves_nothing(sharesync: Sharesync, house: House, file: Path) -> None:
    before = house.query("SELECT count(*) FROM events")
    told = sharesync("contacts", "import", str(file), "--group", "Customers", "--dry-run", "--json")
    assert told.status == 1
    assert told.line == {"created": 2, "changed": 0, "added": 0, "unchanged": 0, "photos": 0, "bad": 1, "dry_run": True}
    assert house.contacts() == []
    assert house.query("SELECT count(*) FROM events") == before


def test_an_import_is_told_as_such_in_the_change_log(sharesync: Sharesync, house: House, file: Path) -> None:
    sharesync("contacts", "import", str(file), "--group", "Customers")
    assert house.query("SELECT DISTINCT source FROM events WHERE action = 'contact.create'") == [("import",)]


def test_standard_input_is_a_file_too(sharesync: Sharesync, house: House) -> None:
    vcard = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Åse Øst\r\nEND:VCARD\r\n"
    assert sharesync("contacts", "import", "-", "--group", "Customers", stdin=vcard.encode()).status == 0
    assert len(house.contacts()) == 1


def test_columns_that_nobody_knows_are_told_by_heading_or_number(
    sharesync: Sharesync, house: House, file: Path
) -> None:
    file.write_text("Hvem;Hvor fra;Tal\nÅse Øst;Volt;33 12 34 56\n")
    command = ("contacts", "import", str(file), "--group", "Customers")
    assert sharesync(*command, "--map", "hvem=name", "--map", "3=work-phone", "--map", "Hvor fra=company").status == 0
    (line,) = sharesync("contacts", "list", "--json").lines
    assert line["card"]["organizations"] == [{"name": "Volt"}]
    assert line["card"]["phoneNumbers"] == [{"value": "33 12 34 56", "type": "work"}]
    for pair, said in (("Hvad=name", "names no column of this file"), ("Tal=colour", "A column cannot mean")):
        refused = sharesync(*command, "--map", pair)
        assert refused.status != 0
        assert said in refused.err
        assert refused.err.count("\n") == 1


def test_a_line_with_an_id_replaces_that_card_unless_its_version_is_stale(sharesync: Sharesync, house: House) -> None:
    house.put("Customers", "Ada", "Bo")
    ada, bo = house.contact_id("Ada"), house.contact_id("Bo")
    card = {"nicknames": [{"value": "A"}]}
    lines = [{"id": ada, "version": 1, "card": card}, {"id": bo, "version": 7, "card": card}]
    told = sharesync(
        "contacts", "import", "-", "--group", "Customers", "--json", stdin="\n".join(map(json.dumps, lines))
    )
    assert told.status == 1
    assert (told.line["changed"], told.line["bad"]) == (1, 1)
    assert json.loads(told.err)["line"] == 2
    assert sharesync("contacts", "show", ada, "--json").line["version"] == 2
    assert sharesync("contacts", "show", bo, "--json").line["version"] == 1


def test_what_is_no_file_of_contacts_is_refused(sharesync: Sharesync, file: Path) -> None:
    told = sharesync("contacts", "import", "-", "--group", "Customers", stdin=b"\x00\x01nonsense")
    assert told.status == 1
    assert len(told.err.splitlines()) == 1
    assert sharesync("contacts", "import", str(file), "--group", "Nobody's").status == 1


def test_a_missing_file_or_group_is_wrong_usage(sharesync: Sharesync, file: Path) -> None:
    assert sharesync("contacts", "import", "nowhere.csv", "--group", "Customers").status == 2
    assert sharesync("contacts", "import", str(file)).status == 2
    assert sharesync("contacts", "export", "--format", "xml").status == 2


@pytest.mark.parametrize("form", ["jsonl", "vcf", "google-csv"])
def test_what_was_exported_is_known_when_it_is_imported_again(
    sharesync: Sharesync, house: House, tmp_path: Path, form: str
) -> None:
    house.put("Customers", "Åse", "Bo")
    file = tmp_path / "out"
    assert sharesync("contacts", "export", "--format", form, "-o", str(file)).status == 0
    told = sharesync("contacts", "import", str(file), "--group", "Customers", "--json")
    assert (told.line["unchanged"], told.line["bad"]) == (2, 0)


def test_photos_come_with_a_vcard_and_leave_with_one(sharesync: Sharesync, house: House, tmp_path: Path) -> None:
    encoded = base64.b64encode(picture("red")).decode()
    vcards = "".join(
        f"BEGIN:VCARD\r\nFN:{name}\r\nPHOTO;ENCODING=b;TYPE=PNG:{photo}\r\nEND:VCARD\r\n"
        for name, photo in (("Ada", encoded), ("Bo", "AAAA"))
    )
    command = ("contacts", "import", "-", "--group", "Customers")
    dry = sharesync(*command, "--dry-run", stdin=vcards.encode())
    assert dry.out == "Would import: 2 new, 1 photo.\n"
    assert "note: photo left out: This is no picture" in dry.err
    assert house.query("SELECT count(*) FROM photos") == [(0,)]
    assert sharesync(*command, "--json", stdin=vcards.encode()).line["photos"] == 1
    assert sharesync(*command, "--json", stdin=vcards.encode()).line["photos"] == 0
    sharesync("groups", "create", "Elsewhere")
    before = house.query("SELECT content FROM photos")
    assert as_photo(picture("red")) == before[0][0]
    for form, photos in (("vcf", 1), ("jsonl", 0), ("google-csv", 0)):
        file = tmp_path / form
        assert sharesync("contacts", "export", "--group", "Customers", "--format", form, "-o", str(file)).status == 0
        told = sharesync("contacts", "import", str(file), "--group", "Elsewhere", "--dry-run", "--json")
        assert told.line["photos"] == photos
    sharesync("contacts", "import", str(tmp_path / "vcf"), "--group", "Elsewhere")
    assert house.query("SELECT content FROM photos") == before * 2


def test_an_export_of_one_group_holds_its_contacts_alone(sharesync: Sharesync, house: House) -> None:
    house.put("Customers", "Ada")
    house.share("Press", "Zoë")
    assert [line["groups"] for line in sharesync("contacts", "export", "--group", "Press").lines] == [["Press"]]
    assert sharesync("contacts", "export", "--group", "Nobody's").status == 1


def test_an_export_takes_the_place_of_a_file_in_one_piece(sharesync: Sharesync, house: House, tmp_path: Path) -> None:
    house.put("Customers", "Ada")
    folder = tmp_path / "exports"
    folder.mkdir()
    file = folder / "contacts.jsonl"
    file.write_text("older")
    with file.open() as reader:
        assert sharesync("contacts", "export", "-o", str(file)).status == 0
        assert reader.read() == "older"  # whoever reads the old one reads it to its end
    assert file.read_text() == sharesync("contacts", "export").out
    assert [one.name for one in folder.iterdir()] == ["contacts.jsonl"]


def test_a_place_that_cannot_be_written_is_named(sharesync: Sharesync, tmp_path: Path) -> None:
    told = sharesync("contacts", "export", "-o", str(tmp_path / "nowhere" / "contacts.vcf"))
    assert told.status == 1
    assert "nowhere" in told.err
