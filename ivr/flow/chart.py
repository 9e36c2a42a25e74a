"""Every call that can happen, walked: proof that each has an end, and the flow's diagram.

The walk answers every question in every way the flow tells apart, from every kind of beginning. A state is what a
call knows, so two calls that know the same are one; that is what makes the walk finite.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial

from ivr.flow import engine
from ivr.flow.steps import STEPS, pin
from ivr.flow.steps.message import correctable
from ivr.flow.steps.waiting import LONGEST
from ivr.flow.types import (
    Ask,
    Bye,
    CallState,
    Did,
    Heard,
    Keys,
    Message,
    Rang,
    Recorded,
    Reply,
    Result,
    Ring,
    Silence,
    Speech,
    Staffing,
    Task,
    World,
)
from routing import needs
from routing.directory import Community, Directory
from routing.hours import Promise
from routing.matching import Candidate, Decision, Match
from routing.speech.meaning import Emergency, Meaning, SpokenNumber, Wish

# Communities and words of a world made for walking: each spoken word leads to one way of the flow.
PLACES = tuple(
    Community(str(n), f"place {n}", f"street {n}", "", keypad=f"10{n}", phone=f"+865745550011{n}" if n else "")
    for n in range(3)
)
MATCHES = {
    "sure": (Decision.ACCEPT, PLACES[:1]),
    "perhaps": (Decision.CONFIRM, PLACES[:1]),
    "several": (Decision.CONFIRM, PLACES[1:]),
    "shared": (Decision.NARROW, PLACES[:2]),
    "faint": (Decision.REJECT, PLACES[:1]),
}
MEANINGS = {
    "medicine": Meaning(needs=("medicine",)),
    "food": Meaning(needs=("food",)),
    "fallen": Meaning(emergency=Emergency("medical", "120")),
    "despair": Meaning(emergency=Emergency("medical", "120", despair=True)),
    "nearly": Meaning(near=("food",)),
    "either": Meaning(near=("medicine", "transport")),
    "dizzy": Meaning(alarm=Emergency("medical", "120")),
    "english": Meaning(language="zh"),
    "yes": Meaning(answer=True),
    "no": Meaning(answer=False),
    "hello": Meaning(hello=True),
    "unknown": Meaning(unknown=True),
    "second": Meaning(choice=2),
    "again": Meaning(wishes=frozenset({Wish.AGAIN})),
    "one": Meaning(choice=1),
    "101": Meaning(numbers=(SpokenNumber("101"),)),
    "person": Meaning(wishes=frozenset({Wish.PERSON})),
    "redo": Meaning(wishes=frozenset({Wish.REDO})),
    "status": Meaning(wishes=frozenset({Wish.STATUS})),
    "cancel": Meaning(wishes=frozenset({Wish.CANCEL})),
    "hear": Meaning(wishes=frozenset({Wish.HEAR})),
    "13800000001": Meaning(numbers=(SpokenNumber("13800000001"),)),
    "1380000": Meaning(numbers=(SpokenNumber("1380000"),)),
}
TASK = Task("1001", need="medicine", place="place 1", urgent=True, waiting_min=5)
OWN_TASK = Task("1002", free=False, mine=True, waiting_min=90, messages=("https://hotline.example/voice/message/8",),
                callback="+8613800000001")  # fmt: skip
TODAY = "2026-01-01"
DUE_AT = datetime(2026, 1, 1, 2, tzinfo=UTC)
SPOKEN = (*MATCHES, *MEANINGS, "medicine sure", "nearly sure", "no sure", "gibberish")
# What members of staff press, beside that: whatever each of their questions tells apart.
STAFF_KEYED = ("1", "2", "3", "4", "5", "6", "7", "*", "9", "1001")
BACKSTAGE = ("staff", "task", "finish", "which")
KEYED = ("0", "1", "2", "3", "9", "*", "#", "101", "999", "13800000001")  # a need's key stands for all needs'


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of a walked call: where it was given, what was heard, where it led, and to what reply."""

    before: CallState
    heard: Heard
    after: CallState
    reply: Reply


