"""What a member of staff does by key: the flow's deeds, done with the functions and the rules of the desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.app import App
from ivr.flow.types import Act, CallState, Deed, Did, Result, Task, Worklist
from ivr.store.access import audit, rules
from ivr.store.answering import pins, presence
from ivr.store.answering.presence import Presence
from ivr.store.calls.now import CallNow
from ivr.store.calls.recordings import THERE
from ivr.store.facts import audit as deeds
from ivr.store.inbox import contents
from ivr.store.inbox.filters import Filter
from ivr.store.inbox.views import Reading
from ivr.store.models import Recording, Staff, Ticket
from ivr.store.models.ticket import ids_of
from ivr.store.people.throttle import Locked
from ivr.store.tickets import attempts, listening, work
from ivr.voice import playback

NEW, MINE = "nobodys", "mine"  # the desk's views of the inbox
PRESENCE = {Deed.READY: Presence.READY, Deed.BREAK: Presence.BREAK, Deed.OFF: Presence.OFF}
MESSAGES = 3  # of one ticket, the latest: more than that is for the page


class StaffLine:
    """Those of the staff who work by telephone, in the transaction of one request about a call of theirs."""

    def __init__(self, app: App, db: Session, call: CallNow, now: datetime) -> None:
        self.app, self.db, self.call, self.now = app, db, call, now

    # --- what the flow may look up

    def known(self) -> bool:
        """Whether the number that rings is that of somebody with a PIN."""
        return self.call.caller_id is not None and pins.is_known(self.db, self.call.caller_id)

    def worklist(self) -> Worklist:
        staff = self._staff()
        counts = self._contents(staff, NEW, None).counts if staff else {}
        return Worklist(counts.get(NEW, 0), counts.get(MINE, 0))

    def task(self, ticket_id: int | None) -> Task | None:
        """The ticket as far as it is theirs to know: the message and the number by the rules of the desk."""
        staff = self._staff()
        ticket = self._ticket(staff, ticket_id) if staff else None
        if staff is None or ticket is None:
            return None
        return Task(
            number=ticket.number,
            need=ticket.need,
            place=ticket.community.name if ticket.community else None,
            urgent=ticket.urgent,
            waiting_min=int((self.now - ticket.opened_at) / timedelta(minutes=1)),
            overdue=ticket.is_open and ticket.due_at <= self.now,
            free=ticket.status == "new",
            mine=ticket.is_open and ticket.claimed_by_id == staff.id,
            messages=tuple(playback.address(self.app, each.id) for each in self._messages(staff, ticket)),
            callback=rules.number_shown(staff, ticket) if rules.may(staff, "see_number", ticket) else None,
        )

    # --- what the flow has done

    def do(self, state: CallState, act: Act) -> Did:
        """Do it, in this transaction; what it came to."""
        if act.deed is Deed.ENTER:
            return Did(act.deed, self._enter(act.about))
        staff = self._staff()
        if staff is None:  # stopped while they were on the telephone
            return Did(act.deed, Result.REFUSED)
        try:
            return self._done(staff, state, act)
        except (rules.NotFound, rules.Forbidden) as refused:
            audit.append(self.db, staff, refused.denied, self.now)
            return Did(act.deed, Result.REFUSED)
        except (work.Overtaken, work.BadValue):
            return Did(act.deed, Result.OVERTAKEN)

    def _enter(self, pin: str) -> Result:
        if self.call.caller_id is None:
            return Result.REFUSED
        try:
            staff = pins.enter(self.db, self.call.caller_id, pin, self.app.settings.cookie_key, self.now)
        except Locked:
            audit.append(self.db, None, deeds.PinLocked(), self.now)
            return Result.LOCKED
        except pins.WrongPin:
            audit.append(self.db, None, deeds.PinFailed(), self.now)
            return Result.REFUSED
        self.call.staff_id = staff.id
        audit.append(self.db, staff, deeds.RangIn(), self.now)
        return Result.DONE

    def _done(self, staff: Staff, state: CallState, act: Act) -> Did:
        task = state.task or 0
        match act.deed:
            case Deed.NEW:
                return self._first(staff, act.deed, NEW, None)
            case Deed.MINE:
                return self._first(staff, act.deed, MINE, None)
            case Deed.NEXT:
                return self._first(staff, act.deed, MINE if state.mine else NEW, state.task)
            case Deed.FIND:
                return self._at_hand(staff, act.deed, self._numbered(act.about))
            case Deed.CLAIM:
                work.claim(self.db, staff, task, self.now)
                return self._at_hand(staff, act.deed, task)
            case Deed.ON_THE_WAY:
                work.on_the_way(self.db, staff, task, True, self.now)
            case Deed.TRIED:
                attempts.attempt(self.db, staff, task, "no_answer", "", self.now)
            case Deed.FINISH:
                pack = self.app.packs[self.app.settings.hotline_language]
                work.resolve(self.db, staff, task, pack.say[act.about].strip(), self.now)
            case Deed.NUMBER:
                rules.ticket(self.db, staff, task, "see_number")
                audit.append(self.db, staff, deeds.Read("telephone", [task], []), self.now)
            case said:
                on = presence.say(self.db, staff, PRESENCE[said], self.now)
                return Did(said, Result.DONE if on or said is not Deed.READY else Result.NOTHING)
        return Did(act.deed, Result.DONE, state.task)

    def _first(self, staff: Staff, deed: Deed, view: str, after: int | None) -> Did:
        """The first of the view, or the one after that ticket."""
        rows = self._contents(staff, view, after).rows
        return self._at_hand(staff, deed, rows[0].id) if rows else Did(deed, Result.NOTHING)

    def _numbered(self, number: str) -> int | None:
        """The latest ticket of this number."""
        last_id = self.db.scalar(select(func.max(Ticket.id))) or 0
        return max(ids_of(number, last_id), default=None)

    def _contents(self, staff: Staff, view: str, after: int | None) -> contents.Contents:
        return contents.contents(self.db, Reading(staff, view, Filter(), self.now, self.now), after)

    def _at_hand(self, staff: Staff, deed: Deed, ticket_id: int | None) -> Did:
        """This ticket is told now; its messages count as heard."""
        ticket = self._ticket(staff, ticket_id)
        if ticket is None:
            return Did(deed, Result.NOTHING)
        heard = self._messages(staff, ticket)
        for each in heard:
            listening.heard(self.db, staff, each, self.now)
        return Did(deed, Result.DONE, ticket.id, plays=bool(heard))

    # --- what stands behind it

    def _staff(self) -> Staff | None:
        """Who rang in, while they may."""
        staff = self.db.get(Staff, self.call.staff_id) if self.call.staff_id else None
        return staff if staff and staff.disabled_at is None and rules.may(staff, "take_calls") else None

    def _ticket(self, staff: Staff, ticket_id: int | None) -> Ticket | None:
        found = self.db.scalars(rules.visible_tickets(staff).where(Ticket.id == ticket_id)).one_or_none()
        return found if found and found.merged_into_id is None else None

    def _messages(self, staff: Staff, ticket: Ticket) -> Sequence[Recording]:
        if not rules.may(staff, "listen", ticket):
            return ()
        left = select(Recording).where(Recording.ticket_id == ticket.id, Recording.state.in_(THERE))
        return self.db.scalars(left.order_by(Recording.id.desc()).limit(MESSAGES)).all()[::-1]
