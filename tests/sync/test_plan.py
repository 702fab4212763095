"""The plan: what a mailbox lacks, no more; and carried out, nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from sharesync.model.access import Level
from sharesync.model.link import HeldParts, Label, Link, LinkState, Origin, Snapshot
from sharesync.model.photo import UNSETTLED, digest, refusal
from sharesync.sync.plan import Plan, lacks_photo, looks_due, plan
from tests.sync.mailboxes import Moment, calm, moments
from tests.sync.scene import IDA, LONG_AGO, NOW, OTHERS, SALES, TEAM, Scene, label, person, scene

NONE: frozenset[str] = frozenset()
DAY = NOW + timedelta(days=1)
RED, BLUE, GREEN = digest(b"red"), digest(b"blue"), digest(b"green")


def planned(mailbox: Scene, wrong_names: frozenset[str] = NONE) -> Plan:
    return plan(mailbox.known, wrong_names, NOW)


def filled(*groups: str) -> Scene:
    """Ida's contact stands in the mailbox as it should."""
    mailbox = scene(Level.VIEW, team=Level.VIEW)
    mailbox.labels = {group: mailbox.labels[group] for group in mailbox.levels}
    mailbox.contact("ida", IDA, *groups or (SALES,))
    mailbox.link("ida")
    return mailbox


def with_photo(wanted: bytes | None, settled: bytes | None = None, *groups: str) -> Scene:
    """Ida's contact stands in the mailbox as it should, but for its photo."""
    mailbox = filled(*groups)
    mailbox.wanted["ida"] = replace(mailbox.wanted["ida"], photo=wanted)
    mailbox.links["ida"] = replace(mailbox.links["ida"], photo=settled)
    return mailbox


def carried_out(known: Snapshot, todo: Plan) -> Snapshot:
    """What is known after a plan was carried out without a fault."""
    labels = dict(known.labels)
    for group in todo.make_labels:
        labels[group] = Label(group, label(group), "e1", known.names[group])
    links = dict(known.links)
    for contact in todo.create:
        wanted = known.wanted[contact]
        links[contact] = Link(
            contact,
            LinkState.LIVE,
            Origin.CREATED,
            wanted.version,
            f"s-{contact}",
            etag="e1",
            labels=wanted.groups,
            marked=True,
        )
    for contact in todo.update:
        links[contact] = replace(
            links[contact], base_version=known.wanted[contact].version, agreed=b"new", seen=b"new", marked=True
        )
    for group, contacts in todo.put_on.items():
        for contact in contacts:
            links[contact] = replace(links[contact], labels=links[contact].labels | {group})
    for group, contacts in todo.take_off.items():
        for contact in contacts:
            links[contact] = replace(links[contact], labels=links[contact].labels - {group})
    for contact in todo.release:
        del links[contact]
    for group in todo.drop_labels:
        del labels[group]
    return replace(known, labels=labels, links=links)


# --- Laws ------------------------------------------------------------------------------------------------------------


@given(calm())
def test_for_a_mailbox_at_rest_there_is_nothing_to_do(mailbox: Scene) -> None:
    todo = planned(mailbox)
    assert not todo
    assert list(todo.actions()) == []


@given(moments())
def test_once_carried_out_nothing_is_left_to_do(moment: Moment) -> None:
    known = moment.scene.known
    assert not plan(carried_out(known, plan(known, NONE, NOW)), NONE, NOW)


@given(moments())
def test_once_carried_out_the_mailbox_shows_what_its_grants_say(moment: Moment) -> None:
    known = moment.scene.known
    after = carried_out(known, plan(known, NONE, NOW))
    assert after.labels.keys() == known.levels.keys()
    live = {contact: link for contact, link in after.links.items() if link.state is LinkState.LIVE}
    unknown = (LinkState.CREATING, LinkState.LEAVING)  # nothing is sent before a reading has told how far that came
    waiting = {contact for contact, link in known.links.items() if link.state in unknown}
    assert live.keys() == known.wanted.keys() - waiting
    unread = {contact for contact, link in known.links.items() if link.look_at is not None and link.look_at <= NOW}
    for contact, link in live.items():
        if contact in unread:
            assert link == known.links[contact]
            continue
        assert (link.labels, link.base_version) == (known.wanted[contact].groups, known.wanted[contact].version)


