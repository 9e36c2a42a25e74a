"""Plain builders: the rows a test needs, with defaults that read like an ordinary day.

Each takes a session, adds its row and flushes, so that ids are known; committing is the test's affair:
``with sessions.begin() as db: ticket = new_ticket(db, need="food")``.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.flow.steps import hears
from ivr.store.answering import people, roster
from ivr.store.callers import phones
from ivr.store.models import (
    Alias,
    AliasHearing,
    AliasProposal,
    Call,
    Channel,
    CommunityRow,
    HistoryLine,
    LinePerson,
    Notice,
    NoticeRule,
    Phone,
    Recording,
    Staff,
    StaffCommunity,
    Ticket,
    Turn,
)
from routing import needs
from routing.roster.shift import Span

CALLER = "+8613800000001"
HOTLINE = "+8657455500100"
PASSWORD = "ginkgo-lane-at-dawn"
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_serial = count(1)


@cache
def _hash(password: str) -> str:
    return CHEAP_HASHER.hash(password)


def new_community(
    db: Session,
    code: str = "330206001001",
    name: str = "银杏社区",
    street: str = "新碶街道",
    district: str = "北仑区",
    aliases: Iterable[str] = (),
    **fields: Any,
) -> CommunityRow:
    """The community of this code; the one that is there already, when there is one."""
    if row := db.get(CommunityRow, code):
        return row
    row = CommunityRow(code=code, name=name, street=street, district=district, **fields)
    row.aliases = [Alias(name=alias) for alias in aliases]
    db.add(row)
    db.flush()
    return row


def new_phone(db: Session, e164: str = CALLER) -> Phone:
    """The row of this number, made when it is new."""
    return phones.keep(db, e164)


def new_staff(
    db: Session,
    name: str = "张三",
    role: str = "volunteer",
    communities: Iterable[str] = (),
    password: str = PASSWORD,
    **fields: Any,
) -> Staff:
    """Somebody who can log in. *communities* are codes; each is made when it is missing."""
    row = Staff(name=name, role=role, password_hash=_hash(password), created_at=datetime.now(UTC), **fields)
    row.communities = [
        StaffCommunity(community_code=new_community(db, code, name=f"{code[-3:]}社区").code) for code in communities
    ]
    db.add(row)
    db.flush()
    return row


def new_call(
    db: Session,
    sid: str | None = None,
    caller: str | None = CALLER,
    started_at: datetime | None = None,
    seconds: int | None = 40,
    ticket: Ticket | None = None,
    **fields: Any,
) -> Call:
    """A call that lasted *seconds*; one that is still going on with ``seconds=None``."""
    started_at = started_at or datetime.now(UTC)
    fields.setdefault("outcome", None if seconds is None else "message")
    row = Call(
        sid=sid or f"CA{next(_serial):032x}",
        caller_id=new_phone(db, caller).id if caller else None,
        called_id=new_phone(db, HOTLINE).id,
        started_at=started_at,
        ended_at=None if seconds is None else started_at + timedelta(seconds=seconds),
        ticket_id=ticket and ticket.id,
        **{"carrier": "twilio", "language": "zh", "step": "message", "turn": 0, "state": {}} | fields,
    )
    db.add(row)
    db.flush()
    return row


def new_turn(
    db: Session,
    call: Call,
    asked: str | None = "need",
    heard: dict[str, Any] | None = None,
    understood: dict[str, Any] | None = None,
    **fields: Any,
) -> Turn:
    """The call's next turn: the caller pressed 1 for medicine, unless told otherwise."""
    last = db.scalars(select(Turn.n).where(Turn.call_id == call.id).order_by(Turn.n.desc()).limit(1)).first()
    row = Turn(
        call_id=call.id,
        n=0 if last is None else last + 1,
        asked=asked,
        about=hears(asked or "").about,
        heard={"kind": "keys", "text": "1"} if heard is None else heard,
        understood={"need": "medicine"} if understood is None else understood,
        **{"reply": "<Response/>", "at": call.started_at, "ms": 2_000} | fields,
    )
    db.add(row)
    db.flush()
    return row


