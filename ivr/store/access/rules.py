"""Who may see and do what, by the ``table`` of roles. Anything not granted there is refused.

Two questions are kept apart. *Which rows exist for this person?* is SQL (``visible_tickets``): another
community's ticket is simply not found. *What may they do with one that does?* is ``may``.

A confidential ticket exists for nobody but those who are named on it, whatever the table gives others: ``knows_of`` is
asked beside it, everywhere. Figures alone count it (``COUNTED``), without saying more of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from ivr.errors import Refused
from ivr.store.access.table import BY_NAME, Scope
from ivr.store.facts.audit import Denied
from ivr.store.models import (
    ROLES,
    ApiToken,
    AuditLine,
    Call,
    Recording,
    Staff,
    StaffCommunity,
    Ticket,
    TicketReader,
)
from routing.phone_numbers import with_extension

MAX_NAMED = 5  # of the supervisors, to whoever is refused something


HELPERS = ("volunteer", "officer")  # whom a supervisor chooses
COUNTED = "see_figures"  # the one permission that confidential tickets are no exception to


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


@dataclass(frozen=True, slots=True)
class Unplaced:
    """What decides about a new ticket in the hotline's own queue."""

    community_code: str | None = None
    claimed_by_id: int | None = None
    urgent: bool = False


def scope(staff: Staff, permission: str) -> Scope:
    """With which tickets *staff* may do this; ``Scope.NO`` for what the table does not have."""
    return BY_NAME[permission].scope(staff.role) if permission in BY_NAME else Scope.NO


def may(staff: Staff, permission: str, ticket: Ticket | None = None) -> bool:
    """Whether *staff* may do this at all; with a *ticket*, whether they may do it with this one."""
    given = scope(staff, permission)
    if ticket is None:
        return given is not Scope.NO
    return bool(within(given, staff, ticket)) and knows_of(staff, ticket)


def may_manage(staff: Staff, role: str) -> bool:
    """Whether *staff* may add, change and stop people of this role."""
    return may(staff, "manage_people" if role in HELPERS else "manage_everybody")


def granted(staff: Staff, permission: str, of: Any = Ticket) -> ColumnElement[bool]:
    """The condition on tickets that ``may`` is for one of them; *of* an alias, on the tickets that go by it."""
    condition: ColumnElement[bool] = within(scope(staff, permission), staff, of)
    return condition if permission == COUNTED else and_(condition, known_to(staff, of))


def knows_of(staff: Staff, ticket: Ticket) -> bool:
    """Whether this person may know that there is this ticket: of a confidential one, those who are named on it."""
    return not ticket.confidential or staff.id in {reader.staff_id for reader in ticket.readers}


def known_to(staff: Staff, of: Any = Ticket) -> ColumnElement[bool]:
    """The condition on tickets, *of* an alias on those that go by it, that ``knows_of`` is for one of them."""
    named = select(TicketReader.ticket_id).where(TicketReader.staff_id == staff.id)
    return or_(_open_to_all(of), of.id.in_(named))


def _open_to_all(of: Any = Ticket) -> ColumnElement[bool]:
    """Not confidential; where there is no ticket at all, too."""
    condition: ColumnElement[bool] = of.confidential.is_not(true())
    return condition


def within(scope: Scope, staff: Staff, of: Any) -> Any:
    """Whether the ticket *of* is in this scope of *staff*; for the class ``Ticket`` or an alias, the condition in SQL.

    One rule read in two ways: what Python answers for a ticket that is loaded, the database answers for all of them.
    """
    one = isinstance(of, Ticket | Unplaced)
    whole, nothing = (True, False) if one else (true(), false())
    codes = staff.community_codes
    theirs: Any = of.community_code in codes if one else of.community_code.in_(codes)
    nowhere: Any = of.urgent and of.community_code is None if one else _nowhere(of)
    match scope:
        case Scope.YES | Scope.EVERY:
            return whole
        case Scope.CLAIMED:
            return of.claimed_by_id == staff.id
        case Scope.COMMUNITIES:
            return theirs | nowhere
        case Scope.ASSIGNED:
            return theirs | (of.claimed_by_id == staff.id) if codes else whole
    return nothing


def hotline_itself() -> Staff:
    """For whom a report is made that nobody opens at the desk: it holds what supervisors may see."""
    return Staff(id=0, name="", role="supervisor", communities=[])


def _nowhere(of: Any) -> Any:
    """The condition that a ticket is urgent and nobody knows where: it may be in anybody's community."""
    return of.nowhere if hasattr(of, "nowhere") else of.community_code.is_(None) & of.urgent


