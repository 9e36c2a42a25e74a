"""What an installation still lacks before callers can be helped: facts, which pages and commands say in their words."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from ivr.store import hotline, workers
from ivr.store.access import rules
from ivr.store.models import (
    CarrierCheck,
    Channel,
    CommunityRow,
    Hotline,
    LinePerson,
    NoticeRule,
    Recording,
    Resealing,
    RosterChange,
    RotationPerson,
    RotationRow,
    Staff,
    Worker,
)

# In the order in which they are to be mended.
LACKS = (
    "worker", "carrier", "store", "keys", "helpers", "supervisor", "directory", "sample", "hours", "answers", "told",
)  # fmt: skip
PRESSING = frozenset({"worker", "carrier", "store", "keys"})  # what has failed, rather than not been set up
SAMPLE_PHONES = "+86574550001__"  # LIKE: the numbers of deploy/sample/communities.csv, which are made up

_TELLS = exists().where(
    or_(NoticeRule.first_id == Channel.id, NoticeRule.second_id == Channel.id), Channel.removed_at.is_(None)
)


def lacking(db: Session, now: datetime) -> Iterator[str]:
    """Which of ``LACKS`` hold, by one statement.

    No worker gives a sign; the carrier did not let us compare its lists with ours; recordings cannot be put where they
    are kept; something that is sealed cannot be opened; nobody sees tickets; no supervisor has a password that they
    alone have read; no community is known, or there are those of the sample, whose telephone numbers are made up;
    nobody has said when somebody is there; nobody is ever rung; nobody is told of anything.
    """
    lacks = {
        "worker": ~exists().where(Worker.seen_at > now - workers.DEAD_AFTER),
        "carrier": exists().where(CarrierCheck.trouble.is_not(None)),
        "store": exists().where(Recording.state == "expected", Recording.trouble == "storage"),
        "keys": exists().where(Resealing.troubles > 0),
        "helpers": ~exists().where(Staff.disabled_at.is_(None), Staff.role.in_(rules.roles_with("see_ticket"))),
        "supervisor": ~exists().where(
            Staff.disabled_at.is_(None), Staff.role == "supervisor", Staff.password_printed.is_(False)
        ),
        "directory": ~exists().where(CommunityRow.retired_at.is_(None)),
        "sample": exists().where(CommunityRow.retired_at.is_(None), CommunityRow.phone.like(SAMPLE_PHONES)),
        "answers": Hotline.duty_phone_id.is_(None) & ~_on_a_shift(now),
        "told": ~_TELLS,
    }
    asked = select(Hotline.hours, *(fact.label(name) for name, fact in lacks.items())).where(Hotline.id == 1)
    row = db.execute(asked).one()._mapping
    found = {name for name in lacks if row[name]} | ({"hours"} if hotline.DEFAULT in row["hours"] else set())
    return (each for each in LACKS if each in found)


def tells(db: Session) -> bool:
    """Whether somebody is told of tickets, wherever they are."""
    return bool(db.scalar(select(_TELLS)))


def _on_a_shift(now: datetime) -> ColumnElement[bool]:
    """Whether somebody whose telephone was proved to ring is on now and then: in a rotation, or put on by hand."""
    proved = LinePerson.proved_at.is_not(None)
    goes_on = or_(RotationRow.last.is_(None), RotationRow.last >= now.date())
    in_turn = exists().where(
        RotationPerson.rotation_id == RotationRow.id,
        RotationRow.removed_at.is_(None),
        goes_on,
        LinePerson.staff_id == RotationPerson.staff_id,
        proved,
    )
    by_hand = exists().where(
        RosterChange.on, RosterChange.ends_at > now, LinePerson.staff_id == RosterChange.staff_id, proved
    )
    return in_turn | by_hand
