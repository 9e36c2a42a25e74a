"""The page's server signs for the hotline's own addresses, and for nothing else."""

import json
from pathlib import Path

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from ivr.phone import browser, sound
from ivr.phone.placing import Calls
from ivr.phone.recordings import Recordings
from tests.phone.hotline import ACCOUNT_SID, BASE_URL, Hotline

LEG = {"sid": "CA1", "from": "anonymous", "to": "+8657400000001", "status": "ringing"}
URL = f"{BASE_URL}/voice/incoming"


@pytest.fixture
def kept(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path)


def look_at_the_body() -> None:
    """As the check of the page's token does, before any view."""
    _ = request.form, request.content_length, request.get_data()


@pytest.fixture
def server(hotline: Hotline, kept: Recordings) -> FlaskClient:
    app = Flask("page")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.before_request(look_at_the_body)
    app.register_blueprint(browser.blueprint(hotline.line(), kept, Calls(kept.folder), lambda: None))
    return app.test_client()


def test_a_request_comes_back_as_verbs(hotline: Hotline, server: FlaskClient):
    """Signed as from a carrier; with defaults filled in, the document as it was, and no token anywhere."""
    hotline.replies = {"/voice/incoming": "<Gather><Say>Yes?</Say></Gather>"}
    answer = server.post(
        "/phone/request", json={"leg": LEG, "url": URL, "method": "POST", "fields": {"CallSid": "CA2"}}
    )
    (gather,) = answer.json["verbs"]
    assert ("Gather", 5, "#", "Yes?") == (
        gather["verb"],
        gather["timeout_s"],
        gather["finish_on_key"],
        gather["prompts"][0]["text"],
    )
    assert [("/voice/incoming", "<Response><Gather><Say>Yes?</Say></Gather></Response>")] == [
        (each["url"], each["text"]) for each in answer.json["documents"]
    ]
    (arrived,) = hotline.requests
    assert (True, "CA1", ACCOUNT_SID, "inbound") == (
        arrived.signed,
        arrived.form["CallSid"],
        arrived.form["AccountSid"],
        arrived.form["Direction"],
    )


def test_a_callback_wants_no_verbs(hotline: Hotline, server: FlaskClient):
    """Only whether it arrived; a leg with a parent is an outbound one."""
    wanted = {"leg": LEG | {"parent": "CA9"}, "url": f"{BASE_URL}/voice/status", "callback": True}
    assert {"ok": True} == server.post("/phone/request", json=wanted).json
    form = hotline.forms("/voice/status")[0]
    assert ("CA9", "outbound-dial") == (form["ParentCallSid"], form["Direction"])


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.test/voice/incoming",
        "https://hotline.test:8123/voice/incoming",
        "http://hotline.test/voice/incoming",
        f"{BASE_URL}/desk/",
        f"{BASE_URL}/voice",
        f"{BASE_URL}/voice/../desk/",
        f"{BASE_URL}/voice//incoming",
        "http://hotline.test:8123@elsewhere.test/voice/incoming",
        "/voice/incoming",
        "",
    ],
)
def test_no_other_address_is_ever_signed(hotline: Hotline, server: FlaskClient, url: str):
    """Another host, scheme, port or path is refused before anything is sent."""
    assert 403 == server.post("/phone/request", json={"leg": LEG, "url": url}).status_code
    assert [] == hotline.requests


@pytest.mark.parametrize(
    "wanted", [{}, [], {"url": URL}, {"url": URL, "leg": {}}, {"url": URL, "leg": LEG, "fields": []}]
)
def test_an_incomplete_request_is_refused(server: FlaskClient, wanted: object):
    """400, never a traceback."""
    assert 400 == server.post("/phone/request", json=wanted).status_code


def test_a_recording_is_kept_and_described(server: FlaskClient, kept: Recordings):
    """A WAV file as long as a message may be, or a tone made here; its address is the carrier's."""
    sent = server.post("/phone/recordings", data=sound.tone(120), content_type="audio/wav").json
    sample = server.post("/phone/recordings?sample=6").json
    assert (120, 6) == (sent["seconds"], sample["seconds"])
    assert sent["url"].endswith(f"/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/{sent['sid']}")
    assert sound.tone(120) == kept.path(sent["sid"]).read_bytes()


def test_what_is_no_sound_or_no_sensible_sample_is_refused(server: FlaskClient):
    """415 and 400."""
    assert 415 == server.post("/phone/recordings", data=b"<html>").status_code
    assert [400, 400] == [server.post(f"/phone/recordings?sample={s}").status_code for s in (-1, 10**9)]


def test_whoever_may_not_use_the_phone_gets_the_answer_of_the_rule(hotline: Hotline, kept: Recordings):
    """Every view is behind it."""
    app = Flask("page")
    app.register_blueprint(browser.blueprint(hotline.line(), kept, Calls(kept.folder), lambda: Response("no", 401)))
    server = app.test_client()
    assert [401] * 3 == [
        server.get("/phone/").status_code,
        server.post("/phone/request", json={"leg": LEG, "url": URL}).status_code,
        server.post("/phone/recordings?sample=1").status_code,
    ]


def test_the_last_news_of_a_closed_page_is_a_form(hotline: Hotline, server: FlaskClient):
    """O15: a beacon sends no JSON and waits for nothing; whatever else it brings is refused."""
    wanted = {"leg": LEG | {"status": "completed"}, "url": f"{BASE_URL}/voice/status", "fields": {"CallDuration": 9}}
    assert 204 == server.post("/phone/left", data={"wanted": json.dumps(wanted)}).status_code
    assert [("completed", "9")] == [
        (form["CallStatus"], form["CallDuration"]) for form in hotline.forms("/voice/status")
    ]
    for nonsense in ({}, {"wanted": "no JSON"}, {"wanted": "[]"}, {"wanted": '{"leg": 1}'}):
        assert 400 == server.post("/phone/left", data=nonsense).status_code
    elsewhere = {"wanted": json.dumps(wanted | {"url": "https://elsewhere.example/voice/status"})}
    assert 403 == server.post("/phone/left", data=elsewhere).status_code
