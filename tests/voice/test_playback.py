"""A message played back to who left it: from our store, else from the carrier with our login; and for minutes only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from ivr.app import App
from ivr.voice import playback
from tests import keys
from tests.builders import new_call, new_recording
from tests.fake_carrier import SOUND, Answer, FakeCarrier, fake_carrier
from tests.keys import FOREIGN, NEW


@pytest.fixture
def twilio(app: App) -> Iterator[FakeCarrier]:
    """The carrier that has the recordings, answering as a test tells it to."""
    with fake_carrier() as carrier:
        app.carriers = {sid: replace(carrier.carrier, account_sid=sid) for sid in app.carriers}
        yield carrier


def left(app: App, state: str, **fields: object) -> int:
    with app.sessions.begin() as db:
        return new_recording(db, new_call(db), state=state, **fields).id


def played(app: App, client: FlaskClient, recording_id: int) -> bytes:
    """What is heard at the address; always sound, so that the call goes on."""
    answer = client.get(playback.address(app, recording_id))
    assert (200, "audio/wav", "no-store") == (answer.status_code, answer.mimetype, answer.headers["Cache-Control"])
    return answer.data


def test_a_message_that_was_fetched_comes_from_our_store(app: App, client: FlaskClient, twilio: FakeCarrier):
    recording_id = left(app, "fetched", path="1.wav")
    app.audio.put("1.wav", b"RIFF a voice")

    assert b"RIFF a voice" == played(app, client, recording_id)
    assert [] == twilio.requests


def test_one_that_was_not_comes_from_the_carrier_with_our_login(app: App, client: FlaskClient, twilio: FakeCarrier):
    """Seconds after the beep the worker may not have it yet."""
    recording_id = left(app, "expected", sid="RE77")

    assert SOUND == played(app, client, recording_id)
    assert twilio.requests[0].path.endswith("/Recordings/RE77.wav")
    assert twilio.requests[0].authorization


def test_a_sealed_message_is_played_and_one_whose_key_is_lost_is_silence(
    app: App, client: FlaskClient, twilio: FakeCarrier
):
    """A120: somebody is on the line."""
    recording_id = left(app, "fetched", path="1.wav")
    keys.give(app, NEW)
    app.audio.put("1.wav", b"RIFF a voice")
    assert b"RIFF a voice" == played(app, client, recording_id)

    keys.give(app, FOREIGN)
    assert {0} == set(played(app, client, recording_id)[44:])


@pytest.mark.parametrize("state", ["expected", "missing", "fetched"])
def test_what_cannot_be_had_is_half_a_second_of_silence(app: App, client: FlaskClient, twilio: FakeCarrier, state: str):
    """The carrier has it not yet; it never came; our store lost it."""
    twilio.answers = [Answer(404)]
    sound = played(app, client, left(app, state))
    assert (b"RIFF", {0}) == (sound[:4], set(sound[44:]))


def test_an_address_is_good_for_minutes_and_for_one_recording(app: App, client: FlaskClient, time_machine):
    recording_id = left(app, "fetched", path="1.wav")
    app.audio.put("1.wav", b"RIFF a voice")
    address = playback.address(app, recording_id)
    forged = address.replace(address.rpartition("/")[2].partition(".")[0], "OTk")

    assert 404 == client.get(forged).status_code
    time_machine.move_to(datetime.now(UTC) + timedelta(seconds=playback.GOOD_FOR_S + 5))
    assert 404 == client.get(address).status_code
