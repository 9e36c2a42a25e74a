"""Everything we hold about one number: shown, or erased."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ivr.store.access import audit, rules
from ivr.store.facts.audit import PersonErased, PersonShown
from ivr.store.facts.line import Setting
from ivr.store.files.audio import AudioStore
from ivr.store.keeping import erasing, periods
from ivr.store.line import changes, nuisance
from ivr.store.models import (
    OPEN_STATUSES,
    AuditLine,
    Call,
    CallerCard,
    HistoryLine,
    Phone,
    Recording,
    Staff,
    Ticket,
    Turn,
)

CARD = ("name", "address", "hearing", "mobility", "dialect", "family_name", "medicine")


class Unknown(LookupError):
    """We hold nothing about this number."""


class Kept(Exception):
    """It cannot be erased: a ticket is open, or held. ``numbers`` are those tickets'."""

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(", ".join(numbers))
        self.numbers = numbers


class Erased(NamedTuple):
    """What was erased: how many tickets, calls, sounds and texts (turns and lines)."""

    tickets: int
    calls: int
    audio: int
    texts: int
    cards: int


class Held(NamedTuple):
    """All that stands about one number, as far as one reader may know it. ``withheld``: confidential tickets that they
    are not named on, of which nothing else is here."""

    phone: Phone
    card: CallerCard | None
    tickets: Sequence[Ticket]
    calls: Sequence[Call]
    nuisance: Setting | None
    withheld: int = 0

    @property
    def card_texts(self) -> dict[str, str]:
        return {name: value for name in CARD if (value := getattr(self.card, name))} if self.card else {}


def held(db: Session, e164: str, by: Staff | None) -> Held:
    """What is held; *by* None: for the machine's administrator, who may read the whole database. Raises ``Unknown``."""
    phone = _phone(db, e164)
    every, calls = _tickets(db, phone), _calls(db, phone)
    change = changes.latest(db, nuisance.about(phone))
    listed = change.is_now if change else None
    if by is None:
        return Held(phone, db.get(CallerCard, phone.id), every, calls, listed)
    known = [ticket for ticket in every if rules.knows_of(by, ticket)]
    theirs = [call for call in calls if call.ticket is None or rules.knows_of(by, call.ticket)]
    withheld = len(every) - len(known)
    card = db.get(CallerCard, phone.id) if known or not withheld else None  # of nobody but a confidential caller
    return Held(phone, card, known, theirs, listed, withheld)


def show(db: Session, e164: str, by: Staff | None, now: datetime) -> Mapping[str, Any]:
    """All that stands about them, as plain values; that it was read is in the audit. Raises ``Unknown``."""
    found = held(db, e164, by)
    note_shown(db, found, by, now)
    return told(db, found)


def note_shown(db: Session, found: Held, by: Staff | None, now: datetime, reason: str = "") -> None:
    """Write down that it was read."""
    audit.append(db, by, PersonShown(tickets=len(found.tickets), calls=len(found.calls), reason=reason), now)


def told(db: Session, found: Held) -> Mapping[str, Any]:
    """The same as plain values."""
    card = found.card
    return {
        "number": found.phone.e164,
        "card": found.card_texts if card else None,
        "family_number": card.family_phone.e164 if card and card.family_phone else None,
        "nuisance_list": found.nuisance.detail() if found.nuisance else None,
        "tickets": [_of_ticket(db, ticket) for ticket in found.tickets],
        "calls": [_of_call(db, call) for call in found.calls],
    }


def kept(db: Session, found: Held) -> list[str]:
    """The numbers of the tickets that stand in the way of erasing: open ones, and held ones, confidential or not."""
    in_the_way = or_(Ticket.status.in_(OPEN_STATUSES), periods.held())
    theirs = select(Ticket).where(Ticket.caller_id == found.phone.id, in_the_way)
    return [each.number for each in db.scalars(theirs.order_by(Ticket.id))]


def erase(db: Session, store: AudioStore, e164: str, by: Staff | None, now: datetime, reason: str = "") -> Erased:
    """Their number, card, words and sounds; tickets and calls stay as nobody's. Raises ``Unknown`` or ``Kept``."""
    found = held(db, e164, None)  # whoever erases need not read it
    if in_the_way := kept(db, found):
        raise Kept(in_the_way)
    of_calls, of_tickets = [call.id for call in found.calls], [ticket.id for ticket in found.tickets]
    turns = db.scalars(select(Turn.id).where(Turn.call_id.in_(of_calls))).all()
    lines = db.scalars(select(HistoryLine.id).where(HistoryLine.ticket_id.in_(of_tickets))).all()
    sounds = db.scalars(select(Recording.id).where(Recording.call_id.in_(of_calls))).all()
    erased = Erased(
        tickets=len(found.tickets),
        calls=len(found.calls),
        audio=erasing.audio(db, store, sounds),
        texts=erasing.words(db, turns, lines),
        cards=int(found.card is not None),
    )
    erasing.numbers(db, [found.phone.id], now)
    audit.append(db, by, PersonErased(**erased._asdict(), reason=reason), now)
    return erased


def last_erasure(db: Session, by: Staff) -> AuditLine:
    """The line of the audit that proves what *by* erased last."""
    lines = select(AuditLine).where(AuditLine.staff_id == by.id, AuditLine.kind == PersonErased.kind)
    return db.scalars(lines.order_by(AuditLine.id.desc()).limit(1)).one()


def _phone(db: Session, e164: str) -> Phone:
    phone = db.scalars(select(Phone).where(Phone.e164 == e164)).one_or_none()
    if phone is None or db.scalar(select(exists().where(Call.called_id == phone.id))):
        raise Unknown
    return phone


def _tickets(db: Session, phone: Phone) -> list[Ticket]:
    return list(db.scalars(select(Ticket).where(Ticket.caller_id == phone.id).order_by(Ticket.id)))


def _calls(db: Session, phone: Phone) -> list[Call]:
    return list(db.scalars(select(Call).where(Call.caller_id == phone.id).order_by(Call.id)))


def _of_ticket(db: Session, ticket: Ticket) -> Mapping[str, Any]:
    lines = select(HistoryLine).where(HistoryLine.ticket_id == ticket.id).order_by(HistoryLine.id)
    return {
        "number": ticket.number,
        "opened_at": ticket.opened_at.isoformat(),
        "status": ticket.status,
        "need": ticket.need,
        "community": ticket.community_code,
        "history": [{"at": line.at.isoformat(), "kind": line.kind, **line.detail} for line in db.scalars(lines)],
    }


def _of_call(db: Session, call: Call) -> Mapping[str, Any]:
    turns = select(Turn).where(Turn.call_id == call.id).order_by(Turn.n)
    recordings = select(Recording).where(Recording.call_id == call.id).order_by(Recording.id)
    return {
        "call_sid": call.sid,
        "started_at": call.started_at.isoformat(),
        "heard": [turn.heard["text"] for turn in db.scalars(turns) if turn.heard.get("text")],
        "recordings": [
            {"sid": each.sid, "seconds": each.seconds, "state": each.state} for each in db.scalars(recordings)
        ],
    }
