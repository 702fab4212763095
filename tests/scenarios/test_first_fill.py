"""The first time a mailbox sees a group: what is made, at what price, and what of the user's own is left alone."""

import threading
from datetime import timedelta

from sharesync.model.audit import OPERATOR
from sharesync.model.card import Card
from sharesync.services import contacts as contact_cases
from tests.users import User, customer
from tests.worlds import PULL, House


def test_a_shared_group_stands_as_a_label_with_its_contacts_in_every_granted_mailbox(
    house: House, bo: User, cy: User, dag: User
) -> None:
    house.share("Customers", "Ada", "Grace", "Linus", bo="edit", cy="view")
    house.sync_until_quiet()
    assert bo.sees("Customers") == cy.sees("Customers") == ["Ada", "Grace", "Linus"]
    assert dag.sees() == dag.labels() == []


def test_a_user_without_any_grant_is_never_asked_about(house: House) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    assert {one.user for one in house.workspace.log.entries() if one.user} == {house.address("bo")}


def test_a_small_fill_takes_one_batch_and_three_calls_more(house: House, bo: User) -> None:
    house.share("Customers", *(f"Customer{number}" for number in range(12)), bo="view")
    report = bo.pass_over()
    assert report.calls == PULL | {"contactGroups.create": 1, "people.batchCreateContacts": 1}
    assert report.calls == house.calls("bo")
    assert report.tally.created == len(set(bo.sees("Customers"))) == 12


