"""A night's work, here and at the carrier."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ivr.app import App
from ivr.jobs.forget import ask_the_carrier, forget
from ivr.settings import Settings
from ivr.store.keeping import night
from ivr.store.models import Call, Recording
from tests.builders import new_call, new_recording, new_ticket
from tests.fake_carrier import ACCOUNT_SID, FakeCarrier

NIGHT = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)  # half past three in Ningbo
DAYS = {"hotline_keep_audio_days": 30, "hotline_keep_numbers_days": 30}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update=DAYS)


@pytest.fixture
def old(app: App, carrier: FakeCarrier) -> None:
    """A ticket that was closed two months ago, with its message."""
    app.carriers = {ACCOUNT_SID: carrier.carrier}
    at = NIGHT - timedelta(days=60)
    with app.sessions.begin() as db:
        ticket = new_ticket(db, status="closed", opened_at=at, resolved_at=at, closed_at=at)
        app.audio.put(new_recording(db, new_call(db, "CA1", ticket=ticket, started_at=at), sid="RE1").path, b"RIFF")


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(("hour", "done"), [(NIGHT, True), (NIGHT + timedelta(hours=9), False)])
def test_it_is_done_at_night(app: App, carrier: FakeCarrier, hour: datetime, done: bool):
    """A112: the sound and the call's row at the carrier go, too."""
    with time_machine.travel(hour):
        forget(app)
    assert (["Recordings/RE1.json", "Calls/CA1.json"] if done else []) == carrier.deleted


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(("answer", "gone"), [(204, 2), (404, 2), (500, 0), (401, 0), (429, 0)])
def test_what_the_carrier_keeps_is_asked_for_again(app: App, carrier: FakeCarrier, answer: int, gone: int):
    """A112: until it is gone there; then never again."""
    carrier.deletes = answer
    with time_machine.travel(NIGHT):
        forget(app)
    with app.sessions.read() as db:
        assert gone == 2 - sum(map(len, night.at_the_carrier(db)))
    carrier.deletes = 204
    assert 2 - gone == ask_the_carrier(app, NIGHT)
    assert 0 == ask_the_carrier(app, NIGHT)
    with app.sessions.read() as db:
        assert None not in (db.get_one(Recording, 1).carrier_gone_at, db.get_one(Call, 1).carrier_gone_at)
