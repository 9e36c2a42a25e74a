"""Only who knows a carrier's token is heard, and only in the words that were signed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from ivr.app import App
from ivr.factory import create_app
from ivr.settings import Settings
from ivr.store.models import Call, Ticket, Turn
from tests.conftest import ACCOUNT_SID, AUTH_TOKEN
from tests.voice.sender import CALL, CALL_SID, ENDED, Sender, recorded, sign

INCOMING = "/voice/incoming"
CHOICE = CALL | {"Digits": "1", "SpeechResult": "银杏社区", "RecordingUrl": recorded()["RecordingUrl"]}


def stored(db: Session) -> int:
    db.expire_all()
    return db.scalar(select(func.count()).select_from(Call)) or 0


def test_what_a_carrier_signed_is_answered(carrier: Sender, db: Session):
    """The document, as XML, and the call's row."""
    answer = carrier.post(INCOMING, CALL)
    assert (200, "text/xml; charset=utf-8", 1) == (answer.status_code, answer.content_type, stored(db))


@pytest.mark.parametrize("path", [INCOMING, "/voice/turn/1", "/voice/status", "/voice/recording", "/voice/fallback"])
def test_without_a_signature_nothing_is_heard(client: FlaskClient, db: Session, path: str):
    """A1: 403 and words, and nothing is stored."""
    answer = client.post(path, data=CALL)
    assert (403, "text/xml", 0) == (answer.status_code, answer.mimetype, stored(db))
    assert "<Say" in answer.text


@pytest.mark.parametrize(
    "signature", ["", "x", "A" * 28, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "A" * 10_240, "签名", "\u00ff" * 28]
)
def test_a_signature_that_is_none_is_refused(carrier: Sender, db: Session, signature: str):
    """A2, A3: Of any length, in any script."""
    answer = carrier.post(INCOMING, CALL, signature=signature.encode().decode("latin-1"))
    assert (403, 0) == (answer.status_code, stored(db))


def test_two_signatures_are_none(client: FlaskClient, db: Session):
    """A3: A header that stands twice is not searched for a good one."""
    good = sign(INCOMING, CALL)
    answer = client.post(INCOMING, data=CALL, headers=[("X-Twilio-Signature", "x"), ("X-Twilio-Signature", good)])
    assert (403, 0) == (answer.status_code, stored(db))


def test_another_token_is_refused(carrier: Sender, db: Session):
    """A4"""
    answer = carrier.post(INCOMING, CALL, signature=sign(INCOMING, CALL, token="another"))
    assert (403, 0) == (answer.status_code, stored(db))


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("/voice/status", "http://localhost"),
        ("/voice/incoming/", "http://localhost"),
        ("/voice//incoming", "http://localhost"),
        ("/voice/incoming?x=1", "http://localhost"),
        (INCOMING, "https://localhost"),
        (INCOMING, "http://evil.example"),
    ],
)
def test_a_signature_for_another_address_is_refused(carrier: Sender, db: Session, path: str, base: str):
    """A5, A8: Path, query, scheme and host are part of what is signed."""
    answer = carrier.post(INCOMING, CALL, signature=sign(path, CALL, base=base))
    assert (403, 0) == (answer.status_code, stored(db))


def test_the_query_is_part_of_the_address(carrier: Sender):
    """As it was written, undecoded; it is no form."""
    assert 200 == carrier.post(f"{INCOMING}?CallSid=CAother000&x=%2F+a", CALL).status_code


@pytest.mark.parametrize("field", CHOICE)
def test_a_changed_field_is_refused(carrier: Sender, db: Session, field: str):
    """A6"""
    changed = CHOICE | {field: CHOICE[field] + "0"}
    assert (403, 0) == (carrier.post("/voice/turn/1", changed, signed=CHOICE).status_code, stored(db))


@pytest.mark.parametrize("field", CHOICE)
def test_a_missing_field_is_refused(carrier: Sender, db: Session, field: str):
    """A7"""
    less = {name: value for name, value in CHOICE.items() if name != field}
    assert (403, 0) == (carrier.post("/voice/turn/1", less, signed=CHOICE).status_code, stored(db))


