"""`sharesync contacts`: listed, searched, shown, edited, deleted."""

import json
from pathlib import Path

import pytest

from tests.pictures import picture
from tests.terminal import Sharesync
from tests.users import customer
from tests.worlds import House

EDITED = json.dumps({"names": [{"givenName": "Ada", "familyName": "Kjærgård"}]})


def test_list_shows_contacts_by_name_as_export_writes_them(sharesync: Sharesync, house: House, ada: str) -> None:
    house.put("Customers", "Åse", "Bo")
    listed = sharesync("contacts", "list", "--json")
    assert [line["card"]["names"][0]["givenName"] for line in listed.lines] == ["Ada", "Åse", "Bo"]
    assert listed.lines[0] == {
        "id": ada,
        "version": 1,
        "groups": ["Customers"],
        "card": {
            "names": [{"givenName": "Ada"}],
            "emailAddresses": [{"value": "ada@customer.example", "type": "work"}],
        },
        "fields": {},
    }
    assert listed.out == sharesync("contacts", "export").out


def test_list_finds_by_group_and_by_every_word(sharesync: Sharesync, house: House, ada: str) -> None:
    house.share("Press", "Zoë")
    assert [line["id"] for line in sharesync("contacts", "list", "--group", "customers", "--json").lines] == [ada]
    assert [line["groups"] for line in sharesync("contacts", "list", "--search", "ZOË", "--json").lines] == [["Press"]]
    assert sharesync("contacts", "list", "--search", "ada zoë", "--json").lines == []
    assert [line["groups"] for line in sharesync("contacts", "list", "--search", "press zoe", "--json").lines] == [
        ["Press"]
    ]
    house.share("Press", customer("Sørine", phones=["+45 33 12 34 56"]))
    for search in ("soerine", "33123456", "0045 33123456"):
        (line,) = sharesync("contacts", "list", "--search", search, "--json").lines
        assert line["card"]["names"] == [{"givenName": "Sørine"}]
    assert sharesync("contacts", "list", "--group", "Nobody's").status == 1


def test_a_filter_narrows_lists_and_exports_and_is_explained_where_it_is_wrong(
    sharesync: Sharesync, house: House, ada: str
) -> None:
    house.share("Press", customer("Zoë", phones=["+45 33 12 34 56"]))
    for what in ("list", "export"):
        with_phone = sharesync("contacts", what, "--filter", "phone:3312 -created<2020", *["--json"] * (what == "list"))
        assert [line["groups"] for line in with_phone.lines] == [["Press"]]
    assert sharesync("contacts", "list", "--search", "has:phone", "--json").lines == []
    assert sharesync("contacts", "list", "--search", "zoe", "--filter", "-has:phone", "--json").lines == []
    refused = sharesync("contacts", "list", "--filter", "fone:3312 emial:x")
    assert (refused.status, refused.err) == (2, "A filter knows no “emial:”; did you mean “email:”?\n")
    [*_, taken] = house.events("contact.export")
    assert taken["reason"] == "1 that a filter found, as jsonl"


def test_duplicates_tells_who_is_probably_one_and_why(sharesync: Sharesync, house: House, ada: str) -> None:
    assert "No two contacts" in sharesync("contacts", "duplicates").out
    house.put("Customers", customer("Augusta", emails=["ADA@customer.example"]))
    augusta = house.contact_id("Augusta")
    (line,) = sharesync("contacts", "duplicates", "--json").lines
    assert ({line["one"], line["other"]}, line["reasons"]) == ({ada, augusta}, ["email"])
    assert line["surety"] > 0
    heading, row = sharesync("contacts", "duplicates").out.splitlines()
    assert heading.split() == ["ONE", "OTHER", "SAME", "SURETY", "ID", "OTHER", "ID"]
    assert row.split()[:3] == ["Ada", "Augusta", "email"]


def test_duplicates_says_how_many_pairs_it_does_not_list(sharesync: Sharesync, house: House) -> None:
    house.share(
        "Customers", *(customer("Augusta", emails=["ada@customer.example"], phones=[str(n)]) for n in range(12))
    )
    told = sharesync("contacts", "duplicates", "--json")
    assert len(told.lines) == 12 * 11 // 2 - 15
    assert json.loads(told.err) == {"pairs_not_listed": 15, "counted_all": True}
    assert "15 pairs of the same contacts not listed" in sharesync("contacts", "duplicates").err


def test_a_name_cannot_command_the_terminal(sharesync: Sharesync, house: House) -> None:
    house.share("Customers", {"names": [{"givenName": "Eve\u202e\u2066", "familyName": "two\nlines"}]})
    heading, row = sharesync("contacts", "list").out.splitlines()
    assert heading.startswith("NAME")
    assert row.isprintable()


def test_show_tells_everything_of_one_contact(sharesync: Sharesync, house: House) -> None:
    person = {
        "names": [{"givenName": "Åse", "familyName": "Øst"}],
        "phoneNumbers": [{"value": "+45 33 12 34 56", "type": "mobile"}],
        "birthdays": [{"date": {"month": 2, "day": 29}}],
        "biographies": [{"value": "one\ntwo"}],
    }
    house.share("Customers", person)
    contact = house.contact_id("Åse")
    assert sharesync("contacts", "show", contact, "--json").line["card"] == person
    out = sharesync("contacts", "show", contact).out
    for told in ("Åse Øst", "Customers", "version 1", contact, "+45 33 12 34 56", "mobile", "--02-29", "one", "two"):
        assert told in out


def test_edit_replaces_the_card_from_standard_input(sharesync: Sharesync, ada: str) -> None:
    told = sharesync("contacts", "edit", ada, "--card", "-", "--version", "1", "--json", stdin=EDITED)
    assert told.line == {"id": ada, "version": 2, "groups": ["Customers"], "card": json.loads(EDITED), "fields": {}}
    assert sharesync("contacts", "show", ada, "--json").line.items() >= told.line.items()