def new_recording(
    db: Session, call: Call, seconds: int | None = 12, state: str = "fetched", sid: str | None = None, **fields: Any
) -> Recording:
    """A message left in *call*, on the call's ticket; its bytes are put into the audio store by who needs them."""
    sid = sid or f"RE{next(_serial):032x}"
    fields.setdefault("path", f"{sid}.wav" if state == "fetched" else None)
    fields.setdefault("announced_at", call.started_at)
    row = Recording(sid=sid, call_id=call.id, ticket_id=call.ticket_id, seconds=seconds, state=state, **fields)
    db.add(row)
    db.flush()
    return row


def new_ticket(
    db: Session,
    need: str | None = "medicine",
    community: str | None = "330206001001",
    caller: str | None = CALLER,
    opened_at: datetime | None = None,
    claimed_by: Staff | None = None,
    **fields: Any,
) -> Ticket:
    """A ticket waiting for a person, with the history line of its opening. *community* is a code."""
    opened_at = opened_at or datetime.now(UTC)
    promise_min = needs.SHIPPED.promise_min(need, urgent=False)
    row = Ticket(
        need=need,
        community_code=new_community(db, community).code if community else None,
        caller_id=new_phone(db, caller).id if caller else None,
        opened_at=opened_at,
        claimed_by_id=claimed_by and claimed_by.id,
        claimed_at=claimed_by and opened_at,
        **{
            "status": "claimed" if claimed_by else "new",
            "language": "zh",
            "due_at": opened_at + timedelta(minutes=promise_min),
        }
        | fields,
    )
    db.add(row)
    db.flush()
    db.add(HistoryLine(ticket_id=row.id, at=opened_at, kind="opened"))
    db.flush()
    return row


def new_proposal(
    db: Session, turn: Turn, heard: str = "凤凰山庄", community: str = "330206001001", **fields: Any
) -> AliasProposal:
    """A phrase heard in *turn* that may be another name of this community, waiting for a supervisor."""
    row = AliasProposal(
        heard=heard, community_code=new_community(db, community).code, **{"proposed_at": turn.at} | fields
    )
    row.hearings = [AliasHearing(turn_id=turn.id)]
    db.add(row)
    db.flush()
    return row


def new_helper(db: Session, staff: Staff, e164: str = "+8613900000001", **fields: Any) -> LinePerson:
    """Somebody whose telephone was proved to ring, on the line from yesterday to the day after tomorrow, and idle."""
    now = datetime.now(UTC)
    row = people.set_phone(db, staff, e164, now, proved=True)
    span = Span(now - timedelta(days=1), now + timedelta(days=2))
    roster.change(db, staff, span, on=True, by=None, now=now)
    for name, value in fields.items():
        setattr(row, name, value)
    db.flush()
    return row


def new_channel(db: Session, name: str = "值班群", kind: str = "wecom", **fields: Any) -> Channel:
    """A channel whose form was filled in with nothing that leads anywhere."""
    row = Channel(name=name, kind=kind, **{"language": "zh", "sealed": "", "made_at": datetime.now(UTC)} | fields)
    db.add(row)
    db.flush()
    return row


def new_rule(db: Session, channel: Channel, occasion: str = "new", **fields: Any) -> NoticeRule:
    """A rule that has always been there, for every ticket."""
    row = NoticeRule(occasion=occasion, first_id=channel.id, **{"since": datetime(2020, 1, 1, tzinfo=UTC)} | fields)
    db.add(row)
    db.flush()
    return row


def new_notice(db: Session, ticket: Ticket, channel: Channel, event: str = "new", **fields: Any) -> Notice:
    """A notice that waits to be sent."""
    usual = {"about": ticket.opened_at, "step": 1, "arisen_at": ticket.opened_at, "next_try_at": ticket.opened_at}
    row = Notice(ticket_id=ticket.id, event=event, channel_id=channel.id, **usual | fields)
    db.add(row)
    db.flush()
    return row