def sees(staff: Staff, ticket: Ticket) -> bool:
    """Whether the ticket exists for this person."""
    return may(staff, "see_ticket", ticket)


def visible_to(staff: Staff) -> ColumnElement[bool]:
    """The condition on tickets that ``sees`` is for one of them."""
    return granted(staff, "see_ticket")


def who_see(ticket: Ticket) -> ColumnElement[bool]:
    """The same condition on staff: for whom this ticket exists."""
    named = Staff.id.in_([each.staff_id for each in ticket.readers]) if ticket.confidential else true()
    return who_would_see(ticket) & named


def who_would_see(ticket: Ticket) -> ColumnElement[bool]:
    """The condition on staff whose role shows them this ticket, if it is not confidential: who can be named on it."""
    here: ColumnElement[bool] = Staff.communities.any(StaffCommunity.community_code == ticket.community_code)
    nowhere = true() if ticket.urgent and ticket.community_code is None else false()
    claimed = Staff.id == ticket.claimed_by_id
    those = {
        Scope.CLAIMED: claimed,
        Scope.COMMUNITIES: or_(here, nowhere),
        Scope.ASSIGNED: or_(~Staff.communities.any(), here, claimed),
        Scope.EVERY: true(),
    }
    seeing = BY_NAME["see_ticket"]
    return or_(*(and_(Staff.role == role, those[seeing.scope(role)]) for role in roles_with("see_ticket")))


def roles_with(permission: str) -> frozenset[str]:
    """The roles that may do this with anything at all."""
    return frozenset(role for role in ROLES if BY_NAME[permission].scope(role) is not Scope.NO)


def sees_hotlines_own(staff: Staff) -> bool:
    """Whether they see the hotline's own queue, and so the calls of which no ticket came."""
    return bool(within(scope(staff, "see_ticket"), staff, Unplaced()))


def masked_for(staff: Staff) -> ColumnElement[bool]:
    """The condition on tickets whose caller's number and name are kept from this person."""
    return granted(staff, "see_number").is_not(true())  # nobody's claim is null, which is no "no"


def visible_tickets(staff: Staff) -> Select[Ticket]:
    """The tickets that exist for this person."""
    return select(Ticket).where(visible_to(staff))


def visible_calls(staff: Staff, permission: str = "see_calls") -> Select[Call]:
    """The calls in this person's log, or for another *permission*, their tickets beside them."""
    return select(Call).outerjoin(Call.ticket).where(granted(staff, permission))


def visible_typed(staff: Staff) -> Select[Ticket]:
    """The typed tickets in this person's log, where they stand among the calls."""
    return select(Ticket).where(granted(staff, "see_calls"), Ticket.typed_by_id.is_not(None))


def token_sees(token: ApiToken) -> ColumnElement[bool]:
    """The condition on tickets that another system may read, and on recordings with theirs: never confidential ones."""
    where = Ticket.community_code.in_(token.communities) if token.communities else true()
    return and_(where, _open_to_all())


def token_sees_call(token: ApiToken) -> ColumnElement[bool]:
    """The condition on calls: with communities, those of their tickets alone."""
    theirs = Call.ticket.has(token_sees(token))
    return theirs if token.communities else or_(Call.ticket_id.is_(None), theirs)


def visible_audit(staff: Staff) -> Select[AuditLine]:
    """The lines of the audit that this person may read."""
    lines = select(AuditLine)
    return lines if may(staff, "see_whole_audit") else lines.where(AuditLine.staff_id == staff.id)


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
    query = select(Recording).join(Recording.ticket).where(visible_to(staff), Recording.id == recording_id)
    found = db.scalars(query).one_or_none()
    if found is None or found.ticket is None:
        raise NotFound(recording=recording_id)
    if not may(staff, "listen", found.ticket):
        raise Forbidden("listen", recording=recording_id)
    return found


def supervisors(db: Session) -> Sequence[str]:
    """Whom to ask for what one may not do oneself: the names of those who may."""
    people = select(Staff.name).where(Staff.role == "supervisor", Staff.disabled_at.is_(None))
    return db.scalars(people.order_by(Staff.name).limit(MAX_NAMED)).all()


def number_shown(staff: Staff, ticket: Ticket) -> str | None:
    """The caller's number as this person may read it: whole, masked, or None when it was withheld."""
    if ticket.caller is None:
        return None
    whole = with_extension(ticket.caller.e164, ticket.extension)
    return whole if may(staff, "see_number", ticket) else ticket.caller.masked


def number_in_log(staff: Staff, entry: Call | Ticket) -> str | None:
    """The same in the call log, where officers need no numbers."""
    if entry.caller is None:
        return None
    return entry.caller.e164 if may(staff, "see_logged_number") else entry.caller.masked