@given(moments())
def test_nothing_of_a_group_that_is_not_granted_is_made_changed_or_put_on(moment: Moment) -> None:
    known = moment.scene.known
    todo = plan(known, frozenset({SALES, TEAM, OTHERS}), NOW)
    granted = {contact for contact, wanted in known.wanted.items() if wanted.groups & known.levels.keys()}
    assert {*todo.create, *todo.update} <= granted
    assert {*todo.make_labels, *todo.rename_labels, *todo.put_on} <= known.levels.keys()
    assert not {*todo.drop_labels} & known.levels.keys()
    assert not {*todo.release} & granted


@given(moments())
def test_a_contact_is_made_changed_or_released_once(moment: Moment) -> None:
    todo = planned(moment.scene)
    contacts = [*todo.create, *todo.update, *todo.release]
    assert len(contacts) == len(set(contacts))
    moved = {contact for some in (todo.put_on, todo.take_off) for contacts in some.values() for contact in contacts}
    assert not moved & {*todo.create, *todo.release}
    assert not any(set(todo.put_on.get(group, ())) & set(contacts) for group, contacts in todo.take_off.items())


@given(moments())
def test_a_plan_that_does_something_says_so(moment: Moment) -> None:
    todo = planned(moment.scene, frozenset({SALES}))
    assert bool(todo) == bool(list(todo.actions()))


# --- Cases -----------------------------------------------------------------------------------------------------------


def test_an_empty_mailbox_gets_labels_and_contacts() -> None:
    mailbox = scene(Level.VIEW)
    mailbox.labels = {}
    mailbox.contact("ida", IDA, SALES)
    mailbox.contact("bo", person("Bo"), SALES)
    assert planned(mailbox) == Plan(make_labels=(SALES,), create=("bo", "ida"))


def test_a_label_whose_making_was_not_answered_is_made() -> None:
    mailbox = filled()
    mailbox.labels[SALES] = Label(SALES, "", "", SALES, LONG_AGO)
    assert planned(mailbox) == Plan(make_labels=(SALES,))


@pytest.mark.parametrize(
    "change",
    [lambda link: replace(link, look_at=NOW), lambda link: replace(link, etag="")],
    ids=["to be looked at", "found with something typed on it"],
)
def test_nothing_is_written_over_what_has_not_been_read(change: Callable[[Link], Link]) -> None:
    mailbox = filled()
    mailbox.contact("ida", IDA, TEAM)
    mailbox.links["ida"] = change(replace(mailbox.links["ida"], base_version=0))
    assert not planned(mailbox)


def test_while_a_look_is_planned_for_later_the_etag_guards_what_is_written() -> None:
    mailbox = filled()
    mailbox.links["ida"] = replace(mailbox.links["ida"], base_version=0, look_at=NOW + timedelta(seconds=1))
    assert planned(mailbox) == Plan(update=("ida",))


@pytest.mark.parametrize(
    "change",
    [
        lambda link: replace(link, base_version=0),
        lambda link: replace(link, seen=b"other"),
        lambda link: replace(link, marked=False),
    ],
    ids=["older", "not at rest", "unmarked"],
)
def test_a_person_that_is_not_as_it_should_be_is_changed(change: Callable[[Link], Link]) -> None:
    mailbox = filled()
    mailbox.links["ida"] = change(mailbox.links["ida"])
    assert planned(mailbox) == Plan(update=("ida",))


def test_labels_are_put_on_and_taken_off() -> None:
    mailbox = filled(SALES)
    mailbox.links["ida"] = replace(mailbox.links["ida"], labels=frozenset({TEAM, OTHERS}))
    assert planned(mailbox) == Plan(put_on={SALES: ("ida",)}, take_off={OTHERS: ("ida",), TEAM: ("ida",)})


def test_what_is_no_longer_granted_is_released_and_its_label_goes() -> None:
    mailbox = filled(SALES)
    del mailbox.levels[SALES]
    mailbox.wanted.clear()
    assert planned(mailbox) == Plan(release=("ida",), drop_labels=(SALES,))


def test_a_contact_that_another_group_holds_loses_only_the_label() -> None:
    mailbox = filled(SALES, TEAM)
    del mailbox.levels[SALES]
    mailbox.contact("ida", IDA, SALES, TEAM)
    assert planned(mailbox) == Plan(take_off={SALES: ("ida",)}, drop_labels=(SALES,))


def test_a_label_that_was_its_users_own_stays_on_their_person_when_it_ends_and_others_go() -> None:
    mailbox = filled(SALES)
    mailbox.labels[OTHERS] = Label(OTHERS, label(OTHERS), "e1", OTHERS, given=True)
    mailbox.links["ida"] = replace(mailbox.links["ida"], origin=Origin.GIVEN, labels=frozenset({SALES, OTHERS, TEAM}))
    assert planned(mailbox) == Plan(take_off={TEAM: ("ida",)}, drop_labels=(OTHERS,))


