"""One turn of a call: what was heard leads to a new state and the next thing to say.

Counts misses and repetitions, and hears what may be said at any question: an emergency, "a person, please",
"say that again", another language, "hello, can you hear me?". Everything else is a step's.
"""

from dataclasses import replace
from typing import Any

from ivr.flow import news, standing
from ivr.flow.places import in_passing
from ivr.flow.steps import STEPS, WAY, danger
from ivr.flow.types import (
    Act,
    Again,
    CallState,
    Go,
    Heard,
    Keys,
    Move,
    Rang,
    Recorded,
    Said,
    Say,
    Speech,
    Staffing,
    Turn,
    World,
    go,
)
from routing import needs
from routing.matching import evidence
from routing.speech.meaning import Meaning, Wish

MISSES = 2  # two in a row, and the caller is asked no more
MAX_TURNS = 40  # an ordinary call has six; about ten minutes later nothing more is asked
MAX_STAFF_TURNS = 200  # who works through tickets has many
REPEATS = 5  # a question is said again this often; then silence has to be assumed

TICKET_FIELDS = (
    "spoke",
    "language",
    "need",
    "community",
    "urgent",
    "wants_person",
    "talked",
    "for_another",
    "presumed",
    "cancelled",
)
FIRST = ("brief", "need", "returning")  # questions a call may begin with
TELLING = ("need", "brief", "meant", "returning", "danger")  # questions that are answered with a story
ASKED_OF_DANGER = ("need", "meant", "returning")  # those between which nobody is put off by one more question
LAST_WORDS = ("goodbye", "news", "rating")  # whoever hangs up there has heard what they rang for
UNDECIDED = ("returning", "cancel")  # at these questions nobody knows yet which ticket a call is about


def begin(state: CallState, world: World) -> Turn:
    """The first question of a call. In the slow lane a person is rung before any question is asked; for who rings back
    because we had tried to reach them, whoever has their matter.

    That is not the ring a caller has a right to: who then asks for a person is heard like everybody else.
    """
    state = state.but(brief=state.brief or world.surge)
    if state.rang_back and world.holder(state):
        return _arrive(state, go("person", Say("greet"), Say("returning.we_rang")), world, spoke=False)
    if state.slow and world.staffing(state) is Staffing.FREE:
        return _arrive(state, go("person", Say("greet")), world, spoke=False)
    if state.step == "news":
        return _arrive(state, go("news", Say("greet")), world, spoke=False)
    done = standing.told(state, world) if state.standing in standing.OVER and not state.brief else ()
    who_rang = (Say("returning.we_rang"),) if state.rang_back else ()
    says = (Say("greet"), *who_rang, *news.told(state, world, asked=False), *done)
    return _arrive(state, Go(None, {}, says), world, spoke=False)


def advance(state: CallState, heard: Heard, world: World) -> Turn:
    """What follows when *heard* answers the question that *state* asked."""
    if isinstance(heard, Speech):
        meaning = world.read(heard.text)
        heard = Said(meaning if state.step in TELLING else meaning.by_words)
    before = state.language
    if isinstance(heard, Said) and heard.meaning.language and heard.meaning.tells_of_need:  # English, I need my pills
        state, heard = state.but(language=heard.meaning.language), Said(replace(heard.meaning, language=None))
    move = _anywhere(state, heard, world) or _step(state, heard).answer(state, heard, world)
    state = _at_their_pace(state, heard)
    asked_for_pin = "pin" in (state.step, move.step if isinstance(move, Go) else None)
    said = not state.staff and (
        isinstance(heard, Said | Recorded)
        or (isinstance(heard, Keys) and isinstance(move, Go) and not asked_for_pin)
        or heard == Rang(taken=True)
    )
    turn = _arrive(state, move, world, spoke=state.spoke or said)
    if turn.state.language != before:
        turn = replace(turn, learned={**turn.learned, "language": turn.state.language})
    return replace(turn, meaning=heard.meaning) if isinstance(heard, Said) else turn


def deed(state: CallState, heard: Heard) -> Act | None:
    """What a member of staff asks the edge to do before the call goes on; None: the answer is the flow's alone."""
    found = getattr(STEPS.get(state.step), "deed", None)
    return found(state, heard) if found else None


