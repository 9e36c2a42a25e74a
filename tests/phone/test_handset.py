"""A call goes where the documents lead, as it would at Twilio."""

import pytest

from ivr.phone.handset import Handset, NotNow
from tests.phone.hotline import ACCOUNT_SID, Hotline

MENU = '<Gather input="dtmf speech" numDigits="1" action="/voice/turn/1"><Say>Medicine is 1.</Say></Gather>'
BEEP = (
    '<Say>After the beep.</Say><Record action="/voice/turn/2" finishOnKey="#" maxLength="120" timeout="10"'
    ' recordingStatusCallback="/voice/recording" recordingStatusCallbackEvent="completed absent"/>'
    "<Redirect>/voice/turn/2</Redirect>"
)
AGAIN = "<Redirect>/voice/turn/1</Redirect>"
BYE = "<Say>Goodbye.</Say><Hangup/>"
RING = (
    '<Dial timeout="25" action="/voice/turn/2" callerId="+8657400000001">'
    '<Number url="/voice/whisper">+8657455500101</Number></Dial>'
)
WHISPER = '<Gather numDigits="1" action="/voice/whisper/answer"><Say>Press 1.</Say></Gather><Hangup/>'


def test_the_first_request_looks_like_twilios(hotline: Hotline, phone: Handset):
    """A ringing inbound call from a number to a number, under an identifier of Twilio's shape."""
    hotline.replies = {"/voice/incoming": BYE}
    phone.dial()
    form = hotline.forms("/voice/incoming")[0]
    assert form == {
        "CallSid": phone.sid,
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallStatus": "ringing",
        "From": "+8613800000001",
        "To": "+8657400000001",
        "Caller": "+8613800000001",
        "Called": "+8657400000001",
        "Direction": "inbound",
    }
    assert (34, "CA") == (len(phone.sid), phone.sid[:2])


def test_a_whole_call_reads_like_a_story(hotline: Hotline):
    """A key, a sentence, a message, goodbye; the transcript and the documents tell it."""
    hotline.replies = {
        "/voice/incoming": MENU,
        "/voice/turn/1": lambda form: BEEP if "SpeechResult" in form else MENU,
        "/voice/turn/2": BYE,
    }
    phone = Handset(hotline.line()).dial().press("1").speak("银杏社区").leave_message(seconds=12)
    assert ("line", None, []) == (phone.ended, phone.waiting, phone.troubles)
    assert ["Medicine is 1.", "Medicine is 1.", "After the beep.", "Goodbye."] == [
        each.text for each in phone.transcript if each.who == "line"
    ]
    assert ("Goodbye.", 4) == (phone.said, len(phone.documents))
    assert "0.87" == hotline.forms("/voice/turn/1")[1]["Confidence"]


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        ('numDigits="1"', "12", "1"),
        ('numDigits="3"', "12", "12"),
        ("", "13800#99", "13800"),
        ('finishOnKey=""', "1#2", "1#2"),
        ('finishOnKey="*"', "5*", "5"),
        ('numDigits="1"', "*", "*"),
    ],
)
def test_keys_are_taken_as_twilio_takes_them(hotline: Hotline, phone: Handset, attributes: str, keys: str, digits: str):
    """Enough digits, the finishing key or the time-out end them; what comes after is lost."""
    hotline.replies = {"/voice/incoming": f'<Gather action="/voice/turn/1" {attributes}/>', "/voice/turn/1": BYE}
    phone.dial().press(keys)
    assert digits == hotline.forms("/voice/turn/1")[0]["Digits"]


def test_silence_goes_on_to_the_next_verb(hotline: Hotline, phone: Handset):
    """The action is not called; the redirect behind the question is, with neither keys nor words."""
    hotline.replies = {"/voice/incoming": MENU + AGAIN, "/voice/turn/1": BYE}
    phone.dial().silent()
    (form,) = hotline.forms("/voice/turn/1")
    assert {"Digits", "SpeechResult"}.isdisjoint(form)
    assert "in-progress" == form["CallStatus"]


