"""`sharesync groups`: made, listed, renamed, deleted; contacts into and out of them."""

from tests.terminal import Sharesync


def test_a_new_group_is_listed_with_its_contacts_counted(sharesync: Sharesync, ada: str) -> None:
    made = sharesync("groups", "create", "Öresund", "--json").line
    assert sharesync("groups", "list", "--json").lines == [
        {"id": sharesync("groups", "list", "--json").lines[0]["id"], "name": "Customers", "contacts": 1},
        {"id": made["id"], "name": "Öresund", "contacts": 0},
    ]


def test_people_read_groups_as_aligned_columns(sharesync: Sharesync) -> None:
    sharesync("groups", "create", "Ö")
    sharesync("groups", "create", "Suppliers")
    heading, *rows = sharesync("groups", "list").out.splitlines()
    assert heading.split() == ["NAME", "CONTACTS", "ID"]
    assert [row.split()[:2] for row in rows] == [["Ö", "0"], ["Suppliers", "0"]]  # as English sorts
    assert {row.index(row.split()[2]) for row in rows} == {heading.index("ID")}


def test_an_empty_list_says_what_to_do(sharesync: Sharesync) -> None:
    assert "sharesync groups create NAME" in sharesync("groups", "list").out
    assert sharesync("groups", "list", "--json").out == ""


def test_a_group_is_found_by_name_or_id_and_renamed(sharesync: Sharesync) -> None:
    group = sharesync("groups", "create", "Old", "--json").line["id"]
    sharesync("groups", "rename", "old", "Newer")
    sharesync("groups", "rename", group, "Newest")
    assert [line["name"] for line in sharesync("groups", "list", "--json").lines] == ["Newest"]


def test_a_deleted_group_is_gone_and_its_contacts_with_it(sharesync: Sharesync, ada: str) -> None:
    assert sharesync("groups", "delete", "Customers").status == 0
    assert sharesync("groups", "list", "--json").lines == []
    assert sharesync("contacts", "list", "--json").lines == []
    assert sharesync("contacts", "show", ada, "--json").line["groups"] == []


def test_contacts_go_into_and_out_of_groups(sharesync: Sharesync, ada: str) -> None:
    sharesync("groups", "create", "Friends")
    assert sharesync("groups", "add", "Friends", ada, "--json").line["added"] == [ada]
    assert sharesync("groups", "add", "Friends", ada, "--json").line["added"] == []
    assert sharesync("contacts", "show", ada, "--json").line["groups"] == ["Customers", "Friends"]
    assert sharesync("groups", "take", "Customers", ada, "--json").line["taken"] == [ada]
    assert sharesync("contacts", "show", ada, "--json").line["groups"] == ["Friends"]


def test_what_is_not_there_or_taken_is_refused_in_one_sentence(sharesync: Sharesync, ada: str) -> None:
    for words, named in (
        (("rename", "Nobody's", "X"), "Nobody's"),
        (("delete", "Nobody's"), "Nobody's"),
        (("add", "Customers", "unknown"), "unknown"),
        (("create", "CUSTOMERS"), "CUSTOMERS"),
        (("create", "  "), "name"),
    ):
        told = sharesync("groups", *words)
        assert (told.status, told.out) == (1, "")
        assert named in told.err
        assert len(told.err.splitlines()) == 1


def test_a_missing_argument_is_wrong_usage(sharesync: Sharesync) -> None:
    for words in (("create",), ("add", "Customers"), ("rename", "Customers"), ("nonsense",)):
        assert sharesync("groups", *words).status == 2


def test_a_smart_group_is_made_shown_changed_and_given_away(sharesync: Sharesync, ada: str) -> None:
    made = sharesync("groups", "create", "Adas", "--filter", "name:ada", "--from", "Customers", "--json").line
    assert (made["contacts"], made["filter"]) == (1, "name:ada")
    assert sharesync("contacts", "show", ada, "--json").line["groups"] == ["Adas", "Customers"]
    assert sharesync("groups", "list").out.splitlines()[0].split() == ["NAME", "CONTACTS", "FILTER", "ID"]
    told = sharesync("groups", "choose", "Adas", "--filter", "-name:ada", "--dry-run", "--json").line
    assert told == {"joining": 0, "leaving": 1}
    assert sharesync("groups", "choose", "Adas", "--filter", "-name:ada", "--yes").status == 0
    assert sharesync("contacts", "show", ada, "--json").line["groups"] == ["Customers"]
    assert sharesync("groups", "give", "Adas").status == 0


def test_what_no_smart_group_can_be_is_said_in_one_sentence(sharesync: Sharesync, ada: str) -> None:
    sharesync("groups", "create", "Adas", "--filter", "name:ada", "--from", "Customers")
    for words, named in (
        (("create", "Other", "--filter", "ada", "--from", "Adas"), "is a smart group"),
        (("choose", "Customers", "--filter", "ada"), "by hand"),
        (("add", "Adas", ada), "A filter chooses"),
        (("take", "Adas", ada), "A filter chooses"),
        (("pass-on", "Adas", "editors"), "A filter chooses"),
    ):
        told = sharesync("groups", *words)
        assert (told.status, told.out) == (1, "")
        assert named in told.err
    for options in (["--filter", "ada"], ["--filter", "nam:ada", "--from", "Customers"], ["--from", "Customers"]):
        assert sharesync("groups", "create", "Other", *options).status == 2
