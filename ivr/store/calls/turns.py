"""Calls as they are kept: opened by the first request about them, moved on turn by turn, ended once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Select, Table, and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.calls.now import CALL, CALLS, TICKET, TICKETS, CallNow, TicketNow
from ivr.store.facts.turns import Heard, Understood
from ivr.store.hotline import ANSWERING, DUTY, HOTLINE, Answering
from ivr.store.insert import INSERTS
from ivr.store.models import Call, Turn
from ivr.store.models.sealed import Locked
from routing.questions import About

LONGEST_ANSWER = timedelta(days=1)  # a request that comes later than this tells nothing about its caller's pace


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call as its first request describes it. Numbers are E.164; ``caller`` None: withheld."""

    sid: str
    carrier: str
    caller: str | None
    called: str | None
    test: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a call is. ``memory`` is the flow's own, kept for it and read by nobody else; the rest is what others
    may know of it: the question that is open, the ``community`` as the call understands it (a code), and whether the
    caller ``failed`` to be understood twice in a row, so that no more was asked.
    """

    step: str
    language: str
    community: str | None
    failed: bool
    memory: dict[str, Any]


TURNS = cast(Table, Turn.__table__)
NEW_TURN = insert(TURNS)
LAST = TURNS.alias()
HOLD = (
    select(*CALL, LAST.c.at, *TICKET, *ANSWERING)
    .select_from(
        CALLS.join(HOTLINE, HOTLINE.c.id == 1)
        .outerjoin(DUTY, DUTY.c.id == HOTLINE.c.duty_phone_id)
        .outerjoin(TICKETS, TICKETS.c.id == CALLS.c.ticket_id)
        .outerjoin(LAST, and_(LAST.c.call_id == CALLS.c.id, LAST.c.n == CALLS.c.turn - 1))
    )
    .where(CALLS.c.sid == bindparam("sid"))
    .with_for_update(of=CALLS)
)


def hold(db: Session, sid: str) -> tuple[CallNow, Answering] | None:
    """The call with all that a turn needs, its row held until the transaction ends; None: nobody has opened it.

    PostgreSQL, when it had to wait for the row, gives the row as it is by then, but what is joined to it as it was
    before. Nobody else can change them once we have the lock, so whoever sees that they do not fit looks again.
    """
    found = _read(db, sid)
    return _read(db, sid) if found and not _fits(found[0]) else found


def _read(db: Session, sid: str) -> tuple[CallNow, Answering] | None:
    row: Any = db.execute(HOLD, {"sid": sid}).one_or_none()
    if row is None:
        return None
    call, asked_at, ticket, answering = row[:FIRST], row[FIRST], row[FIRST + 1 : LATER], row[LATER:]
    values = (db, *call, asked_at, TicketNow(*ticket) if ticket[0] else None)
    return CallNow(*values), Answering(*answering)


FIRST, LATER = len(CALL), len(CALL) + 1 + len(TICKET)  # where the columns of the others begin


def _fits(call: CallNow) -> bool:
    """Whether ticket and last turn are those that the call's row speaks of."""
    return (call.ticket and call.ticket.id) == call.ticket_id and (call.turn == 0 or call.asked_at is not None)


def lock(db: Session, sid: str) -> Call | None:
    """The call's row, held until the transaction ends, so that two requests about it cannot both move it on."""
    return db.scalars(_locked(sid)).one_or_none()


def _locked(sid: str) -> Select[Call]:
    return select(Call).where(Call.sid == sid).with_for_update(of=Call)


def open_call(
    db: Session, arrival: Arrival, standing: Standing, now: datetime, phone_ids: Mapping[str, int] | None = None
) -> CallNow:
    """A new call, at its first question; the one that another request opened at the same moment.

    ``phone_ids``: of those numbers that are known to have a row.
    """
    ids = dict(phone_ids or {})
    ids |= phones.ids(db, {e164 for e164 in (arrival.caller, arrival.called) if e164} - ids.keys())
    values = {
        "sid": arrival.sid,
        "carrier": arrival.carrier,
        "test": arrival.test,
        "called_id": ids.get(arrival.called or ""),
        "caller_id": ids.get(arrival.caller or ""),
        "turn": 0,
        "started_at": now,
        **_columns(standing),
    }
    row: Any = db.execute(_new_call(db.get_bind().dialect.name), values).one_or_none()
    if row:
        opened = (db, *row, None, None)
        return CallNow(*opened)
    held = hold(db, arrival.sid)
    if held is None:
        raise RuntimeError("a call can neither be opened nor found")
    return held[0]