def test_what_a_question_does_not_listen_to_is_silence(hotline: Hotline, phone: Handset):
    """Words at a keypad question, and the finishing key alone, are not heard."""
    hotline.replies = {
        "/voice/incoming": '<Gather action="/voice/turn/9"/><Gather action="/voice/turn/9"/>' + AGAIN,
        "/voice/turn/1": BYE,
    }
    phone.dial().speak("hello").press("#")
    assert ([], 1) == (hotline.forms("/voice/turn/9"), len(hotline.forms("/voice/turn/1")))


def test_silence_calls_the_action_where_the_question_wants_it(hotline: Hotline, phone: Handset):
    """With actionOnEmptyResult silence is an answer."""
    hotline.replies = {
        "/voice/incoming": '<Gather action="/voice/turn/1" actionOnEmptyResult="true"/>',
        "/voice/turn/1": BYE,
    }
    phone.dial().silent()
    assert 1 == len(hotline.forms("/voice/turn/1"))


def test_a_message_reaches_the_action_and_then_its_status_callback(hotline: Hotline, phone: Handset):
    """Both name the recording; the status callback says nothing of the caller."""
    hotline.replies = {"/voice/incoming": BEEP, "/voice/turn/2": BYE}
    phone.dial().leave_message(seconds=12, key="#")
    (action,), (news,) = hotline.forms("/voice/turn/2"), hotline.forms("/voice/recording")
    assert ("12", "#", phone.messages[0].sid) == (action["RecordingDuration"], action["Digits"], action["RecordingSid"])
    assert (
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Recordings/{news['RecordingSid']}"
        == (news["RecordingUrl"])
    )
    assert ("completed", "RecordVerb", "12") == (
        news["RecordingStatus"],
        news["RecordingSource"],
        news["RecordingDuration"],
    )
    assert {"From", "To", "CallStatus"}.isdisjoint(news)


def test_a_long_message_is_cut(hotline: Hotline, phone: Handset):
    """At its greatest length the call goes on; no key ended it."""
    hotline.replies = {"/voice/incoming": BEEP, "/voice/turn/2": BYE}
    phone.dial().leave_message(seconds=500)
    (form,) = hotline.forms("/voice/turn/2")
    assert ("120", False) == (form["RecordingDuration"], "Digits" in form)


def test_an_empty_recording_never_calls_its_action(hotline: Hotline, phone: Handset):
    """Silence after the beep: the next verb runs, and nobody hears of a recording."""
    hotline.replies = {"/voice/incoming": BEEP, "/voice/turn/2": BYE}
    phone.dial().silent()
    (form,) = hotline.forms("/voice/turn/2")
    assert ([], False, []) == (phone.messages, "RecordingSid" in form, hotline.forms("/voice/recording"))


def test_a_recording_without_sound_is_absent(hotline: Hotline, phone: Handset):
    """It has no seconds, and its status says that there is none after all."""
    hotline.replies = {"/voice/incoming": BEEP, "/voice/turn/2": BYE}
    phone.dial().leave_message(seconds=0)
    assert "0" == hotline.forms("/voice/turn/2")[0]["RecordingDuration"]
    assert "absent" == hotline.forms("/voice/recording")[0]["RecordingStatus"]


def test_a_message_waits_for_the_beep_behind_a_question_of_the_same_document(hotline: Hotline, phone: Handset):
    """A short correction question before the beep is let pass; another document's beep is not waited for."""
    hotline.replies = {
        "/voice/incoming": '<Gather timeout="1" action="/voice/turn/1"/>' + BEEP,
        "/voice/turn/2": MENU + "<Redirect>/voice/incoming</Redirect>",
    }
    phone.dial().leave_message(seconds=3)
    assert "3" == hotline.forms("/voice/turn/2")[0]["RecordingDuration"]
    with pytest.raises(NotNow):
        phone.leave_message(seconds=3)


