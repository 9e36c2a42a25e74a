"""A name that was heard doubtfully twice: the call remembers that it was a candidate before, and nothing else."""

import json

from ivr.flow.types import CallState, Keys, Speech
from tests.flow.builders import WORLD, call

AT_THE_QUESTION = Keys("1")


def test_a_name_said_again_at_its_confirmation_is_taken():
    """Asked "was it place 0?", the caller says the name again instead of yes: it is said back, still correctable."""
    turn = call(WORLD, AT_THE_QUESTION, Speech("perhaps"), Speech("perhaps"))

    assert ("message", "0", True) == (turn.state.step, turn.state.community, turn.state.unconfirmed)


def test_a_name_half_heard_beside_the_need_counts():
    """ "Medicine, I live at perhaps …", and the name once more."""
    turn = call(WORLD, Speech("medicine perhaps"), Speech("perhaps"))

    assert ("message", "0") == (turn.state.step, turn.state.community)


def test_two_rejections_that_came_nearest_to_one_place_ask_about_it():
    turn = call(WORLD, AT_THE_QUESTION, Speech("faint"), Speech("faint"))

    assert ("confirm", ("0",)) == (turn.state.step, turn.state.candidates)


def test_what_was_refused_never_comes_back():
    """By key and by word, however often it is heard again."""
    for no in (Keys("2"), Speech("no")):
        turn = call(WORLD, AT_THE_QUESTION, Speech("perhaps"), no, Speech("perhaps"), Speech("faint"))
        assert turn.state.community is None
        assert "0" not in turn.state.candidates


def test_a_hearing_in_between_is_the_one_that_counts():
    """Only the last hearing is remembered: two doubtful names in turn settle nothing."""
    turn = call(WORLD, AT_THE_QUESTION, Speech("perhaps"), Speech("several"))

    assert ("choose", ("1", "2")) == (turn.state.step, turn.state.candidates)


def test_the_memory_survives_the_database():
    """Codes and scores; a state of the release before has none."""
    state = call(WORLD, AT_THE_QUESTION, Speech("several")).state

    assert (("1", 90), ("2", 90)) == state.heard_before
    assert state == CallState.from_json(json.loads(json.dumps(state.to_json())))
    assert () == CallState.from_json({"step": "need", "language": "zh"}).heard_before
