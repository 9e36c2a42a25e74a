"""Every call that can happen has an end that is a message, a person or a spoken goodbye."""

import itertools
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from ivr.flow import chart, engine
from ivr.flow.chart import Step, course
from ivr.flow.steps import STEPS
from ivr.flow.steps.person import ROUNDS
from ivr.flow.steps.waiting import LONGEST
from ivr.flow.types import Bye, CallState, Message, Rang, Recorded, Reply, Ring, Staffing, Turn, World
from ivr.words import callmap
from tests.flow.builders import WORLD, WORLD_AT_IT, WORLD_WITH_DUTY, keys, stay_silent

CALL_MD = Path(__file__).parents[2] / "docs" / "call.md"
PICTURE = re.compile(r"<!-- flow:begin[^>]*-->\n(.*?)\n<!-- flow:end -->", re.DOTALL)
A_HANDFUL = 5
PLAIN = CallState(step="need", language="zh")
NOTICES = ("message.notice", "message.beep")


class Walked:
    """A world and every step of every call in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.steps: list[Step] = list(chart.walk(world))
        self.replies: dict[CallState, Reply] = {step.after: step.reply for step in self.steps}
        for state in chart.beginnings():
            turn = engine.begin(state, world)
            self.replies[turn.state] = turn.reply

    @property
    def courses(self) -> set[CallState]:
        return {course(state) for state in self.replies}


WORLDS = {"nobody": WORLD, "somebody": WORLD_WITH_DUTY, "all at it": WORLD_AT_IT}
walk = cache(lambda name: Walked(WORLDS[name]))


@pytest.fixture(params=WORLDS)
def walked(request: pytest.FixtureRequest) -> Walked:
    return walk(request.param)


def test_the_walk_is_no_stroll(walked: Walked):
    """Thousands of states, every step of the flow among them; some are for people who can be rung, and for staff."""
    assert 2000 < len(walked.courses)
    staff = {"pin", *chart.BACKSTAGE}
    missing = {
        Staffing.NOBODY: {"person", "waiting", "rating", *staff},
        Staffing.FREE: {"waiting", "rating"},
        Staffing.BUSY: staff,
    }
    assert set(STEPS) - missing[walked.world.staffing(PLAIN)] == {state.step for state in walked.replies}


def test_from_every_state_an_end_is_reachable(walked: Walked):
    """A103: A message, a person, or a goodbye: walked backwards from the ends, nothing is left over."""
    before = defaultdict(set)
    for step in walked.steps:
        before[course(step.after)].add(course(step.before))
    ends = {course(step.before) for step in walked.steps if isinstance(step.heard, Recorded) or step.after.talked}
    ends |= {course(state) for state, reply in walked.replies.items() if isinstance(reply, Bye)}

    reached, waiting = set(ends), list(ends)
    while waiting:
        found = before[waiting.pop()] - reached
        reached |= found
        waiting += found

    assert walked.courses == reached


def test_silence_ends_every_call_within_a_handful_of_turns(walked: Walked):
    """A103: Whatever was said before: somebody who falls silent is recorded or let go, never asked for ever."""
    for state, reply in walked.replies.items():
        heard = stay_silent(Turn(state, reply, {}), walked.world)
        assert isinstance(heard[-1], Bye), state
        people = ROUNDS + 1 if any(isinstance(each, Ring) for each in heard) else 0  # the questions come after them
        assert len(heard) <= A_HANDFUL + people + (LONGEST + ROUNDS) * (walked.world is WORLD_AT_IT), state
        if not (state.messages or state.talked or state.staff or isinstance(reply, Bye)):
            assert any(isinstance(each, Message) for each in heard), state


def test_the_slow_lane_is_walked_too(walked: Walked):
    """A person is rung first exactly when somebody can be; from the first question on it is a call like any other."""
    for state in (state for state in chart.beginnings() if state.slow):
        turn = engine.begin(state, walked.world)
        assert (walked.world.staffing(state) is Staffing.FREE) is isinstance(turn.reply, Ring)
        while isinstance(turn.reply, Ring):
            turn = engine.advance(turn.state, Rang(taken=False), walked.world)
        ordinary = engine.begin(state.but(slow=False), walked.world)
        assert course(ordinary.state) == course(turn.state) in walked.courses


def test_a_notice_stands_before_every_beep(walked: Walked):
    """A111: Nobody is recorded who was not told."""
    recorded = [reply for reply in walked.replies.values() if isinstance(reply, Message)]
    assert {True} == {reply.notice.key in NOTICES for reply in recorded}


def test_who_was_heard_is_not_told_that_we_did_not(walked: Walked):
    """A goodbye says that nothing was heard exactly when there is nothing on a ticket; said again, it says neither.
    Who rang for the news has heard them.
    """
    silent = {
        state.spoke: "goodbye.silent" in keys(reply.says)
        for state, reply in walked.replies.items()
        if isinstance(reply, Bye) and not (state.repeats or state.staff or state.step == "news")
    }
    assert {True: False, False: True} == silent


def test_who_has_left_a_message_is_never_hung_up_on_without_it(walked: Walked):
    """Once recorded, always counted: no step forgets a message, a word, or that somebody is urgent."""
    for step in walked.steps:
        assert step.before.messages <= step.after.messages
        assert step.before.spoke <= step.after.spoke
        assert step.before.urgent <= step.after.urgent


def test_states_of_one_course_go_on_alike(walked: Walked):
    """What the walk takes for the same call is asked the same and led the same way: it misses none."""
    alike: dict[CallState, list[CallState]] = defaultdict(list)
    for state in walked.replies:
        alike[course(state)].append(state)

    compared = 0
    for one, steps in itertools.groupby(walked.steps, key=lambda step: step.before):
        other = next((state for state in alike[course(one)] if state != one), None)
        if other is None:
            continue
        assert type(walked.replies[one]) is type(walked.replies[other])
        for step in steps:
            also = engine.advance(other, step.heard, walked.world).state
            assert course(step.after) == course(also), (one, other, step.heard)
            compared += 1
    assert len(walked.steps) < 2 * compared  # most courses have several states


def test_the_picture_of_the_call_is_drawn_from_the_code():
    """``flask flow draw`` prints what belongs between the markers of docs/call.md: every step, from the same walk."""
    drawn = chart.mermaid(step for name in WORLDS for step in walk(name).steps)

    assert set(STEPS) == {step for step in STEPS if f"--> {step}" in drawn or f"| {step}" in drawn}
    assert [f"```mermaid\n{drawn}\n```"] == PICTURE.findall(CALL_MD.read_text("utf-8"))


def test_the_pages_picture_of_the_call_is_the_call():
    """Each arrow is a way that a call goes, between questions that it has."""
    steps = (step for name in WORLDS for step in walk(name).steps)
    found = {(step.before.step, step.after.step) for step in steps}
    assert found >= {(here, there) for here, following in callmap.NEXT.items() for there in following}
    assert set(STEPS) >= set(callmap.PLACES)
