"""The closing call, walked from end to end: whatever is heard, it ends, and tells nothing before somebody answered."""

from collections import defaultdict
from functools import cache

import pytest

from ivr.flow.closing import ASKED, LAST_WORDS, MISSES, Closing, advance, ask
from ivr.flow.types import Ask, Bye, Heard, Keys, Message, Recorded, Reply, Said, Silence, Speech
from ivr.voice import twiml
from ivr.voice.urls import Urls
from prompts import load_packs
from routing.closing import CONFIRMED, LATER, NOBODY, NOT_RIGHT, OPTED_OUT, SPOKEN
from routing.speech.meaning import Emergency, Meaning, Wish
from tests.twiml_check import problems

PACKS = load_packs()
MEANINGS = (
    Meaning(),
    Meaning(answer=True),
    Meaning(answer=False),
    Meaning(choice=1),
    Meaning(choice=2),
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


def read(text: str) -> Meaning:
    raise AssertionError("nothing is read here")


def follow(state: Closing, *heard: Heard) -> Closing:
    for each in heard:
        state = advance(state, each, read)
    return state


@cache
def walk() -> dict[Closing, frozenset[Closing]]:
    """Every state there is, with those that follow it."""
    found: dict[Closing, frozenset[Closing]] = {}
    open_ones = [Closing("medicine"), Closing(None), Closing("other", records=False), Closing(rates=True)]
    while open_ones:
        state = open_ones.pop()
        if state not in found:
            found[state] = frozenset(advance(state, heard, read) for heard in EVERY)
            open_ones += found[state]
    return found


def says(reply: Reply) -> list[str]:
    return [say.key for say in reply.says]


def test_every_question_and_every_answer_is_walked():
    assert {"here", "right", "words", "rate", "over"} == {state.step for state in walk()}
    assert set(LAST_WORDS) == {state.answer for state in walk() if state.step == "over"}
    assert set(LAST_WORDS) < set(SPOKEN)


def test_it_always_ends_and_with_an_answer():
    """From every state the goodbye can be reached; whatever is heard without end, it comes."""
    before = defaultdict(set)
    for state, following in walk().items():
        for each in following:
            before[each].add(state)
    reached = {state for state in walk() if state.step == "over"}
    waiting = list(reached)
    while waiting:
        new = before[waiting.pop()] - reached
        reached |= new
        waiting += new
    assert set(walk()) == reached
    for state in walk():
        assert (state.step in ("words", "rate", "over")) is bool(state.answer), state
        for heard in EVERY:
            assert "over" == follow(state, *[heard] * (2 * ASKED + 2)).step, (state, heard)


def test_silence_ends_it_at_once_and_nobody_has_answered():
    state = follow(Closing("medicine"), *[Silence()] * MISSES)
    assert ("over", NOBODY) == (state.step, state.answer)


def test_nothing_of_the_matter_is_said_before_a_key_or_a_word():
    """The first question is the same for everybody; only a yes leads on to the one that names the need."""
    firsts = {repr(ask(state)) for state in walk() if state.step == "here"}
    assert {repr(ask(Closing("medicine"))), repr(ask(Closing("food", misses=1)))} == firsts
    for state, following in walk().items():
        for each in following:
            if state.step == "here" and each.step == "right":
                assert {Keys("1"), Said(Meaning(answer=True)), Said(Meaning(choice=1))} == {
                    heard for heard in EVERY if advance(state, heard, read).step == "right"
                }


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ((Keys("1"), Keys("1")), CONFIRMED),
        ((Keys("1"), Keys("2")), NOT_RIGHT),
        ((Keys("2"),), LATER),
        ((Keys("9"),), OPTED_OUT),
        ((Keys("1"), Keys("9")), OPTED_OUT),
        ((Keys("0"),), NOT_RIGHT),
        ((Said(Meaning(answer=True)), Said(Meaning(wishes=frozenset({Wish.CANCEL})))), CONFIRMED),
        ((Said(Meaning(answer=True)), Said(Meaning(wishes=frozenset({Wish.STATUS})))), NOT_RIGHT),
        ((Said(Meaning(answer=True)), Said(Meaning(needs=("medicine",)))), NOT_RIGHT),
        ((Said(Meaning(answer=True)), Said(Meaning(needs=("medicine",), answer=True))), CONFIRMED),
        ((Said(Meaning(hello=True)), Keys("*"), Keys("1"), Silence(), Keys("1")), CONFIRMED),
        ((Keys("1"), Keys("7"), Keys("7")), NOBODY),
    ],
)
def test_what_an_answer_comes_to(heard: tuple[Heard, ...], answer: str):
    assert answer == follow(Closing("medicine"), *heard).answer


def test_the_beep_is_announced_and_where_nothing_can_be_kept_there_is_none():
    for state in walk():
        reply = ask(state)
        assert isinstance(reply, Message) is (state.step == "words")
        if isinstance(reply, Message):
            assert ("message.beep", True) == (reply.notice.key, state.records)
    over = follow(Closing("medicine", records=False), Keys("1"), Keys("2"))
    assert ["closing.sorry", "closing.noted", "goodbye.end"] == says(ask(over))


def test_whoever_is_in_danger_hears_the_number_first():
    for records in (True, False):
        reply = ask(follow(Closing(records=records), Said(Meaning(emergency=Emergency("fire", "119")))))
        assert ("emergency.call", {"number": "119"}) == (reply.says[0].key, reply.says[0].values)


@pytest.mark.parametrize(
    ("heard", "rated"),
    [(Keys("1"), "good"), (Keys("2"), "bad"), (Keys("9"), ""), (Silence(), ""), (Said(Meaning()), "")],
)
def test_whoever_says_that_it_was_right_may_say_how_the_help_was(heard: Heard, rated: str):
    """Asked once, and whatever is pressed, the answer to the question before stands."""
    state = follow(Closing(rates=True), Keys("1"), Keys("1"))
    assert "rate" == state.step
    state = advance(state, heard, read)
    assert ("over", CONFIRMED, rated) == (state.step, state.answer, state.rated)
    assert "over" == follow(Closing(rates=False), Keys("1"), Keys("1")).step
    assert "words" == follow(Closing(rates=True), Keys("1"), Keys("2")).step


def test_words_are_read_once():
    state = advance(Closing(), Speech("好"), {"好": Meaning(answer=True)}.__getitem__)
    assert "right" == state.step


def test_a_state_outlives_a_restart_and_a_new_release():
    for state in walk():
        assert state == Closing.from_json(state.to_json() | {"of_another_release": 1})


@pytest.mark.parametrize("language", PACKS)
def test_every_document_is_sound(language: str):
    urls = Urls("https://hotline.example").closing(7)
    for packs in (PACKS, {code: pack.slowly for code, pack in PACKS.items()}):
        line = twiml.Line(packs, language, urls, {"yes_no": tuple(packs[language].hints["yes_no"])})
        for state in walk():
            reply = ask(state)
            document = twiml.render(reply, 3, line)
            assert [] == problems(document), document
            assert isinstance(reply, Bye) or "/voice/closing/7/turn/3" in document
            assert not (isinstance(reply, Ask) and reply.speech) or reply.hints == "yes_no"