def test_hanging_up_tells_the_status_callback(hotline: Hotline, phone: Handset):
    """At a question: nothing but the end of the call is told, with how long it was."""
    hotline.replies = {"/voice/incoming": MENU}
    phone.dial().hang_up()
    (form,) = hotline.forms("/voice/status")
    assert ("completed", "caller") == (form["CallStatus"], phone.ended)
    assert 1 <= int(form["CallDuration"])


def test_hanging_up_in_mid_message_still_requests_the_action(hotline: Hotline, phone: Handset):
    """With Digits=hangup and a finished call, before the recording's status and the call's own."""
    hotline.replies = {"/voice/incoming": BEEP}
    phone.dial().hang_up(seconds=4)
    (form,) = hotline.forms("/voice/turn/2")
    assert ("hangup", "4", "completed") == (form["Digits"], form["RecordingDuration"], form["CallStatus"])
    assert ["/voice/incoming", "/voice/turn/2", "/voice/recording", "/voice/status"] == [
        each.path for each in hotline.requests
    ]


def test_callbacks_can_be_held_and_reordered(hotline: Hotline):
    """Twilio promises no order: what is pending is sent when, and as, somebody wishes."""
    hotline.replies = {"/voice/incoming": BEEP}
    phone = Handset(hotline.line(), holds=True).dial().hang_up(seconds=4)
    assert ["record", "recording", "status"] == [each.about for each in phone.pending]
    assert ["/voice/incoming"] == [each.path for each in hotline.requests]
    phone.pending.reverse()
    phone.deliver()
    assert ["/voice/status", "/voice/recording", "/voice/turn/2"] == [each.path for each in hotline.requests[1:]]


def test_a_phone_that_repeats_itself_sends_everything_twice(hotline: Hotline):
    """The repetition bears a token, the answers are compared."""
    count = iter(range(10))
    hotline.replies = {"/voice/incoming": lambda form: f"<Say>{next(count)}</Say>" + MENU, "/voice/turn/1": BYE}
    phone = Handset(hotline.line(), repeats=True).dial().press("1")
    assert [2, 2, 2] == [len(hotline.forms(path)) for path in ("/voice/incoming", "/voice/turn/1", "/voice/status")]
    assert [False, True] == [bool(each.token) for each in hotline.requests[:2]]
    assert [phone.line.url("/voice/incoming")] == phone.differing


def test_a_duty_number_that_takes_the_call_is_put_through(hotline: Hotline, phone: Handset):
    """The whisper runs on a leg of its own; the action learns that the two were bridged."""
    hotline.replies = {
        "/voice/incoming": RING,
        "/voice/whisper": WHISPER,
        "/voice/whisper/answer": "<Say>Connected.</Say>",
        "/voice/turn/2": BYE,
    }
    phone.dial().duty_answers(talks_s=30)
    (whisper,), (result,) = hotline.forms("/voice/whisper/answer"), hotline.forms("/voice/turn/2")
    assert (phone.sid, "outbound-dial", "1") == (whisper["ParentCallSid"], whisper["Direction"], whisper["Digits"])
    assert ("+8657400000001", "+8657455500101") == (whisper["From"], whisper["To"])
    assert ("completed", "true", "30") == (
        result["DialCallStatus"],
        result["DialBridged"],
        result["DialCallDuration"],
    )
    assert (whisper["CallSid"], phone.sid) == (result["DialCallSid"], result["CallSid"])


def test_a_mailbox_that_answers_is_not_put_through(hotline: Hotline, phone: Handset):
    """It presses nothing, the whisper hangs up: completed, yet not bridged."""
    hotline.replies = {"/voice/incoming": RING, "/voice/whisper": WHISPER, "/voice/turn/2": BYE}
    phone.dial().duty_answers(keys="")
    (result,) = hotline.forms("/voice/turn/2")
    assert ("completed", "false") == (result["DialCallStatus"], result["DialBridged"])


