"""A ticket is passed to a partner line, and its answer comes, or the ticket comes back. It stays open here meanwhile.

Which partner has it is read from its history: nothing else is kept.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.store.facts import history as entries
from ivr.store.models import HistoryLine, Staff, Ticket
from ivr.store.tickets import history, work
from ivr.store.tickets.history import Kind
from ivr.store.tickets.verbs import BadValue, Changed, NotClaimed, NotOpen, free, progress, take, written
from routing.characters import CONTROL

MAX_REFERENCE_CHARS = 60
OVER: tuple[Kind, ...] = (
    entries.PartnerAnswered,
    entries.CameBack,
    entries.Resolved,
    entries.Closed,
    entries.Cancelled,
    entries.Reopened,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """``partner``: its key. ``text``: what they were told. ``reference``: theirs, empty as long as nobody knows it."""

    partner: str
    at: datetime
    text: str
    reference: str


def current(lines: Sequence[HistoryLine]) -> Passed | None:
    """Which partner has the ticket of this history, oldest line first; None: none has."""
    passed: Passed | None = None
    for line in lines:
        match line.entry:
            case entries.PassedOn(partner, text, reference):
                passed = Passed(partner, line.at, text, reference)
            case entries.PartnerReference(reference=reference) if passed:
                passed = replace(passed, reference=reference)
            case entry if isinstance(entry, OVER):
                passed = None
    return passed


def with_partners(db: Session, tickets: Iterable[Ticket]) -> dict[int, Passed]:
    """Which of these a partner has, by the ticket's id."""
    waiting = [ticket.id for ticket in tickets if ticket.is_open]
    kinds = (entries.PassedOn, entries.PartnerReference, *OVER)
    told = history.of_many(db, waiting, kinds) if waiting else {}
    return {each: passed for each, lines in told.items() if (passed := current(lines))}


def taken_from(lines: Sequence[HistoryLine]) -> Sequence[entries.FromPartner]:
    """From which partners it was taken, and by which reference each knows it."""
    return [entry for line in lines if isinstance(entry := line.entry, entries.FromPartner)]


def reference_of(typed: str) -> str:
    """A reference as it is kept: one line. Raises ``BadValue``."""
    reference = " ".join(CONTROL.sub(" ", typed).split())
    if len(reference) > MAX_REFERENCE_CHARS:
        raise BadValue("reference")
    return reference


def pass_on(
    db: Session,
    staff: Staff,
    ticket_id: int,
    partner: str,
    text: str,
    reference: str,
    now: datetime,
    *,
    offered: Container[str],
) -> Ticket:
    """The partner, one of those *offered*, was told *text*; whoever has the ticket keeps it, and sees what comes of it.

    Raises ``NotOpen``, ``NotClaimed``, ``Changed``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket = take(db, staff, ticket_id, "pass_on")
    if not ticket.is_open:
        raise NotOpen
    if ticket.status == "new":
        raise NotClaimed
    if current(history.of(db, ticket)):
        raise Changed
    if partner not in offered:
        raise BadValue("partner")
    entry = entries.PassedOn(partner, written(text, "pass_note"), reference_of(reference))
    history.note(db, ticket, entry, now, by=staff)
    progress(ticket, staff, now)
    return ticket


def refer(db: Session, staff: Staff, ticket_id: int, reference: str, now: datetime) -> Ticket:
    """The partner has told by which *reference* it knows the ticket; the last one that was said holds.

    Raises ``NotOpen``, ``Changed``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket, passed = _passed(db, staff, ticket_id)
    if not (said := reference_of(reference)):
        raise BadValue("reference")
    if said != passed.reference:
        history.note(db, ticket, entries.PartnerReference(passed.partner, said), now, by=staff)
    progress(ticket, staff, now)
    return ticket


def answered(db: Session, staff: Staff, ticket_id: int, answer: str, now: datetime) -> Ticket:
    """The partner has settled it: *answer* says how, and is what was done.

    Raises ``NotOpen``, ``Changed``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket, passed = _passed(db, staff, ticket_id)
    done = written(answer, "partner_said")
    history.note(db, ticket, entries.PartnerAnswered(passed.partner), now, by=staff)
    return work.resolve(db, staff, ticket_id, done, now)


def came_back(db: Session, staff: Staff, ticket_id: int, why: str, now: datetime) -> Ticket:
    """The partner could not do it. Whoever had it here loses it, so that somebody looks at it anew.

    Raises ``NotOpen``, ``Changed``, ``BadValue``, ``Merged``, ``NotFound`` or ``Forbidden``.
    """
    ticket, passed = _passed(db, staff, ticket_id)
    entry = entries.CameBack(passed.partner, written(why, "partner_said"))
    free(ticket)
    history.note(db, ticket, entry, now, by=staff)
    return ticket


def _passed(db: Session, staff: Staff, ticket_id: int) -> tuple[Ticket, Passed]:
    ticket = take(db, staff, ticket_id, "pass_on")
    if not ticket.is_open:
        raise NotOpen
    if (passed := current(history.of(db, ticket))) is None:
        raise Changed
    return ticket, passed
