"""Whose telephone rings for a call, who took it, and who did not answer.

Whoever decides about a call locks the row of whoever is rung for it, and writes that in the same transaction: two
callers never ring one telephone. Nobody waits for such a lock: who is locked is about to be rung for somebody else, and
the next best is asked. So many callers who ask at once are in nobody's way, and never in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from ivr.store.access import rules
from ivr.store.answering import roster, waiting
from ivr.store.callers import phones
from ivr.store.calls import turns
from ivr.store.models import Call, LinePerson, Outgoing, Ring, Staff, Ticket
from routing.roster import selection
from routing.roster.selection import MISSES, PAUSE, RINGING, TALKING, WRAP_UP, Helper, Order, Wanted
from routing.roster.shift import EVERYTHING, Scope
from routing.roster.waiting import wait_min

DIAL_STATUS = {"busy": "busy", "failed": "failed", "no-answer": "no_answer"}  # as a carrier says it
EXPECTS = timedelta(hours=1)  # so long after a try its helper is rung for the caller, on shift or not
MISSED = ("no_answer", "declined", "failed")


@dataclass(frozen=True, slots=True)
class Line:
    """Who can be rung for one call at this moment.

    ``free``: their telephones may ring, ``at_it``: they will be free soon; both suit the call and were not rung in it.
    ``ahead``: callers who waited before. ``duty``: a number to fall back on (E.164), not rung in this call.
    ``ours``: whose telephones ring if it is this caller's turn, best first: nobody else's telephone rings them until
    this transaction ends.
    """

    free: tuple[Helper, ...]
    at_it: tuple[Helper, ...]
    ahead: int
    duty: str | None
    wanted: Wanted
    ours: Sequence[int] = ()

    @property
    def somebody(self) -> bool:
        """Whether somebody can be rung now, and it is this caller's turn."""
        return bool(self.ours) or (self.duty is not None and not (self.free or self.at_it))

    @property
    def soon(self) -> bool:
        """Whether it is worth waiting."""
        return bool(self.free or self.at_it)


def look(
    db: Session,
    call_id: int,
    wanted: Wanted,
    duty: str | None,
    *,
    first: bool,
    now: datetime,
    order: Order = Order.LONGEST_IDLE,
    expecting: Mapping[int, Scope] | None = None,
) -> Line:
    """Who can be rung for this call, and is from now on. ``first``: the caller is in the slow lane; who is in despair
    stands behind nobody.

    ``expecting``: who is rung though they are not on now; they have just tried to reach this caller.
    """
    rung = set(db.scalars(select(Ring.staff_id).where(Ring.call_id == call_id)))
    wanted = replace(wanted, without=wanted.without | {each for each in rung if each})
    helpers = _helpers(
        db, {shift.person: shift.scope for shift in reversed(roster.on(db, now))} | dict(expecting or {})
    )
    suited = selection.suited(helpers, wanted)
    free = tuple(each for each in suited if each.free(now))
    at_it = tuple(each for each in suited if each not in free and each.back_soon(now))
    queues = suited and not wanted.despair
    ahead = waiting.ahead(db, call_id, first=first, now=now) if queues else 0
    expected = any(each.id == wanted.first for each in free)
    ours = _ours(db, free, wanted, order, now) if expected or len(free) > ahead else ()
    return Line(free, at_it, ahead, None if None in rung else duty, wanted, ours)