@pytest.mark.parametrize("why", ["no-answer", "busy", "failed"])
def test_a_duty_number_that_is_not_there_gives_the_caller_back(hotline: Hotline, phone: Handset, why: str):
    """The action learns why, and no whisper was asked for."""
    hotline.replies = {"/voice/incoming": RING, "/voice/turn/2": BYE}
    phone.dial().duty_does_not_answer(why)
    (result,) = hotline.forms("/voice/turn/2")
    assert (why, "false", []) == (result["DialCallStatus"], result["DialBridged"], hotline.forms("/voice/whisper"))


def test_a_caller_may_end_the_talk(hotline: Hotline, phone: Handset):
    """The action is still requested, for a call that is over."""
    hotline.replies = {"/voice/incoming": RING, "/voice/whisper": "<Say>A neighbour.</Say>"}
    phone.dial().duty_answers(caller_ends=True)
    (result,) = hotline.forms("/voice/turn/2")
    assert ("caller", "completed", "true") == (phone.ended, result["CallStatus"], result["DialBridged"])


def test_without_an_action_the_verb_after_dial_runs(hotline: Hotline, phone: Handset):
    """The caller hears what follows."""
    hotline.replies = {"/voice/incoming": "<Dial>+8657455500101</Dial>" + BYE}
    phone.dial().duty_does_not_answer()
    assert "Goodbye." in phone.said


def test_a_withheld_number_is_a_word(hotline: Hotline):
    """Twilio writes anonymous where the number would be."""
    hotline.replies = {"/voice/incoming": BYE}
    Handset(hotline.line(), caller=None).dial()
    assert "anonymous" == hotline.forms("/voice/incoming")[0]["From"]


def test_the_fallback_carries_the_call_on(hotline: Hotline, phone: Handset):
    """A broken turn is a trouble in Twilio's debugger, and the caller hears the fallback's words."""
    hotline.replies = {
        "/voice/incoming": MENU,
        "/voice/turn/1": ("", 500),
        "/voice/fallback": BEEP,
        "/voice/turn/2": BYE,
    }
    phone.dial().press("1").leave_message()
    assert (["/voice/turn/1: 11200: the answer was 500"], "line") == (phone.troubles, phone.ended)


def test_without_a_fallback_the_call_ends_in_error(hotline: Hotline, phone: Handset):
    """Twilio says that an application error has occurred and hangs up."""
    hotline.replies = {"/voice/incoming": ("", 500)}
    assert "error" == phone.dial().ended


def test_a_rejected_call_and_an_empty_document_end_at_once(hotline: Hotline):
    """Reject refuses; nothing to do means goodbye."""
    hotline.replies = {"/voice/incoming": "<Reject/>"}
    assert "rejected" == Handset(hotline.line()).dial().ended
    hotline.replies = {"/voice/incoming": ""}
    assert "line" == Handset(hotline.line()).dial().ended


def test_documents_that_lead_in_a_circle_end_in_error(hotline: Hotline, phone: Handset):
    """No caller would stay on for two hundred documents."""
    hotline.replies = {"/voice/incoming": "<Redirect>/voice/incoming</Redirect>"}
    assert ("error", ["the call goes round in circles"]) == (phone.dial().ended, phone.troubles)


def test_an_act_at_the_wrong_time_is_refused(hotline: Hotline, phone: Handset):
    """Before dialling, after the end, for a duty number that is not being rung, on a key no telephone has."""
    hotline.replies = {"/voice/incoming": MENU, "/voice/turn/1": BYE}
    with pytest.raises(NotNow):
        phone.press("1")
    with pytest.raises(NotNow):
        phone.dial().duty_answers()
    with pytest.raises(ValueError, match="no key"):
        phone.press("x")
    with pytest.raises(NotNow):
        phone.press("1").press("1")
