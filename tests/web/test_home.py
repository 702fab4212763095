"""The first page."""

import re
from datetime import timedelta

from flask import Flask

from sharesync.model.audit import OPERATOR
from sharesync.services import groups, quality
from sharesync.store.queries.activity import by_day
from tests.users import customer
from tests.web.conftest import Live, Signed, signed_in
from tests.web.waiting import let_wait
from tests.worlds import House


def test_an_empty_house_says_what_to_do_first(house: House, browser: Signed) -> None:
    text = browser.get("/").text
    assert "No mailbox sees a group yet" in text
    assert 'role="button" href="/groups/new"' in text
    with house.world.work(OPERATOR) as work:
        group = groups.create(work, "Customers").id
    assert f'href="/groups/{group}/access/">Give access to Customers<' in browser.get("/").text


def test_it_sums_up_mailboxes_groups_and_contacts(still_live: Live) -> None:
    text = still_live("/")
    assert "All 3 mailboxes are up to date" in text
    assert "3 contacts in 2 groups, shared with 3 people." in text
    assert all(name in text for name in ("Customers", "Press"))
    assert 'id="mailbox-' not in text  # whose mailbox is well is not listed


def test_what_is_on_its_way_is_counted(shared: House, live: Live) -> None:
    shared.put("Customers", "Edith")
    text = live("/")
    assert "1 of 3 mailboxes up to date" in text
    assert "2 contacts on the way to 2 mailboxes." in text
    behind = text[text.index('id="h-behind"') :].partition("</section>")[0]
    assert [name in behind for name in ("Bo Bøgh", "Cy Çelik", "Dag Dæhlie")] == [True, True, False]


def test_a_mailbox_that_needs_someone_is_said_first_and_not_listed_again(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("dag"), contacts_on=False)
    shared.pass_over("dag")
    assert shared.state("dag")[0] == "attention"
    text = live("/")
    assert "1 mailbox needs attention" in text
    assert (text.count('id="trouble-'), text.count(f'id="mailbox-{shared.users["dag"].id}"')) == (1, 0)


def test_a_suspended_user_is_paused_and_no_failure(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("cy"), suspended=True)
    shared.sync_directory()
    shared.sync()
    text = live("/")
    assert "All 2 mailboxes are up to date" in text
    assert "1 mailbox paused." in text


def test_the_latest_changes_are_sentences_with_actor_outcome_and_links(shared: House, live: Live) -> None:
    shared.users["bo"].edits("Ada", phones=["+45 11 11 11 11"])
    shared.users["cy"].edits("Grace", note="mine")
    shared.sync_until_quiet()
    text = " ".join(live("/").split())
    assert f'<b>Bo Bøgh</b> changed <a href="/contacts/{shared.contact_id("Ada")}">Ada</a>' in text
    assert f'<b>Cy Çelik</b> proposed a change of <a href="/contacts/{shared.contact_id("Grace")}">Grace</a>' in text
    assert "waiting" in text
    assert "in Google Contacts" in text


def test_the_readers_own_looks_at_the_log_are_not_among_the_latest_changes(app: Flask, shared: House) -> None:
    eva, anna = signed_in(app, shared, "eva"), signed_in(app, shared, "anna")
    eva.get("/audit/")
    anna.get("/audit/")
    assert eva.get("/").text.count("read the change log") == 1
    assert "Anna Ågård</b> read" in " ".join(eva.get("/").text.split())


def test_deliveries_are_not_among_the_latest_changes(still_live: Live) -> None:
    assert "delivered" not in still_live("/")


