"""Who can answer a call: the flow's question to the roster, and what its answer does there."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.flow.types import CallState, Queue, Rang, Say, Staffing
from ivr.store.access import rules
from ivr.store.answering import ringing, roster, waiting
from ivr.store.answering.ringing import Line
from ivr.store.calls.now import CallNow
from ivr.store.facts import history as entries
from ivr.store.hotline import Answering
from ivr.store.models import Call, Phone, Ring, Staff, Ticket
from ivr.store.models.sealed import Locked
from ivr.store.tickets import history, work
from ivr.voice.once import once
from ivr.voice.twiml import Rung
from routing.hours import Hours
from routing.roster.selection import Order, Wanted
from routing.roster.shift import EVERYTHING

RINGS = re.compile(r">ring:([0-9]+)</Number>")  # in a kept document: telephone numbers stand in their own table only


class People:
    """Those who can answer one call, in the transaction of one request about it. Nobody is asked for before it matters.

    ``over``: the request says that the caller has hung up: nobody is rung for them any more.
    """

    def __init__(self, app: App, db: Session, call: CallNow, answering: Answering, now: datetime, over: bool) -> None:
        self.app, self.db, self.call, self.answering, self.now = app, db, call, answering, now
        self.over = over or call.ended_at is not None
        self.asked: CallState | None = None

    def staffing(self, state: CallState) -> Staffing:
        """Whether a person can be had for a call that knows this."""
        self.asked = self.asked or state
        if self.over or state.listed:
            return Staffing.NOBODY
        if self._line.somebody:
            return Staffing.FREE
        return Staffing.BUSY if self._line.soon else Staffing.NOBODY

    @property
    def somebody_on(self) -> bool:
        """Whether somebody is there to be rung just now, free or not, for this call or another."""
        return self._duty is not None or bool(roster.on(self.db, self.now))

    def queue(self) -> Queue:
        return Queue(*ringing.estimate(self.db, self._line))

    def holder(self, state: CallState) -> bool:
        """Whether the telephone of whoever has the caller's open matter may ring now."""
        self.asked = self.asked or state
        if self.over or state.listed:
            return False
        first = self._line.wanted.first
        return first is not None and first in self._line.ours

    @once
    def _line(self) -> Line:
        state = self.asked or CallState.from_json(self.call.state)
        pack = self.app.packs.get(state.language)
        language = (pack and pack.base) or state.language  # who speaks a language understands its dialects
        wanted, expecting = Wanted(language, state.need, state.community, despair=state.despair), {}
        if self.call.test:
            return ringing.look_past_roster(self.db, self.call.id, wanted, self._duty)
        if state.open_ticket and not (state.another_matter or state.despair):
            first, expects = ringing.holder(self.db, state.open_ticket, self.now)
            wanted, expecting = replace(wanted, first=first), {first: EVERYTHING} if first and expects else {}
        order = Order(self.answering.ring_order)
        return ringing.look(
            self.db, self.call.id, wanted, self._duty, first=state.slow, now=self.now, order=order, expecting=expecting
        )

    @property
    def _duty(self) -> str | None:
        """The number to fall back on (E.164): that of the caller's community in its hours, else the hotline's."""
        local = self.now.astimezone(self.app.settings.zone)
        state = self.asked or CallState.from_json(self.call.state)
        theirs = self.app.line.at(self.answering.line_version).duties.get(state.community or "")
        if theirs and Hours.of(theirs.kept).is_open(local) and (phone := self.db.get(Phone, theirs.phone)):
            return _readable(phone.e164)
        duty = _readable(self.answering.duty_phone)
        return duty if duty and Hours.of(self.answering.duty_hours).is_open(local) else None

    # --- what it does

    def rings(self, n: int) -> list[Rung]:
        """Whose telephones ring as turn *n*, without their numbers: the same ones when it is asked again."""
        call_id = self.call.id
        rung = ringing.rings(self.db, call_id, n) or ringing.ring(self.db, call_id, n, self._line, self.now)
        return [Rung(f"ring:{each.id}", each.id) for each in rung]

    def dialled(self, document: str) -> str:
        """A document with the numbers in it that it rings."""
        return RINGS.sub(lambda found: f">{self.db.get_one(Ring, int(found[1])).phone.e164}</Number>", document)

    def rang(self, heard: Rang, status: str) -> None:
        """The ringing is over: who did not take the call is on record."""
        missed = ringing.settle(self.db, self.call.id, status, taken=heard.taken, left=self.over, now=self.now)
        for each in missed:
            if self.call.ticket and each.outcome:
                entry = entries.Missed(self.call.sid, each.outcome, each.staff_id)
                history.note(self.db, self.call.ticket, entry, self.now)

    def spoke(self) -> Staff | None:
        """Who spoke with the caller; None: somebody at the duty number."""
        return ringing.taken_by(self.db, self.call.id)

    def gives_ticket(self, staff: Staff) -> None:
        """Whoever spoke with the caller has the ticket, unless somebody has it already, or it is not for them."""
        if self.call.ticket:
            with suppress(work.Overtaken, rules.NotFound, rules.Forbidden):
                work.claim(self.db, staff, self.call.ticket.id, self.now)

    def moved(self, before: str, state: CallState) -> None:
        """The call stands elsewhere: it waits now, or waits no more."""
        if state.step == "waiting":
            waiting.waits(self.db, self.call.id, first=state.slow, now=self.now)
        elif before == "waiting":
            how = "call_back" if state.keeps_place else "rung" if state.step == "person" else "message"
            waiting.ends(self.db, self.call.id, how, self.now)

    def left(self) -> None:
        """The caller has hung up."""
        if self.call.step == "waiting":
            waiting.ends(self.db, self.call.id, "left", self.now)
        if self.call.step == "person":
            ringing.settle(self.db, self.call.id, "", taken=False, left=True, now=self.now)


def known_of(app: App, db: Session, call: Call, now: datetime) -> list[Say]:
    """What is known of a call, for whoever is to take it: urgent, the need, the place, how often they rang today."""
    says = known_of_ticket(call.ticket) if call.ticket else []
    if call.state.get("despair"):
        says.insert(0, Say("whisper.despair"))
    if call.caller_id:
        today = now.astimezone(app.settings.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        calls = select(func.count()).where(Call.caller_id == call.caller_id, Call.started_at >= today)
        if (count := db.scalar(calls) or 0) > 1:
            says.append(Say("whisper.calls", {"count": str(count)}))
    return says


def known_of_ticket(ticket: Ticket) -> list[Say]:
    """The same of a ticket."""
    says = []
    if ticket.urgent:
        says.append(Say("whisper.urgent"))
    if ticket.need:
        says.append(Say("whisper.need", {"need": ticket.need}))
    if ticket.community:
        says.append(Say("whisper.place", {"name": ticket.community.name}))
    return says


def _readable(number: str | None) -> str | None:
    """One whose key is lost can ring nobody."""
    return None if isinstance(number, Locked) else number