def _at_their_pace(state: CallState, heard: Heard) -> CallState:
    """Slower for who asks for it, or for the second time to hear the same; a need said beside it is heard all the same.

    Louder for who asks for that, or to hear the same for the third time. Both hold to the end of the call.
    """
    match heard:
        case Said(meaning):
            asks_again = meaning.wants(Wish.AGAIN) and state.step != "review"
            slower = meaning.wants(Wish.SLOWER) or (asks_again and (bool(meaning.needs) or state.repeats > 0))
            louder = meaning.wants(Wish.LOUDER) or (asks_again and state.repeats > 1)
            return state.but(slow=state.slow or slower, loud=state.loud or louder)
        case Keys("*") if state.repeats > 0:
            return state.but(slow=True, loud=state.loud or state.repeats > 1)
        case _:
            return state


def ask_again(state: CallState, world: World) -> Turn:
    """The open question once more, for a request that answers none."""
    return _arrive(state, Again((), miss=False), world, spoke=state.spoke)


def hung_up(state: CallState) -> tuple[str, str | None]:
    """How a call ended that the caller ended now: its outcome, and the question that was open."""
    left_at = None if state.step in LAST_WORDS else state.step
    if state.staff:
        return "staff", None
    if state.talked:
        return "person", left_at
    if state.messages:
        return "message", left_at
    return ("goodbye" if left_at is None else "hung_up"), left_at


def _step(state: CallState, heard: Heard) -> Any:
    """The step that understands the answer: a recording is a message wherever the call was."""
    if isinstance(heard, Recorded) and state.step != "returning":
        return STEPS["message"]
    return STEPS[state.step]


def _anywhere(state: CallState, heard: Heard, world: World) -> Move | None:
    """What is heard at every question; None when it is for the step. Staff who work by keys speak to nobody."""
    match heard:
        case Keys("*"):
            return Again((), miss=False)
        case Keys(needs.STAFF_DIGIT) if state.step in FIRST and not (state.spoke or state.undecided) and world.staff():
            return go("pin")
        case Keys(key) if (state.staff or state.step == "pin") and key not in world.languages:
            return None
        case Said() if state.staff:
            return None
        case Keys("0" | "00" | "000") if state.step != "waiting":  # a finger that stays on the key
            return _person(state, world)
        case Keys(needs.NEWS_DIGIT) if told := news.told(state, world, asked=True):
            return Again(told, miss=False)
        case Keys(key) if key in world.languages:
            return Go(state.step, {"language": world.languages[key]})
        case Said(meaning):
            if meaning.emergency and not state.urgent:
                return _in_danger(danger.told_of(meaning.emergency, state, world), meaning, state, world)
            if meaning.alarm and _may_ask_about_danger(state):
                need = meaning.needs[0] if meaning.needs else state.need
                asked = go("danger", danger=meaning.alarm.number, despair=meaning.alarm.despair, need=need)
                return _in_danger(asked, meaning, state, world)
            if meaning.alarm and meaning.tells_of_danger and not state.urgent:  # doubtful, and nobody can be asked
                return _in_danger(danger.told_of(meaning.alarm, state, world), meaning, state, world)
            if meaning.language:
                return Go(state.step, {"language": meaning.language})
            if meaning.needs or (meaning.near and state.step in ("need", "meant")):
                return None
            if meaning.wants(Wish.PERSON) or (meaning.choice == 0 and not meaning.numbers):
                if state.step == "waiting":  # for just that
                    return None
                return _person(state, world)
            if meaning.wants(Wish.STATUS) and state.step != "returning":
                return Again(standing.told(state, world), miss=False)
            if meaning.wants(Wish.CANCEL) and state.step == "need" and not state.open_ticket:
                return Again((Say("standing.none"),), miss=False)
            if meaning.hello:
                return Again((Say("hello"),), miss=False)
            if meaning.wishes & {Wish.SLOWER, Wish.LOUDER}:
                return Again((), miss=False)
            if meaning.wants(Wish.AGAIN) and state.step != "review":  # there, "say it again" is about the message
                return Again((), miss=False)
    return None


def _may_ask_about_danger(state: CallState) -> bool:
    """Once, and where people tell what happened; elsewhere what sounds like danger is mostly a name."""
    return state.step in ASKED_OF_DANGER and not (state.urgent or state.misses)


def _in_danger(move: Go, meaning: Meaning, state: CallState, world: World) -> Go:
    """With the community that was named in the same breath: nobody may ask for it any more."""
    place = {} if state.community else in_passing(meaning.text, state, world)[0]
    return replace(move, changes={**place, **move.changes})


