"""Everything we hold about one number: shown, or erased."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.store.access import audit
from ivr.store.facts.audit import PersonErased, PersonShown
from ivr.store.files.audio import AudioStore
from ivr.store.keeping import erasing
from ivr.store.line import changes, nuisance
from ivr.store.models import (
    OPEN_STATUSES,
    Call,
    CallerCard,
    HistoryLine,
    LegalHold,
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


def show(db: Session, e164: str, by: Staff | None, now: datetime) -> Mapping[str, Any]:
    """All that stands about them, as plain values; that it was read is in the audit. Raises ``Unknown``."""
    phone = _phone(db, e164)
    tickets, calls = _tickets(db, phone), _calls(db, phone)
    audit.append(db, by, PersonShown(tickets=len(tickets), calls=len(calls)), now)
    card = db.get(CallerCard, phone.id)
    return {
        "number": phone.e164,
        "card": {name: value for name in CARD if (value := getattr(card, name))} if card else None,
        "family_number": card.family_phone.e164 if card and card.family_phone else None,
        "nuisance_list": listed.after if (listed := changes.latest(db, nuisance.about(phone))) else None,
        "tickets": [_of_ticket(db, ticket) for ticket in tickets],
        "calls": [_of_call(db, call) for call in calls],
    }


def erase(db: Session, store: AudioStore, e164: str, by: Staff | None, now: datetime) -> Erased:
    """Their number, card, words and sounds; tickets and calls stay as nobody's. Raises ``Unknown`` or ``Kept``."""
    phone = _phone(db, e164)
    tickets, calls = _tickets(db, phone), _calls(db, phone)
    held = set(db.scalars(select(LegalHold.ticket_id).where(LegalHold.ticket_id.in_([each.id for each in tickets]))))
    if kept := [each.number for each in tickets if each.status in OPEN_STATUSES or each.id in held]:
        raise Kept(kept)
    of_calls, of_tickets = [call.id for call in calls], [ticket.id for ticket in tickets]
    turns = db.scalars(select(Turn.id).where(Turn.call_id.in_(of_calls))).all()
    lines = db.scalars(select(HistoryLine.id).where(HistoryLine.ticket_id.in_(of_tickets))).all()
    sounds = db.scalars(select(Recording.id).where(Recording.call_id.in_(of_calls))).all()
    has_card = db.scalar(select(exists().where(CallerCard.phone_id == phone.id)))
    erased = Erased(
        tickets=len(tickets),
        calls=len(calls),
        audio=erasing.audio(db, store, sounds),
        texts=erasing.words(db, turns, lines),
        cards=int(bool(has_card)),
    )
    erasing.numbers(db, [phone.id], now)
    audit.append(db, by, PersonErased(**erased._asdict()), now)
    return erased


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
