"""Whatever the flow says, in every language: Twilio understands it, and nobody is recorded untold."""

import itertools
from dataclasses import replace
from pathlib import Path
from shutil import copytree, ignore_patterns
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from ivr.carrier.placing import RETRY
from ivr.flow import chart, engine
from ivr.flow.types import Ask, Bye, Message, Reply, Say
from ivr.voice import twiml
from ivr.voice.twiml import Line, Rung
from ivr.voice.urls import Urls
from prompts import Packs, load_packs
from prompts.pack import HERE
from prompts.parts import part
from routing.directory import Community, Directory
from tests.twiml_check import problems

PACKS = load_packs()
URLS = Urls("https://hotline.example")
MANY = tuple(f"{n}号弄堂社区" * 3 for n in range(600))
# Names as a careless list may have them.
STREET = "<新碶>&'\"]]>街道"
NAMES = ("<b>银杏</b>社区", "A & B, 'C' \"D\"", "{pause}{0.__class__}%s")
OFFICE = "+8657455500111"
KNOWN = (
    Say("whisper.urgent"),
    Say("whisper.need", {"need": "food"}),
    Say("whisper.place", {"name": NAMES[1]}),
    Say("whisper.calls", {"count": "3"}),
)


def xml(document: str) -> Element:
    return ElementTree.fromstring(document)  # noqa: S314 - our own document


def line(language: str, packs: Packs = PACKS) -> Line:
    hints = dict.fromkeys(("needs", "communities", "review"), MANY)
    return Line(packs, language, URLS, hints, rings=(Rung("+8657455500199", 7),), hotline="+8657455500100")


def worlds() -> list[engine.World]:
    """The walk's worlds with names and words that want escaping, and the real languages."""
    places = [
        replace(place, name=name, street=STREET, phone=OFFICE) for place, name in zip(chart.PLACES, NAMES, strict=True)
    ]
    languages = {pack.key: code for code, pack in PACKS.items()}
    return [
        replace(world, directory=Directory(places), languages=languages, ticket="10086") for world in chart.worlds()
    ]


@pytest.fixture(scope="module")
def replies() -> list[tuple[str, Reply]]:
    """Everything the hotline says in any call, once, with the language it is said in."""
    said: dict[str, tuple[str, Reply]] = {}
    for world in worlds():
        for step in chart.walk(world):
            said.setdefault(repr((step.after.language, step.reply)), (step.after.language, step.reply))
        for state in chart.beginnings():
            turn = engine.begin(state, world)
            said.setdefault(repr((turn.state.language, turn.reply)), (turn.state.language, turn.reply))
    return list(said.values())


def documents(replies: list[tuple[str, Reply]], packs: Packs = PACKS) -> list[str]:
    """Each as a document, in its own language and in every other."""
    return [twiml.render(reply, 3, line(language, packs)) for (_, reply), language in itertools.product(replies, packs)]


def test_every_document_of_every_call_is_sound(replies: list[tuple[str, Reply]]):
    """Elements, attributes, voices, 500 hints at most, less than 64 kB, never an end in silence."""
    assert 100 < len(replies)
    for document in documents(replies):
        assert [] == problems(document), document


def test_every_document_of_the_slow_lane_is_sound(replies: list[tuple[str, Reply]]):
    """The same checks at the slower pace: more seconds, no more bytes than a document may have."""
    packs = {code: pack.slowly for code, pack in PACKS.items()}
    for document in documents(replies, packs):
        assert [] == problems(document), document
        assert {packs["zh"].voice["rate"], packs["en"].voice["rate"]} >= {
            slow.get("rate") for slow in xml(document).iter("prosody")
        }


def test_after_a_beep_there_is_always_a_way_on(replies: list[tuple[str, Reply]]):
    """A41: An empty recording never calls its action: a Redirect leads where the action would."""
    for document in documents(replies):
        verbs = list(xml(document))
        for record, following in itertools.pairwise(verbs):
            if record.tag == "Record":
                assert ("Redirect", record.get("action")) == (following.tag, following.text)


def test_the_notice_stands_right_before_the_beep(replies: list[tuple[str, Reply]]):
    """A111: Outside any question, so that no key skips it."""
    spoken = {pack.say[key].strip() for pack in PACKS.values() for key in ("message.notice", "message.beep")}
    for document in documents(replies):
        verbs = list(xml(document))
        for before, record in itertools.pairwise(verbs):
            if record.tag == "Record":
                assert "Say" == before.tag
                assert "".join(before.itertext()).strip().endswith(tuple(spoken))


def test_only_the_hash_key_ends_a_message(replies: list[tuple[str, Reply]]):
    """A42: A cheek against the keypad must not."""
    records = {
        (record.get("finishOnKey"), record.get("timeout"), record.get("maxLength"))
        for document in documents(replies)
        for record in xml(document).iter("Record")
    }
    assert {("#", "10", "120")} == records


def test_every_address_says_how_it_is_to_be_tried_again(replies: list[tuple[str, Reply]]):
    """Twilio repeats almost nothing unless it is told to; a 4xx never."""
    addresses = set()
    apology = twiml.apology(PACKS, "zh", URLS)
    for document in [*documents(replies), apology, twiml.whisper(7, (), PACKS, "zh", URLS)]:
        for element in xml(document).iter():
            addresses |= {element.get(name) for name in ("action", "url", "recordingStatusCallback", "statusCallback")}
            addresses |= {element.text} if element.tag == "Redirect" else set()
    addresses.discard(None)

    assert "#rc=2&rp=ct,rt,5xx" == RETRY
    assert all(
        address.startswith("https://hotline.example/voice/") and address.endswith(RETRY) for address in addresses
    )
    said = {urlsplit(address).path.removeprefix("/voice/") for address in addresses}
    assert {"turn/3", "recording", "whisper/7", "whisper/7/answer", "rung/7", "fallback/message"} == said


