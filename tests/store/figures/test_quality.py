"""What is missing or cannot be right is found, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store.figures import counting
from ivr.store.figures.period import Asked, Period
from ivr.store.models import HistoryLine
from tests import forty
from tests.builders import new_call, new_recording, new_staff, new_ticket

OPENED = forty.at("10:00")


@pytest.fixture
def asked(writing: Session) -> Asked:
    day = Period(forty.DAY, forty.DAY, forty.ZONE)
    return Asked(new_staff(writing, "boss", "supervisor"), day.since, day.until, forty.NOW)


def found(db: Session, asked: Asked) -> dict[str, int]:
    return {name: number for name, number in counting.of_quality(db, asked).items() if number}


def test_two_tickets_of_one_need_within_a_day_are_doubled(writing: Session, asked: Asked):
    """Not those of another need, of another caller, of nobody, or of the day after."""
    for need, caller, later in (
        ("food", "1", 0),
        ("food", "1", 20),
        ("medicine", "1", 0),
        ("food", "2", 0),
        ("other", "3", 0),
        ("other", "3", 25),
        ("food", None, 0),
        ("food", None, 1),
    ):
        number = f"+861380000000{caller}" if caller else None
        new_ticket(writing, need=need, caller=number, opened_at=OPENED + timedelta(hours=later))

    assert {"doubled": 1} == found(writing, asked), "the other of the two is the next day's"


@pytest.mark.parametrize("number", ["+1234567", "+100000000000000", "+860000000000"])
def test_a_number_that_cannot_be_is_found(writing: Session, asked: Asked, number: str):
    new_ticket(writing, caller=number, opened_at=OPENED)

    assert {"impossible_number": 1} == found(writing, asked)


def test_a_message_that_never_arrived_is_missing(writing: Session, asked: Asked):
    for state in ("missing", "fetched", "purged"):
        ticket = new_ticket(writing, caller=None, opened_at=OPENED)
        new_recording(writing, new_call(writing, caller=None, ticket=ticket, started_at=OPENED), state=state)

    assert {"no_sound": 1} == found(writing, asked)


def test_helped_without_a_word_is_told_and_given_up_is_not(writing: Session, asked: Asked):
    for detail in ({"done": "送到"}, {"result": "not_reached"}):
        ticket = new_ticket(writing, caller=None, opened_at=OPENED, status="resolved", resolved_at=OPENED)
        writing.add(HistoryLine(ticket_id=ticket.id, at=OPENED, kind="resolved", detail=detail))
    writing.flush()

    assert {"never_spoken": 1} == found(writing, asked)
