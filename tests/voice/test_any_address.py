"""Every address that a carrier posts to, with any number in it and any form: spoken or refused, no error of ours."""

import logging
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.routing import Rule

from ivr.app import App
from tests.conftest import ACCOUNT_SID
from tests.twiml_check import problems
from tests.voice.sender import CALL, Sender, recorded

PART = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<given>.*?)\))?:)?\w+>")
NUMBERS = st.sampled_from([0, 1, 2, 10**6, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, 10**40]) | st.integers(0, 20)
WORDS = st.sampled_from(["", "1", "0", "*", "#", "zh", "None", "\x00", "-1", "1e9", "９", "'", "completed", "x" * 300])
TEXT = WORDS | st.text(max_size=40)
FIELDS = (*CALL, *recorded(), "Digits", "SpeechResult", "DialCallStatus", "DialCallSid", "AnsweredBy", "QueueResult")
FIELDS += (
    "RecordingStatus",
    "CallDuration",
    "QueuePosition",
    "QueueTime",
    "ConferenceSid",
    "StatusCallbackEvent",
    "Fid",
)
FORMS = st.dictionaries(st.sampled_from(FIELDS), TEXT, max_size=6)
SOME = examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def posted(app: App) -> Iterator[Rule]:
    """What the carrier posts to."""
    return (
        rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice/") and "POST" in (rule.methods or ())
    )


def filled(data: st.DataObject, address: str) -> str:
    """The address with a number or one of its choices in each place."""

    def value(part: re.Match[str]) -> str:
        match part["kind"]:
            case "int":
                return str(data.draw(NUMBERS))
            case "any":
                return data.draw(st.sampled_from(re.split(r"\s*,\s*", part["given"])))
            case _:
                return data.draw(st.sampled_from(["zh", "en", "fr", "a" * 200]))

    return PART.sub(value, address)


@SOME
@given(data=st.data(), form=FORMS, known=st.booleans())
def test_any_form_at_any_address_is_spoken_or_refused(
    app: App,
    carrier: Sender,
    caplog: pytest.LogCaptureFixture,
    data: st.DataObject,
    form: dict[str, str],
    known: bool,
):
    """The call's own sid or another, numbers that no database can hold, what no carrier would send. Nothing of it is
    an error that a caller hears an apology for."""
    if known:
        carrier.post("/voice/incoming", CALL)
    for rule in posted(app):
        address = filled(data, rule.rule)
        answer = carrier.post(address, CALL | form | {"AccountSid": ACCOUNT_SID})
        assert answer.status_code in (200, 204, 400, 403), address
        assert answer.status_code == 204 or [] == problems(answer.text), address
    assert [] == [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR]
