"""`sharesync reviews`: started, listed, followed and ended."""

from tests.terminal import Sharesync
from tests.worlds import House


def test_a_review_is_started_listed_shown_and_ended(house: House, sharesync: Sharesync) -> None:
    house.share("Customers", "Ada", "Grace", "Hedy", bo="edit", cy="view")
    people = ("--person", house.address("bo"), "--person", house.address("cy"))
    made = sharesync(
        "reviews", "create", "Spring", "--group", "customers", "--by", "2999-01-31", *people, "--json"
    ).line
    assert (made["group"], made["contacts"], made["open"], made["ended"]) == ("Customers", 3, 3, False)
    assert sharesync("reviews", "list", "--json").lines == [made]
    shown = sharesync("reviews", "show", made["id"], "--json").lines
    assert sorted(line["open"] for line in shown) == [1, 2]
    assert {line["person"] for line in shown} == {house.address("bo"), house.address("cy")}
    assert sharesync("reviews", "end", made["id"], "--json").line == made | {"ended": True}


def test_what_cannot_be_asked_is_refused_in_a_sentence(house: House, sharesync: Sharesync) -> None:
    house.share("Customers", "Ada", bo="edit")
    asked = ("reviews", "create", "Spring", "--group", "Customers", "--by", "2999-01-31")
    assert "Name at least one person" in sharesync(*asked).err
    assert "Nobody who is named sees 1 contact" in sharesync(*asked, "--person", house.address("cy")).err
    assert sharesync("reviews", "list").out.startswith("There is no review")