def test_an_added_field_is_refused(carrier: Sender, db: Session):
    """A7"""
    answer = carrier.post(INCOMING, CALL | {"Digits": "1"}, signed=CALL)
    assert (403, 0) == (answer.status_code, stored(db))


def test_a_field_of_the_future_is_ignored(carrier: Sender):
    """A13: Signed, so it is the carrier's; unknown, so it says nothing."""
    assert 200 == carrier.post(INCOMING, CALL | {"FutureParam": "x"}).status_code


def test_where_a_request_says_it_came_from_has_no_say(carrier: Sender, db: Session):
    """A8, A9, A10: Neither Host nor what proxies write changes the verdict, and nothing of it is said back."""
    evil = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example",
            "X-Original-URL": "/voice/status", "X-Rewrite-URL": "/voice/status", "Host": "evil.example"}  # fmt: skip
    answer = carrier.post(INCOMING, CALL, headers=evil)
    assert 200 == answer.status_code
    assert "evil" not in answer.text
    assert 'action="http://localhost/voice/turn/1' in answer.text

    forged = carrier.post(INCOMING, CALL, signature=sign(INCOMING, CALL, base="https://evil.example"), headers=evil)
    assert 403 == forged.status_code


def test_a_boundary_that_was_shifted_is_no_key(carrier: Sender, db: Session):
    """A14: Digits=1 and Digit=s1 sign alike; the second is a field that nobody reads."""
    carrier.post(INCOMING, CALL)
    answer = carrier.post("/voice/turn/1", CALL | {"Digit": "s1"}, signed=CALL | {"Digits": "1"})

    assert 200 == answer.status_code
    assert {"kind": "silence"} == db.scalars(select(Turn.heard).where(Turn.n == 1)).one()


def test_a_boundary_shifted_over_the_calls_name_leaves_no_call(carrier: Sender, db: Session):
    """A15: CallSi=dCA… signs like CallSid=CA…: without a call it is no request of ours."""
    shifted = {"CallSi" if name == "CallSid" else name: value for name, value in CALL.items()}
    shifted["CallSi"] = "d" + CALL_SID
    assert (400, 0) == (carrier.post(INCOMING, shifted, signed=CALL).status_code, stored(db))


def test_of_a_repeated_field_the_first_counts(carrier: Sender, db: Session):
    """A16: Never both."""
    carrier.post(INCOMING, CALL)
    carrier.post("/voice/turn/1", MultiDict([*CALL.items(), ("Digits", "1"), ("Digits", "2")]))
    assert {"kind": "keys", "text": "1"} == db.scalars(select(Turn.heard).where(Turn.n == 1)).one()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"CallSid": "CA00000001"}'),
        ("text/plain", urlencode(CALL)),
        ("", urlencode(CALL)),
        (
            "multipart/form-data; boundary=x",
            '--x\r\nContent-Disposition: form-data; name="CallSid"\r\n\r\nCA1\r\n--x--',
        ),
    ],
)
@pytest.mark.parametrize("signed", [{}, CALL], ids=["empty", "form"])
def test_only_a_form_is_read(carrier: Sender, db: Session, content_type: str, body: str, signed: Mapping[str, str]):
    """A17, A19: A body that no signature covers is not looked at."""
    answer = carrier.post(INCOMING, CALL, signed=signed, body=body, content_type=content_type)
    assert (403, 0) == (answer.status_code, stored(db))


def test_a_hash_of_the_body_covers_no_form(carrier: Sender, db: Session):
    """A17, A18: bodySHA256 is Twilio's for JSON; a form is signed field by field, whatever the query says."""
    path = f"{INCOMING}?bodySHA256={'0' * 64}"
    answer = carrier.post(path, CALL, signature=sign(path, {}))
    assert (403, 0) == (answer.status_code, stored(db))


def test_another_account_is_refused(carrier: Sender, db: Session):
    """A22: Even one that has signed with our token."""
    answer = carrier.post(INCOMING, CALL | {"AccountSid": "AC00000000000000000000000000000099"})
    assert (403, 0) == (answer.status_code, stored(db))


