"""What the phone recorded can be fetched as from a carrier."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ivr.phone import recordings, sound
from ivr.phone.handset import Handset
from ivr.phone.recordings import Recordings
from tests.phone.hotline import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Hotline

SID = "RE" + "0" * 32
URL = f"/phone/carrier/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/{SID}"
LOGIN = (ACCOUNT_SID, AUTH_TOKEN)


@pytest.fixture
def kept(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "carrier")


@pytest.fixture
def carrier(kept: Recordings) -> FlaskClient:
    app = Flask("carrier")
    app.register_blueprint(recordings.blueprint(ACCOUNT_SID, AUTH_TOKEN, kept))
    return app.test_client()


def test_a_recording_is_there_once_it_was_put(carrier: FlaskClient):
    """404 before, then the same bytes as sound, and its length."""
    assert 404 == carrier.get(f"{URL}.wav", auth=LOGIN).status_code
    assert 201 == carrier.put(f"{URL}.wav", data=sound.tone(3), auth=LOGIN).status_code
    answer = carrier.get(f"{URL}.wav", auth=LOGIN)
    assert (sound.tone(3), "audio/x-wav") == (answer.data, answer.mimetype)
    assert ("3", "completed") == tuple(
        carrier.get(f"{URL}.json", auth=LOGIN).get_json()[name] for name in ("duration", "status")
    )


def test_a_deleted_recording_is_gone(carrier: FlaskClient):
    """204, and 404 from then on."""
    carrier.put(f"{URL}.wav", data=sound.tone(1), auth=LOGIN)
    assert [204, 404] == [carrier.delete(f"{URL}.wav", auth=LOGIN).status_code for _ in range(2)]
    assert 404 == carrier.get(f"{URL}.wav", auth=LOGIN).status_code


@pytest.mark.parametrize("login", [None, (ACCOUNT_SID, "wrong"), ("wrong", AUTH_TOKEN), (ACCOUNT_SID, "")])
def test_only_the_account_may_ask(carrier: FlaskClient, login: tuple[str, str] | None):
    """Anybody else is asked for a password, whatever they want to do."""
    for method in ("GET", "PUT", "DELETE"):
        answer = carrier.open(f"{URL}.wav", method=method, auth=login)
        assert (401, 'Basic realm="Twilio API"') == (answer.status_code, answer.headers["WWW-Authenticate"])


@pytest.mark.parametrize(
    "sid", ["RE1", SID + "0", "RE" + "g" * 32, "..%2f..%2fetc%2fpasswd", "%2e%2e", "RE" + "A" * 32]
)
def test_nothing_but_a_sid_becomes_a_file_name(carrier: FlaskClient, kept: Recordings, sid: str):
    """Other names and other accounts are simply not there."""
    for url in (URL.replace(SID, sid), URL.replace(ACCOUNT_SID, "ACother")):
        assert 404 == carrier.put(f"{url}.wav", data=sound.tone(1), auth=LOGIN).status_code
    assert not kept.folder.exists()


@pytest.mark.parametrize("body", [b"", b"<html>", sound.tone(1)[:20]])
def test_what_is_no_sound_is_refused(carrier: FlaskClient, body: bytes):
    """Only WAV files are kept."""
    assert 415 == carrier.put(f"{URL}.wav", data=body, auth=LOGIN).status_code


def test_the_handset_stores_its_message_before_it_tells_of_it(hotline: Hotline, kept: Recordings):
    """When the action arrives, the recording can be fetched: a tone as long as the message."""
    there: list[int] = []

    def action(form: dict[str, str]) -> str:
        there.append(sound.seconds_of(kept.path(form["RecordingSid"]).read_bytes()))
        return "<Hangup/>"

    hotline.replies = {"/voice/incoming": '<Record action="/voice/turn/1"/>', "/voice/turn/1": action}
    app = hotline.app()
    app.register_blueprint(recordings.blueprint(ACCOUNT_SID, AUTH_TOKEN, kept))
    phone = Handset(hotline.line(app, recordings_url=f"{BASE_URL}/phone/carrier")).dial().leave_message(seconds=7)
    assert ([7], []) == (there, phone.troubles)
