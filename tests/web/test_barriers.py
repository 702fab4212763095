"""The pages for deciding, moving and auditing in a real browser: open to everyone, by day and night, on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text as sql

import web
from sharesync.model.audit import OPERATOR
from sharesync.services import erasure, merging
from sharesync.settings import Settings
from tests.users import customer
from tests.web.chromium import chromium, look, serving, walk, window
from tests.web.conftest import SIGN_IN, build, let_in, open_session
from tests.web.waiting import begin_review, tell_the_story, the_one, write_entry
from tests.worlds import House
from web.frame import running

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A House in which something of everything waits."""
    made = build(tmp_path_factory.mktemp("told"))
    tell_the_story(made)
    made.take("Press", "Zoë")
    let_be_erased(made)
    let_be_twice(made)
    open_session(made, "anna")
    for doer in ("anna", ""):
        write_entry(made, "Ida", doer=doer)
    begin_review(made, "dag", "cy", group="Partners")
    yield made
    made.close()


@pytest.fixture(scope="module")
def at(told: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings.from_environment(SIGN_IN, tmp_path_factory.mktemp("settings"))
    with serving(web.create_app(told.world, settings)) as address:
        yield address


def pages(house: House) -> list[str]:
    """What is looked at."""
    return [
        "/",
        "/find/?q=a",
        "/trash/",
        "/set-up/",
        "/moving/",
        "/mine/",
        "/calendar/",
        "/mine/share",
        "/audit/",
        "/audit/3",
        "/audit/verify",
        f"/mailboxes/{house.users['bo'].id}",
        "/holds/",
        f"/holds/{the_one(house, 'holds')}",
        "/proposals/",
        f"/proposals/{the_one(house, 'proposals')}",
        "/conflicts/",
        f"/conflicts/{the_one(house, 'conflicts')}",
        "/duplicates/",
        "/duplicates/decided",
        "/quality/",
        "/reviews/",
        "/reviews/new",
        f"/reviews/{house.query('SELECT id FROM reviews')[0][0]}",
        f"/duplicates/{house.contact_id('Ida')}/{house.contact_id('Idha')}",
        f"/contacts/{house.contact_id('Ida')}?show=entries&show=changes&show=deliveries",
        f"/contacts/{house.contact_id('Ida')}/entries",
        f"/contacts/{house.contact_id('Ida')}/entries/{house.query('SELECT min(id) FROM entries')[0][0]}",
        f"/contacts/{house.contact_id('Ida')}/erase",
        f"/contacts/{house.events('contact.erase')[0]['contact_id']}/erase",
    ]


def let_be_erased(house: House) -> None:
    """Otto, gone from one of two mailboxes."""
    house.put("Press", "Otto")
    house.users["fin"].pass_over()
    house.users["eva"].pass_over()
    with house.world.work(OPERATOR) as work:
        erasure.erase(work, house.contact_id("Otto"), "asked for it, case 7")
    house.users["fin"].pass_over()


def let_be_twice(house: House) -> None:
    """Ida twice, of which nothing is decided, and Una twice, merged."""
    told = {"note": "met at the fair", "phones": ["+45 33 12 34 56"], "birthday": (1815, 12, 10)}
    for one, other in (("Ida", "Idha"), ("Una", "Unna")):
        mail = [f"{one}@observatory.example"]
        house.put("Partners", customer(one, family="Holm", emails=mail, note="plays whist"))
        house.put("Partners", customer(other, family="Holm", emails=mail, **told))  # type: ignore[arg-type]  # words of Values alone
    with house.world.work(OPERATOR) as work:
        merging.merge(work, house.contact_id("Una"), house.contact_id("Unna"), (1, 1))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_lets_everyone_in_keeps_its_policy_and_fits_a_phone(
    told: House, at: str, chromium: Browser, scheme: str
) -> None:
    with window(chromium, color_scheme=scheme) as page:
        let_in(page, told, at)
        assert walk(page, at, pages(told)) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_so_does_every_page_that_a_file_passes_on_its_way_in(
    told: House, at: str, chromium: Browser, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PATIENCE", 0.1)  # else no page says that a file is being looked at
    with window(chromium, color_scheme=scheme) as page:
        let_in(page, told, at)
        assert bring_in(page, told, at, scheme) == {}


def bring_in(page: Page, house: House, at: str, scheme: str) -> dict[str, list[str]]:
    """What keeps someone out of the pages that a file passes on its way in, each of which leads to the next.

    Of its contacts one is new, one is known by her address, and one is nobody; which columns they have, nobody knows.
    """
    rows = (f"Edith {scheme},Volt A/S,edith.{scheme}@x.example", "Gracie,,grace@customer.example", "#N/A,,")
    page.goto(f"{at}/moving/?group={house.group_id('Customers')}")
    file = "\n".join((f"Hvem {scheme},Hvor,Hvordan", *rows)).encode()  # what is said of columns is remembered
    page.get_by_label("File").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": file})
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("heading", name="Columns")).to_be_visible()
    found = look(page, "the columns of a file")
    with house.database.writing() as session:
        session.execute(sql("DELETE FROM declined"))  # takes the writer's place, so the rehearsal waits for it
        page.get_by_role("button", name="Show what it would do").click()
        expect(page.get_by_role("heading", name="The file is being looked at")).to_be_visible()
        found |= look(page, "a file that is being looked at")
    expect(page.get_by_text("Probably in the group already: 1 entry")).to_be_visible()
    found |= look(page, "what an import would do")
    with house.database.writing() as session:
        session.execute(sql("DELETE FROM declined"))  # and the import
        page.get_by_role("button", name=re.compile("^Import$")).click()
        expect(page.get_by_role("heading", name="The file is coming in")).to_be_visible()
        found |= look(page, "an import that goes on")
    expect(page.get_by_text("left out as probably known, 1 not imported")).to_be_visible()
    return found | look(page, "an import that has ended")


@pytest.fixture
def page(told: House, at: str, chromium: Browser) -> Iterator[Page]:
    with window(chromium) as opened:
        let_in(opened, told, at)
        yield opened


def test_one_box_chooses_all(told: House, at: str, page: Page) -> None:
    page.goto(f"{at}/holds/{the_one(told, 'holds')}")
    page.get_by_label("All on this page").check()
    expect(page.get_by_label("4 ticked")).to_be_checked()
    expect(page.locator("[name=contact]:checked")).to_have_count(4)
    page.get_by_label("4 ticked").uncheck()
    expect(page.locator("[name=contact]:checked")).to_have_count(0)


def test_the_chart_is_drawn_from_its_table(at: str, page: Page) -> None:
    page.goto(at)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    page.get_by_text("As a table").click()
    expect(page.locator("#activity tbody tr")).to_have_count(14)
