"""Is anybody reached by two calls at once? Found from nothing but what passes between the carrier and the hotline.

A telephone is reached from the answer that says to ring it until a request says that its leg is over; a caller is on
the line from the first answer until the end of their call.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from ivr.phone.element import TwimlError
from ivr.phone.reading import read
from ivr.phone.transport import Answer, Body, Transport
from ivr.phone.verbs import Dial

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
PLACED = "outbound-api"


@dataclass(frozen=True, slots=True)
class Clash:
    """A number (E.164) that one call reached while another one did. Calls by their SIDs."""

    number: str
    call_sid: str
    other_sid: str

    def __str__(self) -> str:
        return f"{self.call_sid} while {self.other_sid}"


class Switchboard:
    """Who is reached by which calls at this moment. ``clashes``: each time when that were two. Safe among threads."""

    def __init__(self) -> None:
        self.clashes: list[Clash] = []
        self._calls: dict[str, set[str]] = defaultdict(set)  # by the number that they reach
        self._lock = threading.Lock()

    def watching(self, transport: Transport) -> Transport:
        """The same transport; what passes through it is seen."""

        def send(method: str, url: str, body: Body, headers: Mapping[str, str]) -> Answer:
            form = body if isinstance(body, Mapping) else {}
            self.before(form)
            answer = transport(method, url, body, headers)
            self.after(url, form, answer)
            return answer

        return send

    def before(self, form: Mapping[str, str]) -> None:
        """A request is about to tell that somebody is reached no longer: from then on others may be put to them."""
        sid, over = form.get("CallSid", ""), form.get("CallStatus") in OVER
        parent = form.get("ParentCallSid")
        with self._lock:
            if parent and over:
                self._calls[form["To"]].discard(parent)
            elif over or "DialCallStatus" in form:
                itself = None if over else party(form)
                for number, calls in self._calls.items():
                    if number != itself:
                        calls.discard(sid)

    def after(self, url: str, form: Mapping[str, str], answer: Answer) -> None:
        """A request was answered: whose call it is about is on the line, and whoever is to be rung is reached."""
        sid = form.get("CallSid")
        if sid is None or form.get("CallStatus") in OVER or "ParentCallSid" in form:
            return
        if number := party(form):
            self.reach(number, sid)
        if b"<Dial" not in answer.body:
            return
        with suppress(TwimlError):  # the telephone itself says what is wrong with it
            for verb in read(answer.body, answer.content_type, url):
                for each in verb.numbers if isinstance(verb, Dial) else ():
                    self.reach(each.number, sid)

    def reach(self, number: str, sid: str) -> None:
        """This call reaches that number now, or still."""
        with self._lock:
            calls = self._calls[number]
            if sid not in calls:
                self.clashes += [Clash(number, sid, other) for other in sorted(calls)]
                calls.add(sid)


def party(form: Mapping[str, str]) -> str | None:
    """Whose telephone a call comes from, or goes to when the hotline placed it; None: the number is withheld."""
    number = form.get("To" if form.get("Direction") == PLACED else "From", "")
    return number if number.startswith("+") else None