def test_the_simulated_phone_has_a_token_of_its_own(app: App, carrier: Sender, db: Session):
    """Neither carrier can speak for the other."""
    simulator = next(each for each in app.carriers.values() if each.name == "simulator")
    simulated = CALL | {"AccountSid": simulator.account_sid}

    assert 403 == carrier.post(INCOMING, simulated).status_code
    signature = sign(INCOMING, simulated, token=simulator.tokens[0])
    assert 200 == carrier.post(INCOMING, simulated, signature=signature).status_code
    assert "simulator" == db.scalars(select(Call.carrier)).one()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_a_token_is_rotated_both_are_good(settings: Settings, tmp_path):
    """F26: And nothing else is: not the two as they stand in the environment."""
    given = settings.model_dump() | {"twilio_auth_token": f"{AUTH_TOKEN}, the-next-token-of-this-account"}
    app = create_app(Settings.load(**given))
    carrier = Sender(app.test_client())
    verdicts = [
        carrier.post("/voice/status", CALL, signature=sign("/voice/status", CALL, token=token)).status_code
        for token in (AUTH_TOKEN, "the-next-token-of-this-account", f"{AUTH_TOKEN}, the-next-token-of-this-account")
    ]
    app.sessions.engine.dispose()
    assert [204, 204, 403] == verdicts


def test_a_replay_changes_nothing_however_late(carrier: Sender, db: Session, time_machine):
    """A20: A signature never ends: what was done once is done. The answer is the same to the letter."""
    requests = [
        (INCOMING, CALL), ("/voice/turn/1", CALL | {"Digits": "1"}), ("/voice/turn/2", CALL | {"Digits": "101"}),
        ("/voice/turn/3", recorded()), ("/voice/turn/4", CALL), ("/voice/status", ENDED),
    ]  # fmt: skip
    begun = datetime(2026, 3, 1, 4, tzinfo=UTC)
    time_machine.move_to(begun)
    first = [carrier.post(*request).text for request in requests]
    before = rows(db)

    for later in (timedelta(seconds=1), timedelta(hours=1), timedelta(days=30)):
        time_machine.move_to(begun + later)
        assert first == [carrier.post(*request).text for request in requests]
        assert before == rows(db)


def test_an_old_end_of_a_call_does_not_touch_its_ticket(carrier: Sender, db: Session, app: App):
    """A21: Staff have resolved it meanwhile."""
    carrier.post(INCOMING, CALL)
    carrier.post("/voice/turn/1", CALL | {"Digits": "1"})
    with app.sessions.begin() as writing:
        writing.scalars(select(Ticket)).one().status = "resolved"
    carrier.post("/voice/status", ENDED)
    assert "resolved" == db.scalars(select(Ticket.status)).one()


def test_get_is_not_answered(client: FlaskClient, carrier: Sender, db: Session):
    """A12: The number is to be set up with POST: over GET a caller's number would stand in every log."""
    path = f"{INCOMING}?{urlencode(CALL)}"
    answer = carrier.post(path, {}, method="GET")
    assert (405, "text/xml", 0) == (answer.status_code, answer.mimetype, stored(db))


@pytest.mark.parametrize(
    "path", ["/voice/%69ncoming", "/VOICE/incoming", "/voice/incoming/", "/voice//incoming", "/voice/%2Fincoming"]
)
def test_an_odd_address_is_judged_as_it_was_written(carrier: Sender, path: str):
    """A11: What the signature covers is what came; elsewhere there is nothing. Never an error of ours."""
    answer = carrier.post(path, CALL)
    assert answer.status_code in ((200,) if path == "/voice/%69ncoming" else (308, 404))


def test_refusals_tell_nothing(client: FlaskClient):
    """A95, A110: No version, no trace, no name of ours."""
    answer = client.post(INCOMING, data=CALL)
    for secret in ("Traceback", "werkzeug", ACCOUNT_SID, AUTH_TOKEN):
        assert secret not in answer.text


def rows(db: Session) -> list[tuple[object, ...]]:
    """Everything a call leaves behind, to be compared."""
    db.expire_all()
    return [
        tuple(row)
        for table in (Call, Turn, Ticket)
        for row in db.execute(select(*table.__table__.columns).order_by(table.id))
    ]
