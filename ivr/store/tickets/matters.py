"""One caller's calls find their tickets: the same matter comes together, another one stands apart, linked.

Whoever moves calls between tickets locks in one order, so that nobody waits in a circle: calls, recordings, the
caller's number, tickets; each by id.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.orm import Session

from ivr.store.access import audit
from ivr.store.facts import history as entries
from ivr.store.facts.audit import Held
from ivr.store.models import OPEN_STATUSES, Call, LegalHold, Phone, Staff, Ticket
from ivr.store.tickets import drafts
from ivr.store.tickets import history as lines
from ivr.store.tickets.confidence import name
from ivr.store.tickets.verbs import free

JOINS_WITHIN = timedelta(hours=72)  # a later call about the same need adds to the open ticket
PRESSING_CALLS, PRESSING_WITHIN = 3, timedelta(hours=24)  # the third call about one matter: a supervisor should look


def still_open(db: Session, ticket_id: int, call: Call) -> Ticket | None:
    """The ticket that *call* adds to, or what it was merged into; locked, like the call's own.

    None when staff finished it meanwhile, or when the call is on it or on somebody else's already.
    """
    ticket = db.get(Ticket, ticket_id)
    if ticket and ticket.merged_into_id:
        ticket = db.get(Ticket, ticket.merged_into_id)
    if ticket is None or (call.ticket and (call.ticket is ticket or not is_its_own(call.ticket, call))):
        return None
    return ticket if _both_open(db, ticket, call) else None


def same_matter(db: Session, call: Call, need: str, now: datetime) -> Ticket | None:
    """The caller's open ticket of this need that *call* belongs to although nobody said so; locked, like its own.

    None when there is none, or when the call is on somebody else's ticket already. Two calls of one number that ask
    at once wait for each other.
    """
    if call.caller_id is None or (call.ticket and not is_its_own(call.ticket, call)):
        return None
    _lock_caller(db, call.caller_id)
    found = db.scalars(_open_tickets(call, now).where(Ticket.need == need).limit(1)).first()
    if found is None:
        return None
    return found if _both_open(db, found, call) else None


def other_matter(db: Session, call: Call, now: datetime) -> Ticket | None:
    """The caller's newest open ticket, to link a new one to."""
    return db.scalars(_open_tickets(call, now).limit(1)).first() if call.caller_id else None


def open_needs(db: Session, caller_id: int | None, test: bool, now: datetime) -> dict[int, str | None]:
    """A caller's open tickets by id, the newest first, with the need of each; ``test``: those of test calls.

    Two calls of one number that ask at once wait for each other.
    """
    if caller_id is None:
        return {}
    _lock_caller(db, caller_id)
    whose = {"caller": caller_id, "since": now - JOINS_WITHIN, "trial": test}
    return {row.id: row.need for row in db.execute(OPEN_NEEDS, whose)}


TICKETS = cast(Table, Ticket.__table__)
OPEN_NEEDS = (
    select(TICKETS.c.id, TICKETS.c.need)
    .where(
        TICKETS.c.caller_id == bindparam("caller"),
        TICKETS.c.status.in_(OPEN_STATUSES),
        TICKETS.c.opened_at >= bindparam("since"),
        TICKETS.c.test == bindparam("trial"),
    )
    .order_by(TICKETS.c.opened_at.desc(), TICKETS.c.id.desc())
)


def _lock_caller(db: Session, phone_id: int) -> None:
    """On SQLite whoever writes is alone."""
    if db.get_bind().dialect.name != "sqlite":
        db.execute(select(Phone.id).where(Phone.id == phone_id).with_for_update(key_share=True))


def join(db: Session, call: Call, ticket: Ticket, now: datetime) -> None:
    """*call* is about this open ticket. The one it had opened itself before that was known is folded into it."""
    if call.ticket is None:
        call.ticket = ticket
        lines.note(db, ticket, entries.CalledAgain(call.sid), now)
    else:
        merge(db, call.ticket, ticket, now, call=call.sid)
    raise_if_pressing(db, ticket, now)


def cancel(db: Session, ticket: Ticket, call: str, now: datetime) -> None:
    """The caller does not need it any more. Whoever has it keeps it, so that they can be told."""
    ticket.status, ticket.closed_at, ticket.cancelled_at = "closed", now, now
    lines.note(db, ticket, entries.Cancelled(call), now)


def is_its_own(ticket: Ticket, call: Call) -> bool:
    """Whether *call* opened the ticket, so that what the caller says now is the first word about it."""
    return ticket.typed_by_id is None and ticket.calls[0] is call


class Placed(Protocol):
    """A ticket, as a row or as plain values."""

    community_code: Any


def contradicts(ticket: Ticket, call: Call, learned: Mapping[str, Any]) -> bool:
    """Whether *call*, which had joined this ticket, turns out to be about somebody who lives elsewhere."""
    return about_another(ticket, learned) and not is_its_own(ticket, call)


def about_another(ticket: Placed, learned: Mapping[str, Any]) -> bool:
    """Whether this is about somebody who lives elsewhere than the ticket says."""
    elsewhere = learned.get("community") not in (None, ticket.community_code) and ticket.community_code is not None
    return elsewhere or bool(learned.get("for_another"))


