"""Days as the hotline's zone has them, for a database that knows only UTC."""

from datetime import date, datetime

from ivr.app import app
from ivr.desk.shell.guard import now
from ivr.store.figures import period
from ivr.store.figures.period import Period

YEARS = range(2000, 2101)  # what a calendar in a form may say; beyond, arithmetic with dates overflows


def today() -> date:
    return now().astimezone(app.settings.zone).date()


def begin(day: date) -> datetime:
    """The moment at which this day begins."""
    return period.begin(day, app.settings.zone)


def span(first: date, last: date) -> Period:
    """These days, both included."""
    return Period(first, last, app.settings.zone)


def read(text: str | None) -> date | None:
    """The day that a form's field says; None when it says none."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day.year in YEARS else None
