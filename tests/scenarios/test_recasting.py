"""An upgrade to a release for which less counts as a change: nobody's contact looks edited, and nothing is sent."""

import hashlib
import json

import pytest
from alembic import command

from sharesync.model.card import Card
from sharesync.store.upgrading import upgrade
from tests.store.test_migrations import migrating
from tests.users import Json
from tests.worlds import House

NAME = [{"givenName": "Rosa"}]
NOW: Json = {
    "names": NAME,
    "emailAddresses": [{"value": "rosa@x.test"}],
    "phoneNumbers": [{"value": "+45 33 12 34 56"}],
    "addresses": [{"city": "Byen", "country": "Denmark", "type": "work"}],
}
THEN: Json = {
    "names": NAME,
    "emailAddresses": [{"value": "rosa\u200b@x.test"}],
    "phoneNumbers": [{"value": "\u202a+45 33 12 34 56\u202c"}],
    "addresses": [{"city": "Byen", "country": "Denmark", "type": "Work"}],
}
SHOWN: Json = {"addresses": [{"city": "Byen", "country": "Denmark", "countryCode": "DK", "type": "Work"}]}


def as_then(card: Json) -> bytes:
    """The fingerprint of a card as the first release made it."""
    pairs = [
        (name, [json.dumps(one, sort_keys=True, ensure_ascii=False) for one in card[name]]) for name in sorted(card)
    ]
    return hashlib.blake2b(json.dumps(pairs, ensure_ascii=False).encode(), digest_size=16).digest()


def put_back(house: House) -> None:
    """The database as the release before left it."""
    shown = as_then(THEN | SHOWN)
    with migrating(house.database) as (_, config):
        command.downgrade(config, "0017")
    change = house.store.change
    change("UPDATE contacts SET card = ?, fingerprint = ?", (json.dumps(THEN), as_then(THEN)))
    change("UPDATE contact_versions SET card = ?", (json.dumps(THEN),))
    change("UPDATE links SET patch = ?, agreed = ?, seen = ?", (json.dumps(SHOWN), shown, shown))


@pytest.mark.parametrize("level", ["view", "edit"])
@pytest.mark.parametrize("full", [False, True], ids=["changes", "everything"])
def test_an_upgrade_is_no_edit(house: House, level: str, full: bool) -> None:
    house.share("Customers", NOW, bo=level)
    house.sync_until_quiet()
    before, told = house.mailbox("bo"), len(house.query("SELECT 1 FROM events"))
    put_back(house)
    upgrade(house.database)
    assert Card.parse(THEN | SHOWN) == Card.parse(NOW)
    assert house.query("SELECT DISTINCT fingerprint FROM contacts") == [(Card.parse(NOW).fingerprint,)]
    assert house.query("SELECT DISTINCT agreed, seen FROM links") == [(Card.parse(NOW).fingerprint,) * 2]
    house.sync(full=full)
    house.sync_until_quiet()
    assert house.mailbox("bo") == before
    assert len(house.query("SELECT 1 FROM events")) == told
    assert len(house.versions("Rosa")) == 1


@pytest.mark.parametrize("level", ["view", "edit"])
def test_what_google_derives_from_an_address_is_no_edit_after_a_reset(house: House, level: str) -> None:
    house.share("Customers", NOW, bo=level)
    house.sync_until_quiet()
    told = len(house.query("SELECT 1 FROM contact_versions"))
    house.sync(reset=True)
    house.sync_until_quiet()
    assert len(house.query("SELECT 1 FROM contact_versions")) == told
    assert not house.events("proposal.keep") + house.events("contact.update")


def test_who_stands_in_the_mailbox_with_what_google_derives_is_adopted(house: House) -> None:
    house.share("Customers", THEN | SHOWN, bo="view")
    bo = house.users["bo"]
    bo.hands.create(NOW)
    house.sync_until_quiet()
    assert [one["fields"]["names"][0]["givenName"] for one in house.mailbox("bo")["contacts"]] == ["Rosa"]
