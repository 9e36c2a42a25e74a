"""The call log: every call with its path, filtered and counted."""

from collections.abc import Container
from datetime import date, datetime, timedelta

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_
from sqlalchemy.orm import Session

from ivr.app import app
from ivr.desk.log import days
from ivr.desk.shell import places
from ivr.desk.shell.forms import last_given
from ivr.desk.shell.guard import allow, bp, id_in, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.shell.places import Place
from ivr.desk.shell.tables import Sorting, Table, sorting
from ivr.desk.words import OUTCOMES
from ivr.store.access import rules
from ivr.store.access.table import Scope
from ivr.store.calls import log
from ivr.store.calls.log import Filter
from ivr.store.directory import lookup
from ivr.store.figures import calls
from ivr.store.figures.period import MAX_DAYS, Period, begin

SHOWN_DAYS = 7  # until somebody asks for more
MAX_LISTED = 366  # days: with filters that fit few calls, every call of them is looked at
MAX_STREETS = 100  # communities of a street, or of a word in pinyin
FILTERS = ("from", "to", "hour", "outcome", "need", "community", "language", "test", "figure", "left_at")
FIGURES = calls.CALLS | calls.UNDERSTOOD

# Whose calls somebody reads: ``rules.visible_calls`` in words.
WHOSE = {
    Scope.CLAIMED: _l(
        "These are the calls whose tickets you claimed. No other call is lost: supervisors see every one, "
        "and open requests are in the inbox."
    ),
    Scope.COMMUNITIES: _l(
        "These are the calls from your communities. No other call is lost: supervisors see every one, "
        "including calls without a ticket."
    ),
    Scope.EVERY: _l("Every call to the hotline, including calls without a ticket."),
    Scope.NO: _l("Call figures for the whole hotline. Supervisors can read individual calls."),
}


# What a line can show beside its time.
COLUMNS = {
    "length": _l("Length"),
    "caller": _l("Caller"),
    "outcome": _l("How it ended"),
    "ticket": _l("Ticket"),
    "need": _l("Need"),
    "community": _l("Community"),
    "street": _l("Street"),
    "message": _l("Message"),
    "language": _l("Language"),
    "path": _l("Path"),
}
TABLE = Table("log", COLUMNS, frozenset(COLUMNS) - {"language"})


@bp.get("/calls")
@allow("see_figures")
def show_calls() -> str:
    """A page of the log; whoever may only count calls sees the counts."""
    asked = request.args
    last = days.read(asked.get("to")) or days.today()
    first = days.read(asked.get("from")) or last - timedelta(days=SHOWN_DAYS - 1)
    first, long = _not_too_long(first, last)
    by = Sorting("time", falling=True) if long else sorting(log.ORDERS, "time")
    columns = TABLE.shown()
    with app.sessions.read() as db:
        wanted, community, place = filtered(db, first, last)
        found, more = log.page(db, me(), wanted, id_in(asked.get("after")), order=by.order, falling=by.falling)
        return render_template(
            "desk/log/calls.html",
            calls=found,
            more=more,
            counts=None if long else log.counts(db, me(), wanted),
            long=long,
            sorting=by,
            hour=hour_asked_for() if first == last else None,
            figure=asked.get("figure") if wanted.figure is not None else "",
            columns=columns,
            table=TABLE,
            wanted=wanted,
            first=first,
            last=last,
            community=community,
            place=place,
            needs=the_line().every_need,
            packs=app.packs,
            filters=filters(),
            reads=rules.may(me(), "see_calls"),
            whose=WHOSE[rules.scope(me(), "see_calls")],
        )


def _not_too_long(first: date, last: date) -> tuple[date, str]:
    """The first day that is shown, and why not all is told of so many days; empty when it is."""
    if (last - first).days >= MAX_LISTED:
        return last - timedelta(days=MAX_LISTED - 1), _(
            "At most %(number)s days are listed at once: these are the last of them.", number=MAX_LISTED
        )
    if (last - first).days >= MAX_DAYS:
        return first, _("Calls are counted and sorted for at most %(number)s days at once.", number=MAX_DAYS)
    return first, ""


def filters() -> dict[str, str]:
    """The filters of this address, for a link that keeps them."""
    return {name: text for name in FILTERS if (text := last_given(request.args, name))}


def filtered(db: Session, first: date, last: date) -> tuple[Filter, str, Place | None]:
    """What the filters of this address ask of these days; the community as it is shown, and as it was read."""
    asked = request.args
    community = last_given(asked, "community").strip()
    place = places.named(db, community)
    alike = [] if place.row or place.perhaps or not community else lookup.search(db, community, MAX_STREETS)
    whole = days.span(first, last)
    since, until = _hour(whole)
    figure, of = FIGURES.get(asked.get("figure", "")), app.asked(me(), whole, now())
    wanted = Filter(
        since=since,
        until=until,
        outcome=_one_of(OUTCOMES, asked.get("outcome")),
        need=_one_of(the_line().every_need, asked.get("need")),
        # a name that nobody has finds no call
        community=None if alike else place.row.code if place.row else community or None,
        communities=tuple(row.code for row in alike) or None,
        language=_one_of(app.packs, asked.get("language")),
        test={"yes": True, "no": False}.get(asked.get("test", "")),
        left_at=asked.get("left_at") or None,
        figure=and_(calls.counted(of), figure(of)) if figure else None,
    )
    return wanted, lookup.label(place.row) if place.row else community, place if community and not alike else None


def hour_asked_for() -> int | None:
    """The hour of the clock that this address narrows a day to."""
    hour = request.args.get("hour", type=int)
    return hour if hour is not None and hour in range(24) else None


def _hour(days: Period) -> tuple[datetime, datetime]:
    """When these days begin and end; of a single day, the hour that is asked for."""
    hour = hour_asked_for()
    if hour is None or not days.one_day:
        return days.since, days.until
    return begin(days.first, days.zone, hour), begin(days.first, days.zone, hour + 1)


def _one_of(known: Container[str], value: str | None) -> str | None:
    return value if value in known else None