def test_a_turn_s_addresses_name_the_turn_that_answers_it():
    document = twiml.render(Ask((Say("need.ask"),)), 17, line("zh"))
    assert document.count(f"https://hotline.example/voice/turn/17{RETRY.replace('&', '&amp;')}") == 2


@pytest.mark.parametrize("language", PACKS)
def test_a_pack_s_voice_waits_and_recogniser_are_what_twilio_is_told(language: str):
    pack = PACKS[language]
    document = twiml.render(Ask((Say("need.ask"),)), 1, line(language))
    gather = xml(document).find("Gather")
    assert gather is not None
    assert pack.recogniser["language"] == gather.get("language")
    assert (str(pack.waits_s["answer"]), str(pack.waits_s["speech_end"])) == (
        gather.get("timeout"),
        gather.get("speechTimeout"),
    )
    assert [pack.voice["rate"]] == [slow.get("rate") for slow in gather.iter("prosody")]


def test_a_question_to_keys_alone_does_not_listen():
    """Attributes of speech without speech are an error at Twilio."""
    document = twiml.render(Ask((Say("community.taken", {"name": "x"}),), speech=False), 1, line("zh"))
    assert 'input="dtmf"' in document
    assert [] == problems(document)


def test_another_language_is_said_in_its_own_voice():
    """The offer of English, by an English voice, in the middle of a Chinese prompt."""
    document = twiml.render(Ask((Say("need.ask"), Say("language.offer", {"digit": "9"}, "en"))), 1, line("zh"))
    assert ["cmn-CN", "en-US"] == [say.get("language") for say in xml(document).iter("Say")]


def test_numbers_are_read_digit_by_digit():
    """A ticket's number as it is, a telephone number as a neighbour would dial it."""
    says = (Say("goodbye.ticket", {"number": "10086"}), Say("goodbye.office", {"name": "x", "phone": OFFICE}))
    document = twiml.render(Bye(says), 1, line("zh"))
    digits = [each.text for each in xml(document).iter("say-as")]
    assert ["10086", "10086", "057455500111"] == digits


def test_names_are_said_as_they_are_written():
    """Markup in a name is text, and a brace is a brace."""
    for name in (*NAMES, STREET):
        reply = Ask((Say("confirm.ask", {"name": name, "street": STREET}),))
        spoken = "".join(xml(twiml.render(reply, 1, line("zh"))).itertext())
        assert name in spoken


def test_a_recorded_clip_is_played_instead_of_speech(tmp_path: Path):
    """Where the pack has one; what has blanks or no clip is spoken."""
    copytree(HERE, tmp_path, dirs_exist_ok=True, ignore=ignore_patterns("*.py", "audio"))
    (tmp_path / "audio" / "zh").mkdir(parents=True)
    (tmp_path / "audio" / "zh" / "message.notice.wav").write_bytes(b"RIFF")
    packs = load_packs(tmp_path)

    notice = part(packs["zh"].say["message.notice"])
    document = twiml.render(Message((Say("message.empty"),), notice=Say("message.notice")), 1, line("zh", packs))
    assert ["Say", "Play", "Record", "Redirect"] == [verb.tag for verb in xml(document)]
    assert f"<Play>https://hotline.example/voice/audio/{packs['zh'].clips[notice].name}</Play>" in document
    assert [] == problems(document)
    assert "<Play" not in twiml.render(Message((), notice=Say("message.notice")), 1, line("en", packs))

    (tmp_path / "audio" / "zh" / "message.notice.wav").unlink()  # while the hotline runs
    assert "<Play" not in twiml.render(Message((), notice=Say("message.notice")), 1, line("zh", packs))


def test_a_large_directory_makes_no_document_too_large():
    """Five hundred names of the greatest length, in three bytes a character."""
    hints = {"communities": tuple(f"{n:03}{'樟' * 97}" for n in range(500))}
    document = twiml.render(Ask((Say("community.ask"),), hints="communities"), 1, replace(line("zh"), hints=hints))
    assert [] == problems(document)


@pytest.mark.parametrize("accepted", [True, False])
def test_the_whisper_is_sound_too(accepted: bool):
    """In the documents of a rung number fewer verbs have a place."""
    for document in (twiml.whisper(7, KNOWN, PACKS, "zh", URLS), twiml.whisper_answer(accepted, PACKS, "zh", URLS)):
        assert [] == problems(document, "number_whisper")


def test_the_apology_is_said_in_every_language_and_records():
    """It needs nothing but the packs."""
    for language in PACKS:
        document = twiml.apology(PACKS, language, URLS)
        assert [] == problems(document)
        says = [say.get("language") for say in xml(document).iter("Say")]
        assert {pack.voice["language"] for pack in PACKS.values()} == set(says)
        assert PACKS[language].voice["language"] == says[0]


def test_a_community_may_have_no_street():
    place = Community("1", "银杏社区", "", "")
    reply = Ask((Say("confirm.ask", {"name": place.name, "street": place.street}),))
    assert [] == problems(twiml.render(reply, 1, line("zh")))
