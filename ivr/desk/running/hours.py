"""When somebody calls back: the hours of a week, holidays, and tonight when it is another night."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ivr.app import app
from ivr.desk.running import duty, told
from ivr.desk.running.duty import unreadable
from ivr.desk.running.versions import overtaken, seen, version_seen
from ivr.desk.shell.guard import allow, bp, me, now
from ivr.desk.shell.line import the_line
from ivr.store import hotline
from ivr.store.callers import phones
from ivr.store.facts import line
from ivr.store.line import changes
from ivr.store.line.changes import About, Overtaken
from routing import public_holidays, timetable
from routing.hours import ALL_DAY, DAYS, Day, Hours, promise
from routing.timetable import Special, Unreadable

Page = Response | tuple[str, int]

ABOUT = About(line.Hours)
SHOWN_DAYS = 14
YEARS_AHEAD = 1
WEEK = tuple(f"day{number}" for number in range(DAYS))


@dataclass(frozen=True, slots=True)
class Coming:
    """One of the next days, as it will be; ``name`` None: as in every week."""

    day: date
    open: str
    name: str | None


@bp.get("/hours")
@allow("run_line")
def show_hours() -> Page:
    with app.sessions.read() as db:
        kept = dict(hotline.settings(db).hours)
    return _page(_values(kept), kept)


@bp.post("/hours")
@allow("run_line")
def set_hours() -> Page:
    """Keep the week and the days that differ; or add a year's public holidays to the form, for its reader to check."""
    values = {name: request.form.get(name, "") for name in (*WEEK, "days")}
    week, days, wrong = _read(values)
    with app.sessions.read() as db:
        kept = dict(hotline.settings(db).hours)
    if not wrong and (year := request.form.get("year", type=int)) in _years():
        listed = public_holidays.of_year(_region(), year, str(get_locale()), week[0], _("workday"))
        return _page(values | {"days": timetable.written_specials(listed | days)}, kept)
    return _page(values, kept, wrong) if wrong else _save(values, _kept(week, days))


@bp.post("/hours/tonight")
@allow("run_line")
def set_tonight() -> Page:
    """Another end today, or nobody there at all; the rest stays as it is."""
    with app.sessions.read() as db:
        kept = dict(hotline.settings(db).hours)
    values, typed = _values(kept), request.form.get("tonight", "")
    try:
        special = Special(timetable.stretches(typed), request.form.get("why", "").strip()[: timetable.NAME_CHARS])
    except Unreadable as fault:
        return _page(values | {"tonight": typed}, kept, {"tonight": unreadable(fault)})
    week, days, _wrong = _read(values)
    return _save(values, _kept(week, days | {_today(): special}))


@bp.post("/hours/duty")
@allow("run_line")
def set_duty() -> Page:
    """Ring that number where nobody is on; or nobody, where none was typed."""
    with app.sessions.read() as db:
        kept = dict(hotline.settings(db).hours)
    values, typed = _values(kept) | duty.fields(), duty.typed()
    if typed.wrong:
        return _page(values, kept, typed.wrong)
    try:
        with app.sessions.begin() as db:
            phone = phones.keep(db, typed.number) if typed.number else None
            after = line.Duty(phone.id, phone.tail, typed.kept) if phone else None
            changes.make(db, me(), About(line.Duty), after, now(), seen=version_seen("duty_version"))
    except Overtaken as quicker:
        return _page(values, kept, conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_hours", _anchor="duty-number"))


def _save(values: Mapping[str, str], kept: dict[str, object]) -> Page:
    try:
        with app.sessions.begin() as db:
            changes.make(db, me(), ABOUT, line.Hours(kept), now(), seen=seen())
    except Overtaken as quicker:
        with app.sessions.read() as db:
            theirs = dict(hotline.settings(db).hours)
        return _page(values, theirs, conflict=overtaken(quicker))
    flash(_("Saved. It applies from the next call on."))
    return redirect(url_for("desk.show_hours"))


def _page(
    values: Mapping[str, str], kept: dict[str, object], wrong: Mapping[str, str] | None = None, conflict: str = ""
) -> Page:
    with app.sessions.read() as db:
        html = render_template(
            "desk/running/hours.html",
            values={**duty.shown(db, changes.now_in_force(db, About(line.Duty))), **values},
            duty_version=changes.version(db, About(line.Duty)),
            trouble=wrong or {},
            conflict=conflict,
            version=changes.version(db, ABOUT),
            week=[(name, told.weekday(number)) for number, name in enumerate(WEEK)],
            coming=_coming(kept),
            due_at=_promised(kept),
            unset=hotline.DEFAULT in kept,
            years=_years(),
            today=_today(),
            zone=app.settings.hotline_time_zone,
        )
    return html, 422 if wrong else 409 if conflict else 200


def _values(kept: dict[str, object]) -> dict[str, str]:
    """What stands in the form: days that are over are left out."""
    hours, yesterday = Hours.of(kept), _today() - timedelta(days=1)
    week = hours.week or DAYS * (ALL_DAY,)
    days = {day: special for day, special in timetable.read_specials(kept).items() if day >= yesterday}
    return dict(zip(WEEK, map(timetable.written, week), strict=True)) | {"days": timetable.written_specials(days)}


def _read(values: Mapping[str, str]) -> tuple[list[Day], dict[date, Special], dict[str, str]]:
    """The week and the days that differ, and why a field is wrong."""
    week, wrong = [], {}
    for name in WEEK:
        try:
            week.append(timetable.stretches(values[name]))
        except Unreadable as fault:
            wrong[name] = unreadable(fault)
    days: dict[date, Special] = {}
    try:
        days = timetable.specials(values["days"])
    except Unreadable as fault:
        wrong["days"] = unreadable(fault)
    if not wrong and not any(week):
        wrong[WEEK[0]] = _("Somebody must be there on one day of the week at least.")
    return week, days, wrong


def _kept(week: list[Day], days: Mapping[date, Special]) -> dict[str, object]:
    return timetable.kept(week, days) if days or week != DAYS * [ALL_DAY] else {}


def _coming(kept: dict[str, object]) -> list[Coming]:
    hours, specials = Hours.of(kept), timetable.read_specials(kept)
    days = (_today() + timedelta(days=ahead) for ahead in range(SHOWN_DAYS))
    return [Coming(day, told.open_on(hours.on(day)), specials[day].name if day in specials else None) for day in days]


def _promised(kept: dict[str, object]) -> datetime:
    """By when whoever rings now is called back, at the latest of what the needs promise."""
    minutes = max(need.promise_min for need in the_line().needs.rows)
    return promise(minutes, Hours.of(kept), now(), app.settings.zone).due_at


def _years() -> list[int]:
    this = _today().year
    return list(range(this, this + YEARS_AHEAD + 1)) if public_holidays.known(_region()) else []


def _region() -> str:
    return app.settings.hotline_region


def _today() -> date:
    return now().astimezone(app.settings.zone).date()
