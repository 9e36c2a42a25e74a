"""Taking away what is kept of people: sounds, words, numbers, cards. Tickets and calls stay, as nobody's."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from ivr.store.derived import words as index
from ivr.store.facts.history import WORDS
from ivr.store.facts.turns import Heard, Understood
from ivr.store.files.audio import AudioStore
from ivr.store.line import nuisance
from ivr.store.models import (
    Call,
    CallerCard,
    Draft,
    HistoryLine,
    LinePerson,
    Outgoing,
    Phone,
    Recording,
    Ring,
    Ticket,
    Turn,
)


def audio(db: Session, store: AudioStore, ids: Collection[int]) -> int:
    """The sounds of these recordings. The files go first: a row that says "purged" is never untrue."""
    theirs = select(Recording).where(Recording.id.in_(ids), Recording.path.is_not(None))
    rows = db.scalars(theirs.with_for_update(of=Recording)).all()  # sealing must not put back what is being deleted
    for row in rows:
        store.delete(row.path or "")
        row.state, row.path, row.bytes, row.sha256 = "purged", None, None, None
    return len(rows)


def words(db: Session, turn_ids: Collection[int], line_ids: Collection[int]) -> int:
    """What callers said in these turns, and what staff wrote in these history lines; the search forgets it, too."""
    turns = db.scalars(select(Turn).where(Turn.id.in_(turn_ids))).all()
    spoken = sum("text" in turn.heard for turn in turns)
    for turn in turns:
        heard = {key: value for key, value in turn.heard.items() if key != "text"}
        understood = {key: value for key, value in turn.understood.items() if key != "read"}
        turn.heard, turn.understood = cast(Heard, heard), cast(Understood, understood)
        turn.reply = ""  # it may say a name back
    calls = {turn.call_id for turn in turns}
    for call in db.scalars(select(Call).where(Call.id.in_(calls))):
        call.state = {key: value for key, value in call.state.items() if key != "done"}
    lines = [line for line in db.scalars(select(HistoryLine).where(HistoryLine.id.in_(line_ids))) if _written(line)]
    for line in lines:
        line.detail = {key: "" if key in WORDS else value for key, value in line.detail.items()}
    if lines:
        index.remove(db, index.LINES, [line.id for line in lines])
        db.execute(delete(Draft).where(Draft.ticket_id.in_({line.ticket_id for line in lines})))
    return spoken + len(lines)


def _written(line: HistoryLine) -> bool:
    return any(line.detail.get(word) for word in WORDS)


def cards(db: Session, phone_ids: Collection[int]) -> int:
    """The cards of these numbers, and the family's numbers that stood on them alone."""
    rows = db.scalars(select(CallerCard).where(CallerCard.phone_id.in_(phone_ids))).all()
    family = [row.family_phone_id for row in rows if row.family_phone_id]
    for row in rows:
        db.delete(row)
    db.flush()
    if rows:
        index.remove(db, index.CARDS, [row.phone_id for row in rows])
    _forget(db, family)
    return len(rows)


def numbers(db: Session, phone_ids: Sequence[int], now: datetime) -> int:
    """These numbers, from every ticket, call and card; their calls are asked away at the carrier afterwards."""
    cards(db, phone_ids)
    nuisance.forget(db, phone_ids)
    db.execute(update(Ticket).where(Ticket.caller_id.in_(phone_ids)).values(caller_id=None, extension=""))
    db.execute(update(Call).where(Call.caller_id.in_(phone_ids)).values(caller_id=None, erased_at=now))
    placed = update(Outgoing).where(Outgoing.phone_id.in_(phone_ids))
    db.execute(placed.values(phone_id=None, erased_at=now))
    db.execute(
        update(Outgoing).where(Outgoing.first_id.in_(phone_ids), Outgoing.phone_id.is_(None)).values(first_id=None)
    )
    db.execute(update(CallerCard).where(CallerCard.family_phone_id.in_(phone_ids)).values(family_phone_id=None))
    _forget(db, phone_ids)
    return len(phone_ids)


def _forget(db: Session, phone_ids: Collection[int]) -> None:
    """The rows of these numbers to which nothing refers any more."""
    for phone_id in phone_ids:
        used = select(Ticket.id).where(Ticket.caller_id == phone_id).limit(1)
        rang = select(Call.id).where(or_(Call.caller_id == phone_id, Call.called_id == phone_id)).limit(1)
        card = or_(CallerCard.phone_id == phone_id, CallerCard.family_phone_id == phone_id)
        noted = select(CallerCard.phone_id).where(card).limit(1)
        staffs = select(LinePerson.staff_id).where(LinePerson.phone_id == phone_id).limit(1)
        rung = select(Ring.id).where(Ring.phone_id == phone_id).limit(1)
        of_ours = or_(*(column == phone_id for column in (Outgoing.phone_id, Outgoing.first_id, Outgoing.caller_id)))
        placed = select(Outgoing.id).where(of_ours).limit(1)
        if not any(db.execute(query).first() for query in (used, rang, noted, staffs, rung, placed)):
            db.execute(delete(Phone).where(Phone.id == phone_id))
