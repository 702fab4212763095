"""`sharesync contacts bulk`: one deed on many contacts, shown first and undone as one."""

from tests.terminal import Sharesync
from tests.worlds import House


def test_a_deed_is_shown_done_and_undone(sharesync: Sharesync, house: House, ada: str) -> None:
    house.put("Customers", "Bo")
    house.share("Press", "Zoë")
    command = ("contacts", "bulk", "tag", "vip", "--in", "Customers")
    shown = sharesync(*command, "--dry-run")
    assert (shown.status, shown.out) == (0, "It would be done to 2 contacts\n")
    (done,) = sharesync(*command, "--json").lines
    assert (done["number"], done["same"], done["refused"]) == (2, 0, [])
    found = sharesync("contacts", "list", "--filter", "tag:vip", "--json").lines
    assert {line["id"] for line in found} == {ada, house.contact_id("Bo")}
    undone = sharesync("contacts", "bulk", "undo", done["deed"])
    assert (undone.status, undone.out, undone.err) == (0, "Undone: 2 changes.\n", "")
    assert sharesync("contacts", "list", "--filter", "tag:vip", "--json").lines == []


def test_every_deed_does_what_it_says(sharesync: Sharesync, house: House, ada: str) -> None:
    house.share("Press", "Zoë")
    for words in ("set Tags a,b", "untag b", "add Press"):
        assert sharesync("contacts", "bulk", *words.split(), "--id", ada).status == 0
    (line,) = sharesync("contacts", "list", "--filter", "tag:a -tag:b", "--json").lines
    assert (line["id"], line["groups"]) == (ada, ["Customers", "Press"])
    for words in ("clear Tags", "take Press", "delete"):
        assert sharesync("contacts", "bulk", *words.split(), "--filter", "ada").status == 0
    assert house.trash() == ["Ada"]
    assert house.contacts("Press") == ["Zoë"]


def test_more_than_twenty_are_asked_about(sharesync: Sharesync, house: House, ada: str) -> None:
    house.put("Customers", *(f"N{number:02}" for number in range(30)))
    command = ("contacts", "bulk", "delete", "--in", "Customers")
    assert sharesync(*command).status != 0
    assert sharesync(*command, "--json").status == 2
    assert len(house.contacts("Customers")) == 31
    assert sharesync(*command, "--yes").status == 0
    assert house.contacts("Customers") == []


def test_it_says_which_contacts_are_meant(sharesync: Sharesync, house: House, ada: str) -> None:
    assert sharesync("contacts", "bulk", "delete").status == 2
    assert sharesync("contacts", "bulk", "delete", "--id", ada, "--in", "Customers").status == 2
    assert sharesync("contacts", "bulk", "set", "Nothing", "x", "--id", ada).status == 1
    assert house.contacts("Customers") == ["Ada"]
