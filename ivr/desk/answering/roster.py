"""The roster: a week as it comes out, its gaps, and what makes it: rotations, changes, telephones, swaps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from babel.dates import get_day_names
from flask import Response as Document
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.shell import places
from ivr.desk.shell.guard import ANYONE, ID, allow, bp, id_in, me, now
from ivr.desk.shell.line import the_line
from ivr.desk.words import need_label
from ivr.store import hotline
from ivr.store.access import rules
from ivr.store.answering import people, roster
from ivr.store.models import CommunityRow, RotationPerson, RotationRow, Staff
from ivr.store.people import staff as staff_store
from routing.hours import Hours
from routing.phone_numbers import dictated
from routing.roster.calendar import feed
from routing.roster.rotation import DAY
from routing.roster.schedule import Schedule, open_times
from routing.roster.shift import Scope, Shift, Span

Page = Response | tuple[str, int] | str

WEEK_DAYS = 7
MAX_TITLE_CHARS = 64
MAX_TURN_DAYS = 366
FEED_DAYS = 60


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day of the week shown: who is on, and where nobody is, both in the hotline's zone."""

    day: date
    shifts: list[Shift]
    gaps: list[Span]


@bp.get("/roster")
@allow("see_roster")
def show_roster() -> Page:
    return _page({})


def _page(values: Mapping[str, str], wrong: str = "") -> Page:
    """A week: what it comes to, seen while it is built."""
    first = _monday(request.args.get("week", ""))
    within = Span(_midnight(first), _midnight(first + timedelta(days=WEEK_DAYS)))
    with app.sessions.read() as db:
        schedule = roster.schedule(db, within)
        wanted = open_times(Hours.of(hotline.settings(db).hours), within, app.settings.zone)
        gaps = [gap.span for gap in schedule.gaps(wanted)]
        everybody = [each for each in staff_store.everybody(db) if rules.may(each, "take_calls")]
        html = render_template(
            "desk/answering/roster.html",
            days=[_day(schedule, gaps, first + timedelta(days=n)) for n in range(WEEK_DAYS)],
            overlaps=schedule.overlaps(),
            strains=schedule.strains(),
            hours=lambda span: f"{span.length / timedelta(hours=1):.3g}",
            names={each.id: each.name for each in staff_store.everybody(db)},
            everybody=everybody,
            telephones={each.staff_id: each for each in people.on_the_line(db)},
            rotations=[(each, _told(db, roster.rotation(each).scope)) for each in roster.rotations(db)],
            scopes={each.scope: _told(db, each.scope) for each in schedule.shifts},
            needs=the_line().needs.rows,
            spoken=app.packs,
            chosen={name: request.form.getlist(name) for name in ("needs", "languages")},
            mine=[shift for shift in schedule.shifts if shift.person == me().id and shift.span.ends > now()],
            duty=hotline.settings(db).duty_phone,
            week=first,
            before=first - timedelta(days=WEEK_DAYS),
            after=first + timedelta(days=WEEK_DAYS),
            values=values,
            wrong=wrong,
            zone=app.settings.zone,
            weekdays=[get_day_names("abbreviated", locale=get_locale())[n] for n in range(WEEK_DAYS)],
        )
    return (html, 422) if wrong else html


def _told(db: Session, scope: Scope) -> str:
    """What a shift is for, in the reader's words; empty: everything."""
    communities = db.scalars(select(CommunityRow.name).where(CommunityRow.code.in_(scope.areas)))
    what = [str(need_label(each)) for each in sorted(scope.needs)]
    languages = [app.packs[each].name for each in sorted(scope.languages) if each in app.packs]
    return ", ".join([*what, *sorted(communities), *languages])


def _day(schedule: Schedule, gaps: list[Span], day: date) -> DayShown:
    """What begins on that day, or goes on from the day before."""
    whole = Span(_midnight(day), _midnight(day + DAY))
    return DayShown(
        day,
        [replace(each, span=part) for each in schedule.shifts if (part := each.span.common(whole))],
        [part for gap in gaps if (part := gap.common(whole))],
    )


@bp.post("/roster/rotations")
@allow("set_roster")
def add_rotation() -> Page:
    """People who take turns, in the order in which they were chosen."""
    form = request.form
    title, names = form.get("title", "").strip()[:MAX_TITLE_CHARS], form.get("people", "").replace("，", ",").split(",")
    turn_days = form.get("turn_days", "1")
    opens, closes = _clock(form.get("opens", "")), _clock(form.get("closes", ""))
    first = _date(form.get("first", "")) or now().astimezone(app.settings.zone).date()
    if not (title and opens and closes and turn_days.isdigit() and 0 < int(turn_days) <= MAX_TURN_DAYS):
        return _page(form, _("A rotation has a name, a beginning and an end like 08:00, and a number of days."))
    with app.sessions.begin() as db:
        try:
            in_turn = [staff_store.named(db, name) for name in names if name.strip()]
        except ValueError:
            in_turn = []
        areas, unknown = places.listed(db, form.get("communities", ""))
        if unknown:
            return _page(form, unknown)
        if in_turn and all(rules.may(each, "take_calls") for each in in_turn):
            weekdays = sorted(day for day in range(WEEK_DAYS) if f"day{day}" in form)
            db.add(
                RotationRow(
                    name=title,
                    opens=opens,
                    closes=closes,
                    first=first,
                    zone=app.settings.hotline_time_zone,
                    weekdays=weekdays,
                    turn_days=int(turn_days),
                    languages=sorted(set(form.getlist("languages")) & set(app.packs)),
                    needs=sorted(set(form.getlist("needs")) & the_line().needs.by_key.keys()),
                    areas=areas,
                    made_at=now(),
                    people=[RotationPerson(place=n, staff_id=each.id) for n, each in enumerate(in_turn)],
                )
            )
            flash(_("Saved."))
            return _back()
    return _page(form, _("Name the people by the names they log in with, with commas between them."))


