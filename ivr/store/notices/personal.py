"""What members of staff are told about themselves, on the telephone that was proved to be theirs: derived, told once.

Their ringing was paused; somebody else put them on the line or took them off it; they are asked to take over a shift,
or nobody takes over theirs. What they did themselves, or a command did, is told to nobody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from ivr.store.insert import insert_new
from ivr.store.models import UNSENT, LinePerson, RosterChange, ShiftSwap, Staff, StaffNotice

LATELY = timedelta(days=1)  # what was decided before that is not told any more
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
TRIES = 6
LEASE = timedelta(minutes=2)  # longer than the carrier may take to answer


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell: see ``StaffNotice``."""

    staff_id: int
    kind: str
    about: str
    starts_at: datetime
    ends_at: datetime


def write_due(db: Session, now: datetime) -> None:
    """Write what is to be told by now, to whoever can be reached, and was not written before."""
    reached = set(db.scalars(_reached()))
    for each in _due(db, now):
        if each.staff_id in reached:
            told = {name: getattr(each, name) for name in each.__slots__}
            rest = {"state": "waiting", "arisen_at": now, "next_try_at": now, "tries": 0, "in_doubt": False}
            insert_new(db, StaffNotice, **told, **rest)


def _due(db: Session, now: datetime) -> Iterator[Told]:
    for row in db.scalars(select(LinePerson).where(LinePerson.paused_until > now)):
        if row.paused_until:
            yield Told(row.staff_id, "paused", row.paused_until.isoformat(), now, row.paused_until)
    by_another = RosterChange.made_by_id.is_not(None) & (RosterChange.made_by_id != RosterChange.staff_id)
    lately = (RosterChange.made_at > now - LATELY) & (RosterChange.ends_at > now)
    for change in db.scalars(select(RosterChange).where(by_another, lately).order_by(RosterChange.id)):
        kind = "shift_on" if change.on else "shift_off"
        yield Told(change.staff_id, kind, str(change.id), change.starts_at, change.ends_at)
    for swap in db.scalars(select(ShiftSwap).where(ShiftSwap.ends_at > now, ShiftSwap.agreed.is_(False))):
        if swap.answered_at is None:
            yield Told(swap.taker_id, "swap_asked", str(swap.id), swap.starts_at, swap.ends_at)
        elif swap.answered_at > now - LATELY:
            yield Told(swap.giver_id, "swap_declined", str(swap.id), swap.starts_at, swap.ends_at)


def take(db: Session, now: datetime) -> Sequence[int]:
    """Those that are ours to send now, and nobody else's for the next minutes; what is over is dropped."""
    due = StaffNotice.state.in_(UNSENT) & (StaffNotice.next_try_at <= now)
    db.execute(update(StaffNotice).where(due, StaffNotice.ends_at <= now).values(state="dropped", ended_at=now))
    mine = {"state": "sending", "tries": StaffNotice.tries + 1, "next_try_at": now + LEASE}
    return db.scalars(update(StaffNotice).where(due).values(mine).returning(StaffNotice.id)).all()


def begin(db: Session, notice_id: int, now: datetime) -> tuple[StaffNotice, str, bool] | None:
    """The notice, the telephone (E.164) to tell it to, and whether an earlier try may have got there; None: it is true
    no more, or they cannot be reached.
    """
    notice = db.get_one(StaffNotice, notice_id)
    person = db.scalars(select(LinePerson).where(LinePerson.staff_id.in_(_reached(notice.staff_id)))).first()
    ready_again = notice.kind == "paused" and person is not None and person.paused_until != notice.ends_at
    if person is None or person.phone is None or ready_again or _answered(db, notice):
        notice.state, notice.ended_at = "dropped", now
        return None
    in_doubt, notice.in_doubt = notice.in_doubt, True  # until we have an answer: we may die before it comes
    return notice, person.phone.e164, in_doubt


def sent(db: Session, notice_id: int, now: datetime) -> None:
    """The carrier has taken it."""
    notice = db.get_one(StaffNotice, notice_id)
    notice.state, notice.ended_at, notice.trouble, notice.in_doubt = "sent", now, None, False


def not_sent(db: Session, notice_id: int, trouble: str, now: datetime, *, hopeless: bool, in_doubt: bool) -> None:
    """Tried again a few times, for an hour; then given up."""
    notice = db.get_one(StaffNotice, notice_id)
    notice.trouble, notice.in_doubt = trouble, in_doubt
    if hopeless or notice.tries >= TRIES:
        notice.state, notice.ended_at = "failed", now
    else:
        notice.state, notice.next_try_at = "waiting", now + WAITS[min(notice.tries, len(WAITS)) - 1]


def _answered(db: Session, notice: StaffNotice) -> bool:
    """Whether they have said meanwhile whether they take the shift over."""
    swap = db.get(ShiftSwap, int(notice.about)) if notice.kind == "swap_asked" else None
    return swap is not None and swap.answered_at is not None


def _reached(*staff_ids: int) -> Select[int]:
    """Who may log in and has a telephone that was proved to be theirs: of these, or of all."""
    those = select(LinePerson.staff_id).join(LinePerson.staff).where(Staff.disabled_at.is_(None))
    those = those.where(LinePerson.phone_id.is_not(None), LinePerson.proved_at.is_not(None))
    return those.where(LinePerson.staff_id.in_(staff_ids)) if staff_ids else those
