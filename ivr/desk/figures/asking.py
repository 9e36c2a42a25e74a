"""Which days a page of figures is asked for."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import request
from flask_babel import gettext as _

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell.guard import me, now
from ivr.store.figures.period import MAX_DAYS, Asked, Period


@dataclass(frozen=True, slots=True)
class Days:
    """The days of an address, today when it names none; what is wrong with them, by field."""

    period: Period
    trouble: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> dict[str, str]:
        """As an address says them."""
        return {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}

    def asked(self) -> Asked:
        return app.asked(me(), self.period, now())


def days_asked_for(usual: date | None = None) -> Days:
    typed = {name: request.args.get(name, "").strip() for name in ("from", "to")}
    read = {name: days.read(text) for name, text in typed.items()}
    trouble = {name: _("Not a date.") for name, text in typed.items() if text and not read[name]}
    last = read["to"] or read["from"] or usual or days.today()
    first = read["from"] or last
    if last < first:
        trouble["to"] = _("The last day is before the first.")
    elif (last - first).days >= MAX_DAYS:
        trouble["to"] = _("At most %(number)s days are counted at once. Choose fewer.", number=MAX_DAYS)
    return Days(days.span(min(first, last), last), trouble)


def nearby() -> list[tuple[str, Period]]:
    """The days that are most often asked for, by what they are called."""
    today = days.today()
    yesterday = today - timedelta(days=1)
    return [
        (_("Today"), days.span(today, today)),
        (_("Yesterday"), days.span(yesterday, yesterday)),
        (_("Last 7 days"), days.span(today - timedelta(days=6), today)),
        (_("This month"), days.span(today.replace(day=1), today)),
    ]
