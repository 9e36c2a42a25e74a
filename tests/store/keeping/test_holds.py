"""Legal holds, set and lifted at the desk: by whom, with what reason, and where the calls go with it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.access.audit import PENDING
from ivr.store.facts.audit import Held, Unheld
from ivr.store.keeping import holds, periods, person
from ivr.store.models import HistoryLine, LegalHold, Staff, Ticket
from ivr.store.tickets import confidence, merging
from ivr.store.tickets.verbs import BadValue, Changed
from tests.builders import CALLER, new_call, new_recording, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
LATER = NOON + timedelta(days=400)
WHY = "letter of the court of 3 May"


@pytest.fixture
def supervisor(writing: Session) -> Staff:
    return new_staff(writing, "supervisor", "supervisor")


@pytest.fixture
def ticket(writing: Session) -> Ticket:
    """With a message, and closed so long ago that it is over."""
    ticket = new_ticket(writing, status="closed", opened_at=NOON, resolved_at=NOON, closed_at=NOON)
    new_recording(writing, new_call(writing, ticket=ticket))
    return ticket


def due(db: Session) -> int:
    """How many messages would go tonight."""
    db.flush()
    return len(db.scalars(periods.recordings(LATER)).all())


def deeds(db: Session) -> list[tuple[int | None, object]]:
    return [(line.staff_id, line.deed) for line in db.info.get(PENDING, ())]


def test_who_held_it_why_and_since_when_is_kept_until_it_is_lifted(writing: Session, supervisor: Staff, ticket: Ticket):
    """A113: pressed twice it is one hold and one line of the audit, which does not tell the reason."""
    assert 1 == due(writing)
    for _ in range(2):
        holds.keep(writing, supervisor, ticket.id, f" {WHY} ", NOON)
    assert ticket.hold
    assert (supervisor, WHY, NOON) == (ticket.hold.by, ticket.hold.why, ticket.hold.since)
    assert 0 == due(writing)

    for _ in range(2):
        holds.lift(writing, supervisor, ticket.id, LATER)
    assert 1 == due(writing)
    assert writing.get(LegalHold, ticket.id) is None
    assert [(supervisor.id, Held(ticket.id)), (supervisor.id, Unheld(ticket.id))] == deeds(writing)


def test_anothers_reason_is_not_written_over(writing: Session, supervisor: Staff, ticket: Ticket):
    """On the command line it is: whoever may do that reads the database anyway."""
    holds.keep(writing, supervisor, ticket.id, WHY, NOON)
    with pytest.raises(Changed):
        holds.keep(writing, new_staff(writing, "other", "supervisor"), ticket.id, "a complaint", LATER)
    holds.hold(writing, ticket, "a second letter", LATER)
    assert ticket.hold
    assert (None, "a second letter", NOON) == (ticket.hold.by, ticket.hold.why, ticket.hold.since)


def test_a_reason_is_needed(writing: Session, supervisor: Staff, ticket: Ticket):
    with pytest.raises(BadValue):
        holds.keep(writing, supervisor, ticket.id, " \x00", NOON)
    assert ticket.hold is None


@pytest.mark.parametrize("role", ["volunteer", "officer"])
def test_it_is_the_supervisors(writing: Session, role: str):
    """Whoever has claimed the ticket, too, may not."""
    person = new_staff(writing, role=role, communities=["330206001001"])
    mine = new_ticket(writing, claimed_by=person)
    for press in (
        lambda: holds.keep(writing, person, mine.id, WHY, NOON),
        lambda: holds.lift(writing, person, mine.id, NOON),
    ):
        with pytest.raises(rules.Forbidden):
            press()


def test_a_confidential_ticket_is_for_those_who_are_named(writing: Session, supervisor: Staff, ticket: Ticket):
    confidence.keep(writing, new_staff(writing, "named", "supervisor"), ticket.id, [], NOON)
    with pytest.raises(rules.NotFound):
        holds.keep(writing, supervisor, ticket.id, WHY, NOON)


def test_the_hold_goes_where_the_calls_go(writing: Session, supervisor: Staff):
    """A113: merged into a ticket that nobody held, or split off, the message would have gone with that one's time."""
    ticket, into = new_ticket(writing), new_ticket(writing)
    for each in (ticket, ticket, into):
        new_recording(writing, new_call(writing, ticket=each))
    holds.keep(writing, supervisor, ticket.id, WHY, NOON)
    apart = merging.split(writing, supervisor, ticket.id, ticket.calls[1].id, LATER)
    merging.merge(writing, supervisor, ticket.id, into.number, LATER)
    for each in (apart, into):
        assert each.hold
        assert (supervisor, WHY, NOON) == (each.hold.by, each.hold.why, each.hold.since)
    assert ticket.hold is None
    assert [Held(ticket.id), Held(apart.id), Held(into.id)] == [
        deed for _, deed in deeds(writing) if type(deed) is Held
    ]


def test_of_two_held_tickets_that_are_merged_both_reasons_stay(writing: Session, supervisor: Staff):
    ticket, into = new_ticket(writing), new_ticket(writing)
    holds.keep(writing, supervisor, into.id, "a complaint", LATER)
    holds.keep(writing, supervisor, ticket.id, WHY, NOON)
    merging.merge(writing, supervisor, ticket.id, into.number, LATER)
    assert into.hold
    assert (NOON, f"a complaint\n{WHY}") == (into.hold.since, into.hold.why)


def test_what_was_merged_is_held_with_what_it_is_a_part_of(writing: Session, supervisor: Staff, ticket: Ticket):
    """A113: its notes still stand in its own history. By command it may be named by its old number."""
    part = new_ticket(writing, status="closed", opened_at=NOON, closed_at=NOON, merged_into_id=ticket.id)
    writing.add(HistoryLine(ticket_id=part.id, at=NOON, kind="note", detail={"text": "红门后"}))
    writing.flush()
    holds.hold(writing, part, WHY, NOON)
    writing.flush()
    assert ticket.hold
    assert [] == writing.scalars(periods.lines(LATER)).all()
    assert [ticket.number, part.number] == person.kept(writing, person.held(writing, CALLER, None))
    holds.release(writing, part, LATER)
    writing.flush()
    assert 1 == len(writing.scalars(periods.lines(LATER)).all())
    assert [] == person.kept(writing, person.held(writing, CALLER, None))
