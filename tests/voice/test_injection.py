"""What a caller says, or a list of names holds, is text: never markup, never a template, never SQL."""

import re
from html import unescape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.flow.types import Ask, Say
from ivr.store import hotline
from ivr.store.models import CommunityRow, Turn
from ivr.voice import twiml
from ivr.voice.hearing import clean
from ivr.voice.twiml import Line
from ivr.voice.urls import Urls
from prompts import load_packs
from routing.characters import HIDDEN
from tests.builders import new_community
from tests.twiml_check import problems
from tests.voice.sender import CALL, Sender, recorded

PAYLOADS = [
    "</Say><Redirect>https://evil.example</Redirect>",
    "]]><Hangup/><![CDATA[",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&#0;&#x1F;&amp;lt;",
    "".join(map(chr, range(1, 32))) + "药",
    "{{7*7}}{% raw %}${7*7}#{7*7}%s%n%(x)s{0}{pause}{need}",
    "' OR 1=1--",
    '"><img src=x onerror=alert(1)>',
    "=cmd|'/c calc'!A1",
]


ADDRESS = re.compile(r"(?:https?://|/voice/)[^\"<>\s]+")
OPAQUE = re.compile(r"/voice/(turn/\d{1,2}|recording|audio/\w+/[\w.-]+|message/[\w.-]+)(#rc=2&rp=ct,rt,5xx)?")


def xml(document: str) -> Element:
    return ElementTree.fromstring(document)  # noqa: S314 - our own document


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("n", [1, 2])
def test_what_is_said_changes_no_document(carrier: Sender, db: Session, payload: str, n: int):
    """A56, A57, A60: At the need and at the community: the document as for any other nonsense; the words are kept."""
    said = payload + " 呃呃"
    documents = []
    for caller, text in (("+8613800000002", "呃呃"), ("+8613800000003", said)):
        call = CALL | {"CallSid": f"CA{caller[1:]}", "From": caller}
        carrier.post("/voice/incoming", call)
        if n == 2:
            carrier.post("/voice/turn/1", call | {"Digits": "1"})
        documents.append(carrier.post(f"/voice/turn/{n}", call | {"SpeechResult": text}).text)

    honest, evil = documents
    if "药" not in payload:
        assert honest == evil
    assert [] == problems(evil)
    assert clean(said) in [turn.heard.get("text") for turn in db.scalars(select(Turn))]


@pytest.mark.parametrize("field", ["From", "To", "CallerName", "FromCity", "Digits", "SpeechResult"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_is_said_back(carrier: Sender, field: str, payload: str):
    """A56: Nor does it lead anywhere: every address in the answer is our own."""
    carrier.post("/voice/incoming", CALL)
    answer = carrier.post("/voice/turn/1", CALL | {field: payload}).text
    assert "evil" not in answer
    assert "49" not in "".join(xml(answer).itertext())
    assert {True} == {
        value.startswith("http://localhost/voice/")
        for element in xml(answer).iter()
        for name, value in element.attrib.items()
        if name in ("action", "url", "recordingStatusCallback")
    }


@pytest.mark.parametrize("payload", [each for each in PAYLOADS if not HIDDEN.search(each)])
def test_a_name_of_the_directory_is_read_out_as_it_is_written(app: App, carrier: Sender, payload: str):
    """Escaped once, by the library that writes the document."""
    with app.sessions.begin() as db:
        new_community(db, "9", name=payload, street=payload, keypad="999")
        hotline.settings(db).directory_version += 1
    carrier.post("/voice/incoming", CALL)
    carrier.post("/voice/turn/1", CALL | {"Digits": "1"})
    answer = carrier.post("/voice/turn/2", CALL | {"Digits": "999"}).text

    assert [] == problems(answer)
    assert payload in "".join(xml(answer).itertext())


def test_no_address_of_a_document_says_anything_of_the_caller(carrier: Sender):
    """A109: neither number nor words nor what was understood: our own names, small numbers, and tokens."""
    heard = [{}, {"SpeechResult": "我要买药"}, {"SpeechResult": "银杏社区"}, recorded(seconds="9"), {"Digits": "1"}]
    documents = [
        carrier.post(f"/voice/{f'turn/{n}' if n else 'incoming'}", CALL | said | caller).text
        for caller in ({}, {"From": "anonymous", "CallSid": "CA00000000000000000000000000000002"})
        for n, said in enumerate(heard)
    ]
    addresses = {unescape(each) for document in documents for each in ADDRESS.findall(document)}
    assert len(addresses) > len(heard)
    assert [] == [each for each in addresses if not OPAQUE.fullmatch(each.removeprefix("http://localhost"))]


def test_the_database_is_still_there(carrier: Sender, db: Session):
    """A61: Words that are SQL are matched, not run."""
    before = list(db.scalars(select(CommunityRow.code)))
    carrier.post("/voice/incoming", CALL)
    for n, text in enumerate(("'; DELETE FROM communities; --", "%", "_", "\\"), 1):
        carrier.post(f"/voice/turn/{n}", CALL | {"SpeechResult": text})
    db.expire_all()
    assert before == list(db.scalars(select(CommunityRow.code)))


PACKS = load_packs()
LINE = Line(PACKS, "zh", Urls("https://hotline.example"), {})
PRINTABLE = st.text().filter(lambda text: not HIDDEN.search(text))


@examples(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(name=PRINTABLE, street=PRINTABLE)
def test_any_name_that_a_directory_takes_makes_a_document(name: str, street: str):
    """A57: One Gather, one Redirect, and the name in between."""
    document = twiml.render(Ask((Say("confirm.ask", {"name": name, "street": street}),)), 1, LINE)
    assert [] == problems(document)
    assert ["Gather", "Redirect"] == [verb.tag for verb in xml(document)]
