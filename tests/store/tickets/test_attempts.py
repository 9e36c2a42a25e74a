"""Tries to reach the caller: counted until they are reached."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from ivr.store.tickets import attempts as contact
from ivr.store.tickets.verbs import BadValue, NotOpen
from tests.builders import new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_tries_are_counted_until_the_caller_is_reached(writing: Session, told):
    """With when the first and the last was; each is a line, and is the holder's progress."""
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)
    later = NOON + timedelta(hours=2)

    contact.attempt(writing, volunteer, ticket.id, "no_answer", " 响了很久 ", NOON)
    contact.attempt(writing, volunteer, ticket.id, "busy", "", later)
    assert (2, NOON, later, later) == (
        ticket.attempts, ticket.first_attempt_at, ticket.last_attempt_at, ticket.progress_at
    )  # fmt: skip

    contact.attempt(writing, volunteer, ticket.id, "reached", "", later)
    assert (0, None, later) == (ticket.attempts, ticket.first_attempt_at, ticket.last_attempt_at)
    assert [
        ("attempt", {"outcome": "no_answer", "n": 1, "text": "响了很久"}),
        ("attempt", {"outcome": "busy", "n": 2}),
        ("attempt", {"outcome": "reached"}),
    ] == told(writing, ticket)


@pytest.mark.parametrize(
    ("outcome", "words", "field"), [("", "", "outcome"), ("dead", "", "outcome"), ("busy", "字" * 4001, "tried")]
)
def test_a_try_ends_in_one_of_four_ways(writing: Session, told, outcome: str, words: str, field: str):
    volunteer = new_staff(writing)
    ticket = new_ticket(writing, claimed_by=volunteer)

    with pytest.raises(BadValue) as refused:
        contact.attempt(writing, volunteer, ticket.id, outcome, words, NOON)
    assert (field, 0, []) == (refused.value.field, ticket.attempts, told(writing, ticket))


def test_what_is_resolved_is_not_tried_again(writing: Session):
    volunteer = new_staff(writing)
    with pytest.raises(NotOpen):
        contact.attempt(
            writing, volunteer, new_ticket(writing, claimed_by=volunteer, status="resolved").id, "busy", "", NOON
        )
