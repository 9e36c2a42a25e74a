"""A claim nobody gets on with is offered again; one that somebody works on never."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ivr.store import hotline
from ivr.store.models import Ticket
from ivr.store.tickets import attempts as contact
from ivr.store.tickets import correcting, lapsing, listening
from ivr.store.tickets import work as tickets
from tests.builders import new_call, new_recording, new_staff, new_ticket

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def claimed(db: Session, minutes_ago: int, **fields: Any) -> Ticket:
    return new_ticket(db, claimed_by=new_staff(db), opened_at=NOON - timedelta(minutes=minutes_ago), **fields)


def lapses(db: Session, ticket: Ticket) -> bool:
    """As the job does: look for candidates, then look again with the ticket locked."""
    db.flush()
    return ticket.id in lapsing.candidates(db, NOON) and lapsing.lapse(db, ticket.id, NOON)


def test_an_idle_claim_is_offered_again(writing: Session, told):
    """The history says whose it was; the second look finds nothing to do."""
    ticket = claimed(writing, 60)
    holder = ticket.claimed_by

    assert lapses(writing, ticket)
    assert ("new", None, None) == (ticket.status, ticket.claimed_by, ticket.progress_at)
    assert [("lapsed", {"holder": holder.id})] == told(writing, ticket)
    assert not lapsing.lapse(writing, ticket.id, NOON)


@pytest.mark.parametrize(
    ("minutes_ago", "fields"),
    [
        (59, {}),
        (500, {"progress_at": NOON - timedelta(minutes=59)}),
        (500, {"on_the_way_at": NOON - timedelta(minutes=400)}),
        (500, {"attempts": 1, "last_attempt_at": NOON - timedelta(hours=23)}),
        (70, {"hand_due_at": NOON + timedelta(minutes=1)}),
        (14, {"urgent": True}),
        (500, {"status": "resolved"}),
    ],
)
def test_a_claim_with_time_left_stays(writing: Session, minutes_ago: int, fields: dict[str, Any]):
    """Progress, somebody on the way, a caller tried today, the time its holder was given."""
    assert not lapses(writing, claimed(writing, minutes_ago, **fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"urgent": True},
        {"urgent": True, "hand_due_at": NOON + timedelta(hours=2)},
    ],
)
def test_what_is_urgent_lapses_sooner(writing: Session, fields: dict[str, Any]):
    assert lapses(writing, claimed(writing, 15, **fields))


def test_a_caller_nobody_tried_since_yesterday_is_offered_again(writing: Session):
    assert lapses(writing, claimed(writing, 5000, attempts=2, last_attempt_at=NOON - timedelta(hours=25)))


def test_the_hotline_says_how_long(writing: Session):
    settings = hotline.settings(writing)
    settings.claim_lapses_min, settings.claim_lapses_urgent_min = 10, 5
    ticket = claimed(writing, 10)

    assert NOON == lapsing.lapses_at(ticket, settings)
    assert lapses(writing, ticket)


@pytest.mark.parametrize("work", ["note", "attempt", "on the way", "need", "listen"])
def test_whatever_its_holder_does_is_progress(writing: Session, work: str):
    ticket = claimed(writing, 90)
    holder = ticket.claimed_by
    match work:
        case "note":
            tickets.note(writing, holder, ticket.id, "six o'clock", NOON)
        case "attempt":
            contact.attempt(writing, holder, ticket.id, "busy", "", NOON)
        case "on the way":
            tickets.on_the_way(writing, holder, ticket.id, True, NOON)
        case "need":
            correcting.correct_need(writing, holder, ticket.id, "food", NOON)
        case "listen":
            listening.heard(writing, holder, new_recording(writing, new_call(writing, ticket=ticket)), NOON)

    assert NOON == ticket.progress_at
    assert not lapses(writing, ticket)


def test_what_others_write_is_not_the_holders_progress(writing: Session):
    ticket = claimed(writing, 60)
    tickets.note(writing, new_staff(writing, "李四", "supervisor"), ticket.id, "who has this?", NOON)

    assert lapses(writing, ticket)


def test_an_urgent_ticket_is_offered_again_though_its_caller_was_tried(writing: Session):
    """Another may try once a day; with this one somebody has to get on, or somebody else does."""
    ticket = claimed(writing, 120, urgent=True, attempts=1, last_attempt_at=NOON - timedelta(minutes=90))

    assert lapses(writing, ticket)
