"""The doctor names what is wrong, and touches nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from ivr.app import App
from ivr.cli import doctor, numbers
from ivr.cli.findings import Level
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store import hotline, workers
from tests import keys
from tests.builders import new_call, new_channel, new_community, new_recording, new_rule, new_staff, new_turn
from tests.cli.conftest import Run
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.fake_carrier import Answer, FakeCarrier, fake_carrier
from tests.keys import FOREIGN, NEW

BASE = "https://hotline.example"
GOOD = {
    "phone_number": "+8657455500100",
    "voice_url": f"{BASE}/voice/incoming#rc=2&rp=ct,rt,5xx",
    "voice_method": "POST",
    "voice_fallback_url": f"{BASE}/voice/fallback#rc=2&rp=ct,rt,5xx",
    "voice_fallback_method": "POST",
    "status_callback": f"{BASE}/voice/status#rc=2&rp=ct,rt,5xx",
    "status_callback_method": "POST",
    "trunk_sid": None,
    "voice_application_sid": "",
}


@pytest.fixture
def carrier() -> Iterator[FakeCarrier]:
    with fake_carrier() as fake:
        yield fake


@pytest.fixture(autouse=True)
def answered(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What stands at the public address: a hotline, unless a test says otherwise."""
    there: dict[str, object] = {"alive": True}
    ask = requests.get

    def get(url: str, **options: object) -> object:
        if not url.startswith(BASE):
            return ask(url, **options)
        if not there:
            raise requests.ConnectionError
        return SimpleNamespace(status_code=200, json=lambda: there)

    monkeypatch.setattr(doctor.requests, "get", get)
    monkeypatch.setattr(doctor.certificate, "check", lambda url: iter(()))  # test_certificate.py has it
    return there


@pytest.fixture
def helped(app: App) -> None:
    """Everything that callers need to be helped."""
    with app.sessions.begin() as db:
        workers.beat(db, "worker-0", datetime.now(UTC))
        new_staff(db, role="supervisor")
        new_community(db)
        new_rule(db, new_channel(db))


@pytest.fixture
def settings(settings: Settings, carrier: FakeCarrier) -> Settings:
    return settings.model_copy(update={"twilio_api_base_url": carrier.url, "public_base_url": BASE})


def has(carrier: FakeCarrier, *listed: object, status: int = 200) -> None:
    body = json.dumps({"incoming_phone_numbers": listed}).encode()
    carrier.answers = [Answer(status, body, kind="application/json")]


@pytest.mark.usefixtures("helped")
def test_a_sound_installation_is_fine(run: Run, carrier: FakeCarrier):
    """Every line says ok or gives a hint, and the numbers were only read."""
    has(carrier, GOOD)

    done = run("doctor")

    assert 0 == done.exit_code, done.output
    assert "ok    +8657455500100: rings here" in done.stdout
    assert [f"/2010-04-01/Accounts/{ACCOUNT_SID}/IncomingPhoneNumbers.json?PageSize=1000"] == [
        request.path for request in carrier.requests
    ]


def test_a_wrong_url_is_named_with_its_number_and_the_remedy(run: Run, carrier: FakeCarrier):
    has(carrier, GOOD | {"voice_url": "https://demo.twilio.com/welcome/voice/"})

    done = run("doctor")

    assert 1 == done.exit_code
    assert (
        f"BAD   +8657455500100: the voice URL is https://demo.twilio.com/welcome/voice/; set it to {GOOD['voice_url']}"
    ) in done.stdout


@pytest.mark.parametrize(
    ("change", "level", "text"),
    [
        ({"voice_fallback_url": None}, Level.BAD, "the fallback URL is not set"),
        ({"voice_fallback_url": "https://handler.twilio.com/twiml/EH1"}, Level.OK, "rings here"),
        ({"status_callback": f"{BASE}/voice/fallback"}, Level.BAD, "the status callback is"),
        ({"voice_method": "GET"}, Level.BAD, "the voice URL is requested by GET"),
        ({"voice_url": f"{BASE}/voice/incoming"}, Level.NOTE, "not tried again"),
        ({"trunk_sid": "TK1"}, Level.BAD, "the SIP trunk TK1 answers"),
        ({"voice_application_sid": "AP1"}, Level.BAD, "the TwiML app AP1 answers"),
    ],
)
def test_each_setting_of_a_number_is_judged(change: dict[str, str], level: Level, text: str):
    (finding,) = numbers.of(GOOD | change, BASE)
    assert level is finding.level
    assert text in finding.text


@pytest.mark.parametrize(
    ("answer", "variable"),
    [
        (Answer(401), "TWILIO_AUTH_TOKEN"),
        (Answer(500), "TWILIO_API_BASE_URL"),
        (Answer(302, location="https://elsewhere.example/"), "TWILIO_API_BASE_URL"),
        (Answer(body=b"<html>", kind="text/html"), "TWILIO_API_BASE_URL"),
        (Answer(body=b"[]", kind="application/json"), "TWILIO_API_BASE_URL"),
        (Answer(body=b'{"incoming_phone_numbers": []}', kind="application/json"), "TWILIO_ACCOUNT_SID"),
    ],
)
def test_a_carrier_that_does_not_tell_is_one_line(run: Run, carrier: FakeCarrier, answer: Answer, variable: str):
    """Whatever it answers, the line begins with the variable to look at and holds no secret."""
    carrier.answers = [answer]

    done = run("doctor")

    assert 1 == done.exit_code
    assert f"BAD   {variable}: " in done.stdout
    assert AUTH_TOKEN not in done.output