def test_a_create_without_an_answer_is_neither_repeated_nor_released() -> None:
    mailbox = filled()
    mailbox.creating("ida")
    assert not planned(mailbox)
    mailbox.wanted.clear()
    assert not planned(mailbox)


def test_a_release_without_an_answer_goes_on_and_waits_for_a_reading_where_the_contact_is_wanted_again() -> None:
    mailbox = filled()
    mailbox.links["ida"] = replace(mailbox.links["ida"], state=LinkState.LEAVING, labels=frozenset(), seen=b"other")
    assert not planned(mailbox)
    mailbox.wanted.clear()
    assert planned(mailbox) == Plan(release=("ida",))


def test_a_label_under_a_wrong_name_is_renamed_while_it_is_granted() -> None:
    mailbox = filled()
    assert planned(mailbox, frozenset({SALES, OTHERS})) == Plan(rename_labels=(SALES,))


@pytest.mark.parametrize("state", [LinkState.LIVE, LinkState.REFUSED])
def test_what_is_set_aside_waits_until_it_changes_or_its_time_is_over(state: LinkState) -> None:
    mailbox = filled()
    day = NOW + timedelta(days=1)
    aside = replace(
        mailbox.links["ida"],
        state=state,
        base_version=0,
        labels=frozenset(),
        aside="Google refuses it.",
        aside_version=1,
        aside_until=day,
    )
    mailbox.links["ida"] = aside
    again = Plan(create=("ida",)) if state is LinkState.REFUSED else Plan(update=("ida",), put_on={SALES: ("ida",)})
    assert not planned(mailbox)
    assert not plan(mailbox.known, NONE, day - timedelta(microseconds=1))
    assert plan(mailbox.known, NONE, day) == again
    mailbox.contact("ida", IDA, SALES, version=2)
    assert planned(mailbox) == again


def test_a_release_that_is_set_aside_waits_until_its_time_is_over() -> None:
    mailbox = filled()
    mailbox.wanted.clear()
    mailbox.links["ida"] = replace(
        mailbox.links["ida"], aside="Google refuses it.", aside_until=NOW + timedelta(hours=1)
    )
    assert not planned(mailbox)
    mailbox.links["ida"] = replace(mailbox.links["ida"], aside_until=NOW)
    assert planned(mailbox) == Plan(release=("ida",))


def test_what_is_held_is_neither_undone_nor_made_again() -> None:
    mailbox = filled(SALES, TEAM)
    mailbox.links["ida"] = replace(mailbox.links["ida"], seen=b"edited", labels=frozenset())
    mailbox.held["ida"] = HeldParts(frozenset({SALES}), edit=SALES)
    assert planned(mailbox) == Plan(put_on={TEAM: ("ida",)})
    del mailbox.links["ida"]
    assert planned(mailbox) == Plan(create=("ida",))
    mailbox.held["ida"] = HeldParts(frozenset({SALES, TEAM}))
    assert not planned(mailbox)


@pytest.mark.parametrize(
    ("wanted", "settled"),
    [(RED, None), (RED, BLUE), (RED, UNSETTLED), (None, RED), (None, UNSETTLED)],
    ids=["none yet", "another", "not known to be there", "ours goes", "not known to be gone"],
)
def test_a_photo_that_is_not_the_one_last_settled_is_seen_to(wanted: bytes | None, settled: bytes | None) -> None:
    mailbox = with_photo(wanted, settled)
    assert planned(mailbox) == Plan(photos=("ida",))
    assert planned(mailbox)
    assert lacks_photo(mailbox.known, mailbox.links["ida"], NOW)


@pytest.mark.parametrize("photo", [RED, None])
def test_a_photo_that_is_settled_is_left_alone_whatever_its_user_did_since(photo: bytes | None) -> None:
    mailbox = with_photo(photo, photo)
    assert not planned(mailbox)
    assert not lacks_photo(mailbox.known, mailbox.links["ida"], NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda link: replace(link, state=LinkState.CREATING),
        lambda link: replace(link, state=LinkState.LEAVING),
        lambda link: replace(
            link, state=LinkState.REFUSED, aside="Google refuses it.", aside_version=1, aside_until=DAY
        ),
        lambda link: replace(link, look_at=NOW),
        lambda link: replace(link, look_at=NOW + timedelta(seconds=1)),
    ],
    ids=["no answer yet", "going", "refused", "to be looked at", "to be looked at later"],
)
def test_a_photo_waits_for_a_person_that_stands_there_and_has_been_looked_at(change: Callable[[Link], Link]) -> None:
    mailbox = with_photo(RED)
    mailbox.links["ida"] = change(mailbox.links["ida"])
    assert not planned(mailbox).photos
    assert not lacks_photo(mailbox.known, mailbox.links["ida"], NOW)