def merge(
    db: Session, ticket: Ticket, into: Ticket, now: datetime, *, by: Staff | None = None, call: str | None = None
) -> None:
    """All that *ticket* has goes to *into*; who looks for it is led there. Both are locked, with their calls.
    ``call``: the SID of the one that brought them together.

    What one of them knows, both know; the nearer promise holds, and whoever has either of them goes on.
    """
    move(db, list(ticket.calls), into)
    into.urgent = into.urgent or ticket.urgent
    if into.first_due_at or ticket.first_due_at:
        into.first_due_at = min(each.first_due_at or each.due_at for each in (into, ticket))
    into.due_at = min(into.due_at, ticket.due_at)
    if into.community_code is None:
        into.presumed = ticket.presumed
    if into.caller_id is None:
        into.extension = ticket.extension
    for fact in ("need", "community_code", "caller_id", "wants_person_at", "talked_at", "raised_at", "due_again_at"):
        if getattr(into, fact) is None:
            setattr(into, fact, getattr(ticket, fact))
    if ticket.attempts > into.attempts:
        for fact in ("attempts", "first_attempt_at", "last_attempt_at"):
            setattr(into, fact, getattr(ticket, fact))
    if into.status == "new" and ticket.status == "claimed":
        for fact in ("status", "claimed_by", "claimed_at", "handed_by", "hand_due_at", "on_the_way_at"):
            setattr(into, fact, getattr(ticket, fact))
        into.progress_at = now
    if into.linked_to_id == ticket.id:
        into.linked_to_id = None
    if ticket.confidential or into.confidential:
        name(into, {reader.staff_id for each in (ticket, into) for reader in each.readers})
    _keep_too(db, ticket, into, now, by)
    ticket.hold = None  # there is one to lift, on the page that everybody is led to
    before = lines.absorbed(ticket.history)
    for earlier in db.scalars(select(Ticket).where(Ticket.id.in_(before))):
        earlier.merged_into_id = into.id
    free(ticket)
    ticket.status, ticket.closed_at, ticket.merged_into_id = "closed", now, into.id
    drafts.move(db, ticket.id, into.id)
    lines.note(db, ticket, entries.Merged(into.id), now, by=by)
    lines.note(db, into, entries.Absorbed([ticket.id, *before], call), now, by=by)


def split(db: Session, ticket: Ticket, call: Call, now: datetime, *, by: Staff | None = None) -> Ticket:
    """*call*, one of several of this ticket, becomes a ticket of its own with its recordings, linked to this one."""
    apart = Ticket(
        need=ticket.need,
        community_code=ticket.community_code,
        caller_id=call.caller_id or ticket.caller_id,
        language=call.language,
        urgent=ticket.urgent,
        test=call.test,
        opened_at=call.started_at,
        due_at=ticket.due_at,
        first_due_at=ticket.first_due_at,
        due_again_at=ticket.due_again_at,
        linked_to_id=ticket.id,
    )
    if ticket.confidential:
        name(apart, {reader.staff_id for reader in ticket.readers})
    db.add(apart)
    db.flush()
    _keep_too(db, ticket, apart, now, by)
    lines.note(db, apart, entries.Opened(call.sid, split_from=ticket.id), now, by=by)
    move(db, [call], apart)
    lines.note(db, ticket, entries.Split(apart.id, call.sid), now, by=by)
    return apart


def _keep_too(db: Session, ticket: Ticket, to: Ticket, now: datetime, by: Staff | None) -> None:
    """A legal hold goes along with the calls: what is held of *ticket* is held where they are, for the same reason."""
    if ticket.hold is None:
        return
    since, why = ticket.hold.since, ticket.hold.why
    if to.hold is None:
        to.hold = LegalHold(since=since, why=why, by=ticket.hold.by)
        audit.append(db, by, Held(to.id), now)
    else:
        to.hold.since, to.hold.why = min(to.hold.since, since), f"{to.hold.why}\n{why}"


def move(db: Session, calls: list[Call], ticket: Ticket) -> None:
    """Put these calls with their recordings onto *ticket*."""
    for call in calls:
        call.ticket = ticket
        for recording in call.recordings:
            recording.ticket = ticket
    db.flush()


def raise_if_pressing(db: Session, ticket: Ticket, now: datetime) -> None:
    """Let supervisors know of a caller who rings again and again about one matter; once a ticket."""
    since = now - PRESSING_WITHIN
    db.flush()
    started = db.scalars(select(Call.started_at).where(Call.ticket_id == ticket.id, Call.started_at > since)).all()
    if ticket.raised_at is None and len(started) >= PRESSING_CALLS:
        ticket.raised_at = now
        lines.note(db, ticket, entries.Raised(len(started)), now)


def _open_tickets(call: Call, now: datetime) -> Select[Ticket]:
    """The caller's open tickets but for the call's own, newest first."""
    mine = select(Ticket).where(
        Ticket.caller_id == call.caller_id,
        Ticket.status.in_(OPEN_STATUSES),
        Ticket.opened_at >= now - JOINS_WITHIN,
        Ticket.test == call.test,
    )
    if call.ticket:
        mine = mine.where(Ticket.id != call.ticket.id)
    return mine.order_by(Ticket.opened_at.desc(), Ticket.id.desc())


def _both_open(db: Session, ticket: Ticket, call: Call) -> bool:
    """Whether *ticket* and the one that the call has, if any, are open; they stay locked."""
    return all(held.is_open for held in _locked(db, ticket, *([call.ticket] if call.ticket else [])))


def _locked(db: Session, *tickets: Ticket) -> list[Ticket]:
    """These tickets as they are now, by id, held until the transaction ends."""
    query = select(Ticket).where(Ticket.id.in_([ticket.id for ticket in tickets])).order_by(Ticket.id)
    return list(db.scalars(query.with_for_update(of=Ticket).execution_options(populate_existing=True)))
