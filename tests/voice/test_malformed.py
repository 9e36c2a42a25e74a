"""Nonsense in a signed form is never an error of ours: the call's row stays, and somebody is spoken to."""

import json
import logging
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.store.models import Call, Recording, Ticket, Turn
from ivr.voice.hearing import MAX_KEYS, MAX_TEXT, clean, hear
from tests.conftest import ACCOUNT_SID
from tests.twiml_check import problems
from tests.voice.sender import CALL, CALL_SID, ENDED, Sender, recorded

SLOW = examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def count(db: Session, table: type) -> int:
    db.expire_all()
    return db.scalar(select(func.count()).select_from(table)) or 0


def only(db: Session, table: type):
    db.expire_all()
    return db.scalars(select(table)).one()


# --- the call


@pytest.mark.parametrize(
    "sid",
    [
        None,
        "",
        "CA",
        "CA 00000000000000000000000000001",
        "'; DROP TABLE calls; --",
        "C" * 5_000,
        "../../etc",
        "签名" * 8,
    ],
)
def test_what_names_no_call_is_refused_in_words(carrier: Sender, db: Session, sid: str | None):
    """A25: 400, and nothing is stored."""
    form = {name: value for name, value in CALL.items() if name != "CallSid"} | (
        {} if sid is None else {"CallSid": sid}
    )
    answer = carrier.post("/voice/incoming", form)
    assert (400, [], 0) == (answer.status_code, problems(answer.text), count(db, Call))


def test_an_identifier_may_have_another_carriers_shape(carrier: Sender, db: Session):
    """Opaque, of sane length."""
    for sid in ("v3-0123456789abcdef", "a" * 64, "12345678"):
        assert 200 == carrier.post("/voice/incoming", CALL | {"CallSid": sid}).status_code
    assert 3 == count(db, Call)


@pytest.mark.parametrize(
    "caller",
    [
        "",
        "anonymous",
        "+266696687",
        "266696687",
        "Restricted",
        "sip:x@y",
        "client:bob",
        "1" * 40,
        "\x00",
        "+86\u202e138",
        "' OR 1=1--",
    ],
)
def test_a_caller_without_a_number_is_taken_all_the_same(carrier: Sender, db: Session, caller: str):
    """A26: Withheld: asked for a number to call back, and the ticket says so."""
    form = CALL | {"From": caller}
    carrier.post("/voice/incoming", form)
    carrier.post("/voice/turn/1", form | {"Digits": "1"})
    answer = carrier.post("/voice/turn/2", form | {"Digits": "101"})

    assert "打哪个号码" in answer.text
    assert (None, ["incomplete", "number_withheld"]) == (only(db, Call).caller, only(db, Ticket).flags)


def test_a_form_without_numbers_is_taken(carrier: Sender, db: Session):
    """The two fields that make a request ours are enough."""
    assert 200 == carrier.post("/voice/incoming", {"CallSid": CALL_SID, "AccountSid": ACCOUNT_SID}).status_code
    assert (None, None) == (only(db, Call).caller, only(db, Call).called)


def test_the_first_caller_of_a_call_stays_its_caller(carrier: Sender, db: Session):
    """A39: Whatever a later request says."""
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", CALL | {"From": "+8613800000002", "Digits": "1"})
    assert CALL["From"] == only(db, Ticket).caller.e164


# --- what was heard


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x00", id="NUL"),
        pytest.param("a\x00b", id="NUL inside"),
        pytest.param("\u202e\u2066\u200b\u2060", id="directions"),
        pytest.param("a" + "\u0301" * 10_000, id="combining"),
        pytest.param("👵🏽" * 100, id="emoji"),
        pytest.param("\U00020000" * 300, id="rare"),
        pytest.param("\ufffe\uffff", id="noncharacters"),
        pytest.param("a" * 2**20, id="1 MB"),
        pytest.param("\ufdfa" * 500, id="grows when folded"),
        pytest.param("银杏社区" * 40_000, id="long"),
        pytest.param("{{7*7}} {% %} ${7*7} %s%n {0.__class__} {pause}", id="templates"),
    ],
)
def test_any_text_is_heard(carrier: Sender, db: Session, text: str):
    """A29, A30, A31, A60: Stored without control characters, cut to a sane length; the question comes again or
    is answered.
    """
    carrier.post("/voice/incoming", CALL)
    answer = carrier.post("/voice/turn/1", CALL | {"SpeechResult": text})

    assert (200, []) == (answer.status_code, problems(answer.text))
    heard = db.scalars(select(Turn.heard).where(Turn.n == 1)).one()
    assert len(heard.get("text", "")) <= MAX_TEXT
    assert not {"\x00", "\x07"} & set(heard.get("text", ""))


