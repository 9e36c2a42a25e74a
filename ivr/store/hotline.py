"""The hotline's one row of settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from ivr.store.models import Hotline, Phone
from ivr.store.models.phone import number_of
from routing.hours import Hours
from routing.timetable import runs, written


@dataclass(frozen=True, slots=True)
class Answering:
    """What the row says about how calls are answered. ``duty_phone``: E.164; hours as in the row."""

    directory_version: int
    line_version: int
    hours: Mapping[str, Any]
    duty_phone: str | None
    duty_hours: Mapping[str, Any]
    ring_order: str = "longest_idle"
    ring_all_callers: bool = False


HOTLINE = cast(Table, Hotline.__table__)
DUTY = cast(Table, Phone.__table__).alias()  # to be joined, outer, on the row's ``duty_phone_id``
# For an Answering.
ANSWERING = (
    HOTLINE.c.directory_version,
    HOTLINE.c.line_version,
    HOTLINE.c.hours,
    number_of(DUTY.c.e164, DUTY.c.number),
    HOTLINE.c.duty_hours,
    HOTLINE.c.ring_order,
    HOTLINE.c.ring_all_callers,
)

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DEFAULT = "default"  # marks the hours that a migration gave a fresh installation; who sets hours sets them without it


def settings(db: Session) -> Hotline:
    """The row; the first migration made it."""
    return db.get_one(Hotline, 1)


def directory_changed(db: Session) -> None:
    """Tell every process that its matcher is old. The database counts, so that two changes at once count twice."""
    settings(db).directory_version = Hotline.directory_version + 1
    db.flush()


def spoken(hours: Mapping[str, Any], zone: str) -> str:
    """``from 08:00 to 20:00 (Asia/Shanghai)``, as commands say it."""
    if "week" in hours:
        days = runs(Hours.of(hours).week or ())
        told = (f"{_span(first, last)} {written(day) or 'closed'}" for first, last, day in days)
        return f"{', '.join(told)} ({zone}), {len(hours['days'])} days differ"
    return f"from {hours['from']} to {hours['to']} ({zone})" if hours else "day and night"


def _span(first: int, last: int) -> str:
    return "-".join(dict.fromkeys((WEEKDAYS[first], WEEKDAYS[last])))