@pytest.mark.usefixtures("helped")
def test_what_was_tried_is_said_and_nothing_else(run: Run, carrier: FakeCarrier):
    """O17: each line that says ok names what answered."""
    has(carrier, GOOD)
    done = run("doctor")
    for told in (
        f"ok    PUBLIC_BASE_URL: the hotline answers at {BASE}",
        "answers, is up to date and takes writes",
        "can be written to and has room",
        "ok    worker: one gives a sign",
        "ok    notices: a rule notifies somebody",
        "ok    hours: somebody calls back day and night",
    ):
        assert told in done.stdout


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize(
    ("there", "code", "told"),
    [
        ([], 1, "BAD   HOTLINE_KEYS: the message 2.wav cannot be opened: it is sealed with key"),
        ([], 1, "note  HOTLINE_KEYS: not set"),
        ([FOREIGN], 1, "BAD   HOTLINE_KEYS: the message 2.wav cannot be opened: it is sealed with key"),
        ([NEW], 0, "ok    HOTLINE_KEYS: "),
    ],
)
def test_keys_are_tried_on_what_is_kept(
    run: Run, app: App, carrier: FakeCarrier, there: list[str], code: int, told: str
):
    """A120: the first message is in the clear, the last is sealed."""
    has(carrier, GOOD)
    with app.sessions.begin() as db:
        call = new_call(db)
        for name in ("1.wav", "2.wav"):
            new_recording(db, call, sid=f"RE{name}", path=name)
            app.audio.put(name, b"RIFF")
            keys.give(app, NEW)
    keys.give(app, *there)
    done = run("doctor")
    assert (code, True) == (done.exit_code, told in done.stdout)


@pytest.mark.usefixtures("helped")
def test_a_turn_whose_key_is_lost_is_told(run: Run, app: App, carrier: FakeCarrier):
    """A120"""
    has(carrier, GOOD)
    keys.give(app, NEW)
    with app.sessions.begin() as db:
        new_turn(db, new_call(db), reply="<Response/>")
    keys.give(app)
    done = run("doctor")
    told = "BAD   HOTLINE_KEYS: the last turn of a call cannot be read, its key is lost: \N{LOCK} "
    assert (1, True) == (done.exit_code, told in done.stdout)


@pytest.mark.usefixtures("helped")
def test_a_message_that_is_not_there_is_told(run: Run, app: App, carrier: FakeCarrier):
    has(carrier, GOOD)
    with app.sessions.begin() as db:
        new_recording(db, new_call(db), path="1.wav")
    done = run("doctor")
    assert (1, True) == (done.exit_code, "BAD   recordings: 1.wav cannot be read (FileNotFoundError)" in done.stdout)


def test_a_fresh_installation_is_told_what_is_lacking(run: Run, carrier: FakeCarrier):
    """O17: a dead worker, no staff, no channel; and the list of communities, which can wait."""
    has(carrier, GOOD)
    done = run("doctor")
    assert 1 == done.exit_code
    for told in (
        "BAD   No worker gives a sign",
        "BAD   Nobody can log in who sees tickets",
        "BAD   There is no supervisor",
        "BAD   Nobody is notified of a ticket",
        "note  No community is known",
    ):
        assert told in done.stdout


@pytest.mark.usefixtures("helped")
def test_first_hours_that_nobody_has_set_are_told(run: Run, app: App, carrier: FakeCarrier):
    """O17"""
    has(carrier, GOOD)
    with app.sessions.begin() as db:
        hotline.settings(db).hours = {"from": "08:00", "to": "20:00", hotline.DEFAULT: True}
    done = run("doctor")
    assert (0, True) == (done.exit_code, "note  Nobody has said when somebody is there" in done.stdout)


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("there", [{}, {"alive": "no"}, {"something": "else"}])
def test_an_address_that_answers_nobody_is_bad(
    run: Run, carrier: FakeCarrier, answered: dict[str, object], there: dict[str, object]
):
    """O17: nothing there, or something that is no hotline."""
    has(carrier, GOOD)
    answered.clear()
    answered.update(there)
    done = run("doctor")
    assert 1 == done.exit_code
    assert f"BAD   PUBLIC_BASE_URL: no hotline answers at {BASE}/healthz" in done.stdout
    assert "ok    PUBLIC_BASE_URL" not in done.stdout


def test_an_old_database_is_told(settings: Settings, carrier: FakeCarrier, tmp_path: Path):
    has(carrier, GOOD)
    (tmp_path / "fresh.db").touch()
    fresh = create_app(settings.model_copy(update={"database_url": f"sqlite+pysqlite:///{tmp_path}/fresh.db"}))

    done = fresh.test_cli_runner().invoke(args=["doctor"])
    fresh.sessions.engine.dispose()

    assert 1 == done.exit_code
    assert "BAD   DATABASE_URL: The database is not up to date. Run: flask db upgrade" in done.stdout


def test_a_damaged_file_is_told(settings: Settings, carrier: FakeCarrier, tmp_path: Path):
    """F10: A database that is no database is not mistaken for an empty one."""
    has(carrier, GOOD)
    (tmp_path / "broken.db").write_bytes(b"not a database" * 1000)
    broken = create_app(settings.model_copy(update={"database_url": f"sqlite+pysqlite:///{tmp_path}/broken.db"}))

    done = broken.test_cli_runner().invoke(args=["doctor"])
    broken.sessions.engine.dispose()

    assert 1 == done.exit_code
    assert "BAD   SQLite: the file is damaged" in done.stdout


def test_without_credentials_no_carrier_is_asked(settings: Settings, carrier: FakeCarrier):
    """The newcomer's installation is not called broken for having no account yet."""
    (finding,) = numbers.check(settings.model_copy(update={"twilio_account_sid": ""}))
    assert Level.NOTE is finding.level
    assert [] == carrier.requests