def test_htmx_gets_the_live_part_alone_and_the_browsers_history_the_whole_page(shared: House, browser: Signed) -> None:
    part = browser.get("/", headers={"HX-Request": "true"}).text
    restored = browser.get("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}).text
    assert "<html" not in part
    assert part.strip() in browser.get("/").text
    assert "<html" in restored


def test_the_page_names_the_domain_and_asks_for_itself_again(house: House, browser: Signed) -> None:
    text = browser.get("/").text
    assert "north.test" in text
    assert 'hx-get="/" hx-trigger="every 2s' in text


# --- What needs whoever looks ----------------------------------------------------------------------------------------


def needs(text: str) -> str:
    """The part of the page that says what needs them; empty where nothing does."""
    return text.partition("Needs your decision")[2].partition("</section>")[0]


def test_what_waits_is_a_link_for_who_may_decide_and_for_nobody_else(app: Flask, shared: House) -> None:
    let_wait(shared, "Ada", "Grace")
    anna, fin, cy = (signed_in(app, shared, who) for who in ("anna", "fin", "cy"))
    told = needs(anna.get("/").text)
    for words, address in (("1 hold", "/holds/"), ("2 proposals", "/proposals/"), ("2 conflicts", "/conflicts/")):
        assert f'href="{address}">{words}<' in told
    assert needs(fin.get("/").text) == needs(cy.get("/").text) == ""
    shared.grant("Customers", "fin@north.test", "manage")
    assert "2 proposals" in needs(fin.get("/").text)


def test_a_mailbox_that_needs_attention_is_named_with_what_to_do(shared: House, live: Live) -> None:
    shared.workspace.directory.change_user(shared.address("bo"), contacts_on=False)
    shared.pass_over("bo")
    told = needs(live("/"))
    assert "Bo Bøgh’s mailbox needs attention" in told
    assert shared.state("bo")[1].replace("'", "&#39;") in told


def test_where_nothing_waits_nothing_is_asked(shared: House, live: Live) -> None:
    assert needs(live("/")) == ""


def test_how_old_the_oldest_change_on_its_way_is_said_in_one_sentence(shared: House, live: Live) -> None:
    assert "The oldest change on its way was made" not in live("/")
    shared.edit("Ada", note="new")
    shared.wait(seconds=40)
    assert re.search(r"The oldest change on its way was made <time[^>]+>40 seconds ago</time>", live("/"))


def test_changes_and_deliveries_are_counted_by_the_day_they_were_made(shared: House, browser: Signed) -> None:
    noon = (shared.now() + timedelta(days=3)).astimezone().replace(hour=12, minute=0)
    shared.wait(seconds=(noon - shared.now()).total_seconds())
    shared.edit("Ada", note="one")
    shared.edit("Ada", note="two")
    shared.sync_until_quiet()
    shared.wait(days=1)
    days = re.findall(r'data-value="(\d+)">[^<]*</t[hd]>', browser.get("/").text)
    rows = [tuple(map(int, days[at : at + 3])) for at in range(0, len(days), 3)]
    assert len(rows) == 14
    assert [told[1:] for told in rows[:3]] == [(0, 0), (2, 2), (0, 0)]  # today, yesterday, the day before
    # Before that: two groups, three contacts and three grants; two contacts to two mailboxes each, one to one.
    assert [sum(told[at] for told in rows[3:]) for at in (1, 2)] == [8, 5]


def test_a_log_whose_clock_was_set_back_still_has_its_days(shared: House) -> None:
    with shared.database.reading() as session:
        moment = shared.now() + timedelta(days=1)
        assert [(day.changes, day.deliveries) for day in by_day(session, [moment])] == [(0, 0)]


def test_probable_duplicates_are_told_to_those_who_may_rule_on_them(app: Flask, house: House, browser: Signed) -> None:
    house.share("Customers", customer("Ada", emails=["ada@x.example"]), bo="edit", cy="view")
    house.share("Press", customer("Adda", emails=["ada@x.example"]), bo="edit", dag="edit")
    line = re.compile(r'href="/duplicates/">Probable duplicates: 1 pair<')
    for name, told in (("anna", True), ("bo", True), ("cy", False), ("dag", False), ("eva", False)):
        assert bool(line.search(signed_in(app, house, name).get("/").text)) == told, name
    browser.submit(f"/duplicates/{house.contact_id('Ada')}/{house.contact_id('Adda')}", {"do": "apart"})
    assert "Probable duplicates" not in browser.get("/").text


def test_what_is_longer_ago_than_a_day_is_not_news(app: Flask, shared: House) -> None:
    assert "Nothing changed in the last day" not in signed_in(app, shared, "anna").get("/").text
    shared.wait(days=2)
    assert "Nothing changed in the last day" in signed_in(app, shared, "anna").get("/").text


def test_quality_is_told_in_one_line_that_leads_to_the_contacts(shared: House, app: Flask) -> None:
    shared.put("Customers", customer("Nil", emails=["nowhere"]))
    assert "h-quality" not in signed_in(app, shared, "anna").get("/").text  # nothing was counted yet
    quality.count(shared.world)
    assert (
        'href="/contacts/?q=invalid:email">An e-mail address looks wrong: 1<'
        in signed_in(app, shared, "anna").get("/").text
    )
    assert "h-quality" not in signed_in(app, shared, "bo").get("/").text


# --- For those who oversee nothing -----------------------------------------------------------------------------------


def test_who_oversees_nothing_finds_a_search_first_and_what_changed_in_their_groups(app: Flask, shared: House) -> None:
    shared.wait(seconds=60)
    shared.edit("Grace", note="new")
    shared.edit("Zoë", note="not for Cy")
    text = signed_in(app, shared, "cy").get("/").text
    search = text.index('role="search" action="/contacts/"')
    changed = text[text.index('id="h-changed"') :].partition("</section>")[0]
    assert search < text.index('id="h-changed"')
    assert re.findall(r'class="stretch" href="[^"]+">([^<]+)<', changed) == ["Grace", "Ada"]
    assert not any(
        word in text for word in ("Changed in the last day", "/changes/", '/mailboxes/"', "Zoë", "The last two weeks")
    )


def test_who_has_no_group_is_told_where_to_go_on(app: Flask, shared: House) -> None:
    text = signed_in(app, shared, "fin").get("/").text
    empty = text[text.index("No group is shared with you yet") :].partition("</div>")[0]
    assert 'href="/mine/"' in empty


def test_what_one_hid_is_not_among_what_changed(app: Flask, shared: House) -> None:
    cy = signed_in(app, shared, "cy")
    cy.submit(f"/mine/{shared.group_id('Customers')}/decline")
    assert ">Ada<" not in cy.get("/").text
