"""Calls as they are kept: opened by the first request about them, moved on turn by turn, ended once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.models import Call, Phone, Turn
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


def lock(db: Session, sid: str) -> Call | None:
    """The call's row, held until the transaction ends, so that two requests about it cannot both move it on."""
    return db.scalars(select(Call).where(Call.sid == sid).with_for_update(of=Call)).one_or_none()


def open_call(db: Session, arrival: Arrival, standing: Standing, now: datetime) -> Call:
    """A new call, at its first question; the one that another request opened at the same moment."""
    call = Call(
        sid=arrival.sid,
        carrier=arrival.carrier,
        test=arrival.test,
        caller=_phone(db, arrival.caller),
        called=_phone(db, arrival.called),
        turn=0,
        started_at=now,
    )
    move_on(call, standing)
    try:
        with db.begin_nested():
            db.add(call)
    except IntegrityError:
        if (others := lock(db, arrival.sid)) is None:
            raise
        return others
    return call


def move_on(call: Call, standing: Standing) -> None:
    """The call stands here now."""
    call.step, call.language, call.state = standing.step, standing.language, standing.memory
    call.community_code, call.failed = standing.community, standing.failed


def reply(db: Session, call: Call, n: int) -> str | None:
    """What turn *n* was answered with, for a carrier that asks again."""
    return db.scalars(select(Turn.reply).where(Turn.call_id == call.id, Turn.n == n)).one_or_none()


def keep_turn(
    db: Session,
    call: Call,
    *,
    about: About | None,
    heard: dict[str, Any],
    understood: dict[str, Any],
    answer: str,
    now: datetime,
) -> None:
    """Turn ``call.turn``, whose question was *about* this, was answered; the call waits for the next."""
    asked_at = db.scalars(select(Turn.at).where(Turn.call_id == call.id, Turn.n == call.turn - 1)).one_or_none()
    took = min(max(now - (asked_at or call.started_at), timedelta(0)), LONGEST_ANSWER)  # clocks are put back, too
    turn = Turn(
        call_id=call.id,
        n=call.turn,
        asked=call.step if call.turn else None,
        about=about if call.turn else None,
        heard=heard,
        understood=understood,
        reply=answer,
        at=now,
        ms=round(took / timedelta(milliseconds=1)),
    )
    db.add(turn)
    call.turn += 1


def end(call: Call, outcome: str, left_at: str | None, now: datetime) -> None:
    """The call is over. Said again, its time stays; what came in late may tell better how it ended."""
    call.ended_at = call.ended_at or now
    call.outcome, call.left_at = outcome, left_at


def end_lost(db: Session, started_before: datetime, now: datetime) -> list[str]:
    """End the calls of whose end no carrier told us in all that time; their ids."""
    lost = db.scalars(select(Call).where(Call.ended_at.is_(None), Call.started_at < started_before)).all()
    for call in lost:
        end(call, call.outcome or "lost_track", None, now)
    return [call.sid for call in lost]


def _phone(db: Session, e164: str | None) -> Phone | None:
    return phones.keep(db, e164) if e164 else None


def taken(db: Session, sid: str, now: datetime) -> None:
    """A person at the duty number took this call."""
    call = lock(db, sid)
    if call and call.taken_at is None:
        call.taken_at = now
