"""Having a call placed: whatever stands against it is said, and nobody is called twice at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.insert import insert_new
from ivr.store.models import Call, LinePerson, Outgoing, Phone, Staff, Turn
from ivr.store.outbox import CALLS, Later
from routing.destinations import not_before, refusal
from routing.hours import Hours
from routing.roster.selection import RINGING, TALKING

QUIET = timedelta(minutes=10)  # in which nothing was heard: their call is over, though nobody told us


class NotCalled(Exception):
    """Why there is no call. ``why``: no_number (of the resident) · foreign, premium, service (we do not ring such) ·
    hours (``until`` then nobody is rung) · on_the_line (the resident is calling us) · being_called (by somebody) ·
    unproved (the helper has no telephone that rings) · engaged (the helper is in a call) · no_line (we have no number
    to call from).
    """

    def __init__(self, why: str, until: datetime | None = None) -> None:
        super().__init__(why)
        self.why, self.until = why, until


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which calls are placed: ISO countries; the hours in which residents are rung, and their zone; our own
    ``numbers`` (E.164), and the ``carrier`` of what did not come in by a call.
    """

    regions: tuple[str, ...]
    hours: Hours
    zone: ZoneInfo
    numbers: tuple[str, ...]
    carrier: str


@dataclass(frozen=True, slots=True)
class Order:
    """Who is called, and by whom. ``key``: see ``Outgoing``; ``first``: who is rung first (E.164), before ``to``.

    ``caller``: our number. ``place_id``: the call whose place was kept.
    """

    kind: str
    key: str
    to: str
    first: str
    caller: str
    carrier: str
    staff_id: int | None = None
    ticket_id: int | None = None
    place_id: int | None = None


def find(db: Session, key: str) -> Outgoing | None:
    """What was ordered by this key."""
    return db.scalars(select(Outgoing).where(Outgoing.key == key)).one_or_none()


def check(db: Session, to: str, terms: Terms, now: datetime, *, urgent: bool) -> None:
    """Raise ``NotCalled`` when this resident (E.164) may not be rung now."""
    local = now.astimezone(terms.zone)
    if why := refusal(to, terms.regions):
        raise NotCalled(why)
    last = select(Call).join(Call.caller).where(Phone.e164 == to).order_by(Call.started_at.desc()).limit(1)
    call = db.scalars(last).first()
    if call and _goes_on(db, call, now):
        raise NotCalled("on_the_line")
    rang_at = (call.ended_at or call.started_at) if call else None
    if until := not_before(local, terms.hours, urgent=urgent, rang_at=rang_at):
        raise NotCalled("hours", until)


def _goes_on(db: Session, call: Call, now: datetime) -> bool:
    """Whether they are on the line with us, as far as we were told; who talks with somebody is told nothing more."""
    if call.ended_at is not None:
        return False
    heard_at = db.scalar(select(func.max(Turn.at)).where(Turn.call_id == call.id)) or call.started_at
    return now - heard_at < (TALKING if call.taken_at else QUIET)


def reserve(db: Session, staff: Staff, now: datetime) -> LinePerson:
    """The helper's telephone, locked, kept free for a call of ours. Raises ``NotCalled``."""
    theirs = select(LinePerson).where(LinePerson.staff_id == staff.id).with_for_update(of=LinePerson)
    person = db.scalars(theirs.execution_options(populate_existing=True)).first()
    if person is None or person.phone is None or person.proved_at is None:
        raise NotCalled("unproved")
    if person.busy_until and person.busy_until > now:
        raise NotCalled("engaged")
    return person


def order(db: Session, later: Later, wanted: Order, now: datetime) -> Outgoing:
    """Have it placed. Ordered again by the same key it is the same call.

    Raises ``NotCalled`` (being_called) while another call to either of them goes on: of fifty that are ordered at once
    there is one.
    """
    insert_new(
        db,
        Outgoing,
        kind=wanted.kind,
        key=wanted.key,
        phone_id=phones.keep(db, wanted.to).id,
        first_id=phones.keep(db, wanted.first).id,
        caller_id=phones.keep(db, wanted.caller).id,
        staff_id=wanted.staff_id,
        ticket_id=wanted.ticket_id,
        place_id=wanted.place_id,
        carrier=wanted.carrier,
        state="waiting",
        asked_at=now,
        next_try_at=now,
    )
    row = find(db, wanted.key)
    if row is None:
        raise NotCalled("being_called")
    if row.ended_at is None:
        later.enqueue(db, "place_call", row.id, 0, lane=CALLS)
    return row


def rings(person: LinePerson, now: datetime) -> None:
    """Their telephone is about to ring for a call of ours: callers ring others."""
    person.busy_until, person.busy_call_id = now + RINGING, None
