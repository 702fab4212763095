"""Signs and pairs: what every card that was written is compared with before anybody asks."""

from random import Random

import pytest
from sqlalchemy import delete, event, func, select, text, update

from sharesync.model import likeness_odds
from sharesync.model.card import Card
from sharesync.model.likeness_odds import Reason
from sharesync.services import duplicates
from sharesync.store.database.keys import ensure
from sharesync.store.database.tables import UNCOMPARED, ContactRow, PairRow, SignRow
from sharesync.store.records import contacts, erasure, likeness_blocks, likeness_index
from tests.store.stores import Store
from tests.users import fields


def ada(**more: str) -> Card:
    """Ada, as somebody typed her."""
    mail, phone = more.get("mail", ""), more.get("phone", "")
    return Card.parse(
        fields(
            given=more.get("given", "Ada"),
            family=more.get("family", "Lovelace"),
            emails=[mail] if mail else [],
            phones=[phone] if phone else [],
            note=more.get("note", ""),
        )
    )


def pairs(store: Store) -> list[tuple[str, str]]:
    """Who is probably one, the surest first."""
    with duplicates.compared(store.database) as session:
        rows = session.execute(select(PairRow).order_by(PairRow.surety.desc(), PairRow.one_id)).scalars()
        return [(row.one_id, row.other_id) for row in rows]


def count(store: Store, table: type[SignRow] | type[PairRow]) -> int:
    with duplicates.compared(store.database) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_contacts_are_paired_as_they_come_together_or_one_by_one(store: Store) -> None:
    with store.work() as work:
        both = {"a": ada(mail="ada@x.example"), "b": ada(given="A", family="L", mail="ADA@x.example")}
        contacts.insert_contacts(work, [(contact, of, "event") for contact, of in both.items()])
    store.contact("c", ada(mail="ada@x.example"))
    assert pairs(store) == [("a", "c"), ("a", "b"), ("b", "c")]


def test_a_changed_card_is_compared_anew(store: Store) -> None:
    store.contact("a", ada(mail="ada@x.example"))
    store.contact("b", ada(given="Bo", family="Byron", mail="bo@y.example"))
    store.contact("c", ada(given="Cy", family="Cain", mail="cy@y.example"))
    with store.work() as work:
        contacts.change(work, "a", 1, ada(given="Cy", family="Cain"), "event")
    assert pairs(store) == [("a", "c")]
    with store.work() as work:
        contacts.change(work, "c", 1, ada(given="Dag", family="Dahl"), "event")
    assert pairs(store) == []


def test_a_changed_contact_has_the_signs_of_its_new_card_alone(store: Store) -> None:
    store.contact("a", ada(mail="ada@x.example", phone="+45 33 12 34 56"))
    with store.work() as work:
        contacts.change(work, "a", 1, ada(given="Cy", mail="ada@x.example"), "event")
    store.contact("b", ada(given="Cy", mail="ada@x.example"))
    with duplicates.compared(store.database) as session:
        told = {row.sign: row.contact_id for row in session.scalars(select(SignRow).order_by(SignRow.contact_id))}
    assert set(told.values()) == {"b"}
    assert count(store, SignRow) == 2 * len(told)


def test_who_writes_contacts_writes_no_sign_and_a_change_of_what_is_not_compared_nor_does_who_compares(
    store: Store,
) -> None:
    group = store.group("g")
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        told.append(statement)

    def said() -> list[str]:
        return [one for one in told if "signs" in one or "pairs" in one]

    with store.work() as work:
        event.listen(work.session.connection(), "before_cursor_execute", note)
        contacts.insert_contacts(work, [("a", ada(mail="ada@x.example"), "event")])
        contacts.join(work, group, ["a"])
        contacts.change(work, "a", 1, ada(mail="ada@x.example", phone="+45 33 12 34 56"), "event")
        _, orphans = contacts.leave(work, [(group, "a")])
        contacts.trash(work, {contact: (left, "event") for contact, left in orphans.items()})
        contacts.join(work, group, ["a"])
    assert told
    assert said() == []
    signs = count(store, SignRow)
    with store.work() as work:
        contacts.change(work, "a", 2, ada(mail="ada@x.example", phone="+45 33 12 34 56", note="plays whist"), "event")
    told.clear()
    with store.database.writing() as session:
        event.listen(session.connection(), "before_cursor_execute", note)
        assert likeness_index.compare_some(session, 10) == 1
    assert told
    assert said() == []
    assert count(store, SignRow) == signs


def test_signs_and_pairs_that_the_release_before_noted_are_in_nobodys_way(store: Store) -> None:
    for one in "ab":
        store.contact(one, ada(mail="ada@x.example"))
    found, signs = told_of(store), count(store, SignRow)
    with store.work() as work:
        work.session.execute(update(ContactRow).values(compared=0))
    assert (told_of(store), count(store, SignRow)) == (found, signs)