@pytest.mark.parametrize("raw", ["%ff%fe", "%c0%80", "%ed%a0%80", "%e9%93", "%f5%80%80%80", "%", "%zz", "%00"])
def test_broken_utf_8_is_heard_as_what_is_left_of_it(carrier: Sender, db: Session, raw: str):
    """A28: Signed as every framework decodes it, with replacement characters."""
    carrier.post("/voice/incoming", CALL)
    decoded = raw if raw in ("%", "%zz") else bytes.fromhex(raw.replace("%", "")).decode(errors="replace")
    answer = carrier.post(
        "/voice/turn/1", CALL | {"SpeechResult": decoded}, body=f"{urlencode(CALL)}&SpeechResult={raw}"
    )
    assert (200, []) == (answer.status_code, problems(answer.text))
    assert 2 == only(db, Call).turn


@pytest.mark.parametrize(
    "digits",
    ["99", "99*w", "w1", "1234567890" * 50, "-1", "1;DROP", "٣", "A", "#", "**", "0x1", " ", "1e400"],
)
def test_keys_that_no_telephone_has_cost_one_repetition(carrier: Sender, db: Session, digits: str):
    """A33: Then the beep: nobody is asked for ever."""
    carrier.post("/voice/incoming", CALL)
    first = carrier.post("/voice/turn/1", CALL | {"Digits": digits})
    second = carrier.post("/voice/turn/2", CALL | {"Digits": digits})

    assert (200, [], []) == (first.status_code, problems(first.text), problems(second.text))
    assert ("<Gather" in first.text, "<Record" in second.text) == (True, True)
    assert all(len(turn.heard.get("text", "")) <= MAX_KEYS for turn in only(db, Call).turns)


def test_full_width_keys_are_keys(carrier: Sender, db: Session):
    """A33: １ is 1, as people write it."""
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", CALL | {"Digits": "１"})
    assert "medicine" == only(db, Ticket).need


def test_silence_leads_to_the_beep_and_then_to_a_spoken_goodbye(carrier: Sender, db: Session):
    """A34: No keys, no words, no recording: never a hang-up without a word."""
    answers = [carrier.post(f"/voice/turn/{n}", CALL).text for n in range(5)]
    assert ["Gather", "Gather", "Record", "Record", "Hangup"] == [
        next(verb for verb in ("Gather", "Record", "Hangup") if f"<{verb}" in text) for text in answers
    ]
    assert 0 == count(db, Ticket)


@pytest.mark.parametrize("field", ["Confidence", "RecordingDuration", "DialCallDuration", "CallDuration", "Timestamp"])
@pytest.mark.parametrize("value", ["abc", "-5", "1e9", "NaN", "9" * 400, "", "٣", "1.5"])
def test_a_number_that_is_none_is_ignored(carrier: Sender, db: Session, field: str, value: str):
    """A35: The message is kept, its length unknown."""
    carrier.post("/voice/incoming", CALL)
    answer = carrier.post("/voice/turn/1", recorded() | {field: value})

    assert (200, []) == (answer.status_code, problems(answer.text))
    assert (None if field == "RecordingDuration" else 7) == only(db, Recording).seconds


def test_an_empty_recording_is_a_message_that_cannot_be_heard(carrier: Sender, db: Session):
    """A43: Somebody calls back all the same."""
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", recorded(seconds="0"))
    assert ["community_unknown", "no_audio"] == only(db, Ticket).flags


