"""Notices: written when they become due, in the ticket's own transaction; taken, sent or given up by the worker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from ivr.store.insert import insert_new
from ivr.store.models import (
    OPEN_STATUSES,
    UNSENT,
    Call,
    CommunityRow,
    HistoryLine,
    Notice,
    NoticeRule,
    Ticket,
)
from ivr.store.models.ticket import IS_WAITING
from ivr.store.outbox import Later
from routing import escalation
from routing.escalation import Due, Facts, Rule
from routing.hours import Hours

# After the n-th failure we wait so long, and the last wait again and again: four hours in all.
WAITS_S = (5, 15, 30, 60, 120, 300, 600, 900)
TRIES = 23
LONGEST_WAIT_S = 900.0  # whatever a service asks for: a notice of four hours ago helps nobody
OTHER_AFTER_TRIES = 3  # 20 seconds: the other channel does not wait four hours for this one
LEASE = timedelta(minutes=2)  # longer than any service may take to answer
EARLY = timedelta(seconds=2)  # clocks of two machines
FORGOTTEN_AFTER = timedelta(minutes=1)
SETTLES_WITHIN = timedelta(minutes=3)  # a caller who is still on the line then has a ticket that must be told
FREEING = ("reopened", "freed", "lapsed")  # history lines after which nobody has the ticket
SHOWN_FAILED = timedelta(days=7)
QUIET_AFTER = timedelta(days=7)  # no rule waits half as long: minutes, a second step and two nights take four days


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that is ours to send now. ``in_doubt``: an earlier try may have reached the service."""

    notice: Notice
    in_doubt: bool


def arise(db: Session, later: Later, zone: ZoneInfo, now: datetime, ticket_id: int) -> None:
    """Write what is to be told of a ticket by now, and was not written before.

    Called where a ticket comes into being or turns urgent, and again and again by the worker (``untold``): the same
    thing is told once, whoever asks.
    """
    for each in untold(db, zone, now, ticket_id).get(ticket_id, ()):
        _write(db, later, ticket_id, each, now)


def untold(db: Session, zone: ZoneInfo, now: datetime, ticket_id: int | None = None) -> dict[int, list[Due]]:
    """What is to be told by now and was not written, by ticket: of one, or of all that are open."""
    rules = list(_rules(db))
    if not rules:
        return {}
    which = _stirring(now) if ticket_id is None else Ticket.id == ticket_id
    keys = (Notice.ticket_id, Notice.event, Notice.about, Notice.step, Notice.channel_id)
    known = {tuple(row) for row in db.execute(select(*keys).join(Notice.ticket).where(which))}
    missing = {
        each_id: [
            each
            for each in escalation.due(facts, rules, now, zone)
            if (each_id, each.event, each.about, each.step, each.channel) not in known
        ]
        for each_id, facts in _facts(db, which)
    }
    return {each_id: wanted for each_id, wanted in missing.items() if wanted}


def take(db: Session, notice_id: int, now: datetime) -> Taken | None:
    """The notice, for one worker alone and for the next two minutes; None when it is not to be sent (now).

    What is no longer true of its ticket is dropped.
    """
    at_it = and_(Notice.state == "sending", Notice.next_try_at <= now)
    waits = and_(Notice.state == "waiting", Notice.next_try_at <= now + EARLY)
    won = db.execute(
        update(Notice)
        .where(Notice.id == notice_id, or_(waits, at_it))
        .values(state="sending", tries=Notice.tries + 1, next_try_at=now + LEASE)
        .returning(Notice.id)
    ).first()
    if won is None:
        return None
    loaded = (
        joinedload(Notice.channel),
        joinedload(Notice.instead_of),
        joinedload(Notice.ticket).joinedload(Ticket.community),
    )
    notice = db.scalars(select(Notice).where(Notice.id == notice_id).options(*loaded)).one()
    facts = dict(_facts(db, Ticket.id == notice.ticket_id)).get(notice.ticket_id)
    if facts is None or not escalation.still_true(facts, notice.event, notice.about):
        notice.state, notice.ended_at = "dropped", now
        return None
    in_doubt, notice.in_doubt = notice.in_doubt, True  # until we have an answer: we may die before it comes
    return Taken(notice, in_doubt)


def sent(db: Session, notice_id: int, answer: str, now: datetime) -> None:
    """The service has taken it."""
    notice = db.get_one(Notice, notice_id)
    notice.state, notice.ended_at, notice.in_doubt = "sent", now, False
    notice.trouble, notice.answer = None, answer


