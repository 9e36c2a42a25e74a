"""How a request reaches the hotline."""

from collections.abc import Mapping

from ivr.phone.line import Line, Retries
from ivr.phone.transport import Answer, Body, NoAnswer
from tests.phone.hotline import ACCOUNT_SID, AUTH_TOKEN, Hotline

DOCUMENT = Answer(200, {"content-type": "text/xml"}, b"<Response/>")


class Scripted:
    """A transport that answers what it is told, in order; the last one for ever."""

    def __init__(self, *outcomes: Answer | NoAnswer) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[tuple[str, str, Body, Mapping[str, str]]] = []

    def __call__(self, method: str, url: str, body: Body, headers: Mapping[str, str]) -> Answer:
        self.sent.append((method, url, body, headers))
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, NoAnswer):
            raise outcome
        return outcome

    def line(self) -> Line:
        return Line("http://hotline.test", ACCOUNT_SID, AUTH_TOKEN, self)


def test_the_signature_is_the_one_in_twilios_documentation():
    """Twilio's published example: https://www.twilio.com/docs/usage/webhooks/webhooks-security."""
    line = Line("https://example.com", ACCOUNT_SID, "12345", Scripted(DOCUMENT))
    caller = "+14158675310"
    form = {"CallSid": "CA1234567890ABCDE", "Caller": caller, "Digits": "1234", "From": caller, "To": "+18005551212"}
    url = "https://example.com/myapp.php?foo=1&bar=2"
    assert "L/OH5YylLD5NRKLltdqwSvS0BnU=" == line.sign(url, form)
    assert line.sign(url, form) == line.sign(url.replace(".com", ".com:8443"), form)


def test_every_request_is_signed_without_the_fragment(hotline: Hotline):
    """The hotline accepts it, for a POST and for a GET with the fields in its query."""
    line = hotline.line()
    line.request(line.url("/voice/turn/1#rc=2"), {"CallSid": "CA1", "SpeechResult": "银杏 "})
    line.request(line.url("/voice/turn/2?a=b#rc=2"), {"CallSid": "CA1"}, "GET")
    assert [True, True] == [each.signed for each in hotline.requests]
    assert ("GET", {"a": "b", "CallSid": "CA1"}) == (hotline.requests[1].method, hotline.requests[1].form)


def test_a_urls_fragment_says_how_often_to_try():
    """Without one Twilio repeats a refused connection once, and nothing else."""
    assert Retries(1, frozenset({"ct"})) == Retries.of("http://hotline.test/")
    assert Retries(2, frozenset({"ct", "rt", "5xx"})) == Retries.of("http://hotline.test/#rc=2&rp=ct,rt,5xx")
    assert Retries(5, frozenset({"ct", "rt", "4xx", "5xx"})) == Retries.of("http://hotline.test/#rc=5&rp=all")


def test_a_failure_is_repeated_as_the_policy_says():
    """Two repetitions after a 500 and a lost answer, both with the same token; the third try's answer counts."""
    transport = Scripted(Answer(500, {}, b""), NoAnswer("rt"), DOCUMENT)
    exchange = transport.line().request("http://hotline.test/voice#rc=2&rp=ct,rt,5xx", {"CallSid": "CA1"})
    assert (3, True) == (exchange.tries, exchange.ok)
    tokens = [headers.get("I-Twilio-Idempotency-Token") for *_, headers in transport.sent]
    assert (None, 1) == (tokens[0], len(set(tokens[1:])))


def test_a_refusal_is_never_repeated_by_default():
    """A 403 stays a 403."""
    transport = Scripted(Answer(403, {}, b""), DOCUMENT)
    exchange = transport.line().request("http://hotline.test/voice#rc=2&rp=ct,rt,5xx", {})
    assert (1, False) == (exchange.tries, exchange.ok)


def test_the_fallback_is_asked_when_a_document_cannot_be_used(hotline: Hotline):
    """It is told which address failed and why."""
    hotline.replies = {"/voice/incoming": ("", 500), "/voice/fallback": "<Say>Sorry</Say>"}
    line = hotline.line()
    fetched = line.fetch(line.url("/voice/incoming"), {"CallSid": "CA1"})
    assert "Sorry" == fetched.verbs[0].text
    assert ("/voice/incoming: 11200: the answer was 500",) == fetched.troubles
    told = hotline.forms("/voice/fallback")[0]
    assert ("11200", line.url("/voice/incoming")) == (told["ErrorCode"], told["ErrorUrl"])


def test_a_hotline_that_is_away_leaves_no_document():
    """Neither address answers: there is nothing to say to the caller."""
    line = Scripted(NoAnswer("ct")).line()
    fetched = line.fetch(line.url("/voice/incoming"), {})
    assert (None, 2) == (fetched.verbs, len(fetched.troubles))