@pytest.mark.parametrize("status", ["absent", "failed"])
def test_a_recording_that_is_not_there_after_all(carrier: Sender, db: Session, status: str):
    """A36: The ticket says that there is no audio; the call goes on."""
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", CALL | {"Digits": "1"})
    assert 204 == carrier.post("/voice/recording", recorded() | {"RecordingStatus": status}).status_code

    assert ("missing", "absent") == (only(db, Recording).state, only(db, Recording).trouble)
    assert ["community_unknown", "no_audio"] == only(db, Ticket).flags


@pytest.mark.parametrize("status", ["", "teleported", "ringing", "\x00", "completed "])
def test_a_status_that_is_no_end_ends_nothing(carrier: Sender, db: Session, status: str):
    """A36"""
    carrier.post("/voice/incoming", CALL)
    assert 204 == carrier.post("/voice/status", CALL | {"CallStatus": status}).status_code
    assert None is only(db, Call).ended_at


# --- where it was sent


def test_a_message_of_a_call_that_nobody_has_heard_of_is_kept(carrier: Sender, db: Session):
    """A37: Its first request is the recording's action: a ticket with what is known."""
    answer = carrier.post("/voice/turn/7", recorded())

    assert (200, []) == (answer.status_code, problems(answer.text))
    assert (1, 7) == (count(db, Ticket), only(db, Recording).seconds)


@pytest.mark.parametrize("path", ["/voice/turn/7", "/voice/turn/99999999999999999999", "/voice/turn/1?ticket=2&turn=9"])
def test_an_answer_that_is_ahead_is_asked_its_question(carrier: Sender, db: Session, path: str):
    """A38: The call goes on where it stood; what an address says beside the turn has no say."""
    carrier.post("/voice/incoming", CALL)
    answer = carrier.post(path, CALL | {"Digits": "1"})
    assert (200, []) == (answer.status_code, problems(answer.text))
    assert only(db, Call).turn in (1, 2)


@pytest.mark.parametrize(
    "path", ["/voice/turn/", "/voice/turn/-1", "/voice/turn/x", "/voice/turn/1.5", "/voice/elsewhere"]
)
def test_what_does_not_exist_is_said_in_words(carrier: Sender, path: str):
    """A110"""
    answer = carrier.post(path, CALL)
    assert (404, []) == (answer.status_code, problems(answer.text))


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn/1", "/voice/status", "/voice/fallback"])
def test_ten_thousand_fields_are_read_and_forgotten(carrier: Sender, db: Session, path: str):
    """A32: Signed, so they are the carrier's; none of them says anything."""
    answer = carrier.post(path, CALL | {f"Field{n}": "x" for n in range(10_000)})
    assert answer.status_code in (200, 204)


def test_a_body_beyond_measure_is_refused_in_words(carrier: Sender, db: Session):
    """A31, A32: Before anything of it is checked; the next request is answered as ever."""
    answer = carrier.post("/voice/incoming", CALL | {"SpeechResult": "a" * 3 * 2**20})
    assert (413, []) == (answer.status_code, problems(answer.text))
    assert 200 == carrier.post("/voice/incoming", CALL).status_code


@pytest.mark.parametrize("sid", ["../../etc/passwd", "RE..%2f", "R" * 200, "RE\x00000000000", ""])
def test_a_recording_without_a_usable_name_is_none(carrier: Sender, db: Session, sid: str):
    """A47: 400 where nothing else was told; in a turn the caller is asked again."""
    bad = CALL | {"RecordingSid": sid, "RecordingUrl": "https://evil.example/?x=", "RecordingDuration": "5"}
    assert 400 == carrier.post("/voice/recording", bad).status_code

    carrier.post("/voice/incoming", CALL)
    assert 200 == carrier.post("/voice/turn/1", bad).status_code
    assert 0 == count(db, Recording)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/RE00000000000000000000000000000001",
        "https://api.twilio.com@evil.example/RE00000000000000000000000000000001/",
        "file:///RE00000000000000000000000000000001",
    ],
)
def test_of_a_recordings_address_only_the_last_segment_is_used(carrier: Sender, db: Session, url: str):
    """A44, A45: Where a carrier names no RecordingSid; nothing of the address is kept."""
    carrier.post("/voice/turn/0", CALL)
    carrier.post("/voice/turn/1", CALL | {"RecordingUrl": url, "RecordingDuration": "5"})
    assert ("RE00000000000000000000000000000001", None) == (only(db, Recording).sid, only(db, Recording).path)