def worlds() -> Iterator[World]:
    """Nobody can be rung; somebody can; they are all at it, and somebody gets free for who has a thing said again.

    In the last, whoever has said what they need is put through, and who spoke with a person is asked how it was. In the
    second, the number is a member of staff's.
    """
    staffings: tuple[Callable[[CallState], Staffing], ...] = (
        lambda state: Staffing.NOBODY,
        lambda state: Staffing.FREE,
        lambda state: Staffing.FREE if state.repeats else Staffing.BUSY,
    )
    for number, staffing in enumerate(staffings):
        yield World(
            directory=Directory(PLACES),
            match=_match,
            read=_read,
            languages={"9": "zh"},
            number=_number,
            callback=lambda: "+8613800000001",
            message=lambda: "https://hotline.example/voice/message/7",
            promise=lambda need, urgent: Promise(DUE_AT, "promise.hours", {"hours": "2"}),
            promised=lambda due: Promise(DUE_AT, "promise.by", {"day": TODAY, "today": TODAY, "clock": "10:00"}),
            staffing=staffing,
            holder=partial(_free, staffing),
            live=number == 2,
            rates=number == 2,
            staff=_always(number == 1),
            task=lambda task: {1: TASK, 2: OWN_TASK}.get(task or 0),
        )


def _always(answer: bool) -> Callable[[], bool]:
    return lambda: answer


def _free(staffing: Callable[[CallState], Staffing], state: CallState) -> bool:
    return staffing(state) is Staffing.FREE


def beginnings() -> Iterator[CallState]:
    """Every way in which a call can begin: what was known of the caller."""
    plain = CallState(step="need", language="zh")
    yield plain
    yield plain.but(withheld=True)
    yield plain.but(known="0", known_by="caller")
    yield plain.but(known="0", known_by="dialled", withheld=True)
    yield plain.but(standing="helped", open_need="medicine", done="the medicine is there")
    theirs = plain.but(known="0", known_by="caller", open_ticket=1, open_need="medicine")
    yield (on_the_way := theirs.but(standing="on_the_way", holder="volunteer", due=DUE_AT.isoformat()))
    yield plain.but(brief=True)
    yield plain.but(brief=True, listed=True, withheld=True, known="0", known_by="dialled")
    yield on_the_way.but(brief=True)
    yield plain.but(step="news")
    yield plain.but(slow=True)
    yield on_the_way.but(slow=True)
    yield theirs.but(rang_back=True, standing="tried")


def walk(world: World) -> Iterator[Step]:
    """Every step of every call in this world, each once, breadth first."""
    turns = [engine.begin(state, world) for state in beginnings()]
    waiting = deque((turn.state, turn.reply) for turn in turns)
    seen = {course(turn.state) for turn in turns}
    while waiting:
        before, asked = waiting.popleft()
        for heard in answers(asked, before):
            turn = engine.advance(before, heard, world)
            after = _alike(turn.state)
            yield Step(before, heard, after, turn.reply)
            if course(after) not in seen:
                seen.add(course(after))
                waiting.append((after, turn.reply))


@cache
def course(state: CallState) -> CallState:
    """What decides how the call goes on. Two calls with the same course hear the same from here on.

    Which need it is, or which community once nobody can correct it, changes the words and not the way; what was
    refused matters as long as a community can still be asked for.
    """
    at_the_beep = state.step == "message" and not correctable(state)
    asking = not (state.hurry or at_the_beep or state.step in ("person", "waiting", "review", "rating", "goodbye"))
    if state.staff:  # what is at hand changes the words; the keys are the same
        work = CallState(step=state.step, language="", staff=True, misses=state.misses, repeats=_repeats(state))
        return work.but(silent=state.silent)
    for_a_person = state.step == "waiting" or (
        state.step == "person" and (state.wants_person or state.despair or state.need is not None)
    )
    # Nothing more will be asked.
    settled = state.hurry or at_the_beep or for_a_person or state.step in ("review", "rating", "goodbye")
    open_question = asking and (state.community is None or state.unconfirmed)
    return state.but(
        turns=0,  # they only bring the end nearer
        language="",  # the same call in other words
        repeats=_repeats(state),
        waits=_waits(state),
        need="some" if settled else state.need and "some",
        community=state.community if open_question else "some" if settled else state.community and "some",
        open_ticket=None if settled else state.open_ticket,
        joins=state.joins and not settled,
        hurry=state.hurry or settled,
        rings=state.rings if state.step in ("person", "waiting") else 0,
        keeps_place=False,
        unconfirmed=state.unconfirmed and open_question,
        candidates=state.candidates if open_question else (),
        near=state.near if state.step == "meant" else (),
        danger="",  # which number is told
        refused=state.refused if open_question else (),
        heard_before=tuple(each for each in state.heard_before if open_question and each[0] not in state.refused),
        number_asked=state.number_asked or not (asking and state.withheld),
        number_tries=0 if state.number_asked or not asking else state.number_tries,
        known=state.known if open_question else None,
        withheld=state.withheld and (asking or state.step in ("person", "waiting")),
        wants_person=state.wants_person and state.step in ("person", "waiting"),
        rang_back=state.rang_back and state.step == "person" and not for_a_person,
        rated="",  # told to nobody in the call
        slow=False,  # once it has begun, a matter of pace
        loud=False,
        failed=False,
        presumed=False,
        restored=state.restored if open_question else (),
        for_another=False,
        another_matter=state.another_matter and asking,
        known_by="",
        open_need=None,
        standing="",  # only what is told
        holder="",
        due="",
        done="",
        listed=False,  # a matter of words, and of who can be rung
        brief=state.brief and state.step not in ("review", "rating", "goodbye"),
        undecided=state.undecided and asking,
    )


