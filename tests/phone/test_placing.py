"""What the hotline places rings a fake telephone, in the terminal and in the page, as at a carrier."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console

from ivr.phone import browser, placing, recordings, terminal
from ivr.phone.line import Line
from ivr.phone.placing import Calls
from ivr.phone.recordings import Recordings
from ivr.phone.rung import ringing
from tests.in_process import into
from tests.phone.hotline import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Hotline

API = f"/phone/carrier/2010-04-01/Accounts/{ACCOUNT_SID}/Calls"
LOGIN = (ACCOUNT_SID, AUTH_TOKEN)
FORM = {
    "To": "+8613900000001",
    "From": "+8657455500100",
    "Url": f"{BASE_URL}/voice/callback/1",
    "StatusCallback": f"{BASE_URL}/voice/placed/1",
    "FallbackUrl": f"{BASE_URL}/voice/placed/1/fallback",
    "Timeout": "25",
}


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    return Calls(tmp_path)


@pytest.fixture
def carrier(hotline: Hotline, calls: Calls, tmp_path: Path) -> FlaskClient:
    app = Flask("carrier")
    stand_in = recordings.blueprint(ACCOUNT_SID, AUTH_TOKEN, Recordings(tmp_path))
    placing.add_to(stand_in, calls)
    app.register_blueprint(stand_in)
    app.register_blueprint(browser.blueprint(hotline.line(), Recordings(tmp_path), calls, lambda: None))
    return app.test_client()


def test_a_placed_call_rings_until_somebody_picks_up_or_it_has_rung_out(carrier: FlaskClient, calls: Calls):
    """Found by its numbers and by its SID, as a worker that lost the answer looks for it."""
    sid = carrier.post(f"{API}.json", data=FORM, auth=LOGIN).get_json()["sid"]
    (row,) = carrier.get(f"{API}.json?To=%2B8613900000001&From=%2B8657455500100", auth=LOGIN).get_json()["calls"]
    assert (sid, "queued", "outbound-api") == (row["sid"], row["status"], row["direction"])
    assert [] == carrier.get(f"{API}.json?To=%2B1", auth=LOGIN).get_json()["calls"]
    kept = calls.find(sid)
    assert kept
    assert ["queued", "no-answer"] == [kept.now(datetime.now(UTC)), kept.now(kept.rings_until)]
    calls.stands(sid, "completed")
    assert "completed" == carrier.get(f"{API}/{sid}.json", auth=LOGIN).get_json()["status"]
    assert ([], 404) == (calls.ringing(), carrier.get(f"{API}/CA0.json", auth=LOGIN).status_code)
    assert [401, 400] == [
        carrier.post(f"{API}.json", data=FORM).status_code,
        carrier.post(f"{API}.json", data={"To": "+1"}, auth=LOGIN).status_code,
    ]


def test_the_page_sees_it_ring_and_speaks_for_the_telephone(hotline: Hotline, carrier: FlaskClient, calls: Calls):
    sid = carrier.post(f"{API}.json", data=FORM, auth=LOGIN).get_json()["sid"]
    (rings,) = carrier.get("/phone/ringing").get_json()
    leg = {"sid": sid, "from": rings["caller"], "to": rings["to"], "status": "in-progress", "placed": True}
    hotline.replies = {"/voice/callback/1": "<Say>Hello</Say>"}
    assert "Hello" in carrier.post("/phone/request", json={"leg": leg, "url": rings["url"]}).text
    assert "outbound-api" == hotline.requests[-1].form["Direction"]
    assert [] == carrier.get("/phone/ringing").get_json()


@pytest.mark.parametrize("typed", [["", "1"], ["no"]], ids=["picks up", "lets it ring out"])
def test_the_terminal_answers_it(hotline: Hotline, carrier: FlaskClient, typed: list[str]):
    hotline.replies = {"/voice/callback/1": '<Gather numDigits="1" action="/voice/x"><Say>Press 1</Say></Gather>'}
    carrier.post(f"{API}.json", data=FORM, auth=LOGIN)
    line = hotline.line()
    api = Line(BASE_URL, ACCOUNT_SID, AUTH_TOKEN, into(carrier), recordings_url="/phone/carrier")
    (placed,) = ringing(api)
    answers, shown = iter(typed), io.StringIO()
    terminal.answer(line, placed, Console(file=shown, width=200), read=lambda _: next(answers))
    assert ("Press 1" in shown.getvalue()) is (typed[0] == "")
    assert ("completed" if typed[0] == "" else "no-answer") == hotline.requests[-1].form["CallStatus"]
