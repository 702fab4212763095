"""What someone may not see any more, or never might, has no name, no place and no readers in their page."""

from typing import Any

import pytest
from flask import Flask

from tests.web.conftest import signed_in
from tests.worlds import House


def test_after_a_revoke_ones_mailbox_page_names_nobody_any_more(app: Flask, shared: House) -> None:
    shared.grant("Press", shared.address("bo"), "view")
    bo = signed_in(app, shared, "bo")
    page = f"/mailboxes/{shared.users['bo'].id}"
    assert "Ada" in bo.get(page).text
    shared.revoke("Customers", "bo")
    shared.sync_until_quiet()
    shared.edit("Ada", family="Afterwards")
    told: Any = bo.get(page).text
    assert "Afterwards" not in told
    assert "Ada" not in told
    assert "another contact" in told
    assert "Ada" in signed_in(app, shared, "anna").get(page).text


def test_who_manages_a_group_does_not_read_the_name_of_what_left_it_for_a_hidden_one(app: Flask, shared: House) -> None:
    shared.add("Customers", "Zoë")
    shared.take("Press", "Zoë")
    shared.edit("Zoë", family="Afterwards")
    dag = signed_in(app, shared, "dag")
    for page in ("", "/activity"):
        assert "Afterwards" not in dag.get(f"/groups/{shared.group_id('Press')}{page}").text


def test_what_left_a_group_for_the_trash_keeps_its_name_there(app: Flask, shared: House) -> None:
    shared.take("Press", "Zoë")
    assert "Zoë" in signed_in(app, shared, "dag").get(f"/groups/{shared.group_id('Press')}/activity").text


def test_receipts_tell_of_nobody_who_has_the_contact_through_a_hidden_group_alone(app: Flask, shared: House) -> None:
    shared.add("Press", "Ada")
    shared.sync_until_quiet()
    page = f"/contacts/{shared.contact_id('Ada')}"
    dag: Any = signed_in(app, shared, "dag").get(page).text
    everyone: Any = signed_in(app, shared, "anna").get(page).text
    for name in ("bo", "cy"):
        address = f"/mailboxes/{shared.users[name].id}"
        assert (address in dag, address in everyone) == (False, True), name
    assert f"/mailboxes/{shared.users['dag'].id}" in dag


@pytest.mark.parametrize("list_", ["/contacts/", "/trash/"])
def test_the_order_of_a_hidden_contact_cannot_be_asked(app: Flask, shared: House, list_: str) -> None:
    """Ada comes before Zoë, Zzz after her; neither is for dag to see, so both lead to the first page."""
    shared.put("Customers", "Zzz")
    if list_ == "/trash/":
        for name in ("Zzz", "Zoë", "Ada"):
            shared.wait(seconds=1)
            shared.take("Press" if name == "Zoë" else "Customers", name)
    dag = signed_in(app, shared, "dag")
    hidden = [shared.contact_id(name) for name in ("Ada", "Zzz")]
    assert ["Zoë" in dag.get(f"{list_}?after={one}").text for one in hidden] == [True, True]
