"""What calls make of tickets: opened at the first word or choice, joined, and from then on only ever enriched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from ivr.store.callers import phones
from ivr.store.calls.now import TICKET, TICKETS, CallNow, TicketNow
from ivr.store.derived import silent
from ivr.store.facts import history as entries
from ivr.store.models import Call, HistoryLine, Recording, Ticket
from ivr.store.models.recording import ABSENT
from ivr.store.outbox import Later
from ivr.store.tickets import matters
from ivr.store.tickets.history import note
from routing.phone_numbers import EXTENSION


def learn(
    db: Session,
    call: Call | CallNow,
    learned: Mapping[str, Any],
    *,
    adds_to: int | None,
    due_at: datetime,
    now: datetime,
) -> None:
    """Put what a turn brought onto the call's ticket, which the first word or choice opens or joins.

    ``learned``: new values by field (see ``ivr.flow.engine.TICKET_FIELDS``) and ``callback``, a number to ring
    (E.164, an extension behind it as in RFC 3966; empty: the one given before is wrong). ``adds_to``: the ticket, open
    when the call began, that the caller adds to. ``due_at``: the promise as it stands now; only ever brought forward.
    """
    if not learned.get("spoke") and call.ticket is None:
        return
    at_hand = _at_hand(db, call, learned, adds_to, due_at, now) if isinstance(call, CallNow) else None
    ticket = at_hand or _ticket_of(db, _whole(call), learned, adds_to, due_at, now)
    ticket.due_at = min(ticket.due_at, due_at)
    ticket.language = learned.get("language", ticket.language)
    for name in ("need", "community"):  # the community may go again: the caller took it back
        if name in learned:
            _set(db, ticket, call, name, learned[name], now)
    if learned.get("urgent") and not ticket.urgent:
        ticket.urgent = True
        note(db, ticket, entries.Urgent(call.sid), now)
    if learned.get("wants_person"):
        call.wants_person_at = call.wants_person_at or now
        if ticket.wants_person_at is None:
            ticket.wants_person_at = now
            note(db, ticket, entries.WantsPerson(call.sid), now)
    if learned.get("talked") and not (call.ended_at and _is_said(db, ticket, entries.Talked, call.sid)):
        ticket.talked_at = now
        note(db, ticket, entries.Talked(call.sid, learned.get("talked_with")), now)
    if "presumed" in learned and ticket.opened_at == call.started_at:  # another call's ticket knows better
        ticket.presumed = learned["presumed"]
    if learned.get("cancelled") and isinstance(ticket, Ticket):  # it is: the caller has just come to it
        matters.cancel(db, ticket, call.sid, now)
    ticket.for_another = learned.get("for_another", ticket.for_another)
    if "callback" in learned and isinstance(ticket, Ticket):  # it is: _at_hand says so
        _set_callback(db, ticket, call, learned["callback"], now)
    if at_hand:
        at_hand.save(db)


def _is_said(db: Session, ticket: Ticket | TicketNow, what: type[entries.Entry], call_sid: str) -> bool:
    """Whether the ticket's history says this of the call: the end of a call may have said it before its own turn."""
    lines = select(HistoryLine.detail).where(HistoryLine.ticket_id == ticket.id, HistoryLine.kind == what.kind)
    return any(detail["call"] == call_sid for detail in db.scalars(lines))


def rescue(db: Session, call: Call | CallNow, due_at: datetime, now: datetime) -> Ticket | TicketNow:
    """The ticket of a call that reached us by a way round: made when the call has none yet."""
    return call.ticket or _open(db, _whole(call), due_at, now)


def promise(db: Session, ticket: Ticket | TicketNow, due_at: datetime) -> None:
    """The call back was promised by then at the latest; a nearer promise holds."""
    ticket.due_at = min(ticket.due_at, due_at)
    if isinstance(ticket, TicketNow):
        ticket.save(db)


def name_caller(db: Session, call: CallNow, now: datetime) -> None:
    """The call came without its caller, who is known now: so its ticket has whom to ring, and may be one that they
    had already. A number that was given to call back stays.
    """
    ticket = call.whole().ticket if call.ticket else None
    if ticket is None or ticket.caller_id is not None:
        return
    ticket.caller_id = call.caller_id
    note(db, ticket, entries.Named(call.sid), now)
    db.flush()
    if found := matters.same_matter(db, call.whole(), ticket.need, now) if ticket.need else None:
        matters.join(db, call.whole(), found, now)
    elif ticket.linked_to_id is None and (other := matters.other_matter(db, call.whole(), now)):
        ticket.linked_to_id = other.id
    call.settle()


def _whole(call: Call | CallNow) -> Call:
    return call.whole() if isinstance(call, CallNow) else call


def _at_hand(
    db: Session, call: CallNow, learned: Mapping[str, Any], adds_to: int | None, due_at: datetime, now: datetime
) -> TicketNow | None:
    """The ticket that the call has, or a new one, while nothing learned can lead to another; None: ask the others."""
    if call.row or "callback" in learned:
        return None
    if call.ticket:
        leads_away = learned.get("need") or adds_to not in (None, call.ticket.id)
        return None if leads_away or matters.about_another(call.ticket, learned) else call.ticket
    if adds_to is not None:
        return None
    others = matters.open_needs(db, call.caller_id, call.test, now)
    if learned.get("need") and learned["need"] in others.values():
        return None
    values = _new(call, due_at, next(iter(others), None))
    row: Any = db.execute(NEW_TICKET, values).one()
    call.ticket = TicketNow(*row)
    call.ticket_id = call.ticket.id
    note(db, call.ticket, entries.Opened(call.sid), now)
    return call.ticket


