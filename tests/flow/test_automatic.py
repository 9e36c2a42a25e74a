"""Every automatic call, walked from end to end: it always ends, and tells nothing before somebody answered."""

from collections import defaultdict
from functools import cache
from types import ModuleType

import pytest

from ivr.flow import closing, overdue
from ivr.flow.automatic import ASKED, MISSES, Automatic
from ivr.flow.closing import Closing
from ivr.flow.overdue import Overdue
from ivr.flow.types import Ask, Bye, Heard, Keys, Message, Recorded, Reply, Said, Silence, Speech
from ivr.store.models import AUTOMATIC
from ivr.voice import twiml
from ivr.voice.urls import Urls
from prompts import load_packs
from routing.automatic import LATER, NOBODY, OPTED_OUT, SPOKEN
from routing.speech.meaning import Emergency, Meaning, Wish
from tests.twiml_check import problems

PACKS = load_packs()
WHEN = {"day": "2026-03-02", "today": "2026-03-02", "clock": "15:00"}
FLOWS = {"closing": closing, "overdue": overdue}
FIRSTS: dict[str, tuple[Automatic, ...]] = {
    "closing": (Closing("medicine"), Closing(None), Closing("other", records=False), Closing(rates=True)),
    "overdue": (
        Overdue("medicine", promise="promise.by", when=WHEN),
        Overdue(None, holder="officer"),
        Overdue("other", records=False),
    ),
}
# the questions but for the first and the last, and those that come after the answer
QUESTIONS = {"closing": ("right", "words", "rate"), "overdue": ("needed", "cancel", "words")}
ANSWERED = {"closing": ("words", "rate", "over"), "overdue": ("words", "over")}
MEANINGS = (
    Meaning(),
    Meaning(answer=True),
    Meaning(answer=False),
    Meaning(choice=1),
    Meaning(choice=2),
    Meaning(choice=3),
    Meaning(hello=True),
    Meaning(needs=("medicine",)),
    Meaning(emergency=Emergency("ambulance", "120")),
    *(Meaning(wishes=frozenset({wish})) for wish in Wish),
)
EVERY: tuple[Heard, ...] = (
    *(Keys(key) for key in "0123456789*#"),
    Keys("11"),
    Silence(),
    Recorded(3),
    *map(Said, MEANINGS),
)
every_kind = pytest.mark.parametrize("kind", AUTOMATIC)


def read(text: str) -> Meaning:
    raise AssertionError("nothing is read here")


def follow(flow: ModuleType, state: Automatic, *heard: Heard) -> Automatic:
    for each in heard:
        state = flow.advance(state, each, read)
    return state


@cache
def walk(kind: str) -> dict[Automatic, frozenset[Automatic]]:
    """Every state there is, with those that follow it."""
    found: dict[Automatic, frozenset[Automatic]] = {}
    open_ones = list(FIRSTS[kind])
    while open_ones:
        state = open_ones.pop()
        if state not in found:
            found[state] = frozenset(FLOWS[kind].advance(state, heard, read) for heard in EVERY)
            open_ones += found[state]
    return found


def says(reply: Reply) -> list[str]:
    return [say.key for say in reply.says]


@every_kind
def test_every_question_and_every_answer_is_walked(kind: str):
    assert {"here", *QUESTIONS[kind], "over"} == {state.step for state in walk(kind)}
    assert set(FLOWS[kind].LAST_WORDS) == {state.answer for state in walk(kind) if state.step == "over"}
    assert set(FLOWS[kind].LAST_WORDS) < set(SPOKEN)


@every_kind
def test_it_always_ends_and_with_an_answer(kind: str):
    """From every state the goodbye can be reached; whatever is heard without end, it comes."""
    before = defaultdict(set)
    for state, following in walk(kind).items():
        for each in following:
            before[each].add(state)
    reached = {state for state in walk(kind) if state.step == "over"}
    waiting = list(reached)
    while waiting:
        new = before[waiting.pop()] - reached
        reached |= new
        waiting += new
    assert set(walk(kind)) == reached
    for state in walk(kind):
        assert (state.step in ANSWERED[kind]) is bool(state.answer), state
        for heard in EVERY:
            assert "over" == follow(FLOWS[kind], state, *[heard] * (2 * ASKED + 2)).step, (state, heard)


@every_kind
def test_silence_ends_it_at_once_and_nobody_has_answered(kind: str):
    for first in FIRSTS[kind]:
        state = follow(FLOWS[kind], first, *[Silence()] * MISSES)
        assert ("over", NOBODY) == (state.step, state.answer)


@every_kind
@pytest.mark.parametrize(("key", "answer"), [("2", LATER), ("9", OPTED_OUT)])
def test_who_has_no_time_now_or_never_wants_such_calls_says_so_at_once(kind: str, key: str, answer: str):
    for first in FIRSTS[kind]:
        state = follow(FLOWS[kind], first, Keys(key))
        assert ("over", answer) == (state.step, state.answer)


@every_kind
def test_nothing_of_the_matter_is_said_before_a_key_or_a_word(kind: str):
    """The first question is the same for everybody; only a yes leads on to the one that names the need."""
    flow, then = FLOWS[kind], QUESTIONS[kind][0]
    firsts = {repr(flow.ask(state)) for state in walk(kind) if state.step == "here"}
    assert 2 == len(firsts), "asked, and asked once more"
    for state, following in walk(kind).items():
        for each in following:
            if state.step == "here" and each.step == then:
                assert {Keys("1"), Said(Meaning(answer=True)), Said(Meaning(choice=1))} == {
                    heard for heard in EVERY if flow.advance(state, heard, read).step == then
                }


@every_kind
def test_the_beep_is_announced_and_where_nothing_can_be_kept_there_is_none(kind: str):
    for state in walk(kind):
        reply = FLOWS[kind].ask(state)
        assert isinstance(reply, Message) is (state.step == "words")
        if isinstance(reply, Message):
            assert ("message.beep", True) == (reply.notice.key, state.records)


@every_kind
def test_whoever_is_in_danger_hears_the_number_first(kind: str):
    for first in FIRSTS[kind]:
        reply = FLOWS[kind].ask(follow(FLOWS[kind], first, Said(Meaning(emergency=Emergency("fire", "119")))))
        assert ("emergency.call", {"number": "119"}) == (reply.says[0].key, reply.says[0].values)


@every_kind
def test_words_are_read_once(kind: str):
    state = FLOWS[kind].advance(FIRSTS[kind][0], Speech("好"), {"好": Meaning(answer=True)}.__getitem__)
    assert QUESTIONS[kind][0] == state.step


@every_kind
def test_a_state_outlives_a_restart_and_a_new_release(kind: str):
    for state in walk(kind):
        assert state == type(state).from_json(state.to_json() | {"of_another_release": 1})


@every_kind
@pytest.mark.parametrize("language", PACKS)
def test_every_document_is_sound(kind: str, language: str):
    urls = Urls("https://hotline.example").automatic(kind, 7)
    for packs in (PACKS, {code: pack.slowly for code, pack in PACKS.items()}):
        line = twiml.Line(packs, language, urls, {"yes_no": tuple(packs[language].hints["yes_no"])})
        for state in walk(kind):
            reply = FLOWS[kind].ask(state)
            document = twiml.render(reply, 3, line)
            assert [] == problems(document), document
            assert isinstance(reply, Bye) or f"/voice/{kind}/7/turn/3" in document
            assert not (isinstance(reply, Ask) and reply.speech) or reply.hints == "yes_no"