def test_a_key_that_ended_the_recording_is_no_choice(carrier: Sender, db: Session):
    """A recording counts first: its # or 2 says nothing else."""
    for n, form in enumerate((CALL, CALL | {"Digits": "1"}, CALL | {"Digits": "101"}, recorded() | {"Digits": "2"})):
        carrier.post(f"/voice/turn/{n}", form)
    assert ("review", "330206001001") == (only(db, Call).step, only(db, Ticket).community_code)


# --- anything at all

NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "1",
            "2",
            "9",
            "0",
            "*",
            "#",
            "101",
            "hangup",
            "银杏社区",
            "太平村",
            "救命",
            "不是",
            "喂",
            "true",
            "completed",
            "RE00000001",
        ]
    ),
)
FIELDS = st.sampled_from([
    "Digits", "SpeechResult", "RecordingSid", "RecordingUrl", "RecordingDuration", "RecordingStatus", "CallStatus",
    "DialCallStatus", "DialBridged", "From", "To", "ParentCallSid", "Confidence", "ErrorCode",
])  # fmt: skip
PATHS = st.sampled_from([
    "/voice/incoming", "/voice/status", "/voice/recording", "/voice/fallback", "/voice/fallback/message",
    "/voice/whisper/1", "/voice/whisper/1/answer", "/voice/rung/1", *[f"/voice/turn/{n}" for n in range(9)],
])  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
@SLOW
@given(
    requests=st.lists(st.tuples(PATHS, st.dictionaries(FIELDS, NASTY, max_size=4)), max_size=8), serial=st.integers(0)
)
def test_no_sequence_of_forms_breaks_a_call(
    carrier: Sender, app: App, requests: list[tuple[str, dict[str, str]]], serial: int
):
    """In any order, with anything in them: an answer that Twilio understands, and the row of the call."""
    call = CALL | {"CallSid": f"CA{serial % 10**9:032}"}
    carrier.post("/voice/incoming", call)
    for path, fields in requests:
        answer = carrier.post(path, call | fields)
        assert answer.status_code in (200, 204, 400, 403), (path, fields)  # 403: another call's ring
        if answer.status_code != 204:
            context = "number_whisper" if "whisper" in path else "call"
            assert [] == problems(answer.text, context), (path, fields)
    assert "failed" not in {json.loads(file.read_text())["kind"] for file in app.spool.folder.glob("*.json")}
    with app.sessions.read() as db:
        assert 1 == db.scalar(select(func.count()).select_from(Call).where(Call.sid == call["CallSid"]))


@given(form=st.dictionaries(FIELDS, st.text()), taken=st.booleans())
def test_any_form_is_heard_as_something(form: dict[str, str], taken: bool):
    """Never an exception, and nothing longer than we keep."""
    heard = hear(form, taken=taken)
    assert len(getattr(heard, "digits", "")) <= MAX_KEYS
    assert len(getattr(heard, "text", "")) <= MAX_TEXT


@given(text=st.text())
def test_cleaning_twice_changes_nothing(text: str):
    assert clean(text) == clean(clean(text))


def test_nothing_of_what_was_said_is_logged(carrier: Sender, caplog: pytest.LogCaptureFixture):
    """A108: Neither words nor numbers, whatever happens."""
    with caplog.at_level(logging.DEBUG):
        carrier.post("/voice/incoming", CALL)
        carrier.post("/voice/turn/1", CALL | {"SpeechResult": "我在银杏社区"})
        carrier.post("/voice/status", ENDED)
    assert "银杏" not in caplog.text
    assert CALL["From"] not in caplog.text
    assert quote_plus(CALL["From"]) not in caplog.text
