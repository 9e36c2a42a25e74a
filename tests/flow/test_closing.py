"""The closing call: what an answer to "was it right?" comes to. What it shares with others: test_automatic.py."""

import pytest

from ivr.flow.closing import Closing, advance, ask
from ivr.flow.types import Heard, Keys, Said, Silence
from routing.automatic import CONFIRMED, LATER, NOBODY, NOT_RIGHT, OPTED_OUT
from routing.speech.meaning import Meaning, Wish
from tests.flow.test_automatic import read, says


def follow(state: Closing, *heard: Heard) -> Closing:
    for each in heard:
        state = advance(state, each, read)
    return state


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


def test_where_no_words_can_be_kept_none_are_asked_for():
    over = follow(Closing("medicine", records=False), Keys("1"), Keys("2"))
    assert ["closing.sorry", "closing.noted", "goodbye.end"] == says(ask(over))


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
