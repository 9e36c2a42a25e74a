"""Confidential tickets: for the people named on them, found by nobody else, and lost to nobody."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.access.audit import PENDING
from ivr.store.calls import arriving
from ivr.store.facts import audit as deeds
from ivr.store.figures import counting, lists, people
from ivr.store.figures.lists import Listed
from ivr.store.figures.period import Asked, Period
from ivr.store.models import Staff, Ticket
from ivr.store.tickets import confidence, handing, matters, work
from ivr.store.tickets.verbs import BadValue
from tests.builders import CALLER, new_call, new_staff, new_ticket

HERE, THERE = "330206001001", "330206002001"
NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def officers(writing: Session) -> list[Staff]:
    return [new_staff(writing, name, "officer", communities=[HERE]) for name in ("named", "away", "other")]


@pytest.fixture
def supervisor(writing: Session) -> Staff:
    return new_staff(writing, "supervisor", "supervisor")


@pytest.fixture
def ticket(writing: Session, officers: list[Staff]) -> Ticket:
    """Named on it are the first two."""
    ticket = new_ticket(writing, community=HERE, opened_at=NOON)
    confidence.keep(writing, officers[0], ticket.id, [officers[1].id], NOON)
    writing.flush()
    return ticket


def seeing(db: Session, ticket: Ticket) -> set[str]:
    """Whom the ticket exists for, asked in each of the three ways."""
    everybody = db.scalars(select(Staff)).all()
    found = {each.name for each in everybody if rules.sees(each, ticket)}
    assert found == {each.name for each in db.scalars(select(Staff).where(rules.who_see(ticket)))}
    assert found == {each.name for each in everybody if ticket in db.scalars(rules.visible_tickets(each)).all()}
    return found


def test_it_exists_for_those_who_are_named_alone(writing: Session, supervisor: Staff, ticket: Ticket, told):
    """Nor can it be claimed by, or handed to, anybody else; its history and the audit say who made it so."""
    assert {"named", "away"} == seeing(writing, ticket)
    assert {"named", "away"} == {each.name for each in handing.takers(writing, ticket)}
    for verb in (work.claim, work.note):
        with pytest.raises(rules.NotFound):
            verb(writing, supervisor, ticket.id, *(["x"] if verb is work.note else []), NOON)
    named = sorted(reader.staff_id for reader in ticket.readers)
    assert ("confidential", {"people": named}) == told(writing, ticket)[-1]
    assert deeds.Confidential(ticket.id, named) == writing.info[PENDING][-1].deed


def test_whoever_has_it_stays_named_and_it_only_ever_narrows(
    writing: Session, officers: list[Staff], supervisor: Staff
):
    holder, far = officers[2], new_staff(writing, "far", "officer", communities=[THERE])
    ticket = new_ticket(writing, community=HERE, claimed_by=holder)
    confidence.keep(writing, supervisor, ticket.id, [], NOON)
    assert {"supervisor", "other"} == seeing(writing, ticket)
    with pytest.raises(BadValue, match="readers"):
        confidence.keep(writing, supervisor, ticket.id, [far.id], NOON)
    with pytest.raises(rules.NotFound):
        confidence.keep(writing, officers[0], ticket.id, [], NOON)


def test_it_becomes_a_ticket_like_any_other_again(writing: Session, officers: list[Staff], ticket: Ticket):
    with pytest.raises(BadValue, match="lift_why"):
        confidence.lift(writing, officers[0], ticket.id, " ", NOON)
    confidence.lift(writing, officers[0], ticket.id, "she agrees", NOON)
    assert {"named", "away", "other"} == seeing(writing, ticket)
    assert not ticket.readers


def test_nothing_is_lost_while_the_named_people_are_away(
    writing: Session, officers: list[Staff], supervisor: Staff, ticket: Ticket, told
):
    """F24: a supervisor is told that it is there, not what it says; and opens it for a reason that all can read."""
    (seen,) = confidence.withheld(writing, supervisor)
    assert (ticket.number, ["away", "named"], False) == (seen.number, seen.people, seen.away)
    assert 1 == confidence.waiting_withheld(writing, supervisor)
    for officer in officers:
        officer.disabled_at = NOON
    assert confidence.withheld(writing, supervisor)[0].away
    with pytest.raises(BadValue, match="why"):
        confidence.open_anyway(writing, supervisor, ticket.id, "", NOON)
    with pytest.raises(rules.Forbidden):
        confidence.open_anyway(writing, officers[2], ticket.id, "curious", NOON)
    confidence.open_anyway(writing, supervisor, ticket.id, "both are ill", NOON)
    assert "supervisor" in seeing(writing, ticket)
    assert () == tuple(confidence.withheld(writing, supervisor))
    assert ("opened_anyway", {"why": "both are ill"}) == told(writing, ticket)[-1]
    assert deeds.OpenedAnyway(ticket.id, "both are ill") == writing.info[PENDING][-1].deed


def test_there_is_nothing_to_open_where_nothing_is_confidential(writing: Session, supervisor: Staff):
    with pytest.raises(rules.NotFound):
        confidence.open_anyway(writing, supervisor, new_ticket(writing).id, "x", NOON)


def test_what_is_merged_with_it_or_split_from_it_is_confidential_too(writing: Session, ticket: Ticket):
    other = new_ticket(writing, community=HERE, need="food")
    calls = [new_call(writing, ticket=other, started_at=NOON) for _ in range(2)]
    matters.merge(writing, ticket, other, NOON)
    writing.flush()
    assert {"named", "away"} == seeing(writing, other)
    assert {"named", "away"} == seeing(writing, matters.split(writing, other, calls[1], NOON))


def test_the_line_says_nothing_of_it(writing: Session, officers: list[Staff], ticket: Ticket):
    """A96: whoever rings from the same telephone need not be the caller; what they add joins it unsaid."""
    assert arriving.known(writing, CALLER, None, NOON).facts.open_ticket is None
    call = new_call(writing, started_at=NOON, seconds=None)
    assert ticket == matters.same_matter(writing, call, "medicine", NOON)
    work.claim(writing, officers[0], ticket.id, NOON)
    work.resolve(writing, officers[0], ticket.id, "brought to her sister's", NOON)
    facts = arriving.known(writing, CALLER, None, NOON).facts
    assert ("", "") == (facts.standing, facts.done)
    confidence.lift(writing, officers[0], ticket.id, "over", NOON)
    assert "helped" == arriving.known(writing, CALLER, None, NOON).facts.standing


def test_figures_count_it_and_tell_nothing_of_it(
    writing: Session, officers: list[Staff], supervisor: Staff, ticket: Ticket
):
    """In no list, and not by person; that a list is short of it is said."""
    work.claim(writing, officers[0], ticket.id, NOON)
    new_ticket(writing, community=HERE, opened_at=NOON)
    day = NOON.astimezone(ZONE).date()
    period = Period(day, day, ZONE)
    asked = {staff.name: asking(staff, period) for staff in (supervisor, officers[0])}
    for name, shown in (("supervisor", 1), ("named", 2)):
        assert 2 == counting.of_tickets(writing, asked[name])["tickets"]
        assert shown == len(lists.page(writing, asked[name], Listed())[0])
        assert 2 - shown == lists.kept_back(writing, asked[name], Listed())
    assert [0] == [each.held for each in people.work(writing, asked["supervisor"]) if each.staff == officers[0]]
    assert [1] == [each.held for each in people.work(writing, asked["named"])]


def asking(staff: Staff, period: Period) -> Asked:
    return Asked(staff, period.since, period.until, NOON + timedelta(hours=1))
