"""Recording a sentence by telephone: the line rings who wants to, they speak, hear themselves, and keep it by a key."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.store.facts import line
from ivr.store.line import changes, clips
from ivr.store.line.changes import About
from ivr.store.models import Staff, Take
from ivr.store.outbox import PATIENT, Later
from ivr.store.outgoing import ordering
from ivr.store.outgoing.ordering import NotCalled, Order, Terms

KIND = "take"  # whose webhooks answer for the call
MOST_TRIES = 9


class Wish(NamedTuple):
    """What is to be recorded: ``text`` in ``language``, for the recording of that ``key``."""

    key: str
    language: str
    text: str


def ring(db: Session, later: Later, staff: Staff, wish: Wish, press: str, terms: Terms, now: datetime) -> Take:
    """Ring the telephone of *staff* that was proved to be theirs. Pressed twice it is one call.

    Raises ``NotCalled``.
    """
    if not terms.numbers:
        raise NotCalled("no_line")
    if known := ordering.find(db, press):
        return db.get_one(Take, known.id)
    person = ordering.reserve(db, staff, now)
    number = person.phone.e164 if person.phone else ""
    wanted = Order(KIND, press, number, number, terms.numbers[0], terms.carrier, staff.id)
    row = ordering.order(db, later, wanted, now)
    ordering.rings(person, now)
    take = Take(outgoing_id=row.id, **wish._asdict())
    db.add(take)
    db.flush()
    return take


def latest(db: Session, key: str) -> Take | None:
    """The last one for the recording of that key."""
    return db.scalars(select(Take).where(Take.key == key).order_by(Take.outgoing_id.desc()).limit(1)).first()


def arrived(db: Session, take: Take, sound: bytes, seconds: float, now: datetime) -> None:
    """What was kept is there: a draft, like every other recording."""
    draft = line.RecordingDraft(take.text, clips.keep(db, sound, seconds, now), seconds)
    changes.make(db, take.outgoing.staff, About(line.RecordingDraft, take.key), draft, now)
    take.done, take.trouble = True, None


def keep(db: Session, later: Later, take: Take) -> None:
    """1 was pressed: the worker makes a draft of it."""
    if not take.kept:
        take.kept = True
        later.enqueue(db, "keep_take", take.outgoing_id, 0, lane=PATIENT)


def failed(take: Take, trouble: str) -> None:
    """It came to nothing; what there was stays."""
    take.done, take.trouble = True, trouble
