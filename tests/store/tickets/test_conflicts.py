"""Two people at one ticket: what one of them did is never overwritten unseen by the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.facts.history import Listened, Message
from ivr.store.models import HistoryLine, Staff, Ticket
from ivr.store.session import Sessions
from ivr.store.tickets import attempts as contact
from ivr.store.tickets import conflicts, correcting, work
from ivr.store.tickets import history as lines
from ivr.store.tickets.verbs import Changed, Overtaken
from tests.builders import new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
Verb = Callable[[Session, Staff, int], Ticket]


def at_once(sessions: Sessions, people: list[Staff], press: Callable[[Session, Staff], object]) -> list[bool]:
    """Everybody presses at the same moment; whether each got through."""
    ready = Barrier(len(people), timeout=60)

    def do(person: Staff) -> bool:
        ready.wait()
        try:
            with sessions.begin() as db:
                press(db, person)
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(do, people))


@pytest.fixture
def supervisors(sessions: Sessions) -> list[Staff]:
    with sessions.begin() as db:
        return [new_staff(db, f"supervisor {n}", "supervisor") for n in range(12)]


@pytest.mark.parametrize(
    ("verb", "press"),
    [
        ("need", lambda db, who, id_: correcting.correct_need(db, who, id_, ("food", "transport")[who.id % 2], NOON)),
        ("resolve", lambda db, who, id_: work.resolve(db, who, id_, f"done by {who.name}", NOON)),
        ("on_the_way", lambda db, who, id_: work.on_the_way(db, who, id_, True, NOON)),
    ],
)
def test_of_many_who_edit_what_they_saw_one_gets_through(
    sessions: Sessions, supervisors: list[Staff], verb: str, press: Verb
):
    """F25: The others are told; what the one did stands, and is told once."""
    with sessions.begin() as db:
        ticket = new_ticket(db, claimed_by=supervisors[0])
        seen = lines.newest(db, ticket.id)

    def edit(db: Session, who: Staff) -> None:
        conflicts.refuse(db, who, ticket.id, verb, seen)
        press(db, who, ticket.id)

    got_through = at_once(sessions, supervisors, edit)
    with sessions.read() as db:
        told = db.scalars(select(HistoryLine).where(HistoryLine.id > seen)).all()
        assert (1, 1) == (sum(got_through), len(told))
        assert supervisors[got_through.index(True)].id == told[0].staff_id


def test_whatever_is_only_added_is_never_lost(sessions: Sessions, supervisors: list[Staff]):
    """Twelve people write a note and keep a try at the same moment: twenty-four lines, twelve tries."""
    with sessions.begin() as db:
        ticket = new_ticket(db, claimed_by=supervisors[0])
        seen = lines.newest(db, ticket.id)

    def add(db: Session, who: Staff) -> None:
        conflicts.refuse(db, who, ticket.id, "note", seen)
        work.note(db, who, ticket.id, f"from {who.name}", NOON)
        contact.attempt(db, who, ticket.id, "busy", "", NOON)

    assert all(at_once(sessions, supervisors, add))
    with sessions.read() as db:
        ticket = db.get_one(Ticket, ticket.id)
        assert {f"from {who.name}" for who in supervisors} == {
            line.detail["text"] for line in ticket.history if line.kind == "note"
        }
        assert 12 == ticket.attempts


@pytest.mark.parametrize("by", ["me", "caller", "somebody"])
def test_whose_work_matters(sessions: Sessions, by: str):
    """Not one's own, in another window; the caller's and everybody else's does."""
    with sessions.begin() as db:
        me, other, ticket = new_staff(db), new_staff(db, "李四"), new_ticket(db)
        seen = lines.newest(db, ticket.id)
        lines.note(db, ticket, Message(), NOON, by={"me": me, "caller": None, "somebody": other}[by])
        if by == "me":
            conflicts.refuse(db, me, ticket.id, "resolve", seen)
        else:
            with pytest.raises(Changed):
                conflicts.refuse(db, me, ticket.id, "resolve", seen)


def test_that_somebody_listened_is_no_news(sessions: Sessions):
    with sessions.begin() as db:
        me, other, ticket = new_staff(db), new_staff(db, "李四"), new_ticket(db)
        seen = lines.newest(db, ticket.id)
        lines.note(db, ticket, Listened(1), NOON, by=other)
        for verb in conflicts.MATTERS:
            conflicts.refuse(db, me, ticket.id, verb, seen)

        assert (seen, []) == (lines.newest(db, ticket.id), list(lines.since(db, ticket.id, seen, me)))
