"""What calls make of tickets: opened at the first word or choice, joined, and from then on only ever enriched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.callers import cards, phones
from ivr.store.models import OPEN_STATUSES, Call, CommunityRow, Phone, Recording, Ticket
from ivr.store.outbox import Later
from ivr.store.tickets import matters
from ivr.store.tickets.history import note
from ivr.store.tickets.matters import JOINS_WITHIN


@dataclass(frozen=True, slots=True)
class CallerFacts:
    """What we may know of a caller before they speak: their last community, a matter that is still open, and whether
    the line is to be slow with them.
    """

    community: str | None = None
    open_ticket: int | None = None
    open_need: str | None = None
    slow: bool = False


def facts_about(db: Session, caller: str | None, now: datetime) -> CallerFacts:
    """What earlier tickets and the card of this number (E.164) tell.

    A ticket made for somebody else is no memory of theirs.
    """
    if caller is None:
        return CallerFacts()
    theirs = (
        select(Ticket)
        .join(Phone, Ticket.caller_id == Phone.id)
        .where(Phone.e164 == caller)
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
        .limit(1)
    )
    lived = theirs.join(CommunityRow, Ticket.community_code == CommunityRow.code).where(
        Ticket.for_another.is_(False), CommunityRow.retired_at.is_(None)
    )
    waiting = theirs.where(Ticket.status.in_(OPEN_STATUSES), Ticket.opened_at >= now - JOINS_WITHIN)
    last, open_ticket = db.scalar(lived), db.scalar(waiting)
    card = cards.of_number(db, caller)
    return CallerFacts(
        community=cards.community(card) or (last.community_code if last else None),
        open_ticket=open_ticket.id if open_ticket else None,
        open_need=open_ticket.need if open_ticket else None,
        slow=card is not None and card.slow,
    )


def learn(
    db: Session, call: Call, learned: Mapping[str, Any], *, adds_to: int | None, due_at: datetime, now: datetime
) -> None:
    """Put what a turn brought onto the call's ticket, which the first word or choice opens or joins.

    ``learned``: new values by field (see ``ivr.flow.engine.TICKET_FIELDS``) and ``callback``, a number to ring (E.164;
    empty: the one given before is wrong). ``adds_to``: the ticket, open when the call began, that the caller adds to.
    ``due_at``: the promise as it stands now; it is only ever brought forward.
    """
    if not learned.get("spoke") and call.ticket is None:
        return
    ticket = _ticket_of(db, call, learned, adds_to, due_at, now)
    ticket.due_at = min(ticket.due_at, due_at)
    ticket.language = learned.get("language", ticket.language)
    for name in ("need", "community"):  # the community may go again: the caller took it back
        if name in learned:
            _set(db, ticket, call, name, learned[name], now)
    if learned.get("urgent") and not ticket.urgent:
        ticket.urgent = True
        note(db, ticket, "urgent", now, call=call.sid)
    if learned.get("wants_person") and ticket.wants_person_at is None:
        ticket.wants_person_at = now
        note(db, ticket, "wants_person", now, call=call.sid)
    if learned.get("talked"):
        ticket.talked_at = now
        note(db, ticket, "talked", now, call=call.sid)
    ticket.for_another = learned.get("for_another", ticket.for_another)
    if "callback" in learned:
        _set_callback(db, ticket, call, learned["callback"], now)


def rescue(db: Session, call: Call, due_at: datetime, now: datetime) -> Ticket:
    """The ticket of a call that reached us by a way round: made when the call has none yet."""
    return call.ticket or _open(db, call, due_at, now)


def attach_recording(db: Session, later: Later, call: Call, sid: str, seconds: int | None, now: datetime) -> Recording:
    """A recording of *call* exists at the carrier: kept once, however often and late it is announced."""
    recording = db.scalars(select(Recording).where(Recording.sid == sid)).one_or_none()
    if recording is None:
        recording = Recording(sid=sid, call=call, ticket=call.ticket, seconds=seconds, announced_at=now)
        db.add(recording)
        db.flush()
        later.enqueue(db, "fetch_recording", recording.id)
        if call.ticket:
            note(db, call.ticket, "message", now, recording=recording.id, seconds=seconds)
    elif recording.seconds is None:
        recording.seconds = seconds
    if recording.ticket is None and call.ticket:
        recording.ticket = call.ticket
    return recording


def has_message(call: Call) -> bool:
    """Whether a recording of this call exists, as far as we were told."""
    return any(recording.trouble != "absent" for recording in call.recordings)


def mark_absent(db: Session, recording: Recording, now: datetime) -> None:
    """The carrier says that there is no sound after all; the ticket says so, somebody still calls back."""
    if recording.state == "expected":
        recording.state, recording.trouble = "missing", "absent"
        if recording.ticket:
            note(db, recording.ticket, "audio_missing", now, recording=recording.id)


def _ticket_of(
    db: Session, call: Call, learned: Mapping[str, Any], adds_to: int | None, due_at: datetime, now: datetime
) -> Ticket:
    """The ticket that the call is about, as far as the caller has told by now.

    Another call's ticket when they add to it or need the same as it says; one of its own otherwise, again as soon as
    it turns out to be about somebody else.
    """
    if adds_to is not None:
        found = None if call.ticket else matters.still_open(db, adds_to)
    else:
        found = matters.same_matter(db, call, learned["need"], now) if learned.get("need") else None
    if found:
        matters.join(db, call, found, now)
    elif call.ticket and matters.contradicts(call.ticket, call, learned):
        call.ticket = matters.split(db, call.ticket, call, now)
        call.ticket.community_code = None  # somebody else's
    return call.ticket or _open(db, call, due_at, now)


def _open(db: Session, call: Call, due_at: datetime, now: datetime) -> Ticket:
    """A ticket of its own, linked to what else of this caller is open."""
    linked = matters.other_matter(db, call, now)
    call.ticket = Ticket(
        caller_id=call.caller_id,
        language=call.language,
        test=call.test,
        opened_at=call.started_at,
        due_at=due_at,
        linked_to_id=linked and linked.id,
    )
    db.add(call.ticket)
    db.flush()
    note(db, call.ticket, "opened", now, call=call.sid)
    return call.ticket


def _set(db: Session, ticket: Ticket, call: Call, name: str, value: str | None, now: datetime) -> None:
    column = "community_code" if name == "community" else name
    before = getattr(ticket, column)
    if before != value:
        setattr(ticket, column, value)
        note(db, ticket, name, now, call=call.sid, **{"from": before, "to": value})


def _set_callback(db: Session, ticket: Ticket, call: Call, number: str, now: datetime) -> None:
    """The number a caller with a withheld one gave, or took back; a wrong one is not kept."""
    before, ticket.caller = ticket.caller, phones.keep(db, number) if number else None
    if number:
        note(db, ticket, "callback", now, call=call.sid)
    if before and before is not ticket.caller:
        db.flush()
        phones.forget(db, before)
