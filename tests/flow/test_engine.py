"""What is heard at every question, how misses are counted, and what a call remembers."""

import itertools
import json

import pytest

from ivr.flow import engine
from ivr.flow.engine import MAX_TURNS, advance, ask_again, hung_up
from ivr.flow.steps import STEPS
from ivr.flow.types import Ask, Bye, CallState, Keys, Message, Recorded, Ring, Said, Say, Silence, Speech
from routing.speech.meaning import Meaning, Wish
from tests.flow.builders import ENGLISH, WORLD, WORLD_AT_IT, WORLD_WITH_DUTY, call, keys, new_state

CANDIDATES = {"candidates": ("1", "2"), "community": None}
QUESTIONS = ("need", "known", "community", "confirm", "choose", "street", "callback", "review", "returning")


def at(step: str) -> CallState:
    """A call that can be asked this question."""
    return new_state(step, known="0", known_by="caller", open_ticket=1, open_need="food", **CANDIDATES)


# --- at every question


@pytest.mark.parametrize("step", QUESTIONS)
def test_an_emergency_is_heard_at_every_question(step: str):
    """The number to dial, then the beep at once: no further question, nothing to correct, an urgent ticket."""
    turn = advance(at(step), Speech("she has fallen"), WORLD)

    assert isinstance(turn.reply, Message)
    assert (Say("emergency.call", {"number": "120"}), None) == (turn.reply.says[0], turn.reply.first)
    assert ("message.beep", True) == (turn.reply.notice.key, turn.learned["urgent"])


def test_an_emergency_is_not_held_up_by_saying_the_community_back():
    """Whoever names the community and then cries for help hears the beep next."""
    turn = call(WORLD, Keys("1"), Speech("sure"), Speech("fallen"))
    assert isinstance(turn.reply, Message)
    assert turn.reply.first is None


def test_after_an_emergency_message_nothing_more_is_asked():
    """Recorded, promised, done."""
    assert isinstance(call(WORLD, Speech("fallen"), Recorded(5)).reply, Bye)


@pytest.mark.parametrize("step", QUESTIONS)
def test_the_star_says_the_question_again(step: str):
    """The same step, no miss, nothing learned."""
    turn = advance(at(step), Keys("*"), WORLD)
    assert (step, 0, {}) == (turn.state.step, turn.state.misses, turn.learned)


@pytest.mark.parametrize("step", [step for step in QUESTIONS if step != "review"])
def test_zero_without_anybody_on_duty_leads_to_the_beep(step: str):
    """Never a promise of a person who cannot be rung."""
    turn = advance(at(step), Keys("0"), WORLD)
    assert isinstance(turn.reply, Message)
    assert ("person.later", True) == (turn.reply.says[0].key, turn.learned["wants_person"])


@pytest.mark.parametrize("step", QUESTIONS)
@pytest.mark.parametrize("heard", [Keys("0"), Speech("a person")])
def test_zero_rings_the_duty_number(step: str, heard: Keys | Speech):
    """Asked for by a key or in words, at any question."""
    turn = advance(at(step), heard, WORLD_WITH_DUTY)
    assert isinstance(turn.reply, Ring)
    assert turn.learned["wants_person"]


def test_the_duty_number_is_rung_once():
    """A caller is not made to wait for it again and again."""
    turn = advance(new_state(rung=True), Keys("0"), WORLD_WITH_DUTY)
    assert isinstance(turn.reply, Message)


def test_zero_waits_where_everybody_is_at_it_but_not_with_a_message_or_in_an_emergency():
    waits = advance(new_state(), Keys("0"), WORLD_AT_IT)
    assert ("waiting", True) == (waits.state.step, waits.learned["wants_person"])
    assert isinstance(advance(new_state(urgent=True), Keys("0"), WORLD_AT_IT).reply, Message)
    assert isinstance(advance(new_state("review", messages=1, spoke=True), Keys("0"), WORLD_AT_IT).reply, Bye)


def test_zero_after_a_message_lets_the_caller_go():
    """There is a message already: another is not asked for."""
    assert isinstance(advance(new_state("review", messages=1, spoke=True), Keys("0"), WORLD).reply, Bye)


@pytest.mark.parametrize("step", QUESTIONS)
def test_a_language_key_asks_the_same_question_in_the_other_language(step: str):
    """9 works at any time."""
    turn = advance(at(step), Keys("9"), ENGLISH)
    assert (step, "en") == (turn.state.step, turn.state.language)


