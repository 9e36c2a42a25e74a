"""To a partner line and back: whose it is meanwhile, both references, and what came of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store.access.rules import Forbidden
from ivr.store.inbox import search
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import history, matters, passing, work
from ivr.store.tickets.verbs import BadValue, Changed, NotClaimed, NotOpen
from routing.phone_numbers import Home
from tests.builders import new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)
PARTNER, THEIRS = "0123456789abcdef", "HD-2026-118"


def pass_on(db: Session, staff: Staff, ticket: Ticket, partner: str = PARTNER, text: str = "水管爆了", ref: str = ""):
    return passing.pass_on(db, staff, ticket.id, partner, text, ref, NOON, offered={PARTNER})


def current(db: Session, ticket: Ticket) -> passing.Passed | None:
    return passing.current(history.of(db, ticket))


@pytest.fixture
def holder(writing: Session) -> Staff:
    return new_staff(writing)


@pytest.fixture
def ticket(writing: Session, holder: Staff) -> Ticket:
    return new_ticket(writing, claimed_by=holder)


def test_it_stays_open_with_whoever_passed_it(writing: Session, holder: Staff, ticket: Ticket, told):
    pass_on(writing, holder, ticket)
    assert ("claimed", holder, NOON) == (ticket.status, ticket.claimed_by, ticket.progress_at)
    assert passing.Passed(PARTNER, NOON, "水管爆了", "") == current(writing, ticket)
    assert [("passed_on", {"partner": PARTNER, "text": "水管爆了"})] == told(writing, ticket)


def test_their_reference_is_told_now_or_later_and_found(writing: Session, holder: Staff, ticket: Ticket):
    """The last one holds; it is found as any words of the history, by those who see the ticket."""
    pass_on(writing, holder, ticket, ref=" HD \x00 1 ")
    assert "HD 1" == current(writing, ticket).reference
    passing.refer(writing, holder, ticket.id, THEIRS, LATER)
    assert THEIRS == current(writing, ticket).reference
    writing.flush()
    stranger = new_staff(writing, "李四", "officer", ["330206001002"])
    for staff, ids in ((holder, {ticket.id}), (stranger, set())):
        found = search.search(writing, staff, THEIRS, Home("CN", "574"))
        assert ids == {hit.ticket_id for each in found for hit in each.hits}, staff.name


def test_they_answered_and_that_is_what_was_done(writing: Session, holder: Staff, ticket: Ticket, told):
    pass_on(writing, holder, ticket)
    passing.answered(writing, holder, ticket.id, "师傅修好了", LATER)
    assert ("resolved", LATER, None) == (ticket.status, ticket.resolved_at, current(writing, ticket))
    assert [("partner_answered", {"partner": PARTNER}), ("resolved", {"done": "师傅修好了"})] == told(writing, ticket)[
        1:
    ]


def test_it_came_back_and_waits_for_anybody(writing: Session, holder: Staff, ticket: Ticket):
    pass_on(writing, holder, ticket)
    passing.came_back(writing, holder, ticket.id, "不归他们管", LATER)
    assert ("new", None, None) == (ticket.status, ticket.claimed_by, current(writing, ticket))
    work.claim(writing, holder, ticket.id, LATER)
    assert current(writing, pass_on(writing, holder, ticket)), "to another one, or once more"


def test_what_is_settled_or_opened_again_is_with_nobody(writing: Session, holder: Staff, ticket: Ticket):
    pass_on(writing, holder, ticket)
    work.resolve(writing, holder, ticket.id, "邻居修好了", LATER)
    assert current(writing, ticket) is None
    with pytest.raises(NotOpen):
        passing.came_back(writing, holder, ticket.id, "晚了", LATER)
    work.reopen(writing, holder, ticket.id, "又漏了", LATER)
    assert current(writing, ticket) is None


def test_what_cannot_be(writing: Session, holder: Staff, ticket: Ticket):
    other = new_staff(writing, "李四")
    with pytest.raises(Forbidden):
        pass_on(writing, other, ticket)
    with pytest.raises(NotClaimed):
        pass_on(writing, new_staff(writing, "王五", "supervisor"), new_ticket(writing))
    for wrong in ({"partner": "fedcba9876543210"}, {"text": " "}, {"ref": "9" * 61}):
        with pytest.raises(BadValue):
            pass_on(writing, holder, ticket, **wrong)
    with pytest.raises(Changed):
        passing.refer(writing, holder, ticket.id, THEIRS, NOON)
    pass_on(writing, holder, ticket)
    with pytest.raises(Changed):
        pass_on(writing, holder, ticket)
    with pytest.raises(BadValue):
        passing.refer(writing, holder, ticket.id, " ", NOON)
    for do in (passing.answered, passing.came_back):
        with pytest.raises(BadValue):
            do(writing, holder, ticket.id, " ", NOON)
        with pytest.raises(Forbidden):
            do(writing, other, ticket.id, "好了", NOON)


def test_many_are_told_of_at_once_as_each_is_alone(writing: Session, holder: Staff, ticket: Ticket):
    """Also where a passed ticket was merged into another one, and where another was merged into the passed one."""
    other, third, fourth = (new_ticket(writing, claimed_by=holder) for _ in range(3))
    pass_on(writing, holder, ticket)
    pass_on(writing, holder, third)
    matters.merge(writing, ticket, other, NOON)
    matters.merge(writing, fourth, third, NOON)
    waiting = [other, third, new_ticket(writing, claimed_by=holder)]

    passed = passing.with_partners(writing, waiting)
    assert {other.id, third.id} == set(passed)
    for each in waiting:
        assert current(writing, each) == passed.get(each.id)