def not_sent(
    db: Session,
    later: Later,
    notice_id: int,
    now: datetime,
    *,
    trouble: str,
    answer: str,
    in_doubt: bool,
    wait_s: float = 0.0,
    hopeless: bool = False,
    for_people: bool = False,
) -> Notice:
    """A try has failed: the next one is queued, or the notice is given up.

    The other channel is told after a few tries, or at once when trying again alone will not help: ``for_people`` to
    mend, or ``hopeless``.
    """
    notice = db.get_one(Notice, notice_id)
    notice.trouble, notice.answer, notice.in_doubt = trouble, answer, in_doubt
    if hopeless or notice.tries >= TRIES:
        notice.state, notice.ended_at = "failed", now
    else:
        wait = max(WAITS_S[min(notice.tries, len(WAITS_S)) - 1], min(wait_s, LONGEST_WAIT_S))
        notice.state, notice.next_try_at = "waiting", now + timedelta(seconds=wait)
        later.enqueue(db, "send_notice", notice.id, notice.tries, delay_s=wait)
    if notice.other_id and (notice.state == "failed" or for_people or notice.tries >= OTHER_AFTER_TRIES):
        instead = Due(notice.event, notice.about, notice.step, notice.other_id, None)
        _write(db, later, notice.ticket_id, instead, now, instead_of=notice.channel_id)
    return notice


def forgotten(db: Session, now: datetime) -> Sequence[int]:
    """Notices whose time to be tried was a while ago: their job was lost, or died."""
    late = select(Notice.id).where(Notice.state.in_(UNSENT), Notice.next_try_at < now - FORGOTTEN_AFTER)
    return db.scalars(late).all()


def any_in_trouble(db: Session, now: datetime) -> bool:
    """Whether there is something that ``in_trouble`` would show."""
    return db.scalars(_troubled(now).with_only_columns(Notice.id).limit(1)).first() is not None


def in_trouble(db: Session, now: datetime) -> Sequence[Notice]:
    """What staff must know of: given up, or not sent yet though tried; of open tickets, the newest first."""
    newest = _troubled(now).order_by(Notice.id.desc()).limit(50)
    return db.scalars(newest.options(joinedload(Notice.channel), joinedload(Notice.ticket))).all()


def _troubled(now: datetime) -> Select[Notice]:
    return (
        select(Notice)
        .join(Notice.ticket)
        .where(
            Notice.state.in_(("failed", *UNSENT)),
            Notice.trouble.is_not(None),
            Ticket.status.in_(OPEN_STATUSES),
            Notice.arisen_at > now - SHOWN_FAILED,
        )
    )


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


def _facts(db: Session, condition: ColumnElement[bool]) -> Iterator[tuple[int, Facts]]:
    """What decides about each ticket of the condition; test calls are told to nobody."""
    line, first = aliased(HistoryLine), aliased(Call)
    newest = select(func.max(line.at)).where(line.ticket_id == Ticket.id).correlate(Ticket)
    freed = newest.where(line.kind.in_(("claimed", *FREEING))).scalar_subquery()
    urgent_at = newest.where(line.kind == "urgent").scalar_subquery()
    opening = select(func.min(Call.id)).where(Call.ticket_id == Ticket.id).correlate(Ticket).scalar_subquery()
    query = (
        select(
            Ticket.id,
            Ticket.status,
            Ticket.opened_at,
            Ticket.due_at,
            Ticket.urgent,
            Ticket.claimed_at,
            Ticket.talked_at,
            Ticket.raised_at,
            Ticket.attempts,
            Ticket.last_attempt_at,
            Ticket.need,
            Ticket.community_code,
            CommunityRow.street,
            first.id.label("call_id"),
            first.ended_at,
            freed.label("freed_at"),
            urgent_at.label("urgent_at"),
        )
        .outerjoin(CommunityRow, CommunityRow.code == Ticket.community_code)
        .outerjoin(first, first.id == opening)
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
                urgent=row.urgent,
                urgent_at=row.urgent_at,
                claimed_at=row.claimed_at,
                raised_at=row.raised_at,
                kept=row.talked_at is not None or (row.last_attempt_at is not None and not row.attempts),
                need=row.need,
                community=row.community_code,
                street=row.street,
            ),
        )


def _write(
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