def test_a_language_can_be_asked_for_in_words():
    turn = advance(new_state("community"), Speech("english please"), WORLD)
    assert ("community", "zh", True) == (turn.state.step, turn.state.language, turn.learned["spoke"])


@pytest.mark.parametrize("step", QUESTIONS)
def test_hello_costs_no_miss(step: str):
    """That is how old people begin: we say that we hear them, and ask again."""
    turn = advance(at(step), Speech("hello"), WORLD)
    assert ("hello", step, 0) == (turn.reply.says[0].key, turn.state.step, turn.state.misses)


def test_say_it_again_is_about_the_question_except_at_the_review():
    """There, it is the message that is said again."""
    assert "need" == advance(new_state(), Speech("again"), WORLD).state.step
    assert "review" != advance(new_state("review", messages=1), Speech("redo again"), WORLD).state.step


def test_a_need_beside_a_person_is_a_need():
    """'Can somebody bring medicine, is there a person?' says what it is about."""
    assert "medicine" == advance(new_state(), Speech("medicine person"), WORLD_WITH_DUTY).state.need


@pytest.mark.parametrize("key", ["00", "000"])
def test_a_finger_that_stays_on_zero_means_a_person(key: str):
    """C10"""
    assert call(WORLD, Keys("1"), Keys(key)).learned["wants_person"]


# --- at the caller's pace


@pytest.mark.parametrize(("wish", "slow", "loud"), [(Wish.SLOWER, True, False), (Wish.LOUDER, False, True)])
def test_slower_and_louder_are_heard_at_every_question(wish: Wish, slow: bool, loud: bool):
    """C22: the same question, no miss, and it stays so."""
    for step in QUESTIONS:
        turn = advance(at(step), Said(Meaning(wishes=frozenset({wish}))), WORLD)
        assert (step, 0, slow, loud) == (turn.state.step, turn.state.misses, turn.state.slow, turn.state.loud)


def test_a_need_said_beside_not_hearing_well_is_heard_and_slows_the_line():
    """C8: 我听不清，我要买降压药."""
    turn = advance(new_state(), Said(Meaning(needs=("medicine",), wishes=frozenset({Wish.AGAIN}))), WORLD)
    assert ("medicine", True) == (turn.state.need, turn.state.slow)


@pytest.mark.parametrize("again", [Keys("*"), Speech("again")])
def test_who_wants_to_hear_it_a_third_time_hears_it_slowly(again: Keys | Speech):
    """C22: the key for the slow lane is the star, twice."""
    assert [False, True] == [call(WORLD, *[again] * times).state.slow for times in (1, 2)]


# --- where the call is from, when nobody asked


@pytest.mark.parametrize("heard", [Keys("0"), Speech("fallen")])
@pytest.mark.parametrize("by", ["caller", "dialled"])
def test_in_a_hurry_what_is_known_of_the_community_is_kept_as_presumed(heard: Keys | Speech, by: str):
    """C18: key 0 and an emergency ask nothing more; the ticket still says where they probably are."""
    turn = advance(new_state(known="0", known_by=by), heard, WORLD)
    assert ("0", True) == (turn.learned["community"], turn.learned["presumed"])


def test_an_emergency_s_own_words_tell_the_community():
    """C18: they count before what was known."""
    turn = advance(new_state(known="1", known_by="caller"), Speech("fallen sure"), WORLD)
    assert ("0", True, True) == (turn.learned["community"], turn.learned["presumed"], turn.learned["urgent"])


def test_what_was_confirmed_is_not_presumed():
    turn = advance(new_state("message", community="0", spoke=True), Speech("fallen"), WORLD)
    assert "presumed" not in turn.learned


# --- misses


@pytest.mark.parametrize("miss", [Silence(), Keys("7"), Speech("gibberish")])
def test_two_misses_in_a_row_lead_to_the_beep(miss: Silence | Keys | Speech):
    """Silence is a request; what cannot be understood is recorded."""
    first = call(WORLD, miss)
    assert ("need", 1) == (first.state.step, first.state.misses)

    second = advance(first.state, miss, WORLD)
    assert isinstance(second.reply, Message)
    assert (["silence.message"], "message.beep") == (keys(second.reply.says), second.reply.notice.key)


