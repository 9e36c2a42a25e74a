"""The course of a call that we placed: told by the carrier in any order, more than once, or not at all.

What is later in it never goes back. Locks are taken in one order: the helper, the ticket, the call.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.access import rules
from ivr.store.facts.history import AskedAfter, CalledBack, ContactAsked, NotTold
from ivr.store.models import AUTOMATIC, CLOSING, CONTACT, OVERDUE, LinePerson, Outgoing, Ticket
from ivr.store.tickets import attempts, history, work
from routing.automatic import HUNG_UP
from routing.roster.selection import TALKING, WRAP_UP

FIRST_LEG = {"busy": "busy", "failed": "failed", "no-answer": "no_answer", "canceled": "no_answer"}
IN_VAIN = {"no_answer": "no_answer", "busy": "busy", "failed": "no_answer", "machine": "machine"}  # as an attempt
QUIET = timedelta(minutes=2)  # nothing was told of it for so long: the carrier is asked
LAST_WORDS = timedelta(seconds=30)  # the helper is still on the line, and hears that nobody was reached
# Of an automatic call in which the resident has said nothing.
SILENT: dict[str, type[AskedAfter] | type[NotTold]] = {CLOSING: AskedAfter, OVERDUE: NotTold}
LOST = TALKING + timedelta(minutes=10)  # no call lasts longer


def hold(db: Session, outgoing_id: int) -> Outgoing | None:
    """The call, its ticket and its helper, locked; None: there is none."""
    row = db.get(Outgoing, outgoing_id)
    if row is None:
        return None
    if row.staff_id:
        db.get(LinePerson, row.staff_id, with_for_update={"of": LinePerson}, populate_existing=True)
    if row.ticket_id:
        db.get(Ticket, row.ticket_id, with_for_update={"of": Ticket}, populate_existing=True)
    return db.get(Outgoing, outgoing_id, with_for_update={"of": Outgoing}, populate_existing=True)


def belongs(row: Outgoing, sid: str) -> bool:
    """Whether the carrier's call *sid* is this one. Its own first request may come before we know what it is called."""
    if row.sid is None and row.ended_at is None:
        row.sid, row.state = sid, "ringing"
    return row.sid == sid


def take(db: Session, row: Outgoing, now: datetime) -> bool:
    """Whoever was rung first pressed 1: whether the other one is to be rung. Said again, it is the same."""
    if row.ended_at is not None or row.state in ("talking", "over"):
        return False
    row.state, row.taken_at = "calling", row.taken_at or now
    if person := _person(db, row):
        person.busy_until = now + TALKING
    _claim(db, row, now)
    return True


def picked_up(row: Outgoing, sid: str, now: datetime) -> None:
    """The resident, or a mailbox, has picked up."""
    if row.ended_at is None:
        row.second_sid, row.answered_at, row.state = sid, row.answered_at or now, "talking"


def is_machine(db: Session, row: Outgoing, now: datetime) -> None:
    """The carrier hears an answering machine: nobody was reached, unless whoever spoke says otherwise."""
    if row.result or row.outcome not in (None, "talked"):
        return
    row.outcome = "machine"
    if row.ended_at:
        _count(db, row, now)


def parted(db: Session, row: Outgoing, status: str, bridged: bool, now: datetime) -> str:
    """The two are not, or no longer, together: how it went. The first leg may go on, for its helper's word.

    ``status``: of the resident's leg, as the carrier says it; ``bridged``: that they were put through.
    """
    outcome = "talked" if bridged else FIRST_LEG.get(status, "no_answer")
    if row.ended_at is None:
        end(db, row, outcome, now)
        if (person := _person(db, row)) and person.busy_until is None and not row.answered_at:
            person.busy_until = now + LAST_WORDS
    elif row.outcome == "no_answer" and not bridged:
        row.outcome = outcome  # whoever hung up first was heard first
    return row.outcome or outcome


def first_leg_ended(db: Session, row: Outgoing, status: str, now: datetime) -> None:
    """The first leg is over, as the carrier's ``status`` says. What was told of the other one stands; that may come
    later. In an automatic call the resident's is the only one.
    """
    if row.ended_at is not None:
        person = _person(db, row)
        if person and person.busy_call_id is None and person.busy_until == row.ended_at + LAST_WORDS:
            person.busy_until = None
        return
    if row.answered_at:
        end(db, row, "talked", now)
    elif row.kind in AUTOMATIC:
        end(db, row, FIRST_LEG.get(status, "no_answer"), now)
    else:
        end(db, row, "no_answer" if row.taken_at else "not_taken", now)


def lost(db: Session, row: Outgoing, now: datetime) -> None:
    """Nobody can tell how it ended."""
    if row.ended_at is None:
        end(db, row, "lost", now)


def end(db: Session, row: Outgoing, outcome: str, now: datetime) -> None:
    """It is over, and both may be called again; the ticket says what came of it."""
    row.outcome = row.outcome or outcome
    row.state, row.ended_at = "over", now
    if person := _person(db, row):
        if person.busy_call_id is None:
            person.busy_until = None
        if row.answered_at:
            person.wrap_until, person.idle_since, person.misses = now + WRAP_UP, now, 0
    _count(db, row, now)


def _count(db: Session, row: Outgoing, now: datetime) -> None:
    """What the ticket says of it. After a talk that is for whoever spoke to say."""
    ticket = db.get(Ticket, row.ticket_id) if row.ticket_id else None
    if ticket is not None and row.kind in SILENT and row.result is None:
        how = HUNG_UP if row.outcome == "talked" else row.outcome or "lost"
        history.note(db, ticket, SILENT[row.kind](how), now)
    if ticket is not None and row.kind == CONTACT and row.taken_at is None:
        history.note(db, ticket, ContactAsked("unreached"), now)
    if ticket is None or row.staff is None:
        return
    if row.outcome in IN_VAIN:
        attempts.log(db, ticket, row.staff, IN_VAIN[row.outcome], "", now)
    elif row.outcome and row.outcome != "talked":
        history.note(db, ticket, CalledBack(row.outcome), now, by=row.staff)


def unsettled(db: Session, now: datetime) -> list[Outgoing]:
    """Placed calls whose end we have not heard of for a while."""
    placed = select(Outgoing).where(Outgoing.ended_at.is_(None), Outgoing.sid.is_not(None))
    return list(db.scalars(placed.where(Outgoing.asked_at < now - QUIET)))


def _person(db: Session, row: Outgoing) -> LinePerson | None:
    return db.get(LinePerson, row.staff_id) if row.staff_id else None


def _claim(db: Session, row: Outgoing, now: datetime) -> None:
    """Whoever calls has the ticket, unless somebody has it already, or it is not for them."""
    if row.staff and row.ticket_id:
        with suppress(work.Overtaken, rules.NotFound, rules.Forbidden):
            work.claim(db, row.staff, row.ticket_id, now)