def _ours(db: Session, free: Sequence[Helper], wanted: Wanted, order: Order, now: datetime) -> Sequence[int]:
    """Those of the free who ring, with their rows locked."""
    last = None
    if order is Order.IN_TURN:
        last = db.scalar(select(Ring.staff_id).where(Ring.staff_id.is_not(None)).order_by(Ring.id.desc()).limit(1))

    def can_have(person: int) -> bool:
        row = db.scalars(
            select(LinePerson)
            .where(LinePerson.staff_id == person)
            .with_for_update(of=LinePerson, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        return row is not None and helper(row, EVERYTHING).free(now)

    return selection.choose(free, wanted, order, now, last, can_have)


def estimate(db: Session, line: Line) -> tuple[int, int]:
    """How many callers are ahead, and for how many minutes this one will wait."""
    return line.ahead, wait_min(line.ahead, len(line.free) + len(line.at_it), waiting.talks(db))


def look_past_roster(db: Session, call_id: int, wanted: Wanted, duty: str | None) -> Line:
    """For a call that only tries the line: nobody's real telephone is kept busy by it."""
    duty_rang = select(Ring.id).where(Ring.call_id == call_id, Ring.staff_id.is_(None)).limit(1)
    return Line((), (), 0, None if db.scalar(duty_rang) else duty, wanted)


def holder(db: Session, ticket_id: int, now: datetime) -> tuple[int | None, bool]:
    """Who has this ticket, and whether they expect its caller: they tried to reach them within the hour."""
    tried = select(func.max(Outgoing.asked_at)).where(
        Outgoing.ticket_id == Ticket.id, Outgoing.staff_id == Ticket.claimed_by_id, Outgoing.taken_at.is_not(None)
    )
    held = select(Ticket.claimed_by_id, tried.scalar_subquery()).where(Ticket.id == ticket_id)
    staff_id, tried_at = db.execute(held).one_or_none() or (None, None)
    return staff_id, tried_at is not None and now - tried_at < EXPECTS


def _helpers(db: Session, on: Mapping[int, Scope]) -> list[Helper]:
    """Those of these people, with what they are on for, whose telephones can ring."""
    if not on:
        return []
    rows = (
        select(LinePerson)
        .join(LinePerson.staff)
        .where(
            LinePerson.staff_id.in_(on),
            LinePerson.proved_at.is_not(None),
            Staff.disabled_at.is_(None),
            Staff.role.in_(rules.roles_with("take_calls")),
        )
        .order_by(LinePerson.staff_id)
        .options(contains_eager(LinePerson.staff))
        .execution_options(populate_existing=True)
    )
    return [helper(row, on[row.staff_id]) for row in db.scalars(rows)]


def helper(row: LinePerson, shift: Scope) -> Helper:
    """A person with what they, and this shift of theirs, are there for."""
    own = Scope(frozenset(row.needs), frozenset(row.staff.community_codes), frozenset(row.languages))
    return Helper(
        id=row.staff_id,
        idle_since=row.idle_since,
        scope=own.narrowed(shift),
        ready=row.ready,
        busy_until=row.busy_until,
        wrap_until=row.wrap_until,
        paused_until=row.paused_until,
        counsels=row.counsels,
    )


def rings(db: Session, call_id: int, n: int) -> Sequence[Ring]:
    """The telephones that were rung for this turn of the call."""
    return db.scalars(select(Ring).where(Ring.call_id == call_id, Ring.n == n).order_by(Ring.id)).all()


def ring(db: Session, call_id: int, n: int, line: Line, now: datetime) -> Sequence[Ring]:
    """Ring those whose turn it is, as turn *n* of the call: the duty number where nobody is free."""
    new = [_rung(db, db.get_one(LinePerson, each), call_id, n, now) for each in line.ours]
    if not new and line.duty:
        new = [Ring(call_id=call_id, n=n, phone_id=phones.keep(db, line.duty).id, rung_at=now)]
    db.add_all(new)
    db.flush()
    return new


def _rung(db: Session, person: LinePerson, call_id: int, n: int, now: datetime) -> Ring:
    person.busy_until, person.busy_call_id = now + RINGING, call_id
    return Ring(call_id=call_id, n=n, staff_id=person.staff_id, phone_id=person.phone_id, rung_at=now)


def find(db: Session, ring_id: int, call_sid: str) -> Ring | None:
    """The ring of this call; None: it is another call's, or there is none."""
    return db.scalars(select(Ring).join(Ring.call).where(Ring.id == ring_id, Call.sid == call_sid)).one_or_none()


def answered(ring: Ring, leg_sid: str, now: datetime) -> None:
    """Somebody, or a mailbox, picked up."""
    ring.leg_sid, ring.answered_at = leg_sid, ring.answered_at or now


def take(db: Session, ring_id: int, call_sid: str, leg_sid: str, now: datetime) -> bool:
    """Somebody pressed 1: whether the call is theirs. The first one has it; pressed again, they still have it."""
    call = turns.lock(db, call_sid)
    ring = find(db, ring_id, call_sid)
    if call is None or ring is None:
        return False
    if ring.outcome == "taken":
        return True
    person = _person(db, ring)
    if call.taken_at or call.ended_at or ring.ended_at:
        ring.outcome, ring.ended_at = ring.outcome or ("elsewhere" if call.taken_at else "left"), ring.ended_at or now
        _let_go(person, ring)
        return False
    call.taken_at = now
    ring.outcome, ring.leg_sid, ring.answered_at = "taken", leg_sid, ring.answered_at or now
    if person:
        person.busy_until, person.busy_call_id = now + TALKING, ring.call_id
    return True


def leg_ended(db: Session, ring: Ring, status: str, now: datetime) -> None:
    """The carrier says how the leg to this telephone ended; said late, or again, it changes nothing."""
    if ring.ended_at:
        return
    if ring.outcome == "taken":
        _hung_up(ring, _person(db, ring), now)
    elif status in DIAL_STATUS:
        ring.outcome = DIAL_STATUS[status]


def settle(db: Session, call_id: int, status: str, *, taken: bool, left: bool, now: datetime) -> list[Ring]:
    """Nobody's telephone rings for this call any more: those who did not take it.

    ``status``: the carrier's word for how it ended; ``taken``: it says that somebody spoke with the caller; ``left``:
    the caller has hung up. Who missed too many in a row is left in peace for a while.
    """
    query = select(Ring).where(Ring.call_id == call_id, Ring.ended_at.is_(None)).order_by(Ring.id)
    open_rings = db.scalars(query).all()
    took = db.scalar(select(Ring.id).where(Ring.call_id == call_id, Ring.outcome == "taken").limit(1)) is not None
    if taken and not took and (picked_up := [each for each in open_rings if each.answered_at] or open_rings):
        took, picked_up[0].outcome = True, "taken"  # who pressed 1 while we could not write it down
    missed = []
    for each in open_rings:
        person = _person(db, each)
        if each.outcome == "taken":
            _hung_up(each, person, now)
            continue
        unanswered = "declined" if each.answered_at else DIAL_STATUS.get(status, "no_answer")
        each.outcome = each.outcome or ("elsewhere" if took else "left" if left else unanswered)
        each.ended_at = now
        _let_go(person, each)
        if each.outcome in (*MISSED, "busy"):
            missed.append(each)
        if person and each.outcome in MISSED:
            person.misses += 1
            if person.misses >= MISSES:
                person.misses, person.paused_until = 0, now + PAUSE
    return missed


def taken_by(db: Session, call_id: int) -> Staff | None:
    """Who took this call; None: nobody, or somebody at the duty number."""
    return db.scalars(
        select(Staff).join(Ring, Ring.staff_id == Staff.id).where(Ring.call_id == call_id, Ring.outcome == "taken")
    ).first()


def _person(db: Session, ring: Ring) -> LinePerson | None:
    if ring.staff_id is None:
        return None
    return db.get_one(LinePerson, ring.staff_id, with_for_update={"of": LinePerson}, populate_existing=True)


def _let_go(person: LinePerson | None, ring: Ring) -> None:
    """Their telephone may ring for others, unless it does already."""
    if person and person.busy_call_id == ring.call_id:
        person.busy_until, person.busy_call_id = None, None


def _hung_up(ring: Ring, person: LinePerson | None, now: datetime) -> None:
    """They have spoken with the caller, and write down what it came to."""
    ring.ended_at = now
    _let_go(person, ring)
    if person:
        person.wrap_until, person.idle_since, person.misses = now + WRAP_UP, now, 0