@bp.post(f"/roster/rotations/<{ID}:rotation_id>/remove")
@allow("set_roster")
def remove_rotation(rotation_id: int) -> Response:
    with app.sessions.begin() as db:
        roster.remove(db, rotation_id, now())
    flash(_("Removed."))
    return _back()


@bp.post("/roster/changes")
@allow("set_roster")
def change_roster() -> Page:
    """Somebody is on, or off, from then to then, whatever the rotations say."""
    form, span = request.form, _span()
    with app.sessions.begin() as db:
        person = _helper(db, form.get("person"))
        if person and span and form.get("on") in ("yes", "no"):
            roster.change(db, person, span, on=form["on"] == "yes", by=me(), now=now())
            flash(_("Saved."))
            return _back()
    return _page(form, _("Choose somebody, and an end that is later than the beginning."))


@bp.post("/roster/telephones")
@allow("set_roster")
def set_telephone() -> Page:
    """At which number somebody is rung; whoever saves it says whether it was tried."""
    form, e164 = request.form, dictated(request.form.get("number", ""), app.home())
    with app.sessions.begin() as db:
        person = _helper(db, form.get("person"))
        if person and e164:
            people.set_phone(db, person, e164, now(), proved="proved" in form)
            flash(_("Saved."))
            return _back()
    return _page(form, _("Not a phone number"))


@bp.post("/roster/counsellors")
@allow("set_roster")
def set_counsels() -> Page:
    """Somebody is trained to listen to people in despair, or is not any more."""
    form = request.form
    with app.sessions.begin() as db:
        person = _helper(db, form.get("person"))
        if person and form.get("trained") in ("yes", "no"):
            people.set_counsels(db, person, form["trained"] == "yes", now())
            flash(_("Saved."))
            return _back()
    return _page(form, _("Choose somebody."))


@bp.post("/roster/swaps")
@allow("take_calls")
def ask_swap() -> Page:
    """One's own shift is offered to somebody; it changes hands when they agree."""
    form, span = request.form, _span()
    with app.sessions.begin() as db:
        taker = _helper(db, form.get("person"))
        try:
            if taker and span:
                roster.ask_swap(db, me(), taker, span, now())
                flash(_("Asked. The shift stays yours until they agree."))
                return _back()
        except roster.NotTheirs:
            pass
    return _page(form, _("Choose one of your own shifts, and somebody else."))


@bp.post("/roster/feed")
@allow("take_calls")
def make_feed() -> Response:
    """A secret address for one's own calendar; the one before ends."""
    with app.sessions.begin() as db:
        secret = people.new_feed(db, me(), now())
    address = app.settings.base_url + url_for("desk.calendar_feed", secret=secret)
    flash(_("Your calendar's address, shown once: %(address)s", address=address))
    return _back()


@bp.get("/roster/feed/<secret>.ics")
@allow(ANYONE)
def calendar_feed(secret: str) -> Document:
    """Somebody's shifts for their calendar program, which cannot log in: the address is the secret."""
    moment = now()
    with app.sessions.read() as db:
        person = people.of_feed(db, secret)
        if person is None:
            abort(404)
        shifts = roster.schedule(db, Span(moment, moment + timedelta(days=FEED_DAYS))).shifts
        theirs = [shift for shift in shifts if shift.person == person.id]
    title = app.packs[app.settings.hotline_language].hotline
    calendar = feed(theirs, title, urlsplit(app.settings.base_url).hostname or "hotline", moment)
    return Document(calendar, content_type="text/calendar; charset=utf-8")


def _back() -> Response:
    return redirect(url_for("desk.show_roster", week=request.args.get("week") or None))


def _helper(db: Session, person: str | None) -> Staff | None:
    """Somebody who can be on the line."""
    found = db.get(Staff, id_in(person) or 0)
    return found if found and found.disabled_at is None and rules.may(found, "take_calls") else None


def _span() -> Span | None:
    """From then to then, as the browser's fields write it, in the hotline's zone; None: it is no time."""
    try:
        starts, ends = (datetime.fromisoformat(request.form.get(name, "")) for name in ("starts", "ends"))
    except ValueError:
        return None
    span = Span(_utc(starts), _utc(ends))
    return span or None


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=app.settings.zone)).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), app.settings.zone).astimezone(UTC)


def _monday(text: str) -> date:
    day = _date(text) or now().astimezone(app.settings.zone).date()
    return day - timedelta(days=day.weekday())


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> str | None:
    """``08:00``; None for what is no clock."""
    try:
        return time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        return None
