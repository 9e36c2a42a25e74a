"""Who may see and do what: DESIGN's table of roles as code. Anything not granted here is refused.

Two questions are kept apart. *Which rows exist for this person?* is SQL (``visible_tickets``): another
community's ticket is simply not found. *What may they do with one that does?* is ``may``.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import Session

from ivr.errors import Refused
from ivr.store.facts.audit import Denied
from ivr.store.models import AuditLine, Call, Recording, Staff, Ticket

# What each role may do with a ticket it sees; and with which of them: all it sees, or the ones it has claimed.
SEEING = frozenset({"see_inbox", "see_ticket", "claim", "type_ticket"})
HANDLING = frozenset(
    {"see_number", "note", "contact", "resolve", "close", "reopen", "listen", "correct", "hand", "gather"}
)
GRANTED = {
    "volunteer": SEEING | HANDLING | {"see_calls", "see_audit"},
    "officer": SEEING | HANDLING | {"see_calls", "see_audit"},
    "supervisor": SEEING
    | HANDLING
    | {"see_calls", "see_call_counts", "see_audit", "see_health", "use_phone", "teach", "set_rules", "set_channels"},
    "admin": frozenset({"see_call_counts", "see_audit", "see_health", "set_channels"}),
}

MOST_NAMED = 5  # of the supervisors, to whoever is refused something


class NotFound(Refused):
    """There is no such thing, or it is not for this person to know of: ``NotFound(ticket=12)``."""

    def __init__(self, **thing: int) -> None:
        self.denied = Denied(None, **thing)
        super().__init__(self.denied)


class Forbidden(Refused):
    """The person sees the thing, but this is not theirs to do: ``Forbidden("claim", ticket=12)``."""

    def __init__(self, action: str, **thing: int) -> None:
        self.denied = Denied(action, **thing)
        super().__init__(self.denied)


def may(staff: Staff, action: str, ticket: Ticket | None = None) -> bool:
    """Whether *staff* may do this at all; with a *ticket*, whether they may do it with this one."""
    if action not in GRANTED.get(staff.role, ()):
        return False
    if ticket is None:
        return True
    if action in HANDLING and staff.role == "volunteer":
        return ticket.claimed_by_id == staff.id
    return sees(staff, ticket)


def sees(staff: Staff, ticket: Ticket) -> bool:
    """Whether the ticket exists for this person: ``visible_tickets``, for one that is loaded already."""
    codes = staff.community_codes
    match staff.role:
        case "supervisor":
            return True
        case "officer":
            return ticket.community_code in codes
        case "volunteer":
            return not codes or ticket.community_code in codes or ticket.claimed_by_id == staff.id
    return False


def reach(staff: Staff) -> ColumnElement[bool]:
    """The condition on tickets that ``sees`` is in Python."""
    codes = staff.community_codes
    match staff.role:
        case "supervisor":
            return true()
        case "officer":
            return Ticket.community_code.in_(codes)
        case "volunteer":
            own = or_(Ticket.community_code.in_(codes), Ticket.claimed_by_id == staff.id)
            return own if codes else true()
    return false()


def visible_tickets(staff: Staff) -> Select[Ticket]:
    """The tickets that exist for this person."""
    return select(Ticket).where(reach(staff))


def visible_calls(staff: Staff) -> Select[Call]:
    """The calls in this person's log: a volunteer's are those of tickets they claimed; an admin only counts them."""
    calls = select(Call).outerjoin(Call.ticket)
    match staff.role:
        case "supervisor":
            return calls
        case "officer":
            return calls.where(reach(staff))
        case "volunteer":
            return calls.where(Ticket.claimed_by_id == staff.id)
    return calls.where(false())


def visible_typed(staff: Staff) -> Select[Ticket]:
    """The typed tickets in this person's log: as with calls, a volunteer's are those they claimed."""
    typed = visible_tickets(staff).where(Ticket.typed_by_id.is_not(None))
    return typed.where(Ticket.claimed_by_id == staff.id) if staff.role == "volunteer" else typed


def visible_audit(staff: Staff) -> Select[AuditLine]:
    """The audit: all of it for supervisors and admins, what they did themselves for the others."""
    lines = select(AuditLine)
    return lines if staff.role in ("supervisor", "admin") else lines.where(AuditLine.staff_id == staff.id)


def ticket(db: Session, staff: Staff, ticket_id: int, action: str = "see_ticket", *, lock: bool = False) -> Ticket:
    """The ticket, for somebody who wants to do this with it; locked until the transaction ends when asked.

    Raises ``NotFound`` or ``Forbidden``.
    """
    query = visible_tickets(staff).where(Ticket.id == ticket_id)
    found = db.scalars(query.with_for_update(of=Ticket) if lock else query).one_or_none()
    if found is None:
        raise NotFound(ticket=ticket_id)
    if not may(staff, action, found):
        raise Forbidden(action, ticket=ticket_id)
    return found


def recording(db: Session, staff: Staff, recording_id: int) -> Recording:
    """The recording, for somebody who may listen to it. Raises ``NotFound`` or ``Forbidden``."""
    query = select(Recording).join(Recording.ticket).where(reach(staff), Recording.id == recording_id)
    found = db.scalars(query).one_or_none()
    if found is None or found.ticket is None:
        raise NotFound(recording=recording_id)
    if not may(staff, "listen", found.ticket):
        raise Forbidden("listen", recording=recording_id)
    return found


def supervisors(db: Session) -> Sequence[str]:
    """Whom to ask for what one may not do oneself: the names of those who may."""
    people = select(Staff.name).where(Staff.role == "supervisor", Staff.disabled_at.is_(None))
    return db.scalars(people.order_by(Staff.name).limit(MOST_NAMED)).all()


def number_shown(staff: Staff, ticket: Ticket) -> str | None:
    """The caller's number as this person may read it: whole, masked, or None when it was withheld."""
    if ticket.caller is None:
        return None
    return ticket.caller.e164 if may(staff, "see_number", ticket) else ticket.caller.masked


def number_in_log(staff: Staff, entry: Call | Ticket) -> str | None:
    """The same in the call log, where officers need no numbers."""
    if entry.caller is None:
        return None
    return entry.caller.masked if staff.role == "officer" else entry.caller.e164