def test_up_to_five_contacts_are_made_one_by_one_because_that_is_cheaper(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    assert bo.pass_over().calls == PULL | {"contactGroups.create": 1, "people.createContact": 2}


def test_an_empty_group_is_an_empty_label(house: House, bo: User) -> None:
    house.share("Customers", bo="view")
    house.sync_until_quiet()
    assert (bo.labels(), bo.sees()) == (["Customers"], [])


def test_everything_on_a_card_arrives_and_stays_quiet(house: House, bo: User) -> None:
    full = customer(
        "Þórdís",
        family="Ægisdóttir-Łukasiewicz",
        emails=["Thordis@Example.IS", "þ@íslenska.example"],
        phones=["+354 555 1234", "ext. 12"],
        note="Línur\nog fleiri línur — “gæsalappir” 🧭",
        job=("Ålesund & Søn", "Forstöðumaður"),
        birthday=(0, 2, 29),
    ) | {
        "addresses": [{"type": "work", "streetAddress": "Nyhavn 17", "city": "København K", "country": "Danmark"}],
        "userDefined": [{"key": "Kundenr.", "value": "00042"}],
        "relations": [{"person": "Jón", "type": "spouse"}],
        "events": [{"type": "anniversary", "date": {"year": 2011, "month": 6, "day": 17}}],
        "imClients": [{"username": "thordis", "protocol": "jabber"}],
        "urls": [{"value": "kde.org", "type": "homePage"}],
        "nicknames": [{"value": "Dísa"}],
    }
    house.share("Customers", full, bo="edit")
    house.sync_until_quiet()
    assert bo.shows("Þórdís").note.endswith("🧭")
    assert len(house.versions("Þórdís")) == 1


# --- What the user has already. --------------------------------------------------------------------------------------


def test_an_equal_contact_of_the_users_own_is_adopted_not_copied(house: House, bo: User, cy: User) -> None:
    bo.makes("Ada", note="met at sea")
    cy.makes("Ada", note="met at sea")
    house.share("Customers", customer("Ada", note="met at sea"), bo="edit", cy="view")
    house.sync_until_quiet()
    for user in (bo, cy):
        assert user.sees() == user.sees("Customers") == ["Ada"]
    assert len(house.versions("Ada")) == 1


def test_a_merely_similar_contact_is_left_alone(house: House, bo: User) -> None:
    bo.makes("Ada", phones=["+45 11 11 11 11"])
    house.share("Customers", "Ada", bo="delete")
    house.sync_until_quiet()
    assert (bo.sees("Customers"), bo.sees()) == (["Ada"], ["Ada", "Ada"])
    assert house.stored("Ada").phones == ()


def test_of_two_equal_contacts_of_the_users_own_one_is_adopted_and_one_left_alone(house: House, bo: User) -> None:
    bo.makes("Ada")
    bo.makes("Ada")
    house.share("Customers", "Ada", bo="edit")
    house.sync_until_quiet()
    assert (bo.sees("Customers"), bo.sees()) == (["Ada"], ["Ada", "Ada"])


def test_a_contact_added_later_to_a_group_already_granted_is_adopted_too(house: House, bo: User) -> None:
    bo.makes("Grace")
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    house.put("Customers", "Grace")
    house.sync_until_quiet()
    assert bo.sees() == bo.sees("Customers") == ["Ada", "Grace"]


def test_an_own_contact_made_after_the_first_fill_is_adopted_when_its_equal_is_shared(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    bo.makes("Grace")
    house.sync_until_quiet()
    house.put("Customers", "Grace")
    house.sync_until_quiet()
    assert bo.sees() == bo.sees("Customers") == ["Ada", "Grace"]


def test_a_contact_that_joins_while_a_mailbox_is_filled_is_adopted_too(house: House, bo: User) -> None:
    bo.makes("Grace")
    house.share("Customers", "Ada", bo="view")
    house.meanwhile("createContact", lambda: house.put("Customers", "Grace"))
    house.sync_until_quiet()
    assert bo.sees() == bo.sees("Customers") == ["Ada", "Grace"]


def test_what_is_committed_after_everyone_was_read_is_younger_however_early_it_began(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    bo.makes("Grace")
    house.sync_until_quiet()
    begun, over = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with house.world.work(OPERATOR) as work:
            contact_cases.create(work, house.group_id("Customers"), Card.parse(customer("Grace")))
            begun.set()
            over.wait(0.3)  # meanwhile the pass looks in the store, which knows nothing of it yet

    writer = threading.Thread(target=write_slowly)

    def begin() -> None:
        writer.start()
        assert begun.wait(60)
        house.wait(seconds=1)

    house.meanwhile("contactGroups", begin)
    bo.pass_over(full=True)
    writer.join()
    house.sync_until_quiet()
    assert bo.sees() == bo.sees("Customers") == ["Ada", "Grace"]


def test_adoption_keeps_the_users_star_labels_photo_and_other_programs_data(house: House, bo: User) -> None:
    bo.makes_label("Friends of mine")
    bo.makes("Ada", under=["Friends of mine"], data={"crm": "7"})
    bo.stars("Ada")
    bo.photographs("Ada")
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Friends of mine"}
    assert bo.data_on("Ada") == {"crm": "7"}
    assert "starred" in bo.find("Ada")["labels"]
    assert bo.find("Ada")["photo"]


def test_a_label_of_the_users_own_with_the_groups_name_is_left_alone(house: House, bo: User) -> None:
    bo.makes_label("Customers")
    bo.makes("Mum", under=["Customers"])
    house.share("Customers", "Ada", bo="delete")
    house.sync_until_quiet()
    assert bo.labels() == ["Customers", "Customers (shared)"]
    assert (bo.sees("Customers"), bo.sees("Customers (shared)")) == (["Mum"], ["Ada"])
    assert house.contacts() == ["Ada"]


def test_a_label_takes_the_first_free_name_of_many(house: House, bo: User) -> None:
    for taken in ("customers", "Customers (shared)", "Customers (shared 2)"):
        bo.makes_label(taken)
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    assert bo.sees("Customers (shared 3)") == ["Ada"]


# --- Two groups. ------------------------------------------------------------------------------------------------------


def test_a_contact_of_two_groups_is_one_person_under_two_labels(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    house.share("Partners", "Linus", bo="edit")
    house.add("Partners", "Ada")
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Partners"}
    assert bo.sees() == ["Ada", "Grace", "Linus"]


def test_a_second_group_granted_later_only_puts_its_label_on_what_is_there(house: House, bo: User) -> None:
    house.share("Customers", "Ada", "Grace", bo="view")
    house.share("Partners", cy="view")
    house.add("Partners", "Ada", "Grace")
    house.sync_until_quiet()
    house.grant("Partners", house.address("bo"), "view")
    house.forget_calls()
    house.sync_until_quiet()
    assert bo.sees("Partners") == ["Ada", "Grace"]
    assert not [method for method in house.calls("bo") if "reate" in method and "contactGroups" not in method]


def test_a_label_just_made_that_google_does_not_find_yet_is_filled_later(house: House, bo: User) -> None:
    house.share("Customers", "Ada", bo="view")
    house.sync_until_quiet()
    house.turn(new_label_lag=30)
    house.share("Partners", bo="view")
    house.add("Partners", "Ada")
    bo.pass_over()
    house.sync_until_quiet()
    assert bo.labels_on("Ada") == {"Customers", "Partners"}


def test_what_a_pass_used_of_its_quota_goes_with_the_mailbox_to_the_next_process(house: House, bo: User) -> None:
    def used() -> int:
        return sum(units for _, units in house.world.google.spent(bo.id).get("critical_write", ()))

    house.share("Customers", *(f"Nobody{number}" for number in range(12)), bo="view")
    house.pass_over("bo")
    before = used()
    assert before > 0
    house.open()  # another process, as far as this one's memory goes
    assert used() == 0
    house.put("Customers", "Ada")
    house.pass_over("bo", wait=timedelta())
    assert used() > before
