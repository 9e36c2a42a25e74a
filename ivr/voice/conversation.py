"""One request about a call: from its locked row to the kept reply, inside the transaction of whoever asks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy.orm import Session

from ivr.app import App
from ivr.carrier.account import SIMULATOR, Carrier
from ivr.flow import engine
from ivr.flow.steps import hears
from ivr.flow.types import Bye, CallState, Heard, Keys, Rang, Recorded, Reply, Ring, Speech, Turn, World
from ivr.line import Line
from ivr.metrics import counted
from ivr.store.callers import cards
from ivr.store.calls import arriving, intake, ratings, turns
from ivr.store.calls.arriving import Known
from ivr.store.calls.now import CallNow
from ivr.store.calls.turns import Arrival, Standing
from ivr.store.facts import turns as facts
from ivr.store.facts.turns import HeardKind
from ivr.store.hotline import Answering
from ivr.store.line import hearings
from ivr.store.notices import due
from ivr.store.outgoing import transfers
from ivr.voice import transfer_twiml, twiml
from ivr.voice.hearing import FINAL, Form, call_sid, clean, hear, recording
from ivr.voice.once import once
from ivr.voice.people import People
from ivr.voice.staff import StaffLine
from ivr.voice.urls import Urls
from ivr.voice.world import hints, make_world
from prompts import known as spoken_as
from routing.matching import Matcher
from routing.phone_numbers import caller_id
from routing.transfer import Party

OVERTAKEN = timedelta(minutes=2)  # the carrier gives a request up after 15 s; our own clocks may differ
MASKED = "•••"  # stands for what is private, as telephone numbers are: those are kept in their own table only


class Conversation:
    """The call that a carrier's form is about, opened when we had not heard of it, locked until the commit."""

    def __init__(self, app: App, db: Session, form: Form, carrier: Carrier, now: datetime) -> None:
        self.app, self.db, self.form, self.carrier, self.now = app, db, form, carrier, now
        self.call, self.answering = turns.hold(db, call_sid(form) or "") or self._open(carrier)
        if turns.began_by(db, self.call, now):
            self._promised_then()
        self._name_caller()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """What became of the call is written, unless it comes to nothing."""
        if failed is None:
            self.call.save()

    @once
    def matcher(self) -> Matcher:
        return self.app.matcher.at(self.answering.directory_version)

    @once
    def people(self) -> People:
        over = self.form.get("CallStatus") in FINAL
        return People(self.app, self.db, self.call, self.answering, self.now, over)

    @once
    def staff(self) -> StaffLine:
        return StaffLine(self.app, self.db, self.call, self.now)

    @once
    def world(self) -> World:
        """As it is when the request comes in: what a turn brings is known from the next one on."""
        return self._world()

    def _world(self) -> World:
        return make_world(
            self.app, self.call, self.matcher, self.answering, self.people, self.staff, self.now, tries=self._tries
        )

    @property
    def _tries(self) -> bool:
        """Whether it is a call of the browser phone, where drafts are heard."""
        return self.carrier.name == SIMULATOR

    def answer(self, n: int) -> str:
        """The reply to turn *n*. A recording counts whenever it comes, even where its turn was answered already."""
        reply = self._reply(n)
        self.attach()
        return self.people.dialled(reply)

    def _reply(self, n: int) -> str:
        """Advanced, repeated or resumed, so that nothing ever happens twice."""
        heard = hear(self.form, taken=self.call.taken_at is not None)
        if n < self.call.turn and (kept := turns.reply(self.db, self.call.id, n)) is not None:
            return kept or self._render(engine.ask_again(self._state, self.world), self.call.turn)
        if self._is_long_over and not isinstance(heard, Recorded):
            return self._render(engine.ask_again(self._state, self.world), self.call.turn)
        if self.call.turn == 0:
            opening = self._keep(engine.begin(self._state, self.world), {"kind": HeardKind.ARRIVED})
            if not isinstance(heard, Recorded):
                return opening
        elif n > self.call.turn and not isinstance(heard, Recorded):
            return self._render(engine.ask_again(self._state, self.world), self.call.turn)
        if isinstance(heard, Rang) and (transfer := transfers.of_leg(self.db, self.call.sid)):
            return transfer_twiml.next_document(self.app, self.db, transfer, Party.RESIDENT, self.now)
        if isinstance(heard, Rang):
            self.people.rang(heard, self.form.get("DialCallStatus", ""))
        act = engine.deed(self._state, heard)
        came = self.staff.do(self._state, act) if act else heard
        turn = engine.advance(self._state, came, self.world)
        self._learn(turn)
        if turn.state.rated and not self._state.rated:
            self._rated(turn.state.rated == "good")
        return self._keep(turn, told(heard, self._state.step))

    @property
    def _is_long_over(self) -> bool:
        """Whether only a message may still come: the last words can be overtaken by the news of the end."""
        return self.call.ended_at is not None and self.now - self.call.ended_at > OVERTAKEN

    def _learn(self, turn: Turn) -> None:
        """Put what the turn brought onto the ticket."""
        staff = self.people.spoke() if turn.learned.get("talked") else None
        learned = self._with_urgency(turn.learned)
        intake.learn(
            self.db,
            self.call,
            {**learned, "talked_with": staff.id} if staff else learned,
            adds_to=turn.state.open_ticket if turn.state.joins else None,
            due_at=self.world.promise(turn.state.need, turn.state.urgent).due_at,
            now=self.now,
        )
        if staff:
            self.people.gives_ticket(staff)
        if turn.state.failed:
            cards.slow_down(self.db, self.call.whole(), self.now)
        if learned.get("urgent") or learned.get("cancelled"):
            self._tell_staff()

    def _rated(self, good: bool) -> None:
        """The caller says how the talk was; of whom that speaks is known here."""
        staff = self.people.spoke()
        ratings.of_call(self.db, self.call.id, staff.id if staff else None, self.now, good=good)

    def _with_urgency(self, learned: Mapping[str, Any]) -> Mapping[str, Any]:
        """A need may be urgent by itself; the call goes on as any other."""
        return {**learned, "urgent": True} if self.world.needs.is_urgent(learned.get("need")) else learned

    def _promised_then(self) -> None:
        """The ticket was opened by a later request: the call back is due as if this one had opened it."""
        if ticket := self.call.ticket:
            due_at = self._world().promise(ticket.need, ticket.urgent).due_at  # who rang may become known after this
            intake.promise(self.db, ticket, due_at)

    def _rang_about_it(self) -> None:
        """Whoever rang about their open matter and hung up before the beep has rung about it all the same."""
        state = self._state
        due_at = self.world.promise(state.open_need, state.urgent).due_at
        intake.learn(self.db, self.call, {"spoke": True}, adds_to=state.open_ticket, due_at=due_at, now=self.now)
        self.call.settle()

    def _tell_staff(self) -> None:
        """What is urgent is told at once, everything else when the call is over and says what it is about."""
        self.call.settle()
        if self.call.ticket:
            self.call.save()  # whether the call is over decides
            due.write_due(self.db, self.app.later, self.app.settings.zone, self.now, self.call.ticket.id)

    def rescue(self) -> None:
        """Make sure that there is a ticket, though the turn that should have opened it failed."""
        if self._state.staff or self._state.step == "pin":
            return  # what they keyed was no resident's wish
        promise = self.world.promise(self._state.need, self._state.urgent)
        intake.rescue(self.db, self.call, promise.due_at, self.now)

    def attach(self) -> None:
        """Keep the recording that the form speaks of, if it does; it makes a ticket even if its turn never comes."""
        if news := recording(self.form):
            self.call.settle()
            if news.absent:
                intake.mark_absent(self.db, self.app.later, self.call, news.sid, self.now)
            else:
                if self.call.ticket is None:
                    self._learn(engine.advance(self._state, Recorded(news.seconds), self.world))
                    self.call.settle()
                intake.attach_recording(self.db, self.app.later, self.call, news.sid, news.seconds, self.now)
            self._reconsider()

    def hang_up(self) -> None:
        """The carrier says that the call is over."""
        taken = self._state.step == "person" and self.call.taken_at is not None
        outcome, left_at = engine.hung_up(self._talked_after_all() if taken else self._state)
        if outcome == "hung_up" and intake.has_message(self.db, self.call.id):
            outcome = "message"
        if self.call.ended_at is None:
            counted.CALLS_ENDED.labels(outcome).inc()
        self.people.left()
        if self.call.taken_at:
            transfers.left(self.db, self.app.later, self.call.sid, self.now)
        if self._state.undecided and self.call.ticket is None:
            self._rang_about_it()
        turns.end(self.call, outcome, left_at, self.now)
        self._tell_staff()

    def _talked_after_all(self) -> CallState:
        """Somebody took the call, and the news of how that ended has not come: the end of the call says it as well.

        The call stands where it is, should that news still come.
        """
        turn = engine.advance(self._state, Rang(taken=True), self.world)
        self._learn(turn)
        self.call.settle()
        return turn.state

    def _reconsider(self) -> None:
        """What comes in after the end may tell better how it ended: the order of requests changes nothing."""
        if self.call.ended_at:
            self.hang_up()

    @property
    def _state(self) -> CallState:
        state = CallState.from_json(self.call.state)
        packs = self._line_of(self.answering).spoken  # a dialect may be gone since the last turn
        return state.but(language=spoken_as(packs, state.language, self.app.settings.hotline_language))

    def _line_of(self, answering: Answering) -> Line:
        return self.app.line.at(answering.line_version)

    def _name_caller(self) -> None:
        """A call that began with a request without numbers gets them from the first that has some.

        Before its first question it is then as if it had come with them; later they only fill in what is missing.
        """
        if self.call.caller_id is not None and self.call.called_id is not None:
            return
        caller, called = self._numbers()
        lacks_caller = caller is not None and self.call.caller_id is None
        if not lacks_caller and (called is None or self.call.called_id is not None):
            return
        if self.call.turn == 0 and (lacks_caller or self.call.caller_id is None):
            known = arriving.known(self.db, caller, called, self.now)
            turns.move_on(self.call, _standing(self._first_state(known, caller, called)))
        elif lacks_caller:
            self.call.state = self._state.but(withheld=False).to_json()
        turns.name(self.db, self.call, caller, called)
        if lacks_caller:
            intake.name_caller(self.db, self.call, self.now)

    def _numbers(self) -> tuple[str | None, str | None]:
        """Who rings whom, as far as the request tells."""
        called = caller_id(clean(self.form.get("To", "")), self.app.home())
        return caller_id(clean(self.form.get("From", "")), self.app.home(called)), called

    def _open(self, carrier: Carrier) -> tuple[CallNow, Answering]:
        """A new call, with what earlier calls and the dialled number tell about it."""
        caller, called = self._numbers()
        known = arriving.known(self.db, caller, called, self.now)
        test = carrier.name == SIMULATOR and self.app.settings.is_public
        arrival = Arrival(call_sid(self.form) or "", carrier.name, caller, called, test)
        state = self._first_state(known, caller, called)
        call = turns.open_call(self.db, arrival, _standing(state), self.now, known.phone_ids)
        counted.CALLS.inc()
        return call, known.answering

    def _first_state(self, known: Known, caller: str | None, called: str | None) -> CallState:
        """Before the first question."""
        facts, told = known.facts, self._line_of(known.answering)
        nuisance = told.is_nuisance(known.phone_ids.get(caller or ""), self.now)
        directory = self.app.matcher.at(known.answering.directory_version).directory
        dialled, packs = directory.by_dialled.get(called or ""), told.spoken
        language = spoken_as(packs, facts.language, self.app.settings.hotline_language)
        return CallState(
            step="news" if called and called == self._news_number else "need",
            language=language if packs[language].offered else packs[language].base or language,
            withheld=caller is None,
            known=dialled.code if dialled else facts.community,
            known_by="dialled" if dialled else "caller",
            open_ticket=facts.open_ticket,
            open_need=facts.need,
            standing=facts.standing,
            holder=facts.holder,
            due=facts.due_at.isoformat() if facts.due_at else "",
            done=facts.done,
            brief=nuisance,
            listed=nuisance,
            slow=facts.slow,
            rang_back=facts.rang_back,
        )

    @property
    def _news_number(self) -> str | None:
        return caller_id(self.app.settings.hotline_news_number, self.app.home())

    def _keep(self, turn: Turn, heard: facts.Heard) -> str:
        """Write the turn with its reply, and move the call on."""
        answer = self._render(turn, self.call.turn + 1)
        kept = "" if tells_number(turn.reply) else answer
        about = hears(self.call.step).about
        why = turn.meaning.why if turn.meaning and not hears(self.call.step).private else ()
        understood = facts.understood(turn.learned, turn.match, why)
        turns.keep_turn(self.call, about=about, heard=heard, understood=understood, answer=kept, now=self.now)
        self.people.moved(self.call.step, turn.state)
        turns.move_on(self.call, _standing(turn.state))
        for say in turn.reply.says:
            if bulletin := say.values.get("id"):
                hearings.note(self.db, bulletin, self.call.id)
        if turn.match:
            counted.MATCHES.labels(turn.match.decision).inc()
        if isinstance(turn.reply, Bye):
            self.call.outcome = engine.hung_up(turn.state)[0]
        self._reconsider()
        return answer

    def _render(self, turn: Turn, n: int) -> str:
        """In the slow lane, every language has its slower voice and its longer waits."""
        told = self._line_of(self.answering)
        packs = told.drafts if self._tries else told.packs
        if turn.state.slow:
            packs = {code: pack.slowly for code, pack in packs.items()}
        if turn.state.loud:
            packs = {code: pack.loudly for code, pack in packs.items()}
        called = self.call.whole().called if isinstance(turn.reply, Ring) else None
        line = twiml.Line(
            packs=packs,
            language=turn.state.language,
            urls=Urls(self.app.settings.base_url),
            hints=hints(packs[turn.state.language], self.matcher, turn.state.candidates),
            rings=self.people.rings(n) if isinstance(turn.reply, Ring) else (),
            hotline=called.e164 if called else None,
        )
        return twiml.render(turn.reply, n, line)


def tells_number(reply: Reply) -> bool:
    """Whether the reply reads the caller's own number out: it is not kept then, numbers stand in their table only."""
    return any("callback" in say.values for say in reply.says)


def _standing(state: CallState) -> Standing:
    """What others may know of the flow's state."""
    return Standing(state.step, state.language, state.community, state.failed, memory=state.to_json())


def told(heard: Heard, step: str) -> facts.Heard:
    """What was heard, as the call log shows it."""
    private = hears(step).private
    match heard:
        case Keys(digits):
            return {"kind": HeardKind.KEYS, "text": MASKED if private else digits}
        case Speech(text):
            return {"kind": HeardKind.SPEECH, "text": MASKED if private else text}
        case Recorded(seconds):
            return {"kind": HeardKind.RECORDED, "seconds": seconds}
        case Rang():
            return {"kind": HeardKind.RANG}
    return {"kind": HeardKind.SILENCE}
