"""Our own files, brought in again where they came from: nobody is new, and nobody changed."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharesync.formats.entries import Bad, Parsed
from sharesync.formats.file_reading import read
from sharesync.formats.file_writing import Exported, ExportFormat, pieces
from sharesync.model.card import Card
from sharesync.services.import_entries import import_entries
from sharesync.store.queries import contact_pages
from tests.formats.cards import TEXTS, cards
from tests.store.stores import Store

_NUMBERS = count()


def brought_back(store: Store, form: ExportFormat, some: list[Card], *, told: Callable[[str], str] = str) -> int:
    """How many contacts an import of a group's own export makes or changes."""
    group = f"own-{next(_NUMBERS)}"
    store.group(group)
    with store.work() as work:
        import_entries(work, group, [Parsed(line, card) for line, card in enumerate(some)])
    with store.reading() as session:
        there = list(contact_pages.everyone(session, contact_pages.ContactFilter(group=group)))
    exported = [Exported(one.id, one.version, (group,), one.card) for one in there]
    entries = read(told("".join(pieces(form, exported))).encode()).entries
    with store.work() as work:
        report = import_entries(work, group, [one for one in entries if not isinstance(one, Bad)])
    return report.created + report.changed + report.added


@pytest.mark.parametrize("form", ExportFormat)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(cards(TEXTS), min_size=1, max_size=4))
def test_an_export_brought_in_again_is_nothing_new(company: Store, form: ExportFormat, some: list[Card]) -> None:
    assert brought_back(company, form, some) == 0


@pytest.mark.parametrize(
    "more",
    [
        {"emailAddresses": [{"value": "ida@x.test", "displayName": "Ida at work"}]},
        {"organizations": [{"name": "Holm", "current": True}]},
        {"nicknames": [{"value": "Idda", "type": "SHORT_NAME"}]},
        {"names": [{"givenName": "Ida", "phoneticFullName": "Eeda"}]},
        {"occupations": [{"value": "a ::: b"}]},
        {"emailAddresses": [{"value": "ida@x.test", "type": "Work"}]},
        {"addresses": [{"country": "Denmark", "countryCode": "DK", "city": "By"}]},
        {"addresses": [{"country": "Denmark", "countryCode": "SE", "city": "By"}]},
    ],
    ids=",".join,
)
@pytest.mark.parametrize("form", ExportFormat)
def test_what_a_format_cannot_tell_makes_no_twin(company: Store, form: ExportFormat, more: dict[str, object]) -> None:
    assert brought_back(company, form, [Card.parse({"names": [{"givenName": "Ida"}]} | more)]) == 0


def test_who_differs_in_what_a_format_tells_is_new(company: Store) -> None:
    one = Card.parse({"names": [{"givenName": "Ida"}], "nicknames": [{"value": "Idda", "type": "SHORT_NAME"}]})
    assert brought_back(company, ExportFormat.GOOGLE_CSV, [one], told=lambda text: text.replace("Idda", "Eva")) == 1


@pytest.mark.parametrize("field", ["emailAddresses", "phoneNumbers", "nicknames"])
def test_who_has_no_name_is_known_in_whatever_order_their_values_stand(company: Store, field: str) -> None:
    """A list calls them by the first."""
    values = [{"value": "30405060"}, {"value": "40506070"}]
    company.group("own")
    with company.work() as work:
        import_entries(work, "own", [Parsed(1, Card.parse({field: values}))])
        again = import_entries(work, "own", [Parsed(1, Card.parse({field: values[::-1]}))])
    assert (again.created, again.unchanged) == (0, 1)