def test_edit_reads_a_file_and_an_equal_card_changes_nothing(sharesync: Sharesync, tmp_path: Path, ada: str) -> None:
    file = tmp_path / "card.json"
    file.write_text(EDITED)
    assert sharesync("contacts", "edit", ada, "--card", str(file), "--json").line["version"] == 2
    assert sharesync("contacts", "edit", ada, "--card", str(file), "--json").line["version"] == 2


def test_a_stale_version_is_refused_and_nothing_is_changed(sharesync: Sharesync, ada: str) -> None:
    sharesync("contacts", "edit", ada, "--card", "-", stdin=EDITED)
    told = sharesync("contacts", "edit", ada, "--card", "-", "--version", "1", stdin='{"nicknames": [{"value": "A"}]}')
    assert told.status == 1
    assert "version 2" in told.err
    assert sharesync("contacts", "show", ada, "--json").line["card"] == json.loads(EDITED)


@pytest.mark.parametrize(
    "card", ["", "[]", "{}", '{"names": 1}', '{"nams": []}', '{"names": [{"givenName": "x"}', "[" * 9999]
)
def test_what_is_no_card_is_refused_in_one_sentence(sharesync: Sharesync, ada: str, card: str) -> None:
    told = sharesync("contacts", "edit", ada, "--card", "-", stdin=card)
    assert (told.status, told.out) == (1, "")
    assert len(told.err.splitlines()) == 1
    assert sharesync("contacts", "show", ada, "--json").line["version"] == 1


def test_bytes_that_are_no_text_are_no_card(sharesync: Sharesync, tmp_path: Path, ada: str) -> None:
    file = tmp_path / "card.json"
    file.write_bytes(b'{"names": [{"givenName": "\xff"}]}')
    told = sharesync("contacts", "edit", ada, "--card", str(file))
    assert told.status == 1
    assert "UTF-8" in told.err


def test_a_deleted_contact_lies_in_the_trash_out_of_all_its_groups(
    sharesync: Sharesync, house: House, ada: str
) -> None:
    house.share("Press")
    house.add("Press", "Ada")
    told = sharesync("contacts", "delete", ada, "--json")
    assert told.line["groups"] == []
    assert told.line["deleted_at"]
    assert sharesync("contacts", "list", "--json").lines == []
    assert "trash" in sharesync("contacts", "show", ada).out
    assert "nothing changed" in sharesync("contacts", "delete", ada).out


def test_deleting_is_told_in_the_change_log_once_a_group_and_once_for_the_trash(
    sharesync: Sharesync, house: House, ada: str
) -> None:
    house.share("Press")
    house.add("Press", "Ada")
    sharesync("contacts", "delete", ada)
    assert {event["group_id"] for event in house.events("group.take")} == set(house.groups().values())
    assert [event["contact_id"] for event in house.events("group.take")] == [ada, ada]
    assert [event["contact_id"] for event in house.events("contact.trash")] == [ada]


@pytest.mark.parametrize("words", [("show",), ("delete",), ("edit", "--card", "-")])
def test_an_unknown_contact_is_refused_by_id(sharesync: Sharesync, words: tuple[str, ...]) -> None:
    told = sharesync("contacts", words[0], "unknown", *words[1:], stdin=EDITED)
    assert told.status == 1
    assert "unknown" in told.err


def test_a_photo_is_set_from_a_file_and_removed(sharesync: Sharesync, ada: str, tmp_path: Path) -> None:
    file = tmp_path / "face.png"
    file.write_bytes(picture("red"))
    for _ in range(2):
        assert sharesync("contacts", "photo", ada, str(file), "--json").lines == [{"id": ada, "photo": True}]
    assert "nothing changed" in sharesync("contacts", "photo", ada, str(file)).out
    assert sharesync("contacts", "photo", ada, "--remove", "--json").lines == [{"id": ada, "photo": False}]
    actions = [line["action"] for line in sharesync("audit", "list", "--json").lines]
    assert [one for one in actions if "photo" in one] == ["contact.remove_photo", "contact.set_photo"]


def test_what_is_no_picture_is_one_clear_sentence(sharesync: Sharesync, ada: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.7")
    refused = sharesync("contacts", "photo", ada, str(file))
    assert (refused.status, refused.out) == (1, "")
    assert "This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file." in refused.err


def test_a_photo_and_its_removal_at_once_are_not_understood(sharesync: Sharesync, ada: str) -> None:
    for arguments in ((ada,), (ada, __file__, "--remove")):
        refused = sharesync("contacts", "photo", *arguments)
        assert (refused.status, "Name a FILE with a picture, or say --remove." in refused.err) == (2, True)


def test_too_long_a_search_is_wrong_usage(sharesync: Sharesync, ada: str) -> None:
    for words in ("a" * 501, " ".join(map(str, range(31)))):
        told = sharesync("contacts", "list", "--search", words)
        assert (told.status, told.err) == (2, "A search has at most 500 letters and 30 words; search for less.\n")
    assert sharesync("audit", "list", "--text", "a" * 501).status == 2


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "list", "--before", "9" * 25),
        ("audit", "list", "--until", "9999-12-31T23:59:59-10:00"),
        ("audit", "list", "--since", "0001-01-01T00:00:00+10:00"),
        ("contacts", "edit", "nobody", "--version", "9" * 25),
    ],
)
def test_a_number_or_moment_beyond_every_bound_is_wrong_usage(sharesync: Sharesync, ada: str, words: list[str]) -> None:
    told = sharesync(*words)
    assert told.status == 2
    assert "Usage:" in told.err
