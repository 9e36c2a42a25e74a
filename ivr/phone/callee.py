"""What happens at the number that is rung? It hears the whisper and takes the call, or hangs up."""

from ivr.phone.acts import Act, Press, Silent
from ivr.phone.leg import Leg
from ivr.phone.verbs import Dial, Number


class CalleesLeg(Leg):
    """The leg of one ``<Dial>`` to the number that answered.

    https://www.twilio.com/docs/voice/twiml/number#attributes-url
    """

    voice = "whisper"

    def __init__(self, caller: Leg, dial: Dial, number: Number) -> None:
        origin = dial.caller_id or caller.origin
        super().__init__(caller.line, origin, number.number, repeats=caller.repeats, pace=caller.pace)
        self.parent = caller.sid
        self.status = "in-progress"
        self.clock_s = caller.clock_s

    def accepts(self, number: Number, keys: str) -> bool:
        """Presses *keys* (none: a mailbox) at the whisper's first question; True unless the whisper hangs up."""
        if number.url is None:
            return True
        course = self.follow(number.url, number.method)
        act: Act = Press(keys) if keys else Silent()
        try:
            next(course)
            while True:
                course.send(act)
                act = Silent()
        except StopIteration:
            return self.ended is None
