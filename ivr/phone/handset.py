"""How does one call go? A telephone in somebody's hand: dials, is talked to, does what that person does.

    phone.dial().press("1").speak("银杏社区").leave_message(seconds=12)

It knows nothing of the hotline but its number (a ``Line``): where a call goes is what the documents say. Time is
simulated; nothing waits, unless it is given a pace.
"""

from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Self

from ivr.phone import acts, sound
from ivr.phone.acts import Act, Answered, HangUp, Leave, Parted, Press, Recorded, Several, Silent, Speak, Unanswered
from ivr.phone.callee import CalleesLeg
from ivr.phone.leg import Course, Ended, HungUp, Leg, Pace, Waiting, at_once, new_sid, request_fields
from ivr.phone.line import Line
from ivr.phone.news import Callback, Message
from ivr.phone.verbs import Conference, Dial, Gather, Number, Record

WITHHELD = "anonymous"


class NotNow(Exception):
    """The phone does not wait for what somebody wanted to do."""


class Handset(Leg):
    """One call. Reads like a story: every act returns the handset, and leads to the next thing that waits.

    Args:
        caller: E.164, or None to withhold the number.
        called: the number dialled; default: the line's.
        repeats: every request is sent once more though it was answered, and the second answer is compared.
        holds: callbacks stay in ``pending``, to be reordered and sent with ``deliver()``.
        pace: waits until the call's own clock has come so far.

    ``waiting`` is the verb that waits for somebody (None: the call is over, ``ended`` says by whom), ``said`` what
    the line said since the last act, ``troubles`` what Twilio would have written to its debugger.
    ``other``: the leg that was put through, or would have been, to this one.
    ``together_at_s``: when, on the call's clock, somebody was put through to the caller; None: nobody was.
    """

    def __init__(
        self,
        line: Line,
        caller: str | None = "+8613800000001",
        called: str | None = None,
        *,
        repeats: bool = False,
        holds: bool = False,
        pace: Pace = at_once,
    ) -> None:
        super().__init__(line, caller or WITHHELD, called or line.number, repeats=repeats, pace=pace)
        self.holds = holds
        self.together_at_s: float | None = None
        self.waiting: Waiting | None = None
        self.pending: list[Callback] = []
        self.messages: list[Message] = []
        self._course = self.follow(line.url(line.voice_path))
        self.status_url = line.url(line.status_path)
        self._read_to = 0
        self.other: CalleesLeg | None = None

    # --- what a caller does

    def dial(self) -> Self:
        """Ring, and listen until something waits for an answer."""
        return self._advance(lambda: next(self._course))

    def press(self, keys: str) -> Self:
        return self.do(Press(keys))

    def speak(self, text: str) -> Self:
        return self.do(Speak(text))

    def silent(self) -> Self:
        """Say and press nothing until the phone goes on by itself."""
        return self.do(Silent())

    def leave_message(self, seconds: int = 12, key: str = "", wav: bytes | None = None) -> Self:
        """Wait for the beep and speak; *key* ends the message, else silence does.

        Raises ``NotNow`` when this document leads to no beep.
        """
        requests = len(self.exchanges)
        while isinstance(self.waiting, Gather) and len(self.exchanges) == requests:
            self.silent()
        if not isinstance(self.waiting, Record) or len(self.exchanges) > requests:
            raise NotNow(f"there is no beep here; the line said: {self.said}")
        return self.do(Leave(seconds, key, wav))

    def hang_up(self, seconds: int = 0) -> Self:
        """Put the receiver down; at the beep, after *seconds* of message."""
        return self.do(HangUp(seconds))

    def duty_answers(self, keys: str = "1", talks_s: int = 60, *, caller_ends: bool = False) -> Self:
        """The number that is rung answers and presses *keys*; without any it is a mailbox."""
        return self._ring(Answered(keys, talks_s, caller_ends))

    def duty_does_not_answer(self, why: str = "no-answer") -> Self:
        return self._ring(Unanswered(why))

    def telephones(self, do: Mapping[str, Answered | Unanswered]) -> Self:
        """Several numbers ring, each does its own; those not named ring out."""
        return self._ring(Several(do))

    def do(self, act: Act) -> Self:
        """Any act; raises ``NotNow`` when the call is over or has not begun."""
        if self.waiting is None:
            raise NotNow("the call is over" if self.ended else "nobody has dialled")
        self._read_to = len(self.transcript)
        self.note("caller", acts.told(act), acts.lasting_s(act))
        return self._advance(lambda: self._course.send(act))

    # --- what can be seen of it

    @property
    def said(self) -> str:
        return " ".join(each.text for each in self.transcript[self._read_to :] if each.who == self.voice)

    @property
    def documents(self) -> list[str]:
        """Every TwiML document this call was given, in order."""
        return [each.text for each in self.exchanges if each.answer and "xml" in each.answer.content_type]

    @property
    def differing(self) -> list[str]:
        """Where a repeated request was not answered as it was the first time."""
        return [
            each.url for each in self.exchanges if each.again and each.answer and each.again.body != each.answer.body
        ]

    # --- news for the hotline

    def deliver(self) -> Self:
        """Send the callbacks that are pending, in the order they stand in."""
        news, self.pending = self.pending, []
        self.pace(self.clock_s)
        for each in news:
            exchange = self.line.request(each.url, each.form, each.method, repeat=self.repeats)
            self.exchanges.append(exchange)
            if not exchange.ok:
                self.trouble(f"the {each.about} callback was not accepted")
        return self

    # --- the caller's own verbs

    def callers_verb(self, verb: Record | Dial) -> Course:
        return (yield from self._record(verb) if isinstance(verb, Record) else self._dial(verb))

    def _record(self, record: Record) -> Course:
        if record.play_beep:
            self.note("phone", "beep", 1)
        act = yield record
        recording = acts.recorded(record, act)
        if isinstance(act, HangUp):
            self.status = "completed"
            if recording:
                fields = {**self._keep(recording).fields, "Digits": "hangup"}
                self.pending.append(Callback("record", record.action, record.method, self.form(**fields)))
                self._announce(record)
            raise HungUp
        if recording is None:
            self.clock_s += record.timeout_s
            return None
        fields = self._keep(recording).fields
        if recording.ended_by:
            fields["Digits"] = recording.ended_by
        following = self.fetch(record.action, record.method, **fields)
        self._announce(record)
        if not self.holds:
            self.deliver()
        return following

    def _keep(self, recording: Recorded) -> Message:
        """Store a recording where the hotline will fetch it."""
        sid = new_sid("RE")
        message = Message(sid, self.line.recording_url(sid), recording.seconds)
        self.messages.append(message)
        if message.seconds and not self.line.upload(sid, recording.wav or sound.tone(message.seconds)):
            self.trouble("the recording could not be stored")
        return message

    def _announce(self, record: Record) -> None:
        """The recording's own status, which takes Twilio a moment longer than the action."""
        message = self.messages[-1]
        if record.status_url and message.status in record.status_events:
            news = message.status_form(self.line.account_sid, self.sid)
            self.pending.append(Callback("recording", record.status_url, record.status_method, news))

    def _dial(self, dial: Dial) -> Course:
        if dial.room:
            return (yield from self._meet(dial, dial.room))
        self.note("phone", f"rings {', '.join(each.number for each in dial.numbers)}")
        act = yield dial
        if isinstance(act, HangUp):
            self._legs_end(dial, {}, "canceled")
            raise HungUp
        result = self._ringing(dial, _each(dial, act))
        if isinstance(act, Answered) and act.stays:
            self.pending.clear()  # the leg is not over
            if isinstance((yield dial), HangUp):
                raise HungUp
        if isinstance(act, Answered) and act.caller_ends and result["DialBridged"] == "true":
            self.status = "completed"
            if dial.action:
                self.pending.append(Callback("dial", dial.action, dial.method, self.form(**result)))
            raise HungUp
        if not self.holds:
            self.deliver()
        return self.fetch(dial.action, dial.method, **result) if dial.action else None

    def _meet(self, dial: Dial, room: Conference) -> Course:
        """In a room until it ends, or the star leads out of it. https://www.twilio.com/docs/voice/twiml/conference"""
        self.note("phone", f"enters the room {room.name}")
        while True:
            act = yield dial
            if isinstance(act, HangUp):
                raise HungUp
            if isinstance(act, Parted) or (dial.star and act == Press("*")):
                break
        return self.fetch(dial.action, dial.method, DialCallStatus="answered") if dial.action else None

    def _ringing(self, dial: Dial, telephones: dict[str, Answered | Unanswered]) -> dict[str, str]:
        """Every telephone rings; the first to be picked up wins, by a person or a mailbox, and the others fall silent.

        https://www.twilio.com/docs/voice/twiml/number#simultaneous-dialing
        """
        answers = [each for each in telephones.values() if isinstance(each, Answered) and each.after_s < dial.timeout_s]
        if not answers:
            why = next((each.why for each in telephones.values() if isinstance(each, Unanswered)), "no-answer")
            self.clock_s += dial.timeout_s if why == "no-answer" else 2
            self._legs_end(dial, {}, why, telephones)
            return {"DialCallStatus": why, "DialCallSid": new_sid("CA"), "DialBridged": "false"}
        first = min(answers, key=lambda each: each.after_s)
        number = next(each for each in dial.numbers if telephones[each.number] is first)
        self.clock_s += first.after_s
        leg = CalleesLeg(self, dial, number)
        result = self._put_through(leg, number, first)
        self._legs_end(dial, {number.number: leg.sid}, "canceled", telephones)
        return result

    def _put_through(self, leg: CalleesLeg, number: Number, callee: Answered) -> dict[str, str]:
        """Somebody answers, hears the whisper and is connected, unless the whisper hangs up."""
        bridged = leg.accepts(number, callee.keys)
        self.other = leg
        self.exchanges += leg.exchanges
        self.troubles += leg.troubles
        self.transcript += leg.transcript
        self.clock_s = leg.clock_s
        if bridged:
            self.together_at_s = self.clock_s
            self.note("phone", f"put through for {callee.talks_s} s", callee.talks_s)
        return {
            "DialCallStatus": "completed",
            "DialCallSid": leg.sid,
            "DialCallDuration": str(callee.talks_s if bridged else 0),
            "DialBridged": "true" if bridged else "false",
        }

    def _legs_end(
        self,
        dial: Dial,
        answered: Mapping[str, str],
        others: str,
        telephones: Mapping[str, Answered | Unanswered] | None = None,
    ) -> None:
        """The news of every leg's end, for whom it was asked for; ``answered``: number -> leg."""
        for each in dial.numbers:
            if each.status_url is None:
                continue
            did = (telephones or {}).get(each.number)
            status = "completed" if each.number in answered else did.why if isinstance(did, Unanswered) else others
            sid = answered.get(each.number) or new_sid("CA")
            form = request_fields(self.line, sid, status, dial.caller_id or self.origin, each.number, self.sid)
            self.pending.append(Callback("rung", each.status_url, "POST", form))

    def _ring(self, act: Answered | Unanswered | Several) -> Self:
        if self.waiting is not None and not isinstance(self.waiting, Dial):
            raise NotNow(f"nobody is being rung; the line said: {self.said}")
        return self.do(act)

    # --- one step on

    def _advance(self, step: Callable[[], Waiting]) -> Self:
        try:
            self.waiting = step()
        except StopIteration:
            self._over(self.ended or "line")
        except HungUp:
            self._over("caller")
        return self

    def _over(self, ended: Ended) -> None:
        self.waiting, self.ended, self.status = None, ended, "completed"
        news = self.form(CallDuration=str(round(self.clock_s)), Timestamp=formatdate())
        self.pending.append(Callback("status", self.status_url, "POST", news))
        if not self.holds:
            self.deliver()


def _each(dial: Dial, act: Act) -> dict[str, Answered | Unanswered]:
    """What each of the numbers that ring does: what was done is the first one's, or whose it is said to be."""
    doing: dict[str, Answered | Unanswered] = {each.number: Unanswered() for each in dial.numbers}
    match act:
        case Several(do):
            doing |= {number: each for number, each in do.items() if number in doing}
        case Answered(number=number):
            doing[number if number in doing else dial.numbers[0].number] = act
        case Unanswered():
            doing = dict.fromkeys(doing, act)
    return doing
