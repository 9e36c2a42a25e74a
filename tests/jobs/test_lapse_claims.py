"""The worker offers idle claims again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from ivr.app import App
from ivr.jobs import discover
from ivr.jobs.lapse_claims import lapse_claims
from ivr.store.models import Ticket
from tests.builders import new_staff, new_ticket


def test_every_idle_claim_is_freed_and_no_other(app: App, db: Session) -> None:
    """However often it is done."""
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    with app.sessions.begin() as writing:
        person = new_staff(writing)
        idle = [new_ticket(writing, claimed_by=person, opened_at=long_ago).id for _ in range(2)]
        busy = new_ticket(writing, claimed_by=person).id

    lapse_claims(app)
    lapse_claims(app)
    assert ["new", "new"] == [db.get_one(Ticket, each).status for each in idle]
    assert ["opened", "lapsed"] == [line.kind for line in db.get_one(Ticket, idle[0]).history]
    assert "claimed" == db.get_one(Ticket, busy).status


def test_it_is_done_every_minute() -> None:
    assert {60} == {job.every_s for job in discover() if job.name == "lapse_claims"}