def _person(state: CallState, world: World) -> Go:
    """Ring somebody, once, or wait for somebody; when nobody can be had, the beep and a promise of a call back.

    Never a promise of a person. Nobody waits in an emergency, or when their message is kept already.
    """
    staffing = Staffing.NOBODY if state.rung else world.staffing(state)
    if staffing is Staffing.FREE:
        return go("person", wants_person=True, rung=True, rings=0)
    if staffing is Staffing.BUSY and not (state.urgent or state.messages):
        return go("waiting", wants_person=True, rung=True, rings=0, waits=0)
    return _to_the_beep(state, Say("person.later"), wants_person=True)


def _to_the_beep(state: CallState, *says: Say, **changes: Any) -> Go:
    """No more questions. Who has left a message already, or has heard the last words, is let go."""
    over = state.messages or state.step == "goodbye"
    return go("goodbye", **changes) if over else go("message", *says, hurry=True, **changes)


def _cut_short(state: CallState, move: Go) -> Go:
    """Keep what was understood, and ask no more: a call must not go round in circles for ever."""
    if move.step in ("person", "goodbye"):
        return move
    if state.staff:
        return replace(move, step="goodbye")
    beep = _to_the_beep(state.but(**move.changes), Say("silence.message"), unconfirmed=False)
    return replace(move, step=beep.step, says=(*move.says, *beep.says), changes={**move.changes, **beep.changes})


def _arrive(state: CallState, move: Move, world: World, *, spoke: bool) -> Turn:
    """Take the move, and ask what is asked there. ``spoke``: the caller has said a word or made a choice by now."""
    if isinstance(move, Again):
        move = _again(state, move)
    if state.turns >= (MAX_STAFF_TURNS if state.staff else MAX_TURNS):
        move = _cut_short(state, move)
    spoke = spoke or state.undecided
    fresh: dict[str, Any] = {
        "turns": state.turns + 1,
        "misses": 0,
        "repeats": 0,
        "silent": False,
        "spoke": spoke,
        "undecided": False,
    }
    if move.match:
        fresh["heard_before"] = evidence.kept(move.match)
    after = state.but(**{**fresh, "step": move.step or state.step, **move.changes})
    if move.step is None:
        after = after.but(step=next(name for name in WAY if STEPS[name].due(after, world)))
    if after.step in UNDECIDED and not after.joins:
        after = after.but(spoke=state.spoke, undecided=spoke and not state.spoke)
    if move.callback is not None:
        world = replace(world, callback=lambda: move.callback)
    after = _presumed(after).but(for_another=_for_another(after))
    reply = STEPS[after.step].ask(after, world)
    learned = {name: getattr(after, name) for name in TICKET_FIELDS if getattr(after, name) != getattr(state, name)}
    if move.callback is not None:
        learned["callback"] = move.callback
    if move.says:
        reply = replace(reply, says=(*move.says, *reply.says))
    return Turn(after, reply, learned, move.match)


def _presumed(state: CallState) -> CallState:
    """Who was in a hurry, or wanted a person, is taken to be where the dialled number or caller ID says."""
    unasked = state.spoke and (state.hurry or state.wants_person) and not state.joins
    if unasked and state.community is None and state.known and state.known not in state.refused:
        return state.but(community=state.known, unconfirmed=True, presumed=True)
    return state.but(presumed=True) if unasked and state.unconfirmed else state


def _for_another(state: CallState) -> bool:
    """Whether the caller refused the remembered community, and it was no slip: nothing asks about it any more."""
    if state.known_by != "caller" or state.step in ("known", "community", "confirm", "choose", "street"):
        return state.for_another
    return state.known in state.refused and state.community != state.known


def _again(state: CallState, again: Again) -> Go:
    """Count a repetition or a miss, if not of the last words; after too many, the message that is always understood."""
    if state.step in LAST_WORDS:
        return go(state.step, repeats=state.repeats or 1)
    misses = state.misses + (again.miss or state.repeats >= REPEATS)
    if misses >= MISSES and state.staff:
        return go("goodbye")
    if misses >= MISSES:
        return _to_the_beep(state, Say("silence.message"), match=again.match, failed=True)
    repeats = state.repeats + (not again.miss)
    return go(state.step, *again.says, match=again.match, misses=misses, repeats=repeats)