def test_misses_are_counted_in_a_row_only():
    """An answer in between wipes the slate."""
    turn = call(WORLD, Silence(), Keys("1"), Silence())
    assert ("community", 1) == (turn.state.step, turn.state.misses)


def test_a_question_is_not_repeated_for_ever():
    """Somebody leans on the star: after some repetitions it counts as silence."""
    turn = call(WORLD, *[Keys("*")] * (engine.REPEATS + engine.MISSES))
    assert isinstance(turn.reply, Message)


@pytest.mark.parametrize(
    "circle",
    [
        [Keys("9")],
        [Speech("english")],
        [Speech("perhaps"), Speech("several"), Speech("shared")],
        [Keys("101"), Keys("2")],
    ],
)
def test_no_call_goes_round_in_circles(circle: list[Keys | Speech]):
    """Somebody who never comes to a point is recorded after about ten minutes, with what was understood."""
    turn = call(WORLD, Keys("1"))
    around = itertools.cycle(circle)
    for _ in range(MAX_TURNS - 1):
        turn = advance(turn.state, next(around), WORLD)

    assert isinstance(turn.reply, Message)
    assert ("silence.message", None) == (turn.reply.says[-1].key, turn.reply.first)
    assert isinstance(advance(turn.state, Recorded(9), WORLD).reply, Bye)


def test_a_late_emergency_is_still_one():
    """However long the call has lasted."""
    turn = advance(new_state(turns=MAX_TURNS), Speech("fallen"), WORLD)
    assert ("emergency.call", True) == (turn.reply.says[0].key, turn.learned["urgent"])


# --- what is learned


def test_a_word_or_a_choice_opens_a_ticket():
    """Silence, a star or a key without a meaning does not."""
    spoke = {
        heard: call(WORLD, heard).state.spoke for heard in (Silence(), Keys("*"), Keys("7"), Keys("1"), Speech("hm"))
    }
    assert [False, False, False, True, True] == list(spoke.values())


def test_only_what_changed_is_learned():
    """The need once, not at every later turn."""
    assert {"spoke": True, "need": "medicine"} == call(WORLD, Keys("1")).learned
    assert {"community": "1"} == call(WORLD, Keys("1"), Keys("101"), Recorded(3)).learned | {"community": "1"}


def test_a_recording_is_a_message_wherever_the_call_was():
    """It may come late, when the call stood elsewhere."""
    turn = advance(new_state("community"), Recorded(4), WORLD)
    assert (1, {"spoke": True}) == (turn.state.messages, turn.learned)


def test_a_repeated_question_learns_nothing():
    turn = ask_again(new_state("community", need="food", spoke=True), WORLD)
    assert ("community", {}) == (turn.state.step, turn.learned)
    assert isinstance(turn.reply, Ask)


# --- the end


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (new_state("need"), ("hung_up", "need")),
        (new_state("community", spoke=True), ("hung_up", "community")),
        (new_state("review", messages=1), ("message", "review")),
        (new_state("goodbye", messages=1), ("message", None)),
        (new_state("goodbye", talked=True), ("person", None)),
        (new_state("goodbye"), ("goodbye", None)),
    ],
)
def test_how_a_call_ended(state: CallState, outcome: tuple[str, str | None]):
    assert outcome == hung_up(state)


def test_hanging_up_in_mid_message_is_leaving_at_the_message():
    """The question that would have come next was never asked."""
    turn = call(WORLD, Keys("1"), Keys("101"), Recorded(8, hung_up=True))
    assert ("message", "message") == hung_up(turn.state)


# --- what is kept between two requests


def test_a_state_survives_being_kept():
    """Written as JSON and read again, it is the same."""
    for step in STEPS:
        state = at(step)
        assert state == CallState.from_json(json.loads(json.dumps(state.to_json())))


def test_a_state_of_another_release_is_understood():
    """What is gone is dropped, what is new has its default: a deploy in mid-call changes nothing."""
    state = at("choose")
    assert state == CallState.from_json(state.to_json() | {"long_gone": 1})
    assert "turns" not in state.to_json()
    assert state == CallState.from_json(state._asdict())  # a release that keeps every fact


def test_a_state_holds_no_number_and_nothing_that_was_said():
    """So that it may be looked at when something went wrong."""
    turn = call(
        WORLD, Speech("13800000001"), Keys("1"), Speech("sure"), Keys("13800000001"), state=new_state(withheld=True)
    )
    assert "138" not in json.dumps(turn.state.to_json())
