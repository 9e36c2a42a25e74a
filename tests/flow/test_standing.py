"""What became of an earlier request, as it is told (C22): state, who, until when; the result once it is done."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ivr.flow import engine, standing
from ivr.flow.types import Ask, Speech
from routing.hours import Promise
from tests.flow.builders import WORLD, keys, new_state

DUE = datetime(2026, 3, 1, 2, tzinfo=UTC).isoformat()
LATE = replace(WORLD, promised=lambda due: Promise(datetime.fromisoformat(due), "promise.soon", {}))


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"standing": "waiting", "due": DUE}, ["standing.waiting", "promise.by"]),
        ({"standing": "claimed", "due": DUE, "holder": "volunteer"}, ["standing.claimed", "promise.by"]),
        ({"standing": "claimed", "holder": "officer"}, ["standing.claimed"]),  # who rang back promised nothing more
        ({"standing": "on_the_way", "due": DUE, "holder": "officer"}, ["standing.on_the_way", "standing.arrives"]),
        ({"standing": "tried", "due": DUE}, ["standing.tried", "promise.by"]),
        ({"standing": "helped"}, ["standing.helped"]),
        ({"standing": "helped", "done": "药送到了"}, ["standing.done"]),
        ({"standing": "not_reached"}, ["standing.not_reached"]),
        ({}, ["standing.none"]),
    ],
)
def test_each_state_is_told(facts: dict[str, str], told: list[str]):
    assert told == keys(standing.told(new_state(open_need="medicine", **facts), WORLD))


@pytest.mark.parametrize(
    ("facts", "told"),
    [("waiting", ["standing.waiting", "promise.soon"]), ("on_the_way", ["standing.on_the_way"])],
)
def test_a_time_that_is_over_is_not_told(facts: str, told: list[str]):
    """Nobody can say when somebody who is late will be there."""
    assert told == keys(standing.told(new_state(standing=facts, due=DUE, holder="officer"), LATE))


def test_what_was_done_is_told_before_the_first_question():
    turn = engine.begin(new_state(standing="helped", open_need="medicine"), WORLD)
    assert ["greet", "standing.helped", "need.ask"] == keys(turn.reply.says)[:3]


@pytest.mark.parametrize("step", ["need", "community", "review"])
def test_who_asks_is_told_at_any_question_and_asked_again(step: str):
    """It is no miss; the question stays open."""
    turn = engine.advance(new_state(step, standing="claimed", holder="officer", misses=1), Speech("status"), WORLD)
    assert isinstance(turn.reply, Ask)
    assert (step, "standing.claimed", 1) == (turn.state.step, turn.reply.says[0].key, turn.state.misses)


def test_who_has_nothing_open_can_cancel_nothing():
    turn = engine.advance(new_state(), Speech("cancel"), WORLD)
    assert ("need", "standing.none") == (turn.state.step, turn.reply.says[0].key)