def test_nothing_is_done_about_the_photo_of_what_is_held_or_no_longer_wanted() -> None:
    mailbox = with_photo(RED)
    mailbox.held["ida"] = HeldParts(frozenset(), edit=SALES)
    assert not planned(mailbox)
    assert not lacks_photo(mailbox.known, mailbox.links["ida"], NOW)
    mailbox.held.clear()
    mailbox.wanted.clear()
    assert planned(mailbox) == Plan(release=("ida",))
    assert not lacks_photo(mailbox.known, mailbox.links["ida"], NOW)


@pytest.mark.parametrize("wanted", [RED, None])
def test_a_photo_that_is_set_aside_waits_until_it_changes_or_its_time_is_over(wanted: bytes | None) -> None:
    mailbox = with_photo(wanted, GREEN)
    mailbox.links["ida"] = replace(
        mailbox.links["ida"], aside="Google refuses it.", aside_version=refusal(wanted), aside_until=DAY
    )
    link = mailbox.links["ida"]
    for now, due in ((NOW, False), (DAY - timedelta(microseconds=1), False), (DAY, True)):
        assert plan(mailbox.known, NONE, now) == Plan(photos=("ida",) if due else ())
        assert lacks_photo(mailbox.known, link, now) is due
    mailbox.wanted["ida"] = replace(mailbox.wanted["ida"], photo=BLUE)
    assert planned(mailbox) == Plan(photos=("ida",))
    mailbox.wanted["ida"] = replace(mailbox.wanted["ida"], photo=wanted, version=2)
    assert planned(mailbox) == Plan(update=("ida",))


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (lambda link: replace(link, base_version=0), Plan(update=("ida",))),
        (lambda link: replace(link, labels=frozenset({TEAM})), Plan(put_on={SALES: ("ida",)})),
        (lambda link: replace(link, labels=frozenset({SALES, TEAM, OTHERS})), Plan(take_off={OTHERS: ("ida",)})),
    ],
    ids=["changed", "put on", "taken off"],
)
def test_whatever_else_is_written_to_a_person_comes_before_the_photo_and_holds_up_no_others(
    change: Callable[[Link], Link], first: Plan
) -> None:
    mailbox = with_photo(RED, None, SALES, TEAM)
    mailbox.links["ida"] = change(mailbox.links["ida"])
    assert planned(mailbox) == first
    mailbox.contact("bo", person("Bo"), SALES)
    mailbox.link("bo")
    mailbox.wanted["bo"] = replace(mailbox.wanted["bo"], photo=BLUE)
    assert planned(mailbox) == replace(first, photos=("bo",))


def test_a_dry_run_prints_every_action_in_the_order_in_which_it_is_sent() -> None:
    todo = Plan(
        make_labels=("m",),
        rename_labels=("n",),
        create=("c",),
        update=("u",),
        put_on={"g": ("p",)},
        take_off={"g": ("t",)},
        release=("r",),
        photos=("f",),
        drop_labels=("d",),
    )
    assert list(todo.actions()) == [
        ("label.create", "m"),
        ("label.rename", "n"),
        ("contact.create", "c"),
        ("contact.update", "u"),
        ("label.put_on", "p"),
        ("label.take_off", "t"),
        ("contact.release", "r"),
        ("contact.set_photo", "f"),
        ("label.delete", "d"),
    ]


def test_what_stands_there_for_a_group_that_waits_alone_stays_as_it_is() -> None:
    mailbox = filled()
    mailbox.contact("eva", person("Eva"), SALES)
    assert planned(mailbox).create == ("eva",)
    assert not plan(replace(mailbox.known, waiting=frozenset({SALES})), NONE, NOW)
    assert not plan(replace(mailbox.known, waiting=frozenset({SALES, TEAM})), NONE, NOW)


def test_a_look_is_due_from_its_moment_on() -> None:
    mailbox = filled()
    assert not looks_due(mailbox.known, NOW)
    mailbox.links["ida"] = replace(mailbox.links["ida"], look_at=NOW)
    assert looks_due(mailbox.known, NOW)
    assert not looks_due(mailbox.known, NOW - timedelta(seconds=1))