def _alike(state: CallState) -> CallState:
    return state.but(repeats=_repeats(state), waits=_waits(state))


def _repeats(state: CallState) -> int:
    """How often a question was said again: between the first and the last time one is like another, and not walked."""
    return engine.REPEATS - 1 if 0 < state.repeats < engine.REPEATS else state.repeats


def _waits(state: CallState) -> int:
    """How long somebody has waited: the same holds between the first and the last time."""
    if state.step not in ("person", "waiting"):
        return 0
    return LONGEST - 1 if 0 < state.waits < LONGEST else state.waits


def answers(asked: Reply, state: CallState) -> Iterator[Heard]:
    """Everything a caller can do when *asked* this in that state, short of hanging up; what staff do, with whatever
    comes of it.
    """
    for heard in _answers(asked, state):
        act = engine.deed(state, heard)
        if act is None:
            yield heard
            continue
        for result in Result:
            yield Did(act.deed, result)
        for task in (1, 2):
            yield Did(act.deed, Result.DONE, task, plays=task > 1)


def _answers(asked: Reply, state: CallState) -> Iterator[Heard]:
    match asked:
        case Bye(last=None):
            return
        case Bye(last=ask):
            pass
        case Ring():
            yield from (Rang(taken=True), Rang(taken=False))
            return
        case Message(first=first):
            yield Recorded(12)
            ask = first
        case Ask():
            ask = asked
    yield Silence()
    if ask:
        yield from map(Keys, STAFF_KEYED if state.step in BACKSTAGE else KEYED)
        if state.step in engine.FIRST:
            yield Keys(needs.STAFF_DIGIT)
        if state.step == "pin":
            yield Keys("1" * pin.DIGITS)
        if ask.speech:
            yield from map(Speech, SPOKEN)


def mermaid(steps: Iterable[Step] | None = None) -> str:
    """The flow as a Mermaid diagram: the steps, and what leads from one to the next. ``steps``: all that were walked.

    Where every question leads is drawn once, from "any question".
    """
    edges: dict[tuple[str, str], set[str]] = {}
    questions = set()
    for step in steps or (step for world in worlds() for step in walk(world)):
        here, there = step.before.step, step.after.step
        if isinstance(step.reply, Ask | Message) and there not in ("pin", *BACKSTAGE):
            questions.add(there)
        if here != there:
            edges.setdefault((here, there), set()).add(type(step.heard).__name__.lower())
    everywhere = {goal for goal in STEPS if all((here, goal) in edges for here in questions - {goal})}
    lines = ["flowchart TD", "  ring([the telephone rings])", "  any([any question])"]
    lines += [
        f"  ring --> {name}" for name in sorted({engine.begin(s, w).state.step for w in worlds() for s in beginnings()})
    ]
    for goal in sorted(everywhere):
        heard = set().union(*(edges.pop((here, goal), set()) for here in questions))
        lines.append(f"  any -->|{', '.join(sorted(heard))}| {goal}")
    lines += [f"  {here} -->|{', '.join(sorted(heard))}| {there}" for (here, there), heard in sorted(edges.items())]
    return "\n".join(lines)


def _read(text: str) -> Meaning:
    """The walked world's understanding: the words that were said, added up."""
    known = [MEANINGS[word] for word in text.split() if word in MEANINGS]
    needs = tuple(need for meaning in known for need in meaning.needs)
    return replace(known[0], text=text, needs=needs) if known else Meaning(text)


def _number(digits: str, community: str | None) -> str | None:
    """The walked world's numbering plan: a number has eleven digits."""
    return f"+86{digits}" if len(digits) == 11 else None


def _match(text: str, refused: Collection[str]) -> Match:
    """The walked world's matcher: decided by the word, less what was refused."""
    for word, (decision, places) in MATCHES.items():
        left = tuple(Candidate(place, 90) for place in places if place.code not in refused)
        if word in text and left:
            whole = len(left) == len(places) or decision is Decision.REJECT
            return Match(decision if whole else Decision.CONFIRM, left)
    return Match(Decision.REJECT)
