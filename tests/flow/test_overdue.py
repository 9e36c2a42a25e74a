"""The apology for a call back that is late: what it tells, and what an answer to it comes to."""

import pytest

from ivr.flow.overdue import Overdue, advance, ask
from ivr.flow.types import Heard, Keys, Said, Silence
from routing.automatic import LATER, NOBODY, NOT_NEEDED, OPTED_OUT, STILL_NEEDED
from routing.speech.meaning import Emergency, Meaning, Wish
from tests.flow.test_automatic import WHEN, read, says

LATE = Overdue("medicine", promise="promise.by", when=WHEN)


def wish(wish: Wish) -> Said:
    return Said(Meaning(wishes=frozenset({wish})))


def follow(state: Overdue, *heard: Heard) -> Overdue:
    for each in heard:
        state = advance(state, each, read)
    return state


@pytest.mark.parametrize(("holder", "stands"), [("", "standing.waiting"), ("officer", "standing.claimed")])
def test_it_apologises_says_who_has_it_and_promises_anew(holder: str, stands: str):
    reply = ask(follow(Overdue("medicine", holder=holder, promise="promise.by", when=WHEN), Keys("1")))
    assert ["overdue.sorry", stands, "promise.by", "overdue.needed"] == says(reply)
    assert WHEN == reply.says[2].values


@pytest.mark.parametrize(
    ("heard", "step", "answer"),
    [
        ((Keys("1"), Keys("1")), "over", STILL_NEEDED),
        ((Keys("1"), Said(Meaning(answer=True))), "over", STILL_NEEDED),
        ((Keys("1"), Said(Meaning(needs=("medicine",)))), "over", STILL_NEEDED),
        ((Keys("1"), wish(Wish.STATUS)), "over", STILL_NEEDED),
        ((Keys("1"), Keys("2")), "cancel", ""),
        ((Keys("1"), wish(Wish.CANCEL)), "cancel", ""),
        ((Keys("1"), Keys("2"), Keys("1")), "over", NOT_NEEDED),
        ((Keys("1"), wish(Wish.CANCEL), wish(Wish.CANCEL)), "over", NOT_NEEDED),
        ((Keys("1"), Keys("2"), Keys("2")), "over", STILL_NEEDED),
        ((Keys("1"), Keys("2"), Silence(), Silence()), "over", NOBODY),
        ((Keys("1"), Keys("3")), "words", STILL_NEEDED),
        ((Keys("1"), Said(Meaning(choice=3))), "words", STILL_NEEDED),
        ((Keys("0"),), "words", STILL_NEEDED),
        ((wish(Wish.PERSON),), "words", STILL_NEEDED),
        ((Said(Meaning(emergency=Emergency("fire", "119"))),), "words", STILL_NEEDED),
        ((Keys("2"),), "over", LATER),
        ((Keys("1"), Keys("9")), "over", OPTED_OUT),
        ((Keys("1"), Keys("7"), Keys("7")), "over", NOBODY),
    ],
)
def test_what_an_answer_comes_to(heard: tuple[Heard, ...], step: str, answer: str):
    """Nothing is cancelled without a second, clear yes."""
    state = follow(LATE, *heard)
    assert (step, answer) == (state.step, state.answer)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        ((), False),
        ((Silence(),), False),
        ((Keys("2"),), False),
        ((Keys("9"),), False),
        ((Keys("1"),), True),
        ((Keys("0"),), True),
        ((Keys("1"), Keys("2")), True),
    ],
)
def test_the_promise_is_made_when_it_is_said(heard: tuple[Heard, ...], told: bool):
    assert told is follow(LATE, *heard).told


def test_what_is_still_needed_is_promised_once_more_at_the_end():
    assert ["overdue.noted", "promise.by", "goodbye.end"] == says(ask(follow(LATE, Keys("1"), Keys("1"))))
    assert ["goodbye.cancelled", "goodbye.end"] == says(ask(follow(LATE, Keys("1"), Keys("2"), Keys("1"))))