def test_what_waits_is_known_by_an_index(store: Store) -> None:
    explain = "EXPLAIN QUERY PLAN" if store.database.engine.dialect.name == "sqlite" else "EXPLAIN"
    with store.reading() as session:
        if store.database.numbers_later:
            session.execute(text("SET enable_seqscan = off"))
        asked = text(f"{explain} SELECT id FROM contacts WHERE {UNCOMPARED.text} LIMIT 1")
        assert "ix_contacts_uncompared" in str(session.execute(asked).all())


def test_what_is_erased_has_neither_sign_nor_pair(store: Store) -> None:
    with store.work() as work:
        ensure(work.session)
    for one in "ab":
        store.contact(one, ada(mail="ada@x.example"))
    assert pairs(store) == [("a", "b")]
    with store.work() as work:
        erasure.wipe(work, "a")
    with store.reading() as session:  # at once, whoever compares
        assert session.scalars(select(PairRow.one_id)).all() == []
        assert set(session.scalars(select(SignRow.contact_id))) == {"b"}
    assert pairs(store) == []
    with store.reading() as session:
        assert set(session.scalars(select(SignRow.contact_id))) == {"b"}
    store.contact("c", ada(mail="ada@x.example"))
    assert pairs(store) == [("b", "c")]


@pytest.mark.parametrize("pieces", [(20,), (12, 8), (1, 19), (1,) * 20])
def test_equal_contacts_are_paired_alike_in_whatever_pieces_they_come(store: Store, pieces: tuple[int, ...]) -> None:
    names = iter(f"c{number:02}" for number in range(20))
    for piece in pieces:
        with store.work() as work:
            some = [(next(names), ada(mail="ada@x.example"), "event") for _ in range(piece)]
            contacts.insert_contacts(work, some)
    # Each of the first six with each other and with the fourteen that follow.
    assert len(pairs(store)) == 6 * 5 // 2 + 6 * 14


def told_of(store: Store) -> set[tuple[str, str, int]]:
    """Each pair with how sure it is."""
    with duplicates.compared(store.database) as session:
        return {(row.one_id, row.other_id, row.surety) for row in session.scalars(select(PairRow))}


def made_anew(store: Store) -> set[tuple[str, str, int]]:
    """The pairs as they are when all contacts are compared at once."""
    with store.work() as work:
        work.session.execute(delete(PairRow))
        work.session.execute(delete(SignRow))
        work.session.execute(update(ContactRow).values(compared=0))
    return told_of(store)