NEW_TICKET = insert(TICKETS).returning(*TICKET)
RECORDINGS = cast(Table, Recording.__table__)
ANNOUNCED = select(RECORDINGS.c.id, RECORDINGS.c.seconds, RECORDINGS.c.ticket_id, RECORDINGS.c.trouble).where(
    RECORDINGS.c.sid == bindparam("sid")
)
NEW_RECORDING = insert(RECORDINGS).returning(RECORDINGS.c.id)


def attach_recording(
    db: Session, later: Later, call: Call | CallNow, sid: str, seconds: int | None, now: datetime
) -> int:
    """A recording of *call* exists at the carrier: kept once, however often and late it is announced. Its id.

    One that was said to be absent is there after all, if it has a length: it is asked for once more.
    """
    db.flush()
    known: Any = db.execute(ANNOUNCED, {"sid": sid}).one_or_none()
    if known is None:
        return _announced(db, later, call, sid, seconds, now)
    is_back = known.trouble == ABSENT and bool(seconds)
    if is_back or (seconds and not known.seconds):
        recording = db.get_one(Recording, known.id)
        recording.seconds = recording.seconds or seconds
        if is_back:
            recording.state, recording.trouble = "expected", None
            later.enqueue(db, "fetch_recording", recording.id, 0)
    if known.ticket_id is None:
        _put_onto_ticket(db, call, db.get_one(Recording, known.id), now)
    recording_id: int = known.id
    return recording_id


def _announced(db: Session, later: Later, call: Call | CallNow, sid: str, seconds: int | None, now: datetime) -> int:
    """One that nobody has spoken of before."""
    new = {"sid": sid, "call_id": call.id, "ticket_id": call.ticket and call.ticket.id, "seconds": seconds}
    recording_id: int = db.execute(NEW_RECORDING, new | {"state": "expected", "announced_at": now}).scalar_one()
    later.enqueue(db, "fetch_recording", recording_id)
    if call.ticket:
        silent.renew(db, {call.ticket.id})
        note(db, call.ticket, entries.Message(recording_id, seconds), now)
    return recording_id


def mark_absent(db: Session, later: Later, call: Call | CallNow, sid: str, now: datetime) -> None:
    """The carrier says that there is no sound after all; the ticket says so, somebody still calls back.

    Another request may know better, before this one or after it: the sound is asked for all the same, once.
    """
    recording = db.get_one(Recording, attach_recording(db, later, call, sid, None, now))
    if recording.state == "expected":
        recording.state, recording.trouble = "missing", ABSENT
        if recording.ticket:
            note(db, recording.ticket, entries.AudioMissing(recording.id), now)


def _put_onto_ticket(db: Session, call: Call | CallNow, recording: Recording, now: datetime) -> None:
    """One that came before its call had a ticket."""
    if call.ticket:
        recording.ticket_id = call.ticket.id
        db.flush()
        db.expire(recording, ["ticket"])
        note(db, call.ticket, entries.Message(recording.id, recording.seconds), now)
        if recording.trouble == ABSENT:
            note(db, call.ticket, entries.AudioMissing(recording.id), now)


def has_message(db: Session, call_id: int) -> bool:
    """Whether a recording of this call exists, as far as we were told."""
    told = select(Recording.id).where(Recording.call_id == call_id, Recording.trouble.is_distinct_from(ABSENT))
    return db.scalars(told.limit(1)).first() is not None


def _ticket_of(
    db: Session, call: Call, learned: Mapping[str, Any], adds_to: int | None, due_at: datetime, now: datetime
) -> Ticket:
    """The ticket that the call is about, as far as the caller has told by now.

    Another call's ticket when they add to it or need the same as it says; one of its own otherwise, again as soon as
    it turns out to be about somebody else.
    """
    if adds_to is not None:
        found = matters.still_open(db, adds_to, call)
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
    call.ticket = Ticket(**_new(call, due_at, linked.id if linked else None))
    db.add(call.ticket)
    note(db, call.ticket, entries.Opened(call.sid), now)
    return call.ticket


def _new(call: Call | CallNow, due_at: datetime, linked_to_id: int | None) -> dict[str, Any]:
    return {
        "caller_id": call.caller_id,
        "language": call.language,
        "test": call.test,
        "opened_at": call.started_at,
        "due_at": due_at,
        "linked_to_id": linked_to_id,
    }


def _set(
    db: Session, ticket: Ticket | TicketNow, call: Call | CallNow, name: str, value: str | None, now: datetime
) -> None:
    column = "community_code" if name == "community" else name
    before = getattr(ticket, column)
    if before != value:
        setattr(ticket, column, value)
        kind = entries.Community if name == "community" else entries.Need
        note(db, ticket, kind(before, value, call.sid), now)


def _set_callback(db: Session, ticket: Ticket, call: Call | CallNow, number: str, now: datetime) -> None:
    """The number a caller with a withheld one gave, with its extension, or took back; a wrong one is not kept."""
    number, _, ticket.extension = number.partition(EXTENSION)
    before, ticket.caller = ticket.caller, phones.keep(db, number) if number else None
    if number:
        note(db, ticket, entries.Callback(call.sid), now)
    if before and before is not ticket.caller:
        db.flush()
        phones.forget(db, before)
