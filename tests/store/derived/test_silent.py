"""Whether a ticket is silent is kept, and is always what its recordings say."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.calls import recordings
from ivr.store.models import Ticket
from tests.builders import new_call, new_recording, new_ticket

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)


def silent(db: Session, ticket: Ticket) -> bool:
    db.flush()
    kept = db.scalars(select(Ticket.silent).where(Ticket.id == ticket.id)).one()
    db.refresh(ticket)
    assert kept is ("no_audio" in ticket.flags), "what is kept and what is derived must say the same"
    return kept


def test_a_ticket_is_silent_while_nothing_recorded_can_be_heard(writing: Session):
    ticket = new_ticket(writing)
    call = new_call(writing, ticket=ticket)
    assert not silent(writing, ticket), "nothing was recorded"

    recording = new_recording(writing, call, state="expected")
    assert not silent(writing, ticket)
    recordings.missing(writing, recording, "absent", NOW)
    assert silent(writing, ticket)
    new_recording(writing, call)
    assert not silent(writing, ticket)


def test_a_recording_of_no_length_is_silence(writing: Session):
    ticket = new_ticket(writing)
    recording = new_recording(writing, new_call(writing, ticket=ticket), seconds=None, state="expected")
    assert silent(writing, ticket)

    recording.seconds = 3
    assert not silent(writing, ticket)


def test_a_recording_takes_its_sound_along_to_another_ticket(writing: Session):
    here, there = new_ticket(writing), new_ticket(writing)
    call = new_call(writing, ticket=here)
    heard, lost = new_recording(writing, call), new_recording(writing, call, state="missing")
    assert not silent(writing, here)

    heard.ticket_id = there.id
    assert silent(writing, here)
    assert not silent(writing, there)
    lost.ticket_id = there.id
    assert not silent(writing, here)
    writing.delete(heard)
    assert silent(writing, there)