@cache
def _new_call(dialect: str) -> Executable:
    new: Executable = INSERTS[dialect](CALLS).on_conflict_do_nothing(index_elements=["sid"]).returning(*CALL)
    return new


def name(db: Session, call: CallNow, caller: str | None, called: str | None) -> None:
    """Who rang, and which number (E.164), of a call that came without either; what is known of it stays."""
    ids = phones.ids(db, {e164 for e164 in (caller, called) if e164})
    call.caller_id = call.caller_id or ids.get(caller or "")
    call.called_id = call.called_id or ids.get(called or "")


def began_by(db: Session, call: CallNow, at: datetime) -> bool:
    """Whether this is a request from before the first that we heard of: so long ago at least did the call begin, and
    its ticket.
    """
    earlier = at < call.started_at
    if earlier:
        opened = update(TICKETS).where(TICKETS.c.id == call.ticket_id, TICKETS.c.opened_at == call.started_at)
        db.execute(opened.values(opened_at=at))
        call.started_at = at
    return earlier


def move_on(call: CallNow, standing: Standing) -> None:
    """The call stands here now."""
    for name, value in _columns(standing).items():
        setattr(call, name, value)


def _columns(standing: Standing) -> dict[str, Any]:
    return {
        "step": standing.step,
        "language": standing.language,
        "community_code": standing.community,
        "failed": standing.failed,
        "state": standing.memory,
    }


def reply(db: Session, call_id: int, n: int) -> str | None:
    """What turn *n* was answered with, for a carrier that asks again; empty when it cannot be said any more."""
    kept = db.scalars(select(Turn.reply).where(Turn.call_id == call_id, Turn.n == n)).one_or_none()
    return "" if isinstance(kept, Locked) else kept


def locked(db: Session) -> Locked | None:
    """The answer to the last turn there is, if its key is lost."""
    last = db.scalars(select(Turn.reply).order_by(Turn.id.desc()).limit(1)).first()
    return last if isinstance(last, Locked) else None


def keep_turn(
    call: CallNow,
    *,
    about: About | None,
    heard: Heard,
    understood: Understood,
    answer: str,
    now: datetime,
) -> None:
    """Turn ``call.turn``, whose question was *about* this, was answered; the call waits for the next."""
    took = min(max(now - (call.asked_at or call.started_at), timedelta(0)), LONGEST_ANSWER)  # clocks are put back, too
    turn = {
        "call_id": call.id,
        "n": call.turn,
        "asked": call.step if call.turn else None,
        "about": about if call.turn else None,
        "heard": heard,
        "understood": understood,
        "reply": answer,
        "at": now,
        "ms": round(took / timedelta(milliseconds=1)),
    }
    call.db.execute(NEW_TURN, turn)
    call.turn, call.asked_at = call.turn + 1, now


def end(call: Call | CallNow, outcome: str, left_at: str | None, now: datetime) -> None:
    """The call is over. Said again, its time stays; what came in late may tell better how it ended."""
    call.ended_at = call.ended_at or now
    call.outcome, call.left_at = outcome, left_at


def end_lost(db: Session, started_before: datetime, now: datetime) -> list[str]:
    """End the calls of whose end no carrier told us in all that time; their ids."""
    lost = db.scalars(select(Call).where(Call.ended_at.is_(None), Call.started_at < started_before)).all()
    for call in lost:
        end(call, call.outcome or "lost_track", None, now)
    return [call.sid for call in lost]


def end_quiet(db: Session, carrier: str, quiet_since: datetime, now: datetime) -> list[str]:
    """End this carrier's calls in which nothing has happened since; their ids."""
    lately = select(Turn.id).where(Turn.call_id == Call.id, Turn.at >= quiet_since)
    going_on = select(Call).where(Call.carrier == carrier, Call.ended_at.is_(None), Call.started_at < quiet_since)
    quiet = db.scalars(going_on.where(~lately.exists())).all()
    for call in quiet:
        end(call, call.outcome or "lost_track", None, now)
    return [call.sid for call in quiet]
