"""What is erased is in no byte of the database's files any more."""

from pathlib import Path

import pytest

from tests.kept import File
from tests.terminal import Sharesync
from tests.users import customer
from tests.worlds import House

TRACES = (b"Lovelace", b"ada@customer.example", b"plays whist")


def bytes_of(folder: Path, name: str) -> bytes:
    """The database's file and those beside it."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob(f"{name}*")))


def test_no_byte_of_an_erased_contact_is_left_in_the_files(house: House, sharesync: Sharesync) -> None:
    if not isinstance(house.store, File):
        pytest.skip("PostgreSQL alone knows its files")
    house.share("Customers", customer("Ada", family="Lovelace", note="plays whist"), "Grace")
    house.edit("Ada", note="plays whist on Mondays")
    assert all(trace in bytes_of(house.folder, house.file.name) for trace in TRACES)
    ada = house.contact_id("Ada")
    house.database.close()
    assert sharesync("contacts", "erase", ada, "--reason", "asked for it").status == 0
    assert [trace for trace in TRACES if trace in bytes_of(house.folder, house.file.name)] == []
    assert b"Grace" in bytes_of(house.folder, house.file.name)
