"""The checker finds what Twilio would trip over, and nothing in a good document."""

import pytest

from tests.twiml_check import problems

SAY = '<Say voice="Google.cmn-CN-Wavenet-A" language="cmn-CN">{}</Say>'
GATHER = '<Gather action="/voice/turn/1" {}>' + SAY.format("您好") + "</Gather><Hangup/>"


def document(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'


@pytest.mark.parametrize(
    "inside",
    [
        "",
        SAY.format(
            '<prosody rate="85%">按1，<break time="500ms"/><say-as interpret-as="digits">101</say-as></prosody>'
        ),
        GATHER.format(
            'input="dtmf speech" numDigits="1" timeout="8" speechTimeout="2" language="zh" hints="买药,吃饭"'
        ),
        '<Record action="/voice/turn/2" recordingStatusCallback="/voice/recording#rc=2" finishOnKey="#"/>'
        "<Redirect>/voice/turn/2</Redirect>",
        '<Dial action="/voice/turn/3" timeout="25"><Number url="/voice/whisper">+8657455500101</Number></Dial>',
    ],
)
def test_a_good_document_has_no_problems(inside: str):
    """Everything the hotline says is fine with Twilio."""
    assert [] == problems(document(inside))


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<Enqueue/>", "<Enqueue> has no place in a call document"),
        ('<Say language="en-US">Hi</Say>', "<Say> needs voice"),
        (SAY.format(""), "<Say> is empty"),
        (SAY.format("<Play>/a.wav</Play>"), "<Say> cannot hold <Play>"),
        (SAY.format("<prosody>slowly</prosody>"), "<prosody> needs one of rate, pitch, volume"),
        (SAY.format('<break time="long"/>hm'), "<break time> cannot be 'long'"),
        (SAY.format("好" * 5000), "<Say> is longer than 5000 characters"),
        (SAY.replace("cmn-CN", "en-US", 1).format("Hi"), "<Say> Google.en-US-Wavenet-A does not speak cmn-CN"),
        ("<Hangup/>" + SAY.format("再见"), "what follows <Hangup> is never reached"),
        (SAY.format("您好") + "<Reject/>", "<Reject> must come first"),
        ('<Gather action="/1"/>', "nothing follows <Gather>: silence would hang up on the caller"),
        ("<Gather/><Hangup/>", "<Gather> needs action"),
        (GATHER.format('numdigits="1"'), "<Gather> has no attribute numdigits"),
        (GATHER.format('timeout="0"'), "<Gather timeout> cannot be '0'"),
        (GATHER.format('language="cmn-Hans-CN"'), "<Gather language> needs input speech"),
        (GATHER.format('input="speech" numDigits="1"'), "<Gather numDigits> needs input dtmf"),
        (GATHER.format('input="speech" language="fr-FR"'), "<Gather language> cannot be 'fr-FR'"),
        (GATHER.format(f'input="speech" hints="{"药," * 500}药"'), "<Gather hints>"),
        (
            GATHER.format('input="speech" speechTimeout="auto" speechModel="default"'),
            "<Gather> speechTimeout=auto with a speechModel is warning 13335",
        ),
        (
            GATHER.format('input="speech" language="cmn-Hans-CN" speechModel="phone_call"'),
            "<Gather> phone_call understands no Chinese",
        ),
        ('<Dial action="/1"><Number>two</Number></Dial>', "<Number> cannot hold the text 'two'"),
        ('<Dial action="/1">' + "<Number>10010</Number>" * 11 + "</Dial>", "<Dial> holds more than 10"),
        ("<Redirect>two words</Redirect>", "<Redirect> cannot hold the text 'two words'"),
        ("hello", "<Response> cannot hold the text 'hello'"),
        (SAY.format("好") * 2000, "the document is larger than 64 kB"),
    ],
)
def test_a_bad_document_is_told_why(inside: str, problem: str):
    """One sentence names the element and what is wrong with it."""
    assert [problem] == [each[: len(problem)] for each in problems(document(inside))]


def test_white_space_before_the_declaration_is_no_xml():
    """Twilio refuses it, and so do we."""
    assert problems("\n" + document(""))[0].startswith("no XML")


def test_a_whisper_may_end_without_a_word_but_may_not_record():
    """Its end puts the two together; only some verbs have a place there."""
    whisper = document('<Gather action="/voice/whisper/answer" numDigits="1"/>')
    assert [] == problems(whisper, "number_whisper")
    assert ["<Dial> has no place in a number_whisper document"] == problems(
        document('<Dial action="/1">10010</Dial>'), "number_whisper"
    )
