"""Which notices are due: derived from the tickets and the rules, and written once each, with their jobs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from ivr.store.facts import history as entries
from ivr.store.facts.fact import names
from ivr.store.insert import insert_new
from ivr.store.line import nuisance
from ivr.store.models import Call, CommunityRow, HistoryLine, Notice, NoticeRule, Ticket
from ivr.store.models.ticket import IS_WAITING
from ivr.store.outbox import Later
from routing import escalation
from routing.escalation import Due, Facts, Rule
from routing.hours import Hours

SETTLES_WITHIN = timedelta(minutes=3)  # a caller who is still on the line then has a ticket that must be told
# history lines after which nobody has the ticket
FREEING = (entries.Reopened, entries.Freed, entries.CameBack, entries.Lapsed)
QUIET_AFTER = timedelta(days=7)  # no rule waits half as long: minutes, a second step and two nights take four days


def write_due(db: Session, later: Later, zone: ZoneInfo, now: datetime, ticket_id: int) -> None:
    """Write what is to be told of a ticket by now, and was not written before.

    Called where a ticket comes into being or turns urgent, and again and again by the worker (``missing``): the same
    thing is told once, whoever asks.
    """
    for each in missing(db, zone, now, ticket_id).get(ticket_id, ()):
        write(db, later, ticket_id, each, now)


def missing(db: Session, zone: ZoneInfo, now: datetime, ticket_id: int | None = None) -> dict[int, list[Due]]:
    """What is to be told by now and was not written, by ticket: of one, or of all that are open."""
    rules = list(_rules(db))
    if not rules:
        return {}
    whose = [_stirring(now), _called_off(now)] if ticket_id is None else [Ticket.id == ticket_id]
    keys = (Notice.ticket_id, Notice.event, Notice.about, Notice.step, Notice.channel_id)
    wanted = {}
    for which in whose:  # one after the other: each has its index
        known = {tuple(row) for row in db.execute(select(*keys).join(Notice.ticket).where(which))}
        for each_id, facts in facts_of(db, which, now):
            wanted[each_id] = [
                each
                for each in escalation.due(facts, rules, now, zone)
                if (each_id, each.event, each.about, each.step, each.channel) not in known
            ]
    return {each_id: dues for each_id, dues in wanted.items() if dues}


def others(db: Session, zone: ZoneInfo, notice: Notice, now: datetime) -> list[int]:
    """The channels to try when this notice's own fails: those of every rule that asks for the notice, each once.

    Several rules may ask for the same notice; it is written for the first of them.
    """
    key = (notice.event, notice.about, notice.step, notice.channel_id)
    found = {notice.other_id}
    for _, facts in facts_of(db, Ticket.id == notice.ticket_id, now):
        for each in escalation.due(facts, _rules(db), now, zone):
            if (each.event, each.about, each.step, each.channel) == key:
                found.add(each.other)
    return sorted(each for each in found if each is not None)


def _rules(db: Session) -> Iterator[Rule]:
    for row in db.scalars(select(NoticeRule).order_by(NoticeRule.id)):
        yield Rule(
            occasion=row.occasion,
            first=row.first_id,
            since=row.since,
            minutes=row.minutes,
            community=row.community_code,
            street=row.street,
            need=row.need,
            urgent_only=row.urgent_only,
            hours=Hours.of(row.hours),
            second=row.second_id,
            second_after_min=row.second_after_min,
        )


def _stirring(now: datetime) -> ColumnElement[bool]:
    """Open tickets of which there may be something new to tell: a backlog of last year costs nothing."""
    since = now - QUIET_AFTER
    lately = select(HistoryLine.id).where(HistoryLine.ticket_id == Ticket.id, HistoryLine.at > since).correlate(Ticket)
    return and_(IS_WAITING, or_(Ticket.opened_at > since, Ticket.due_at > since, lately.exists()))


def _called_off(now: datetime) -> ColumnElement[bool]:
    """Tickets that callers took back lately."""
    return Ticket.cancelled_at > now - QUIET_AFTER


def facts_of(db: Session, condition: ColumnElement[bool], now: datetime) -> Iterator[tuple[int, Facts]]:
    """What decides about each ticket of the condition; test calls are told to nobody."""
    line, first = aliased(HistoryLine), aliased(Call)
    newest = select(func.max(line.at)).where(line.ticket_id == Ticket.id).correlate(Ticket)
    freed = newest.where(line.kind.in_(names((entries.Claimed, *FREEING)))).scalar_subquery()
    urgent_at = newest.where(line.kind == entries.Urgent.kind).scalar_subquery()
    not_right_at = newest.where(line.kind == entries.NotRight.kind).scalar_subquery()
    opening = select(func.min(Call.id)).where(Call.ticket_id == Ticket.id).correlate(Ticket).scalar_subquery()
    query = (
        select(
            Ticket.id,
            Ticket.status,
            Ticket.opened_at,
            Ticket.due_at,
            Ticket.due_again_at,
            Ticket.urgent,
            Ticket.claimed_at,
            Ticket.talked_at,
            Ticket.raised_at,
            Ticket.cancelled_at,
            Ticket.attempts,
            Ticket.last_attempt_at,
            Ticket.typed_by_id,
            nuisance.LISTING.c.after.label("listed"),
            Ticket.need,
            Ticket.community_code,
            CommunityRow.street,
            first.id.label("call_id"),
            first.ended_at,
            freed.label("freed_at"),
            urgent_at.label("urgent_at"),
            not_right_at.label("not_right_at"),
        )
        .outerjoin(CommunityRow, CommunityRow.code == Ticket.community_code)
        .outerjoin(first, first.id == opening)
        .outerjoin(nuisance.LISTING, nuisance.of_caller(Ticket.caller_id))
        .where(condition, Ticket.test.is_(False))
    )
    for row in db.execute(query):
        settled = row.ended_at or row.opened_at + SETTLES_WITHIN if row.call_id else row.opened_at
        yield (
            row.id,
            Facts(
                status=row.status,
                opened_at=row.opened_at,
                free_since=max(row.opened_at, row.freed_at or row.opened_at),
                settled_at=min(settled, row.opened_at + SETTLES_WITHIN),
                due_at=row.due_at,
                due_again_at=row.due_again_at,
                urgent=row.urgent,
                urgent_at=row.urgent_at,
                claimed_at=row.claimed_at,
                raised_at=row.raised_at,
                cancelled_at=row.cancelled_at,
                not_right_at=row.not_right_at,
                kept=row.talked_at is not None or (row.last_attempt_at is not None and not row.attempts),
                quiet=row.typed_by_id is None and nuisance.quiet(row.listed, now),
                need=row.need,
                community=row.community_code,
                street=row.street,
            ),
        )


def write(
    db: Session, later: Later, ticket_id: int, each: Due, now: datetime, *, instead_of: int | None = None
) -> None:
    """One notice and its job, unless it is there."""
    key = {
        "ticket_id": ticket_id,
        "event": each.event,
        "about": each.about,
        "step": each.step,
        "channel_id": each.channel,
    }
    insert_new(db, Notice, **key, other_id=each.other, instead_of_id=instead_of, arisen_at=now, next_try_at=now)
    notice_id = db.scalars(select(Notice.id).filter_by(**key)).one()
    later.enqueue(db, "send_notice", notice_id, 0)
