"""Whether somebody is there for callers, as they say it themselves: at the desk, or by keys."""

from datetime import datetime
from enum import Enum, auto

from sqlalchemy.orm import Session

from ivr.store.answering import people, roster
from ivr.store.models import Staff


class Presence(Enum):
    READY = auto()
    BREAK = auto()
    OFF = auto()  # for the rest of the shift: the roster shows it


def say(db: Session, staff: Staff, presence: Presence, now: datetime) -> bool:
    """*staff* say that they are there, or not; whether they are on the roster now.

    Who says that they are ready, having gone off in this shift, is on again.
    """
    people.set_ready(db, people.person(db, staff, now), presence is Presence.READY, now)
    if presence is Presence.OFF:
        roster.leave(db, staff, now)
    if presence is Presence.READY:
        roster.come_back(db, staff, now)
    return any(shift.person == staff.id for shift in roster.on(db, now))
