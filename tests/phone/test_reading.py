"""What a document says, and what of it Twilio would refuse."""

import pytest

from ivr.phone.element import TwimlError
from ivr.phone.reading import read
from ivr.phone.verbs import Dial, Gather, Hangup, Number, Pause, Record, Redirect, Say

URL = "http://hotline.test/voice/incoming"


def verbs(inside: str):
    return read(f"<Response>{inside}</Response>".encode(), "text/xml; charset=utf-8", URL)


def test_a_gather_without_attributes_has_twilios_defaults():
    """Five seconds, keys only, ended by #, answered to the document's own address."""
    (gather,) = verbs("<Gather><Say>Yes?</Say></Gather>")
    expected = Gather(
        prompts=(Say(("Yes?",), "", "en-US", 1.0, 1),),
        action=URL,
        method="POST",
        dtmf=True,
        speech=False,
        timeout_s=5,
        speech_timeout_s=5,
        num_digits=None,
        finish_on_key="#",
        language="en-US",
        model="default",
        hints="",
        action_on_empty=False,
    )
    assert expected == gather


def test_a_record_without_attributes_has_twilios_defaults():
    """Any key ends it, five seconds of silence or an hour do; it beeps."""
    (record,) = verbs("<Record/>")
    assert Record(URL, "POST", 5, "1234567890*#", 3600, True, True, None, "POST", ("completed",)) == record


def test_a_dial_without_attributes_has_twilios_defaults():
    """Thirty seconds, and without an action the next verb runs."""
    (dial,) = verbs("<Dial><Number>+86574550001</Number></Dial>")
    assert Dial((Number("+86574550001", None, "POST"),), None, "POST", 30, None) == dial


def test_the_small_verbs_are_read():
    """A pause lasts a second unless told, and a redirect posts."""
    expected = (Pause(1), Redirect("http://hotline.test/voice/turn/1#rc=2&rp=ct", "POST"), Hangup())
    assert expected == verbs("<Pause/><Redirect>/voice/turn/1#rc=2&amp;rp=ct</Redirect><Hangup/>")


def test_ssml_becomes_words_and_pauses():
    """Half a second after the key, digits one by one, a slow voice; the words alone read smoothly."""
    (say,) = verbs(
        '<Say voice="Google.cmn-CN-Wavenet-A" language="cmn-CN"><prosody rate="85%">买药请按1，<break time="500ms"/>'
        '编号是<say-as interpret-as="digits">101</say-as>。</prosody></Say>'
    )
    assert ("买药请按1，", 0.5, "编号是1 0 1。") == say.parts
    assert ("Google.cmn-CN-Wavenet-A", "cmn-CN", 0.85) == (say.voice, say.language, say.rate)
    assert "买药请按1，编号是1 0 1。" == say.text


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Shout>Hello</Shout>", 12200),
        ('<Say volume="11">Hello</Say>', 12200),
        ("<Say/>", 12200),
        ("<Say>Hello <b>there</b></Say>", 12200),
        ("Hello", 12200),
        ('<Gather timeout="0"/>', 12200),
        ('<Gather input="voice"/>', 12200),
        ('<Gather finishOnKey="12"/>', 12200),
        ("<Gather><Record/></Gather>", 12200),
        ('<Record maxLength="1"/>', 12200),
        ('<Pause length="half"/>', 12200),
        ("<Dial/>", 12200),
        ("<Hangup>now</Hangup>", 12200),
        ("<Redirect/>", 12200),
        ("<Redirect>ftp://hotline.test/</Redirect>", 11100),
        ("<Say>Hello", 12100),
        ("<Say>Fish & chips</Say>", 12100),
    ],
)
def test_a_document_twilio_would_complain_about_is_an_error(inside: str, code: int):
    """What Twilio refuses or only warns of is an error with Twilio's own code: nothing is skipped in silence."""
    with pytest.raises(TwimlError) as error:
        verbs(inside)
    assert code == error.value.code


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"<Response/>", "", 12300),
        (b"<Response/>", "application/json", 12300),
        (b"<Response/>", "text/plain", 12300),
        (b'\n<?xml version="1.0"?><Response/>', "text/xml", 12100),
        (b"<response/>", "text/xml", 12200),
        (b"<Response><Say>" + b"a" * 65536 + b"</Say></Response>", "text/xml", 11750),
        (b"", "text/xml", 12100),
    ],
)
def test_an_answer_that_is_no_document_is_an_error(body: bytes, content_type: str, code: int):
    """The type, the size and white space before the XML declaration matter to Twilio."""
    with pytest.raises(TwimlError) as error:
        read(body, content_type, URL)
    assert code == error.value.code


def test_an_empty_document_ends_the_call():
    """No verbs: nothing more to do."""
    assert () == verbs("")