def test_the_pairs_depend_on_the_contacts_and_not_on_how_they_came(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Bounds so narrow that a few dozen contacts cross them both ways.
    monkeypatch.setattr(likeness_blocks, "FIRST", 2)
    monkeypatch.setattr(likeness_blocks, "LISTED", 8)
    monkeypatch.setattr(likeness_index, "LISTED", 8)
    monkeypatch.setattr(likeness_odds, "COUNTED", 8)
    chance = Random(7)
    there: dict[str, tuple[int, Card]] = {}
    trashed: dict[str, tuple[int, Card]] = {}
    group = store.group("g")
    with store.work() as work:
        ensure(work.session)

    def some_card() -> Card:
        return ada(
            given=chance.choice(["Ada", "Adda", "A.", "Bo", ""]),
            family=chance.choice(["Lovelace", "Lovelacce", "Byron", ""]),
            mail=chance.choice(["ada@x.example", "order@x.example", ""]),
            phone=chance.choice(["+45 33 12 34 56", "33 12 34 56", ""]),
        )

    names = [f"c{number:02}" for number in range(60)]
    chance.shuffle(names)
    for step in range(120):
        act = chance.random()
        with store.work() as work:
            if act < 0.5 and names:
                new = {names.pop(): some_card() for _ in range(min(chance.randint(1, 4), len(names)))}
                contacts.insert_contacts(work, [(contact, card, "event") for contact, card in new.items()])
                there |= {contact: (1, card) for contact, card in new.items()}
            elif act < 0.8 and there:
                contact = chance.choice(sorted(there))
                version, card = there[contact]
                if (changed := some_card()) != card:
                    contacts.change(work, contact, version, changed, "event")
                    there[contact] = (version + 1, changed)
            elif there and act < 0.9:
                contact = chance.choice(sorted(there))
                trashed[contact] = there.pop(contact)
                contacts.trash(work, {contact: ([], "event")})
            elif trashed and act < 0.95:  # to come back as it was, or changed there
                contact = chance.choice(sorted(trashed))
                version, card = trashed.pop(contact)
                if (changed := some_card()) != card and chance.random() < 0.5:
                    contacts.change(work, contact, version, changed, "event")
                    version, card = version + 1, changed
                contacts.join(work, group, [contact])
                contacts.leave(work, [(group, contact)])
                there[contact] = (version, card)
            elif there:
                contact = chance.choice(sorted(there))
                del there[contact]
                erasure.wipe(work, contact)
        if chance.random() < 0.3:
            duplicates.catch_up(store.database)
        if step % 15 == 14:
            assert told_of(store) == made_anew(store)


def test_a_switchboard_makes_nobody_one(store: Store) -> None:
    people = [("Anna", "Berg"), ("Bo", "Holm"), ("Carl", "Lund"), ("Dorte", "Friis"), ("Emil", "Krag")]
    for given, family in people:
        store.contact(given, ada(given=given, family=family, phone="+45 33 33 33 33"))
    assert pairs(store) == []
    for one in "xy":
        store.contact(one, ada(given="Dag", family="Dahl", phone="+45 33 33 33 33", mail="d@x.example"))
    assert pairs(store) == [("x", "y")]


def test_all_are_compared_where_none_has_been(store: Store) -> None:
    for one in "abc":
        store.contact(one, ada(mail="ada@x.example"))
    found, number = told_of(store), count(store, SignRow)
    assert len(found) == 3
    assert made_anew(store) == found
    assert count(store, SignRow) == number


def test_many_are_compared_a_piece_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in "abcde":
        store.contact(one, ada(mail="ada@x.example"))
    found = told_of(store)
    monkeypatch.setattr(duplicates, "PIECE", 2)
    assert made_anew(store) == found
    with store.work() as work:
        work.session.execute(update(ContactRow).values(compared=0))
        work.session.execute(delete(PairRow))
        work.session.execute(delete(SignRow))
    duplicates.catch_up(store.database, seconds=0)  # who has no time compares nothing, and can say how much that is
    with store.reading() as session:
        assert likeness_index.uncompared(session, 3) == 3
        assert likeness_index.uncompared(session, 9) == 5


def test_whom_a_card_is_probably_about_is_told_with_the_reasons(store: Store) -> None:
    store.group("g")
    store.group("h")
    store.contact("a", ada(mail="ada@x.example"), "g")
    store.contact("b", ada(mail="ada@elsewhere.example"), "g")
    store.contact("c", ada(mail="ada@x.example"), "h")
    store.contact("d", ada(given="", family="", phone="+45 33 12 34 56"), "g")
    card = ada(mail="ADA@x.example", phone="33 12 34 56")
    with duplicates.compared(store.database) as session:
        found = duplicates.likely(session, card, ["g"])
        everywhere = duplicates.likely(session, card)
    assert [(one.contact, [why.reason for why in one.likeness.evidence]) for one in found] == [
        ("a", [Reason.EMAIL, Reason.NAME]),
        ("d", [Reason.NUMBER]),
    ]
    assert [one.contact for one in everywhere] == ["a", "c", "d"]


def test_each_of_many_cards_has_its_own_answer(store: Store) -> None:
    store.contact("a", ada(mail="ada@x.example"))
    store.contact("b", ada(given="Bo", family="Byron", mail="bo@x.example"))
    cards = [ada(given="Bo", family="Byron"), ada(given="Cy", family="Cain"), ada()]
    with duplicates.compared(store.database) as session:
        found = duplicates.likely_each(session, cards)
    assert [[one.contact for one in some] for some in found] == [["b"], [], ["a"]]


def test_what_lies_in_the_trash_is_nobodys_duplicate_until_it_comes_back(store: Store) -> None:
    store.contact("a", ada(mail="ada@x.example"), store.group("g"))
    with store.work() as work:
        _, orphans = contacts.leave(work, [("g", "a")])
        contacts.trash(work, {contact: (left, "event") for contact, left in orphans.items()})
    with duplicates.compared(store.database) as session:
        assert duplicates.likely(session, ada(mail="ada@x.example")) == []
    with store.work() as work:
        contacts.join(work, "g", ["a"])
    with duplicates.compared(store.database) as session:
        assert [one.contact for one in duplicates.likely(session, ada(mail="ada@x.example"))] == ["a"]


def test_copies_in_the_trash_hide_no_duplicate(store: Store) -> None:
    """An import that was undone again and again leaves more of them than a value's holders are compared by."""
    group = store.group("g")
    each = likeness_blocks.LISTED // 5
    for turn in range(10):
        some = [f"a{turn}{number:02}" for number in range(each)]
        with store.work() as work:
            contacts.insert_contacts(work, [(one, ada(mail="ada@x.example"), "event") for one in some])
            contacts.join(work, group, some)
        duplicates.catch_up(store.database)
        with store.work() as work:
            _, orphans = contacts.leave(work, [(group, one) for one in some])
            contacts.trash(work, {contact: (left, "event") for contact, left in orphans.items()})
    assert count(store, SignRow) == 0
    for contact in ("b", "c"):
        store.contact(contact, ada(mail="ada@x.example"), group)
    assert pairs(store) == [("b", "c")]
