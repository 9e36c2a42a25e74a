"""What another system hears."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.facts.audit import Listened
from ivr.store.models import AuditLine
from ivr.store.people import tokens
from tests import keys
from tests.builders import new_call, new_recording
from tests.keys import FOREIGN, NEW

SOUND = b"RIFF somebody speaks"


@pytest.fixture
def kept(app: App) -> str:
    """The address of a message that has arrived."""
    with app.sessions.begin() as db:
        new_recording(db, new_call(db), sid="RE1", path="7.wav", sha256="abc")
    app.audio.put("7.wav", SOUND)
    return "/api/v1/recordings/RE1"


def test_a_message_is_heard_as_it_was_recorded(api: FlaskClient, kept: str) -> None:
    """Sound and nothing but sound, kept by nobody on the way."""
    response = api.get(kept)
    assert (200, SOUND, "audio/wav") == (response.status_code, response.data, response.mimetype)
    assert ("nosniff", "no-store") == (
        response.headers["X-Content-Type-Options"],
        response.headers["Cache-Control"],
    )


def test_a_player_may_ask_for_a_part(api: FlaskClient, kept: str) -> None:
    """Seeking works; nonsense is told as such."""
    answers = {}
    for part in ("0-3", "5-", "0-99999999999", "999-", "5-1"):
        response = api.get(kept, headers={"Range": f"bytes={part}"})
        answers[part] = response.data if response.status_code == 206 else response.status_code
    assert {"0-3": b"RIFF", "5-": SOUND[5:], "0-99999999999": SOUND, "999-": 416, "5-1": 416} == answers


def test_a_thousand_parts_at_once_are_no_trouble(api: FlaskClient, kept: str) -> None:
    """A53: Absurd headers are answered, not crashed upon."""
    assert 500 > api.get(kept, headers={"Range": "bytes=" + ",".join(["0-1"] * 1000)}).status_code


def test_listening_is_written_down(api: FlaskClient, kept: str, db: Session) -> None:
    """The audit says which token heard what, refusals being none."""
    api.get(kept)
    api.get("/api/v1/recordings/RE2")
    assert Listened(recording=1, token=1) == db.scalars(select(AuditLine)).one().deed


def test_a_message_that_is_not_here_is_not_found(api: FlaskClient, app: App) -> None:
    """On its way, lost or erased: there is nothing to hear."""
    for state in ("expected", "missing", "purged"):
        with app.sessions.begin() as db:
            new_recording(db, new_call(db), sid=f"RE{state}", state=state)
        assert 404 == api.get(f"/api/v1/recordings/RE{state}").status_code


def test_nobody_hears_without_a_token(client: FlaskClient, api: FlaskClient, app: App, kept: str) -> None:
    """A50, A52: Not without one, and not with one that was revoked."""
    with app.sessions.begin() as db:
        tokens.revoke(db, "another system", datetime.now(UTC))
    assert [401, 401] == [client.get(kept).status_code, api.get(kept).status_code]


def test_a_sealed_message_is_given_like_any(app: App, api: FlaskClient, kept: str) -> None:
    keys.give(app, NEW)
    app.audio.seal("7.wav")
    assert (SOUND, SOUND[5:]) == (api.get(kept).data, api.get(kept, headers={"Range": "bytes=5-"}).data)


def test_one_whose_key_is_lost_is_a_sentence(app: App, api: FlaskClient, kept: str) -> None:
    """A120"""
    keys.give(app, NEW)
    app.audio.seal("7.wav")
    keys.give(app, FOREIGN)
    answer = api.get(kept)
    assert (503, True) == (answer.status_code, "cannot be opened" in answer.json["error"])


def test_one_whose_file_is_gone_is_not_found(app: App, api: FlaskClient, kept: str) -> None:
    app.audio.delete("7.wav")
    assert 404 == api.get(kept).status_code
